//! Which checks a unit needs, what a check gave. Pure: plain data in, decision or refusal out.

use kernel::{Id, Problems, Quantity, RuleError, T};

use super::model::{CheckRule, CheckSheet, Point, PointAnswer, SaveTemplate, SignCheck, Stage, Verdict};

/// Most points of a list.
pub const MOST_POINTS: usize = 200;

/// Stages that a unit needs, in order, with their lists: rules of its kind of work, else those of all repairs. A share
/// below 100 picks units by their id, always the same ones (QC-01, QC-02).
pub fn needed<'a>(rules: &'a [CheckRule], kind: &str, repair: bool, unit: Id) -> Vec<&'a CheckRule> {
    let own: Vec<&CheckRule> = rules.iter().filter(|rule| rule.work_kind == kind).collect();
    let usual = || rules.iter().filter(|rule| rule.work_kind == "*").collect();
    let all: Vec<&CheckRule> = match (own.is_empty(), repair) {
        (false, _) => own,
        (true, true) => usual(),
        (true, false) => Vec::new(),
    };
    let picked = |rule: &&CheckRule| sampled(unit, rule.percent);
    let mut all: Vec<&CheckRule> = all.into_iter().filter(picked).collect();
    all.sort_by_key(|rule| rule.stage);
    all
}

/// Whether a unit is among `percent` of a hundred.
pub fn sampled(unit: Id, percent: i64) -> bool {
    let text = unit.to_string();
    // The last digits of an id are random on every node.
    let tail = text.get(text.len().saturating_sub(6)..).unwrap_or_default();
    i64::from_str_radix(tail, 16).unwrap_or(0) % 100 < percent
}

/// Stages that are needed and not passed in the present round.
pub fn open_stages(needed: &[&CheckRule], sheets: &[CheckSheet], round: i64) -> Vec<Stage> {
    let passed = |stage| sheets.iter().any(|s| s.stage == stage && s.round == round && s.passed);
    needed.iter().map(|rule| rule.stage).filter(|stage| !passed(*stage)).collect()
}

/// What every point gave: the verdict of a measured point follows from its value and limits. Every point must be
/// answered; failed ones say what is wrong. Errors by field `answers.N.…`.
pub fn judge(points: &[Point], input: &SignCheck) -> Result<Vec<PointAnswer>, Problems> {
    let mut problems = Problems::new();
    let mut answers = Vec::with_capacity(points.len());
    let mut given = vec![PointAnswer::default(); points.len()];
    for (index, answer) in input.answers.iter().enumerate() {
        let at = answer.point.map_or(Some(index), |number| usize::try_from(number - 1).ok());
        match at.and_then(|at| given.get_mut(at)) {
            Some(place) => *place = answer.clone(),
            None => {
                let text = T("检查项目与模板不符", "The points are not those of the list");
                problems.push(RuleError::new("workshop.check_points", text).field("answers"));
            }
        }
    }
    for (index, (point, mut answer)) in points.iter().zip(given).enumerate() {
        answer.point = i64::try_from(index + 1).ok();
        answer.note = answer.note.trim().chars().take(500).collect();
        answer.value = answer.value.trim().to_string();
        let field = |name: &str| format!("answers.{index}.{name}");
        let skipped = answer.verdict == Some(Verdict::None);
        if point.measured() && !skipped {
            match Quantity::parse(&answer.value) {
                Ok(value) => {
                    let low = point.least.is_some_and(|least| value < least);
                    let high = point.most.is_some_and(|most| value > most);
                    answer.verdict = Some(if low || high { Verdict::Fail } else { Verdict::Pass });
                }
                Err(_) => problems.push(
                    RuleError::new(
                        "workshop.check_value",
                        T("“{point}”请填写测量值", "Enter the value of {point}"),
                    )
                    .arg("point", &point.name)
                    .field(field("value")),
                ),
            }
        } else if answer.verdict.is_none() && input.rest_passed {
            answer.verdict = Some(Verdict::Pass);
        }
        problems.check(answer.verdict.is_some() || point.measured(), || {
            RuleError::new("workshop.check_open", T("“{point}”还没有检查", "{point} is not checked yet"))
                .arg("point", &point.name)
                .field(field("verdict"))
        });
        answers.push(answer);
    }
    let failed = answers.iter().any(|answer| answer.verdict == Some(Verdict::Fail));
    let said = !input.note.trim().is_empty()
        || answers.iter().any(|a| a.verdict == Some(Verdict::Fail) && !a.note.is_empty());
    problems.check(!failed || said, || {
        let text = T("有不合格项，请写明返工要求", "Something failed: say what is to be done again");
        RuleError::new("workshop.check_note", text).field("note")
    });
    problems.finish()?;
    Ok(answers)
}

