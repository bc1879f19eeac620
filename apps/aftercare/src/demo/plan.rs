//! What will happen in the demo company, planned before it does: every order gets its course, step by step.

use aftercare::StartError;
use kernel::Ts;

use super::{Company, DAY, MINUTE, names};

const HOUR: i64 = 60 * MINUTE;

/// How far an order gets.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub enum End {
    New,
    Accepted,
    Scheduled,
    AtWork,
    Waiting,
    Done,
    Confirmed,
    Reopened,
    Audited,
    Closed,
    Cancelled,
    Terminated,
    Returned,
}

/// Something that happens to an order, or around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Request,
    Accept,
    Assign(Ts),
    Depart,
    Arrive,
    Start,
    Part(usize),
    Wait(&'static str),
    Resume,
    Complete,
    Confirm,
    Called(&'static str),
    Audit,
    Close,
    Reopen,
    Cancel,
    Terminate,
    Return,
    Advice,
    AdviceCalls,
    OldParts,
}

/// A step and when it happens; `job` is the order's place.
pub struct Event {
    pub at: i64,
    pub job: usize,
    pub step: Step,
}

/// An order of the demo company.
pub struct Job {
    pub client: usize,
    pub model: usize,
    /// None: the machine is new and comes with the order.
    pub unit: Option<usize>,
    pub kind: &'static str,
    pub mode: &'static str,
    pub fault: &'static names::Fault,
    pub engineer: usize,
    pub order: String,
    pub end: End,
    pub reworks: usize,
}

/// Kind of work, mode, and the models it is done on (none: any).
type Sort = (&'static str, &'static str, &'static [&'static str]);

/// The course of an order while it is planned.
struct Course {
    at: i64,
    live: bool,
    events: Vec<(i64, Step)>,
}

impl Course {
    /// The next step, so many minutes later; in office hours unless the order is one of today's.
    fn then(&mut self, minutes: i64, step: Step) {
        self.until(self.at + minutes.max(1) * MINUTE, step);
    }

    /// The next step at a time, or soon after the one before.
    fn until(&mut self, at: i64, step: Step) {
        let at = at.max(self.at + 3 * MINUTE);
        self.at = if self.live { at } else { office(at) };
        self.events.push((self.at, step));
    }
}

impl Company {
    /// Plans everything between the start of the history and now.
    pub(super) fn plan(&mut self, orders: usize, now: i64) -> Result<Vec<Event>, StartError> {
        let start = self.app.now().0 + HOUR;
        let (live, mut events) = (orders.min(LIVE.len()), Vec::new());
        let old = orders - live;
        for number in 0..old {
            let at = start + (now - 20 * HOUR - start) / i64::try_from(old)? * i64::try_from(number)?;
            let at = open_hours(at).max(start) + i64::try_from(self.dice.below(60))? * 1_000_000;
            self.past(number, at, &mut events)?;
            let call = office(at + 170 * MINUTE);
            if number % 9 == 4 && call < now - 3 * HOUR {
                let job = self.jobs.len() - 1;
                events.push(Event { at: at + 11 * MINUTE, job, step: Step::Advice });
                events.push(Event { at: call, job, step: Step::AdviceCalls });
            }
        }
        self.today(live, now, &mut events)?;
        for turn in 1..10 {
            events.push(Event { at: start + turn * 13 * DAY, job: 0, step: Step::OldParts });
        }
        events.retain(|event| event.at <= now);
        events.sort_by_key(|event| (event.at, event.job));
        Ok(events)
    }

    /// An order of the past.
    fn past(&mut self, number: usize, at: i64, events: &mut Vec<Event>) -> Result<(), StartError> {
        let end = match number {
            n if n % 48 == 25 => End::Cancelled,
            n if n % 100 == 60 => End::Terminated,
            n if n % 110 == 75 => End::Returned,
            _ => End::Closed,
        };
        let classes: &[&'static str] = match number {
            n if n % 90 == 40 => &["not_fixed_once", "not_fixed_repeatedly", "satisfied"],
            n if n % 50 == 6 => &["unsatisfied", "satisfied"],
            n if n % 70 == 12 => &["complaint", "satisfied"],
            n if n % 33 == 21 => &["not_fixed_once", "satisfied"],
            n if n % 45 == 31 => &["bad_attitude"],
            _ => &["satisfied"],
        };
        let job = self.job(number, at, end, &[])?;
        let mut course = Course { at, live: false, events: Vec::new() };
        self.course(&mut course, job, number, classes)?;
        events.extend(course.events.into_iter().map(|(at, step)| Event { at, job, step }));
        Ok(())
    }

