//! Levels and places of a part in a depot, and what lies where (PARTS-01, 11, 62).

use kernel::{Id, Money, Problems, Quantity, RuleError, T};
use kit::{Cx, Result, Sens, Show, Tx, begin};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{level_store, levels};
use crate::{
    depot, input, part,
    perms::{STOCK_ADJUST, STOCK_READ},
};

/// Input: levels of a part in a depot.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LevelInput {
    /// Where.
    pub depot_id: Id,
    /// Alarm at or below this, in thousandths (text: decimal); 0: none.
    #[serde(default, deserialize_with = "input::quantity")]
    pub minimum: Quantity,
    /// Order at or below this; 0: none.
    #[serde(default, deserialize_with = "input::quantity")]
    pub order_point: Quantity,
    /// Never more than this; 0: no limit.
    #[serde(default, deserialize_with = "input::quantity")]
    pub maximum: Quantity,
    /// Warehouse–rack–level–position (四号定位): `1-03-2-15`.
    #[serde(default)]
    pub bin: String,
}

db::row! {
    /// Levels of a part in a depot.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct LevelOut {
        pub id: Id,
        pub part_id: Id,
        pub depot_id: Id,
        pub minimum: Quantity,
        pub order_point: Quantity,
        pub maximum: Quantity,
        pub bin: String,
        /// The alarm is on.
        pub low: bool,
    }
}

/// All faults of levels.
pub fn check(input: &LevelInput) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for (field, quantity) in
        [("minimum", input.minimum), ("order_point", input.order_point), ("maximum", input.maximum)]
    {
        problems.take(super::rules::not_negative(quantity, field));
    }
    let (low, order, high) = (input.minimum.0, input.order_point.0, input.maximum.0);
    problems.check(order == 0 || order >= low, || {
        RuleError::new(
            "parts.level_order",
            T("订货点不能低于下限", "The order point can't be below the minimum"),
        )
        .field("order_point")
    });
    problems.check(high == 0 || high >= low.max(order), || {
        RuleError::new(
            "parts.level_max",
            T("上限不能低于下限和订货点", "The maximum can't be below the others"),
        )
        .field("maximum")
    });
    problems.check(input.bin.trim().is_empty() || is_bin(&input.bin), || {
        RuleError::new(
            "parts.bin",
            T(
                "货位格式为 库-架-层-位，如 1-03-2-15",
                "Write the place as warehouse-rack-level-position, such as 1-03-2-15",
            ),
        )
        .field("bin")
    });
    problems.finish()
}

/// Four short parts of letters and digits.
fn is_bin(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('-').collect();
    parts.len() == 4
        && parts.iter().all(|p| (1..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Sets levels inside the caller's transaction; switches the alarm accordingly.
pub async fn put_level_in(tx: &mut Tx, part_id: Id, org_id: Id, input: &LevelInput) -> Result<LevelOut> {
    check(input)?;
    let id = level_store::put_level(tx, part_id, org_id, input).await?;
    levels::check_level_in(tx, id).await?;
    level_store::get_level(tx, id).await
}

/// Sets levels and place of a part in a depot.
pub async fn put_level(cx: &Cx, part_id: Id, input: LevelInput) -> Result<LevelOut> {
    let mut tx = begin!(cx, "parts.put_level", &(part_id, &input));
    let depot = depot::store::get_depot(&mut tx, input.depot_id).await?;
    tx.authorize(&STOCK_ADJUST, &depot)?;
    let part = part::store::get_part(&mut tx, part_id).await?;
    let level = put_level_in(&mut tx, part_id, depot.org_id, &input).await?;
    let detail = serde_json::json!({ "depot": depot.code, "minimum": level.minimum, "order_point": level.order_point,
        "maximum": level.maximum, "bin": level.bin });
    tx.log(part::service::doc_ref(&part), "level_set", detail);
    tx.commit(level).await
}

/// What lies of a part in a depot.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PartStock {
    pub depot_id: Id,
    pub depot_code: String,
    pub depot: String,
    pub depot_kind: String,
    /// New pieces.
    pub new: Quantity,
    /// Repaired pieces.
    pub repaired: Quantity,
    /// Pieces in other states, on their way included.
    pub other: Quantity,
    pub reserved: Quantity,
    /// Free of new and repaired pieces.
    pub available: Quantity,
    /// Absent for those who may not see costs.
    pub value: Option<Money>,
    pub minimum: Quantity,
    pub order_point: Quantity,
    pub maximum: Quantity,
    pub bin: String,
    pub low: bool,
}

/// What lies of a part where the caller may look.
pub async fn part_stock(cx: &Cx, part_id: Id) -> Result<Vec<PartStock>> {
    let scope = cx.scope(&STOCK_READ)?;
    let mut conn = cx.read().await?;
    part::store::get_part(&mut conn, part_id).await?;
    let stock =
        level_store::select_part_stock(&mut conn, part_id, &scope, cx.shows(Sens::Cost) == Show::Full)
            .await?;
    cx.count(&conn);
    Ok(stock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_four_numbers() {
        assert!(is_bin("1-03-2-15"));
        assert!(is_bin("A-b3-2-15"));
        assert!(!is_bin("1-03-2"));
        assert!(!is_bin("1-03--15"));
        assert!(!is_bin("库-03-2-15"));
    }

    #[test]
    fn levels_stand_in_order() {
        let level = |min, order, max| LevelInput {
            depot_id: Id::NIL,
            minimum: Quantity::units(min),
            order_point: Quantity::units(order),
            maximum: Quantity::units(max),
            bin: String::new(),
        };
        assert!(check(&level(2, 4, 10)).is_ok());
        assert!(check(&level(2, 0, 0)).is_ok());
        assert!(check(&level(4, 2, 10)).is_err());
        assert!(check(&level(2, 4, 3)).is_err());
        assert!(check(&level(-1, 0, 0)).is_err());
    }
}
