//! Lists of the ledger: balances, movements, reservations, levels (PARTS-24, 35, 46, 62).

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};

use super::model::{IssueKind, MoveKind, Place, StockState};
use crate::perms::STOCK_READ;

fn tone(state: &str) -> ui::Tone {
    match StockState::parse(state) {
        Some(StockState::New) => ui::Tone::Green,
        Some(StockState::Repaired) => ui::Tone::Cyan,
        Some(StockState::InTransit) => ui::Tone::Violet,
        Some(StockState::Scrap) => ui::Tone::Red,
        Some(_) => ui::Tone::Amber,
        None => ui::Tone::Neutral,
    }
}

fn preset(key: &'static str, label: T, filter: &'static str, hot: bool) -> Preset {
    Preset { key, label, filter, hot }
}

/// What lies where. Keys are those of the sheet `stock`.
pub fn stock() -> ListSpec {
    ListSpec {
        joins: &[
            ("p", "join part p on p.id = b.part_id"),
            ("d", "join depot d on d.id = b.depot_id"),
            ("l", "left join stock_level l on l.part_id = b.part_id and l.depot_id = b.depot_id"),
        ],
        org: "b.org_id",
        owner: Some("b.holder_id"),
        columns: vec![
            Col::new("part", T("编码", "Code"), "p.code", Kind::No).width(9),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text),
            Col::new("spec", T("规格型号", "Specification"), "p.spec", Kind::Text).hidden(),
            Col::new("depot", T("仓库编号", "Depot"), "d.code", Kind::Text).hidden(),
            Col::new("depot_name", T("仓库", "Depot name"), "d.name", Kind::Text).width(9),
            Col::new("bin", T("货位", "Place"), "l.bin", Kind::Text).width(7),
            Col::new("state", T("状态", "State"), "b.stock_state", Kind::Code(StockState::OPTIONS))
                .badge(tone)
                .width(7),
            Col::new("quantity", T("现存量", "On hand"), "b.on_hand", Kind::Qty).width(6),
            Col::new("reserved", T("预留", "Reserved"), "b.reserved", Kind::Qty).width(6),
            Col::new("available", T("可用量", "Available"), "(b.on_hand - b.reserved)", Kind::Qty).width(6),
            Col::new("value", T("库存金额", "Value"), "b.value", Kind::Money).sensitive(Sens::Cost).width(8),
            Col::new("minimum", T("下限", "Minimum"), "l.minimum", Kind::Qty).apart().width(5),
            Col::new("low", T("低库存", "Low"), "l.low", Kind::Bool).hidden(),
            Col::new("part_id", T("配件", "Part id"), "b.part_id", Kind::Id).hidden(),
            Col::new("depot_id", T("仓库标识", "Depot id"), "b.depot_id", Kind::Id).hidden(),
            Col::new(
                "depot_kind",
                T("仓库类型", "Depot kind"),
                "d.kind",
                Kind::Code(crate::depot::model::DepotKind::OPTIONS),
            )
            .hidden(),
            Col::new("updated_at", T("变动时间", "Moved"), "b.updated_at", Kind::Time).hidden(),
        ],
        presets: vec![
            preset("there", T("有库存", "In stock"), "quantity~gte~0.001", false),
            preset("low", T("低库存", "Low"), "low~eq~true", true),
            preset("vans", T("在工程师处", "With engineers"), "depot_kind~eq~van;quantity~gte~0.001", false),
            preset("transit", T("在途", "On the way"), "state~eq~in_transit;quantity~gte~0.001", false),
            preset(
                "repairable",
                T("待修件", "Repairable"),
                "state~in~repairable,under_repair;quantity~gte~0.001",
                false,
            ),
        ],
        row_href: "/stock/{id}",
        sheet: Some("stock"),
        ..ListSpec::new("stock", T("库存", "Stock"), "/stock", &STOCK_READ, "stock_balance b", "b")
    }
}

