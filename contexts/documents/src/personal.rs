//! What is held about customers in documents of processes.

use kernel::T;
use kit::personal::{Fate::*, Holding};

use crate::document;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "document",
            T("工单的流程单", "Process documents of orders"),
            ("order", "subject_id"),
            &[("no", Keep), ("title", Keep), ("created_at", Time), ("version", Version)],
        )
        .doc("document", "no"),
        Holding::new(
            "document",
            T("受理单的流程单", "Process documents of requests"),
            ("request", "subject_id"),
            &[("no", Keep), ("title", Keep), ("created_at", Time), ("version", Version)],
        )
        .doc("document", "no"),
        Holding::new(
            "document",
            T("设备的流程单", "Process documents of units"),
            ("unit", "subject_id"),
            &[("no", Keep), ("title", Keep), ("created_at", Time), ("version", Version)],
        )
        .doc("document", "no"),
        Holding::new(
            "document",
            T("客户的流程单", "Process documents of the customer"),
            ("customer", "subject_id"),
            &[("no", Keep), ("title", Keep), ("created_at", Time), ("version", Version)],
        )
        .doc("document", "no"),
        Holding::new(
            "document_value",
            T("流程单内容", "Content of process documents"),
            ("document", "document_id"),
            &[("field", Keep), ("text", Keep)],
        )
        .also(|tx, ids| Box::pin(document::erase::erase_in(tx, ids))),
        Holding::new(
            "document_message",
            T("流程单短信", "Messages of process documents"),
            ("document", "document_id"),
            &[("kind", Keep), ("at", Time), ("text", Words), ("phone", Reach)],
        ),
        Holding::new(
            "document_entry",
            T("流程单过程", "Steps of process documents"),
            ("document", "document_id"),
            &[("act", Keep), ("at", Time), ("text", Words)],
        ),
        Holding::new(
            "document_task",
            T("流程单任务", "Tasks of process documents"),
            ("document", "document_id"),
            &[("text", Keep)],
        ),
    ]
}
