//! How documents are numbered.

use kernel::T;
use kit::settings::Setting;

/// Units (DESIGN §6).
pub static NUMBER_UNIT: Setting =
    kit::numbering::pattern("number.U", T("编号规则：设备档案", "Numbers: units"), "\"U-{yyyyMMdd}-{0000}\"");
