//! What the sign-in pages and the own account look like.

use kernel::T;
use kit::{Cx, FormErrors, Result, format};
use ui::{Btn, Col, Field, Form, Markup, Row, Table, Tone, html};

use super::{model::*, service};
use crate::TOKEN_WRITE;

pub(super) const SIGN_IN: T = T("登录", "Sign in");
pub(super) const WELCOME: T = T("设置密码", "Set a password");
pub(super) const ME: T = T("我的账户", "My account");
const NEW_PASSWORD: T = T("新密码", "New password");
const REPEAT: T = T("再输入一次", "The same again");

pub(super) fn login(cx: &Cx, input: &SignIn, problem: Option<String>, out: bool) -> Markup {
    let next = input.next.as_deref().unwrap_or("/");
    let sso = cx.app.config.sso.as_ref();
    let only = sso.is_some_and(|sso| sso.only);
    let form = html! {
        @if let Some(problem) = &problem { (ui::alert(Tone::Red, problem)) }
        @if let Some(sso) = sso {
            @if out { (signed_out(cx, &sso.label)) }
            @let label = if sso.label.is_empty() { cx.t(T("统一登录", "Single sign-on")) } else { &sso.label };
            (Btn::link(label, sso_href(next)).icon("key").block().attr("hx-boost", "false"))
        }
        @if !only { (password_login(cx, input, next)) }
    };
    let intro = if only {
        T("请用统一登录进入", "Use the single sign-on")
    } else {
        T("请用工号和密码登录", "Sign in with your login name and password")
    };
    ui::bare_card(&cx.app.config.company, cx.t(intro), form)
}

fn sso_href(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/login/sso?next={next}")
}

/// The session here has ended; the one at the provider goes on until it is ended there.
fn signed_out(cx: &Cx, label: &str) -> Markup {
    let text = T("已退出本系统。", "You have signed out here.");
    let there = T("同时退出统一登录", "Sign out there too");
    ui::alert(Tone::Blue, html! { (cx.t(text)) " " (label) " " (ui::link("/login/sso/out", cx.t(there))) })
}

fn password_login(cx: &Cx, input: &SignIn, next: &str) -> Markup {
    Form::post("/login", cx.form_key()).plain().body(html! {
        (ui::hidden("next", next))
        (ui::fields(html! {
            (Field::text("login", cx.t(T("工号或登录名", "Login name"))).value(&input.login).required().full().autofocus()
                .attr("autocomplete", "username").attr("autocapitalize", "none"))
            (Field::password("password", cx.t(T("密码", "Password"))).required().full().attr("autocomplete", "current-password"))
        }))
        (Btn::submit(cx.t(SIGN_IN)).primary().block())
    })
}

/// Asks for the code after a right password.
pub(super) fn code(cx: &Cx, input: &SignInCode, problem: Option<String>) -> Markup {
    let field = crate::second::code_field(cx, &FormErrors::default()).full();
    let form = Form::post("/login/code", cx.form_key()).plain().body(html! {
        @if let Some(problem) = &problem { (ui::alert(Tone::Red, problem)) }
        (ui::hidden("ticket", &input.ticket))
        (ui::hidden("next", input.next.as_deref().unwrap_or("/")))
        (ui::fields(html! { (field.hint(cx.t(T("手机丢失时，输入一个恢复码", "Without the telephone: one of the recovery codes")))) }))
        (Btn::submit(cx.t(SIGN_IN)).primary().block())
        (Btn::link(cx.t(T("重新登录", "Start again")), "/login").block())
    });
    let intro =
        cx.t(T("请输入验证器应用显示的 6 位数字", "Type the six digits that your authenticator app shows"));
    ui::bare_card(&cx.app.config.company, intro, form)
}

