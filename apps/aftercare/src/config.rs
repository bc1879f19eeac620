//! Configuration: a TOML file, overridden by the command line. Nothing is required.

use std::path::{Path, PathBuf};

use kit::{Config, app::Sso};
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
    /// Reverse proxies in front, addresses and networks: from them `X-Forwarded-For` is believed.
    pub trusted_proxies: Option<Vec<kit::net::Network>>,
    /// Bearer token for `/metrics`; without one only this machine reads them. `AFTERCARE_METRICS_TOKEN` goes first.
    pub metrics_token: Option<String>,
    /// Log lines as JSON.
    pub json_logs: Option<bool>,
    /// Single sign-on; off without.
    pub sso: Option<SsoFile>,
}

/// Table `[sso]`: a provider of OpenID Connect.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SsoFile {
    /// `https://…`, as the provider calls itself.
    pub issuer: String,
    /// Name of this installation at the provider.
    pub client_id: String,
    /// Its secret. `AFTERCARE_SSO_SECRET` goes first.
    pub client_secret: String,
    /// Claim that holds the login name; `preferred_username`.
    pub login_claim: Option<String>,
    /// Label of the button.
    pub label: String,
    /// Nobody signs in with a password.
    pub only: bool,
    /// Code of the role of accounts made for unknown people; without it none are made.
    pub new_accounts: String,
}

impl SsoFile {
    /// What the platform needs of it. An address without encryption is for trying out on this machine only.
    fn platform(&self) -> Result<Sso, StartError> {
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        if !self.issuer.starts_with("https://") && !local.iter().any(|start| self.issuer.starts_with(start)) {
            return Err("sso.issuer must begin with https://".into());
        }
        if self.client_id.is_empty() {
            return Err("sso.client_id is missing".into());
        }
        let secret = std::env::var("AFTERCARE_SSO_SECRET").ok().filter(|secret| !secret.is_empty());
        Ok(Sso {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: secret.unwrap_or_else(|| self.client_secret.clone()),
            login_claim: self.login_claim.clone().unwrap_or_else(|| "preferred_username".into()),
            label: self.label.clone(),
            only: self.only,
            new_accounts: self.new_accounts.clone(),
        })
    }
}

impl File {
    /// Reads the file, or nothing when none is named.
    pub fn read(path: Option<&Path>) -> Result<Self, StartError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// What the platform needs of it.
    ///
    /// # Errors
    /// When single sign-on is not configured completely.
    pub fn platform(&self, data: &Path) -> Result<Config, StartError> {
        let base = Config::default();
        let public_url = self.public_url.clone().unwrap_or_default().trim_end_matches('/').to_string();
        Ok(Config {
            data: data.to_path_buf(),
            secure_cookies: public_url.starts_with("https://"),
            public_url,
            smtp: self.smtp.clone().unwrap_or_default(),
            mail_from: self.mail_from.clone().unwrap_or(base.mail_from),
            company: self.company.clone().unwrap_or(base.company),
            upload_limit: self.upload_mib.map_or(base.upload_limit, |mib| mib << 20),
            rate_limit: self.rate_limit.unwrap_or(base.rate_limit),
            body_limit: base.body_limit,
            trusted_proxies: self.trusted_proxies.clone().unwrap_or_default(),
            metrics_token: std::env::var("AFTERCARE_METRICS_TOKEN")
                .ok()
                .filter(|token| !token.is_empty())
                .or_else(|| self.metrics_token.clone())
                .unwrap_or_default(),
            sso: self.sso.as_ref().map(SsoFile::platform).transpose()?,
        })
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
            sso: self.sso.as_ref().map(|sso| SsoFile {
                client_secret: if sso.client_secret.is_empty() { String::new() } else { "***".into() },
                ..sso.clone()
            }),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_named_by_their_addresses_or_networks() {
        let read = |text: &str| toml::from_str::<File>(text).map(|file| file.platform(Path::new("x")));
        let config = read("trusted_proxies = [\"127.0.0.1\", \"::1\", \"10.0.0.0/8\"]")
            .expect("a file")
            .expect("complete");
        assert_eq!(config.trusted_proxies.len(), 3);
        assert!(read("trusted_proxies = [\"proxy\"]").is_err());
    }

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
    fn single_sign_on_is_complete_and_encrypted() {
        let read = |text: &str| toml::from_str::<File>(text).expect("a file").platform(Path::new("data"));
        assert!(read("").expect("valid").sso.is_none(), "off by default");
        let whole =
            "[sso]\nissuer = \"https://id.example.com\"\nclient_id = \"aftercare\"\nclient_secret = \"s\"";
        let sso = read(whole).expect("valid").sso.expect("on");
        assert_eq!(
            (sso.login_claim.as_str(), sso.only, sso.new_accounts.as_str()),
            ("preferred_username", false, "")
        );
        assert!(read("[sso]\nissuer = \"http://id.example.com\"\nclient_id = \"a\"").is_err());
        assert!(read("[sso]\nissuer = \"https://id.example.com\"").is_err());
        assert!(read("[sso]\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"a\"").is_ok());
        let file: File = toml::from_str(whole).expect("a file");
        assert_eq!(file.redacted().sso.expect("on").client_secret, "***");
    }

    #[test]
    fn an_unknown_word_in_the_file_is_an_error() {
        assert!(toml::from_str::<File>("listn = \"x\"").is_err());
    }
}
