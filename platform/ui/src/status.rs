//! How things stand: tags, order states, deadlines, people, progress, history, facts.

use kernel::{Lang, T};
use maud::{Markup, Render, html};

use crate::{Tone, icon, icon_sm};

/// Filled label.
pub fn tag(tone: Tone, text: impl Render) -> Markup {
    html! { span.tag.(tone.class()) { (text) } }
}

/// Outlined label, for facts that matter less.
pub fn tag_line(tone: Tone, text: impl Render) -> Markup {
    html! { span.tag.line.(tone.class()) { (text) } }
}

/// State of an order. `code` picks colour and ring: `new pending dispatched accepted enroute working
/// parts approval done accept settled closed canceled hold`; others show a plain neutral ring.
pub fn st(code: &str, label: &str) -> Markup {
    html! { span.st data-s=(look(code)) { (label) } }
}

/// The picture of a state: several words of different documents share one ring and colour.
fn look(code: &str) -> &str {
    match code {
        "open" => "new",
        "reopened" => "pending",
        "scheduled" | "ordered" => "dispatched",
        "in_progress" => "working",
        "waiting" => "parts",
        "answered" | "solved_by_phone" => "done",
        "confirmed" => "accept",
        "audited" => "settled",
        "cancelled" | "terminated" | "returned_unrepaired" => "canceled",
        other => other,
    }
}

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlaKind {
    Ok,
    Warn,
    Over,
    Paused,
    Met,
}

/// A deadline chip. `due_s`: epoch seconds, `total_s`: whole span; the page's ticker keeps text and
/// colour current when `due_s` is given, `text` is what stands there until then.
#[derive(Clone, Debug)]
pub struct Sla {
    pub kind: SlaKind,
    pub text: String,
    pub due_s: Option<i64>,
    pub total_s: i64,
    /// How much of the span has passed, 0–100.
    pub percent: u8,
    pub big: bool,
}

impl Sla {
    pub fn new(kind: SlaKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), due_s: None, total_s: 0, percent: 100, big: false }
    }

    /// A running deadline: kind, text and bar follow from the time left.
    pub fn running(lang: Lang, now_s: i64, due_s: i64, total_s: i64) -> Self {
        let left = due_s - now_s;
        let word = if left < 0 { T("超时", "over") } else { T("剩", "left") };
        let kind = if left < 0 {
            SlaKind::Over
        } else if left * 4 < if total_s > 0 { total_s } else { SOON_S * 4 } {
            SlaKind::Warn
        } else {
            SlaKind::Ok
        };
        let passed = if total_s > 0 { 100 - (left * 100 / total_s).clamp(0, 100) } else { 50 };
        Self {
            kind,
            text: format!("{} {}", word.get(lang), span(lang, left.abs())),
            due_s: Some(due_s),
            total_s,
            percent: u8::try_from(passed).unwrap_or(100),
            big: false,
        }
    }

    pub fn big(mut self) -> Self {
        self.big = true;
        self
    }
}

/// A deadline whose whole span is not known turns urgent when less than this is left.
const SOON_S: i64 = 3600;

/// Hours and minutes; from two days on, days and hours.
fn span(lang: Lang, seconds: i64) -> String {
    let hours = seconds / 3600;
    if hours < 48 {
        return format!("{hours}:{:02}", seconds % 3600 / 60);
    }
    let (days, hours) = ((hours / 24).to_string(), (hours % 24).to_string());
    T("{d} 天 {h} 时", "{d}d {h}h").fill(lang, &[("d", days), ("h", hours)])
}

/// The chip for a [`Sla`].
pub fn sla(s: &Sla) -> Markup {
    let k = match s.kind {
        SlaKind::Ok => "ok",
        SlaKind::Warn => "warn",
        SlaKind::Over => "over",
        SlaKind::Paused => "paused",
        SlaKind::Met => "met",
    };
    let live = matches!(s.kind, SlaKind::Ok | SlaKind::Warn | SlaKind::Over) && s.due_s.is_some();
    html! {
        span.sla.big[s.big] data-k=(k) data-due=[s.due_s.filter(|_| live)] data-total=[live.then_some(s.total_s)] style={ "--p:" (s.percent) "%" } {
            span.sla-t { (s.text) }
        }
    }
}

