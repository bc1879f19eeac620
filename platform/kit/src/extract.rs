//! What a handler takes from the address, with errors of the product instead of the framework's: a malformed id is a
//! document that is not there, a malformed parameter is told by name, in the caller's language.

use axum::{
    extract::{FromRequestParts, rejection::QueryRejection},
    http::request::Parts,
};
use kernel::Id;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{Error, Result, body::bad};

/// Asks a part of a page for its short form, for the narrow panel beside another document.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Beside {
    /// That document; it is left out.
    #[serde(default)]
    pub beside: Option<Id>,
}

/// Parts of the path.
pub struct Path<V>(pub V);

impl<V: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<V> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let found = axum::extract::Path::<V>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Error::NotFound)
    }
}

/// Parameters behind the question mark.
pub struct Query<V>(pub V);

impl<V: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<V> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let found = axum::extract::Query::<V>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection| match rejection {
            QueryRejection::FailedToDeserializeQueryString(inner) => {
                // The framework's sentence stands before serde's.
                let text =
                    std::error::Error::source(&inner).map_or_else(|| inner.to_string(), ToString::to_string);
                bad(text)
            }
            other => bad(other),
        })
    }
}
