//! Rules of requests: pure.

use kernel::{Id, Problems, RuleError, T, Ts};

use super::{
    input::{
        AnswerRequest, ClassifyRequest, ClearRequest, CloseRequest, ConfirmRequest, DraftRequest,
        DropRequest, NewRequest, PromiseReply, Then,
    },
    model::{Advice, Channel, Class, NO_DUE, RequestRow, State},
};

/// Longest text of a request or an answer.
pub const LONGEST: usize = 4000;

/// The text without blanks around; empty when absent.
pub fn clean(text: Option<&str>) -> String {
    text.unwrap_or_default().trim().to_string()
}

/// Checks what was typed, before anything is looked up. Every broken rule at once.
pub fn check_new(input: &NewRequest, now: Ts) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let short: [(&str, &Option<String>); 9] = [
        ("caller_name", &input.caller_name),
        ("caller_phone", &input.caller_phone),
        ("customer_name", &input.customer_name),
        ("serial", &input.serial),
        ("model", &input.model),
        ("part", &input.part),
        ("region", &input.region),
        ("district", &input.district),
        ("proof", &input.proof),
    ];
    let long: [(&str, &Option<String>); 6] = [
        ("text", &input.text),
        ("demand", &input.demand),
        ("diagnosis", &input.diagnosis),
        ("answer", &input.answer),
        ("address", &input.address),
        ("class_reason", &input.class_reason),
    ];
    for (most, (field, text)) in short.iter().map(|f| (100, f)).chain(long.iter().map(|f| (LONGEST, f))) {
        check_length(&mut problems, field, text.as_deref().unwrap_or_default(), most);
    }
    let typed = |text: &Option<String>| text.clone().unwrap_or_default();
    problems.take(kit::perm::whole(kit::Sens::Phone, &typed(&input.caller_phone), "caller_phone"));
    problems.take(kit::perm::whole(kit::Sens::Address, &typed(&input.address), "address"));
    let said = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    problems.check(!input.topic.trim().is_empty(), || {
        RuleError::new("intake.topic", T("请选择服务主题", "Choose a topic")).field("topic")
    });
    let somebody = input.customer_id.is_some()
        || said(&input.customer_name)
        || said(&input.caller_name)
        || said(&input.caller_phone);
    problems.check(somebody || input.unit_id.is_some(), || {
        RuleError::new("intake.who", T("请填写来电人或客户", "Say who is asking")).field("caller_phone")
    });
    problems.check(input.then() != Then::Answer || said(&input.answer), || need_answer("answer"));
    problems.check(input.then() != Then::Solve || said(&input.answer), || {
        RuleError::new(
            "intake.no_advice",
            T("请写下告知客户的处理方法", "Write down the advice that was given"),
        )
        .field("answer")
    });
    problems.check(input.then != Some(Then::Solve) || input.advice_accepted.is_some(), ask_accepted);
    problems.check(input.class != Some(Class::Special) || said(&input.class_reason), why_special);
    problems.check(input.promised_at.is_none_or(|at| at > now), later);
    // A day of leeway: it is tomorrow already in some places.
    let tomorrow = now.plus_days(1).date_in(&kernel::Tz::UTC);
    problems.check(input.purchase_date.is_none_or(|day| day <= tomorrow), || {
        RuleError::new("intake.future", T("购买日期不能晚于今天", "The purchase date can't be in the future"))
            .field("purchase_date")
    });
    let range = (input.estimate_low, input.estimate_high);
    problems.check(!matches!(range, (Some(low), Some(high)) if low > high), || {
        RuleError::new("intake.estimate", T("最高价不能低于最低价", "The highest price is below the lowest"))
            .field("estimate_high")
    });
    for (field, amount) in [
        ("quote_limit", input.quote_limit),
        ("estimate_low", input.estimate_low),
        ("estimate_high", input.estimate_high),
    ] {
        problems.check(amount.is_none_or(|a| a.0 >= 0), || {
            RuleError::new("intake.amount", T("金额不能为负", "An amount can't be negative")).field(field)
        });
    }
    problems.check(input.part_quantity.is_none_or(|q| q.0 > 0), || {
        RuleError::new("intake.quantity", T("数量要大于 0", "The quantity must be above 0"))
            .field("part_quantity")
    });
    problems.check(
        !matches!((input.appointment_from, input.appointment_to), (Some(a), Some(b)) if b < a),
        || {
            RuleError::new("intake.appointment", T("结束时间早于开始时间", "It ends before it begins"))
                .field("appointment_to")
        },
    );
    problems.finish()
}

