//! The page of parameters: every value as people write it, not as it is stored (PLAT-15).

use axum::response::Response;
use kernel::{Id, RuleError, Span, T, Ts};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ui::{Btn, Field, Form, Render};

use super::rest;
use crate::extract::{Path, Query};
use crate::format::{full_time, parse_field_time};
use crate::{
    Body, Cx, Error, FormErrors, Result,
    numbering::Pattern,
    settings::{RowField, RowKind, SetSetting, Setting, SettingKind},
};

/// Empty lines below the items of a list, for new ones.
const SPARE: usize = 3;

/// What was typed and refused, to be shown again.
struct Refused {
    key: String,
    typed: Value,
    errors: FormErrors,
}

pub async fn page(cx: Cx) -> Result<Response> {
    let body = all(&cx, None).await?;
    cx.page(cx.t(TITLE), body).await
}

const TITLE: T = T("参数", "Parameters");

async fn all(cx: &Cx, refused: Option<&Refused>) -> Result<Markup> {
    let rows = rest::all_settings(cx).await?;
    let rows = rows.iter().filter_map(|out| {
        let setting = find(cx, out.key)?;
        let refused = refused.filter(|refused| refused.key == out.key);
        let value = current(out, cx.now());
        let unit = if matches!(setting.kind, SettingKind::Span) { "" } else { out.unit };
        let href = format!("/settings/{}", out.key);
        let others =
            out.values.iter().filter(|row| !row.org_id.is_nil() || row.valid_from > cx.now()).count();
        let more = cx.t(T("组织与生效日期", "Organisations, dates"));
        let more = if others > 0 { format!("{more} ({others})") } else { more.to_string() };
        let name = html! { (ui::two_lines(out.label, unit)) (ui::small(html! { (ui::link(&href, &more)) " · " (ui::mono(out.key)) })) };
        let cells = vec![name, value_cell(cx, setting, &value, refused)];
        Some(ui::Row::new(out.key, out.label, cells))
    });
    let heads = [T("参数", "Parameter"), T("值", "Value")];
    let cols = heads.iter().map(|head| ui::Col::new(head.get(cx.lang))).collect();
    let title = cx.t(TITLE);
    Ok(ui::plain_view(title, html! {}, ui::small_table(&ui::Table::new(title, cols, rows.collect()))))
}

fn find(cx: &Cx, key: &str) -> Option<&'static Setting> {
    cx.app.registry.settings.iter().find(|setting| setting.key == key).copied()
}

