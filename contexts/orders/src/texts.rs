//! Values as forms write them and as programs send them: amounts and quantities are decimals in texts and smallest
//! units in JSON numbers; times are local in forms and RFC 3339 in JSON.

use std::fmt;

use kernel::{Money, Quantity, RuleError, Ts};
use serde::de::{Deserializer, Error, Visitor};

struct Decimal(fn(&str) -> Result<i64, RuleError>);

impl<'de> Visitor<'de> for Decimal {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number of the smallest unit, or a decimal as text")
    }
    fn visit_i64<E: Error>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Some(v))
    }
    fn visit_u64<E: Error>(self, v: u64) -> Result<Self::Value, E> {
        i64::try_from(v).map(Some).map_err(|_| E::custom("the number is too large"))
    }
    fn visit_str<E: Error>(self, v: &str) -> Result<Self::Value, E> {
        if v.trim().is_empty() {
            return Ok(None);
        }
        (self.0)(v).map(Some).map_err(|error| E::custom(error.message(kernel::Lang::Zh)))
    }
    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// A quantity; absent or empty is none.
pub fn quantity<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Quantity>, D::Error> {
    let read = d.deserialize_any(Decimal(|text| Quantity::parse(text).map(|q| q.0)))?;
    read.map(|n| Quantity(n).checked()).transpose().map_err(D::Error::custom)
}

/// A quantity that must be there.
pub fn some_quantity<'de, D: Deserializer<'de>>(d: D) -> Result<Quantity, D::Error> {
    quantity(d)?.ok_or_else(|| D::Error::custom("a quantity is needed"))
}

/// An amount; absent or empty is none.
pub fn money<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Money>, D::Error> {
    let read = d.deserialize_any(Decimal(|text| Money::parse(text).map(|m| m.0)))?;
    read.map(|n| Money(n).checked()).transpose().map_err(D::Error::custom)
}

/// A share in basis points; texts are percent.
pub fn share<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    d.deserialize_any(Decimal(|text| kernel::Bp::parse(text).map(|b| b.0)))
}

/// A share that must be there.
pub fn some_share<'de, D: Deserializer<'de>>(d: D) -> Result<i64, D::Error> {
    share(d)?.ok_or_else(|| D::Error::custom("a share is needed"))
}

/// An instant; absent or empty is none.
pub fn time<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Ts>, D::Error> {
    let text: Option<String> = serde::Deserialize::deserialize(d)?;
    match text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(text) => kit::format::typed_time(text)
            .map(Some)
            .ok_or_else(|| D::Error::custom("write the time as 2026-11-22T08:30:00+08:00")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Input {
        #[serde(default, deserialize_with = "quantity")]
        quantity: Option<Quantity>,
        #[serde(default, deserialize_with = "money")]
        price: Option<Money>,
        #[serde(default, deserialize_with = "time")]
        at: Option<Ts>,
    }

    #[test]
    fn forms_and_json_fill_the_same_values() {
        let json: Input =
            kit::body::parse_json(br#"{"quantity":1500,"price":8000,"at":"2026-11-22T10:30:00+08:00"}"#)
                .expect("valid");
        let form: Input =
            kit::body::parse_form(b"quantity=1.5&price=80.00&at=2026-11-22T10%3A30").expect("valid");
        assert_eq!(json, form);
        let bare: Input = kit::body::parse_form(b"quantity=&price=&at=").expect("valid");
        assert_eq!(bare, Input { quantity: None, price: None, at: None });
        assert!(kit::body::parse_form::<Input>(b"price=cheap").is_err());
        assert!(kit::body::parse_json::<Input>(br#"{"at":"soon"}"#).is_err());
    }
}
