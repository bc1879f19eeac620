//! Pure rules of a customer file.

use kernel::{Id, Problems, RuleError, T, Ts, fold};
use kit::{Sens, Show};

use super::model::{CustomerRow, FileState, Grade, NewCustomer, Standing};

/// What is decided elsewhere when a file is opened: its identity, its owner, the time.
pub struct Opening {
    /// New id.
    pub id: Id,
    /// Owning organisation.
    pub org: Id,
    /// Default custodian.
    pub staff: Option<Id>,
    /// User account that opens it.
    pub user: Option<Id>,
    /// Now.
    pub now: Ts,
}

/// A text by which equal names and addresses are found: folded, without blanks and punctuation.
pub fn text_key(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A text as it is kept: trimmed, without control characters (a database need not take them, nobody sees them).
pub fn clean(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    visible.trim().to_string()
}

/// The name, cleaned. Error `customers.name` unless 1 to 100 characters.
pub fn check_name(name: &str) -> Result<String, RuleError> {
    let name = clean(name);
    if (1..=100).contains(&name.chars().count()) {
        return Ok(name);
    }
    Err(RuleError::new(
        "customers.name",
        T("请填写名称，最多 100 字", "Enter a name of up to 100 characters"),
    )
    .field("name"))
}

/// The telephone number, trimmed; empty is allowed. Error `customers.phone` unless it has 5 to 15 digits among
/// blanks, `+`, `-`, brackets and an extension.
pub fn check_phone(phone: &str, field: &str) -> Result<String, RuleError> {
    let phone = phone.trim();
    let written = phone.chars().all(|c| c.is_ascii_digit() || " +-()（）转x#".contains(c));
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if phone.is_empty() || (written && (5..=20).contains(&digits)) {
        return Ok(phone.to_string());
    }
    Err(RuleError::new("customers.phone", T("电话号码不正确", "This is not a telephone number")).field(field))
}

/// The e-mail address, cleaned; empty is allowed. Error `customers.email`.
pub fn check_email(email: &str, field: &str) -> Result<String, RuleError> {
    let email = clean(email);
    let shaped = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    if email.is_empty() || (shaped && !email.contains([' ', '*']) && email.len() <= 200) {
        return Ok(email);
    }
    Err(RuleError::new("customers.email", T("电子邮件地址不正确", "This is not an e-mail address"))
        .field(field))
}

/// Free text, cleaned. Error `customers.text` when longer than `max` characters or when it is a masked value
/// that was edited.
pub fn check_text(text: &str, max: usize, field: &str) -> Result<String, RuleError> {
    let text = clean(text);
    if text.contains("***") {
        return Err(RuleError::new(
            "customers.masked",
            T("请填写完整内容，或保持原样", "Enter the full text, or leave it as it was"),
        )
        .field(field));
    }
    if text.chars().count() <= max {
        return Ok(text);
    }
    Err(RuleError::new("customers.text", T("最多 {max} 字", "At most {max} characters"))
        .arg("max", max)
        .field(field))
}

fn check_clock(text: &str, field: &str) -> Result<String, RuleError> {
    let bad =
        || RuleError::new("customers.clock", T("时间应写成 09:00", "Write the time as 09:00")).field(field);
    // A Chinese keyboard writes a colon of its own, and full-width digits.
    let text = fold(text);
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let (hour, minute) = text.split_once(':').ok_or_else(bad)?;
    let (hour, minute): (u8, u8) =
        (hour.parse().map_err(|_| bad())?, minute.get(..2).unwrap_or("").parse().map_err(|_| bad())?);
    if hour > 23 || minute > 59 {
        return Err(bad());
    }
    Ok(format!("{hour:02}:{minute:02}"))
}

/// The convenient time for calls (CUST-13): both ends or none, the end after the start.
/// Errors `customers.clock`, `customers.call_time`.
pub fn check_call_time(from: &str, to: &str) -> Result<(String, String), RuleError> {
    let (from, to) = (check_clock(from, "call_from")?, check_clock(to, "call_to")?);
    if from.is_empty() != to.is_empty() || (!from.is_empty() && from >= to) {
        let text = T(
            "方便接听的时间应有起止，且止晚于起",
            "Give both ends of the convenient time, the end after the start",
        );
        return Err(RuleError::new("customers.call_time", text).field("call_to"));
    }
    Ok((from, to))
}

/// Fields that a file must have before it counts as complete (CUST-05), in the order of the form.
pub fn missing(row: &CustomerRow) -> Vec<&'static str> {
    let mandatory = [("phone", &row.phone), ("region", &row.region), ("address", &row.address)];
    mandatory.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| *name).collect()
}