/// Checks a draft: a topic, a content of it, and a number that is not too long (CALL-03).
pub fn check_draft(input: &DraftRequest) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(!input.topic.trim().is_empty(), || {
        RuleError::new("intake.topic", T("请选择服务主题", "Choose a topic")).field("topic")
    });
    problems.check(!input.content.trim().is_empty(), || {
        RuleError::new("intake.content", T("请选择服务内容", "Choose a content")).field("content")
    });
    check_length(&mut problems, "caller_phone", input.caller_phone.as_deref().unwrap_or_default(), 100);
    problems.finish()
}

fn check_length(problems: &mut Problems, field: &str, text: &str, most: usize) {
    problems.check(text.chars().count() <= most, || {
        RuleError::new(
            "text.too_long",
            T("内容太长（最多 {most} 字）", "Too long ({most} characters at most)"),
        )
        .arg("most", most)
        .field(field)
    });
}

fn need_answer(field: &str) -> RuleError {
    RuleError::new(
        "intake.no_answer",
        T("请先登记给客户的答复，事事有回音", "Record what the customer was answered first"),
    )
    .field(field)
}

/// Whether the customer accepts advice on the phone is asked, not assumed (CALL-09).
pub fn ask_accepted() -> RuleError {
    RuleError::new(
        "intake.ask_accepted",
        T(
            "请问客户是否接受电话处理；不接受则安排上门",
            "Ask whether the customer accepts the advice; if not, a visit follows",
        ),
    )
    .field("advice_accepted")
}

fn visit_owed() -> RuleError {
    RuleError::new(
        "intake.visit_owed",
        T(
            "电话处理未被接受或未奏效，须先建上门工单",
            "Advice on the phone was not accepted or did not help: open an order for a visit first",
        ),
    )
}

fn why_special() -> RuleError {
    RuleError::new("intake.why_special", T("特殊请求请说明原因", "Say why the request is special"))
        .field("class_reason")
}

fn later() -> RuleError {
    RuleError::new("intake.promise", T("答复时间要晚于现在", "The time must be later than now"))
        .field("promised_at")
}

/// A customer is needed to call back or to work for.
pub fn need_customer() -> RuleError {
    RuleError::new(
        "intake.need_customer",
        T("请填写客户姓名和电话", "Name and phone of the customer are needed"),
    )
    .field("customer_name")
}

/// Codes of what CALL-07 wants and nobody said; none unless work is to be done.
pub fn missing(row: &RequestRow) -> Vec<&'static str> {
    if row.work_kind.is_empty() {
        return Vec::new();
    }
    let has = [
        ("name", !row.customer_name.is_empty()),
        ("address", !row.address.is_empty()),
        ("phone", !row.caller_phone.is_empty()),
        ("model", !row.model_name.is_empty()),
        ("purchase_date", row.purchase_date.is_some()),
        ("symptom", !row.text.is_empty()),
        ("demand", !row.demand.is_empty()),
    ];
    has.into_iter().filter(|(_, there)| !there).map(|(code, _)| code).collect()
}

/// What a code of [`missing`] means.
pub fn missing_label(code: &str) -> T {
    match code {
        "name" => T("客户姓名", "Name"),
        "address" => T("地址", "Address"),
        "phone" => T("电话", "Phone"),
        "model" => T("产品型号", "Model"),
        "purchase_date" => T("购买日期", "Bought on"),
        "symptom" => T("故障现象", "Symptom"),
        "demand" => T("客户要求", "Demand"),
        _ => T("其他", "Other"),
    }
}

