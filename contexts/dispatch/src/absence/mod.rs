//! Leave, training and other times when an engineer can't be booked (DISP-23).

mod store;

use axum::{Json, response::Response};
use kernel::{Id, Problems, RuleError, T, Ts};
use kit::extract::Path;
use kit::{
    Access, Body, Cx, DocRef, Error, Owned, Result, Routes, begin, format,
    lists::{Col, Kind, ListSpec, Preset},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    assignment,
    perms::{ABSENCE_WRITE, DAY_READ},
};

db::codes! {
    /// Why somebody can't be booked.
    pub enum AbsenceKind {
        Leave = "leave" ("请假", "Leave"),
        Training = "training" ("培训", "Training"),
        Other = "other" ("占用", "Other"),
    }
}

db::row! {
    /// An absence.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Absence {
        /// Which.
        pub id: Id,
        /// For optimistic locking.
        pub version: i64,
        /// Owning organisation.
        pub org_id: Id,
        /// Who.
        pub staff_id: Id,
        /// Why.
        pub kind: AbsenceKind,
        /// From.
        pub from_at: Ts,
        /// Until, not included.
        pub to_at: Ts,
        /// Remark.
        pub note: String,
        /// `active` or `cancelled`
        pub state: String,
    }
}

impl Owned for Absence {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        vec![self.staff_id]
    }
}

/// A new absence. Times as RFC 3339, or local as forms send them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewAbsence {
    /// Who.
    pub staff_id: Id,
    /// Why.
    pub kind: AbsenceKind,
    /// From.
    pub from: String,
    /// Until.
    pub to: String,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

fn instant(cx: &Cx, text: &str, field: &'static str) -> Result<Ts, RuleError> {
    if text.trim().is_empty() {
        return Err(kit::inputs::required(field));
    }
    format::parse_field_time(cx, text)
        .ok_or_else(|| RuleError::new("time.form", T("时间格式不对", "This is not a time")).field(field))
}

/// Enters an absence; one that clashes with an appointment or another absence is refused.
pub async fn create_absence(cx: &Cx, input: NewAbsence) -> Result<Absence> {
    cx.require(&ABSENCE_WRITE)?;
    let (from, to) = match (instant(cx, &input.from, "from"), instant(cx, &input.to, "to")) {
        (Ok(from), Ok(to)) => (from, to),
        (from, to) => {
            return Err(Problems([from.err(), to.err()].into_iter().flatten().collect()).into());
        }
    };
    let mut tx = begin!(cx, "dispatch.create_absence", &input);
    let person = org::api::staff(&mut tx, input.staff_id).await?;
    let row = Absence {
        id: tx.id(),
        version: 1,
        org_id: person.org_id,
        staff_id: person.id,
        kind: input.kind,
        from_at: from,
        to_at: to,
        note: input.note.trim().chars().take(200).collect(),
        state: "active".into(),
    };
    tx.authorize(&ABSENCE_WRITE, &row)?;
    let bookings = assignment::service::held(&mut tx, &[person.id], (from, Some(to)), person.org_id).await?.1;
    assignment::rules::check_appointment(&bookings, row.id, from, to, &person.name).map_err(|e| {
        match e.code {
            "dispatch.window" => e.field("to"),
            _ => e.field("from"),
        }
    })?;
    let now = tx.now();
    store::insert_absence(&mut tx, &row, now).await?;
    tx.created(DocRef::new("absence", row.id, &person.name), &row)?;
    tx.commit(row).await
}

/// Takes an absence back.
pub async fn cancel_absence(cx: &Cx, id: Id) -> Result<Absence> {
    let mut tx = begin!(cx, "dispatch.cancel_absence", &id);
    let old = store::lock_absence(&mut tx, id).await?;
    tx.authorize(&ABSENCE_WRITE, &old)?;
    if old.state != "active" {
        return Err(Error::Conflict(RuleError::new(
            "dispatch.absence_over",
            T("已经取消过了", "It was cancelled already"),
        )));
    }
    let new = Absence { state: "cancelled".into(), version: old.version + 1, ..old.clone() };
    let now = tx.now();
    store::update_state(&mut tx, &new, now).await?;
    tx.changed(DocRef::new("absence", id, ""), &old, &new)?;
    tx.commit(new).await
}

async fn create(cx: Cx, Body(input): Body<NewAbsence>) -> Result<Json<Absence>> {
    create_absence(&cx, input).await.map(Json)
}

