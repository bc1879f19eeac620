//! Pages of documents.

use std::collections::HashMap;

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::Conn;
use kernel::{Id, RuleError, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, DocRef, FormErrors, Result, attachments};
use process::{FieldType, State, Template};
use serde::Deserialize;

use super::{
    clocks,
    forms::{Choices, WorkForm},
    guard,
    model::*,
    people, service, store, tasks, views,
};
use crate::{
    approval,
    perms::{DOCUMENT_WRITE, TEMPLATE_READ},
    template,
};

/// What a new document is asked.
#[derive(Clone, Debug, Default, Deserialize, serde::Serialize)]
#[serde(default)]
pub struct OpenForm {
    /// Owning organisation.
    pub org_id: Option<Id>,
    /// Values.
    pub fields: std::collections::BTreeMap<String, serde_json::Value>,
}

/// People and organisations that can be chosen, when a template asks for any; who is named already stays to be chosen.
async fn choices(cx: &Cx, conn: &mut Conn, template: &Template, state: Option<&State>) -> Result<Choices> {
    let named: HashMap<String, String> = match state {
        Some(state) => people::names(conn, template, state).await?,
        None => HashMap::new(),
    };
    let asks = |kind: FieldType| template.fields.iter().any(|f| f.kind == kind);
    let kept = |kind: FieldType| -> Vec<(String, String)> {
        let fields = template.fields.iter().filter(|f| f.kind == kind);
        let ids = fields.filter_map(|f| state.map(|state| state.text(&f.key)));
        ids.filter_map(|id| Some((id.clone(), named.get(&id)?.clone()))).collect()
    };
    let scope = cx.scope(&DOCUMENT_WRITE).or_else(|_| cx.scope(&crate::perms::DOCUMENT_READ))?;
    let (mut people, mut orgs) = (kept(FieldType::Person), kept(FieldType::Org));
    if asks(FieldType::Person) {
        let found = org::api::engineers(conn, &scope).await?;
        people.extend(found.into_iter().map(|p| (p.id.to_string(), p.name)));
    }
    if asks(FieldType::Org) {
        let found = org::api::orgs(conn, &scope).await?;
        orgs.extend(found.into_iter().map(|o| (o.id.to_string(), o.name)));
    }
    for list in [&mut people, &mut orgs] {
        let mut seen = std::collections::HashSet::new();
        list.retain(|(id, _)| seen.insert(id.clone()));
    }
    Ok(Choices { people, orgs })
}

/// Kinds of documents to choose from.
pub async fn kinds(cx: Cx) -> Result<Response> {
    let mut conn = cx.read().await?;
    let rows = template::store::select_current(&mut conn, cx.now()).await?;
    let mut kinds = Vec::with_capacity(rows.len());
    for row in &rows {
        let template = template::service::parsed(row)?;
        let actor = people::actor(&cx, &mut conn, &template, cx.actor()?.org, cx.actor()?.user).await?;
        let may = process::machine::is_among(&actor, &template.open, &process::State::new(cx.now()));
        kinds.push((template, may));
    }
    cx.count(&conn);
    drop(conn);
    cx.page(cx.t(views::NEW), views::kinds_page(&cx, &kinds)).await
}

/// The form of a new document.
pub async fn new(cx: Cx, Path(code): Path<String>) -> Result<Response> {
    open_form(&cx, &code, &OpenForm::default(), &FormErrors::default()).await
}

async fn open_form(cx: &Cx, code: &str, input: &OpenForm, errors: &FormErrors) -> Result<Response> {
    let mut conn = cx.read().await?;
    let (_, template) = template::service::current(&mut conn, code, cx.now()).await?;
    let choices = choices(cx, &mut conn, &template, None).await?;
    let orgs = org::api::orgs(&mut conn, &cx.scope(&DOCUMENT_WRITE)?).await?;
    cx.count(&conn);
    drop(conn);
    let orgs: Vec<(Id, String)> = orgs.into_iter().map(|o| (o.id, o.name)).collect();
    let main = views::open_page(cx, &template, input, &orgs, &choices, errors);
    if errors.is_empty() { cx.page(cx.t(views::NEW), main).await } else { Ok(cx.refused(main)) }
}

