use kernel::Ts;

use super::*;

fn rule(kind: &str, stage: Stage, percent: i64) -> CheckRule {
    CheckRule { work_kind: kind.into(), stage, template: "repair".into(), percent }
}

fn id(tail: u32) -> Id {
    format!("019e0000-0000-7000-8000-000000{tail:06x}").parse().expect("an id")
}

#[test]
fn kinds_have_rules_of_their_own_or_those_of_all_repairs() {
    use Stage::{Final, SelfCheck, Team};
    let rules = [
        rule("*", Final, 100),
        rule("*", SelfCheck, 100),
        rule("*", Team, 100),
        rule("repair_minor", SelfCheck, 100),
        rule("exchange", Final, 0),
    ];
    let of = |kind, repair| needed(&rules, kind, repair, id(0)).iter().map(|r| r.stage).collect::<Vec<_>>();
    assert_eq!(of("repair_major", true), [SelfCheck, Team, Final]);
    assert_eq!(of("repair_minor", true), [SelfCheck]);
    assert_eq!(of("exchange", false), []);
    assert_eq!(of("cleaning", false), []);
}

#[test]
fn a_share_picks_that_many_and_always_the_same() {
    let picked = (0..1000).filter(|n| sampled(id(*n), 30)).count();
    assert_eq!(picked, 300);
    assert!(sampled(id(7), 100) && !sampled(id(7), 0));
    assert_eq!(sampled(id(31), 30), sampled(id(31), 30));
}

fn sheet(stage: Stage, round: i64, passed: bool) -> CheckSheet {
    CheckSheet {
        id: Id::NIL,
        org_id: Id::NIL,
        shop_unit_id: Id::NIL,
        order_id: Id::NIL,
        stage,
        round,
        template: "repair".into(),
        revision: 1,
        answers: "[]".into(),
        passed,
        faults: i64::from(!passed),
        advice: String::new(),
        note: String::new(),
        signed_by: Id::NIL,
        signed_name: String::new(),
        signed_at: Ts(0),
    }
}

#[test]
fn only_passes_of_the_present_round_count() {
    use Stage::{Final, SelfCheck};
    let rules = [rule("*", SelfCheck, 100), rule("*", Final, 100)];
    let needed: Vec<&CheckRule> = rules.iter().collect();
    let open = |sheets: &[CheckSheet], round| open_stages(&needed, sheets, round);
    assert_eq!(open(&[], 1), [SelfCheck, Final]);
    assert_eq!(open(&[sheet(SelfCheck, 1, true)], 1), [Final]);
    assert_eq!(open(&[sheet(SelfCheck, 1, true), sheet(Final, 1, false)], 1), [Final]);
    assert_eq!(open(&[sheet(SelfCheck, 1, true), sheet(Final, 1, true)], 2), [SelfCheck, Final]);
    assert_eq!(open(&[sheet(SelfCheck, 1, true), sheet(Final, 1, true)], 1), []);
}

fn measured(least: Option<i64>, most: Option<i64>) -> Point {
    Point {
        group: String::new(),
        group_en: String::new(),
        name: "电压".into(),
        name_en: String::new(),
        unit: "V".into(),
        least: least.map(Quantity),
        most: most.map(Quantity),
        photo: false,
    }
}

fn judged(point: Point, answer: PointAnswer, rest: bool, note: &str) -> Result<Option<Verdict>, Vec<String>> {
    let input =
        SignCheck { answers: vec![answer], rest_passed: rest, note: note.into(), ..SignCheck::default() };
    match judge(&[point], &input) {
        Ok(answers) => Ok(answers[0].verdict),
        Err(problems) => Err(problems.0.into_iter().map(|p| p.code.to_string()).collect()),
    }
}

