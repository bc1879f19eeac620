//! Publishing papers, and reading them.

use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{
    Cx, DocRef, Error, Result,
    attachments::{self, Attachment},
    begin,
};
use products::MODEL_READ;
use serde_json::json;

use super::{
    model::{PaperOut, PaperRow, SetPaper},
    store,
};
use crate::perms::PAPER_WRITE;

/// Longest title.
const LONGEST: usize = 80;

async fn list(conn: &mut Conn, model: Id) -> Result<Vec<PaperOut>> {
    let published = store::select_papers(conn, model).await?;
    let files = attachments::of_doc(conn, "model", model).await?;
    Ok(files
        .into_iter()
        .map(|file| PaperOut {
            title: published.iter().find(|paper| paper.file_id == file.id).map(|paper| paper.title.clone()),
            file_id: file.id,
            name: file.name,
            size: file.size,
        })
        .collect())
}

/// The model's name, and its files with what customers may read.
pub async fn papers(cx: &Cx, model: Id) -> Result<(String, Vec<PaperOut>)> {
    cx.require(&MODEL_READ)?;
    let mut conn = cx.read().await?;
    let brief = products::api::model(&mut conn, model).await?;
    let papers = list(&mut conn, model).await?;
    cx.count(&conn);
    Ok((brief.name, papers))
}

/// Publishes a file of the model or withdraws it. Errors: `portal.paper` for files of anything else, `text.too_long`.
pub async fn set(cx: &Cx, model: Id, input: SetPaper) -> Result<Vec<PaperOut>> {
    cx.require(&PAPER_WRITE)?;
    let mut tx = begin!(cx, "portal.set_paper", &(model, &input));
    let brief = products::api::model(&mut tx, model).await?;
    let unknown = || {
        let text = T("这个型号没有这个附件", "The model has no such file");
        Error::rule(RuleError::new("portal.paper", text).field("file_id"))
    };
    let file = attachments::get(&mut tx, input.file_id).await.map_err(|_| unknown())?;
    if file.doc_kind != "model" || file.doc_id != model {
        return Err(unknown());
    }
    let given = input.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let title = given.unwrap_or(&file.name).to_string();
    if title.chars().count() > LONGEST && given.is_some() {
        let text = T("内容太长（最多 {most} 字）", "Too long ({most} characters at most)");
        return Err(Error::rule(RuleError::new("text.too_long", text).arg("most", LONGEST).field("title")));
    }
    let doc = DocRef::new("model", model, &brief.code);
    if input.published {
        let row = PaperRow {
            file_id: file.id,
            model_id: model,
            title: title.chars().take(LONGEST).collect(),
            published_at: tx.now(),
            published_by: cx.actor()?.name.clone(),
        };
        store::put_paper(&mut tx, &row).await?;
        tx.log(doc, "paper_published", json!({ "title": row.title }));
    } else {
        store::delete_paper(&mut tx, file.id).await?;
        tx.log(doc, "paper_withdrawn", json!({ "title": title }));
    }
    let all = list(&mut tx, model).await?;
    tx.commit(all).await
}

/// What customers may read about a model; a file that was taken back is none of it any more.
pub async fn published(conn: &mut Conn, model: Id) -> Result<Vec<PaperRow>> {
    let files = attachments::of_doc(conn, "model", model).await?;
    let mut papers = store::select_papers(conn, model).await?;
    papers.retain(|paper| files.iter().any(|file| file.id == paper.file_id));
    Ok(papers)
}

/// A published file of a model with its content; 404 for all others.
pub async fn read(cx: &Cx, model: Id, file: Id) -> Result<(Attachment, Vec<u8>)> {
    let mut conn = cx.read().await?;
    store::find_paper(&mut conn, model, file).await?.ok_or(Error::NotFound)?;
    let row = attachments::get(&mut conn, file).await?;
    cx.count(&conn);
    drop(conn);
    let bytes = attachments::content(cx, &row, false).await?;
    Ok((row, bytes))
}
