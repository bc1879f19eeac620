//! What the forms of posts look like.

use kernel::{Id, T};
use kit::{Cx, FormErrors};
use ui::{Field, Form, Markup, html};

use super::model::*;

pub(super) const NEW: T = T("新建岗位", "New post");

fn fields(
    cx: &Cx,
    name: &str,
    superior: Option<Id>,
    duties: &str,
    choices: &[(Id, String, String)],
    except: Option<Id>,
    errors: &FormErrors,
) -> Markup {
    let options = choices
        .iter()
        .filter(|(id, ..)| Some(*id) != except)
        .map(|(id, post, org)| (id.to_string(), format!("{post}（{org}）")));
    html! {
        (Field::text("name", cx.t(T("岗位名称", "Name"))).value(name).required().wide().autofocus().error(errors.of("name")))
        (Field::select("superior_id", cx.t(T("上级岗位", "Superior"))).options(options).blank(cx.t(T("无", "none"))).maybe(superior).wide().error(errors.of("superior_id")))
        (Field::area("duties", cx.t(T("岗位职责", "Duties")), 4).value(duties).full().error(errors.of("duties")))
    }
}

pub(super) fn new(cx: &Cx, input: &NewPost, choices: &[(Id, String, String)], errors: &FormErrors) -> Markup {
    let back = format!("/orgs/tree/{}", input.org_id);
    let form = Form::post("/posts/new", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::hidden("org_id", input.org_id))
        (ui::fieldset("", "", fields(cx, &input.name, input.superior_id, input.duties.as_deref().unwrap_or_default(), choices, None, errors)))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&back)))
    });
    let crumbs = [(cx.t(T("组织架构", "Organisation chart")), Some("/orgs/tree")), (cx.t(NEW), None)];
    ui::form_page(cx.lang, &crumbs, cx.t(NEW), "", form, None)
}

pub(super) fn edit(cx: &Cx, post: &PostOut, choices: &[(Id, String, String)], errors: &FormErrors) -> Markup {
    let back = format!("/orgs/tree/{}", post.org_id);
    let form = Form::post(format!("/posts/{}", post.id), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::hidden("version", post.version))
        (ui::fieldset("", "", html! {
            (fields(cx, &post.name, post.superior_id, &post.duties, choices, Some(post.id), errors))
            (Field::switch("active", cx.t(T("启用", "Open"))).checked(post.active))
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&back)))
    });
    let crumbs =
        [(cx.t(T("组织架构", "Organisation chart")), Some("/orgs/tree")), (post.name.as_str(), None)];
    ui::form_page(cx.lang, &crumbs, &post.name, "", form, None)
}
