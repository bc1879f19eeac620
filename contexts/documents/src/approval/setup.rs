//! Pages to set up matrices of signatures and committees (DOC-07, ORG-15). The API takes the same as structured data.

use axum::response::Response;
use kernel::{Id, Money, Problems, RuleError, T};
use kit::extract::Query;
use kit::{Body, Cx, Error, FormErrors, Result};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use ui::{Btn, Field, Form};

use super::{model::*, service, views, words};

/// Bands that the form offers; the API takes any number.
const BANDS: usize = 6;
const NEW: T = T("审批方案的新版本", "New version of a matrix");
const COMMITTEE: T = T("按岗位组成的小组", "Committee by post");

/// A band as the form writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BandForm {
    /// Largest amount in yuan; empty: no limit.
    up_to: String,
    /// The amount itself belongs to the band.
    inclusive: bool,
    /// Stages, one a line.
    stages: String,
}

/// A matrix as the form writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SchemeForm {
    code: String,
    name: String,
    name_en: String,
    effective_from: String,
    bands: Vec<BandForm>,
}

/// A committee as the form writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CommitteeForm {
    code: String,
    name: String,
    name_en: String,
    posts: String,
}

/// What a form begins with.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CopyQuery {
    /// Version of a matrix that is copied.
    copy: Option<Id>,
    /// Code of the committee to change.
    code: Option<String>,
}

/// What may be written: roles, posts in use, committees.
struct Words {
    roles: Vec<(String, String)>,
    posts: Vec<String>,
    committees: Vec<String>,
}

async fn known(cx: &Cx) -> Result<Words> {
    let mut conn = cx.read().await?;
    let roles = org::api::roles(&mut conn).await?;
    let posts = org::api::post_names(&mut conn).await?;
    let committees = super::store::select_committees(&mut conn).await?.into_iter().map(|c| c.code).collect();
    cx.count(&conn);
    Ok(Words { roles, posts, committees })
}

impl SchemeForm {
    fn of(scheme: &SchemeOut) -> Self {
        let band = |band: &Band| BandForm {
            up_to: band.up_to.map(|fen| Money(fen).fmt_plain()).unwrap_or_default(),
            inclusive: band.inclusive,
            stages: words::stages_text(&band.stages),
        };
        Self {
            code: scheme.code.clone(),
            name: scheme.name.clone(),
            name_en: scheme.name_en.clone(),
            effective_from: String::new(),
            bands: scheme.bands.iter().map(band).collect(),
        }
    }

    /// What the API takes; every field that can't be read is named.
    fn read(&self, roles: &[(String, String)]) -> Result<NewScheme, Problems> {
        let mut problems = Problems::new();
        let mut bands = Vec::new();
        let filled = |band: &&BandForm| !(band.up_to.trim().is_empty() && band.stages.trim().is_empty());
        for (index, band) in self.bands.iter().filter(filled).enumerate() {
            let up_to = match band.up_to.trim() {
                "" => None,
                text => Money::parse(text)
                    .map_err(|error| problems.0.push(error.field(format!("bands.{index}.up_to"))))
                    .ok()
                    .map(|amount| amount.0),
            };
            let stages = words::stages(&band.stages, roles)
                .map_err(|error| problems.0.push(error.field(format!("bands.{index}"))))
                .unwrap_or_default();
            bands.push(Band { up_to, inclusive: band.inclusive, stages });
        }
        let effective_from = match self.effective_from.trim() {
            "" => None,
            text => {
                let at = kit::format::typed_time(text);
                problems.check(at.is_some(), || {
                    RuleError::new("time.form", T("时间格式不对", "This is not a time"))
                        .field("effective_from")
                });
                at
            }
        };
        problems.finish()?;
        Ok(NewScheme {
            code: self.code.trim().to_string(),
            name: self.name.trim().to_string(),
            name_en: self.name_en.trim().to_string(),
            bands,
            effective_from,
        })
    }
}

/// The form of a new matrix, or of the next version of one.
pub async fn new_scheme(cx: Cx, Query(query): Query<CopyQuery>) -> Result<Response> {
    let form = match query.copy {
        Some(id) => {
            let schemes = service::schemes(&cx).await?;
            SchemeForm::of(schemes.iter().find(|s| s.id == id).ok_or(Error::NotFound)?)
        }
        None => SchemeForm::default(),
    };
    let known = known(&cx).await?;
    cx.page(cx.t(NEW), scheme_page(&cx, &form, &known, &FormErrors::default())).await
}

/// Stores it.
pub async fn create_scheme(cx: Cx, Body(form): Body<SchemeForm>) -> Result<Response> {
    let known = known(&cx).await?;
    let made = async { service::create_scheme(&cx, form.read(&known.roles)?).await };
    match cx.form(made.await)? {
        Ok(_) => Ok(cx.redirect("/approval-schemes")),
        Err(errors) => Ok(cx.refused(scheme_page(&cx, &form, &known, &errors))),
    }
}

/// The form of a committee.
pub async fn edit_committee(cx: Cx, Query(query): Query<CopyQuery>) -> Result<Response> {
    let form = match query.code {
        Some(code) => {
            let committees = service::committees(&cx).await?;
            let found = committees.into_iter().find(|c| c.code == code).ok_or(Error::NotFound)?;
            let posts = found.posts.iter().map(words::signer_text).collect::<Vec<_>>().join("\n");
            CommitteeForm { code: found.code, name: found.name, name_en: found.name_en, posts }
        }
        None => CommitteeForm::default(),
    };
    let known = known(&cx).await?;
    cx.page(cx.t(COMMITTEE), committee_page(&cx, &form, &known, &FormErrors::default())).await
}

