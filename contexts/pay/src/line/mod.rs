//! Pay lines: what each person earned with each order, and why.

pub mod lists;
pub mod model;
mod pages;
pub mod print;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

use self::model::{AnswerDispute, AskDispute, DisputeRow, GiveReward, LineOut, OrderPay};
use crate::perms::{PAY_COMPUTE, PAY_MINE, PAY_READ, PAY_REWARD};

/// Pages and endpoints.
pub fn routes() -> Routes {
    Routes::new()
        .page("/orders/{id}/pay", Perm(&PAY_READ), pages::of_order)
        .page("/pay/lines/{id}", Perm(&PAY_READ), pages::line)
        .page("/pay/rewards/new", Perm(&PAY_REWARD), pages::new_reward)
        .form("/pay/rewards", Perm(&PAY_REWARD), pages::give_reward)
        .form("/pay/disputes", Perm(&PAY_MINE), pages::ask)
        .page("/pay/disputes/{id}", Perm(&PAY_REWARD), pages::dispute)
        .form("/pay/disputes/{id}/answer", Perm(&PAY_REWARD), pages::answer)
        .api_get::<OrderPay, _, _>(
            "/orders/{id}/pay",
            Perm(&PAY_READ),
            T("工单的提成和奖惩", "The pay of an order"),
            rest::of_order,
        )
        .api_post::<(), OrderPay, _, _>(
            "/orders/{id}/pay/compute",
            Perm(&PAY_COMPUTE),
            T(
                "立即计算已审核工单的提成（已算则返回）",
                "Compute the pay of an audited order now, if it was not yet",
            ),
            rest::compute,
        )
        .api_post::<GiveReward, LineOut, _, _>(
            "/pay/rewards",
            Perm(&PAY_REWARD),
            T("登记奖惩", "Reward or penalise by hand"),
            rest::give_reward,
        )
        .api_post::<AskDispute, DisputeRow, _, _>(
            "/pay/disputes",
            Perm(&PAY_MINE),
            T("对本人的薪酬明细提出异议", "Ask about one's own pay line"),
            rest::ask,
        )
        .api_post::<AnswerDispute, DisputeRow, _, _>(
            "/pay/disputes/{id}/answer",
            Perm(&PAY_REWARD),
            T("答复异议", "Answer a question about pay"),
            rest::answer,
        )
}
