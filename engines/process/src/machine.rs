//! The machine: a template, where its run stands, what somebody does → where it stands next and what follows.

use std::collections::BTreeMap;

use kernel::{Problems, RuleError, Span, T, Ts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    access::{self, Named, find},
    actor::Actor,
    effects::{self, Effect},
    entry::{keep, needed, proofs, take, take_fields},
    expr::{Expr, Values},
    names,
    state::{Mark, State},
    template::*,
};
pub use crate::{
    actor::{SYSTEM, is_among},
    message::{message, told},
    offer::{Offer, offers},
};

/// A step entered more often than this in one run is stopped: something goes round in circles.
const MOST_ROUNDS: i64 = 100;
/// Moves that follow from one act without anybody acting.
const MOST_FOLLOWING: usize = 16;

/// What somebody enters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Entry {
    /// Values of fields.
    pub fields: BTreeMap<String, Value>,
    /// Points of check lists, by list and number from 1.
    pub checks: BTreeMap<String, BTreeMap<String, Mark>>,
    /// Scanned serial numbers, by proof.
    pub scans: BTreeMap<String, Vec<String>>,
    /// Answers, by survey and question.
    pub answers: BTreeMap<String, BTreeMap<String, Value>>,
}

/// One move made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// Step before.
    pub from: String,
    /// Move; empty: opened.
    pub act: String,
    /// Step after.
    pub to: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Where the run stands now.
    pub state: State,
    /// Moves made: the one asked for and those that followed.
    pub path: Vec<Passed>,
    /// What is to be done.
    pub effects: Vec<Effect>,
}

pub(crate) fn problem(code: &'static str, text: T) -> RuleError {
    RuleError::new(code, text)
}

/// True when a condition holds; an empty one does. What can't be computed counts as an error, never as yes.
pub(crate) fn holds(template: &Template, source: &str, values: &Values) -> Result<bool, RuleError> {
    if source.is_empty() {
        return Ok(true);
    }
    Expr::kept(source, || names::names(template))?.truth(values)
}

/// A number computed by a template. Errors: `process.expr_…`.
pub fn amount(template: &Template, source: &str, state: &State, now: Ts) -> Result<i64, RuleError> {
    let values = names::values(template, state, &SYSTEM, "", now);
    Expr::kept(source, || names::names(template))?.number(&values)
}

pub(crate) fn not_you(what: &impl Named) -> RuleError {
    problem("process.who_may", T("“{what}”不由您来做", "\"{what}\" is not yours to do"))
        .arg("what", what.both())
}

/// Opens a run; what another run's copy leaves empty is asked at the first step. `zone`: the wall clock of its times.
///
/// Errors: `process.who_may`, `process.needed` and `process.field_…` at fields, `process.enter`.
pub fn begin(
    template: &Template,
    entry: &Entry,
    actor: &Actor,
    now: Ts,
    zone: &str,
) -> Result<Outcome, Problems> {
    let mut state = State { zone: zone.to_string(), ..State::new(now) };
    if !is_among(actor, &template.open, &state) {
        return Err(not_you(template).into());
    }
    let asks: Vec<&String> = template.asks.iter().collect();
    take_fields(template, &asks, entry, &mut state, now)?;
    if !actor.system {
        needed(template, &asks, &state, actor, now)?;
    }
    opened(template, actor, state, now)
}

/// Opens a run for a document that starts it by itself: nobody is there to ask, so what is missing is asked at the
/// first step ([`Template::asks_at`]).
///
/// `fields`: values as stored, by key. Errors: `process.enter`, those of triggers.
pub fn begin_for(
    template: &Template,
    fields: BTreeMap<String, Value>,
    now: Ts,
    zone: &str,
) -> Result<Outcome, Problems> {
    let state = State { zone: zone.to_string(), fields, ..State::new(now) };
    opened(template, &SYSTEM, state, now)
}

fn opened(template: &Template, actor: &Actor, state: State, now: Ts) -> Result<Outcome, Problems> {
    let mut run = Running::new(template, actor, "", now, state);
    run.event("create")?;
    run.enter("", "", &template.start, MoveKind::Next, &[])?;
    Ok(run.finish())
}

