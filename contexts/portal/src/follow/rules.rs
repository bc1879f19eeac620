//! Plain words, and what a customer may do when.

use intake::api::State as RequestState;
use kernel::T;
use orders::api::{State, Waiting};

/// How an order stands, as one would say it on the phone: true, and without excuses.
pub const fn words(state: State) -> T {
    match state {
        State::New => T("已登记，正在安排", "Taken down; being arranged"),
        State::Accepted => T("已受理，正在安排工程师", "Accepted; an engineer is being found"),
        State::Scheduled => T("已安排工程师", "An engineer is arranged"),
        State::InProgress => T("工程师正在处理", "The engineer is at work"),
        State::Waiting => T("暂停，等待中", "Waiting"),
        State::Done => T("已完工，请您确认", "Finished; please check it"),
        State::Confirmed => T("您已确认完工", "Finished and accepted by you"),
        State::Audited | State::Closed => T("已办结", "Closed"),
        State::Reopened => T("问题没有解决，正在重新安排", "Not solved; being arranged again"),
        State::Cancelled => T("已取消", "Cancelled"),
        State::Terminated => T("已终止", "Broken off"),
        State::Returned => T("未修复退回", "Returned without repair"),
    }
}

/// Why an order waits.
pub fn waiting(code: &str) -> Option<T> {
    Some(match Waiting::parse(code)? {
        Waiting::Parts => T("正在等待备件", "Waiting for parts"),
        Waiting::Customer => T("等待您的答复或安排", "Waiting for you"),
        Waiting::ThirdParty => T("等待第三方配合", "Waiting for somebody else"),
        Waiting::Factory => T("已送厂家处理", "At the manufacturer"),
        Waiting::Hard => T("故障较复杂，正在进一步检修", "A difficult fault: still being looked into"),
        Waiting::Test => T("等待试运行结果", "Waiting for the result of a test"),
        Waiting::Other => T("暂停，等待中", "Waiting"),
    })
}

/// How a request stands.
pub const fn request_words(state: RequestState, confirmed: bool) -> T {
    match state {
        // Nobody outside has the address of a draft; once completed it is a request like any other.
        RequestState::Draft => T("正在登记", "Being taken down"),
        RequestState::Open if !confirmed => {
            T("已收到，我们会尽快与您联系确认", "Received; we will get in touch soon")
        }
        RequestState::Open => {
            T("正在处理，我们会在承诺时间内答复", "We are working on it and will answer as promised")
        }
        RequestState::Answered | RequestState::Solved => T("已答复", "Answered"),
        RequestState::Ordered => T("已安排服务", "Service is arranged"),
        RequestState::Closed | RequestState::Dropped => T("已办结", "Finished"),
    }
}

/// What stands between a finished order and its customer's confirmation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// More is to be paid than the customer allowed: somebody asks them first (SHOP-18).
    pub over_quote: bool,
    /// The unit is still in the workshop: it is confirmed when it is fetched.
    pub in_house: bool,
}

impl Held {
    /// What the customer is told instead.
    pub fn words(self, state: State) -> Option<T> {
        match self {
            _ if state != State::Done => None,
            Self { over_quote: true, .. } => Some(T(
                "已完工；费用超过约定，我们会先与您联系",
                "Finished; it costs more than agreed, and we will call you about it first",
            )),
            Self { in_house: true, .. } => Some(T("已修好，请来取机", "Repaired; please come and fetch it")),
            Self { .. } => None,
        }
    }
}

/// The work is finished and waits for the customer, and nothing else.
pub fn may_confirm(state: State, held: Held) -> bool {
    state == State::Done && held == Held::default()
}

/// Messages reach somebody.
pub const fn may_write(state: State) -> bool {
    !state.is_final() && !matches!(state, State::Audited)
}

/// The service can be rated.
pub const fn may_rate(state: State) -> bool {
    matches!(state, State::Done | State::Confirmed)
}

/// The code stands for a signature of work that is not finished yet.
pub const fn shows_code(state: State) -> bool {
    may_write(state) && !matches!(state, State::Done | State::Confirmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_done_follows_the_state() {
        let cases = [
            (State::New, (true, false, false, true)),
            (State::InProgress, (true, false, false, true)),
            (State::Done, (true, true, true, false)),
            (State::Confirmed, (true, false, true, false)),
            (State::Audited, (false, false, false, false)),
            (State::Closed, (false, false, false, false)),
            (State::Cancelled, (false, false, false, false)),
            (State::Reopened, (true, false, false, true)),
        ];
        for (state, expected) in cases {
            let got =
                (may_write(state), may_confirm(state, Held::default()), may_rate(state), shows_code(state));
            assert_eq!(got, expected, "{state:?}");
        }
    }

    #[test]
    fn nobody_is_asked_to_confirm_what_is_held_back() {
        for (over_quote, in_house) in [(true, false), (false, true), (true, true)] {
            let held = Held { over_quote, in_house };
            assert!(!may_confirm(State::Done, held) && held.words(State::Done).is_some());
            assert_eq!(held.words(State::Confirmed), None);
        }
        assert_eq!(Held::default().words(State::Done), None);
    }

    #[test]
    fn every_reason_to_wait_has_words() {
        for (code, _) in Waiting::OPTIONS {
            assert!(waiting(code).is_some(), "{code}");
        }
        assert!(waiting("").is_none());
    }
}
