//! What engineers noted about customers.

use kernel::T;
use kit::{
    Cx,
    personal::{Fate::*, Holding, col},
};

use crate::report::{model::Report, views};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![Holding::new(
        "visit_report",
        T("上门记录", "Reports of visits"),
        ("order", "order_id"),
        [
            col("at", Time),
            col("kind", Keep),
            col("code", Keep).say(|cx, code| cx.t(Report::label_of(code)).to_string()),
            col("note", Words),
            col("detail", Json("{}")).called("补充说明", "Details").say(details),
        ],
    )]
}

fn details(cx: &Cx, detail: &str) -> String {
    views::facts(cx, detail)
}
