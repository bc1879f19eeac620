//! The form view of a template: every item of it as a form, without writing TOML (DOC-01, DOC-02).
//!
//! An item is shown as its fields and texts; lists of keys are written separated by commas, lists of texts one a line. What is stored is the same
//! text that the text view shows.

use std::collections::BTreeMap;

use kernel::{Problems, RuleError, T};
use kit::{Error, Result};
use process::Template;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An item as a form writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// Texts by the word of the language; empty ones are left out.
    pub values: BTreeMap<String, String>,
    /// The item goes.
    #[serde(alias = "remove_item")]
    pub remove: bool,
}

/// How a word of the language is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// one line
    Text,
    /// several lines
    Area,
    /// words separated by commas
    Words,
    /// lines of text
    Lines,
    /// yes or no
    Bool,
    /// whole number
    Int,
    /// rungs of a ladder, one a line: `after | who, who`
    Rungs,
    /// questions of a survey, one a line
    Questions,
    /// one of these codes
    Code(&'static [(&'static str, T)]),
}

/// A word of the language in a form.
pub type Word = (&'static str, T, Input);

const FIELD_TYPES: &[(&str, T)] = &[
    ("text", T("文本", "text")),
    ("area", T("多行文本", "long text")),
    ("int", T("整数", "whole number")),
    ("number", T("数值", "number")),
    ("money", T("金额", "money")),
    ("date", T("日期", "date")),
    ("time", T("时间", "time")),
    ("bool", T("是否", "yes or no")),
    ("choice", T("选择", "choice")),
    ("person", T("人员", "person")),
    ("org", T("组织", "organisation")),
    ("phone", T("电话", "phone")),
    ("address", T("地址", "address")),
    ("serial", T("序列号", "serial number")),
];

const PROOFS: &[(&str, T)] = &[
    ("photo", T("照片", "photo")),
    ("signature", T("签名", "signature")),
    ("serial", T("扫码", "serial scan")),
    ("file", T("文件", "file")),
];

const MOVES: &[(&str, T)] = &[
    ("next", T("向前", "onwards")),
    ("rework", T("返工", "rework")),
    ("wait", T("等待或转办", "aside")),
    ("cancel", T("取消终止", "off")),
];

const MAKES: &[(&str, T)] = &[
    ("task", T("任务", "task")),
    ("notice", T("内部通知", "notice")),
    ("message", T("客户通知", "message to the customer")),
    ("document", T("单据", "document")),
    ("requisition", T("备件工具申领", "requisition")),
    ("callback", T("回访", "callback")),
    ("settlement", T("结算", "settlement")),
    ("act", T("流程动作", "move")),
];

const PAYEES: &[(&str, T)] = &[
    ("", T("—", "—")),
    ("engineer", T("主办工程师", "leading engineer")),
    ("engineers", T("工程师按份额分摊", "engineers, by share")),
    ("outlet", T("网点", "outlet")),
    ("maker", T("厂家", "maker")),
    ("customer", T("客户", "customer")),
];

const NAME: Word = ("name", T("名称", "Name"), Input::Text);
const NAME_EN: Word = ("name_en", T("英文名称", "Name in English"), Input::Text);
const KEY: Word = ("key", T("代码", "Key"), Input::Text);
const WHO: Word =
    ("who", T("谁（role:、post:、person:、creator）", "Who (role:, post:, person:, creator)"), Input::Words);

/// Lists of a template that the form view edits, with their headings.
pub const LISTS: &[(&str, T)] = &[
    ("head", T("基本", "Basics")),
    ("fields", T("字段", "Fields")),
    ("steps", T("步骤", "Steps")),
    ("moves", T("动作", "Moves")),
    ("timers", T("时限", "Clocks")),
    ("triggers", T("触发", "Triggers")),
    ("posts", T("岗位", "Posts")),
    ("checklists", T("检查表", "Check lists")),
    ("evidence", T("凭证", "Proofs")),
    ("surveys", T("调查", "Surveys")),
    ("messages", T("客户通知", "Messages")),
    ("prints", T("打印", "Prints")),
];

/// The words of an item of a list.
pub fn words(list: &str) -> Vec<Word> {
    use Input::{Area, Bool, Code, Int, Lines, Questions, Rungs, Text, Words};
    let codes: &[Word] = match list {
        "head" => &[
            ("code", T("代码（小写字母、数字、-）", "Code (small letters, digits, -)"), Text),
            NAME,
            NAME_EN,
            ("purpose", T("目的与范围（中文|英文）", "Purpose and scope (中文|English)"), Area),
            ("manages", T("归口管理（谁）", "Managing party (who)"), Words),
            ("executes", T("执行方（谁）", "Executing party (who)"), Words),
            ("supports", T("支持与鉴定方（谁）", "Supporting and appraising party (who)"), Words),
            (
                "reads",
                T(
                    "保密：仅这些人可见（空：不保密）",
                    "Confidential: seen only by (empty: by everybody in reach)",
                ),
                Words,
            ),
            ("number", T("编号规则", "Number pattern"), Text),
            ("title", T("标题，可含 {字段}", "Title, may hold {field}"), Text),
            ("open", T("谁可开单", "Who may open"), Words),
            ("asks", T("开单填写", "Asked at opening"), Words),
            ("start", T("第一步", "First step"), Text),
        ],
        "fields" => &[
            KEY,
            NAME,
            NAME_EN,
            ("type", T("类型", "Type"), Code(FIELD_TYPES)),
            (
                "options",
                T("选项，每行一个（代码=中文|英文）", "Options, one a line (code=中文|English)"),
                Lines,
            ),
            ("bind", T("取自工单的数据", "Filled from the service order"), Text),
            ("required_when", T("何时必填", "Required when"), Text),
            ("keeps", T("保留哪个字段的首个值", "Keeps the first value of"), Text),
            ("keeps_when", T("何时保留", "Keeps it when"), Text),
            ("fresh", T("返工时重新填写", "Asked anew after rework"), Bool),
            ("ahead", T("须是还没到的时间", "Lies ahead when entered"), Bool),
            ("least", T("最小", "Least"), Int),
            ("most", T("最大", "Most"), Int),
            ("unit", T("单位", "Unit"), Text),
            ("hint", T("提示", "Hint"), Text),
            ("list", T("列表显示", "Column of the list"), Bool),
            ("personal", T("涉及客户本人", "About the customer in person"), Bool),
        ],
        "steps" => &[
            KEY,
            NAME,
            NAME_EN,
            ("macro", T("状态", "State"), Code(crate::document::model::Stage::OPTIONS)),
            ("contact", T("与客户接触", "With the customer"), Bool),
            WHO,
            ("help", T("做什么（中文|英文）", "What is done (中文|English)"), Area),
            ("asks", T("填写（? 可空）", "Asked (? may stay empty)"), Words),
            ("checklists", T("检查表", "Check lists"), Words),
            ("evidence", T("凭证", "Proofs"), Words),
            ("surveys", T("调查", "Surveys"), Words),
            ("enter", T("进入条件", "Condition to enter"), Text),
            (
                "enter_text",
                T("进入条件不满足时提示（中文|英文）", "Told when one can't enter (中文|English)"),
                Text,
            ),
            ("leave", T("离开条件", "Condition to go on"), Text),
            (
                "leave_text",
                T("离开条件不满足时提示（中文|英文）", "Told when one can't go on (中文|English)"),
                Text,
            ),
            ("auto", T("自动判断", "Decided at once"), Bool),
            ("waits", T("等待原因", "Why it waits"), Text),
            ("approval:scheme", T("审批：方案代码", "Approval: code of the matrix"), Text),
            ("approval:amount", T("审批：金额表达式", "Approval: amount"), Text),
            ("approval:approved", T("审批：同意后的动作", "Approval: move when all have signed"), Text),
            ("approval:rejected", T("审批：驳回后的动作", "Approval: move when somebody refuses"), Text),
            ("end", T("终点", "End"), Bool),
        ],
        "moves" => &[
            ("act", T("代码", "Key"), Text),
            NAME,
            NAME_EN,
            ("from", T("从", "From"), Words),
            ("to", T("到", "To"), Text),
            ("kind", T("性质", "Kind"), Code(MOVES)),
            WHO,
            ("when", T("条件", "Condition"), Text),
            ("when_text", T("不满足时提示（中文|英文）", "Told otherwise (中文|English)"), Text),
            ("asks", T("同时填写", "Asked with it"), Words),
            ("reasons", T("原因选项，每行一个（中文|英文）", "Reasons, one a line (中文|English)"), Lines),
            ("system", T("只由系统执行", "Made by the system only"), Bool),
        ],
        "timers" => &[
            KEY,
            NAME,
            NAME_EN,
            ("from", T("开始于", "Starts on"), Text),
            ("until", T("结束于", "Ends on"), Words),
            ("when", T("条件", "Condition"), Text),
            ("span", T("时限（30m、24h、8wh、3wd、by25）", "Span (30m, 24h, 8wh, 3wd, by25)"), Text),
            ("at", T("或按时间字段", "Or at a time field"), Text),
            ("before", T("提前", "So much earlier"), Text),
            ("warn", T("预警提前", "Warn before"), Text),
            ("pause", T("暂停的步骤", "Stands still in"), Words),
            (
                "ladder",
                T(
                    "超时通知谁，每行一级（多久后 | 谁, 谁；| 前空为立即）",
                    "Who hears of it, a rung a line (after | who, who; empty before |: at once)",
                ),
                Rungs,
            ),
            ("number", T("参数编号", "Number"), Text),
        ],
        "triggers" => &[
            KEY,
            ("on", T("时机", "On"), Text),
            ("when", T("条件", "Condition"), Text),
            ("make", T("产生", "Makes"), Code(MAKES)),
            ("text", T("内容", "Text"), Text),
            WHO,
            ("span", T("期限", "Until"), Text),
            ("at", T("或按时间字段", "Or at a time field"), Text),
            ("before", T("提前", "So much earlier"), Text),
            ("stays", T("流程结束后任务仍保留", "The task outlives the process"), Bool),
            ("what", T("对象代码", "What exactly"), Text),
            ("amount", T("金额表达式", "Amount"), Text),
            ("to", T("结算归谁", "Whose the settlement is"), Code(PAYEES)),
            ("every", T("每次都产生（否则只一次或只记差额）", "Every time (else once, or the rest)"), Bool),
            ("copy", T("带入字段（对方=本单）", "Handed over (theirs=ours)"), Words),
            ("alone", T("这些字段相同的在办时不开", "None while one with the same runs"), Words),
        ],
        "posts" => &[KEY, NAME, NAME_EN, ("role", T("无人在岗时的角色", "Role where nobody holds it"), Text)],
        "checklists" => &[
            KEY,
            NAME,
            NAME_EN,
            ("all_ok", T("必须全部合格", "All must be right"), Bool),
            ("items", T("项目，每行一项（中文|英文）", "Points, one a line (中文|English)"), Lines),
        ],
        "evidence" => &[
            KEY,
            NAME,
            NAME_EN,
            ("kind", T("类型", "Kind"), Code(PROOFS)),
            ("least", T("至少", "At least"), Int),
            ("when", T("何时需要", "Needed when"), Text),
        ],
        "surveys" => &[
            KEY,
            NAME,
            NAME_EN,
            (
                "questions",
                T(
                    "问题，每行一个：代码 | 问题 | 英文 | score、bool、text 或 choice | 可空写 ? | 选项；选项",
                    "Questions, one a line: key | question | in English | score, bool, text or choice | ? when it may stay empty | option; option",
                ),
                Questions,
            ),
        ],
        "messages" => &[
            KEY,
            NAME,
            NAME_EN,
            ("text", T("内容，可含 {字段}", "Text, may hold {field}"), Area),
            ("to", T("发给（电话字段，空为客户）", "To (a phone field; empty: the customer)"), Text),
            ("when", T("条件", "Condition"), Text),
            ("when_text", T("不满足时提示（中文|英文）", "Told otherwise (中文|English)"), Text),
            ("steps", T("可在这些步骤发", "Given at"), Words),
            WHO,
        ],
        "prints" => &[
            KEY,
            NAME,
            NAME_EN,
            ("copies", T("联次，每行一个", "Copies, one a line"), Lines),
            ("fields", T("字段", "Fields"), Words),
            ("checklists", T("检查表", "Check lists"), Words),
            ("surveys", T("调查", "Surveys"), Words),
            ("text", T("条款", "Terms"), Area),
            ("sign", T("签字栏，每行一个", "Boxes to sign, one a line"), Lines),
        ],
        _ => &[],
    };
    codes.to_vec()
}

fn text_of(value: &Value, input: Input) -> String {
    let words = |join: &str| {
        let list = value.as_array().into_iter().flatten();
        list.filter_map(Value::as_str).collect::<Vec<_>>().join(join)
    };
    match input {
        Input::Words => words("，"),
        Input::Lines => words("\n"),
        Input::Rungs => rungs_text(value),
        Input::Questions => questions_text(value),
        _ => value
            .as_str()
            .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_string),
    }
}

