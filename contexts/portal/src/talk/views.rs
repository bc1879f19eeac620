//! Markup of messages.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use orders::api::{KeyOut, OrderBrief};
use ui::{Btn, Event, Field, Form, Tone};

use super::model::MessageOut;
use crate::perms::MESSAGE_WRITE;

/// Messages shown beside the order.
const FEW: usize = 3;

/// Messages, oldest first.
pub fn thread(cx: &Cx, messages: &[MessageOut]) -> Markup {
    let events: Vec<Event> = messages
        .iter()
        .map(|message| Event {
            icon: if message.from_customer { "user" } else { "headset" },
            tone: if message.from_customer { Tone::Blue } else { Tone::Green },
            head: ui::strong(&message.author),
            time: format::time(cx, message.at),
            body: Some(ui::prose(&message.text)),
        })
        .collect();
    ui::timeline(&events)
}

/// Address of the customer's page as the customer types it.
fn address(cx: &Cx, path: &str) -> String {
    let base = cx.app.config.public_url.trim_end_matches('/');
    if !base.is_empty() {
        return format!("{base}{path}");
    }
    let scheme = if cx.app.config.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{}{path}", cx.req.host)
}

fn key_part(cx: &Cx, key: &KeyOut) -> Markup {
    let used = key.used_at.map(|at| format!("{} {}", cx.t(T("已使用", "used")), format::time(cx, at)));
    html! {
        (ui::kv(&[
            (cx.t(T("客户链接", "Customer's page")), ui::link(&key.path, ui::small(address(cx, &key.path)))),
            (cx.t(T("验收码", "Acceptance code")), html! { (ui::mono(&key.code)) @if let Some(used) = &used { " " (ui::tag(Tone::Green, used)) } @if key.tries_left == 0 { " " (ui::tag(Tone::Red, cx.t(T("已锁定", "locked")))) } }),
        ]))
    }
}

fn renew(cx: &Cx, order: &OrderBrief) -> Markup {
    let question =
        cx.t(T("更换后，旧链接和旧验收码立即作废。", "The old link and code stop working at once."));
    let button = Btn::new(cx.t(T("更换链接与验收码", "Renew link and code"))).sm().confirm(question);
    ui::post_button(&format!("/orders/{}/portal/renew", order.id), cx.form_key(), button)
}

/// Beside the order: link, code, the last messages.
pub fn panel(cx: &Cx, order: &OrderBrief, key: Option<&KeyOut>, messages: &[MessageOut]) -> Markup {
    let last = &messages[messages.len().saturating_sub(FEW)..];
    let all = format!("/orders/{}/messages", order.id);
    let label = if messages.is_empty() {
        T("给客户留言", "Write to the customer")
    } else {
        T("全部留言", "All messages")
    };
    html! { div id="part-portal" {
        (ui::side_section(cx.t(T("客户页面与留言", "Customer's page and messages")), html! {
            @if let Some(key) = key { (key_part(cx, key)) }
            @if !last.is_empty() { (thread(cx, last)) }
            @let write = html! { (Btn::link(cx.t(label), all).icon("message").sm()) };
            (ui::row(&if key.is_some() { vec![renew(cx, order), write] } else { vec![write] }))
        }))
    } }
}

/// The page of messages.
pub fn page(
    cx: &Cx,
    order: &OrderBrief,
    key: Option<&KeyOut>,
    messages: &[MessageOut],
    typed: &str,
    errors: &FormErrors,
) -> Markup {
    let body = html! {
        (ui::row_end(html! { (ui::id_link(&format!("/orders/{}", order.id), &order.no)) " " (ui::strong(&order.customer_name)) }, ui::muted(&order.symptom)))
        @if let Some(key) = key { (key_part(cx, key)) (ui::row(&[renew(cx, order)])) }
        @if messages.is_empty() { (ui::muted(cx.t(T("还没有留言。客户在进度页上能看到您写的内容。", "No messages yet. The customer reads yours on the order's page.")))) }
        (thread(cx, messages))
        @if cx.can(&MESSAGE_WRITE) {
            (Form::post(format!("/orders/{}/messages", order.id), cx.form_key()).body(html! {
                (errors.summary(cx.lang))
                (Field::area("text", cx.t(T("给客户留言", "Write to the customer")), 3).value(typed).full().error(errors.of("text")))
                (ui::form_buttons(&[Btn::submit(cx.t(T("发送", "Send")))]))
            }))
        }
    };
    ui::plain_view(cx.t(T("客户留言", "Messages")), html! {}, body)
}
