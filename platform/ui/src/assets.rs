//! Built style sheets, scripts, icons and fonts, carried inside the binary.
//!
//! `assets/build.mjs` writes content-hashed files and `manifest.json` (logical name → hashed name)
//! into `assets/dist`; pages ask for logical names through [`asset`], the server answers `/assets/*`
//! with [`embedded`].

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../assets/dist"]
struct Dist;

static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Dist::get("manifest.json").and_then(|f| serde_json::from_slice(&f.data).ok()).unwrap_or_default()
});

/// The address of a built file: `asset("app.css")` → `/assets/app-1a2b3c4d.css`.
/// Before the first asset build the logical name is used unchanged.
pub fn asset(name: &str) -> String {
    format!("/assets/{}", MANIFEST.get(name).map_or(name, String::as_str))
}

/// The script part that all pages share, to be fetched without waiting for the one that imports it.
pub(crate) fn shared_script() -> Option<String> {
    MANIFEST.contains_key("shared.js").then(|| asset("shared.js"))
}

/// One file as it is to be sent.
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub mime: &'static str,
    /// `Some("br")`, `Some("gzip")`, or none when sent as it is.
    pub encoding: Option<&'static str>,
    /// Hashed names never change their content: cache them for a year.
    pub immutable: bool,
    /// The policy of a script that runs by itself; pages have theirs from the server.
    pub policy: Option<&'static str>,
}

/// WebAssembly runs in the worker that reads codes and nowhere else; it can fetch its own file, and reach no page.
const WORKER_POLICY: &str = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'";

/// Finds a built file by its path below `/assets/`, in the best encoding `accept_encoding` allows.
pub fn embedded(path: &str, accept_encoding: &str) -> Option<Asset> {
    if path.ends_with(".br") || path.ends_with(".gz") || path == "manifest.json" {
        return None;
    }
    let plain = Dist::get(path)?;
    let (mime, immutable) = (mime_of(path), MANIFEST.values().any(|v| v == path));
    let policy = path.starts_with("scan-worker").then_some(WORKER_POLICY);
    for (token, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(accept_encoding, token)
            && let Some(file) = Dist::get(&format!("{path}{suffix}"))
        {
            return Some(Asset { bytes: file.data, mime, encoding: Some(token), immutable, policy });
        }
    }
    Some(Asset { bytes: plain.data, mime, encoding: None, immutable, policy })
}

fn accepts(header: &str, token: &str) -> bool {
    header.split(',').any(|part| {
        let mut it = part.split(';').map(str::trim);
        it.next().is_some_and(|t| t.eq_ignore_ascii_case(token)) && !it.any(|q| q == "q=0" || q == "q=0.0")
    })
}

fn mime_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "wasm" => "application/wasm",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_negotiated() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn manifest_and_compressed_twins_are_not_served_by_name() {
        assert!(embedded("manifest.json", "").is_none());
        assert!(embedded("app.css.br", "br").is_none());
        assert!(embedded("../Cargo.toml", "").is_none());
    }

    #[test]
    fn web_assembly_is_for_the_worker_that_reads_codes_alone() {
        for hashed in MANIFEST.values() {
            let policy = embedded(hashed, "").and_then(|asset| asset.policy);
            assert_eq!(policy.is_some(), hashed.starts_with("scan-worker-"), "{hashed}");
        }
        assert!(asset("scan-worker.js").len() > "/assets/scan-worker.js".len(), "it is built");
    }

    #[test]
    fn every_manifest_entry_is_embedded() {
        for hashed in MANIFEST.values() {
            assert!(embedded(hashed, "br, gzip").is_some_and(|a| a.immutable), "{hashed} is missing");
        }
    }
}
