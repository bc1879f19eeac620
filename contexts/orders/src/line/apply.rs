//! From what somebody typed to a priced line, and from a line to the stock. Used by every sheet that carries
//! lines: intake, dispatch, completion, callback (PARTS-33, WO-39).

use db::Conn;
use kernel::{Bp, Id, Lang, Money, Quantity, RuleError, T, Ts};
use kit::{Cx, Error, Result, Scope, Tx};
use parts::api::{self as stock, IssueKind, LineStock};

use super::{
    model::{LineKind, LineRow, NewLine, Sheet, Stock, StockWish},
    rules::{self, Cover},
};
use crate::order::{
    job::trimmed,
    model::{OrderRow, OrderUnit},
};

/// What a line is drafted for.
pub struct For<'a> {
    /// The order.
    pub order: &'a OrderRow,
    /// Its units.
    pub units: &'a [OrderUnit],
    /// Depots the caller may take from.
    pub scope: Scope,
    /// Place of the line.
    pub place: i64,
    /// Sheet that is filled in now.
    pub sheet: Sheet,
    /// When.
    pub now: Ts,
}

/// The unit that a line is about; the first unless said.
fn unit_of(units: &[OrderUnit], unit: Option<Id>) -> Option<&OrderUnit> {
    unit.and_then(|id| units.iter().find(|u| u.id == id)).or_else(|| units.first())
}

/// What the warranty bears of a unit; a class set by hand overrides (WO-04).
fn cover_of(order: &OrderRow, unit: Option<&OrderUnit>) -> Cover {
    let decided = unit.map_or_else(Cover::default, |u| Cover {
        parts: u.parts_bp,
        labour: u.labour_bp,
        travel: u.travel_bp,
    });
    crate::order::rules::cover(order.warranty, order.warranty_set, decided)
}

/// Puts the warranty's share of its unit on a line, with the verdict and the reason in words (WO-46).
pub fn bear(order: &OrderRow, units: &[OrderUnit], line: &mut LineRow) {
    let unit = unit_of(units, line.order_unit_id);
    line.covered_bp = cover_of(order, unit).of(line.kind);
    line.verdict = unit.map_or_else(String::new, |u| u.verdict.clone());
    line.trace = T::both(&why(Lang::Zh, order, unit), &why(Lang::En, order, unit));
}

/// Why a price was not the rule's, in both languages.
pub fn priced_by(who: &str, old: &LineRow, line: &LineRow) -> String {
    let text =
        T("{who}手工定价 {price}（原 {before}）", "Priced at {price} by hand by {who} (before: {before})");
    let told = |line: &LineRow| match line.quantity {
        Quantity::ONE => line.price.fmt_money(),
        many => format!("{} ×{many}", line.price.fmt_money()),
    };
    text.told(&[("who", who.to_string()), ("price", told(line)), ("before", told(old))])
}

/// Why a price by rule is not asked, in both languages.
pub fn struck_by(who: &str, old: &LineRow) -> String {
    T("{who}划去（原 {before}）", "Struck by {who} (before: {before})")
        .told(&[("who", who.to_string()), ("before", old.price.fmt_money())])
}

fn why(lang: Lang, order: &OrderRow, unit: Option<&OrderUnit>) -> String {
    if order.warranty_set {
        let by = T("按工单保修类别：{class}", "By the class set on the order: {class}");
        return by.fill(lang, &[("class", order.warranty.label().get(lang).to_string())]);
    }
    let Some(unit) = unit else { return String::new() };
    let verdict = warranty::api::Verdict::parse(&unit.verdict).map_or("", |v| v.label().get(lang));
    let until = unit.warranty_until.map_or_else(String::new, |day| {
        T("，保修至 {day}", ", warranty until {day}").fill(lang, &[("day", day.to_string())])
    });
    // Not its serial number, which the company may have made sensitive: the line names its unit.
    let which = &unit.model_name;
    [which.as_str(), verdict].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ") + &until
}

