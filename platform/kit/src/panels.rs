//! Comments, files and history below a document's own content.

use db::Conn;
use kernel::{Id, T, Ts};
use maud::{Markup, html};
use serde_json::Value;
use ui::{Btn, Event, Form, Tone};

use crate::{
    Cx, Result, attachments,
    attachments::Attachment,
    audit, comments, format,
    lists::{self, Cell, Kind},
    personal, voids,
};

/// A field that a change touched, in words.
pub struct Changed {
    /// What the list of such documents, or the register of personal data, calls it; else its key.
    pub label: String,
    /// Before and after, in the reader's language; none for what is only a reference.
    pub values: Option<(String, String)>,
}

/// The fields that an entry of the log says were changed; what was sensitive was masked when it was written.
pub fn changed(cx: &Cx, kind: &str, detail: &str) -> Vec<Changed> {
    let parsed: Value = serde_json::from_str(detail).unwrap_or_default();
    let fields = parsed.as_object().into_iter().flatten().filter_map(|(key, change)| {
        let [old, new] = change.as_array()?.as_slice() else { return None };
        if matches!(key.as_str(), "version" | "updated_at") {
            return None;
        }
        let col = column(cx, kind, key);
        let label = col.as_ref().map_or(key.clone(), |col| cx.t(col.label).to_string());
        Some(Changed { label, values: said(cx, col.as_ref(), old).zip(said(cx, col.as_ref(), new)) })
    });
    fields.collect()
}

/// The column that a field of such documents is in their list, or would be by the register of personal data.
pub(crate) fn column(cx: &Cx, kind: &str, key: &str) -> Option<lists::Col> {
    let registry = &cx.app.registry;
    let list = registry.lists.values().find(|list| list.search_kind == Some(kind));
    // The log names the column of the table, which a list may call otherwise.
    let held = |list: &&'static str, col: &lists::Col| {
        col.expr.strip_prefix(*list).and_then(|rest| rest.strip_prefix('.')) == Some(key)
    };
    let found = list
        .and_then(|list| list.column(key).or_else(|| list.columns.iter().find(|col| held(&list.alias, col))));
    if let Some(col) = found {
        return Some(col.clone());
    }
    let of = |holding: &&personal::Holding| {
        holding.of == (kind, "id") || holding.doc.is_some_and(|(doc, _)| doc == kind)
    };
    let holdings = registry.personal.iter().filter(of);
    let (holding, held) = holdings
        .flat_map(|holding| holding.columns.iter().map(move |held| (holding, held)))
        .find(|(_, held)| held.name == key)?;
    personal::heading(registry, holding, held).map(|(label, kind)| lists::Col::new("", label, "", kind))
}

/// A value of the log as its column shows it; none for ids and for what has parts.
pub(crate) fn said(cx: &Cx, col: Option<&lists::Col>, value: &Value) -> Option<String> {
    let cell = match (value, col.map(|col| col.kind)) {
        (Value::Null, _) => return Some("—".into()),
        (Value::Bool(yes), _) => Cell::Bool(*yes),
        (Value::Number(number), Some(Kind::Money)) => Cell::Money(kernel::Money(number.as_i64()?)),
        (Value::Number(number), Some(Kind::Qty)) => Cell::Qty(kernel::Quantity(number.as_i64()?)),
        // No count of anything is as large as an instant of this century in microseconds.
        (Value::Number(number), kind)
            if matches!(kind, Some(Kind::Time | Kind::Due))
                || number.as_i64() > Some(1_000_000_000_000_000) =>
        {
            Cell::Time(Ts(number.as_i64()?))
        }
        (Value::Number(number), _) => return Some(number.to_string()),
        (Value::String(text), _) if text.parse::<Id>().is_ok() => return None,
        (Value::String(text), Some(Kind::Code(_) | Kind::State(_))) => Cell::Text(text.clone()),
        (Value::String(text), None | Some(Kind::Time | Kind::Due)) if text.parse::<Ts>().is_ok() => {
            Cell::Time(text.parse().ok()?)
        }
        (Value::String(text), _) => return Some(text.chars().take(60).collect()),
        (Value::Array(_) | Value::Object(_), _) => return None,
    };
    let yes_or_no = lists::Col::new("", T("", ""), "", Kind::Bool);
    Some(lists::text(cx, col.unwrap_or(&yes_or_no), &cell))
}

/// The names of the touched fields alone: whoever sees the document need not see all its values.
fn fields(cx: &Cx, kind: &str, detail: &str) -> String {
    let names: Vec<String> = changed(cx, kind, detail).into_iter().map(|field| field.label).collect();
    names.join(cx.t(T("、", ", ")))
}

/// Name and reason of a file or comment that came or went; what else the log keeps is for auditors.
pub fn told(action: &str, detail: &str) -> Option<Markup> {
    let parsed: Value = serde_json::from_str(detail).unwrap_or_default();
    let text = |key: &str| parsed[key].as_str().filter(|text| !text.is_empty());
    let words: Vec<&str> = match action {
        "attached" => text("name").into_iter().collect(),
        "file_voided" | "comment_voided" => text("name").into_iter().chain(text("reason")).collect(),
        _ => return None,
    };
    (!words.is_empty()).then(|| html! { (words.join(" · ")) })
}

