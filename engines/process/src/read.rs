//! From text to a template, with problems that name line and field.

use kernel::{Lang, RuleError, T};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use crate::{
    access, check, graph,
    template::{Field, Template},
};

/// Longest text of a template, bytes.
pub const MOST_BYTES: usize = 200_000;

/// Most faults told at once: nobody reads more, and each costs a look through the text.
const MOST_FAULTS: usize = 200;

/// Something wrong with a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Line, from 1; 0: the whole.
    pub line: i64,
    /// Where: `steps[waiting].enter`.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
}

impl Fault {
    pub(crate) fn new(line: i64, field: &str, error: &RuleError) -> Self {
        Self {
            line,
            field: field.to_string(),
            code: error.code.to_string(),
            zh: error.message(Lang::Zh),
            en: error.message(Lang::En),
        }
    }

    /// The sentence in a language.
    pub fn text(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.en } else { &self.zh }
    }
}

/// Where a thing stands in a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct At {
    /// `steps`
    pub list: &'static str,
    /// Position in the list.
    pub index: usize,
    /// Position and key of an inner list: `ladder`, 2.
    pub inner: Option<(&'static str, usize)>,
    /// Key of the item, for people.
    pub key: String,
    /// Field of it.
    pub field: &'static str,
}

impl At {
    fn path(&self) -> String {
        let inner = self.inner.map(|(list, index)| format!(".{list}[{index}]")).unwrap_or_default();
        if self.list.is_empty() {
            return self.field.to_string();
        }
        let dot = if self.field.is_empty() { "" } else { "." };
        format!("{}[{}]{inner}{dot}{}", self.list, self.key, self.field)
    }
}

/// What a company has that templates may name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Codes of roles.
    pub roles: Vec<String>,
    /// Codes of approval matrices; `None`: not checked.
    pub schemes: Option<Vec<String>>,
    /// Other templates in force.
    pub others: Vec<Other>,
}

/// What a template has to know of another one whose documents it makes.
#[derive(Clone, Debug, Default)]
pub struct Other {
    /// Its code.
    pub code: String,
    /// Templates whose documents it makes as soon as one is opened, for loops across documents.
    pub creates: Vec<String>,
    /// Fields it asks for at opening: those that can be handed over.
    pub asks: Vec<Field>,
}

impl Other {
    /// What another template has to know of this one.
    pub fn of(template: &Template) -> Self {
        let asks = template.asks.iter().filter_map(|ask| template.field(access::asked(ask).0).cloned());
        Self { code: template.code.clone(), creates: graph::creates(template), asks: asks.collect() }
    }
}

/// Reads and checks a template.
///
/// # Errors
/// All problems found, each with line and field; the first syntax error alone.
pub fn read(text: &str, known: &Known) -> Result<Template, Vec<Fault>> {
    if text.len() > MOST_BYTES {
        let error = RuleError::new(
            "process.long",
            T("模板太长，最多 {most} 字节", "The template is too long: at most {most} bytes"),
        )
        .arg("most", MOST_BYTES);
        return Err(vec![Fault::new(0, "", &error)]);
    }
    let template = parse(text).map_err(|fault| vec![fault])?;
    let mut found = check::check(&template, known);
    found.truncate(MOST_FAULTS);
    if found.is_empty() { Ok(template) } else { Err(placed(text, found)) }
}

/// What a template that can run should be looked at for: steps from which some answers lead nowhere, documents to be
/// made of which there is no template yet. Texts that are no template have none.
pub fn warnings(text: &str, known: &Known) -> Vec<Fault> {
    let Ok(template) = parse(text) else { return Vec::new() };
    let at =
        |index: usize| check::at("steps", index, template.steps.get(index).map_or("", |s| &s.key), "key");
    let stuck = crate::stuck::stuck(&template).into_iter().map(|(index, error)| (at(index), error));
    placed(text, stuck.chain(graph::unknown(&template, known)).collect())
}

/// Problems with their lines, in their order.
fn placed(text: &str, found: check::Found) -> Vec<Fault> {
    let tree = DeTable::parse(text).ok();
    let mut faults: Vec<Fault> = found
        .into_iter()
        .map(|(at, error)| {
            let start = tree.as_ref().and_then(|tree| offset(tree.get_ref(), &at));
            Fault::new(start.map_or(0, |at| line(text, at)), &at.path(), &error)
        })
        .collect();
    faults.sort_by_key(|fault| fault.line);
    faults
}

fn line(text: &str, at: usize) -> i64 {
    text.get(..at).map_or(1, |head| head.matches('\n').count() as i64 + 1)
}

/// Reads a template without checking what it means.
///
/// # Errors
/// `process.form` at its line when the text is no template.
pub fn parse(text: &str) -> Result<Template, Fault> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let rule = RuleError::new("process.form", T("写法有误：{detail}", "{detail}"))
            .arg("detail", error.message());
        Fault::new(line(text, at), &field_at(text, at), &rule)
    })
}

/// A template as text, as the form view stores it.
///
/// # Errors
/// When a value can't be written as TOML; none of ours can't.
pub fn write(template: &Template) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(template)
}

/// The key of the line an error stands on: enough to find it.
fn field_at(text: &str, at: usize) -> String {
    let start = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |n| n + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let key = line.split('=').next().unwrap_or_default().trim();
    let plain = |c: char| c.is_alphanumeric() || "_-[].".contains(c);
    if !key.is_empty() && key.chars().all(plain) { key.to_string() } else { String::new() }
}

/// Where in the text something stands: the field, or the item when the field is not written.
fn offset(tree: &DeTable<'_>, at: &At) -> Option<usize> {
    if at.list.is_empty() {
        return tree.iter().find(|(key, _)| key.get_ref() == at.field).map(|(key, _)| key.span().start);
    }
    let (_, list) = tree.iter().find(|(key, _)| key.get_ref() == at.list)?;
    let item = list.get_ref().as_array()?.get(at.index)?;
    let (mut table, mut start) = (item.get_ref(), item.span().start);
    if let Some((name, index)) = at.inner {
        let (_, inner) = table.as_table()?.iter().find(|(key, _)| key.get_ref() == name)?;
        let inner = inner.get_ref().as_array()?.get(index)?;
        (table, start) = (inner.get_ref(), inner.span().start);
    }
    let DeValue::Table(table) = table else { return Some(start) };
    let field = table.iter().find(|(key, _)| key.get_ref() == at.field);
    // A table in brackets begins at its bracket; its first key stands on the next line.
    Some(field.map_or(start, |(key, _)| key.span().start))
}
