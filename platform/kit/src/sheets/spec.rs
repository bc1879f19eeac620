//! What an import is made of.

use db::Conn;
use futures::future::BoxFuture;
use kernel::{Id, T};

use crate::{Result, Tx, perm::Perm, tabular::ColumnSpec};

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
    /// Its state before, as JSON; none when created. What undo needs.
    pub before: Option<String>,
    /// Field changes for the dry run: key, old, new.
    pub changes: Vec<(&'static str, String, String)>,
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
    /// Takes one row's effect back: deletes or archives what was created, restores what was changed.
    pub undo: for<'a> fn(&'a mut Tx, &'a Applied) -> BoxFuture<'a, Result<()>>,
    /// Numbers and other things needed before the transaction opens; usually nothing.
    pub prepare: Option<for<'a> fn(&'a crate::Cx, &'a mut Conn) -> BoxFuture<'a, Result<()>>>,
}

impl std::fmt::Debug for SheetSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SheetSpec({})", self.kind)
    }
}
