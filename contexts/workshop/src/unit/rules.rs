//! What may be done to a unit in the house. Pure: plain data in, decision or refusal out.

use std::collections::BTreeMap;

use kernel::{Date, Lang, Money, Problems, RuleError, T};
use serde_json::Value;

use super::model::{
    Article, ArticleKind, BenchState, GiveBack, HandOverCheck, PickUp, ReceiveUnit, ShopUnit, WhyBack,
};

/// Longest short text, characters.
pub const SHORT: usize = 200;
/// Longest prose, characters.
pub const LONG: usize = 2000;

/// 422 `text.length` at a field unless the text is short enough.
pub fn check_length(problems: &mut Problems, field: &str, text: &str, most: usize) {
    problems.check(text.chars().count() <= most, || {
        RuleError::new("text.length", T("最多 {most} 个字", "At most {most} characters"))
            .arg("most", most)
            .field(field)
    });
}

/// Articles as typed, one a line: `遥控器 x2`, `工具:扳手`, `other: bag`. Lines without text are passed over.
pub fn parse_articles(text: &str) -> Vec<Article> {
    text.lines().filter_map(article).collect()
}

fn article(line: &str) -> Option<Article> {
    let line = line.trim();
    let (kind, rest) = match line.split_once([':', '：']) {
        Some((word, rest)) if kind_of(word).is_some() => (kind_of(word)?, rest.trim()),
        _ => (ArticleKind::Accessory, line),
    };
    let cut = rest.rfind(['x', 'X', '×', '*', '＊']).and_then(|at| {
        let sign = rest[at..].chars().next()?;
        let pieces: i64 = rest[at + sign.len_utf8()..].trim().parse().ok()?;
        let name = rest[..at].trim();
        (!name.is_empty()).then(|| (name.to_string(), pieces))
    });
    let (name, pieces) = cut.unwrap_or_else(|| (rest.to_string(), 1));
    (!name.is_empty()).then_some(Article { kind, name, pieces, note: String::new() })
}

fn kind_of(word: &str) -> Option<ArticleKind> {
    match word.trim().to_lowercase().as_str() {
        "附件" | "配件" | "accessory" => Some(ArticleKind::Accessory),
        "工具" | "tool" => Some(ArticleKind::Tool),
        "物品" | "其他" | "other" | "article" => Some(ArticleKind::Other),
        _ => None,
    }
}

/// What the order's process learns from the receiving slip: what came along and how the unit looks.
pub fn facts(lang: Lang, articles: &[Article], look: &str) -> BTreeMap<String, Value> {
    let each = |a: &Article| if a.pieces == 1 { a.name.clone() } else { format!("{} x{}", a.name, a.pieces) };
    let list = articles.iter().map(each).collect::<Vec<_>>().join(T("、", ", ").get(lang));
    let list = if list.is_empty() { T("无", "none").get(lang).to_string() } else { list };
    let short = |text: &str| Value::from(text.chars().take(SHORT).collect::<String>());
    [("accessories", short(&list)), ("appearance", short(look))]
        .map(|(name, value)| (name.to_string(), value))
        .into()
}

/// Receiving slip: something is said about how the unit looks; articles have names and sensible numbers; the customer
/// signs, or it is said why not (SHOP-02).
pub fn check_receive(input: &ReceiveUnit, articles: &[Article], must_sign: bool) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let looks = [
        ("outer_look", &input.outer_look),
        ("inner_look", &input.inner_look),
        ("parts_look", &input.parts_look),
        ("scratches", &input.scratches),
        ("anomalies", &input.anomalies),
    ];
    problems.check(looks[..4].iter().any(|(_, text)| !text.trim().is_empty()), || {
        let text = T("请记录外观情况，没有异常写“完好”", "Record how it looks; write \"fine\" when it is");
        RuleError::new("workshop.looks", text).field("outer_look")
    });
    for (field, text) in looks {
        check_length(&mut problems, field, text, LONG);
    }
    check_length(&mut problems, "place", &input.place, SHORT);
    problems.check(articles.len() <= 60, || {
        RuleError::new("workshop.articles", T("随机物品最多 60 项", "At most 60 articles"))
            .field("articles_text")
    });
    let sound = |a: &Article| {
        (1..=999).contains(&a.pieces) && !a.name.trim().is_empty() && a.name.chars().count() <= SHORT
    };
    problems.check(articles.iter().all(sound), || {
        let text = T("每项物品要有名称，数量 1 到 999", "Every article has a name and 1 to 999 pieces");
        RuleError::new("workshop.articles", text).field("articles_text")
    });
    let said = input.unsigned_reason.as_deref().is_some_and(|text| !text.trim().is_empty());
    problems.check(!must_sign || input.signature.is_some() || said, || {
        let text =
            T("请客户在接修单上签字，或写明未签原因", "Have the customer sign the slip, or say why not");
        RuleError::new("workshop.signature", text).field("unsigned_reason")
    });
    problems.finish()
}

