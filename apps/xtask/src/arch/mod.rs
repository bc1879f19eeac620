//! `cargo xtask arch`: the rules of the house (docs/ARCHITECTURE.md), proven over the sources.

mod levels;
mod map;
mod sources;
mod sql;

use std::{fmt, path::Path};

use crate::workspace::{self, Workspace};

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// File or crate, with the line where there is one.
    pub place: String,
    /// What is wrong and what to do instead.
    pub text: String,
    /// Notes are printed, errors fail the run.
    pub is_error: bool,
}

impl Finding {
    fn error(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into(), is_error: true }
    }

    fn note(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into(), is_error: false }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_error { "error" } else { "note" };
        write!(f, "{kind}: {}: {}", self.place, self.text)
    }
}

/// Applies every rule.
pub fn findings(workspace: &Workspace) -> Vec<Finding> {
    let mut found = levels::check(workspace);
    found.extend(sources::check(workspace));
    found.extend(sql::check(workspace));
    found
}

/// Prints findings; an error when any of them breaks a rule.
pub fn run(root: &Path) -> Result<(), String> {
    let workspace = workspace::load(root)?;
    let mut found = findings(&workspace);
    let text = std::fs::read_to_string(root.join(map::MAP)).map_err(|e| format!("{}: {e}", map::MAP))?;
    found.extend(map::check(&workspace, &text));
    for finding in &found {
        println!("{finding}");
    }
    let errors = found.iter().filter(|finding| finding.is_error).count();
    let files: usize = workspace.crates.iter().map(|member| member.files.len()).sum();
    println!(
        "arch: {} crates, {files} files, {errors} errors, {} notes",
        workspace.crates.len(),
        found.len() - errors
    );
    if errors > 0 { Err("the house has cracks: see above".into()) } else { Ok(()) }
}