/// What holds for everybody now: values of single organisations and of later days are not meant here.
fn current(out: &rest::SettingOut, now: Ts) -> Value {
    let stored = out.values.iter().find(|row| row.org_id.is_nil() && row.valid_from <= now);
    stored.and_then(|row| serde_json::from_str(&row.value).ok()).unwrap_or_else(|| out.default.clone())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// One parameter in the table: its inputs and a button, or the way to its own page.
fn value_cell(cx: &Cx, setting: &'static Setting, value: &Value, refused: Option<&Refused>) -> Markup {
    if setting.key == crate::timers::CALENDAR.key {
        return Btn::link(cx.t(T("编辑工作日历", "Edit the calendar")), "/calendar").sm().render();
    }
    let href = format!("/settings/{}", setting.key);
    let typed = refused.map_or(value, |refused| &refused.typed);
    let error = refused.and_then(|refused| refused.errors.0.first().map(|(_, message)| message.clone()));
    let inputs = match setting.kind {
        SettingKind::Rows(_) => {
            let count = value.as_array().map_or(0, Vec::len);
            let edit = Btn::link(cx.t(T("编辑清单", "Edit the list")), &href).icon("edit").sm();
            return ui::row(&[ui::muted(format!("{count} {}", cx.t(T("项", "items")))), edit.render()]);
        }
        _ => value_inputs(cx, setting, typed, error),
    };
    let save = Btn::new(cx.t(T("保存", "Save"))).attr("type", "submit").sm().render();
    let body = inputs.into_iter().chain([save]).collect::<Vec<_>>();
    Form::post(&href, cx.form_key()).inline().body(ui::row(&body)).render()
}

/// The inputs of one value that is no list.
fn value_inputs(cx: &Cx, setting: &Setting, typed: &Value, error: Option<String>) -> Vec<Markup> {
    let label = cx.t(setting.label);
    let id = format!("value-{}", setting.key);
    let field = match setting.kind {
        SettingKind::Span => return span_inputs(cx, label, &id, typed, error),
        SettingKind::Bool => {
            let choices = [("true", cx.t(T("是", "yes"))), ("false", cx.t(T("否", "no")))];
            Field::select("value", label).options(choices)
        }
        SettingKind::Choice(options) => {
            Field::select("value", label).options(options.iter().map(|(code, label)| (*code, cx.t(*label))))
        }
        SettingKind::Number => {
            let example = Pattern::parse(&plain(typed)).map(|pattern| pattern.example("SZ01", cx, cx.now()));
            let hint =
                example.map(|text| format!("{} {text}", cx.t(T("例如", "Example:")))).unwrap_or_default();
            Field::text("value", label).hint(hint)
        }
        SettingKind::Int { min, max } => Field::number("value", label).hint(format!("{min}–{max}")),
        SettingKind::Text { max } if max <= 200 => Field::text("value", label),
        SettingKind::Text { .. } | SettingKind::Json(_) | SettingKind::Rows(_) => {
            Field::area("value", label, 2)
        }
    };
    vec![field.bare().value(plain(typed)).error(error).id(id).render()]
}

/// A number beside its unit.
fn span_inputs(cx: &Cx, label: &str, id: &str, value: &Value, error: Option<String>) -> Vec<Markup> {
    let text = plain(value);
    let (number, unit) = match (Span::split(&text), value) {
        (Some((number, unit)), _) => (number.to_string(), unit.to_string()),
        (None, Value::Object(typed)) => (plain(&typed["number"]), plain(&typed["unit"])),
        (None, _) => (text, "h".to_string()),
    };
    let units = Span::UNITS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let unit_label = format!("{label} · {}", cx.t(T("单位", "unit")));
    vec![
        Field::number("value.number", label).bare().value(number).error(error).id(id).render(),
        Field::select("value.unit", unit_label)
            .bare()
            .options(units)
            .value(unit)
            .id(format!("{id}-unit"))
            .render(),
    ]
}

/// Whose value a page shows.
#[derive(Default, Deserialize)]
pub struct OrgQuery {
    #[serde(default)]
    pub org: String,
}

/// A parameter's own page: its value for everybody or one organisation, from when, and all its values.
pub async fn one_page(cx: Cx, Path(key): Path<String>, Query(query): Query<OrgQuery>) -> Result<Response> {
    let setting = find(&cx, &key).ok_or(Error::NotFound)?;
    if setting.key == crate::timers::CALENDAR.key {
        return Ok(cx.redirect("/calendar"));
    }
    let org = query.org.parse().ok();
    let value: Value = cx.setting(setting, org.unwrap_or_default()).await?;
    let when =
        When { org_id: org.map(|id: Id| id.to_string()).unwrap_or_default(), valid_from: String::new() };
    let form = one_form(&cx, setting, &value, &when, &FormErrors::default()).await?;
    cx.page(cx.t(setting.label), form).await
}

/// Whose value, and from when, as typed.
pub struct When {
    pub org_id: String,
    pub valid_from: String,
}

impl When {
    /// Nothing but the value was given: for everybody, now.
    fn plain(&self) -> bool {
        self.org_id.is_empty() && self.valid_from.trim().is_empty()
    }

    /// Errors: `setting.org`, `setting.time` at their fields.
    pub fn parse(&self, cx: &Cx) -> Result<(Option<Id>, Option<Ts>)> {
        let org = match self.org_id.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                RuleError::new("setting.org", T("请从列表选择组织", "Choose an organisation from the list"))
                    .field("org_id")
            })?),
        };
        let from = match self.valid_from.trim() {
            "" => None,
            text => Some(parse_field_time(cx, text).ok_or_else(|| {
                RuleError::new("setting.time", T("时间格式不正确", "This is not a time")).field("valid_from")
            })?),
        };
        Ok((org, from))
    }
}

