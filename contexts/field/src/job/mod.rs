//! One visit from departure to signature. Every change goes through the commands of orders; the pages only say what
//! is next.

mod forms;
pub mod model;
mod moves;
mod pages;
mod raise;
mod rest;
pub mod rules;
pub mod service;
mod sheets;
mod steps;
pub mod store;
mod upload;
mod views;

use kernel::T;
use kit::{Access, Routes};

pub(crate) use self::{forms::outcome, pages::answer};
use crate::perms::PHONE_USE;

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let phone = Access::Perm(&PHONE_USE);
    routes
        .page("/m/orders/{id}", phone, pages::job)
        .form("/m/orders/{id}/call", phone, moves::call)
        .form("/m/orders/{id}/route", phone, moves::route)
        .form("/m/orders/{id}/depart", phone, moves::depart)
        .form("/m/orders/{id}/arrive", phone, moves::arrive)
        .form("/m/orders/{id}/photos", phone, moves::photos)
        .form("/m/orders/{id}/start", phone, moves::start)
        .form("/m/orders/{id}/resume", phone, moves::resume)
        .form("/m/orders/{id}/confirm", phone, moves::confirm)
        .form("/m/orders/{id}/notes/{note}/close", phone, moves::close_note)
        .page("/m/orders/{id}/wait", phone, pages::wait)
        .form("/m/orders/{id}/wait", phone, moves::wait)
        .page("/m/orders/{id}/escalate", phone, raise::page)
        .form("/m/orders/{id}/escalate", phone, raise::raise)
        .page("/m/orders/{id}/parts", phone, pages::parts)
        .page("/m/orders/{id}/parts/suggest", phone, pages::suggest)
        .form("/m/orders/{id}/parts", phone, moves::add_part)
        .form("/m/orders/{id}/parts/{line}", phone, moves::change_part)
        .form("/m/orders/{id}/parts/{line}/remove", phone, moves::remove_part)
        .page("/m/orders/{id}/quote", phone, pages::quote)
        .form("/m/orders/{id}/quote", phone, moves::quote)
        .form("/m/orders/{id}/consent", phone, moves::consent)
        .page("/m/orders/{id}/complete", phone, pages::complete)
        .form("/m/orders/{id}/complete", phone, moves::complete)
        .api_get::<model::FieldOrder, _, _>(
            "/field/orders/{id}",
            phone,
            T(
                "工单的现场视图：设备、提醒、履历、下一步",
                "An order on site: unit, reminders, history, next step",
            ),
            rest::job,
        )
}
