//! The list of units.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};

use super::model::UnitState;
use crate::perms::{UNIT_READ, UNIT_WRITE};

/// The list.
pub fn units() -> ListSpec {
    ListSpec {
        joins: &[
            ("m", "join model m on m.id = u.model_id"),
            ("k", "left join category k on k.id = m.category_id"),
            ("c", "left join pub_customer c on c.id = u.customer_id"),
        ],
        org: "u.org_id",
        columns: columns(),
        presets: presets(),
        search_kind: Some("unit"),
        sort: ("updated_at", true),
        row_href: "/units/{id}",
        create: Some(("/units/new", T("登记设备", "Register a unit"), &UNIT_WRITE)),
        sheet: Some("units"),
        ..ListSpec::new("units", T("设备", "Units"), "/units", &UNIT_READ, "unit u", "u")
    }
}

/// Keys and labels are those of the sheet `units`, so that an export can be imported again.
fn columns() -> Vec<Col> {
    vec![
        Col::new("no", T("设备编号", "Unit no."), "u.no", Kind::No).width(10),
        Col::new("model", T("型号", "Model"), "m.name", Kind::Text),
        Col::new("model_code", T("型号代码", "Model code"), "m.code", Kind::Text).hidden(),
        Col::new("category", T("分类", "Category"), "k.name", Kind::Text).hidden(),
        Col::new("serial", T("序列号", "Serial no."), "u.serial", Kind::Text).width(10),
        Col::new("customer", T("客户", "Owner"), "c.name", Kind::Text),
        Col::new("customer_no", T("客户编号", "Customer no."), "c.no", Kind::Text).hidden(),
        Col::new("purchase_date", T("购买日期", "Bought on"), "u.purchase_date", Kind::Date).width(7),
        Col::new("install_date", T("安装日期", "Installed on"), "u.install_date", Kind::Date).hidden(),
        Col::new("acceptance_date", T("验收日期", "Accepted on"), "u.acceptance_date", Kind::Date).hidden(),
        Col::new("dealer", T("经销商", "Dealer"), "u.dealer", Kind::Text).hidden(),
        Col::new("invoice_no", T("购买凭证", "Proof of purchase"), "u.invoice_no", Kind::Text).hidden(),
        Col::new("place", T("所在地点", "Place"), "u.place", Kind::Text).sensitive(Sens::Address),
        Col::new("state", T("状态", "State"), "u.state", Kind::Code(UnitState::OPTIONS)).badge(tone).width(6),
        Col::new("open_notes", T("未解决问题", "Open problems"), "u.open_notes", Kind::Int).width(6),
        Col::new("meter", T("仪表读数", "Meter"), "u.meter", Kind::Int).hidden(),
        Col::new("notes", T("备注", "Remarks"), "u.notes", Kind::Text).hidden(),
        Col::new("model_id", T("型号（标识）", "Model (id)"), "u.model_id", Kind::Id).hidden(),
        Col::new("customer_id", T("客户（标识）", "Owner (id)"), "u.customer_id", Kind::Id).hidden(),
        Col::new("meter_unit", T("仪表单位", "Meter counts"), "u.meter_unit", Kind::Text).hidden(),
        Col::new("org_id", T("所属组织", "Organisation"), "u.org_id", Kind::Id).hidden(),
        Col::new("updated_at", T("更新时间", "Updated"), "u.updated_at", Kind::Time).sortable().width(8),
    ]
}

fn tone(code: &str) -> ui::Tone {
    match UnitState::parse(code) {
        Some(UnitState::InUse) => ui::Tone::Green,
        Some(UnitState::Stored) => ui::Tone::Amber,
        _ => ui::Tone::Neutral,
    }
}

fn presets() -> Vec<Preset> {
    let preset = |key, label, filter, hot| Preset { key, label, filter, hot };
    vec![
        preset("in_use", T("使用中", "In use"), "state~eq~in_use", false),
        preset("open", T("有未解决问题", "With open problems"), "open_notes~gte~1", true),
        preset("ownerless", T("无客户", "Without owner"), "customer_id~empty~", false),
        preset("scrapped", T("已报废", "Scrapped"), "state~eq~scrapped", false),
    ]
}
