//! Pages of the platform's mechanisms.

use axum::{
    extract::Multipart,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Id, T};
use maud::html;
use serde::Deserialize;
use ui::{Btn, PaletteGroup, PaletteItem};

use super::rest;
use crate::extract::{Path, Query};
use crate::{Body, Cx, DocRef, Error, Result, attachments, comments, notify, search};

pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let Some(asset) = ui::embedded(&path, accept) else { return StatusCode::NOT_FOUND.into_response() };
    let cache = if asset.immutable { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    let mut response = asset.bytes.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = asset.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Some(policy) = asset.policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    response
}

/// The start page is the first list of one's own work; an account without any goes to its own page.
pub async fn home(cx: Cx, headers: HeaderMap) -> axum::response::Redirect {
    let browser = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let registry = &cx.app.registry;
    let special = registry.starts.iter().find_map(|start| start(&cx, browser));
    let first = || registry.nav.iter().find(|nav| cx.can(nav.perm)).map(|nav| nav.href);
    axum::response::Redirect::to(special.or_else(first).unwrap_or("/me"))
}

pub async fn healthz() -> &'static str {
    "ok"
}

pub async fn readyz(cx: Cx) -> Result<&'static str> {
    let mut conn = cx.read().await?;
    conn.scalar::<i64>("select count(*) from schema_migration", vec![]).await?;
    Ok("ok")
}

/// Figures for Prometheus: to whoever has the configured token, without one from this machine itself, and to holders
/// of the right to see background work.
pub async fn metrics_page(cx: Cx, headers: HeaderMap) -> Result<String> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let bearer = text("authorization").strip_prefix("Bearer ").unwrap_or_default().trim();
    let forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    if !may_scrape(&cx.app.config.metrics_token, bearer, &cx.req.ip, forwarded) {
        cx.require(&super::JOBS_READ)?;
    }
    Ok(crate::http::metrics_text())
}

/// What a reverse proxy says of a request that came from elsewhere.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// A configured token is needed from everywhere; without one the request must come from this very machine and not
/// through a proxy on it.
fn may_scrape(token: &str, bearer: &str, ip: &str, forwarded: bool) -> bool {
    if token.is_empty() {
        let local = ip.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback());
        return local && !forwarded;
    }
    // Hashes: equal time whatever was guessed right.
    crate::http::secret_hash(token) == crate::http::secret_hash(bearer)
}

pub async fn gallery(cx: Cx) -> Result<Response> {
    cx.page(cx.t(T("组件", "Components")), ui::gallery(cx.lang)).await
}

/// Text typed into the palette.
#[derive(Deserialize)]
pub struct PaletteQuery {
    #[serde(default)]
    q: String,
}

pub async fn palette(cx: Cx, Query(query): Query<PaletteQuery>) -> Result<Response> {
    let folded = kernel::fold(&query.q);
    let registry = &cx.app.registry;
    let mut groups = Vec::new();
    let hits = if folded.is_empty() { Vec::new() } else { search::everywhere(&cx, &query.q, 5).await? };
    for hit in hits {
        let Some(doc) = registry.docs.get(hit.kind.as_str()) else { continue };
        let item =
            PaletteItem::new("file-text", &hit.title, doc.href.replace("{id}", &hit.ref_id.to_string()))
                .detail(&hit.sub);
        push_group(&mut groups, cx.t(doc.label), item);
    }
    let matches = |label: T| {
        folded.is_empty()
            || [label.0, label.1].iter().any(|text| {
                kernel::fold(text).contains(&folded) || kernel::pinyin_initials(text).contains(&folded)
            })
    };
    for command in registry.commands.iter().filter(|c| cx.can(c.perm) && matches(c.label)) {
        let main = registry.main_command(&cx, command.href).is_some_and(|main| main.href == command.href);
        let keys = if main { command.keys } else { &[] };
        let item = PaletteItem::new(command.icon, cx.t(command.label), command.href).keys(keys);
        push_group(&mut groups, cx.t(T("操作", "Actions")), item);
    }
    for nav in registry.nav.iter().filter(|n| cx.can(n.perm) && matches(n.label)) {
        push_group(
            &mut groups,
            cx.t(T("前往", "Go to")),
            PaletteItem::new(nav.icon, cx.t(nav.label), nav.href),
        );
    }
    Ok(cx.fragment(ui::palette_results(cx.lang, &groups)))
}

fn push_group(groups: &mut Vec<PaletteGroup>, title: &str, item: PaletteItem) {
    match groups.iter_mut().find(|group| group.title == title) {
        Some(group) => group.items.push(item),
        None => groups.push(PaletteGroup { title: title.to_string(), items: vec![item] }),
    }
}

/// One key hides or shows every sensitive field (ORG-11); the cookie makes prints and exports follow.
pub async fn hide(cx: Cx) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let value = if cx.req.hidden {
        "hide=0; Path=/; Max-Age=0; SameSite=Lax"
    } else {
        "hide=1; Path=/; SameSite=Lax"
    };
    response.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_static(value));
    response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    response
}

