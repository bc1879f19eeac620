//! The map (docs/ARCHITECTURE.md) names what exists: files that are there, things that their crates have.

use super::Finding;
use crate::workspace::{Crate, Workspace};

/// The map of the house.
pub const MAP: &str = "docs/ARCHITECTURE.md";

/// Names of the map that nothing in the sources bears.
pub fn check(workspace: &Workspace, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        // What stands between backticks is at the odd places.
        for name in line.split('`').skip(1).step_by(2) {
            if !exists(workspace, name) {
                let text = format!("the map names `{name}`, which does not exist");
                found.push(Finding::error(format!("{MAP}:{}", index + 1), text));
            }
        }
    }
    found
}

/// Only names of files and paths into our own crates are judged; the rest is words, commands and rows of tables.
fn exists(workspace: &Workspace, name: &str) -> bool {
    let files = || workspace.crates.iter().flat_map(|member| &member.files);
    if name.ends_with(".rs") && !name.contains(' ') {
        return files().any(|file| file.path.ends_with(&format!("/{name}")));
    }
    let path = name.split('(').next().unwrap_or(name).trim_end_matches('!');
    let Some((first, rest)) = path.split_once("::") else { return true };
    let owner = workspace.crates.iter().find(|member| member.name == first);
    // `Job::open`: the type's crate is not said, so any crate may have it.
    let last = rest.rsplit("::").next().unwrap_or(rest);
    match owner {
        Some(member) => has(member, last),
        None if first.starts_with(char::is_uppercase) => {
            workspace.crates.iter().any(|member| has(member, first) && has(member, last))
        }
        None => true,
    }
}

/// A function, type, module or macro of this name, or one that the crate passes on.
fn has(member: &Crate, name: &str) -> bool {
    let kinds = ["fn", "struct", "enum", "trait", "mod", "macro_rules!", "const", "static", "type"];
    member.files.iter().filter(|file| file.is_product_code()).any(|file| {
        file.name() == format!("{name}.rs")
            || kinds.iter().any(|kind| {
                file.text.match_indices(&format!("{kind} {name}")).any(|(at, found)| {
                    !file.text[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
                })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::File;

    #[test]
    fn names_of_the_map_are_looked_up() {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let orders = Crate {
            name: "orders".into(),
            dir: "contexts/orders".into(),
            files: vec![file(
                "contexts/orders/src/order/job.rs",
                "pub struct Job; impl Job { pub fn open() {} }",
            )],
            ..Crate::default()
        };
        let workspace = Workspace { crates: vec![orders], loose: Vec::new() };
        let wrong = |text: &str| check(&workspace, text).len();
        assert_eq!(
            wrong("`order/job.rs`, `job.rs`, `orders::order::job`, `Job::open`, `orders::open(…)`"),
            0
        );
        assert_eq!(wrong("plain words, `select 1`, `std::thread`, `service.x`"), 0);
        assert_eq!(wrong("`order/gone.rs` `orders::reserve` `Job::ope`"), 3);
    }
}
