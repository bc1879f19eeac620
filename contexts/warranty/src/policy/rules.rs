//! The warranty decision, pure (WARR-01…05, 21).

use kernel::{Bp, Date, Problems, RuleError, T};

use super::model::{Cause, Decision, Facts, NewPolicy, NewTerm, Policy, Said, StartBasis, Term, Verdict};

/// A sentence in both languages with its places filled.
fn said(text: T, args: &[(&str, String)]) -> Said {
    Said { zh: text.fill(kernel::Lang::Zh, args), en: text.fill(kernel::Lang::En, args) }
}

/// Last day of a warranty, that day included: the day of the same number `months` later, or the last day of a
/// shorter month (PRC Civil Code, articles 201 to 203: the first day does not count).
pub fn end_of(start: Date, months: i64) -> Date {
    start.plus_months(months)
}

/// How special a policy is for the case; `None` when it is not for the case at all.
///
/// model + group > model > category + group > category (nearer ones first) > group > default.
pub fn fit(policy: &Policy, facts: &Facts) -> Option<(u8, usize)> {
    let grouped = !policy.group_code.is_empty();
    if grouped && policy.group_code != facts.group_code {
        return None;
    }
    match (policy.model_id, policy.category_id) {
        (Some(model), _) => (facts.model_id == Some(model)).then_some((if grouped { 5 } else { 4 }, 0)),
        (None, Some(category)) => {
            let depth = facts.categories.iter().position(|c| *c == category)?;
            Some((if grouped { 3 } else { 2 }, usize::MAX - depth))
        }
        (None, None) => Some((u8::from(grouped), 0)),
    }
}

/// The day a warranty starts by a basis; the other date stands in for a missing one (WARR-05). The second value
/// tells that it did.
pub fn start_of(basis: StartBasis, purchase: Option<Date>, install: Option<Date>) -> Option<(Date, bool)> {
    let (first, second) = match basis {
        StartBasis::Purchase => (purchase, install),
        StartBasis::Install => (install, purchase),
    };
    first.map(|date| (date, false)).or(second.map(|date| (date, true)))
}

/// The newest terms in force on the day their own warranty starts. Without any date: the newest terms in force
/// on the day of the fault, with no start.
fn term_of<'p>(policy: &'p Policy, facts: &Facts) -> Option<(&'p Term, Option<(Date, bool)>)> {
    let mut terms: Vec<&Term> = policy.terms.iter().collect();
    terms.sort_by_key(|term| std::cmp::Reverse((term.valid_from, term.number)));
    terms.into_iter().find_map(|term| {
        let start = start_of(term.start_basis, facts.purchase_date, facts.install_date);
        let day = start.map_or(facts.at, |(date, _)| date);
        (term.valid_from <= day).then_some((term, start))
    })
}

/// Decides a case. The most special policy with terms in force on the start day wins; between equals the newer
/// terms, then the newer policy. Never fails: what can't be decided is referred (WARR-04).
pub fn decide(policies: &[Policy], facts: &Facts) -> Decision {
    let best = policies
        .iter()
        .filter_map(|policy| {
            let rank = fit(policy, facts)?;
            let (term, start) = term_of(policy, facts)?;
            Some(((rank, term.valid_from, policy.id), policy, term, start))
        })
        .max_by_key(|(rank, ..)| *rank);
    let Some((_, policy, term, start)) = best else { return without_policy() };
    let mut trace = vec![tell_policy(policy, term)];
    let until = start.map(|(date, _)| end_of(date, term.months));
    tell_start(&mut trace, start, until);
    let inside = until.map(|until| facts.at <= until);
    let verdict = judge(term, facts.cause, inside, &mut trace);
    tell_place(&mut trace, start, until, facts.at, inside);
    finish(policy, term, start, until, inside, verdict, trace)
}

fn tell_policy(policy: &Policy, term: &Term) -> Said {
    said(
        T(
            "适用政策“{name}”第 {number} 版：自{zh}起 {months} 个月",
            "Policy \"{name}\", version {number}: {months} months from the {en}",
        ),
        &[
            ("name", policy.name.clone()),
            ("number", term.number.to_string()),
            ("months", term.months.to_string()),
            ("zh", term.start_basis.label().0.to_string()),
            ("en", term.start_basis.label().1.to_lowercase()),
        ],
    )
}

