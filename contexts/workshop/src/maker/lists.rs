//! The return ledger (返货记录帐本) as a list.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::{MakerState, Outcome};
use crate::perms::SHOP_READ;

fn state_tone(code: &str) -> ui::Tone {
    if code == "sent" { ui::Tone::Amber } else { ui::Tone::Green }
}

/// Returns to makers, newest first.
pub fn returns() -> ListSpec {
    ListSpec {
        joins: &[
            ("u", "join shop_unit u on u.id = m.shop_unit_id"),
            ("o", "join pub_order o on o.id = m.order_id"),
        ],
        org: "m.org_id",
        columns: vec![
            Col::new("no", T("返厂单号", "Return"), "m.no", Kind::No).width(11),
            Col::new("state", T("状态", "State"), "m.state", Kind::Code(MakerState::OPTIONS))
                .badge(state_tone)
                .width(6),
            Col::new("promised_at", T("厂家承诺", "Promised"), "m.promised_at", Kind::Time).width(9),
            Col::new("maker", T("厂家", "Maker"), "m.maker", Kind::Text),
            Col::new("model", T("机型", "Model"), "o.model_name", Kind::Text),
            Col::new("serial", T("序列号", "Serial"), "o.serial", Kind::Text).hidden(),
            Col::new("customer", T("客户", "Customer"), "o.customer_name", Kind::Text),
            Col::new("fault", T("故障", "Fault"), "m.fault", Kind::Text),
            Col::new("sent_at", T("送出", "Sent"), "m.sent_at", Kind::Time).sortable().width(8),
            Col::new("enquiries", T("催问次数", "Asked"), "m.enquiries", Kind::Int).hidden(),
            Col::new("progress", T("厂家答复", "Maker said"), "m.progress", Kind::Text).hidden(),
            Col::new("back_at", T("返回", "Back"), "m.back_at", Kind::Time).hidden(),
            Col::new("outcome", T("结果", "Outcome"), "m.outcome", Kind::Code(Outcome::OPTIONS)).width(6),
            Col::new("fee", T("厂家费用", "Maker's fee"), "m.fee", Kind::Money).hidden(),
            Col::new("carrier", T("承运", "Carrier"), "m.carrier", Kind::Text).hidden(),
            Col::new("waybill", T("运单号", "Waybill"), "m.waybill", Kind::Text).hidden(),
            Col::new("checked_name", T("返货主管", "Checked by"), "m.checked_name", Kind::Person).hidden(),
            Col::new("order_no", T("工单", "Order"), "o.no", Kind::Text).hidden(),
            Col::new("slip_no", T("接修单", "Receiving slip"), "u.no", Kind::Text).hidden(),
            Col::new("shop_unit_id", T("在修机器标识", "Unit id"), "m.shop_unit_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "sent", label: T("在厂", "At the maker"), filter: "state~in~sent", hot: false },
            Preset { key: "back", label: T("已返回", "Back"), filter: "state~in~back", hot: false },
        ],
        sort: ("sent_at", true),
        row_href: "/maker-returns/{id}",
        ..ListSpec::new(
            "maker_returns",
            T("返货记录帐本", "Return ledger"),
            "/maker-returns",
            &SHOP_READ,
            "maker_return m",
            "m",
        )
    }
}
