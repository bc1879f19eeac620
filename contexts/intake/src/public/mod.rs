//! A page for everybody: a request from the code on a unit (CALL-29). How it stands is shown by the portal.

mod pages;
mod service;
mod store;
mod views;

use kit::{Access::Public, Routes};

/// Pages.
pub fn routes() -> Routes {
    Routes::new().page("/u/{token}/report", Public, pages::report).form(
        "/u/{token}/report",
        Public,
        pages::submit,
    )
}
