//! Recording reports and telling who must act. The order itself stays as it is: the centre re-books (DISP-12).

use kernel::RuleError;
use kernel::{Id, T};
use kit::{
    Cx, Error, Result, Tx, begin, format,
    notify::{Notice, tell_in},
};
use orders::api::{ORDER_ASSIGN, ORDER_WORK, OrderBrief};
use serde_json::{Value, json};

use super::{
    model::{
        AttemptCode, CheckOut, CheckRow, Closing, DepartureCheck, IncidentCode, NewAttempt, NewClosing,
        NewDelay, NewIncident, Report, ReportKind,
    },
    rules::{self, Punctual},
    store,
};
use crate::settings::{self, CHECK_BLOCKS, EARLY_MINUTES, EXCHANGE_DAYS, LATE_MINUTES, RETURN_DAYS};

/// The order, if the caller works on it and it is not over.
async fn open_order(tx: &mut Tx, id: Id) -> Result<OrderBrief> {
    let order = orders::api::brief(tx, id).await?;
    tx.authorize(&ORDER_WORK, &order)?;
    if !order.state.is_open() {
        let text = T("工单已结束，不能再上报", "The order is over; nothing more can be reported");
        return Err(Error::Conflict(RuleError::new("field.order_over", text)));
    }
    Ok(order)
}

fn me(tx: &Tx) -> (Id, String) {
    (tx.staff(), tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default())
}

/// What was ticked before setting out (FIELD-01, 02, 19). Missing items are part of the answer, not an error: whether
/// they stop the departure is a setting.
pub async fn check_departure(cx: &Cx, order: Id, input: DepartureCheck) -> Result<CheckOut> {
    let note = rules::note(input.note.as_deref())?;
    let mut tx = begin!(cx, "field.departure_check", &(order, &input));
    let order = open_order(&mut tx, order).await?;
    let items = settings::checklist(cx, order.org_id).await?;
    let blocks: bool = cx.setting(&CHECK_BLOCKS, order.org_id).await?;
    let ticked: Vec<String> =
        items.iter().map(|item| item.code.clone()).filter(|code| input.ticked.contains(code)).collect();
    let missing = rules::missing(&items, &ticked);
    let codes: Vec<&str> = missing.iter().map(|item| item.code.as_str()).collect();
    let (staff_id, staff_name) = me(&tx);
    let row = CheckRow {
        id: tx.id(),
        order_id: order.id,
        org_id: order.org_id,
        staff_id,
        staff_name,
        ticked: serde_json::to_string(&ticked)?,
        missing: serde_json::to_string(&codes)?,
        note,
        at: tx.now(),
    };
    store::insert_check(&mut tx, &row).await?;
    tx.log(order_doc(&order), "departure_check", json!({ "missing": codes }));
    let out = CheckOut { id: row.id, ticked, missing, blocks, at: row.at };
    tx.commit(out).await
}

fn order_doc(order: &OrderBrief) -> kit::DocRef {
    kit::DocRef::new("order", order.id, &order.no)
}

/// A report before it is stored.
struct Draft {
    kind: ReportKind,
    code: &'static str,
    note: String,
    detail: Value,
}

async fn insert(tx: &mut Tx, order: &OrderBrief, draft: Draft) -> Result<Report> {
    let (staff_id, staff_name) = me(tx);
    let row = Report {
        id: tx.id(),
        order_id: order.id,
        order_no: order.no.clone(),
        org_id: order.org_id,
        staff_id,
        staff_name,
        kind: draft.kind,
        code: draft.code.to_string(),
        note: draft.note,
        detail: draft.detail.to_string(),
        at: tx.now(),
    };
    store::insert_report(tx, &row).await?;
    tx.log(
        order_doc(order),
        draft.kind.as_str(),
        json!({ "code": draft.code, "note": row.note, "detail": draft.detail }),
    );
    Ok(row)
}

/// Tells the people who dispatch for the order's organisation.
async fn tell_centre(tx: &mut Tx, order: &OrderBrief, title: &str, detail: &str, mail: bool) -> Result<()> {
    let me = tx.cx().actor.as_ref().map(|actor| actor.user);
    let mut users = org::api::users_with(tx, ORDER_ASSIGN.key, order.org_id).await?;
    users.retain(|user| Some(*user) != me);
    let href = format!("/orders/{}", order.id);
    tell_in(tx, &Notice { users: &users, title, detail, href: &href, mail }).await
}

fn both(text: T) -> String {
    T::both(text.0, text.1)
}

/// Logs an attempt to reach the customer (DISP-10). The centre hears of a closed door and of a second failure.
pub async fn record_attempt(cx: &Cx, order: Id, input: NewAttempt) -> Result<Report> {
    let note = rules::note(input.note.as_deref())?;
    let mut tx = begin!(cx, "field.attempt", &(order, &input));
    let order = open_order(&mut tx, order).await?;
    let before = store::select_reports(&mut tx, order.id).await?;
    let failed = failures(&before) + usize::from(!input.code.reached());
    let advice = rules::advice(failed, order.appoint_from, tx.now());
    let detail = json!({ "failed": failed, "advice": advice.get(cx.lang) });
    let draft = Draft { kind: ReportKind::Attempt, code: input.code.as_str(), note, detail };
    let row = insert(&mut tx, &order, draft).await?;
    let at_the_door = matches!(input.code, AttemptCode::Door | AttemptCode::Slip);
    if !input.code.reached() && (at_the_door || failed >= 2) {
        let title = T("{no} 联系不上客户（{how}）", "{no}: the customer can't be reached ({how})")
            .told(&[("no", order.no.clone()), ("how", both(input.code.label()))]);
        tell_centre(&mut tx, &order, &title, &row.note, false).await?;
    }
    tx.commit(row).await
}

