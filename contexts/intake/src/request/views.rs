//! Markup of requests.

use kernel::{Id, T, Ts};
use kit::{Cx, FormErrors, Sens, attachments::Attachment, comments::Comment, format, timers::Timer};
use maud::{Markup, html};
use ui::{Btn, Def, Detail, Event, Field, Form, Tone};

use super::{
    input::OrderLink,
    model::{Advice, Class, RequestRow, Said, State},
    rules::missing_label,
};
use crate::{
    call::model::CallRow,
    perms::REQUEST_LEAD,
    topic::model::{TopicOut, Words},
};

/// What the page of a request shows.
pub struct Page {
    pub row: RequestRow,
    pub orders: Vec<OrderLink>,
    pub files: Vec<Attachment>,
    /// The menu that takes them back.
    pub voids: Markup,
    pub comments: Vec<Comment>,
    pub timers: Vec<Timer>,
    pub calls: Vec<CallRow>,
    /// Topics, where their names are asked for in another language than the request has them in.
    pub topics: Vec<TopicOut>,
    /// The customer beside it.
    pub side: Option<Markup>,
}

/// Colour and ring of a state.
fn look(state: State) -> &'static str {
    match state {
        State::Open => "new",
        State::Answered => "accept",
        State::Ordered => "working",
        State::Solved => "done",
        State::Closed => "closed",
        State::Draft => "pending",
        State::Dropped => "canceled",
    }
}

