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
    ("messages", T("客户通知", "Messages")),
    ("prints", T("打印", "Prints")),
];

/// The words of an item of a list.
pub fn words(list: &str) -> Vec<Word> {
    use Input::{Area, Bool, Code, Int, Lines, Text, Words};
    let codes: &[Word] = match list {
        "head" => &[
            NAME,
            NAME_EN,
            ("purpose", T("目的与范围", "Purpose and scope"), Area),
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
            ("least", T("最小", "Least"), Int),
            ("most", T("最大", "Most"), Int),
            ("unit", T("单位", "Unit"), Text),
            ("hint", T("提示", "Hint"), Text),
            ("list", T("列表显示", "Column of the list"), Bool),
        ],
        "steps" => &[
            KEY,
            NAME,
            NAME_EN,
            ("macro", T("状态", "State"), Code(crate::document::model::Stage::OPTIONS)),
            ("contact", T("与客户接触", "With the customer"), Bool),
            WHO,
            ("help", T("做什么", "What is done"), Area),
            ("asks", T("填写（? 可空）", "Asked (? may stay empty)"), Words),
            ("checklists", T("检查表", "Check lists"), Words),
            ("evidence", T("凭证", "Proofs"), Words),
            ("surveys", T("调查", "Surveys"), Words),
            ("enter", T("进入条件", "Condition to enter"), Text),
            ("enter_text", T("不满足时提示", "Told otherwise"), Text),
            ("leave", T("离开条件", "Condition to go on"), Text),
            ("leave_text", T("不满足时提示", "Told otherwise"), Text),
            ("auto", T("自动判断", "Decided at once"), Bool),
            ("waits", T("等待原因", "Why it waits"), Text),
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
            ("when_text", T("不满足时提示", "Told otherwise"), Text),
            ("asks", T("同时填写", "Asked with it"), Words),
            ("reasons", T("原因选项，每行一个", "Reasons, one a line"), Lines),
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
            ("what", T("对象代码", "What exactly"), Text),
            ("amount", T("金额表达式", "Amount"), Text),
            ("copy", T("带入字段（对方=本单）", "Handed over (theirs=ours)"), Words),
        ],
        "posts" => &[KEY, NAME, NAME_EN, ("role", T("无人在岗时的角色", "Role where nobody holds it"), Text)],
        "checklists" => &[
            KEY,
            NAME,
            NAME_EN,
            ("all_ok", T("必须全部合格", "All must be right"), Bool),
            ("items", T("项目，每行一项", "Points, one a line"), Lines),
        ],
        "evidence" => &[
            KEY,
            NAME,
            NAME_EN,
            ("kind", T("类型", "Kind"), Code(PROOFS)),
            ("least", T("至少", "At least"), Int),
            ("when", T("何时需要", "Needed when"), Text),
        ],
        "messages" => &[
            KEY,
            NAME,
            NAME_EN,
            ("text", T("内容，可含 {字段}", "Text, may hold {field}"), Area),
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
        _ => value
            .as_str()
            .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_string),
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
        (key.to_string(), item.get(key).map(|v| text_of(v, input)).unwrap_or_default())
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
            match value_of(given, how) {
                Some(value) => drop(item.insert(key.to_string(), value)),
                None => drop(item.remove(key)),
            }
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
