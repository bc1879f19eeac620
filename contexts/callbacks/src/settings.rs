//! Numbers of callbacks (REQUIREMENTS §1.26, N-12, N-15, N-17).

use kernel::T;
use kit::settings::{Setting, SettingKind};

const SPAN_UNIT: T = T("如 2h、3wd", "such as 2h, 3wd");

/// N-15: first callback after the work was done.
pub static FIRST_AFTER: Setting = Setting {
    key: "callbacks.first_after",
    label: T("完工后首次回访", "First callback after completion"),
    unit: SPAN_UNIT,
    kind: SettingKind::Span,
    default: "\"24h\"",
    per_org: true,
};

/// N-12: follow-up after advice on the phone.
pub static PHONE_ADVICE_AFTER: Setting = Setting {
    key: "callbacks.phone_advice_after",
    label: T("电话解决后跟踪", "Follow-up after phone advice"),
    unit: SPAN_UNIT,
    kind: SettingKind::Span,
    default: "\"2h\"",
    per_org: true,
};

/// How long a planned call may wait (N-15: three days after hand-over at the latest).
pub static DUE_AFTER: Setting = Setting {
    key: "callbacks.due_after",
    label: T("回访时限", "Time to make a planned call"),
    unit: SPAN_UNIT,
    kind: SettingKind::Span,
    default: "\"2wd\"",
    per_org: true,
};

/// A content customer who rated the service on the order's page needs no call.
pub static SELF_RATING: Setting = Setting {
    key: "callbacks.self_rating_counts",
    label: T("客户网上评价满意即视为已回访", "A good rating by the customer replaces the callback"),
    unit: T("", ""),
    kind: SettingKind::Bool,
    default: "true",
    per_org: true,
};

/// N-17: share of completed orders that are called.
pub static SAMPLE_PERCENT: Setting = Setting {
    key: "callbacks.sample_percent",
    label: T("回访比例", "Share of orders called back"),
    unit: T("%", "%"),
    kind: SettingKind::Int { min: 0, max: 100 },
    default: "100",
    per_org: true,
};