fn without_policy() -> Decision {
    let trace = vec![said(T("没有适用的质保政策，转判定", "No policy applies: to be referred"), &[])];
    Decision {
        verdict: Verdict::Refer,
        parts_bp: 0,
        labour_bp: 0,
        travel_bp: 0,
        from: None,
        until: None,
        policy_id: None,
        policy_version: 0,
        repair_days: 5,
        trace: Vec::new(),
        said: trace,
    }
}

fn tell_start(trace: &mut Vec<Said>, start: Option<(Date, bool)>, until: Option<Date>) {
    let (Some((from, stand_in)), Some(until)) = (start, until) else {
        trace.push(said(
            T("购买日期和安装日期都没有", "Neither a purchase date nor an installation date is known"),
            &[],
        ));
        return;
    };
    if stand_in {
        trace.push(said(
            T("没有约定的起算日期，按另一日期 {from} 起算（无保修卡时以竣工日期为准）", "The agreed start date is missing; {from} stands in (without a card the completion date counts)"),
            &[("from", from.to_string())],
        ));
    }
    trace.push(said(
        T(
            "质保期自 {from} 至 {until}（含当日）",
            "The warranty runs from {from} to {until}, that day included",
        ),
        &[("from", from.to_string()), ("until", until.to_string())],
    ));
}

fn tell_place(
    trace: &mut Vec<Said>,
    start: Option<(Date, bool)>,
    until: Option<Date>,
    at: Date,
    inside: Option<bool>,
) {
    let (Some((from, _)), Some(until), Some(inside)) = (start, until, inside) else { return };
    let args = [("at", at.to_string()), ("days", at.days_since(until).abs().to_string())];
    trace.push(match (at < from, inside) {
        (true, _) => {
            said(T("{at} 早于起算日，视为保内", "{at} is before the start and counts as inside"), &args)
        }
        (_, true) => {
            said(T("{at} 在质保期内，还剩 {days} 天", "{at} is inside, {days} days are left"), &args)
        }
        (_, false) => said(T("{at} 已过质保期 {days} 天", "{at} is {days} days past the end"), &args),
    });
}

/// Cause first (WARR-03), then the dates.
fn judge(term: &Term, cause: Cause, inside: Option<bool>, trace: &mut Vec<Said>) -> Verdict {
    let args = [("zh", cause.label().0.to_string()), ("en", cause.label().1.to_string())];
    if cause == Cause::Customer || term.excluded.contains(&cause) {
        trace.push(said(T("故障原因“{zh}”不在质保范围", "The cause \"{en}\" is excluded"), &args));
        return Verdict::NotCovered;
    }
    match inside {
        Some(false) => Verdict::NotCovered,
        _ if term.referred.contains(&cause) => {
            trace.push(said(
                T(
                    "故障原因“{zh}”须由厂家或工作组判定",
                    "The cause \"{en}\" must be judged by the maker or a working group",
                ),
                &args,
            ));
            Verdict::Refer
        }
        Some(true) => Verdict::Covered,
        None => Verdict::Refer,
    }
}

fn finish(
    policy: &Policy,
    term: &Term,
    start: Option<(Date, bool)>,
    until: Option<Date>,
    inside: Option<bool>,
    verdict: Verdict,
    mut trace: Vec<Said>,
) -> Decision {
    let share = |bp: i64| if verdict == Verdict::Covered { bp.clamp(0, 10_000) } else { 0 };
    let repair_days = if inside == Some(true) { term.limit_in_days } else { term.limit_out_days };
    let decision = Decision {
        verdict,
        parts_bp: share(term.parts_bp),
        labour_bp: share(term.labour_bp),
        travel_bp: share(term.travel_bp),
        from: start.map(|(date, _)| date),
        until,
        policy_id: Some(policy.id),
        policy_version: term.number,
        repair_days,
        trace: Vec::new(),
        said: Vec::new(),
    };
    trace.push(said(
        T(
            "结论：{zh}；公司承担 配件 {parts}、工时 {labour}、差旅 {travel}；维修时限 {days} 个工作日",
            "Result: {en}; the company bears parts {parts}, labour {labour}, travel {travel}; repair within {days} working days",
        ),
        &[
            ("zh", verdict.label().0.to_string()),
            ("en", verdict.label().1.to_string()),
            ("parts", Bp(decision.parts_bp).to_string()),
            ("labour", Bp(decision.labour_bp).to_string()),
            ("travel", Bp(decision.travel_bp).to_string()),
            ("days", repair_days.to_string()),
        ],
    ));
    Decision { said: trace, ..decision }
}

