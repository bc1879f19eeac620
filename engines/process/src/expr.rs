//! Conditions and amounts in CEL (the Common Expression Language), over a documented context, with bounded cost.
//!
//! An expression is refused when it is long, deep, names what does not exist, calls what is not listed here, or loops
//! inside a loop: what is left takes at most nodes × items steps, so a template cannot bring the server down.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, LazyLock, RwLock},
};

use cel::{
    Context, Program, Value as Cel,
    common::ast::{EntryExpr, Expr as Node, IdedExpr},
};
use kernel::{RuleError, T};
use serde_json::Value;

/// Longest expression, characters.
pub const MOST_CHARS: usize = 600;
/// Most nodes of a parsed expression.
const MOST_NODES: usize = 240;
/// Deepest nesting of parentheses and operators.
const MOST_DEPTH: usize = 24;

/// Functions that expressions may call, besides operators.
pub const FUNCTIONS: &[(&str, T)] = &[
    ("size", T("长度", "length of a text or list")),
    ("contains", T("包含", "a text contains another")),
    ("startsWith", T("开头是", "a text begins with another")),
    ("endsWith", T("结尾是", "a text ends with another")),
    ("minutes", T("分钟数换成秒", "minutes as seconds")),
    ("hours", T("小时数换成秒", "hours as seconds")),
    ("days", T("天数换成秒", "days as seconds")),
    ("yuan", T("元换成分", "yuan as fen")),
    ("date", T("日期换成日号", "a date as the number of its day")),
];

const OPERATORS: &[&str] = &[
    "_==_",
    "_!=_",
    "_<_",
    "_<=_",
    "_>_",
    "_>=_",
    "_&&_",
    "_||_",
    "!_",
    "_+_",
    "_-_",
    "_*_",
    "_/_",
    "_%_",
    "-_",
    "_?_:_",
    "@in",
    "_[_]",
    "@not_strictly_false",
];

/// What an expression may name: `f.amount`, `visits.repair` …; an empty set: the name has no parts.
pub type Names = BTreeMap<&'static str, BTreeSet<String>>;

/// What an expression is evaluated over: values of the names.
pub type Values = BTreeMap<&'static str, Value>;

fn fault(code: &'static str, text: T) -> RuleError {
    RuleError::new(code, text)
}

/// A compiled expression, and what it names: `f.amount`, `now` …
#[derive(Debug)]
pub struct Expr(Program, BTreeSet<String>);

/// Expressions that were compiled and found harmless, by their text: parsing one costs far more than computing it.
static COMPILED: LazyLock<RwLock<HashMap<String, Arc<Expr>>>> = LazyLock::new(RwLock::default);
/// Most expressions kept; then all are forgotten.
const MOST_KEPT: usize = 10_000;

impl Expr {
    /// A compiled expression for a running process: from memory, or compiled as [`Self::compile`] does. A text is kept
    /// only after it was checked; what a template doesn't know then fails when it is computed.
    ///
    /// Errors: those of [`Self::compile`].
    pub fn kept(source: &str, names: impl FnOnce() -> Names) -> Result<Arc<Self>, RuleError> {
        if let Some(found) = COMPILED.read().ok().and_then(|map| map.get(source).cloned()) {
            return Ok(found);
        }
        let made = Arc::new(Self::compile(source, &names())?);
        if let Ok(mut map) = COMPILED.write() {
            if map.len() >= MOST_KEPT {
                map.clear();
            }
            map.insert(source.to_string(), Arc::clone(&made));
        }
        Ok(made)
    }

    /// Compiles and bounds an expression.
    ///
    /// Errors: `process.expr_long`, `process.expr_syntax`, `process.expr_costly`, `process.expr_name` (something it
    /// names does not exist), `process.expr_call`.
    pub fn compile(source: &str, names: &Names) -> Result<Self, RuleError> {
        // Before the parser sees it: parsing itself must stay cheap.
        if source.chars().count() > MOST_CHARS || nesting(source) > MOST_DEPTH {
            return Err(fault(
                "process.expr_long",
                T(
                    "表达式太长或嵌套太深，最多 {most} 字、{depth} 层",
                    "The expression is too long or nested too deeply: at most {most} characters, {depth} levels",
                ),
            )
            .arg("most", MOST_CHARS)
            .arg("depth", MOST_DEPTH));
        }
        let program = Program::compile(source).map_err(|errors| {
            let detail = errors.errors.first().map(|e| format!("{}: {}", e.pos.1, e.msg)).unwrap_or_default();
            fault("process.expr_syntax", T("表达式有误：{detail}", "The expression does not parse: {detail}"))
                .arg("detail", detail.replace('\n', " "))
        })?;
        let mut walk = Walk { names, locals: Vec::new(), nodes: 0, uses: BTreeSet::new() };
        walk.check(program.expression(), 0, false)?;
        let uses = walk.uses;
        Ok(Self(program, uses))
    }

