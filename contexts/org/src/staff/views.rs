//! What staff files look like.

use kernel::{Id, T};
use kit::{Cx, FormErrors, Sens, Show};
use ui::{Btn, Def, Detail, Field, Form, Markup, Tone, html};

use super::model::*;
use crate::{STAFF_REVEAL, STAFF_WRITE, USER_READ, USER_WRITE, api::OrgBrief, posts::PostOut};

pub(super) const TITLE: T = T("员工档案", "Staff files");
pub(super) const NEW: T = T("新建员工", "New staff file");

/// What can be chosen in the form.
pub(super) struct Choices {
    pub orgs: Vec<OrgBrief>,
    pub posts: Vec<PostOut>,
}

/// True when telephone numbers stand in forms at all: a masked one must not be saved.
pub(super) fn shows_phone(cx: &Cx) -> bool {
    cx.shows(Sens::Phone) == Show::Full
}

/// The same for identity papers.
pub(super) fn shows_papers(cx: &Cx) -> bool {
    cx.shows(Sens::Identity) == Show::Full
}

fn sensitive(cx: &Cx, staff: &StaffOut, field: &str, value: &str) -> Markup {
    let id = format!("{field}-{}", staff.id);
    let url = format!("/staff/{}/reveal/{field}", staff.id);
    let reveal = (value.contains('*') && cx.can(&STAFF_REVEAL)).then_some(url.as_str());
    if value.is_empty() { ui::none() } else { ui::masked(cx.lang, &id, value, reveal) }
}

