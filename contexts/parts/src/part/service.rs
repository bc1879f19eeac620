//! Keeping the catalogue.

use kernel::{Id, Money, RuleError, T, Ts};
use kit::{Cx, DocRef, Error, Result, Sens, Show, Tx, begin, search};

use super::{
    model::{Criticality, PartClass, PartInput, PartOut, PartRow, StorageForm, Substitute, SubstituteInput},
    rules, store,
};
use crate::perms::{PART_READ, PART_WRITE};

fn fill(input: &PartInput, base: PartRow) -> PartRow {
    let text = |text: &str| text.trim().to_string();
    PartRow {
        code: text(&input.code),
        name: text(&input.name),
        spec: text(&input.spec),
        category: input.category.rsplit('/').next().unwrap_or_default().trim().to_string(),
        class: input.class.unwrap_or(base.class),
        form: input.form.unwrap_or(base.form),
        criticality: input.criticality.unwrap_or(base.criticality),
        unit: if input.unit.trim().is_empty() { base.unit.clone() } else { text(&input.unit) },
        price: input.price.unwrap_or(base.price),
        cost: input.cost.unwrap_or(base.cost),
        lead_days: input.lead_days.unwrap_or(base.lead_days),
        replace_days: input.replace_days.unwrap_or(base.replace_days),
        fits: text(&input.fits),
        source: text(&input.source),
        serialised: input.serialised,
        old_part_due: input.old_part_due,
        active: !input.inactive,
        note: text(&input.note),
        ..base
    }
}

