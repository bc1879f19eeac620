//! Customer files.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod sheet;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access, DocBrief, DocKind, Routes};
use model::{CustomerOut, NewCustomer, Revealed};

use crate::perms::{CUSTOMER_MERGE, CUSTOMER_READ, CUSTOMER_REVEAL, CUSTOMER_WRITE};

/// Pages and API. The list, its export and `GET /api/v1/customers` come from [`lists::customers`].
pub fn routes(routes: Routes) -> Routes {
    let read = Access::Perm(&CUSTOMER_READ);
    let write = Access::Perm(&CUSTOMER_WRITE);
    let merge = Access::Perm(&CUSTOMER_MERGE);
    let reveal = Access::Perm(&CUSTOMER_REVEAL);
    routes
        .page("/customers/new", write, pages::new_customer)
        .form("/customers/new", write, pages::create)
        .page("/customers/suggest", read, pages::suggest)
        .page("/customers/{id}", read, pages::customer)
        .page("/customers/{id}/edit", write, pages::edit)
        .form("/customers/{id}/edit", write, pages::change)
        .form("/customers/{id}/archive", merge, pages::archive)
        .form("/customers/{id}/restore", merge, pages::restore)
        .form("/customers/{id}/reveal/{field}", reveal, pages::reveal)
        .api_get::<Vec<CustomerOut>, _, _>(
            "/customers/by-phone",
            read,
            T("按电话查找客户", "Customers by phone number"),
            rest::by_phone,
        )
        .api_post::<NewCustomer, CustomerOut, _, _>(
            "/customers",
            write,
            T("新建客户档案", "Open a customer file"),
            rest::create,
        )
        .api_get::<CustomerOut, _, _>("/customers/{id}", read, T("客户档案", "A customer file"), rest::get)
        .api_put::<NewCustomer, CustomerOut, _, _>(
            "/customers/{id}",
            write,
            T("修改客户档案", "Change a customer file"),
            rest::change,
        )
        .api_post::<(), CustomerOut, _, _>(
            "/customers/{id}/archive",
            merge,
            T("归档", "Archive a file"),
            rest::archive,
        )
        .api_post::<(), CustomerOut, _, _>(
            "/customers/{id}/restore",
            merge,
            T("取消归档", "Restore a file"),
            rest::restore,
        )
        .api_post::<(), Revealed, _, _>(
            "/customers/{id}/reveal/{field}",
            reveal,
            T("查看完整电话、邮件或地址（留痕）", "Reveal phone, e-mail or address (recorded)"),
            rest::reveal,
        )
}

/// How panels (comments, files, clocks) ask whether the caller may see or change a file.
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "customer",
        label: T("客户", "Customer"),
        href: "/customers/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = store::get_customer(conn, id).await?;
                cx.authorize(if write { &CUSTOMER_WRITE } else { &CUSTOMER_READ }, &row)?;
                Ok(DocBrief { doc: service::doc(&row), org: row.org_id, title: row.name })
            })
        },
    }
}
