//! Markup of customer files.

use db::Conn;
use kernel::{Id, T};
use kit::{Cx, FormErrors, Result, Sens, format, timers::Timer};
use maud::{Markup, html};
use ui::{Btn, Def, Detail, Field, Form, Sla, Tone};

use super::{
    model::{CustomerRow, FileState, Grade, NewCustomer, SecretField, Standing},
    rules, service, store,
};
use crate::{
    class::{self, model::ClassRow},
    contact::{
        model::{AddressRow, ContactRow},
        views as contact_views,
    },
    duplicate::{self, model::Suspect},
    perms::{CUSTOMER_MERGE, CUSTOMER_READ, CUSTOMER_WRITE, PERSONAL_EXPORT},
};

/// Parts of the customer's page that upper contexts bring.
const PARTS: [(&str, T); 4] = [
    ("/customers/{id}/units", T("设备", "Units")),
    ("/customers/{id}/orders", T("服务工单", "Service orders")),
    ("/customers/{id}/requests", T("咨询、投诉与请求", "Questions, complaints, requests")),
    ("/customers/{id}/calls", T("来电、去电与信函", "Calls and letters")),
];

/// What the last twelve months came to, brought by a context that knows the orders.
const SUMMARY: (&str, T) = ("/customers/{id}/summary", T("近 12 个月", "Last 12 months"));

/// What the customer's page shows.
pub struct CustomerPage {
    /// The file.
    pub row: CustomerRow,
    /// All classes, for labels.
    pub classes: Vec<ClassRow>,
    /// Its people.
    pub contacts: Vec<ContactRow>,
    /// Its places.
    pub addresses: Vec<AddressRow>,
    /// Its clocks.
    pub timers: Vec<Timer>,
    /// Files that may be the same customer.
    pub suspects: Vec<Suspect>,
    /// Comments, files, history.
    pub side: Markup,
}

/// Loads a part of the page that an upper context brings, if it is there and the caller may see it.
fn part(cx: &Cx, route: &str, id: Id, beside: Option<Id>) -> Option<Markup> {
    if !cx.opens(route) {
        return None;
    }
    let name = route.rsplit('/').next().unwrap_or("part");
    let beside = beside.map(|doc| format!("?beside={doc}")).unwrap_or_default();
    Some(ui::lazy(&format!("part-{name}"), &(route.replace("{id}", &id.to_string()) + &beside)))
}

fn class_label<'a>(cx: &Cx, classes: &'a [ClassRow], code: &'a str) -> &'a str {
    classes.iter().find(|class| class.code == code).map_or(code, |class| class.label(cx.lang))
}

fn secret(cx: &Cx, row: &CustomerRow, field: SecretField, value: &str) -> Markup {
    let url = format!("/customers/{}/reveal/{}", row.id, field.as_str());
    contact_views::secret(cx, row.id, field, value, &url)
}

fn or_none(text: &str) -> Markup {
    ui::or_none(Some(text).filter(|text| !text.is_empty()))
}

fn place(cx: &Cx, row: &CustomerRow) -> Markup {
    html! { (row.region) (row.district) " " (secret(cx, row, SecretField::Address, &row.address)) }
}

