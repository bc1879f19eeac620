//! How documents are numbered.

use kernel::T;
use kit::settings::{Setting, SettingKind};

/// Customers (DESIGN §6).
pub static NUMBER_CUSTOMER: Setting =
    kit::numbering::pattern("number.C", T("编号规则：客户", "Numbers: customers"), "\"C-{yyyyMMdd}-{0000}\"");

/// How long what was traded must be kept by law: until then a customer is not made anonymous. Three years after the
/// trade for what is sold online (E-Commerce Law, article 31).
pub static RETENTION: Setting = Setting {
    key: "customers.retention_months",
    label: T("交易信息法定保存期", "Trade records kept by law for"),
    unit: T("月（最后一张工单结束起；0 为不限）", "months after the last order ended; 0: not"),
    kind: SettingKind::Int { min: 0, max: 240 },
    default: "36",
    per_org: true,
};
