//! Writing, checking and activating process templates (DOC-19, DOC-22).

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, LazyLock, Mutex},
};

use db::Conn;
use kernel::{Id, Problems, RuleError, T, Ts};
use kit::{App, Cx, DocRef, Error, Result, begin};
use process::{Fault, Known, Other, Template};

use super::{model::*, rules, store};
use crate::{
    approval,
    perms::{TEMPLATE_READ, TEMPLATE_WRITE},
    shipped,
};

/// Parsed versions: reading one costs more than using it.
static PARSED: LazyLock<Mutex<HashMap<ParsedKey, Arc<Template>>>> = LazyLock::new(Mutex::default);
/// Version, its revision, and a hash of its text: several databases may live in one process.
type ParsedKey = (Id, i64, u64);
/// Parsed versions kept; then all are forgotten.
const KEPT: usize = 300;

/// The template behind a stored version.
pub fn parsed(row: &TemplateRow) -> Result<Arc<Template>> {
    let mut hasher = DefaultHasher::new();
    row.source.hash(&mut hasher);
    let key = (row.id, row.version, hasher.finish());
    if let Some(found) = PARSED.lock().ok().and_then(|map| map.get(&key).cloned()) {
        return Ok(found);
    }
    let template = match process::read(&row.source, &Known::default()) {
        Ok(template) => template,
        // Roles come and go; a version that was checked when it was activated runs on without them.
        Err(_) => process::parse(&row.source)
            .map_err(|fault| Error::Internal(format!("{}: {}", row.code, fault.en)))?,
    };
    let template = Arc::new(template.routed());
    if let Ok(mut map) = PARSED.lock() {
        if map.len() >= KEPT {
            map.clear();
        }
        map.insert(key, Arc::clone(&template));
    }
    Ok(template)
}

/// The version that counts now, parsed; 404 when there is none.
pub async fn current(conn: &mut Conn, code: &str, at: Ts) -> Result<(TemplateRow, Arc<Template>)> {
    let row = store::find_current(conn, code, at).await?.ok_or(Error::NotFound)?;
    let template = parsed(&row)?;
    Ok((row, template))
}

/// A version by id, parsed.
pub async fn version(conn: &mut Conn, id: Id) -> Result<(TemplateRow, Arc<Template>)> {
    let row = store::get_template(conn, id).await?;
    let template = parsed(&row)?;
    Ok((row, template))
}

/// What the company has that templates may name.
async fn known(conn: &mut Conn, code: &str, now: Ts) -> Result<Known> {
    let roles = org::api::roles(conn).await?.into_iter().map(|(code, _)| code).collect();
    let schemes = approval::store::codes(conn).await?;
    let mut others = Vec::new();
    for row in store::select_current(conn, now).await?.iter().filter(|row| row.code != code) {
        let template = parsed(row)?;
        others.push(Other::of(&template));
    }
    Ok(Known { roles, schemes: Some(schemes), others })
}

/// What is wrong with a text, and what it should be looked at for when nothing is.
async fn looked_at(conn: &mut Conn, source: &str, now: Ts) -> Result<(Vec<Fault>, Vec<Fault>)> {
    let code = process::parse(source).map(|t| t.code).unwrap_or_default();
    let known = known(conn, &code, now).await?;
    let faults = process::read(source, &known).err().unwrap_or_default();
    Ok(if faults.is_empty() { (faults, process::warnings(source, &known)) } else { (faults, Vec::new()) })
}

/// Checks a text without storing it.
pub async fn check(cx: &Cx, input: &CheckTemplate) -> Result<Checked> {
    cx.require(&TEMPLATE_READ)?;
    let mut conn = cx.read().await?;
    let (faults, warnings) = looked_at(&mut conn, &input.source, cx.now()).await?;
    cx.count(&conn);
    Ok(Checked { ok: faults.is_empty(), faults, warnings })
}

fn brief(row: &TemplateRow) -> TemplateBrief {
    TemplateBrief {
        id: row.id,
        version: row.version,
        code: row.code.clone(),
        number: row.number,
        state: row.state,
        name: row.name.clone(),
        name_en: row.name_en.clone(),
        shipped: row.shipped,
        effective_from: row.effective_from,
        note: row.note.clone(),
        created_by: row.created_by.clone(),
        created_at: row.created_at,
    }
}

async fn out(conn: &mut Conn, row: &TemplateRow, now: Ts) -> Result<TemplateOut> {
    let (faults, warnings) = looked_at(conn, &row.source, now).await?;
    // What comes with the product was looked at before: its answers that lead nowhere are checks yet to be passed.
    let warnings = if row.shipped { Vec::new() } else { warnings };
    Ok(TemplateOut { brief: brief(row), source: row.source.clone(), faults, warnings })
}