/// Prices a new line. Reads only; the stock is moved by [`move_in`].
pub async fn draft(
    cx: &Cx,
    conn: &mut Conn,
    wanted: &NewLine,
    ctx: &For<'_>,
) -> Result<(LineRow, StockWish)> {
    let kind = wanted.kind.unwrap_or(if wanted.part_id.is_some() || wanted.part_code.is_some() {
        LineKind::Part
    } else {
        LineKind::Fee
    });
    let sheet = rules::sheet(wanted.sheet, ctx.sheet, ctx.order.state)?;
    let quantity = wanted.quantity.unwrap_or(Quantity::ONE);
    rules::check_quantity(quantity)?;
    if let Some(unit) = wanted.order_unit_id
        && !ctx.units.iter().any(|u| u.id == unit)
    {
        return Err(RuleError::new(
            "orders.line_unit",
            T("该故障项不属于本工单", "This item is not part of the order"),
        )
        .field("order_unit_id")
        .into());
    }
    let mut row = LineRow {
        id: cx.id(),
        order_id: ctx.order.id,
        org_id: ctx.order.org_id,
        place: ctx.place,
        order_unit_id: wanted.order_unit_id.or_else(|| ctx.units.first().map(|u| u.id)),
        kind,
        code: String::new(),
        name: trimmed(wanted.name.as_deref()),
        part_id: None,
        depot_id: None,
        quantity,
        price: wanted.price.unwrap_or_default(),
        covered_bp: 0,
        gross: Money::ZERO,
        amount: Money::ZERO,
        sheet,
        stock: Stock::None,
        verdict: String::new(),
        reclassified: String::new(),
        old_part_due: false,
        old_part_taken: wanted.old_part_taken,
        serials: trimmed(wanted.serials.as_deref()),
        auto: false,
        priced: false,
        rule_id: None,
        trace: String::new(),
        note: trimmed(wanted.note.as_deref()),
        cost: Money::ZERO,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    let mut wish = StockWish::Plan;
    if kind == LineKind::Part {
        wish = rules::wish(wanted.stock, sheet)?;
        fill_part(cx, conn, &mut row, wanted, ctx, wish).await?;
    } else if row.name.is_empty() {
        return Err(RuleError::new("orders.line_name", T("请填写项目名称", "Name the item"))
            .field("name")
            .into());
    }
    rules::check_price(row.price)?;
    bear(ctx.order, ctx.units, &mut row);
    (row.gross, row.amount) = rules::amounts(row.price, row.quantity, row.covered_bp)?;
    Ok((row, wish))
}

async fn fill_part(
    cx: &Cx,
    conn: &mut Conn,
    row: &mut LineRow,
    wanted: &NewLine,
    ctx: &For<'_>,
    wish: StockWish,
) -> Result<()> {
    let unknown =
        || RuleError::new("orders.line_part", T("没有这个备件", "There is no such part")).field("part_id");
    let part = match (wanted.part_id, wanted.part_code.as_deref()) {
        (Some(id), _) => stock::part(conn, id)
            .await
            .map_err(|error| if matches!(error, Error::NotFound) { unknown().into() } else { error })?,
        (None, Some(code)) => {
            stock::part_by_code(conn, code).await?.ok_or_else(|| unknown().field("part_code"))?
        }
        (None, None) => return Err(unknown().into()),
    };
    if wanted.price.is_none() {
        let day = kit::format::date_of(cx.zone_of(ctx.order.org_id), ctx.now);
        row.price = pricing::api::part_price(conn, part.id, part.price, day).await?;
    }
    stock::check_whole(&part, row.quantity)?;
    row.part_id = Some(part.id);
    row.code = part.code;
    row.name = if part.spec.is_empty() { part.name } else { format!("{} {}", part.name, part.spec) };
    row.old_part_due = part.old_part_due;
    row.depot_id = depot_for(conn, wanted.depot_id, ctx).await?;
    if row.depot_id.is_none() && wish != StockWish::Plan {
        return Err(no_depot().into());
    }
    row.stock = Stock::Planned;
    Ok(())
}

fn no_depot() -> RuleError {
    RuleError::new("orders.line_depot", T("请选择出库仓库", "Choose a depot to take it from"))
        .field("depot_id")
}

/// The depot named, if the caller may take from it; else the engineer's van.
async fn depot_for(conn: &mut Conn, named: Option<Id>, ctx: &For<'_>) -> Result<Option<Id>> {
    let engineer = ctx.order.engineer_id;
    let Some(id) = named else {
        return match engineer {
            Some(staff) => Ok(stock::van_of(conn, staff).await?.map(|depot| depot.id)),
            None => Ok(None),
        };
    };
    let depot = stock::depot(conn, id)
        .await
        .map_err(|error| if matches!(error, Error::NotFound) { no_depot().into() } else { error })?;
    let holder: Vec<Id> = depot.holder_id.into_iter().collect();
    let near = depot.org_id == ctx.order.org_id || (engineer.is_some() && depot.holder_id == engineer);
    if near || ctx.scope.covers(depot.org_id, &holder) { Ok(Some(id)) } else { Err(no_depot().into()) }
}

/// Why a part leaves the depot for this line (PARTS-32).
fn issue_kind(order: &OrderRow, line: &LineRow) -> IssueKind {
    match order.kind.as_str() {
        "dealer_return" => IssueKind::DealerReturn,
        _ if line.covered_bp > 0 => IssueKind::Warranty,
        _ => IssueKind::Charged,
    }
}

/// The line as the stock knows it; none for lines without part and depot.
pub fn line_stock(order: &OrderRow, line: &LineRow) -> Option<LineStock> {
    let (part_id, depot_id) = (line.part_id?, line.depot_id?);
    Some(LineStock {
        doc: order.doc(),
        line_id: line.id,
        part_id,
        depot_id,
        kind: issue_kind(order, line),
        org_id: order.org_id,
    })
}

/// Moves the stock so that it fits the line under a wish, and notes on the line what it became. Changed
/// quantities adjust, a wish of nothing gives everything back (PARTS-33).
pub async fn move_in(tx: &mut Tx, order: &OrderRow, line: &mut LineRow, wish: StockWish) -> Result<()> {
    let Some(target) = line_stock(order, line) else {
        return if line.kind == LineKind::Part && wish != StockWish::Plan {
            Err(no_depot().into())
        } else {
            Ok(())
        };
    };
    match wish {
        StockWish::Issue => {
            let moved = stock::set_line_in(tx, &target, line.quantity).await?;
            line.cost = moved.cost;
            if line.stock == Stock::Reserved && moved.reserved > Quantity::ZERO {
                // More was held than is taken: the rest is free for others.
                stock::release_line_in(tx, line.id).await?;
            }
        }
        StockWish::Reserve => stock::reserve_line_in(tx, &target, line.quantity).await?,
        StockWish::Plan if line.stock == Stock::Reserved => stock::release_line_in(tx, line.id).await?,
        StockWish::Plan => {}
    }
    line.stock = rules::stock_after(wish, line.sheet);
    Ok(())
}

/// Gives back everything a line has and lets its reservation go.
pub async fn clear_in(tx: &mut Tx, order: &OrderRow, line: &mut LineRow) -> Result<()> {
    if let Some(target) = line_stock(order, line) {
        match line.stock {
            Stock::Issued | Stock::Used => stock::clear_line_in(tx, &target).await?,
            Stock::Reserved => stock::release_line_in(tx, line.id).await?,
            Stock::None | Stock::Planned | Stock::Returned => {}
        }
    }
    if line.kind == LineKind::Part {
        line.stock = Stock::Returned;
    }
    line.cost = Money::ZERO;
    Ok(())
}

/// What the automatic fees depend on: the same key, the same fees.
pub fn fee_key(order: &OrderRow, units: &[OrderUnit]) -> String {
    let id = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut key = format!(
        "{}|{}|{}|{}|{}|{}|{}|{}",
        order.kind,
        order.mode.as_str(),
        order.urgent,
        order.job_size,
        order.hours.0,
        order.distance_km.0,
        order.cost_price,
        order.warranty_set,
    );
    for unit in units {
        let cover = cover_of(order, Some(unit));
        let about = [unit.id.to_string(), id(unit.model_id), id(unit.unit_id), unit.work_kind.clone()];
        key.push_str(&format!("|{}|{}|{}", about.join("|"), cover.labour, cover.travel));
    }
    key
}

/// Fees by the price lists (WO-39), as lines from `place` on: those of the job with its first unit, then the work on
/// each further one by its own kind, model and decision (WO-46). The way is free when any unit's warranty bears it.
pub async fn fee_lines(cx: &Cx, conn: &mut Conn, ctx: &For<'_>) -> Result<Vec<LineRow>> {
    let order = ctx.order;
    let travel = ctx.units.iter().map(|unit| cover_of(order, Some(unit)).travel).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (index, unit) in ctx.units.iter().enumerate() {
        let question = pricing::api::FeeQuestion {
            org_id: order.org_id,
            kind: unit.work_kind.clone(),
            mode: order.mode.as_str().to_string(),
            model_id: unit.model_id,
            covered_labour_bp: cover_of(order, Some(unit)).labour,
            covered_travel_bp: travel,
            urgent: order.urgent,
            on: kit::format::date_of(cx.zone_of(order.org_id), ctx.now),
        };
        let more = pricing::api::FeeMore {
            grade: pricing::api::Grade::parse(&order.job_size),
            distance_km: order.distance_km,
            hours: order.hours,
            unit_id: unit.unit_id,
            cost_price: order.cost_price,
            also: index > 0,
        };
        let fees = pricing::api::fees_more(conn, &question, &more).await?;
        for fee in fees {
            let place = ctx.place + i64::try_from(lines.len()).unwrap_or(0);
            lines.push(fee_line(cx, ctx, unit, fee, place));
        }
    }
    Ok(lines)
}

fn fee_line(cx: &Cx, ctx: &For<'_>, unit: &OrderUnit, fee: pricing::api::Fee, place: i64) -> LineRow {
    LineRow {
        id: cx.id(),
        order_id: ctx.order.id,
        org_id: ctx.order.org_id,
        place,
        order_unit_id: Some(unit.id),
        kind: match fee.code.as_str() {
            "labour" => LineKind::Labour,
            "travel" | "visit" => LineKind::Travel,
            _ => LineKind::Fee,
        },
        code: fee.code,
        name: fee.label,
        part_id: None,
        depot_id: None,
        quantity: Quantity::ONE,
        price: fee.gross,
        covered_bp: Bp::of(fee.gross.0 - fee.amount.0, fee.gross.0).0.clamp(0, 10_000),
        gross: fee.gross,
        amount: fee.amount,
        sheet: ctx.sheet,
        stock: Stock::None,
        verdict: unit.verdict.clone(),
        reclassified: String::new(),
        old_part_due: false,
        old_part_taken: false,
        serials: String::new(),
        auto: true,
        priced: false,
        rule_id: Some(fee.rule_id),
        trace: T::both(&fee.trace, &fee.trace_en),
        note: String::new(),
        cost: Money::ZERO,
        created_at: ctx.now,
        updated_at: ctx.now,
    }
}

/// The next free place.
pub fn next_place(lines: &[LineRow]) -> i64 {
    lines.iter().map(|line| line.place).max().unwrap_or(0) + 1
}
