//! Travel times from an OSRM-compatible table service, over plain HTTP/1.1. Only used with `--osrm`.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use routing::{
    input::{Place, Problem},
    table::{TableService, by_table},
};
use serde::Deserialize;

use crate::files::Failure;

/// `http://host:port/table/v1/driving`-like services.
pub struct Osrm {
    host: String,
    path: String,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    durations: Vec<Vec<Option<f64>>>,
}

impl Osrm {
    /// From an address such as `http://127.0.0.1:5000` (profile `driving`) or with a path of its own.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let rest = url.strip_prefix("http://").ok_or_else(|| {
            format!("--osrm {url}: must begin with http:// (put a proxy before a service that needs TLS)")
        })?;
        let (host, path) = rest.split_once('/').map_or((rest, ""), |(h, p)| (h, p));
        if host.is_empty() {
            return Err(format!("--osrm {url}: no host"));
        }
        let host = if host.contains(':') { host.to_string() } else { format!("{host}:80") };
        let path =
            if path.is_empty() { "table/v1/driving".into() } else { path.trim_end_matches('/').to_string() };
        Ok(Self { host, path })
    }

    fn get(&self, target: &str) -> Result<String, String> {
        let problem = |e: std::io::Error| format!("{}: {e}", self.host);
        let mut stream = TcpStream::connect(&self.host).map_err(problem)?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).map_err(problem)?;
        let name = &self.host;
        let request = format!(
            "GET {target} HTTP/1.0\r\nHost: {name}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).map_err(problem)?;
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).map_err(problem)?;
        let text = String::from_utf8_lossy(&reply);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| format!("{name}: not an HTTP reply"))?;
        if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            return Err(format!("{name}: answers HTTP/1.0 in chunks, which is not understood"));
        }
        Ok(body.to_string())
    }
}

impl TableService for Osrm {
    fn table(&self, from: &[&Place], to: &[&Place]) -> Result<Vec<Vec<f64>>, String> {
        let coordinate = |p: &&Place| format!("{:.6},{:.6}", p.lon.unwrap_or(0.0), p.lat.unwrap_or(0.0));
        let all: Vec<String> = from.iter().chain(to).map(coordinate).collect();
        let numbers =
            |range: std::ops::Range<usize>| range.map(|i| i.to_string()).collect::<Vec<_>>().join(";");
        let target = format!(
            "/{}/{}?annotations=duration&sources={}&destinations={}",
            self.path,
            all.join(";"),
            numbers(0..from.len()),
            numbers(from.len()..all.len())
        );
        let body = self.get(&target)?;
        let reply: Reply = serde_json::from_str(&body).map_err(|e| format!("{}: {e}", self.host))?;
        if reply.code != "Ok" {
            return Err(format!("{}: {} {}", self.host, reply.code, reply.message));
        }
        // No road: farther than any day.
        Ok(reply.durations.into_iter().map(|r| r.into_iter().map(|s| s.unwrap_or(1e8)).collect()).collect())
    }
}

/// Replaces a problem's travel by the service's table.
pub fn fetch(problem: &mut Problem, url: &str) -> Result<(), Failure> {
    let service = Osrm::new(url)?;
    by_table(problem, &service, 50).map_err(|e| format!("--osrm {url}: {e}"))
}
