//! Secrets at rest, and values that a browser carries for the server: encrypted and signed (XChaCha20-Poly1305) with a
//! key derived from the installation's own (HKDF-SHA-256), one for each purpose. What is sealed for one thing can't be
//! opened as another.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::{Error, Result};

const NONCE: usize = 24;

fn cipher(key: &[u8; 32], purpose: &str) -> Result<XChaCha20Poly1305> {
    let mut derived = [0; 32];
    Hkdf::<Sha256>::new(Some(b"aftercare"), key)
        .expand(purpose.as_bytes(), &mut derived)
        .map_err(|_| Error::Internal("a key could not be derived".into()))?;
    Ok(XChaCha20Poly1305::new(&derived.into()))
}

/// Seals bytes for a purpose; `to` is what they belong to, such as the id of a user.
///
/// # Errors
/// Internal, when the cipher fails; it does not.
pub fn seal(key: &[u8; 32], purpose: &str, to: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = rand::random();
    let payload = Payload { msg: plain, aad: to };
    let sealed = cipher(key, purpose)?.encrypt(XNonce::from_slice(&nonce), payload);
    let sealed = sealed.map_err(|_| Error::Internal("could not be sealed".into()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what was sealed; `None`: changed, of another key, for another purpose, or belonging to something else.
pub fn open(key: &[u8; 32], purpose: &str, to: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let payload = Payload { msg: sealed, aad: to };
    cipher(key, purpose).ok()?.decrypt(XNonce::from_slice(nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_purpose_and_owner_open_it() {
        let key = [7; 32];
        let sealed = seal(&key, "totp", b"user", b"secret").expect("sealed");
        assert_eq!(open(&key, "totp", b"user", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(sealed, seal(&key, "totp", b"user", b"secret").expect("sealed"), "never the same twice");
        assert_eq!(open(&[8; 32], "totp", b"user", &sealed), None);
        assert_eq!(open(&key, "cookie", b"user", &sealed), None);
        assert_eq!(open(&key, "totp", b"other", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&key, "totp", b"user", &changed), None, "byte {at}");
        }
        assert_eq!(open(&key, "totp", b"user", b"short"), None);
    }
}
