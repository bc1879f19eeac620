//! What is held about one person: given out, and made anonymous, on request (PIPL, individual rights; REQUIREMENTS §M 4).
//!
//! Every context declares the tables in which it keeps something about people as [`Holding`]s of its module: columns, what
//! they are called, and what becomes of them; a test fails by name for a column that looks personal and is declared
//! nowhere, and for one without a name. From that the platform makes both the copy for the person ([`copy`]) and the
//! erasure ([`erase_in`]): names, numbers, addresses and words go, numbers of documents, money, stock and times stay.
//!
//! Documents lead to further documents: by a column with an id, or, where none was noted, by a telephone number that the
//! person's file has and nobody else's ([`Phones`]). Documents of confidential kinds that are found so are in the copy only
//! of who may know of them; erased they are by anybody who may erase.
//!
//! The log keeps who did what and when; the content of an entry that names the person gives way to its fingerprint, under
//! which the chain of the log still proves itself ([`crate::audit::erased`]).

mod copy;
mod docs;
mod erase;

use db::Conn;
use futures::future::BoxFuture;
use kernel::{Id, T, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use copy::{copy, heading};
pub use docs::phones;
pub(crate) use erase::unlink;
pub use erase::{UNLINK, erase_in};

use crate::{Cx, Result, Tx, hidden::Hidden, lists::Kind};

/// What stands where a name stood; stored, so in both languages at once.
pub const NOBODY: &str = "已匿名 Anonymised";

/// Values at once in one statement.
const CHUNK: usize = 400;

/// What becomes of a column when the person is made anonymous. All of them are in the copy but keys and secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Stays: it says nothing of the person.
    Keep,
    /// An instant that stays.
    Time,
    /// A name: [`NOBODY`] stands there.
    Name,
    /// A way to reach or recognise the person: emptied.
    Reach,
    /// The folded form of a name or number, by which it is found: emptied.
    Key,
    /// Words about or by the person: emptied.
    Words,
    /// A list or object as JSON: emptied.
    Json(&'static str),
    /// A version: whoever has the page open can't put the old text back.
    Version,
}

impl Fate {
    /// True for what the copy holds.
    pub fn shown(self) -> bool {
        !matches!(self, Self::Key | Self::Version)
    }

    /// The assignment in SQL; none for what stays.
    fn set(self, column: &str) -> Option<String> {
        match self {
            Self::Keep | Self::Time => None,
            Self::Name => Some(format!("{column} = case when {column} = '' then '' else '{NOBODY}' end")),
            Self::Reach | Self::Key | Self::Words => Some(format!("{column} = ''")),
            Self::Json(empty) => Some(format!("{column} = '{empty}'")),
            Self::Version => Some(format!("{column} = {column} + 1")),
        }
    }
}

/// A column with something about people, or beside it.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The column; its key in the copy.
    pub name: &'static str,
    /// What becomes of it.
    pub fate: Fate,
    /// What it is called, and what it holds; none: both as in the list that shows this column of this table.
    pub label: Option<(T, Kind)>,
    /// A code in words, where no list of codes says it.
    pub say: Option<Say>,
    /// SQL over the table `t` of what people read in place of the column: in Chinese, in English.
    pub read: Option<(&'static str, &'static str)>,
}

/// See [`Column::say`].
pub type Say = fn(&Cx, &str) -> String;

/// A column that a list of the same table shows, and which is called there.
pub const fn col(name: &'static str, fate: Fate) -> Column {
    Column { name, fate, label: None, say: None, read: None }
}

impl Column {
    /// Called so, because no list shows it.
    #[must_use]
    pub const fn called(self, zh: &'static str, en: &'static str) -> Self {
        let kind = match self.fate {
            Fate::Time => Kind::Time,
            _ => Kind::Text,
        };
        self.of(zh, en, kind)
    }

    /// Called so, and holding that.
    #[must_use]
    pub const fn of(mut self, zh: &'static str, en: &'static str, kind: Kind) -> Self {
        self.label = Some((T(zh, en), kind));
        self
    }

    /// Codes that only a function can put in words.
    #[must_use]
    pub const fn say(mut self, say: Say) -> Self {
        self.say = Some(say);
        self
    }

    /// People read this in its place: SQL over the table `t`, in Chinese and in English.
    #[must_use]
    pub const fn read(mut self, zh: &'static str, en: &'static str) -> Self {
        self.read = Some((zh, en));
        self
    }
}

/// A table with something about people in it.
pub struct Holding {
    /// The table.
    pub table: &'static str,
    /// What it holds, for people.
    pub label: T,
    /// Kind of document its rows belong to, and the column that names it: `("order", "order_id")`. The person's file
    /// itself is `("customer", "id")`.
    pub of: (&'static str, &'static str),
    /// Its rows are documents of this kind themselves, numbered by this column: what hangs on them is the person's too.
    pub doc: Option<(&'static str, &'static str)>,
    /// Rows that no id leads to, by telephone number.
    pub found: Option<Find>,
    /// Columns in the order of the copy.
    pub columns: Vec<Column>,
    /// The rows themselves go.
    pub delete: bool,
    /// What statements can't say: called with the documents of `of`, before the statement; returns further texts by
    /// which the person could be recognised in the log.
    pub also: Option<Also>,
    /// Puts in words what columns alone can't say.
    pub told: Option<Told>,
}

