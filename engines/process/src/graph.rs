//! The shape of a template: every step can be reached and left, decisions come to an end, triggers don't run in
//! circles, within one template and across templates.

use std::collections::{BTreeMap, BTreeSet};

use kernel::T;

use crate::{
    access::option,
    check::{Checker, Found, at, fault},
    read::{Known, Other},
    template::*,
};

pub(crate) fn check(c: &mut Checker<'_>) {
    reachable(c);
    leaves(c);
    decisions(c);
    own_triggers(c);
    other_documents(c);
    handed_over(c);
}

fn steps_after<'a>(t: &'a Template, from: &'a str) -> impl Iterator<Item = &'a str> + 'a {
    t.moves_from(from).map(|m| m.to.as_str())
}

fn reachable(c: &mut Checker<'_>) {
    let t = c.t;
    let (mut seen, mut todo) = (BTreeSet::from([t.start.as_str()]), vec![t.start.as_str()]);
    while let Some(step) = todo.pop() {
        todo.extend(steps_after(t, step).filter(|next| seen.insert(next)));
    }
    for (index, step) in t.steps.iter().enumerate() {
        c.ensure(
            seen.contains(step.key.as_str()),
            || at("steps", index, &step.key, "key"),
            || {
                fault(
                    "process.unreachable",
                    T("没有任何动作通向步骤“{key}”", "No move leads to the step \"{key}\""),
                )
                .arg("key", &step.key)
            },
        );
    }
}

/// From every step an end can be reached.
fn leaves(c: &mut Checker<'_>) {
    let t = c.t;
    let mut good: BTreeSet<&str> = t.steps.iter().filter(|s| s.end).map(|s| s.key.as_str()).collect();
    loop {
        let more: Vec<&str> = t
            .steps
            .iter()
            .map(|s| s.key.as_str())
            .filter(|key| !good.contains(key) && steps_after(t, key).any(|next| good.contains(next)))
            .collect();
        if more.is_empty() {
            break;
        }
        good.extend(more);
    }
    for (index, step) in t.steps.iter().enumerate() {
        c.ensure(
            good.contains(step.key.as_str()),
            || at("steps", index, &step.key, "key"),
            || {
                fault(
                    "process.dead_end",
                    T("从步骤“{key}”走不到终点", "No end can be reached from the step \"{key}\""),
                )
                .arg("key", &step.key)
            },
        );
    }
}

/// Decision steps lead on by themselves: the last way out has no condition, and they never lead in a circle.
fn decisions(c: &mut Checker<'_>) {
    let t = c.t;
    for (index, step) in t.steps.iter().enumerate().filter(|(_, s)| s.auto) {
        let open = t.moves_from(&step.key).last().is_some_and(|m| m.when.is_empty());
        c.ensure(
            open,
            || at("steps", index, &step.key, "auto"),
            || {
                fault(
                    "process.undecided",
                    T(
                        "自动判断的最后一条出路不能有条件",
                        "The last way out of a decision must have no condition",
                    ),
                )
            },
        );
    }
    let autos: BTreeMap<String, Vec<String>> = t
        .steps
        .iter()
        .filter(|s| s.auto)
        .map(|s| (s.key.clone(), steps_after(t, &s.key).map(str::to_string).collect()))
        .collect();
    if let Some(circle) = circle(&autos) {
        let index = t.steps.iter().position(|s| s.key == circle).unwrap_or(0);
        c.add(at("steps", index, &circle, "auto"), loops(&circle));
    }
}

/// Moves that triggers make at once must not come round to themselves.
fn own_triggers(c: &mut Checker<'_>) {
    let t = c.t;
    // Edges between moves: a move enters a step (or is made), a trigger there makes the next one.
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for made in &t.moves {
        let events: Vec<String> = [format!("act:{}", made.act), format!("enter:{}", made.to)]
            .into_iter()
            .chain(made.from.iter().map(|from| format!("leave:{from}")))
            .collect();
        let next = t.triggers.iter().filter(|x| x.make == Make::Act && events.contains(&x.on));
        let decided = t.step(&made.to).filter(|s| s.auto).into_iter();
        let decided = decided.flat_map(|s| t.moves_from(&s.key).map(|m| m.act.clone()));
        let timed = crate::limits::by_clock(t, &events);
        edges
            .entry(made.act.clone())
            .or_default()
            .extend(next.map(|x| x.what.clone()).chain(decided).chain(timed));
    }
    if let Some(circle) = circle(&edges) {
        let index = t.triggers.iter().position(|x| x.make == Make::Act).unwrap_or(0);
        let key = t.triggers.get(index).map(|x| x.key.clone()).unwrap_or_default();
        c.add(at("triggers", index, &key, "what"), loops(&circle));
    }
}