    /// What it names; of two levels such as `answers.SURVEY.question` the first.
    pub fn uses(&self) -> &BTreeSet<String> {
        &self.1
    }

    fn run(&self, values: &Values) -> Result<Cel, RuleError> {
        let mut context = Context::default();
        functions(&mut context);
        for (name, value) in values {
            context.add_variable_from_value(*name, cel_value(value));
        }
        self.0.execute(&context).map_err(|e| failed(&e.to_string()))
    }

    /// The truth of a condition. Errors: `process.expr_failed`, `process.expr_type`.
    pub fn truth(&self, values: &Values) -> Result<bool, RuleError> {
        match self.run(values)? {
            Cel::Bool(truth) => Ok(truth),
            _ => Err(fault(
                "process.expr_type",
                T("条件的结果应是 是/否", "A condition must come out as true or false"),
            )),
        }
    }

    /// A whole number. Errors: `process.expr_failed`, `process.expr_type`.
    pub fn number(&self, values: &Values) -> Result<i64, RuleError> {
        match self.run(values)? {
            Cel::Int(number) => Ok(number),
            _ => Err(fault(
                "process.expr_type",
                T("表达式的结果应是整数", "The expression must come out as a whole number"),
            )),
        }
    }
}

/// Whole numbers stay signed, so that they can be counted down as well as up.
fn cel_value(value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(truth) => Cel::Bool(*truth),
        Value::Number(number) => Cel::Int(number.as_i64().unwrap_or(0)),
        Value::String(text) => Cel::from(text.as_str()),
        Value::Array(items) => Cel::from(items.iter().map(cel_value).collect::<Vec<_>>()),
        Value::Object(map) => {
            let pairs: std::collections::HashMap<String, Cel> =
                map.iter().map(|(key, item)| (key.clone(), cel_value(item))).collect();
            Cel::from(pairs)
        }
    }
}

fn failed(detail: &str) -> RuleError {
    let detail: String = detail.chars().take(120).collect();
    fault("process.expr_failed", T("表达式无法计算：{detail}", "The expression can't be computed: {detail}"))
        .arg("detail", detail)
}

fn nesting(source: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in source.chars() {
        match c {
            '(' | '[' | '{' | '?' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest.max(source.matches('!').count().saturating_sub(8) / 2)
}

fn functions(context: &mut Context<'_, '_>) {
    let times = |by: i64| move |n: i64| n.saturating_mul(by);
    // The names are ours and none is declared twice.
    let _ = context.add_function("minutes", times(60));
    let _ = context.add_function("hours", times(3600));
    let _ = context.add_function("days", times(86_400));
    let _ = context.add_function("yuan", times(100));
    let _ = context.add_function("date", |text: std::sync::Arc<String>| day_number(&text).unwrap_or(0));
}

/// Days since 1970 of an ISO date.
pub fn day_number(text: &str) -> Option<i64> {
    let epoch = kernel::Date::new(1970, 1, 1).ok()?;
    kernel::Date::parse_iso(text).ok().map(|date| date.days_since(epoch))
}

struct Walk<'a> {
    names: &'a Names,
    locals: Vec<String>,
    nodes: usize,
    uses: BTreeSet<String>,
}

impl Walk<'_> {
    fn check(&mut self, node: &IdedExpr, depth: usize, looping: bool) -> Result<(), RuleError> {
        self.nodes += 1;
        if self.nodes > MOST_NODES || depth > MOST_DEPTH * 2 {
            return Err(costly());
        }
        let depth = depth + 1;
        match &node.expr {
            Node::Call(call) => {
                let known = OPERATORS.contains(&call.func_name.as_str())
                    || FUNCTIONS.iter().any(|(name, _)| *name == call.func_name);
                if !known {
                    return Err(fault(
                        "process.expr_call",
                        T("不能用函数“{name}”", "There is no function \"{name}\""),
                    )
                    .arg("name", &call.func_name));
                }
                let parts = call.target.iter().map(AsRef::as_ref).chain(&call.args);
                for part in parts {
                    self.check(part, depth, looping)?;
                }
                Ok(())
            }
            Node::Comprehension(inner) => {
                if looping || !bounded(&inner.iter_range.expr) {
                    return Err(costly());
                }
                self.check(&inner.iter_range, depth, looping)?;
                self.locals.extend([inner.iter_var.clone(), inner.accu_var.clone()]);
                self.locals.extend(inner.iter_var2.clone());
                let before = self.locals.len();
                for part in [&inner.accu_init, &inner.loop_cond, &inner.loop_step, &inner.result] {
                    self.check(part, depth, true)?;
                }
                self.locals.truncate(before - 2 - usize::from(inner.iter_var2.is_some()));
                Ok(())
            }
            Node::Ident(name) => self.name(name, None),
            Node::Select(select) => match &select.operand.expr {
                Node::Ident(name) if !self.locals.contains(name) => self.name(name, Some(&select.field)),
                // Two levels: checks.LIST.failed, answers.SURVEY.question; the second is checked by a trial run.
                _ => self.check(&select.operand, depth, looping),
            },
            Node::List(list) => list.elements.iter().try_for_each(|part| self.check(part, depth, looping)),
            Node::Map(map) => map.entries.iter().try_for_each(|entry| match &entry.expr {
                EntryExpr::MapEntry(e) => {
                    self.check(&e.key, depth, looping)?;
                    self.check(&e.value, depth, looping)
                }
                EntryExpr::StructField(_) => Err(costly()),
            }),
            Node::Literal(_) => Ok(()),
            Node::Struct(_) | Node::Unspecified => Err(costly()),
        }
    }

    fn name(&mut self, name: &str, part: Option<&str>) -> Result<(), RuleError> {
        if self.locals.iter().any(|local| local == name) {
            return Ok(());
        }
        let shown = part.map_or_else(|| name.to_string(), |part| format!("{name}.{part}"));
        let known = self.names.get(name).is_some_and(|parts| match part {
            Some(part) => parts.contains(part),
            None => true,
        });
        if known {
            self.uses.insert(shown);
            Ok(())
        } else {
            Err(fault("process.expr_name", T("没有“{name}”", "There is no \"{name}\"")).arg("name", shown))
        }
    }
}

