//! Asking customers about extra items.

use kernel::{Id, Money, Problems, RuleError, T};
use kit::{Cx, Error, Result, begin};
use orders::api::{self as order, Agreed};

use super::{
    model::{AnswerExtra, ExtraItem, ExtraState, NewExtra},
    store,
};
use crate::{
    perms::{SHOP_NOTIFY, SHOP_WORK},
    unit::{model::BenchState, rules, service as units},
};

/// Extra items of a unit that the caller may see.
pub async fn of_unit(cx: &Cx, id: Id) -> Result<Vec<ExtraItem>> {
    let mut conn = cx.read().await?;
    units::visible(cx, &mut conn, id).await?;
    let items = store::select_of_unit(&mut conn, id).await?;
    cx.count(&conn);
    Ok(items)
}

/// Something more is to be done: recorded with price and time, so that the customer can be asked (SHOP-17).
pub async fn ask(cx: &Cx, id: Id, input: NewExtra) -> Result<ExtraItem> {
    let mut tx = begin!(cx, "workshop.ask_extra", &(id, &input));
    let held = units::open(&mut tx, id, &SHOP_WORK).await?;
    let mut problems = Problems::new();
    let what = input.what.trim();
    problems.check(!what.is_empty() && what.chars().count() <= rules::SHORT, || {
        let text = T("请写明增加的项目（200 字以内）", "Say what is to be done, in 200 characters");
        RuleError::new("workshop.extra_what", text).field("what")
    });
    problems.check(input.price.0 >= Money::ZERO && input.price.0.checked().is_ok(), || {
        RuleError::new("workshop.extra_price", T("价格不能为负", "The price can't be negative"))
            .field("price")
    });
    rules::check_length(&mut problems, "delay", &input.delay, rules::SHORT);
    problems.finish()?;
    if held.state().leaves() {
        let text = T("机器已修好或已退，不能再加项目", "The work on the unit has ended");
        return Err(Error::Conflict(RuleError::new("workshop.work_ended", text)));
    }
    let row = ExtraItem {
        id: tx.id(),
        version: 1,
        org_id: held.unit.org_id,
        shop_unit_id: id,
        what: what.to_string(),
        price: input.price.0,
        delay: input.delay.trim().to_string(),
        necessary: input.necessary,
        state: ExtraState::Asked,
        answered_by: String::new(),
        how: String::new(),
        asked_at: tx.now(),
        asked_name: tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default(),
        answered_at: None,
    };
    store::insert_item(&mut tx, &row).await?;
    tx.log(held.unit.doc(), "extra_asked", serde_json::to_value(&row)?);
    tx.commit(row).await
}

/// The customer's answer. Agreed: a line with the price joins the order and the consent is recorded with it, so that the
/// over-quote stop stays right (SHOP-18). Refused although necessary: an open note stays on the unit and comes
/// up with its next order (PROD-08).
pub async fn answer(cx: &Cx, id: Id, item: Id, input: AnswerExtra) -> Result<ExtraItem> {
    let mut tx = begin!(cx, "workshop.answer_extra", &(id, item, &input));
    let held = units::open(&mut tx, id, &SHOP_NOTIFY).await?;
    let old = store::lock_item(&mut tx, id, item).await?;
    if old.state != ExtraState::Asked || held.state() == BenchState::Ready {
        let text = T("这一项已经答复", "This item was answered before");
        return Err(Error::Conflict(RuleError::new("workshop.extra_answered", text)));
    }
    let by = input.by.trim();
    if by.is_empty() || by.chars().count() > rules::SHORT {
        return Err(RuleError::new("workshop.extra_by", T("请填写答复人", "Say who answered"))
            .field("by")
            .into());
    }
    let mut new = old.clone();
    new.state = if input.agreed { ExtraState::Agreed } else { ExtraState::Refused };
    new.answered_by = by.to_string();
    new.how = input.how.trim().chars().take(rules::SHORT).collect();
    new.answered_at = Some(tx.now());
    store::update_item(&mut tx, &old, &new).await?;
    if input.agreed && old.price > Money::ZERO {
        let agreed = Agreed { what: &old.what, price: old.price, by, how: &new.how };
        order::add_agreed_line_in(&mut tx, held.order.id, &agreed).await?;
    }
    if !input.agreed
        && old.necessary
        && let Some(unit) = held.order.unit_id
    {
        let source = Some(kit::DocRef::new("order", held.order.id, &held.order.no));
        let note = products::api::NewNote { text: old.what.clone(), refused: true, source };
        products::api::add_note_in(&mut tx, unit, &note).await?;
    }
    tx.log(
        held.unit.doc(),
        "extra_answered",
        serde_json::json!({ "what": old.what, "agreed": input.agreed, "by": by }),
    );
    tx.commit(new).await
}
