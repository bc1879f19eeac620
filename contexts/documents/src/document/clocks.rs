//! Clocks of a run, and how their due times came about.

use db::Conn;
use kernel::{Id, Span, T, Ts};
use kit::{Cx, Result, timers};
use process::{Named, State, Template, Timer, access::find};

use super::{
    apply::TIMER,
    model::{ClockOut, DocumentRow},
    service,
};
use crate::template;

/// The nearest due time of the running clocks.
pub async fn nearest(conn: &mut Conn, document: Id) -> Result<Option<Ts>> {
    let clocks = timers::of_doc(conn, document).await?;
    Ok(clocks.iter().filter(|c| c.state == "open").filter_map(|c| c.due_at).min())
}

/// The template's key of a clock; rungs of ladders have none of their own.
fn key_of(kind: &str) -> Option<&str> {
    kind.strip_prefix(TIMER)?.strip_prefix('/').filter(|key| !key.contains('/'))
}

/// Clocks of a document, explained (WO-08, WO-14).
pub async fn clocks(cx: &Cx, id: Id) -> Result<Vec<ClockOut>> {
    let mut conn = cx.read().await?;
    let row = service::get_row(cx, &mut conn, id).await?;
    let list = of_row(cx, &mut conn, &row).await?;
    cx.count(&conn);
    Ok(list)
}

/// The same for somebody who was found to be allowed to see the row.
pub async fn of_row(cx: &Cx, conn: &mut Conn, row: &DocumentRow) -> Result<Vec<ClockOut>> {
    let (_, template) = template::service::version(conn, row.template_id).await?;
    let state: State = serde_json::from_str(&row.state)?;
    let mut list = Vec::new();
    for clock in timers::of_doc(conn, row.id).await? {
        if let Some(key) = key_of(&clock.kind) {
            list.push(explained(cx, &template, key, &state, &clock).await?);
        }
    }
    Ok(list)
}

/// A clock that is due at the time in a field, or so much earlier: which field, what stands in it, how much earlier. Of
/// clocks that are over the field may say something else by now.
fn at_field(
    cx: &Cx,
    template: &Template,
    timer: &Timer,
    state: &State,
    clock: &timers::Timer,
) -> Vec<String> {
    let label = template.field(&timer.at).map_or(timer.at.as_str(), |field| field.label(cx.lang));
    let value = Ts::parse(&state.text(&timer.at)).ok().filter(|_| clock.state == "open");
    let mut lines = Vec::new();
    if clock.due_at.is_none() && clock.ended_at.is_none() {
        lines.push(
            T("等待填写“{field}”", "Waits for \"{field}\"").fill(cx.lang, &[("field", label.to_string())]),
        );
    } else if let Some(at) = value {
        lines.push(format!("{label} {}", kit::format::time(cx, at)));
    } else {
        lines.push(label.to_string());
    }
    if let Ok(before) = Span::parse(&timer.before) {
        lines.push(T("提前 {span}", "{span} before").fill(cx.lang, &[("span", before.text(cx.lang))]));
    }
    lines
}

async fn explained(
    cx: &Cx,
    template: &Template,
    key: &str,
    state: &State,
    clock: &timers::Timer,
) -> Result<ClockOut> {
    let timer = find(&template.timers, key);
    let span: Span = serde_json::from_str(&clock.span)?;
    let why = timers::explain(cx, clock).await?;
    let mut lines = vec![span.text(cx.lang)];
    // A pause is coded with the step's key; people read its name.
    let named = |line: String| {
        let step = template.steps.iter().find(|s| line.ends_with(s.key.as_str()));
        step.map_or(line.clone(), |s| line.replace(&s.key, s.label(cx.lang)))
    };
    lines.extend(why.steps.iter().map(|step| named(step.text(cx.lang))));
    if let Some(timer) = timer.filter(|t| !t.at.is_empty()) {
        lines = at_field(cx, template, timer, state, clock);
    }
    Ok(ClockOut {
        timer: key.to_string(),
        name: timer.map_or(key, |t| t.label(cx.lang)).to_string(),
        state: clock.state.clone(),
        started_at: clock.started_at,
        due_at: clock.due_at,
        warn_at: clock.warn_at,
        breached_at: clock.breached_at,
        ended_at: clock.ended_at,
        explained: lines,
        number: timer.map(|t| t.number.clone()).unwrap_or_default(),
    })
}
