//! Parameters with default, unit, organisation and effective date (PLAT-15, REQUIREMENTS §1.26).

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use db::{Conn, args};
use kernel::{Id, RuleError, T, Ts};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Cx, DocRef, Error, Result, Tx};

/// What values a parameter takes.
#[derive(Clone, Copy, Debug)]
pub enum SettingKind {
    /// whole number between two bounds
    Int {
        /// smallest
        min: i64,
        /// largest
        max: i64,
    },
    /// yes or no
    Bool,
    /// text up to a length
    Text {
        /// most characters
        max: usize,
    },
    /// one of several codes
    Choice(&'static [(&'static str, T)]),
    /// structured: a table or calendar, checked by its owner's type
    Json,
}

/// A parameter.
#[derive(Debug)]
pub struct Setting {
    /// `orders.repeat_days`
    pub key: &'static str,
    /// For people.
    pub label: T,
    /// Unit for people.
    pub unit: T,
    /// Which values.
    pub kind: SettingKind,
    /// Default as JSON.
    pub default: &'static str,
    /// May differ between organisations.
    pub per_org: bool,
}

impl Setting {
    /// 422 unless `value` fits.
    pub fn check(&self, value: &Value) -> Result<(), RuleError> {
        let fits = match (self.kind, value) {
            (SettingKind::Int { min, max }, Value::Number(n)) => {
                n.as_i64().is_some_and(|n| (min..=max).contains(&n))
            }
            (SettingKind::Bool, Value::Bool(_)) => true,
            (SettingKind::Text { max }, Value::String(text)) => text.chars().count() <= max,
            (SettingKind::Choice(options), Value::String(code)) => options.iter().any(|(c, _)| c == code),
            (SettingKind::Json, _) => true,
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(RuleError::new("setting.value", T("“{label}”的值不合适", "\"{label}\" does not take this value"))
            .label("label", self.label)
            .field("value"))
    }
}

db::row! {
    /// A stored value.
    #[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
    pub struct SettingRow {
        /// Row.
        pub id: Id,
        /// Parameter.
        pub key: String,
        /// Organisation; nil: all.
        pub org_id: Id,
        /// From when it holds.
        pub valid_from: Ts,
        /// Value as JSON.
        pub value: String,
    }
}

/// All stored values, in memory, newest first per key and organisation.
#[derive(Default)]
pub struct SettingsCache {
    rows: RwLock<Option<Arc<HashMap<String, Vec<SettingRow>>>>>,
}

impl SettingsCache {
    /// Read again at the next look.
    pub fn forget(&self) {
        if let Ok(mut rows) = self.rows.write() {
            *rows = None;
        }
    }

    async fn rows(&self, db: &db::Db) -> Result<Arc<HashMap<String, Vec<SettingRow>>>> {
        if let Some(rows) = self.rows.read().ok().and_then(|rows| rows.clone()) {
            return Ok(rows);
        }
        let mut conn = db.read().await?;
        let sql =
            format!("select {} from setting s order by valid_from desc, id desc", SettingRow::cols("s"));
        let mut map: HashMap<String, Vec<SettingRow>> = HashMap::new();
        for row in conn.all::<SettingRow>(&sql, vec![]).await? {
            map.entry(row.key.clone()).or_default().push(row);
        }
        let map = Arc::new(map);
        if let Ok(mut rows) = self.rows.write() {
            *rows = Some(Arc::clone(&map));
        }
        Ok(map)
    }
}

impl Cx {
    /// The value of a parameter at an instant, for an organisation: its own value, else the common one, else
    /// the default.
    pub async fn setting_at<V: DeserializeOwned>(&self, setting: &Setting, org: Id, at: Ts) -> Result<V> {
        let rows = self.app.settings.rows(&self.app.db).await?;
        let stored = rows.get(setting.key).and_then(|rows| {
            let valid = |row: &&SettingRow| row.valid_from <= at;
            rows.iter()
                .filter(valid)
                .find(|r| r.org_id == org)
                .or_else(|| rows.iter().filter(valid).find(|r| r.org_id == Id::NIL))
        });
        let text = stored.map_or(setting.default, |row| row.value.as_str());
        serde_json::from_str(text)
            .map_err(|error| Error::Internal(format!("setting {}: {error}", setting.key)))
    }

    /// The value of a parameter now, for an organisation.
    pub async fn setting<V: DeserializeOwned>(&self, setting: &Setting, org: Id) -> Result<V> {
        self.setting_at(setting, org, self.now()).await
    }
}

/// A new value from an instant on.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SetSetting {
    /// Parameter.
    pub key: String,
    /// Organisation; none: all.
    pub org_id: Option<Id>,
    /// From when; none: now. Never backwards: what was decided stays explained.
    pub valid_from: Option<Ts>,
    /// The value as JSON.
    pub value: Value,
}

/// Stores a new value; the old one stays for what was decided under it.
pub async fn set_in(tx: &mut Tx, input: &SetSetting) -> Result<SettingRow> {
    let registry = &tx.cx().app.registry;
    let setting = *registry.settings.iter().find(|s| s.key == input.key).ok_or(Error::NotFound)?;
    setting.check(&input.value)?;
    let now = tx.now();
    let from = input.valid_from.unwrap_or(now);
    if from < now {
        return Err(RuleError::new(
            "setting.past",
            T("生效时间不能早于现在", "It can't take effect in the past"),
        )
        .field("valid_from")
        .into());
    }
    let org_id = input.org_id.filter(|_| setting.per_org).unwrap_or(Id::NIL);
    let row = SettingRow {
        id: tx.id(),
        key: input.key.clone(),
        org_id,
        valid_from: from,
        value: input.value.to_string(),
    };
    tx.exec(
        "insert into setting (id, key, org_id, valid_from, value) values ($1,$2,$3,$4,$5)",
        args![row.id, &row.key, row.org_id, row.valid_from, &row.value],
    )
    .await?;
    tx.created(DocRef::new("setting", row.id, &row.key), &row)?;
    tx.forget_settings();
    Ok(row)
}

/// All stored values of a parameter, newest first.
pub async fn history(conn: &mut Conn, key: &str) -> Result<Vec<SettingRow>> {
    let sql =
        format!("select {} from setting s where s.key = $1 order by valid_from desc", SettingRow::cols("s"));
    Ok(conn.all(&sql, args![key]).await?)
}
