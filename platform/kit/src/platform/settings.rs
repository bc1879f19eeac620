//! The page of parameters: every value as people write it, not as it is stored (PLAT-15).

use axum::response::Response;
use kernel::{Span, T};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ui::{Btn, Field, Form, Render};

use super::rest;
use crate::extract::Path;
use crate::{
    Body, Cx, Error, FormErrors, Result,
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
        let value = current(out);
        let unit = if matches!(setting.kind, SettingKind::Span) { "" } else { out.unit };
        let cells =
            vec![ui::two_lines(out.label, unit), value_cell(cx, setting, &value, refused), ui::mono(out.key)];
        Some(ui::Row::new(out.key, out.label, cells))
    });
    let heads = [(T("参数", "Parameter"), "28%"), (T("值", "Value"), "48%"), (T("代号", "Key"), "24%")];
    let cols = heads.iter().map(|(head, width)| ui::Col::new(head.get(cx.lang)).width(*width)).collect();
    let title = cx.t(TITLE);
    Ok(ui::plain_view(title, html! {}, ui::small_table(&ui::Table::new(title, cols, rows.collect()))))
}

fn find(cx: &Cx, key: &str) -> Option<&'static Setting> {
    cx.app.registry.settings.iter().find(|setting| setting.key == key).copied()
}

/// What holds for everybody now: values of single organisations and of later days are not meant here.
fn current(out: &rest::SettingOut) -> Value {
    let stored = out.values.iter().find(|row| row.org_id.is_nil());
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
    let label = cx.t(setting.label);
    let typed = refused.map_or(value, |refused| &refused.typed);
    let error = refused.and_then(|refused| refused.errors.0.first().map(|(_, message)| message.clone()));
    let id = format!("value-{}", setting.key);
    let inputs = match setting.kind {
        SettingKind::Rows(_) => {
            let count = value.as_array().map_or(0, Vec::len);
            let edit = Btn::link(cx.t(T("编辑清单", "Edit the list")), &href).icon("edit").sm();
            return ui::row(&[ui::muted(format!("{count} {}", cx.t(T("项", "items")))), edit.render()]);
        }
        SettingKind::Span => span_inputs(cx, label, &id, typed, error),
        SettingKind::Bool => {
            let choices = [("true", cx.t(T("是", "yes"))), ("false", cx.t(T("否", "no")))];
            vec![
                Field::select("value", label)
                    .options(choices)
                    .bare()
                    .value(plain(typed))
                    .error(error)
                    .id(id)
                    .render(),
            ]
        }
        SettingKind::Choice(options) => {
            let choices = options.iter().map(|(code, label)| (*code, cx.t(*label)));
            vec![
                Field::select("value", label)
                    .options(choices)
                    .bare()
                    .value(plain(typed))
                    .error(error)
                    .id(id)
                    .render(),
            ]
        }
        SettingKind::Int { min, max } => {
            let hint = format!("{min}–{max}");
            vec![
                Field::number("value", label)
                    .bare()
                    .value(plain(typed))
                    .hint(hint)
                    .error(error)
                    .id(id)
                    .render(),
            ]
        }
        SettingKind::Text { max } if max <= 200 => {
            vec![Field::text("value", label).bare().value(plain(typed)).error(error).id(id).render()]
        }
        SettingKind::Text { .. } | SettingKind::Json => {
            vec![Field::area("value", label, 2).bare().value(plain(typed)).error(error).id(id).render()]
        }
    };
    let save = Btn::submit(cx.t(T("保存", "Save"))).sm().render();
    let body = inputs.into_iter().chain([save]).collect::<Vec<_>>();
    Form::post(&href, cx.form_key()).inline().body(ui::row(&body)).render()
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

/// The page of one list.
pub async fn rows_page(cx: Cx, Path(key): Path<String>) -> Result<Response> {
    let setting = find(&cx, &key).ok_or(Error::NotFound)?;
    let SettingKind::Rows(fields) = setting.kind else { return Ok(cx.redirect("/settings")) };
    let settings = rest::all_settings(&cx).await?;
    let value = settings.iter().find(|out| out.key == setting.key).map(current).unwrap_or_default();
    let form = rows_form(&cx, setting, fields, &value, &FormErrors::default());
    cx.page(cx.t(setting.label), form).await
}

fn rows_form(
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
    let title = cx.t(setting.label);
    let hint = T(
        "清空一行的文字即删除该行；末尾的空行用来新增。",
        "Empty the text of a line to remove it; the empty lines at the end are for new ones.",
    );
    let body = html! {
        (errors.summary(cx.lang))
        (ui::muted(cx.t(hint)))
        (ui::small_table(&ui::Table::new(title, cols, lines.collect()).min_width("44rem")))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/settings")))
    };
    let form = Form::post(format!("/settings/{}", setting.key), cx.form_key()).body(body);
    ui::form_page(cx.lang, &[(cx.t(TITLE), Some("/settings")), (title, None)], title, "", form, None)
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

/// What the page sends: a text, a number beside its unit, or the items of a list.
#[derive(Deserialize)]
pub struct SettingForm {
    #[serde(default)]
    value: Value,
}

pub async fn save(cx: Cx, Path(key): Path<String>, Body(form): Body<SettingForm>) -> Result<Response> {
    let setting = find(&cx, &key).ok_or(Error::NotFound)?;
    let value = stored(setting, &form.value);
    let input = SetSetting { key: key.clone(), org_id: None, valid_from: None, value: value.clone() };
    let Err(errors) = cx.form(rest::save_setting(&cx, &input).await)? else {
        return Ok(cx.redirect("/settings"));
    };
    if let SettingKind::Rows(fields) = setting.kind {
        return Ok(cx.refused(rows_form(&cx, setting, fields, &value, &errors)));
    }
    Ok(cx.refused(all(&cx, Some(&Refused { key, typed: form.value, errors })).await?))
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
        SettingKind::Text { .. } | SettingKind::Choice(_) => json!(text),
        // What was emptied goes back to the default.
        SettingKind::Json if text.is_empty() => serde_json::from_str(setting.default).unwrap_or_default(),
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
