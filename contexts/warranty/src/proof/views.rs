//! Markup of proofs.

use kernel::{Id, T};
use kit::{Cx, FormErrors, format};
use ui::{Col, Field, Form, Markup, Row, Table, html};

use super::model::{NewProof, ProofKind, ProofRow};
use crate::perms::PROOF_WRITE;

/// Proofs of a unit, with a form for another.
pub fn proofs_section(cx: &Cx, unit: Id, proofs: &[ProofRow]) -> Markup {
    let t = |text: T| cx.t(text);
    let heads = [
        T("凭证", "Proof"),
        T("号码", "Number"),
        T("日期", "Date"),
        T("核对人", "Checked by"),
        T("时间", "When"),
        T("说明", "Note"),
    ];
    let rows = proofs
        .iter()
        .map(|row| {
            let cells = vec![
                html! { (t(row.kind.label())) },
                html! { (row.number) },
                html! { @if let Some(date) = row.proof_date { (date) } },
                html! { (row.verified_name) },
                html! { (format::time(cx, row.created_at)) },
                html! { (row.note) },
            ];
            Row::new(row.id, row.number.clone(), cells)
        })
        .collect();
    let title = t(T("质保凭证", "Proofs"));
    let table = Table::new(title, heads.iter().map(|h| Col::new(t(*h))).collect(), rows).empty(ui::empty(
        "file-certificate",
        t(T("还没有核对过凭证", "No proof was checked yet")),
        "",
        None,
    ));
    let empty =
        NewProof { kind: ProofKind::Card, number: String::new(), proof_date: None, note: String::new() };
    html! {
        (ui::section(title, html! {}, ui::small_table(&table)))
        @if cx.can(&PROOF_WRITE) { (proof_form(cx, unit, &empty, &FormErrors::default())) }
    }
}

pub fn proof_form(cx: &Cx, unit: Id, input: &NewProof, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let options = ProofKind::OPTIONS.iter().map(|(code, label)| (*code, t(*label)));
    let form = Form::post(format!("/units/{unit}/proofs"), cx.form_key()).target("closest section").body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::chips("kind", t(T("出示了", "Shown"))).options(options).value(input.kind.as_str()).wide())
            (Field::text("number", t(T("号码", "Number"))).value(&input.number).error(errors.of("number")))
            (Field::date("proof_date", t(T("日期", "Date"))).maybe(input.proof_date))
            (Field::text("note", t(T("说明", "Note"))).value(&input.note).full())
        }))
        (ui::form_actions(cx.lang, t(T("登记凭证", "Note the proof")), None))
    });
    ui::section(t(T("登记新凭证", "Note a proof")), html! {}, form)
}
