//! Attachments on any document (PLAT-16): stored on disk behind `object_store`, sniffed, limited, thumbnailed.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use db::{Conn, args};
use futures::future::BoxFuture;
use image::{ImageDecoder, metadata::Orientation};
use kernel::{Id, RuleError, T, Ts};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, path::Path};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Cx, DocRef, Error, Result, begin};

db::row! {
    /// A stored file.
    #[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
    pub struct Attachment {
        /// Chosen by the client, so that sending it again changes nothing.
        pub id: Id,
        /// Document kind.
        pub doc_kind: String,
        /// Document.
        pub doc_id: Id,
        /// Owning organisation.
        pub org_id: Id,
        /// File name for people.
        pub name: String,
        /// Media type found in the content.
        pub mime: String,
        /// Bytes.
        pub size: i64,
        /// SHA-256 of the content.
        pub sha256: String,
        /// What it shows: `arrival`, `signature` … or empty.
        pub label: String,
        /// Has a thumbnail.
        pub thumb: bool,
        /// Who added it.
        pub created_by: Option<Id>,
        /// When.
        pub created_at: Ts,
    }
}

/// The labels that stand for signatures on a document of this kind, beside [`SIGNATURE`]: companies name their own.
pub type Signatures = for<'a> fn(&'a mut Conn, &'a str, Id) -> BoxFuture<'a, Result<Vec<String>>>;

/// Label of the customer's signature.
const SIGNATURE: &str = "signature";

/// Labels of the files of a document that are evidence, taken back by nobody.
pub(crate) async fn signatures(cx: &Cx, conn: &mut Conn, kind: &str, id: Id) -> Result<Vec<String>> {
    let mut labels = match cx.app.registry.signatures {
        Some(named) => named(conn, kind, id).await?,
        None => Vec::new(),
    };
    labels.push(SIGNATURE.to_string());
    Ok(labels)
}

/// True for pictures that browsers show; hardly one shows what newer phones take.
pub fn is_shown(mime: &str) -> bool {
    mime.starts_with("image/") && mime != "image/heic"
}

/// Up to so many bytes a picture is shown as it is where it has no small one.
const SMALL: i64 = 300_000;

impl Attachment {
    /// Address of the picture to show for it: the small one, or itself when it is small; none for what is no picture.
    pub fn picture(&self) -> Option<String> {
        let small = is_shown(&self.mime) && self.size <= SMALL;
        (self.thumb || small).then(|| format!("/files/{}/thumb", self.id))
    }
}

/// Media types taken, by what the content begins with.
const KNOWN: &[(&[u8], &str)] = &[
    (b"\xFF\xD8\xFF", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
];

/// Brands of the container that films and the pictures of newer phones share.
const PICTURES: &[&[u8; 4]] = &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];

/// The media type by content; `None`: not taken. Names and headers of clients are not believed.
pub fn sniff(bytes: &[u8], name: &str) -> Option<&'static str> {
    if bytes.len() > 12 && &bytes[..4] == b"RIFF" && &bytes[8..12] == b"WEBP" {
        return Some("image/webp");
    }
    if bytes.len() > 12 && &bytes[4..8] == b"ftyp" {
        let brand = &bytes[8..12];
        return Some(match brand {
            b"avif" | b"avis" => "image/avif",
            _ if PICTURES.iter().any(|known| known[..] == *brand) => "image/heic",
            _ => "video/mp4",
        });
    }
    if let Some((_, mime)) = KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        let office = [
            (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ];
        let lower = name.to_lowercase();
        return Some(
            office
                .iter()
                .find(|(end, _)| *mime == "application/zip" && lower.ends_with(end))
                .map_or(*mime, |(_, m)| *m),
        );
    }
    let texty = !bytes.is_empty() && std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0);
    texty.then_some("text/plain; charset=utf-8")
}

/// Longest side of a thumbnail, pixels.
const THUMB: u32 = 320;

/// Pictures beyond this many pixels get no thumbnail: decoding them would take the machine down.
const MOST_PIXELS: u64 = 50_000_000;