pub(super) fn staff(cx: &Cx, staff: &StaffOut) -> Markup {
    let state = if staff.active {
        (Tone::Green, T("在职", "working"))
    } else {
        (Tone::Neutral, T("离职", "left"))
    };
    let org = format!("/orgs/tree/{}", staff.org_id);
    let hired = staff.hired_on.map(|date| date.to_string());
    let facts = [
        Def::new(cx.t(T("组织", "Organisation")), ui::link(&org, &staff.org_name)),
        Def::new(cx.t(T("岗位", "Post")), ui::or_none(staff.post_name.as_deref())),
        Def::new(cx.t(T("班组", "Team")), ui::or_none(Some(&staff.team))),
        Def::new(cx.t(T("技术等级", "Technical grade")), ui::num(staff.grade)),
        Def::new(
            cx.t(T("可派工", "Field work")),
            cx.t(if staff.engineer { T("是", "yes") } else { T("否", "no") }),
        ),
        Def::new(cx.t(T("入职日期", "Hired on")), ui::or_none(hired.as_deref())),
        Def::new(cx.t(T("电话", "Telephone")), sensitive(cx, staff, "phone", &staff.phone)),
        Def::new(cx.t(T("邮箱", "E-mail")), sensitive(cx, staff, "email", &staff.email)),
        Def::new(
            cx.t(T("性别", "Gender")),
            ui::or_none(
                GENDERS.iter().find(|(code, _)| *code == staff.gender).map(|(_, label)| cx.t(*label)),
            ),
        ),
        Def::new(
            cx.t(T("出生日期", "Born on")),
            ui::or_none(staff.born_on.map(|date| date.to_string()).as_deref()),
        ),
        Def::new(cx.t(T("证件号码", "Identity no.")), sensitive(cx, staff, "id_no", &staff.id_no)),
        Def::new(cx.t(T("学历", "Education")), ui::or_none(Some(&staff.education))),
        Def::new(
            cx.t(T("合同到期", "Contract until")),
            ui::or_none(staff.contract_until.map(|date| date.to_string()).as_deref()),
        ),
        Def::new(
            cx.t(T("技能", "Skills")),
            html! { @for skill in &staff.skills { (ui::tag_line(Tone::Neutral, skill)) " " } },
        )
        .full(),
    ];
    let body = html! {
        (ui::section(cx.t(T("档案", "File")), html! {}, ui::dl(&facts)))
        (ui::section(cx.t(T("登录账户", "Account")), html! {}, account(cx, staff)))
    };
    let crumbs = [(cx.t(TITLE), Some("/staff")), (staff.no.as_str(), None)];
    let detail = Detail {
        meta: ui::tag(state.0, cx.t(state.1)),
        actions: html! {
            @if cx.can(&STAFF_WRITE) { (Btn::link(cx.t(T("编辑", "Edit")), format!("/staff/{}/edit", staff.id)).icon("edit")) }
        },
        ..Detail::new(&crumbs, &staff.name, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn account(cx: &Cx, staff: &StaffOut) -> Markup {
    match (&staff.login, staff.user_id) {
        (Some(login), Some(user)) if cx.can(&USER_READ) => ui::link(&format!("/users/{user}"), login),
        (Some(login), _) => html! { (login) },
        _ if cx.can(&USER_WRITE) => {
            html! { (Btn::link(cx.t(T("开通账户", "Make an account")), format!("/users/new?staff={}", staff.id)).icon("user-plus")) }
        }
        _ => ui::none(),
    }
}

/// What stands in the form.
struct Values<'a> {
    no: &'a str,
    name: &'a str,
    org: Id,
    post: Option<Id>,
    team: &'a str,
    grade: i64,
    skills: String,
    engineer: bool,
    phone: &'a str,
    email: &'a str,
    hired_on: Option<String>,
    gender: &'a str,
    born_on: Option<String>,
    id_no: &'a str,
    education: &'a str,
    contract_until: Option<String>,
}

fn inputs(cx: &Cx, values: &Values<'_>, choices: &Choices, errors: &FormErrors, fresh: bool) -> Markup {
    let orgs = choices.orgs.iter().map(|org| (org.id.to_string(), org.name.clone()));
    let posts =
        choices.posts.iter().filter(|post| post.active).map(|post| (post.id.to_string(), post.name.clone()));
    let grades = (1..=5).map(|grade| (grade.to_string(), grade.to_string()));
    let genders = GENDERS.iter().map(|(code, label)| (*code, cx.t(*label)));
    html! {
        (ui::fieldset(cx.t(T("基本信息", "Facts")), "", html! {
            (Field::text("name", cx.t(T("姓名", "Name"))).value(values.name).required().autofocus().error(errors.of("name")))
            (Field::text("no", cx.t(T("工号", "Employee number"))).value(values.no).hint(cx.t(T("留空自动编号", "Empty: numbered by itself"))).error(errors.of("no")))
            (Field::select("org_id", cx.t(T("组织", "Organisation"))).options(orgs).value(values.org).required().wide().error(errors.of("org_id")))
            (Field::select("post_id", cx.t(T("岗位", "Post"))).options(posts).blank(cx.t(T("无", "none"))).maybe(values.post).error(errors.of("post_id")))
            (Field::text("team", cx.t(T("班组", "Team"))).value(values.team).error(errors.of("team")))
            (Field::date("hired_on", cx.t(T("入职日期", "Hired on"))).maybe(values.hired_on.as_deref()).error(errors.of("hired_on")))
        }))
        (ui::fieldset(cx.t(T("技术", "Skills")), "", html! {
            (Field::chips("grade", cx.t(T("技术等级", "Technical grade"))).options(grades).value(values.grade).error(errors.of("grade")))
            (Field::switch("engineer", cx.t(T("可派工（现场服务）", "Does field work"))).checked(values.engineer))
            (Field::text("skills", cx.t(T("技能，用逗号分隔", "Skills, separated by commas"))).value(&values.skills).full().error(errors.of("skills")))
        }))
        (ui::fieldset(cx.t(T("人事", "Personnel")), cx.t(T("均可不填", "All may stay empty")), html! {
            (Field::select("gender", cx.t(T("性别", "Gender"))).options(genders).blank(cx.t(T("未填", "not said"))).value(values.gender).error(errors.of("gender")))
            @if fresh || shows_papers(cx) {
                (Field::date("born_on", cx.t(T("出生日期", "Born on"))).maybe(values.born_on.as_deref()).error(errors.of("born_on")))
                (Field::text("id_no", cx.t(T("证件号码", "Identity no."))).value(values.id_no).error(errors.of("id_no")))
            }
            (Field::text("education", cx.t(T("学历", "Education"))).value(values.education).error(errors.of("education")))
            (Field::date("contract_until", cx.t(T("合同到期", "Contract until"))).maybe(values.contract_until.as_deref()).error(errors.of("contract_until")))
        }))
        @if fresh || shows_phone(cx) {
            (ui::fieldset(cx.t(T("联系方式", "Contact")), "", html! {
                (Field::tel("phone", cx.t(T("电话", "Telephone"))).value(values.phone).error(errors.of("phone")))
                (Field::email("email", cx.t(T("邮箱", "E-mail"))).value(values.email).wide().error(errors.of("email")))
            }))
        }
    }
}

pub(super) fn new(cx: &Cx, input: &NewStaff, choices: &Choices, errors: &FormErrors) -> Markup {
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let (no, team, phone, email) =
        (text(&input.no), text(&input.team), text(&input.phone), text(&input.email));
    let (gender, id_no, education) = (text(&input.gender), text(&input.id_no), text(&input.education));
    let values = Values {
        no: &no,
        name: &input.name,
        org: input.org_id,
        post: input.post_id,
        team: &team,
        grade: input.grade.unwrap_or(1),
        skills: input.skills.join("，"),
        engineer: input.engineer,
        phone: &phone,
        email: &email,
        hired_on: input.hired_on.map(|date| date.to_string()),
        gender: &gender,
        born_on: input.born_on.map(|date| date.to_string()),
        id_no: &id_no,
        education: &education,
        contract_until: input.contract_until.map(|date| date.to_string()),
    };
    let form = Form::post("/staff/new", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (inputs(cx, &values, choices, errors, true))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/staff")))
    });
    ui::form_page(cx.lang, &[(cx.t(TITLE), Some("/staff")), (cx.t(NEW), None)], cx.t(NEW), "", form, None)
}

pub(super) fn edit(cx: &Cx, staff: &StaffOut, choices: &Choices, errors: &FormErrors) -> Markup {
    let back = format!("/staff/{}", staff.id);
    let values = Values {
        no: &staff.no,
        name: &staff.name,
        org: staff.org_id,
        post: staff.post_id,
        team: &staff.team,
        grade: staff.grade,
        skills: staff.skills.join("，"),
        engineer: staff.engineer,
        phone: &staff.phone,
        email: &staff.email,
        hired_on: staff.hired_on.map(|date| date.to_string()),
        gender: &staff.gender,
        born_on: staff.born_on.map(|date| date.to_string()),
        id_no: &staff.id_no,
        education: &staff.education,
        contract_until: staff.contract_until.map(|date| date.to_string()),
    };
    let form = Form::post(format!("/staff/{}/edit", staff.id), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::hidden("version", staff.version))
        (inputs(cx, &values, choices, errors, false))
        (ui::fieldset("", "", Field::switch("active", cx.t(T("在职", "Working"))).checked(staff.active).error(errors.of("active"))))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&back)))
    });
    let crumbs = [
        (cx.t(TITLE), Some("/staff")),
        (staff.no.as_str(), Some(back.as_str())),
        (cx.t(T("编辑", "Edit")), None),
    ];
    ui::form_page(cx.lang, &crumbs, &staff.name, "", form, None)
}
