//! Where SQL may stand, and whose tables it may name.

use std::collections::BTreeMap;

use super::Finding;
use crate::{
    lex,
    workspace::{Crate, File, Workspace},
};

/// The only crates that may know the driver; everybody else speaks through `db`.
const DRIVER_USERS: [&str; 2] = ["db", "testkit"];
/// Files of a context in which SQL may stand, besides all whose name contains `store`.
const SQL_FILES: [&str; 5] = ["lists.rs", "sheets.rs", "check.rs", "checks.rs", "api.rs"];

pub fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    let owners = table_owners(workspace);
    for member in &workspace.crates {
        check_driver(member, &mut found);
        if !member.is_context() {
            continue;
        }
        for file in member.files.iter().filter(|file| file.is_product_code() && !is_migration(file)) {
            for literal in lex::source(&file.text).literals {
                if !is_statement(&literal.text) {
                    continue;
                }
                let place = format!("{}:{}", file.path, literal.line);
                if !may_hold_sql(file) {
                    found.push(Finding::error(
                        &place,
                        "SQL outside store.rs: give it a name there and call it",
                    ));
                }
                for table in tables_named(&literal.text) {
                    if owners.get(&table).is_some_and(|owner| *owner != member.name) {
                        let text = format!(
                            "names {table}, a table of {}: use its api.rs or a pub_ view",
                            owners[&table]
                        );
                        found.push(Finding::note(&place, text));
                    }
                }
            }
        }
    }
    found
}

fn check_driver(member: &Crate, found: &mut Vec<Finding>) {
    if DRIVER_USERS.contains(&member.name.as_str()) {
        return;
    }
    for driver in ["sqlx", "rusqlite"] {
        if member.uses.contains(driver) || member.dev_uses.contains(driver) {
            let message = format!("depends on {driver}: only platform/db may, everybody else uses db");
            found.push(Finding::error(&member.dir, message));
        }
        for file in member.files.iter().filter(|file| file.is_product_code()) {
            if let Some(line) = lex::source(&file.text).lines_with_word(driver).first() {
                let message = format!("names {driver}: only platform/db may");
                found.push(Finding::error(format!("{}:{line}", file.path), message));
            }
        }
    }
}

fn may_hold_sql(file: &File) -> bool {
    file.name().contains("store") || file.path.contains("/store/") || SQL_FILES.contains(&file.name())
}

fn is_migration(file: &File) -> bool {
    file.name().contains("migration") || file.path.contains("/migrations/")
}

/// Statements are written in small or in capital letters throughout; a sentence that begins with "Select" is not one.
fn is_statement(text: &str) -> bool {
    let text = text.trim_start();
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let uniform = first == first.to_lowercase() || first == first.to_uppercase();
    let lower = format!(" {} ", words(text).join(" "));
    let has = |word: &str| lower.contains(&format!(" {word} "));
    uniform
        && match first.to_lowercase().as_str() {
            "select" => has("from"),
            "insert" => lower.starts_with(" insert into "),
            "update" => has("set"),
            "delete" => lower.starts_with(" delete from "),
            "with" => has("as") && has("select"),
            _ => false,
        }
}

/// Lower-case words of a statement; a `\` at the end of a line and format placeholders vanish.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_string)
        .collect()
}

fn tables_named(statement: &str) -> Vec<String> {
    let words = words(statement);
    let follows = |pair: &&[String]| matches!(pair[0].as_str(), "from" | "join" | "into" | "update");
    words.windows(2).filter(follows).map(|pair| pair[1].clone()).collect()
}

/// Which context creates which table.
fn table_owners(workspace: &Workspace) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for member in workspace.crates.iter().filter(|member| member.is_context()) {
        for file in
            member.files.iter().filter(|file| file.path.ends_with(".rs") && file.path.contains("/src/"))
        {
            for literal in lex::source(&file.text).literals {
                let words = words(&literal.text);
                for triple in words.windows(3).filter(|triple| triple[0] == "create" && triple[1] == "table")
                {
                    owners.insert(triple[2].clone(), member.name.clone());
                }
            }
        }
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(name: &str, files: &[(&str, &str)]) -> Crate {
        let dir = format!("contexts/{name}");
        let files = files
            .iter()
            .map(|(path, text)| File { path: format!("{dir}/src/{path}"), text: (*text).into() })
            .collect();
        Crate { name: name.into(), dir, files, ..Crate::default() }
    }

    fn check_all(crates: Vec<Crate>) -> Vec<Finding> {
        check(&Workspace { crates, loose: Vec::new() })
    }

    #[test]
    fn statements_are_told_from_sentences() {
        for yes in [
            "select id from a",
            "SELECT *\n FROM a",
            "insert into a (b) values ($1)",
            "update a set b = $1",
            "delete from a where id = $1",
            "with x as (select 1) select * from x",
        ] {
            assert!(is_statement(yes), "{yes}");
        }
        for no in
            ["Select a file from disk", "update the order", "selected from", "with care", "delete", "from"]
        {
            assert!(!is_statement(no), "{no}");
        }
    }

    #[test]
    fn sql_stands_in_stores_only() {
        let sql = "fn f() { q(\"select id from team\"); }";
        let found = check_all(vec![context(
            "org",
            &[("team/store.rs", sql), ("lists.rs", sql), ("team/pages.rs", sql)],
        )]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "contexts/org/src/team/pages.rs:1");
    }

    #[test]
    fn tables_of_other_contexts_are_noted() {
        let org = context("org", &[("migrations.rs", "const M: &str = \"create table team (id uuid)\";")]);
        let pay = context(
            "pay",
            &[("store.rs", "const Q: &str = \"select id from team join pub_staff on true\";")],
        );
        let found = check_all(vec![org, pay]);
        assert_eq!(found.len(), 1);
        assert!(!found[0].is_error && found[0].text.contains("names team"), "{found:?}");
    }

    #[test]
    fn the_driver_stays_in_the_cellar() {
        let mut org = context("org", &[("a.rs", "use sqlx::Row;")]);
        org.uses.insert("sqlx".into());
        assert_eq!(check_all(vec![org]).len(), 2);
    }
}
