//! Markup of scheduled mails.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Col, Detail, Field, Form, Row, Table, Tone};

use super::model::{Content, Every, MailOut, PutMail, SendState};

/// Heading of the form.
pub const NEW: T = T("新建定时邮件", "New scheduled mail");
const LIST: T = T("定时邮件", "Scheduled mails");

/// The form of a new mail.
pub fn new_page(cx: &Cx, input: &PutMail, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(LIST), Some("/report-mails")), (cx.t(NEW), None)];
    ui::form_page(
        cx.lang,
        &crumbs,
        cx.t(NEW),
        cx.t(INTRO),
        form(cx, "/report-mails/new", input, errors),
        None,
    )
}

const INTRO: T = T(
    "到时间给每位收件人发一封带 Excel 附件的邮件；内容按收件人自己的权限和范围生成。",
    "At its time every reader gets a mail with a workbook; what is in it follows the reader's own rights and reach.",
);

fn form(cx: &Cx, action: &str, input: &PutMail, errors: &FormErrors) -> Markup {
    let option = |(code, label): &(&'static str, T)| (*code, cx.t(*label));
    let mut lists: Vec<(&str, &str)> = cx
        .app
        .registry
        .lists
        .values()
        .filter(|list| cx.can(list.perm))
        .map(|list| (list.key, cx.t(list.title)))
        .collect();
    lists.sort_by_key(|(_, title)| *title);
    Form::post(action, cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        @if let Some(version) = input.version { (ui::hidden("version", version)) }
        (ui::fields(html! {
            (Field::text("name", cx.t(T("主题", "Subject"))).value(&input.name).required().wide().error(errors.of("name")))
            (Field::chips("content", cx.t(T("内容", "Brings"))).options(Content::OPTIONS.iter().map(option)).value(input.content.as_str()).full())
            (Field::select("list", cx.t(T("列表（内容为列表时）", "List (when it brings a list)"))).blank("").options(lists).value(&input.list).error(errors.of("list")))
            (Field::text("query", cx.t(T("筛选条件", "Filter"))).value(&input.query).wide().error(errors.of("query"))
                .hint(cx.t(T("在列表页筛好后，把地址栏中 ? 之后的部分粘贴到这里；空为全部", "Filter the list, then paste what stands behind ? in its address; empty: everything"))))
            (Field::chips("every", cx.t(T("频率", "How often"))).options(Every::OPTIONS.iter().map(option)).value(input.every.as_str()).full())
            (Field::number("day", cx.t(T("周几（1–7）或几号（1–31）", "Weekday (1–7) or day of the month (1–31)"))).maybe(input.day).error(errors.of("day")))
            (Field::time("at", cx.t(T("时间", "Time"))).value(&input.at).required().error(errors.of("at")))
            (Field::area("recipients", cx.t(T("收件人登录名，每行一个", "Login names of the readers, one a line")), 4).value(input.recipients.join("\n")).full().error(errors.of("recipients")))
            (Field::switch("paused", cx.t(T("暂停发送", "Paused"))).checked(input.paused))
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/report-mails")))
    })
}

/// A mail: its form, and what was sent.
pub fn mail_page(cx: &Cx, mail: &MailOut, input: &PutMail, errors: &FormErrors) -> Markup {
    let href = format!("/report-mails/{}", mail.id);
    let crumbs = [(cx.t(LIST), Some("/report-mails")), (mail.name.as_str(), None)];
    let body = html! {
        (ui::section(cx.t(T("设置", "Set-up")), html! {}, form(cx, &href, input, errors)))
        (ui::section(cx.t(T("发送记录", "What was sent")), html! {}, log(cx, mail)))
    };
    let send = Btn::new(cx.t(T("立即发送今天的", "Send today's now"))).icon("send").sm();
    let next = format!("{} {}", cx.t(T("下次", "next")), format::full_time(cx, mail.next_at));
    let detail = Detail {
        meta: html! {
            @if mail.paused { (ui::tag(Tone::Neutral, cx.t(T("已暂停", "paused")))) } @else { (ui::tag(Tone::Green, next)) }
        },
        actions: ui::post_button(&format!("{href}/send"), cx.form_key(), send),
        ..Detail::new(&crumbs, &mail.name, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn log(cx: &Cx, mail: &MailOut) -> Markup {
    let heads =
        [T("日期", "Day"), T("收件人", "Reader"), T("结果", "Result"), T("行数", "Rows"), T("时间", "Time")];
    let tone = |state: SendState| match state {
        SendState::Sent => Tone::Green,
        SendState::Waiting => Tone::Blue,
        SendState::Skipped => Tone::Neutral,
        SendState::Failed => Tone::Red,
    };
    let rows = mail
        .log
        .iter()
        .map(|letter| {
            let at = letter.ended_at.unwrap_or(letter.planned_at);
            let cells = vec![
                ui::num(&letter.day),
                html! { (letter.name) },
                html! { (ui::tag(tone(letter.state), cx.t(letter.state.label()))) " " (ui::small(&letter.note)) },
                ui::num(letter.rows),
                ui::num(format::time(cx, at)),
            ];
            Row::new(letter.id, &letter.day, cells)
        })
        .collect();
    let cols = heads.map(|head| Col::new(cx.t(head))).to_vec();
    let empty = ui::empty("mail", cx.t(T("还没有发送过", "Nothing was sent yet")), "", None);
    ui::small_table(
        &Table::new(cx.t(T("发送记录", "What was sent")), cols, rows).empty(empty).min_width("34rem"),
    )
}