/// The customer on one screen (CUST-01).
pub fn customer_page(cx: &Cx, page: &CustomerPage) -> Markup {
    let row = &page.row;
    let list = cx.t(T("客户", "Customers"));
    let crumbs = [(list, Some("/customers")), (row.no.as_str(), None)];
    let open = row.state == FileState::Active;
    let body = html! {
        (duplicate::views::suspects_alert(cx, row.id, &page.suspects))
        (ui::section(cx.t(T("基本资料", "Basics")), html! {}, facts(cx, page)))
        @if let Some(part) = part(cx, SUMMARY.0, row.id, None) { (ui::section(cx.t(SUMMARY.1), html! {}, part)) }
        (contact_views::contacts_section(cx, row.id, &page.contacts, open))
        (contact_views::addresses_section(cx, row.id, &page.addresses, open))
        @for (route, title) in PARTS {
            @if let Some(part) = part(cx, route, row.id, None) { (ui::section(cx.t(title), html! {}, part)) }
        }
    };
    let name = cx.mask(kit::Sens::Name, &row.name);
    let detail = Detail {
        meta: meta(cx, page),
        actions: actions(cx, row),
        side: Some(page.side.clone()),
        ..Detail::new(&crumbs, &name, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn meta(cx: &Cx, page: &CustomerPage) -> Markup {
    let row = &page.row;
    let seconds = |at: kernel::Ts| at.0.div_euclid(1_000_000);
    let clock = page.timers.iter().find(|timer| matches!(timer.state.as_str(), "open" | "paused"));
    html! {
        @if row.state != FileState::Active { (ui::tag(Tone::Neutral, cx.t(row.state.label()))) }
        (ui::tag(Tone::Blue, class_label(cx, &page.classes, &row.class)))
        (ui::tag(Tone::Violet, cx.t(row.grade.label())))
        (ui::tag(Tone::Neutral, cx.t(row.standing.label())))
        @if row.member { (ui::tag(Tone::Amber, cx.t(T("会员", "Member")))) }
        @if !row.complete && row.state != FileState::Erased { (ui::tag(Tone::Orange, cx.t(T("资料不完整", "Incomplete")))) }
        @if let Some((due, timer)) = clock.and_then(|timer| timer.due_at.map(|due| (due, timer))) {
            (ui::sla(&Sla::running(cx.lang, seconds(cx.now()), seconds(due), due.secs_since(timer.started_at))))
        }
    }
}

fn actions(cx: &Cx, row: &CustomerRow) -> Markup {
    let at = |what: &str| format!("/customers/{}/{what}", row.id);
    let open = row.state == FileState::Active;
    html! {
        @if row.state != FileState::Merged && cx.can(&PERSONAL_EXPORT) {
            (Btn::link(cx.t(T("个人信息", "Personal data")), at("personal")).icon("shield-half"))
        }
        @if open && cx.can(&CUSTOMER_MERGE) {
            (Btn::new(cx.t(T("合并", "Merge"))).icon("git-merge").modal(at("merge")))
            (ui::post_button(&at("archive"), cx.form_key(), Btn::new(cx.t(T("归档", "Archive"))).icon("archive").confirm(cx.t(T("归档后不再用于新单据，随时可恢复。", "It is no longer offered for new documents and can be restored at any time.")))))
        }
        @if row.state == FileState::Archived && cx.can(&CUSTOMER_MERGE) {
            (ui::post_button(&at("restore"), cx.form_key(), Btn::new(cx.t(T("恢复", "Restore"))).icon("arrow-back-up")))
        }
        @if open && cx.can(&CUSTOMER_WRITE) {
            (Btn::link(cx.t(T("修改", "Edit")), at("edit")).icon("edit").primary().kbd("E"))
        }
    }
}

fn facts(cx: &Cx, page: &CustomerPage) -> Markup {
    let row = &page.row;
    ui::dl(&[
        Def::new(cx.t(T("电话", "Phone")), secret(cx, row, SecretField::Phone, &row.phone)),
        Def::new(cx.t(T("电子邮件", "E-mail")), secret(cx, row, SecretField::Email, &row.email)),
        Def::new(
            cx.t(T("方便接听时间", "Convenient time to call")),
            or_none(&rules::call_time(&row.call_from, &row.call_to)),
        ),
        Def::new(cx.t(T("地址", "Address")), place(cx, row)).wide(),
        Def::new(cx.t(T("建档", "Opened")), ui::num(format::time(cx, row.created_at))),
        Def::new(cx.t(T("备注", "Remarks")), or_none(&cx.mask(kit::Sens::Note, &row.notes))).full(),
    ])
}

/// What the form of an existing file begins with; masked values may be sent back as they are.
pub fn input_of(cx: &Cx, row: &CustomerRow) -> NewCustomer {
    NewCustomer {
        version: Some(row.version),
        org_id: Some(row.org_id),
        name: cx.mask(kit::Sens::Name, &row.name),
        class: Some(row.class.clone()),
        grade: Some(row.grade),
        standing: Some(row.standing),
        member: row.member,
        phone: Some(cx.mask(Sens::Phone, &row.phone)),
        email: Some(cx.mask(Sens::Phone, &row.email)),
        region: Some(row.region.clone()),
        district: Some(row.district.clone()),
        address: Some(cx.mask(Sens::Address, &row.address)),
        call_from: Some(row.call_from.clone()),
        call_to: Some(row.call_to.clone()),
        custodian_id: row.custodian_id,
        notes: Some(cx.mask(kit::Sens::Note, &row.notes)),
    }
}

/// The form for a new file (`id` none) or a change.
pub fn customer_form(
    cx: &Cx,
    id: Option<Id>,
    input: &NewCustomer,
    classes: &[ClassRow],
    errors: &FormErrors,
) -> Markup {
    let list = cx.t(T("客户", "Customers"));
    let title = cx.t(if id.is_some() {
        T("修改客户档案", "Change customer file")
    } else {
        T("新建客户", "New customer")
    });
    let (action, cancel) = match id {
        Some(id) => (format!("/customers/{id}/edit"), format!("/customers/{id}")),
        None => ("/customers/new".to_string(), "/customers".to_string()),
    };
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(version) = input.version { (ui::hidden("version", version)) }
        (ui::fieldset(cx.t(T("客户", "Customer")), "", who_fields(cx, input, classes, errors)))
        (ui::fieldset(cx.t(T("联系方式", "How to reach them")), cx.t(T("电话、省市、地址齐全才算资料完整", "Complete with phone, region and address")), reach_fields(cx, input, errors)))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&cancel)))
    };
    let form = Form::post(action, cx.form_key()).body(body);
    ui::form_page(cx.lang, &[(list, Some("/customers")), (title, None)], title, "", form, None)
}