fn texts(value: &Value, key: &str, join: &str) -> String {
    let list = value.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).collect::<Vec<_>>().join(join)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// `2h | post:hq，role:manager`
fn rungs_text(value: &Value) -> String {
    let line =
        |rung: &Value| format!("{} | {}", text(rung, "after"), texts(rung, "who", "，")).trim().to_string();
    value.as_array().into_iter().flatten().map(line).collect::<Vec<_>>().join("\n")
}

fn rung_of(line: &str) -> Value {
    let (after, who) = line.split_once('|').unwrap_or(("", line));
    let mut rung = Map::new();
    if !after.trim().is_empty() {
        rung.insert("after".into(), json!(after.trim()));
    }
    rung.insert("who".into(), value_of(who, Input::Words).unwrap_or_else(|| json!([])));
    Value::Object(rung)
}

/// `polite | 态度 | Manners | score | ? | `; what stands behind the fifth bar are options, which may hold bars.
fn questions_text(value: &Value) -> String {
    let line = |q: &Value| {
        let optional = if q.get("optional").and_then(Value::as_bool).unwrap_or(false) { "?" } else { "" };
        let parts = [
            text(q, "key"),
            text(q, "name"),
            text(q, "name_en"),
            text(q, "type"),
            optional,
            &texts(q, "options", "；"),
        ];
        parts.join(" | ").trim_end_matches([' ', '|']).to_string()
    };
    value.as_array().into_iter().flatten().map(line).collect::<Vec<_>>().join("\n")
}

