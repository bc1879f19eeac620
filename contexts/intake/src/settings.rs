//! Numbers of the requirements that a company may change (PLAT-15).

use kernel::{Id, Span, T, Ts};
use kit::{
    Cx, Result,
    settings::{Setting, SettingKind},
    timers,
};

const SPAN: SettingKind = SettingKind::Span;
const SPAN_UNIT: T = T("30m、4h、8wh、3wd", "30m, 4h, 8wh, 3wd");

/// Requests that nobody spoke about with the customer are confirmed within this time (CALL-13).
pub static CONFIRM: Setting = Setting {
    key: "intake.confirm_within",
    label: T("请求确认时限", "Confirm requests within"),
    unit: SPAN_UNIT,
    kind: SPAN,
    default: "\"24h\"",
    per_org: true,
};

/// Promised answer when nobody said another time (CALL-13, CALL-21).
pub static REPLY: Setting = Setting {
    key: "intake.reply_within",
    label: T("请求答复时限", "Answer requests within"),
    unit: SPAN_UNIT,
    kind: SPAN,
    default: "\"24h\"",
    per_org: true,
};

/// What callers who are new are told (CALL-34).
pub static WELCOME: Setting = Setting {
    key: "intake.welcome",
    label: T("首次来电介绍词", "Introduction for new customers"),
    unit: T("", ""),
    kind: SettingKind::Text { max: 500 },
    default: "\"首次联系的客户：请简要介绍服务范围、收费标准和受理流程，并告知单号和查询方式。\"",
    per_org: true,
};

/// Web requests taken from one address per minute.
pub static WEB_LIMIT: Setting = Setting {
    key: "intake.web_per_minute",
    label: T("网页报修每分钟上限（每个地址）", "Web requests per minute and address"),
    unit: T("次", "times"),
    kind: SettingKind::Int { min: 1, max: 1000 },
    default: "6",
    per_org: false,
};

/// Whether people without a unit's code can ask for service on the web, at `/report`.
pub static OPEN_FORM: Setting = Setting {
    key: "intake.open_form",
    label: T("开放无设备码的网上报修页（/report）", "Web form for people without a unit's code (/report)"),
    unit: T("", ""),
    kind: SettingKind::Bool,
    default: "false",
    per_org: false,
};

/// N-11: a call is answered within so many rings (CALL-12).
pub static ANSWER_RINGS: Setting = Setting {
    key: "intake.answer_rings",
    label: T("电话几声内接听算达标", "Rings within which a call is to be answered"),
    unit: T("声", "rings"),
    kind: SettingKind::Int { min: 1, max: 20 },
    default: "3",
    per_org: true,
};

/// How long one ring lasts, where the telephone system tells no number of rings: 1 s tone and 4 s pause in China.
pub static RING_SECONDS: Setting = Setting {
    key: "intake.ring_seconds",
    label: T("一声振铃的秒数", "Seconds of one ring"),
    unit: T("秒", "s"),
    kind: SettingKind::Int { min: 1, max: 20 },
    default: "5",
    per_org: false,
};

/// Kind of work of a visit that follows advice on the phone, when the content of the request names none (CALL-09).
pub static VISIT_KIND: Setting = Setting {
    key: "intake.visit_kind",
    label: T("电话处理未解决时上门的工种", "Kind of work of a visit after advice on the phone"),
    unit: T("工种代码", "code of a kind of work"),
    kind: SettingKind::Text { max: 40 },
    default: "\"repair_minor\"",
    per_org: true,
};

/// All of them, for the module.
pub static ALL: &[&Setting] = &[
    &NUMBER_REQUEST,
    &CONFIRM,
    &REPLY,
    &WELCOME,
    &VISIT_KIND,
    &WEB_LIMIT,
    &OPEN_FORM,
    &ANSWER_RINGS,
    &RING_SECONDS,
];

/// When a time limit of an organisation that starts now ends.
pub async fn due(cx: &Cx, setting: &Setting, org: Id, start: Ts) -> Result<(Span, Ts)> {
    let text: String = cx.setting(setting, org).await?;
    let span = timers::parse_span(&text)?;
    let calendar = timers::calendar(cx, org).await?;
    let due = kernel::due(start, &span, &calendar, &[])?.due.unwrap_or(start);
    Ok((span, due))
}

/// Requests (DESIGN §6).
pub static NUMBER_REQUEST: Setting = kit::numbering::pattern(
    "number.RQ",
    T("编号规则：服务请求", "Numbers: requests"),
    "\"RQ-{yyyyMMdd}-{0000}\"",
);
