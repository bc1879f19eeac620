//! Receiving units and working at the bench. The order's state moves with it, in the same transaction, through
//! `orders::api`: there is one truth about the work.

use db::Conn;
use kernel::{Date, Id, T, Ts};
use kit::{
    Cx, Error, Result, Tx,
    attachments::{self, Attachment, Upload},
    begin, format, timers,
};
use orders::api::{
    self as order, AssignOrder, Complete, EditOrder, Note, Place, Reason, State, Wait, Waiting,
};

use super::{
    clocks,
    model::{
        AssignUnit, BenchState, GiveBack, Held, Load, PlaceKind, PlaceUnit, ReceiveUnit, Repaired, ShopUnit,
        UnitOut,
    },
    rules, store,
};
use crate::{
    check,
    perms::{SHOP_READ, SHOP_RECEIVE, SHOP_WORK},
    settings,
};

/// Prefix of receiving slips.
pub const NUMBER: &str = "RS";

/// A unit with its order; no permission is checked.
pub async fn held(conn: &mut Conn, id: Id) -> Result<Held> {
    let unit = store::get_unit(conn, id).await?;
    let order = order::brief(conn, unit.order_id).await?;
    Ok(Held { unit, order })
}

/// A unit that the caller may see.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: Id) -> Result<Held> {
    let held = held(conn, id).await?;
    cx.authorize(&SHOP_READ, &held)?;
    Ok(held)
}

/// Locks a unit for a command of somebody who holds `perm`; 404 out of reach; 409 when it has left.
pub async fn open(tx: &mut Tx, id: Id, perm: &kit::Perm) -> Result<Held> {
    let unit = store::lock_unit(tx, id).await?;
    let held = Held { order: order::brief(tx, unit.order_id).await?, unit };
    tx.authorize(perm, &held)?;
    if held.unit.left_at.is_some() {
        let text = T("机器已取走", "The unit has been picked up");
        return Err(Error::Conflict(kernel::RuleError::new("workshop.gone", text)));
    }
    Ok(held)
}

/// Saves a unit and its audit row.
pub async fn save(tx: &mut Tx, old: &ShopUnit, mut new: ShopUnit) -> Result<ShopUnit> {
    let now = tx.now();
    store::update_unit(tx, old, &mut new, now).await?;
    tx.changed(new.doc(), old, &new)?;
    Ok(new)
}

/// What callers get of a unit, with the stages of inspection that are open.
pub async fn out(conn: &mut Conn, held: &Held, warnings: Vec<String>) -> Result<UnitOut> {
    let (u, o) = (&held.unit, &held.order);
    let checks_open =
        if u.left_at.is_some() { Vec::new() } else { check::service::open_stages(conn, u, &o.kind).await? };
    Ok(UnitOut {
        id: u.id,
        no: u.no.clone(),
        version: u.version,
        state: held.state(),
        order_id: u.order_id,
        order_no: u.order_no.clone(),
        order_state: o.state,
        customer_id: u.customer_id,
        customer_name: o.customer_name.clone(),
        model_name: o.model_name.clone(),
        serial: o.serial.clone(),
        symptom: o.symptom.clone(),
        warranty: o.warranty,
        engineer_id: o.engineer_id,
        engineer_name: o.engineer_name.clone(),
        articles: u.articles(),
        papers: u.papers(),
        outer_look: u.outer_look.clone(),
        inner_look: u.inner_look.clone(),
        parts_look: u.parts_look.clone(),
        scratches: u.scratches.clone(),
        anomalies: u.anomalies.clone(),
        box_no: u.box_no.clone(),
        signed: u.signed,
        received_at: u.received_at,
        place_kind: u.place_kind,
        place: u.place.clone(),
        days: u.days,
        pickup_on: o.pickup_on,
        ready_at: u.ready_at,
        due: if u.left_at.is_some() { u.due } else { o.payable },
        received: u.received,
        settled: u.settled,
        over_quote: o.over_quote,
        left_at: u.left_at,
        taker: u.taker.clone(),
        notices: u.notices,
        chases: u.chases,
        checks_open,
        warnings,
    })
}

/// The answer of a command: the order is read again, it may have moved.
pub async fn answer(tx: &mut Tx, unit: ShopUnit) -> Result<UnitOut> {
    let held = Held { order: order::brief(tx, unit.order_id).await?, unit };
    out(tx, &held, Vec::new()).await
}