fn who_fields(cx: &Cx, input: &NewCustomer, classes: &[ClassRow], errors: &FormErrors) -> Markup {
    let class = input.class.as_deref().unwrap_or("direct");
    let offered = classes
        .iter()
        .filter(|row| row.active || row.code == class)
        .map(|row| (row.code.as_str(), row.label(cx.lang)));
    let grades = Grade::ALL.iter().map(|grade| (grade.as_str(), cx.t(grade.label())));
    let standings = Standing::ALL.iter().map(|standing| (standing.as_str(), cx.t(standing.label())));
    html! {
        (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).error(errors.of("name")).required().wide().autofocus())
        (Field::select("class", cx.t(T("类别", "Class"))).options(offered).value(class).error(errors.of("class")))
        (Field::select("grade", cx.t(T("等级", "Grade"))).options(grades).value(input.grade.unwrap_or(Grade::C).as_str()))
        (Field::chips("standing", cx.t(T("性质", "Standing"))).options(standings).value(input.standing.unwrap_or(Standing::Existing).as_str()))
        (Field::switch("member", cx.t(T("会员", "Member"))).checked(input.member))
        (Field::area("notes", cx.t(T("备注", "Remarks")), 2).maybe(input.notes.as_ref()).error(errors.of("notes")).full())
    }
}

fn reach_fields(cx: &Cx, input: &NewCustomer, errors: &FormErrors) -> Markup {
    html! {
        (Field::tel("phone", cx.t(T("电话", "Phone"))).maybe(input.phone.as_ref()).error(errors.of("phone")))
        (Field::email("email", cx.t(T("电子邮件", "E-mail"))).maybe(input.email.as_ref()).error(errors.of("email")))
        (Field::text("region", cx.t(T("省市", "Province or city"))).maybe(input.region.as_ref()).error(errors.of("region")))
        (Field::text("district", cx.t(T("区县", "District"))).maybe(input.district.as_ref()).error(errors.of("district")))
        (Field::text("address", cx.t(T("地址", "Address"))).maybe(input.address.as_ref()).error(errors.of("address")).wide())
        (ui::pair(
            Field::time("call_from", cx.t(T("方便接听，从", "Convenient from"))).maybe(input.call_from.as_ref()).error(errors.of("call_from")),
            Field::time("call_to", cx.t(T("到", "to"))).maybe(input.call_to.as_ref()).error(errors.of("call_to")),
        ))
    }
}

/// The customer beside a call or an order (CUST-04), which is `doc`. `own` is the caller's, right below the customer's
/// card.
pub async fn side_panel(cx: &Cx, conn: &mut Conn, id: Id, doc: Id, own: Markup) -> Result<Markup> {
    let row = store::get_customer(conn, id).await?;
    cx.authorize(&CUSTOMER_READ, &row)?;
    let classes = class::store::select_classes(conn).await?;
    let facts = [
        (cx.t(T("电话", "Phone")), secret(cx, &row, SecretField::Phone, &row.phone)),
        (cx.t(T("地址", "Address")), place(cx, &row)),
        (cx.t(T("方便时间", "Call at")), or_none(&rules::call_time(&row.call_from, &row.call_to))),
        (cx.t(T("备注", "Remarks")), or_none(&cx.mask(kit::Sens::Note, &row.notes))),
    ];
    let tags = html! {
        (ui::tag(Tone::Blue, class_label(cx, &classes, &row.class)))
        (ui::tag(Tone::Violet, cx.t(row.grade.label())))
    };
    Ok(html! {
        (ui::side_head(&cx.mask(kit::Sens::Name, &row.name), &format!("/customers/{id}"), tags, &service::doc(&row).no))
        (ui::side_card(ui::kv(&facts)))
        (own)
        @for (route, title) in PARTS {
            @if let Some(part) = part(cx, route, id, Some(doc)) { (ui::side_section(cx.t(title), part)) }
        }
    })
}