/// Points that failed.
pub fn faults(answers: &[PointAnswer]) -> i64 {
    i64::try_from(answers.iter().filter(|answer| answer.verdict == Some(Verdict::Fail)).count()).unwrap_or(0)
}

/// Points as typed: one a line, `group | name | English | unit | least | most | photo`; what is missing is empty. The
/// group may be said in both languages: `group = English`.
/// Errors `workshop.point` at `points_text` with the number of the line.
pub fn parse_points(text: &str) -> Result<Vec<Point>, RuleError> {
    let mut points = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(['|', '｜']).map(str::trim).collect();
        let cell = |n: usize| cells.get(n).copied().unwrap_or_default();
        let bad = || {
            let text = T(
                "第 {line} 行不对：分组 | 名称 | 英文 | 单位 | 下限 | 上限 | 照片",
                "Line {line} is wrong: group | name | English | unit | least | most | photo",
            );
            RuleError::new("workshop.point", text).arg("line", number + 1).field("points_text")
        };
        let limit = |n: usize| match cell(n) {
            "" => Ok(None),
            text => Quantity::parse(text).map(Some).map_err(|_| bad()),
        };
        // One cell alone is a point without a group.
        let (group, name) = if cells.len() == 1 { ("", cell(0)) } else { (cell(0), cell(1)) };
        if name.is_empty() || cells.len() > 7 {
            return Err(bad());
        }
        let (group, group_en) = group.split_once('=').unwrap_or((group, ""));
        points.push(Point {
            group: group.trim().to_string(),
            group_en: group_en.trim().to_string(),
            name: name.to_string(),
            name_en: cell(2).to_string(),
            unit: cell(3).to_string(),
            least: limit(4)?,
            most: limit(5)?,
            photo: !matches!(cell(6), "" | "0" | "no" | "否"),
        });
    }
    Ok(points)
}

/// The text that [`parse_points`] reads.
pub fn points_text(points: &[Point]) -> String {
    let line = |p: &Point| {
        let limit = |q: Option<Quantity>| q.map(|q| q.to_string()).unwrap_or_default();
        let photo = if p.photo { "照片" } else { "" };
        let group = match p.group_en.as_str() {
            "" => p.group.clone(),
            english => format!("{} = {english}", p.group),
        };
        let cells = [group.as_str(), &p.name, &p.name_en, &p.unit, &limit(p.least), &limit(p.most), photo]
            .join(" | ");
        cells.trim_end_matches([' ', '|']).to_string()
    };
    points.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A check list: code, name, 1 to 200 points with names and limits that leave something between them (QC-07).
pub fn check_template(input: &SaveTemplate, points: &[Point]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let code = &input.code;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    problems.check(!code.is_empty() && code.len() <= 30 && code.chars().all(plain), || {
        let text = T(
            "代码用小写字母、数字、下划线，30 个以内",
            "The code has small letters, digits and _, at most 30",
        );
        RuleError::new("workshop.template_code", text).field("code")
    });
    problems.check(!input.name.trim().is_empty() && input.name.chars().count() <= 60, || {
        RuleError::new(
            "workshop.template_name",
            T("请填写名称（60 字以内）", "Enter a name, at most 60 characters"),
        )
        .field("name")
    });
    problems.check((1..=MOST_POINTS).contains(&points.len()), || {
        let text = T("检查项目应有 1 到 {most} 项", "A list has 1 to {most} points");
        RuleError::new("workshop.template_points", text).arg("most", MOST_POINTS).field("points_text")
    });
    let sound = |p: &Point| {
        let range = p.least.zip(p.most).is_none_or(|(least, most)| least <= most);
        range && !p.name.trim().is_empty() && p.name.chars().count() <= 120 && p.unit.chars().count() <= 12
    };
    if let Some((index, point)) = points.iter().enumerate().find(|(_, point)| !sound(point)) {
        let text = T(
            "第 {n} 项“{name}”的名称、单位或上下限不对",
            "Point {n}, {name}: name, unit or limits are wrong",
        );
        problems.push(
            RuleError::new("workshop.point", text)
                .arg("n", index + 1)
                .arg("name", &point.name)
                .field("points_text"),
        );
    }
    problems.finish()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