/// The fields of [`When`].
pub async fn when_fields(cx: &Cx, setting: &Setting, when: &When, errors: &FormErrors) -> Result<Markup> {
    let orgs = cx.app.directory.orgs(&cx.app.db, cx.now()).await?;
    let choices = orgs.iter().map(|node| (node.id.to_string(), node.name.clone()));
    let from = Field::datetime("valid_from", cx.t(T("生效时间", "In force from")))
        .value(&when.valid_from)
        .hint(cx.t(T("留空：立即生效", "Empty: at once")))
        .error(errors.of("valid_from"));
    let org = Field::select("org_id", cx.t(T("适用组织", "For")))
        .blank(cx.t(T("全公司", "Everybody")))
        .options(choices)
        .value(&when.org_id)
        .hint(cx.t(T("下级组织沿用，除非另有设定", "Those below take it over unless they have their own")))
        .error(errors.of("org_id"));
    Ok(html! { @if setting.per_org { (org) } (from) })
}

async fn one_form(
    cx: &Cx,
    setting: &'static Setting,
    value: &Value,
    when: &When,
    errors: &FormErrors,
) -> Result<Markup> {
    let title = cx.t(setting.label);
    let inputs = match setting.kind {
        SettingKind::Rows(fields) => rows_input(cx, setting, fields, value, errors),
        _ => {
            let error = errors.of("value");
            ui::row(&value_inputs(cx, setting, value, error))
        }
    };
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fields(when_fields(cx, setting, when, errors).await?))
        (ui::section(cx.t(T("值", "Value")), html! {}, inputs))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/settings")))
    };
    let form = html! {
        (Form::post(format!("/settings/{}", setting.key), cx.form_key()).body(body))
        (values_table(cx, setting).await?)
    };
    Ok(ui::form_page(
        cx.lang,
        &[(cx.t(TITLE), Some("/settings")), (title, None)],
        title,
        cx.t(setting.unit),
        form,
        None,
    ))
}

/// All values a parameter had, has and will have, newest first; those to come can be taken back.
pub async fn values_table(cx: &Cx, setting: &Setting) -> Result<Markup> {
    let mut conn = cx.read().await?;
    let values = crate::settings::history(&mut conn, setting.key).await?;
    if values.is_empty() {
        return Ok(html! {});
    }
    let orgs = cx.app.directory.orgs(&cx.app.db, cx.now()).await?;
    let heads = [T("生效时间", "In force from"), T("适用组织", "For"), T("值", "Value"), T("状态", "State")];
    let cols = heads.iter().map(|head| ui::Col::new(head.get(cx.lang))).collect();
    let mut seen = Vec::new();
    let mut rows = Vec::new();
    for row in &values {
        let state = if row.valid_from > cx.now() {
            T("将生效", "to come")
        } else if seen.contains(&row.org_id) {
            T("已被取代", "replaced")
        } else {
            seen.push(row.org_id);
            T("现行", "in force")
        };
        let name = orgs.iter().find(|node| node.id == row.org_id).map_or("", |node| node.name.as_str());
        let name = if row.org_id.is_nil() { cx.t(T("全公司", "Everybody")) } else { name };
        let value: Value = serde_json::from_str(&row.value)?;
        let words = match (setting.kind, &value) {
            (SettingKind::Rows(_), Value::Array(items)) => {
                format!("{} {}", items.len(), cx.t(T("项", "items")))
            }
            (SettingKind::Json(_), _) => "{…}".to_string(),
            (SettingKind::Choice(options), Value::String(code)) => options
                .iter()
                .find(|(known, _)| known == code)
                .map_or_else(|| code.clone(), |(_, label)| cx.t(*label).to_string()),
            _ => plain(&value),
        };
        let cells = vec![
            ui::num(full_time(cx, row.valid_from)),
            html! { (name) },
            html! { (words) },
            html! { (cx.t(state)) },
        ];
        let shown = ui::Row::new(row.id, &words, cells);
        rows.push(if row.valid_from > cx.now() {
            let question = cx.t(T("撤回后到时不会生效。撤回？", "It will not begin then. Take it back?"));
            let button = Btn::new(cx.t(T("撤回", "Take back"))).sm().confirm(question);
            let url = format!("/settings/values/{}/withdraw", row.id);
            shown.actions(ui::post_button(&url, cx.form_key(), button))
        } else {
            shown
        });
    }
    let title = cx.t(T("历次取值", "Values over time"));
    Ok(ui::section(title, html! {}, ui::small_table(&ui::Table::new(title, cols, rows))))
}