/// Every movement (PARTS-46).
pub fn stock_moves() -> ListSpec {
    ListSpec {
        joins: &[
            ("p", "join part p on p.id = m.part_id"),
            ("f", "left join depot f on f.id = m.from_depot_id"),
            ("t", "left join depot t on t.id = m.to_depot_id"),
            ("s", "left join pub_staff s on s.id = m.staff_id"),
        ],
        org: "m.org_id",
        owner: Some("m.staff_id"),
        columns: vec![
            Col::new("at", T("时间", "When"), "m.at", Kind::Time).width(7),
            Col::new("kind", T("业务", "Kind"), "m.kind", Kind::Code(MoveKind::OPTIONS))
                .badge(|_| ui::Tone::Blue)
                .width(8),
            Col::new(
                "issue_kind",
                T("出库类别", "Issue kind"),
                "m.issue_kind",
                Kind::Code(IssueKind::OPTIONS),
            )
            .hidden(),
            Col::new("part", T("编码", "Code"), "p.code", Kind::Text).width(8),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text),
            Col::new("quantity", T("数量", "Quantity"), "m.quantity", Kind::Qty).width(5),
            Col::new("cost", T("成本", "Cost"), "m.cost", Kind::Money).sensitive(Sens::Cost).width(7),
            Col::new("from", T("来自", "From"), "coalesce(f.name, '')", Kind::Text).width(8),
            Col::new("from_place", T("来源", "From place"), "m.from_place", Kind::Code(Place::OPTIONS))
                .hidden(),
            Col::new(
                "from_state",
                T("原状态", "From state"),
                "m.from_state",
                Kind::Code(StockState::OPTIONS),
            )
            .hidden(),
            Col::new("to", T("去往", "To"), "coalesce(t.name, '')", Kind::Text).width(8),
            Col::new("to_place", T("去向", "To place"), "m.to_place", Kind::Code(Place::OPTIONS)).hidden(),
            Col::new("to_state", T("新状态", "To state"), "m.to_state", Kind::Code(StockState::OPTIONS))
                .hidden(),
            Col::new("doc", T("单据", "Document"), "m.doc_no", Kind::Text).width(10),
            Col::new("person", T("经手人", "By"), "s.name", Kind::Person).width(7),
            Col::new("reason", T("原因", "Reason"), "m.reason", Kind::Text).hidden(),
            Col::new("part_id", T("配件", "Part id"), "m.part_id", Kind::Id).hidden(),
            Col::new("from_depot_id", T("发出仓库", "From depot id"), "m.from_depot_id", Kind::Id).hidden(),
            Col::new("to_depot_id", T("接收仓库", "To depot id"), "m.to_depot_id", Kind::Id).hidden(),
            Col::new("doc_id", T("单据标识", "Document id"), "m.doc_id", Kind::Id).hidden(),
        ],
        presets: vec![
            preset("week", T("近 7 天", "Last 7 days"), "at~last~7", false),
            preset(
                "in",
                T("入库", "In"),
                "kind~in~receipt,opening,arrive,give_back,return_unused,old_part",
                false,
            ),
            preset("out", T("出库", "Out"), "kind~in~issue,send,draw", false),
            preset("corrections", T("更正", "Corrections"), "kind~in~count,restate,reverse", false),
        ],
        ..ListSpec::new(
            "stock_moves",
            T("出入库记录", "Movements"),
            "/stock-moves",
            &STOCK_READ,
            "stock_move m",
            "m",
        )
    }
}

