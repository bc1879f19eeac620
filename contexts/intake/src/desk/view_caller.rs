//! The caller: card, units, history, warnings. Parts of it are renewed while the call goes on.

use kernel::T;
use kit::{Cx, FormErrors, Sens, format, search::Hit};
use maud::{Markup, html};
use ui::{Btn, Field, Tone};

use super::{
    model::{Caller, CallerOrder, CallerUnit},
    views::{self, Desk},
};
use crate::{request::input::NewRequest, topic::model::Words};

/// Inputs that a lookup sends along.
pub const INCLUDE: &str = "#f-caller_phone, #who input, #what input";

/// Answer of a lookup: the card in place, everything else beside it.
pub fn changed(cx: &Cx, desk: &Desk) -> Markup {
    html! {
        (who(cx, desk, &FormErrors::default()))
        (ui::partial("#what", "innerHTML", views::unit_fields(cx, desk, &FormErrors::default())))
        (ui::partial("#warn", "innerHTML", warnings(cx, desk)))
        (ui::partial("#history", "innerHTML", history(cx, desk)))
    }
}

/// Name, customer and address fields with the card of the customer found.
pub fn who(cx: &Cx, desk: &Desk, errors: &FormErrors) -> Markup {
    let input = &desk.input;
    let caller = desk.lookup.sole();
    // What somebody typed is not exchanged for the owner of the number or unit without a word.
    let other = caller.and_then(|c| input.other_name(&c.name));
    let named = caller.filter(|_| other.is_none());
    let shown =
        named.map(|c| cx.mask(Sens::Name, &c.name)).or(input.customer_name.clone()).unwrap_or_default();
    ui::stack(&[
        html! { @if let (Some(caller), Some(typed)) = (caller, other) { (which(cx, caller, typed, input)) } },
        caller.map_or_else(|| nobody(cx, desk), |caller| card(cx, caller)),
        ui::fields(html! {
            (Field::combo("customer_id", cx.t(T("客户", "Customer")), "/customers/suggest").maybe(named.map(|c| c.id)).shown(shown)
                .placeholder(cx.t(T("姓名、公司；新客户直接输入", "Name; type a new one"))).error(errors.of("customer_name").or(errors.of("customer_id"))))
            (Field::text("caller_name", cx.t(T("来电人", "Caller"))).maybe(input.caller_name.as_deref())
                .placeholder(cx.t(T("与客户相同可不填", "If not the customer"))).error(errors.of("caller_name")))
            (Field::text("address", cx.t(T("服务地址", "Address"))).maybe(input.address.as_deref())
                .placeholder(caller.map(|c| c.address.clone()).unwrap_or_default()).error(errors.of("address")))
        }),
        caller.map_or_else(|| html! {}, |caller| units(cx, desk, caller)),
    ])
}

/// Another name was typed than that of whom the number or unit belongs to: one of the two is chosen.
fn which(cx: &Cx, caller: &Caller, typed: &str, input: &NewRequest) -> Markup {
    let text = if input.unit_id.is_some() {
        T(
            "这台设备登记在 {known} 名下，填写的客户是“{typed}”",
            "This unit belongs to {known}; the customer typed is \"{typed}\"",
        )
    } else {
        T(
            "这个号码登记在 {known} 名下，填写的客户是“{typed}”",
            "This number belongs to {known}; the customer typed is \"{typed}\"",
        )
    };
    let known = cx.mask(Sens::Name, &caller.name);
    let said = text.fill(cx.lang, &[("known", known.clone()), ("typed", typed.to_string())]);
    // Who was typed is on the line all the same: the name stays, as the caller's.
    let calls = input.caller_name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(typed);
    let calls = serde_json::json!({ "caller_name": calls }).to_string();
    let url = format!("/intake/caller?customer_id={}", caller.id);
    let take = T("用 {known}，来电人记为“{typed}”", "Take {known}, \"{typed}\" is calling")
        .fill(cx.lang, &[("known", known), ("typed", typed.to_string())]);
    let take = lookup_btn(Btn::new(take).icon("user").sm(), &url, "#f-caller_phone, #f-address, #what input")
        .vals(calls);
    ui::alert_actions(Tone::Amber, html! { (said) }, &[take])
}

