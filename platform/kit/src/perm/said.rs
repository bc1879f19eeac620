//! What comes back of a field that may have been shown hidden (ORG-11): a form sends everything it shows, and a program
//! what it read. The shape sent back as it was means "leave it"; an altered shape is no value and is refused.

use kernel::{RuleError, T};

use super::{Sens, Show, mask};
use crate::Cx;

/// What `new` says of a field that holds `old`: nothing new, or a value to store. `show` is what its writer sees of
/// the kind: who doesn't even see that there is something can't empty it.
///
/// Error `sensitive.masked` for a shape that isn't the one of `old`.
pub fn said<'a>(
    kind: Sens,
    show: Show,
    old: &str,
    new: &'a str,
    field: &str,
) -> Result<Option<&'a str>, RuleError> {
    let text = new.trim();
    // A page that stood open while Alt+H was pressed sends what it showed before: both forms of the old value count.
    let same = text == old
        || (!old.is_empty() && text == mask(kind, old))
        || (text.is_empty() && show == Show::Absent);
    if same {
        return Ok(None);
    }
    whole(kind, text, field)?;
    Ok(Some(text))
}

/// Error `sensitive.masked` when a new value is the shape of one.
pub fn whole(kind: Sens, text: &str, field: &str) -> Result<(), RuleError> {
    let holed = match kind {
        Sens::Phone | Sens::Identity => text.contains(['*', '＊', '●']),
        _ => text.contains("***") || text.contains("●●"),
    };
    if !holed {
        return Ok(());
    }
    let words = T("请填写完整内容，或保持原样", "Enter the full text, or leave it as it was");
    Err(RuleError::new("sensitive.masked", words).field(field))
}

impl Cx {
    /// What the caller says of a field that holds `old`, for inputs in which nothing said means "leave it".
    pub fn said(
        &self,
        kind: Sens,
        field: &str,
        old: &str,
        new: Option<String>,
    ) -> Result<Option<String>, RuleError> {
        let Some(new) = new else { return Ok(None) };
        Ok(said(kind, self.shows(kind), old, &new, field)?.map(str::to_string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_means_leave_it_and_an_altered_one_is_refused() {
        let phone = |show, old, new| said(Sens::Phone, show, old, new, "phone").map_err(|error| error.code);
        for show in [Show::Full, Show::Masked, Show::Absent] {
            assert_eq!(phone(show, "13800136027", " 138****6027 "), Ok(None));
            assert_eq!(phone(show, "13800136027", "13800136027"), Ok(None));
            assert_eq!(phone(show, "13800136027", "138****9999"), Err("sensitive.masked"));
            assert_eq!(phone(show, "", "138****9999"), Err("sensitive.masked"));
            assert_eq!(phone(show, "13800136027", "13900139999"), Ok(Some("13900139999")));
        }
        assert_eq!(phone(Show::Masked, "13800136027", ""), Ok(Some("")), "emptied");
        assert_eq!(phone(Show::Absent, "13800136027", ""), Ok(None), "never seen");
        let place = |new| said(Sens::Address, Show::Masked, "太湖东路9号3栋", new, "address").is_err();
        assert!(
            place("太湖东路10号***")
                && !place("太湖东路9号***")
                && !place("太湖东路10号")
                && !place("5*6 号楼")
        );
    }
}
