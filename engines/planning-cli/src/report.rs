//! What the commands say: errors with file and row, progress on standard error, numbers without noise.

use std::{
    fmt,
    io::{IsTerminal, Write},
    path::Path,
    sync::Mutex,
};

/// Rows with errors that are shown; the rest is counted.
const SHOWN: usize = 20;

/// Why a command stopped: one line per thing to mend.
#[derive(Debug, Default)]
pub struct Trouble {
    lines: Vec<String>,
    more: usize,
}

impl Trouble {
    /// Something about a whole file.
    pub fn file(path: &Path, what: impl fmt::Display) -> Self {
        Self { lines: vec![format!("{}: {what}", path.display())], more: 0 }
    }

    /// Something else.
    pub fn text(what: impl fmt::Display) -> Self {
        Self { lines: vec![what.to_string()], more: 0 }
    }

    /// Adds a row's error.
    pub fn row(&mut self, path: &Path, row: usize, what: impl fmt::Display) {
        if self.lines.len() < SHOWN {
            self.lines.push(format!("{} row {row}: {what}", path.display()));
        } else {
            self.more += 1;
        }
    }

    /// Adds an error that has no row.
    pub fn line(&mut self, path: &Path, what: impl fmt::Display) {
        if self.lines.len() < SHOWN {
            self.lines.push(format!("{}: {what}", path.display()));
        } else {
            self.more += 1;
        }
    }

    /// `Ok` when nothing was added.
    ///
    /// # Errors
    /// Itself, when there is something to mend.
    pub fn check(self) -> Result<(), Self> {
        if self.lines.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The lines, and how many more there are.
    #[must_use]
    pub fn lines(&self) -> (&[String], usize) {
        (&self.lines, self.more)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.lines.join("\n"))?;
        if self.more > 0 {
            write!(f, "\n… and {} more rows with errors", self.more)?;
        }
        Ok(())
    }
}

/// Progress on standard error: a line that rewrites itself on a terminal, silence elsewhere unless asked.
pub struct Progress {
    shown: bool,
    last: Mutex<(String, u32)>,
}

impl Progress {
    /// Shown on a terminal only.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self { shown: !quiet && std::io::stderr().is_terminal(), last: Mutex::new((String::new(), 0)) }
    }

    /// Tells a stage and its fraction.
    pub fn tell(&self, stage: &str, fraction: f64) {
        if !self.shown {
            return;
        }
        let percent = (fraction * 100.0) as u32;
        let Ok(mut last) = self.last.lock() else { return };
        if last.0 != stage || last.1 != percent {
            *last = (stage.to_string(), percent);
            let mut err = std::io::stderr().lock();
            let _ = write!(err, "\r\x1b[K{stage} {percent} %");
            let _ = err.flush();
        }
    }

    /// Removes the line.
    pub fn done(&self) {
        if self.shown {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// A number for a CSV cell: at most 6 decimals, no trailing zeros, never `-0`.
#[must_use]
pub fn number(x: f64) -> String {
    if x.fract() == 0.0 && x.abs() < 1e15 {
        return format!("{}", x as i64);
    }
    let text = format!("{x:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(3.0), "3");
        assert_eq!(number(0.25), "0.25");
        assert_eq!(number(-0.000_000_1), "0");
        assert_eq!(number(1.0 / 3.0), "0.333333");
    }

    #[test]
    fn many_errors_are_counted_not_listed() {
        let mut trouble = Trouble::default();
        (0..50).for_each(|row| trouble.row(Path::new("d.csv"), row, "bad"));
        assert!(trouble.to_string().ends_with("30 more rows with errors"));
    }
}