fn card(cx: &Cx, caller: &Caller) -> Markup {
    let tags = html! {
        (ui::tag(Tone::Blue, caller.grade.to_uppercase()))
        @if caller.elsewhere { (ui::tag(Tone::Violet, cx.t(T("其他机构的客户", "Another branch's")))) }
    };
    let mut facts = vec![
        (cx.t(T("电话", "Phone")), html! { (caller.phone) }),
        (cx.t(T("地址", "Address")), html! { (caller.address) }),
    ];
    if !caller.call_time.is_empty() {
        facts.push((cx.t(T("方便时间", "Call at")), html! { (caller.call_time) }));
    }
    ui::stack(&[
        ui::side_head(
            &cx.mask(Sens::Name, &caller.name),
            &format!("/customers/{}", caller.id),
            tags,
            &caller.no,
        ),
        ui::side_card(ui::kv(&facts)),
    ])
}

/// Nobody, or several, have this number.
fn nobody(cx: &Cx, desk: &Desk) -> Markup {
    let phone = desk.input.caller_phone.as_deref().unwrap_or_default();
    let many = &desk.lookup.customers;
    html! {
        @if !many.is_empty() {
            (ui::side_section(cx.t(T("这个号码有多个客户，请选择", "Several customers have this number")), html! {
                @for one in many { (choose(cx, one)) }
            }))
        } @else if !phone.trim().is_empty() {
            (ui::alert(Tone::Violet, html! { (ui::strong(cx.t(T("新客户", "New customer")))) " " (desk.welcome) }))
        }
    }
}

fn choose(cx: &Cx, caller: &Caller) -> Markup {
    let url = format!("/intake/caller?customer_id={}", caller.id);
    let label = format!("{}（{}）", cx.mask(Sens::Name, &caller.name), caller.no);
    let open = caller.open_orders.len();
    html! {
        (ui::row(&[
            html! { (lookup_btn(Btn::new(label).icon("user").sm(), &url, "#f-caller_phone, #what input")) },
            html! { @if open > 0 { (ui::tag(Tone::Amber, format!("{open} {}", cx.t(T("张未完", "open"))))) } },
        ]))
    }
}

fn lookup_btn(btn: Btn, url: &str, include: &str) -> Btn {
    btn.get(url).target("#who").swap("innerHTML").attr("hx-include", include)
}

/// What the customer has: one click takes it into the form.
fn units(cx: &Cx, desk: &Desk, caller: &Caller) -> Markup {
    if caller.units.is_empty() {
        return html! {};
    }
    let now = desk.unit().map(|u| u.id);
    ui::side_section(
        cx.t(T("名下设备", "Units")),
        html! {
            (ui::stack(&caller.units.iter().take(8).map(|unit| unit_card(cx, unit, now == Some(unit.id))).collect::<Vec<_>>()))
            @if caller.units.len() > 8 { (ui::link(&format!("/customers/{}", caller.id), cx.t(T("全部设备", "All units")))) }
        },
    )
}

fn unit_card(cx: &Cx, unit: &CallerUnit, chosen: bool) -> Markup {
    let url = format!("/intake/caller?unit_id={}", unit.id);
    let include = "#f-caller_phone, #f-customer_id-id, #f-caller_name, #f-address";
    let label = cx.t(if chosen { T("已选", "Chosen") } else { T("选用", "Take") });
    let btn = lookup_btn(Btn::new(label).sm().pressed(chosen), &url, include);
    ui::side_card(html! {
        (ui::row_end(ui::two_lines(&unit.model_name, ui::mono(if unit.serial.is_empty() { unit.no.clone() } else { cx.mask(Sens::Serial, &unit.serial) })), btn))
        @if unit.open_notes > 0 { (ui::tag(Tone::Amber, format!("{} {}", unit.open_notes, cx.t(T("个遗留问题", "problems left"))))) }
    })
}