/// What documents hold for themselves (PARTS-35).
pub fn reservations() -> ListSpec {
    const STATES: &[(&str, T)] =
        &[("open", T("有效", "Open")), ("used", T("已领用", "Used")), ("released", T("已释放", "Released"))];
    ListSpec {
        joins: &[("p", "join part p on p.id = r.part_id"), ("d", "join depot d on d.id = r.depot_id")],
        org: "r.org_id",
        columns: vec![
            Col::new("doc", T("单据", "Document"), "r.doc_no", Kind::No).width(10),
            Col::new("part", T("编码", "Code"), "p.code", Kind::Text).width(9),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text),
            Col::new("depot", T("仓库", "Depot"), "d.name", Kind::Text).width(9),
            Col::new(
                "stock_state",
                T("库存状态", "Stock state"),
                "r.stock_state",
                Kind::Code(StockState::OPTIONS),
            )
            .badge(tone)
            .width(7),
            Col::new("quantity", T("预留数量", "Reserved"), "r.quantity", Kind::Qty).width(6),
            Col::new("asked", T("原预留", "Asked"), "r.asked", Kind::Qty).hidden(),
            Col::new("state", T("状态", "State"), "r.state", Kind::Code(STATES)).width(6),
            Col::new("created_at", T("时间", "When"), "r.created_at", Kind::Time).width(8),
            Col::new("part_id", T("配件", "Part id"), "r.part_id", Kind::Id).hidden(),
            Col::new("depot_id", T("仓库标识", "Depot id"), "r.depot_id", Kind::Id).hidden(),
            Col::new("doc_id", T("单据标识", "Document id"), "r.doc_id", Kind::Id).hidden(),
        ],
        presets: vec![preset("open", T("有效", "Open"), "state~eq~open", false)],
        ..ListSpec::new(
            "reservations",
            T("预约与占用", "Reservations"),
            "/reservations",
            &STOCK_READ,
            "reservation r",
            "r",
        )
    }
}

/// Levels, and who is below (PARTS-62).
pub fn stock_levels() -> ListSpec {
    ListSpec {
        joins: &[
            ("p", "join part p on p.id = l.part_id"),
            ("d", "join depot d on d.id = l.depot_id"),
            ("n", "left join stock_balance n on n.part_id = l.part_id and n.depot_id = l.depot_id and n.stock_state = 'new'"),
            ("r", "left join stock_balance r on r.part_id = l.part_id and r.depot_id = l.depot_id and r.stock_state = 'repaired'"),
        ],
        org: "l.org_id",
        columns: vec![
            Col::new("part", T("编码", "Code"), "p.code", Kind::No).width(9),
            Col::new("name", T("名称", "Name"), "p.name", Kind::Text),
            Col::new("depot", T("仓库", "Depot"), "d.name", Kind::Text).width(9),
            Col::new("bin", T("货位", "Place"), "l.bin", Kind::Text).width(7),
            Col::new(
                "available",
                T("可用量", "Available"),
                "(coalesce(n.on_hand, 0) - coalesce(n.reserved, 0) + coalesce(r.on_hand, 0) - coalesce(r.reserved, 0))",
                Kind::Qty,
            )
            .width(6),
            Col::new("minimum", T("下限", "Minimum"), "l.minimum", Kind::Qty).apart().width(5),
            Col::new("order_point", T("订货点", "Order point"), "l.order_point", Kind::Qty).apart().width(6),
            Col::new("maximum", T("上限", "Maximum"), "l.maximum", Kind::Qty).apart().width(5),
            Col::new("low", T("低库存", "Low"), "l.low", Kind::Bool).width(5),
            Col::new("low_since", T("自", "Since"), "l.low_since", Kind::Time).width(8),
            Col::new("lead_days", T("采购周期（天）", "Lead time (days)"), "p.lead_days", Kind::Int).hidden(),
            Col::new("part_id", T("配件", "Part id"), "l.part_id", Kind::Id).hidden(),
            Col::new("depot_id", T("仓库标识", "Depot id"), "l.depot_id", Kind::Id).hidden(),
        ],
        presets: vec![preset("low", T("低库存报警", "Low"), "low~eq~true", true)],
        row_href: "/stock-levels/{id}",
        ..ListSpec::new("stock_levels", T("库存上下限", "Stock levels"), "/stock-levels", &STOCK_READ, "stock_level l", "l")
    }
}
