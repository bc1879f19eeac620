//! Pages for everybody: a request from the code on a unit, and how a request stands (CALL-29).

mod pages;
mod service;
mod views;

use kit::{Access::Public, Routes};

/// Pages.
pub fn routes() -> Routes {
    Routes::new()
        .page("/u/{token}/report", Public, pages::report)
        .form("/u/{token}/report", Public, pages::submit)
        .page("/r/{token}", Public, pages::status)
}
