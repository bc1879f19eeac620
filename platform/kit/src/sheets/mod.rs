//! Sheets: import from XLSX and CSV through the same rules as the pages (DESIGN §5, PLAT-09).
//!
//! Upload → map columns → dry run → background job → report; a whole batch can be taken back. Pages, API and
//! command line use the same [`service`].

mod batch;
pub mod cli;
mod engine;
mod pages;
mod rest;
pub mod service;
mod spec;
#[cfg(test)]
mod tests;
mod views;

use kernel::T;

use crate::module::{Access, Routes};

pub use batch::{Batch, BatchOut, BatchState, Report, left_by_undo};
pub(crate) use service::job;
pub(crate) use service::sees_everything;
pub use service::{check, import, preview, run_now, start, undo, upload};
pub use spec::{Applied, SheetRow, SheetSpec, changed_since};

/// Pages and API of imports. Which kinds a caller may use is decided by each sheet's permission.
pub(crate) fn add_routes(routes: Routes) -> Routes {
    use Access::SignedIn;
    routes
        .page("/import", SignedIn, pages::index)
        .page("/import/{kind}", SignedIn, pages::kind)
        .form("/import/{kind}", SignedIn, pages::upload)
        .page("/import/{kind}/template", SignedIn, pages::template)
        .page("/import/batches/{id}", SignedIn, pages::batch)
        .page("/import/batches/{id}/progress", SignedIn, pages::progress)
        .form("/import/batches/{id}/check", SignedIn, pages::check)
        .form("/import/batches/{id}/start", SignedIn, pages::start)
        .form("/import/batches/{id}/cancel", SignedIn, pages::cancel)
        .form("/import/batches/{id}/undo", SignedIn, pages::undo)
        .api_get::<Vec<rest::KindOut>, _, _>("/import-kinds", SignedIn, T("可以导入的内容和列", "What can be imported, with columns"), rest::kinds)
        .api_get::<Vec<BatchOut>, _, _>("/imports", SignedIn, T("我的导入批次", "My import batches"), rest::list)
        .api_post::<String, BatchOut, _, _>(
            "/imports/{id}",
            SignedIn,
            T(
                "导入文件：路径末段是内容代号（如 parts），正文是文件；?dry_run=true 只检查，?map=字段=列名",
                "Import a file: the last part of the path is the kind (parts), the body is the file; ?dry_run=true only checks, ?map=field=Column",
            ),
            rest::create,
        )
        .api_get::<BatchOut, _, _>("/imports/{id}", SignedIn, T("一批导入的结果和进度", "Result and progress of an import"), rest::get)
        .api_get::<Vec<u8>, _, _>("/imports/{id}/template", SignedIn, T("下载导入模板（路径中是内容代号）", "Template to fill in (the kind is in the path)"), rest::template)
        .api_post::<(), BatchOut, _, _>("/imports/{id}/cancel", SignedIn, T("中止导入", "Stop an import"), rest::cancel)
        .api_post::<(), BatchOut, _, _>("/imports/{id}/undo", SignedIn, T("撤销整批导入", "Take a whole import back"), rest::undo)
}
