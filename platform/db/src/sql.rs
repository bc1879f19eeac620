//! A statement under construction: text and arguments grow together, so a placeholder can't miss its value.

use crate::Val;

/// Text with numbered placeholders and their values.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    args: Vec<Val>,
}

impl Sql {
    /// Starts with fixed text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), args: Vec::new() }
    }

    /// Starts with text that already uses `$1..$n` and their values.
    pub fn with(text: impl Into<String>, args: Vec<Val>) -> Self {
        Self { text: text.into(), args }
    }

    /// Appends fixed text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a placeholder for `value`.
    pub fn bind(&mut self, value: impl Into<Val>) -> &mut Self {
        self.args.push(value.into());
        let number = self.args.len();
        self.text.push('$');
        self.text.push_str(&number.to_string());
        self
    }

    /// Appends ` and {condition} $n`.
    pub fn and(&mut self, condition: &str, value: impl Into<Val>) -> &mut Self {
        self.push(" and ").push(condition).push(" ").bind(value)
    }

    /// Appends ` and {condition} $n` when there is a value.
    pub fn and_opt(&mut self, condition: &str, value: Option<impl Into<Val>>) -> &mut Self {
        if let Some(value) = value {
            self.and(condition, value);
        }
        self
    }

    /// Appends `($n, $m, …)`; an empty list becomes `(null)`, which nothing equals.
    pub fn list(&mut self, values: impl IntoIterator<Item = impl Into<Val>>) -> &mut Self {
        self.push("(");
        let mut first = true;
        for value in values {
            if !std::mem::take(&mut first) {
                self.push(", ");
            }
            self.bind(value);
        }
        if first {
            self.push("null");
        }
        self.push(")")
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values so far.
    pub fn args(&self) -> &[Val] {
        &self.args
    }

    /// Takes both apart.
    pub fn into_parts(self) -> (String, Vec<Val>) {
        (self.text, self.args)
    }
}

/// What a write that had to hit rows and hit fewer means when somebody else was faster: the command may be run again,
/// see [`Write::must`].
pub const BUSY: &str = "busy";

/// A write whose effect nobody needs to know before the end of the transaction, see [`crate::Conn::later`].
#[derive(Clone, Debug)]
pub struct Write {
    pub(crate) sql: Sql,
    pub(crate) must: Option<(u64, &'static str)>,
    pub(crate) apart: bool,
}

impl From<Sql> for Write {
    fn from(sql: Sql) -> Self {
        Self { sql, must: None, apart: false }
    }
}

impl Sql {
    /// As a [`Write`] that must hit this many rows: otherwise the transaction fails with [`crate::Error::Missed`] and
    /// `what`, or [`crate::Error::Busy`] when that is [`BUSY`]. `what` holds letters only.
    pub fn must(self, rows: usize, what: &'static str) -> Write {
        Write { must: Some((rows as u64, what)), ..Write::from(self) }
    }

    /// As a [`Write`] whose rows are others than those of the writes that wait, as the caller knows: it may go
    /// together with them although they touch the same table.
    pub fn apart(self) -> Write {
        Write::from(self).apart()
    }
}

impl Write {
    /// See [`Sql::apart`].
    pub fn apart(mut self) -> Self {
        self.apart = true;
        self
    }
}

/// `insert into table (names) values (…), (…)`: rows of one kind in one statement. `names` and each row come from
/// a [`crate::record!`].
pub fn insert_many(table: &str, names: &[&str], rows: Vec<Vec<Val>>) -> Sql {
    let mut sql = Sql::new(format!("insert into {table} ({}) values ", names.join(", ")));
    for (index, row) in rows.into_iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        sql.list(row);
    }
    sql
}

/// The update of a record whose `id` and `version` come first: only columns that differ are written, and only
/// if the version is still the old one (no row changed: somebody was faster). `None` without those two columns.
pub fn update_changed(table: &str, names: &[&str], old: Vec<Val>, new: Vec<Val>) -> Option<Sql> {
    let mut sql = Sql::new(format!("update {table} set version = version + 1"));
    for ((name, before), after) in names.iter().zip(&old).zip(&new).skip(2) {
        if before != after {
            sql.push(&format!(", {name} = ")).bind(after.clone());
        }
    }
    let mut ids = old.into_iter();
    let (id, version) = (ids.next()?, ids.next()?);
    sql.push(" where id = ").bind(id).push(" and version = ").bind(version);
    Some(sql)
}
