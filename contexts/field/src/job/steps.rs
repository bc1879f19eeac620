//! The work steps: what was done when, and the form of the one that is next.

use kernel::{T, Ts};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use orders::api::State;
use ui::{Btn, Field, Form, StepState, Tone, WorkStep};

use super::{
    forms::DepartForm,
    model::{FieldOrder, Next},
};
use crate::{
    day::views::clock,
    report::rules::{Punctual, late_script, punctual},
    settings::{CheckItem, Conduct},
};

/// What the steps are drawn from.
pub struct Ctx<'a> {
    pub cx: &'a Cx,
    pub job: &'a FieldOrder,
    pub errors: &'a FormErrors,
    pub form: Option<&'a DepartForm>,
    pub items: &'a [CheckItem],
    pub conduct: &'a [Conduct],
    pub early: i64,
    pub limit: i64,
    pub voids: Markup,
}

impl Ctx<'_> {
    fn t(&self, text: T) -> &'static str {
        self.cx.t(text)
    }

    fn action(&self, what: &str) -> String {
        format!("/m/orders/{}/{what}", self.job.order.order.id)
    }

    fn rules(&self, step: &str) -> Markup {
        let zh = self.cx.lang == kernel::Lang::Zh;
        let lines: Vec<Markup> = self
            .conduct
            .iter()
            .filter(|rule| rule.step == step)
            .map(|rule| ui::small(if zh || rule.en.is_empty() { &rule.zh } else { &rule.en }))
            .collect();
        if lines.is_empty() {
            html! {}
        } else {
            ui::stack(&lines)
        }
    }

    fn form(&self, what: &str) -> Form {
        Form::post(self.action(what), self.cx.form_key()).id("step").attr("data-keep", self.job.round())
    }
}

/// Fixed buttons: one main one, and what may be needed instead of it.
pub fn bar(cx: &Cx, job: &FieldOrder) -> Markup {
    let id = job.order.order.id;
    let to = |what: &str| format!("/m/orders/{id}/{what}");
    let later = || Btn::link(cx.t(T("延误", "Delay")), to("reports#delay")).icon("clock-exclamation");
    let hold = || Btn::link(cx.t(T("挂起", "Wait")), to("wait")).icon("player-pause");
    let main = |label: T| Btn::submit(cx.t(label)).form("step").grow().trailing("arrow-right");
    let list = || Btn::link(cx.t(T("返回列表", "Back to the list")), "/m").grow();
    let buttons = match job.next {
        Next::Depart => vec![later(), main(T("出发", "Set out"))],
        Next::Arrive => vec![later(), main(T("到达签到", "I am there"))],
        Next::Start => vec![hold(), main(T("开工", "Start work"))],
        Next::Consent => vec![
            hold(),
            Btn::link(cx.t(T("报价并征得同意", "Quote and get consent")), to("quote")).primary().grow(),
        ],
        Next::Complete => {
            vec![
                hold(),
                Btn::link(cx.t(T("完工签字", "Complete and sign")), to("complete"))
                    .primary()
                    .grow()
                    .trailing("arrow-right"),
            ]
        }
        Next::Resume => vec![main(T("恢复作业", "Go on"))],
        Next::Confirm => vec![list(), main(T("登记客户确认", "Customer confirms"))],
        Next::Assign | Next::Nothing => vec![list()],
    };
    bar_of(cx, &buttons)
}

/// The bar as a landmark of its own: it stands outside the main part.
pub fn bar_of(cx: &Cx, buttons: &[Btn]) -> Markup {
    html! { section aria-label=(cx.t(T("操作", "Actions"))) { (ui::action_bar(buttons)) } }
}

/// All steps in order; those a kind of work does not have are left out.
pub fn steps(ctx: &Ctx<'_>) -> Markup {
    let (job, head) = (ctx.job, &ctx.job.order.order);
    let mut items = Vec::new();
    let finished = crate::day::rules::finished(head.state);
    if head.mode.travels() {
        let departed = job.progress.departed_at.or(job.progress.arrived_at);
        items.push(step(
            ctx,
            T("出发", "Set out"),
            Next::Depart,
            departed.is_some() || finished,
            depart(ctx),
        ));
        let there = job.progress.arrived_at.is_some() || job.progress.started_at.is_some() || finished;
        items.push(step(ctx, T("到达签到", "Arrive"), Next::Arrive, there, arrive(ctx)));
    }
    items.push(step(
        ctx,
        T("检查与开工", "Check and start"),
        Next::Start,
        job.progress.started_at.is_some() || finished,
        start(ctx),
    ));
    let parts_state = if finished { StepState::Done } else { StepState::Todo };
    items.push(WorkStep {
        label: ctx.t(T("备件与费用", "Parts and fees")).into(),
        state: parts_state,
        body: parts(ctx),
    });
    if head.over_quote || head.over_quote_limit.is_some() || head.consent_total.is_some() {
        items.push(step(
            ctx,
            T("报价与同意", "Quote and consent"),
            Next::Consent,
            !head.over_quote && (head.consent_total.is_some() || finished),
            consent(ctx),
        ));
    }
    if job.next == Next::Resume {
        items.push(step(ctx, T("恢复作业", "Go on"), Next::Resume, false, resume(ctx)));
    }
    items.push(step(ctx, T("完工签字", "Complete and sign"), Next::Complete, finished, complete(ctx)));
    items.push(step(
        ctx,
        T("客户确认", "Customer confirms"),
        Next::Confirm,
        finished && head.state != State::Done,
        confirm(ctx),
    ));
    ui::work_steps(ctx.cx.lang, &items)
}

