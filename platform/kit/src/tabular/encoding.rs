//! Bytes of a text file to characters.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A decoded text file.
pub(super) struct Decoded {
    pub text: String,
    /// Name of the encoding found.
    pub encoding: &'static str,
    /// Some bytes made no sense; they stand in the text as U+FFFD.
    pub damaged: bool,
}

/// Decodes a text file and names the encoding found: byte order mark, UTF-16 by its zero bytes, UTF-8,
/// GB18030 (which holds GBK and GB2312) when the bytes pair up the way Chinese does, and Windows-1252, which
/// never fails. A few damaged bytes do not change the verdict: reading a whole file as the wrong language for
/// one broken character helps nobody.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_as(encoding, bytes);
    }
    for (encoding, plausible) in [(UTF_8, true), (GB18030, pairs_like_chinese(bytes))] {
        let decoded = decode_as(encoding, bytes);
        if plausible && (!decoded.damaged || mostly_readable(&decoded.text)) {
            return decoded;
        }
    }
    decode_as(WINDOWS_1252, bytes)
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    // The registry's spelling, in capitals like its neighbours.
    let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
    Decoded { text: text.into_owned(), encoding: name, damaged }
}

/// At least twenty good characters beyond ASCII for each damaged one.
fn mostly_readable(text: &str) -> bool {
    let damaged = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let beyond_ascii = text.chars().filter(|c| !c.is_ascii()).count();
    beyond_ascii > damaged * 21
}

/// In UTF-16 every separator and line end has a zero byte, always on the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = (sample.len() / 20).max(1);
    match (even, odd) {
        (0, n) if n >= enough => Some(UTF_16LE),
        (n, 0) if n >= enough => Some(UTF_16BE),
        _ => None,
    }
}

/// Windows-1252 accents stand alone between ASCII letters; Chinese in GBK comes as pairs of high bytes.
/// “écran” is valid in both, so validity alone can't decide.
fn pairs_like_chinese(bytes: &[u8]) -> bool {
    let (mut pairs, mut mixed) = (0_usize, 0_usize);
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] < 0x80 {
            index += 1;
            continue;
        }
        match bytes.get(index + 1) {
            Some(second) if *second >= 0xA1 => pairs += 1,
            _ => mixed += 1,
        }
        index += 2;
    }
    pairs > mixed
}
