//! What roles and the matrix of permissions look like.

use kernel::T;
use kit::{Cx, FormErrors, Perm, Reach, Role, Sens};
use ui::{Btn, Col, Detail, Field, Form, Markup, Row, Table, Tone, html};

use super::model::*;
use crate::ROLE_WRITE;

pub(super) const TITLE: T = T("角色与权限", "Roles");
pub(super) const NEW: T = T("新建角色", "New role");

pub(super) fn roles(cx: &Cx, roles: &[RoleBrief]) -> Markup {
    let heads = [
        T("角色", "Role"),
        T("代码", "Code"),
        T("说明", "Note"),
        T("用户数", "Accounts"),
        T("权限数", "Permissions"),
    ];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let rows = roles
        .iter()
        .map(|role| {
            let kind = if role.built_in { T("内置", "built in") } else { T("自定义", "own") };
            let cells = vec![
                html! { (ui::id_link(&format!("/roles/{}", role.id), &role.name)) " " (ui::tag_line(Tone::Neutral, cx.t(kind))) },
                ui::mono(&role.code),
                ui::or_none(Some(&role.note)),
                ui::num(role.users),
                ui::num(role.permissions),
            ];
            Row::new(role.id, &role.name, cells)
        })
        .collect();
    let actions =
        html! { @if cx.can(&ROLE_WRITE) { (Btn::link(cx.t(NEW), "/roles/new").icon("plus").primary()) } };
    ui::plain_view(cx.t(TITLE), actions, ui::small_table(&Table::new(cx.t(TITLE), cols, rows)))
}

pub(super) fn new(cx: &Cx, input: &NewRole, roles: &[RoleBrief], errors: &FormErrors) -> Markup {
    let like = roles.iter().map(|role| (role.id.to_string(), role.name.clone()));
    let form = Form::post("/roles/new", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", html! {
            (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).required().autofocus().error(errors.of("name")))
            (Field::text("code", cx.t(T("代码", "Code"))).value(&input.code).required().hint(cx.t(T("小写字母、数字、_", "Lower-case letters, digits, _"))).error(errors.of("code")))
            (Field::select("like", cx.t(T("权限复制自", "Starts like"))).options(like).blank(cx.t(T("空白", "nothing"))).maybe(input.like).error(errors.of("like")))
            (Field::text("note", cx.t(T("说明", "Note"))).maybe(input.note.as_deref()).full().error(errors.of("note")))
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/roles")))
    });
    ui::form_page(cx.lang, &[(cx.t(TITLE), Some("/roles")), (cx.t(NEW), None)], cx.t(NEW), "", form, None)
}

pub(super) fn role(cx: &Cx, role: &RoleOut, errors: &FormErrors) -> Markup {
    let open = cx.can(&ROLE_WRITE) && role.code != Role::Admin.code();
    let body = html! {
        (errors.summary(cx.lang))
        @if role.code == Role::Admin.code() {
            (ui::alert(Tone::Blue, cx.t(T("管理员角色始终拥有全部权限。", "The administrator's role always holds every permission."))))
        }
        @if open {
            (Form::post(format!("/roles/{}", role.id), cx.form_key()).body(html! {
                (ui::hidden("version", role.version))
                (ui::fieldset("", "", html! {
                    (Field::text("name", cx.t(T("名称", "Name"))).value(&role.name).required().error(errors.of("name")))
                    (Field::text("note", cx.t(T("说明", "Note"))).value(&role.note).wide().error(errors.of("note")))
                }))
                (fields(cx, role))
                (grants(cx, role, true))
                (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some("/roles")))
            }))
        } @else {
            (grants(cx, role, false))
        }
    };
    let delete = Btn::new(cx.t(T("删除角色", "Delete role"))).icon("trash").danger();
    let crumbs = [(cx.t(TITLE), Some("/roles")), (role.code.as_str(), None)];
    let detail = Detail {
        actions: html! { @if open && !role.built_in { (ui::post_button(&format!("/roles/{}/delete", role.id), cx.form_key(), delete)) } },
        ..Detail::new(&crumbs, &role.name, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn fields(cx: &Cx, role: &RoleOut) -> Markup {
    let hint = cx.t(T(
        "遮盖的内容可逐条查看，每次查看都有记录",
        "Masked values can be revealed one by one; every look is recorded",
    ));
    ui::fieldset(
        cx.t(T("敏感信息", "Sensitive data")),
        hint,
        html! {
            @for (index, kind) in Sens::ALL.iter().enumerate() {
                @let shown = role.fields.iter().find(|field| field.kind == kind.code()).map_or_else(|| super::default_shown(*kind), |field| field.shown);
                @let options = Shown::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
                (ui::hidden(&format!("fields.{index}.kind"), kind.code()))
                (Field::select(&format!("fields.{index}.shown"), cx.t(kind.label())).options(options).value(shown.as_str()))
            }
        },
    )
}

/// Permissions of one context under one heading, in order of the registry.
fn by_context(cx: &Cx) -> Vec<(&str, Vec<(usize, &'static Perm)>)> {
    let mut groups: Vec<(&str, Vec<(usize, &'static Perm)>)> = Vec::new();
    for (index, perm) in cx.app.registry.perms.iter().copied().enumerate() {
        let context = perm.key.split('.').next().unwrap_or(perm.key);
        match groups.iter_mut().find(|(known, _)| *known == context) {
            Some((_, perms)) => perms.push((index, perm)),
            None => groups.push((context, vec![(index, perm)])),
        }
    }
    groups
}

fn grants(cx: &Cx, role: &RoleOut, open: bool) -> Markup {
    let reach_of =
        |perm: &Perm| role.grants.iter().find(|grant| grant.perm == perm.key).and_then(|grant| grant.reach);
    let label = cx.t(T("范围", "Reach"));
    html! {
        @for (context, perms) in by_context(cx) {
            @let rows = perms.iter().map(|(index, perm)| {
                let reach = reach_of(perm);
                let cell = if open {
                    let options = Reach::EVERY.iter().map(|reach| (reach.code(), cx.t(reach.label())));
                    html! {
                        (ui::hidden(&format!("grants.{index}.perm"), perm.key))
                        (Field::select(&format!("grants.{index}.reach"), format!("{} {label}", cx.t(perm.label))).bare().options(options)
                            .blank(cx.t(T("—", "—"))).maybe(reach.map(Reach::code)))
                    }
                } else {
                    reach.map_or_else(ui::none, |reach| ui::tag(Tone::Blue, cx.t(reach.label())))
                };
                Row::new(perm.key, perm.key, vec![html! { (cx.t(perm.label)) }, ui::mono(perm.key), cell])
            }).collect();
            @let cols = vec![Col::new(cx.t(T("权限", "Permission"))), Col::new(cx.t(T("代码", "Key"))), Col::new(label).width("14rem")];
            (ui::section(context, html! {}, ui::small_table(&Table::new(context, cols, rows).min_width("40rem"))))
        }
    }
}
