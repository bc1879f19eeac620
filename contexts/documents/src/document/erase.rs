//! Values about a person leave the documents of processes (PIPL): numbers, addresses, names and words; what the process
//! decided by, money and times stay.

use kernel::Id;
use kit::{Result, Tx};
use process::{Field, FieldType, State};

use super::{service, store};
use crate::template;

/// Facts of a document that name its customer.
const FACTS: [&str; 4] = ["customer", "contact", "demand", "remark"];
/// What fields for a person are called in templates that are bound to nothing.
const KEYS: [&str; 6] = ["customer", "contact", "caller", "owner", "client", "name"];

/// True for a field that says something of a person.
fn personal(field: &Field) -> bool {
    match field.kind {
        FieldType::Phone | FieldType::Address | FieldType::Area => true,
        FieldType::Text => FACTS.contains(&field.bind.as_str()) || KEYS.contains(&field.key.as_str()),
        _ => false,
    }
}

/// Empties such fields of documents.
pub async fn erase_in(tx: &mut Tx, documents: &[Id]) -> Result<()> {
    for id in documents {
        let row = store::get_document(tx, *id).await?;
        let (_, template) = template::service::version(tx, row.template_id).await?;
        let mut state: State = serde_json::from_str(&row.state)?;
        for field in template.fields.iter().filter(|field| personal(field)) {
            state.fields.remove(&field.key);
        }
        store::put_state(tx, row.id, &serde_json::to_string(&state)?).await?;
        store::put_values(tx, row.id, &service::values(&template, &state)).await?;
    }
    Ok(())
}