/// Failed attempts since the customer was last reached; `reports` newest first.
pub fn failures(reports: &[Report]) -> usize {
    let attempts = reports.iter().filter(|r| r.kind == ReportKind::Attempt);
    attempts.take_while(|r| r.code != AttemptCode::Reached.as_str()).count()
}

/// Reports a delay before the agreed time; the centre hears of it at once, by mail too when it is long (DISP-12,
/// FIELD-06, 07). Errors: `field.delay_time`, `field.delay_reason`.
pub async fn report_delay(cx: &Cx, order: Id, input: NewDelay) -> Result<Report> {
    let note = rules::note(input.note.as_deref())?;
    let expected = rules::check_delay(&input, format::parse_field_time(cx, &input.expected_at), cx.now())?;
    let mut tx = begin!(cx, "field.delay", &(order, &input));
    let order = open_order(&mut tx, order).await?;
    let early: i64 = cx.setting(&EARLY_MINUTES, order.org_id).await?;
    let limit: i64 = cx.setting(&LATE_MINUTES, order.org_id).await?;
    let punctual = rules::punctual(order.appoint_from, order.appoint_to, expected, early, limit);
    let minutes = match punctual {
        Punctual::Late(n) | Punctual::VeryLate(n) => n,
        _ => 0,
    };
    let severe = matches!(punctual, Punctual::VeryLate(_));
    // The customer reads it where the visit is.
    let there = cx.zone_of(order.org_id);
    let detail = json!({ "expected_at": format::full_time(&there, expected), "minutes": minutes, "told": input.customer_told, "manager": severe });
    let draft = Draft { kind: ReportKind::Delay, code: input.reason.as_str(), note, detail };
    let row = insert(&mut tx, &order, draft).await?;
    let title = T("{no} 将延误至 {time}（{why}）", "{no} is delayed until {time} ({why})").told(&[
        ("no", order.no.clone()),
        ("time", format::full_time(&there, expected)),
        ("why", both(input.reason.label())),
    ]);
    let told = if input.customer_told {
        T("已告知客户", "The customer knows")
    } else {
        T("尚未告知客户", "The customer does not know yet")
    };
    let text = T("{who} · {told}", "{who} · {told}")
        .told(&[("who", kit::veil::marked(kit::Sens::Name, &order.customer_name)), ("told", both(told))]);
    tell_centre(&mut tx, &order, &title, &text, severe).await?;
    tx.commit(row).await
}

/// Reports what happened on site: demands to return or exchange are judged by the guarantee rules, alarms reach the
/// centre at once (FIELD-16…18). Errors: `field.incident_note`.
pub async fn report_incident(cx: &Cx, order: Id, input: NewIncident) -> Result<Report> {
    rules::check_incident(&input)?;
    let note = rules::note(input.note.as_deref())?;
    let compensation = rules::note(input.compensation.as_deref()).map_err(|e| e.field("compensation"))?;
    let mut tx = begin!(cx, "field.incident", &(order, &input));
    let order = open_order(&mut tx, order).await?;
    let (kind, detail) = match input.code {
        IncidentCode::Alarm => (ReportKind::Alarm, json!({})),
        IncidentCode::Damage => {
            (ReportKind::Damage, json!({ "compensation": compensation, "apologised": input.apologised }))
        }
        code => (ReportKind::Demand, judge(cx, &mut tx, &order, code).await?),
    };
    let row = insert(&mut tx, &order, Draft { kind, code: input.code.as_str(), note, detail }).await?;
    let title = T("{no} 现场上报：{what}", "{no}, from the site: {what}")
        .told(&[("no", order.no.clone()), ("what", both(input.code.label()))]);
    let text = format!("{} · {}", row.staff_name, row.note);
    tell_centre(&mut tx, &order, &title, &text, kind == ReportKind::Alarm).await?;
    tx.commit(row).await
}

async fn judge(cx: &Cx, tx: &mut Tx, order: &OrderBrief, code: IncidentCode) -> Result<Value> {
    let bought = match order.unit_id {
        Some(unit) => products::api::unit(tx, unit).await?.purchase_date,
        None => None,
    };
    let return_days: i64 = cx.setting(&RETURN_DAYS, order.org_id).await?;
    let exchange_days: i64 = cx.setting(&EXCHANGE_DAYS, order.org_id).await?;
    let (verdict, why) = rules::demand(
        code,
        bought,
        format::date_of(cx.zone_of(order.org_id), tx.now()),
        return_days,
        exchange_days,
    );
    Ok(json!({ "verdict": verdict, "why": why.get(cx.lang), "bought": bought }))
}

/// Keeps how sure the engineer is; when the order is completed, an early follow-up is planned from it (FIELD-20, 26).
pub async fn record_closing(cx: &Cx, order: Id, input: NewClosing) -> Result<Closing> {
    let mut tx = begin!(cx, "field.closing", &(order, &input));
    let order = open_order(&mut tx, order).await?;
    let row = Closing { order_id: order.id, test_run: input.test_run, certain: !input.uncertain };
    let staff = tx.staff();
    store::put_closing(&mut tx, order.org_id, staff, &row).await?;
    tx.log(order_doc(&order), "closing", serde_json::to_value(&row)?);
    tx.commit(row).await
}