/// Opens it.
pub async fn create(cx: Cx, Path(code): Path<String>, Body(input): Body<OpenForm>) -> Result<Response> {
    let asked = NewDocument { template: code.clone(), org_id: input.org_id, fields: input.fields.clone() };
    match cx.form(service::create(&cx, asked).await)? {
        Ok(made) => Ok(cx.redirect(&format!("/documents/{}", made.id))),
        Err(errors) => open_form(&cx, &code, &input, &errors).await,
    }
}

pub(crate) async fn load(cx: &Cx, id: Id) -> Result<views::Page> {
    let mut conn = cx.read().await?;
    let row = service::get_row(cx, &mut conn, id).await?;
    let (version, template) = template::service::version(&mut conn, row.template_id).await?;
    let state = service::state_of(&mut conn, &row, &template).await?;
    let actor = people::actor_of(cx, &mut conn, &template, &row, &DOCUMENT_WRITE).await?;
    let may = guard::authorize(cx, &mut conn, &DOCUMENT_WRITE, &row).await.is_ok();
    let mut names = people::names(&mut conn, &template, &state).await?;
    let opener: Vec<Id> = row.owner_id.into_iter().collect();
    let opener = org::api::staff_names(&mut conn, &opener).await?;
    names.extend(opener.into_iter().map(|(id, name)| (id.to_string(), name)));
    let children = store::select_children(&mut conn, id).await?;
    let children = guard::known(cx, &mut conn, children).await?;
    let files = attachments::of_doc(&mut conn, "document", id).await?;
    let page = views::Page {
        correctable: may
            && guard::reaches(cx, &DOCUMENT_WRITE, &row)?
            && !process::correct::open_fields(&template, &state, row.subject_id.is_some()).is_empty(),
        offers: if may { service::offers(cx, &template, &state, &actor) } else { Vec::new() },
        working: may
            && template
                .step(&row.step)
                .is_some_and(|s| !s.who.is_empty() && process::machine::is_among(&actor, &s.who, &state)),
        clocks: clocks::of_row(cx, &mut conn, &row).await?,
        history: store::select_entries(&mut conn, id).await?,
        tasks: store::select_tasks(&mut conn, id).await?,
        messages: store::select_messages(&mut conn, id).await?,
        approvals: approval::service::of_doc(cx, &mut conn, id).await?,
        children,
        voids: kit::panels::voids(cx, &mut conn, "document", id, &files).await?,
        files,
        comments: kit::comments::of_doc(&mut conn, "document", id).await?,
        choices: choices(cx, &mut conn, &template, Some(&state)).await?,
        tellable: tellable(&template, &row.step, &actor, &state),
        names,
        sees_template: cx.can(&TEMPLATE_READ),
        number: version.number,
        template,
        state,
        row,
    };
    cx.count(&conn);
    Ok(page)
}

fn tellable(template: &Template, step: &str, actor: &process::Actor, state: &process::State) -> Vec<String> {
    let people = template.step(step).map(|s| s.who.clone()).unwrap_or_default();
    let mine = |m: &&process::Message| {
        let who = if m.who.is_empty() { &people } else { &m.who };
        m.steps.iter().any(|s| s == step) && process::machine::is_among(actor, who, state)
    };
    template.messages.iter().filter(mine).map(|m| m.key.clone()).collect()
}

async fn show(cx: &Cx, id: Id, form: Option<&WorkForm>, errors: &FormErrors) -> Result<Response> {
    let page = load(cx, id).await?;
    let main = views::document_page(cx, &page, form, errors);
    let title = page.row.no.clone();
    if errors.is_empty() { cx.page(&title, main).await } else { Ok(cx.refused(main)) }
}

/// The document.
pub async fn document(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    show(&cx, id, None, &FormErrors::default()).await
}

/// What was entered at the step, and perhaps a move.
pub async fn work(cx: Cx, Path(id): Path<Id>, Body(form): Body<WorkForm>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = service::get_row(&cx, &mut conn, id).await?;
    let (_, template) = template::service::version(&mut conn, row.template_id).await?;
    drop(conn);
    let entry = form.entry(&template);
    let done = if form.act.is_empty() {
        service::save(&cx, id, SaveEntry { version: form.version, entry }).await
    } else {
        let act = ActOn { act: form.act.clone(), version: form.version, reason: form.reason.clone(), entry };
        service::act(&cx, id, act).await
    };
    match cx.form(done)? {
        Ok(_) => Ok(cx.redirect(&format!("/documents/{id}"))),
        Err(errors) => show(&cx, id, Some(&form), &errors).await,
    }
}

