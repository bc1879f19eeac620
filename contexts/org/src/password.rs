//! Password hashing (argon2id) and the secrets of sessions and tokens.

use std::sync::LazyLock;

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{
        SaltString,
        rand_core::{OsRng, RngCore},
    },
};
use kernel::{RuleError, T};
use kit::{Error, Result};
use tokio::sync::Semaphore;

/// Hashes at the same time: each takes 19 MB and a core, so a flood of sign-ins must queue.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Shortest password taken.
pub const SHORTEST: usize = 8;
/// Longest: beyond it hashing only costs time.
const LONGEST: usize = 200;

/// Refuses passwords that are too short or equal the login name.
pub fn check(password: &str, login: &str, field: &str) -> Result<(), RuleError> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(RuleError::new(
            "org.password_length",
            T("密码需 {min} 至 {max} 个字符", "A password has {min} to {max} characters"),
        )
        .arg("min", SHORTEST)
        .arg("max", LONGEST)
        .field(field));
    }
    if password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(RuleError::new(
            "org.password_login",
            T("密码不能包含登录名", "A password must not contain the login name"),
        )
        .field(field));
    }
    Ok(())
}

/// The argon2id hash of a password, made off the async threads. Never call it while holding a transaction.
pub async fn hash(password: &str) -> Result<String> {
    let password = password.to_string();
    run(move || {
        let salt = SaltString::generate(&mut OsRng);
        Argon2::default()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| Error::Internal(format!("argon2: {error}")))
    })
    .await
}

/// A hash that no password has: verifying against it takes as long as against a real one, so that an unknown
/// login name can't be told from a wrong password by time.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let mut noise = [0; 32];
    OsRng.fill_bytes(&mut noise);
    let salt = SaltString::generate(&mut OsRng);
    Argon2::default().hash_password(&noise, &salt).map(|hash| hash.to_string()).unwrap_or_default()
});

/// True when the password belongs to the stored hash; without one it takes as long and is false.
pub async fn verify(password: &str, stored: Option<String>) -> Result<bool> {
    let password = password.to_string();
    run(move || {
        let (known, text) = match stored.filter(|text| !text.is_empty()) {
            Some(text) => (true, text),
            None => (false, NOBODY.clone()),
        };
        let parsed = PasswordHash::new(&text).map_err(|error| Error::Internal(format!("argon2: {error}")))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

async fn run<V: Send + 'static>(work: impl FnOnce() -> Result<V> + Send + 'static) -> Result<V> {
    let _one_of_few = AT_ONCE.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))?
}

/// 256 random bits as text: what a browser or program shows to be somebody.
pub fn secret(prefix: &str) -> String {
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    prefix.to_string() + &kernel::hex(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for (password, login, good) in [
            ("secret7", "li", false),
            ("secret78", "li", true),
            ("密码很长很长很", "li", false),
            ("密码很长很长很长", "li", true),
            ("wangwu2026", "wangwu", false),
            ("WANGWU2026", "wangwu", false),
        ] {
            assert_eq!(check(password, login, "password").is_ok(), good, "{password} {login}");
        }
        assert!(check(&"x".repeat(201), "li", "password").is_err());
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_only() {
        let stored = hash("correct horse").await.expect("hashed");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(stored.clone())).await.expect("checked"));
        assert!(!verify("wrong horse", Some(stored)).await.expect("checked"));
        assert!(!verify("", Some(String::new())).await.expect("checked"));
        assert!(!verify("anything", None).await.expect("checked"));
    }
}
