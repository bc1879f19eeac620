//! HTTP calls with their times.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use aftercare::StartError;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Map, Value, json};

/// Times of calls by name, shared by all clients.
#[derive(Clone, Default)]
pub struct Times {
    by_name: Arc<Mutex<BTreeMap<&'static str, Vec<u32>>>>,
}

impl Times {
    fn add(&self, name: &'static str, micros: u128) {
        if let Ok(mut map) = self.by_name.lock() {
            map.entry(name).or_default().push(u32::try_from(micros).unwrap_or(u32::MAX));
        }
    }

    /// `{name: {calls, p50_ms, p99_ms}}`
    pub fn report(&self) -> Value {
        let Ok(mut map) = self.by_name.lock() else { return Value::Null };
        let mut out = Map::new();
        for (name, micros) in map.iter_mut() {
            micros.sort_unstable();
            let at = |percent: usize| f64::from(micros[(micros.len() - 1) * percent / 100]) / 1000.0;
            out.insert(
                (*name).to_string(),
                json!({ "calls": micros.len(), "p50_ms": at(50), "p99_ms": at(99) }),
            );
        }
        Value::Object(out)
    }
}

/// One client of the API.
#[derive(Clone)]
pub struct Caller {
    http: Client,
    base: String,
    token: String,
    times: Times,
    keys: Arc<AtomicU64>,
    prefix: String,
}

impl Caller {
    /// A client with a token; `name` makes its idempotency keys its own.
    pub fn new(base: &str, token: &str, name: &str, times: Times) -> Self {
        Self {
            http: Client::new(),
            base: base.to_string(),
            token: token.to_string(),
            times,
            keys: Arc::default(),
            prefix: format!("{name}-{}", std::process::id()),
        }
    }

    /// One call; writes carry a fresh idempotency key.
    pub async fn call(
        &self,
        name: &'static str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<(StatusCode, Value), StartError> {
        let key = format!("{}-{}", self.prefix, self.keys.fetch_add(1, Ordering::Relaxed));
        let mut request =
            self.http.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(&self.token);
        if method != Method::GET {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let bytes = answer.bytes().await?;
        self.times.add(name, began.elapsed().as_micros());
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// A write that must succeed.
    pub async fn post(&self, name: &'static str, path: &str, body: Value) -> Result<Value, StartError> {
        self.must(name, Method::POST, path, Some(body)).await
    }

    /// A read that must succeed.
    pub async fn get(&self, name: &'static str, path: &str) -> Result<Value, StartError> {
        self.must(name, Method::GET, path, None).await
    }

    async fn must(
        &self,
        name: &'static str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, StartError> {
        let (status, answer) = self.call(name, method, path, body).await?;
        if status.is_success() { Ok(answer) } else { Err(format!("{name} {path}: {status} {answer}").into()) }
    }
}
