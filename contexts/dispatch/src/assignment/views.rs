//! Markup of the dispatch day.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, Render, html};
use orders::api::OrderBrief;
use ui::{Btn, Field, Form, Tone};

use super::{
    model::{Booking, Day, ELSEWHERE, EngineerDay},
    pages::AssignForm,
    rules,
};

/// Helpers that the dialog takes.
const HELPERS: usize = 2;

/// Engineers with their day on one side, waiting orders on the other.
pub fn day_page(cx: &Cx, day: &Day) -> Markup {
    let href = |days: i64| format!("/dispatch?date={}", day.date.plus_days(days));
    let actions = html! {
        (ui::btns(&[
            Btn::link(cx.t(T("前一天", "Day before")), href(-1)).icon("chevron-left"),
            Btn::link(cx.t(T("今天", "Today")), "/dispatch"),
            Btn::link(cx.t(T("后一天", "Day after")), href(1)).icon("chevron-right"),
            Btn::link(cx.t(T("请假与占用", "Absences")), "/absences").icon("calendar-off"),
        ]))
    };
    let title = format!("{} {}", cx.t(T("派工日程", "Dispatch day")), day.date);
    let body = html! {
        (ui::section(cx.t(T("待派工", "Waiting for an engineer")), ui::small(day.unassigned.len()), html! { (areas(cx, day)) (waiting(cx, day)) }))
        (ui::section(cx.t(T("工程师", "Engineers")), ui::small(day.engineers.len()), engineers(cx, day)))
    };
    ui::plain_view(&title, actions, body)
}

fn waiting(cx: &Cx, day: &Day) -> Markup {
    let orders = &day.unassigned;
    if orders.is_empty() {
        return ui::empty("checks", cx.t(T("没有待派的工单", "Nothing waits")), "", None);
    }
    let heads = [
        T("工单", "Order"),
        T("优先级", "Priority"),
        T("客户", "Customer"),
        T("设备", "Unit"),
        T("故障现象", "Fault"),
        T("区域", "Area"),
        T("约定", "Promised"),
        T("操作", "Action"),
    ];
    let widths = [14, 7, 15, 17, 20, 8, 10, 9];
    let cols = heads
        .iter()
        .zip(widths)
        .map(|(h, width)| ui::Col::new(cx.t(*h)).width(format!("{width}%")))
        .collect();
    let rows = orders
        .iter()
        .map(|o| {
            let href = format!("/orders/{}", o.id);
            let area = format::url_text(day.area.as_deref().unwrap_or_default());
            let assign = format!("{href}/assign?date={}&area={area}", day.date);
            let cells = vec![
                ui::id_link(&href, &o.no),
                ui::pri(cx.lang, u8::try_from(o.priority).unwrap_or(2)),
                html! { (cx.mask(kit::Sens::Name, &o.customer_name)) },
                html! { (o.model_name) },
                ui::trunc(&o.symptom),
                html! { (rules::short_area(&o.region)) },
                o.appoint_from.map_or_else(ui::none, |at| ui::num(format::time(cx, at))),
                html! { (Btn::new(cx.t(T("派工", "Assign"))).icon("user-check").sm().modal(assign)) },
            ];
            ui::Row::new(o.id, &o.no, cells).href(href)
        })
        .collect();
    ui::data_table(cx.lang, &ui::Table::new(cx.t(T("待派工", "Waiting for an engineer")), cols, rows))
}

fn engineers(cx: &Cx, day: &Day) -> Markup {
    let heads = [
        T("工程师", "Engineer"),
        T("网点", "Outlet"),
        T("等级", "Grade"),
        T("技能", "Skills"),
        T("安排", "Day"),
        T("未定时", "Without time"),
    ];
    let widths = [13, 15, 7, 19, 37, 9];
    let cols = heads
        .iter()
        .zip(widths)
        .map(|(h, width)| ui::Col::new(cx.t(*h)).width(format!("{width}%")))
        .collect();
    let rows = day
        .engineers
        .iter()
        .map(|e| {
            let cells = vec![
                ui::person(&e.name),
                ui::trunc(&e.org_name),
                ui::num(e.grade),
                ui::trunc(e.skills.join("、")),
                bookings(cx, &e.bookings),
                ui::num(e.untimed),
            ];
            ui::Row::new(e.staff_id, &e.name, cells)
        })
        .collect();
    ui::data_table(cx.lang, &ui::Table::new(cx.t(T("工程师", "Engineers")), cols, rows))
}

