//! How documents are numbered.

use kernel::T;
use kit::settings::Setting;

/// Codes of organisations (DESIGN §6).
pub static NUMBER_UNIT: Setting = kit::numbering::pattern(
    "number.O",
    T("编号规则：组织代码", "Numbers: codes of organisations"),
    "\"O-{yyyyMMdd}-{0000}\"",
);
/// Employee numbers (DESIGN §6).
pub static NUMBER_STAFF: Setting = kit::numbering::pattern(
    "number.E",
    T("编号规则：员工工号", "Numbers: employee numbers"),
    "\"E-{yyyyMMdd}-{0000}\"",
);