fn thumbnail(bytes: &[u8]) -> Option<Vec<u8>> {
    let reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    if width <= THUMB && height <= THUMB {
        // Small enough as it is; enlarging it would cost more than it shows.
        return None;
    }
    // Phones store the picture as the sensor lay and say beside it how to turn it; the small one says nothing.
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut small = image::DynamicImage::from_decoder(decoder).ok()?.thumbnail(THUMB, THUMB);
    small.apply_orientation(turn);
    // The small one knows no transparency; what was drawn on nothing, as signatures are, stands on white paper.
    let mut paper = image::RgbaImage::from_pixel(small.width(), small.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut paper, &small.to_rgba8(), 0, 0);
    let small = image::DynamicImage::ImageRgba8(paper);
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 78).encode_image(&small.to_rgb8()).ok()?;
    Some(out)
}

fn place(id: Id, thumb: bool) -> Path {
    let text = id.to_string();
    let shard = &text[text.len() - 2..];
    Path::from(format!("files/{shard}/{text}{}", if thumb { ".thumb" } else { "" }))
}

fn broken(error: object_store::Error) -> Error {
    Error::Internal(format!("file store: {error}"))
}

/// A file to be stored.
pub struct Upload {
    /// Chosen by the client; sending the same id again changes nothing.
    pub id: Id,
    /// File name.
    pub name: String,
    /// What it shows.
    pub label: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Stores a file on a document that the caller may change.
pub async fn attach(cx: &Cx, doc: &DocRef, upload: Upload) -> Result<Attachment> {
    let kind = cx.app.registry.docs.get(doc.kind.as_str()).ok_or(Error::NotFound)?;
    let mut conn = cx.read().await?;
    let brief = (kind.find)(cx, &mut conn, doc.id, true).await?;
    let signed = signatures(cx, &mut conn, &doc.kind, doc.id).await?.contains(&upload.label);
    drop(conn);
    // What is printed as somebody's signature, and never taken back, must be one.
    if signed && !sniff(&upload.bytes, &upload.name).is_some_and(is_shown) {
        let text =
            T("签名应是 JPEG、PNG、GIF 或 WebP 图片", "A signature is a picture: JPEG, PNG, GIF or WebP");
        return Err(RuleError::new("file.signature_kind", text).field("file").into());
    }
    let row = store(cx, &brief.doc, brief.org, &upload).await?;
    let mut tx = begin!(cx, "attachments.attach", &(&doc.kind, doc.id, row.id, &row.sha256));
    insert_in(&mut tx, &row).await?;
    tx.log(
        brief.doc,
        "attached",
        serde_json::json!({ "file": row.id, "name": row.name, "label": row.label }),
    );
    tx.commit(row).await
}

/// Writes the content to the store; the row that makes it part of the document is the caller's to insert.
pub async fn store(cx: &Cx, doc: &DocRef, org: Id, upload: &Upload) -> Result<Attachment> {
    if upload.bytes.is_empty() {
        return Err(RuleError::new("file.empty", T("文件是空的", "The file is empty")).field("file").into());
    }
    if upload.bytes.len() > cx.app.config.upload_limit {
        return Err(Error::TooLarge);
    }
    let Some(mime) = sniff(&upload.bytes, &upload.name) else {
        let text = T(
            "不支持这种文件；可以上传 JPEG、PNG、GIF、WebP、HEIC 图片，MP4 视频，PDF、XLSX、DOCX、ZIP，以及 UTF-8 文本",
            "This kind of file is not taken; pictures (JPEG, PNG, GIF, WebP, HEIC), MP4 films, PDF, XLSX, DOCX, ZIP and texts in UTF-8 are",
        );
        return Err(RuleError::new("file.kind", text).field("file").into());
    };
    let sha256 = kernel::hex(&Sha256::digest(&upload.bytes));
    let small = if mime.starts_with("image/") {
        let bytes = upload.bytes.clone();
        tokio::task::spawn_blocking(move || thumbnail(&bytes)).await.ok().flatten()
    } else {
        None
    };
    // The content is on disk before the row is: a crash in between leaves an unused file, never a dead link.
    if !is_stored(cx, doc, upload.id, &sha256).await? {
        put(cx, upload, &sha256).await?;
        if let Some(small) = &small {
            cx.app.blobs.put(&place(upload.id, true), small.clone().into()).await.map_err(broken)?;
        }
    }
    Ok(Attachment {
        id: upload.id,
        doc_kind: doc.kind.clone(),
        doc_id: doc.id,
        org_id: org,
        name: upload.name.chars().filter(|c| !c.is_control()).take(200).collect(),
        mime: mime.to_string(),
        size: i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX),
        sha256,
        label: upload.label.chars().take(40).collect(),
        thumb: small.is_some(),
        created_by: cx.actor.as_ref().map(|actor| actor.user),
        created_at: cx.now(),
    })
}

