//! Which band an amount falls into, and what a signature does to the others.

use kernel::{Id, Money, Problems, RuleError, T, Ts};

use super::model::{Band, NewScheme, SeatRow, SeatState};

/// The band of an amount: the first whose limit is not passed. The flag says whether the limit itself belongs to it
/// (DOC-05: "≤ 500" is inclusive).
pub fn band(bands: &[Band], amount: i64) -> Option<usize> {
    bands.iter().position(|band| match band.up_to {
        None => true,
        Some(limit) => amount < limit || (band.inclusive && amount == limit),
    })
}

/// A band in words: `≤ 500.00`.
pub fn band_words(bands: &[Band], index: usize) -> String {
    let limit = |band: &Band| band.up_to.map(|fen| Money(fen).to_string());
    let upper = bands
        .get(index)
        .and_then(|b| limit(b).map(|l| format!("{} {l}", if b.inclusive { "≤" } else { "<" })));
    let lower = index
        .checked_sub(1)
        .and_then(|i| bands.get(i))
        .and_then(|b| limit(b).map(|l| format!("{} {l}", if b.inclusive { ">" } else { "≥" })));
    match (lower, upper) {
        (Some(lower), Some(upper)) => format!("{lower}，{upper}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "不限".into(),
    }
}

/// Who may not sign because he applied. A committee decides together: one of its members may have brought the matter
/// before it.
pub fn asker(band: &Band, user: Id) -> Option<Id> {
    let committee = band.stages.iter().any(|stage| !stage.committee.is_empty());
    (!committee && user != Id::NIL).then_some(user)
}

fn plain_code(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&code.len()) && code.chars().all(plain)
}

fn no_code() -> RuleError {
    RuleError::new(
        "approval.code",
        T("代码只含小写字母、数字和 -", "A code holds small letters, digits and -"),
    )
    .field("code")
}

/// A committee makes sense: a code, a name, posts with roles that exist.
///
/// Errors: `approval.code`, `approval.name`, `approval.nobody`, `approval.role`.
pub fn check_committee(input: &super::model::PutCommittee, roles: &[String]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(plain_code(&input.code), no_code);
    problems.check(!input.name.trim().is_empty(), || {
        RuleError::new("approval.name", T("请填写名称", "A name is needed")).field("name")
    });
    let named = |post: &super::model::Signer| !post.post.trim().is_empty();
    problems.check(!input.posts.is_empty() && input.posts.iter().all(named), || {
        RuleError::new("approval.nobody", T("请填写岗位", "Posts are needed")).field("posts")
    });
    for signer in &input.posts {
        problems.check(roles.contains(&signer.role), || {
            RuleError::new("approval.role", T("没有角色“{code}”", "There is no role \"{code}\""))
                .arg("code", &signer.role)
                .field("posts")
        });
    }
    problems.finish()
}

/// What was approved stays explained: a matrix counts from now on, or from later.
///
/// Errors: `approval.past`.
pub fn check_start(from: Option<Ts>, now: Ts) -> Result<(), RuleError> {
    if from.is_some_and(|from| from < now) {
        let text = T("生效时间不能早于现在", "It can't take effect in the past");
        return Err(RuleError::new("approval.past", text).field("effective_from"));
    }
    Ok(())
}

/// A matrix makes sense: bands grow, the last has no limit, every stage has somebody.
///
/// Errors: `approval.code`, `approval.bands`, `approval.nobody`, `approval.role`.
pub fn check_scheme(input: &NewScheme, roles: &[String], committees: &[String]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check(plain_code(&input.code), no_code);
    problems.check(!input.name.trim().is_empty(), || {
        RuleError::new("approval.name", T("请填写名称", "A name is needed")).field("name")
    });
    let limits: Vec<i64> = input.bands.iter().filter_map(|b| b.up_to).collect();
    let grows = limits.windows(2).all(|pair| pair[0] < pair[1]);
    let open = input.bands.last().is_some_and(|b| b.up_to.is_none());
    problems.check(
        grows && open && limits.len() + 1 == input.bands.len() && limits.iter().all(|l| *l > 0),
        || {
            let text = T(
                "金额档应从小到大，最后一档不限金额",
                "Amounts must grow from band to band, and the last has no limit",
            );
            RuleError::new("approval.bands", text).field("bands")
        },
    );
    for (index, band) in input.bands.iter().enumerate() {
        let field = format!("bands.{index}");
        let staffed = |stage: &super::model::Stage| {
            (stage.committee.is_empty() && !stage.signers.is_empty()) || committees.contains(&stage.committee)
        };
        problems.check(!band.stages.is_empty() && band.stages.iter().all(staffed), || {
            RuleError::new("approval.nobody", T("每一步都要有人签", "Every stage needs somebody to sign"))
                .field(&field)
        });
        for signer in band.stages.iter().flat_map(|s| &s.signers) {
            problems.check(roles.contains(&signer.role) && !signer.post.trim().is_empty(), || {
                RuleError::new("approval.role", T("没有角色“{code}”", "There is no role \"{code}\""))
                    .arg("code", &signer.role)
                    .field(&field)
            });
        }
    }
    problems.finish()
}

