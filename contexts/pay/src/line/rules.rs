//! How an order becomes pay; pure (PAY-01…06, 14, 15).

use kernel::{Bp, Date, Id, Money, Period, RuleError, T};

use super::model::{Computed, Facts, Late, LineKind, Worker};
use crate::{
    rule::{
        model::{Base, CommissionRow, ItemRow, Measure, Party, Rules, Sign, StepRow, Trigger},
        words,
    },
    said::Said,
};

/// Month of a day, `2026-11`.
pub fn period_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// First day of a month written `2026-11`. Errors: `pay.period`.
pub fn first_day(period: &str) -> Result<Date, RuleError> {
    let wrong =
        || RuleError::new("pay.period", T("期间应如 2026-11", "A period looks like 2026-11")).field("period");
    if period.len() != 7 {
        return Err(wrong());
    }
    Date::parse_iso(&format!("{period}-01")).map_err(|_| wrong())
}

fn in_force(from: Date, until: Option<Date>, on: Date) -> bool {
    Period { from, until }.contains(on)
}

/// Hours late, begun ones counted: one minute is one hour. `None` when it was in time.
pub fn hours_late(due: kernel::Ts, ended: kernel::Ts) -> Option<i64> {
    let late = ended.micros_since(due);
    (late > 0).then(|| (late + 3_599_999_999) / 3_600_000_000)
}

fn weights(workers: &[Worker]) -> Vec<u32> {
    workers.iter().map(|worker| u32::try_from(worker.share_bp.clamp(0, 10_000)).unwrap_or(0)).collect()
}

/// All lines of an audited order: commissions of each worker, deductions for lateness (split by share) and for the
/// outlet, the auditor's deduction, rewards and penalties that follow from results. Every worker gets at least one
/// line that says how the commission came about (PAY-03). Shares of one amount add up to it exactly.
///
/// Errors: `number.too_large`.
pub fn compute(facts: &Facts, rules: &Rules) -> Result<Vec<Computed>, RuleError> {
    let mut lines = Vec::new();
    let weights = weights(&facts.workers);
    for (index, worker) in facts.workers.iter().enumerate() {
        let before = lines.len();
        for slot in [&[Base::LabourGross, Base::LabourNet][..], &[Base::PartsMargin], &[Base::Fixed]] {
            if let Some(rule) = commission_rule(&rules.commissions, facts, worker.grade, slot) {
                lines.push(commission(facts, worker, rule, &weights, index)?);
            }
        }
        if lines.len() == before {
            lines.push(no_commission(worker));
        }
    }
    let earned = lines.clone();
    lines.extend(lateness(facts, &rules.steps, &weights));
    lines.extend(audit_deduction(facts, &weights));
    for item in rules.items.iter().filter(|item| in_force(item.valid_from, item.valid_until, facts.on)) {
        let times = occurrences(item, facts);
        if times > 0 {
            lines.extend(item_lines(facts, item, times, &earned, &weights)?);
        }
    }
    Ok(lines)
}

/// The most special commission rule of a slot for a worker: kind of work, then its group, then mode, then grade, then
/// the newer one.
pub fn commission_rule<'r>(
    rules: &'r [CommissionRow],
    facts: &Facts,
    grade: i64,
    slot: &[Base],
) -> Option<&'r CommissionRow> {
    let only = |wanted: &str, have: &str| wanted.is_empty() || wanted == have;
    let given = |text: &str| u8::from(!text.is_empty());
    rules
        .iter()
        .filter(|rule| {
            slot.contains(&rule.base)
                && in_force(rule.valid_from, rule.valid_until, facts.on)
                && only(&rule.grouping_code, &facts.grouping)
                && only(&rule.kind, &facts.kind)
                && only(&rule.mode, &facts.mode)
                && (rule.grade == 0 || rule.grade == grade)
        })
        .max_by_key(|rule| {
            let special =
                (given(&rule.kind), given(&rule.grouping_code), given(&rule.mode), u8::from(rule.grade > 0));
            (special, rule.valid_from, rule.id)
        })
}

fn base_of(facts: &Facts, base: Base) -> Result<Money, RuleError> {
    Ok(match base {
        Base::LabourGross => facts.labour_gross,
        Base::LabourNet => facts.labour_net,
        // A loss on parts is not the engineer's.
        Base::PartsMargin => facts.parts_gross.checked_sub(facts.parts_cost)?.max(Money::ZERO),
        Base::Fixed => Money::ZERO,
    })
}

