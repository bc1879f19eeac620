//! Whole pages: office shell, phone, bare (sign-in), print.

use kernel::{Lang, T};
use maud::{DOCTYPE, Markup, html};

use crate::{Btn, asset, avatar, icon, icon_lg, icon_sm, kbd, overlay, palette};

/// A module of the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub icon: &'static str,
    pub label: T,
    pub href: String,
    pub count: Option<String>,
    /// Red count: something waits for this person.
    pub hot: bool,
    pub current: bool,
}

/// Modules under one heading.
#[derive(Clone, Debug)]
pub struct NavGroup {
    pub title: Option<T>,
    pub items: Vec<NavItem>,
}

/// Who is signed in.
#[derive(Clone, Debug, Default)]
pub struct UserChip {
    /// Which account, so that what one person typed is not sent in another's name.
    pub id: String,
    pub name: String,
    /// Post or outlet, shown under the name.
    pub org: String,
}

/// What a page needs around its main part.
#[derive(Clone, Debug)]
pub struct Shell<'a> {
    pub lang: Lang,
    /// `Some("light" | "dark")` from the cookie; none follows the system.
    pub theme: Option<&'a str>,
    pub title: &'a str,
    pub company: &'a str,
    pub nav: &'a [NavGroup],
    /// Tab bar of somebody who works on a phone: on small screens only.
    pub tabs: &'a [PhoneTab],
    pub user: Option<UserChip>,
    pub unread: i64,
    /// Sensitive fields are hidden for this session (ORG-11).
    pub hidden: bool,
    /// Page scripts beside `app.js`, by logical name, such as `"tech.js"`.
    pub scripts: &'a [&'a str],
    pub body_class: &'a str,
    /// Navigation as a narrow rail of icons.
    pub rail: bool,
    /// `compact`, `relaxed` or none.
    pub density: Option<&'a str>,
    /// The main part brings its own cards and has no sheet behind it (dashboards).
    pub plain: bool,
    /// A toast to show on load ([`crate::toast_body`]).
    pub flash: Option<Markup>,
}

impl<'a> Shell<'a> {
    pub fn new(lang: Lang, company: &'a str, title: &'a str) -> Self {
        Self {
            lang,
            theme: None,
            title,
            company,
            nav: &[],
            tabs: &[],
            user: None,
            unread: 0,
            hidden: false,
            scripts: &[],
            body_class: "",
            rail: false,
            density: None,
            plain: false,
            flash: None,
        }
    }
}

const HTMX: &str =
    r#"{"transitions":false,"defaultTimeout":20000,"includeIndicatorCSS":false,"noSwap":[204,304,"5xx"]}"#;

/// `head`, `body` and what every page carries.
fn document(s: &Shell, class: &str, script: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(T("zh-CN", "en").get(s.lang)) data-theme=[s.theme] data-density=[s.density] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover";
                title { (s.title) " · " (s.company) }
                meta name="theme-color" media="(prefers-color-scheme: light)" content="#f3f4f7";
                meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0a0c10";
                meta name="htmx-config" content=(HTMX);
                link rel="icon" href=(asset("favicon.svg")) type="image/svg+xml";
                link rel="preload" href=(asset("inter-latin-wght.woff2")) as="font" type="font/woff2" crossorigin;
                link rel="stylesheet" href=(asset("app.css"));
                @if let Some(shared) = crate::assets::shared_script() { link rel="modulepreload" href=(shared); }
                @if !script.is_empty() { script type="module" src=(asset(script)) {} }
                @for x in s.scripts { script type="module" src=(asset(x)) {} }
            }
            body class={ (class) " " (s.body_class) } data-nav=[s.rail.then_some("rail")] data-hidden[s.hidden] {
                (body)
                div.toasts #toasts role="status" aria-live="polite" aria-relevant="additions" {
                    @if let Some(f) = &s.flash { (f) }
                }
            }
        }
    }
}

/// A page of the office: navigation, top bar, main part, palette and dialogs.
pub fn page(s: &Shell, main: Markup) -> Markup {
    let body = html! {
        (skip(s.lang))
        (nav(s))
        (topbar(s))
        main #main class=(if s.plain { "sheet plain" } else { "sheet" }) tabindex="-1" { (main) }
        (tabbar(s.lang, s.tabs))
        (palette::palette_dialog(s.lang))
        (overlay::page_dialogs(s.lang, s.user.as_ref()))
        @if s.user.is_some() {
            div.callpops #pops role="log" aria-live="polite" aria-label=(T("来电", "Calls").get(s.lang)) data-live="/live" {}
        }
    };
    document(s, "app", "app.js", &body)
}

