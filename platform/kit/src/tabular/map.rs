//! Which column of a file feeds which field.
//!
//! A mapping is found by itself from the names in the header, and can be said in full: on the command line
//! (`--map serial=机身号,bought="Purchase date"`), in the upload page, or in a file:
//!
//! ```toml
//! [columns]                      # field = column of the file; "" leaves a field out
//! serial = "机身号"
//! bought = "Purchase date"
//!
//! [values.urgency]               # text in the file = text to read instead
//! "P1" = "urgent"
//!
//! [defaults]                     # for fields without a column, and for empty cells
//! country = "CN"
//!
//! [dates]
//! format = "d/m/y"               # or a list; "yy" allows two-digit years
//!
//! [empty]
//! texts = ["NA", "#NAME?", "0/1/00"]   # these count as empty
//! ```
//!
//! # Example
//! ```ignore
//! const COLUMNS: &[ColumnSpec] = &[
//!     ColumnSpec::new("serial", T("序列号", "Serial number"), CellKind::Text { max: 60 }).required().aliases(&["SN", "机身号"]),
//!     ColumnSpec::new("bought", T("购买日期", "Bought on"), CellKind::Date).example("2026-03-01"),
//! ];
//! let table = read_table(&bytes, "units.csv", &Limits::default())?;
//! let mapping = Mapping::from_flag("bought=\"Purchase date\"")?.completed(COLUMNS, &table.header);
//! let plan = Plan::new(COLUMNS, &mapping, &table.header, &CellOptions::default())?;
//! for raw in &table.rows {
//!     let row = plan.read(raw);
//!     match row.problems() {
//!         [] => service::upsert_unit(&cx, row.text("serial"), row.date("bought")).await?,
//!         problems => report.refuse(problems),
//!     }
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Problems, RuleError, T};
use serde::{Deserialize, Serialize};

use super::cell::{CellKind, CellOptions};
use super::dates::DateOrder;
use super::fold::fold_name;
use super::problem::refuse;

/// One field of a sheet, for import, export and template alike.
#[derive(Debug, Clone, Copy)]
pub struct ColumnSpec {
    /// Stable name, used in mapping files, JSON and saved mappings.
    pub key: &'static str,
    /// Heading in exports and templates.
    pub label: T,
    pub kind: CellKind,
    /// An import needs a value in every row.
    pub required: bool,
    /// Other headings under which the field is known, in any language or older system.
    pub aliases: &'static [&'static str],
    /// A value for the template's example row.
    pub example: &'static str,
}

impl ColumnSpec {
    pub const fn new(key: &'static str, label: T, kind: CellKind) -> Self {
        Self { key, label, kind, required: false, aliases: &[], example: "" }
    }

    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    #[must_use]
    pub const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// Every heading the field answers to, the best first.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.key, self.label.0, self.label.1].into_iter().chain(self.aliases.iter().copied())
    }
}

/// What a user or a file says about columns and values. Serialises to the TOML shown above (and to JSON for
/// saved mappings).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Field key → column name in the file; an empty name leaves the field out.
    pub columns: BTreeMap<String, String>,
    /// Field key → text in the file → text to read instead.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Field key → text for an empty cell or a missing column.
    pub defaults: BTreeMap<String, String>,
    pub dates: Dates,
    pub empty: Empty,
}

/// Section `[dates]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dates {
    pub format: OneOrMany,
}

/// Section `[empty]`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Empty {
    pub texts: Vec<String>,
}

/// `"d/m/y"` or `["d/m/y", "y.m.d"]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

impl Mapping {
    /// Finds a column for every field whose key, label (either language) or alias is in the header. Case,
    /// width, blanks and punctuation do not matter. A column is used once.
    pub fn auto(specs: &[ColumnSpec], header: &[String]) -> Self {
        Self::default().completed(specs, header)
    }

    /// What was said stays; fields not spoken of are looked for as [`Mapping::auto`] does, among columns not
    /// yet used.
    #[must_use]
    pub fn completed(mut self, specs: &[ColumnSpec], header: &[String]) -> Self {
        let mut free: BTreeMap<String, &String> = BTreeMap::new();
        let used: BTreeSet<usize> =
            self.columns.values().filter_map(|source| find_column(header, source)).collect();
        for (_, name) in header.iter().enumerate().filter(|(i, _)| !used.contains(i)) {
            free.entry(fold_name(name)).or_insert(name);
        }
        // Keys and labels of all fields go before aliases, so that no alias takes the column another field
        // names exactly.
        for rank in 0..2 {
            for spec in specs.iter().filter(|s| !s.key.is_empty()) {
                let wanted = if rank == 0 { 0..3 } else { 3..usize::MAX };
                if self.columns.contains_key(spec.key) {
                    continue;
                }
                let names =
                    spec.names().enumerate().filter(|(i, _)| wanted.contains(i)).map(|(_, n)| fold_name(n));
                if let Some(source) = names.filter(|n| !n.is_empty()).find_map(|n| free.remove(&n)) {
                    self.columns.insert(spec.key.to_owned(), source.clone());
                }
            }
        }
        self
    }

