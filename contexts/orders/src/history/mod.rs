//! Repair history: what was done to a unit, and for a customer, order by order (PROD-03, CUST-01).

pub mod model;
pub mod service;
pub mod store;
pub mod web;

use kernel::T;
use kit::{Access, Routes, attachments::Attachment};

use crate::perms::ORDER_READ;
use model::HistoryOut;

/// Fragments for the pages of units and customers, and the API.
pub fn routes(routes: Routes) -> Routes {
    let read = || Access::Perm(&ORDER_READ);
    routes
        .page("/customers/{id}/orders", read(), web::of_customer)
        .page("/units/{id}/orders", read(), web::of_unit)
        .page("/units/{id}/photos", read(), web::photos_of_unit)
        .api_get::<Vec<Attachment>, _, _>(
            "/units/{id}/photos",
            read(),
            T("设备历次工单的现场照片和视频", "Pictures and videos of a unit's orders"),
            web::list_photos_of_unit,
        )
        .api_get::<HistoryOut, _, _>(
            "/customers/{id}/orders",
            read(),
            T("客户的服务历史", "A customer's service history"),
            web::list_of_customer,
        )
        .api_get::<HistoryOut, _, _>(
            "/units/{id}/orders",
            read(),
            T("设备的维修历史", "A unit's repair history"),
            web::list_of_unit,
        )
}
