//! Parameters of this context.

use kernel::T;
use kit::settings::{Setting, SettingKind};

/// Days within which an old part comes back (N-34, PARTS-52).
pub static OLD_PART_DAYS: Setting = Setting {
    key: "parts.old_part_days",
    label: T("旧件退回期限", "Old parts are due after"),
    unit: T("天", "days"),
    kind: SettingKind::Int { min: 1, max: 365 },
    default: "30",
    per_org: true,
};

/// Days within which parts drawn and not used go back (PARTS-48).
pub static RETURN_DAYS: Setting = Setting {
    key: "parts.return_days",
    label: T("未用配件退回期限", "Unused parts go back after"),
    unit: T("天", "days"),
    kind: SettingKind::Int { min: 1, max: 365 },
    default: "7",
    per_org: true,
};

/// All of them.
pub static ALL: &[&Setting] = &[&OLD_PART_DAYS, &RETURN_DAYS];
