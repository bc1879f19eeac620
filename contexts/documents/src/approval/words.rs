//! Signers as people write them in the form of a matrix: one stage a line, `岗位@角色 + 岗位@角色` for all of them,
//! `岗位 / 岗位` for any of them, `[小组]` for a committee. Who signs where nobody holds the post is the role behind `@`,
//! by code or name; the service manager unless said.

use kernel::{RuleError, T};

use super::model::{SeatRow, Signer, Stage};

/// Role that signs where nobody holds a post and nothing else is said.
const STAND_IN: &str = "manager";

/// What a signature says in the history: for which post, in whose place, and the opinion; in both languages.
pub fn said(seat: &SeatRow) -> String {
    let text = |before: &str, after: &str| {
        let instead = Some(&seat.instead_of).filter(|name| !name.is_empty());
        let instead = instead.map(|name| format!("{before}{name}{after}")).unwrap_or_default();
        format!("{}{instead} {}", seat.post, seat.opinion).trim().to_string()
    };
    T::both(&text("（代", "）"), &text(" (for ", ")"))
}

/// A post with its role as it is written.
pub fn signer_text(signer: &Signer) -> String {
    if signer.role == STAND_IN { signer.post.clone() } else { format!("{}@{}", signer.post, signer.role) }
}

/// A stage as it is written.
pub fn stage_text(stage: &Stage) -> String {
    if !stage.committee.is_empty() {
        return format!("[{}]", stage.committee);
    }
    let join = if stage.any { " / " } else { " + " };
    stage.signers.iter().map(signer_text).collect::<Vec<_>>().join(join)
}

/// Stages as they are written, one a line.
pub fn stages_text(stages: &[Stage]) -> String {
    stages.iter().map(stage_text).collect::<Vec<_>>().join("\n")
}

/// A post with its role. Errors: `approval.nobody` without a post, `approval.role` for a role that does not exist.
pub fn signer(text: &str, roles: &[(String, String)]) -> Result<Signer, RuleError> {
    let (post, role) = text.split_once(['@', '＠']).unwrap_or((text, STAND_IN));
    let (post, role) = (post.trim(), role.trim());
    if post.is_empty() {
        return Err(RuleError::new("approval.nobody", T("岗位不能为空", "A post is missing")));
    }
    let known = roles.iter().find(|(code, name)| code == role || name == role);
    let Some((code, _)) = known else {
        return Err(RuleError::new("approval.role", T("没有角色“{code}”", "There is no role \"{code}\""))
            .arg("code", role));
    };
    Ok(Signer { post: post.to_string(), role: code.clone() })
}

/// Signers, one a line. Errors: those of [`signer`].
pub fn signers(text: &str, roles: &[(String, String)]) -> Result<Vec<Signer>, RuleError> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| signer(line, roles)).collect()
}

/// Stages, one a line.
///
/// Errors: those of [`signer`]; `approval.mixed` for `+` and `/` in one line.
pub fn stages(text: &str, roles: &[(String, String)]) -> Result<Vec<Stage>, RuleError> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| stage(line, roles)).collect()
}

fn stage(line: &str, roles: &[(String, String)]) -> Result<Stage, RuleError> {
    let committee = line
        .strip_prefix(['[', '【'])
        .and_then(|rest| rest.strip_suffix([']', '】']))
        .map(|code| code.trim().to_string());
    if let Some(committee) = committee {
        return Ok(Stage { committee, ..Stage::default() });
    }
    let any = line.contains(['/', '／']);
    if any && line.contains(['+', '＋']) {
        let text = T("一行中不能同时用 + 和 /", "A line can't hold both + and /");
        return Err(RuleError::new("approval.mixed", text));
    }
    let signers =
        line.split(['+', '＋', '/', '／']).map(|part| signer(part, roles)).collect::<Result<_, _>>()?;
    Ok(Stage { signers, committee: String::new(), any })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles() -> Vec<(String, String)> {
        [("manager", "服务经理"), ("auditor", "审核员")].map(|(c, n)| (c.to_string(), n.to_string())).to_vec()
    }

    #[test]
    fn what_is_written_is_read_and_written_again() {
        let text = "售服中心主任 + 品管部经理@auditor\n售服副总 / 供应副总\n[working-group]";
        let read = stages(text, &roles()).expect("stages");
        assert_eq!(read.len(), 3);
        assert_eq!(read[0].signers[1], Signer { post: "品管部经理".into(), role: "auditor".into() });
        assert!(!read[0].any && read[1].any);
        assert_eq!(read[2].committee, "working-group");
        assert_eq!(stages_text(&read), text);
        for scheme in crate::approval::shipped::schemes() {
            for band in scheme.bands {
                assert_eq!(stages(&stages_text(&band.stages), &roles()), Ok(band.stages));
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let code = |text: &str| stages(text, &roles()).map_err(|e| e.code);
        assert_eq!(code("主任@皇帝"), Err("approval.role"));
        assert_eq!(code("主任 +"), Err("approval.nobody"));
        assert_eq!(code("a + b / c"), Err("approval.mixed"));
        assert_eq!(
            code("主任@服务经理").map(|s| s[0].signers[0].role.clone()),
            Ok("manager".into()),
            "roles by name"
        );
        assert_eq!(code("\n \n"), Ok(Vec::new()));
    }
}