/// Checks a new policy. Problems: `warranty.code`, `warranty.name`, `warranty.scope`, and those of [`check_term`].
pub fn check_policy(input: &NewPolicy) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    problems.check((1..=32).contains(&input.code.chars().count()) && input.code.chars().all(plain), || {
        RuleError::new(
            "warranty.code",
            T("编码为 1–32 个字母、数字或 - _ .", "The code has 1 to 32 letters, digits or - _ ."),
        )
        .field("code")
    });
    problems.check(is_name(&input.name), bad_name);
    problems.check(input.model_id.is_none() || input.category_id.is_none(), || {
        RuleError::new("warranty.scope", T("机型和类别只能选一个", "Choose a model or a category, not both"))
            .field("category_id")
    });
    problems.check(input.group_code.chars().count() <= 32, || {
        RuleError::new("warranty.group", T("部件组编码太长", "The component group's code is too long"))
            .field("group_code")
    });
    if let Err(found) = check_term(&input.term, None) {
        problems.extend(found);
    }
    problems.finish()
}

/// Somebody else changed the policy meanwhile.
pub fn stale() -> RuleError {
    RuleError::new(
        "warranty.stale",
        T("该政策已被他人修改，请刷新后再试", "Somebody else changed this policy; load it again"),
    )
}

/// A name people can read: 1 to 80 characters.
pub fn is_name(name: &str) -> bool {
    (1..=80).contains(&name.trim().chars().count())
}

/// What is wrong with a name that is none.
pub fn bad_name() -> RuleError {
    RuleError::new("warranty.name", T("名称为 1–80 个字", "The name has 1 to 80 characters")).field("name")
}

/// Checks new terms; `last` is the day the present ones hold from: dates only go forward, because what was decided
/// stays explained. Problems: `warranty.months`, `warranty.share`, `warranty.limit`, `warranty.cause_twice`,
/// `warranty.term_not_newer`, `warranty.note`.
pub fn check_term(input: &NewTerm, last: Option<Date>) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check((0..=1200).contains(&input.months), || {
        RuleError::new("warranty.months", T("月数应在 0–1200 之间", "Months must be 0 to 1200"))
            .field("term.months")
    });
    for (name, share) in
        [("term.parts", input.parts), ("term.labour", input.labour), ("term.travel", input.travel)]
    {
        problems.check((0..=10_000).contains(&share.0.0), || {
            RuleError::new("warranty.share", T("比例应在 0–100% 之间", "A share must be 0 to 100 per cent"))
                .field(name)
        });
    }
    for (name, days) in
        [("term.limit_in_days", input.limit_in_days), ("term.limit_out_days", input.limit_out_days)]
    {
        problems.check((1..=365).contains(&days), || {
            RuleError::new(
                "warranty.limit",
                T("时限应在 1–365 个工作日之间", "A limit must be 1 to 365 working days"),
            )
            .field(name)
        });
    }
    problems.check(!input.excluded.iter().any(|cause| input.referred.contains(cause)), || {
        RuleError::new(
            "warranty.cause_twice",
            T("同一原因不能既不保又待判定", "A cause can't be both excluded and referred"),
        )
        .field("term.referred")
    });
    problems.check(input.note.chars().count() <= 500, || {
        RuleError::new("warranty.note", T("说明最多 500 字", "The note has at most 500 characters"))
            .field("term.note")
    });
    problems.check(last.is_none_or(|last| input.valid_from > last), || {
        RuleError::new(
            "warranty.term_not_newer",
            T(
                "新版本的生效日期必须晚于现行版本的 {last}",
                "New terms must start after the present ones ({last})",
            ),
        )
        .arg("last", last.map_or_else(String::new, |last| last.to_string()))
        .field("term.valid_from")
    });
    problems.finish()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