    /// Reads `key=Column,key2="Other, col"`; a quote inside quotes is doubled. Error `map.syntax`.
    pub fn from_flag(text: &str) -> Result<Self, RuleError> {
        let mut mapping = Self::default();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let Some((key, after)) = rest.split_once('=') else { return Err(flag_syntax(rest)) };
            let key = key.trim();
            if key.is_empty() || key.contains([',', '"']) {
                return Err(flag_syntax(rest));
            }
            let (source, left) = flag_value(after.trim_start())?;
            mapping.columns.insert(key.to_owned(), source);
            rest = left.trim_start();
        }
        Ok(mapping)
    }

    /// Reads the file form shown above. Error `map.toml` with the parser's words.
    pub fn from_toml(text: &str) -> Result<Self, RuleError> {
        toml::from_str(text).map_err(|error| {
            refuse(
                "map.toml",
                T("映射文件有误：{detail}", "The mapping file is wrong: {detail}"),
                &[("detail", error.to_string().trim().to_owned())],
            )
        })
    }

    /// Joins two statements; `over` wins where both speak (command line over file).
    #[must_use]
    pub fn merged(mut self, over: Self) -> Self {
        self.columns.extend(over.columns);
        for (key, values) in over.values {
            self.values.entry(key).or_default().extend(values);
        }
        self.defaults.extend(over.defaults);
        if !over.dates.format.as_slice().is_empty() {
            self.dates = over.dates;
        }
        self.empty.texts.extend(over.empty.texts);
        self
    }

    /// Checks the mapping against the fields and the file's header; returns everything that is wrong at once.
    ///
    /// # Errors
    /// `map.unknown_target`, `map.unknown_column`, `map.required_unmapped`, `map.date_format`.
    pub fn validate(&self, specs: &[ColumnSpec], header: &[String]) -> Result<(), Problems> {
        let mut errors = Vec::new();
        let known: BTreeSet<&str> = specs.iter().map(|s| s.key).collect();
        let named: BTreeSet<&str> = self
            .columns
            .keys()
            .chain(self.values.keys())
            .chain(self.defaults.keys())
            .map(String::as_str)
            .collect();
        errors.extend(named.difference(&known).map(|key| unknown_target(key, &known)));
        for (key, source) in self.columns.iter().filter(|(_, s)| !s.is_empty()) {
            if find_column(header, source).is_none() {
                errors.push(unknown_column(key, source, header));
            }
        }
        for spec in specs.iter().filter(|s| s.required) {
            let mapped = self.columns.get(spec.key).is_some_and(|s| !s.is_empty());
            if !mapped && !self.defaults.contains_key(spec.key) {
                errors.push(required_unmapped(spec));
            }
        }
        errors.extend(self.date_orders().err());
        Problems(errors).finish()
    }

    /// The position in the header of the column that feeds a field.
    pub fn column_of(&self, key: &str, header: &[String]) -> Option<usize> {
        find_column(header, self.columns.get(key)?)
    }

    /// Options for reading cells: the caller's, with the mapping's date formats and empty texts on top.
    pub fn cell_options(&self, base: &CellOptions) -> Result<CellOptions, RuleError> {
        let mut options = base.clone();
        let orders = self.date_orders()?;
        if !orders.is_empty() {
            options.date_orders = orders;
        }
        options.empty_texts.extend(self.empty.texts.iter().cloned());
        Ok(options)
    }

    fn date_orders(&self) -> Result<Vec<DateOrder>, RuleError> {
        self.dates.format.as_slice().iter().map(|format| DateOrder::parse(format)).collect()
    }
}

/// A column by its exact name, else by its folded name.
fn find_column(header: &[String], source: &str) -> Option<usize> {
    if source.trim().is_empty() {
        return None;
    }
    let exact = header.iter().position(|name| name == source.trim());
    exact.or_else(|| {
        let folded = fold_name(source);
        header.iter().position(|name| !folded.is_empty() && fold_name(name) == folded)
    })
}

/// The part after `=`: quoted, or up to the next comma. Returns it with what follows the comma.
fn flag_value(text: &str) -> Result<(String, &str), RuleError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(',').unwrap_or((text, ""));
        return if value.contains('"') {
            Err(flag_syntax(text))
        } else {
            Ok((value.trim().to_owned(), rest))
        };
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((index, c)) = chars.next() {
        if c != '"' {
            value.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            value.push('"');
        } else {
            let rest = quoted[index + 1..].trim_start();
            return match rest.strip_prefix(',') {
                Some(rest) => Ok((value, rest)),
                None if rest.is_empty() => Ok((value, rest)),
                None => Err(flag_syntax(rest)),
            };
        }
    }
    Err(flag_syntax(text))
}

fn flag_syntax(near: &str) -> RuleError {
    refuse(
        "map.syntax",
        T(
            "映射写法有误，应为 字段=列名,字段=\"列名\"，问题在：{near}",
            "The mapping should read field=Column,field=\"Column\"; it goes wrong at: {near}",
        ),
        &[("near", near.chars().take(40).collect())],
    )
}

fn unknown_target(key: &str, known: &BTreeSet<&str>) -> RuleError {
    let list: Vec<&str> = known.iter().copied().collect();
    refuse(
        "map.unknown_target",
        T("没有字段“{key}”，可用字段：{known}", "There is no field “{key}”; the fields are: {known}"),
        &[("key", key.to_owned()), ("known", list.join(", "))],
    )
}

fn unknown_column(key: &str, source: &str, header: &[String]) -> RuleError {
    refuse(
        "map.unknown_column",
        T(
            "字段“{key}”要读取的列“{column}”不在文件中，文件的列：{header}",
            "The column “{column}” for the field “{key}” is not in the file; its columns are: {header}",
        ),
        &[("key", key.to_owned()), ("column", source.to_owned()), ("header", header.join(", "))],
    )
}

fn required_unmapped(spec: &ColumnSpec) -> RuleError {
    refuse(
        "map.required_unmapped",
        T(
            "必填字段“{zh}”（{key}）没有对应的列，也没有默认值",
            "The required field “{en}” ({key}) has neither a column nor a default",
        ),
        &[("zh", spec.label.0.to_owned()), ("en", spec.label.1.to_owned()), ("key", spec.key.to_owned())],
    )
}