/// A new file. Errors of all fields at once; see the `check_` rules.
pub fn open(input: &NewCustomer, opening: Opening) -> Result<CustomerRow, Problems> {
    let empty = CustomerRow {
        id: opening.id,
        version: 1,
        // Given last of all, so that a refused file costs no number.
        no: String::new(),
        org_id: opening.org,
        name: String::new(),
        class: "direct".into(),
        grade: Grade::C,
        standing: Standing::Existing,
        member: false,
        phone: String::new(),
        email: String::new(),
        region: String::new(),
        district: String::new(),
        address: String::new(),
        call_from: String::new(),
        call_to: String::new(),
        custodian_id: opening.staff,
        notes: String::new(),
        complete: false,
        state: FileState::Active,
        merged_into: None,
        created_by: opening.user,
        created_at: opening.now,
        updated_at: opening.now,
    };
    let version = empty.version;
    change(&empty, input, &|_| Show::Full, opening.now).map(|row| CustomerRow { version, ..row })
}

type Check = fn(&str, &str) -> Result<String, RuleError>;

fn check_address(text: &str, field: &str) -> Result<String, RuleError> {
    check_text(text, 200, field)
}

/// The file after a change: the input replaces the content; what was sent back masked stays. `shows` says what of a
/// kind of field its writer sees.
///
/// Errors of all fields at once; whether it may be changed at all says [`check_changeable`].
pub fn change(
    old: &CustomerRow,
    input: &NewCustomer,
    shows: &dyn Fn(Sens) -> Show,
    now: Ts,
) -> Result<CustomerRow, Problems> {
    let mut problems = Problems::new();
    let name = problems.take(check_name(&input.name)).unwrap_or_default();
    let mut secret = |kind: Sens, field: &str, old: &String, new: &Option<String>, check: Check| {
        let new = new.as_deref().unwrap_or_default();
        let said = kit::perm::said(kind, shows(kind), old, new, field);
        let kept = said.and_then(|said| said.map_or_else(|| Ok(old.clone()), |new| check(new, field)));
        problems.take(kept).unwrap_or_default()
    };
    let phone = secret(Sens::Phone, "phone", &old.phone, &input.phone, check_phone);
    let email = secret(Sens::Phone, "email", &old.email, &input.email, check_email);
    let address = secret(Sens::Address, "address", &old.address, &input.address, check_address);
    let mut text = |value: &Option<String>, max, field| {
        problems.take(check_text(value.as_deref().unwrap_or_default(), max, field)).unwrap_or_default()
    };
    let (region, district, notes) = (
        text(&input.region, 60, "region"),
        text(&input.district, 60, "district"),
        text(&input.notes, 2000, "notes"),
    );
    let (from, to) =
        (input.call_from.as_deref().unwrap_or_default(), input.call_to.as_deref().unwrap_or_default());
    let (call_from, call_to) = problems.take(check_call_time(from, to)).unwrap_or_default();
    problems.finish()?;
    let mut row = CustomerRow {
        version: old.version + 1,
        name,
        class: input.class.clone().filter(|c| !c.is_empty()).unwrap_or_else(|| old.class.clone()),
        grade: input.grade.unwrap_or(old.grade),
        standing: input.standing.unwrap_or(old.standing),
        member: input.member,
        phone,
        email,
        region,
        district,
        address,
        call_from,
        call_to,
        custodian_id: input.custodian_id.or(old.custodian_id),
        notes,
        updated_at: now,
        ..old.clone()
    };
    row.complete = missing(&row).is_empty();
    Ok(row)
}

/// Errors, all conflicts: `customers.closed` for archived and merged files, `customers.stale` when the change is
/// based on another version.
pub fn check_changeable(old: &CustomerRow, based_on: Option<i64>) -> Result<(), RuleError> {
    check_open(old)?;
    if based_on.is_none_or(|version| version == old.version) { Ok(()) } else { Err(stale()) }
}

/// Error `customers.closed` unless the file is active.
pub fn check_open(row: &CustomerRow) -> Result<(), RuleError> {
    if row.state == FileState::Active {
        return Ok(());
    }
    Err(RuleError::new(
        "customers.closed",
        T("档案已归档或合并，不能修改", "The file is archived or merged and can't be changed"),
    ))
}

/// Somebody else changed the file in between.
pub fn stale() -> RuleError {
    RuleError::new(
        "customers.stale",
        T("档案已被他人修改，请刷新后再试", "Somebody changed this file; reload and try again"),
    )
}

