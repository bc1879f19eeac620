use kernel::{Id, Ts};
use kit::inputs::Amount;

use super::*;
use crate::unit::model::Identity;

/// A unit without anything.
pub fn unit() -> ShopUnit {
    ShopUnit {
        no: "RS1".into(),
        order_no: "SO1".into(),
        articles: "[]".into(),
        papers: "[]".into(),
        outer_look: "完好".into(),
        signed: true,
        ..ShopUnit::fresh(Id::NIL, Ts(0))
    }
}

#[test]
fn articles_are_read_as_people_type_them() {
    let read =
        |text: &str| parse_articles(text).into_iter().map(|a| (a.kind, a.name, a.pieces)).collect::<Vec<_>>();
    use ArticleKind::{Accessory, Other, Tool};
    assert_eq!(read(""), vec![]);
    assert_eq!(read("  \n\n"), vec![]);
    assert_eq!(
        read("电源适配器\n遥控器 x2\n工具：扳手×3\nother: bag * 2\n"),
        vec![
            (Accessory, "电源适配器".into(), 1),
            (Accessory, "遥控器".into(), 2),
            (Tool, "扳手".into(), 3),
            (Other, "bag".into(), 2),
        ]
    );
    // What only looks like a number of pieces is part of the name.
    assert_eq!(read("HDMI线 2x4米"), vec![(Accessory, "HDMI线 2x4米".into(), 1)]);
    assert_eq!(read("x2"), vec![(Accessory, "x2".into(), 1)]);
    assert_eq!(read("尺寸:大"), vec![(Accessory, "尺寸:大".into(), 1)]);
}

#[test]
fn the_lowest_free_box_is_taken_and_a_used_one_refused() {
    let used = ["B001".to_string(), "B003".to_string()];
    let code = |asked, boxes, needed| allocate_box(asked, &used, boxes, needed).map_err(|error| error.code);
    assert_eq!(code(None, 60, true).as_deref(), Ok("B002"));
    assert_eq!(code(None, 60, false).as_deref(), Ok(""));
    assert_eq!(code(None, 0, true).as_deref(), Ok(""));
    assert_eq!(code(Some(" A7 "), 60, false).as_deref(), Ok("A7"));
    assert_eq!(code(Some("B003"), 60, true).expect_err("used"), "workshop.box_used");
    assert_eq!(code(None, 1, true).expect_err("full"), "workshop.boxes_full");
}

#[test]
fn load_is_shared_by_the_repairers() {
    for (waiting, repairers, hours, minutes) in
        [(0, 1, 3, 180), (0, 0, 3, 180), (3, 2, 3, 360), (4, 2, 3, 540), (10, 1, 2, 1320), (-1, -1, 1, 60)]
    {
        assert_eq!(minutes_ahead(waiting, repairers, hours), minutes, "{waiting} by {repairers}");
    }
    let day = |text: &str| Date::parse_iso(text).expect("a date");
    assert!(promise_short(Some(day("2026-11-20")), day("2026-11-21")));
    assert!(!promise_short(Some(day("2026-11-21")), day("2026-11-21")));
    assert!(!promise_short(None, day("2026-11-21")));
}

fn codes(result: Result<(), Problems>) -> Vec<String> {
    result.err().map(|p| p.0.into_iter().map(|e| e.code.to_string()).collect()).unwrap_or_default()
}

#[test]
fn a_slip_says_how_the_unit_looks_and_is_signed() {
    let mut input = ReceiveUnit::default();
    assert_eq!(codes(check_receive(&input, &[], true)), ["workshop.looks", "workshop.signature"]);
    input.scratches = "左侧划痕 3 cm".into();
    input.unsigned_reason = Some("寄修".into());
    assert_eq!(codes(check_receive(&input, &[], true)), [""; 0]);
    input.unsigned_reason = None;
    assert_eq!(codes(check_receive(&input, &[], false)), [""; 0]);
    let none = Article { kind: ArticleKind::Tool, name: "扳手".into(), pieces: 0, note: String::new() };
    assert_eq!(codes(check_receive(&input, &[none], false)), ["workshop.articles"]);
}

#[test]
fn a_unit_leaves_checked_signed_and_paid() {
    let mut held = unit();
    held.box_no = "B001".into();
    let mut input = PickUp::default();
    let due = Money(1200);
    let all = codes(check_pick_up(&held, BenchState::Ready, &input, due, false));
    assert_eq!(
        all,
        ["workshop.identity", "workshop.checks", "workshop.pickup_signature", "workshop.unsettled"]
    );
    input.identity = Some(Identity::Slip);
    input.signature = Some("x".into());
    input.checks = needed_checks(&held, BenchState::Ready);
    assert_eq!(input.checks.len(), 4);
    let mut paid = |yuan: i64, may_owe: bool, why: Option<&str>| {
        input.received = Some(Amount(Money(yuan)));
        input.unsettled_reason = why.map(str::to_string);
        codes(check_pick_up(&held, BenchState::Ready, &input, due, may_owe))
    };
    assert_eq!(paid(1200, false, None), [""; 0]);
    assert_eq!(paid(1199, false, Some("月结")), ["workshop.unsettled"]);
    assert_eq!(paid(0, true, None), ["workshop.unsettled"]);
    assert_eq!(paid(0, true, Some("月结客户")), [""; 0]);
    assert_eq!(paid(1201, true, None), ["workshop.received"]);
    assert_eq!(paid(-1, true, Some("x")), ["workshop.received"]);
    // Given back unrepaired: nothing was tested, no old parts are there.
    assert_eq!(
        needed_checks(&held, BenchState::GiveBack),
        [HandOverCheck::Explained, HandOverCheck::Articles]
    );
}