/// One unit for callers.
pub async fn get(cx: &Cx, id: Id) -> Result<UnitOut> {
    let mut conn = cx.read().await?;
    let held = visible(cx, &mut conn, id).await?;
    let answer = out(&mut conn, &held, Vec::new()).await?;
    cx.count(&conn);
    Ok(answer)
}

/// Every stay of an order's unit that the caller may see.
pub async fn of_order(cx: &Cx, order_id: Id) -> Result<Vec<UnitOut>> {
    let mut conn = cx.read().await?;
    let order = order::brief(&mut conn, order_id).await?;
    cx.authorize(&SHOP_READ, &order)?;
    let mut units = Vec::new();
    for unit in store::select_of_order(&mut conn, order_id).await? {
        let held = Held { unit, order: order.clone() };
        units.push(out(&mut conn, &held, Vec::new()).await?);
    }
    cx.count(&conn);
    Ok(units)
}

/// How full the workshop of an organisation is (SHOP-10).
pub async fn load(cx: &Cx, conn: &mut Conn, org: Id) -> Result<Load> {
    let hours: i64 = cx.setting(&settings::HOURS_PER_UNIT, org).await?;
    let (waiting, repairers) =
        (store::count_waiting(conn, org).await?, store::count_repairers(conn, org).await?);
    let span = kernel::Span::WorkingMinutes(rules::minutes_ahead(waiting, repairers, hours));
    let calendar = timers::calendar(cx, org).await?;
    let now = cx.now();
    let ready = kernel::due(now, &span, &calendar, &[])?.due.unwrap_or(now);
    Ok(Load { waiting, repairers, hours_per_unit: hours, earliest: format::date_of(cx.zone_of(org), ready) })
}

/// The load of the workshop that an order would come into.
pub async fn load_for(cx: &Cx, order_id: Id) -> Result<Load> {
    let mut conn = cx.read().await?;
    let order = order::brief(&mut conn, order_id).await?;
    cx.authorize(&SHOP_READ, &order)?;
    load(cx, &mut conn, order.org_id).await
}

/// A picture of a signature that belongs to a document of the workshop.
pub async fn store_signature(cx: &Cx, doc: &kit::DocRef, org: Id, text: &str) -> Result<Attachment> {
    let bytes = order::decode_picture(text, "signature")?;
    let upload = Upload { id: cx.id(), name: "signature.png".into(), label: "signature".into(), bytes };
    attachments::store(cx, doc, org, &upload).await
}

/// Takes a unit in: articles, looks, papers, box, signature (SHOP-02…04); warns of a promise that the workshop can't
/// keep (SHOP-10). Errors: `workshop.in_house` (409); `workshop.looks`, `workshop.articles`, `workshop.signature`,
/// `workshop.box_used`, `workshop.boxes_full` by field.
pub async fn receive(cx: &Cx, order_id: Id, input: ReceiveUnit) -> Result<UnitOut> {
    let mut conn = cx.read().await?;
    let seen = order::brief(&mut conn, order_id).await?;
    drop(conn);
    // Who may not receive it shall not use up numbers either.
    cx.authorize(&SHOP_RECEIVE, &seen)?;
    let no = cx.number(NUMBER).await?;
    let id = cx.id();
    let signature = match &input.signature {
        Some(text) => {
            Some(store_signature(cx, &kit::DocRef::new("shop_unit", id, ""), seen.org_id, text).await?)
        }
        None => None,
    };
    let mut tx = begin!(cx, "workshop.receive", &(order_id, &input));
    let order = order::brief(&mut tx, order_id).await?;
    tx.authorize(&SHOP_RECEIVE, &order)?;
    check_receivable(&mut tx, &order).await?;
    let mut articles = input.articles.clone();
    articles.extend(rules::parse_articles(input.articles_text.as_deref().unwrap_or_default()));
    let must_sign: bool = cx.setting(&settings::SIGN_RECEIPT, order.org_id).await?;
    rules::check_receive(&input, &articles, must_sign)?;
    let boxes: i64 = cx.setting(&settings::BOXES, order.org_id).await?;
    let used = store::select_boxes(&mut tx, order.org_id).await?;
    let box_no = rules::allocate_box(input.box_no.as_deref(), &used, boxes, !articles.is_empty())?;
    let now = tx.now();
    let load = load(cx, &mut tx, order.org_id).await?;
    let no = no.take(&mut tx, order.org_id).await?;
    let mut unit = fresh(&tx, id, no, &order, now);
    fill(&mut unit, &input, &articles, box_no, signature.is_some())?;
    store::insert_unit(&mut tx, &unit).await?;
    tx.created(unit.doc(), &unit)?;
    put_search(&mut tx, &unit, &order).await?;
    if let Some(file) = &signature {
        attachments::insert_in(&mut tx, file).await?;
    }
    if input.pickup_on.is_some() && input.pickup_on != order.pickup_on {
        let edit = EditOrder { pickup_on: input.pickup_on, ..EditOrder::default() };
        order::edit_in(&mut tx, order_id, &edit).await?;
    }
    if order.state == State::New {
        order::accept_in(&mut tx, order_id, &Note::default()).await?;
    }
    order::learn_in(&mut tx, order_id, &rules::facts(cx.lang, &articles, &input.outer_look)).await?;
    let order = order::brief(&mut tx, order_id).await?;
    let warnings = promise_warning(cx, order.pickup_on, &load).into_iter().collect();
    let answer = out(&mut tx, &Held { unit, order }, warnings).await?;
    tx.commit(answer).await
}

