//! Pictures inside JSON: a signature, the surroundings on arrival. Stored before the transaction opens.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Id, RuleError, T};
use kit::{
    Cx, Perm, Result,
    attachments::{self, Attachment, Upload},
};

use super::store as orders;

/// Largest picture taken inside JSON, bytes.
const MOST: usize = 700_000;

/// Reads a data URL or Base64 text. Errors: `orders.picture`.
pub fn decode(text: &str, field: &str) -> Result<Vec<u8>, RuleError> {
    let bad =
        || RuleError::new("orders.picture", T("图片格式不正确", "The picture can't be read")).field(field);
    let text = text.trim();
    let body = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once(";base64,").map(|(_, body)| body).ok_or_else(bad)?,
        None => text,
    };
    if body.len() > MOST * 4 / 3 {
        return Err(bad());
    }
    let bytes = STANDARD.decode(body).map_err(|_| bad())?;
    if attachments::sniff(&bytes, "picture").is_none_or(|mime| !attachments::is_shown(mime)) {
        return Err(bad());
    }
    Ok(bytes)
}

/// Writes the picture to the file store for somebody who may use `perm` on the order; the row is the caller's to
/// insert with the command.
pub async fn store(
    cx: &Cx,
    order: Id,
    perm: &Perm,
    text: &str,
    label: &str,
    field: &str,
) -> Result<Attachment> {
    let bytes = decode(text, field)?;
    let mut conn = cx.read().await?;
    let row = orders::get_order(&mut conn, order).await?;
    drop(conn);
    cx.authorize(perm, &row)?;
    let upload = Upload { id: cx.id(), name: format!("{label}.png"), label: label.to_string(), bytes };
    attachments::store(cx, &row.doc(), row.org_id, &upload).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_taken() {
        let png = STANDARD.encode(b"\x89PNG\r\n\x1a\n0000");
        assert!(decode(&png, "signature").is_ok());
        assert!(decode(&format!("data:image/png;base64,{png}"), "signature").is_ok());
        assert!(decode("data:image/png,abc", "signature").is_err());
        assert!(decode(&STANDARD.encode("hello"), "signature").is_err());
        assert!(decode("%%%", "signature").is_err());
        let heic = [b"\0\0\0\x18ftypheic", &[0; 8][..]].concat();
        assert!(decode(&STANDARD.encode(heic), "signature").is_err(), "no print could show it");
    }
}
