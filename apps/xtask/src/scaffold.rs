//! `cargo xtask new-feature` and `new-context`: the right way is the easy way.
//!
//! What is written compiles and passes `cargo xtask arch`; it is a start to be changed, not a library.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const FEATURE: [(&str, &str); 9] = [
    ("mod.rs", include_str!("../templates/feature/mod.rs.tmpl")),
    ("model.rs", include_str!("../templates/feature/model.rs.tmpl")),
    ("rules.rs", include_str!("../templates/feature/rules.rs.tmpl")),
    ("store.rs", include_str!("../templates/feature/store.rs.tmpl")),
    ("service.rs", include_str!("../templates/feature/service.rs.tmpl")),
    ("pages.rs", include_str!("../templates/feature/pages.rs.tmpl")),
    ("rest.rs", include_str!("../templates/feature/rest.rs.tmpl")),
    ("views.rs", include_str!("../templates/feature/views.rs.tmpl")),
    ("lists.rs", include_str!("../templates/feature/lists.rs.tmpl")),
];
const MIGRATION: &str = include_str!("../templates/feature/migration.sql.tmpl");
const TEST: &str = include_str!("../templates/feature/test.rs.tmpl");
const CONTEXT: [(&str, &str); 3] = [
    ("Cargo.toml", include_str!("../templates/context/Cargo.toml.tmpl")),
    ("README.md", include_str!("../templates/context/README.md.tmpl")),
    ("src/lib.rs", include_str!("../templates/context/lib.rs.tmpl")),
];

/// Writes the file set of a feature and wires it into its context.
pub fn feature(
    root: &Path,
    context: &str,
    name: &str,
    zh: Option<String>,
    en: Option<String>,
) -> Result<(), String> {
    check_name(context)?;
    check_name(name)?;
    let home = root.join("contexts").join(context);
    let dir = home.join("src").join(name);
    if !home.join("src/lib.rs").is_file() {
        return Err(format!("there is no context {context}: `cargo xtask new-context {context}` makes one"));
    }
    if dir.exists() {
        return Err(format!("{} exists already", dir.display()));
    }
    let number = next_migration(&home)?;
    let file = format!("{number:04}_{name}.sql");
    let en = en.unwrap_or_else(|| name.replace('_', " "));
    let words = Words::new(context, name, &zh.unwrap_or_else(|| en.clone()), &en, number, &file);
    for (file, template) in FEATURE {
        write(&dir.join(file), &words.fill(template))?;
    }
    write(&home.join("migrations").join(&file), &words.fill(MIGRATION))?;
    write(&home.join("tests/it").join(format!("{name}.rs")), &words.fill(TEST))?;
    wire_test(&home, context, name)?;
    let lib = home.join("src/lib.rs");
    write(&lib, &wire_feature(&read(&lib)?, name)?)?;
    // Names of different lengths break lines differently; without rustfmt the code is right all the same.
    let _ = Command::new("cargo").current_dir(root).args(["fmt", "--package", context]).status();
    println!("contexts/{context}/src/{name} is there, reachable at /{}.", words.path);
    println!("Next: say in mod.rs what it is, give it its real fields, write its rules and their tests,");
    println!("then `cargo xtask arch` and `cargo xtask docs`. See docs/adding-a-feature.md.");
    Ok(())
}

/// Writes an empty context and lists it in the workspace and in the binary.
pub fn context(root: &Path, name: &str, level: i64) -> Result<(), String> {
    check_name(name)?;
    if !(3..=8).contains(&level) {
        return Err("contexts live on floors 3 to 8, see docs/ARCHITECTURE.md".into());
    }
    let home = root.join("contexts").join(name);
    if home.exists() {
        return Err(format!("{} exists already", home.display()));
    }
    for (file, template) in CONTEXT {
        let text = template.replace("__ctx__", name).replace("__LEVEL__", &level.to_string());
        write(&home.join(file), &text)?;
    }
    edit(&root.join("Cargo.toml"), |text| {
        let line = format!("{name} = {{ path = \"contexts/{name}\" }}\n");
        insert_after_last(text, "{ path = \"contexts/", &line)
    })?;
    edit(&root.join("apps/aftercare/Cargo.toml"), |text| {
        insert_after_last(text, "[dependencies]", &format!("{name}.workspace = true\n"))
    })?;
    if !list_module(root, name)? {
        println!("Add `{name}::module()` to the list of contexts in apps/aftercare, in order of levels.");
    }
    println!("contexts/{name} is there. Next: its README.md, then `cargo xtask new-feature {name} THING`.");
    Ok(())
}

