//! Pure rules of contacts and further addresses.

use kernel::{Id, Problems, RuleError, T, Ts};
use kit::{Sens, perm::whole};

use super::model::{AddressRow, ContactRow, NewAddress, NewContact};
use crate::customer::{
    model::CustomerRow,
    rules::{check_email, check_name, check_phone, check_text},
};

/// A new contact of a customer. Errors of all fields at once.
pub fn contact(input: &NewContact, file: &CustomerRow, id: Id, now: Ts) -> Result<ContactRow, Problems> {
    let mut problems = Problems::new();
    let name = problems.take(check_name(&input.name)).unwrap_or_default();
    let role = problems.take(check_text(text(&input.role), 40, "role")).unwrap_or_default();
    let phone = problems.take(check_phone(text(&input.phone), "phone")).unwrap_or_default();
    let email = problems.take(check_email(text(&input.email), "email")).unwrap_or_default();
    problems.take(whole(Sens::Phone, text(&input.phone), "phone"));
    problems.take(whole(Sens::Phone, text(&input.email), "email"));
    problems.finish()?;
    Ok(ContactRow {
        id,
        customer_id: file.id,
        org_id: file.org_id,
        name,
        role,
        phone,
        email,
        created_at: now,
    })
}

/// A further address of a customer. Errors of all fields at once; `customers.address` when it is empty.
pub fn address(input: &NewAddress, file: &CustomerRow, id: Id, now: Ts) -> Result<AddressRow, Problems> {
    let mut problems = Problems::new();
    let label = problems.take(check_text(text(&input.label), 40, "label")).unwrap_or_default();
    let region = problems.take(check_text(text(&input.region), 60, "region")).unwrap_or_default();
    let district = problems.take(check_text(text(&input.district), 60, "district")).unwrap_or_default();
    let address = problems.take(check_text(&input.address, 200, "address")).unwrap_or_default();
    problems.check(!input.address.trim().is_empty(), || {
        RuleError::new("customers.address", T("请填写地址", "Enter the address")).field("address")
    });
    problems.finish()?;
    Ok(AddressRow {
        id,
        customer_id: file.id,
        org_id: file.org_id,
        label,
        region,
        district,
        address,
        created_at: now,
    })
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}