/// Open orders of the unit or customer: put the request to one of them instead of opening another (CALL-19).
pub fn warnings(cx: &Cx, desk: &Desk) -> Markup {
    let Some(caller) = desk.lookup.sole() else { return html! {} };
    let unit = desk.unit().map(|u| u.id);
    let mut open: Vec<&CallerOrder> = caller.open_orders.iter().collect();
    open.sort_by_key(|o| o.unit_id != unit || unit.is_none());
    let same = open.iter().any(|o| unit.is_some() && o.unit_id == unit);
    let head = if same {
        T("这台设备已有未完工单", "This unit has an open order")
    } else {
        T("该客户有未完工单", "This customer has open orders")
    };
    let tone = if same { Tone::Red } else { Tone::Amber };
    let chosen = desk.input.join_order_id.map(|id| id.to_string()).unwrap_or_default();
    let welcome = html! { (ui::strong(cx.t(T("首次联系", "First contact")))) " " (desk.welcome) };
    let which = html! {
        (ui::strong(cx.t(head))) " "
        @for o in open.iter().take(3) { (ui::id_link(&format!("/orders/{}", o.id), &o.no)) " " (cx.t(o.state.label())) " " (o.engineer_name) " " }
    };
    let join = |o: &&CallerOrder| (o.id.to_string(), format!("{} {}", cx.t(T("并入", "Put to")), o.no));
    let new = (String::new(), cx.t(T("新建工单", "New order")).to_string());
    let choice = Field::chips("join_order_id", cx.t(T("建单方式", "Order"))).value(chosen).full();
    let mut parts = Vec::new();
    if caller.first_time {
        parts.push(ui::alert(Tone::Violet, welcome));
    }
    if !open.is_empty() {
        parts.push(ui::alert(tone, which));
        parts.push(html! { (choice.options(std::iter::once(new).chain(open.iter().take(3).map(join)))) });
    }
    if parts.is_empty() {
        html! {}
    } else {
        ui::stack(&parts)
    }
}

/// What happened before.
pub fn history(cx: &Cx, desk: &Desk) -> Markup {
    let similar = Btn::new(cx.t(T("查找相似处理记录", "Find similar cases")))
        .icon("search")
        .sm()
        .get("/intake/similar")
        .target("#similar")
        .swap("innerHTML")
        .attr("hx-include", "#f-text, #f-model_id");
    html! {
        @if let Some(caller) = desk.lookup.sole() { (of_caller(cx, caller, &Words(&desk.topics))) } @else {
            (ui::empty("history", cx.t(T("来电人的历史记录", "The caller's history")), cx.t(T("输入号码、客户或设备后显示", "Shown for a number, customer or unit")), None))
        }
        (ui::side_section(cx.t(T("经验查询", "Experience")), html! { (similar) div id="similar" aria-live="polite" {} }))
    }
}

fn of_caller(cx: &Cx, caller: &Caller, words: &Words<'_>) -> Markup {
    let order = |o: &CallerOrder| {
        let what = if o.symptom.is_empty() { o.model_name.clone() } else { o.symptom.clone() };
        let state = ui::st(order_look(o), cx.t(o.state.label()));
        html! { (ui::side_card(html! {
            (ui::row_end(ui::id_link(&format!("/orders/{}", o.id), &o.no), state))
            (ui::trunc(what))
            (ui::muted(html! { (format::time(cx, o.created_at)) " " (o.engineer_name) }))
        })) }
    };
    let orders = |list: &[CallerOrder]| ui::stack(&list.iter().map(order).collect::<Vec<_>>());
    let requests: Vec<(String, String, String, String)> = caller
        .requests
        .iter()
        .map(|r| {
            let said = words.of(cx.lang, (&r.topic, &r.topic_name), (&r.content, &r.content_name));
            let what = format!("{said} · {}", cx.t(r.state.label()));
            (r.no.clone(), format!("/requests/{}", r.id), what, format::time(cx, r.created_at))
        })
        .collect();
    html! {
        @if !caller.open_orders.is_empty() { (ui::side_section(cx.t(T("未完工单", "Open orders")), orders(&caller.open_orders))) }
        @if !requests.is_empty() { (ui::side_section(cx.t(T("最近请求", "Recent requests")), ui::recent(&requests))) }
        @if !caller.recent_orders.is_empty() { (ui::side_section(cx.t(T("历史工单", "Former orders")), orders(&caller.recent_orders[..caller.recent_orders.len().min(5)]))) }
        @if caller.first_time { (ui::muted(cx.t(T("没有历史记录", "No history")))) }
    }
}

fn order_look(order: &CallerOrder) -> &'static str {
    order.state.look()
}

/// Former orders about the same trouble.
pub fn similar(cx: &Cx, hits: &[Hit]) -> Markup {
    let items: Vec<(String, String, String, String)> = hits
        .iter()
        .map(|hit| {
            (hit.title.clone(), format!("/orders/{}", hit.ref_id), hit.sub.clone(), format::date(cx, hit.at))
        })
        .collect();
    html! {
        @if items.is_empty() { (ui::muted(cx.t(T("没有相似记录；先填写描述再查", "Nothing similar; describe the trouble first")))) } @else { (ui::recent(&items)) }
    }
}