fn question_of(line: &str) -> Value {
    let mut parts = line.splitn(6, '|').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    let (key, name, name_en, kind, optional, options) = (next(), next(), next(), next(), next(), next());
    let mut question = Map::new();
    question.insert("key".into(), json!(key));
    question.insert("name".into(), json!(name));
    for (word, value) in [("name_en", name_en), ("type", kind)] {
        if !value.is_empty() {
            question.insert(word.into(), json!(value));
        }
    }
    if !optional.is_empty() {
        question.insert("optional".into(), json!(true));
    }
    let options: Vec<&str> = options.split(['；', ';']).map(str::trim).filter(|o| !o.is_empty()).collect();
    if !options.is_empty() {
        question.insert("options".into(), json!(options));
    }
    Value::Object(question)
}

fn items(text: &str, one: fn(&str) -> Value) -> Option<Value> {
    let found: Vec<Value> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(one).collect();
    (!found.is_empty()).then(|| json!(found))
}

/// The value of a word; one with a colon stands in an inner table. A dot would be taken for one by forms.
fn inner<'a>(item: &'a Value, key: &str) -> Option<&'a Value> {
    key.split(':').try_fold(item, |value, part| value.get(part))
}

/// Stores, or takes away, the value of a word. An inner table that holds nothing goes.
fn store(item: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    let Some((outer, rest)) = key.split_once(':') else {
        match value {
            Some(value) => drop(item.insert(key.to_string(), value)),
            None => drop(item.remove(key)),
        }
        return;
    };
    if value.is_none() && !item.contains_key(outer) {
        return;
    }
    let table = item.entry(outer).or_insert_with(|| json!({}));
    if let Some(table) = table.as_object_mut() {
        store(table, rest, value);
        if table.is_empty() {
            item.remove(outer);
        }
    }
}