/// What a unit in the workshop is found by.
async fn put_search(tx: &mut Tx, unit: &ShopUnit, order: &order::OrderBrief) -> Result<()> {
    let title = format!("{} {}", unit.no, kit::veil::marked(kit::Sens::Name, &order.customer_name));
    let sub = format!("{} {}", order.model_name, kit::veil::marked(kit::Sens::Serial, &order.serial));
    let text = [order.no.as_str(), &order.contact, &sub, &order.symptom, &unit.box_no].join(" ");
    let doc = kit::search::SearchDoc {
        kind: "shop_unit",
        id: unit.id,
        org: unit.org_id,
        owner: None,
        title: &title,
        sub: &sub,
        text: &text,
        secret: &[(kit::Sens::Phone, order.phone.expose())],
    };
    kit::search::put_in(tx, &doc).await
}

/// 409 unless the order's unit can come in: its work is not finished, and it is not in the house already.
async fn check_receivable(tx: &mut Tx, order: &order::OrderBrief) -> Result<()> {
    let conflict = |code, text| Err(Error::Conflict(kernel::RuleError::new(code, text)));
    if store::find_in_house(tx, order.id).await?.is_some() {
        return conflict("workshop.in_house", T("机器已在店", "The unit is in the house already"));
    }
    if order.state.is_final() || matches!(order.state, State::Done | State::Confirmed | State::Audited) {
        return conflict("workshop.order_finished", T("工单已结束，不能收机", "The order is finished"));
    }
    Ok(())
}

/// SHOP-10: words about a promised day that comes too soon.
pub fn promise_warning(cx: &Cx, promised: Option<Date>, load: &Load) -> Option<String> {
    let text = T(
        "承诺 {day} 取机早于车间能力：在修 {waiting} 台、维修 {people} 人，预计最早 {earliest}",
        "{day} is sooner than the workshop can hold: {waiting} units, {people} repairers, {earliest} at the earliest",
    );
    let day = promised.filter(|_| rules::promise_short(promised, load.earliest))?;
    Some(text.fill(
        cx.lang,
        &[
            ("day", day.to_string()),
            ("waiting", load.waiting.to_string()),
            ("people", load.repairers.to_string()),
            ("earliest", load.earliest.to_string()),
        ],
    ))
}

fn fresh(tx: &Tx, id: Id, no: String, order: &order::OrderBrief, now: Ts) -> ShopUnit {
    let by = tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default();
    ShopUnit {
        no,
        org_id: order.org_id,
        order_id: order.id,
        order_no: order.no.clone(),
        customer_id: order.customer_id,
        received_by: tx.staff(),
        received_name: by,
        ..ShopUnit::fresh(id, now)
    }
}

