//! Correcting what was said when a document was opened (DOC-03), or who does the step it stands at: by whoever may write the document, with a reason, on
//! the record. Nothing follows from it but what shows the value: title, list, search, and clocks due at a field.

use kernel::{Id, Lang, RuleError, T};
use kit::{Cx, Result, begin};
use process::{Field, FieldType, Named, Outcome, correct as machine, effects, names::is_filled};
use serde_json::{Value, json};

use super::{
    apply, guard,
    load::{Loaded, load_in},
    model::*,
    service::{audited, doc, out_of, show, store_in},
    store,
    values::{secret, typed, unmask},
};
use crate::perms::DOCUMENT_WRITE;

/// Longest reason, characters.
const MOST_REASON: usize = 500;

/// Corrects values that were asked at opening.
///
/// Errors: 404, 409 when somebody was faster, `document.reason`, those of [`machine::correct`].
pub async fn correct(cx: &Cx, id: Id, input: CorrectOn) -> Result<DocumentOut> {
    let mut tx = begin!(cx, "documents.correct", &(id, &input));
    let Loaded { row, template, state, .. } = load_in(&mut tx, id, input.version).await?;
    // What was said at opening is the business of those who opened it, not of whom it names.
    if !guard::reaches(cx, &DOCUMENT_WRITE, &row)? {
        return Err(kit::Error::Forbidden(DOCUMENT_WRITE.key));
    }
    let reason = input.reason.trim();
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        let text = T("请写明为什么更正，最多 {most} 字", "Say why, in at most {most} characters");
        return Err(RuleError::new("document.reason", text).arg("most", MOST_REASON).field("reason").into());
    }
    let mut fields = typed(cx, &template, input.fields.clone());
    unmask(cx, &template, Some(&state), &mut fields)?;
    let now = tx.now();
    let (next, changed) = machine::correct(&template, &state, &fields, row.subject_id.is_some(), now)?;
    let said = |lang| {
        changed.iter().map(|c| line(c, lang)).collect::<Vec<_>>().join(if lang == Lang::En {
            "; "
        } else {
            "；"
        })
    };
    let text = T("{what}。原因：{reason}", "{what}. Why: {reason}")
        .told(&[("what", T::both(&said(Lang::Zh), &said(Lang::En))), ("reason", reason.to_string())]);
    let keys: Vec<&str> = changed.iter().map(|(field, ..)| field.key.as_str()).collect();
    let keys = json!({ "fields": keys, "reason": reason });
    let mut new = row.clone();
    new.version += 1;
    show(&mut new, &template, &next, now)?;
    apply::retime(&mut tx, &template, &row, &state, &next).await?;
    store_in(&mut tx, &template, &mut new, &next).await?;
    store::update_document(&mut tx, &new).await?;
    let entry = apply::entry(&tx, &new, "corrected", "", &text);
    store::insert_entries(&mut tx, &[entry]).await?;
    let outcome = Outcome { state: next, path: Vec::new(), effects: Vec::new() };
    apply::tell_turn(&mut tx, &template, &new, row.holder_id, &outcome).await?;
    tx.changed(doc(&new), &audited(&template, &row)?, &audited(&template, &new)?)?;
    tx.log(doc(&new), "corrected", keys);
    let out = out_of(cx, &mut tx, &new).await?;
    tx.commit(out).await
}

/// One correction in words; telephone numbers and addresses only that they were, people by their field alone.
fn line((field, old, new): &(&Field, Value, Value), lang: Lang) -> String {
    let label = field.label(lang);
    if secret(field.kind).is_some() || matches!(field.kind, FieldType::Person | FieldType::Org) {
        return label.to_string();
    }
    let value =
        |v: &Value| if is_filled(v) { effects::shown(field, Some(v), lang) } else { "—".to_string() };
    format!("{label} {} → {}", value(old), value(new))
}

/// The dialog.
pub mod pages {
    use axum::response::Response;
    use kit::extract::Path;
    use kit::{Body, FormErrors};
    use maud::{Markup, html};
    use process::Template;
    use ui::{Field, Form};

    use super::*;
    use crate::document::{forms, pages::load, views::Page};

    fn dialog(cx: &Cx, page: &Page, input: Option<&CorrectOn>, errors: &FormErrors) -> Markup {
        let template: &Template = &page.template;
        let asks = machine::open_fields(template, &page.state, page.row.subject_id.is_some());
        let asks: Vec<String> = asks.into_iter().cloned().collect();
        let form = Form::post(format!("/documents/{}/correct", page.row.id), cx.form_key());
        let why = T(
            "只改内容：流程停在原处，不会再次触发通知、任务或单据。",
            "Only what it says changes: the process stays where it is, and nothing is told or made again.",
        );
        let body = html! {
            (errors.summary(cx.lang))
            (ui::muted(cx.t(why)))
            (ui::hidden("version", page.row.version))
            (forms::asked(cx, template, &asks, Some(&page.state), input.map(|i| &i.fields), &page.choices, errors))
            (ui::fields(html! {
                (Field::text("reason", cx.t(T("更正原因", "Why"))).maybe(input.map(|i| &i.reason)).required().full().error(errors.of("reason")))
            }))
        };
        ui::modal_form(
            cx.lang,
            cx.t(T("更正内容或换人", "Correct, or name somebody else")),
            form,
            cx.t(T("更正", "Correct")),
            body,
        )
    }

    /// What may be corrected, in a dialog.
    pub async fn form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
        let page = load(&cx, id).await?;
        Ok(cx.fragment(dialog(&cx, &page, None, &FormErrors::default())))
    }

    /// Corrects it.
    pub async fn correct(cx: Cx, Path(id): Path<Id>, Body(input): Body<CorrectOn>) -> Result<Response> {
        match cx.form(super::correct(&cx, id, input.clone()).await)? {
            Ok(_) => Ok(cx.redirect(&format!("/documents/{id}"))),
            Err(errors) => Ok(cx.refused(dialog(&cx, &load(&cx, id).await?, Some(&input), &errors))),
        }
    }
}
