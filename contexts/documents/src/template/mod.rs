//! Process templates: versions, checks, differences, dry runs (DOC-19, DOC-22).

mod dry_run;
mod form;
mod hints;
mod lists;
pub mod model;
mod pages;
mod replay;
mod rest;
mod rules;
pub mod service;
pub mod store;
mod views;

pub use lists::templates;

use kernel::T;
use kit::{Access, Routes};
use model::*;

use crate::perms::{TEMPLATE_READ, TEMPLATE_WRITE};

/// Pages and API.
pub fn routes() -> Routes {
    let (read, write) = (Access::Perm(&TEMPLATE_READ), Access::Perm(&TEMPLATE_WRITE));
    Routes::new()
        .page("/process-templates/new", write, pages::new)
        .form("/process-templates/new", write, pages::create)
        .form("/process-templates/begin", write, pages::begin)
        .page("/process-templates/{id}", read, pages::template)
        .form("/process-templates/{id}", write, pages::change)
        .form("/process-templates/{id}/activate", write, pages::activate)
        .form("/process-templates/{id}/retire", write, pages::retire)
        .page("/process-templates/{id}/dry-run", read, pages::dry_run)
        .page("/process-templates/{id}/items/{list}/{index}", write, pages::item)
        .form("/process-templates/{id}/items/{list}/{index}", write, pages::put_item)
        .api_get::<TemplateOut, _, _>(
            "/process-templates/{id}",
            read,
            T("一个模板版本", "A version of a template"),
            rest::get,
        )
        .api_get::<Vec<TemplateBrief>, _, _>(
            "/process-templates/of/{code}",
            read,
            T("一个模板的所有版本", "All versions of a template"),
            rest::versions,
        )
        .api_post::<NewTemplate, TemplateOut, _, _>(
            "/process-templates",
            write,
            T("存为新版本（草稿）", "Store a text as the next version, a draft"),
            rest::create,
        )
        .api_post::<BeginTemplate, TemplateOut, _, _>(
            "/process-templates/begin",
            write,
            T("新建一种单据（空白或复制）", "Begin a type of one's own, blank or as a copy"),
            rest::begin,
        )
        .api_put::<ChangeTemplate, TemplateOut, _, _>(
            "/process-templates/{id}",
            write,
            T("修改草稿", "Rewrite a draft"),
            rest::change,
        )
        .api_post::<CheckTemplate, Checked, _, _>(
            "/process-templates/check",
            read,
            T("检查模板文本", "Check a text without storing it"),
            rest::check,
        )
        .api_post::<Activate, TemplateOut, _, _>(
            "/process-templates/{id}/activate",
            write,
            T("启用（只影响以后开的单据）", "Let a draft count for documents opened from then on"),
            rest::activate,
        )
        .api_post::<(), TemplateOut, _, _>(
            "/process-templates/{id}/retire",
            write,
            T("停用", "Take a version out of use"),
            rest::retire,
        )
        .api_get::<Difference, _, _>(
            "/process-templates/{id}/diff/{other}",
            read,
            T("两个版本的差异", "Differences between two versions"),
            rest::diff,
        )
        .api_post::<(), DryRun, _, _>(
            "/process-templates/{id}/dry-run",
            read,
            T("用历史单据试运行", "Replay past documents under a version"),
            rest::dry_run,
        )
}