/// `09:00–18:00`, or empty.
pub fn call_time(from: &str, to: &str) -> String {
    if from.is_empty() { String::new() } else { format!("{from}–{to}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening() -> Opening {
        Opening { id: Id::NIL, org: Id::NIL, staff: None, user: None, now: Ts(5) }
    }

    fn input() -> NewCustomer {
        NewCustomer {
            name: " 苏州恒达 ".into(),
            phone: Some("13800136027".into()),
            region: Some("苏州市".into()),
            address: Some("苏州市吴中区太湖东路9号".into()),
            ..NewCustomer::default()
        }
    }

    #[test]
    fn equal_names_have_one_key() {
        assert_eq!(text_key("蘇州恒達（电器）有限公司"), text_key("苏州恒达(电器) 有限公司"));
        assert_ne!(text_key("苏州恒达"), text_key("苏州恒大"));
    }

    #[test]
    fn control_characters_are_dropped() {
        assert_eq!(check_name("\u{0}恒\u{7}达 \r\n").as_deref(), Ok("恒达"));
        assert_eq!(check_text(" a\nb\u{0}", 9, "notes").as_deref(), Ok("a\nb"));
    }

    #[test]
    fn phones_are_checked() {
        for good in ["", "13800138000", "0512-6601110 转 12", "+86 138 0013 8000", "(0512)6601110", "12345"]
        {
            assert!(check_phone(good, "phone").is_ok(), "{good}");
        }
        for bad in ["138****6027", "abc", "1234", "138001380001380013800138"] {
            assert!(check_phone(bad, "phone").is_err(), "{bad}");
        }
    }

    #[test]
    fn convenient_time_needs_both_ends_in_order() {
        assert_eq!(check_call_time("9:00", "18:30").map(|t| call_time(&t.0, &t.1)), Ok("09:00–18:30".into()));
        assert_eq!(
            check_call_time("９：00", "18：30"),
            check_call_time("9:00", "18:30"),
            "a Chinese keyboard"
        );
        assert_eq!(check_call_time("", ""), Ok((String::new(), String::new())));
        for (from, to) in
            [("09:00", ""), ("18:00", "09:00"), ("25:00", "26:00"), ("x", "y"), ("09:00", "09:00")]
        {
            assert!(check_call_time(from, to).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn a_new_file_is_complete_when_nothing_mandatory_is_missing() {
        let row = open(&input(), opening()).expect("valid");
        assert!(row.complete && row.version == 1 && row.name == "苏州恒达");
        let row = open(&NewCustomer { address: None, ..input() }, opening()).expect("valid");
        assert_eq!((row.complete, missing(&row)), (false, vec!["address"]));
    }

    #[test]
    fn all_broken_fields_are_reported_together() {
        let broken =
            NewCustomer { phone: Some("x".into()), call_from: Some("9".into()), ..NewCustomer::default() };
        let problems = open(&broken, opening()).expect_err("refused");
        let fields: Vec<_> = problems.0.iter().filter_map(|p| p.field.clone()).collect();
        assert_eq!(fields, ["name", "phone", "call_from"]);
    }

    #[test]
    fn a_masked_value_sent_back_keeps_what_is_stored() {
        let (old, seen) = (open(&input(), opening()).expect("valid"), |_| Show::Masked);
        let back = NewCustomer {
            phone: Some("138****6027".into()),
            address: Some("苏州市吴中区***".into()),
            ..input()
        };
        let new = change(&old, &back, &seen, Ts(9)).expect("kept");
        assert_eq!((new.phone, new.address), (old.phone.clone(), old.address.clone()));
        let edited = NewCustomer { address: Some("苏州市吴中区***10号".into()), ..input() };
        assert!(change(&old, &edited, &seen, Ts(9)).is_err());
        let emptied = NewCustomer { phone: None, ..input() };
        let unseen = change(&old, &emptied, &|_| Show::Absent, Ts(9)).expect("kept");
        assert_eq!(unseen.phone, old.phone, "who does not see a field does not empty it");
        let cleared = change(&old, &emptied, &seen, Ts(9)).expect("cleared");
        assert!(cleared.phone.is_empty() && !cleared.complete);
    }

    proptest::proptest! {
        #[test]
        fn keys_do_not_change_when_made_again(text in ".{0,40}") {
            proptest::prop_assert_eq!(text_key(&text_key(&text)), text_key(&text));
        }

        #[test]
        fn whatever_is_typed_is_refused_or_stored_as_typed(name in ".{0,120}", phone in ".{0,25}", notes in ".{0,60}") {
            let typed = NewCustomer { name: name.clone(), phone: Some(phone.clone()), notes: Some(notes), ..NewCustomer::default() };
            if let Ok(row) = open(&typed, opening()) {
                proptest::prop_assert_eq!((row.name.clone(), row.phone.as_str()), (clean(&name), phone.trim()));
                let same = change(&row, &typed, &|_| Show::Full, Ts(9)).expect("what was taken once is taken again");
                proptest::prop_assert_eq!(same, CustomerRow { version: 2, updated_at: Ts(9), ..row });
            }
        }
    }

    #[test]
    fn stale_and_closed_files_are_not_changed() {
        let old = open(&input(), opening()).expect("valid");
        let code = |row: &CustomerRow, version| check_changeable(row, version).err().map(|e| e.code);
        assert_eq!(
            (code(&old, None), code(&old, Some(1)), code(&old, Some(7))),
            (None, None, Some("customers.stale"))
        );
        let closed = CustomerRow { state: FileState::Archived, ..old };
        assert_eq!(code(&closed, None), Some("customers.closed"));
    }
}