fn id_used() -> Error {
    Error::Conflict(RuleError::new("file.id_used", T("这个文件编号已被使用", "This file id is in use")))
}

/// Writes the content where none is yet. Of two who use one id at once the first wins, and the other is told.
async fn put(cx: &Cx, upload: &Upload, sha256: &str) -> Result<()> {
    let place = place(upload.id, false);
    match cx.app.blobs.put_opts(&place, upload.bytes.clone().into(), PutMode::Create.into()).await {
        Ok(_) => Ok(()),
        Err(object_store::Error::AlreadyExists { .. }) => {
            let stored = cx.app.blobs.get(&place).await.map_err(broken)?.bytes().await.map_err(broken)?;
            if kernel::hex(&Sha256::digest(&stored)) == sha256 { Ok(()) } else { Err(id_used()) }
        }
        Err(error) => Err(broken(error)),
    }
}

/// True when this very file is on this document already; 409 when its id stands for another file or document, or for
/// one that was taken back.
async fn is_stored(cx: &Cx, doc: &DocRef, id: Id, sha256: &str) -> Result<bool> {
    let mut conn = cx.read().await?;
    let sql = "select doc_kind, doc_id, sha256 from attachment where id = $1 and voided_at is null";
    let found: Option<(String, Id, String)> = conn.opt(sql, args![id]).await?;
    match found {
        None if conn.scalar("select exists (select 1 from attachment where id = $1)", args![id]).await? => {
            let text = T("这个文件已被撤回，请重新添加", "This file was taken back; add it anew");
            Err(Error::Conflict(RuleError::new("file.id_used", text)))
        }
        None => Ok(false),
        Some((kind, of, sum)) if kind == doc.kind && of == doc.id && sum == sha256 => Ok(true),
        Some(_) => Err(id_used()),
    }
}

/// Inserts the row; the same file again changes nothing.
pub async fn insert_in(tx: &mut crate::Tx, row: &Attachment) -> Result<()> {
    let sql = db::Sql::with(
        "insert into attachment (id, doc_kind, doc_id, org_id, name, mime, size, sha256, label, thumb, created_by, created_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12) on conflict (id) do update set id = excluded.id
         where attachment.doc_id = excluded.doc_id and attachment.sha256 = excluded.sha256 and attachment.voided_at is null",
        args![
            row.id, &row.doc_kind, row.doc_id, row.org_id, &row.name, &row.mime, row.size, &row.sha256, &row.label, row.thumb,
            row.created_by, row.created_at
        ],
    );
    // Nothing hit: the id was taken for another document since it was looked for; run again, the command finds that.
    Ok(tx.later(sql.must(1, db::BUSY)).await?)
}

/// All files of a document, oldest first, without those that were taken back (`voids`).
pub async fn of_doc(conn: &mut Conn, kind: &str, id: Id) -> Result<Vec<Attachment>> {
    let sql = format!(
        "select {} from attachment a where doc_kind = $1 and doc_id = $2 and voided_at is null
          order by created_at, id",
        Attachment::cols("a")
    );
    Ok(conn.all(&sql, args![kind, id]).await?)
}