fn blank(id: Id, now: Ts) -> PartRow {
    PartRow {
        id,
        code: String::new(),
        name: String::new(),
        spec: String::new(),
        category: String::new(),
        category_id: None,
        class: PartClass::Component,
        form: StorageForm::Finished,
        criticality: Criticality::Normal,
        unit: "件".into(),
        price: Money::ZERO,
        cost: Money::ZERO,
        lead_days: 0,
        replace_days: 0,
        fits: String::new(),
        source: String::new(),
        serialised: false,
        old_part_due: false,
        active: true,
        note: String::new(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// The part at its branch of the goods tree (PROD-01); the branch's name is kept for search. Error `parts.category`.
async fn placed(tx: &mut Tx, input: &PartInput, row: PartRow) -> Result<PartRow> {
    let branch = match input.category_id {
        Some(id) => Some(products::api::branch(tx, id).await?.ok_or_else(|| {
            RuleError::new("parts.category", T("没有这个分类", "There is no such branch"))
                .field("category_id")
        })?),
        None => products::api::branch_in(tx, &input.category).await?,
    };
    let (category_id, category) = branch.map_or((None, String::new()), |(id, name)| (Some(id), name));
    Ok(PartRow { category, category_id, ..row })
}

/// Makes a part inside the caller's transaction. Errors: its field faults, `parts.part_taken` (422).
pub async fn create_part_in(tx: &mut Tx, input: &PartInput) -> Result<PartRow> {
    rules::check(input)?;
    free_code(tx, &input.code, None).await?;
    let row = placed(tx, input, fill(input, blank(tx.id(), tx.now()))).await?;
    store::insert_part(tx, &row).await?;
    tx.created(doc_ref(&row), &row)?;
    index(tx, &row).await?;
    Ok(row)
}

/// The part as it would be after the change, for dry runs.
pub fn filled(input: &PartInput, old: &PartRow) -> PartRow {
    fill(input, old.clone())
}

/// Writes a part's content as it is given; for taking an import back.
pub async fn save_in(tx: &mut Tx, old: &PartRow, new: PartRow) -> Result<()> {
    store::update_part(tx, &new).await?;
    tx.changed(doc_ref(&new), old, &new)?;
    index(tx, &new).await
}

/// Changes a part inside the caller's transaction.
pub async fn change_part_in(tx: &mut Tx, old: &PartRow, input: &PartInput) -> Result<PartRow> {
    rules::check(input)?;
    if input.version.is_some_and(|version| version != old.version) {
        return Err(kit::Error::stale());
    }
    free_code(tx, &input.code, Some(old.id)).await?;
    let base = PartRow { updated_at: tx.now(), ..old.clone() };
    let mut new = placed(tx, input, fill(input, base)).await?;
    store::update_part(tx, &new).await?;
    new.version += 1;
    tx.changed(doc_ref(&new), old, &new)?;
    index(tx, &new).await?;
    Ok(new)
}

/// Makes a part.
pub async fn create_part(cx: &Cx, input: PartInput) -> Result<PartOut> {
    cx.require(&PART_WRITE)?;
    let mut tx = begin!(cx, "parts.create_part", &input);
    let row = create_part_in(&mut tx, &input).await?;
    let out = out(cx, row);
    tx.commit(out).await
}

/// Changes a part.
pub async fn change_part(cx: &Cx, id: Id, input: PartInput) -> Result<PartOut> {
    cx.require(&PART_WRITE)?;
    let mut tx = begin!(cx, "parts.change_part", &(id, &input));
    let old = store::lock_part(&mut tx, id).await?;
    let row = change_part_in(&mut tx, &old, &input).await?;
    let out = out(cx, row);
    tx.commit(out).await
}

/// A part.
pub async fn get_part(cx: &Cx, id: Id) -> Result<PartOut> {
    cx.require(&PART_READ)?;
    let mut conn = cx.read().await?;
    let mut row = store::get_part(&mut conn, id).await?;
    if let Some(branch) = row.category_id
        && let Some((_, name)) = products::api::branch(&mut conn, branch).await?
    {
        // The branch may have been renamed since.
        row.category = name;
    }
    cx.count(&conn);
    Ok(out(cx, row))
}

/// Parts that may stand in for this one.
pub async fn list_substitutes(cx: &Cx, id: Id) -> Result<Vec<Substitute>> {
    cx.require(&PART_READ)?;
    let mut conn = cx.read().await?;
    store::select_substitutes(&mut conn, id).await
}

/// Links a substitute (PARTS-08).
pub async fn add_substitute(cx: &Cx, id: Id, input: SubstituteInput) -> Result<Vec<Substitute>> {
    cx.require(&PART_WRITE)?;
    let mut tx = begin!(cx, "parts.add_substitute", &(id, &input));
    let part = store::get_part(&mut tx, id).await?;
    let unknown = || {
        RuleError::new("parts.unknown_part", T("没有这个配件编码", "There is no part with this code"))
            .field("code")
    };
    let other = store::find_by_code(&mut tx, input.code.trim()).await?.ok_or_else(unknown)?;
    if other.id == id {
        return Err(Error::rule(
            RuleError::new("parts.own_substitute", T("不能以自己代用", "A part can't stand in for itself"))
                .field("code"),
        ));
    }
    store::put_substitute(&mut tx, id, other.id, &input).await?;
    tx.log(
        doc_ref(&part),
        "substitute_added",
        serde_json::json!({ "code": other.code, "both_ways": input.both_ways }),
    );
    let list = store::select_substitutes(&mut tx, id).await?;
    tx.commit(list).await
}

/// Removes a substitute.
pub async fn remove_substitute(cx: &Cx, id: Id, link_id: Id) -> Result<Vec<Substitute>> {
    cx.require(&PART_WRITE)?;
    let mut tx = begin!(cx, "parts.remove_substitute", &(id, link_id));
    let part = store::get_part(&mut tx, id).await?;
    if !store::delete_substitute(&mut tx, id, link_id).await? {
        return Err(Error::NotFound);
    }
    tx.log(doc_ref(&part), "substitute_removed", serde_json::json!({ "link": link_id }));
    let list = store::select_substitutes(&mut tx, id).await?;
    tx.commit(list).await
}

async fn free_code(tx: &mut Tx, code: &str, but: Option<Id>) -> Result<()> {
    match store::find_by_code(tx, code.trim()).await? {
        Some(found) if Some(found.id) != but => Err(Error::rule(
            RuleError::new("parts.part_taken", T("编码已被使用", "This code is taken")).field("code"),
        )),
        _ => Ok(()),
    }
}

/// What leaves the house.
pub fn out(cx: &Cx, row: PartRow) -> PartOut {
    PartOut {
        cost: (cx.shows(Sens::Cost) == Show::Full).then_some(row.cost),
        id: row.id,
        code: row.code,
        name: row.name,
        spec: row.spec,
        category: row.category,
        category_id: row.category_id,
        class: row.class,
        form: row.form,
        criticality: row.criticality,
        unit: row.unit,
        price: row.price,
        lead_days: row.lead_days,
        replace_days: row.replace_days,
        fits: row.fits,
        source: row.source,
        serialised: row.serialised,
        old_part_due: row.old_part_due,
        active: row.active,
        note: row.note,
        version: row.version,
    }
}

/// The reference under which panels attach.
pub fn doc_ref(row: &PartRow) -> DocRef {
    DocRef::new("part", row.id, &row.code)
}

async fn index(tx: &mut Tx, row: &PartRow) -> Result<()> {
    search::put_in(
        tx,
        &search::SearchDoc {
            kind: "part",
            id: row.id,
            org: Id::NIL,
            owner: None,
            title: &format!("{} {}", row.code, row.name),
            sub: &row.spec,
            text: &format!("{} {}", row.category, row.fits),
            secret: &[],
        },
    )
    .await
}