#[test]
fn a_measured_point_is_judged_by_its_limits() {
    let value = |text: &str| PointAnswer { value: text.into(), ..PointAnswer::default() };
    let range = || measured(Some(198_000), Some(236_000));
    for (text, verdict) in [
        ("220", Verdict::Pass),
        ("198", Verdict::Pass),
        ("236", Verdict::Pass),
        ("236.1", Verdict::Fail),
        ("197.999", Verdict::Fail),
    ] {
        assert_eq!(judged(range(), value(text), false, "调整"), Ok(Some(verdict)), "{text}");
    }
    assert_eq!(judged(range(), value("300"), false, ""), Err(vec!["workshop.check_note".into()]));
    assert_eq!(judged(range(), value(""), true, ""), Err(vec!["workshop.check_value".into()]));
    assert_eq!(judged(range(), value("abc"), true, ""), Err(vec!["workshop.check_value".into()]));
    let skipped = PointAnswer { verdict: Some(Verdict::None), ..PointAnswer::default() };
    assert_eq!(judged(range(), skipped, false, ""), Ok(Some(Verdict::None)));
}

#[test]
fn an_answer_belongs_to_the_point_it_names() {
    let points: Vec<Point> = (0..4).map(|_| Point { unit: String::new(), ..measured(None, None) }).collect();
    let fail = |point| PointAnswer { point, verdict: Some(Verdict::Fail), ..PointAnswer::default() };
    let judged = |answers: Vec<PointAnswer>| {
        let input = SignCheck { answers, rest_passed: true, note: "返工".into(), ..SignCheck::default() };
        judge(&points, &input)
            .map(|all| all.iter().map(|a| a.verdict == Some(Verdict::Fail)).collect::<Vec<_>>())
    };
    // A form leaves out what nobody touched: the third point comes first.
    assert_eq!(judged(vec![fail(Some(3))]).ok(), Some(vec![false, false, true, false]));
    assert_eq!(judged(vec![fail(None)]).ok(), Some(vec![true, false, false, false]));
    assert!(judged(vec![fail(Some(5))]).is_err() && judged(vec![fail(Some(0))]).is_err());
}

#[test]
fn every_point_is_answered_and_a_failure_explained() {
    let point = || Point { unit: String::new(), ..measured(None, None) };
    let said = |verdict| PointAnswer { verdict, ..PointAnswer::default() };
    assert_eq!(judged(point(), said(None), false, ""), Err(vec!["workshop.check_open".into()]));
    assert_eq!(judged(point(), said(None), true, ""), Ok(Some(Verdict::Pass)));
    assert_eq!(judged(point(), said(Some(Verdict::Fail)), true, ""), Err(vec!["workshop.check_note".into()]));
    let noted = PointAnswer { note: "噪声大".into(), ..said(Some(Verdict::Fail)) };
    assert_eq!(judged(point(), noted, true, ""), Ok(Some(Verdict::Fail)));
}

#[test]
fn points_are_read_as_typed_and_faults_name_the_line() {
    let points =
        parse_points("外观完好\n通电 = Power on | 电压 | Voltage | V | 198 | 236\n\n安全|联锁||||| 是")
            .expect("points");
    assert_eq!(points.len(), 3);
    assert_eq!(points[0].name, "外观完好");
    assert_eq!(points[1].least, Some(Quantity(198_000)));
    assert_eq!(
        [points[1].section(kernel::Lang::Zh), points[1].section(kernel::Lang::En)],
        ["通电", "Power on"]
    );
    assert_eq!(points[2].section(kernel::Lang::En), "安全", "what nobody translated stays as it is");
    assert!(points[1].measured() && !points[1].photo && points[2].photo);
    for bad in ["a | ", "a | b | c | V | x", "1|2|3|4|5|6|7|8"] {
        assert_eq!(parse_points(bad).expect_err(bad).code, "workshop.point");
    }
    let template = |code: &str, name: &str| SaveTemplate {
        code: code.into(),
        name: name.into(),
        ..SaveTemplate::default()
    };
    assert!(check_template(&template("ok_1", "名"), &points).is_ok());
    for (input, points) in [
        (template("Bad", "名"), points.clone()),
        (template("ok", ""), points.clone()),
        (template("ok", "名"), vec![]),
        (template("ok", "名"), vec![measured(Some(2), Some(1))]),
    ] {
        assert!(check_template(&input, &points).is_err(), "{input:?}");
    }
}
