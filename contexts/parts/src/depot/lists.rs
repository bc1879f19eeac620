//! The list of depots.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::DepotKind;
use crate::perms::{DEPOT_WRITE, STOCK_READ};

/// Depots, vans, outlets' stores.
pub fn depots() -> ListSpec {
    ListSpec {
        joins: &[
            ("o", "join pub_org o on o.id = d.org_id"),
            ("h", "left join pub_staff h on h.id = d.holder_id"),
        ],
        condition: "d.kind <> 'transit'",
        org: "d.org_id",
        owner: Some("d.holder_id"),
        columns: vec![
            Col::new("code", T("编号", "Code"), "d.code", Kind::No).sortable().width(9),
            Col::new("name", T("名称", "Name"), "d.name", Kind::Text),
            Col::new("kind", T("类型", "Kind"), "d.kind", Kind::Code(DepotKind::OPTIONS))
                .badge(|_| ui::Tone::Blue)
                .width(9),
            Col::new("org", T("所属组织", "Organisation"), "o.name", Kind::Text).width(10),
            Col::new("holder", T("责任人", "Holder"), "h.name", Kind::Person).width(8),
            Col::new("address", T("地址", "Address"), "d.address", Kind::Text),
            Col::new("active", T("在用", "In use"), "d.active", Kind::Bool).hidden(),
            Col::new("org_id", T("组织", "Organisation id"), "d.org_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "active", label: T("在用", "In use"), filter: "active~eq~true", hot: false },
            Preset {
                key: "vans",
                label: T("工程师车/包", "Vans"),
                filter: "active~eq~true;kind~eq~van",
                hot: false,
            },
        ],
        search_kind: Some("depot"),
        sort: ("code", false),
        row_href: "/depots/{id}",
        create: Some(("/depots/new", T("新建仓库", "New depot"), &DEPOT_WRITE)),
        ..ListSpec::new("depots", T("仓库", "Depots"), "/depots", &STOCK_READ, "depot d", "d")
    }
}
