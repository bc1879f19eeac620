//! Markup of customer files.

use db::Conn;
use kernel::{Id, T};
use kit::{Access, Cx, Result};
use maud::{Markup, html};
use ui::Tone;

use super::{
    model::CustomerRow,
    rules, service, store,
};
use crate::{class, perms::CUSTOMER_READ};

/// Loads the part of a page that an upper context brings, if it is there and the caller may see it.
pub fn part(cx: &Cx, route: &str, id: Id) -> Option<Markup> {
    let found = cx.app.registry.routes.iter().find(|r| r.method == "GET" && r.path == route)?;
    if matches!(found.access, Access::Perm(perm) if !cx.can(perm)) {
        return None;
    }
    let anchor = route.rsplit('/').next().unwrap_or("part");
    Some(ui::lazy(&format!("part-{anchor}"), &route.replace("{id}", &id.to_string())))
}

/// The customer beside a call or an order.
pub async fn side_panel(cx: &Cx, conn: &mut Conn, id: Id) -> Result<Markup> {
    let row = store::get_customer(conn, id).await?;
    cx.authorize(&CUSTOMER_READ, &row)?;
    let classes = class::store::select_classes(conn).await?;
    let out = service::out(cx, &row);
    let label = classes.iter().find(|k| k.code == row.class).map_or(row.class.as_str(), |k| k.label(cx.lang));
    let href = format!("/customers/{id}");
    let facts = [
        (cx.t(T("电话", "Phone")), phone(cx, &row)),
        (cx.t(T("地址", "Address")), html! { (out.region) (out.district) (out.address) }),
        (cx.t(T("方便时间", "Call at")), ui::or_none(Some(rules::call_time(&row.call_from, &row.call_to).as_str()).filter(|t| !t.is_empty()))),
    ];
    let tags = html! { (ui::tag(Tone::Neutral, label)) (ui::tag(Tone::Blue, cx.t(row.grade.label()))) };
    Ok(html! {
        (ui::side_head(&row.name, &href, tags, &row.no))
        (ui::side_card(ui::kv(&facts)))
        @for route in ["/customers/{id}/units", "/customers/{id}/orders", "/customers/{id}/requests"] {
            @if let Some(part) = part(cx, route, id) { (ui::side_section("", part)) }
        }
    })
}

fn phone(cx: &Cx, row: &CustomerRow) -> Markup {
    html! { (cx.mask(kit::Sens::Phone, &row.phone)) }
}
