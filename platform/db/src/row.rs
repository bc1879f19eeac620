//! Rows and how columns become Rust values.

use kernel::{Bp, Date, Id, Money, Quantity, Ts};
use rusqlite::types::ValueRef;
use sqlx::{Row as _, ValueRef as _};

use crate::{
    Error, Result,
    sqlite::{FromValue, SqliteRow},
};

/// One result row of either engine.
pub enum Row {
    /// from SQLite
    Sqlite(SqliteRow),
    /// from PostgreSQL
    Postgres(sqlx::postgres::PgRow),
}

impl Row {
    /// The column called `name`.
    pub fn get<T: FromCol>(&self, name: &str) -> Result<T> {
        T::by_name(self, name)
    }

    /// The column at `index`, from 0.
    pub fn at<T: FromCol>(&self, index: usize) -> Result<T> {
        T::by_index(self, index)
    }

    /// True when the column called `name` is NULL.
    pub fn is_null(&self, name: &str) -> Result<bool> {
        Ok(match self {
            Self::Sqlite(row) => matches!(row.named(name)?, ValueRef::Null),
            Self::Postgres(row) => row.try_get_raw(name)?.is_null(),
        })
    }

    /// True when the column at `index` is NULL.
    pub fn is_null_at(&self, index: usize) -> Result<bool> {
        Ok(match self {
            Self::Sqlite(row) => matches!(row.at(index)?, ValueRef::Null),
            Self::Postgres(row) => row.try_get_raw(index)?.is_null(),
        })
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        }
    }

    /// True when the row has no columns.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A type that one column can become.
pub trait FromCol: Sized {
    /// Reads a column by name.
    fn by_name(row: &Row, name: &str) -> Result<Self>;
    /// Reads a column by position.
    fn by_index(row: &Row, index: usize) -> Result<Self>;
}

macro_rules! primitive {
    ($($type:ty),*) => {$(
        impl FromCol for $type {
            fn by_name(row: &Row, name: &str) -> Result<Self> {
                Ok(match row {
                    Row::Sqlite(row) => <$type>::from_value(row.named(name)?)?,
                    Row::Postgres(row) => row.try_get_unchecked(name)?,
                })
            }
            fn by_index(row: &Row, index: usize) -> Result<Self> {
                Ok(match row {
                    Row::Sqlite(row) => <$type>::from_value(row.at(index)?)?,
                    Row::Postgres(row) => row.try_get_unchecked(index)?,
                })
            }
        }
    )*};
}
primitive!(i64, String, bool, Vec<u8>, uuid::Uuid);

/// NULL is `None` for every type, also for those of other crates.
impl<V: FromCol> FromCol for Option<V> {
    fn by_name(row: &Row, name: &str) -> Result<Self> {
        if row.is_null(name)? { Ok(None) } else { V::by_name(row, name).map(Some) }
    }
    fn by_index(row: &Row, index: usize) -> Result<Self> {
        if row.is_null_at(index)? { Ok(None) } else { V::by_index(row, index).map(Some) }
    }
}

/// Makes a type readable through a primitive one.
#[macro_export]
macro_rules! col_via {
    ($type:ty, $base:ty, $convert:expr) => {
        impl $crate::FromCol for $type {
            fn by_name(row: &$crate::Row, name: &str) -> $crate::Result<Self> {
                let convert: fn($base) -> $crate::Result<Self> = $convert;
                convert(<$base as $crate::FromCol>::by_name(row, name)?)
            }
            fn by_index(row: &$crate::Row, index: usize) -> $crate::Result<Self> {
                let convert: fn($base) -> $crate::Result<Self> = $convert;
                convert(<$base as $crate::FromCol>::by_index(row, index)?)
            }
        }
    };
}
col_via!(Id, uuid::Uuid, |v| Ok(Id(v)));
col_via!(Ts, i64, |v| Ok(Ts(v)));
col_via!(Money, i64, |v| Ok(Money(v)));
col_via!(Quantity, i64, |v| Ok(Quantity(v)));
col_via!(Bp, i64, |v| Ok(Bp(v)));
col_via!(Date, String, |v| Date::parse_iso(&v).map_err(|_| Error::Other(format!("not a date: {v}"))));

/// A type that a whole row can become. Made by [`crate::row!`] and for tuples.
pub trait FromRow: Sized {
    /// Reads the row.
    fn from_row(row: &Row) -> Result<Self>;
}

macro_rules! tuple {
    ($($name:ident $index:tt),*) => {
        impl<$($name: FromCol),*> FromRow for ($($name,)*) {
            fn from_row(row: &Row) -> Result<Self> {
                Ok(($($name::by_index(row, $index)?,)*))
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// `a.x, a.y, …`
pub fn column_list(alias: &str, names: &[&str]) -> String {
    let letters: usize = names.iter().map(|name| name.len() + alias.len() + 3).sum();
    let mut list = String::with_capacity(letters);
    for name in names {
        list.push_str(if list.is_empty() { "" } else { ", " });
        list.push_str(alias);
        list.push('.');
        list.push_str(name);
    }
    list
}

/// Declares a struct whose fields are columns of the same names.
///
/// Gives [`FromRow`] and `cols(alias)`, the column list for a SELECT: `cols("o")` is `o.id, o.no, …`.
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $type),* }
        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row) -> $crate::Result<Self> {
                Ok(Self { $($field: row.get(stringify!($field))?),* })
            }
        }
        impl $name {
            /// Column list with a table alias.
            #[allow(dead_code)]
            $vis fn cols(alias: &str) -> String {
                $crate::column_list(alias, &[$(stringify!($field)),*])
            }
        }
    };
}

/// Declares a closed set of codes stored as text, each with its label in both languages.
///
/// `codes! { /// doc \n pub enum Mode { Onsite = "onsite" ("上门", "On site"), } }` gives `as_str`, `label`,
/// `ALL`, `parse`, serde and JSON schema by code, and use as column and bound value.
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal ($zh:literal, $en:literal)),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $code)] #[doc = $en] $variant),* }
        #[allow(dead_code)]
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Codes and labels, for choices in forms and lists.
            pub const OPTIONS: &'static [(&'static str, kernel::T)] = &[$(($code, kernel::T($zh, $en))),*];
            /// The stored code.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code),* } }
            /// The label in both languages.
            pub const fn label(self) -> kernel::T { match self { $(Self::$variant => kernel::T($zh, $en)),* } }
            /// From the stored code.
            pub fn parse(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)* _ => None } }
        }
        impl From<$name> for $crate::Val { fn from(v: $name) -> Self { Self::Text(Some(v.as_str().to_string())) } }
        impl $crate::Nullable for $name { const NULL: $crate::Val = $crate::Val::Text(None); }
        $crate::col_via!($name, String, |v| $name::parse(&v).ok_or_else(|| $crate::Error::Other(format!(concat!("unknown ", stringify!($name), ": {}"), v))));
    };
}

/// Like [`crate::row!`], and gives `NAMES` and `values()`: column names and bound values in the same order, so
/// that inserts and updates need no second list of columns.
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? }) => {
        $crate::row! { $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $type),* } }
        impl $name {
            /// Column names.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
            /// Values, in the order of the names.
            pub fn values(&self) -> Vec<$crate::Val> {
                vec![$($crate::Val::from(self.$field.clone())),*]
            }
        }
    };
}
