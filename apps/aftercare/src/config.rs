//! Configuration: a TOML file, overridden by the command line. Nothing is required.

use std::path::{Path, PathBuf};

use kit::Config;
use serde::{Deserialize, Serialize};

use crate::StartError;

/// The file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    /// Data directory; `./data`.
    pub data: Option<PathBuf>,
    /// `postgres://…`; embedded SQLite in the data directory unless given.
    pub database: Option<String>,
    /// `127.0.0.1:8080`
    pub listen: Option<String>,
    /// Address people use, for links in mails and QR codes.
    pub public_url: Option<String>,
    /// `smtp://user:password@host:port`
    pub smtp: Option<String>,
    /// Sender of mails.
    pub mail_from: Option<String>,
    /// Company name on pages and prints.
    pub company: Option<String>,
    /// Largest upload in MiB.
    pub upload_mib: Option<usize>,
    /// Requests per minute and address; 0: no limit.
    pub rate_limit: Option<u32>,
    /// Bearer token for `/metrics`; without one only this machine reads them. `AFTERCARE_METRICS_TOKEN` goes first.
    pub metrics_token: Option<String>,
    /// Log lines as JSON.
    pub json_logs: Option<bool>,
}

impl File {
    /// Reads the file, or nothing when none is named.
    pub fn read(path: Option<&Path>) -> Result<Self, StartError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// What the platform needs of it.
    pub fn platform(&self, data: &Path) -> Config {
        let base = Config::default();
        let public_url = self.public_url.clone().unwrap_or_default().trim_end_matches('/').to_string();
        Config {
            data: data.to_path_buf(),
            secure_cookies: public_url.starts_with("https://"),
            public_url,
            smtp: self.smtp.clone().unwrap_or_default(),
            mail_from: self.mail_from.clone().unwrap_or(base.mail_from),
            company: self.company.clone().unwrap_or(base.company),
            upload_limit: self.upload_mib.map_or(base.upload_limit, |mib| mib << 20),
            rate_limit: self.rate_limit.unwrap_or(base.rate_limit),
            body_limit: base.body_limit,
            metrics_token: std::env::var("AFTERCARE_METRICS_TOKEN")
                .ok()
                .filter(|token| !token.is_empty())
                .or_else(|| self.metrics_token.clone())
                .unwrap_or_default(),
        }
    }

    /// The same with secrets hidden, for `config show`.
    pub fn redacted(&self) -> Self {
        let hide = |text: &String| match (text.find("://"), text.rfind('@')) {
            (Some(start), Some(at)) if start < at => format!("{}***{}", &text[..start + 3], &text[at..]),
            _ => text.clone(),
        };
        Self {
            smtp: self.smtp.as_ref().map(hide),
            database: self.database.as_ref().map(hide),
            metrics_token: self.metrics_token.as_ref().map(|_| "***".into()),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let file = File {
            smtp: Some("smtp://me:secret@mail:25".into()),
            metrics_token: Some("figures".into()),
            ..File::default()
        };
        assert_eq!(file.redacted().smtp.as_deref(), Some("smtp://***@mail:25"));
        assert_eq!(file.redacted().metrics_token.as_deref(), Some("***"));
    }

    #[test]
    fn an_unknown_word_in_the_file_is_an_error() {
        assert!(toml::from_str::<File>("listn = \"x\"").is_err());
    }
}