/// A document that makes a document when it is created, which makes the first again, would never stop.
fn other_documents(c: &mut Checker<'_>) {
    let t = c.t;
    let others = c.known.others.iter();
    let mut edges: BTreeMap<String, Vec<String>> =
        others.map(|other| (other.code.clone(), other.creates.clone())).collect();
    edges.insert(t.code.clone(), creates(t));
    let Some(found) = circle_through(&edges, &t.code) else { return };
    let index = t.triggers.iter().position(|x| x.make == Make::Document).unwrap_or(0);
    let key = t.triggers.get(index).map(|x| x.key.clone()).unwrap_or_default();
    c.add(at("triggers", index, &key, "what"), loops(&found));
}

fn makers(t: &Template) -> impl Iterator<Item = (usize, &Trigger)> {
    t.triggers.iter().enumerate().filter(|(_, x)| x.make == Make::Document)
}

/// What is handed to a new document is asked there at its opening, and can hold what stands here. What is not handed
/// over its first step asks for.
fn handed_over(c: &mut Checker<'_>) {
    let t = c.t;
    let mine = Other::of(t);
    for (index, trigger) in makers(t) {
        let others = c.known.others.iter().chain([&mine]);
        let Some(other) = others.into_iter().find(|other| other.code == trigger.what) else { continue };
        let pairs = trigger.copy.iter().filter_map(|pair| pair.split_once('='));
        for (theirs, ours) in pairs.map(|(theirs, ours)| (theirs.trim(), ours.trim())) {
            let field = other.asks.iter().find(|field| field.key == theirs);
            let fits = field.zip(t.field(ours)).is_some_and(|(theirs, ours)| holds_it(theirs, ours));
            c.ensure(
                fits,
                || at("triggers", index, &trigger.key, "copy"),
                || {
                    let text = T(
                        "“{what}”开单时不填“{key}”，或者它放不下“{ours}”",
                        "\"{what}\" does not ask for \"{key}\" at its opening, or it can't hold \"{ours}\"",
                    );
                    fault("process.copy", text)
                        .arg("what", &trigger.what)
                        .arg("key", theirs)
                        .arg("ours", ours)
                },
            );
        }
    }
}

/// Whether a field can take what stands in another.
fn holds_it(theirs: &Field, ours: &Field) -> bool {
    let known = |o: &String| theirs.options.iter().any(|other| option(other).0 == option(o).0);
    match theirs.kind {
        // What is masked there stays masked here.
        FieldType::Text | FieldType::Area => {
            !matches!(ours.kind, FieldType::Bool | FieldType::Phone | FieldType::Address)
        }
        kind => kind == ours.kind && ours.options.iter().all(known),
    }
}

/// Documents to be made of which there is no template in force: it may come later, but then it has to.
pub(crate) fn unknown(t: &Template, known: &Known) -> Found {
    let there = |code: &str| code == t.code || known.others.iter().any(|other| other.code == code);
    let absent = makers(t).filter(|(_, trigger)| !there(&trigger.what));
    let told = absent.map(|(index, trigger)| {
        let text = T(
            "没有启用的模板“{code}”：到时候这一步会被拒绝",
            "There is no template \"{code}\" in force: when the moment comes the move is refused",
        );
        let error = fault("process.no_template", text).arg("code", &trigger.what);
        (at("triggers", index, &trigger.key, "what"), error)
    });
    told.collect()
}

/// Templates whose documents this one makes as soon as it is opened or begins.
pub(crate) fn creates(t: &Template) -> Vec<String> {
    let first = [String::from("create"), format!("enter:{}", t.start)];
    let makes = t.triggers.iter().filter(|x| x.make == Make::Document && first.contains(&x.on));
    makes.map(|x| x.what.clone()).collect()
}

fn loops(key: &str) -> kernel::RuleError {
    fault(
        "process.endless",
        T("会无休止地循环：“{key}”最终又触发自己", "It would never stop: \"{key}\" comes round to itself"),
    )
    .arg("key", key)
}

fn circle(edges: &BTreeMap<String, Vec<String>>) -> Option<String> {
    edges.keys().find_map(|key| circle_through(edges, key))
}

/// `start`, if following the edges comes back to it.
fn circle_through(edges: &BTreeMap<String, Vec<String>>, start: &str) -> Option<String> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![start]);
    while let Some(key) = todo.pop() {
        for next in edges.get(key).into_iter().flatten() {
            if next == start {
                return Some(start.to_string());
            }
            if seen.insert(next.as_str()) {
                todo.push(next);
            }
        }
    }
    None
}