/// Stores it.
pub async fn put_committee(cx: Cx, Body(form): Body<CommitteeForm>) -> Result<Response> {
    let known = known(&cx).await?;
    let stored = async {
        let posts = words::signers(&form.posts, &known.roles).map_err(|error| error.field("posts"))?;
        let input = PutCommittee {
            code: form.code.trim().to_string(),
            name: form.name.trim().to_string(),
            name_en: form.name_en.trim().to_string(),
            posts,
        };
        service::put_committee(&cx, input).await
    };
    match cx.form(stored.await)? {
        Ok(()) => Ok(cx.redirect("/approval-schemes")),
        Err(errors) => Ok(cx.refused(committee_page(&cx, &form, &known, &errors))),
    }
}

fn scheme_page(cx: &Cx, form: &SchemeForm, known: &Words, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(views::SCHEMES), Some("/approval-schemes")), (cx.t(NEW), None)];
    let intro = cx.t(T(
        "金额档从小到大，最后一档不填金额。每行是一步，依次签署：“岗位 + 岗位”都要签，“岗位 / 岗位”任一人签，“[小组代码]”由小组签；岗位无人时由 @ 后的角色签，不写为服务经理。只影响以后提交的审批。",
        "Bands from small to large; the last has no amount. Each line is a stage, signed in turn: \"post + post\" all of them, \"post / post\" any of them, \"[committee]\" a committee; where nobody holds a post the role behind @ signs, the service manager unless said. Counts for approvals asked for from then on.",
    ));
    let blank = BandForm::default();
    let body = Form::post("/approval-schemes/new", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::text("code", cx.t(T("代码", "Code"))).value(&form.code).required().error(errors.of("code")).hint(cx.t(T("已有代码即其新版本", "A known code makes its next version"))))
            (Field::text("name", cx.t(T("名称", "Name"))).value(&form.name).required().error(errors.of("name")))
            (Field::text("name_en", cx.t(T("英文名称", "Name in English"))).value(&form.name_en))
            (Field::datetime("effective_from", cx.t(T("何时生效（空为现在）", "Counts from (empty: now)"))).value(&form.effective_from).error(errors.of("effective_from")))
        }))
        @for index in 0..BANDS.max(form.bands.len()) {
            @let band = form.bands.get(index).unwrap_or(&blank);
            @let title = T("第 {n} 档", "Band {n}").fill(cx.lang, &[("n", (index + 1).to_string())]);
            @let wrong = errors.of(&format!("bands.{index}")).or_else(|| if index == 0 { errors.of("bands") } else { None });
            (ui::fieldset(&title, "", html! {
                (Field::money(&format!("bands.{index}.up_to"), cx.t(T("金额上限（空为不限）", "Up to (empty: no limit)"))).value(&band.up_to).error(errors.of(&format!("bands.{index}.up_to"))))
                (Field::check(&format!("bands.{index}.inclusive"), cx.t(T("含上限本身（≤）", "The limit itself belongs to it (≤)"))).checked(band.inclusive || band.stages.is_empty()))
                (Field::area(&format!("bands.{index}.stages"), cx.t(T("谁签，每行一步", "Who signs, one stage a line")), 3).value(&band.stages).full().error(wrong))
            }))
        }
        (ui::form_actions(cx.lang, cx.t(T("保存新版本", "Save the new version")), Some("/approval-schemes")))
    });
    ui::form_page(cx.lang, &crumbs, cx.t(NEW), intro, body, Some(help(cx, known)))
}

fn committee_page(cx: &Cx, form: &CommitteeForm, known: &Words, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(views::SCHEMES), Some("/approval-schemes")), (cx.t(COMMITTEE), None)];
    let intro = cx.t(T(
        "小组按岗位组成：谁在岗谁就是成员，调岗离职自动换人。",
        "A committee is made of posts: whoever holds one is a member, and so is the successor.",
    ));
    let body = Form::post("/committees/edit", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::text("code", cx.t(T("代码", "Code"))).value(&form.code).required().error(errors.of("code")))
            (Field::text("name", cx.t(T("名称", "Name"))).value(&form.name).required().error(errors.of("name")))
            (Field::text("name_en", cx.t(T("英文名称", "Name in English"))).value(&form.name_en))
            (Field::area("posts", cx.t(T("岗位，每行一个（岗位@角色）", "Posts, one a line (post@role)")), 6).value(&form.posts).full().error(errors.of("posts")))
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/approval-schemes")))
    });
    ui::form_page(cx.lang, &crumbs, cx.t(COMMITTEE), intro, body, Some(help(cx, known)))
}

fn help(cx: &Cx, known: &Words) -> Markup {
    let roles: Vec<String> = known.roles.iter().map(|(code, name)| format!("{name} {code}")).collect();
    let list = |title: T, items: &[String]| {
        ui::side_section(
            cx.t(title),
            html! { @for item in items { p { (item) } } @if items.is_empty() { (ui::none()) } },
        )
    };
    html! {
        (list(T("在用岗位", "Posts in use"), &known.posts))
        (list(T("角色", "Roles"), &roles))
        (list(T("小组", "Committees"), &known.committees))
    }
}

/// Buttons above the matrices.
pub fn actions(cx: &Cx) -> Markup {
    html! {
        @if cx.can(&crate::perms::TEMPLATE_WRITE) {
            (Btn::link(cx.t(T("新建方案", "New matrix")), "/approval-schemes/new").icon("plus").primary().sm())
            (Btn::link(cx.t(T("新建小组", "New committee")), "/committees/edit").icon("users").sm())
        }
        (Btn::link(cx.t(T("代班", "Deputies")), "/acting").icon("user-question").ghost().sm())
    }
}