/// A run whose document has come to an end by a way that the template does not have: it ends at the end that means the
/// same, for what was called off at any such end, else where it stands. Nothing follows from it.
pub fn end(template: &Template, state: &State, stage: Macro, now: Ts) -> Outcome {
    let off =
        |stage: Macro| matches!(stage, Macro::Cancelled | Macro::Terminated | Macro::ReturnedUnrepaired);
    let ends = || template.steps.iter().filter(|step| step.end);
    let to = ends().find(|step| step.stage == stage).or_else(|| ends().find(|s| off(stage) && off(s.stage)));
    let mut state = state.clone();
    let mut path = Vec::new();
    if let Some(to) = to {
        path.push(Passed { from: state.step.clone(), act: "ended".into(), to: to.key.clone() });
        state.step.clone_from(&to.key);
    }
    state.ended = Some(now);
    Outcome { state, path, effects: vec![Effect::StopAll] }
}

/// Stores what somebody entered in the current step without going on. Proofs and missing fields don't matter yet.
///
/// Errors: `process.ended`, `process.who_may`, `process.not_asked` and `process.field_…` at fields.
pub fn save(
    template: &Template,
    state: &State,
    entry: &Entry,
    actor: &Actor,
    now: Ts,
) -> Result<State, Problems> {
    let step = current(template, state)?;
    if !is_among(actor, &step.who, state) {
        return Err(not_you(step).into());
    }
    let mut next = state.clone();
    take(template, step, None, entry, &mut next, now)?;
    Ok(next)
}

pub(crate) fn current<'a>(template: &'a Template, state: &State) -> Result<&'a Step, RuleError> {
    let step = template.step(&state.step).ok_or_else(|| crate::check::no_step(&state.step))?;
    if step.end || state.ended.is_some() {
        return Err(problem("process.ended", T("流程已结束", "The process has ended")));
    }
    Ok(step)
}

/// Makes a move.
///
/// Errors: `process.ended`, `process.act` (not from here), `process.who_may`, `process.reason` at `reason`,
/// `process.needed`, `process.not_asked`, `process.field_…` at fields, `process.checklist`, `process.evidence`,
/// `process.survey`, `process.when`, `process.leave`, `process.enter`, `process.rounds`.
pub fn act(
    template: &Template,
    state: &State,
    act: &str,
    reason: &str,
    entry: &Entry,
    actor: &Actor,
    now: Ts,
) -> Result<Outcome, Problems> {
    let step = current(template, state)?;
    let made = find_move(template, state, act)?;
    may(template, state, made, actor)?;
    let mut next = state.clone();
    take(template, step, Some(made), entry, &mut next, now)?;
    let mut problems = Problems::new();
    let coded = access::reason(made, reason);
    problems.check(made.reasons.is_empty() || coded.is_some() || actor.system, || {
        problem("process.reason", T("请选择原因", "Choose a reason")).field("reason")
    });
    let reason = coded.unwrap_or(reason);
    if let Err(found) = complete(template, step, made, &next, reason, actor, now) {
        problems.extend(found);
    }
    problems.finish()?;
    let mut run = Running::new(template, actor, reason, now, next);
    run.go(made)?;
    Ok(run.finish())
}

/// Follows the document that the run is for to a stage: makes the first move from here that leads there and that the
/// actor may make. The document's own rules asked for reasons in words, so none of the move's is needed.
///
/// `waits`: why the document waits, one of [`crate::facts::WAITS`]; only steps that wait for that are led to. `None`: for
/// anything.
///
/// `None`: no move from here leads there. Errors: those of [`act`] for the first such move, when none can be made.
pub fn follow(
    template: &Template,
    state: &State,
    stage: Macro,
    waits: Option<&str>,
    reason: &str,
    actor: &Actor,
    now: Ts,
) -> Result<Option<Outcome>, Problems> {
    let step = current(template, state)?;
    let mut first = None;
    for made in template.moves_from(&step.key).filter(|m| leads_to(template, &m.to, stage, waits)) {
        match follow_by(template, state, made, reason, actor, now) {
            Ok(outcome) => return Ok(Some(outcome)),
            Err(problems) => first = first.or(Some(problems)),
        }
    }
    first.map_or(Ok(None), Err)
}

