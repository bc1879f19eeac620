//! Warranty policies and their decision.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod sheet;
pub mod store;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

use self::model::{ChangePolicy, Decision, NewPolicy, NewTerm, PolicyOut, Question};
use crate::perms::{POLICY_READ, POLICY_WRITE};

/// Pages and endpoints.
pub fn routes() -> Routes {
    Routes::new()
        .page("/warranty/policies/new", Perm(&POLICY_WRITE), pages::new)
        .form("/warranty/policies", Perm(&POLICY_WRITE), pages::create)
        .page("/warranty/policies/{id}", Perm(&POLICY_READ), pages::policy)
        .form("/warranty/policies/{id}", Perm(&POLICY_WRITE), pages::change)
        .page("/warranty/policies/{id}/terms/new", Perm(&POLICY_WRITE), pages::new_term)
        .form("/warranty/policies/{id}/terms", Perm(&POLICY_WRITE), pages::add_term)
        .page("/warranty/try", Perm(&POLICY_READ), pages::try_page)
        .form("/warranty/try", Perm(&POLICY_READ), pages::try_it)
        .page("/units/{id}/warranty", Perm(&POLICY_READ), pages::unit)
        .api_post::<NewPolicy, PolicyOut, _, _>(
            "/warranty/policies",
            Perm(&POLICY_WRITE),
            T("新建质保政策", "Make a warranty policy"),
            rest::create,
        )
        .api_get::<PolicyOut, _, _>(
            "/warranty/policies/{id}",
            Perm(&POLICY_READ),
            T("质保政策及其全部版本", "A warranty policy with all its terms"),
            rest::get,
        )
        .api_put::<ChangePolicy, PolicyOut, _, _>(
            "/warranty/policies/{id}",
            Perm(&POLICY_WRITE),
            T("改名或停用质保政策", "Rename or retire a warranty policy"),
            rest::change,
        )
        .api_post::<NewTerm, PolicyOut, _, _>(
            "/warranty/policies/{id}/terms",
            Perm(&POLICY_WRITE),
            T("增加一版条款（自某日起）", "Add terms from a day on"),
            rest::add_term,
        )
        .api_post::<Question, Decision, _, _>(
            "/warranty/decide",
            Perm(&POLICY_READ),
            T("试算质保判定", "What the policies say of a case"),
            rest::decide,
        )
        .api_get::<Decision, _, _>(
            "/units/{id}/warranty",
            Perm(&POLICY_READ),
            T(
                "机器的质保判定（可带 at、cause、group）",
                "What the policies say of a unit (at, cause and group may be given)",
            ),
            rest::unit,
        )
}
