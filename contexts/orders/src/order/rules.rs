//! What may be done to an order and what follows from it. Pure: plain data in, decision or refusal out.

use kernel::{Id, Money, Problems, RuleError, T, Ts};
use kit::{Error, Result};

use super::{
    input::{AssignOrder, Complete, Confirm, Wait},
    model::{FixClass, Mode, OrderRow, OrderStep, OrderUnit, Share, Sla, VerifyWith, Waiting, WarrantyClass},
};
use crate::{flow::State, line::rules::Cover};

/// Longest texts, characters.
pub const SHORT: usize = 200;
/// Longest prose, characters.
pub const LONG: usize = 4000;
/// Hours and kilometres that a completion sheet takes.
const MOST_HOURS: i64 = 10_000;
const MOST_KM: i64 = 100_000;

/// Data that CALL-07 demands at intake and that is missing, as field names.
pub fn missing(row: &OrderRow, purchase_known: bool) -> Vec<&'static str> {
    let lacks = [
        ("customer_name", row.customer_name.is_empty()),
        ("address", row.address.is_empty()),
        ("phone", row.phone.is_empty()),
        ("model", row.model_id.is_none()),
        ("purchase_date", !purchase_known),
        ("symptom", row.symptom.is_empty()),
        ("demand", row.demand.is_empty()),
    ];
    lacks.into_iter().filter(|(_, lacking)| *lacking).map(|(name, _)| name).collect()
}

/// Label of a field that [`missing`] names.
pub fn missing_label(name: &str) -> T {
    match name {
        "customer_name" => T("客户姓名", "customer name"),
        "address" => T("地址", "address"),
        "phone" => T("电话", "phone"),
        "model" => T("产品型号", "model"),
        "purchase_date" => T("购买日期", "purchase date"),
        "symptom" => T("故障现象", "symptom"),
        _ => T("客户要求", "customer's demand"),
    }
}

/// Head data that no order may have. Collects everything that is wrong.
pub fn check_head(row: &OrderRow) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let texts = [
        ("contact", &row.contact, SHORT),
        ("phone", &row.phone, 40),
        ("address", &row.address, 400),
        ("region", &row.region, SHORT),
        ("source", &row.source, 60),
        ("external_no", &row.external_no, 80),
        ("symptom", &row.symptom, LONG),
        ("demand", &row.demand, LONG),
        ("remark", &row.remark, LONG),
    ];
    for (field, text, most) in texts {
        problems.check(text.chars().count() <= most && !text.contains('\0'), || {
            RuleError::new("text.length", T("最多 {most} 个字", "At most {most} characters"))
                .arg("most", most)
                .field(field)
        });
    }
    problems.check((1..=4).contains(&row.priority), || {
        RuleError::new("orders.priority", T("优先级应为 1–4", "The priority is 1 to 4")).field("priority")
    });
    problems.check(row.quote_limit.is_none_or(|limit| !limit.is_negative()), || {
        RuleError::new("orders.limit_negative", T("限额不能为负", "The limit can't be negative"))
            .field("over_quote_limit")
    });
    problems.take(check_appointment(row.appoint_from, row.appoint_to));
    problems.take(check_ahead(row, row.appoint_from));
    // A day of leeway: calendars of the two sides differ.
    let first_day = row.created_at.plus_days(-1).date_in(&kernel::Tz::UTC);
    problems.check(row.pickup_on.is_none_or(|day| day >= first_day), || {
        let text = T("取件日期不能早于接单", "The pick-up day can't lie before the order");
        RuleError::new("orders.pickup_past", text).field("pickup_on")
    });
    problems.finish()
}

/// Nobody makes an appointment for a time before the order; an hour ago may still be put down.
fn check_ahead(row: &OrderRow, from: Option<Ts>) -> Result<(), RuleError> {
    if from.is_none_or(|from| from >= row.created_at.plus_days(-1)) {
        return Ok(());
    }
    let text = T("预约时间不能早于接单", "The appointment can't lie before the order");
    Err(RuleError::new("orders.appointment_past", text).field("appointment_from"))
}

