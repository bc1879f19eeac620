//! Numbers of documents that a company decides.

use kernel::T;
use kit::settings::{Setting, SettingKind};

/// Nobody signs two seats of one approval: what one person decides alone needs no second signature.
pub static ONE_SEAT: Setting = Setting {
    key: "documents.approval_one_seat",
    label: T("同一审批每人只签一个席位", "Each person signs one seat of an approval"),
    unit: T("", ""),
    kind: SettingKind::Bool,
    default: "true",
    per_org: true,
};

/// After so many reminders in vain the post above hears of it too.
pub static CLIMB_AFTER: Setting = Setting {
    key: "documents.approval_climb_after",
    label: T("催办几次后告知上级岗位", "Reminders until the post above hears of it"),
    unit: T("次，0 为不告知", "times; 0: never"),
    kind: SettingKind::Int { min: 0, max: 20 },
    default: "3",
    per_org: true,
};

/// How long an approval may wait before those who are to sign hear of it again.
pub static REMIND_AFTER: Setting = Setting {
    key: "documents.approval_remind_after",
    label: T("审批催办间隔", "Reminder of an approval after"),
    unit: T("如 4wh、1wd", "such as 4wh, 1wd"),
    kind: SettingKind::Span,
    default: "\"1wd\"",
    per_org: true,
};
