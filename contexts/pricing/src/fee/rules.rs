//! What a job costs, pure (WO-39, BILL-01, 02, 08, 19).

use std::cmp::Reverse;

use kernel::{Bp, Date, Id, Lang, Money, Period, Problems, RuleError, T};

use super::model::{Basis, BorneAs, Fee, FeeCode, Job, NewList, NewRule, Rule, RuleRow};

/// How special a rule is for a job: later fields decide only between equals. `None`: not for this job.
type Rank = (usize, u8, Reverse<usize>, u8, u8, u8, Date, Id);

/// Region, then model before category (nearer ones first), then kind, mode and size of the job, then the newer.
pub fn fit(rule: &Rule, job: &Job<'_>) -> Option<Rank> {
    let row = &rule.row;
    let period = Period { from: row.valid_from, until: row.valid_until };
    let only = |wanted: &str, have: &str| wanted.is_empty() || wanted == have;
    let suits = period.contains(job.on)
        && job.region.starts_with(&rule.region)
        && only(&row.kind, job.kind)
        && only(&row.mode, job.mode)
        && only(&row.grade, job.grade)
        && (row.code != FeeCode::Urgent || job.urgent);
    if !suits {
        return None;
    }
    let (product, depth) = match (row.model_id, row.category_id) {
        (Some(model), _) => (job.model_id == Some(model)).then_some((2, 0))?,
        (None, Some(category)) => (1, job.categories.iter().position(|c| *c == category)?),
        (None, None) => (0, 0),
    };
    let given = |text: &str| u8::from(!text.is_empty());
    let (kind, mode, grade) = (given(&row.kind), given(&row.mode), given(&row.grade));
    Some((rule.region.chars().count(), product, Reverse(depth), kind, mode, grade, row.valid_from, row.id))
}

/// All automatic fees of a job, one per kind of fee, by the most special rule of each. Order: as the kinds are
/// listed. A rule that counts kilometres or hours charges nothing while those are unknown.
///
/// Errors: `number.too_large`.
pub fn fees(rules: &[Rule], job: &Job<'_>) -> Result<Vec<Fee>, RuleError> {
    let best = |code: FeeCode| {
        rules
            .iter()
            .filter(|rule| rule.row.code == code && rule.row.automatic)
            .filter_map(|rule| Some((fit(rule, job)?, rule)))
            .max_by_key(|(rank, _)| *rank)
            .map(|(_, rule)| rule)
            .filter(|rule| !job.also || per_unit(&rule.row))
    };
    let labour =
        best(FeeCode::Labour).map(|rule| gross(&rule.row, job, Money::ZERO)).transpose()?.unwrap_or_default();
    let mut out = Vec::new();
    for code in FeeCode::ALL {
        let Some(rule) = best(*code) else { continue };
        let fee = charge(rule, job, labour)?;
        if !fee.gross.is_zero() || rule.row.basis == Basis::Flat {
            out.push(fee);
        }
    }
    Ok(out)
}

/// Whether a fee comes with every unit of a job: the way, the hours and a flat surcharge come with the job (WO-46).
const fn per_unit(row: &RuleRow) -> bool {
    !matches!(
        (row.code, row.basis),
        (FeeCode::Visit | FeeCode::Travel, _)
            | (_, Basis::PerKm | Basis::PerHour)
            | (FeeCode::Urgent, Basis::Flat)
    )
}

/// The fee of one rule, chosen by the rules or by hand. `labour` is what percentages are taken of.
///
/// Errors: `number.too_large`.
pub fn charge(rule: &Rule, job: &Job<'_>, labour: Money) -> Result<Fee, RuleError> {
    let row = &rule.row;
    let listed = gross(row, job, labour)?;
    let printed =
        job.certificate.iter().find(|(code, _)| code == row.code.as_str()).map(|(_, amount)| *amount);
    let gross = lower_of(listed, printed);
    let covered = match row.borne_as {
        BorneAs::Labour => job.covered_labour_bp,
        BorneAs::Travel => job.covered_travel_bp,
        BorneAs::Customer => 0,
    };
    let amount = payable(gross, covered)?;
    let tell = |lang: Lang| trace(rule, job, listed, printed, gross, covered, amount, lang);
    Ok(Fee {
        code: row.code.as_str().to_string(),
        label: row.label.clone(),
        amount,
        gross,
        rule_id: row.id,
        trace: tell(Lang::Zh),
        trace_en: tell(Lang::En),
    })
}

