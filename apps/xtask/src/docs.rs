//! `cargo xtask docs`: pages that are made from the program itself, so that they cannot be wrong.

use std::{path::Path, process::Command};

/// Asks the binary to write `docs/generated/permissions.md` and `docs/generated/routes.md`.
///
/// The binary knows its own registry; nothing is parsed from sources here.
pub fn run(root: &Path) -> Result<(), String> {
    let dir = root.join("docs/generated");
    std::fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    // A database of its own: it must neither make nor migrate ./data.
    let data = root.join("target/docs-data");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args(["run", "--quiet", "--package", "aftercare", "--", "docs"])
        .arg(&dir)
        .arg("--data")
        .arg(&data)
        .status()
        .map_err(|e| format!("cargo does not start: {e}"))?;
    // Nothing of value is in it; a leftover does no harm.
    let _ = std::fs::remove_dir_all(&data);
    if !status.success() {
        return Err("`aftercare docs` failed".into());
    }
    for name in ["permissions.md", "routes.md"] {
        if !dir.join(name).is_file() {
            return Err(format!("`aftercare docs` did not write {name}"));
        }
    }
    Ok(())
}