fn commission(
    facts: &Facts,
    worker: &Worker,
    rule: &CommissionRow,
    weights: &[u32],
    index: usize,
) -> Result<Computed, RuleError> {
    let whole = if rule.base == Base::Fixed { rule.amount } else { base_of(facts, rule.base)? };
    let part = whole.split(weights).get(index).copied().unwrap_or_default();
    let amount = if rule.base == Base::Fixed { part } else { part.checked_bp(Bp(rule.ratio_bp))? };
    let args = [
        ("name", rule.name.clone()),
        ("number", rule.number.to_string()),
        ("zh", rule.base.label().0.to_string()),
        ("en", rule.base.label().1.to_lowercase()),
        ("whole", whole.fmt_money()),
        ("share", Bp(worker.share_bp).to_string()),
        ("part", part.fmt_money()),
        ("ratio", Bp(rule.ratio_bp).to_string()),
        ("amount", amount.fmt_money()),
    ];
    let mut said = vec![Said::new(
        T("规则“{name}”第 {number} 版：{zh} {whole}", "Rule \"{name}\", version {number}: {en} {whole}"),
        &args,
    )];
    if facts.workers.len() > 1 {
        said.push(Said::new(T("本人份额 {share}：{part}", "Own share {share}: {part}"), &args));
    }
    said.push(match rule.base {
        Base::Fixed => Said::new(T("提成 {amount}", "Commission {amount}"), &args),
        _ => Said::new(T("{part} × {ratio} = {amount}", "{part} × {ratio} = {amount}"), &args),
    });
    Ok(Computed {
        points: 0,
        rule_kind: "commission",
        rule_id: Some(rule.id),
        rule_version: rule.number,
        label: rule.name.clone(),
        ..line(worker, LineKind::Commission, amount, said)
    })
}

fn no_commission(worker: &Worker) -> Computed {
    let said = vec![Said::new(T("没有适用的提成规则", "No commission rule applies"), &[])];
    Computed {
        label: LineKind::Commission.label().0.to_string(),
        ..line(worker, LineKind::Commission, Money::ZERO, said)
    }
}

fn line(worker: &Worker, kind: LineKind, amount: Money, said: Vec<Said>) -> Computed {
    Computed {
        party: Party::Engineer,
        staff_id: worker.staff_id,
        staff_name: worker.name.clone(),
        kind,
        amount,
        points: 0,
        share_bp: worker.share_bp,
        rule_kind: "",
        rule_id: None,
        rule_version: 0,
        label: String::new(),
        said,
    }
}

/// The step that applies to a delay: of the clock's own steps, or of the common ones where it has none, the highest
/// that was passed (PAY-05).
pub fn step_of<'r>(steps: &'r [StepRow], party: Party, late: &Late, on: Date) -> Option<&'r StepRow> {
    let valid = |step: &&StepRow| step.party == party && in_force(step.valid_from, step.valid_until, on);
    let own = steps.iter().filter(valid).any(|step| step.clock == late.clock);
    let clock = if own { late.clock.as_str() } else { "" };
    steps
        .iter()
        .filter(valid)
        .filter(|step| step.clock == clock && late.hours > step.after_hours)
        .max_by_key(|step| (step.after_hours, step.valid_from, step.id))
}

fn lateness(facts: &Facts, steps: &[StepRow], weights: &[u32]) -> Vec<Computed> {
    let mut lines = Vec::new();
    for late in &facts.late {
        if let Some(step) = step_of(steps, Party::Engineer, late, facts.on) {
            let parts = step.amount.split(weights);
            for (worker, part) in facts.workers.iter().zip(parts) {
                lines.push(late_line(line(worker, LineKind::Deadline, part.neg(), Vec::new()), late, step));
            }
        }
        if let (Some((id, name)), Some(step)) = (&facts.outlet, step_of(steps, Party::Outlet, late, facts.on))
        {
            let outlet = Worker { staff_id: *id, name: name.clone(), grade: 0, share_bp: 10_000 };
            let line = line(&outlet, LineKind::Deadline, step.amount.neg(), Vec::new());
            lines.push(late_line(Computed { party: Party::Outlet, ..line }, late, step));
        }
    }
    lines
}

