//! Further people and places of a customer.

pub mod model;
mod pages;
mod rest;
mod rules;
pub mod service;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access, Routes};
use model::{AddressOut, ContactOut, NewAddress, NewContact};

use crate::{
    customer::model::Revealed,
    perms::{CUSTOMER_READ, CUSTOMER_REVEAL, CUSTOMER_WRITE},
};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&CUSTOMER_READ), Access::Perm(&CUSTOMER_WRITE));
    routes
        .page("/customers/{id}/contacts/new", write, pages::new_contact)
        .form("/customers/{id}/contacts", write, pages::add_contact)
        .form("/customers/{id}/contacts/{contact}/remove", write, pages::remove_contact)
        .page("/customers/{id}/addresses/new", write, pages::new_address)
        .form("/customers/{id}/addresses", write, pages::add_address)
        .form("/customers/{id}/addresses/{address}/remove", write, pages::remove_address)
        .form("/customers/{id}/items/{item}/reveal/{field}", Access::Perm(&CUSTOMER_REVEAL), pages::reveal)
        .api_get::<Vec<ContactOut>, _, _>(
            "/customers/{id}/contacts",
            read,
            T("客户的联系人", "Contacts of a customer"),
            rest::contacts,
        )
        .api_post::<NewContact, ContactOut, _, _>(
            "/customers/{id}/contacts",
            write,
            T("添加联系人", "Add a contact"),
            rest::add_contact,
        )
        .api_delete::<(), _, _>(
            "/customers/{id}/contacts/{contact}",
            write,
            T("删除联系人", "Remove a contact"),
            rest::remove_contact,
        )
        .api_post::<(), Revealed, _, _>(
            "/customers/{id}/items/{item}/reveal/{field}",
            Access::Perm(&CUSTOMER_REVEAL),
            T("查看联系人电话、其他地址（留痕）", "Reveal a field of a contact or address (recorded)"),
            rest::reveal,
        )
        .api_get::<Vec<AddressOut>, _, _>(
            "/customers/{id}/addresses",
            read,
            T("客户的其他地址", "Further addresses of a customer"),
            rest::addresses,
        )
        .api_post::<NewAddress, AddressOut, _, _>(
            "/customers/{id}/addresses",
            write,
            T("添加地址", "Add an address"),
            rest::add_address,
        )
        .api_delete::<(), _, _>(
            "/customers/{id}/addresses/{address}",
            write,
            T("删除地址", "Remove an address"),
            rest::remove_address,
        )
}
