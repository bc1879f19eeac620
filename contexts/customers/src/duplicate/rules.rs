//! Pure rules: how alike two files are, and what becomes of two that are one customer.

use kernel::{RuleError, T, Ts, phone_key};

use crate::customer::{
    model::{CustomerRow, FileState},
    rules::{check_open, missing, text_key},
};

/// Points for an equal phone number, name, and address. Phone and name together are certain; one of the two is
/// worth a look; an address alone (a house with many flats) is not.
const POINTS: [(&str, i64); 3] = [("phone", 55), ("name", 45), ("address", 30)];

/// How alike two files are: 0 to 100, and in what.
pub fn score(a: &CustomerRow, b: &CustomerRow) -> (i64, Vec<&'static str>) {
    let place = |row: &CustomerRow| text_key(&format!("{}{}{}", row.region, row.district, row.address));
    let same = |what: &str| match what {
        "phone" => !phone_key(&a.phone).is_empty() && phone_key(&a.phone) == phone_key(&b.phone),
        "name" => text_key(&a.name) == text_key(&b.name),
        _ => !a.address.is_empty() && !b.address.is_empty() && place(a) == place(b),
    };
    let alike: Vec<_> = POINTS.iter().filter(|(what, _)| same(what)).collect();
    (
        alike.iter().map(|(_, points)| points).sum::<i64>().min(100),
        alike.iter().map(|(what, _)| *what).collect(),
    )
}

/// What a merge makes of two files.
pub struct Merged {
    /// The file that stays, its gaps filled from the other one.
    pub into: CustomerRow,
    /// The file that goes; it leads to the other one from now on.
    pub from: CustomerRow,
    /// The other one's phone differs: it is kept as a contact.
    pub keep_phone: bool,
    /// The other one's address differs: it is kept as a further address.
    pub keep_address: bool,
}

/// Merges `from` into `into`: filled fields of `into` stay, its empty ones are filled, nothing of `from` is lost.
///
/// Errors: `customers.merge_self`; `customers.closed` when either is archived or merged.
pub fn merge(into: &CustomerRow, from: &CustomerRow, now: Ts) -> Result<Merged, RuleError> {
    if into.id == from.id {
        return Err(RuleError::new("customers.merge_self", T("请选择另一份档案", "Choose another file"))
            .field("from"));
    }
    check_open(into)?;
    check_open(from)?;
    let filled = |a: &String, b: &String| if a.is_empty() { b.clone() } else { a.clone() };
    let differs = |a: &str, b: &str| !b.is_empty() && !a.is_empty() && a != b;
    let notes = [into.notes.as_str(), from.notes.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    // Region, district and address belong together: half of one and half of the other would be a third place.
    let place = if into.address.is_empty() { from } else { into };
    let mut kept = CustomerRow {
        version: into.version + 1,
        member: into.member || from.member,
        grade: into.grade.min(from.grade),
        phone: filled(&into.phone, &from.phone),
        email: filled(&into.email, &from.email),
        region: place.region.clone(),
        district: place.district.clone(),
        address: place.address.clone(),
        call_from: if into.call_from.is_empty() { from.call_from.clone() } else { into.call_from.clone() },
        call_to: if into.call_from.is_empty() { from.call_to.clone() } else { into.call_to.clone() },
        custodian_id: into.custodian_id.or(from.custodian_id),
        notes,
        updated_at: now,
        ..into.clone()
    };
    kept.complete = missing(&kept).is_empty();
    let gone = CustomerRow {
        state: FileState::Merged,
        merged_into: Some(into.id),
        version: from.version + 1,
        updated_at: now,
        ..from.clone()
    };
    Ok(Merged {
        keep_phone: differs(&phone_key(&into.phone), &phone_key(&from.phone))
            || differs(&into.email, &from.email),
        keep_address: differs(&text_key(&into.address), &text_key(&from.address)),
        into: kept,
        from: gone,
    })
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;
    use crate::customer::{
        model::NewCustomer,
        rules::{Opening, open},
    };

    fn file(n: u8, name: &str, phone: &str, address: &str) -> CustomerRow {
        let id: Id = format!("018f0000-0000-7000-8000-0000000000{n:02}").parse().expect("an id");
        let opening = Opening { id, org: Id::NIL, staff: None, user: None, now: Ts(1) };
        let input = NewCustomer {
            name: name.into(),
            phone: Some(phone.into()),
            address: Some(address.into()),
            ..NewCustomer::default()
        };
        open(&input, opening).expect("valid")
    }

    #[test]
    fn likeness_adds_up_over_folded_values() {
        let a = file(1, "蘇州恒達", "+86 138 0013 8000", "太湖东路9号");
        let cases = [
            (file(2, "苏州恒达", "13800138000", "太湖东路 9号"), 100, vec!["phone", "name", "address"]),
            (file(3, "苏州恒达", "13900139000", ""), 45, vec!["name"]),
            (file(4, "张三", "13800138000", ""), 55, vec!["phone"]),
            (file(5, "张三", "", ""), 0, vec![]),
        ];
        for (b, points, alike) in cases {
            assert_eq!(score(&a, &b), (points, alike), "{}", b.no);
        }
    }

    #[test]
    fn empty_values_are_never_alike() {
        assert_eq!(score(&file(1, "甲", "", ""), &file(2, "乙", "", "")), (0, vec![]));
    }

    proptest::proptest! {
        #[test]
        fn likeness_is_mutual_and_between_0_and_100(a in "[甲乙]{1,2}", b in "[甲乙]{1,2}", p in "1380000000[0-2]", q in "1380000000[0-2]", place in "[东西]?") {
            let (a, b) = (file(1, &a, &p, &place), file(2, &b, &q, "东"));
            let (one, other) = (score(&a, &b), score(&b, &a));
            proptest::prop_assert!(one == other && (0..=100).contains(&one.0));
            proptest::prop_assert!(score(&a, &a).0 >= one.0);
        }
    }

    #[test]
    fn a_merge_loses_nothing() {
        let into = file(1, "苏州恒达", "13800138000", "");
        let from = file(2, "恒达", "13900139000", "太湖东路9号");
        let merged = merge(&into, &from, Ts(9)).expect("merged");
        assert_eq!(
            (merged.into.phone.as_str(), merged.into.address.as_str()),
            ("13800138000", "太湖东路9号")
        );
        assert!(merged.keep_phone && !merged.keep_address);
        assert_eq!((merged.from.state, merged.from.merged_into), (FileState::Merged, Some(into.id)));
        assert!(merge(&into, &into, Ts(9)).is_err());
        assert!(merge(&into, &merged.from, Ts(9)).is_err());
    }
}
