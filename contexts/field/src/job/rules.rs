//! What comes next on a visit. Pure.

use kernel::Ts;
use orders::api::{OrderStep, State};

use super::model::{Next, Progress};

/// Stages reached since the order last came back for rework.
pub fn progress(steps: &[OrderStep]) -> Progress {
    let mut now = Progress::default();
    for step in steps {
        note(&mut now, &step.action, &step.to_state, step.at);
    }
    now
}

fn note(now: &mut Progress, action: &str, to_state: &str, at: Ts) {
    if to_state == State::Reopened.as_str() {
        *now = Progress::default();
    }
    match action {
        "depart" => now.departed_at = Some(at),
        "arrive" => now.arrived_at = Some(at),
        // Going on after waiting is a start when it waited at work, not when it waited for the visit.
        "start" | "resume" if to_state == State::InProgress.as_str() => {
            now.started_at.get_or_insert(at);
        }
        _ => {}
    }
}

/// When the present round began: the order came back, or another person was sent before anybody set out. What was
/// ticked before that says nothing about this departure (FIELD-01).
pub fn round_began(steps: &[OrderStep]) -> Option<Ts> {
    let set_out = progress(steps).departed_at.is_some();
    let begins = |step: &&OrderStep| {
        step.to_state == State::Reopened.as_str() && step.from_state != step.to_state
            || step.action == "assign" && !set_out
    };
    steps.iter().filter(begins).map(|step| step.at).max()
}

/// What the customer said since the order came back, and why it did: whoever goes reads it first (CALL-19).
pub fn heard(steps: &[OrderStep]) -> Vec<&OrderStep> {
    let back =
        |step: &OrderStep| step.to_state == State::Reopened.as_str() && step.from_state != step.to_state;
    let from = steps.iter().rposition(back).unwrap_or(0);
    let told = |step: &&OrderStep| (back(step) || step.action == "called") && !step.reason.is_empty();
    steps[from.min(steps.len())..].iter().filter(told).collect()
}

/// The next step: the page has one main button, and this is it.
///
/// `travels`: somebody goes to the unit; `over_quote`: it costs more than the customer allowed.
pub fn next(state: State, travels: bool, progress: Progress, over_quote: bool) -> Next {
    match state {
        State::New | State::Accepted | State::Reopened => Next::Assign,
        State::Scheduled if travels && progress.departed_at.is_none() => Next::Depart,
        State::Scheduled if travels => Next::Arrive,
        State::Scheduled | State::InProgress | State::Waiting if over_quote => Next::Consent,
        State::Scheduled => Next::Start,
        State::InProgress if progress.started_at.is_none() => Next::Start,
        State::InProgress => Next::Complete,
        State::Waiting => Next::Resume,
        State::Done => Next::Confirm,
        _ => Next::Nothing,
    }
}

