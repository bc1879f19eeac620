//! Customer classes, a table that companies extend.

pub mod model;
mod pages;
mod rest;
mod rules;
mod service;
pub mod store;

use kernel::T;
use kit::{Access, Routes};
use model::ClassRow;

use crate::perms::{CLASS_WRITE, CUSTOMER_READ};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&CUSTOMER_READ), Access::Perm(&CLASS_WRITE));
    routes
        .page("/customer-classes", read, pages::classes)
        .form("/customer-classes", write, pages::save)
        .api_get::<Vec<ClassRow>, _, _>(
            "/customer-classes",
            read,
            T("客户类别", "Customer classes"),
            rest::list,
        )
        .api_put::<ClassRow, ClassRow, _, _>(
            "/customer-classes",
            write,
            T("新增或修改客户类别", "Add or change a class"),
            rest::save,
        )
}
