//! What an import is made of.

use db::Conn;
use futures::future::BoxFuture;
use kernel::{Id, RuleError, T};

use crate::{Error, Result, Tx, perm::Perm, tabular::ColumnSpec};

/// One row after mapping and typing: getters by column key, none where the cell was empty.
pub type SheetRow<'a> = crate::tabular::RowReader<'a>;

/// What a row did.
#[derive(Clone, Debug)]
pub struct Applied {
    /// `create`, `update` or `skip`.
    pub action: &'static str,
    /// Document made or changed.
    pub doc_kind: &'static str,
    /// Which; nil when skipped.
    pub doc_id: Id,
    /// The document's version after this row, for [`Applied::unchanged`]; 0: nothing to compare.
    pub version: i64,
    /// Its state before, as JSON; none when created. What undo needs.
    pub before: Option<String>,
    /// Field changes for the dry run: key, old, new.
    pub changes: Vec<(&'static str, String, String)>,
}

impl Applied {
    /// Refuses to take a row back when somebody has changed its document since: their work would be lost.
    ///
    /// `now` is the document's version. Where several rows of a batch changed one document, only the last of them is
    /// asked: the others find what taking back that one has left.
    ///
    /// Errors: `import.changed_since` (409).
    pub fn unchanged(&self, now: i64) -> Result<()> {
        if self.version == 0 || self.version == now {
            return Ok(());
        }
        Err(changed_since())
    }
}

/// Somebody has changed since what an import did: 409 `import.changed_since`.
pub fn changed_since() -> Error {
    let text = T("导入后又被修改过", "it has been changed since the import");
    Error::Conflict(RuleError::new("import.changed_since", text))
}

/// An import: columns, how a row is applied and undone.
#[derive(Clone)]
pub struct SheetSpec {
    /// `parts`: the word on the command line.
    pub kind: &'static str,
    /// For people.
    pub title: T,
    /// Permission to import.
    pub perm: &'static Perm,
    /// List whose export has the same columns and can be imported again; empty: none.
    pub list: &'static str,
    /// Columns.
    pub columns: fn() -> Vec<ColumnSpec>,
    /// Applies a row inside the batch's transaction. A dry run does the same and rolls back, so it can't
    /// promise what the real run refuses.
    pub apply: for<'a> fn(&'a mut Tx, &'a SheetRow<'a>) -> BoxFuture<'a, Result<Applied>>,
    /// Takes one row's effect back: deletes what was created, or takes it out of use where others may refer to it, and
    /// restores what was changed. Asks [`Applied::unchanged`] first.
    pub undo: for<'a> fn(&'a mut Tx, &'a Applied) -> BoxFuture<'a, Result<()>>,
    /// Numbers and other things needed before the transaction opens; usually nothing.
    pub prepare: Option<for<'a> fn(&'a crate::Cx, &'a mut Conn) -> BoxFuture<'a, Result<()>>>,
}

impl std::fmt::Debug for SheetSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SheetSpec({})", self.kind)
    }
}
