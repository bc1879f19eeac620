//! States and moves of a service order: the one place that says what may follow what (DESIGN §7.2, WO-03).
//!
//! Macro states are the same for every trade. Process templates refine the steps inside them; they read this table
//! (`process::rules::way`), they don't copy it.

use kernel::T;
use kit::flow::{Flow, Move};

use crate::perms::{
    ORDER_ACCEPT, ORDER_ASSIGN, ORDER_AUDIT, ORDER_COMPLETE, ORDER_CONFIRM, ORDER_EDIT, ORDER_LINES,
    ORDER_QUOTE, ORDER_REOPEN, ORDER_STOP, ORDER_UNLOCK, ORDER_WORK,
};

db::codes! {
    /// Macro state of an order.
    pub enum State {
        /// just opened
        New = "new" ("新建", "New"),
        /// somebody took it
        Accepted = "accepted" ("已受理", "Accepted"),
        /// engineer and time are fixed
        Scheduled = "scheduled" ("已派工", "Scheduled"),
        /// on the way or at work
        InProgress = "in_progress" ("处理中", "In progress"),
        /// stopped for a coded reason
        Waiting = "waiting" ("等待中", "Waiting"),
        /// work finished
        Done = "done" ("已完工", "Done"),
        /// acknowledged by the customer
        Confirmed = "confirmed" ("已确认", "Confirmed"),
        /// audited and locked
        Audited = "audited" ("已审核", "Audited"),
        /// finished for good
        Closed = "closed" ("已关闭", "Closed"),
        /// sent back: after a bad callback, or by hand
        Reopened = "reopened" ("返工", "Reopened"),
        /// dropped before work
        Cancelled = "cancelled" ("已取消", "Cancelled"),
        /// broken off
        Terminated = "terminated" ("已终止", "Terminated"),
        /// given back without repair
        Returned = "returned_unrepaired" ("未修复返回", "Returned unrepaired"),
    }
}

impl State {
    /// Nothing more will be done to it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled | Self::Terminated | Self::Returned)
    }

    /// Work is still to be done or accepted: counts as open in lists.
    pub const fn is_open(self) -> bool {
        !self.is_final() && !matches!(self, Self::Audited)
    }

    /// Code of the design system's state colour and ring.
    pub const fn look(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Accepted => "accepted",
            Self::Scheduled => "dispatched",
            Self::InProgress => "working",
            Self::Waiting => "parts",
            Self::Done => "done",
            Self::Confirmed => "accept",
            Self::Audited => "settled",
            Self::Closed => "closed",
            Self::Reopened => "pending",
            Self::Cancelled | Self::Terminated | Self::Returned => "canceled",
        }
    }
}

const BEFORE_WORK: &[&str] = &["new", "accepted", "scheduled", "reopened"];
const AT_WORK: &[&str] = &["in_progress", "waiting"];
const UNFINISHED: &[&str] = &["new", "accepted", "scheduled", "in_progress", "waiting", "reopened"];
const FINISHED: &[&str] = &["done", "confirmed"];
const LOCKED: &[&str] = &["audited", "closed"];
const UNLOCKED: &[&str] =
    &["new", "accepted", "scheduled", "in_progress", "waiting", "reopened", "done", "confirmed"];

