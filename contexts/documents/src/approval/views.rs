//! Markup of approvals.

use kernel::{Money, T};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Event, Field, Form, Row, Table, Tone};

use super::{model::*, rules, words};
use crate::document::{
    print,
    views::{Page, chain, data},
};

/// Heading of the matrices.
pub const SCHEMES: T = T("审批方案", "Approval matrices");

/// An approval: what it is about, who has signed, and the form for those whose turn it is.
pub fn approval_page(
    cx: &Cx,
    approval: &ApprovalOut,
    document: Option<&Page>,
    errors: &FormErrors,
) -> Markup {
    let crumbs = [(cx.t(T("待我办理", "Inbox")), Some("/inbox")), (approval.doc_no.as_str(), None)];
    let facts = [
        Def::new(
            cx.t(T("单据", "Document")),
            ui::id_link(&format!("/documents/{}", approval.doc_id), &approval.doc_no),
        ),
        Def::new(cx.t(T("金额", "Amount")), ui::num(format::money(Money(approval.amount)))),
        Def::new(cx.t(T("金额档", "Band")), html! { (approval.band) }),
        Def::new(cx.t(T("申请人", "Asked by")), ui::person(&approval.asked_by)),
        Def::new(cx.t(T("申请时间", "Asked at")), ui::num(format::time(cx, approval.asked_at))),
    ];
    let earlier: Vec<&ApprovalOut> = document.map(|page| others(page, approval)).unwrap_or_default();
    let body = html! {
        (ui::section(cx.t(T("审批内容", "What it is about")), html! {}, ui::dl(&facts)))
        @if let Some(page) = document { (data(cx, page)) }
        @if approval.mine { (ui::section(cx.t(T("签署", "Sign")), html! {}, sign_form(cx, approval, errors))) }
        (ui::section(cx.t(T("进度", "Progress")), html! {}, html! { (chain(cx, approval)) (ui::timeline(&events(cx, approval))) }))
        (crate::document::views::signatures(cx, &earlier))
    };
    let detail = Detail {
        actions: html! { (Btn::link(cx.t(T("打印", "Print")), format!("/approvals/{}/print", approval.id)).icon("printer").ghost().sm()) },
        ..Detail::new(&crumbs, &approval.title, body)
    };
    ui::detail_view(cx.lang, &detail)
}

/// The other approvals of its document, newest first.
fn others<'a>(page: &'a Page, approval: &ApprovalOut) -> Vec<&'a ApprovalOut> {
    page.approvals.iter().filter(|other| other.id != approval.id).collect()
}

fn sign_form(cx: &Cx, approval: &ApprovalOut, errors: &FormErrors) -> Markup {
    Form::post(format!("/approvals/{}/sign", approval.id), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::area("opinion", cx.t(T("意见（驳回必填）", "Opinion, needed to refuse")), 3).full().error(errors.of("opinion")))
        }))
        (ui::form_buttons(&[
            Btn::submit(cx.t(T("同意", "Approve"))).primary().name_value("decision", "approve"),
            Btn::submit(cx.t(T("驳回", "Refuse"))).danger().name_value("decision", "reject"),
        ]))
    })
}

fn who(cx: &Cx, seat: &SeatRow) -> String {
    if seat.instead_of.is_empty() {
        format!("{} {}", seat.post, seat.user_name)
    } else {
        format!("{} {}{}{}", seat.post, seat.user_name, cx.t(T("，代 ", ", for ")), seat.instead_of)
    }
}

fn events(cx: &Cx, approval: &ApprovalOut) -> Vec<Event> {
    let signed = approval.seats.iter().filter_map(|seat| seat.signed_at.map(|at| (at, seat)));
    let mut signed: Vec<_> = signed.collect();
    signed.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let event = |(at, seat): (kernel::Ts, &SeatRow)| {
        let yes = seat.state == SeatState::Approved;
        Event {
            icon: if yes { "check" } else { "x" },
            tone: if yes { Tone::Green } else { Tone::Red },
            head: html! { (ui::strong(who(cx, seat))) " " (cx.t(seat.state.label())) },
            time: format::time(cx, at),
            body: (!seat.opinion.is_empty()).then(|| html! { (seat.opinion) }),
        }
    };
    signed.into_iter().map(event).collect()
}

/// The printed approval with what it is about, and the document's others: whoever reads it knows what was signed for
/// before.
pub fn approval_sheet(cx: &Cx, approval: &ApprovalOut, document: Option<&Page>) -> Markup {
    html! {
        (ui::print_head(&cx.app.config.company, cx.t(T("审批单", "Approval")), &approval.doc_no, "", None))
        @if let Some(page) = document { (applied(cx, page)) }
        (sheet_part(cx, approval, ""))
        @for other in document.map(|page| others(page, approval)).unwrap_or_default() {
            (sheet_part(cx, other, &format!("{} {}", cx.t(T("其他审批", "Other approval")), format::full_time(cx, other.asked_at))))
        }
    }
}

