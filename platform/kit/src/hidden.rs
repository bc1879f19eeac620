//! Documents of confidential kinds: who has no business with them finds them nowhere, whatever his permissions reach.
//!
//! A context that has such documents names the ids hidden from a caller; lists, exports, counts, the search and the log
//! leave them out in SQL, so that no number betrays them.

use db::{Conn, Sql};
use futures::future::BoxFuture;
use kernel::Id;

use crate::{Cx, Result};

/// A select of ids in pieces: text, and the ids of a list that follow it.
#[derive(Clone, Debug, Default)]
pub struct Hidden(Vec<(String, Vec<Id>)>);

impl Hidden {
    /// Text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.0.push((text.to_string(), Vec::new()));
        self
    }

    /// Text with a list of ids behind it: `… in`.
    pub fn push_in(&mut self, text: &str, ids: impl IntoIterator<Item = Id>) -> &mut Self {
        let ids: Vec<Id> = ids.into_iter().collect();
        // Nothing is in an empty list.
        let ids = if ids.is_empty() { vec![Id::NIL] } else { ids };
        self.0.push((text.to_string(), ids));
        self
    }
}

/// The ids that are hidden from the caller; none: nothing is.
pub type Hides = for<'a> fn(&'a Cx, &'a mut Conn) -> BoxFuture<'a, Result<Option<Hidden>>>;

/// What is hidden from the caller, to be asked before statements that [`leave_out`] it.
pub async fn of(cx: &Cx, conn: &mut Conn) -> Result<Vec<Hidden>> {
    let mut all = Vec::new();
    for hides in &cx.app.registry.hides {
        all.extend(hides(cx, conn).await?);
    }
    Ok(all)
}

/// Leaves hidden documents out of a statement that has a `where`; `column` holds the document's id.
pub fn leave_out(hidden: &[Hidden], column: &str, sql: &mut Sql) {
    for Hidden(pieces) in hidden {
        sql.push(&format!(" and {column} not in ("));
        for (text, ids) in pieces {
            sql.push(text);
            if !ids.is_empty() {
                sql.list(ids.iter().copied());
            }
        }
        sql.push(")");
    }
}
