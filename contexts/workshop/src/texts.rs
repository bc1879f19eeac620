//! Values as forms write them: local times; RFC 3339 in JSON.

use kernel::Ts;
use serde::de::{Deserializer, Error};

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
