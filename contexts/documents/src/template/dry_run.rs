//! Trying a template on what happened already, without changing anything (DOC-22).

use std::collections::BTreeMap;

use db::Conn;
use kernel::{Id, Lang};
use kit::{Cx, Result};
use process::{Macro, Named, State, Template};

use super::{
    model::*,
    replay::{self, Past},
    service, store,
};
use crate::{
    document::{
        self,
        model::{DocumentRow, EntryRow},
    },
    perms::{DOCUMENT_READ, TEMPLATE_READ},
};

/// Most documents that a dry run replays.
const MOST_REPLAYED: i64 = 200;

/// Replays past documents of the same template under this version. A template that nobody used yet is tried on orders
/// and documents that followed other steps, as far as their facts fit.
pub async fn dry_run(cx: &Cx, id: Id) -> Result<DryRun> {
    cx.require(&TEMPLATE_READ)?;
    let scope = cx.scope(&DOCUMENT_READ)?;
    let mut conn = cx.read().await?;
    let row = store::get_template(&mut conn, id).await?;
    let template = service::head(&row.source)?.routed();
    let hidden = kit::hidden::of(cx, &mut conn).await?;
    let past =
        document::store::select_past(&mut conn, &scope, &hidden, Some(&row.code), MOST_REPLAYED).await?;
    let mut replays = Vec::with_capacity(past.len());
    for document in &past {
        let entries = document::store::select_entries(&mut conn, document.id).await?;
        let last: State = serde_json::from_str(&document.state)?;
        let (_, before) = service::version(&mut conn, document.template_id).await?;
        let calendar = kit::timers::calendar(cx, document.org_id).await?;
        let blank = blank("document", document.id, &document.no);
        replays.push(replay::replay(&template, &before, &calendar, (&last, &entries), blank));
    }
    let others = if past.is_empty() { Some(others(cx, &mut conn, &template, &scope).await?) } else { None };
    cx.count(&conn);
    Ok(DryRun {
        documents: replays.len() as i64,
        same: replays.iter().filter(|r| r.refused.is_none()).count() as i64,
        due_changed: replays.iter().filter(|r| !r.dues.is_empty()).count() as i64,
        replays,
        others,
    })
}

fn blank(kind: &str, id: Id, no: &str) -> Replay {
    Replay {
        document_id: id,
        kind: kind.to_string(),
        no: no.to_string(),
        moves: 0,
        passed: 0,
        refused: None,
        refused_en: None,
        dues: Vec::new(),
        asked: Vec::new(),
    }
}

/// Orders that followed the fixed steps, and documents of other kinds.
async fn others(cx: &Cx, conn: &mut Conn, template: &Template, scope: &kit::Scope) -> Result<OtherRuns> {
    let mut out = OtherRuns::default();
    let mut unfit: BTreeMap<(String, String), (i64, String)> = BTreeMap::new();
    let app = cx.app.clone();
    let zone = kit::zones::name(&cx.zone());
    let mut kinds: Vec<_> = app.registry.subjects.values().collect();
    kinds.sort_by_key(|subject| subject.kind);
    for subject in kinds {
        for past in (subject.past)(cx, conn, MOST_REPLAYED / 2).await? {
            out.looked_at += 1;
            let fields = process::facts::values(template, &past.facts);
            let unknown = replay::unknown(template, &fields);
            let asks = template.asks.iter().filter(|ask| !ask.ends_with('?')).count();
            // What an order does not know is asked at the first step; one that knows nothing of it is something else.
            if asks > 0 && unknown.len() == asks {
                note(template, &unknown, &past.no, &mut unfit);
                continue;
            }
            let stages: Vec<_> =
                past.stages.iter().filter_map(|(at, to, why)| Some((*at, stage(to)?, why.clone()))).collect();
            let past_of = Past { fields, opened: past.opened, zone: &zone, stages: &stages };
            out.replays.push(replay::walk(template, &past_of, blank(subject.kind, past.id, &past.no)));
        }
    }
    let hidden = kit::hidden::of(cx, conn).await?;
    for row in document::store::select_past(conn, scope, &hidden, None, MOST_REPLAYED / 2).await? {
        out.looked_at += 1;
        let (_, other) = service::version(conn, row.template_id).await?;
        let state: State = serde_json::from_str(&row.state)?;
        let fields = replay::adopt(template, &other, &state.fields, &state.zone);
        let unknown = replay::unknown(template, &fields);
        if !unknown.is_empty() {
            note(template, &unknown, &row.no, &mut unfit);
            continue;
        }
        let entries = document::store::select_entries(conn, row.id).await?;
        let stages = stages_of(&other, &row, &entries);
        let past = Past { fields, opened: row.created_at, zone: &state.zone, stages: &stages };
        out.replays.push(replay::walk(template, &past, blank("document", row.id, &row.no)));
    }
    out.replayed = out.replays.len() as i64;
    out.through = out.replays.iter().filter(|r| r.refused.is_none()).count() as i64;
    out.unfit = unfit
        .into_iter()
        .map(|((why, why_en), (count, example))| Unfit { why, why_en, count, example })
        .collect();
    out.unfit.sort_by_key(|u| std::cmp::Reverse(u.count));
    Ok(out)
}

fn note(
    template: &Template,
    unknown: &[&str],
    no: &str,
    unfit: &mut BTreeMap<(String, String), (i64, String)>,
) {
    let names = |lang: Lang| {
        let label = |key: &&str| template.field(key).map_or(*key, |f| f.label(lang)).to_string();
        unknown.iter().map(label).collect::<Vec<_>>().join(if lang == Lang::En { ", " } else { "、" })
    };
    let entry = unfit.entry((names(Lang::Zh), names(Lang::En))).or_insert((0, no.to_string()));
    entry.0 += 1;
}

fn stage(code: &str) -> Option<Macro> {
    serde_json::from_value(serde_json::Value::String(code.to_string())).ok()
}

/// Stages that a document went through under its own template.
fn stages_of(other: &Template, row: &DocumentRow, entries: &[EntryRow]) -> Vec<(kernel::Ts, Macro, String)> {
    let moved = entries.iter().filter(|e| e.kind == "moved" && e.document_id == row.id);
    moved.filter_map(|e| Some((e.at, other.step(&e.to_step)?.stage, e.text.clone()))).collect()
}
