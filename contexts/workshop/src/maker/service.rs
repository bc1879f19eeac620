//! Sending units to their maker, asking how they stand, taking them back.

use kernel::{Id, Money, Problems, RuleError, T, Ts};
use kit::{Cx, Error, Result, Tx, begin};
use orders::api::{self as order, State};

use super::{
    model::{AskMaker, BackFromMaker, MakerReturn, MakerState, Outcome, SendToMaker},
    store,
};
use crate::{
    perms::MAKER_WRITE,
    unit::{clocks, model::PlaceKind, rules, service as units},
};

/// Prefix of return slips.
pub const NUMBER: &str = "RF";

/// Returns of a unit that the caller may see.
pub async fn of_unit(cx: &Cx, id: Id) -> Result<Vec<MakerReturn>> {
    let mut conn = cx.read().await?;
    units::visible(cx, &mut conn, id).await?;
    let rows = store::select_of_unit(&mut conn, id).await?;
    cx.count(&conn);
    Ok(rows)
}

fn check_promise(problems: &mut Problems, promised: Option<Ts>, now: Ts) {
    problems.check(promised.is_none_or(|at| at > now && at < now.plus_days(730)), || {
        let text = T("承诺时间应在现在之后、两年之内", "The promised time lies ahead, within two years");
        RuleError::new("workshop.promised", text).field("promised_at")
    });
}

/// The return supervisor checks the unit against the slip and sends it; the order waits, its clocks stand still; the
/// reminder runs towards the maker's date (SHOP-21, SHOP-22).
pub async fn send(cx: &Cx, id: Id, input: SendToMaker) -> Result<MakerReturn> {
    let mut conn = cx.read().await?;
    let seen = units::held(&mut conn, id).await?;
    drop(conn);
    // Who may not send it shall not use up numbers either.
    cx.authorize(&MAKER_WRITE, &seen)?;
    let no = cx.number(NUMBER).await?;
    let mut tx = begin!(cx, "workshop.send_to_maker", &(id, &input));
    let held = units::open(&mut tx, id, &MAKER_WRITE).await?;
    let now = tx.now();
    let mut problems = Problems::new();
    problems.check(!input.maker.trim().is_empty() && input.maker.chars().count() <= rules::SHORT, || {
        RuleError::new("workshop.maker", T("请填写厂家或其维修站", "Say to whom it is sent")).field("maker")
    });
    problems.check(!input.looks.trim().is_empty(), || {
        let text = T("请写明核对结果：外观与随机附件", "Record what was checked: looks and what goes along");
        RuleError::new("workshop.maker_looks", text).field("looks")
    });
    for (field, text) in [("looks", &input.looks), ("carrier", &input.carrier), ("vehicle", &input.vehicle)] {
        rules::check_length(&mut problems, field, text, rules::LONG);
    }
    check_promise(&mut problems, input.promised_at, now);
    problems.finish()?;
    if held.state().leaves() {
        let text = T("机器已修好或已退，不用返厂", "The work on the unit has ended");
        return Err(Error::Conflict(RuleError::new("workshop.work_ended", text)));
    }
    if store::find_open(&mut tx, id).await?.is_some() {
        let text = T("机器已在厂家", "The unit is at its maker already");
        return Err(Error::Conflict(RuleError::new("workshop.at_maker", text)));
    }
    order::to_maker_in(&mut tx, held.order.id, &input.maker).await?;
    let no = no.take(&mut tx, held.unit.org_id).await?;
    let row = MakerReturn {
        id: tx.id(),
        version: 1,
        no,
        org_id: held.unit.org_id,
        shop_unit_id: id,
        order_id: held.order.id,
        maker: input.maker.trim().to_string(),
        fault: input
            .fault
            .clone()
            .filter(|text| !text.trim().is_empty())
            .unwrap_or(held.order.symptom.clone()),
        looks: input.looks.trim().to_string(),
        carrier: input.carrier.trim().to_string(),
        waybill: input.waybill.trim().chars().take(rules::SHORT).collect(),
        vehicle: input.vehicle.trim().to_string(),
        checked_name: tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default(),
        state: MakerState::Sent,
        sent_at: now,
        promised_at: input.promised_at,
        enquiries: 0,
        asked_at: None,
        progress: String::new(),
        back_at: None,
        outcome: String::new(),
        fee: Money::ZERO,
        note: String::new(),
        created_at: now,
        updated_at: now,
    };
    store::insert_return(&mut tx, &row).await?;
    let mut new = held.unit.clone();
    units::put(&mut new, PlaceKind::Maker, &row.maker, now);
    let unit = units::save(&mut tx, &held.unit, new).await?;
    if let Some(promised) = row.promised_at {
        clocks::start_maker(&mut tx, &unit, promised).await?;
    }
    tx.log(unit.doc(), "sent_to_maker", serde_json::json!({ "no": row.no, "maker": row.maker }));
    tx.commit(row).await
}

