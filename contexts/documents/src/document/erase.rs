//! Values about a person leave the documents of processes (PIPL): numbers, addresses, names and words; what the process
//! decided by, money and times stay.

use kernel::{Id, RuleError, T};
use kit::{Error, Result, Tx, personal};
use process::{Field, FieldType, QuestionKind, State, Template};
use serde_json::Value;

use super::{service, store};
use crate::{approval, template};

/// Facts of a document that name its customer.
const FACTS: [&str; 5] = ["customer", "contact", "demand", "remark", "confirmed_by"];
/// What fields for a person are called in templates that are bound to nothing.
const KEYS: [&str; 6] = ["customer", "contact", "caller", "owner", "client", "name"];
/// Fewest characters of a name, and of other words, by which somebody is recognised in the log.
const NAME: usize = 2;
const WORDS: usize = 4;

/// True for a field that says something of a person.
fn personal(field: &Field) -> bool {
    match field.kind {
        FieldType::Phone | FieldType::Address | FieldType::Area => true,
        FieldType::Text => {
            field.personal || FACTS.contains(&field.bind.as_str()) || KEYS.contains(&field.key.as_str())
        }
        _ => field.personal,
    }
}

/// Takes what says something of a person out of a run; returns it.
fn take(template: &Template, state: &mut State) -> Vec<String> {
    let mut told = Vec::new();
    for field in template.fields.iter().filter(|field| personal(field)) {
        let least = if field.kind == FieldType::Text { NAME } else { WORDS };
        let taken = state.fields.remove(&field.key);
        told.extend(taken.and_then(text).filter(|text| text.chars().count() >= least));
    }
    for survey in &template.surveys {
        let Some(answers) = state.answers.get_mut(&survey.key) else { continue };
        for question in survey.questions.iter().filter(|question| question.kind == QuestionKind::Text) {
            let taken = answers.remove(&question.key);
            told.extend(taken.and_then(text).filter(|text| text.chars().count() >= WORDS));
        }
    }
    told
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Empties such fields of documents, and what is made of them: the lines that name them in lists and in approvals.
/// Returns what stood there.
pub async fn erase_in(tx: &mut Tx, documents: &[Id]) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for id in documents {
        let mut row = store::get_document(tx, *id).await?;
        let (_, template) = template::service::version(tx, row.template_id).await?;
        let mut state: State = serde_json::from_str(&row.state)?;
        told.extend(take(&template, &mut state));
        let changed = row.updated_at;
        service::show(&mut row, &template, &state, changed)?;
        for title in [&mut row.title, &mut row.title_en] {
            if title.trim().is_empty() {
                *title = personal::NOBODY.to_string();
            }
        }
        store::put_erased(tx, &row).await?;
        approval::store::put_title(tx, row.id, &row.title, &row.title_en).await?;
        store::put_values(tx, row.id, &service::values(&template, &state)).await?;
    }
    Ok(told)
}

/// A customer whose own document is still being worked on is not made anonymous; documents of orders and requests are
/// those contexts' business. Error: 409 `documents.erase_open`.
pub async fn may_erase(tx: &mut Tx, customer: Id, action: &str) -> Result<()> {
    if action != "erase" {
        return Ok(());
    }
    let cx = tx.cx().clone();
    let phones = personal::phones(&cx, tx, ("customer", customer)).await?.0;
    // Of what the caller may not know of nothing is said.
    let hidden = kit::hidden::of(&cx, tx).await?;
    let open = store::select_open_of_person(tx, customer, &phones, &hidden).await?;
    let open: Vec<String> = open.into_iter().map(|(no,)| no).collect();
    if open.is_empty() {
        return Ok(());
    }
    let text = T(
        "还有未办结的流程单：{documents}，办结后才能匿名化",
        "Process documents are not over yet: {documents}; finish them first",
    );
    Err(Error::Conflict(RuleError::new("documents.erase_open", text).arg("documents", open.join("、"))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_something_of_a_person_goes_and_the_rest_stays() {
        let cases: [(&str, FieldType, &str, bool, bool); 10] = [
            ("born_on", FieldType::Date, "", true, true),
            ("phone", FieldType::Phone, "", false, true),
            ("place", FieldType::Address, "", false, true),
            ("said", FieldType::Area, "", false, true),
            ("customer", FieldType::Text, "", false, true),
            ("user", FieldType::Text, "customer", false, true),
            ("picked_up_by", FieldType::Text, "", true, true),
            ("model", FieldType::Text, "", false, false),
            ("fee", FieldType::Money, "", false, false),
            ("engineer", FieldType::Person, "", false, false),
        ];
        for (key, kind, bind, declared, goes) in cases {
            let field =
                Field { key: key.into(), kind, bind: bind.into(), personal: declared, ..Field::default() };
            let template = Template { fields: vec![field], ..Template::default() };
            let mut state = State::new(kernel::Ts(0));
            state.fields.insert(key.into(), json!("王小明的话"));
            let told = take(&template, &mut state);
            assert_eq!((state.fields.is_empty(), told.len()), (goes, usize::from(goes)), "{key}");
        }
    }
}
