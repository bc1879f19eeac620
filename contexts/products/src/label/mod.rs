//! QR labels. The public page behind them is the portal's.

mod pages;
pub mod rules;
pub mod service;
mod views;

use kernel::T;
use kit::{Access, Routes};

use crate::{
    perms::{UNIT_READ, UNIT_WRITE},
    unit::model::UnitOut,
};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&UNIT_READ), Access::Perm(&UNIT_WRITE));
    routes
        .page("/units/{id}/label", read, pages::label)
        .page("/units/{id}/qr.svg", read, pages::qr)
        .form("/units/{id}/label/renew", write, pages::renew)
        .api_post::<(), UnitOut, _, _>(
            "/units/{id}/label/renew",
            write,
            T("更换二维码（旧标签作废）", "Replace the QR code; old labels stop working"),
            pages::renew_api,
        )
}
