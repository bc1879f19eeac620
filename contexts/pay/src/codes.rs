//! Closed sets of codes stored as text.

/// Like `db::codes!`, without use as an optional column.
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
        impl From<$name> for db::Val { fn from(v: $name) -> Self { Self::Text(Some(v.as_str().to_string())) } }
        db::col_via!($name, String, |v| $name::parse(&v).ok_or_else(|| db::Error::Other(format!(concat!("unknown ", stringify!($name), ": {}"), v))));
    };
}
pub(crate) use codes;
