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