/// What was applied for: what the document was opened with.
fn applied(cx: &Cx, page: &Page) -> Markup {
    let keys: Vec<&str> = page.template.asks.iter().map(|ask| process::access::asked(ask).0).collect();
    let known = |key: &&str| page.state.fields.get(*key).is_some_and(process::names::is_filled);
    let keys: Vec<&str> = keys.into_iter().filter(known).collect();
    ui::print_facts(&print::facts(cx, page, &keys))
}

fn sheet_part(cx: &Cx, approval: &ApprovalOut, title: &str) -> Markup {
    let rows: Vec<Vec<Markup>> = approval
        .seats
        .iter()
        .map(|seat| {
            let at = seat.signed_at.map(|at| format::full_time(cx, at)).unwrap_or_default();
            vec![
                html! { (who(cx, seat)) },
                html! { (cx.t(seat.state.label())) },
                html! { (seat.opinion) },
                html! { (at) },
            ]
        })
        .collect();
    let head = [
        cx.t(T("签署人", "Signer")),
        cx.t(T("结果", "Result")),
        cx.t(T("意见", "Opinion")),
        cx.t(T("时间", "Time")),
    ];
    html! {
        (ui::print_facts(&[
            (cx.t(T("申请人", "Applicant")), html! { (approval.asked_by) }, 1),
            (cx.t(T("申请时间", "Applied")), html! { (format::full_time(cx, approval.asked_at)) }, 2),
            (cx.t(T("内容", "About")), html! { (approval.title) }, 2),
            (cx.t(T("金额", "Amount")), html! { (format::money(Money(approval.amount))) }, 1),
            (cx.t(T("金额档", "Band")), html! { (approval.band) }, 2),
            (cx.t(T("结果", "Result")), html! { (cx.t(approval.state.label())) }, 1),
        ]))
        (ui::print_table(title, &head, &[], &rows, &[]))
    }
}

/// Matrices with their bands, and committees with their members.
pub fn schemes_page(cx: &Cx, schemes: &[SchemeOut], committees: &[CommitteeOut]) -> Markup {
    let en = cx.lang == kernel::Lang::En;
    let name = |zh: &str, english: &str| {
        if en && !english.is_empty() { english.to_string() } else { zh.to_string() }
    };
    let may = cx.can(&crate::perms::TEMPLATE_WRITE);
    let change =
        |label: T, href: String| html! { @if may { (Btn::link(cx.t(label), href).icon("edit").sm()) } };
    let body = html! {
        @for scheme in schemes {
            @let title = format!("{} v{} · {}", name(&scheme.name, &scheme.name_en), scheme.number, scheme.code);
            @let actions = html! { (stand(cx, schemes, scheme)) " " (change(T("新版本", "New version"), format!("/approval-schemes/new?copy={}", scheme.id))) };
            (ui::section(&title, actions, bands_table(cx, scheme)))
        }
        @for committee in committees {
            @let title = format!("{} · {}", name(&committee.name, &committee.name_en), committee.code);
            (ui::section(&title, change(T("修改", "Change"), format!("/committees/edit?code={}", committee.code)), html! {
                @for signer in &committee.posts {
                    @let people: Vec<&str> = committee.members.iter().filter(|(post, _)| *post == signer.post).map(|(_, n)| n.as_str()).collect();
                    (ui::row_end(html! { (words::signer_text(signer)) }, ui::or_none(Some(people.join("、")).filter(|p| !p.is_empty()).as_deref())))
                }
            }))
        }
    };
    ui::plain_view(cx.t(SCHEMES), super::setup::actions(cx), body)
}

/// Whether a version counts now, will count, or counted.
fn stand(cx: &Cx, schemes: &[SchemeOut], scheme: &SchemeOut) -> Markup {
    let now = cx.now();
    let same = schemes.iter().filter(|s| s.code == scheme.code && s.effective_from <= now);
    let current = same.max_by_key(|s| (s.effective_from, s.number)).map(|s| s.id);
    let from = format!("{} {}", cx.t(T("自", "from")), format::full_time(cx, scheme.effective_from));
    if current == Some(scheme.id) {
        ui::tag(Tone::Green, cx.t(T("现行", "in force")))
    } else if scheme.effective_from > now {
        ui::tag(Tone::Blue, from)
    } else {
        ui::tag(Tone::Neutral, cx.t(T("已被替代", "superseded")))
    }
}

fn bands_table(cx: &Cx, scheme: &SchemeOut) -> Markup {
    let rows = scheme
        .bands
        .iter()
        .enumerate()
        .map(|(index, band)| {
            let words = rules::band_words(&scheme.bands, index);
            let chain = band.stages.iter().map(words::stage_text).collect::<Vec<_>>().join(" → ");
            Row::new(index, &words, vec![ui::num(&words), html! { (chain) }])
        })
        .collect();
    let cols =
        [T("金额", "Amount"), T("谁签（→ 依次，+ 会签，/ 任一）", "Who signs (→ in turn, + all, / any)")]
            .map(|l| Col::new(cx.t(l)));
    ui::small_table(&Table::new(scheme.name.as_str(), cols.to_vec(), rows))
}
