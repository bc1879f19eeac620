//! Small charts as SVG and CSS, printed by the server.

use maud::{Markup, html};
use std::fmt::Write;

use crate::Tone;

/// A line without axes; decoration beside a figure, so hidden from screen readers.
pub fn spark(points: &[f64]) -> Markup {
    let (lo, hi) = points.iter().fold((f64::MAX, f64::MIN), |(a, b), &p| (a.min(p), b.max(p)));
    let span = if hi > lo { hi - lo } else { 1.0 };
    let last = points.len().saturating_sub(1).max(1) as f64;
    let mut d = String::new();
    for (i, p) in points.iter().enumerate() {
        let (x, y) = (i as f64 / last * 52.0, 24.0 - (p - lo) / span * 22.0);
        let _ = write!(d, "{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" });
    }
    html! {
        svg.spark viewBox="0 0 52 26" preserveAspectRatio="none" aria-hidden="true" {
            path.a d={ (d) "L52 26L0 26Z" } {}
            path d=(d) {}
        }
    }
}

/// Upright bars, `(label, value, text)`; every bar tells its figure.
pub fn bars(label: &str, items: &[(String, f64, String)]) -> Markup {
    let hi = items.iter().map(|i| i.1).fold(0.0_f64, f64::max);
    html! {
        figure.barchart {
            figcaption.vh { (label) }
            ol { @for (name, value, text) in items {
                li {
                    span.v.num { (text) }
                    i style={ "--p:" (share(*value, hi)) "%" } {}
                    span.k { (name) }
                }
            } }
        }
    }
}

/// Lines over the same steps, each `(name, values)`, with a scale from zero; every third or so step is labelled. A
/// table of the same figures stands behind it for screen readers.
pub fn trend(label: &str, steps: &[String], lines: &[(&str, Vec<f64>)]) -> Markup {
    const WIDE: f64 = 720.0;
    const HIGH: f64 = 200.0;
    let top = scale_top(lines.iter().flat_map(|line| &line.1).fold(0.0_f64, |a, b| a.max(*b)));
    let last = steps.len().saturating_sub(1).max(1) as f64;
    let every = steps.len().div_ceil(10).max(1);
    let path = |values: &[f64]| {
        let mut d = String::new();
        for (i, value) in values.iter().enumerate() {
            let (x, y) = (i as f64 / last * WIDE, HIGH - value / top * HIGH);
            let _ = write!(d, "{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" });
        }
        d
    };
    html! {
        figure.trend {
            figcaption {
                span.vh { (label) }
                @for (i, (name, _)) in lines.iter().enumerate() { span.key data-line=(i) { (name) } }
            }
            div.plot {
                div.scale aria-hidden="true" { @for part in (0..=4).rev() { span.num { (top / 4.0 * f64::from(part)) } } }
                svg viewBox={ "0 0 " (WIDE) " " (HIGH) } preserveAspectRatio="none" aria-hidden="true" {
                    @for part in 0..=4 { path.grid d={ "M0 " (HIGH / 4.0 * f64::from(part)) "H" (WIDE) } {} }
                    @for (i, (_, values)) in lines.iter().enumerate() { path data-line=(i) d=(path(values)) {} }
                }
            }
            ol.ticks aria-hidden="true" {
                @for (i, step) in steps.iter().enumerate() { @if i % every == 0 { li style={ "--x:" (share(i as f64, last)) "%" } { (step) } } }
            }
            table.vh {
                caption { (label) }
                tr { td {} @for (name, _) in lines { th scope="col" { (name) } } }
                @for (i, step) in steps.iter().enumerate() {
                    tr { th scope="row" { (step) } @for (_, values) in lines { td { (values.get(i).copied().unwrap_or_default()) } } }
                }
            }
        }
    }
}

/// The next round number that four equal parts divide: 4, 8, 20, 40, 80, 200 …
fn scale_top(most: f64) -> f64 {
    let mut unit = 1.0;
    loop {
        for part in [4.0, 8.0, 20.0] {
            if most <= part * unit {
                return part * unit;
            }
        }
        unit *= 10.0;
    }
}

/// Lying bars for rankings, `(label, value, text)`.
pub fn ranking(items: &[(String, f64, String)]) -> Markup {
    let hi = items.iter().map(|i| i.1).fold(0.0_f64, f64::max);
    html! {
        ol.ranking { @for (name, value, text) in items {
            li {
                span.trunc { (name) }
                span.num { (text) }
                i style={ "--p:" (share(*value, hi)) "%" } {}
            }
        } }
    }
}

/// How much of something is used: 0–100.
pub fn meter(label: &str, percent: f64, tone: Tone) -> Markup {
    let p = percent.clamp(0.0, 100.0).round();
    html! {
        div.meter.(tone.class()) role="img" aria-label={ (label) " " (p) "%" } { i style={ "--p:" (p) "%" } {} }
    }
}

/// A figure against its target on one line.
pub fn bullet(label: &str, value: f64, target: f64, max: f64) -> Markup {
    let class = if value >= target {
        "good"
    } else if value >= target * 0.9 {
        "mid"
    } else {
        "bad"
    };
    html! {
        div.bul role="img" aria-label={ (label) " " (value) " / " (target) } {
            i class=(class) style={ "--p:" (share(value, max)) "%" } {}
            b style={ "--p:" (share(target, max)) "%" } {}
        }
    }
}

fn share(value: f64, max: f64) -> f64 {
    if max <= 0.0 { 0.0 } else { (value / max * 100.0).clamp(0.0, 100.0).round() }
}
