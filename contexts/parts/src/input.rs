//! Quantities, amounts and parts as callers give them: JSON numbers are thousandths and fen, texts (forms) are
//! decimals; a part is named by its id or its code.

use std::{collections::HashMap, fmt};

use kernel::{Id, Money, Quantity, RuleError, T};
use kit::{Result, Tx};
use serde::de::{Deserializer, Error, Visitor};

use crate::part::{model::PartRow, store};

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
    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        d.deserialize_any(self)
    }
}

/// A quantity; absent or empty is zero.
pub fn quantity<'de, D: Deserializer<'de>>(d: D) -> Result<Quantity, D::Error> {
    let value = d.deserialize_any(Decimal(|text| Quantity::parse(text).map(|q| q.0)))?;
    Ok(Quantity(value.unwrap_or(0)))
}

/// A quantity; absent or empty is none.
pub fn opt_quantity<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Quantity>, D::Error> {
    Ok(d.deserialize_any(Decimal(|text| Quantity::parse(text).map(|q| q.0)))?.map(Quantity))
}

/// An amount; absent or empty is none.
pub fn opt_money<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Money>, D::Error> {
    Ok(d.deserialize_any(Decimal(|text| Money::parse(text).map(|m| m.0)))?.map(Money))
}

/// The parts named in lines, in their order. One or two statements for any number of lines.
///
/// Errors: `parts.unknown_part` and `parts.inactive_part` (422) at `lines.{n}.part`.
pub async fn parts_in(tx: &mut Tx, names: &[&str]) -> Result<Vec<PartRow>> {
    let mut ids = Vec::new();
    let mut codes = Vec::new();
    for name in names {
        match name.trim().parse::<Id>() {
            Ok(id) => ids.push(id),
            Err(_) => codes.push(name.trim().to_string()),
        }
    }
    let mut found: Vec<PartRow> = Vec::new();
    if !ids.is_empty() {
        found.extend(store::select_by_ids(tx, &ids).await?);
    }
    if !codes.is_empty() {
        found.extend(store::select_by_codes(tx, &codes).await?);
    }
    let by_id: HashMap<Id, &PartRow> = found.iter().map(|part| (part.id, part)).collect();
    let by_code: HashMap<&str, &PartRow> = found.iter().map(|part| (part.code.as_str(), part)).collect();
    let mut problems = kernel::Problems::new();
    let mut parts = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let name = name.trim();
        let part = name.parse::<Id>().ok().and_then(|id| by_id.get(&id)).or_else(|| by_code.get(name));
        match part {
            Some(part) if part.active => parts.push((*part).clone()),
            Some(part) => problems.push(
                RuleError::new("parts.inactive_part", T("{code} 已停用", "{code} is not in use any more"))
                    .arg("code", &part.code)
                    .field(format!("lines.{index}.part")),
            ),
            None => problems.push(
                RuleError::new("parts.unknown_part", T("没有配件 {code}", "There is no part {code}"))
                    .arg("code", name)
                    .field(format!("lines.{index}.part")),
            ),
        }
    }
    problems.finish()?;
    Ok(parts)
}

/// A query string, read as forms are: empty means absent.
pub fn query<V: serde::de::DeserializeOwned>(query: Option<&str>) -> Result<V> {
    kit::body::parse_form(query.unwrap_or_default().as_bytes())
}

/// The part that a line of a form names: the one chosen, or the code that was typed (`A-100 name` counts too).
pub fn named<'a>(part: &'a str, typed: &'a str) -> &'a str {
    match part.trim() {
        "" => typed.split_whitespace().next().unwrap_or_default(),
        part => part,
    }
}

/// 422 unless there are between 1 and 500 lines.
pub fn check_count(count: usize) -> Result<(), RuleError> {
    if (1..=500).contains(&count) {
        Ok(())
    } else {
        Err(RuleError::new("parts.lines", T("请填写 1 到 500 行", "Give 1 to 500 lines")).field("lines"))
    }
}

/// A reason of 2 to 400 characters, trimmed.
pub fn reason(text: &str) -> Result<String, RuleError> {
    let text = text.trim();
    if (2..=400).contains(&text.chars().count()) {
        Ok(text.to_string())
    } else {
        Err(RuleError::new("parts.reason", T("请填写原因", "Say why")).field("reason"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Line {
        #[serde(deserialize_with = "quantity")]
        quantity: Quantity,
        #[serde(default, deserialize_with = "opt_money")]
        price: Option<Money>,
    }

    #[test]
    fn json_counts_thousandths_and_forms_write_decimals() {
        let json: Line = kit::body::parse_json(br#"{"quantity":1500,"price":250}"#).expect("valid");
        let form: Line = kit::body::parse_form(b"quantity=1.5&price=2.50").expect("valid");
        assert_eq!(json, form);
        assert_eq!(json, Line { quantity: Quantity(1500), price: Some(Money(250)) });
        let bare: Line = kit::body::parse_form(b"quantity=2&price=").expect("valid");
        assert_eq!(bare, Line { quantity: Quantity(2000), price: None });
        assert!(kit::body::parse_form::<Line>(b"quantity=two").is_err());
        assert!(kit::body::parse_json::<Line>(br#"{"quantity":1.5}"#).is_err());
    }
}
