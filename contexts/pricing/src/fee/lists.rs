//! The lists of prices.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::{
    model::{Basis, BorneAs, FeeCode, Grade, Nature},
    words,
};
use crate::perms::{PRICE_READ, PRICE_WRITE};

/// `/prices`
pub fn lists() -> ListSpec {
    let count = "(select count(*) from fee_rule r where r.list_id = l.id)";
    ListSpec {
        columns: vec![
            Col::new("code", T("编码", "Code"), "l.code", Kind::No).sortable().width(9),
            Col::new("name", T("名称", "Name"), "l.name", Kind::Text),
            Col::new("region", T("区域", "Region"), "l.region", Kind::Text),
            Col::new("nature", T("性质", "Nature"), "l.nature", Kind::Code(Nature::OPTIONS)),
            Col::new("rules", T("规则数", "Rules"), count, Kind::Int),
            Col::new("active", T("启用", "Active"), "l.active", Kind::Bool),
            Col::new("updated_at", T("更新时间", "Changed"), "l.updated_at", Kind::Time).sortable(),
        ],
        presets: vec![Preset {
            key: "active",
            label: T("启用中", "Active"),
            filter: "active~eq~true",
            hot: false,
        }],
        sort: ("updated_at", true),
        row_href: "/prices/{id}",
        create: Some(("/prices/new", T("新建价格表", "New price list"), &PRICE_WRITE)),
        ..ListSpec::new(
            "price_lists",
            T("价格表", "Price lists"),
            "/prices",
            &PRICE_READ,
            "price_list l",
            "l",
        )
    }
}

/// `/prices/rules`
pub fn fee_rules() -> ListSpec {
    // Every column an import needs is shown, so that an export can be imported again.
    let kind = "case when r.kind = '' then '全部' else coalesce(k.name, r.kind) end";
    let kind_en = "case when r.kind = '' then 'Any' else coalesce(nullif(k.name_en, ''), k.name, r.kind) end";
    let mode = "case when r.mode = '' then 'any' else r.mode end";
    let category = "case when r.category_id is null then null else
        coalesce((select min(pm.category_name) from pub_model pm where pm.category_id = r.category_id), '*') end";
    ListSpec {
        joins: &[
            ("l", "join price_list l on l.id = r.list_id"),
            ("m", "left join pub_model m on m.id = r.model_id"),
            ("k", "left join work_kind k on k.code = r.kind"),
        ],
        columns: vec![
            Col::new("list", T("价格表", "Price list"), "l.code", Kind::Text),
            Col::new("code", T("费用", "Fee"), "r.code", Kind::Code(FeeCode::OPTIONS)),
            Col::new("label", T("名称", "Label"), "r.label", Kind::Text),
            Col::new("kind_name", T("工种", "Work"), kind, Kind::Text).english(kind_en).width(7),
            Col::new("kind", T("工单类型代码", "Kind code"), "r.kind", Kind::Text).hidden(),
            Col::new("mode", T("服务方式", "Mode"), mode, Kind::Code(words::MODES)),
            Col::new("grade", T("大中小修", "Size"), "nullif(r.grade, '')", Kind::Code(Grade::OPTIONS)),
            Col::new("model", T("机型编码", "Model code"), "m.code", Kind::Text).hidden(),
            Col::new("category", T("产品类别", "Category"), category, Kind::Text).hidden(),
            Col::new("basis", T("计费方式", "Counted"), "r.basis", Kind::Code(Basis::OPTIONS)),
            Col::new("amount", T("金额", "Amount"), "nullif(r.amount, 0)", Kind::Money),
            Col::new("rate", T("比例（%）", "Rate (%)"), "nullif(r.rate_bp, 0) * 10", Kind::Qty).apart(),
            Col::new("rate_bp", T("比例（万分比）", "Rate (basis points)"), "r.rate_bp", Kind::Int).hidden(),
            Col::new("borne_as", T("质保承担", "Borne"), "r.borne_as", Kind::Code(BorneAs::OPTIONS)).hidden(),
            Col::new("automatic", T("自动计入", "Automatic"), "r.automatic", Kind::Bool).hidden(),
            Col::new("valid_from", T("自", "From"), "r.valid_from", Kind::Date),
            Col::new("valid_until", T("至", "Until"), "r.valid_until", Kind::Date).hidden(),
            Col::new("created_at", T("登记时间", "Made"), "r.created_at", Kind::Time).hidden().sortable(),
        ],
        presets: vec![Preset {
            key: "open",
            label: T("未结束", "In force"),
            filter: "valid_until~empty~",
            hot: false,
        }],
        sort: ("created_at", true),
        sheet: Some("prices"),
        ..ListSpec::new(
            "fee_rules",
            T("收费规则", "Fee rules"),
            "/prices/rules",
            &PRICE_READ,
            "fee_rule r",
            "r",
        )
    }
}

/// `/prices/parts`
pub fn part_prices() -> ListSpec {
    ListSpec {
        columns: vec![
            Col::new("part_code", T("配件编码", "Part"), "p.part_code", Kind::Text).width(10),
            Col::new("part_name", T("配件名称", "Name"), "p.part_name", Kind::Text),
            Col::new("price", T("价格", "Price"), "p.price", Kind::Money).apart(),
            Col::new("valid_from", T("自", "From"), "p.valid_from", Kind::Date),
            Col::new("valid_until", T("至", "Until"), "p.valid_until", Kind::Date),
            Col::new("reason", T("理由", "Reason"), "p.reason", Kind::Text),
            Col::new("created_at", T("登记时间", "Made"), "p.created_at", Kind::Time).sortable(),
        ],
        sort: ("created_at", true),
        create: Some(("/prices/parts/new", T("设定配件价格", "Set a part's price"), &PRICE_WRITE)),
        ..ListSpec::new(
            "part_prices",
            T("配件价格偏离", "Deviating part prices"),
            "/prices/parts",
            &PRICE_READ,
            "part_price p",
            "p",
        )
    }
}
