//! Templates that come with the product (DOC-19): embedded, and put into the database when it is new.

use std::sync::LazyLock;

use process::{Fault, Template};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../templates"]
struct Files;

/// All shipped templates as text, by file name.
pub fn all() -> Vec<(String, String)> {
    let mut list: Vec<(String, String)> = Files::iter()
        .filter(|name| name.ends_with(".toml"))
        .filter_map(|name| {
            let file = Files::get(&name)?;
            Some((name.to_string(), String::from_utf8(file.data.into_owned()).ok()?))
        })
        .collect();
    list.sort();
    list
}

/// The same, read once: the server looks at them whenever it starts.
pub fn parsed() -> &'static [(String, String, Result<Template, Fault>)] {
    static PARSED: LazyLock<Vec<(String, String, Result<Template, Fault>)>> = LazyLock::new(|| {
        let read = |(name, source): (String, String)| {
            let template = process::parse(&source);
            (name, source, template)
        };
        all().into_iter().map(read).collect()
    });
    &PARSED
}