/// An appointment ends after it begins, and within a week.
pub fn check_appointment(from: Option<Ts>, to: Option<Ts>) -> Result<(), RuleError> {
    match (from, to) {
        (Some(from), Some(to)) if to < from || to > from.plus_days(7) => {
            let text = T(
                "预约结束时间应在开始之后、7 天以内",
                "The appointment must end after it begins, within 7 days",
            );
            Err(RuleError::new("orders.appointment", text).field("appointment_to"))
        }
        (None, Some(_)) => {
            let text = T("请填写预约开始时间", "Give the beginning of the appointment");
            Err(RuleError::new("orders.appointment", text).field("appointment_from"))
        }
        _ => Ok(()),
    }
}

/// 409 when the caller saw an older version.
pub fn check_version(row: &OrderRow, seen: Option<i64>) -> Result<()> {
    if seen.is_none_or(|seen| seen == row.version) { Ok(()) } else { Err(stale()) }
}

/// Somebody was faster.
pub fn stale() -> Error {
    let text =
        T("工单刚被别人修改过，请刷新后再试", "Somebody has just changed this order; reload and try again");
    Error::Conflict(RuleError::new("orders.stale", text))
}

/// A reason in words is needed.
pub fn need_reason(reason: Option<&str>) -> Result<String, RuleError> {
    let reason = reason.map(str::trim).unwrap_or_default();
    if reason.is_empty() || reason.chars().count() > LONG {
        return Err(RuleError::new("orders.reason", T("请写明原因", "Give the reason")).field("reason"));
    }
    Ok(reason.to_string())
}

/// Verified with the dispatcher first, then with the customer, with each once (CALL-07).
pub fn check_verify(row: &OrderRow, with: VerifyWith) -> Result<(), RuleError> {
    let text = match (row.verify_next(), with) {
        (Some(next), with) if next == with => return Ok(()),
        (Some(VerifyWith::Dispatcher), _) => {
            let text = T(
                "请先与调度核实，再与客户核实",
                "Verify it with the dispatcher first, then with the customer",
            );
            return Err(RuleError::new("orders.verify_order", text).field("with"));
        }
        (_, VerifyWith::Dispatcher) => T("已与调度核实过", "It was already verified with the dispatcher"),
        (_, VerifyWith::Customer) => T("已与客户核实过", "It was already verified with the customer"),
    };
    Err(RuleError::new("orders.verified_already", text).field("with"))
}

/// Assignment: incomplete data first verified (CALL-07); a change of engineer gives a reason (WO-44); shares of
/// helpers leave something for the lead (PAY-14).
pub fn check_assign(row: &OrderRow, input: &AssignOrder, must_verify: bool) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(!must_verify || !row.unverified(), || {
        let text = T(
            "信息不全，须先与调度、再与客户核实后才能派工",
            "Data is incomplete: verify it with the dispatcher, then with the customer, before assigning",
        );
        RuleError::new("orders.incomplete", text)
    });
    let moves_on = row.engineer_id.is_some_and(|now| now != input.engineer_id);
    problems.check(!moves_on || input.reason.as_deref().is_some_and(|r| !r.trim().is_empty()), || {
        RuleError::new("orders.reason", T("改派须写明原因", "Say why the order is reassigned"))
            .field("reason")
    });
    let mut seen = vec![input.engineer_id];
    for (index, helper) in input.helpers.iter().enumerate() {
        let twice = seen.contains(&helper.staff_id);
        problems.check(!twice, || {
            RuleError::new(
                "orders.helper_twice",
                T("同一人只能出现一次", "The same person can be named once"),
            )
            .field(format!("helpers.{index}.staff_id"))
        });
        seen.push(helper.staff_id);
    }
    let given: i64 = input.helpers.iter().map(|h| h.share_bp).sum();
    problems.check(
        input.helpers.iter().all(|h| (1..10_000).contains(&h.share_bp)) && (0..10_000).contains(&given),
        || {
            let text =
                T("协助人员的分成合计应小于 100%", "The helpers' shares must leave something for the lead");
            RuleError::new("orders.shares", text).field("helpers")
        },
    );
    problems.take(check_appointment(input.appointment_from, input.appointment_to));
    problems.take(check_ahead(row, input.appointment_from));
    problems.finish()
}

