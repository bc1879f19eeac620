//! Work that was begun can be ended honestly: who can't go on is not made to say what is not so.

use process::{MoveKind, Template, parse};

/// The stages in which the work itself is over.
const OVER: [process::Macro; 4] =
    [process::Macro::Done, process::Macro::Confirmed, process::Macro::Audited, process::Macro::Closed];

/// Templates looked at, with the steps that need no way off and why not.
const SHIPPED: &[(&str, &[&str])] = &[
    // Until somebody is qualified nobody drives (TRAIN-01): another operator may be trained.
    ("agri-dealer", &["train"]),
    ("decoration", &[]),
    ("equipment-maker", &[]),
    ("forklift", &[]),
    ("furniture-delivery", &[]),
    ("information-centre", &[]),
    ("instrument-3-level", &[]),
    ("maintenance-round", &[]),
    ("software-support", &[]),
    ("water-heater", &[]),
];

fn shipped(code: &str) -> Template {
    let path = format!("{}/../../templates/{code}.toml", env!("CARGO_MANIFEST_DIR"));
    parse(&std::fs::read_to_string(path).expect("a text")).expect("a template")
}

fn is_over(template: &Template, step: &str) -> bool {
    template.step(step).is_some_and(|s| OVER.contains(&s.stage))
}

/// A cancelling move, or back or aside to where there is one or where the work is over: none needs what the step asks.
fn way_off(template: &Template, step: &str, seen: &mut Vec<String>) -> bool {
    if seen.iter().any(|s| s == step) {
        return false;
    }
    seen.push(step.to_string());
    let made = template.moves_from(step).filter(|m| !m.system && m.kind != MoveKind::Next);
    let to: Vec<(MoveKind, String)> = made.map(|m| (m.kind, m.to.clone())).collect();
    to.into_iter()
        .any(|(kind, to)| kind == MoveKind::Cancel || is_over(template, &to) || way_off(template, &to, seen))
}

#[test]
fn every_step_before_the_work_is_done_has_a_way_off() {
    for (code, without) in SHIPPED {
        let template = shipped(code);
        let found: Vec<&str> = template
            .steps
            .iter()
            .filter(|s| !s.end && !s.auto && s.approval.is_none() && !OVER.contains(&s.stage))
            .filter(|s| !way_off(&template, &s.key, &mut Vec::new()))
            .map(|s| s.key.as_str())
            .collect();
        assert_eq!(found, *without, "{code}");
    }
}

#[test]
fn an_order_ended_by_its_own_page_ends_its_run_where_that_is_meant() {
    let now = kernel::Ts(1_795_000_000_000_000);
    for (code, off) in [("equipment-maker", "cancelled"), ("home-visit", "cancelled")] {
        let template = shipped(code);
        let state = process::machine::begin_for(&template, Default::default(), now, "").expect("a run").state;
        // Where no end means the same, any that calls off does.
        for stage in [process::Macro::Cancelled, process::Macro::Terminated] {
            let ended = process::machine::end(&template, &state, stage, now);
            let end = template.step(&ended.state.step).expect("a step");
            assert!(end.end && ended.state.ended == Some(now), "{code}");
            assert_eq!(ended.path.len(), 1, "the history says so");
            if stage == process::Macro::Cancelled {
                assert_eq!(end.key, off, "{code}");
            }
        }
        // No end means waiting: it stays where it was.
        let stays = process::machine::end(&template, &state, process::Macro::Waiting, now);
        assert_eq!((stays.state.step == state.step, stays.path.len()), (true, 0), "{code}");
    }
}