/// See [`Holding::also`].
pub type Also = for<'a> fn(&'a mut Tx, &'a [Id]) -> BoxFuture<'a, Result<Vec<String>>>;

/// See [`Holding::told`].
pub type Told = for<'a> fn(&'a Cx, &'a mut Conn, &'a mut [Line]) -> BoxFuture<'a, Result<()>>;

/// Rows in which one of these telephone numbers ([`kernel::phone_key`]) stands and which are nobody's by id, with their
/// numbers; without what is hidden.
pub type Find =
    for<'a> fn(&'a mut Conn, &'a [String], &'a [Hidden]) -> BoxFuture<'a, Result<Vec<(Id, String)>>>;

/// The telephone numbers of a person's files: those that only they have, and those that other people's have too.
/// Declared by whoever keeps the files.
pub type Phones = for<'a> fn(&'a mut Conn, &'a [Id]) -> BoxFuture<'a, Result<(Vec<String>, Vec<String>)>>;

/// A row as people read it.
pub struct Line {
    /// The document that it belongs to.
    pub of: Id,
    texts: Vec<(&'static str, String)>,
}

impl Line {
    /// What stands in a column.
    pub fn get(&self, column: &str) -> &str {
        self.texts.iter().find(|(name, _)| *name == column).map_or("", |(_, text)| text.as_str())
    }

    /// Puts it in other words.
    pub fn set(&mut self, column: &str, text: String) {
        if let Some(held) = self.texts.iter_mut().find(|(name, _)| *name == column) {
            held.1 = text;
        }
    }
}

impl Holding {
    /// A table whose rows stay.
    pub fn new(
        table: &'static str,
        label: T,
        of: (&'static str, &'static str),
        columns: impl Into<Vec<Column>>,
    ) -> Self {
        Self {
            table,
            label,
            of,
            doc: None,
            found: None,
            columns: columns.into(),
            delete: false,
            also: None,
            told: None,
        }
    }

    /// A way from a document to further ones of a kind, whose columns are declared elsewhere.
    pub fn way(
        table: &'static str,
        of: (&'static str, &'static str),
        doc: (&'static str, &'static str),
    ) -> Self {
        Self::new(table, T("", ""), of, Vec::new()).doc(doc.0, doc.1)
    }

    /// The same by telephone number, where no id leads from the person to them.
    pub fn by_phone(table: &'static str, doc: (&'static str, &'static str), find: Find) -> Self {
        let mut holding = Self::way(table, ("", ""), doc);
        holding.found = Some(find);
        holding
    }

    /// Its rows are documents.
    #[must_use]
    pub fn doc(mut self, kind: &'static str, no: &'static str) -> Self {
        self.doc = Some((kind, no));
        self
    }

    /// Its rows go.
    #[must_use]
    pub fn gone(mut self) -> Self {
        self.delete = true;
        self
    }

    /// With more to do.
    #[must_use]
    pub fn also(mut self, also: Also) -> Self {
        self.also = Some(also);
        self
    }

    /// With more to say.
    #[must_use]
    pub fn told(mut self, told: Told) -> Self {
        self.told = Some(told);
        self
    }
}

/// What one table holds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Held {
    /// The table.
    pub table: String,
    /// What it holds.
    pub label: String,
    /// What its columns are called.
    pub columns: Vec<HeldColumn>,
    /// Rows, column → value: codes, minor units, thousandths, RFC 3339.
    pub rows: Vec<Map<String, Value>>,
    /// The same as people read it, in the order of the columns.
    #[serde(skip)]
    pub texts: Vec<Vec<String>>,
}

/// A column of the copy.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HeldColumn {
    /// Key in the rows.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// Figures, which line up at the right.
    #[serde(skip)]
    pub figures: bool,
}

/// A file that is held.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HeldFile {
    /// Which file; `GET /api/v1/files/{id}` gives it.
    pub id: Id,
    /// Kind of document it hangs on.
    pub doc_kind: String,
    /// Name.
    pub name: String,
    /// What it shows, for example `signature`.
    pub label: String,
    /// Kind of content.
    pub mime: String,
    /// Bytes.
    pub size: i64,
    /// Stored.
    pub at: Ts,
}

/// A document that may be about the person: its telephone number stands in somebody else's file too, so it is neither
/// given out nor erased.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Unsure {
    /// Which.
    pub id: Id,
    /// Kind of document.
    pub kind: String,
    /// Its number.
    pub no: String,
}

/// Everything that is held about a person.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Copy {
    /// When this copy was made.
    pub at: Ts,
    /// By table.
    pub held: Vec<Held>,
    /// Files: pictures, signatures, recordings.
    pub files: Vec<HeldFile>,
    /// For whoever hands the copy out to look at: not part of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsure: Vec<Unsure>,
}

/// How much was made anonymous.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Erased {
    /// Rows.
    pub rows: i64,
    /// Files deleted.
    pub files: i64,
    /// Entries of the log whose content gave way to its fingerprint.
    pub log: i64,
}
