//! The workspace as data: what the rules of [`crate::arch`] look at.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// All crates of the house.
#[derive(Debug, Default)]
pub struct Workspace {
    /// In order of their folders.
    pub crates: Vec<Crate>,
    /// Files outside the crates that people maintain by hand (scripts, style sheets, journeys).
    pub loose: Vec<File>,
}

/// One crate.
#[derive(Debug, Default)]
pub struct Crate {
    /// Package name.
    pub name: String,
    /// Folder below the workspace, with `/`.
    pub dir: String,
    /// `[package.metadata.aftercare] level`.
    pub level: Option<i64>,
    /// Names in `[dependencies]` and `[build-dependencies]`, outside ones too.
    pub uses: BTreeSet<String>,
    /// Names in `[dev-dependencies]`.
    pub dev_uses: BTreeSet<String>,
    /// Its hand-written files.
    pub files: Vec<File>,
}

/// A hand-written text file.
#[derive(Debug)]
pub struct File {
    /// Below the workspace, with `/`.
    pub path: String,
    /// Contents.
    pub text: String,
}

impl File {
    /// `store.rs`
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Part of the product's own code: not a test.
    pub fn is_product_code(&self) -> bool {
        self.path.ends_with(".rs")
            && self.path.contains("/src/")
            && !matches!(self.name(), "tests.rs" | "test.rs")
            && !self.path.contains("/tests/")
    }
}

impl Crate {
    /// A context: business code, as opposed to platform, engines and apps.
    pub fn is_context(&self) -> bool {
        self.dir.starts_with("contexts/")
    }

    /// The file at `name` below the crate's folder.
    pub fn file(&self, name: &str) -> Option<&File> {
        let path = format!("{}/{name}", self.dir);
        self.files.iter().find(|file| file.path == path)
    }
}

const FLOORS: [&str; 4] = ["platform", "engines", "contexts", "apps"];
const SOURCES: [&str; 8] = ["rs", "sql", "toml", "md", "mjs", "js", "css", "sh"];

/// Reads the workspace below `root`.
pub fn load(root: &Path) -> Result<Workspace, String> {
    let mut workspace = Workspace::default();
    for floor in FLOORS {
        for dir in folders(&root.join(floor)) {
            let manifest = dir.join("Cargo.toml");
            if !manifest.is_file() {
                continue;
            }
            let text = read(&manifest)?;
            let mut member = parse_manifest(&text).map_err(|e| format!("{}: {e}", manifest.display()))?;
            member.dir = below(root, &dir);
            collect(root, &dir, &mut member.files)?;
            workspace.crates.push(member);
        }
    }
    for folder in ["assets", "scripts", "tests", "examples"] {
        collect(root, &root.join(folder), &mut workspace.loose)?;
    }
    Ok(workspace)
}

/// Reads what the rules need from a manifest.
pub fn parse_manifest(text: &str) -> Result<Crate, String> {
    let manifest: toml::Table = text.parse().map_err(|e: toml::de::Error| e.to_string())?;
    let package = manifest.get("package").and_then(toml::Value::as_table).ok_or("no [package]")?;
    let name = package.get("name").and_then(toml::Value::as_str).ok_or("no package name")?;
    let level = package
        .get("metadata")
        .and_then(|metadata| metadata.get("aftercare"))
        .and_then(|ours| ours.get("level"))
        .and_then(toml::Value::as_integer);
    let mut found = Crate { name: name.to_string(), level, ..Crate::default() };
    gather(&manifest, &mut found);
    // [target.'cfg(unix)'.dependencies] counts like the plain one.
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        for target in targets.values().filter_map(toml::Value::as_table) {
            gather(target, &mut found);
        }
    }
    Ok(found)
}

fn gather(table: &toml::Table, found: &mut Crate) {
    let names = |key: &str| -> Vec<String> {
        table
            .get(key)
            .and_then(toml::Value::as_table)
            .map(|t| t.keys().cloned().collect())
            .unwrap_or_default()
    };
    found.uses.extend(names("dependencies"));
    found.uses.extend(names("build-dependencies"));
    found.dev_uses.extend(names("dev-dependencies"));
}

fn collect(root: &Path, dir: &Path, into: &mut Vec<File>) -> Result<(), String> {
    for path in entries(dir) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "node_modules" | "dist" | "target" | "templates") {
                collect(root, &path, into)?;
            }
        } else if path.extension().is_some_and(|ext| SOURCES.iter().any(|known| ext == *known)) {
            into.push(File { path: below(root, &path), text: read(&path)? });
        }
    }
    Ok(())
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn folders(dir: &Path) -> Vec<PathBuf> {
    entries(dir).into_iter().filter(|path| path.is_dir()).collect()
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_gives_name_level_and_all_kinds_of_dependencies() {
        let text = "[package]\nname = \"orders\"\n[package.metadata.aftercare]\nlevel = 5\n\
                    [dependencies]\nkit.workspace = true\n[target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n\
                    [dev-dependencies]\ntestkit.workspace = true\n";
        let found = parse_manifest(text).unwrap();
        assert_eq!((found.name.as_str(), found.level), ("orders", Some(5)));
        assert_eq!(found.uses, BTreeSet::from(["kit".to_string(), "libc".to_string()]));
        assert_eq!(found.dev_uses, BTreeSet::from(["testkit".to_string()]));
    }
}
