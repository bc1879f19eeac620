//! Parameters with default, unit, organisation and effective date (PLAT-15, REQUIREMENTS §1.26).

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use db::{Conn, args};
use kernel::{Id, Problems, RuleError, Span, T, Ts};
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
    /// a time limit as a text of [`Span::parse`]: `30m`, `8wh`, `3wd`
    Span,
    /// a list of items with the same fields each, in order
    Rows(&'static [RowField]),
    /// how numbers of documents look: [`crate::numbering::Pattern`]
    Number,
    /// structured otherwise: a calendar; checked by its owner, problems stand at `value`
    Json(fn(&Value) -> Result<(), Problems>),
}

/// A field of the items of [`SettingKind::Rows`].
#[derive(Clone, Copy, Debug)]
pub struct RowField {
    /// Key in the item.
    pub key: &'static str,
    /// For people.
    pub label: T,
    /// What it holds.
    pub kind: RowKind,
}

/// What a field of an item holds.
#[derive(Clone, Copy, Debug)]
pub enum RowKind {
    /// tells items apart; given by the form, never shown
    Key,
    /// text that must be there, up to a length
    Need(usize),
    /// text that may be empty, up to a length
    Text(usize),
    /// yes or no; absent is no
    Bool,
    /// one of several codes
    Choice(&'static [(&'static str, T)]),
}

/// Levels of organisations looked through: a circle can't be stored, a broken database must still not hang.
const DEEPEST: usize = 64;

/// Most items of a list.
const MOST_ROWS: usize = 100;

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
    pub fn check(&self, value: &Value) -> Result<(), Problems> {
        let fits = match (self.kind, value) {
            (SettingKind::Span, Value::String(text)) => {
                return Span::parse(text).map(drop).map_err(|error| error.field("value").into());
            }
            (SettingKind::Number, Value::String(text)) => {
                return crate::numbering::Pattern::parse(text)
                    .map(drop)
                    .map_err(|error| error.field("value").into());
            }
            (SettingKind::Rows(fields), Value::Array(rows)) if rows.len() <= MOST_ROWS => {
                return check_rows(fields, rows);
            }
            (SettingKind::Int { min, max }, Value::Number(n)) => {
                n.as_i64().is_some_and(|n| (min..=max).contains(&n))
            }
            (SettingKind::Bool, Value::Bool(_)) => true,
            (SettingKind::Text { max }, Value::String(text)) => text.chars().count() <= max,
            (SettingKind::Choice(options), Value::String(code)) => options.iter().any(|(c, _)| c == code),
            (SettingKind::Json(check), value) => return check(value),
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(RuleError::new("setting.value", T("“{label}”的值不合适", "\"{label}\" does not take this value"))
            .label("label", self.label)
            .field("value")
            .into())
    }
}

/// A value as the type that its owner reads it by; 422 at `value` otherwise.
pub fn read<V: DeserializeOwned>(value: &Value) -> Result<V, RuleError> {
    V::deserialize(value).map_err(|error| {
        RuleError::new(
            "setting.form",
            T("值的结构不对：{error}", "The value is not built as it must be: {error}"),
        )
        .arg("error", error.to_string())
        .field("value")
    })
}

