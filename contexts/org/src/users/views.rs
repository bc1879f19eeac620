//! What accounts look like.

use kernel::T;
use kit::{Cx, FormErrors, Sens, Show, format};
use ui::{Btn, Def, Detail, Field, Form, Markup, Tone, html};

use super::model::*;
use crate::{ROLE_WRITE, USER_WRITE, api::OrgBrief, sessions};

pub(super) const TITLE: T = T("用户", "Users");
pub(super) const NEW: T = T("新建用户", "New account");

/// What can be chosen in the form.
pub(super) struct Choices {
    pub roles: Vec<(String, String)>,
    pub orgs: Vec<OrgBrief>,
    /// People without an account: id, number, name.
    pub people: Vec<(kernel::Id, String, String)>,
}

/// What the page of an account shows.
pub(super) struct Account {
    pub user: UserOut,
    pub org_name: String,
    pub staff_name: Option<String>,
    pub role_names: Vec<(String, String)>,
    pub credentials: Vec<sessions::CredentialOut>,
    pub choices: Option<Choices>,
    pub errors: FormErrors,
    /// Signs in with a code too.
    pub second: bool,
    /// A one-time link just made.
    pub link: Option<String>,
}

/// A masked address must not be saved.
pub(super) fn shows_email(cx: &Cx) -> bool {
    cx.shows(Sens::Phone) == Show::Full
}

fn org_field(cx: &Cx, choices: &Choices, value: Option<kernel::Id>, errors: &FormErrors) -> Field {
    let orgs = choices.orgs.iter().map(|org| (org.id.to_string(), org.name.clone()));
    Field::select("org_id", cx.t(T("组织", "Organisation")))
        .options(orgs)
        .maybe(value)
        .required()
        .wide()
        .error(errors.of("org_id"))
}

/// Whose account it is: without a person it has no visits on the phone and no pay (ORG-07).
fn staff_field(cx: &Cx, choices: &Choices, value: Option<kernel::Id>, errors: &FormErrors) -> Field {
    let people = choices.people.iter().map(|(id, no, name)| (id.to_string(), format!("{no} {name}")));
    Field::select("staff_id", cx.t(T("员工", "Person")))
        .options(people)
        .blank(cx.t(T("不属于某位员工", "Nobody's")))
        .maybe(value)
        .hint(cx.t(T(
            "工程师须关联员工档案，才有手机工单和提成；只列出还没有账户的人",
            "Engineers need one for visits and pay; those without an account are listed",
        )))
        .wide()
        .error(errors.of("staff_id"))
}

fn role_field(cx: &Cx, choices: &Choices, values: &[String], errors: &FormErrors) -> Markup {
    html! { @if cx.can(&ROLE_WRITE) {
        (Field::multi("roles", cx.t(T("角色", "Roles"))).options(choices.roles.iter().cloned()).values(values.iter().cloned()).full().error(errors.of("roles")))
    } }
}