fn follow_by(
    template: &Template,
    state: &State,
    made: &Move,
    reason: &str,
    actor: &Actor,
    now: Ts,
) -> Result<Outcome, Problems> {
    let step = current(template, state)?;
    may(template, state, made, actor)?;
    complete(template, step, made, state, reason, actor, now)?;
    let mut run = Running::new(template, actor, reason, now, state.clone());
    run.go(made)?;
    Ok(run.finish())
}

/// What the move to a stage asks for was done with the document itself, whose command asked for as much: nothing is asked
/// twice. `None`: no move on from here leads there.
pub fn done_elsewhere(
    template: &Template,
    state: &State,
    stage: Macro,
    reason: &str,
    now: Ts,
) -> Result<Option<Outcome>, Problems> {
    let step = current(template, state)?;
    let off = matches!(stage, Macro::Cancelled | Macro::Terminated | Macro::ReturnedUnrepaired);
    let kind = if off { MoveKind::Cancel } else { MoveKind::Next };
    let on = |m: &&Move| m.kind == kind && leads_to(template, &m.to, stage, None);
    let Some(made) = template.moves_from(&step.key).find(on) else { return Ok(None) };
    let mut run = Running::new(template, &SYSTEM, reason, now, state.clone());
    run.go(made)?;
    Ok(Some(run.finish()))
}

/// The document that the run is for was opened again, by whoever may do that there: the run goes on, even when it had
/// ended, where rework begins: at a step that means opened again, else at the first that means taken on, else at its
/// start. What was entered stays; check lists are gone through once more.
///
/// Errors: `process.enter`, `process.rounds`, those of triggers.
pub fn reopen(template: &Template, state: &State, reason: &str, now: Ts) -> Result<Outcome, Problems> {
    let first = |stage: Macro| {
        template.steps.iter().find(|s| s.stage == stage && !s.auto && s.approval.is_none()).map(|s| &s.key)
    };
    let to = first(Macro::Reopened).or_else(|| first(Macro::Accepted)).unwrap_or(&template.start);
    let mut next = state.clone();
    next.checks.clear();
    keep(template, &mut next, &SYSTEM, reason, now)?;
    let ended = next.ended.take().is_some();
    let mut run = Running::new(template, &SYSTEM, reason, now, next);
    if !ended {
        run.event(&format!("leave:{}", state.step))?;
    }
    run.enter(&state.step, "reopen", to, MoveKind::Rework, &[])?;
    Ok(run.finish())
}

/// True when a step means the stage, and waits for the same where that is said, or decides by itself on such a step.
fn leads_to(template: &Template, key: &str, stage: Macro, waits: Option<&str>) -> bool {
    let means = |step: &Step| {
        let why = if step.waits.is_empty() { "other" } else { step.waits.as_str() };
        step.stage == stage && (stage != Macro::Waiting || waits.is_none_or(|code| code == why))
    };
    template.step(key).is_some_and(|step| {
        if step.auto {
            template.moves_from(key).any(|m| template.step(&m.to).is_some_and(means))
        } else {
            means(step)
        }
    })
}

fn find_move<'a>(template: &'a Template, state: &State, act: &str) -> Result<&'a Move, RuleError> {
    let step = template.step(&state.step);
    template.moves.iter().find(|m| m.act == act && m.from.contains(&state.step)).ok_or_else(|| {
        problem("process.act", T("“{step}”时不能“{act}”", "\"{act}\" can't be done at \"{step}\""))
            .arg("step", step.map_or_else(|| "?".to_string(), Named::both))
            .arg("act", find(&template.moves, act).map_or_else(|| act.to_string(), Named::both))
    })
}

pub(crate) fn may(template: &Template, state: &State, made: &Move, actor: &Actor) -> Result<(), RuleError> {
    let people = template.who_of(made, &state.step);
    let open = !made.system && is_among(actor, people, state);
    if actor.system || open { Ok(()) } else { Err(not_you(made)) }
}

