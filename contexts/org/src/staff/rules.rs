//! Rules of staff files, without database.

use kernel::{Id, Problems, RuleError, T};

use super::model::{ChangeStaff, GENDERS, NewStaff, Skills, StaffRow};

fn email_ok(email: &str) -> bool {
    email.is_empty()
        || (email.chars().count() <= 120
            && !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
            && email
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@')))
}

/// Refuses an e-mail address that no mail can be sent to.
pub(crate) fn check_email(email: &str) -> Result<(), RuleError> {
    if email_ok(email) {
        return Ok(());
    }
    Err(RuleError::new("org.email", T("邮箱地址不正确", "This is not an e-mail address")).field("email"))
}

fn check(staff: &StaffRow) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check((1..=40).contains(&staff.name.chars().count()), || {
        RuleError::new(
            "org.staff_name",
            T("请填写姓名，最多 40 字", "A name of up to 40 characters is needed"),
        )
        .field("name")
    });
    problems.check((1..=20).contains(&staff.no.chars().count()), || {
        RuleError::new(
            "org.staff_no",
            T("请填写工号，最多 20 字", "An employee number of up to 20 characters is needed"),
        )
        .field("no")
    });
    problems.check((1..=5).contains(&staff.grade), || {
        RuleError::new("org.grade", T("技术等级为 1 至 5", "The grade is 1 to 5")).field("grade")
    });
    problems.check(
        staff.skills.0.len() <= 40 && staff.skills.0.iter().all(|skill| skill.chars().count() <= 40),
        || {
            RuleError::new(
                "org.skills",
                T("最多 40 项技能，每项 40 字", "At most 40 skills of 40 characters"),
            )
            .field("skills")
        },
    );
    problems.take(check_email(&staff.email));
    for (field, text) in [("phone", &staff.phone), ("team", &staff.team)] {
        problems.check(text.chars().count() <= 40, || {
            RuleError::new("org.too_long", T("最多 {most} 字", "At most {most} characters"))
                .arg("most", 40)
                .field(field)
        });
    }
    let known = staff.gender.is_empty() || GENDERS.iter().any(|(code, _)| *code == staff.gender);
    problems.check(known, || {
        RuleError::new("org.gender", T("请选择性别", "Choose female or male")).field("gender")
    });
    problems.check(staff.education.chars().count() <= 40, || {
        RuleError::new("org.too_long", T("最多 {most} 字", "At most {most} characters"))
            .arg("most", 40)
            .field("education")
    });
    problems.check(id_no_ok(&staff.id_no), || {
        RuleError::new(
            "org.id_no",
            T(
                "证件号码不正确：应为 6 至 20 位字母或数字，18 位身份证号会核对校验码",
                "This is not a number of a paper: 6 to 20 letters or digits; 18-digit identity numbers are checked",
            ),
        )
        .field("id_no")
    });
    problems.finish()
}

/// Passports have many forms; a resident identity number of 18 places ends with a check digit (GB 11643).
fn id_no_ok(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    if chars.is_empty() {
        return true;
    }
    if !(6..=20).contains(&chars.len()) || !chars.iter().all(char::is_ascii_alphanumeric) {
        return false;
    }
    let digits: Vec<u32> = chars.iter().take(17).filter_map(|c| c.to_digit(10)).collect();
    if chars.len() != 18 || digits.len() != 17 {
        return true;
    }
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    "10X98765432".chars().nth((sum % 11) as usize) == chars.last().map(char::to_ascii_uppercase)
}

/// A new staff file; `spare_no` is used when no number is given.
pub(super) fn new_staff(id: Id, input: &NewStaff, spare_no: String) -> Result<StaffRow, Problems> {
    let text = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_string();
    let no = text(&input.no);
    let staff = StaffRow {
        id,
        version: 1,
        no: if no.is_empty() { spare_no } else { no },
        name: input.name.trim().to_string(),
        org_id: input.org_id,
        post_id: input.post_id,
        team: text(&input.team),
        grade: input.grade.unwrap_or(1),
        skills: Skills::parse(&input.skills),
        engineer: input.engineer,
        phone: text(&input.phone),
        email: text(&input.email),
        hired_on: input.hired_on,
        gender: text(&input.gender),
        born_on: input.born_on,
        id_no: text(&input.id_no).to_uppercase(),
        education: text(&input.education),
        contract_until: input.contract_until,
        active: true,
    };
    check(&staff)?;
    Ok(staff)
}

