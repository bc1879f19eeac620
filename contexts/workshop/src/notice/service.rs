//! Telling customers.

use contracts::ProcessAsked;
use db::Conn;
use kernel::{Id, Problems, RuleError, T};
use kit::{Cx, Result, Tx, begin};
use orders::api::{LineKind, Stock};

use super::{
    model::{Channel, NewNotice, NoticeKind, NoticeText, Notices, ShopNotice},
    store,
};
use crate::{
    perms::SHOP_NOTIFY,
    unit::{
        model::{Held, ShopUnit},
        rules, service as units,
        store::find_in_house,
    },
};

/// Stands in the words where a date is to be said that nobody has given.
const GAP: &str = "____";

/// Words of a kind for a unit: Chinese, English.
async fn words(cx: &Cx, conn: &mut Conn, held: &Held, kind: NoticeKind) -> Result<(String, String)> {
    let lines = orders::api::lines(conn, held.order.id).await?;
    let missing = |l: &&orders::api::LineRow| l.kind == LineKind::Part && l.stock == Stock::Planned;
    let wanted: Vec<&str> = lines.iter().filter(missing).map(|l| l.name.as_str()).collect();
    let kept = |l: &&orders::api::LineRow| l.kind == LineKind::Part && l.stock != Stock::Returned;
    let all: Vec<&str> = lines.iter().filter(kept).map(|l| l.name.as_str()).collect();
    let part = if wanted.is_empty() { all.join("、") } else { wanted.join("、") };
    let date = held.order.pickup_on.map(|day| day.to_string()).unwrap_or_else(|| GAP.into());
    let product = if held.order.model_name.is_empty() { "机器" } else { &held.order.model_name };
    let filled = [("product", product), ("no", &held.unit.no), ("part", &part), ("date", &date)];
    let fill = |template: String| {
        filled.iter().fold(template, |text, (key, value)| text.replace(&format!("{{{key}}}"), value))
    };
    let (zh, en) = kind.texts();
    let zh: String = cx.setting(zh, held.unit.org_id).await?;
    let en: String = cx.setting(en, held.unit.org_id).await?;
    Ok((fill(zh), fill(en)))
}

/// What was told about a unit, and the words of every kind.
pub async fn notices_in(cx: &Cx, conn: &mut Conn, held: &Held) -> Result<Notices> {
    let told = store::select_of_unit(conn, held.unit.id).await?;
    let mut texts = Vec::new();
    for kind in NoticeKind::ALL {
        let (zh, en) = words(cx, conn, held, *kind).await?;
        let count = told.iter().filter(|notice| notice.kind == *kind).count();
        texts.push(NoticeText { kind: *kind, zh, en, told: i64::try_from(count).unwrap_or(0) });
    }
    Ok(Notices { told, texts })
}

/// The same for callers.
pub async fn notices(cx: &Cx, id: Id) -> Result<Notices> {
    let mut conn = cx.read().await?;
    let held = units::visible(cx, &mut conn, id).await?;
    let notices = notices_in(cx, &mut conn, &held).await?;
    cx.count(&conn);
    Ok(notices)
}

/// Records that the customer was told something: time, person and number come by themselves (SHOP-24). Whoever was
/// reached counts as told for the order's process too.
pub async fn tell(cx: &Cx, id: Id, input: NewNotice) -> Result<ShopNotice> {
    let mut tx = begin!(cx, "workshop.tell", &(id, &input));
    let held = units::open(&mut tx, id, &SHOP_NOTIFY).await?;
    let mut problems = Problems::new();
    problems.check(input.kind != NoticeKind::Repaired || held.state().leaves(), || {
        let text = T("机器还没有修好，不能通知取机", "The unit is not ready: don't call the customer yet");
        RuleError::new("workshop.not_ready", text).field("kind")
    });
    rules::check_length(&mut problems, "text", input.text.as_deref().unwrap_or_default(), 1000);
    rules::check_length(&mut problems, "answer", &input.answer, rules::LONG);
    problems.finish()?;
    let (zh, en) = words(cx, &mut tx, &held, input.kind).await?;
    let given = input.text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_string);
    let text = given.unwrap_or_else(|| T("{zh}", "{en}").fill(cx.lang, &[("zh", zh), ("en", en)]));
    if !input.missed && text.contains(GAP) {
        let why = T(
            "还没有预计日期：先填取机日期，或把文字里的空补上",
            "There is no date yet: give the date of pick-up, or fill the gap in the words",
        );
        return Err(RuleError::new("workshop.notice_gap", why).field("text").into());
    }
    let now = tx.now();
    let row = ShopNotice {
        id: tx.id(),
        org_id: held.unit.org_id,
        shop_unit_id: id,
        kind: input.kind,
        nth: store::count_kind(&mut tx, id, input.kind).await? + 1,
        channel: input.channel,
        reached: !input.missed,
        text,
        answer: input.answer.trim().to_string(),
        at: now,
        staff_id: tx.staff(),
        staff_name: tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default(),
    };
    record_in(&mut tx, &held.unit, &row).await?;
    if row.reached {
        orders::api::told_in(&mut tx, held.order.id, row.kind.as_str(), &row.text).await?;
    }
    tx.commit(row).await
}

async fn record_in(tx: &mut Tx, unit: &ShopUnit, row: &ShopNotice) -> Result<()> {
    store::insert_notice(tx, row).await?;
    let mut new = unit.clone();
    new.notices += 1;
    new.noticed_at = Some(row.at);
    new.last_notice = row.kind.as_str().to_string();
    units::save(tx, unit, new).await?;
    let said = serde_json::json!({ "kind": row.kind, "nth": row.nth, "reached": row.reached });
    tx.log(unit.doc(), "told", said);
    Ok(())
}

/// What the order's process told the customer of a unit in the house stands among its notices; messages that are no
/// notice of SHOP-24 don't.
pub async fn heard_in(tx: &mut Tx, event: &ProcessAsked) -> Result<()> {
    if event.what != "message" || event.doc_kind != "order" {
        return Ok(());
    }
    let Some(kind) = NoticeKind::parse(&event.code) else { return Ok(()) };
    let Some(unit) = find_in_house(tx, event.doc_id).await? else { return Ok(()) };
    let row = ShopNotice {
        id: tx.id(),
        org_id: unit.org_id,
        shop_unit_id: unit.id,
        kind,
        nth: store::count_kind(tx, unit.id, kind).await? + 1,
        channel: Channel::Phone,
        reached: true,
        text: event.text.clone(),
        answer: String::new(),
        at: event.at,
        staff_id: event.staff_id,
        staff_name: event.staff_name.clone(),
    };
    record_in(tx, &unit, &row).await
}
