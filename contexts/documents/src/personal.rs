//! What is held about customers in documents of processes.

use kernel::T;
use kit::{
    lists::Kind,
    personal::{Column, Fate::*, Holding, col},
};

use crate::{approval::model::SeatState, document};

/// How a run says what it is: its own row, whatever it is for.
const RUN: &[Column] = &[
    col("no", Keep),
    col("title", Keep).read("t.title", "t.title_en"),
    col("created_at", Time),
    col("stage", Keep),
    col("version", Version),
];

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    const DOCUMENT: (&str, &str) = ("document", "no");
    let mut holdings: Vec<Holding> = ["order", "request", "unit", "customer"]
        .into_iter()
        .map(|kind| Holding::way("document", (kind, "subject_id"), DOCUMENT))
        .collect();
    holdings.extend([
        // Documents that stand for themselves know of people by what stands in their fields.
        Holding::by_phone("document", DOCUMENT, |conn, phones, hidden| {
            Box::pin(document::store::select_of_nobody(conn, phones, hidden))
        }),
        Holding::way("document", ("document", "parent_id"), DOCUMENT),
        Holding::new("document", T("流程单", "Process documents"), ("document", "id"), RUN),
        Holding::new(
            "document_value",
            T("流程单内容", "Content of process documents"),
            ("document", "document_id"),
            [
                col("field", Keep).called("项目", "Field"),
                col("text", Keep).called("内容", "Content"),
                col("phone_key", Key),
            ],
        )
        .also(|tx, ids| Box::pin(document::erase::erase_in(tx, ids)))
        .told(|cx, conn, lines| Box::pin(document::told::values(cx, conn, lines))),
        Holding::new(
            "document_message",
            T("流程单短信", "Messages of process documents"),
            ("document", "document_id"),
            [
                col("at", Time).called("时间", "Time"),
                col("kind", Keep).called("通知", "Message"),
                col("text", Words).called("内容", "Words"),
                col("phone", Reach).called("电话", "Phone"),
            ],
        )
        .told(|cx, conn, lines| Box::pin(document::told::messages(cx, conn, lines))),
        Holding::new(
            "document_entry",
            T("流程单过程", "Steps of process documents"),
            ("document", "document_id"),
            [
                col("at", Time).called("时间", "Time"),
                col("kind", Keep).called("类型", "Kind"),
                col("act", Keep).called("经过", "What happened"),
                col("from_step", Keep).called("原步骤", "From step"),
                col("to_step", Keep).called("新步骤", "To step"),
                col("text", Words).called("说明", "Words").say(|cx, text| cx.lang.of(text).to_string()),
            ],
        )
        .told(|cx, conn, lines| Box::pin(document::told::entries(cx, conn, lines))),
        Holding::new(
            "document_task",
            T("流程单任务", "Tasks of process documents"),
            ("document", "document_id"),
            [
                col("created_at", Time).called("生成时间", "Made at"),
                // The text may hold any field of the document.
                col("text", Name).called("任务", "Task").say(|cx, text| cx.lang.of(text).to_string()),
            ],
        ),
        Holding::new(
            "approval",
            T("流程单审批", "Approvals of process documents"),
            ("document", "doc_id"),
            [
                col("created_at", Time),
                col("title", Keep).read("t.title", "t.title_en"),
                col("amount", Keep),
                col("state", Keep),
                col("version", Version),
            ],
        )
        .doc("approval", "doc_no"),
        Holding::new(
            "approval_seat",
            T("签署意见", "Opinions of those who signed"),
            ("approval", "approval_id"),
            [
                col("signed_at", Time).called("签署时间", "Signed at"),
                col("state", Keep).of("结果", "Result", Kind::Code(SeatState::OPTIONS)),
                col("opinion", Words).called("意见", "Opinion"),
            ],
        ),
    ]);
    holdings
}