/// A number as a dialler takes it; none when there is nothing to dial.
pub fn dial(phone: &str) -> Option<String> {
    let number: String =
        phone.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '#' | '*' | ',')).collect();
    number.chars().any(|c| c.is_ascii_digit()).then(|| format!("tel:{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Option<Ts> = Some(Ts(1));

    #[test]
    fn next_step_table() {
        let none = Progress::default();
        let gone = Progress { departed_at: AT, ..none };
        let there = Progress { arrived_at: AT, ..gone };
        let working = Progress { started_at: AT, ..there };
        for (state, travels, progress, over, want) in [
            (State::New, true, none, false, Next::Assign),
            (State::Accepted, true, none, false, Next::Assign),
            (State::Reopened, true, none, false, Next::Assign),
            (State::Scheduled, true, none, false, Next::Depart),
            (State::Scheduled, true, none, true, Next::Depart),
            (State::Scheduled, true, gone, false, Next::Arrive),
            (State::Scheduled, false, none, false, Next::Start),
            (State::Scheduled, false, none, true, Next::Consent),
            (State::InProgress, true, there, false, Next::Start),
            (State::InProgress, true, there, true, Next::Consent),
            (State::InProgress, true, working, false, Next::Complete),
            (State::InProgress, true, working, true, Next::Consent),
            (State::Waiting, true, working, false, Next::Resume),
            (State::Waiting, true, working, true, Next::Consent),
            (State::Done, true, working, false, Next::Confirm),
            (State::Confirmed, true, working, false, Next::Nothing),
            (State::Cancelled, true, none, true, Next::Nothing),
        ] {
            assert_eq!(next(state, travels, progress, over), want, "{state:?} {progress:?} over {over}");
        }
    }

    #[test]
    fn rework_begins_again_with_the_departure() {
        let mut now = Progress::default();
        for (n, (action, to)) in [
            ("depart", "scheduled"),
            ("arrive", "in_progress"),
            ("start", "in_progress"),
            ("callback", "reopened"),
        ]
        .into_iter()
        .enumerate()
        {
            note(&mut now, action, to, Ts(n as i64));
        }
        assert_eq!(now, Progress::default());
        note(&mut now, "resume", "in_progress", Ts(9));
        assert_eq!(now.started_at, Some(Ts(9)), "going on after waiting is a start");
        let mut now = Progress::default();
        note(&mut now, "resume", "scheduled", Ts(10));
        assert_eq!(now, Progress::default(), "waiting before the visit is no visit");
    }

    fn step(action: &str, from: &str, to: &str, at: i64) -> OrderStep {
        OrderStep {
            id: kernel::Id::NIL,
            order_id: kernel::Id::NIL,
            org_id: kernel::Id::NIL,
            action: action.into(),
            from_state: from.into(),
            to_state: to.into(),
            at: Ts(at),
            staff_id: kernel::Id::NIL,
            staff_name: String::new(),
            on_behalf: None,
            reason: format!("{action} {at}"),
            lat: None,
            lon: None,
            late: false,
        }
    }

    #[test]
    fn a_departure_check_counts_for_its_own_round() {
        let mut steps = vec![step("assign", "accepted", "scheduled", 1)];
        assert_eq!(round_began(&steps), AT);
        steps.push(step("depart", "scheduled", "scheduled", 2));
        steps.push(step("assign", "scheduled", "scheduled", 3));
        assert_eq!(round_began(&steps), None, "a helper sent after the departure begins nothing");
        steps.push(step("callback", "done", "reopened", 5));
        assert_eq!(round_began(&steps), Some(Ts(5)));
        steps.push(step("called", "reopened", "reopened", 6));
        assert_eq!(round_began(&steps), Some(Ts(5)), "a call begins nothing");
        steps.push(step("assign", "reopened", "scheduled", 7));
        assert_eq!(round_began(&steps), Some(Ts(7)));
    }

    #[test]
    fn whoever_goes_again_reads_why_and_what_was_said_since() {
        let mut steps = vec![step("create", "", "new", 1), step("called", "new", "new", 2)];
        let told = |steps: &[OrderStep]| heard(steps).iter().map(|step| step.at.0).collect::<Vec<_>>();
        assert_eq!(told(&steps), [2]);
        steps.push(step("callback", "done", "reopened", 3));
        steps.push(step("assign", "reopened", "scheduled", 4));
        steps.push(step("called", "scheduled", "scheduled", 5));
        assert_eq!(told(&steps), [3, 5], "what was said before was dealt with");
        assert_eq!(told(&[]), Vec::<i64>::new());
    }

    #[test]
    fn only_numbers_are_dialled() {
        assert_eq!(dial("138 0013-6027").as_deref(), Some("tel:13800136027"));
        assert_eq!(dial("+86 512 6601,1110").as_deref(), Some("tel:+865126601,1110"));
        assert_eq!(dial("无"), None);
        assert_eq!(dial("javascript:alert()"), None);
    }
}
