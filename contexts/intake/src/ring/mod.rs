//! Calls while they ring: the telephone system tells, and the browser of whoever is rung shows who it is before anything
//! is typed (CALL-02). How quickly calls are taken, and which nobody took (CALL-12).

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
mod store;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

use crate::perms::{CALL_EVENT, CALL_READ, CALL_WRITE};
use model::{CallEventOut, CallFigures, Extension, NewCallEvent, SetExtension};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/calls/desk", Perm(&CALL_WRITE), pages::desk)
        .form("/calls/desk/extension", Perm(&CALL_WRITE), pages::set_extension)
        .form("/calls/desk/test", Perm(&CALL_EVENT), pages::test)
        .page("/calls/{id}/pop", Perm(&CALL_WRITE), pages::pop)
        .api_post::<NewCallEvent, CallEventOut, _, _>(
            "/calls/events",
            Perm(&CALL_EVENT),
            T(
                "电话系统上报来电事件：振铃、接听、挂断、占线；重复上报无副作用",
                "Events of a telephone system: ring, answer, hangup, busy; telling twice does nothing twice",
            ),
            rest::event,
        )
        .api_get::<CallFigures, _, _>(
            "/calls/figures",
            Perm(&CALL_READ),
            T("接听质量（?days= 天数，默认 30）", "How calls were answered: ?days=, 30 unless given"),
            rest::figures,
        )
        .api_get::<Vec<Extension>, _, _>(
            "/call-extensions",
            Perm(&CALL_WRITE),
            T("谁坐在哪个分机", "Who sits at which telephone"),
            rest::extensions,
        )
        .api_put::<SetExtension, Vec<Extension>, _, _>(
            "/call-extensions",
            Perm(&CALL_WRITE),
            T("设置自己或员工的分机；留空取消", "Set one's own or somebody's extension; empty: none"),
            rest::set_extension,
        )
}