/// Sign-in, first start, errors without a session: a card in the middle.
pub fn bare_page(s: &Shell, main: Markup) -> Markup {
    let body = html! {
        (skip(s.lang))
        header.bare-h {
            span.row { (logo()) b { (s.company) } }
            span.row { (lang_switch(s.lang)) (theme_button(s.lang)) }
        }
        main #main.bare tabindex="-1" { (main) }
        (overlay::page_dialogs(s.lang, s.user.as_ref()))
    };
    document(s, "bare-page", "app.js", &body)
}

/// A sheet to print: A4, no navigation; buttons on top are not printed.
pub fn print_page(s: &Shell, back: &str, sheet: Markup) -> Markup {
    let body = html! {
        header.print-bar.no-print {
            (Btn::link(T("返回", "Back").get(s.lang), back).icon("chevron-left").ghost())
            b.trunc { (s.title) }
            span.end { (Btn::new(T("打印", "Print").get(s.lang)).icon("printer").primary().attr("data-print", "")) }
        }
        main #main.paper { (sheet) }
    };
    let light = Shell { theme: Some("light"), ..s.clone() };
    document(&light, "print-page", "app.js", &body)
}

/// One place of the phone's tab bar.
#[derive(Clone, Debug)]
pub struct PhoneTab {
    pub icon: &'static str,
    pub label: T,
    pub href: String,
    pub current: bool,
    /// The raised round one in the middle.
    pub fab: bool,
}

/// A page for engineers: top bar with a way back, tab bar or action bar at the bottom.
pub struct Phone<'a> {
    pub title: &'a str,
    pub subtitle: &'a str,
    /// Without it the page is a start page with a large title.
    pub back: Option<&'a str>,
    /// Buttons at the right of the top bar.
    pub tools: Markup,
    pub tabs: &'a [PhoneTab],
    /// Fixed buttons at the bottom ([`crate::action_bar`]); then leave `tabs` empty.
    pub actions: Markup,
}

pub fn phone_page(s: &Shell, p: &Phone, main: Markup) -> Markup {
    let body = html! {
        (skip(s.lang))
        @match p.back {
            Some(back) => {
                header.th2 {
                    a.btn.icon.ghost.lg href=(back) aria-label=(T("返回", "Back").get(s.lang)) { (icon_lg("chevron-left")) }
                    div.grow { h1.trunc { (p.title) } @if !p.subtitle.is_empty() { p.fs12.t3.num.trunc { (p.subtitle) } } }
                    (p.tools)
                }
            }
            None => {
                header.th1 { div.row {
                    div.grow { @if !p.subtitle.is_empty() { p.t3.fs13 { (p.subtitle) } } h1 { (p.title) } }
                    (p.tools)
                    (bell(s))
                } }
            }
        }
        div.offbar #net role="status" hidden data-text=(T("没有网络，请联网后再提交", "No network: submit when you are back online").get(s.lang)) {
            (icon_sm("wifi-off")) span {}
        }
        main #main.tm tabindex="-1" { (main) }
        (p.actions)
        (tabbar(s.lang, p.tabs))
        (overlay::page_dialogs(s.lang, s.user.as_ref()))
    };
    document(s, "tech", "tech.js", &body)
}

fn tabbar(lang: Lang, tabs: &[PhoneTab]) -> Markup {
    html! {
        @if !tabs.is_empty() {
            nav.tabbar aria-label=(T("底部导航", "Navigation").get(lang)) style={ "--n:" (tabs.len()) } {
                @for t in tabs {
                    a.fab[t.fab] href=(t.href) aria-current=[t.current.then_some("page")] { span { (icon_lg(t.icon)) } (t.label.get(lang)) }
                }
            }
        }
    }
}

fn skip(lang: Lang) -> Markup {
    html! { a.skip href="#main" { (T("跳到主要内容", "Skip to main content").get(lang)) } }
}

fn logo() -> Markup {
    html! { span.logo { (icon("tool")) } }
}

fn nav(s: &Shell) -> Markup {
    let label = |t: T| t.get(s.lang);
    html! {
        aside.nav #nav aria-label=(label(T("主导航", "Main navigation"))) {
            a.tenant href="/" { (logo()) span.lbl.trunc { (s.company) } @if s.rail { span.vh { (s.company) } } }
            nav.nav-scroll aria-label=(label(T("模块", "Modules"))) {
                @for g in s.nav {
                    @if let Some(t) = g.title { @if s.rail { div.nav-sep {} } @else { h2 { (label(t)) } } }
                    ul { @for i in &g.items { li {
                        a href=(i.href) aria-current=[i.current.then_some("page")] title=[s.rail.then(|| label(i.label))] {
                            (icon(i.icon))
                            span.lbl { (label(i.label)) }
                            @if s.rail { span.vh { (label(i.label)) } }
                            @if let Some(n) = &i.count { span.n.hot[i.hot] { (n) } }
                        }
                    } } }
                }
            }
            button.nav-close type="button" data-nav-close aria-label=(label(T("关闭导航", "Close navigation"))) { (icon("x")) }
        }
        div.nav-scrim data-nav-close {}
    }
}