async fn open_return(tx: &mut Tx, unit: Id) -> Result<MakerReturn> {
    store::find_open(tx, unit).await?.ok_or_else(|| {
        let text = T("机器不在厂家", "The unit is not at its maker");
        Error::Conflict(RuleError::new("workshop.not_at_maker", text))
    })
}

/// The maker was asked; a new date moves the reminder (SHOP-22).
pub async fn ask(cx: &Cx, id: Id, input: AskMaker) -> Result<MakerReturn> {
    let mut tx = begin!(cx, "workshop.ask_maker", &(id, &input));
    let held = units::open(&mut tx, id, &MAKER_WRITE).await?;
    let old = open_return(&mut tx, id).await?;
    let now = tx.now();
    let mut problems = Problems::new();
    problems.check(!input.progress.trim().is_empty(), || {
        RuleError::new("workshop.progress", T("请填写厂家答复", "Record what the maker said"))
            .field("progress")
    });
    rules::check_length(&mut problems, "progress", &input.progress, rules::LONG);
    check_promise(&mut problems, input.promised_at, now);
    problems.finish()?;
    let mut new = old.clone();
    new.enquiries += 1;
    new.asked_at = Some(now);
    new.progress = input.progress.trim().to_string();
    new.promised_at = input.promised_at.or(old.promised_at);
    new.updated_at = now;
    store::update_return(&mut tx, &old, &new).await?;
    new.version += 1;
    if let Some(promised) = input.promised_at {
        clocks::start_maker(&mut tx, &held.unit, promised).await?;
    }
    tx.log(held.unit.doc(), "maker_asked", serde_json::json!({ "no": new.no, "progress": new.progress }));
    tx.commit(new).await
}

/// The unit is back: work goes on, and every check is to be done again before the customer hears of it (SHOP-23).
pub async fn back(cx: &Cx, id: Id, input: BackFromMaker) -> Result<MakerReturn> {
    let mut tx = begin!(cx, "workshop.back_from_maker", &(id, &input));
    let held = units::open(&mut tx, id, &MAKER_WRITE).await?;
    let old = open_return(&mut tx, id).await?;
    let fee = input.fee.map_or(Money::ZERO, |amount| amount.0);
    let mut problems = Problems::new();
    problems.check(fee >= Money::ZERO && fee.checked().is_ok(), || {
        RuleError::new("workshop.fee", T("费用不能为负", "The fee can't be negative")).field("fee")
    });
    problems.check(input.outcome != Outcome::NotFixed || !input.note.trim().is_empty(), || {
        let text = T("未修复须写明原因", "Say why it is not repaired");
        RuleError::new("workshop.maker_note", text).field("note")
    });
    rules::check_length(&mut problems, "note", &input.note, rules::LONG);
    problems.finish()?;
    let now = tx.now();
    let mut new = old.clone();
    new.state = MakerState::Back;
    new.back_at = Some(now);
    new.outcome = input.outcome.as_str().to_string();
    new.fee = fee;
    new.note = input.note.trim().to_string();
    new.updated_at = now;
    store::update_return(&mut tx, &old, &new).await?;
    new.version += 1;
    clocks::stop_maker(&mut tx, id).await?;
    if held.order.state == State::Waiting {
        let note = format!("{} {}", new.no, input.outcome.label().get(cx.lang));
        order::from_maker_in(&mut tx, held.order.id, &note).await?;
    }
    let mut unit = held.unit.clone();
    unit.check_round += 1;
    let unit = if held.order.state.is_final() {
        // Its order was stopped meanwhile: nothing is left to do but to give it back.
        clocks::to_return(&mut tx, &held.unit, unit).await?
    } else {
        units::put(&mut unit, PlaceKind::Bay, &input.place, now);
        units::save(&mut tx, &held.unit, unit).await?
    };
    tx.log(unit.doc(), "back_from_maker", serde_json::json!({ "no": new.no, "outcome": new.outcome }));
    tx.commit(new).await
}