/// Brings the derived columns up to date; every change ends here.
fn settle(mut row: RequestRow, now: Ts) -> RequestRow {
    let over = !row.state.live();
    let confirm = row.confirm_due_at.filter(|_| row.confirmed_at.is_none() && !over);
    let promise = row.promised_at.filter(|_| !over);
    row.waiting = promise.is_some() || confirm.is_some();
    row.next_due_at = [confirm, promise].into_iter().flatten().min().unwrap_or(NO_DUE);
    row.overdue = row.overdue && row.waiting;
    row.missing = missing(&row).join(",");
    row.updated_at = now;
    row
}

fn changed(row: &RequestRow) -> RequestRow {
    RequestRow { version: row.version + 1, ..row.clone() }
}

/// A new request: derives what follows from its fields.
pub fn opened(row: RequestRow, now: Ts) -> RequestRow {
    settle(row, now)
}

/// A draft: nothing is promised yet, nobody waits for an answer. What was there before keeps number and time.
pub fn drafted(row: RequestRow, old: Option<&RequestRow>, now: Ts) -> RequestRow {
    let row = RequestRow { state: State::Draft, promised_at: None, confirm_due_at: None, ..row };
    settle(completed(row, old), now)
}

/// What completes a draft is that request: its number, its time, its address, the next version.
pub fn completed(row: RequestRow, draft: Option<&RequestRow>) -> RequestRow {
    match draft {
        None => row,
        Some(draft) => RequestRow {
            id: draft.id,
            version: draft.version + 1,
            no: draft.no.clone(),
            token: draft.token.clone(),
            created_by: draft.created_by,
            created_at: draft.created_at,
            ..row
        },
    }
}

/// Nobody goes on with a draft: kept, and out of the way. Errors: `intake.state` unless it is a draft.
pub fn dropped(row: &RequestRow, input: &DropRequest, by: &By) -> Result<RequestRow, Problems> {
    if row.state != State::Draft {
        return Err(wrong_state(row));
    }
    let note = clean(input.note.as_deref());
    let mut problems = Problems::new();
    check_length(&mut problems, "note", &note, LONGEST);
    problems.finish()?;
    let next =
        RequestRow { state: State::Dropped, closed_at: Some(by.now), close_note: note, ..changed(row) };
    Ok(settle(next, by.now))
}

/// A draft can be completed once. Errors: `intake.state` afterwards.
pub fn can_complete(draft: &RequestRow) -> Result<(), Problems> {
    if draft.state == State::Draft { Ok(()) } else { Err(wrong_state(draft)) }
}

fn wrong_state(row: &RequestRow) -> Problems {
    Problems::from(
        RuleError::new(
            "intake.state",
            T("请求现在是“{state}”，不能这样做", "The request is {state}; this can't be done"),
        )
        .label("state", row.state.label()),
    )
}

fn unless_closed(row: &RequestRow) -> Result<(), Problems> {
    if row.state.live() { Ok(()) } else { Err(wrong_state(row)) }
}

/// Who does something, when.
#[derive(Clone, Debug)]
pub struct By {
    /// Person; none for the system.
    pub staff: Option<Id>,
    /// Name.
    pub name: String,
    /// When.
    pub now: Ts,
}

fn with_answer(row: &RequestRow, answer: &str, by: &By) -> Result<RequestRow, Problems> {
    let answer = answer.trim();
    let mut problems = Problems::new();
    problems.check(!answer.is_empty(), || need_answer("answer"));
    // A second answer is added to the first: nothing that was said disappears.
    let text = if row.answer.is_empty() || row.answer == answer {
        answer.to_string()
    } else {
        format!("{}\n{answer}", row.answer)
    };
    check_length(&mut problems, "answer", &text, LONGEST);
    problems.finish()?;
    Ok(RequestRow {
        answer: text,
        answered_at: row.answered_at.or(Some(by.now)),
        confirmed_at: row.confirmed_at.or(Some(by.now)),
        promised_at: None,
        handler_id: by.staff.or(row.handler_id),
        handler_name: if by.staff.is_some() { by.name.clone() } else { row.handler_name.clone() },
        ..changed(row)
    })
}

