//! Just enough of Rust's lexical rules to tell code from comments and texts.

/// A text literal of a source file.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// Line on which it begins, from 1.
    pub line: usize,
    /// Contents as written, escapes not resolved.
    pub text: String,
}

/// A source file taken apart.
#[derive(Debug, Default)]
pub struct Source {
    /// The code with comments and contents of literals left out; line breaks are kept.
    pub code: String,
    /// All text literals in order.
    pub literals: Vec<Literal>,
}

impl Source {
    /// Lines (from 1) on which `word` stands in code as a whole word.
    pub fn lines_with_word(&self, word: &str) -> Vec<usize> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut found = Vec::new();
        for (index, line) in self.code.lines().enumerate() {
            if line.split(|c| !is_word(c)).any(|part| part == word) {
                found.push(index + 1);
            }
        }
        found
    }
}

/// Takes a Rust file apart. Unit tests at its end (`#[cfg(test)] mod …`) are left out: they are not the product.
pub fn source(text: &str) -> Source {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let mut lexer = Lexer { rest: text, line: 1, out: Source::default() };
    while !lexer.rest.is_empty() {
        lexer.step();
    }
    lexer.out
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    out: Source,
}

impl Lexer<'_> {
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.skip(end);
        } else if self.rest.starts_with("/*") {
            self.block_comment();
        } else if let Some((open, hashes)) = raw_opening(self.rest, self.out.code.chars().last()) {
            let close = format!("\"{}", "#".repeat(hashes));
            let end = self.rest[open..].find(&close).map_or(self.rest.len(), |at| open + at);
            self.literal(open, end, close.len());
        } else if self.rest.starts_with('"') {
            let end = quoted_end(self.rest);
            self.literal(1, end, 1);
        } else if let Some(length) = char_literal(self.rest) {
            self.skip(length);
        } else {
            let Some(c) = self.rest.chars().next() else { return };
            self.out.code.push(c);
            if c == '\n' {
                self.line += 1;
            }
            self.rest = &self.rest[c.len_utf8()..];
        }
    }

    /// Drops text, keeping its line breaks so that line numbers stay true.
    fn skip(&mut self, length: usize) {
        let (dropped, rest) = self.rest.split_at(length.min(self.rest.len()));
        for _ in 0..dropped.matches('\n').count() {
            self.out.code.push('\n');
            self.line += 1;
        }
        self.rest = rest;
    }

    fn literal(&mut self, open: usize, end: usize, close: usize) {
        let text = self.rest.get(open..end).unwrap_or_default().to_string();
        self.out.literals.push(Literal { line: self.line, text });
        self.out.code.push_str("\"\"");
        self.skip(end + close);
    }

    fn block_comment(&mut self) {
        let (mut depth, mut at) = (0, 0);
        let bytes = self.rest.as_bytes();
        while at < bytes.len() {
            match bytes.get(at..at + 2) {
                Some(b"/*") => {
                    depth += 1;
                    at += 2;
                }
                Some(b"*/") => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                _ => at += 1,
            }
        }
        self.skip(at);
    }
}

/// Length of the opening of a raw text (`r"`, `r#"`, `br#"`) and its number of hashes.
fn raw_opening(rest: &str, before: Option<char>) -> Option<(usize, usize)> {
    // `for"` or an identifier ending in r is not an opening.
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let prefix = if rest.starts_with("br") { 2 } else { usize::from(rest.starts_with('r')) };
    if prefix == 0 {
        return None;
    }
    let hashes = rest[prefix..].bytes().take_while(|b| *b == b'#').count();
    rest[prefix + hashes..].starts_with('"').then_some((prefix + hashes + 1, hashes))
}

/// Index of the closing quote of an ordinary text literal.
fn quoted_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Length of a character literal; `None` for a lifetime.
fn char_literal(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices();
    if chars.next()?.1 != '\'' {
        return None;
    }
    let (_, first) = chars.next()?;
    if first == '\\' {
        let escaped = chars.next()?.0;
        return rest[escaped + 1..].find('\'').map(|at| escaped + 1 + at + 1);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_with_their_lines_and_comments_are_not() {
        let found = source(
            "// \"no\"\nlet a = \"one\\\"x\";\n/* \"no\" /* */ \"no\" */ let b = r#\"two\n\"three\"\"#;",
        );
        let texts: Vec<_> = found.literals.iter().map(|l| (l.line, l.text.as_str())).collect();
        assert_eq!(texts, [(2, "one\\\"x"), (3, "two\n\"three\"")]);
    }

    #[test]
    fn quotes_as_characters_and_lifetimes_do_not_confuse() {
        let found =
            source("fn f<'a>(x: &'a str) -> char { '\"' } const Q: char = '\\''; const S: &str = \"s\";");
        assert_eq!(found.literals, [Literal { line: 1, text: "s".into() }]);
        assert!(found.code.contains("fn f<'a>(x: &'a str)"));
    }

    #[test]
    fn words_are_whole_and_outside_texts() {
        let found = source("let asynchronous = \"async\"; // async\nasync fn f() {}\n");
        assert_eq!(found.lines_with_word("async"), [2]);
    }

    #[test]
    fn unit_tests_are_left_out() {
        let found = source("fn a() {}\n#[cfg(test)]\nmod tests { const S: &str = \"s\"; }");
        assert!(found.literals.is_empty());
    }
}
