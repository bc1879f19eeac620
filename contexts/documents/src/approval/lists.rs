//! The list of approvals.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::ApprovalState;
use crate::perms::APPROVAL_READ;

fn tone(state: &str) -> ui::Tone {
    match state {
        "approved" => ui::Tone::Green,
        "rejected" => ui::Tone::Red,
        "open" => ui::Tone::Amber,
        _ => ui::Tone::Neutral,
    }
}

/// Approvals, newest first.
pub fn approvals() -> ListSpec {
    ListSpec {
        joins: &[("c", "join approval_scheme c on c.id = a.scheme_id")],
        org: "a.org_id",
        owner: Some("a.owner_id"),
        hides: "a.id",
        columns: vec![
            Col::new("doc_no", T("单号", "Document"), "a.doc_no", Kind::No).width(12),
            Col::new("state", T("状态", "State"), "a.state", Kind::Code(ApprovalState::OPTIONS))
                .badge(tone)
                .width(7),
            Col::new("title", T("内容", "About"), "a.title", Kind::Text).english("a.title_en"),
            Col::new("amount", T("金额", "Amount"), "a.amount", Kind::Money).width(8),
            Col::new("scheme", T("方案", "Matrix"), "c.name", Kind::Text)
                .english("case when c.name_en = '' then c.name else c.name_en end")
                .width(11),
            Col::new("band", T("金额档", "Band"), "a.band", Kind::Text).width(10),
            Col::new("created_by", T("提交人", "Asked by"), "a.created_by", Kind::Person).width(8),
            Col::new("created_at", T("提交时间", "Asked"), "a.created_at", Kind::Time).sortable().width(8),
            Col::new("ended_at", T("结束时间", "Ended"), "a.ended_at", Kind::Time).hidden(),
        ],
        presets: vec![
            Preset { key: "open", label: T("审批中", "Open"), filter: "state~in~open", hot: false },
            Preset {
                key: "rejected",
                label: T("已驳回", "Rejected"),
                filter: "state~in~rejected",
                hot: true,
            },
        ],
        start: Some("open"),
        sort: ("created_at", true),
        row_href: "/approvals/{id}",
        ..ListSpec::new("approvals", T("审批", "Approvals"), "/approvals", &APPROVAL_READ, "approval a", "a")
    }
}
