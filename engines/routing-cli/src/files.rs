//! Reading and writing with errors that name the file.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
};

use routing::input::Problem;
use serde::Serialize;

/// What went wrong, for people.
pub type Failure = String;

/// A whole file; `-` is standard input.
pub fn read(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| format!("standard input: {e}"))?;
        return Ok(text);
    }
    let bytes = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    String::from_utf8(bytes).map_err(|_| format!("{}: is not UTF-8 text", path.display()))
}

/// Writes a file; `-` or nothing is standard output.
pub fn write(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    match path {
        Some(path) if path != Path::new("-") => {
            fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
        }
        _ => match std::io::stdout().write_all(text.as_bytes()) {
            // The reader of a pipe has seen enough.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(|e| format!("standard output: {e}")),
        },
    }
}

/// Writes a value as JSON.
pub fn write_json<T: Serialize>(path: Option<&Path>, value: &T) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(|e| e.to_string())?;
    text.push('\n');
    write(path, &text)
}

/// Reads and checks a problem.
pub fn problem(path: &Path) -> Result<Problem, Failure> {
    routing::input::parse(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))
}
