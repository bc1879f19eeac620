//! Parts of the engineers' phone pages: job cards, work steps, photos, signature, place.

use kernel::{Lang, T};
use maud::{Markup, Render, html};

use crate::{Btn, StepState, icon, icon_lg, icon_sm};

/// Figures of the day: `(label, value)`.
pub fn day_summary(items: &[(&str, String)]) -> Markup {
    html! { dl.tsum { @for (k, v) in items { div { dt { (k) } dd.num { (v) } } } } }
}

/// Filter above a phone list: `(label, href, current)`.
pub fn phone_segments(label: &str, items: &[(String, String, bool)]) -> Markup {
    html! {
        nav.seg.tseg aria-label=(label) style={ "--n:" (items.len()) } {
            @for (text, href, on) in items { a href=(href) aria-current=[on.then_some("true")] { (text) } }
        }
    }
}

/// One visit in the day list.
#[derive(Default)]
pub struct JobCard {
    pub href: String,
    pub time: String,
    pub state: Option<Markup>,
    pub sla: Option<Markup>,
    pub title: String,
    pub text: String,
    pub place: String,
    pub distance: String,
    pub tags: Vec<Markup>,
    /// The one under way: stands out and shows `actions`.
    pub current: bool,
    pub actions: Vec<Btn>,
}

/// Job cards in order of time.
pub fn job_list(items: &[JobCard]) -> Markup {
    html! {
        ol.jl { @for j in items {
            li.jcard.cur[j.current] {
                div.row {
                    time.num { (j.time) }
                    @if let Some(s) = &j.state { (s) }
                    @if let Some(s) = &j.sla { span.end { (s) } }
                }
                a.jt href=(j.href) { b { (j.title) } }
                p.t2 { (j.text) }
                @if !j.place.is_empty() { div.jm { (icon_sm("map-pin")) span.grow.trunc { (j.place) } span.num.t3 { (j.distance) } } }
                @if !j.tags.is_empty() { div.row.wrap-row { @for t in &j.tags { (t) } } }
                @if !j.actions.is_empty() { div.jact { @for a in &j.actions { (a) } } }
            }
        } }
    }
}

/// A step of the work on site; the body of finished steps is a short line.
pub struct WorkStep {
    pub label: String,
    pub state: StepState,
    pub body: Markup,
}

pub fn work_steps(lang: Lang, items: &[WorkStep]) -> Markup {
    html! {
        ol.wsl { @for (n, s) in items.iter().enumerate() {
            li.ws.ok[s.state == StepState::Done].now[s.state == StepState::Now].todo[s.state == StepState::Todo]
                aria-current=[(s.state == StepState::Now).then_some("step")] {
                span.wn { @if s.state == StepState::Done { (icon("check")) } @else { (n + 1) } }
                div.wb {
                    div.row { b { (s.label) } @if s.state == StepState::Done { span.vh { (T("已完成", "done").get(lang)) } } }
                    div.wbb { (s.body) }
                }
            }
        } }
    }
}

/// Buttons fixed at the bottom of a phone page.
pub fn action_bar(buttons: &[Btn]) -> Markup {
    html! { div.tact { @for b in buttons { (b.clone().touch()) } } }
}

/// A photo that was taken.
pub struct Photo {
    /// Where it is seen whole.
    pub href: String,
    /// Its small picture; none for what browsers can't show.
    pub thumb: Option<String>,
    pub caption: String,
}

/// Photos taken so far, each opens, and a button that opens the camera. Inside a multipart form; the script shrinks
/// pictures to 1600 px before they are sent.
pub fn photo_grid(lang: Lang, name: &str, label: &str, hint: &str, taken: &[Photo]) -> Markup {
    html! {
        fieldset.photos {
            legend.label { (label) " " span.t3 { (hint) } }
            div.phs data-photos {
                @for photo in taken {
                    figure.ph {
                        a href=(photo.href) target="_blank" hx-boost="false" aria-label=(photo.caption) {
                            @match &photo.thumb { Some(src) => { img src=(src) alt="" loading="lazy"; } None => { span { (icon_lg("file")) } } }
                        }
                        figcaption { (photo.caption) }
                    }
                }
                label.ph.add {
                    input.vh type="file" name=(name) accept="image/*" capture="environment" multiple data-photo;
                    span { (icon_lg("camera")) } b { (T("拍照", "Photo").get(lang)) }
                }
            }
        }
    }
}

/// A box to sign in. Sends `{name}_png` (data URL) and `{name}_svg`.
pub fn sign_box(lang: Lang, name: &str, label: &str) -> Markup {
    sign_box_kept(lang, name, label, "")
}

/// The same with what was drawn before a form was refused, a data URL: it is drawn again and sent again.
pub fn sign_box_kept(lang: Lang, name: &str, label: &str, kept: &str) -> Markup {
    html! {
        fieldset.signing data-sign {
            legend.label { (label) }
            div.sign {
                canvas aria-label=(T("签名区域，请用手指书写", "Sign here with a finger").get(lang)) {}
                span.ph { (T("请在此签名", "Sign here").get(lang)) }
            }
            input type="hidden" name={ (name) "_png" } value=[(!kept.is_empty()).then_some(kept)] data-sign-png;
            input type="hidden" name={ (name) "_svg" } data-sign-svg;
            (Btn::new(T("重签", "Clear").get(lang)).icon("eraser").ghost().sm().attr("data-sign-clear", ""))
        }
    }
}

/// Hidden `lat`, `lng`, `accuracy` (metres) filled by the script, with a line that says how it went.
pub fn geo_fields(lang: Lang) -> Markup {
    html! {
        div.geo data-geo
            data-ok=(T("已定位，精度", "Located, accuracy").get(lang))
            data-fail=(T("没有取得位置，可继续提交", "No position; you can still submit").get(lang)) {
            input type="hidden" name="lat"; input type="hidden" name="lng"; input type="hidden" name="accuracy";
            (icon_sm("map-pin")) span.fs13.t3 role="status" { (T("正在定位…", "Locating…").get(lang)) }
        }
    }
}

/// A line with a quantity, plus and minus within reach of the thumb.
pub fn qty_line(lang: Lang, title: impl Render, name: &str, value: &str) -> Markup {
    html! {
        div.qline {
            div.grow { (title) }
            span.qty data-qty {
                button type="button" data-step="-1" aria-label=(T("减一", "One less").get(lang)) { (icon("minus")) }
                input type="text" inputmode="decimal" name=(name) value=(value) aria-label=(T("数量", "Quantity").get(lang));
                button type="button" data-step="1" aria-label=(T("加一", "One more").get(lang)) { (icon("plus")) }
            }
        }
    }
}
