//! Pages for everybody: a request from the code on a unit, or without one where the company offers it (CALL-29). How it
//! stands is shown by the portal.

mod open;
mod pages;
mod service;
mod store;
mod views;

use kernel::T;
use kit::{Access::Public, Routes};

use open::{PublicReport, Reported};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/u/{token}/report", Public, pages::report)
        .form("/u/{token}/report", Public, pages::submit)
        .page("/report", Public, open::form)
        .form("/report", Public, open::submit)
        .api_post::<PublicReport, Reported, _, _>(
            "/public/units/{token}/report",
            Public,
            T(
                "客户凭设备二维码网上报修（可带照片）",
                "A customer reports a problem of the unit behind a code, with pictures",
            ),
            open::api_unit,
        )
        .api_post::<PublicReport, Reported, _, _>(
            "/public/report",
            Public,
            T(
                "没有设备码的网上报修（须启用）",
                "A report without a unit's code, where the company offers it",
            ),
            open::api,
        )
}
