//! Signing in and out, sessions, API tokens, one-time start links, the own account (ORG-07, ORG-09).

mod model;
mod pages;
mod rest;
mod rules;
mod service;
mod store;
mod views;

use kernel::T;
use kit::{
    Access, Routes, Schedule,
    settings::{Setting, SettingKind},
};

pub use model::*;
pub(crate) use pages::{entered, login_page, user_agent};
pub(crate) use rules::local_path;
pub(crate) use rules::{check_login, fold_login};
pub(crate) use service::{
    Signed, as_actor, check_password, end_sessions_in, limit, limit_address, new_token_for, of_user,
    set_password, sign_in_by_sso, start_link_in,
};
pub(crate) use views::credentials;

use crate::{TOKEN_WRITE, USER_READ, USER_WRITE};

/// Hours that a session lasts.
pub static SESSION_HOURS: Setting = Setting {
    key: "org.session_hours",
    label: T("登录有效时长", "How long a sign-in lasts"),
    unit: T("小时", "hours"),
    kind: SettingKind::Int { min: 1, max: 2160 },
    default: "168",
    per_org: false,
};

/// Removes credentials that ended long ago.
pub(crate) fn tidy() -> Schedule {
    Schedule { name: "org.tidy_credentials", every_secs: 86_400, run: |cx| Box::pin(service::tidy(cx)) }
}

pub(crate) fn routes() -> Routes {
    use Access::{Perm, Public, SignedIn};
    Routes::new()
        .page("/login", Public, pages::login)
        .form("/login", Public, pages::sign_in)
        .form("/login/code", Public, pages::sign_in_code)
        .form("/logout", Public, pages::sign_out)
        .page("/start/{token}", Public, pages::start)
        .form("/start/{token}", Public, pages::set_first_password)
        .page("/me", SignedIn, pages::me)
        .form("/me/password", SignedIn, pages::change_password)
        .form("/me/credentials/{id}/revoke", SignedIn, pages::revoke)
        .form("/me/tokens", Perm(&TOKEN_WRITE), pages::new_token)
        .api_get::<Me, _, _>("/me", SignedIn, T("我是谁，有哪些权限", "Who I am and what I may do"), rest::me)
        .api_post::<ChangePassword, (), _, _>(
            "/me/password",
            SignedIn,
            T("修改自己的密码", "Change the own password"),
            rest::change_password,
        )
        .api_get::<Vec<CredentialOut>, _, _>(
            "/sessions",
            SignedIn,
            T("我的登录会话", "My sessions"),
            rest::sessions,
        )
        .api_delete::<(), _, _>("/sessions/{id}", SignedIn, T("结束会话", "End a session"), rest::revoke)
        .api_get::<Vec<CredentialOut>, _, _>(
            "/tokens",
            SignedIn,
            T("我的接口令牌", "My API tokens"),
            rest::tokens,
        )
        .api_post::<NewToken, TokenOut, _, _>(
            "/tokens",
            Perm(&TOKEN_WRITE),
            T("创建接口令牌，密文只显示一次", "Make an API token; its secret is shown once"),
            rest::new_token,
        )
        .api_delete::<(), _, _>("/tokens/{id}", SignedIn, T("吊销令牌", "Revoke a token"), rest::revoke)
        .api_get::<Vec<CredentialOut>, _, _>(
            "/users/{id}/sessions",
            Perm(&USER_READ),
            T("用户的会话和令牌", "Sessions and tokens of a user"),
            rest::of_user,
        )
        .api_post::<(), (), _, _>(
            "/users/{id}/sign-out",
            Perm(&USER_WRITE),
            T("结束用户的全部会话", "End all sessions of a user"),
            rest::sign_out_user,
        )
        .form("/users/{id}/sign-out", Perm(&USER_WRITE), pages::sign_out_user)
}
