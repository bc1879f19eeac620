//! Numbers of the requirements that a company may change, each with an effective date (PLAT-15).

use kernel::{Id, Problems, Span, T, Ts};
use kit::{
    Cx, Result,
    settings::{self, Setting, SettingKind},
    timers::parse_span,
};
use serde_json::Value;

use crate::process::model::ProcessRule;

const SPAN: SettingKind = SettingKind::Span;
const NONE: T = T("", "");
const SPAN_UNIT: T = T("30m、4h、8wh、3wd", "30m, 4h, 8wh, 3wd");

macro_rules! setting {
    ($($(#[$meta:meta])* $name:ident = $key:literal, ($zh:literal, $en:literal), $unit:expr, $kind:expr, $default:literal;)*) => {
        $($(#[$meta])* pub static $name: Setting = Setting {
            key: $key, label: T($zh, $en), unit: $unit, kind: $kind, default: $default, per_org: true,
        };)*
        /// All of them, for the module.
        pub static ALL: &[&Setting] = &[
    &NUMBER_ORDER, $(&$name,)* &PROCESSES];
    };
}

setting! {
    /// First response (WO-09).
    RESPONSE = "orders.sla.response", ("响应时限", "First response within"), SPAN_UNIT, SPAN, "\"30m\"";
    /// Assignment (WO-10, WO-28).
    DISPATCH = "orders.sla.dispatch", ("派工时限", "Assignment within"), SPAN_UNIT, SPAN, "\"24h\"";
    /// Arrival (WO-10).
    ARRIVAL = "orders.sla.arrival", ("到达时限", "Arrival within"), SPAN_UNIT, SPAN, "\"24h\"";
    /// Repair in warranty (WO-11).
    FIX_IN = "orders.sla.fix_in_warranty", ("修复时限（保内）", "Repair within, in warranty"), SPAN_UNIT, SPAN, "\"3wd\"";
    /// Repair out of warranty (WO-11).
    FIX_OUT = "orders.sla.fix_out_of_warranty", ("修复时限（保外）", "Repair within, out of warranty"), SPAN_UNIT, SPAN, "\"5wd\"";
    /// Signed sheet back (WO-30).
    PAPERWORK = "orders.sla.paperwork", ("回单时限", "Signed sheet back within"), SPAN_UNIT, SPAN, "\"168h\"";
    /// Warn when this part of the time is left.
    WARN = "orders.sla.warn_percent", ("剩余多少时预警", "Warn when this much time is left"), T("%", "%"), SettingKind::Int { min: 0, max: 90 }, "25";
    /// Repeat repair (PROD-07).
    REPEAT_DAYS = "orders.repeat_days", ("重复维修判定天数", "Days that make a repair a repeat"), T("天", "days"), SettingKind::Int { min: 0, max: 3650 }, "30";
    /// Incomplete orders can't be assigned before they are verified (CALL-07).
    VERIFY = "orders.verify_incomplete", ("信息不全须核实后派工", "Verify incomplete orders before assignment"), NONE, SettingKind::Bool, "true";
    /// On-site orders need a signature (WO-42).
    SIGNATURE = "orders.signature_on_site", ("上门工单须客户签字", "On-site orders need a signature"), NONE, SettingKind::Bool, "true";
    /// Audit needs a satisfied callback.
    CALLBACK_FIRST = "orders.audit_needs_callback", ("回访满意后才能审核", "Audit only after a satisfied callback"), NONE, SettingKind::Bool, "true";
    /// Who did the work may set its end back by so much; it decides about deadlines that are paid for (PAY-05).
    SET_BACK = "orders.finished_back", ("维修人可补填多久前的完工时间", "Those who did the work may set its end back by"), T("分钟", "minutes"), SettingKind::Int { min: 0, max: 1440 }, "30";
    /// Orders without progress (WO-49).
    STALE_HOURS = "orders.stale_hours", ("多久无进展算停滞", "No progress for so long counts as stuck"), T("小时", "hours"), SettingKind::Int { min: 1, max: 8760 }, "48";
    /// Raised to the next level after so long without progress (WO-16).
    LEVEL_HOURS = "orders.level_hours", ("无进展多久自动升级（0：不升级）", "Raised to the next level after so long without progress (0: never)"), T("小时", "hours"), SettingKind::Int { min: 0, max: 8760 }, "0";
    /// Raised from the first level at so many visits for the same fault (WO-16).
    LEVEL_REPEATS = "orders.level_repeats", ("重复上门几次自动升级（0：不升级）", "Raised to the next level at so many repeat visits (0: never)"), T("次", "visits"), SettingKind::Int { min: 0, max: 99 }, "3";
    /// Hard faults go to the second level at once (WO-16).
    LEVEL_HARD = "orders.level_hard", ("疑难故障自动升级", "Hard faults are raised at once"), NONE, SettingKind::Bool, "true";
}

/// Which orders work by which process template (DOC-19): rules of `process::model::ProcessRule`, the narrowest wins.
pub static PROCESSES: Setting = Setting {
    key: "orders.processes",
    label: T("工单流程", "Processes of orders"),
    unit: NONE,
    kind: SettingKind::Json(check_processes),
    default: "[]",
    per_org: true,
};

fn check_processes(value: &Value) -> Result<(), Problems> {
    Ok(settings::read::<Vec<ProcessRule>>(value).map(drop)?)
}

/// A time limit of an organisation.
pub async fn span(cx: &Cx, setting: &Setting, org: Id) -> Result<Span> {
    let text: String = cx.setting(setting, org).await?;
    Ok(parse_span(&text)?)
}

/// The time limit that counted when an order was opened: a number that changed since counts for new orders only.
pub async fn span_of(cx: &Cx, setting: &Setting, org: Id, opened: Ts) -> Result<Span> {
    let text: String = cx.setting_at(setting, org, opened).await?;
    Ok(parse_span(&text)?)
}

/// Service orders (DESIGN §6).
pub static NUMBER_ORDER: Setting = kit::numbering::pattern(
    "number.SO",
    T("编号规则：服务工单", "Numbers: service orders"),
    "\"SO-{yyyyMMdd}-{0000}\"",
);
