//! Numbers of the public pages that a company may change.

use kernel::T;
use kit::settings::{Setting, SettingKind};

/// How long a code told to a customer is good.
pub static CODE_MINUTES: Setting = Setting {
    key: "portal.code_minutes",
    label: T("查询验证码有效分钟数", "Minutes a customer's code is good"),
    unit: T("分钟", "minutes"),
    kind: SettingKind::Int { min: 2, max: 60 },
    default: "10",
    per_org: false,
};

/// How long the page opened with a code stays open.
pub static PASS_HOURS: Setting = Setting {
    key: "portal.pass_hours",
    label: T("验证码登录后的有效小时数", "Hours a customer stays in after the code"),
    unit: T("小时", "hours"),
    kind: SettingKind::Int { min: 1, max: 168 },
    default: "24",
    per_org: false,
};

/// All of them, for the module.
pub static ALL: &[&Setting] = &[&CODE_MINUTES, &PASS_HOURS];