/// Adds `name::module()` behind the last context that the binary lists; false when no list is found.
fn list_module(root: &Path, name: &str) -> Result<bool, String> {
    let src = root.join("apps/aftercare/src");
    for entry in fs::read_dir(&src).map_err(|e| format!("{}: {e}", src.display()))?.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|ext| ext != "rs") {
            continue;
        }
        let text = read(&path)?;
        let Some(last) = text.lines().rfind(|line| line.trim_end().ends_with("::module(),")) else {
            continue;
        };
        let indent = &last[..last.len() - last.trim_start().len()];
        let line = format!("{indent}{name}::module(),\n");
        write(&path, &insert_after_last(&text, "::module(),", &line)?)?;
        return Ok(true);
    }
    Ok(false)
}

/// The words that templates are filled with.
struct Words<'a> {
    path: String,
    pairs: Vec<(&'static str, String)>,
    context: &'a str,
}

impl<'a> Words<'a> {
    fn new(context: &'a str, name: &str, zh: &str, en: &str, number: i64, file: &str) -> Self {
        let names = plural(name);
        let path = names.replace('_', "-");
        let pairs = vec![
            ("__NUMBER__", number.to_string()),
            ("__FILE__", file.to_string()),
            ("__table__", format!("{context}_{name}")),
            ("__names__", names),
            ("__name__", name.to_string()),
            ("__Name__", pascal(name)),
            ("__NAME__", name.to_uppercase()),
            ("__path__", path.clone()),
            ("__ZH__", zh.to_string()),
            ("__ENS__", capital(&plural(en))),
            ("__ens__", plural(en)),
            ("__en__", en.to_string()),
            ("__ctx__", context.to_string()),
        ];
        Self { path, pairs, context }
    }

    fn fill(&self, template: &str) -> String {
        debug_assert!(!self.context.is_empty());
        self.pairs.iter().fold(template.to_string(), |text, (word, value)| text.replace(word, value))
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let good = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let keyword = ["type", "move", "ref", "use", "mod", "match", "impl", "fn", "in", "for", "if", "box"]
        .contains(&name);
    if good && !keyword { Ok(()) } else { Err(format!("`{name}` is no snake_case name for a module")) }
}

fn plural(word: &str) -> String {
    let vowel_y = ["ay", "ey", "oy", "uy"].iter().any(|end| word.ends_with(end));
    if word.ends_with('y') && !vowel_y {
        format!("{}ies", &word[..word.len() - 1])
    } else if ["s", "x", "ch", "sh"].iter().any(|end| word.ends_with(end)) {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn pascal(name: &str) -> String {
    name.split('_').map(capital).collect()
}

/// One more than the highest number in use, whether a migration stands in a file of its own or in the code.
fn next_migration(home: &Path) -> Result<i64, String> {
    let mut highest = 0;
    let mut todo: Vec<PathBuf> = vec![home.join("src"), home.join("migrations")];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|ext| ext == "sql") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            highest = highest.max(leading_number(&name));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = read(&path)?;
            if text.contains("Migration") {
                let numbers = text.split("number:").skip(1).map(|rest| leading_number(rest.trim_start()));
                highest = highest.max(numbers.max().unwrap_or(0));
            }
        }
    }
    Ok(highest + 1)
}

fn leading_number(text: &str) -> i64 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// Declares the module and lets it add itself.
fn wire_feature(lib: &str, name: &str) -> Result<String, String> {
    let call = format!("    {name}::add(module);\n");
    let lib = declare_module(lib, "pub mod", name);
    if lib.contains("    let _ = module;\n") {
        return Ok(lib.replace("    let _ = module;\n", &call));
    }
    if let Some(start) = lib.find("fn features(module: &mut Module) {") {
        let end = lib[start..].find("\n}").map(|at| start + at + 1).ok_or("fn features has no end")?;
        return Ok(format!("{}{call}{}", &lib[..end], &lib[end..]));
    }
    // A context that declares everything in one value: keep that, and add features to it.
    let head = "pub fn module() -> Module {\n";
    if !lib.contains(head) {
        return Err(format!(
            "lib.rs has no `pub fn module() -> Module`; call `{name}::add(&mut module)` there yourself"
        ));
    }
    let wired = format!(
        "{head}    let mut module = declared();\n    features(&mut module);\n    module\n}}\n\n\
         /// Features that add themselves; `cargo xtask new-feature` writes a line here.\n\
         fn features(module: &mut Module) {{\n{call}}}\n\nfn declared() -> Module {{\n"
    );
    Ok(lib.replacen(head, &wired, 1))
}