/// A rule's amount before anybody bears a share. Errors: `number.too_large`.
fn gross(row: &RuleRow, job: &Job<'_>, labour: Money) -> Result<Money, RuleError> {
    match row.basis {
        Basis::Flat => Ok(row.amount),
        Basis::PerKm => row.amount.checked_mul(job.distance_km),
        Basis::PerHour => row.amount.checked_mul(job.hours),
        Basis::PercentOfLabour => labour.checked_bp(Bp(row.rate_bp)),
    }
}

/// What is left to pay when `covered_bp` of the amount is borne. The share borne is rounded half up, so both
/// always add up to the amount. Errors: `number.too_large`.
pub fn payable(gross: Money, covered_bp: i64) -> Result<Money, RuleError> {
    gross.checked_sub(gross.checked_bp(Bp(covered_bp.clamp(0, 10_000)))?)
}

/// The lower of the list's price and the one printed on the certificate (BILL-08).
pub fn lower_of(listed: Money, printed: Option<Money>) -> Money {
    printed.map_or(listed, |printed| listed.min(printed))
}

/// Cost price with a mark-up, for repairs at cost (BILL-19). Errors: `number.too_large`.
pub fn cost_price(cost: Money, markup_bp: i64) -> Result<Money, RuleError> {
    cost.checked_add(cost.checked_bp(Bp(markup_bp.max(0)))?)
}

/// True when a total is beyond what was agreed: `limit` none means no limit, exactly the limit is still allowed.
pub fn exceeds(limit: Option<Money>, total: Money) -> bool {
    limit.is_some_and(|limit| total > limit)
}

/// By how much final and estimate differ, and whether the final is higher (BILL-03).
/// Errors: `number.too_large`.
pub fn deviation(estimate: Money, total: Money) -> Result<(Money, bool), RuleError> {
    Ok((total.checked_sub(estimate)?, total > estimate))
}

#[allow(clippy::too_many_arguments)]
fn trace(
    rule: &Rule,
    job: &Job<'_>,
    listed: Money,
    printed: Option<Money>,
    gross: Money,
    covered: i64,
    amount: Money,
    lang: Lang,
) -> String {
    let row = &rule.row;
    let mut text = T("{list}“{label}”{from} 起：{how}", "{list} \"{label}\" from {from}: {how}").fill(
        lang,
        &[
            ("list", rule.list_name.clone()),
            ("label", row.label.clone()),
            ("from", row.valid_from.to_string()),
            ("how", how(row, job, listed)),
        ],
    );
    if let Some(printed) = printed {
        text.push_str(
            &T(
                "；保修单标准 {printed}，取低者 {gross}",
                "; the certificate says {printed}, the lower is {gross}",
            )
            .fill(lang, &[("printed", printed.fmt_money()), ("gross", gross.fmt_money())]),
        );
    }
    let text2 = match covered.clamp(0, 10_000) {
        0 => T("；用户付 {amount}", "; the customer pays {amount}"),
        _ => T(
            "；公司承担 {percent}%，用户付 {amount}",
            "; the company bears {percent}%, the customer pays {amount}",
        ),
    };
    let percent = kernel::Quantity(covered.clamp(0, 10_000) * 10).to_string();
    text.push_str(&text2.fill(lang, &[("percent", percent), ("amount", amount.fmt_money())]));
    text
}

fn how(row: &RuleRow, job: &Job<'_>, listed: Money) -> String {
    let total = listed.fmt_money();
    match row.basis {
        Basis::Flat => total,
        Basis::PerKm => format!("{} × {} km = {total}", row.amount.fmt_money(), job.distance_km),
        Basis::PerHour => format!("{} × {} h = {total}", row.amount.fmt_money(), job.hours),
        Basis::PercentOfLabour => format!("{}% = {total}", kernel::Quantity(row.rate_bp * 10)),
    }
}

/// Somebody else changed it meanwhile.
pub fn stale() -> RuleError {
    RuleError::new(
        "pricing.stale",
        T("已被他人修改，请刷新后再试", "Somebody else changed this; load it again"),
    )
}