/// Loops run over what the context holds or what is written out, never over what another loop made.
fn bounded(range: &Node) -> bool {
    matches!(range, Node::Ident(_) | Node::Select(_) | Node::List(_))
}

fn costly() -> RuleError {
    fault(
        "process.expr_costly",
        T(
            "表达式计算量太大：请拆成几个条件，循环里不能再有循环",
            "The expression costs too much: split it up, and put no loop inside a loop",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names() -> Names {
        let set = |keys: &[&str]| keys.iter().map(|k| (*k).to_string()).collect();
        BTreeMap::from([
            ("f", set(&["amount", "warranty", "tags"])),
            ("checks", set(&["pc39"])),
            ("actor", set(&["roles"])),
            ("now", set(&[])),
        ])
    }

    fn values() -> Values {
        BTreeMap::from([
            ("f", json!({ "amount": 50_001, "warranty": "out", "tags": ["a", "b"] })),
            ("checks", json!({ "pc39": { "done": 39, "failed": 1 } })),
            ("actor", json!({ "roles": ["agent"] })),
            ("now", json!(1_000_000)),
        ])
    }

    fn truth(source: &str) -> Result<bool, &'static str> {
        Expr::compile(source, &names()).and_then(|e| e.truth(&values())).map_err(|e| e.code)
    }

    #[test]
    fn conditions_come_out() {
        let cases = [
            ("f.amount > yuan(500)", Ok(true)),
            ("f.amount <= yuan(500) || f.warranty == 'out'", Ok(true)),
            ("checks.pc39.failed == 0", Ok(false)),
            ("'agent' in actor.roles", Ok(true)),
            ("now > hours(1) && f.warranty in ['in', 'out']", Ok(true)),
            ("f.tags.exists(t, t == 'b')", Ok(true)),
            ("f.tags.all(t, size(t) == 1)", Ok(true)),
            ("f.amount", Err("process.expr_type")),
            ("f.none == 1", Err("process.expr_name")),
            ("stock > 1", Err("process.expr_name")),
            ("f.amount > 'x'", Err("process.expr_failed")),
            ("f.amount >", Err("process.expr_syntax")),
            ("f.warranty.matches('(a+)+$')", Err("process.expr_call")),
        ];
        for (source, expected) in cases {
            assert_eq!(truth(source), expected, "{source}");
        }
    }

    #[test]
    fn what_could_explode_is_refused() {
        let deep = format!("{}1 == 1{}", "(".repeat(300), ")".repeat(300));
        let long = format!("f.amount > 0{}", " && f.amount > 0".repeat(200));
        let not = format!("{}true", "!".repeat(500));
        let cases = [
            deep.as_str(),
            &long,
            &not,
            "f.tags.all(a, f.tags.all(b, f.tags.all(c, a == b)))",
            "f.tags.map(a, a + a).map(b, b + b).size() > 0",
            "[1,2].map(x, [1,2].map(y, x)).size() > 0",
        ];
        for source in cases {
            let refused = Expr::compile(source, &names()).map(|_| ()).map_err(|e| e.code);
            assert!(
                matches!(refused, Err("process.expr_costly" | "process.expr_long")),
                "{source}: {refused:?}"
            );
        }
    }
}
