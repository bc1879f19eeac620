//! The warranty decision, pure (WARR-01…05, 21).

use kernel::{Date, T};

use super::model::{Cause, Decision, Facts, Policy, Said, StartBasis, Term, Verdict};

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
    let mut trace = vec![said(
        T("适用政策“{name}”第 {number} 版：{months} 个月，自{basis}起算", "Policy \"{name}\", version {number}: {months} months from the {basis}"),
        &[
            ("name", policy.name.clone()),
            ("number", term.number.to_string()),
            ("months", term.months.to_string()),
            ("basis", basis_word(term.start_basis)),
        ],
    )];
    // The word of the basis is the only part that must differ by language inside an argument.
    trace[0].zh = trace[0].zh.replace(&basis_word(term.start_basis), term.start_basis.label().0);
    trace[0].en = trace[0].en.replace(&basis_word(term.start_basis), &term.start_basis.label().1.to_lowercase());
    let until = start.map(|(date, _)| end_of(date, term.months));
    tell_start(&mut trace, start, until);
    let inside = until.map(|until| facts.at <= until);
    let verdict = judge(term, facts.cause, inside, &mut trace);
    tell_place(&mut trace, start, until, facts.at, inside);
    finish(policy, term, start, until, inside, verdict, trace)
}

fn basis_word(basis: StartBasis) -> String {
    format!("\u{2}{}\u{2}", basis.as_str())
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
        trace.push(said(T("购买日期和安装日期都没有", "Neither a purchase date nor an installation date is known"), &[]));
        return;
    };
    if stand_in {
        trace.push(said(
            T("没有约定的起算日期，按另一日期 {from} 起算（无保修卡时以竣工日期为准）", "The agreed start date is missing; {from} stands in (without a card the completion date counts)"),
            &[("from", from.to_string())],
        ));
    }
    trace.push(said(
        T("质保期自 {from} 至 {until}（含当日）", "The warranty runs from {from} to {until}, that day included"),
        &[("from", from.to_string()), ("until", until.to_string())],
    ));
}

fn tell_place(trace: &mut Vec<Said>, start: Option<(Date, bool)>, until: Option<Date>, at: Date, inside: Option<bool>) {
    let (Some((from, _)), Some(until), Some(inside)) = (start, until, inside) else { return };
    let args = [("at", at.to_string()), ("days", at.days_since(until).abs().to_string())];
    trace.push(match (at < from, inside) {
        (true, _) => said(T("{at} 早于起算日，视为保内", "{at} is before the start and counts as inside"), &args),
        (_, true) => said(T("{at} 在质保期内，还剩 {days} 天", "{at} is inside, {days} days are left"), &args),
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
            trace.push(said(T("故障原因“{zh}”须由厂家或工作组判定", "The cause \"{en}\" must be judged by the maker or a working group"), &args));
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
            "结论：{zh}；公司承担 配件 {parts}%、工时 {labour}%、差旅 {travel}%；维修时限 {days} 个工作日",
            "Result: {en}; the company bears parts {parts}%, labour {labour}%, travel {travel}%; repair within {days} working days",
        ),
        &[
            ("zh", verdict.label().0.to_string()),
            ("en", verdict.label().1.to_string()),
            ("parts", percent(decision.parts_bp)),
            ("labour", percent(decision.labour_bp)),
            ("travel", percent(decision.travel_bp)),
            ("days", repair_days.to_string()),
        ],
    ));
    Decision { said: trace, ..decision }
}

/// `8550` → `85.5`
pub fn percent(bp: i64) -> String {
    kernel::Quantity(bp * 10).to_string()
}
