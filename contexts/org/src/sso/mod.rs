//! Single sign-on by OpenID Connect (DESIGN §9): off unless the configuration names a provider.

mod pages;
mod provider;
mod rules;
mod service;
mod store;

use kit::{Access::Public, Routes};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .page("/login/sso", Public, pages::begin)
        .page("/login/sso/callback", Public, pages::callback)
        .page("/login/sso/out", Public, pages::out)
}