async fn history(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Markup> {
    let rows = audit::history(cx, conn, kind, id, 30).await?;
    let events: Vec<Event> = rows
        .iter()
        .map(|row| Event {
            icon: if row.action == "created" { "plus" } else { "history" },
            tone: Tone::Neutral,
            head: html! { (row.user_name) " " (audit::action_label(cx, &row.action)) " " (ui::muted(fields(cx, kind, &row.detail))) },
            time: format::time(cx, row.at),
            body: told(&row.action, &row.detail),
        })
        .collect();
    Ok(ui::timeline(&events))
}

async fn files(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Markup> {
    let rows = attachments::of_doc(conn, kind, id).await?;
    let voids = voids(cx, conn, kind, id, &rows).await?;
    let upload = Form::post(format!("/docs/{kind}/{id}/files"), cx.form_key()).multipart().plain().body(html! {
        (ui::upload_box(cx.lang, "file", "", true, cx.t(T("照片、图纸、合同、视频等", "Photos, drawings, papers, videos"))))
        (Btn::new(cx.t(T("上传", "Upload"))).icon("upload").attr("type", "submit").sm())
    });
    Ok(html! { @if !rows.is_empty() { (shown(cx, &rows)) } (voids) (upload) })
}

/// Files as pictures with name and time.
pub(crate) fn shown(cx: &Cx, rows: &[Attachment]) -> Markup {
    let item = |file: &Attachment| {
        (file.name.clone(), format!("/files/{}", file.id), file.picture(), format::time(cx, file.created_at))
    };
    ui::attachments(&rows.iter().map(item).collect::<Vec<_>>())
}

/// Takes wrong files of a document back: a menu of those that the caller may.
pub async fn voids(cx: &Cx, conn: &mut Conn, kind: &str, id: Id, rows: &[Attachment]) -> Result<Markup> {
    if rows.is_empty() {
        return Ok(html! {});
    }
    let signatures = attachments::signatures(cx, conn, kind, id).await?;
    let items: Vec<ui::MenuItem> = rows
        .iter()
        .filter(|file| voids::may_file(cx, file, &signatures))
        .map(|file| {
            let url = format!("/docs/{kind}/{id}/files/{}/void", file.id);
            let line = format!("{} · {}", file.name, format::time(cx, file.created_at));
            ui::MenuItem::modal("arrow-back-up", &line, url)
        })
        .collect();
    Ok(html! {
        @if !items.is_empty() {
            (Btn::new(cx.t(voids::FILE.title)).icon("arrow-back-up").ghost().id("menu-voids-btn").popover("menu-voids"))
            (ui::menu("menu-voids", &items))
        }
    })
}

/// Takes a comment on a document of `org` back, for those who may.
pub fn void_comment(cx: &Cx, org: Id, comment: &comments::Comment) -> Markup {
    let may = voids::may(cx, Some(comment.user_id), comment.at, org);
    let title = cx.t(voids::COMMENT.title);
    let url = format!("/docs/{}/{}/comments/{}/void", comment.doc_kind, comment.doc_id, comment.id);
    html! { @if may { " " (Btn::icon_only("arrow-back-up", title).ghost().sm().attr("hx-get", url).target("#modal")) } }
}

/// What was said about a document, newest first, and the form to say more.
pub async fn talk(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Markup> {
    let rows = comments::of_doc(conn, kind, id).await?;
    let org = match cx.app.registry.docs.get(kind) {
        Some(doc) if !rows.is_empty() => Some((doc.find)(cx, conn, id, false).await?.org),
        _ => None,
    };
    let events: Vec<Event> = rows
        .iter()
        .rev()
        .map(|comment| Event {
            icon: "message",
            tone: Tone::Blue,
            head: html! { (ui::strong(&comment.user_name)) @if let Some(org) = org { (void_comment(cx, org, comment)) } },
            time: format::time(cx, comment.at),
            body: Some(ui::prose(&comment.text)),
        })
        .collect();
    let me = cx.actor.as_ref().map_or("", |actor| actor.name.as_str());
    let action = format!("/docs/{kind}/{id}/comments");
    Ok(
        html! { (ui::comment_form(cx.lang, &action, cx.form_key(), me, "#main")) @if !events.is_empty() { (ui::timeline(&events)) } },
    )
}

/// The panels of a document that the caller may see, for the side of its page.
pub async fn side(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Markup> {
    let talk = talk(cx, conn, kind, id).await?;
    let files = files(cx, conn, kind, id).await?;
    let history = history(cx, conn, kind, id).await?;
    Ok(html! {
        (ui::side_section(cx.t(T("备注", "Comments")), talk))
        (ui::side_section(cx.t(T("附件", "Files")), files))
        (ui::side_section(cx.t(T("变更记录", "History")), history))
    })
}
