//! What other contexts may call.
//!
//! Functions taking `conn` check no permission: the caller has done that for its own document. Functions taking
//! `cx` are the commands themselves, with every check. Functions ending in `_in` join the caller's transaction.

use db::Conn;
use kernel::Id;
use kit::{Cx, Result};

use crate::order::{service, store};
pub use pricing::api::{Grouping, WorkKind, work_kinds};

pub use crate::{
    flow::{FLOW, State},
    key::{
        model::KeyOut,
        service::{by_token as order_by_key, get as key, path as key_path, renew as renew_key},
        store::find_key,
    },
    level::service::escalate,
    line::{
        model::{EditLine, LineKind, LineOut, LineRow, LinesOut, NewLine, Sheet, Stock, StockWish},
        service::{
            Agreed, add as add_line, add_agreed_line_in, add_line_in, change as change_line,
            list as list_lines, remove as remove_line,
        },
        store::select_lines as lines,
    },
    order::{
        clocks::{ARRIVAL, DISPATCH, FIX, PAPERWORK, PICKUP, RESPONSE},
        create::{create, create_in},
        finish::{
            audit, callback_known_in, callback_result_in, callback_said_in, check_failed_in, close, complete,
            complete_in, confirm, confirm_in, reopen,
        },
        heard::called_in,
        input::{
            Arrive, AssignOrder, Audit, Complete, Confirm, Consent, EditOrder, Finding, Helper, Limit,
            Loaner, NewOrder, NewOrderUnit, Note, Place, Quote, Reason, UsedLine, Verify, Wait, WornPart,
        },
        model::{
            CallbackClass, FixClass, Mode, NO_DUE, OrderStep, OrderUnit, Share, Sla, VerifyWith, Waiting,
            WarrantyClass,
        },
        out::{OrderBrief, OrderFull, OrderOut},
        pages::callback_lines,
        picture::{decode as decode_picture, store as store_picture},
        service::{
            accept, accept_in, arrive, assign_in, cancel, consent, consent_in, depart, edit, edit_in,
            from_maker_in, get, give_back, give_back_in, quote, resume, resume_in, start, start_in,
            terminate, terminate_in, to_maker_in, verify, wait, wait_in,
        },
        store::{select_steps as steps, select_units as units},
    },
    perms::{
        ORDER_ASSIGN, ORDER_AUDIT, ORDER_COMPLETE, ORDER_CONFIRM, ORDER_CREATE, ORDER_KEY, ORDER_LINES,
        ORDER_READ, ORDER_REOPEN, ORDER_WORK,
    },
    process::service::{learn_in, told_in},
    settings::STALE_HOURS,
    sheet::hand_over::{HandOver, load as hand_over},
};

/// An order, or 404.
pub async fn brief(conn: &mut Conn, id: Id) -> Result<OrderBrief> {
    service::brief(conn, id).await
}

/// Several orders in one statement, in no order; unknown ids are left out.
pub async fn briefs(conn: &mut Conn, ids: &[Id]) -> Result<Vec<OrderBrief>> {
    Ok(store::select_orders(conn, ids).await?.into_iter().map(Into::into).collect())
}

/// An order that the caller may see, or 404.
pub async fn visible(cx: &Cx, conn: &mut Conn, id: Id) -> Result<OrderBrief> {
    let brief = brief(conn, id).await?;
    cx.authorize(&ORDER_READ, &brief)?;
    Ok(brief)
}

/// Who shares the commission of an order, lead first; the lead alone has everything (PAY-14).
pub async fn shares(conn: &mut Conn, id: Id) -> Result<Vec<Share>> {
    let row = store::get_order(conn, id).await?;
    Ok(service::shares_of(&row, store::select_shares(conn, id).await?))
}
