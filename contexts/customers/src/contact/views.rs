//! Markup of contacts and further addresses.

use kernel::{Id, T};
use kit::{Cx, FormErrors, Sens, Show};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Form, Row, Table};

use super::model::{AddressRow, ContactRow, NewAddress, NewContact};
use crate::{
    customer::model::SecretField,
    perms::{CUSTOMER_REVEAL, CUSTOMER_WRITE},
};

/// Id of a sensitive value on the page.
pub fn anchor(item: Id, field: SecretField) -> String {
    format!("v-{item}-{}", field.as_str())
}

/// A sensitive value: masked with an eye button where the caller may reveal it. `url` answers the reveal.
pub fn secret(cx: &Cx, item: Id, field: SecretField, value: &str, url: &str) -> Markup {
    let kind = if field == SecretField::Address { Sens::Address } else { Sens::Phone };
    if value.is_empty() {
        return ui::none();
    }
    match cx.shows(kind) {
        Show::Full if field == SecretField::Phone => {
            ui::phone_number(cx.lang, &anchor(item, field), value, Some(value), None)
        }
        Show::Full => html! { (value) },
        _ => {
            let url = cx.can(&CUSTOMER_REVEAL).then_some(url);
            ui::masked(cx.lang, &anchor(item, field), &cx.mask(kind, value), url)
        }
    }
}

fn item_secret(cx: &Cx, customer: Id, item: Id, field: SecretField, value: &str) -> Markup {
    let url = format!("/customers/{customer}/items/{item}/reveal/{}", field.as_str());
    secret(cx, item, field, value, &url)
}

fn remove_button(cx: &Cx, url: &str) -> Markup {
    let label = cx.t(T("删除", "Remove"));
    let button = Btn::icon_only("trash", label)
        .ghost()
        .sm()
        .confirm(cx.t(T("确定删除？内容仍留在变更记录里。", "Remove it? Its content stays in the history.")));
    ui::post_button(url, cx.form_key(), button)
}

/// The people of a customer.
pub fn contacts_section(cx: &Cx, customer: Id, rows: &[ContactRow], open: bool) -> Markup {
    let write = open && cx.can(&CUSTOMER_WRITE);
    let heads = [T("姓名", "Name"), T("职务", "Role"), T("电话", "Phone"), T("电子邮件", "E-mail")];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let lines = rows
        .iter()
        .map(|row| {
            let remove = format!("/customers/{customer}/contacts/{}/remove", row.id);
            let cells = vec![
                html! { (cx.mask(kit::Sens::Name, &row.name)) },
                ui::or_none(Some(row.role.as_str()).filter(|role| !role.is_empty())),
                item_secret(cx, customer, row.id, SecretField::Phone, &row.phone),
                item_secret(cx, customer, row.id, SecretField::Email, &row.email),
            ];
            let line = Row::new(row.id, &row.name, cells);
            if write { line.actions(remove_button(cx, &remove)) } else { line }
        })
        .collect();
    let title = cx.t(T("联系人", "Contacts"));
    let add = write.then(|| {
        Btn::new(cx.t(T("添加", "Add")))
            .icon("plus")
            .sm()
            .modal(format!("/customers/{customer}/contacts/new"))
    });
    let hint = ui::muted(cx.t(T("还没有其他联系人", "No further contacts yet")));
    let body = if rows.is_empty() {
        hint
    } else {
        ui::small_table(&Table::new(title, cols, lines).min_width("30rem"))
    };
    ui::section(title, add.map(|b| html! { (b) }).unwrap_or_default(), body)
}

/// The further places of a customer.
pub fn addresses_section(cx: &Cx, customer: Id, rows: &[AddressRow], open: bool) -> Markup {
    let write = open && cx.can(&CUSTOMER_WRITE);
    let heads = [T("名称", "Label"), T("地区", "Region"), T("地址", "Address")];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let lines = rows
        .iter()
        .map(|row| {
            let remove = format!("/customers/{customer}/addresses/{}/remove", row.id);
            let cells = vec![
                ui::or_none(Some(row.label.as_str()).filter(|label| !label.is_empty())),
                html! { (row.region) (row.district) },
                item_secret(cx, customer, row.id, SecretField::Address, &row.address),
            ];
            let line = Row::new(row.id, &row.label, cells);
            if write { line.actions(remove_button(cx, &remove)) } else { line }
        })
        .collect();
    let title = cx.t(T("其他地址", "Further addresses"));
    let add = write.then(|| {
        Btn::new(cx.t(T("添加", "Add")))
            .icon("plus")
            .sm()
            .modal(format!("/customers/{customer}/addresses/new"))
    });
    let hint = ui::muted(cx.t(T("没有其他地址", "No further addresses")));
    let body = if rows.is_empty() {
        hint
    } else {
        ui::small_table(&Table::new(title, cols, lines).min_width("30rem"))
    };
    ui::section(title, add.map(|b| html! { (b) }).unwrap_or_default(), body)
}

/// The dialog for a new contact.
pub fn contact_form(cx: &Cx, customer: Id, input: &NewContact, errors: &FormErrors) -> Markup {
    let form = Form::post(format!("/customers/{customer}/contacts"), cx.form_key());
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::text("name", cx.t(T("姓名", "Name"))).value(&input.name).error(errors.of("name")).required().autofocus())
            (Field::text("role", cx.t(T("职务", "Role"))).maybe(input.role.as_ref()).error(errors.of("role")).placeholder(cx.t(T("如 采购、设备科", "such as buyer"))))
            (Field::tel("phone", cx.t(T("电话", "Phone"))).maybe(input.phone.as_ref()).error(errors.of("phone")))
            (Field::email("email", cx.t(T("电子邮件", "E-mail"))).maybe(input.email.as_ref()).error(errors.of("email")))
        }))
    };
    ui::modal_form(cx.lang, cx.t(T("添加联系人", "Add a contact")), form, cx.t(T("保存", "Save")), body)
}

/// The dialog for a further address.
pub fn address_form(cx: &Cx, customer: Id, input: &NewAddress, errors: &FormErrors) -> Markup {
    let form = Form::post(format!("/customers/{customer}/addresses"), cx.form_key());
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::text("label", cx.t(T("名称", "Label"))).maybe(input.label.as_ref()).error(errors.of("label")).placeholder(cx.t(T("如 家、公司", "such as home, office"))).autofocus())
            (Field::text("region", cx.t(T("省市", "Province or city"))).maybe(input.region.as_ref()).error(errors.of("region")))
            (Field::text("district", cx.t(T("区县", "District"))).maybe(input.district.as_ref()).error(errors.of("district")))
            (Field::text("address", cx.t(T("地址", "Address"))).value(&input.address).error(errors.of("address")).required().full())
        }))
    };
    ui::modal_form(cx.lang, cx.t(T("添加地址", "Add an address")), form, cx.t(T("保存", "Save")), body)
}
