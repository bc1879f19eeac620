//! What the second factor looks like.

use kernel::T;
use kit::{Cx, FormErrors, format};
use qrcode::{EcLevel, QrCode, render::svg};
use ui::{Btn, Field, Form, Markup, Tone, html};

use super::model::*;

pub(super) const TITLE: T = T("两步验证", "Second factor");
pub(super) const HREF: &str = "/me/second-factor";

/// What the page shows.
#[derive(Default)]
pub(super) struct Page {
    pub state: SecondFactor,
    pub pending: Option<SetUp>,
    /// Recovery codes just made.
    pub made: Vec<String>,
    pub code: FormErrors,
    pub codes: FormErrors,
    pub off: FormErrors,
}

pub(super) fn page(cx: &Cx, page: &Page) -> Markup {
    let t = |text: T| cx.t(text);
    let body = html! {
        @if !page.made.is_empty() { (recovery(cx, &page.made)) }
        @if page.state.on { (on(cx, page)) } @else if let Some(pending) = &page.pending { (set_up(cx, pending, &page.code)) } @else {
            (ui::section(t(T("未启用", "Off")), html! {}, html! {
                (ui::muted(t(T("启用后，登录时除密码外还需输入手机验证器应用生成的 6 位数字。", "When it is on, signing in needs six digits from an authenticator app beside the password."))))
                (ui::post_button(HREF, cx.form_key(), Btn::new(t(T("开始设置", "Set it up"))).icon("shield-check").primary()))
            }))
        }
    };
    ui::plain_view(t(TITLE), Btn::link(t(T("返回我的账户", "Back to my account")), "/me"), body)
}

/// The codes, on the one occasion that they are shown.
fn recovery(cx: &Cx, codes: &[String]) -> Markup {
    let words = cx.t(T(
        "请立即抄下或打印这些恢复码并妥善保管。手机丢失时，每个恢复码可代替验证码登录一次；此处不再显示。",
        "Write these recovery codes down or print them now and keep them safe. When the telephone is lost, each replaces a code once. They are not shown again.",
    ));
    ui::alert(Tone::Green, html! { p { (words) } @for code in codes { p { (ui::mono(code)) } } })
}

fn set_up(cx: &Cx, made: &SetUp, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let grouped: Vec<&str> =
        made.secret.as_bytes().chunks(4).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    let form = Form::post(format!("{HREF}/confirm"), cx.form_key()).body(html! {
        (ui::fields(html! { (code_field(cx, errors)) }))
        (ui::form_buttons(&[Btn::submit(t(T("启用", "Switch on"))).primary()]))
    });
    ui::section(
        t(T("设置", "Set up")),
        html! {},
        html! {
            (ui::muted(t(T("1. 用验证器应用（支持 TOTP 的任意应用）扫描二维码，或手工输入密钥。", "1. Scan the code with an authenticator app (any that knows TOTP), or type the key."))))
            (ui::qr(&qr_svg(&made.url)))
            p { (t(T("密钥：", "Key: "))) (ui::mono(grouped.join(" "))) }
            (ui::muted(t(T("2. 输入应用显示的 6 位数字。", "2. Type the six digits that it shows."))))
            (form)
        },
    )
}

/// A field for one code, of the app or of the list.
pub(crate) fn code_field(cx: &Cx, errors: &FormErrors) -> Field {
    Field::text("code", cx.t(T("验证码", "Code")))
        .required()
        .autofocus()
        .attr("inputmode", "numeric")
        .attr("autocomplete", "one-time-code")
        .error(errors.of("code"))
}

fn on(cx: &Cx, page: &Page) -> Markup {
    let t = |text: T| cx.t(text);
    let since = page.state.since.map(|at| format::time(cx, at)).unwrap_or_default();
    let facts = [
        ui::Def::new(t(T("状态", "State")), ui::tag(Tone::Green, t(T("已启用", "on")))),
        ui::Def::new(t(T("启用时间", "Since")), ui::num(since)),
        ui::Def::new(t(T("剩余恢复码", "Recovery codes left")), ui::num(page.state.codes_left)),
    ];
    let password = |errors: &FormErrors, id: &str| {
        Field::password("password", t(T("当前密码", "Present password")))
            .required()
            .id(id)
            .attr("autocomplete", "current-password")
            .error(errors.of("password"))
    };
    let codes = Form::post(format!("{HREF}/codes"), cx.form_key()).body(html! {
        (ui::fields(html! { (password(&page.codes, "f-codes-password")) }))
        (ui::form_buttons(&[Btn::submit(t(T("重新生成恢复码", "New recovery codes")))]))
    });
    let off = Form::post(format!("{HREF}/off"), cx.form_key()).body(html! {
        (ui::fields(html! { (password(&page.off, "f-off-password")) }))
        (ui::form_buttons(&[Btn::submit(t(T("关闭两步验证", "Switch off"))).danger()]))
    });
    html! {
        (ui::section(t(TITLE), html! {}, ui::dl(&facts)))
        (ui::section(t(T("恢复码", "Recovery codes")), html! {}, codes))
        (ui::section(t(T("关闭", "Switch off")), html! {}, off))
    }
}

fn qr_svg(text: &str) -> String {
    QrCode::with_error_correction_level(text, EcLevel::M)
        .map(|code| code.render::<svg::Color<'_>>().quiet_zone(true).build())
        .unwrap_or_default()
}