/// Priority 1 (low) … 4 (urgent) as bars with a spoken name.
pub fn pri(lang: Lang, level: u8) -> Markup {
    let name = pri_name(level).get(lang);
    let label = format!("{} {name}", T("优先级", "Priority").get(lang));
    html! { span.pri data-p=(level.clamp(1, 4)) role="img" aria-label=(label) title=(label) { i {} i {} i {} } }
}

/// Priority bars followed by the word.
pub fn pri_text(lang: Lang, level: u8) -> Markup {
    html! { span.row.fs13 { (pri(lang, level)) (pri_name(level).get(lang)) } }
}

fn pri_name(level: u8) -> T {
    match level {
        0 | 1 => T("低", "low"),
        2 => T("中", "medium"),
        3 => T("高", "high"),
        _ => T("紧急", "urgent"),
    }
}

fn av_tone(name: &str) -> Tone {
    const TONES: [Tone; 7] =
        [Tone::Blue, Tone::Violet, Tone::Green, Tone::Orange, Tone::Cyan, Tone::Amber, Tone::Red];
    let sum: usize = name.chars().map(|c| c as usize).sum();
    TONES[sum % TONES.len()]
}

/// Round initial of a person; the same name has the same colour everywhere.
pub fn avatar(name: &str) -> Markup {
    avatar_with(name, "av")
}

/// 32 px.
pub fn avatar_md(name: &str) -> Markup {
    avatar_with(name, "av md")
}

/// 40 px square, for companies.
pub fn avatar_org(name: &str) -> Markup {
    avatar_with(name, "av lg sq")
}

fn avatar_with(name: &str, class: &str) -> Markup {
    html! {
        span class={ (class) " " (av_tone(name).class()) } aria-hidden="true" {
            @if let Some(c) = name.chars().next() { (c) }
        }
    }
}

/// Avatar and name.
pub fn person(name: &str) -> Markup {
    html! { span.person { (avatar(name)) span.trunc { (name) } } }
}

