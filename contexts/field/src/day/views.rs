//! Markup of the day, and small parts that all phone pages share.

use kernel::{Date, T, Ts};
use kit::{Cx, format};
use maud::{Markup, html};
use orders::api::{State, Waiting};
use ui::{Btn, JobCard, PhoneTab, Sla, SlaKind, Tone};

use super::model::{Day, View, Visit};

/// Places of the tab bar; `here` is the current one.
pub fn tabs(here: &str) -> Vec<PhoneTab> {
    let tab = |icon, label, href: &str| PhoneTab {
        icon,
        label,
        href: href.to_string(),
        current: href == here,
        fab: false,
    };
    vec![
        tab("clipboard-list", T("工单", "Visits"), "/m"),
        tab("inbox", T("待办", "To do"), "/inbox"),
        tab("package", T("车载库存", "Van stock"), "/m/stock"),
        tab("bell", T("通知", "Notices"), "/notifications"),
        tab("user", T("我的", "Me"), "/m/me"),
    ]
}

/// Name of a weekday.
pub fn weekday(cx: &Cx, date: Date) -> &'static str {
    const NAMES: [T; 7] = [
        T("周一", "Mon"),
        T("周二", "Tue"),
        T("周三", "Wed"),
        T("周四", "Thu"),
        T("周五", "Fri"),
        T("周六", "Sat"),
        T("周日", "Sun"),
    ];
    // 1 January 2024 was a Monday.
    let days = Date::new(2024, 1, 1).map_or(0, |monday| date.days_since(monday));
    cx.t(NAMES[usize::try_from(days.rem_euclid(7)).unwrap_or(0)])
}

/// `10:30`
pub fn clock(cx: &Cx, at: Ts) -> String {
    format::full_time(cx, at).split(' ').nth(1).unwrap_or_default().to_string()
}

/// `10:30–12:00`, with the day when it is not today; empty when nothing was agreed.
pub fn window(cx: &Cx, from: Option<Ts>, to: Option<Ts>) -> String {
    let Some(from) = from else { return String::new() };
    let today = format::date_of(cx, from) == format::date_of(cx, cx.now());
    let start = if today { clock(cx, from) } else { format::time(cx, from) };
    to.map_or_else(|| start.clone(), |to| format!("{start}–{}", clock(cx, to)))
}

/// State of a visit, with its reason when it waits.
pub fn state(cx: &Cx, state: State, waiting: &str, departed: bool) -> Markup {
    let (look, label) = match state {
        State::Scheduled if departed => ("enroute", cx.t(T("在途", "On the way"))),
        State::Waiting => {
            (state.look(), Waiting::parse(waiting).map_or(cx.t(state_label(state)), |w| cx.t(w.label())))
        }
        _ => (state.look(), cx.t(state_label(state))),
    };
    ui::st(look, label)
}

fn state_label(state: State) -> T {
    state.label()
}

/// How the next deadline of `total` seconds stands.
pub fn deadline(cx: &Cx, state: State, due: Option<Ts>, total: i64) -> Option<Markup> {
    if state == State::Waiting {
        return Some(ui::sla(&Sla::new(SlaKind::Paused, cx.t(T("已暂停", "Paused")))));
    }
    let seconds = |at: Ts| at.0.div_euclid(1_000_000);
    due.map(|due| ui::sla(&Sla::running(cx.lang, seconds(cx.now()), seconds(due), total)))
}

/// Buttons that dial and navigate. Both are posts: who looked at number and address is on record.
pub fn contact_buttons(cx: &Cx, id: kernel::Id) -> [Btn; 2] {
    [
        Btn::new(cx.t(T("导航", "Route")))
            .icon("navigation")
            .soft()
            .touch()
            .post(format!("/m/orders/{id}/route"))
            .swap("none"),
        Btn::new(cx.t(T("电话", "Call")))
            .icon("phone")
            .soft()
            .touch()
            .post(format!("/m/orders/{id}/call"))
            .swap("none"),
    ]
}

fn card(cx: &Cx, visit: &Visit, view: View) -> JobCard {
    let href = format!("/m/orders/{}", visit.id);
    let current =
        visit.state == State::InProgress || (visit.state == State::Scheduled && visit.departed_at.is_some());
    let mut tags = Vec::new();
    if visit.urgent || visit.priority >= 4 {
        tags.push(ui::tag(Tone::Red, cx.t(T("紧急", "Urgent"))));
    }
    if visit.reworks > 0 {
        tags.push(ui::tag(Tone::Orange, cx.t(T("返工", "Rework"))));
    }
    let mut actions = Vec::new();
    if view == View::Today || current {
        actions.extend(contact_buttons(cx, visit.id));
        if current {
            actions.push(
                Btn::link(cx.t(T("继续作业", "Go on")), &href)
                    .primary()
                    .touch()
                    .grow()
                    .trailing("arrow-right"),
            );
        } else {
            actions.push(Btn::link(cx.t(T("查看", "Open")), &href).touch().grow());
        }
    }
    let time = match (view, visit.done_at) {
        (View::Done, Some(at)) => format::time(cx, at),
        _ => window(cx, visit.appointment_from, visit.appointment_to),
    };
    let text = [visit.model_name.as_str(), visit.symptom.as_str()]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join("，");
    JobCard {
        time: if time.is_empty() { cx.t(T("未定时", "No time yet")).to_string() } else { time },
        state: Some(state(cx, visit.state, &visit.waiting, visit.departed_at.is_some())),
        sla: if view == View::Done {
            None
        } else {
            deadline(cx, visit.state, visit.next_due_at, visit.next_due_total)
        },
        title: visit.customer_name.clone(),
        text,
        place: visit.address.clone(),
        distance: visit.no.clone(),
        tags,
        current,
        actions,
        href,
    }
}

/// The list of a segment, with the figures of the day on top.
pub fn day(cx: &Cx, day: &Day) -> Markup {
    let figures = [
        (cx.t(T("已完成", "Done")), day.done_today.to_string()),
        (cx.t(T("进行中", "At work")), day.in_progress.to_string()),
        (cx.t(T("待上门", "To visit")), day.to_visit.to_string()),
    ];
    let segments: Vec<(String, String, bool)> = View::ALL
        .iter()
        .zip(&day.counts)
        .map(|(view, n)| {
            let label =
                if *n > 0 { format!("{} {n}", cx.t(view.label())) } else { cx.t(view.label()).to_string() };
            (label, format!("/m?view={}", view.as_str()), *view == day.view)
        })
        .collect();
    let cards: Vec<JobCard> = day.visits.iter().map(|visit| card(cx, visit, day.view)).collect();
    html! {
        (ui::stack(&[
            ui::day_summary(&figures),
            ui::phone_segments(cx.t(T("时间范围", "Time")), &segments),
            if cards.is_empty() { nothing(cx, day.view) } else { ui::job_list(&cards) },
        ]))
    }
}

fn nothing(cx: &Cx, view: View) -> Markup {
    let (title, hint) = match view {
        View::Today => (
            T("今天没有安排", "Nothing planned today"),
            T("新派的工单会出现在这里", "New visits appear here"),
        ),
        View::Tomorrow => (T("明天没有安排", "Nothing planned tomorrow"), T("", "")),
        View::Todo => (
            T("没有待办工单", "Nothing to do"),
            T("未定时或等待中的工单会出现在这里", "Visits without a time, or waiting, appear here"),
        ),
        View::Done => (T("最近 7 天没有完成的工单", "Nothing finished in the last 7 days"), T("", "")),
    };
    ui::empty("checks", cx.t(title), cx.t(hint), None)
}
