//! What a person's copy says of documents, in words: fields, messages and steps by the names that their template gives
//! them (PIPL; see [`kit::personal`]).

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use db::Conn;
use kernel::{Id, Money, Quantity, Ts};
use kit::{Cx, Result, format, personal::Line};
use process::{Field, FieldType, Named, Template, access::find, effects};
use serde_json::json;

use super::{panels, store};
use crate::template;

type Templates = HashMap<Id, Arc<Template>>;

async fn templates(conn: &mut Conn, lines: &[Line]) -> Result<Templates> {
    let mut known = Templates::new();
    for line in lines {
        if let Entry::Vacant(unknown) = known.entry(line.of) {
            let row = store::get_document(conn, line.of).await?;
            unknown.insert(template::service::version(conn, row.template_id).await?.1);
        }
    }
    Ok(known)
}

/// A stored value as people read it.
fn value(cx: &Cx, field: &Field, text: &str) -> String {
    let number = text.parse::<i64>().ok();
    match (field.kind, number) {
        (FieldType::Money, Some(n)) => format::money(Money(n)),
        (FieldType::Number, Some(n)) => format!("{} {}", format::qty(Quantity(n)), unit(cx, field)),
        (FieldType::Int, Some(n)) => format!("{n} {}", unit(cx, field)),
        (FieldType::Time, _) => Ts::parse(text).map_or_else(|_| text.into(), |at| format::time(cx, at)),
        (FieldType::Bool, _) => effects::shown(field, Some(&json!(text == "true")), cx.lang),
        _ => effects::shown(field, Some(&json!(text)), cx.lang),
    }
    .trim_end()
    .to_string()
}

fn unit<'a>(cx: &Cx, field: &'a Field) -> &'a str {
    process::access::said(&field.unit, cx.lang)
}

/// Fields by their names, values as the document shows them.
pub async fn values(cx: &Cx, conn: &mut Conn, lines: &mut [Line]) -> Result<()> {
    let templates = templates(conn, lines).await?;
    for line in lines {
        let Some(field) = templates.get(&line.of).and_then(|t| t.field(line.get("field"))) else { continue };
        line.set("text", value(cx, field, line.get("text")));
        line.set("field", field.label(cx.lang).to_string());
    }
    Ok(())
}

/// Kinds of messages by their names.
pub async fn messages(cx: &Cx, conn: &mut Conn, lines: &mut [Line]) -> Result<()> {
    let templates = templates(conn, lines).await?;
    for line in lines {
        let Some(template) = templates.get(&line.of) else { continue };
        if let Some(message) = find(&template.messages, line.get("kind")) {
            line.set("kind", message.label(cx.lang).to_string());
        }
    }
    Ok(())
}

/// What happened, in one sentence as in the document's history.
pub async fn entries(cx: &Cx, conn: &mut Conn, lines: &mut [Line]) -> Result<()> {
    let templates = templates(conn, lines).await?;
    for line in lines {
        let Some(template) = templates.get(&line.of) else { continue };
        let steps = (line.get("from_step"), line.get("to_step"));
        let (.., what) = panels::happened(cx, template, line.get("kind"), line.get("act"), steps);
        line.set("act", what);
        for told in ["kind", "from_step", "to_step"] {
            line.set(told, String::new());
        }
    }
    Ok(())
}