/// An answer was given: the promise is kept. An open request becomes answered; others keep their state.
///
/// Errors: `intake.no_answer` without words, `intake.state` when closed.
pub fn answer(row: &RequestRow, input: &AnswerRequest, by: &By) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    let next = with_answer(row, &input.answer, by)?;
    let state = if row.state == State::Open { State::Answered } else { row.state };
    Ok(settle(RequestRow { state, ..next }, by.now))
}

/// Advice on the phone was enough (CALL-09). Errors: as [`answer`], `intake.need_customer` when nobody could be
/// called back, `intake.state` when an order was made.
pub fn solve(row: &RequestRow, answer: &str, by: &By) -> Result<RequestRow, Problems> {
    if !matches!(row.state, State::Open | State::Answered) {
        return Err(wrong_state(row));
    }
    if row.advice.wants_visit() {
        return Err(visit_owed().into());
    }
    if row.customer_id.is_none() {
        return Err(need_customer().into());
    }
    let next = with_answer(row, answer, by)?;
    Ok(settle(RequestRow { state: State::Solved, advice: Advice::Accepted, ..next }, by.now))
}

/// Advice was given and not accepted: what was said is kept, a visit is owed (CALL-09). Errors: as [`answer`].
pub fn refuse_advice(row: &RequestRow, answer: &str, by: &By) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    let next = if answer.trim().is_empty() { changed(row) } else { with_answer(row, answer, by)? };
    Ok(settle(RequestRow { advice: Advice::Refused, ..next }, by.now))
}

/// The follow-up call says that the trouble is not gone: the request is open again, with a new promise, and only a
/// visit ends it (CALL-11). None when somebody else has gone on with it meanwhile.
pub fn advice_failed(row: &RequestRow, promised_at: Ts, by: &By) -> Option<RequestRow> {
    if row.state != State::Solved {
        return None;
    }
    let next = RequestRow {
        state: State::Open,
        advice: Advice::Failed,
        promised_at: Some(promised_at),
        ..changed(row)
    };
    Some(settle(next, by.now))
}

/// Whether an order may be made of it: not of closed ones; of special ones only after the head's decision, or by
/// the head (CALL-18).
pub fn can_order(row: &RequestRow, lead: bool) -> Result<(), Problems> {
    unless_closed(row)?;
    if row.class == Class::Special && row.cleared_at.is_none() && !lead {
        return Err(RuleError::new(
            "intake.not_cleared",
            T("特殊请求须先由部门主管审定", "The head must decide on a special request first"),
        )
        .into());
    }
    Ok(())
}

/// An order was made of it, or it joined one. To somebody on the line or at the desk the number of the order is
/// an answer; others still wait for theirs.
pub fn ordered(
    row: &RequestRow,
    order_id: Id,
    order_no: &str,
    joined: bool,
    by: &By,
) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    let next = if row.channel.live() && row.answer.is_empty() {
        let told = if joined {
            T("已并入服务工单 {no}", "Put to service order {no}")
        } else {
            T("已登记服务工单 {no}", "Service order {no} was opened")
        };
        with_answer(row, &told.fill(kernel::Lang::Zh, &[("no", order_no.to_string())]), by)?
    } else {
        RequestRow { confirmed_at: row.confirmed_at.or(Some(by.now)), ..changed(row) }
    };
    let next = RequestRow {
        state: State::Ordered,
        order_id: Some(order_id),
        order_no: order_no.to_string(),
        ..next
    };
    Ok(settle(next, by.now))
}

/// Its orders were stopped: it is open again, with a new promise.
pub fn order_stopped(row: &RequestRow, promised_at: Ts, by: &By) -> RequestRow {
    settle(RequestRow { state: State::Open, promised_at: Some(promised_at), ..changed(row) }, by.now)
}