async fn cancel(cx: Cx, Path(id): Path<Id>) -> Result<Json<Absence>> {
    cancel_absence(&cx, id).await.map(Json)
}

async fn form_page(cx: Cx) -> Result<Response> {
    form(&cx, None, &kit::FormErrors::default()).await
}

async fn form(cx: &Cx, input: Option<&NewAbsence>, errors: &kit::FormErrors) -> Result<Response> {
    let scope = cx.scope(&ABSENCE_WRITE)?;
    let mut conn = cx.read().await?;
    let people = org::api::engineers(&mut conn, &scope).await?;
    drop(conn);
    let title = cx.t(T("登记请假或占用", "Enter an absence"));
    let staff = input.map(|i| i.staff_id.to_string()).unwrap_or_default();
    let kind = input.map_or("leave", |i| i.kind.as_str());
    let text = |pick: fn(&NewAbsence) -> &String| input.map(|i| pick(i).clone()).unwrap_or_default();
    let kinds = AbsenceKind::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let body = ui::Form::post("/absences", cx.form_key()).body(maud::html! {
        (errors.summary(cx.lang))
        (ui::fields(maud::html! {
            (ui::Field::select("staff_id", cx.t(T("工程师", "Engineer"))).options(people.iter().map(|p| (p.id.to_string(), p.name.clone()))).blank(cx.t(T("请选择", "Choose"))).value(staff).required().error(errors.of("staff_id")))
            (ui::Field::chips("kind", cx.t(T("类型", "Kind"))).options(kinds).value(kind).error(errors.of("kind")))
            (ui::pair(
                ui::Field::datetime("from", cx.t(T("开始", "From"))).value(text(|i| &i.from)).required().error(errors.of("from")),
                ui::Field::datetime("to", cx.t(T("结束", "Until"))).value(text(|i| &i.to)).required().error(errors.of("to")),
            ))
            (ui::Field::text("note", cx.t(T("备注", "Note"))).value(text(|i| &i.note)).full())
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/absences")))
    });
    let crumb = [(cx.t(T("请假与占用", "Absences")), Some("/absences")), (title, None)];
    let main = ui::form_page(cx.lang, &crumb, title, "", body, None);
    if errors.is_empty() { cx.page(title, main).await } else { Ok(cx.refused(main)) }
}

async fn post(cx: Cx, Body(input): Body<NewAbsence>) -> Result<Response> {
    match cx.form(create_absence(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/absences")),
        Err(errors) => form(&cx, Some(&input), &errors).await,
    }
}

async fn cancel_form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    cancel_absence(&cx, id).await?;
    Ok(cx.redirect("/absences"))
}

/// Pages and API.
pub fn routes() -> Routes {
    let write = Access::Perm(&ABSENCE_WRITE);
    Routes::new()
        .page("/absences/new", write, form_page)
        .form("/absences", write, post)
        .form("/absences/{id}/cancel", write, cancel_form)
        .api_post::<NewAbsence, Absence, _, _>(
            "/absences",
            write,
            T("登记请假或占用", "Enter an absence"),
            create,
        )
        .api_post::<(), Absence, _, _>(
            "/absences/{id}/cancel",
            write,
            T("取消请假或占用", "Cancel an absence"),
            cancel,
        )
}

/// The list.
pub fn absences() -> ListSpec {
    ListSpec {
        joins: &[("s", "join pub_staff s on s.id = a.staff_id")],
        org: "a.org_id",
        owner: Some("a.staff_id"),
        columns: vec![
            Col::new("staff", T("工程师", "Engineer"), "s.name", Kind::Person),
            Col::new("kind", T("类型", "Kind"), "a.kind", Kind::Code(AbsenceKind::OPTIONS)),
            Col::new("from_at", T("开始", "From"), "a.from_at", Kind::Time).sortable(),
            Col::new("to_at", T("结束", "Until"), "a.to_at", Kind::Time),
            Col::new("note", T("备注", "Note"), "a.note", Kind::Text),
            Col::new(
                "state",
                T("状态", "State"),
                "a.state",
                Kind::Code(&[("active", T("有效", "Active")), ("cancelled", T("已取消", "Cancelled"))]),
            ),
        ],
        presets: vec![Preset {
            key: "active",
            label: T("有效", "Active"),
            filter: "state~in~active",
            hot: false,
        }],
        sort: ("from_at", true),
        create: Some(("/absences/new", T("登记", "Enter"), &ABSENCE_WRITE)),
        ..ListSpec::new("absences", T("请假与占用", "Absences"), "/absences", &DAY_READ, "absence a", "a")
    }
}