/// Adds the test to the context's only integration binary, and what it needs to the manifest.
fn wire_test(home: &Path, context: &str, name: &str) -> Result<(), String> {
    let main = home.join("tests/it/main.rs");
    let text = read(&main).unwrap_or_else(|_| format!("//! {context} on both engines.\n"));
    write(&main, &declare_module(&text, "mod", name))?;
    edit(&home.join("Cargo.toml"), |manifest| {
        let mut manifest = manifest.to_string();
        if !manifest.contains("\n[dev-dependencies]\n") {
            manifest.push_str("\n[dev-dependencies]\n");
        }
        let tests =
            manifest.find("\n[dev-dependencies]\n").map(|at| manifest[at..].to_string()).unwrap_or_default();
        for used in ["serde_json", "testkit", "tokio"] {
            if !tests.contains(&format!("\n{used}")) {
                let head = "\n[dev-dependencies]\n";
                manifest = manifest.replacen(head, &format!("{head}{used}.workspace = true\n"), 1);
            }
        }
        Ok(manifest)
    })
}

/// Puts `pub mod name;` behind the other modules, or behind the leading comment.
fn declare_module(lib: &str, how: &str, name: &str) -> String {
    let line = format!("{how} {name};");
    let mut lines: Vec<&str> = lib.lines().collect();
    let is_module = |l: &&str| (l.starts_with("mod ") || l.starts_with("pub mod ")) && l.ends_with(';');
    match lines.iter().rposition(is_module) {
        Some(at) => lines.insert(at + 1, &line),
        None => {
            let head = lines
                .iter()
                .position(|l| !l.starts_with("//!") && !l.starts_with("#!["))
                .unwrap_or(lines.len());
            lines.splice(head..head, ["", &line]);
        }
    }
    lines.join("\n") + "\n"
}

fn insert_after_last(text: &str, mark: &str, line: &str) -> Result<String, String> {
    let at = text.rfind(mark).ok_or_else(|| format!("no line with `{mark}`"))?;
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found + 1);
    Ok(format!("{}{line}{}", &text[..end], &text[end..]))
}

fn edit(path: &Path, change: impl FnOnce(&str) -> Result<String, String>) -> Result<(), String> {
    let text = change(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
    write(path, &text)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let told = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).map_err(told)?;
    }
    fs::write(path, text).map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_that_we_need() {
        assert_eq!(
            [plural("note"), plural("class"), plural("box"), plural("delivery"), plural("day")],
            ["notes", "classes", "boxes", "deliveries", "days"]
        );
    }

    #[test]
    fn names_are_modules() {
        assert!(check_name("loan_unit").is_ok());
        for bad in ["", "Loan", "loan-unit", "1st", "type", "../x"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_placeholder_is_left() {
        let words = Words::new("orders", "loan_unit", "周转机", "loan unit", 3, "0003_loan_unit.sql");
        for (file, template) in FEATURE.into_iter().chain([("migration", MIGRATION), ("test", TEST)]) {
            let text = words.fill(template);
            // What is left of `get___name__` is a name without underscores at its end.
            assert!(!text.contains("__"), "{file}: {:?}", text.lines().find(|line| line.contains("__")));
        }
    }

    #[test]
    fn the_first_feature_wires_itself_into_a_fresh_context() {
        let lib = include_str!("../templates/context/lib.rs.tmpl");
        let once = wire_feature(lib, "note").unwrap();
        let twice = wire_feature(&once, "plan").unwrap();
        assert!(twice.contains("pub mod note;\npub mod plan;\n"));
        assert!(twice.contains("    note::add(module);\n    plan::add(module);\n}"));
        assert!(!twice.contains("let _ = module"));
    }

    #[test]
    fn a_feature_wires_itself_into_a_grown_context() {
        let lib = "//! x\n\nmod perms;\n\nuse kit::Module;\n\npub fn module() -> Module {\n    Module { name: \"x\", ..Module::default() }\n}\n";
        let wired = wire_feature(lib, "note").unwrap();
        assert!(wired.contains("mod perms;\npub mod note;\n"));
        assert!(wired.contains("let mut module = declared();\n    features(&mut module);\n    module\n}"));
        assert!(wired.contains("fn declared() -> Module {\n    Module { name"));
    }
}