/// What a discontented customer said when called, as a request about the order's unit.
pub fn complaint(order: &orders::api::OrderBrief, event: &contracts::CallbackResulted) -> NewRequest {
    let attitude = event.class == orders::api::CallbackClass::Attitude.as_str();
    NewRequest {
        org_id: Some(order.org_id),
        channel: Some(Channel::Callback),
        topic: "complaint".into(),
        content: Some(if attitude { "complaint.attitude" } else { "complaint.work" }.into()),
        caller_name: Some(order.contact.clone()),
        customer_id: Some(order.customer_id),
        unit_id: order.unit_id,
        text: Some(format!("{} {}", order.no, event.said)),
        ..NewRequest::default()
    }
}

/// Closes it. Errors: `intake.no_answer` when none is on record and none is given (CALL-25).
pub fn close(row: &RequestRow, input: &CloseRequest, by: &By) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    if row.advice.wants_visit() && row.order_id.is_none() {
        return Err(visit_owed().into());
    }
    let given = clean(input.answer.as_deref());
    let next = if given.is_empty() { changed(row) } else { with_answer(row, &given, by)? };
    if next.answer.is_empty() {
        return Err(need_answer("answer").into());
    }
    let note = clean(input.note.as_deref());
    let mut problems = Problems::new();
    check_length(&mut problems, "note", &note, LONGEST);
    problems.finish()?;
    let next = RequestRow {
        state: State::Closed,
        closed_at: Some(by.now),
        close_note: note,
        promised_at: None,
        ..next
    };
    Ok(settle(next, by.now))
}

/// Promises an answer until another time (CALL-21). Errors: `intake.promise` when that is not later than now.
pub fn promise(row: &RequestRow, input: &PromiseReply, by: &By) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    let Some(at) = input.promised_at.filter(|at| *at > by.now) else { return Err(later().into()) };
    Ok(settle(RequestRow { promised_at: Some(at), overdue: false, ..changed(row) }, by.now))
}

/// Records that the request was checked with the customer (CALL-13).
pub fn confirm(row: &RequestRow, input: &ConfirmRequest, by: &By) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    let note = clean(input.note.as_deref());
    let mut problems = Problems::new();
    check_length(&mut problems, "note", &note, LONGEST);
    problems.check((input.genuine && input.in_scope) || !note.is_empty(), || {
        RuleError::new(
            "intake.say_why",
            T("不属实或不在服务范围时请说明", "Say why it is not genuine or not ours"),
        )
        .field("note")
    });
    problems.finish()?;
    let next = RequestRow {
        confirmed_at: Some(by.now),
        genuine: Some(input.genuine),
        in_scope: Some(input.in_scope),
        confirm_note: note,
        ..changed(row)
    };
    Ok(settle(next, by.now))
}

/// Sorts it as general or special. A special one waits for the head.
pub fn classify(row: &RequestRow, input: &ClassifyRequest, by: &By) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    let reason = clean(input.reason.as_deref());
    let mut problems = Problems::new();
    problems.check(input.class == Class::General || !reason.is_empty(), || why_special().field("reason"));
    check_length(&mut problems, "reason", &reason, LONGEST);
    problems.finish()?;
    let next = RequestRow {
        class: input.class,
        class_reason: reason,
        cleared_at: None,
        cleared_by: None,
        ..changed(row)
    };
    Ok(settle(next, by.now))
}

/// The head decides on a special request.
pub fn clear(row: &RequestRow, input: &ClearRequest, by: &By) -> Result<RequestRow, Problems> {
    unless_closed(row)?;
    if row.class != Class::Special {
        return Err(wrong_state(row));
    }
    let note = clean(Some(&input.note));
    let mut problems = Problems::new();
    problems.check(!note.is_empty(), || {
        RuleError::new("intake.decision", T("请写下处理意见", "Write down what was decided")).field("note")
    });
    check_length(&mut problems, "note", &note, LONGEST);
    problems.finish()?;
    let next =
        RequestRow { cleared_at: Some(by.now), cleared_by: by.staff, clear_note: note, ..changed(row) };
    Ok(settle(next, by.now))
}
