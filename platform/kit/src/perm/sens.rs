//! Sensitive fields: kinds, what is shown of them, and their shape when hidden (ORG-11).

use kernel::T;
use serde::{Deserialize, Serialize};

use crate::settings::{Setting, SettingKind};

/// Kinds of sensitive fields (DESIGN §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sens {
    /// telephone numbers and e-mail addresses of people
    Phone,
    /// where people live
    Address,
    /// purchase and stock cost
    Cost,
    /// wages and commissions
    Pay,
    /// names of customers and of those who call for them
    Name,
    /// remarks
    Note,
    /// serial numbers
    Serial,
    /// sale prices and quotes
    Price,
    /// identity papers and dates of birth
    Identity,
}

impl Sens {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::Phone,
        Self::Address,
        Self::Cost,
        Self::Pay,
        Self::Identity,
        Self::Name,
        Self::Note,
        Self::Serial,
        Self::Price,
    ];

    /// Kinds that are sensitive only where the company says so, by the parameter of [`Sens::switch`] (ORG-11).
    pub const OPTIONAL: &'static [Self] = &[Self::Name, Self::Note, Self::Serial, Self::Price];

    /// The company's word on an optional kind; none for those that are always sensitive.
    pub fn switch(self) -> Option<&'static Setting> {
        match self {
            Self::Phone | Self::Address | Self::Cost | Self::Pay | Self::Identity => None,
            Self::Name => Some(&SENSITIVE_NAME),
            Self::Note => Some(&SENSITIVE_NOTE),
            Self::Serial => Some(&SENSITIVE_SERIAL),
            Self::Price => Some(&SENSITIVE_PRICE),
        }
    }

    /// Columns of lists and fields of the API that hold an optional kind, whatever the context: what is called so is
    /// hidden by construction, in lists, exports, sheets and answers. Values with other names are marked where they
    /// are ([`crate::lists::Col::sensitive`], [`crate::Cx::mask`]).
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Phone | Self::Address | Self::Cost | Self::Pay | Self::Identity => &[],
            Self::Name => &["customer", "customer_name", "caller_name", "contact", "contact_name", "party"],
            Self::Note => &["note", "notes", "remark"],
            Self::Serial => &["serial", "serial_no", "serials"],
            Self::Price => &[
                "price",
                "prices",
                "estimate_low",
                "estimate_high",
                "gross",
                "payable",
                "quote_total",
                "consent_total",
                "over_quote_limit",
            ],
        }
    }

    /// The optional kind of a column or field called so.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::OPTIONAL.iter().copied().find(|kind| kind.keys().contains(&key))
    }

    /// The kind of a field of stored rows called so: `caller_phone`, `unit_cost`.
    pub fn of_field(name: &str) -> Option<Self> {
        let has = |words: &[&str]| name.split('_').any(|word| words.contains(&word));
        match name {
            "id_no" | "born_on" => Some(Self::Identity),
            _ if has(&["phone", "phones", "mobile", "email"]) => Some(Self::Phone),
            _ if has(&["address", "addresses"]) => Some(Self::Address),
            _ if has(&["cost", "costs"]) => Some(Self::Cost),
            _ if has(&["wage", "wages", "commission"]) => Some(Self::Pay),
            _ => Self::of_key(name),
        }
    }

    /// What a role shows that says nothing: what became sensitive later stays with those who worked with it, and is
    /// hidden by the key.
    pub fn default_show(self) -> Show {
        if self.switch().is_some() { Show::Full } else { Show::Masked }
    }

    /// The code stored in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Cost => "cost",
            Self::Pay => "pay",
            Self::Name => "name",
            Self::Note => "note",
            Self::Serial => "serial",
            Self::Price => "price",
            Self::Identity => "identity",
        }
    }

    /// For people.
    pub const fn label(self) -> T {
        match self {
            Self::Phone => T("电话", "Phone"),
            Self::Address => T("地址", "Address"),
            Self::Cost => T("成本", "Cost"),
            Self::Pay => T("薪酬", "Pay"),
            Self::Name => T("客户姓名", "Customer name"),
            Self::Note => T("备注", "Remarks"),
            Self::Serial => T("序列号", "Serial number"),
            Self::Price => T("销售价", "Sale price"),
            Self::Identity => T("证件", "Identity"),
        }
    }
}