fn late_line(line: Computed, late: &Late, step: &StepRow) -> Computed {
    let clock = words::both(words::CLOCKS, &late.clock);
    let said = Said::new(
        T(
            "{zh}超时 {hours} 小时，适用“超过 {after} 小时扣 {amount}”一档（份额 {share}）",
            "{en} was {hours} h late: the step \"more than {after} h, {amount}\" applies (share {share})",
        ),
        &[
            ("zh", clock.zh.clone()),
            ("en", clock.en),
            ("hours", late.hours.to_string()),
            ("after", step.after_hours.to_string()),
            ("amount", step.amount.fmt_money()),
            ("share", Bp(line.share_bp).to_string()),
        ],
    );
    Computed {
        rule_kind: "step",
        rule_id: Some(step.id),
        rule_version: step.number,
        label: format!("{}超时 {} 小时", clock.zh, late.hours),
        said: vec![said],
        ..line
    }
}

fn audit_deduction(facts: &Facts, weights: &[u32]) -> Vec<Computed> {
    if facts.deduction.is_zero() {
        return Vec::new();
    }
    let args = [("amount", facts.deduction.fmt_money())];
    let said = Said::new(
        T("审核员扣款 {amount}，按份额分摊", "The auditor deducted {amount}, split by share"),
        &args,
    );
    let label = LineKind::AuditDeduction.label().0.to_string();
    facts
        .workers
        .iter()
        .zip(facts.deduction.split(weights))
        .map(|(worker, part)| Computed {
            label: label.clone(),
            ..line(worker, LineKind::AuditDeduction, part.neg(), vec![said.clone()])
        })
        .collect()
}

/// How many times an item is due by the results of an order (PAY-06).
pub fn occurrences(item: &ItemRow, facts: &Facts) -> i64 {
    let once = i64::from;
    match item.cause {
        Trigger::Manual => 0,
        Trigger::CallbackClass => {
            facts.callbacks.iter().filter(|class| **class == item.cause_code).map(|_| 1).sum()
        }
        Trigger::FixClass => once(facts.fix_class == item.cause_code),
        Trigger::ScoreAtLeast => once(facts.score.is_some_and(|score| score >= item.threshold)),
        Trigger::ScoreBelow => once(facts.score.is_some_and(|score| score < item.threshold)),
        Trigger::OnTime => once(facts.late.is_empty()),
    }
}

/// Results known when pay is computed: those that were told, and the order's own last one if its event is still on
/// its way.
pub fn known_results(told: Vec<String>, last: &str) -> Vec<String> {
    let missing = !last.is_empty() && !told.iter().any(|class| class == last);
    told.into_iter().chain(missing.then(|| last.to_string())).collect()
}

/// True when a result that was told is not among those that pay was computed with.
pub fn is_new_result(computed: &[String], told: &[String], class: &str) -> bool {
    let count = |list: &[String]| list.iter().filter(|known| *known == class).count();
    count(told) > count(computed)
}

/// Lines of one more callback result, which came after the audit (PAY-04).
///
/// Errors: `number.too_large`.
pub fn late_result(facts: &Facts, rules: &Rules, class: &str) -> Result<Vec<Computed>, RuleError> {
    let only = Facts { callbacks: vec![class.to_string()], ..facts.clone() };
    let earned: Vec<Computed> =
        compute(&only, rules)?.into_iter().filter(|line| line.kind == LineKind::Commission).collect();
    let mut lines = Vec::new();
    for item in &rules.items {
        if item.cause == Trigger::CallbackClass
            && in_force(item.valid_from, item.valid_until, facts.on)
            && item.cause_code == class
        {
            lines.extend(item_lines(&only, item, 1, &earned, &weights(&facts.workers))?);
        }
    }
    Ok(lines)
}

fn item_lines(
    facts: &Facts,
    item: &ItemRow,
    times: i64,
    earned: &[Computed],
    weights: &[u32],
) -> Result<Vec<Computed>, RuleError> {
    let whole = Money(item.amount.0.saturating_mul(times));
    let parts = whole.split(weights);
    let mut lines = Vec::new();
    for (worker, part) in facts.workers.iter().zip(parts) {
        let commission =
            Money::sum(earned.iter().filter(|l| l.staff_id == worker.staff_id).map(|l| l.amount))?;
        let (amount, points) = match item.measure {
            Measure::Amount => (part, 0),
            Measure::Percent => (commission.checked_bp(Bp(item.percent_bp.saturating_mul(times)))?, 0),
            Measure::Points => (Money::ZERO, item.points.saturating_mul(times)),
        };
        if amount.is_zero() && points == 0 {
            continue;
        }
        lines.push(item_line(worker, item, amount, points, item_said(item, times, commission)));
    }
    Ok(lines)
}