fn step(ctx: &Ctx<'_>, label: T, next: Next, done: bool, body: Markup) -> WorkStep {
    let state = match (done, ctx.job.next == next) {
        (true, _) => StepState::Done,
        (_, true) => StepState::Now,
        _ => StepState::Todo,
    };
    WorkStep { label: ctx.t(label).into(), state, body }
}

fn at(ctx: &Ctx<'_>, at: Option<Ts>) -> Markup {
    at.map_or_else(|| html! {}, |at| ui::small(format::time(ctx.cx, at)))
}

fn depart(ctx: &Ctx<'_>) -> Markup {
    if ctx.job.next != Next::Depart {
        return at(ctx, ctx.job.progress.departed_at);
    }
    let ticked: Vec<String> = match (ctx.form, &ctx.job.check) {
        (Some(form), _) => form.ticked.clone(),
        (None, Some(check)) => check.ticked.clone(),
        _ => Vec::new(),
    };
    let options = ctx.items.iter().map(|item| {
        let star = if item.mandatory { "" } else { ctx.t(T("（可选）", " (optional)")) };
        (item.code.clone(), format!("{}{star}", item.text(ctx.cx.lang)))
    });
    let missing = ctx.errors.of("ticked");
    ctx.form("depart").body(ui::stack(&[
        html! { @if missing.is_none() { (ctx.errors.summary(ctx.cx.lang)) } },
        ctx.rules("depart"),
        html! { (Field::multi("ticked", ctx.t(T("出发自检", "Departure check"))).options(options).values(ticked).error(missing.clone())) },
        html! { @if missing.is_some() { (Field::check("anyway", ctx.t(T("已知缺项，仍然出发", "Set out although something is missing")))) } },
        ui::geo_fields(ctx.cx.lang),
    ]))
}

fn arrive(ctx: &Ctx<'_>) -> Markup {
    let head = &ctx.job.order.order;
    if ctx.job.next != Next::Arrive {
        let Some(time) = ctx.job.progress.arrived_at else { return html! {} };
        let how = punctual(head.appointment_from, head.appointment_to, time, ctx.early, ctx.limit);
        let script = late_script(how).filter(|_| !crate::day::rules::finished(head.state));
        return ui::stack(&[
            ui::row(&[ui::small(format::time(ctx.cx, time)), punctual_tag(ctx, how)]),
            html! { @if let Some(text) = script { (ui::small(ctx.t(text))) } },
        ]);
    }
    let how = punctual(head.appointment_from, head.appointment_to, ctx.cx.now(), ctx.early, ctx.limit);
    let label = ctx.t(T("现场环境照片", "Photo of the surroundings"));
    let hint = ctx.t(T("作为服务证据，立即共享给团队", "Kept as evidence, shared with the team"));
    ctx.form("arrive").multipart().body(ui::stack(&[
        ctx.errors.summary(ctx.cx.lang),
        ctx.rules("arrive"),
        html! { @if let Some(text) = late_script(how) { (ui::alert(Tone::Amber, ctx.t(text))) } },
        ui::photo_grid(ctx.cx.lang, "photo", label, hint, &photos(ctx.job, &["arrival"], ctx.cx)),
        html! {
            (Field::text("note", ctx.t(T("备注，或不能拍照的原因", "Remark, or why there is no photo"))).error(ctx.errors.of("note")))
        },
        ui::geo_fields(ctx.cx.lang),
    ]))
}

fn punctual_tag(ctx: &Ctx<'_>, how: Punctual) -> Markup {
    let minutes = |text: T, n: i64| text.fill(ctx.cx.lang, &[("n", n.to_string())]);
    match how {
        Punctual::Unknown => html! {},
        Punctual::Early(n) => ui::tag(Tone::Neutral, minutes(T("提前 {n} 分钟", "{n} min early"), n)),
        Punctual::OnTime => ui::tag(Tone::Green, ctx.t(T("准时", "On time"))),
        Punctual::Late(n) => ui::tag(Tone::Amber, minutes(T("迟到 {n} 分钟", "{n} min late"), n)),
        Punctual::VeryLate(n) => ui::tag(Tone::Red, minutes(T("迟到 {n} 分钟", "{n} min late"), n)),
    }
}

/// Photos of the order with one of these labels, as the grid wants them; no picture for what browsers can't show.
pub fn photos(job: &FieldOrder, labels: &[&str], cx: &Cx) -> Vec<ui::Photo> {
    let wanted = job
        .files
        .iter()
        .filter(|file| file.mime.starts_with("image/") && labels.contains(&file.label.as_str()));
    wanted
        .map(|file| ui::Photo {
            href: format!("/files/{}", file.id),
            thumb: file.picture(),
            caption: photo_label(cx, &file.label, file.created_at),
        })
        .collect()
}