fn rows_input(
    cx: &Cx,
    setting: &Setting,
    fields: &'static [RowField],
    value: &Value,
    errors: &FormErrors,
) -> Markup {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let spare = vec![Value::Null; SPARE];
    let lines = items.iter().chain(&spare).enumerate().map(|(n, item)| {
        let hidden = fields.iter().filter(|field| matches!(field.kind, RowKind::Key));
        let keys = html! { @for field in hidden { (ui::hidden(&format!("value.{n}.{}", field.key), plain(&item[field.key]))) } };
        let mut cells = vec![html! { (ui::num(n + 1)) (keys) }];
        cells.extend(shown(fields).map(|field| row_input(cx, field, n, item, errors)));
        ui::Row::new(n, (n + 1).to_string(), cells)
    });
    let mut cols = vec![ui::Col::new("#").width("3rem")];
    cols.extend(shown(fields).map(|field| {
        let col = ui::Col::new(cx.t(field.label));
        if matches!(field.kind, RowKind::Bool) { col.width("6rem") } else { col }
    }));
    let hint = T(
        "清空一行的文字即删除该行；末尾的空行用来新增。",
        "Empty the text of a line to remove it; the empty lines at the end are for new ones.",
    );
    html! {
        (ui::muted(cx.t(hint)))
        (ui::small_table(&ui::Table::new(cx.t(setting.label), cols, lines.collect()).min_width("44rem")))
    }
}