/// Waiting: `other` needs words, continuous work a successor (WO-15).
pub fn check_wait(row: &OrderRow, input: &Wait) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let words = input.note.as_deref().is_some_and(|n| !n.trim().is_empty());
    problems.check(input.reason != Waiting::Other || words, || {
        RuleError::new("orders.reason", T("请写明原因", "Give the reason")).field("note")
    });
    let unassigned = row.state == State::Accepted;
    problems.check(!unassigned || input.hand_over_to.is_none(), || {
        let text = T("还没有派工，请直接派工", "It is not assigned yet: assign it instead");
        RuleError::new("orders.hand_over", text).field("hand_over_to")
    });
    problems.check(!row.continuous || unassigned || input.hand_over_to.is_some(), || {
        let text = T(
            "连续作业的工单不能中断，请指定接手工程师",
            "Continuous work can't be left: name the engineer who goes on",
        );
        RuleError::new("orders.hand_over", text).field("hand_over_to")
    });
    problems.finish()
}

/// Shares after the lead gave the order to somebody else: the lead's part goes with it; who helped before has both.
pub fn handed_over(shares: &[Share], next: Id) -> Vec<Share> {
    let (own, others): (Vec<&Share>, Vec<&Share>) =
        shares.iter().partition(|share| share.lead || share.staff_id == next);
    let lead = Share { staff_id: next, share_bp: own.iter().map(|share| share.share_bp).sum(), lead: true };
    std::iter::once(lead).chain(others.into_iter().cloned()).collect()
}

/// Cancelling is for orders on which nothing was finished: it strikes the fees. Others are terminated.
pub const fn may_cancel(row: &OrderRow) -> bool {
    row.reworks == 0
}

/// 409 when work was finished before.
pub fn check_cancel(row: &OrderRow) -> Result<()> {
    if may_cancel(row) {
        return Ok(());
    }
    let text = T(
        "返工的工单不能取消，请用“终止”，已做的工作照常收费",
        "An order that came back can't be cancelled: terminate it, what was done stays charged",
    );
    Err(Error::Conflict(RuleError::new("orders.cancel_done", text)))
}

/// Where an order stood before it waited, by its history: it goes on from there (WO-14). An engineer named meanwhile
/// counts; without history it was at work.
pub fn waited_from(steps: &[OrderStep]) -> State {
    let waiting = State::Waiting.as_str();
    let mut back = State::InProgress;
    for step in steps.iter().filter(|step| step.to_state == waiting) {
        if step.from_state != waiting {
            back = State::parse(&step.from_state).unwrap_or(back);
        } else if step.action == "assign" && back == State::Accepted {
            back = State::Scheduled;
        }
    }
    back
}

/// SHOP-18: the payable amount is above what the customer allowed, by limit or by later consent.
pub fn over_quote(payable: Money, limit: Option<Money>, consent: Option<Money>) -> bool {
    let allowed = match (limit, consent) {
        (None, _) => return false,
        (Some(limit), Some(consent)) => limit.max(consent),
        (Some(limit), None) => limit,
    };
    payable > allowed
}

/// 409 while the order is over its quote and nobody agreed.
pub fn check_quote(row: &OrderRow) -> Result<()> {
    if !over_quote(row.payable, row.quote_limit, row.consent_total) {
        return Ok(());
    }
    let text = T(
        "应收 {payable} 超过约定上限 {limit}，须先征得客户同意",
        "{payable} payable is over the limit of {limit}: the customer must agree first",
    );
    let limit = row.consent_total.max(row.quote_limit).unwrap_or_default();
    Err(Error::Conflict(
        RuleError::new("orders.over_quote", text).arg("payable", row.payable).arg("limit", limit),
    ))
}