    /// Orders of the last hours, one for every state: each stopped somewhere, some minutes ago.
    fn today(&mut self, orders: usize, now: i64, events: &mut Vec<Event>) -> Result<(), StartError> {
        let mut busy = Vec::new();
        for (number, (end, ago)) in LIVE.iter().enumerate().take(orders) {
            let job = self.job(number, now, *end, &busy)?;
            if matches!(end, End::AtWork | End::Waiting | End::Done) {
                busy.push(self.jobs[job].engineer);
            }
            let classes: &[&'static str] = match end {
                End::Reopened if number % 2 == 0 => &["not_fixed_once"],
                End::Reopened => &["complaint"],
                _ => &["satisfied"],
            };
            let mut course = Course { at: now, live: true, events: Vec::new() };
            self.course(&mut course, job, number, classes)?;
            let shift = now - ago * MINUTE - course.at;
            for (at, step) in course.events {
                let step = match step {
                    Step::Assign(from) => Step::Assign(self.visit(*end, from.0, shift, now, number)?),
                    other => other,
                };
                events.push(Event { at: at + shift, job, step });
            }
        }
        for ago in [150, 136] {
            let job = self.jobs.len() - 1;
            events.push(Event { at: now - ago * MINUTE, job, step: Step::Advice });
        }
        Ok(())
    }

    /// When the visit of one of today's orders was promised for: what is only scheduled lies ahead.
    fn visit(&self, end: End, from: i64, shift: i64, now: i64, number: usize) -> Result<Ts, StartError> {
        let ahead = now + (70 + 45 * i64::try_from(number % 5)?) * MINUTE;
        Ok(Ts(quarter(if end == End::Scheduled { office(ahead) } else { from + shift })))
    }

    /// What the order is about, and who does it.
    fn job(&mut self, number: usize, at: i64, end: End, busy: &[usize]) -> Result<usize, StartError> {
        let (kind, mode, models) = sort(number);
        let repair = kind.starts_with("repair") || kind == "dealer_return";
        let fitting = |m: usize| models.is_empty() || models.contains(&names::MODELS[m].1);
        let again = number % 20 == 13;
        let mut unit = self.unit(at, again, fitting);
        for _ in 0..60 {
            if !busy.contains(&self.engineer(unit)?) {
                break;
            }
            unit = self.unit(at, again, fitting);
        }
        let (client, model) = (self.units[unit].client, self.units[unit].model);
        let engineer = self.engineer(unit)?;
        if repair {
            self.units[unit].repaired = at;
        }
        let prefix = names::MODELS[model].1;
        let faults: Vec<&'static names::Fault> = names::FAULTS
            .iter()
            .filter(|fault| fault.4.is_empty() || fault.4.contains(&prefix))
            .filter(|fault| (mode == "remote") == fault.4.is_empty())
            .collect();
        let fault = *self.dice.pick(&faults);
        let kind = if kind == "repair" { self.size() } else { kind };
        let unit = (kind != "install" && kind != "delivery").then_some(unit);
        let order = String::new();
        self.jobs.push(Job { client, model, unit, kind, mode, fault, engineer, order, end, reworks: 0 });
        Ok(self.jobs.len() - 1)
    }

