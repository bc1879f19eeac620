//! What happens after other contexts' events.

use contracts::{Event, OrderCompleted};
use kit::{
    Cx, DocRef, Result, Sub,
    timers::{NewTimer, parse_span, start_in},
};

use crate::{
    report::{rules, store},
    settings::{NO_TEST_AFTER, UNCERTAIN_AFTER},
};

/// The callbacks' clock of a first call. Started earlier here, it makes the same one call sooner: callbacks keep
/// one open call per order, however many clocks run out.
const FIRST_CALLBACK: &str = "callbacks.first";

/// Reactions.
pub fn subs() -> Vec<Sub> {
    vec![Sub {
        event: OrderCompleted::NAME,
        name: "field.follow_up",
        run: |cx, payload| Box::pin(async move { follow_up(&cx, &serde_json::from_value(payload)?).await }),
    }]
}

/// A repair the engineer is not sure of, or could not test, is asked about within hours (FIELD-20, 26).
async fn follow_up(cx: &Cx, event: &OrderCompleted) -> Result<()> {
    let no_test: String = cx.setting(&NO_TEST_AFTER, event.org_id).await?;
    let uncertain: String = cx.setting(&UNCERTAIN_AFTER, event.org_id).await?;
    let mut tx = kit::begin!(cx, "field.follow_up", &event.order_id);
    let closing = store::find_closing(&mut tx, event.order_id).await?;
    if let Some(after) =
        closing.and_then(|closing| rules::follow_up(&closing, &no_test, &uncertain).map(str::to_string))
    {
        let doc = DocRef::new("order", event.order_id, &event.no);
        let timer = NewTimer {
            doc: &doc,
            org: event.org_id,
            kind: FIRST_CALLBACK,
            span: parse_span(&after)?,
            start: event.at,
            warn_percent: 0,
        };
        start_in(&mut tx, &[timer]).await?;
    }
    tx.commit(()).await
}
