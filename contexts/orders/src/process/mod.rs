//! Orders that work by a process template: which ones, and how the fixed macro states and the template's steps keep in
//! step (DESIGN §7.3, DOC-19, DOC-22).

pub mod bill;
pub mod model;
mod rules;
pub mod service;
pub mod supply;
pub mod views;
mod web;

use kernel::T;
use kit::{Access, Routes};

use pricing::api::KIND_WRITE;

use crate::perms::ORDER_READ;
use model::{Processes, SetProcesses};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let write = Access::Perm(&KIND_WRITE);
    routes
        .page("/order-processes", write, web::page)
        .page("/order-processes/edit", write, web::form)
        .form("/order-processes", write, web::save_form)
        .api_get::<Processes, _, _>(
            "/order-processes",
            Access::Perm(&ORDER_READ),
            T("工单按什么流程办理", "Which orders work by which process"),
            web::list,
        )
        .api_put::<SetProcesses, Processes, _, _>(
            "/order-processes",
            write,
            T("设置工单流程", "Set which orders work by which process"),
            web::save,
        )
}
