//! Values bound to statements.

use kernel::{Bp, Date, Id, Money, Quantity, Ts};

/// One bound value; `None` is a typed NULL, because PostgreSQL wants to know the type even then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Val {
    /// `uuid`
    Id(Option<Id>),
    /// `bigint`: numbers, instants, money, quantities
    Int(Option<i64>),
    /// `text`: words, codes, dates, JSON
    Text(Option<String>),
    /// `boolean`
    Bool(Option<bool>),
    /// `bytea` / blob
    Bytes(Option<Vec<u8>>),
}

impl Val {
    /// Serialises to JSON text.
    pub fn json<T: serde::Serialize>(value: &T) -> Self {
        Self::Text(serde_json::to_string(value).ok())
    }

    /// True for NULL of any type.
    pub fn is_null(&self) -> bool {
        matches!(
            self,
            Self::Id(None) | Self::Int(None) | Self::Text(None) | Self::Bool(None) | Self::Bytes(None)
        )
    }
}

/// A type whose absence is a NULL of a known type.
pub trait Nullable: Into<Val> {
    /// That NULL.
    const NULL: Val;
}

impl<V: Nullable> From<Option<V>> for Val {
    fn from(value: Option<V>) -> Self {
        value.map_or(V::NULL, Into::into)
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident, |$v:ident| $convert:expr;)*) => {$(
        impl From<$type> for Val {
            fn from($v: $type) -> Self { Self::$variant(Some($convert)) }
        }
        impl Nullable for $type {
            const NULL: Val = Val::$variant(None);
        }
    )*};
}

from! {
    Id => Id, |v| v;
    &Id => Id, |v| *v;
    i64 => Int, |v| v;
    i32 => Int, |v| i64::from(v);
    u32 => Int, |v| i64::from(v);
    u8 => Int, |v| i64::from(v);
    usize => Int, |v| i64::try_from(v).unwrap_or(i64::MAX);
    Ts => Int, |v| v.0;
    Money => Int, |v| v.0;
    Quantity => Int, |v| v.0;
    Bp => Int, |v| v.0;
    String => Text, |v| v;
    &String => Text, |v| v.clone();
    &str => Text, |v| v.to_string();
    Date => Text, |v| v.to_string();
    bool => Bool, |v| v;
    Vec<u8> => Bytes, |v| v;
    &[u8] => Bytes, |v| v.to_vec();
}

/// Builds the argument list of a statement: `args![id, no, Some(5)]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Val::from($value)),*] };
}