fn fill(
    unit: &mut ShopUnit,
    input: &ReceiveUnit,
    articles: &[super::model::Article],
    box_no: String,
    signed: bool,
) -> Result<()> {
    let text = |text: &str| text.trim().to_string();
    unit.articles = serde_json::to_string(articles)?;
    let papers: Vec<_> = input.papers.iter().filter(|paper| paper.seen).collect();
    unit.papers = serde_json::to_string(&papers)?;
    unit.outer_look = text(&input.outer_look);
    unit.inner_look = text(&input.inner_look);
    unit.parts_look = text(&input.parts_look);
    unit.scratches = text(&input.scratches);
    unit.anomalies = text(&input.anomalies);
    unit.place = text(&input.place);
    unit.box_no = box_no;
    unit.signed = signed;
    unit.unsigned_reason = text(input.unsigned_reason.as_deref().unwrap_or_default());
    Ok(())
}

/// Puts a unit somewhere else (SHOP-44).
pub async fn place(cx: &Cx, id: Id, input: PlaceUnit) -> Result<UnitOut> {
    let mut tx = begin!(cx, "workshop.place", &(id, &input));
    let held = open(&mut tx, id, &SHOP_WORK).await?;
    if input.version.is_some_and(|seen| seen != held.unit.version) {
        return Err(Error::stale());
    }
    let mut problems = kernel::Problems::new();
    rules::check_length(&mut problems, "place", &input.place, rules::SHORT);
    problems.finish()?;
    let mut new = held.unit.clone();
    put(&mut new, input.place_kind, &input.place, tx.now());
    let unit = save(&mut tx, &held.unit, new).await?;
    let out = answer(&mut tx, unit).await?;
    tx.commit(out).await
}

/// Where a unit is put from now on; an empty text keeps the place when the kind stays.
pub fn put(unit: &mut ShopUnit, kind: PlaceKind, place: &str, now: Ts) {
    if unit.place_kind != kind || !place.trim().is_empty() {
        (unit.place_kind, unit.place, unit.placed_at) = (kind, place.trim().to_string(), now);
    }
}

/// Gives a unit to a repair person (SHOP-11): the order's assignment, with its rights and rules.
pub async fn assign(cx: &Cx, id: Id, input: AssignUnit) -> Result<UnitOut> {
    let mut tx = begin!(cx, "workshop.assign", &(id, &input));
    let held = open(&mut tx, id, &order::ORDER_ASSIGN).await?;
    let wish = AssignOrder {
        engineer_id: input.engineer_id,
        reason: input.reason.clone(),
        ..AssignOrder::default()
    };
    order::assign_in(&mut tx, held.order.id, &wish).await?;
    tx.log(held.unit.doc(), "assigned", serde_json::json!({ "engineer_id": input.engineer_id }));
    let out = answer(&mut tx, held.unit).await?;
    tx.commit(out).await
}

/// Work begins, or goes on after waiting. Refused while the order is over its quote (SHOP-18).
pub async fn begin(cx: &Cx, id: Id, input: Note) -> Result<UnitOut> {
    let mut tx = begin!(cx, "workshop.begin", &(id, &input));
    let held = open(&mut tx, id, &SHOP_WORK).await?;
    if matches!(held.order.state, State::New | State::Accepted | State::Reopened) {
        let text = T("请先分配维修人员", "Assign a repair person first");
        return Err(Error::Conflict(kernel::RuleError::new("workshop.unassigned", text)));
    }
    check_not_at_maker(&mut tx, &held).await?;
    if held.order.state == State::Waiting {
        order::resume_in(&mut tx, held.order.id, &Note { version: None, note: input.note }).await?;
    } else {
        let place = Place { note: input.note, ..Place::default() };
        order::start_in(&mut tx, held.order.id, &place).await?;
    }
    let mut new = held.unit.clone();
    put(&mut new, PlaceKind::Bay, "", tx.now());
    let unit = save(&mut tx, &held.unit, new).await?;
    let out = answer(&mut tx, unit).await?;
    tx.commit(out).await
}

/// What is at its maker comes back through the return ledger, so that nothing is forgotten there.
async fn check_not_at_maker(tx: &mut Tx, held: &Held) -> Result<()> {
    if crate::maker::store::find_open(tx, held.unit.id).await?.is_some() {
        let text = T("机器在厂家，请先登记返回", "The unit is at its maker: record its return first");
        return Err(Error::Conflict(kernel::RuleError::new("workshop.at_maker", text)));
    }
    Ok(())
}

