//! Calls the product's own API inside the process: the demo company comes to be exactly as a real one would.

use aftercare::StartError;
use axum::{body::Body, http::Request};
use serde_json::Value;

/// Somebody of the demo company.
#[derive(Clone)]
pub struct Person {
    router: axum::Router,
    token: String,
}

impl Person {
    /// By API token.
    pub fn new(router: &axum::Router, token: &str) -> Self {
        Self { router: router.clone(), token: token.to_string() }
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, StartError> {
        self.send(method, path, "application/json", body.to_string().into_bytes()).await
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Result<Value, StartError> {
        use axum::routing::RouterIntoService;
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", kind)
            .body(Body::from(body.clone()))?;
        let mut service: RouterIntoService<Body> = self.router.clone().into_service();
        let response = tower::Service::call(&mut service, request).await?;
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status.is_success() {
            Ok(answer)
        } else {
            Err(format!("{method} {path}: {status} {answer} for {}", String::from_utf8_lossy(&body)).into())
        }
    }

    /// A write.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value, StartError> {
        self.call("POST", path, &body).await
    }

    /// A write of something that has its place.
    pub async fn put(&self, path: &str, body: Value) -> Result<Value, StartError> {
        self.call("PUT", path, &body).await
    }

    /// Somebody who is not signed in: a customer on the public pages.
    pub fn nobody(&self) -> Self {
        Self { router: self.router.clone(), token: String::new() }
    }

    /// A file into its place.
    pub async fn put_file(&self, path: &str, bytes: &[u8]) -> Result<Value, StartError> {
        self.send("PUT", path, "application/octet-stream", bytes.to_vec()).await
    }

    /// A read.
    pub async fn get(&self, path: &str) -> Result<Value, StartError> {
        self.call("GET", path, &Value::Null).await
    }
}

/// The rows of a list's answer.
pub fn items(value: &Value) -> Vec<Value> {
    value["items"].as_array().or(value.as_array()).cloned().unwrap_or_default()
}

/// The id of an answer.
pub fn id(value: &Value) -> Result<String, StartError> {
    value["id"].as_str().map(str::to_string).ok_or_else(|| format!("no id in {value}").into())
}