/// One version with what is wrong with it.
pub async fn get(cx: &Cx, id: Id) -> Result<TemplateOut> {
    cx.require(&TEMPLATE_READ)?;
    let mut conn = cx.read().await?;
    let row = store::get_template(&mut conn, id).await?;
    let out = out(&mut conn, &row, cx.now()).await?;
    cx.count(&conn);
    Ok(out)
}

/// Versions of a template, newest first.
pub async fn versions(cx: &Cx, code: &str) -> Result<Vec<TemplateBrief>> {
    cx.require(&TEMPLATE_READ)?;
    let mut conn = cx.read().await?;
    let list = store::select_versions(&mut conn, code).await?;
    cx.count(&conn);
    Ok(list)
}

fn doc(row: &TemplateRow) -> DocRef {
    DocRef::new("process_template", row.id, format!("{} v{}", row.code, row.number))
}

/// The code and names in a text; without them nothing can be stored.
pub(super) fn head(source: &str) -> Result<Template> {
    process::parse(source).map_err(|fault| {
        let at = T("第 {line} 行：{text}", "Line {line}: {text}");
        let problem = RuleError::new("template.form", at).arg("line", fault.line);
        Error::Invalid(Problems(vec![problem.arg("text", fault.zh).field("source")]))
    })
}

/// Begins a type of one's own without a text: a small process, or a copy of another type, under a new code and name. The
/// form view takes it from there.
///
/// Errors: `template.code`, `template.taken`, `template.name`, `template.number` at fields; 404 without such a copy.
pub async fn begin(cx: &Cx, input: BeginTemplate) -> Result<TemplateOut> {
    cx.require(&TEMPLATE_WRITE)?;
    let mut conn = cx.read().await?;
    let taken = store::last_number(&mut conn, input.code.trim()).await? > 0;
    let from = match input.copy.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => current(&mut conn, code, cx.now()).await?.0.source,
        None => super::views::BLANK.trim_start().to_string(),
    };
    cx.count(&conn);
    drop(conn);
    rules::check_begin(&input, taken)?;
    let made = Template {
        code: input.code.trim().to_string(),
        name: input.name.trim().to_string(),
        name_en: input.name_en.trim().to_string(),
        number: input.number.trim().to_string(),
        ..head(&from)?
    };
    let source = process::write(&made).map_err(|e| Error::Internal(e.to_string()))?;
    create(cx, NewTemplate { source, note: String::new() }).await
}

/// Stores a text as a draft: the next version of the template it names. A draft may have faults.
///
/// Errors: `template.form` when it does not parse at all.
pub async fn create(cx: &Cx, input: NewTemplate) -> Result<TemplateOut> {
    cx.require(&TEMPLATE_WRITE)?;
    let template = head(&input.source)?;
    let mut tx = begin!(cx, "documents.create_template", &input);
    let now = tx.now();
    let row = TemplateRow {
        id: tx.id(),
        version: 1,
        number: store::last_number(&mut tx, &template.code).await? + 1,
        code: template.code,
        state: TemplateState::Draft,
        name: template.name,
        name_en: template.name_en,
        source: input.source,
        shipped: false,
        effective_from: None,
        note: input.note.trim().to_string(),
        created_by: cx.actor()?.name.clone(),
        created_at: now,
        updated_at: now,
    };
    store::insert_template(&mut tx, &row).await?;
    tx.created(doc(&row), &row)?;
    let out = out(&mut tx, &row, now).await?;
    tx.commit(out).await
}

/// Rewrites a draft. With another code it becomes a draft of that type: so a copy becomes a type of its own.
///
/// Errors: `template.not_draft`, `template.form`, `template.code`.
pub async fn change(cx: &Cx, id: Id, input: ChangeTemplate) -> Result<TemplateOut> {
    cx.require(&TEMPLATE_WRITE)?;
    let template = head(&input.source)?;
    let mut tx = begin!(cx, "documents.change_template", &(id, &input));
    let old = store::lock_template(&mut tx, id).await?;
    rules::check_draft(&old)?;
    if input.version.is_some_and(|version| version != old.version) {
        return Err(Error::stale());
    }
    rules::check_code(&template.code)?;
    let number = if template.code == old.code {
        old.number
    } else {
        store::last_number(&mut tx, &template.code).await? + 1
    };
    let new = TemplateRow {
        version: old.version + 1,
        code: template.code,
        number,
        name: template.name,
        name_en: template.name_en,
        source: input.source,
        note: input.note.trim().to_string(),
        updated_at: tx.now(),
        ..old.clone()
    };
    store::update_template(&mut tx, &new).await?;
    tx.changed(doc(&new), &old, &new)?;
    let now = tx.now();
    let out = out(&mut tx, &new, now).await?;
    tx.commit(out).await
}

