//! Comments on any document.

use db::{Conn, args};
use kernel::{Id, RuleError, T, Ts};
use serde::{Deserialize, Serialize};

use crate::{Cx, DocRef, Error, Result, begin};

db::row! {
    /// A comment.
    #[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
    pub struct Comment {
        /// Which.
        pub id: Id,
        /// Document kind.
        pub doc_kind: String,
        /// Document.
        pub doc_id: Id,
        /// Who.
        pub user_id: Id,
        /// Their name then.
        pub user_name: String,
        /// What.
        pub text: String,
        /// When.
        pub at: Ts,
    }
}

/// A new comment.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NewComment {
    /// What; up to 4,000 characters.
    pub text: String,
}

/// Adds a comment to a document that the caller may see.
pub async fn add(cx: &Cx, kind: &str, id: Id, input: &NewComment) -> Result<Comment> {
    let text = input.text.trim();
    if text.is_empty() || text.chars().count() > 4000 {
        return Err(RuleError::new(
            "comment.length",
            T("备注应有 1 到 4000 个字", "A comment has 1 to 4,000 characters"),
        )
        .field("text")
        .into());
    }
    let docs = &cx.app.registry.docs;
    let found = docs.get(kind).ok_or(Error::NotFound)?;
    let mut conn = cx.read().await?;
    let brief = (found.find)(cx, &mut conn, id, false).await?;
    drop(conn);
    let actor = cx.actor()?;
    let mut tx = begin!(cx, "comments.add", &(kind, id, input));
    let row = Comment {
        id: tx.id(),
        doc_kind: kind.to_string(),
        doc_id: id,
        user_id: actor.user,
        user_name: actor.name.clone(),
        text: text.to_string(),
        at: tx.now(),
    };
    tx.exec(
        "insert into comment (id, doc_kind, doc_id, user_id, user_name, text, at) values ($1,$2,$3,$4,$5,$6,$7)",
        args![row.id, &row.doc_kind, row.doc_id, row.user_id, &row.user_name, &row.text, row.at],
    )
    .await?;
    let doc = DocRef { no: brief.doc.no.clone(), ..DocRef::new(kind, id, "") };
    tx.log(doc, "commented", serde_json::json!({}));
    tx.commit(row).await
}

/// All comments of a document, oldest first, without those that were taken back (`voids`).
pub async fn of_doc(conn: &mut Conn, kind: &str, id: Id) -> Result<Vec<Comment>> {
    let sql = format!(
        "select {} from comment c where doc_kind = $1 and doc_id = $2 and voided_at is null order by at, id",
        Comment::cols("c")
    );
    Ok(conn.all(&sql, args![kind, id]).await?)
}