/// Every item has what it needs; problems stand at `value.<number>.<field>`.
fn check_rows(fields: &[RowField], rows: &[Value]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut keys = HashSet::new();
    for (n, row) in rows.iter().enumerate() {
        for field in fields {
            let value = row.get(field.key);
            let text = value.and_then(Value::as_str).unwrap_or_default().trim();
            let length = text.chars().count();
            let (fits, words) = match field.kind {
                RowKind::Key => (
                    !text.is_empty() && length <= 40 && keys.insert(text),
                    T("“{label}”不能为空，也不能重复", "{label} can be neither empty nor used twice"),
                ),
                RowKind::Need(max) => (
                    !text.is_empty() && length <= max,
                    T("“{label}”应有 1–{max} 个字", "{label} has 1 to {max} characters"),
                ),
                RowKind::Text(max) => (
                    length <= max && value.is_none_or(|value| value.is_string() || value.is_null()),
                    T("“{label}”最多 {max} 个字", "{label} has at most {max} characters"),
                ),
                RowKind::Bool => (
                    value.is_none_or(|value| value.is_boolean() || value.is_null()),
                    T("“{label}”只能是“是”或“否”", "{label} is yes or no"),
                ),
                RowKind::Choice(options) => (
                    options.iter().any(|(code, _)| *code == text),
                    T("“{label}”不在可选值之内", "{label} takes none of these values"),
                ),
            };
            problems.check(fits, || {
                let max = match field.kind {
                    RowKind::Need(max) | RowKind::Text(max) => max,
                    _ => 0,
                };
                RuleError::new("setting.row", words)
                    .label("label", field.label)
                    .arg("max", max)
                    .field(format!("value.{n}.{}", field.key))
            });
        }
    }
    problems.finish()
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

/// Stored values by parameter.
type Values = HashMap<String, Vec<SettingRow>>;

/// Another node's change is seen after at most this long; one's own at once.
const BELIEVED: i64 = 10_000_000;

/// All stored values, in memory, newest first per key and organisation.
#[derive(Default)]
pub struct SettingsCache {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// Raised by every change: what was read before it is not kept after it.
    generation: u64,
    /// Until when they are believed.
    values: Option<(Ts, Arc<Values>)>,
}

impl SettingsCache {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Read again at the next look.
    pub fn forget(&self) {
        let mut held = self.held();
        *held = Held { generation: held.generation + 1, values: None };
    }

    /// True when single organisations have, had or will have values of their own.
    pub(crate) async fn differs(&self, db: &db::Db, setting: &Setting, now: Ts) -> Result<bool> {
        let rows = self.rows(db, now).await?;
        Ok(rows.get(setting.key).is_some_and(|rows| rows.iter().any(|row| !row.org_id.is_nil())))
    }

    async fn rows(&self, db: &db::Db, now: Ts) -> Result<Arc<Values>> {
        let generation = {
            let held = self.held();
            if let Some((until, values)) = &held.values
                && now < *until
                && until.0 - now.0 <= BELIEVED
            {
                return Ok(Arc::clone(values));
            }
            held.generation
        };
        let mut conn = db.read().await?;
        let sql =
            format!("select {} from setting s order by valid_from desc, id desc", SettingRow::cols("s"));
        let mut values = Values::new();
        for row in conn.all::<SettingRow>(&sql, vec![]).await? {
            values.entry(row.key.clone()).or_default().push(row);
        }
        let values = Arc::new(values);
        self.keep(generation, now, &values);
        Ok(values)
    }

    fn keep(&self, generation: u64, now: Ts, values: &Arc<Values>) {
        let mut held = self.held();
        if held.generation == generation {
            held.values = Some((Ts(now.0 + BELIEVED), Arc::clone(values)));
        }
    }
}

impl Cx {
    /// The value of a parameter at an instant, for an organisation: its own value, else that of the nearest one above,
    /// else the common one, else the default.
    pub async fn setting_at<V: DeserializeOwned>(&self, setting: &Setting, org: Id, at: Ts) -> Result<V> {
        let rows = self.app.settings.rows(&self.app.db, self.now()).await?;
        let stored = match rows.get(setting.key) {
            Some(rows) => {
                let of = |org: Id| rows.iter().find(|row| row.valid_from <= at && row.org_id == org);
                let chain = self.inheritance(rows, org).await?;
                chain.into_iter().find_map(of).or_else(|| of(Id::NIL))
            }
            None => None,
        };
        let text = stored.map_or(setting.default, |row| row.value.as_str());
        serde_json::from_str(text)
            .map_err(|error| Error::Internal(format!("setting {}: {error}", setting.key)))
    }

    /// Whose values an organisation takes, the nearest first: its own, then those of the ones above it.
    async fn inheritance(&self, rows: &[SettingRow], org: Id) -> Result<Vec<Id>> {
        // Most parameters have one value for everybody: no need to know the tree.
        if rows.iter().all(|row| row.org_id.is_nil() || row.org_id == org) {
            return Ok(vec![org]);
        }
        let orgs = self.app.directory.orgs(&self.app.db, self.now()).await?;
        let above = |id: Id| orgs.iter().find(|node| node.id == id).and_then(|node| node.parent_id);
        Ok(std::iter::successors(Some(org), |id| above(*id)).take(DEEPEST).collect())
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
    let org_id = input.org_id.unwrap_or(Id::NIL);
    if !org_id.is_nil() {
        let app = std::sync::Arc::clone(&tx.cx().app);
        let orgs = app.directory.orgs(&app.db, now).await?;
        let known = setting.per_org && orgs.iter().any(|node| node.id == org_id);
        if !known {
            let words = T(
                "没有这个组织，或这个参数全公司统一",
                "There is no such organisation, or the parameter is the same for all",
            );
            return Err(RuleError::new("setting.org", words).field("org_id").into());
        }
    }
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

/// Takes back a value that has not begun yet. Other nodes may believe it for ten seconds more, as they do with new ones.
///
/// Errors: 404; 409 `setting.begun` for what holds or held, since decisions were made by it.
pub async fn withdraw_in(tx: &mut Tx, id: Id) -> Result<SettingRow> {
    let sql = format!("select {} from setting s where s.id = $1", SettingRow::cols("s"));
    let row: SettingRow = tx.opt(&sql, args![id]).await?.ok_or(Error::NotFound)?;
    if row.valid_from <= tx.now() {
        return Err(Error::Conflict(RuleError::new(
            "setting.begun",
            T("已经生效的取值不能撤回，请设定新值", "A value in force can't be taken back; set another one"),
        )));
    }
    tx.exec("delete from setting where id = $1", args![id]).await?;
    tx.log(DocRef::new("setting", row.id, &row.key), "deleted", serde_json::to_value(&row)?);
    tx.forget_settings();
    Ok(row)
}

/// All stored values of a parameter, newest first.
pub async fn history(conn: &mut Conn, key: &str) -> Result<Vec<SettingRow>> {
    let sql =
        format!("select {} from setting s where s.key = $1 order by valid_from desc", SettingRow::cols("s"));
    Ok(conn.all(&sql, args![key]).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const fn setting(kind: SettingKind) -> Setting {
        Setting { key: "t", label: T("名", "name"), unit: T("", ""), kind, default: "null", per_org: false }
    }

    #[test]
    fn a_time_limit_is_checked_where_it_is_set() {
        let span = setting(SettingKind::Span);
        for good in ["30m", "8wh", "3wd", "by25"] {
            assert!(span.check(&json!(good)).is_ok(), "{good}");
        }
        for bad in [json!("soon"), json!("-1h"), json!(""), json!(3)] {
            let Err(problems) = span.check(&bad) else { panic!("{bad}") };
            assert_eq!(problems.0[0].field.as_deref(), Some("value"));
        }
    }

    /// As another node would: this one is not told.
    async fn stored_elsewhere(shop: &crate::testing::Shop, id: Id, from: Ts, value: &str) {
        let mut tx = shop.app.db.begin().await.expect("a transaction");
        tx.exec(
            "insert into setting (id, key, org_id, valid_from, value) values ($1, 'company', $2, $3, $4)",
            args![id, Id::NIL, from, value],
        )
        .await
        .expect("stored");
        tx.commit().await.expect("committed");
    }

    #[tokio::test]
    async fn a_value_set_on_another_node_is_seen_after_ten_seconds() {
        crate::testing::on_both(async |shop| {
            let (settings, db) = (&shop.app.settings, &shop.app.db);
            let start = shop.app.now();
            let seen = async |after: i64| {
                let rows = settings.rows(db, Ts(start.0 + after)).await.expect("values");
                rows.get("company").map_or(0, Vec::len)
            };
            assert_eq!(seen(0).await, 0);
            stored_elsewhere(&shop, shop.app.id(), start, "\"a\"").await;
            assert_eq!(seen(BELIEVED - 1).await, 0, "no question to the database with every request");
            assert_eq!(seen(BELIEVED).await, 1);
        })
        .await;
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let cache = SettingsCache::default();
        let (now, values) = (Ts(0), Arc::new(Values::new()));
        let begun = cache.held().generation;
        cache.keep(begun, now, &values);
        assert!(cache.held().values.is_some());
        cache.forget();
        cache.keep(begun, now, &values);
        assert!(cache.held().values.is_none());
    }

    #[tokio::test]
    async fn a_calendar_that_would_stop_every_deadline_is_refused() {
        crate::testing::on_both(async |shop| {
            let day = json!([[540, 1080]]);
            let never = json!({ "week": [[], [], [], [], [], [], []] });
            let back = json!({ "week": [[[600, 540]], day, day, day, day, [], []] });
            for value in [json!({ "x": 1 }), json!(3), json!({ "week": [] }), never, back] {
                let input = json!({ "key": "calendar", "value": value }).to_string();
                let (status, body) =
                    shop.send("admin", "PUT", "/api/v1/settings", "application/json", input.as_bytes()).await;
                assert_eq!(status, 422, "{input}: {body}");
            }
            let good = json!({ "key": "calendar", "value": { "week": [day, day, day, day, day, [], []] } });
            let body = good.to_string();
            let (status, body) =
                shop.send("admin", "PUT", "/api/v1/settings", "application/json", body.as_bytes()).await;
            assert_eq!(status, 200, "{body}");
            assert_eq!(shop.get("admin", "/calendar").await.0, 200);
        })
        .await;
    }

    #[test]
    fn items_of_a_list_are_checked_field_by_field() {
        let list = setting(SettingKind::Rows(&[
            RowField { key: "code", label: T("码", "code"), kind: RowKind::Key },
            RowField { key: "zh", label: T("文", "text"), kind: RowKind::Need(4) },
            RowField { key: "must", label: T("必", "must"), kind: RowKind::Bool },
        ]));
        assert!(
            list.check(&json!([{ "code": "a", "zh": "垫布", "must": true }, { "code": "b", "zh": "x" }]))
                .is_ok()
        );
        assert!(list.check(&json!([])).is_ok());
        let fields = |value: Value| match list.check(&value) {
            Ok(()) => Vec::new(),
            Err(problems) => problems.0.into_iter().filter_map(|p| p.field).collect::<Vec<_>>(),
        };
        assert_eq!(fields(json!([{ "code": "a", "zh": "" }])), ["value.0.zh"]);
        assert_eq!(
            fields(json!([{ "code": "a", "zh": "x" }, { "code": "a", "zh": "12345", "must": "?" }])),
            ["value.1.code", "value.1.zh", "value.1.must"]
        );
        assert_eq!(fields(json!("text")), ["value"]);
    }
}