/// Lets a draft count for documents opened from a moment on. Running documents keep their version (DOC-22).
///
/// Errors: `template.not_draft`, `template.past`, `template.faults` with every fault at its line.
pub async fn activate(cx: &Cx, id: Id, input: Activate) -> Result<TemplateOut> {
    cx.require(&TEMPLATE_WRITE)?;
    let mut tx = begin!(cx, "documents.activate_template", &(id, &input));
    let old = store::lock_template(&mut tx, id).await?;
    let now = tx.now();
    rules::check_draft(&old)?;
    let from = input.from.unwrap_or(now);
    rules::check_start(from, now)?;
    let (found, _) = looked_at(&mut tx, &old.source, now).await?;
    if let Some(first) = found.first() {
        let text = T(
            "模板还有 {n} 处问题，第一处在第 {line} 行 {field}：{text}",
            "The template has {n} faults, the first in line {line} {field}: {text}",
        );
        let text_of = if cx.lang == kernel::Lang::En { first.en.clone() } else { first.zh.clone() };
        return Err(RuleError::new("template.faults", text)
            .arg("n", found.len())
            .arg("line", first.line)
            .arg("field", &first.field)
            .arg("text", text_of)
            .field("source")
            .into());
    }
    let new = TemplateRow {
        version: old.version + 1,
        state: TemplateState::Active,
        effective_from: Some(from),
        updated_at: now,
        ..old.clone()
    };
    store::update_template(&mut tx, &new).await?;
    tx.changed(doc(&new), &old, &new)?;
    let out = out(&mut tx, &new, now).await?;
    tx.commit(out).await
}

/// Takes a version out of use; the one before it counts again for new documents. Running documents go on.
pub async fn retire(cx: &Cx, id: Id) -> Result<TemplateOut> {
    cx.require(&TEMPLATE_WRITE)?;
    let mut tx = begin!(cx, "documents.retire_template", &id);
    let old = store::lock_template(&mut tx, id).await?;
    let now = tx.now();
    let new = TemplateRow {
        version: old.version + 1,
        state: TemplateState::Retired,
        updated_at: now,
        ..old.clone()
    };
    store::update_template(&mut tx, &new).await?;
    tx.changed(doc(&new), &old, &new)?;
    let out = out(&mut tx, &new, now).await?;
    tx.commit(out).await
}

/// What changed between two versions.
pub async fn diff(cx: &Cx, old: Id, new: Id) -> Result<Difference> {
    cx.require(&TEMPLATE_READ)?;
    let mut conn = cx.read().await?;
    let (a, b) = (store::get_template(&mut conn, old).await?, store::get_template(&mut conn, new).await?);
    cx.count(&conn);
    let changes = process::diff::diff(&head(&a.source)?, &head(&b.source)?);
    Ok(Difference { old: brief(&a), new: brief(&b), changes })
}

/// Types in force, code and name, to be copied.
pub async fn kinds(cx: &Cx) -> Result<Vec<(String, String)>> {
    use process::Named;
    cx.require(&TEMPLATE_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_current(&mut conn, cx.now()).await?;
    cx.count(&conn);
    rows.iter().map(|row| Ok((row.code.clone(), parsed(row)?.label(cx.lang).to_string()))).collect()
}

/// Name of the lock under which templates are seeded.
const SEED_LOCK: i64 = 0x0D0C_5EED;

/// Puts shipped templates into the database: a new one is active at once, a changed text of a later release comes as a
/// draft for somebody to look at.
pub async fn seed(app: &App) -> Result<()> {
    let cx = Cx::system(app);
    let mut tx = begin!(&cx, "documents.seed", &());
    // Two nodes that start together must not both be first.
    db::dialect::advisory_lock(&mut tx, SEED_LOCK).await?;
    let now = tx.now();
    approval::service::seed_in(&mut tx).await?;
    for (name, source, template) in shipped::parsed() {
        let template =
            template.as_ref().map_err(|f| Error::Internal(format!("{name}:{}: {}", f.line, f.en)))?;
        if store::has_source(&mut tx, &template.code, source).await? {
            continue;
        }
        let number = store::last_number(&mut tx, &template.code).await? + 1;
        let first = number == 1;
        let row = TemplateRow {
            id: tx.id(),
            version: 1,
            code: template.code.clone(),
            number,
            state: if first { TemplateState::Active } else { TemplateState::Draft },
            name: template.name.clone(),
            name_en: template.name_en.clone(),
            source: source.clone(),
            shipped: true,
            effective_from: first.then_some(Ts(0)),
            note: String::new(),
            created_by: cx.actor()?.name.clone(),
            created_at: now,
            updated_at: now,
        };
        store::insert_template(&mut tx, &row).await?;
        tx.log(doc(&row), "seeded", serde_json::json!({}));
    }
    tx.commit(()).await
}