/// What a step and a move ask for is there. A move that goes back, aside or off needs only its own fields.
fn complete(
    template: &Template,
    step: &Step,
    made: &Move,
    state: &State,
    reason: &str,
    actor: &Actor,
    now: Ts,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let next = made.kind == MoveKind::Next && !actor.system;
    let asks: Vec<&String> = if next { template.asks_at(step, state) } else { Vec::new() };
    let asks: Vec<&String> = asks.into_iter().chain(&made.asks).collect();
    if !actor.system
        && let Err(found) = needed(template, &asks, state, actor, now)
    {
        problems.extend(found);
    }
    let values = names::values(template, state, actor, reason, now);
    if next {
        proofs(template, step, state, &values, &mut problems)?;
    }
    problems.take(condition(template, &made.when, &made.when_text, "process.when", &values));
    problems.take(leave(template, step, made, &values));
    problems.finish()
}

fn leave(template: &Template, step: &Step, made: &Move, values: &Values) -> Result<(), RuleError> {
    if made.kind != MoveKind::Next {
        return Ok(());
    }
    condition(template, &step.leave, &step.leave_text, "process.leave", values)
}

pub(crate) fn condition(
    template: &Template,
    source: &str,
    told: &str,
    code: &'static str,
    values: &Values,
) -> Result<(), RuleError> {
    if holds(template, source, values)? {
        return Ok(());
    }
    let text = if told.is_empty() {
        source.to_string()
    } else {
        let (zh, en) = access::halves(told);
        T::both(zh, en)
    };
    Err(problem(code, T("{told}", "{told}")).arg("told", text))
}

/// A run on its way.
struct Running<'a> {
    template: &'a Template,
    actor: &'a Actor,
    reason: &'a str,
    now: Ts,
    state: State,
    path: Vec<Passed>,
    effects: Vec<Effect>,
    following: usize,
}

impl<'a> Running<'a> {
    fn new(template: &'a Template, actor: &'a Actor, reason: &'a str, now: Ts, state: State) -> Self {
        Self { template, actor, reason, now, state, path: Vec::new(), effects: Vec::new(), following: 0 }
    }

    fn values(&self) -> Values {
        names::values(self.template, &self.state, self.actor, self.reason, self.now)
    }

    fn go(&mut self, made: &Move) -> Result<(), RuleError> {
        keep(self.template, &mut self.state, self.actor, self.reason, self.now)?;
        let from = self.state.step.clone();
        self.event(&format!("leave:{from}"))?;
        self.event(&format!("act:{}", made.act))?;
        self.enter(&from, &made.act, &made.to, made.kind, &made.asks)
    }

    fn enter(
        &mut self,
        from: &str,
        act: &str,
        to: &str,
        kind: MoveKind,
        given: &[String],
    ) -> Result<(), RuleError> {
        let step = self.template.step(to).ok_or_else(|| crate::check::no_step(to))?;
        condition(self.template, &step.enter, &step.enter_text, "process.enter", &self.values())?;
        let rounds = self.state.visits.entry(to.to_string()).or_insert(0);
        *rounds += 1;
        if *rounds > MOST_ROUNDS {
            return Err(problem(
                "process.rounds",
                T(
                    "已进入这一步 100 次，流程停在这里",
                    "This step was entered 100 times: the process stops here",
                ),
            ));
        }
        // Who comes back from waiting goes on where he was.
        if *rounds > 1 && kind != MoveKind::Wait {
            self.state.anew(self.template, step, kind, given);
        }
        self.state.arrive(to, self.now);
        self.path.push(Passed { from: from.into(), act: act.into(), to: to.into() });
        self.event(&format!("enter:{to}"))?;
        // A trigger may have led on already.
        if self.state.step == to && step.auto {
            return self.decide(step);
        }
        Ok(())
    }

    fn decide(&mut self, step: &Step) -> Result<(), RuleError> {
        let values = self.values();
        let template = self.template;
        for made in template.moves_from(&step.key) {
            if holds(template, &made.when, &values)? {
                return self.follow(made);
            }
        }
        Err(problem("process.undecided", T("自动判断没有结果", "The decision came to no result")))
    }

    fn follow(&mut self, made: &Move) -> Result<(), RuleError> {
        self.following += 1;
        if self.following > MOST_FOLLOWING {
            return Err(problem(
                "process.endless",
                T("连锁动作太多，已停止", "Too many moves follow from one: stopped"),
            ));
        }
        self.go(made)
    }