/// The areas where orders wait, to show one of them (P-03).
fn areas(cx: &Cx, day: &Day) -> Markup {
    if day.areas.len() < 2 && day.area.is_none() {
        return html! {};
    }
    let link = |label: &str, area: &str, n: i64| {
        let href = format!("/dispatch?date={}&area={}", day.date, format::url_text(area));
        let button = Btn::link(format!("{label} {n}"), href).sm();
        if day.area.as_deref().unwrap_or_default() == area {
            button.primary().render()
        } else {
            button.render()
        }
    };
    let all = day.areas.iter().map(|(_, n)| n).sum();
    let mut links = vec![link(cx.t(T("全部区域", "All areas")), "", all)];
    links.extend(
        day.areas
            .iter()
            .filter(|(area, _)| !area.is_empty())
            .map(|(area, n)| link(rules::short_area(area), area, *n)),
    );
    ui::row(&links)
}

fn clock(cx: &Cx, at: kernel::Ts) -> String {
    format::full_time(cx, at).split(' ').nth(1).unwrap_or_default().to_string()
}

fn bookings(cx: &Cx, bookings: &[Booking]) -> Markup {
    if bookings.is_empty() {
        return ui::muted(cx.t(T("空闲", "free")));
    }
    let items: Vec<Markup> = bookings
        .iter()
        .map(|b| {
            let time = format!("{}–{}", clock(cx, b.from_at), clock(cx, b.to_at));
            if b.state == "absent" {
                let label =
                    crate::absence::AbsenceKind::parse(&b.label).map_or("", |kind| cx.t(kind.label()));
                return ui::tag(Tone::Neutral, html! { (time) " " (label) });
            }
            if b.state == ELSEWHERE {
                return ui::tag(
                    Tone::Neutral,
                    html! { (time) " " (cx.t(T("其他网点任务", "work elsewhere"))) },
                );
            }
            let href = format!("/orders/{}", b.ref_id);
            let tone = if b.state == "in_progress" { Tone::Blue } else { Tone::Cyan };
            ui::tag(tone, html! { (time) " " (ui::link(&href, &b.detail)) })
        })
        .collect();
    ui::row(&items)
}

fn choice(cx: &Cx, e: &EngineerDay) -> (String, String) {
    let timed = e.bookings.iter().filter(|b| b.state != "absent").count();
    let jobs = i64::try_from(timed).unwrap_or_default() + e.untimed;
    let words = [e.name.as_str(), e.org_name.as_str(), &e.skills.join("、")];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let words = words.join(" · ");
    let absent = if timed < e.bookings.len() { cx.t(T("，有请假", ", absent for a time")) } else { "" };
    let load = T("{grade} 级 · {n} 单", "grade {grade} · {n} jobs")
        .fill(cx.lang, &[("grade", e.grade.to_string()), ("n", jobs.to_string())]);
    (e.staff_id.to_string(), format!("{words} · {load}{absent}"))
}

/// Rows for those who help: who, and which percent of the commission (PAY-14).
fn helpers(cx: &Cx, people: &[&EngineerDay], form: &AssignForm, errors: &FormErrors) -> Markup {
    html! {
        @for row in 0..HELPERS {
            @let typed = form.helpers.get(row);
            @let who = typed.and_then(|helper| helper.staff_id).map(|id| id.to_string()).unwrap_or_default();
            @let wrong = errors.of("helpers").or_else(|| errors.of("helpers.0.share_bp")).filter(|_| row == 0);
            (Field::select(&format!("helpers.{row}.staff_id"), cx.t(T("协助工程师", "Helps"))).blank(cx.t(T("无", "Nobody"))).options(people.iter().map(|e| choice(cx, e))).value(who).error(wrong))
            (Field::number(&format!("helpers.{row}.share"), cx.t(T("提成比例 %", "Share of the commission, %"))).value(typed.map_or("", |helper| &helper.share)))
        }
    }
}

