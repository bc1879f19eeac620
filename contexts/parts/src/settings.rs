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
pub static ALL: &[&Setting] = &[
    &NUMBER_RECEIPT,
    &NUMBER_SLIP,
    &NUMBER_TRANSFER,
    &NUMBER_PURCHASE,
    &NUMBER_OLD_PART,
    &OLD_PART_DAYS,
    &RETURN_DAYS,
];

/// Receipts (DESIGN §6).
pub static NUMBER_RECEIPT: Setting = kit::numbering::pattern(
    "number.RK",
    T("编号规则：入库单", "Numbers: receipts"),
    "\"RK-{yyyyMMdd}-{0000}\"",
);
/// Issues (DESIGN §6).
pub static NUMBER_SLIP: Setting = kit::numbering::pattern(
    "number.CK",
    T("编号规则：出库单", "Numbers: issues"),
    "\"CK-{yyyyMMdd}-{0000}\"",
);
/// Transfers (DESIGN §6).
pub static NUMBER_TRANSFER: Setting = kit::numbering::pattern(
    "number.DB",
    T("编号规则：调拨单", "Numbers: transfers"),
    "\"DB-{yyyyMMdd}-{0000}\"",
);
/// Purchase requisitions (DESIGN §6).
pub static NUMBER_PURCHASE: Setting = kit::numbering::pattern(
    "number.CG",
    T("编号规则：请购单", "Numbers: purchase requisitions"),
    "\"CG-{yyyyMMdd}-{0000}\"",
);
/// Old parts (DESIGN §6).
pub static NUMBER_OLD_PART: Setting = kit::numbering::pattern(
    "number.OP",
    T("编号规则：旧件", "Numbers: old parts"),
    "\"OP-{yyyyMMdd}-{0000}\"",
);