fn topbar(s: &Shell) -> Markup {
    let search = T("搜索工单、客户、电话、序列号…", "Search orders, customers, phones, serials…").get(s.lang);
    html! {
        header.topbar {
            button.btn.icon.ghost.only-s type="button" data-nav-open aria-controls="nav" aria-label=(T("打开导航", "Open navigation").get(s.lang)) { (icon("menu-2")) }
            button.gsearch type="button" data-open="cmdk" { (icon_sm("search")) span.trunc { (search) } span.kbd.hide-s aria-hidden="true" { "Ctrl K" } }
            div.topbar-r {
                (hide_button(s))
                (theme_button(s.lang).wide_only())
                (bell(s))
                (Btn::icon_only("help-circle", T("键盘快捷键", "Keyboard").get(s.lang)).open("keys").wide_only())
                @if let Some(u) = &s.user { (user_menu(s, u)) }
            }
        }
    }
}

/// Alt+H: one key hides or shows every sensitive field (ORG-11).
fn hide_button(s: &Shell) -> Markup {
    let (name, text) = if s.hidden {
        ("eye-off", T("敏感信息已隐藏，点击恢复（Alt+H）", "Sensitive fields hidden; show (Alt+H)"))
    } else {
        ("eye", T("隐藏敏感信息（Alt+H）", "Hide sensitive fields (Alt+H)"))
    };
    html! {
        form.hide-s method="post" action="/me/hide" data-hide-form {
            input type="hidden" name="hidden" value=(if s.hidden { "0" } else { "1" });
            (Btn::icon_only(name, text.get(s.lang)).attr("type", "submit").pressed(s.hidden))
        }
    }
}

fn theme_button(lang: Lang) -> Btn {
    Btn::icon_only("moon", T("切换深浅色", "Light or dark").get(lang)).attr("data-theme-toggle", "")
}

/// Switches language by cookie and reload.
fn lang_switch(lang: Lang) -> Markup {
    let (code, text) = (T("en", "zh").get(lang), T("English", "中文").get(lang));
    html! { (Btn::new(text).ghost().sm().icon("language").attr("data-lang", code).attr("lang", T("en", "zh-CN").get(lang))) }
}

fn bell(s: &Shell) -> Markup {
    let label = match s.unread {
        0 => T("通知", "Notices").get(s.lang).to_owned(),
        n => format!("{}，{n} {}", T("通知", "Notices").get(s.lang), T("条未读", "unread").get(s.lang)),
    };
    html! {
        a.btn.icon.ghost.bell href="/notifications" data-bell aria-label=(label) title=(label) { (icon("bell")) @if s.unread > 0 { i.dotr {} } }
    }
}

fn user_menu(s: &Shell, u: &UserChip) -> Markup {
    let t = |pair: T| pair.get(s.lang);
    html! {
        button.btn.icon.ghost #me-btn type="button" popovertarget="me-menu" aria-haspopup="true" aria-label={ (t(T("账户", "Account"))) "：" (u.name) } { (avatar(&u.name)) }
        div.pop.menu #me-menu popover data-anchor="me-btn" data-align="end" {
            div.me-h { (crate::avatar_md(&u.name)) div { b { (u.name) } div.t3.fs12 { (u.org) } } }
            hr;
            a href="/me" { (icon_sm("user")) (t(T("我的账户", "My account"))) }
            button type="button" data-theme-toggle { (icon_sm("moon")) (t(T("切换深浅色", "Light or dark"))) }
            button type="button" data-lang=(t(T("en", "zh"))) lang=(t(T("en", "zh-CN"))) { (icon_sm("language")) (t(T("English", "中文"))) }
            button type="button" data-hide-toggle { (icon_sm("eye-off")) (t(T("隐藏或显示敏感信息", "Hide or show sensitive fields"))) span.end { (kbd(&["Alt", "H"])) } }
            button type="button" data-open="keys" { (icon_sm("keyboard")) (t(T("快捷键", "Keyboard"))) span.end { (kbd(&["?"])) } }
            hr;
            form method="post" action="/logout" { button type="submit" { (icon_sm("logout")) (t(T("退出登录", "Sign out"))) } }
        }
    }
}