/// Work stops: for a part, because it is hard, or for another coded reason (P-04).
pub async fn wait(cx: &Cx, id: Id, input: Wait) -> Result<UnitOut> {
    if input.reason == Waiting::Factory {
        let text = T("返厂请填写返厂登记", "Use the return to the maker");
        return Err(kernel::RuleError::new("workshop.use_maker", text).field("reason").into());
    }
    let mut tx = begin!(cx, "workshop.wait", &(id, &input));
    let held = open(&mut tx, id, &SHOP_WORK).await?;
    let wish = Wait { version: None, ..input.clone() };
    order::wait_in(&mut tx, held.order.id, &wish).await?;
    let mut new = held.unit.clone();
    put(&mut new, PlaceKind::Shelf, "", tx.now());
    let unit = save(&mut tx, &held.unit, new).await?;
    let out = answer(&mut tx, unit).await?;
    tx.commit(out).await
}

/// The repair is done (SHOP-16). The guard on the order asks for the checks first (QC-01).
pub async fn repaired(cx: &Cx, id: Id, input: Repaired) -> Result<UnitOut> {
    let mut tx = begin!(cx, "workshop.repaired", &(id, &input));
    let held = open(&mut tx, id, &order::ORDER_COMPLETE).await?;
    let sheet = Complete {
        cause: input.cause.clone(),
        root_cause: input.root_cause.clone(),
        result: input.result.clone(),
        assistance: input.assistance.clone(),
        wear: input.wear.clone(),
        // The customer signs when the unit is picked up.
        unsigned_reason: Some(cx.t(T("在店维修，取机时签字", "In-shop repair: signed at pick-up")).into()),
        ..Complete::default()
    };
    order::complete_in(&mut tx, held.order.id, &sheet, None).await?;
    let mut new = held.unit.clone();
    put(&mut new, PlaceKind::Pickup, &input.place, tx.now());
    let unit = save(&mut tx, &held.unit, new).await?;
    let out = answer(&mut tx, unit).await?;
    tx.commit(out).await
}

/// The unit goes back unrepaired: registered with the reason, its clocks and parts given back (SHOP-14); before work
/// began the order is terminated (SHOP-15).
pub async fn give_back(cx: &Cx, id: Id, input: GiveBack) -> Result<UnitOut> {
    let mut tx = begin!(cx, "workshop.give_back", &(id, &input));
    let held = open(&mut tx, id, &SHOP_WORK).await?;
    rules::check_give_back(&input)?;
    check_not_at_maker(&mut tx, &held).await?;
    let words = format!("{} {}", input.why.label().get(cx.lang), input.note.trim());
    let reason = Reason { version: None, reason: words.trim().to_string() };
    if matches!(held.order.state, State::InProgress | State::Waiting) {
        order::give_back_in(&mut tx, held.order.id, &reason).await?;
    } else {
        order::terminate_in(&mut tx, held.order.id, &reason).await?;
    }
    let mut new = held.unit.clone();
    new.why_back = input.why.as_str().to_string();
    new.back_note = input.note.trim().to_string();
    let unit = clocks::to_return(&mut tx, &held.unit, new).await?;
    let out = answer(&mut tx, unit).await?;
    tx.commit(out).await
}

/// For panels: the unit if the caller may see (or change) it.
pub async fn find_doc(cx: &Cx, conn: &mut Conn, id: Id, write: bool) -> Result<kit::DocBrief> {
    let held = held(conn, id).await?;
    cx.authorize(&SHOP_READ, &held)?;
    if write {
        let allowed = [&SHOP_WORK, &SHOP_RECEIVE, &crate::perms::SHOP_NOTIFY]
            .into_iter()
            .any(|perm| cx.authorize(perm, &held).is_ok());
        if !allowed {
            cx.authorize(&SHOP_WORK, &held)?;
        }
    }
    let title = format!("{} {}", held.unit.no, held.order.customer_name);
    Ok(kit::DocBrief { doc: held.unit.doc(), org: held.unit.org_id, title })
}

/// What a unit still offers to somebody: the buttons of its page.
pub fn may_work(cx: &Cx, held: &Held) -> bool {
    cx.authorize(&SHOP_WORK, held).is_ok() && held.state() != BenchState::Gone
}

/// Counts days in the house, for the lists.
pub async fn count_days(cx: Cx) -> Result<()> {
    let mut tx = begin!(cx, "workshop.count_days", &());
    let now = tx.now();
    store::count_days(&mut tx, now).await?;
    tx.commit(()).await
}
