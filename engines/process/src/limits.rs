//! What keeps a template small and harmless: lengths, doubles, spans nobody waits for, signatures nobody can skip, and
//! clocks that wind themselves up.

use std::collections::BTreeSet;

use kernel::{Span, T};

use crate::{
    access::{Named, asked},
    check::{Checker, at, fault},
    machine::clock_length,
    read::At,
    template::*,
};

/// Most entries of a list within an item.
const MOST_ENTRIES: usize = 120;
/// Most rungs of a ladder: as many as a document's clocks know apart.
const MOST_RUNGS: usize = 9;
/// Longest name, characters.
const MOST_NAME: usize = 80;
/// Longest text, characters.
const MOST_TEXT: usize = 2000;
/// Longest span, minutes by the clock: ten years.
const MOST_MINUTES: i64 = 10 * 366 * 1440;
/// Clocks shorter than this that start each other again never let anybody act in between, microseconds.
const SHORT: i64 = 10 * 60_000_000;

pub(crate) fn check(c: &mut Checker<'_>) {
    let t = c.t;
    c.texts();
    c.lists();
    for (index, timer) in t.timers.iter().enumerate() {
        let here = |field| move || at("timers", index, &timer.key, field);
        for (text, field) in [(&timer.span, "span"), (&timer.before, "before"), (&timer.warn, "warn")] {
            c.wait(text, here(field));
        }
        c.ensure(timer.ladder.len() <= MOST_RUNGS, here("ladder"), || many(MOST_RUNGS));
        for (rung, step) in timer.ladder.iter().enumerate() {
            c.wait(&step.after, || At {
                inner: Some(("ladder", rung)),
                ..at("timers", index, &timer.key, "after")
            });
        }
    }
    for (index, trigger) in t.triggers.iter().enumerate() {
        c.wait(&trigger.span, || at("triggers", index, &trigger.key, "span"));
        c.wait(&trigger.before, || at("triggers", index, &trigger.key, "before"));
    }
    for (index, step) in t.steps.iter().enumerate() {
        let Some(approval) = &step.approval else { continue };
        for act in [&approval.approved, &approval.rejected] {
            let skipped = t.moves_from(&step.key).any(|m| m.act == *act && !m.system);
            c.ensure(!skipped, || at("steps", index, &step.key, "approval"), || {
                let text = T(
                    "“{act}”是审批的结果，须写 system = true，否则不审批也能走",
                    "\"{act}\" is the result of signatures: write system = true, or people could make it without them",
                );
                fault("process.approval_open", text).arg("act", act)
            });
        }
    }
}

fn many(most: usize) -> kernel::RuleError {
    fault("process.many", T("最多 {most} 项", "At most {most} items")).arg("most", most)
}