/// A file's row. Whether the caller may see it is the caller's business.
pub async fn get(conn: &mut Conn, id: Id) -> Result<Attachment> {
    let sql =
        format!("select {} from attachment a where id = $1 and voided_at is null", Attachment::cols("a"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// Deletes the content of a file whose row is gone.
pub(crate) async fn unlink(cx: &Cx, id: Id) {
    for small in [false, true] {
        // Not every file has a small picture, and a job that runs again finds nothing: both are as they should be.
        let _ = cx.app.blobs.delete(&place(id, small)).await;
    }
}

/// The content of a file that the caller may see, as a context has decided by its own rules.
pub async fn content(cx: &Cx, row: &Attachment, thumb: bool) -> Result<Vec<u8>> {
    let object = cx.app.blobs.get(&place(row.id, thumb && row.thumb)).await.map_err(|_| Error::NotFound)?;
    let bytes = object.bytes().await.map_err(broken)?;
    Ok(bytes.to_vec())
}

/// A file as an answer: shown in the browser where that is safe, never run as a page of ours.
pub fn response(row: &Attachment, bytes: Vec<u8>, thumb: bool) -> Response {
    let inline = is_shown(&row.mime) || row.mime == "application/pdf" || row.mime.starts_with("video/");
    let mime = if thumb && row.thumb { "image/jpeg" } else { row.mime.as_str() };
    let name: String =
        form_urlencoded::byte_serialize(row.name.as_bytes()).collect::<String>().replace('+', "%20");
    let disposition = format!("{}; filename*=UTF-8''{name}", if inline { "inline" } else { "attachment" });
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(mime) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    // A stored file may never run as a page of ours.
    headers.insert(
        "content-security-policy",
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    response
}

/// A file and its content, for somebody who may see its document.
pub async fn load(cx: &Cx, id: Id, thumb: bool) -> Result<(Attachment, Vec<u8>)> {
    let mut conn = cx.read().await?;
    let row = get(&mut conn, id).await?;
    let kind = cx.app.registry.docs.get(row.doc_kind.as_str()).ok_or(Error::NotFound)?;
    (kind.find)(cx, &mut conn, row.doc_id, false).await?;
    drop(conn);
    let bytes = content(cx, &row, thumb).await?;
    Ok((row, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides_the_media_type_and_unknown_binaries_are_refused() {
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\nxxxx", "a.exe"), Some("image/png"));
        assert_eq!(sniff(b"MZ\x90\x00", "a.png"), None);
        assert_eq!(sniff("你好".as_bytes(), "a.txt"), Some("text/plain; charset=utf-8"));
        assert_eq!(sniff(b"", "a.txt"), None);
        for (brand, mime) in [
            (b"heic", "image/heic"),
            (b"mif1", "image/heic"),
            (b"avif", "image/avif"),
            (b"isom", "video/mp4"),
            (b"qt  ", "video/mp4"),
        ] {
            let head = [b"\0\0\0\x18ftyp", &brand[..], b"\0\0\0\0"].concat();
            assert_eq!(sniff(&head, "IMG_1.HEIC"), Some(mime));
        }
    }

    /// A picture that says "turn me by a quarter", as upright photos of phones do.
    fn lying() -> Vec<u8> {
        let mut jpeg = Vec::new();
        let wide = image::DynamicImage::new_rgb8(800, 400);
        wide.write_to(&mut std::io::Cursor::new(&mut jpeg), image::ImageFormat::Jpeg).expect("a picture");
        let tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let length = u16::try_from(tiff.len() + 2).expect("short").to_be_bytes();
        let mark = [&b"\xFF\xE1"[..], &length, tiff].concat();
        jpeg.splice(2..2, mark);
        jpeg
    }

    #[test]
    fn the_small_picture_stands_as_upright_as_the_photo() {
        let small = image::load_from_memory(&thumbnail(&lying()).expect("a small one")).expect("a picture");
        assert_eq!((small.width(), small.height()), (160, 320));
    }

    #[test]
    fn what_was_drawn_on_nothing_stands_on_white_paper_when_small() {
        let mut png = Vec::new();
        let mut drawn = image::RgbaImage::new(640, 320);
        drawn.put_pixel(600, 300, image::Rgba([0, 0, 0, 255]));
        drawn.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).expect("a picture");
        let small = image::load_from_memory(&thumbnail(&png).expect("a small one")).expect("a picture");
        assert!(
            small.to_rgb8().get_pixel(5, 5).0.iter().all(|part| *part > 250),
            "{:?}",
            small.to_rgb8().get_pixel(5, 5)
        );
    }

    #[test]
    fn pictures_are_shown_in_small_or_as_they_are_when_they_are_small() {
        let file = |mime: &str, size, thumb| Attachment {
            id: Id::NIL,
            doc_kind: "order".into(),
            doc_id: Id::NIL,
            org_id: Id::NIL,
            name: "signature.png".into(),
            mime: mime.into(),
            size,
            sha256: String::new(),
            label: SIGNATURE.into(),
            thumb,
            created_by: None,
            created_at: Ts(0),
        };
        let shown = |mime: &str, size, thumb| file(mime, size, thumb).picture().is_some();
        assert!(shown("image/png", 4_000, false), "a signature");
        assert!(shown("image/jpeg", 9_000_000, true));
        assert!(!shown("image/jpeg", 9_000_000, false), "too large to be sent as a small one");
        assert!(!shown("image/heic", 4_000, false) && !shown("application/pdf", 4_000, false));
    }

    #[test]
    fn a_broken_picture_gets_no_thumbnail_and_does_no_harm() {
        assert!(thumbnail(b"\x89PNG\r\n\x1a\nbroken").is_none());
    }
}