/// Name, or a quiet word such as "not assigned".
pub fn person_or(name: Option<&str>, absent: &str) -> Markup {
    match name {
        Some(n) if !n.is_empty() => person(n),
        _ => html! { span.t3 { (absent) } },
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    Now,
    Todo,
}

/// One station of the stepper. `note` is the time reached or how long it has been going on.
#[derive(Clone, Debug)]
pub struct Step {
    pub label: String,
    pub note: String,
    pub state: StepState,
}

impl Step {
    pub fn new(label: impl Into<String>, note: impl Into<String>, state: StepState) -> Self {
        Self { label: label.into(), note: note.into(), state }
    }
}

/// Stepper with times.
pub fn steps(lang: Lang, items: &[Step]) -> Markup {
    html! {
        ol.steps aria-label=(T("进度", "Progress").get(lang)) {
            @for s in items {
                li.ok[s.state == StepState::Done].now[s.state == StepState::Now]
                    aria-current=[(s.state == StepState::Now).then_some("step")] {
                    span.steps-l { (s.label) }
                    @if s.state == StepState::Done { span.vh { (T("，已完成", ", done").get(lang)) } }
                    small { @if s.note.is_empty() { "—" } @else { (s.note) } }
                }
            }
        }
    }
}

/// One entry of a timeline; `body` is shown in a box below.
pub struct Event {
    pub icon: &'static str,
    pub tone: Tone,
    pub head: Markup,
    pub time: String,
    pub body: Option<Markup>,
}

/// History, newest first.
pub fn timeline(items: &[Event]) -> Markup {
    html! {
        ol.tl {
            @for e in items {
                li {
                    span.dot.(e.tone.class()) { (icon(e.icon)) }
                    div {
                        div.hd { span { (e.head) } time { (e.time) } }
                        @if let Some(b) = &e.body { div.bx { (b) } }
                    }
                }
            }
        }
    }
}

/// One fact: label over value.
pub struct Def {
    label: String,
    value: Markup,
    span: u8,
}

impl Def {
    pub fn new(label: impl Into<String>, value: impl Render) -> Self {
        Self { label: label.into(), value: html! { (value) }, span: 1 }
    }
    /// Two columns wide.
    pub fn wide(mut self) -> Self {
        self.span = 2;
        self
    }
    /// A row of its own.
    pub fn full(mut self) -> Self {
        self.span = 3;
        self
    }
}

/// Grid of facts.
pub fn dl(items: &[Def]) -> Markup {
    html! {
        dl.dl {
            @for d in items {
                div.w2[d.span == 2].w-all[d.span == 3] { dt { (d.label) } dd { (d.value) } }
            }
        }
    }
}

/// Facts in two narrow columns, for side panels.
pub fn kv(items: &[(&str, Markup)]) -> Markup {
    html! { dl.kv { @for (k, v) in items { dt { (k) } dd { (v) } } } }
}

/// Three small figures in a box, for side panels: `(label, value)`.
pub fn mini_stats(items: &[(&str, String)]) -> Markup {
    html! {
        dl.mini { @for (k, v) in items { div { dt { (k) } dd.num { (v) } } } }
    }
}

/// A figure that matters. `delta` is the change and whether it is good.
#[derive(Clone, Debug, Default)]
pub struct Stat {
    pub label: String,
    pub value: String,
    pub unit: String,
    pub delta: Option<(String, bool)>,
    pub note: String,
    pub spark: Vec<f64>,
    pub href: Option<String>,
}

impl Stat {
    pub fn new(label: impl Into<String>, value: impl ToString) -> Self {
        Self { label: label.into(), value: value.to_string(), ..Self::default() }
    }
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
    pub fn delta(mut self, text: impl Into<String>, good: bool) -> Self {
        self.delta = Some((text.into(), good));
        self
    }
    pub fn spark(mut self, points: Vec<f64>) -> Self {
        self.spark = points;
        self
    }
}

/// A tile for one [`Stat`].
pub fn stat(s: &Stat) -> Markup {
    html! {
        dl.stat.card {
            dt { @if let Some(h) = &s.href { a.cover href=(h) { (s.label) } } @else { (s.label) } }
            dd.big { (s.value) @if !s.unit.is_empty() { small { (s.unit) } } }
            @if s.delta.is_some() || !s.note.is_empty() {
                dd.d {
                    @if let Some((text, good)) = &s.delta {
                        span.delta.good[*good].bad[!*good] {
                            (icon(if text.starts_with('-') || text.starts_with('−') { "arrow-down" } else { "arrow-up" })) (text)
                        }
                    }
                    (s.note)
                }
            }
            @if s.spark.len() > 1 { dd { (crate::spark(&s.spark)) } }
        }
    }
}

/// A row of tiles.
pub fn stats(items: &[Stat]) -> Markup {
    html! { div.kpis { @for s in items { (stat(s)) } } }
}

/// One sign-off in a chain of approvals.
pub struct Approver {
    pub name: String,
    pub role: String,
    pub state: StepState,
}

/// Who has signed, whose turn it is, who comes later.
pub fn approval_chain(items: &[Approver]) -> Markup {
    html! {
        div.appr {
            @for (n, a) in items.iter().enumerate() {
                @if n > 0 { i {} }
                span.now[a.state == StepState::Now].off[a.state == StepState::Todo] {
                    (crate::avatar(&a.name)) (a.name) " · " (a.role)
                    @if a.state == StepState::Done { (icon_sm("check")) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_turns_urgent_in_its_last_quarter_or_its_last_hour_when_the_span_is_unknown() {
        for (left, total, kind) in [
            (240, 1_800, SlaKind::Warn),
            (1_700, 1_800, SlaKind::Ok),
            (3_599, 0, SlaKind::Warn),
            (3_601, 0, SlaKind::Ok),
            (-1, 0, SlaKind::Over),
        ] {
            assert_eq!(Sla::running(Lang::En, 0, left, total).kind, kind, "{left} of {total}");
        }
    }

    #[test]
    fn a_long_deadline_is_told_in_days() {
        let text = |left| Sla::running(Lang::Zh, 0, left, 0).text;
        assert_eq!(text(47 * 3600 + 60), "剩 47:01");
        assert_eq!(text(164 * 3600 + 480), "剩 6 天 20 时");
        assert_eq!(text(-49 * 3600), "超时 2 天 1 时");
        assert_eq!(Sla::running(Lang::En, 0, 74 * 3600, 0).text, "left 3d 2h");
    }
}