/// A request's own page.
pub fn page(cx: &Cx, page: &Page, errors: &FormErrors) -> Markup {
    let row = &page.row;
    let crumbs = [(cx.t(T("服务请求", "Requests")), Some("/requests")), (row.no.as_str(), None)];
    let about =
        Words(&page.topics).of(cx.lang, (&row.topic, &row.topic_name), (&row.content, &row.content_name));
    let name = cx.mask(kit::Sens::Name, &row.customer_name);
    let title = [about.as_str(), name.as_str()];
    let title = title.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
    let body = html! {
        (errors.summary(cx.lang))
        (notices(cx, row))
        (ui::section(cx.t(T("请求", "Request")), html! {}, facts(cx, row)))
        (said(cx, row))
        (files(cx, page))
        (history(cx, page))
    };
    let side = html! {
        (todo(cx, page, errors))
        (clocks(cx, &page.timers))
        @if let Some(side) = &page.side { (ui::side_section(cx.t(T("客户", "Customer")), side)) }
    };
    let detail = Detail {
        meta: meta(cx, row),
        actions: actions(cx, row),
        side: Some(side),
        ..Detail::new(&crumbs, &title, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn meta(cx: &Cx, row: &RequestRow) -> Markup {
    html! {
        (ui::st(look(row.state), cx.t(row.state.label())))
        @if row.overdue { (ui::tag(Tone::Red, cx.t(T("已超时", "Overdue")))) }
        @if row.urgent { (ui::tag(Tone::Red, cx.t(T("加急", "Urgent")))) }
        @if row.class == Class::Special { (ui::tag(Tone::Violet, cx.t(T("特殊", "Special")))) }
        @if row.first_time { (ui::tag(Tone::Cyan, cx.t(T("首次联系", "First contact")))) }
        @if !row.missing.is_empty() { (ui::tag(Tone::Amber, cx.t(T("信息不全", "Incomplete")))) }
    }
}

fn actions(cx: &Cx, row: &RequestRow) -> Markup {
    let phone: String = row.caller_phone.chars().filter(char::is_ascii_digit).collect();
    let call = format!("/calls/new?request_id={}&phone={phone}", row.id);
    let full = cx.shows(Sens::Phone) == kit::Show::Full;
    html! {
        @if full && !phone.is_empty() { (Btn::link(cx.t(T("登记回电", "Register a call")), call).icon("phone-outgoing")) }
        (Btn::link(cx.t(T("新受理", "New")), "/intake").icon("plus").kbd("N"))
    }
}

/// What stands in the way.
fn notices(cx: &Cx, row: &RequestRow) -> Markup {
    let missing: Vec<&str> =
        row.missing.split(',').filter(|m| !m.is_empty()).map(|m| cx.t(missing_label(m))).collect();
    html! {
        @if row.class == Class::Special && row.cleared_at.is_none() && row.state.live() {
            (ui::alert(Tone::Violet, html! { (ui::strong(cx.t(T("特殊请求，等待主管审定", "Special: waits for the head")))) " " (row.class_reason) }))
        }
        @if row.advice.wants_visit() && row.order_id.is_none() && row.state.live() {
            (ui::alert(Tone::Red, html! { (ui::strong(cx.t(T("须安排上门", "A visit is due")))) " " (cx.t(T("电话指导：", "Advice on the phone: "))) (cx.t(row.advice.label())) }))
        }
        @if row.state == State::Draft {
            (ui::alert(Tone::Amber, html! { (cx.t(T("这次受理只选了内容，尚未登记完。", "Only the content was chosen; the rest was not taken down yet."))) }))
        }
        @if !missing.is_empty() && row.state.live() {
            (ui::alert(Tone::Amber, html! { (cx.t(T("信息不全，派工前须核实：", "Incomplete, to be verified: "))) (missing.join(cx.t(T("、", ", ")))) }))
        }
        @if let Some(id) = row.related_order_id {
            (ui::alert(Tone::Amber, html! { (cx.t(T("登记时这台设备已有未完工单 ", "The unit had an open order: "))) (ui::id_link(&format!("/orders/{id}"), &row.related_order_no)) }))
        }
    }
}

fn facts(cx: &Cx, row: &RequestRow) -> Markup {
    let text = |value: &str| {
        if value.is_empty() {
            ui::none()
        } else {
            html! { (value) }
        }
    };
    let money = |low: Option<kernel::Money>| low.map(format::money).unwrap_or_default();
    let mut items = vec![
        Def::new(cx.t(T("渠道", "Channel")), cx.t(row.channel.label())),
        Def::new(cx.t(T("来电人", "Caller")), text(&cx.mask(kit::Sens::Name, &row.caller_name))),
        Def::new(cx.t(T("电话", "Phone")), text(&cx.mask(Sens::Phone, &row.caller_phone))),
        Def::new(cx.t(T("型号", "Model")), text(&row.model_name)),
        Def::new(
            cx.t(T("序列号", "Serial")),
            match row.unit_id {
                Some(id) => ui::link(
                    &format!("/units/{id}"),
                    if row.serial.is_empty() { cx.t(T("设备档案", "Unit")) } else { &row.serial },
                ),
                None => text(&row.serial),
            },
        ),
        Def::new(
            cx.t(T("购买日期", "Bought on")),
            text(&row.purchase_date.map(|d| d.to_string()).unwrap_or_default()),
        ),
        Def::new(cx.t(T("地址", "Address")), text(&cx.mask(Sens::Address, &row.address))).wide(),
        Def::new(cx.t(T("登记时间", "Taken at")), ui::num(format::time(cx, row.created_at))),
        Def::new(cx.t(T("客户描述", "In the customer's words")), text(&row.text)).full(),
        Def::new(cx.t(T("客户要求", "Demand")), text(&row.demand)).full(),
    ];
    let mut add = |label: T, value: String| {
        if !value.is_empty() {
            items.push(Def::new(cx.t(label), html! { (value) }));
        }
    };
    add(
        T("配件", "Part"),
        if row.part_name.is_empty() {
            String::new()
        } else {
            format!("{} × {}", row.part_name, row.part_quantity)
        },
    );
    add(T("超额通知限额", "Ask above"), money(row.quote_limit));
    add(
        T("告知报价", "Price told"),
        match (row.estimate_low, row.estimate_high) {
            (Some(low), Some(high)) => format!("{} – {}", money(Some(low)), money(Some(high))),
            (low, high) => money(low.or(high)),
        },
    );
    add(T("初步诊断", "First diagnosis"), row.diagnosis.clone());
    add(
        T("客户自述保修", "Warranty, as told"),
        if row.warranty_said == Said::Unknown {
            String::new()
        } else {
            cx.t(row.warranty_said.label()).into()
        },
    );
    add(
        T("电话指导", "Advice on the phone"),
        if row.advice == Advice::NotGiven { String::new() } else { cx.t(row.advice.label()).into() },
    );
    add(T("购买凭证", "Proof"), row.proof.clone());
    add(T("受理人", "Handled by"), row.handler_name.clone());
    add(T("审定意见", "Decision of the head"), row.clear_note.clone());
    ui::dl(&items)
}

fn said(cx: &Cx, row: &RequestRow) -> Markup {
    if row.answer.is_empty() {
        return html! {};
    }
    let at = row.answered_at.map(|at| format::time(cx, at)).unwrap_or_default();
    ui::section_id("answer", cx.t(T("答复", "Answer")), &at, html! {}, ui::prose(&row.answer))
}

fn files(cx: &Cx, page: &Page) -> Markup {
    let items: Vec<(String, String, Option<String>, String)> = page
        .files
        .iter()
        .map(|f| {
            let href = format!("/files/{}", f.id);
            (f.name.clone(), href, f.picture(), format::time(cx, f.created_at))
        })
        .collect();
    let add = Form::post(format!("/docs/request/{}/files", page.row.id), cx.form_key()).multipart().plain().body(html! {
        (ui::upload_box(cx.lang, "file", "image/*,video/mp4,application/pdf", true, cx.t(T("故障照片、视频、购买凭证", "Pictures, videos, proof of purchase"))))
        (ui::row(&[html! { (Btn::new(cx.t(T("上传", "Upload"))).icon("upload").sm().attr("type", "submit")) }]))
    });
    ui::section(
        cx.t(T("照片和文件", "Pictures and files")),
        html! {},
        html! {
            @if !items.is_empty() { (ui::attachments(&items)) }
            (page.voids)
            (add)
        },
    )
}

fn history(cx: &Cx, page: &Page) -> Markup {
    let mut events: Vec<(Ts, Event)> = Vec::new();
    let mut add = |at: Ts, icon: &'static str, tone: Tone, head: Markup, body: &str| {
        let body = (!body.is_empty()).then(|| html! { (body) });
        events.push((at, Event { icon, tone, head, time: format::time(cx, at), body }));
    };
    let row = &page.row;
    add(
        row.created_at,
        "headset",
        Tone::Blue,
        html! { (cx.t(row.channel.label())) " " (cx.t(T("登记", "registered by"))) " " (row.handler_name) },
        "",
    );
    // Whoever took the call down spoke with the customer; only a check that somebody recorded is told.
    if let Some(at) = row.confirmed_at.filter(|_| row.genuine.is_some()) {
        let note = match (row.genuine, row.in_scope) {
            (Some(false), _) => cx.t(T("不属实", "Not genuine")),
            (_, Some(false)) => cx.t(T("不在服务范围", "Not ours to do")),
            _ => "",
        };
        add(
            at,
            "check",
            Tone::Green,
            html! { (cx.t(T("已与客户确认", "Checked with the customer"))) " " (note) },
            &row.confirm_note,
        );
    }
    if let Some(at) = row.answered_at {
        add(at, "message-check", Tone::Green, html! { (cx.t(T("已答复客户", "Answered"))) }, "");
    }
    if let Some(at) = row.cleared_at {
        add(at, "gavel", Tone::Violet, html! { (cx.t(T("主管审定", "The head decided"))) }, &row.clear_note);
    }
    for call in &page.calls {
        let icon = if call.direction == crate::call::model::Direction::In {
            "phone-incoming"
        } else {
            "phone-outgoing"
        };
        let head = html! { (cx.t(call.medium.label())) " " (cx.t(call.direction.label())) " " (cx.t(call.outcome.label())) " " (call.staff_name) };
        add(call.at, icon, Tone::Neutral, head, &call.note);
    }
    for comment in &page.comments {
        add(comment.at, "message", Tone::Neutral, html! { (comment.user_name) }, &comment.text);
    }
    if let Some(at) = row.closed_at {
        add(at, "lock", Tone::Neutral, html! { (cx.t(T("已关闭", "Closed"))) }, &row.close_note);
    }
    events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let events: Vec<Event> = events.into_iter().map(|(_, event)| event).collect();
    let me = cx.actor.as_ref().map(|a| a.name.clone()).unwrap_or_default();
    let comment =
        ui::comment_form(cx.lang, &format!("/docs/request/{}/comments", row.id), cx.form_key(), &me, "#main");
    ui::section(cx.t(T("经过", "History")), html! {}, html! { (comment) (ui::timeline(&events)) })
}

fn clocks(cx: &Cx, timers: &[Timer]) -> Markup {
    let open: Vec<&Timer> = timers.iter().filter(|t| t.state == "open").collect();
    if open.is_empty() {
        return html! {};
    }
    ui::side_section(
        cx.t(T("时限", "Deadlines")),
        html! {
            @for timer in open {
                @let label = cx.app.registry.timers.get(timer.kind.as_str()).map_or("", |kind| cx.t(kind.label));
                @if let Some(due) = timer.due_at {
                    (ui::row_end(ui::link(&format!("/timers/{}/explain", timer.id), label),
                        ui::sla(&ui::Sla::running(cx.lang, cx.now().0 / 1_000_000, due.0 / 1_000_000, (due.0 - timer.started_at.0) / 1_000_000))))
                }
            }
        },
    )
}

/// What can be done now.
fn todo(cx: &Cx, page: &Page, errors: &FormErrors) -> Markup {
    let row = &page.row;
    let orders = html! { @for order in &page.orders { (ui::id_link(&format!("/orders/{}", order.id), &order.no)) " " } };
    if row.state == State::Draft && cx.can(&crate::perms::REQUEST_WRITE) {
        return draft(cx, row);
    }
    if !row.state.live() || !cx.can(&crate::perms::REQUEST_WRITE) {
        return html! { @if !page.orders.is_empty() { (ui::side_section(cx.t(T("服务工单", "Orders")), orders)) } };
    }
    html! {
        @if !page.orders.is_empty() { (ui::side_section(cx.t(T("服务工单", "Orders")), orders)) }
        (ui::side_section(cx.t(T("答复客户", "Answer")), answer_form(cx, row, errors)))
        @if row.class == Class::Special && row.cleared_at.is_none() && cx.can(&REQUEST_LEAD) {
            (ui::side_section(cx.t(T("主管审定", "Decision of the head")), small_form(cx, row, "clear", html! {
                (Field::area("note", cx.t(T("处理意见", "What was decided")), 2).bare().full().error(errors.of("note")))
            }, T("审定", "Decide"))))
        }
        (ui::side_section(cx.t(T("建服务工单", "Open an order")), order_form(cx, row, errors)))
        @if row.confirmed_at.is_none() { (ui::side_section(cx.t(T("与客户确认", "Check with the customer")), confirm_form(cx, row))) }
        (ui::side_section(cx.t(T("承诺答复时间", "Promise an answer")), small_form(cx, row, "promise", html! {
            (Field::datetime("promised_at", cx.t(T("最迟", "Until"))).bare().full().maybe(row.promised_at.map(|at| format::field_time(cx, at))).error(errors.of("promised_at")))
        }, T("承诺", "Promise"))))
        @if row.class == Class::General {
            (ui::side_section(cx.t(T("转为特殊请求", "Make it special")), small_form(cx, row, "classify", html! {
                (ui::hidden("class", "special"))
                (Field::text("reason", cx.t(T("原因", "Why"))).bare().full().placeholder(cx.t(T("原因，将通知主管", "Why; the head is told"))).error(errors.of("reason")))
            }, T("上报主管", "Tell the head"))))
        }
        (ui::side_section(cx.t(T("关闭", "Close")), small_form(cx, row, "close", html! {
            (Field::text("note", cx.t(T("备注", "Remark"))).bare().full().placeholder(cx.t(T("备注（可不填）", "Remark"))))
        }, T("关闭请求", "Close it"))))
    }
}

/// A draft is gone on with at the desk, or dropped (CALL-03).
fn draft(cx: &Cx, row: &RequestRow) -> Markup {
    let on = format!("/intake?draft_id={}", row.id);
    html! {
        (ui::side_section(cx.t(T("登记中", "Draft")), html! { (ui::row(&[html! { (Btn::link(cx.t(T("继续登记", "Go on")), on).icon("headset").primary().sm()) }])) }))
        (ui::side_section(cx.t(T("放弃", "Drop it")), small_form(cx, row, "discard", html! {
            (Field::text("note", cx.t(T("原因", "Why"))).bare().full().placeholder(cx.t(T("挂断、误点……（可不填）", "Hung up, clicked by mistake …"))))
        }, T("放弃登记", "Drop it"))))
    }
}

fn small_form(cx: &Cx, row: &RequestRow, action: &str, fields: Markup, label: T) -> Markup {
    Form::post(format!("/requests/{}/{action}", row.id), cx.form_key()).body(html! {
        (ui::hidden("version", row.version))
        (fields)
        (ui::row(&[html! { (Btn::new(cx.t(label)).sm().attr("type", "submit")) }]))
    })
}

fn answer_form(cx: &Cx, row: &RequestRow, errors: &FormErrors) -> Markup {
    let solve = format!("/requests/{}/solve", row.id);
    let may_solve = matches!(row.state, State::Open | State::Answered) && !row.advice.wants_visit();
    Form::post(format!("/requests/{}/answer", row.id), cx.form_key()).body(html! {
        (ui::hidden("version", row.version))
        (Field::area("answer", cx.t(T("告知客户的内容", "What the customer was told")), 3).bare().full().error(errors.of("answer")).attr("data-ctrl-enter", ""))
        @if may_solve { (accepted(cx, None, errors)) }
        (ui::row(&[
            html! { (Btn::submit(cx.t(T("登记答复", "Record"))).sm()) },
            html! { @if may_solve { (Btn::new(cx.t(T("电话解决", "Solved by phone"))).icon("phone-check").sm().post(solve).attr("hx-include", "closest form").target("#main")) } },
        ]))
    })
}

/// Asked before a call counts as solved by phone (CALL-09).
pub fn accepted(cx: &Cx, value: Option<bool>, errors: &FormErrors) -> Markup {
    let options = [("true", cx.t(T("接受", "Yes"))), ("false", cx.t(T("不接受，安排上门", "No: a visit")))];
    let value = value.map(|yes| if yes { "true" } else { "false" }).unwrap_or_default();
    html! {
        (Field::chips("advice_accepted", cx.t(T("客户接受电话处理", "Advice on the phone is accepted")))
            .options(options).value(value).full().error(errors.of("advice_accepted")))
    }
}

fn order_form(cx: &Cx, row: &RequestRow, errors: &FormErrors) -> Markup {
    Form::post(format!("/requests/{}/order", row.id), cx.form_key()).body(html! {
        (Field::select("mode", cx.t(T("服务方式", "Mode"))).full().value(if row.mode.is_empty() { "on_site" } else { &row.mode })
            .options(orders::api::Mode::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)))).error(errors.of("mode")))
        (ui::row(&[html! { (Btn::submit(cx.t(T("建单", "Open"))).icon("clipboard-plus").soft().sm()) }]))
    })
}