pub(super) fn start(cx: &Cx, token: &str, login: &str, errors: Option<&FormErrors>) -> Markup {
    let of = |field| errors.and_then(|errors| errors.of(field));
    let form = Form::post(format!("/start/{token}"), cx.form_key()).plain().body(html! {
        (ui::fields(html! {
            (Field::text("login", cx.t(T("登录名", "Login name"))).value(login).readonly().full().attr("autocomplete", "username"))
            (Field::password("password", cx.t(NEW_PASSWORD)).required().full().autofocus().attr("autocomplete", "new-password")
                .hint(cx.t(T("至少 8 个字符", "At least 8 characters"))).error(of("password")))
            (Field::password("repeat", cx.t(REPEAT)).required().full().attr("autocomplete", "new-password").error(of("repeat")))
        }))
        (Btn::submit(cx.t(T("保存并登录", "Save and sign in"))).primary().block())
    });
    let intro = cx.t(T(
        "欢迎使用。请为您的账户设置密码，本链接随后失效。",
        "Welcome. Set a password for your account; this link stops working then.",
    ));
    ui::bare_card(cx.t(WELCOME), intro, form)
}

/// What the page of the own account shows.
#[derive(Default)]
pub(super) struct MyAccount {
    pub sessions: Vec<CredentialOut>,
    pub tokens: Vec<CredentialOut>,
    pub errors: FormErrors,
    /// Signs in with a code too.
    pub second: bool,
    /// Secret of a token just made.
    pub made: Option<String>,
}

impl MyAccount {
    pub async fn load(cx: &Cx) -> Result<Self> {
        let sessions = service::mine(cx, CredentialKind::Session).await?;
        let tokens = service::mine(cx, CredentialKind::Token).await?;
        let second = crate::second::mine(cx).await?.on;
        Ok(Self { sessions, tokens, second, ..Self::default() })
    }
}

pub(super) fn me(cx: &Cx, account: &MyAccount) -> Markup {
    let Some(actor) = &cx.actor else { return html! {} };
    let facts = [
        ui::Def::new(cx.t(T("姓名", "Name")), &actor.name),
        ui::Def::new(cx.t(T("登录名", "Login name")), &actor.login),
        ui::Def::new(cx.t(T("组织", "Organisation")), &actor.org_name),
    ];
    let body = html! {
        @if actor.grants.is_empty() && !actor.system {
            (ui::alert(Tone::Amber, cx.t(T("请先设置新密码，之后才能使用系统。", "Set a new password first; the system can be used then."))))
        }
        (account.errors.summary(cx.lang))
        (ui::section(cx.t(T("基本信息", "About me")), html! {}, ui::dl(&facts)))
        (ui::section(cx.t(T("修改密码", "Change password")), html! {}, password_form(cx, &account.errors)))
        (ui::section(cx.t(T("两步验证", "Second factor")), html! {}, second_factor(cx, account.second)))
        (ui::section(cx.t(T("登录会话", "Sessions")), html! {}, credentials(cx, &account.sessions)))
        @if cx.can(&TOKEN_WRITE) || !account.tokens.is_empty() {
            (ui::section(cx.t(T("接口令牌", "API tokens")), html! {}, tokens(cx, account)))
        }
        (ui::section(cx.t(T("显示", "Display")), html! {}, ui::muted(cx.t(T(
            "语言、深浅色主题和列表密度在页面右上角的菜单中切换，只影响本浏览器。Alt+H 隐藏或显示敏感信息。",
            "Language, theme and density are in the menu at the top right and hold for this browser. Alt+H hides or shows sensitive data.",
        )))))
    };
    let out =
        ui::post_button("/logout", cx.form_key(), Btn::new(cx.t(T("退出登录", "Sign out"))).icon("logout"));
    ui::plain_view(cx.t(ME), out, body)
}