/// Data is lacking: verified first, with dispatcher and customer, by a dialog of its own (CALL-07).
fn unverified(cx: &Cx, order: &OrderBrief) -> Markup {
    let text = T(
        "信息不全，须先与调度、再与客户核实后才能派工。",
        "Data is incomplete: verify it with the dispatcher, then with the customer, before assigning.",
    );
    let ask =
        ui::Btn::new(cx.t(T("去核实", "Verify"))).sm().modal(format!("/orders/{}/ask/verify", order.id));
    ui::alert_actions(ui::Tone::Amber, html! { (cx.t(text)) }, &[ask])
}

/// What is to be done where: nobody chooses by a number.
fn about(cx: &Cx, order: &OrderBrief) -> Markup {
    let name = cx.mask(kit::Sens::Name, &order.customer_name);
    let window = order.appoint_from.map(|at| format::time(cx, at)).unwrap_or_default();
    let facts = [
        (T("客户", "Customer"), name.as_str()),
        (T("区域", "Area"), order.region.as_str()),
        (T("设备", "Unit"), order.model_name.as_str()),
        (T("约定", "Promised"), window.as_str()),
        (T("故障现象", "Fault"), order.symptom.as_str()),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    ui::dl(&facts.map(|(label, value)| ui::Def::new(cx.t(label), html! { (value) })).collect::<Vec<_>>())
}

/// The dialog that assigns an order, see [`rules::nearness`] for the order of people.
pub fn assign_dialog(
    cx: &Cx,
    order: &OrderBrief,
    day: &Day,
    outlets: &[(kernel::Id, String)],
    form: &AssignForm,
    errors: &FormErrors,
) -> Markup {
    let mut people: Vec<&EngineerDay> = day.engineers.iter().collect();
    let outlet = order.outlet_id.unwrap_or(order.org_id);
    people.sort_by_key(|e| rules::nearness(e, outlet, &order.model_name));
    let title = format!("{} {}", cx.t(T("派工", "Assign")), order.no);
    if order.unverified {
        // It would be refused whatever was chosen.
        return ui::modal(cx.lang, &title, html! { (unverified(cx, order)) (about(cx, order)) }, "");
    }
    let default = |typed: &str, promised: Option<kernel::Ts>| {
        if typed.is_empty() {
            promised.map(|at| format::field_time(cx, at)).unwrap_or_default()
        } else {
            typed.to_string()
        }
    };
    let body = html! {
        (errors.summary(cx.lang))
        (ui::hidden("version", order.version))
        @if let Some(day) = form.day { (ui::hidden("day", day)) (ui::hidden("area", form.area.as_deref().unwrap_or_default())) }
        (about(cx, order))
        (ui::fields(html! {
            (Field::select("engineer_id", cx.t(T("工程师", "Engineer"))).options(people.iter().map(|e| choice(cx, e)))
                .blank(cx.t(T("请选择", "Choose"))).value(form.engineer_id.map(|id| id.to_string()).unwrap_or_default()).required().autofocus().full()
                .error(errors.of("engineer_id")))
            (ui::pair(
                Field::datetime("from", cx.t(T("上门时间", "Visit from"))).value(default(&form.from, order.appoint_from)).error(errors.of("appointment_from")),
                Field::datetime("to", cx.t(T("至", "Until"))).value(default(&form.to, order.appoint_to)).error(errors.of("appointment_to")),
            ))
            (helpers(cx, &people, form, errors))
            @if outlets.len() > 1 {
                (Field::select("outlet_id", cx.t(T("承接网点", "Outlet that does it"))).blank(cx.t(T("本机构", "The order's own")))
                    .options(outlets.iter().map(|(id, name)| (id.to_string(), name.clone()))).value(form.outlet_id.map(|id| id.to_string()).unwrap_or_default()).full()
                    .error(errors.of("outlet_id")))
            }
            @if order.engineer_id.is_some() {
                (Field::text("reason", cx.t(T("改派原因", "Why again"))).value(form.reason.clone().unwrap_or_default()).required().full().error(errors.of("reason")))
            }
        }))
    };
    ui::modal_form(
        cx.lang,
        &title,
        Form::post(format!("/orders/{}/assign", order.id), cx.form_key()).in_dialog(),
        cx.t(T("派工", "Assign")),
        body,
    )
}