/// A reward or penalty of one person, with the item's sign put on it.
pub fn item_line(worker: &Worker, item: &ItemRow, amount: Money, points: i64, said: Vec<Said>) -> Computed {
    let (kind, amount, points) = match item.sign {
        Sign::Reward => (LineKind::Reward, amount, points),
        Sign::Penalty => (LineKind::Penalty, amount.neg(), -points),
    };
    Computed {
        points,
        rule_kind: "item",
        rule_id: Some(item.id),
        rule_version: item.number,
        label: item.name.clone(),
        ..line(worker, kind, amount, said)
    }
}

/// What a process puts on the settlement of an order, signed; the parts of several people add up to it exactly (PAY-14).
pub fn process_lines(workers: &[Worker], amount: Money, text: &str) -> Vec<Computed> {
    let kind = if amount.is_negative() { LineKind::Penalty } else { LineKind::Reward };
    let said = |worker: &Worker| {
        let args = [
            ("text", text.to_string()),
            ("whole", amount.fmt_money()),
            ("share", Bp(worker.share_bp).to_string()),
        ];
        match workers {
            [_] => Said::new(T("工单流程记入：{text}", "By the order's process: {text}"), &args),
            _ => Said::new(
                T(
                    "工单流程记入：{text}，共 {whole}，份额 {share}",
                    "By the order's process: {text}, {whole} in all, share {share}",
                ),
                &args,
            ),
        }
    };
    let parts = amount.split(&weights(workers));
    let shares = workers.iter().zip(parts).filter(|(_, part)| !part.is_zero());
    shares
        .map(|(worker, part)| Computed {
            rule_kind: "process",
            label: text.chars().take(60).collect(),
            ..line(worker, kind, part, vec![said(worker)])
        })
        .collect()
}

fn item_said(item: &ItemRow, times: i64, commission: Money) -> Vec<Said> {
    let threshold = item.threshold.to_string();
    let cause = match item.cause_code.as_str() {
        "" => words::both(&[], &threshold),
        code => words::both(words::CAUSES, code),
    };
    let args = [
        ("name", item.name.clone()),
        ("number", item.number.to_string()),
        ("zh", item.cause.label().0.to_string()),
        ("en", item.cause.label().1.to_lowercase()),
        ("of", cause.zh),
        ("of_en", cause.en),
        ("times", times.to_string()),
        ("percent", Bp(item.percent_bp).to_string()),
        ("commission", commission.fmt_money()),
    ];
    let mut said = vec![Said::new(
        T(
            "奖惩项“{name}”第 {number} 版：{zh} {of}，{times} 次",
            "Item \"{name}\", version {number}: {en} {of_en}, {times} time(s)",
        ),
        &args,
    )];
    if item.measure == Measure::Percent {
        said.push(Said::new(
            T("提成 {commission} 的 {percent}", "{percent} of the commission {commission}"),
            &args,
        ));
    }
    said
}

/// The opposite of a line, booked when an order is opened again after its audit (PAY-15).
pub fn reversal(amount: Money, points: i64, label: &str, period: &str) -> (Money, i64, Vec<Said>) {
    let args = [("label", label.to_string()), ("period", period.to_string())];
    let said = Said::new(
        T(
            "工单审核后重新打开，冲回 {period} 的“{label}”",
            "The order was opened again after its audit: \"{label}\" of {period} is taken back",
        ),
        &args,
    );
    (amount.neg(), -points, vec![said])
}

/// A reason or question that says something. Errors: `pay.reason`.
pub fn check_reason(text: &str, field: &'static str) -> Result<String, RuleError> {
    let text = text.trim();
    if !(2..=1000).contains(&text.chars().count()) {
        return Err(
            RuleError::new("pay.reason", T("请写 2–1000 字", "Write 2 to 1000 characters")).field(field)
        );
    }
    Ok(text.to_string())
}

/// Which rule versions a set of lines used, for the record.
pub fn versions(lines: &[Computed]) -> Vec<(Id, i64)> {
    let mut used: Vec<(Id, i64)> =
        lines.iter().filter_map(|line| Some((line.rule_id?, line.rule_version))).collect();
    used.sort_unstable();
    used.dedup();
    used
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
