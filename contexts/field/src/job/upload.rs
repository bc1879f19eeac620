//! Forms with photos.

use std::collections::HashMap;

use axum::extract::Multipart;
use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, attachments};

/// Photos taken at once.
const MOST: usize = 12;

/// A form with files, read whole.
#[derive(Default)]
pub struct Uploaded {
    fields: HashMap<String, String>,
    /// File name and content; empty inputs are left out.
    pub photos: Vec<(String, Vec<u8>)>,
}

impl Uploaded {
    /// Reads the form. Errors: `file.form`, `file.count`.
    pub async fn read(mut form: Multipart) -> Result<Self> {
        let broken = |_| {
            Error::rule(
                RuleError::new("file.form", T("上传内容不完整", "The upload is incomplete")).field("photo"),
            )
        };
        let mut read = Self::default();
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_string();
            if let Some(file) = field.file_name().map(str::to_string) {
                let bytes = field.bytes().await.map_err(broken)?.to_vec();
                if !bytes.is_empty() {
                    read.photos.push((file, bytes));
                }
            } else {
                read.fields.insert(name, field.text().await.map_err(broken)?);
            }
        }
        if read.photos.len() > MOST {
            let text = T("一次最多 {most} 张", "At most {most} at once");
            return Err(RuleError::new("file.count", text).arg("most", MOST).field("photo").into());
        }
        Ok(read)
    }

    /// A text field, trimmed; none when empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.fields.get(name).map(|text| text.trim().to_string()).filter(|text| !text.is_empty())
    }

    /// A number field; none when empty or no number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse().ok()
    }

    /// Attaches the photos to the order. A form that is sent again adds nothing: each photo has a key of its own.
    pub async fn attach(self, cx: &Cx, order: Id, label: &str) -> Result<usize> {
        let key = cx.req.idem.clone().unwrap_or_else(|| cx.id().to_string());
        let count = self.photos.len();
        for (index, (name, bytes)) in self.photos.into_iter().enumerate() {
            let once = cx.keyed(format!("{key}:{index}"));
            let upload = attachments::Upload { id: cx.id(), name, label: label.to_string(), bytes };
            match attachments::attach(&once, &DocRef::new("order", order, ""), upload).await {
                Ok(_) | Err(Error::Duplicate) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(count)
    }
}