/// The table.
pub static FLOW: Flow = Flow {
    doc: "order",
    states: State::OPTIONS,
    moves: &[
        Move {
            from: &["new", "reopened"],
            action: "accept",
            to: "accepted",
            label: T("受理", "Accept"),
            perm: &ORDER_ACCEPT,
        },
        Move {
            from: BEFORE_WORK,
            action: "assign",
            to: "scheduled",
            label: T("派工", "Assign"),
            perm: &ORDER_ASSIGN,
        },
        // Reassignment keeps the state and every promised time (WO-44).
        Move { from: AT_WORK, action: "assign", to: "", label: T("改派", "Reassign"), perm: &ORDER_ASSIGN },
        Move {
            from: &["scheduled"],
            action: "depart",
            to: "",
            label: T("出发", "Depart"),
            perm: &ORDER_WORK,
        },
        Move {
            from: &["scheduled"],
            action: "arrive",
            to: "in_progress",
            label: T("到达", "Arrive"),
            perm: &ORDER_WORK,
        },
        Move {
            from: &["scheduled", "in_progress"],
            action: "start",
            to: "in_progress",
            label: T("开工", "Start work"),
            perm: &ORDER_WORK,
        },
        Move {
            from: &["accepted", "scheduled", "in_progress"],
            action: "wait",
            to: "waiting",
            label: T("挂起", "Wait"),
            perm: &ORDER_WORK,
        },
        // Back to where it stood before it waited: what was not done by then is still to be done.
        Move {
            from: &["waiting"],
            action: "resume",
            to: "in_progress",
            label: T("恢复", "Resume"),
            perm: &ORDER_WORK,
        },
        Move {
            from: &["waiting"],
            action: "resume",
            to: "scheduled",
            label: T("恢复", "Resume"),
            perm: &ORDER_WORK,
        },
        Move {
            from: &["waiting"],
            action: "resume",
            to: "accepted",
            label: T("恢复", "Resume"),
            perm: &ORDER_WORK,
        },
        Move {
            from: &["in_progress"],
            action: "complete",
            to: "done",
            label: T("完工回单", "Complete"),
            perm: &ORDER_COMPLETE,
        },
        Move {
            from: &["done"],
            action: "confirm",
            to: "confirmed",
            label: T("客户确认", "Confirm"),
            perm: &ORDER_CONFIRM,
        },
        Move {
            from: &["confirmed"],
            action: "audit",
            to: "audited",
            label: T("审核", "Audit"),
            perm: &ORDER_AUDIT,
        },
        Move {
            from: &["audited"],
            action: "close",
            to: "closed",
            label: T("关闭", "Close"),
            perm: &ORDER_AUDIT,
        },
        Move {
            from: FINISHED,
            action: "reopen",
            to: "reopened",
            label: T("返工", "Reopen"),
            perm: &ORDER_REOPEN,
        },
        // The audit is void: pay is taken back (PAY-15), and callback and audit come again after the rework.
        Move {
            from: LOCKED,
            action: "reopen",
            to: "reopened",
            label: T("审核后返工", "Reopen after the audit"),
            perm: &ORDER_UNLOCK,
        },
        Move { from: UNLOCKED, action: "quote", to: "", label: T("报价", "Quote"), perm: &ORDER_QUOTE },
        Move {
            from: UNLOCKED,
            action: "consent",
            to: "",
            label: T("登记同意", "Record consent"),
            perm: &ORDER_QUOTE,
        },
        Move {
            from: UNFINISHED,
            action: "escalate",
            to: "",
            label: T("升级", "Escalate"),
            perm: &ORDER_WORK,
        },
        Move {
            from: UNFINISHED,
            action: "limit",
            to: "",
            label: T("另议时限", "Agree another limit"),
            perm: &ORDER_ASSIGN,
        },
        Move {
            from: UNFINISHED,
            action: "loaner",
            to: "",
            label: T("周转机", "Loaner"),
            perm: &ORDER_ASSIGN,
        },
        Move {
            from: BEFORE_WORK,
            action: "verify",
            to: "",
            label: T("核实信息", "Verify data"),
            perm: &ORDER_EDIT,
        },
        Move { from: UNLOCKED, action: "edit", to: "", label: T("编辑", "Edit"), perm: &ORDER_EDIT },
        Move {
            from: UNLOCKED,
            action: "lines",
            to: "",
            label: T("备件与费用", "Parts and fees"),
            perm: &ORDER_LINES,
        },
        // Not what came back: its work was done and stays charged.
        Move {
            from: &["new", "accepted", "scheduled"],
            action: "cancel",
            to: "cancelled",
            label: T("取消", "Cancel"),
            perm: &ORDER_STOP,
        },
        Move {
            from: UNFINISHED,
            action: "terminate",
            to: "terminated",
            label: T("终止", "Terminate"),
            perm: &ORDER_STOP,
        },
        Move {
            from: &["in_progress", "waiting"],
            action: "return",
            to: "returned_unrepaired",
            label: T("未修复返回", "Return unrepaired"),
            perm: &ORDER_WORK,
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_faults() {
        assert_eq!(FLOW.faults("new"), Vec::<String>::new());
    }

    #[test]
    fn only_reopening_leaves_what_is_closed_and_the_audit_is_left_for_that_or_the_end() {
        for m in FLOW.moves {
            for from in m.from {
                let state = State::parse(from).expect("a state");
                assert!(
                    !state.is_final() || (state == State::Closed && m.action == "reopen"),
                    "{} leaves {from}",
                    m.action
                );
                assert!(state != State::Audited || matches!(m.action, "close" | "reopen"));
            }
        }
    }

    #[test]
    fn every_open_state_can_still_reach_the_end() {
        for (code, _) in State::OPTIONS {
            let mut reached = vec![*code];
            let mut index = 0;
            while index < reached.len() {
                let at = reached[index];
                for m in FLOW.moves.iter().filter(|m| !m.to.is_empty() && m.from.contains(&at)) {
                    if !reached.contains(&m.to) {
                        reached.push(m.to);
                    }
                }
                index += 1;
            }
            let end = State::parse(code).is_some_and(State::is_final);
            assert!(end || reached.contains(&"closed"), "{code} is a dead end");
        }
    }
}
