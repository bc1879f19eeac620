//! Checking whom a template names: roles, posts, people, parties.

use kernel::{RuleError, T};

use crate::{
    access::{Who, find, who},
    check::{Checker, fault, no_field, no_role},
    read::At,
    template::*,
};

impl Checker<'_> {
    pub(crate) fn people(&mut self, list: &[String], here: impl Fn() -> At) {
        for text in list {
            let error = match who(text) {
                Some(Who::Role(code)) => (!self.known.roles.iter().any(|r| r == code)).then(|| no_role(code)),
                Some(Who::RoleAt(code, field)) => self.role_at(code, field),
                Some(Who::Party(key)) => self.t.party(key).is_none_or(<[String]>::is_empty).then(|| {
                    fault("process.no_party", T("没有参与方“{key}”", "There is no party \"{key}\""))
                        .arg("key", key)
                }),
                Some(Who::Post(key)) => find(&self.t.posts, key).is_none().then(|| {
                    fault(
                        "process.no_post",
                        T(
                            "没有岗位“{key}”，请在 posts 中声明",
                            "There is no post \"{key}\": declare it under posts",
                        ),
                    )
                    .arg("key", key)
                }),
                Some(Who::Person(field)) => {
                    (self.t.field(field).map(|f| f.kind) != Some(FieldType::Person)).then(|| no_field(field))
                }
                Some(Who::Creator) => None,
                None => Some(
                    fault(
                        "process.who",
                        T(
                            "“{who}”应写成 role:角色、role:角色@字段、post:岗位、person:字段、party:参与方 或 creator",
                            "Write \"{who}\" as role:CODE, role:CODE@FIELD, post:KEY, person:FIELD, party:PARTY or creator",
                        ),
                    )
                    .arg("who", text),
                ),
            };
            if let Some(error) = error {
                self.add(here(), error);
            }
        }
    }

    fn role_at(&self, code: &str, field: &str) -> Option<RuleError> {
        if !self.known.roles.iter().any(|r| r == code) {
            return Some(no_role(code));
        }
        if self.t.field(field).map(|f| f.kind) != Some(FieldType::Org) {
            return Some(no_field(field));
        }
        // Lists know its readers by name, post and role alone.
        (!self.t.reads.is_empty()).then(|| {
            let text = T(
                "保密单据不能按字段中的组织指定角色",
                "A confidential kind can't name a role of the organisation in a field",
            );
            fault("process.reads_at", text)
        })
    }
}
