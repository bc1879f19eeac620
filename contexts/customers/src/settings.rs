//! How documents are numbered.

use kernel::T;
use kit::settings::Setting;

/// Customers (DESIGN §6).
pub static NUMBER_CUSTOMER: Setting =
    kit::numbering::pattern("number.C", T("编号规则：客户", "Numbers: customers"), "\"C-{yyyyMMdd}-{0000}\"");
