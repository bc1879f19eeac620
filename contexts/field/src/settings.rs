//! Numbers and check lists of a visit (REQUIREMENTS §1.26, N-13, N-14, N-22…25), each may be changed.

use kernel::{Id, Lang, T};
use kit::{
    Cx, Result,
    settings::{RowField, RowKind, Setting, SettingKind},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const NONE: T = T("", "");
const MINUTES: T = T("分钟", "minutes");
const DAYS: T = T("天", "days");
const SPAN: T = T("如 2h、3wd", "such as 2h, 3wd");

macro_rules! setting {
    ($($(#[$meta:meta])* $name:ident = $key:literal, ($zh:literal, $en:literal), $unit:expr, $kind:expr, $default:expr;)*) => {
        $($(#[$meta])* pub static $name: Setting = Setting {
            key: $key, label: T($zh, $en), unit: $unit, kind: $kind, default: $default, per_org: true,
        };)*
        /// All of them, for the module.
        pub static ALL: &[&Setting] = &[$(&$name),*];
    };
}

const fn int(min: i64, max: i64) -> SettingKind {
    SettingKind::Int { min, max }
}

const ZH: RowField = RowField { key: "zh", label: T("中文", "Chinese"), kind: RowKind::Need(200) };
const EN: RowField = RowField { key: "en", label: T("英文", "English"), kind: RowKind::Text(200) };

const CHECK_FIELDS: &[RowField] = &[
    RowField { key: "code", label: T("代码", "Code"), kind: RowKind::Key },
    ZH,
    EN,
    RowField { key: "mandatory", label: T("必查", "Mandatory"), kind: RowKind::Bool },
];

const CONDUCT_FIELDS: &[RowField] = &[
    RowField { key: "step", label: T("步骤", "Step"), kind: RowKind::Choice(STEPS) },
    // Sentences: more than a line each.
    RowField { kind: RowKind::Need(500), ..ZH },
    RowField { kind: RowKind::Text(500), ..EN },
];

const STEPS: &[(&str, T)] = &[
    ("depart", T("出发", "Setting out")),
    ("arrive", T("到达", "Arrival")),
    ("start", T("开工", "Start of work")),
    ("complete", T("完工", "Completion")),
];

setting! {
    /// Items of the departure check (FIELD-01, 02, 19).
    CHECKLIST = "field.departure_checklist", ("出发自检清单", "Departure check list"), NONE, SettingKind::Rows(CHECK_FIELDS), DEFAULT_CHECKLIST;
    /// Departure without mandatory items is refused; otherwise it is warned of (FIELD-01).
    CHECK_BLOCKS = "field.departure_blocks", ("自检不全不能出发", "No departure while mandatory items are missing"), NONE, SettingKind::Bool, "false";
    /// Standards of conduct shown with each step (FIELD-03).
    CONDUCT = "field.conduct", ("各步骤行为规范", "Standards of conduct by step"), NONE, SettingKind::Rows(CONDUCT_FIELDS), DEFAULT_CONDUCT;
    /// Arrival needs a photo of the surroundings, or why there is none (WO-43).
    ARRIVAL_PHOTO = "field.arrival_photo", ("到达须拍环境照片", "Arrival needs a photo"), NONE, SettingKind::Bool, "true";
    /// N-22: on time is up to this many minutes early (FIELD-05).
    EARLY_MINUTES = "field.early_minutes", ("提前多少分钟到达算准时", "Minutes early that count as on time"), MINUTES, int(0, 120), "5";
    /// N-24: from here on a delay goes to the manager (FIELD-07).
    LATE_MINUTES = "field.late_minutes", ("迟到多少分钟须主管致歉", "Minutes late from which the manager apologises"), MINUTES, int(1, 480), "15";
    /// Days after the purchase within which the customer may return the product (FIELD-16).
    RETURN_DAYS = "field.return_days", ("三包退货天数", "Days to return the product"), DAYS, int(0, 365), "7";
    /// Days within which the customer may have it exchanged (FIELD-16).
    EXCHANGE_DAYS = "field.exchange_days", ("三包换货天数", "Days to exchange the product"), DAYS, int(0, 365), "15";
    /// N-13: follow-up when there was no time for a test run (FIELD-20).
    NO_TEST_AFTER = "field.no_test_follow_up", ("未试机的跟踪回访", "Follow-up without a test run"), SPAN, SettingKind::Span, "\"2h\"";
    /// N-14: follow-up after an uncertain repair (FIELD-26).
    UNCERTAIN_AFTER = "field.uncertain_follow_up", ("不确定修复的回访", "Follow-up after an uncertain repair"), SPAN, SettingKind::Span, "\"3h\"";
    /// Map to open for an address.
    MAP_URL = "field.map_url", ("导航地址模板", "Address of the map"), T("{address} 为地址", "{address} stands for the address"),
        SettingKind::Text { max: 200 }, "\"https://uri.amap.com/search?keyword={address}\"";
}

/// An item of the departure check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckItem {
    /// Code, stored when ticked.
    pub code: String,
    /// Chinese text.
    pub zh: String,
    /// English text.
    pub en: String,
    /// Must be ticked.
    #[serde(default)]
    pub mandatory: bool,
}

impl CheckItem {
    /// Text in a language.
    pub fn text(&self, lang: Lang) -> &str {
        if lang == Lang::Zh || self.en.is_empty() { &self.zh } else { &self.en }
    }
}

/// A rule of conduct that belongs to a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Conduct {
    /// `depart`, `arrive`, `start`, `complete`
    pub step: String,
    /// Chinese text.
    pub zh: String,
    /// English text.
    pub en: String,
}

const DEFAULT_CHECKLIST: &str = r#"[
{"code":"tools","zh":"工具与“五个一”道具","en":"Tools and the five-ones kit","mandatory":true},
{"code":"parts","zh":"所需备件或周转机","en":"Parts or loaner needed","mandatory":true},
{"code":"mat","zh":"垫布","en":"Mat cloth","mandatory":true},
{"code":"covers","zh":"鞋套，含备用 1 副","en":"Shoe covers, one spare pair","mandatory":true},
{"code":"permit","zh":"上岗证、工牌","en":"Work permit and badge","mandatory":true},
{"code":"sheets","zh":"保修记录单、收据、收费标准","en":"Record form, receipts, price list","mandatory":true},
{"code":"slip","zh":"留言条","en":"Message slips"},
{"code":"looks","zh":"工装整洁，仪容得体","en":"Clean uniform, tidy appearance","mandatory":true},
{"code":"conduct","zh":"已知晓服务行为规范","en":"Code of conduct acknowledged","mandatory":true}
]"#;

