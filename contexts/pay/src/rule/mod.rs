//! Pay rules: commissions, deductions for lateness, rewards and penalties, post wages.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
pub mod views;
pub mod words;

use kernel::T;
use kit::{Access::Perm, Routes};

use self::model::{
    CommissionRow, EndOn, ItemRow, NewCommission, NewItem, NewStep, NewWage, Rules, StepRow, WageRow,
};
use crate::perms::{RULES_READ, RULES_WRITE, WAGES_WRITE};

/// Pages and endpoints.
pub fn routes() -> Routes {
    let end = T("结束规则", "End a rule");
    Routes::new()
        .page("/pay/rules/new", Perm(&RULES_WRITE), pages::new_commission)
        .form("/pay/rules", Perm(&RULES_WRITE), pages::add_commission)
        .page("/pay/deadlines/new", Perm(&RULES_WRITE), pages::new_step)
        .form("/pay/deadlines", Perm(&RULES_WRITE), pages::add_step)
        .page("/pay/items/new", Perm(&RULES_WRITE), pages::new_item)
        .form("/pay/items", Perm(&RULES_WRITE), pages::add_item)
        .page("/pay/wages/new", Perm(&WAGES_WRITE), pages::new_wage)
        .form("/pay/wages", Perm(&WAGES_WRITE), pages::set_wage)
        .api_get::<Rules, _, _>(
            "/pay/in-force",
            Perm(&RULES_READ),
            T("某日有效的提成、期限扣费和奖惩规则", "Pay rules in force on a day"),
            rest::rules,
        )
        .api_post::<NewCommission, CommissionRow, _, _>(
            "/pay/rules",
            Perm(&RULES_WRITE),
            T("增加提成规则", "Add a commission rule"),
            rest::add_commission,
        )
        .api_post::<NewStep, StepRow, _, _>(
            "/pay/deadlines",
            Perm(&RULES_WRITE),
            T("增加期限扣费档次", "Add a step of the deductions for lateness"),
            rest::add_step,
        )
        .api_post::<NewItem, ItemRow, _, _>(
            "/pay/items",
            Perm(&RULES_WRITE),
            T("增加奖惩项", "Add a reward or penalty"),
            rest::add_item,
        )
        .api_post::<NewWage, WageRow, _, _>(
            "/pay/wages",
            Perm(&WAGES_WRITE),
            T("设定岗位工资", "Set a post wage"),
            rest::set_wage,
        )
        .api_post::<EndOn, EndOn, _, _>("/pay/rules/{id}/end", Perm(&RULES_WRITE), end, rest::end_commission)
        .api_post::<EndOn, EndOn, _, _>("/pay/deadlines/{id}/end", Perm(&RULES_WRITE), end, rest::end_step)
        .api_post::<EndOn, EndOn, _, _>("/pay/items/{id}/end", Perm(&RULES_WRITE), end, rest::end_item)
}
