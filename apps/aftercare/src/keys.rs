//! Secrets that belong to an installation, kept beside its data and readable by its user only.

use std::{io::Write, path::Path};

use crate::StartError;

/// The key of the audit chain: made on first start. Losing it makes the chain unverifiable, nothing else.
pub fn audit_key(data: &Path) -> Result<[u8; 32], StartError> {
    let path = data.join("audit.key");
    if let Ok(bytes) = std::fs::read(&path) {
        return <[u8; 32]>::try_from(bytes.as_slice())
            .map_err(|_| format!("{} is damaged", path.display()).into());
    }
    let key: [u8; 32] = rand::random();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    file.write_all(&key)?;
    file.sync_all()?;
    Ok(key)
}