/// The storage box of a unit: the one asked for if it is free, else the lowest free number; none without articles
/// (SHOP-03). Errors: `workshop.box_used`, `workshop.boxes_full` at `box_no`.
pub fn allocate_box(
    asked: Option<&str>,
    used: &[String],
    boxes: i64,
    needed: bool,
) -> Result<String, RuleError> {
    let taken = |no: &str| used.iter().any(|other| other == no);
    match asked.map(str::trim).filter(|no| !no.is_empty()) {
        Some(no) if taken(no) => {
            let text = T("存物箱 {no} 已占用", "Box {no} is in use");
            Err(RuleError::new("workshop.box_used", text).arg("no", no).field("box_no"))
        }
        Some(no) if no.chars().count() > 20 => {
            Err(RuleError::new("text.length", T("最多 {most} 个字", "At most {most} characters"))
                .arg("most", 20)
                .field("box_no"))
        }
        Some(no) => Ok(no.to_string()),
        None if !needed || boxes == 0 => Ok(String::new()),
        None => (1..=boxes).map(|n| format!("B{n:03}")).find(|no| !taken(no)).ok_or_else(|| {
            let text = T(
                "存物箱已用完，请腾空或增加存物箱",
                "All boxes are in use: empty one, or set up more boxes",
            );
            RuleError::new("workshop.boxes_full", text).field("box_no")
        }),
    }
}

/// Working minutes until a unit received now can be ready: those before it, shared by the repairers, then itself
/// (SHOP-10). Without repairers one is assumed.
pub fn minutes_ahead(waiting: i64, repairers: i64, hours_per_unit: i64) -> i64 {
    let (waiting, repairers) = (waiting.max(0), repairers.max(1));
    // Whole rounds: with two people and three units before it, the fourth begins after the first round.
    (waiting / repairers + 1) * hours_per_unit * 60
}

/// A promise that the workshop can't keep by its load (SHOP-10).
pub fn promise_short(promised: Option<Date>, earliest: Date) -> bool {
    promised.is_some_and(|day| day < earliest)
}

/// Reason for giving a unit back; `other` needs words (SHOP-14).
pub fn check_give_back(input: &GiveBack) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(input.why != WhyBack::Other || !input.note.trim().is_empty(), || {
        RuleError::new("workshop.why_back", T("请写明原因", "Give the reason")).field("note")
    });
    check_length(&mut problems, "note", &input.note, LONG);
    problems.finish()
}

/// What must be ticked before a unit is handed over, by what it came with and how it goes.
pub fn needed_checks(unit: &ShopUnit, state: BenchState) -> Vec<HandOverCheck> {
    let mut needed = vec![HandOverCheck::Explained];
    if state == BenchState::Ready {
        needed.extend([HandOverCheck::Tested, HandOverCheck::OldParts]);
    }
    if !unit.articles().is_empty() || !unit.box_no.is_empty() {
        needed.push(HandOverCheck::Articles);
    }
    if unit.papers().iter().any(|paper| paper.seen) {
        needed.push(HandOverCheck::Papers);
    }
    needed
}

/// Pick-up: identity, every check, a signature; paid in full, or with a reason where that is allowed (SHOP-25, 26).
pub fn check_pick_up(
    unit: &ShopUnit,
    state: BenchState,
    input: &PickUp,
    due: Money,
    may_owe: bool,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(input.identity.is_some(), || {
        let text = T("请选择如何核对取机人", "Say how the person was recognised");
        RuleError::new("workshop.identity", text).field("identity")
    });
    let open: Vec<_> =
        needed_checks(unit, state).into_iter().filter(|check| !input.checks.contains(check)).collect();
    problems.check(open.is_empty(), || {
        let names = |zh: bool| {
            let of = |c: &HandOverCheck| if zh { c.label().0 } else { c.label().1 };
            open.iter().map(of).collect::<Vec<_>>().join(if zh { "、" } else { "; " })
        };
        RuleError::new("workshop.checks", T("还没有完成：{zh}", "Still to be done: {en}"))
            .arg("zh", names(true))
            .arg("en", names(false))
            .field("checks")
    });
    problems.check(input.signature.is_some(), || {
        RuleError::new("workshop.pickup_signature", T("取机须客户签字", "The customer must sign for it"))
            .field("signature")
    });
    let received = input.received.map_or(Money::ZERO, |amount| amount.0);
    problems.check(received >= Money::ZERO && received.checked().is_ok(), || {
        RuleError::new("workshop.received", T("实收金额不能为负", "The amount can't be negative"))
            .field("received")
    });
    problems.check(received <= due || received < Money::ZERO, || {
        RuleError::new("workshop.received", T("实收不能多于应收 {due}", "No more than {due} is owed"))
            .arg("due", due)
            .field("received")
    });
    let said = input.unsettled_reason.as_deref().is_some_and(|text| !text.trim().is_empty());
    if received < due && !may_owe {
        let text = T("应收 {due} 未结清，不能取机", "{due} is owed: the unit can't be picked up unpaid");
        problems.push(RuleError::new("workshop.unsettled", text).arg("due", due).field("received"));
    } else {
        problems.check(received >= due || said, || {
            RuleError::new("workshop.unsettled", T("未结清须写明原因", "Say why it is not paid in full"))
                .field("unsettled_reason")
        });
    }
    for (field, text) in [("taker", &input.taker), ("difference", &input.difference)] {
        check_length(&mut problems, field, text, SHORT);
    }
    problems.finish()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