    /// Clocks and triggers of an event, in the template's order.
    fn event(&mut self, event: &str) -> Result<(), RuleError> {
        let template = self.template;
        for timer in template.timers.iter().filter(|t| t.until.iter().any(|u| u == event)) {
            self.effects.push(Effect::Stop { timer: timer.key.clone() });
        }
        for timer in template.timers.iter().filter(|t| t.from == event) {
            if holds(template, &timer.when, &self.values())? {
                self.state.over.remove(&timer.key);
                self.effects.push(effects::start(timer, &self.state));
            }
        }
        for trigger in template.triggers.iter().filter(|t| t.on == event) {
            self.trigger(trigger)?;
        }
        Ok(())
    }

    fn trigger(&mut self, trigger: &Trigger) -> Result<(), RuleError> {
        if !holds(self.template, &trigger.when, &self.values())? {
            return Ok(());
        }
        if trigger.make == Make::Act {
            let Ok(made) = find_move(self.template, &self.state, &trigger.what) else { return Ok(()) };
            return self.follow(made);
        }
        if trigger.make == Make::Message {
            self.state.tell(&trigger.what, self.now);
        }
        let effect = effects::of_trigger(self.template, trigger, &self.state, self.reason, self.now)?;
        let Some(effect) = crate::called::result(self.template, &self.state, effect) else { return Ok(()) };
        let Some(effect) = effects::once(&mut self.state, trigger, effect) else { return Ok(()) };
        self.effects.push(effect);
        // A message is a message, whoever gives it: clocks that wait for it hear of it.
        if trigger.make == Make::Message { self.event(&format!("message:{}", trigger.what)) } else { Ok(()) }
    }

    fn finish(mut self) -> Outcome {
        let step = self.template.step(&self.state.step);
        if let Some(approval) = step.and_then(|s| s.approval.as_ref()).filter(|_| !self.path.is_empty()) {
            let amount = amount(self.template, &approval.amount, &self.state, self.now).unwrap_or(i64::MAX);
            self.effects.push(Effect::Approval { scheme: approval.scheme.clone(), amount });
        }
        if step.is_some_and(|s| s.end) {
            self.state.ended = Some(self.now);
            self.effects.push(Effect::StopAll);
        } else {
            let (pause, resume) = effects::pauses(self.template, &self.state.step);
            self.effects.extend([Effect::Pause { timers: pause }, Effect::Resume { timers: resume }]);
        }
        Outcome { state: self.state, path: self.path, effects: self.effects }
    }
}

/// A clock warned (`over` false) or ran out: what follows. A run that has ended hears nothing any more.
///
/// Errors: those of a move that a trigger makes.
pub fn clock(
    template: &Template,
    state: &State,
    timer: &str,
    over: bool,
    now: Ts,
) -> Result<Outcome, Problems> {
    let mut next = state.clone();
    if over {
        next.late.insert(timer.to_string());
        next.over.insert(timer.to_string());
    }
    let mut run = Running::new(template, &SYSTEM, "", now, next);
    if state.ended.is_none() {
        run.event(&format!("{}:{timer}", if over { "late" } else { "warn" }))?;
    }
    if run.path.is_empty() {
        let Running { state, path, effects, .. } = run;
        return Ok(Outcome { state, path, effects });
    }
    Ok(run.finish())
}

/// Counts a message and lets follow what hears of it.
pub(crate) fn told_by(
    template: &Template,
    state: &State,
    key: &str,
    effect: Effect,
    actor: &Actor,
    now: Ts,
) -> Result<Outcome, Problems> {
    let mut next = state.clone();
    next.tell(key, now);
    let mut run = Running::new(template, actor, "", now, next);
    run.effects.push(effect);
    run.event(&format!("message:{key}"))?;
    let Running { state, path, effects, .. } = run;
    Ok(Outcome { state, path, effects })
}

/// The length of a span by the clock, microseconds; 0 when there is none.
pub fn clock_length(text: &str) -> i64 {
    match Span::parse(text) {
        Ok(Span::Hours(minutes)) => minutes.saturating_mul(60_000_000),
        _ => 0,
    }
}
