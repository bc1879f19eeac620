//! Numbers of callbacks (REQUIREMENTS §1.26, N-12, N-15, N-17).

use kernel::{Id, Lang, T};
use kit::{
    Cx, Result,
    settings::{RowField, RowKind, Setting, SettingKind},
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

db::codes! {
    /// How a question is answered.
    pub enum AnswerKind {
        /// ticked when it was talked about
        Tick = "tick" ("谈到即勾选", "Ticked"),
        /// yes or no
        YesNo = "yes_no" ("是/否", "Yes or no"),
        /// 1 to 5
        Score = "score" ("1–5 分", "Score 1–5"),
        /// in the customer's words
        Text = "text" ("文字", "Words"),
    }
}

const QUESTION_FIELDS: &[RowField] = &[
    RowField { key: "code", label: T("代码", "Code"), kind: RowKind::Key },
    RowField { key: "zh", label: T("问题", "Question"), kind: RowKind::Need(200) },
    RowField { key: "en", label: T("英文", "English"), kind: RowKind::Text(200) },
    RowField {
        key: "answer", label: T("回答方式", "Answer"), kind: RowKind::Choice(AnswerKind::OPTIONS)
    },
    RowField {
        key: "kinds",
        label: T("仅这些工种（代码，逗号分隔）", "Only for these kinds of work (codes, commas)"),
        kind: RowKind::Text(200),
    },
    RowField { key: "calls", label: T("用于", "Asked in"), kind: RowKind::Choice(CALLS) },
];

const CALLS: &[(&str, T)] = &[
    ("", T("每次回访", "every call")),
    ("first", T("首次回访", "first callbacks")),
    ("second", T("二次回访", "second callbacks")),
    ("phone_advice", T("电话解决跟踪", "calls after phone advice")),
];

/// Questions of a call (CB-07): by kind of work and of call, each with its way of answering.
pub static QUESTIONS: Setting = Setting {
    key: "callbacks.questions",
    label: T("回访问题", "Questions of callbacks"),
    unit: T("", ""),
    kind: SettingKind::Rows(QUESTION_FIELDS),
    default: r#"[
        {"code":"use","zh":"产品使用情况怎么样？","en":"How does the product work?","answer":"text"},
        {"code":"service","zh":"对这次服务的看法？","en":"What do you think of the service?","answer":"score"},
        {"code":"needs","zh":"有没有新的服务需求？","en":"Any new needs?","answer":"yes_no"},
        {"code":"install","zh":"安装人员是否讲解了使用方法？","en":"Was the use explained after installation?","answer":"yes_no","kinds":"install"},
        {"code":"hints","zh":"提醒使用和保养要点","en":"Hints on use and maintenance were given","answer":"tick"},
        {"code":"next","zh":"提醒下次保养时间","en":"Next maintenance was mentioned","answer":"tick"},
        {"code":"offers","zh":"介绍新的服务和优惠","en":"New services and offers were mentioned","answer":"tick"}
    ]"#,
    per_org: true,
};

/// A question as the company keeps it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// Which.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English; empty: as in Chinese.
    #[serde(default, deserialize_with = "text")]
    pub en: String,
    /// How it is answered.
    pub answer: AnswerKind,
    /// Codes of kinds of work, joined by commas; empty: all.
    #[serde(default, deserialize_with = "text")]
    pub kinds: String,
    /// Kind of call; empty: all.
    #[serde(default, deserialize_with = "text")]
    pub calls: String,
}

/// A field left empty may be null.
fn text<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<String, D::Error> {
    Option::<String>::deserialize(d).map(Option::unwrap_or_default)
}

impl Question {
    /// In the reader's language.
    pub fn text(&self, lang: Lang) -> &str {
        if lang == Lang::En && !self.en.is_empty() { &self.en } else { &self.zh }
    }

    /// Whether it is asked in a call of that kind about that kind of work.
    pub fn fits(&self, call: &str, work: &str) -> bool {
        let mut kinds =
            self.kinds.split([',', '，', '、']).map(str::trim).filter(|kind| !kind.is_empty()).peekable();
        (self.calls.is_empty() || self.calls == call)
            && (kinds.peek().is_none() || kinds.any(|kind| kind == work))
    }
}

/// The questions of a call.
pub async fn questions(cx: &Cx, org: Id, call: &str, work: &str) -> Result<Vec<Question>> {
    let all: Vec<Question> = cx.setting(&QUESTIONS, org).await?;
    Ok(all.into_iter().filter(|question| question.fits(call, work)).collect())
}

const SPAN_UNIT: T = T("如 2h、3wd", "such as 2h, 3wd");

/// N-15: first callback after the work was done.
pub static FIRST_AFTER: Setting = Setting {
    key: "callbacks.first_after",
    label: T("完工后首次回访", "First callback after completion"),
    unit: SPAN_UNIT,
    kind: SettingKind::Span,
    default: "\"24h\"",
    per_org: true,
};

/// N-12: follow-up after advice on the phone.
pub static PHONE_ADVICE_AFTER: Setting = Setting {
    key: "callbacks.phone_advice_after",
    label: T("电话解决后跟踪", "Follow-up after phone advice"),
    unit: SPAN_UNIT,
    kind: SettingKind::Span,
    default: "\"2h\"",
    per_org: true,
};

/// How long a planned call may wait (N-15: three days after hand-over at the latest).
pub static DUE_AFTER: Setting = Setting {
    key: "callbacks.due_after",
    label: T("回访时限", "Time to make a planned call"),
    unit: SPAN_UNIT,
    kind: SettingKind::Span,
    default: "\"2wd\"",
    per_org: true,
};

/// A content customer who rated the service on the order's page needs no call.
pub static SELF_RATING: Setting = Setting {
    key: "callbacks.self_rating_counts",
    label: T("客户网上评价满意即视为已回访", "A good rating by the customer replaces the callback"),
    unit: T("", ""),
    kind: SettingKind::Bool,
    default: "true",
    per_org: true,
};

/// N-17: share of completed orders that are called.
pub static SAMPLE_PERCENT: Setting = Setting {
    key: "callbacks.sample_percent",
    label: T("回访比例", "Share of orders called back"),
    unit: T("%", "%"),
    kind: SettingKind::Int { min: 0, max: 100 },
    default: "100",
    per_org: true,
};

/// Callbacks (DESIGN §6).
pub static NUMBER_CALLBACK: Setting = kit::numbering::pattern(
    "number.CB",
    T("编号规则：回访单", "Numbers: callbacks"),
    "\"CB-{yyyyMMdd}-{0000}\"",
);
