//! What the form view offers for a word of a template: its own steps, moves, fields and moments, by name (DOC-19).

use kernel::T;
use kit::Cx;
use process::{FieldType, Named, Template, called, effects::HANDED_OVER};

use crate::document::views::who_words;

/// Callbacks that mean something besides the classes of a result.
const CALLS: [(&str, T); 3] = [
    (contracts::FIRST_CALLBACK, T("安排首次回访", "plan the first callback")),
    (called::RESULT, T("已回访，结果见回访字段", "called: the result stands in its field")),
    (called::UNREACHED, T("回访未接通，不再打", "not reached: nobody calls again")),
];

/// A code and what it is called.
pub type Choice = (String, String);

/// Known codes for a word of a list; empty where anything may stand.
pub fn choices(cx: &Cx, t: &Template, list: &str, key: &str) -> Vec<Choice> {
    match (list, key) {
        ("head", "start") | ("moves", "from" | "to") | ("timers", "pause") | ("messages", "steps") => {
            named(cx, "", &t.steps, |s| &s.key)
        }
        (_, "who") | ("head", "open" | "manages" | "executes" | "supports" | "reads") => people(cx, t),
        (_, "asks") | ("fields", "keeps") | ("prints", "fields") => fields(cx, t, |_| true),
        (_, "at") => fields(cx, t, |kind| kind == FieldType::Time),
        ("messages", "to") => fields(cx, t, |kind| kind == FieldType::Phone),
        ("steps" | "prints", "checklists") => named(cx, "", &t.checklists, |c| &c.key),
        ("steps", "evidence") => named(cx, "", &t.evidence, |e| &e.key),
        ("steps" | "prints", "surveys") => named(cx, "", &t.surveys, |s| &s.key),
        ("steps", "approval:approved" | "approval:rejected") => named(cx, "", &t.moves, |m| &m.act),
        ("timers", "from" | "until") | ("triggers", "on") => moments(cx, t),
        ("triggers", "what") => {
            let mut all = named(cx, "", &t.moves, |m| &m.act);
            all.extend(named(cx, "", &t.messages, |m| &m.key));
            all.push((
                HANDED_OVER.to_string(),
                cx.t(T("备件已发出", "the parts were handed over")).to_string(),
            ));
            all.extend(
                CALLS
                    .iter()
                    .chain(called::CLASSES)
                    .map(|(c, label)| (c.to_string(), cx.t(*label).to_string())),
            );
            all
        }
        ("fields", "bind") => {
            process::facts::FACTS.iter().map(|(fact, _)| (fact.to_string(), String::new())).collect()
        }
        ("posts", "role") => roles(cx, ""),
        _ => Vec::new(),
    }
}

fn named<I: Named>(cx: &Cx, before: &str, items: &[I], key: impl Fn(&I) -> &String) -> Vec<Choice> {
    items.iter().map(|item| (format!("{before}{}", key(item)), item.label(cx.lang).to_string())).collect()
}

fn fields(cx: &Cx, t: &Template, fits: impl Fn(FieldType) -> bool) -> Vec<Choice> {
    let list = t.fields.iter().filter(|field| fits(field.kind));
    list.map(|field| (field.key.clone(), field.label(cx.lang).to_string())).collect()
}

fn roles(cx: &Cx, before: &str) -> Vec<Choice> {
    let list = kit::Role::ALL.iter().map(|role| role.info());
    list.map(|(code, label)| (format!("{before}{code}"), cx.t(label).to_string())).collect()
}

fn people(cx: &Cx, t: &Template) -> Vec<Choice> {
    let person = |who: String| {
        let words = who_words(cx, t, std::slice::from_ref(&who), &|_| String::new());
        (who, words)
    };
    let mut all = roles(cx, "role:");
    all.extend(t.posts.iter().map(|post| person(format!("post:{}", post.key))));
    all.extend(
        fields(cx, t, |kind| kind == FieldType::Person)
            .into_iter()
            .map(|(key, _)| person(format!("person:{key}"))),
    );
    all.push(person("creator".into()));
    all
}

fn moments(cx: &Cx, t: &Template) -> Vec<Choice> {
    let said = |what: T, list: Vec<Choice>| {
        list.into_iter()
            .map(move |(code, name)| (code, what.fill(cx.lang, &[("name", name)])))
            .collect::<Vec<_>>()
    };
    let mut all = vec![("create".to_string(), cx.t(T("开单", "opened")).to_string())];
    all.extend(said(T("进入“{name}”", "entering {name}"), named(cx, "enter:", &t.steps, |s| &s.key)));
    all.extend(said(T("离开“{name}”", "leaving {name}"), named(cx, "leave:", &t.steps, |s| &s.key)));
    all.extend(said(T("动作“{name}”", "move {name}"), named(cx, "act:", &t.moves, |m| &m.act)));
    all.extend(said(T("已通知“{name}”", "message {name}"), named(cx, "message:", &t.messages, |m| &m.key)));
    all.extend(said(T("超时“{name}”", "{name} is late"), named(cx, "late:", &t.timers, |t| &t.key)));
    all.extend(said(T("将到“{name}”", "{name} is near"), named(cx, "warn:", &t.timers, |t| &t.key)));
    all
}
