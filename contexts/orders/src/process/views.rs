//! What an order's page shows of its process: where it stands, what may be done next, which clocks run.

use documents::api::{ClockOut, OfferOut, RunBrief};
use kernel::T;
use kit::{Cx, format};
use ui::{Btn, Markup, Tone, html};

/// Section of the order's page; the step itself is worked on at the run's own page.
pub fn section(cx: &Cx, run: &RunBrief) -> Markup {
    let href = format!("/documents/{}", run.row.id);
    let open = Btn::link(cx.t(T("办理", "Work on it")), href.as_str()).primary().sm().icon("arrow-right");
    let mut facts = vec![
        (cx.t(T("流程", "Process")), html! { (run.process) " " (ui::id_link(&href, &run.row.no)) }),
        (cx.t(T("当前步骤", "Step")), ui::strong(&run.step)),
    ];
    if !run.offers.is_empty() {
        facts
            .push((cx.t(T("下一步", "Next")), html! { @for offer in &run.offers { (next(cx, offer)) " " } }));
    }
    let due = |clock: &ClockOut| match clock.due_at {
        Some(at) if at < cx.now() => {
            ui::tag(Tone::Red, format!("{} {}", format::time(cx, at), cx.t(T("已超时", "late"))))
        }
        Some(at) => ui::num(format::time(cx, at)),
        None if clock.state == "open" => ui::muted(cx.t(T("时间未定", "no time set"))),
        None => ui::tag(Tone::Amber, cx.t(T("暂停", "paused"))),
    };
    let clocks = html! { @for clock in &run.clocks { (ui::row_end(&clock.name, due(clock))) } };
    if !run.clocks.is_empty() {
        facts.push((cx.t(T("流程时限", "Clocks")), clocks));
    }
    let actions = html! { @if run.row.ended_at.is_none() { (open) } };
    ui::section(
        cx.t(T("流程", "Process")),
        actions,
        html! { (ui::kv(&facts)) @if !run.help.is_empty() { (ui::muted(&run.help)) } },
    )
}

fn next(cx: &Cx, offer: &OfferOut) -> Markup {
    match &offer.blocked {
        Some(why) => ui::small(format!("{}{}{why}", offer.name, cx.t(T("：", ": ")))),
        None => ui::tag(Tone::Blue, &offer.name),
    }
}
