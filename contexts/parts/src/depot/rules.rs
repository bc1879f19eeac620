//! What makes a depot sound.

use kernel::{Problems, RuleError, T};

use super::model::{DepotInput, DepotKind};

/// All faults of a depot's fields.
pub fn check(input: &DepotInput) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let code = input.code.trim();
    problems.check(!code.is_empty() && code.chars().count() <= 32, || {
        RuleError::new(
            "parts.depot_code",
            T("请填写 32 字以内的编号", "Give a code of at most 32 characters"),
        )
        .field("code")
    });
    let name = input.name.trim();
    problems.check(!name.is_empty() && name.chars().count() <= 80, || {
        RuleError::new(
            "parts.depot_name",
            T("请填写 80 字以内的名称", "Give a name of at most 80 characters"),
        )
        .field("name")
    });
    problems.check(input.kind != DepotKind::Van || input.holder_id.is_some(), || {
        RuleError::new(
            "parts.van_holder",
            T("车/包库须指定责任人", "A van needs the person who answers for it"),
        )
        .field("holder_id")
    });
    problems.check(input.kind != DepotKind::Transit, || {
        RuleError::new(
            "parts.depot_transit",
            T("在途库由系统建立", "Depots in transit are made by the system"),
        )
        .field("kind")
    });
    problems.finish()
}
