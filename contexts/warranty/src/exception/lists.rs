//! The list of exceptions.

use kernel::T;
use kit::lists::{Col, Kind, ListSpec, Preset};

use super::model::ExceptionKind;
use crate::{perms::EXCEPTION_READ, policy::model::Verdict};

/// `/warranty/exceptions`
pub fn exceptions() -> ListSpec {
    ListSpec {
        org: "e.org_id",
        columns: vec![
            Col::new("created_at", T("时间", "When"), "e.created_at", Kind::Time).sortable(),
            Col::new("doc_no", T("单据", "Document"), "e.doc_no", Kind::Text).width(12),
            Col::new("kind", T("类型", "Kind"), "e.kind", Kind::Code(ExceptionKind::OPTIONS)),
            Col::new("verdict", T("结论", "Decision"), "e.verdict", Kind::Code(Verdict::OPTIONS)),
            Col::new("amount", T("金额", "Amount"), "e.amount", Kind::Money),
            Col::new("decided_name", T("决定人", "Decided by"), "e.decided_name", Kind::Person),
            Col::new("reason", T("理由", "Reason"), "e.reason", Kind::Text),
            Col::new("doc_id", T("单据标识", "Document id"), "e.doc_id", Kind::Id).hidden(),
        ],
        presets: vec![Preset {
            key: "goodwill",
            label: T("减免", "Goodwill"),
            filter: "kind~in~goodwill",
            hot: false,
        }],
        sort: ("created_at", true),
        ..ListSpec::new(
            "warranty_exceptions",
            T("质保例外", "Warranty exceptions"),
            "/warranty/exceptions",
            &EXCEPTION_READ,
            "warranty_exception e",
            "e",
        )
    }
}