/// Whether a code is asked for, and the way to the page of it.
fn second_factor(cx: &Cx, on: bool) -> Markup {
    let state = if on { (Tone::Green, T("已启用", "on")) } else { (Tone::Neutral, T("未启用", "off")) };
    let label = if on { T("管理", "Manage") } else { T("设置", "Set it up") };
    ui::row(&[ui::tag(state.0, cx.t(state.1)), html! { (Btn::link(cx.t(label), "/me/second-factor").sm()) }])
}

fn password_form(cx: &Cx, errors: &FormErrors) -> Markup {
    Form::post("/me/password", cx.form_key()).body(html! {
        (ui::fields(html! {
            (Field::password("current", cx.t(T("当前密码", "Present password"))).required().attr("autocomplete", "current-password").error(errors.of("current")))
            (Field::password("password", cx.t(NEW_PASSWORD)).required().attr("autocomplete", "new-password").error(errors.of("password")))
            (Field::password("repeat", cx.t(REPEAT)).required().attr("autocomplete", "new-password").error(errors.of("repeat")))
        }))
        (Btn::submit(cx.t(T("修改密码", "Change password"))))
    })
}

fn tokens(cx: &Cx, account: &MyAccount) -> Markup {
    html! {
        @if let Some(secret) = &account.made {
            (ui::alert(Tone::Green, html! {
                (cx.t(T("令牌已创建，请立即复制，之后不再显示：", "The token was made. Copy it now, it is not shown again:"))) " " (ui::mono(secret))
            }))
        }
        (credentials(cx, &account.tokens))
        @if cx.can(&TOKEN_WRITE) {
            (Form::post("/me/tokens", cx.form_key()).body(html! {
                (ui::fields(html! {
                    (Field::text("label", cx.t(T("用途", "What it is for"))).required().error(account.errors.of("label")))
                    (Field::number("days", cx.t(T("有效天数", "Days"))).hint(cx.t(T("留空：直到吊销", "Empty: until revoked"))).error(account.errors.of("days")))
                    (Field::check("read_only", cx.t(T("只读", "For reading only"))))
                    (Field::area("permissions", cx.t(T("权限项", "Permissions")), 2).wide().error(account.errors.of("permissions"))
                        .hint(cx.t(T("如 orders.order.read，以空格分隔；留空：本账号的全部权限", "Such as orders.order.read, separated by spaces; empty: all of this account"))))
                }))
                (Btn::submit(cx.t(T("创建令牌", "Make a token"))))
            }))
        }
    }
}

/// Sessions or tokens with a button to end each.
pub(crate) fn credentials(cx: &Cx, items: &[CredentialOut]) -> Markup {
    let heads = [
        T("类型", "Kind"),
        T("设备/用途", "Device / use"),
        T("地址", "Address"),
        T("创建", "Made"),
        T("最近使用", "Last used"),
        T("到期", "Ends"),
    ];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let current = cx.actor.as_ref().and_then(|actor| actor.credential);
    let rows = items
        .iter()
        .map(|item| {
            let what = if item.label.is_empty() { &item.user_agent } else { &item.label };
            let cells = vec![
                html! { (cx.t(item.kind.label())) @if current == Some(item.id) { " " (ui::tag(Tone::Green, cx.t(T("当前", "this one")))) } },
                html! { (ui::trunc(what)) @if !item.scope.is_empty() { " " (ui::mono(&item.scope)) } },
                ui::mono(&item.ip),
                ui::num(format::time(cx, item.created_at)),
                ui::num(format::time(cx, item.seen_at)),
                item.expires_at.map_or_else(ui::none, |at| ui::num(format::time(cx, at))),
            ];
            let end = Btn::new(cx.t(T("结束", "End"))).sm().danger();
            let action = format!("/me/credentials/{}/revoke", item.id);
            Row::new(item.id, what, cells).actions(ui::post_button(&action, cx.form_key(), end))
        })
        .collect();
    let none = ui::empty("key", cx.t(T("没有", "None")), "", None);
    ui::small_table(&Table::new(cx.t(T("会话和令牌", "Sessions and tokens")), cols, rows).empty(none))
}