fn photo_label(cx: &Cx, label: &str, at: Ts) -> String {
    let name = PHOTO_LABELS.iter().find(|(code, _)| *code == label).map_or("", |(_, text)| cx.t(*text));
    format!("{name} {}", clock(cx, at))
}

/// What a photo may show.
pub const PHOTO_LABELS: &[(&str, T)] = &[
    ("arrival", T("环境", "Surroundings")),
    ("nameplate", T("铭牌", "Nameplate")),
    ("fault", T("故障", "Fault")),
    ("after", T("完工", "Finished")),
    ("site", T("现场", "Site")),
    ("damage", T("损坏", "Damage")),
];

fn start(ctx: &Ctx<'_>) -> Markup {
    if ctx.job.next != Next::Start {
        return at(ctx, ctx.job.progress.started_at);
    }
    ctx.form("start").body(ui::stack(&[
        ctx.errors.summary(ctx.cx.lang),
        ctx.rules("start"),
        html! { (Field::text("note", ctx.t(T("初步检查", "First findings"))).placeholder(ctx.t(T("可不填", "Optional")))) },
        ui::geo_fields(ctx.cx.lang),
    ]))
}

fn parts(ctx: &Ctx<'_>) -> Markup {
    let (job, head) = (ctx.job, &ctx.job.order.order);
    let lines = job.order.items.iter().filter(|line| line.kind == orders::api::LineKind::Part);
    let locked = crate::day::rules::finished(head.state) || head.state.is_final();
    html! {
        (ui::stack(&lines.map(|line| ui::row_end(
            ui::two_lines(&line.name, html! { (line.code) " · " (ctx.t(line.stock.label())) }),
            ui::num(format!("× {}", format::qty(line.quantity))),
        )).collect::<Vec<_>>()))
        @if head.payable.0 != 0 || head.gross.0 != 0 {
            (ui::row_end(ui::small(ctx.t(T("客户应付", "Customer pays"))), ui::strong(ui::num(format::price(ctx.cx, head.payable)))))
        }
        @if !locked { (Btn::link(ctx.t(T("领用备件、查看费用", "Parts and fees")), ctx.action("parts")).icon("package").touch().block()) }
    }
}

fn consent(ctx: &Ctx<'_>) -> Markup {
    let head = &ctx.job.order.order;
    let money = |amount: Option<kernel::Money>| {
        amount.map_or_else(ui::none, |amount| ui::num(format::price(ctx.cx, amount)))
    };
    html! {
        (ui::kv(&[
            (ctx.t(T("应付", "Payable")), ui::num(format::price(ctx.cx, head.payable))),
            (ctx.t(T("上限", "Limit")), money(head.over_quote_limit)),
            (ctx.t(T("已同意", "Agreed")), money(head.consent_total)),
        ]))
        @if head.over_quote {
            (ui::alert(Tone::Amber, ctx.t(T("超过客户约定的上限，同意前不能继续。", "Over the customer's limit: no work before consent."))))
        }
    }
}

fn resume(ctx: &Ctx<'_>) -> Markup {
    ctx.form("resume").body(ui::stack(&[
        ctx.errors.summary(ctx.cx.lang),
        html! { (Field::text("note", ctx.t(T("恢复说明", "What changed"))).placeholder(ctx.t(T("例如 备件已到", "For example: the part is here")))) },
    ]))
}

fn complete(ctx: &Ctx<'_>) -> Markup {
    let head = &ctx.job.order.order;
    match head.done_at {
        Some(done) => ui::stack(&[ui::small(format::time(ctx.cx, done)), html! { (head.result) }]),
        None if ctx.job.next == Next::Complete => ctx.rules("complete"),
        None => html! {},
    }
}

fn confirm(ctx: &Ctx<'_>) -> Markup {
    let head = &ctx.job.order.order;
    if ctx.job.next != Next::Confirm {
        return html! {};
    }
    let marks = [
        ("100", T("非常满意", "Very content")),
        ("80", T("满意", "Content")),
        ("60", T("一般", "So-so")),
        ("30", T("不满意", "Not content")),
    ];
    let options = marks.iter().map(|(points, label)| (*points, ctx.t(*label)));
    ctx.form("confirm").body(ui::stack(&[
        ctx.errors.summary(ctx.cx.lang),
        html! {
            (Field::text("by", ctx.t(T("确认人", "Confirmed by"))).value(&head.contact))
            (Field::chips("score", ctx.t(T("客户评价", "Rating"))).options(options).error(ctx.errors.of("score")))
            (Field::text("appraisal", ctx.t(T("客户意见", "Opinion"))))
            // Asked again here, because work may be acknowledged by somebody else, or later (CUST-13).
            (Field::text("call_time", ctx.t(T("方便接听回访的时间", "Convenient time for the callback"))).placeholder("18:00-20:00").error(ctx.errors.of("call_time")))
        },
    ]))
}