    fn size(&mut self) -> &'static str {
        match self.dice.below(100) {
            0..60 => "repair_minor",
            60..88 => "repair_medium",
            _ => "repair_major",
        }
    }

    /// A machine that was not repaired lately; or, for a repeat, one that was.
    fn unit(&mut self, at: i64, again: bool, fitting: impl Fn(usize) -> bool) -> usize {
        let since = |n: &usize| at - self.units[*n].repaired;
        let wanted = |n: &usize| {
            if again { (3 * DAY..25 * DAY).contains(&since(n)) } else { since(n) > 31 * DAY }
        };
        let all: Vec<usize> = (0..self.units.len()).filter(|n| fitting(self.units[*n].model)).collect();
        let good: Vec<usize> = all.iter().copied().filter(wanted).collect();
        match (good.is_empty(), all.iter().copied().max_by_key(since)) {
            (true, Some(oldest)) => oldest,
            _ => *self.dice.pick(&good),
        }
    }

    /// Somebody of the customer's own outlet who knows the machine and is free first.
    fn engineer(&self, unit: usize) -> Result<usize, StartError> {
        let (org, skill) =
            (self.clients[self.units[unit].client].org, names::MODELS[self.units[unit].model].2);
        (0..self.engineers.len())
            .filter(|e| self.engineers[*e].org == org && self.engineers[*e].skills.contains(&skill))
            .min_by_key(|e| self.engineers[*e].free)
            .ok_or_else(|| format!("nobody in organisation {org} knows {skill}").into())
    }

    fn minutes(&mut self, least: i64, spread: usize) -> i64 {
        least + i64::try_from(self.dice.below(spread)).unwrap_or(0)
    }

    /// From the call to the closed order, or as far as it gets.
    fn course(
        &mut self,
        c: &mut Course,
        job: usize,
        number: usize,
        classes: &[&'static str],
    ) -> Result<(), StartError> {
        let (end, called) = (self.jobs[job].end, c.at);
        c.events.push((called, Step::Request));
        if end == End::New {
            return Ok(());
        }
        if end == End::Cancelled {
            c.then(self.minutes(8, 18), Step::Cancel);
            return Ok(());
        }
        let slow = !c.live && number % 40 == 9;
        c.then(if slow { 48 } else { self.minutes(4, 16) }, Step::Accept);
        if end == End::Accepted {
            return Ok(());
        }
        let asked = c.at + self.minutes(70, 100) * MINUTE;
        let asked = if !c.live && number % 60 == 29 { called + 27 * HOUR } else { asked };
        let free = if c.live { asked } else { self.engineers[self.jobs[job].engineer].free };
        let slot = quarter(asked.max(free));
        let slot = if c.live { slot } else { office(slot) };
        c.then(self.minutes(8, 26), Step::Assign(Ts(slot)));
        if end > End::Scheduled {
            self.work(c, job, number, slot);
            self.aftermath(c, job, classes);
        }
        Ok(())
    }

    fn work(&mut self, c: &mut Course, job: usize, number: usize, slot: i64) {
        let (end, mode, fault) = (self.jobs[job].end, self.jobs[job].mode, self.jobs[job].fault);
        if matches!(mode, "on_site" | "fetched") {
            c.until(slot - self.minutes(18, 15) * MINUTE, Step::Depart);
            c.until(slot + self.minutes(-4, 14) * MINUTE, Step::Arrive);
        } else {
            c.until(slot, Step::Start);
        }
        self.engineers[self.jobs[job].engineer].free = slot + 2 * HOUR;
        if end == End::Terminated {
            return c.then(self.minutes(20, 30), Step::Terminate);
        }
        let repaired = self.jobs[job].kind.starts_with("repair") && fault.3 < names::PARTS.len();
        if repaired && end != End::Returned {
            c.then(self.minutes(12, 20), Step::Part(fault.3));
        }
        let waits = end == End::Waiting || (!c.live && number % 16 == 8);
        if waits {
            c.then(self.minutes(9, 20), Step::Wait(["parts", "customer", "third_party"][number % 3]));
            if end == End::Waiting {
                return;
            }
            c.then(self.minutes(20 * 60, 240), Step::Resume);
        }
        if end == End::Returned {
            return c.then(self.minutes(30, 30), Step::Return);
        }
        if end > End::Waiting {
            let long = matches!(mode, "fetched" | "mailed" | "outsourced");
            let more = if long { self.minutes(20 * 60, 1200) } else { 0 };
            c.then(self.minutes(24, 95) + more, Step::Complete);
            self.engineers[self.jobs[job].engineer].free =
                (slot + 2 * HOUR).max(if long || waits { 0 } else { c.at });
        }
    }

    /// Confirmation, calls, rework, audit.
    fn aftermath(&mut self, c: &mut Course, job: usize, classes: &[&'static str]) {
        let end = self.jobs[job].end;
        if end <= End::Done || end > End::Closed {
            return;
        }
        c.then(self.minutes(5, 12), Step::Confirm);
        if end == End::Confirmed {
            return;
        }
        for class in classes {
            c.then(self.minutes(17 * 60, 300), Step::Called(class));
            if matches!(*class, "satisfied" | "bad_attitude") {
                break;
            }
            if end == End::Reopened {
                return;
            }
            self.again(c, job);
        }
        c.then(self.minutes(60, 120), Step::Audit);
        if end > End::Audited {
            c.then(self.minutes(15, 200), Step::Close);
        }
        // Now and then a fault shows again when everything was audited and paid (PAY-15).
        if end == End::Closed && !c.live && job % 50 == 21 {
            c.then(self.minutes(26 * 60, 600), Step::Reopen);
            self.again(c, job);
            c.then(self.minutes(17 * 60, 300), Step::Called("satisfied"));
            c.then(self.minutes(60, 120), Step::Audit);
            c.then(self.minutes(15, 200), Step::Close);
        }
    }

    /// The second visit, up to the customer's word.
    fn again(&mut self, c: &mut Course, job: usize) {
        c.then(self.minutes(20, 40), Step::Accept);
        let slot = quarter(c.at + 3 * HOUR).max(self.engineers[self.jobs[job].engineer].free);
        let slot = if c.live { slot } else { office(slot) };
        c.then(self.minutes(10, 30), Step::Assign(Ts(slot)));
        c.until(slot, Step::Start);
        c.then(self.minutes(40, 60), Step::Complete);
        self.engineers[self.jobs[job].engineer].free = (slot + 2 * HOUR).max(c.at);
        c.then(self.minutes(5, 9), Step::Confirm);
    }
}

/// Kinds of work and modes in turn: most are repairs on site.
fn sort(number: usize) -> Sort {
    const SMALL: &[&str] = &["RO80", "LN24", "LC60"];
    const BIG: &[&str] = &["YK12", "VRF2", "HW90", "GA75"];
    match (number % 20, number / 20 % 4) {
        (3, _) => ("install", "on_site", &[]),
        (7, _) => ("maintenance", "on_site", &[]),
        (11, 0) => ("delivery", "on_site", &["LC60", "RO80", "LN24"]),
        (11, 1) => ("cleaning", "on_site", &["VRF2", "LC60"]),
        (11, 2) => ("exchange", "on_site", SMALL),
        (11, _) => ("maintenance", "on_site", &["GA75", "YK12", "LX12"]),
        (14, 1) => ("outsourced", "outsourced", BIG),
        (15, _) => ("repair", "brought_in", SMALL),
        (17, _) => ("repair", "remote", BIG),
        (19, 0) => ("repair", "fetched", &["CPD3", "LC60"]),
        (19, 1) => ("repair", "mailed", &["RO80", "LN24"]),
        (19, 2) => ("outsourced", "outsourced", BIG),
        (19, _) => ("dealer_return", "brought_in", &["4LZ8", "LX12"]),
        _ => ("repair", "on_site", &[]),
    }
}

/// Wall-clock time of the demo company, eight hours ahead of UTC: its midnight, and microseconds since then.
fn of_day(at: i64) -> (i64, i64) {
    let local = at + 8 * HOUR;
    (local.div_euclid(DAY) * DAY - 8 * HOUR, local.rem_euclid(DAY))
}

/// The day's hours drawn together into those in which somebody answers the telephone: 8:30 to 16:30.
fn open_hours(at: i64) -> i64 {
    let (midnight, since) = of_day(at);
    midnight + 8 * HOUR + 30 * MINUTE + since / 3
}

/// Nobody works before half past eight or after six: then it is the next morning.
fn office(at: i64) -> i64 {
    let (midnight, since) = of_day(at);
    let morning = 8 * HOUR + 30 * MINUTE;
    match since {
        _ if since < morning => midnight + morning + since % (45 * MINUTE),
        _ if since > 18 * HOUR => midnight + DAY + morning + since % (45 * MINUTE),
        _ => at,
    }
}

/// Visits begin on the quarter of an hour.
fn quarter(at: i64) -> i64 {
    at - at.rem_euclid(15 * MINUTE)
}

/// Today's orders: where each has got to, and how many minutes ago.
const LIVE: &[(End, i64)] = &[
    (End::New, 4),
    (End::Done, 12),
    (End::AtWork, 10),
    (End::Accepted, 7),
    (End::Scheduled, 20),
    (End::Confirmed, 15),
    (End::Reopened, 22),
    (End::Scheduled, 55),
    (End::Audited, 16),
    (End::Waiting, 35),
    (End::Terminated, 65),
    (End::AtWork, 25),
    (End::Returned, 85),
    (End::New, 13),
    (End::Cancelled, 40),
    (End::Waiting, 80),
    (End::Accepted, 18),
    (End::Confirmed, 60),
    (End::AtWork, 38),
    (End::Done, 33),
    (End::Scheduled, 95),
    (End::Audited, 44),
    (End::New, 24),
    (End::Waiting, 140),
    (End::Scheduled, 130),
    (End::Reopened, 75),
    (End::Accepted, 26),
    (End::AtWork, 52),
    (End::Confirmed, 110),
    (End::Done, 47),
    (End::Scheduled, 150),
    (End::Audited, 90),
];