fn value_of(text: &str, input: Input) -> Option<Value> {
    let text = text.trim();
    let list = |parts: Vec<&str>| {
        let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
        (!parts.is_empty()).then(|| json!(parts))
    };
    match input {
        Input::Words => list(text.split(['，', ',', '、']).collect()),
        Input::Lines => list(text.lines().collect()),
        Input::Rungs => items(text, rung_of),
        Input::Questions => items(text, question_of),
        Input::Bool => matches!(text, "true" | "on").then(|| json!(true)),
        Input::Int => text.parse::<i64>().ok().map(|n| json!(n)),
        _ => (!text.is_empty()).then(|| json!(text)),
    }
}

fn as_value(template: &Template) -> Value {
    serde_json::to_value(template).unwrap_or_default()
}

/// An item of a list as a form; `None` beyond the place of a new one, or for a list that has no form.
pub fn part(template: &Template, list: &str, index: usize) -> Option<Part> {
    let all = as_value(template);
    let item = if list == "head" {
        all
    } else {
        let items = all.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        if index > items.len() || words(list).is_empty() {
            return None;
        }
        items.get(index).cloned().unwrap_or_else(|| json!({}))
    };
    let values = words(list).into_iter().map(|(key, _, input)| {
        (key.to_string(), inner(&item, key).map(|v| text_of(v, input)).unwrap_or_default())
    });
    Some(Part { values: values.collect(), remove: false })
}