impl Checker<'_> {
    /// A span that ends within ten years.
    fn wait(&mut self, text: &str, here: impl Fn() -> At) {
        let long = match Span::parse(text) {
            Ok(Span::Hours(minutes) | Span::ClockHoursHolidaysExtended(minutes)) => minutes > MOST_MINUTES,
            Ok(Span::WorkingMinutes(minutes)) => minutes > MOST_MINUTES / 5,
            Ok(Span::WorkingDays(days)) => days > 2000,
            Ok(Span::ByDayOfMonth { .. }) | Err(_) => false,
        };
        self.ensure(!long, here, || {
            fault("process.span_long", T("时限不能超过十年", "No time limit is longer than ten years"))
        });
    }

    fn name(&mut self, list: &'static str, index: usize, key: &str, name: &str) {
        let chars = name.chars().count();
        self.ensure(
            !name.trim().is_empty() && chars <= MOST_NAME,
            || at(list, index, key, "name"),
            || {
                let text = T("请填写名称，最多 {most} 字", "A name is needed, at most {most} characters");
                fault("process.name", text).arg("most", MOST_NAME)
            },
        );
    }

    fn text(&mut self, text: &str, here: impl Fn() -> At) {
        self.ensure(text.chars().count() <= MOST_TEXT, here, || {
            fault("process.text_long", T("最多 {most} 字", "At most {most} characters"))
                .arg("most", MOST_TEXT)
        });
    }

    fn texts(&mut self) {
        let t = self.t;
        macro_rules! names {
            ($($list:ident),*) => {$(
                for (index, item) in t.$list.iter().enumerate() {
                    self.name(stringify!($list), index, item.key(), item.names().0);
                }
            )*};
        }
        names!(posts, fields, checklists, evidence, messages, surveys, steps, moves, timers, prints);
        self.text(&t.purpose, || at("", 0, "", "purpose"));
        self.ensure(
            t.title.chars().count() <= MOST_NAME * 2,
            || at("", 0, "", "title"),
            || {
                fault("process.text_long", T("最多 {most} 字", "At most {most} characters"))
                    .arg("most", MOST_NAME * 2)
            },
        );
        for (index, step) in t.steps.iter().enumerate() {
            self.text(&step.help, || at("steps", index, &step.key, "help"));
        }
        for (index, message) in t.messages.iter().enumerate() {
            self.text(&message.text, || at("messages", index, &message.key, "text"));
        }
        for (index, trigger) in t.triggers.iter().enumerate() {
            self.text(&trigger.text, || at("triggers", index, &trigger.key, "text"));
        }
        for (index, print) in t.prints.iter().enumerate() {
            self.text(&print.text, || at("prints", index, &print.key, "text"));
        }
    }

    /// Lists within items: not endless; what is asked is asked once.
    fn lists(&mut self) {
        let t = self.t;
        self.asked_once(&t.asks, || at("", 0, "", "asks"));
        self.short(t.open.len(), || at("", 0, "", "open"));
        for (index, field) in t.fields.iter().enumerate() {
            self.short(field.options.len(), || at("fields", index, &field.key, "options"));
        }
        for (index, step) in t.steps.iter().enumerate() {
            let here = |field| move || at("steps", index, &step.key, field);
            self.asked_once(&step.asks, here("asks"));
            self.asked_once(&step.checklists, here("checklists"));
            self.asked_once(&step.evidence, here("evidence"));
            self.asked_once(&step.surveys, here("surveys"));
            self.short(step.who.len(), here("who"));
        }
        for (index, made) in t.moves.iter().enumerate() {
            let here = |field| move || at("moves", index, &made.act, field);
            self.asked_once(&made.asks, here("asks"));
            for (list, field) in [(&made.from, "from"), (&made.who, "who"), (&made.reasons, "reasons")] {
                self.short(list.len(), here(field));
            }
        }
        for (index, print) in t.prints.iter().enumerate() {
            let here = |field| move || at("prints", index, &print.key, field);
            for (list, field) in [(&print.copies, "copies"), (&print.sign, "sign")] {
                self.ensure(list.len() <= 12, here(field), || many(12));
            }
            self.asked_once(&print.fields, here("fields"));
        }
        for (index, trigger) in t.triggers.iter().enumerate() {
            self.short(trigger.who.len(), || at("triggers", index, &trigger.key, "who"));
            self.short(trigger.copy.len(), || at("triggers", index, &trigger.key, "copy"));
            self.short(trigger.alone.len(), || at("triggers", index, &trigger.key, "alone"));
        }
    }

    fn short(&mut self, len: usize, here: impl Fn() -> At) {
        self.ensure(len <= MOST_ENTRIES, here, || many(MOST_ENTRIES));
    }

    fn asked_once(&mut self, list: &[String], here: impl Fn() -> At) {
        self.short(list.len(), &here);
        let mut seen = BTreeSet::new();
        for key in list.iter().map(|text| asked(text).0) {
            self.ensure(seen.insert(key), &here, || {
                fault("process.twice", T("“{key}”出现了两次", "\"{key}\" is there twice")).arg("key", key)
            });
        }
    }
}

/// Moves that clocks make without leaving anybody time to act, by the move whose making starts the clock: they belong
/// to the circles that triggers must not form. A clock that is due at a field is one of them, for the time may be past.
pub(crate) fn by_clock(t: &Template, events: &[String]) -> Vec<String> {
    let short = |text: &str| match Span::parse(text) {
        Ok(Span::Hours(_)) => clock_length(text) < SHORT,
        Ok(Span::WorkingMinutes(minutes)) => minutes * 60_000_000 < SHORT,
        _ => false,
    };
    let quick = |timer: &&Timer| !timer.at.is_empty() || short(&timer.span);
    let started = t.timers.iter().filter(|timer| events.contains(&timer.from)).filter(quick);
    let fires: BTreeSet<String> =
        started.flat_map(|timer| [format!("late:{}", timer.key), format!("warn:{}", timer.key)]).collect();
    t.triggers
        .iter()
        .filter(|x| x.make == Make::Act && fires.contains(&x.on))
        .map(|x| x.what.clone())
        .collect()
}
