//! What the page of substitutes looks like.

use kernel::{Id, T};
use kit::{Cx, FormErrors, format};
use ui::{Btn, Col, Field, Form, Markup, Row, Table, Tone, html};

use super::model::*;

pub(super) const TITLE: T = T("代班", "Substitutes");

pub(super) fn acting(
    cx: &Cx,
    periods: &[ActingOut],
    people: &[(Id, String, String)],
    input: Option<&NewActing>,
    errors: &FormErrors,
) -> Markup {
    let body = html! {
        (ui::section(cx.t(T("现在和将来", "Now and later")), html! {}, table(cx, periods)))
        (ui::section(cx.t(T("指定代班人", "Appoint a substitute")), html! {}, form(cx, people, input, errors)))
    };
    ui::plain_view(cx.t(TITLE), html! {}, body)
}

fn table(cx: &Cx, periods: &[ActingOut]) -> Markup {
    let heads = [
        T("不在岗", "Off duty"),
        T("代班人", "Stands in"),
        T("开始", "From"),
        T("结束", "Until"),
        T("原因", "Reason"),
        T("状态", "State"),
    ];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let rows = periods
        .iter()
        .map(|period| {
            let runs = period.from_at <= cx.now();
            let state = if runs {
                ui::tag(Tone::Green, cx.t(T("进行中", "running")))
            } else {
                ui::tag(Tone::Neutral, cx.t(T("未开始", "later")))
            };
            let cells = vec![
                ui::person(&period.absent_name),
                ui::person(&period.substitute_name),
                ui::num(format::time(cx, period.from_at)),
                ui::num(format::time(cx, period.until_at)),
                ui::or_none(Some(&period.reason)),
                state,
            ];
            let end = ui::post_button(
                &format!("/acting/{}/end", period.id),
                cx.form_key(),
                Btn::new(cx.t(T("结束", "End"))).sm().danger(),
            );
            Row::new(period.id, &period.absent_name, cells).actions(end)
        })
        .collect();
    let none = ui::empty("users", cx.t(T("没有代班", "Nobody stands in for anybody")), "", None);
    ui::small_table(&Table::new(cx.t(TITLE), cols, rows).empty(none))
}

fn form(cx: &Cx, people: &[(Id, String, String)], input: Option<&NewActing>, errors: &FormErrors) -> Markup {
    let options = || people.iter().map(|(id, no, name)| (id.to_string(), format!("{name}（{no}）")));
    let choose = cx.t(T("请选择", "choose"));
    Form::post("/acting", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::select("absent_id", cx.t(T("不在岗人员", "Who is off duty"))).options(options()).blank(choose).maybe(input.map(|i| i.absent_id)).required().error(errors.of("absent_id")))
            (Field::select("substitute_id", cx.t(T("代班人", "Who stands in"))).options(options()).blank(choose).maybe(input.map(|i| i.substitute_id)).required().error(errors.of("substitute_id")))
            (ui::pair(
                Field::datetime("from", cx.t(T("开始（留空为现在）", "From (empty: now)"))).maybe(input.and_then(|i| i.from.as_deref())).error(errors.of("from")),
                Field::datetime("until", cx.t(T("结束", "Until"))).maybe(input.map(|i| i.until.as_str())).required().error(errors.of("until")),
            ))
            (Field::text("reason", cx.t(T("原因", "Reason"))).maybe(input.and_then(|i| i.reason.as_deref())).wide().error(errors.of("reason")))
        }))
        (Btn::submit(cx.t(T("指定", "Appoint"))).primary())
    })
}
