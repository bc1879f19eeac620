//! Lists of transfers: what an organisation sends, and what is coming to it.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::{TransferKind, TransferState};
use crate::perms::{STOCK_MOVE, STOCK_READ};

const JOINS: &[(&str, &str)] =
    &[("f", "join depot f on f.id = t.from_id"), ("g", "join depot g on g.id = t.to_id")];

fn columns() -> Vec<Col> {
    vec![
        Col::new("no", T("单号", "No."), "t.no", Kind::No).width(11),
        Col::new("kind", T("类别", "Kind"), "t.kind", Kind::Code(TransferKind::OPTIONS))
            .badge(|_| ui::Tone::Blue)
            .width(8),
        Col::new("from", T("发出", "From"), "f.name", Kind::Text),
        Col::new("to", T("接收", "To"), "g.name", Kind::Text),
        Col::new("state", T("状态", "State"), "t.state", Kind::Code(TransferState::OPTIONS))
            .badge(|state| match state {
                "sent" | "partly" => ui::Tone::Violet,
                "received" => ui::Tone::Green,
                _ => ui::Tone::Neutral,
            })
            .width(7),
        Col::new("carrier", T("承运", "Carrier"), "t.carrier", Kind::Text).width(7),
        Col::new("place", T("位置", "Position"), "t.place", Kind::Text).width(7),
        Col::new("due", T("预计/应退", "Due"), "t.due", Kind::Date).width(7),
        Col::new("sent_at", T("发出时间", "Sent"), "t.sent_at", Kind::Time).width(8),
        Col::new("from_id", T("发出仓库", "From depot id"), "t.from_id", Kind::Id).hidden(),
        Col::new("to_id", T("接收仓库", "To depot id"), "t.to_id", Kind::Id).hidden(),
    ]
}

/// What an organisation sends.
pub fn transfers() -> ListSpec {
    ListSpec {
        joins: JOINS,
        org: "t.org_id",
        owner: Some("t.holder_id"),
        columns: columns(),
        presets: vec![
            Preset {
                key: "way", label: T("在途", "On the way"), filter: "state~in~sent,partly", hot: false
            },
            Preset { key: "draws", label: T("领料", "Draws"), filter: "kind~eq~draw", hot: false },
            Preset {
                key: "returns",
                label: T("退料", "Returns"),
                filter: "kind~eq~return_unused",
                hot: false,
            },
        ],
        search_kind: Some("transfer"),
        row_href: "/transfers/{id}",
        create: Some(("/transfers/new", T("新建调拨", "New transfer"), &STOCK_MOVE)),
        ..ListSpec::new(
            "transfers",
            T("调拨与领退料", "Transfers"),
            "/transfers",
            &STOCK_READ,
            "transfer t",
            "t",
        )
    }
}

/// What is coming to an organisation (PARTS-64).
pub fn arrivals() -> ListSpec {
    ListSpec {
        joins: JOINS,
        condition: "t.kind = 'move'",
        org: "t.to_org_id",
        owner: Some("t.holder_id"),
        columns: columns(),
        presets: vec![Preset {
            key: "way",
            label: T("待收货", "To be received"),
            filter: "state~in~sent,partly",
            hot: false,
        }],
        start: Some("way"),
        row_href: "/transfers/{id}",
        ..ListSpec::new("arrivals", T("在途到货", "Arrivals"), "/arrivals", &STOCK_READ, "transfer t", "t")
    }
}
