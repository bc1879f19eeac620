//! What somebody may do from where a run stands.

use std::collections::BTreeSet;

use kernel::{RuleError, Ts};

use crate::{
    access::asked,
    actor::{Actor, is_among},
    expr::Expr,
    machine::{condition, current, may},
    names,
    state::State,
    template::*,
};

/// A move that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer<'a> {
    /// Which.
    pub made: &'a Move,
    /// Why it can't be made now; none: it can.
    pub blocked: Option<RuleError>,
    /// Nothing that can be entered with it would change that: something else has to happen first.
    pub stuck: bool,
}

/// Moves that this person may make from here, those that can't be made now with the reason why.
pub fn offers<'a>(template: &'a Template, state: &State, actor: &Actor, now: Ts) -> Vec<Offer<'a>> {
    let Ok(step) = current(template, state) else { return Vec::new() };
    let mine = template.moves_from(&step.key).filter(|m| may(template, state, m, actor).is_ok());
    let values = names::values(template, state, actor, "", now);
    mine.map(|made| {
        let when = (&made.when, &made.when_text, "process.when");
        let leave = (&step.leave, &step.leave_text, "process.leave");
        let mut asked = vec![when];
        asked.extend((made.kind == MoveKind::Next).then_some(leave));
        let open = entered_with(template, step, made, state, actor);
        let mut offer = Offer { made, blocked: None, stuck: false };
        for (source, told, code) in asked {
            if let Err(why) = condition(template, source, told, code, &values) {
                let stuck = !depends(template, source, &open);
                // What has to happen elsewhere is said before what can be entered here.
                if offer.blocked.is_none() || (stuck && !offer.stuck) {
                    offer.blocked = Some(why);
                }
                offer.stuck |= stuck;
            }
        }
        offer
    })
    .collect()
}

/// What somebody can enter with a move, as conditions name it.
fn entered_with(
    template: &Template,
    step: &Step,
    made: &Move,
    state: &State,
    actor: &Actor,
) -> BTreeSet<String> {
    let mut open = BTreeSet::from(["reason".to_string()]);
    let mut asks: Vec<&String> = made.asks.iter().collect();
    if is_among(actor, &step.who, state) {
        asks.extend(template.asks_at(step, state));
        let named = |kind: &'static str| move |key: &String| format!("{kind}.{key}");
        open.extend(step.checklists.iter().map(named("checks")));
        open.extend(step.surveys.iter().map(named("answers")));
        open.extend(step.evidence.iter().map(named("evidence")));
    }
    for key in asks.into_iter().map(|ask| asked(ask).0) {
        open.extend([format!("f.{key}"), format!("filled.{key}")]);
    }
    open
}

fn depends(template: &Template, source: &str, open: &BTreeSet<String>) -> bool {
    let expr = Expr::kept(source, || names::names(template));
    expr.is_ok_and(|expr| expr.uses().iter().any(|name| open.contains(name)))
}