/// Why somebody may not sign.
///
/// Errors: `approval.own`, `approval.twice`; none when it is not the person.
pub fn check_signer(user: Id, barred: &[Id], seats: &[SeatRow]) -> Result<(), RuleError> {
    if !barred.contains(&user) {
        return Ok(());
    }
    if seats.iter().any(|seat| seat.user_id == Some(user)) {
        let text = T(
            "您已签过这项审批的一个席位，其余席位由他人签",
            "You have signed one seat of it: the others are for others",
        );
        return Err(RuleError::new("approval.twice", text));
    }
    Err(RuleError::new("approval.own", T("不能审批自己提交的申请", "Nobody approves his own request")))
}

/// What a signature brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// others of the stage are missing
    Same,
    /// the next stage signs now
    Next,
    /// all have signed
    Approved,
    /// refused
    Rejected,
}

/// Signs a seat. `any` says for each stage whether one signature is enough.
///
/// Errors: `approval.not_open`, `approval.opinion`.
pub fn sign(
    seats: &mut [SeatRow],
    seat: usize,
    approve: bool,
    opinion: &str,
    any: &[bool],
    now: Ts,
) -> Result<After, RuleError> {
    let Some(signed) = seats.get_mut(seat).filter(|s| s.state == SeatState::Open) else {
        return Err(RuleError::new("approval.not_open", T("现在不由您签", "It is not your turn to sign")));
    };
    if !approve && opinion.trim().is_empty() {
        return Err(
            RuleError::new("approval.opinion", T("驳回请写明意见", "Say why you refuse")).field("opinion")
        );
    }
    signed.state = if approve { SeatState::Approved } else { SeatState::Rejected };
    signed.opinion = opinion.trim().to_string();
    signed.signed_at = Some(now);
    let stage = signed.stage;
    if !approve {
        cancel(seats);
        return Ok(After::Rejected);
    }
    let enough = usize::try_from(stage).ok().and_then(|s| any.get(s)).copied().unwrap_or(false);
    let missing = seats.iter().any(|s| s.stage == stage && s.state == SeatState::Open);
    if missing && !enough {
        return Ok(After::Same);
    }
    for other in seats.iter_mut().filter(|s| s.stage == stage && s.state == SeatState::Open) {
        other.state = SeatState::Cancelled;
    }
    let mut next = false;
    for other in seats.iter_mut().filter(|s| s.stage == stage + 1) {
        other.state = SeatState::Open;
        other.opened_at = Some(now);
        next = true;
    }
    Ok(if next { After::Next } else { After::Approved })
}

/// What is not signed yet is no longer needed.
pub fn cancel(seats: &mut [SeatRow]) {
    for seat in seats.iter_mut().filter(|s| matches!(s.state, SeatState::Open | SeatState::Waiting)) {
        seat.state = SeatState::Cancelled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands() -> Vec<Band> {
        let band = |up_to: Option<i64>| Band { up_to, inclusive: true, stages: Vec::new() };
        vec![band(Some(50_000)), band(Some(200_000)), band(None)]
    }

    fn seat(stage: i64) -> SeatRow {
        let state = if stage == 0 { SeatState::Open } else { SeatState::Waiting };
        SeatRow {
            id: Id::NIL,
            approval_id: Id::NIL,
            stage,
            post: "主任".into(),
            role: "manager".into(),
            state,
            user_id: None,
            user_name: String::new(),
            instead_of: String::new(),
            opinion: String::new(),
            opened_at: None,
            signed_at: None,
            reminded: 0,
        }
    }

    #[test]
    fn the_limit_belongs_to_the_band_that_says_so() {
        let cases = [(0, 0), (50_000, 0), (50_001, 1), (200_000, 1), (200_001, 2), (i64::MAX, 2)];
        for (amount, expected) in cases {
            assert_eq!(band(&bands(), amount), Some(expected), "{amount}");
        }
        let mut open = bands();
        open[0].inclusive = false;
        assert_eq!(band(&open, 50_000), Some(1));
        assert_eq!(band_words(&open, 1), "≥ 500.00，≤ 2,000.00");
    }

    #[test]
    fn stages_follow_each_other_and_one_no_ends_it() {
        let mut seats = vec![seat(0), seat(0), seat(1)];
        let any = [false, false];
        assert_eq!(sign(&mut seats, 2, true, "", &any, Ts(1)).map_err(|e| e.code), Err("approval.not_open"));
        assert_eq!(sign(&mut seats, 0, true, "", &any, Ts(1)), Ok(After::Same));
        assert_eq!(sign(&mut seats, 1, true, "", &any, Ts(2)), Ok(After::Next));
        assert_eq!(sign(&mut seats, 2, false, "", &any, Ts(3)).map_err(|e| e.code), Err("approval.opinion"));
        assert_eq!(sign(&mut seats, 2, false, "超预算", &any, Ts(3)), Ok(After::Rejected));
        let mut seats = vec![seat(0), seat(0)];
        assert_eq!(sign(&mut seats, 1, true, "", &[true], Ts(1)), Ok(After::Approved));
        assert_eq!(seats[0].state, SeatState::Cancelled);
    }
}
