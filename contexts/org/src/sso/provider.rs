//! Talking to the provider. Nothing is asked before somebody wants to sign in, and nothing is remembered: addresses and
//! keys are read anew each time, so that a provider may change its keys whenever it likes.

use std::{sync::OnceLock, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kit::app::Sso;
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl, Scope,
    TokenResponse,
    core::{CoreClient, CoreJwsSigningAlgorithm as Alg, CoreResponseType},
};
use serde_json::Value;

use super::rules::Trouble;

/// Longest answer of a provider, bytes.
const MOST_BYTES: usize = 1 << 20;
/// Signatures with keys that only the provider has: never the client's secret, never none.
const ALGORITHMS: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// A request that failed.
#[derive(Debug)]
pub struct Failed(String);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

fn client() -> Result<reqwest::Client, Failed> {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    // Somebody else may have chosen already; there is only one to choose.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        // Following redirects would let an answer send us anywhere.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| Failed(error.to_string()))?;
    Ok(CLIENT.get_or_init(|| made).clone())
}

async fn send(request: HttpRequest) -> Result<HttpResponse, Failed> {
    let failed = |error: reqwest::Error| Failed(error.to_string());
    let (parts, body) = request.into_parts();
    let asked = client()?.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
    let mut answer = asked.send().await.map_err(failed)?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Err(Failed("the answer is too long".into()));
        }
    }
    let mut response = HttpResponse::new(bytes);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

fn unreachable(what: &str, error: &dyn std::fmt::Display) -> Trouble {
    tracing::warn!(%error, "single sign-on: {what}");
    Trouble::Unreachable
}

fn invalid(what: &str, error: &dyn std::fmt::Display) -> Trouble {
    tracing::warn!(%error, "single sign-on: {what}");
    Trouble::Invalid
}

async fn discover(sso: &Sso) -> Result<ProviderMetadataWithLogout, Trouble> {
    let issuer = IssuerUrl::new(sso.issuer.clone()).map_err(|e| unreachable("issuer", &e))?;
    ProviderMetadataWithLogout::discover_async(issuer, &send).await.map_err(|e| unreachable("discovery", &e))
}

/// Where a browser goes to sign in, and what has to come back with it.
pub struct Leave {
    pub url: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

fn redirect(to: &str) -> Result<RedirectUrl, Trouble> {
    RedirectUrl::new(to.to_string()).map_err(|e| unreachable("address of this server", &e))
}

/// The address to sign in at. `back` is ours.
pub async fn leave(sso: &Sso, back: &str) -> Result<Leave, Trouble> {
    let client =
        CoreClient::from_provider_metadata(discover(sso).await?, ClientId::new(sso.client_id.clone()), None)
            .set_redirect_uri(redirect(back)?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
    let (url, state, nonce) = client
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("profile".into()))
        .add_scope(Scope::new("email".into()))
        .set_pkce_challenge(challenge)
        .url();
    Ok(Leave {
        url: url.to_string(),
        state: state.secret().clone(),
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
    })
}

/// Exchanges a code for the claims of a token whose signature, issuer, audience, time and nonce were verified.
pub async fn claims(
    sso: &Sso,
    back: &str,
    code: &str,
    nonce: &str,
    verifier: &str,
) -> Result<Value, Trouble> {
    let secret = Some(sso.client_secret.clone()).filter(|secret| !secret.is_empty()).map(ClientSecret::new);
    let id = ClientId::new(sso.client_id.clone());
    let client = CoreClient::from_provider_metadata(discover(sso).await?, id, secret)
        .set_redirect_uri(redirect(back)?);
    let asked = client
        .exchange_code(AuthorizationCode::new(code.to_string()))
        .map_err(|e| unreachable("no token endpoint", &e))?
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_string()));
    let answer = asked.request_async(&send).await.map_err(|e| invalid("the code was refused", &e))?;
    let token = answer.id_token().ok_or_else(|| invalid("answer", &"no id token"))?;
    let check = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
    token.claims(&check, &Nonce::new(nonce.to_string())).map_err(|e| invalid("the token", &e))?;
    payload(&token.to_string()).ok_or_else(|| invalid("the token", &"its claims can't be read"))
}

/// All claims of a token that was verified: the one for the login name may be anything.
fn payload(token: &str) -> Option<Value> {
    let part = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Where a browser goes to sign out at the provider too, if it has such a place.
pub async fn out(sso: &Sso, back: &str) -> Result<Option<String>, Trouble> {
    let found = discover(sso).await?;
    let Some(end) = &found.additional_metadata().end_session_endpoint else { return Ok(None) };
    let mut url = end.url().clone();
    url.query_pairs_mut()
        .append_pair("client_id", &sso.client_id)
        .append_pair("post_logout_redirect_uri", back);
    Ok(Some(url.to_string()))
}