/// The staff file with what the input changes.
pub(super) fn change_staff(old: &StaffRow, input: &ChangeStaff) -> Result<StaffRow, Problems> {
    let text = |new: &Option<String>, old: &String| {
        new.as_ref().map_or_else(|| old.clone(), |text| text.trim().to_string())
    };
    let staff = StaffRow {
        no: text(&input.no, &old.no),
        name: text(&input.name, &old.name),
        org_id: input.org_id.unwrap_or(old.org_id),
        post_id: if input.no_post { None } else { input.post_id.or(old.post_id) },
        team: text(&input.team, &old.team),
        grade: input.grade.unwrap_or(old.grade),
        skills: input.skills.as_ref().map_or_else(|| old.skills.clone(), |words| Skills::parse(words)),
        engineer: input.engineer.unwrap_or(old.engineer),
        phone: text(&input.phone, &old.phone),
        email: text(&input.email, &old.email),
        hired_on: input.hired_on.or(old.hired_on),
        gender: text(&input.gender, &old.gender),
        born_on: input.born_on.or(old.born_on),
        id_no: text(&input.id_no, &old.id_no).to_uppercase(),
        education: text(&input.education, &old.education),
        contract_until: input.contract_until.or(old.contract_until),
        active: input.active.unwrap_or(old.active),
        ..old.clone()
    };
    check(&staff)?;
    Ok(staff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(name: &str) -> NewStaff {
        NewStaff { name: name.into(), ..NewStaff::default() }
    }

    fn codes(result: Result<StaffRow, Problems>) -> Vec<&'static str> {
        result
            .err()
            .map(|problems| problems.0.iter().map(|problem| problem.code).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_new_file_has_sensible_defaults() {
        let staff = new_staff(Id::NIL, &new(" 王五 "), "E-1".into()).expect("good");
        assert_eq!(
            (staff.name.as_str(), staff.no.as_str(), staff.grade, staff.active),
            ("王五", "E-1", 1, true)
        );
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let input = NewStaff { grade: Some(6), email: Some("nobody".into()), ..new(" ") };
        assert_eq!(
            codes(new_staff(Id::NIL, &input, "E-1".into())),
            ["org.staff_name", "org.grade", "org.email"]
        );
    }

    #[test]
    fn skills_are_split_on_commas_of_both_scripts_and_not_repeated() {
        for (typed, expected) in [
            (vec!["空调，冰箱,洗衣机 空调"], vec!["空调", "冰箱", "洗衣机"]),
            (vec!["a", "b、c"], vec!["a", "b", "c"]),
            (vec!["", " "], vec![]),
        ] {
            let typed: Vec<String> = typed.into_iter().map(str::to_string).collect();
            assert_eq!(Skills::parse(&typed).0, expected, "{typed:?}");
        }
    }

    #[test]
    fn only_addresses_mail_can_be_sent_to_are_taken() {
        for (email, good) in [
            ("", true),
            ("wang@example.cn", true),
            ("wang", false),
            ("@example.cn", false),
            ("a@b", false),
            ("a@b.cn, c@d.cn", false),
            ("a b@c.cn", false),
            ("a@b.cn\r\nbcc: x@y.cn", false),
        ] {
            assert_eq!(check_email(email).is_ok(), good, "{email:?}");
        }
    }

    #[test]
    fn numbers_of_papers_are_checked_where_they_can_be() {
        for (text, good) in [
            ("", true),
            ("11010519491231002X", true),
            ("11010519491231002x", true),
            ("110105194912310021", false),
            ("E12345678", true),
            ("12345", false),
            ("1101051949123100 X", false),
            ("身份证号码不是", false),
        ] {
            assert_eq!(id_no_ok(text), good, "{text}");
        }
    }

    #[test]
    fn absent_fields_stay_and_a_post_can_be_left() {
        let old = StaffRow {
            post_id: Some(Id::NIL),
            ..new_staff(Id::NIL, &new("王五"), "E-1".into()).expect("good")
        };
        let same = change_staff(&old, &ChangeStaff::default()).expect("good");
        assert_eq!(same.post_id, old.post_id);
        let left =
            change_staff(&old, &ChangeStaff { no_post: true, ..ChangeStaff::default() }).expect("good");
        assert_eq!(left.post_id, None);
    }
}
