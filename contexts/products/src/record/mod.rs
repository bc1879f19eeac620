//! What is recorded on units over their life.

pub mod model;
mod pages;
mod rest;
mod rules;
pub mod service;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access, Routes};
use model::{
    CloseNote, NewItem, NewNote, NewReading, NewWear, Reading, Records, Relocate, TickItem, Transfer,
    UnitItem, UnitNote, WearSeen,
};

use crate::{
    perms::{UNIT_READ, UNIT_TRANSFER, UNIT_WRITE},
    unit::model::UnitOut,
};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    api(pages(routes))
}

fn pages(routes: Routes) -> Routes {
    let (write, transfer) = (Access::Perm(&UNIT_WRITE), Access::Perm(&UNIT_TRANSFER));
    routes
        .page("/units/{id}/add/{what}", write, pages::dialog)
        .form("/units/{id}/items", write, pages::add_item)
        .form("/units/{id}/items/{item}", write, pages::tick_item)
        .form("/units/{id}/notes", write, pages::add_note)
        .page("/units/{id}/notes/{note}/close", write, pages::close_form)
        .form("/units/{id}/notes/{note}/close", write, pages::close_note)
        .form("/units/{id}/wear", write, pages::add_wear)
        .form("/units/{id}/readings", write, pages::add_reading)
        .page("/units/{id}/transfer", transfer, pages::transfer_form)
        .form("/units/{id}/transfer", transfer, pages::transfer)
        .page("/units/{id}/relocate", transfer, pages::relocate_form)
        .form("/units/{id}/relocate", transfer, pages::relocate)
}

fn api(routes: Routes) -> Routes {
    let (read, write, transfer) =
        (Access::Perm(&UNIT_READ), Access::Perm(&UNIT_WRITE), Access::Perm(&UNIT_TRANSFER));
    routes
        .api_get::<Records, _, _>(
            "/units/{id}/records",
            read,
            T("设备的全部记录", "Everything recorded on a unit"),
            rest::records,
        )
        .api_post::<NewItem, UnitItem, _, _>(
            "/units/{id}/items",
            write,
            T("添加随机物品", "Add a delivery item"),
            rest::add_item,
        )
        .api_post::<TickItem, Records, _, _>(
            "/units/{id}/items/{item}",
            write,
            T("勾选随机物品", "Tick a delivery item"),
            rest::tick_item,
        )
        .api_post::<NewNote, UnitNote, _, _>(
            "/units/{id}/notes",
            write,
            T("记录未解决的问题", "Note a problem"),
            rest::add_note,
        )
        .api_post::<CloseNote, Records, _, _>(
            "/units/{id}/notes/{note}/close",
            write,
            T("关闭问题", "Close a problem"),
            rest::close_note,
        )
        .api_post::<NewWear, WearSeen, _, _>(
            "/units/{id}/wear",
            write,
            T("记录易损件剩余寿命", "Note the remaining life of a part"),
            rest::add_wear,
        )
        .api_post::<NewReading, Reading, _, _>(
            "/units/{id}/readings",
            write,
            T("抄表", "Record a meter reading"),
            rest::add_reading,
        )
        .api_post::<Transfer, UnitOut, _, _>(
            "/units/{id}/transfer",
            transfer,
            T("移交产权", "Transfer ownership"),
            rest::transfer,
        )
        .api_post::<Relocate, UnitOut, _, _>(
            "/units/{id}/relocate",
            transfer,
            T("转移场地", "Relocate a unit"),
            rest::relocate,
        )
}