/// Completion sheet: attribution always; root cause and result for repairs; help for what the customer caused;
/// a signature on site, or why not (WO-17, 18, 21, 42). `ended`: see [`finished`].
pub fn check_complete(
    row: &OrderRow,
    input: &Complete,
    repair: bool,
    must_sign: bool,
    ended: Result<Ts, RuleError>,
) -> Result<Ts, Problems> {
    let mut problems = Problems::new();
    problems.check(row.engineer_id.is_some(), || {
        let text = T("请先派工：完工须有工程师", "Assign an engineer first: somebody did the work");
        RuleError::new("orders.engineer_missing", text)
    });
    let filled = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    problems.check(warranty::api::Cause::parse(&input.cause).is_some(), || {
        RuleError::new("orders.cause", T("请选择原因归属", "Choose what caused it")).field("cause")
    });
    problems.check(!repair || filled(&input.root_cause), || {
        RuleError::new("orders.root_cause", T("请填写根本原因", "Record the root cause")).field("root_cause")
    });
    problems.check(filled(&input.result), || {
        RuleError::new("orders.result", T("请填写处理结果", "Record what was done")).field("result")
    });
    problems.check(input.cause != "customer" || filled(&input.assistance), || {
        let text = T("客户原因须记录解释与协助方案", "Record the explanation and the plan to help");
        RuleError::new("orders.assistance", text).field("assistance")
    });
    let signed =
        input.signature.is_some() || filled(&input.acceptance_code) || filled(&input.unsigned_reason);
    problems.check(!must_sign || row.mode != Mode::OnSite || signed, || {
        RuleError::new(
            "orders.signature",
            T(
                "请客户签字、报验收码，或写明未签原因",
                "Have the customer sign or tell the code, or say why not",
            ),
        )
        .field("signature")
    });
    for (field, said, most) in
        [("hours", input.hours, MOST_HOURS), ("distance_km", input.distance_km, MOST_KM)]
    {
        problems.check(said.is_none_or(|n| (0..=most * 1000).contains(&n.0)), || {
            let text = T("应在 0 到 {most} 之间", "Between 0 and {most}");
            RuleError::new("orders.effort", text).arg("most", most).field(field)
        });
    }
    for (field, text) in
        [("root_cause", &input.root_cause), ("result", &input.result), ("assistance", &input.assistance)]
    {
        problems.check(text.as_ref().is_none_or(|t| t.chars().count() <= LONG), || {
            RuleError::new("text.length", T("最多 {most} 个字", "At most {most} characters"))
                .arg("most", LONG)
                .field(field)
        });
    }
    match ended {
        Ok(at) => problems.finish().map(|()| at),
        Err(refused) => {
            problems.push(refused);
            Err(problems)
        }
    }
}

/// The last time an order went back.
pub fn sent_back(steps: &[OrderStep]) -> Option<Ts> {
    let back =
        |step: &&OrderStep| step.to_state == State::Reopened.as_str() && step.from_state != step.to_state;
    steps.iter().filter(back).map(|step| step.at).max()
}

/// When work that ends now is said to have ended: after the intake, and after it was sent back. `leeway`: minutes that
/// who did it may set it back, not before the visit; none: the office enters what others did, whenever it was.
pub fn finished(
    row: &OrderRow,
    steps: &[OrderStep],
    said: Ts,
    leeway: Option<i64>,
    now: Ts,
) -> Result<Ts, RuleError> {
    let refused = |text| RuleError::new("orders.finished_at", text).field("finished_at");
    let began = row.arrived_at.max(row.started_at).filter(|_| leeway.is_some());
    let least = began.max(sent_back(steps)).unwrap_or(row.created_at).max(row.created_at);
    // Times that people type have no seconds.
    if said > now || said < least.plus_secs(-60) {
        let text = T("完工时间应在开始之后、现在之前", "The work ended after it began and before now");
        return Err(refused(text));
    }
    match leeway {
        Some(minutes) if now.mins_since(said) > minutes => {
            let text = T(
                "完工时间最多补填 {minutes} 分钟前，更早的请调度登记",
                "The end can be set back by {minutes} minutes at most; earlier times are entered by the dispatcher",
            );
            Err(refused(text).arg("minutes", minutes))
        }
        _ => Ok(said.max(least)),
    }
}

/// Points are 0 to 100.
pub fn check_score(score: Option<i64>) -> Result<(), RuleError> {
    match score {
        Some(score) if !(0..=100).contains(&score) => {
            Err(RuleError::new("orders.score", T("评分应为 0–100", "The score is 0 to 100")).field("score"))
        }
        _ => Ok(()),
    }
}

/// Who did the work enters a rating of it only with the customer's signature or acceptance code: it is paid for (PAY-06).
pub fn check_rating(row: &OrderRow, input: &Confirm, who: Id) -> Result<(), RuleError> {
    let own = kit::Owned::owners(row).contains(&who);
    if input.score.is_none() || !own || row.signed || input.proven {
        return Ok(());
    }
    let text = T(
        "评分须有客户签字或验收码，否则由回访员登记",
        "A rating needs the customer's signature or code; otherwise the callback clerk enters it",
    );
    Err(RuleError::new("orders.score_unproven", text).field("score"))
}

