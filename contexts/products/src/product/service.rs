//! Commands and queries on product models.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx, begin, search};

use super::{
    model::{ModelOut, ModelRow, NewModel},
    rules, store,
};
use crate::perms::{MODEL_READ, MODEL_WRITE};

/// The reference under which panels and the audit know a model.
pub fn doc(row: &ModelRow) -> DocRef {
    DocRef::new("model", row.id, &row.code)
}

/// One model with its component groups.
pub async fn load_model(cx: &Cx, id: Id) -> Result<ModelOut> {
    cx.require(&MODEL_READ)?;
    let mut conn = cx.read().await?;
    let model = store::get_model(&mut conn, id).await?;
    let groups = store::select_groups(&mut conn, id).await?;
    cx.count(&conn);
    Ok(ModelOut { model, groups })
}

/// Creates a model.
pub async fn create_model(cx: &Cx, input: NewModel) -> Result<ModelOut> {
    cx.require(&MODEL_WRITE)?;
    let mut tx = begin!(cx, "products.create_model", &input);
    let model = create_in(&mut tx, &input).await?;
    let groups = store::select_groups(&mut tx, model.id).await?;
    tx.commit(ModelOut { model, groups }).await
}

/// Creates a model inside the caller's transaction.
pub async fn create_in(tx: &mut Tx, input: &NewModel) -> Result<ModelRow> {
    let row = rules::create(input, tx.id(), tx.now())?;
    check_code(tx, &row).await?;
    store::insert_model(tx, &row).await?;
    put_groups(tx, row.id, input.groups.as_deref()).await?;
    index_in(tx, &row).await?;
    tx.created(doc(&row), &row)?;
    Ok(row)
}

/// Changes a model and, if given, its component groups.
pub async fn change_model(cx: &Cx, id: Id, input: NewModel) -> Result<ModelOut> {
    cx.require(&MODEL_WRITE)?;
    let mut tx = begin!(cx, "products.change_model", &(id, &input));
    let old = store::lock_model(&mut tx, id).await?;
    rules::check_version(old.version, input.version).map_err(Error::Conflict)?;
    let model = rules::change(&old, &input, tx.now())?;
    save_in(&mut tx, &old, &model, input.groups.as_deref()).await?;
    let groups = store::select_groups(&mut tx, id).await?;
    tx.commit(ModelOut { model, groups }).await
}

/// Stores a changed model with everything that follows from it.
pub async fn save_in(tx: &mut Tx, old: &ModelRow, row: &ModelRow, groups: Option<&str>) -> Result<()> {
    check_code(tx, row).await?;
    store::update_model(tx, old, row).await?;
    put_groups(tx, row.id, groups).await?;
    index_in(tx, row).await?;
    tx.changed(doc(row), old, row)
}

/// Takes a model out to which nothing refers, as if it had never been made; the log keeps that it was.
pub async fn forget_in(tx: &mut Tx, row: &ModelRow) -> Result<()> {
    store::delete_model(tx, row.id).await?;
    search::remove_in(tx, "model", row.id).await?;
    tx.log(doc(row), "deleted", serde_json::Value::Null);
    Ok(())
}

async fn check_code(tx: &mut Tx, row: &ModelRow) -> Result<()> {
    match store::find_by_code(tx, &row.code).await? {
        Some(other) if other.id != row.id && other.code == row.code => {
            let text = T("型号代码“{code}”已经存在", "The model code \"{code}\" exists already");
            Err(RuleError::new("products.code_taken", text).arg("code", &row.code).field("code").into())
        }
        _ => Ok(()),
    }
}

async fn put_groups(tx: &mut Tx, model: Id, text: Option<&str>) -> Result<()> {
    let Some(text) = text else { return Ok(()) };
    let groups = rules::parse_groups(text)?;
    let keep: Vec<&str> = groups.iter().map(|group| group.0.as_str()).collect();
    store::delete_groups_except(tx, model, &keep).await?;
    for (index, (code, name)) in groups.iter().enumerate() {
        let id = tx.id();
        store::put_group(tx, id, model, code, name, index).await?;
    }
    Ok(())
}

async fn index_in(tx: &mut Tx, row: &ModelRow) -> Result<()> {
    let text = format!("{} {}", row.spec, kernel::pinyin_initials(&row.name));
    let doc = search::SearchDoc {
        kind: "model",
        id: row.id,
        org: Id::NIL,
        owner: None,
        title: &row.name,
        sub: &row.code,
        text: &text,
        secret: &[],
    };
    search::put_in(tx, &doc).await
}

/// The model of that code or name, made if it is missing: what a caller says on the phone need not be in the
/// catalogue yet (CALL-30).
pub async fn ensure_in(tx: &mut Tx, name: &str) -> Result<ModelRow> {
    if let Some(found) = store::find_by_code(tx, name).await? {
        return Ok(found);
    }
    create_in(tx, &NewModel { name: name.to_string(), ..NewModel::default() }).await
}

/// The model meant by an id, or by code or name. Errors `products.model` when neither is given, or the model
/// is not in the catalogue.
pub async fn resolve_in(tx: &mut Tx, id: Option<Id>, text: Option<&str>) -> Result<ModelRow> {
    let unknown = || RuleError::new("products.model", T("请选择型号", "Choose a model")).field("model_id");
    match (id, text.map(str::trim).filter(|text| !text.is_empty())) {
        (Some(id), _) => store::get_model(tx, id).await.map_err(|error| match error {
            Error::NotFound => unknown().into(),
            other => other,
        }),
        (None, Some(text)) => store::find_by_code(tx, text).await?.ok_or_else(|| unknown().into()),
        (None, None) => Err(unknown().into()),
    }
}