/// The form of a move that asks for something.
pub async fn move_form(cx: Cx, Path((id, act)): Path<(Id, String)>) -> Result<Response> {
    let page = load(&cx, id).await?;
    cx.page(&page.row.no, views::move_page(&cx, &page, &act, None, &FormErrors::default())).await
}

/// Makes a move that asks for something.
pub async fn make_move(
    cx: Cx,
    Path((id, act)): Path<(Id, String)>,
    Body(form): Body<WorkForm>,
) -> Result<Response> {
    let entry = process::Entry { fields: form.fields.clone(), ..process::Entry::default() };
    let asked = ActOn { act: act.clone(), version: form.version, reason: form.reason.clone(), entry };
    match cx.form(service::act(&cx, id, asked).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/documents/{id}"))),
        Err(errors) => {
            let page = load(&cx, id).await?;
            Ok(cx.refused(views::move_page(&cx, &page, &act, Some(&form), &errors)))
        }
    }
}

/// Gives the customer a message.
pub async fn tell(cx: Cx, Path(id): Path<Id>, Body(input): Body<Tell>) -> Result<Response> {
    match cx.form(service::tell(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/documents/{id}"))),
        Err(errors) => show(&cx, id, None, &errors).await,
    }
}

/// A sensitive field in full, for half a minute.
pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, String)>) -> Result<Response> {
    let shown = service::reveal(&cx, id, &field).await?;
    Ok(cx.fragment(ui::revealed(cx.lang, &format!("doc-{field}"), &shown.value, &shown.masked)))
}

/// A task is done.
pub async fn task_done(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let task = tasks::finish_task(&cx, id).await?;
    Ok(cx.redirect(&format!("/documents/{}", task.document_id)))
}

/// A box to sign in.
pub async fn sign(cx: Cx, Path((id, label)): Path<(Id, String)>) -> Result<Response> {
    let page = load(&cx, id).await?;
    let form = super::forms::signing(&cx, &page.template, &label, id).ok_or(kit::Error::NotFound)?;
    let main = views::signing_page(&cx, &page, form);
    cx.page(&page.row.no, main).await
}

/// A signature drawn on the screen.
#[derive(Deserialize)]
pub struct Drawn {
    /// Picture as a data URL.
    #[serde(default)]
    signature_png: String,
}

/// Keeps a signature as proof.
pub async fn signature(
    cx: Cx,
    Path((id, label)): Path<(Id, String)>,
    Body(drawn): Body<Drawn>,
) -> Result<Response> {
    let empty = || RuleError::new("document.signature", T("请先签名", "Sign first"));
    let body = drawn.signature_png.strip_prefix("data:image/png;base64,").ok_or_else(empty)?;
    let bytes = STANDARD.decode(body).map_err(|_| empty())?;
    let upload = attachments::Upload { id: cx.id(), name: format!("{label}.png"), label, bytes };
    attachments::attach(&cx, &DocRef::new("document", id, ""), upload).await?;
    Ok(cx.redirect(&format!("/documents/{id}")))
}

/// How many copies; all unless given.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PrintQuery {
    /// Name of one copy.
    copy: String,
}

/// A printed form.
pub async fn print(
    cx: Cx,
    Path((id, key)): Path<(Id, String)>,
    Query(query): Query<PrintQuery>,
) -> Result<Response> {
    let page = load(&cx, id).await?;
    let Some(layout) = process::access::find(&page.template.prints, &key).cloned() else {
        return Err(kit::Error::NotFound);
    };
    let sheets = super::print::sheets(&cx, &page, &layout, &query.copy);
    Ok(cx.sheet(&page.row.no, &format!("/documents/{id}"), sheets))
}

/// What waits for the caller: signatures, tasks and documents at a step of his, on the desk and on the phone.
pub async fn inbox(cx: Cx) -> Result<Response> {
    let mut conn = cx.read().await?;
    let approvals = approval::service::inbox(&cx, &mut conn).await?;
    let (tasks, turns) = if cx.can(&DOCUMENT_WRITE) {
        (tasks::my_tasks(&cx, &mut conn).await?, tasks::my_turns(&cx, &mut conn).await?)
    } else {
        Default::default()
    };
    cx.count(&conn);
    drop(conn);
    cx.page(cx.t(views::INBOX), views::inbox_page(&cx, &approvals, &tasks, &turns)).await
}
