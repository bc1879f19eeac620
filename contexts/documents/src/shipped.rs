//! Templates that come with the product (DOC-19): embedded, and put into the database when it is new.

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