const DEFAULT_CONDUCT: &str = r#"[
{"step":"depart","zh":"约定时间前 1 小时出发；可能迟到时提前打电话。","en":"Set out an hour ahead; phone before you are late."},
{"step":"arrive","zh":"先按门铃，或连续轻敲两次、每次三下；30 秒后重复，5 分钟无人应答打电话。","en":"Ring first, or knock twice by three light taps; again after 30 s, phone after 5 minutes."},
{"step":"arrive","zh":"出示上岗证，先穿鞋套再进门。","en":"Show your permit; shoe covers before you step in."},
{"step":"start","zh":"铺好垫布再放工具；查看保修凭证，保外先报价、客户同意后再修。","en":"Mat cloth first; see the warranty card, quote and get consent before charged work."},
{"step":"complete","zh":"试机通检，恢复原位，清洁现场，清点工具；请客户自愿签字。","en":"Test run, put things back, clean up, count tools; never press for a signature."}
]"#;

/// The departure check of an organisation.
pub async fn checklist(cx: &Cx, org: Id) -> Result<Vec<CheckItem>> {
    cx.setting(&CHECKLIST, org).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_fits_its_kind() {
        for setting in ALL {
            let value: serde_json::Value = serde_json::from_str(setting.default).expect("JSON");
            assert!(setting.check(&value).is_ok(), "{}", setting.key);
        }
        let items: Vec<CheckItem> = serde_json::from_str(DEFAULT_CHECKLIST).expect("items");
        assert!(
            items.iter().any(|item| item.code == "mat" && item.mandatory),
            "the mat cloth is mandatory (FIELD-01)"
        );
        let conduct: Vec<Conduct> = serde_json::from_str(DEFAULT_CONDUCT).expect("rules");
        assert!(conduct.iter().any(|rule| rule.step == "arrive"));
    }
}