/// Audit: after a satisfied callback, unless it may be and is waived with a note.
pub fn check_audit(row: &OrderRow, needs_callback: bool, waived: bool, note: &str) -> Result<(), Error> {
    let satisfied = row.callback_class == "satisfied" || row.callback_class == "bad_attitude";
    if !needs_callback || satisfied {
        return Ok(());
    }
    if waived {
        return need_reason(Some(note)).map(drop).map_err(|e| e.field("note").into());
    }
    let text = T("回访满意后才能审核", "Audit only after a satisfied callback");
    Err(Error::Conflict(RuleError::new("orders.callback_missing", text)))
}

/// What an audit takes off the commission is never negative, and says why: it is all that the engineer reads (PAY-02).
///
/// Errors: `orders.deduction`, `orders.deduction_why`.
pub fn check_deduction(deduction: Money, note: &str) -> Result<(), RuleError> {
    if deduction.is_negative() {
        let text = T("扣款不能为负", "A deduction can't be negative");
        return Err(RuleError::new("orders.deduction", text).field("deduction"));
    }
    if deduction.is_zero() || !note.is_empty() {
        return Ok(());
    }
    let text = T("有扣款时请写明原因，工程师会看到", "Say why something is deducted: the engineer reads it");
    Err(RuleError::new("orders.deduction_why", text).field("note"))
}

/// WO-45: how well a repair held, from the rework rounds of the order, the later repeats on the same unit, and how
/// many rounds came before.
pub fn fix_class(done: bool, failed_fixes: i64, repeat_round: i64) -> FixClass {
    match (done, failed_fixes, repeat_round) {
        (_, 0, _) if done => FixClass::First,
        (false, 0, _) => FixClass::Unknown,
        (_, 1, 0) => FixClass::NotOnce,
        _ => FixClass::NotRepeatedly,
    }
}

/// PROD-07: the last repair of the unit ended less than `days` ago. One that is not done yet has not failed.
pub fn is_repeat(last_done: Option<Ts>, now: Ts, days: i64) -> bool {
    days > 0 && last_done.is_some_and(|done| now.0 >= done.0 && done >= now.plus_days(-days))
}

/// Nobody was there and nothing was begun: stopped now, the order says nothing about the repair before it.
pub const fn never_begun(row: &OrderRow) -> bool {
    row.reworks == 0 && row.arrived_at.is_none() && row.started_at.is_none()
}

/// What the warranty bears of a unit: its own decision, unless a person set the class of the order (WO-04, WO-46,
/// WO-48).
pub fn cover(class: WarrantyClass, by_hand: bool, decided: Cover) -> Cover {
    match class {
        _ if !by_hand => decided,
        WarrantyClass::Claim => Cover::FULL,
        WarrantyClass::Out => Cover::default(),
        WarrantyClass::In if decided == Cover::default() => Cover::FULL,
        WarrantyClass::In => decided,
    }
}

/// Class of an order by its units' decisions: in warranty when that bears anything of it (WO-46).
pub fn class_of(units: &[OrderUnit]) -> WarrantyClass {
    let covered = |unit: &OrderUnit| unit.verdict == warranty::api::Verdict::Covered.as_str();
    if units.iter().any(covered) { WarrantyClass::In } else { WarrantyClass::Out }
}

/// State of the next deadline for lists, from the kinds of clocks that ran out.
pub fn sla_after(state: State, late: &str) -> Sla {
    match state {
        _ if state.is_final() || !state.is_open() => Sla::Fine,
        State::Waiting => Sla::Paused,
        _ if !late.is_empty() => Sla::Over,
        _ => Sla::Fine,
    }
}

/// Adds a kind to a list of kinds joined by commas, once.
pub fn with_kind(kinds: &str, kind: &str) -> String {
    if kinds.split(',').any(|k| k == kind) {
        return kinds.to_string();
    }
    if kinds.is_empty() { kind.to_string() } else { format!("{kinds},{kind}") }
}

/// Takes a kind off such a list.
pub fn without_kind(kinds: &str, kind: &str) -> String {
    kinds.split(',').filter(|k| *k != kind).collect::<Vec<_>>().join(",")
}

/// The signed sheet came back between the opening of the order and now.
pub fn check_sheet_back(row: &OrderRow, back: Option<Ts>, now: Ts) -> Result<(), RuleError> {
    if back.is_none_or(|at| at >= row.created_at && at <= now) {
        return Ok(());
    }
    let text = T("回单时间应在接单之后、现在之前", "The sheet came back between intake and now");
    Err(RuleError::new("orders.sheet_returned_at", text).field("sheet_returned_at"))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
