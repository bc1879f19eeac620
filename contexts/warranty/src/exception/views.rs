//! Markup of exceptions.

use kernel::T;
use kit::{Cx, FormErrors};
use ui::{Field, Form, Markup, html};

use super::model::{ExceptionKind, NewException};
use crate::policy::model::Verdict;

pub const TITLE: T = T("批准质保例外", "Grant an exception");
const LIST: (T, &str) = (T("质保例外", "Warranty exceptions"), "/warranty/exceptions");

pub fn form(cx: &Cx, input: &NewException, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let options = |list: &'static [(&'static str, T)]| {
        list.iter().map(|(code, label)| (*code, t(*label))).collect::<Vec<_>>()
    };
    let verdicts: Vec<_> =
        options(Verdict::OPTIONS).into_iter().filter(|(code, _)| *code != Verdict::Refer.as_str()).collect();
    let form = Form::post("/warranty/exceptions", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::hidden("doc_kind", &input.doc_kind))
        (ui::hidden("doc_id", input.doc_id))
        @if let Some(unit) = input.unit_id { (ui::hidden("unit_id", unit)) }
        (ui::fieldset("", "", html! {
            (Field::chips("kind", t(T("类型", "Kind"))).options(options(ExceptionKind::OPTIONS)).value(input.kind.as_str()).wide())
            (Field::chips("verdict", t(T("结论", "Decision"))).options(verdicts).value(input.verdict.as_str()).wide().error(errors.of("verdict")))
            (Field::money("amount", t(T("公司承担金额", "Cost to the company"))).value(input.amount.0.fmt_plain()).error(errors.of("amount")))
            (Field::area("reason", t(T("理由", "Reason")), 3).value(&input.reason).required().full().error(errors.of("reason")))
        }))
        (ui::form_actions(cx.lang, t(T("批准", "Grant")), Some(LIST.1)))
    });
    let crumbs = [(t(LIST.0), Some(LIST.1)), (t(TITLE), None)];
    let intro = t(T(
        "记录由谁、因何、以多少金额作出与政策不同的决定",
        "Records who decided differently from the policies, why and for how much",
    ));
    ui::form_page(cx.lang, &crumbs, t(TITLE), intro, form, None)
}
