//! A document as it stands, for whoever acts on it.

use std::sync::Arc;

use db::Conn;
use kernel::Id;
use kit::{Error, Result, Tx};
use process::{Actor, EvidenceKind, State, Template};

use super::{apply, guard, model::DocumentRow, people, store};
use crate::{perms::DOCUMENT_WRITE, template};

/// Everything needed to act on a document.
pub(super) struct Loaded {
    pub row: DocumentRow,
    pub template: Arc<Template>,
    pub state: State,
    pub actor: Actor,
}

pub(super) async fn load_in(tx: &mut Tx, id: Id, version: Option<i64>) -> Result<Loaded> {
    let row = store::lock_document(tx, id).await?;
    guard::authorize(&tx.cx().clone(), tx, &DOCUMENT_WRITE, &row).await?;
    if version.is_some_and(|version| version != row.version) {
        return Err(Error::stale());
    }
    let cx = tx.cx().clone();
    let (_, template) = template::service::version(tx, row.template_id).await?;
    let actor = people::actor_of(&cx, tx, &template, &row, &DOCUMENT_WRITE).await?;
    let state = state_of(tx, &row, &template).await?;
    Ok(Loaded { row, template, state, actor })
}

/// Where a run stands, with the files that prove something counted: photographs and signatures must be pictures.
pub async fn state_of(conn: &mut Conn, row: &DocumentRow, template: &Template) -> Result<State> {
    let mut state: State = serde_json::from_str(&row.state)?;
    state.files.clear();
    if process::names::counts_ends(template) {
        state.ends = store::count_ends(conn, &row.code, row.org_id).await?.into_iter().collect();
    }
    let (kind, id, _) = apply::subject(row);
    let mut files = kit::attachments::of_doc(conn, "document", row.id).await?;
    if kind != "document" {
        files.extend(kit::attachments::of_doc(conn, &kind, id).await?);
    }
    for file in files {
        let proof = process::access::find(&template.evidence, &file.label);
        let Some(proof) = proof.filter(|p| p.kind == EvidenceKind::File || file.mime.starts_with("image/"))
        else {
            continue;
        };
        if proof.kind == EvidenceKind::Serial {
            continue;
        }
        *state.files.entry(file.label).or_insert(0) += 1;
    }
    Ok(state)
}
