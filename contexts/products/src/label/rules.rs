//! The secret of a unit's public page, and its QR code.

use qrcode::{EcLevel, QrCode, render::svg};

/// Letters of a token: no look-alikes, safe in addresses.
const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// A token of 26 letters from 130 random bits: nobody finds the page of a unit without having seen its label.
pub fn token(random: [u8; 26]) -> String {
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// The QR code of an address as SVG; empty when the address is too long for one.
pub fn qr_svg(address: &str) -> String {
    QrCode::with_error_correction_level(address, EcLevel::M)
        .map(|code| code.render::<svg::Color>().min_dimensions(160, 160).quiet_zone(true).build())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_differ() {
        let (a, b) = (token([7; 26]), token([255; 26]));
        assert!(a.len() == 26 && a != b && a.bytes().all(|c| LETTERS.contains(&c)));
    }

    #[test]
    fn an_address_becomes_a_picture() {
        assert!(qr_svg("https://service.example/u/23456789abcdefghijkmnpqrst").contains("<svg"));
        assert!(qr_svg(&"x".repeat(9000)).is_empty());
    }
}