/// The text of the template with one item changed, added or removed. What the form does not show stays.
///
/// Errors: `template.item` when the item can't be read.
pub fn put(template: &Template, list: &str, index: usize, input: &Part) -> Result<String> {
    let mut all = as_value(template);
    let merge = |item: &mut Map<String, Value>| {
        for (key, _, how) in words(list) {
            let given = input.values.get(key).map(String::as_str).unwrap_or_default();
            store(item, key, value_of(given, how));
        }
    };
    if list == "head" {
        if let Some(head) = all.as_object_mut() {
            merge(head);
        }
    } else {
        let items = all.as_object_mut().ok_or(Error::NotFound)?.entry(list).or_insert_with(|| json!([]));
        let items = items.as_array_mut().ok_or(Error::NotFound)?;
        if input.remove {
            if index < items.len() {
                items.remove(index);
            }
        } else {
            if index >= items.len() {
                items.push(json!({}));
            }
            let last = items.len() - 1;
            if let Some(item) = items.get_mut(index.min(last)).and_then(Value::as_object_mut) {
                merge(item);
            }
        }
    }
    let bad = |detail: String| {
        let text = T("这一项还不完整：{detail}", "This item is not complete: {detail}");
        Error::Invalid(Problems::from(RuleError::new("template.item", text).arg("detail", detail)))
    };
    let changed: Template = serde_json::from_value(all).map_err(|e| bad(e.to_string()))?;
    process::write(&changed).map_err(|e| bad(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_of_every_shipped_template_survives_its_form() {
        for (name, source) in crate::shipped::all() {
            let template = process::parse(&source).unwrap_or_else(|f| panic!("{name}: {}", f.en));
            let all = as_value(&template);
            for (list, _) in LISTS {
                let count = if *list == "head" {
                    1
                } else {
                    all.get(*list).and_then(Value::as_array).map_or(0, Vec::len)
                };
                for index in 0..count {
                    let form = part(&template, list, index).expect("a form");
                    let text = put(&template, list, index, &form).expect("a text");
                    let again = process::parse(&text).unwrap_or_else(|f| panic!("{name} {list}: {}", f.en));
                    assert_eq!(again, template, "{name} {list} {index}");
                }
            }
        }
    }

    #[test]
    fn ladders_surveys_and_approvals_are_written_in_forms() {
        let (_, source) = crate::shipped::all().remove(0);
        let template = process::parse(&source).expect("a template");
        let form = |values: &[(&str, &str)]| Part {
            values: values.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect(),
            remove: false,
        };
        let at = template.surveys.len();
        let questions =
            "polite | 态度 | Manners | score\nback | 会再来吗 | | choice | ? | yes=会|yes；no=不会|no";
        let values = form(&[("key", "extra"), ("name", "满意度"), ("questions", questions)]);
        let text = put(&template, "surveys", at, &values).expect("a text");
        let with = process::parse(&text).expect("a template");
        let second = &with.surveys[at].questions[1];
        assert_eq!((second.options.len(), second.optional, second.name_en.as_str()), (2, true, ""));
        assert_eq!(second.options[0], "yes=会|yes");
        let at = template.timers.len();
        let values = form(&[
            ("key", "slow"),
            ("name", "慢"),
            ("from", "create"),
            ("span", "4h"),
            ("ladder", "| role:agent\n2h | post:hq，role:manager"),
        ]);
        let text = put(&template, "timers", at, &values).expect("a text");
        let with = process::parse(&text).expect("a template");
        let ladder = &with.timers[at].ladder;
        assert_eq!((ladder[0].after.as_str(), ladder[1].after.as_str(), ladder[1].who.len()), ("", "2h", 2));
        let shown = part(&with, "timers", at).expect("a form");
        assert_eq!(put(&with, "timers", at, &shown).expect("a text"), text);
        let at = template.steps.len();
        let values = [
            ("key", "sign"),
            ("name", "审批"),
            ("macro", "waiting"),
            ("approval:scheme", "warranty-parts"),
            ("approval:amount", "f.price"),
            ("approval:approved", "yes"),
            ("approval:rejected", "no"),
        ];
        let text = put(&template, "steps", at, &form(&values)).expect("a text");
        let with = process::parse(&text).expect("a template");
        assert_eq!(with.steps[at].approval.as_ref().map(|a| a.scheme.as_str()), Some("warranty-parts"));
        let gone = put(&with, "steps", at, &form(&values[..3])).expect("a text");
        assert_eq!(process::parse(&gone).expect("a template").steps[at].approval, None);
    }

    #[test]
    fn items_are_added_and_removed() {
        let (_, source) = crate::shipped::all().remove(0);
        let template = process::parse(&source).expect("a template");
        let at = template.fields.len();
        let values = [("key", "extra"), ("name", "附加"), ("type", "choice"), ("options", "a=甲\nb=乙，丙")];
        let form = Part {
            values: values.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect(),
            remove: false,
        };
        let text = put(&template, "fields", at, &form).expect("a text");
        let more = process::parse(&text).expect("a template");
        assert_eq!(more.fields[at].options, ["a=甲", "b=乙，丙"]);
        let gone = put(&more, "fields", at, &Part { remove: true, ..Part::default() }).expect("a text");
        assert_eq!(process::parse(&gone).expect("a template"), template);
    }
}