fn confirm_form(cx: &Cx, row: &RequestRow) -> Markup {
    small_form(
        cx,
        row,
        "confirm",
        html! {
            (Field::check("genuine", cx.t(T("请求属实", "It is genuine"))).checked(true))
            (Field::check("in_scope", cx.t(T("在服务范围内", "It is ours to do"))).checked(true))
            (Field::text("note", cx.t(T("说明", "Remark"))).bare().full().placeholder(cx.t(T("说明", "Remark"))))
        },
        T("确认", "Confirm"),
    )
}

/// The part of a customer's page.
pub fn of_customer(cx: &Cx, customer: Id, rows: &[RequestRow], topics: &[TopicOut]) -> Markup {
    part(cx, &format!("customer_id={customer}"), rows, topics)
}

/// The part of a unit's page: what people asked and complained about (PROD-05).
pub fn of_unit(cx: &Cx, unit: Id, rows: &[RequestRow], topics: &[TopicOut]) -> Markup {
    part(cx, &format!("unit_id={unit}"), rows, topics)
}

/// Number, subject and date of the customer's other requests, for a narrow panel.
pub fn beside(cx: &Cx, doc: Id, rows: &[RequestRow], topics: &[TopicOut]) -> Markup {
    let line = |r: &RequestRow| {
        let said = Words(topics).of(cx.lang, (&r.topic, &r.topic_name), (&r.content, &r.content_name));
        (r.no.clone(), format!("/requests/{}", r.id), said, format::date(cx, r.created_at))
    };
    let items: Vec<_> = rows.iter().filter(|r| r.id != doc).take(5).map(line).collect();
    html! { div id="part-requests" { @if !items.is_empty() { (ui::recent(&items)) } } }
}

fn part(cx: &Cx, about: &str, rows: &[RequestRow], topics: &[TopicOut]) -> Markup {
    let items: Vec<(String, String, String, String)> = rows
        .iter()
        .map(|r| {
            let said = Words(topics).of(cx.lang, (&r.topic, &r.topic_name), (&r.content, &r.content_name));
            let what = format!("{said} · {}", cx.t(r.state.label()));
            (r.no.clone(), format!("/requests/{}", r.id), what, format::time(cx, r.created_at))
        })
        .collect();
    let new = Btn::link(cx.t(T("受理", "New")), format!("/intake?{about}")).icon("headset").sm();
    let new = html! { @if cx.can(&crate::perms::REQUEST_WRITE) { (new) } };
    ui::section_id(
        "part-requests",
        cx.t(T("服务请求", "Requests")),
        "",
        new,
        html! {
            @if items.is_empty() { (ui::muted(cx.t(T("没有请求", "None yet")))) } @else { (ui::recent(&items)) }
        },
    )
}