fn shown(fields: &'static [RowField]) -> impl Iterator<Item = &'static RowField> {
    fields.iter().filter(|field| !matches!(field.kind, RowKind::Key))
}

fn row_input(cx: &Cx, field: &RowField, n: usize, item: &Value, errors: &FormErrors) -> Markup {
    let name = format!("value.{n}.{}", field.key);
    let (label, value) = (cx.t(field.label), &item[field.key]);
    let input = match field.kind {
        RowKind::Bool => Field::check(&name, label).checked(value.as_bool().unwrap_or_default()),
        RowKind::Choice(options) => {
            let choices = options.iter().map(|(code, label)| (*code, cx.t(*label)));
            Field::select(&name, label).options(choices).value(plain(value))
        }
        RowKind::Need(max) | RowKind::Text(max) if max > 200 => {
            Field::area(&name, label, 2).value(plain(value))
        }
        RowKind::Need(_) | RowKind::Text(_) | RowKind::Key => Field::text(&name, label).value(plain(value)),
    };
    input.bare().error(errors.of(&name)).render()
}

/// What the page sends: a text, a number beside its unit, or the items of a list; and for whom, from when.
#[derive(Deserialize)]
pub struct SettingForm {
    #[serde(default)]
    value: Value,
    #[serde(default)]
    org_id: String,
    #[serde(default)]
    valid_from: String,
}

pub async fn save(cx: Cx, Path(key): Path<String>, Body(form): Body<SettingForm>) -> Result<Response> {
    let setting = find(&cx, &key).ok_or(Error::NotFound)?;
    let value = stored(setting, &form.value);
    let when = When { org_id: form.org_id.clone(), valid_from: form.valid_from.clone() };
    let done = match when.parse(&cx) {
        Ok((org_id, valid_from)) => {
            let input = SetSetting { key: key.clone(), org_id, valid_from, value: value.clone() };
            rest::save_setting(&cx, &input).await
        }
        Err(error) => Err(error),
    };
    let Err(errors) = cx.form(done)? else {
        let own = format!("/settings/{key}?org={}", when.org_id);
        return Ok(cx.redirect(if when.plain() { "/settings" } else { &own }));
    };
    if matches!(setting.kind, SettingKind::Rows(_)) || !when.plain() {
        let typed = if matches!(setting.kind, SettingKind::Rows(_)) { &value } else { &form.value };
        return Ok(cx.refused(one_form(&cx, setting, typed, &when, &errors).await?));
    }
    Ok(cx.refused(all(&cx, Some(&Refused { key, typed: form.value, errors })).await?))
}

pub async fn withdraw(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = rest::withdraw(&cx, id).await?;
    Ok(cx.redirect(&format!("/settings/{}", row.key)))
}

/// What was typed, as it is stored.
fn stored(setting: &Setting, typed: &Value) -> Value {
    let text = plain(typed).trim().to_string();
    match setting.kind {
        SettingKind::Span => match typed {
            Value::Object(parts) => json!(Span::join(&plain(&parts["number"]), &plain(&parts["unit"]))),
            _ => json!(text),
        },
        SettingKind::Rows(fields) => {
            json!(kept_rows(fields, typed.as_array().map(Vec::as_slice).unwrap_or_default()))
        }
        SettingKind::Text { .. } | SettingKind::Number | SettingKind::Choice(_) => json!(text),
        // What was emptied goes back to the default.
        SettingKind::Json(_) if text.is_empty() => serde_json::from_str(setting.default).unwrap_or_default(),
        _ => serde_json::from_str(&text).unwrap_or(json!(text)),
    }
}

/// Lines with any text, as items: without empty extras, each with a key of its own.
fn kept_rows(fields: &'static [RowField], typed: &[Value]) -> Vec<Value> {
    let is_text = |field: &&RowField| matches!(field.kind, RowKind::Need(_) | RowKind::Text(_));
    let said =
        |row: &&Value| fields.iter().filter(is_text).any(|field| !plain(&row[field.key]).trim().is_empty());
    let used: Vec<String> = typed
        .iter()
        .flat_map(|row| fields.iter().filter(|f| matches!(f.kind, RowKind::Key)).map(|f| plain(&row[f.key])))
        .collect();
    let mut free = (1..).map(|n| format!("item{n}")).filter(|key| !used.contains(key));
    typed
        .iter()
        .filter(said)
        .map(|row| {
            let mut item = Map::new();
            for field in fields {
                let text = plain(&row[field.key]).trim().to_string();
                let value = match field.kind {
                    RowKind::Key if text.is_empty() => json!(free.next().unwrap_or_default()),
                    RowKind::Bool if matches!(text.as_str(), "on" | "true") => json!(true),
                    RowKind::Bool => continue,
                    _ => json!(text),
                };
                item.insert(field.key.to_string(), value);
            }
            Value::Object(item)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[RowField] = &[
        RowField { key: "code", label: T("码", "code"), kind: RowKind::Key },
        RowField { key: "zh", label: T("文", "text"), kind: RowKind::Need(40) },
        RowField { key: "must", label: T("必", "must"), kind: RowKind::Bool },
    ];

    #[test]
    fn lines_without_text_are_gone_and_new_ones_get_a_key() {
        let typed = [
            json!({ "code": "item1", "zh": "垫布", "must": "on" }),
            json!({ "code": "b", "zh": " " }),
            json!({ "code": "", "zh": "鞋套" }),
        ];
        let kept = kept_rows(FIELDS, &typed);
        assert_eq!(
            json!(kept),
            json!([{ "code": "item1", "zh": "垫布", "must": true }, { "code": "item2", "zh": "鞋套" }])
        );
    }
}
