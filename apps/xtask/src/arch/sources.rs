//! What stands in which file: purity of rules, sizes, README files.

use super::Finding;
use crate::{
    lex,
    workspace::{File, Workspace},
};

/// More lines than this are too many to read at once.
const LINES_WISHED: usize = 600;
/// More than this fail the run.
const LINES_ALLOWED: usize = 900;
const README_LINES: usize = 40;

/// Words that pure code has no use for, with what they would bring in.
const IMPURE: [(&str, &str); 8] = [
    ("async", "waiting"),
    ("await", "waiting"),
    ("Cx", "the request"),
    ("Tx", "the database"),
    ("Conn", "the database"),
    ("Db", "the database"),
    ("SystemTime", "the clock"),
    ("Instant", "the clock"),
];

pub fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut found = Vec::new();
    for member in &workspace.crates {
        member.files.iter().for_each(|file| check_size(file, &mut found));
        if !member.is_context() {
            continue;
        }
        for file in member.files.iter().filter(|file| file.is_product_code() && is_rules(file)) {
            check_purity(file, &mut found);
        }
        match member.file("README.md") {
            None => found
                .push(Finding::error(&member.dir, "has no README.md: purpose, words, events, api, tables")),
            Some(readme) if readme.text.lines().count() > README_LINES => {
                found.push(Finding::error(&readme.path, format!("longer than {README_LINES} lines")));
            }
            Some(_) => {}
        }
        let declares = member.file("src/lib.rs").is_some_and(|lib| lib.text.contains("pub fn module("));
        if !declares {
            found
                .push(Finding::error(&member.dir, "src/lib.rs does not declare `pub fn module() -> Module`"));
        }
    }
    workspace.loose.iter().for_each(|file| check_size(file, &mut found));
    found
}

fn is_rules(file: &File) -> bool {
    file.name() == "rules.rs" || file.path.contains("/rules/")
}

fn check_purity(file: &File, found: &mut Vec<Finding>) {
    let source = lex::source(&file.text);
    for (word, brings) in IMPURE {
        if let Some(line) = source.lines_with_word(word).first() {
            let text = format!(
                "`{word}` brings {brings} into pure rules: pass its value in, decide, hand a value back"
            );
            found.push(Finding::error(format!("{}:{line}", file.path), text));
        }
    }
}

fn check_size(file: &File, found: &mut Vec<Finding>) {
    let lines = file.text.lines().count();
    // Documents and manifests are as long as they need to be.
    if file.path.ends_with(".md") || file.path.ends_with(".toml") || lines <= LINES_WISHED {
        return;
    }
    let text = format!("{lines} lines; split it before it passes {LINES_ALLOWED} (wished: {LINES_WISHED})");
    found.push(if lines > LINES_ALLOWED {
        Finding::error(&file.path, text)
    } else {
        Finding::note(&file.path, text)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Crate;

    fn context(files: &[(&str, &str)]) -> Workspace {
        let files = files
            .iter()
            .map(|(path, text)| File { path: format!("contexts/org/{path}"), text: (*text).to_string() })
            .collect();
        let member = Crate { name: "org".into(), dir: "contexts/org".into(), files, ..Crate::default() };
        Workspace { crates: vec![member], loose: Vec::new() }
    }

    const LIB: (&str, &str) = ("src/lib.rs", "pub fn module() -> Module { Module::default() }");

    #[test]
    fn a_tidy_context_passes() {
        let tidy = context(&[
            LIB,
            ("README.md", "# org"),
            ("src/team/rules.rs", "pub fn can(a: i64) -> bool { a > 0 }"),
        ]);
        assert_eq!(check(&tidy), []);
    }

    #[test]
    fn rules_do_not_wait_or_ask_the_database() {
        let found = check(&context(&[
            LIB,
            ("README.md", ""),
            ("src/team/rules.rs", "// async is fine here\npub async fn f(tx: &mut Tx) {}"),
        ]));
        let places: Vec<_> = found.iter().map(|f| f.place.as_str()).collect();
        assert_eq!(places, ["contexts/org/src/team/rules.rs:2"; 2]);
    }

    #[test]
    fn readme_and_module_are_compulsory() {
        let long = "line\n".repeat(41);
        assert_eq!(check(&context(&[])).len(), 2);
        assert_eq!(check(&context(&[LIB, ("README.md", &long)])).len(), 1);
    }

    #[test]
    fn long_files_are_noted_then_refused() {
        let (noted, refused) = ("\n".repeat(601), "\n".repeat(901));
        let found = check(&context(&[LIB, ("README.md", ""), ("src/a.rs", &noted), ("src/b.rs", &refused)]));
        assert_eq!(found.iter().map(|f| f.is_error).collect::<Vec<_>>(), [false, true]);
    }
}
