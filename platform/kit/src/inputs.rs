//! Numbers and choices as people make them in forms, and as programs send them.

use std::borrow::Cow;

use kernel::{Bp, Id, Money, RuleError, T};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, de::Error, de::Visitor};

macro_rules! typed {
    ($(#[$meta:meta])* $name:ident, $inner:ident, $visitor:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        struct $visitor;

        impl Visitor<'_> for $visitor {
            type Value = $name;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E: Error>(self, v: i64) -> Result<$name, E> {
                Ok($name($inner(v)))
            }
            fn visit_u64<E: Error>(self, v: u64) -> Result<$name, E> {
                i64::try_from(v).map(|v| $name($inner(v))).map_err(E::custom)
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<$name, E> {
                $inner::parse(v).map($name).map_err(|error| E::custom(error.message(kernel::Lang::Zh)))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
                de.deserialize_any($visitor)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                schemars::json_schema!({"type": ["integer", "string"]})
            }
        }
    };
}

typed! {
    /// A rate: basis points as a number, per cent as a text (`8550` or `"85.5"`).
    Share, Bp, ShareVisitor
}
typed! {
    /// An amount: minor units as a number, yuan as a text (`1250` or `"12.50"`).
    Amount, Money, AmountVisitor
}

/// A choice that may be still open: a form goes on without it while lines are added, and is asked for it by [`chosen`]
/// when it is saved.
pub fn choice<'de, D: Deserializer<'de>>(de: D) -> Result<Id, D::Error> {
    let text = Cow::<'de, str>::deserialize(de)?;
    match text.trim() {
        "" => Ok(Id::NIL),
        text => text.parse().map_err(|error| D::Error::custom(format!("UUID parsing failed: {error}"))),
    }
}

/// Errors: `input.required` at the field while nothing is chosen.
pub fn chosen(id: Id, field: &str) -> Result<(), RuleError> {
    if id.is_nil() { Err(required(field)) } else { Ok(()) }
}

/// Something is needed here.
pub fn required(field: &str) -> RuleError {
    RuleError::new("input.required", T("必填，请填写或选择", "Required: fill it in, or choose")).field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_stored_units_and_a_text_is_what_people_write() {
        let share = |json: &str| serde_json::from_str::<Share>(json).map(|s| s.0.0);
        assert_eq!(share("8550").expect("valid"), 8550);
        assert_eq!(share("\"85.5\"").expect("valid"), 8550);
        assert!(share("\"much\"").is_err());
        assert_eq!(serde_json::from_str::<Amount>("\"12.50\"").expect("valid").0, Money(1250));
    }
}