pub async fn notifications(cx: Cx) -> Result<Response> {
    let mut conn = cx.read().await?;
    let mine = notify::mine(&cx, &mut conn, 100).await?;
    let title = cx.t(T("通知", "Notifications"));
    let events: Vec<ui::Event> = mine
        .iter()
        .map(|n| ui::Event {
            icon: "bell",
            tone: if n.read_at.is_some() { ui::Tone::Neutral } else { ui::Tone::Blue },
            head: html! { (ui::link(&n.href, &n.title)) },
            time: crate::format::time(&cx, n.at),
            body: (!n.detail.is_empty()).then(|| html! { (n.detail) }),
        })
        .collect();
    let body = if events.is_empty() {
        ui::empty("bell", cx.t(T("没有通知", "No notifications")), "", None)
    } else {
        ui::timeline(&events)
    };
    let read = ui::post_button(
        "/notifications/read",
        cx.form_key(),
        Btn::new(cx.t(T("全部设为已读", "Mark all as read"))).icon("checks"),
    );
    cx.page(title, ui::plain_view(title, read, body)).await
}

pub async fn notifications_read(cx: Cx) -> Result<Response> {
    notify::read_all(&cx).await?;
    Ok(cx.redirect("/notifications"))
}

pub async fn file(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let (row, bytes) = attachments::load(&cx, id, false).await?;
    Ok(attachments::response(&row, bytes, false))
}

pub async fn thumb(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let (row, bytes) = attachments::load(&cx, id, true).await?;
    Ok(attachments::response(&row, bytes, true))
}

pub async fn job(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let job = rest::find_job(&cx, id).await?;
    let url = format!("/jobs/{id}");
    let live = matches!(job.state.as_str(), "ready" | "running");
    let note = job.error.as_deref().unwrap_or_default();
    let panel =
        ui::job_progress(cx.lang, live.then_some(url.as_str()), &job.kind, job.done, job.total, note, &[]);
    cx.page(cx.t(T("后台任务", "Background work")), panel).await
}

pub async fn explain(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let explained = rest::explain_timer(&cx, id).await?;
    // Working hours are those of the place: elsewhere its clock is named.
    let there = kernel::zone_or_home(&explained.zone);
    let elsewhere = there != cx.zone();
    let body = html! {
        p { (cx.t(T("到期：", "Due: "))) @match explained.due { Some(due) => { (crate::format::time(&cx, due)) } None => { (cx.t(T("已暂停", "paused"))) } } }
        @if elsewhere {
            p { (cx.t(T("按当地时区计算：", "Counted by local time there: "))) (explained.zone) @if let Some(due) = explained.due { " " (crate::format::full_time(&there, due)) } }
        }
        ol { @for step in &explained.steps { li { (step) } } }
    };
    Ok(cx.fragment(ui::modal(
        cx.lang,
        cx.t(T("这个时限是怎样算的", "How this due time was computed")),
        body,
        html! {},
    )))
}

pub fn back_to(cx: &Cx, kind: &str, id: Id) -> Response {
    let href = cx
        .app
        .registry
        .docs
        .get(kind)
        .map_or_else(|| "/".to_string(), |doc| doc.href.replace("{id}", &id.to_string()));
    cx.redirect(&href)
}

pub async fn comment(
    cx: Cx,
    Path((kind, id)): Path<(String, Id)>,
    Body(input): Body<comments::NewComment>,
) -> Result<Response> {
    comments::add(&cx, &kind, id, &input).await?;
    Ok(back_to(&cx, &kind, id))
}

pub async fn upload(cx: Cx, Path((kind, id)): Path<(String, Id)>, mut form: Multipart) -> Result<Response> {
    let broken = |_| {
        Error::rule(
            kernel::RuleError::new("file.form", T("上传内容不完整", "The upload is incomplete"))
                .field("file"),
        )
    };
    let mut label = String::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "label" => label = field.text().await.map_err(broken)?,
            "file" => {
                let name = field.file_name().unwrap_or("file").to_string();
                let bytes = field.bytes().await.map_err(broken)?.to_vec();
                if bytes.is_empty() && name.is_empty() {
                    continue;
                }
                let upload = attachments::Upload { id: cx.id(), name, label: label.clone(), bytes };
                attachments::attach(&cx, &DocRef::new(&kind, id, ""), upload).await?;
            }
            _ => {}
        }
    }
    Ok(back_to(&cx, &kind, id))
}

#[cfg(test)]
mod tests {
    use super::may_scrape;

    #[test]
    fn figures_go_to_this_machine_or_to_the_token() {
        for (token, bearer, ip, forwarded, may) in [
            ("", "", "127.0.0.1", false, true),
            ("", "", "127.8.8.8", false, true),
            ("", "", "::1", false, true),
            ("", "", "::ffff:127.0.0.1", false, true),
            ("", "", "127.0.0.1", true, false),
            ("", "", "192.168.1.7", false, false),
            ("", "x", "10.0.0.1", false, false),
            ("", "", "", false, false),
            ("s3cret", "s3cret", "10.0.0.1", true, true),
            ("s3cret", "", "127.0.0.1", false, false),
            ("s3cret", "s3cre", "127.0.0.1", false, false),
        ] {
            assert_eq!(may_scrape(token, bearer, ip, forwarded), may, "{token} {bearer} {ip} {forwarded}");
        }
    }
}
