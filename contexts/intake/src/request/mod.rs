//! Requests: from the first word to the recorded answer (CALL-01…36).

pub mod clocks;
mod entry;
pub mod input;
pub mod lists;
pub mod model;
mod ordering;
mod pages;
mod register;
mod rest;
pub mod rules;
#[cfg(test)]
mod rules_tests;
pub mod service;
pub mod store;
pub(crate) mod views;

use kernel::T;
use kit::{Access::Perm, Check, DocBrief, DocKind, Routes};
use orders::api::{NewOrder, OrderOut};

use crate::perms::{REQUEST_LEAD, REQUEST_READ, REQUEST_WRITE};
use input::{
    AnswerRequest, ClassifyRequest, ClearRequest, CloseRequest, ConfirmRequest, DraftRequest, DropRequest,
    JoinOrder, NewRequest, PromiseReply, RequestOut, SolveRequest,
};

/// Pages and API.
pub fn routes() -> Routes {
    let write = Perm(&REQUEST_WRITE);
    pages_of(Routes::new())
        .api_post::<NewRequest, RequestOut, _, _>(
            "/requests",
            write,
            T(
                "登记服务请求，可同时答复、电话解决或建工单",
                "Take a request down; answer it or open an order at once",
            ),
            rest::create,
        )
        .api_post::<DraftRequest, RequestOut, _, _>(
            "/requests/drafts",
            write,
            T(
                "选定服务内容即登记，之后用 draft_id 补全",
                "A content was chosen: saved at once, completed later by draft_id",
            ),
            rest::draft,
        )
        .api_post::<DropRequest, RequestOut, _, _>(
            "/requests/{id}/discard",
            write,
            T("放弃登记中的请求", "Drop a draft"),
            rest::discard,
        )
        .api_get::<RequestOut, _, _>(
            "/requests/{id}",
            Perm(&REQUEST_READ),
            T("服务请求", "A request"),
            rest::get,
        )
        .api_post::<AnswerRequest, RequestOut, _, _>(
            "/requests/{id}/answer",
            write,
            T("登记答复", "Record an answer"),
            rest::answer,
        )
        .api_post::<SolveRequest, RequestOut, _, _>(
            "/requests/{id}/solve",
            write,
            T(
                "电话解决；客户不接受时建上门工单",
                "Solved by phone; an order for a visit when the customer does not accept it",
            ),
            rest::solve,
        )
        .api_post::<NewOrder, OrderOut, _, _>(
            "/requests/{id}/order",
            write,
            T("由请求建服务工单，缺的内容取自请求", "Open an order; what is left out comes from the request"),
            rest::order,
        )
        .api_post::<JoinOrder, RequestOut, _, _>(
            "/requests/{id}/join",
            write,
            T("并入已有工单", "Put to an order"),
            rest::join,
        )
        .api_post::<CloseRequest, RequestOut, _, _>(
            "/requests/{id}/close",
            write,
            T("关闭请求", "Close"),
            rest::close,
        )
        .api_post::<PromiseReply, RequestOut, _, _>(
            "/requests/{id}/promise",
            write,
            T("承诺下次答复时间", "Promise an answer"),
            rest::promise,
        )
        .api_post::<ConfirmRequest, RequestOut, _, _>(
            "/requests/{id}/confirm",
            write,
            T("确认请求属实、在服务范围", "Check with the customer"),
            rest::confirm,
        )
        .api_post::<ClassifyRequest, RequestOut, _, _>(
            "/requests/{id}/classify",
            write,
            T("一般或特殊", "General or special"),
            rest::classify,
        )
        .api_post::<ClearRequest, RequestOut, _, _>(
            "/requests/{id}/clear",
            Perm(&REQUEST_LEAD),
            T("审定特殊请求", "Decide on a special request"),
            rest::clear,
        )
}

fn pages_of(routes: Routes) -> Routes {
    let write = Perm(&REQUEST_WRITE);
    routes
        .page("/requests/{id}", Perm(&REQUEST_READ), pages::request)
        .form("/requests/{id}/answer", write, pages::answer)
        .form("/requests/{id}/solve", write, pages::solve)
        .form("/requests/{id}/order", write, pages::order)
        .form("/requests/{id}/join", write, pages::join)
        .form("/requests/{id}/close", write, pages::close)
        .form("/requests/{id}/discard", write, pages::discard)
        .form("/requests/{id}/promise", write, pages::promise)
        .form("/requests/{id}/confirm", write, pages::confirm)
        .form("/requests/{id}/classify", write, pages::classify)
        .form("/requests/{id}/clear", Perm(&REQUEST_LEAD), pages::clear)
        .page("/customers/{id}/requests", Perm(&REQUEST_READ), pages::of_customer)
        .page("/units/{id}/requests", Perm(&REQUEST_READ), pages::of_unit)
}

/// Requests as documents that panels attach to.
pub fn doc() -> DocKind {
    DocKind {
        kind: "request",
        label: T("服务请求", "Service request"),
        href: "/requests/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = store::get_request(conn, id).await?;
                cx.authorize(if write { &REQUEST_WRITE } else { &REQUEST_READ }, &row)?;
                Ok(DocBrief {
                    doc: service::doc(&row),
                    org: row.org_id,
                    title: format!("{} {}", row.no, row.topic_name),
                })
            })
        },
    }
}

/// Invariants.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "intake.answered_requests_have_an_answer",
            run: |conn| Box::pin(store::select_unanswered(conn)),
        },
        Check {
            name: "intake.ordered_requests_have_an_order",
            run: |conn| Box::pin(store::select_orderless(conn)),
        },
    ]
}
