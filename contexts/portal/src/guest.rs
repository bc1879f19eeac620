//! The customer as an actor, and what protects pages whose secret stands in the address.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode},
    response::Response,
};
use kernel::{Id, RuleError, T};
use kit::{Actor, Cx, Error, Req, Result};
use maud::Markup;
use ui::Btn;

/// Looks at public pages from one address per minute.
const MOST_LOOKS: u32 = 120;
/// Writes from one address per minute, over all public forms of a kind.
const MOST_WRITES: u32 = 10;

/// The context in which commands of lower contexts run for a customer: rights and name are the customer's, and answers
/// are not kept under a key that anybody could guess.
pub fn customer(cx: &Cx) -> Cx {
    let actor = Actor { name: "客户".into(), login: "customer".into(), ..Actor::system() };
    let req = Req { id: cx.req.id.clone(), ip: cx.req.ip.clone(), ..Req::default() };
    Cx { actor: Some(Arc::new(actor)), req: Arc::new(req), ..cx.clone() }
}

/// Whoever is signed in as staff must not speak for a customer: acceptance and rating would prove nothing.
pub fn not_staff(cx: &Cx) -> Result<()> {
    if cx.actor.is_none() {
        return Ok(());
    }
    let text = T(
        "您已登录员工账户，不能代客户操作；请退出登录或用客户自己的手机打开",
        "You are signed in as staff and can't act for the customer; sign out, or use the customer's own phone",
    );
    Err(Error::rule(RuleError::new("portal.staff", text)))
}

/// 429 for whoever looks or guesses too often.
pub fn look(cx: &Cx) -> Result<()> {
    cx.app.limits.hit(&format!("portal.look:{}", cx.req.ip), MOST_LOOKS, cx.now())
}

/// 429 for whoever writes too often; `what` keeps forms apart.
pub fn write(cx: &Cx, what: &str) -> Result<()> {
    look(cx)?;
    cx.app.limits.hit(&format!("portal.{what}:{}", cx.req.ip), MOST_WRITES, cx.now())
}

/// A page whose address is a secret: no search engine keeps it.
pub fn page(cx: &Cx, title: &str, main: Markup, status: StatusCode) -> Response {
    let mut response = cx.bare(title, main, status);
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

/// An address can hold anything; a secret is letters and digits.
pub fn plausible(token: &str) -> Result<()> {
    let good = (20..=64).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if good { Ok(()) } else { Err(Error::NotFound) }
}

/// A secret of 26 letters from 130 random bits.
pub fn secret() -> String {
    const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    let random: [u8; 26] = rand::random();
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// An old label or link of a customer: whom to call, instead of a way to the staff's sign-in.
pub async fn lost(cx: &Cx) -> Option<Markup> {
    let first = cx.req.uri.split(['/', '?']).nth(1).unwrap_or_default();
    if !["u", "f", "r"].contains(&first) {
        return None;
    }
    // Nothing is known of whom it belonged to: the number that counts for everybody.
    let hotline: String = cx.setting(&products::api::HOTLINE, Id::NIL).await.unwrap_or_default();
    let title = cx.t(T("二维码或链接已失效", "This code or link is no longer valid"));
    let (words, call) = if hotline.is_empty() {
        let words = T(
            "可能已更换新的二维码，请联系您购买产品的商家。",
            "It may have been replaced. Please contact the shop you bought the product from.",
        );
        (cx.t(words).to_string(), None)
    } else {
        let words = T(
            "可能已更换新的二维码，请拨打 {hotline}，我们帮您查询。",
            "It may have been replaced. Please call {hotline}, we will look it up for you.",
        );
        let label = format!("{} {hotline}", cx.t(T("拨打热线", "Call")));
        let call = Btn::link(label, format!("tel:{hotline}")).icon("phone").primary();
        (words.fill(cx.lang, &[("hotline", hotline)]), Some(call))
    };
    Some(ui::error_view(404, title, &words, &call.into_iter().collect::<Vec<_>>()))
}