pub(super) fn new(cx: &Cx, input: &NewUser, choices: &Choices, errors: &FormErrors) -> Markup {
    let form = Form::post("/users/new", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset(cx.t(T("账户", "Account")), "", html! {
            (Field::text("login", cx.t(T("登录名（通常为工号）", "Login name, often the employee number"))).value(&input.login).required().autofocus().error(errors.of("login")))
            (staff_field(cx, choices, input.staff_id, errors))
            (Field::text("name", cx.t(T("姓名", "Name"))).maybe(input.name.as_deref()).hint(cx.t(T("留空：同员工姓名", "Empty: the person's"))).error(errors.of("name")))
            (org_field(cx, choices, input.org_id, errors))
            (Field::email("email", cx.t(T("邮箱", "E-mail"))).maybe(input.email.as_deref()).wide().error(errors.of("email")))
            (Field::password("password", cx.t(T("初始密码", "First password"))).attr("autocomplete", "new-password")
                .hint(cx.t(T("留空：之后生成一次性链接，由本人设置", "Empty: make a one-time link later, the person sets it"))).error(errors.of("password")))
            (role_field(cx, choices, &input.roles, errors))
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/users")))
    });
    ui::form_page(cx.lang, &[(cx.t(TITLE), Some("/users")), (cx.t(NEW), None)], cx.t(NEW), "", form, None)
}

pub(super) fn user(cx: &Cx, account: &Account) -> Markup {
    let user = &account.user;
    let state =
        if user.active { (Tone::Green, T("启用", "open")) } else { (Tone::Neutral, T("停用", "closed")) };
    let body = html! {
        @if let Some(link) = &account.link {
            (ui::alert(Tone::Green, html! {
                (cx.t(T("把这个链接交给本人设置密码（72 小时内有效，只能用一次）：", "Give this link to the person to set a password (works once, for 72 hours):"))) " " (ui::mono(link))
            }))
        }
        (account.errors.summary(cx.lang))
        (ui::section(cx.t(T("账户", "Account")), html! {}, facts(cx, account)))
        @if let Some(choices) = &account.choices { (ui::section(cx.t(T("修改", "Change")), html! {}, edit(cx, account, choices))) }
        (ui::section(cx.t(T("会话和令牌", "Sessions and tokens")), html! {}, sessions::credentials(cx, &account.credentials)))
    };
    let crumbs = [(cx.t(TITLE), Some("/users")), (user.login.as_str(), None)];
    let detail = Detail {
        meta: ui::tag(state.0, cx.t(state.1)),
        actions: actions(cx, account),
        ..Detail::new(&crumbs, &user.name, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn actions(cx: &Cx, account: &Account) -> Markup {
    let user = &account.user;
    html! { @if cx.can(&USER_WRITE) && user.active {
        (ui::post_button(&format!("/users/{}/invite", user.id), cx.form_key(), Btn::new(cx.t(T("设置密码链接", "Password link"))).icon("link")))
        @if account.second { (ui::post_button(&format!("/users/{}/second-factor/reset", user.id), cx.form_key(),
            Btn::new(cx.t(T("取消两步验证", "Take second factor off"))).icon("shield-x")
                .confirm(cx.t(T("取消后，该用户只凭密码即可登录。请先核实本人身份。", "Then the password alone signs in. Make sure first that it is the person who asks."))))) }
        (ui::post_button(&format!("/users/{}/sign-out", user.id), cx.form_key(), Btn::new(cx.t(T("结束全部会话", "End all sessions"))).icon("logout").danger()))
    } }
}

fn facts(cx: &Cx, account: &Account) -> Markup {
    let user = &account.user;
    let roles: Vec<&str> = account
        .role_names
        .iter()
        .filter(|(code, _)| user.roles.contains(code))
        .map(|(_, name)| name.as_str())
        .collect();
    let staff = match (user.staff_id, &account.staff_name) {
        (Some(id), Some(name)) => ui::link(&format!("/staff/{id}"), name),
        _ => ui::none(),
    };
    ui::dl(&[
        Def::new(cx.t(T("登录名", "Login name")), ui::mono(&user.login)),
        Def::new(cx.t(T("组织", "Organisation")), &account.org_name),
        Def::new(cx.t(T("员工", "Person")), staff),
        Def::new(cx.t(T("邮箱", "E-mail")), ui::or_none(Some(&user.email))),
        Def::new(
            cx.t(T("最近登录", "Last sign-in")),
            user.signed_in_at.map_or_else(ui::none, |at| ui::num(format::time(cx, at))),
        ),
        Def::new(cx.t(T("角色", "Roles")), html! { @for role in roles { (ui::tag(Tone::Blue, role)) " " } })
            .full(),
    ])
}

fn edit(cx: &Cx, account: &Account, choices: &Choices) -> Markup {
    let (user, errors) = (&account.user, &account.errors);
    Form::post(format!("/users/{}", user.id), cx.form_key()).body(html! {
        (ui::hidden("version", user.version))
        (ui::fields(html! {
            (Field::text("name", cx.t(T("姓名", "Name"))).value(&user.name).required().error(errors.of("name")))
            (org_field(cx, choices, Some(user.org_id), errors))
            @if account.staff_name.is_none() { (staff_field(cx, choices, user.staff_id, errors)) }
            @if shows_email(cx) { (Field::email("email", cx.t(T("邮箱", "E-mail"))).value(&user.email).error(errors.of("email"))) }
            (role_field(cx, choices, &user.roles, errors))
            (Field::switch("active", cx.t(T("启用", "Open"))).checked(user.active))
        }))
        (Btn::submit(cx.t(T("保存", "Save"))).primary())
    })
}