/// Checks a new list. Problems: `pricing.code`, `pricing.name`, `pricing.region`.
pub fn check_list(input: &NewList) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    problems.check(
        (1..=32).contains(&input.code.trim().chars().count()) && input.code.trim().chars().all(plain),
        || {
            RuleError::new(
                "pricing.code",
                T("编码为 1–32 个字母、数字或 - _ .", "The code has 1 to 32 letters, digits or - _ ."),
            )
            .field("code")
        },
    );
    problems.check(is_name(&input.name), bad_name);
    problems.check(input.region.chars().count() <= 60, || {
        RuleError::new("pricing.region", T("区域最多 60 字", "The region has at most 60 characters"))
            .field("region")
    });
    problems.finish()
}

/// A name people can read: 1 to 80 characters.
pub fn is_name(name: &str) -> bool {
    (1..=80).contains(&name.trim().chars().count())
}

/// What is wrong with a name that is none.
pub fn bad_name() -> RuleError {
    RuleError::new("pricing.name", T("名称为 1–80 个字", "The name has 1 to 80 characters")).field("name")
}

/// Checks a new rule. Problems: `pricing.scope`, `pricing.amount`, `pricing.rate`, `pricing.long`.
pub fn check_rule(input: &NewRule) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(input.model_id.is_none() || input.category_id.is_none(), || {
        RuleError::new("pricing.scope", T("机型和类别只能选一个", "Choose a model or a category, not both"))
            .field("category_id")
    });
    problems.check((0..=100_000_000).contains(&input.amount.0.0), || {
        RuleError::new("pricing.amount", T("金额应在 0–1,000,000 之间", "The amount must be 0 to 1,000,000"))
            .field("amount")
    });
    let percent = input.basis == Basis::PercentOfLabour;
    problems.check(!percent || (1..=100_000).contains(&input.rate.0.0), || {
        RuleError::new(
            "pricing.rate",
            T("按比例收费须填 0–1000% 的比例", "Give a rate of up to 1000 per cent"),
        )
        .field("rate")
    });
    problems.check(!percent || input.code != FeeCode::Labour, || {
        RuleError::new(
            "pricing.circular",
            T("工时费不能按自身的比例计算", "Labour can't be a percentage of itself"),
        )
        .field("basis")
    });
    for (name, text, most) in [
        ("label", &input.label, 60),
        ("kind", &input.kind, 40),
        ("mode", &input.mode, 40),
        ("note", &input.note, 500),
    ] {
        problems.check(text.chars().count() <= most, || {
            RuleError::new("pricing.long", T("最多 {most} 字", "At most {most} characters"))
                .arg("most", most)
                .field(name)
        });
    }
    problems.finish()
}

/// True when two rules are for the very same case, so that the later one replaces the earlier. Rules chosen by hand
/// also differ by their text.
pub fn same_case(a: &RuleRow, b: &RuleRow) -> bool {
    (a.list_id, a.code, &a.kind, &a.mode, &a.grade, a.model_id, a.category_id, a.automatic)
        == (b.list_id, b.code, &b.kind, &b.mode, &b.grade, b.model_id, b.category_id, b.automatic)
        && (a.automatic || a.label == b.label)
}

/// What happens to the rules of the same case when `new` is added: which of them end, and when. A rule that is to
/// begin on or before the day another begins is refused, because what was charged stays explained.
///
/// Errors: `pricing.not_newer`.
pub fn replaced(existing: &[RuleRow], new: &RuleRow) -> Result<Vec<(Id, Date)>, RuleError> {
    let mut ends = Vec::new();
    for old in existing.iter().filter(|old| same_case(old, new)) {
        if old.valid_until.is_some_and(|until| until < new.valid_from) {
            continue;
        }
        if old.valid_from >= new.valid_from {
            return Err(RuleError::new(
                "pricing.not_newer",
                T(
                    "同一情况已有 {from} 起的规则，新规则须晚于它",
                    "A rule for the same case begins on {from}; a new one must begin later",
                ),
            )
            .arg("from", old.valid_from)
            .field("valid_from"));
        }
        ends.push((old.id, new.valid_from.plus_days(-1)));
    }
    Ok(ends)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
