//! Comments, files and history below a document's own content.

use db::Conn;
use kernel::{Id, T};
use maud::{Markup, html};
use ui::{Btn, Event, Form, Tone};

use crate::{Cx, Result, attachments, audit, comments, format, voids};

/// Names of the fields that a change touched, as the list of the documents calls them; their values may be
/// sensitive and stay in the audit log.
fn fields(cx: &Cx, kind: &str, detail: &str) -> String {
    let parsed: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    let names = parsed
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, change)| change.is_array())
        .map(|(name, _)| name.as_str());
    names
        .filter(|name| !matches!(*name, "version" | "updated_at"))
        .map(|name| field_label(cx, kind, name))
        .collect::<Vec<_>>()
        .join(cx.t(T("、", ", ")))
}

/// A field as the list of the documents calls it.
pub(crate) fn field_label(cx: &Cx, kind: &str, name: &str) -> String {
    let list = cx.app.registry.lists.values().find(|list| list.search_kind == Some(kind));
    list.and_then(|list| list.column(name)).map_or(name.to_string(), |col| cx.t(col.label).to_string())
}

async fn history(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Markup> {
    let rows = audit::history(conn, kind, id, 30).await?;
    let events: Vec<Event> = rows
        .iter()
        .map(|row| Event {
            icon: if row.action == "created" { "plus" } else { "history" },
            tone: Tone::Neutral,
            head: html! { (row.user_name) " " (audit::action_label(cx, &row.action)) " " (ui::muted(fields(cx, kind, &row.detail))) },
            time: format::time(cx, row.at),
            body: None,
        })
        .collect();
    Ok(ui::timeline(&events))
}

async fn files(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Markup> {
    let rows = attachments::of_doc(conn, kind, id).await?;
    let items: Vec<_> = rows
        .iter()
        .map(|file| {
            let href = format!("/files/{}", file.id);
            let thumb = file.thumb.then(|| format!("{href}/thumb"));
            (file.name.clone(), href, thumb, format::time(cx, file.created_at))
        })
        .collect();
    let upload = Form::post(format!("/docs/{kind}/{id}/files"), cx.form_key()).multipart().plain().body(html! {
        (ui::upload_box(cx.lang, "file", "", true, cx.t(T("照片、图纸、合同、视频等", "Photos, drawings, papers, videos"))))
        (Btn::new(cx.t(T("上传", "Upload"))).icon("upload").attr("type", "submit").sm())
    });
    Ok(html! { @if !items.is_empty() { (ui::attachments(&items)) } (voids(cx, kind, id, &rows)) (upload) })
}

/// Takes wrong files of a document back: a menu of those that the caller may.
pub fn voids(cx: &Cx, kind: &str, id: Id, rows: &[attachments::Attachment]) -> Markup {
    let items: Vec<ui::MenuItem> = rows
        .iter()
        .filter(|file| voids::may_file(cx, file))
        .map(|file| {
            let url = format!("/docs/{kind}/{id}/files/{}/void", file.id);
            ui::MenuItem::modal("arrow-back-up", &file.name, url)
        })
        .collect();
    html! {
        @if !items.is_empty() {
            (Btn::new(cx.t(voids::FILE.title)).icon("arrow-back-up").ghost().sm().id("menu-voids-btn").popover("menu-voids"))
            (ui::menu("menu-voids", &items))
        }
    }
}

/// What was said about a document, newest first, and the form to say more.
pub async fn talk(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Markup> {
    let rows = comments::of_doc(conn, kind, id).await?;
    let org = match cx.app.registry.docs.get(kind) {
        Some(doc) if !rows.is_empty() => Some((doc.find)(cx, conn, id, false).await?.org),
        _ => None,
    };
    let void = |comment: &comments::Comment| {
        let may = org.is_some_and(|org| voids::may(cx, Some(comment.user_id), comment.at, org));
        let title = cx.t(voids::COMMENT.title);
        let url = format!("/docs/{kind}/{id}/comments/{}/void", comment.id);
        html! { @if may { " " (Btn::icon_only("arrow-back-up", title).ghost().sm().attr("hx-get", url).target("#modal")) } }
    };
    let events: Vec<Event> = rows
        .iter()
        .rev()
        .map(|comment| Event {
            icon: "message",
            tone: Tone::Blue,
            head: html! { (ui::strong(&comment.user_name)) (void(comment)) },
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