/// What of a sensitive field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// nothing, not even that there is something
    Absent,
    /// the shape only: `138****6027`
    Masked,
    /// everything
    Full,
}

impl Show {
    /// From the stored code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "absent" => Some(Self::Absent),
            "masked" => Some(Self::Masked),
            "full" => Some(Self::Full),
            _ => None,
        }
    }
}

/// A value that may not be shown as it is. It has no `Display` and no `Serialize`: the only way out is
/// [`crate::Cx::show`], which masks it for the person looking.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    kind: Sens,
    value: String,
}

impl Secret {
    /// Wraps a value.
    pub fn new(kind: Sens, value: impl Into<String>) -> Self {
        Self { kind, value: value.into() }
    }

    /// Which kind.
    pub fn kind(&self) -> Sens {
        self.kind
    }

    /// The bare value, for storing, comparing and dialling; never for showing.
    pub fn expose(&self) -> &str {
        &self.value
    }

    /// What is visible at a given level.
    pub fn at(&self, show: Show) -> String {
        match show {
            Show::Full => self.value.clone(),
            Show::Masked => mask(self.kind, &self.value),
            // What may be sent back with a form must not come back empty: see [`VEIL`].
            Show::Absent if self.kind.switch().is_some() && !self.value.is_empty() => VEIL.to_string(),
            Show::Absent => String::new(),
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({:?})", self.kind)
    }
}

/// Keeps the shape of a value and hides what identifies.
pub fn mask(kind: Sens, value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    match kind {
        _ if chars.is_empty() => String::new(),
        Sens::Phone if chars.len() >= 7 => {
            let (head, tail) = (chars.len().min(11) / 4 + 1, 4);
            let head = head.min(chars.len() - tail);
            let first: String = chars[..head].iter().collect();
            let last: String = chars[chars.len() - tail..].iter().collect();
            format!("{first}****{last}")
        }
        Sens::Address if chars.len() > 6 => {
            let first: String = chars[..6].iter().collect();
            format!("{first}***")
        }
        Sens::Identity if chars.len() >= 10 => {
            let (first, last): (String, String) =
                (chars[..3].iter().collect(), chars[chars.len() - 2..].iter().collect());
            format!("{first}****{last}")
        }
        // What is hidden already stays as it is.
        Sens::Name | Sens::Serial if value.ends_with(VEIL) => value.to_string(),
        Sens::Name | Sens::Serial => {
            let kept = if kind == Sens::Name { 1 } else { chars.len().min(9) / 3 };
            format!("{}{VEIL}", chars[..kept].iter().collect::<String>())
        }
        Sens::Note | Sens::Price => VEIL.to_string(),
        _ => "****".to_string(),
    }
}

/// Stands for what is hidden of an optional kind. People don't write it, so that a form or program that sends it back
/// is known: hidden values are never replaced by their shape ([`crate::veil`]).
pub const VEIL: &str = "●●●";

macro_rules! switch {
    ($name:ident, $key:literal, $zh:literal, $en:literal) => {
        #[doc = concat!("Whether this is sensitive too: ", $en, ".")]
        pub static $name: Setting = Setting {
            key: $key,
            label: T($zh, $en),
            unit: T(
                "启用后按 Alt+H 可隐藏，并可在角色中限制",
                "When on it is hidden by Alt+H, and roles may limit it",
            ),
            kind: SettingKind::Bool,
            default: "false",
            per_org: false,
        };
    };
}

switch!(SENSITIVE_NAME, "sensitive.name", "敏感字段：客户姓名", "Sensitive: customer names");
switch!(SENSITIVE_NOTE, "sensitive.note", "敏感字段：备注", "Sensitive: remarks");
switch!(SENSITIVE_SERIAL, "sensitive.serial", "敏感字段：序列号", "Sensitive: serial numbers");
switch!(SENSITIVE_PRICE, "sensitive.price", "敏感字段：销售价", "Sensitive: sale prices");
