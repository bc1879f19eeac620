//! What other contexts may call.

use db::Conn;
use kernel::{Id, Money};
use kit::Result;

pub use crate::{
    line::{
        model::{LineKind, LineOut, OrderPay},
        service::{compute, compute_in, of_order},
    },
    perms::{PAY_MINE, PAY_READ},
    rule::{
        model::{Base, Measure, NewCommission, NewItem, NewStep, NewWage, Party, Sign, Trigger},
        service::{add_commission_in, add_item_in, add_step_in, set_wage_in},
    },
    sheet::{
        model::{Settle, Settled},
        service::{build, lock, mine},
    },
};

/// A pay line for other contexts: amounts are bare, so mask them with `Sens::Pay` before showing.
#[derive(Clone, Debug)]
pub struct PayLine {
    /// Line.
    pub id: Id,
    /// Who.
    pub staff_id: Id,
    /// Name.
    pub staff_name: String,
    /// What.
    pub kind: LineKind,
    /// Name for people.
    pub label: String,
    /// Signed amount.
    pub amount: Money,
    /// Signed points.
    pub points: i64,
}

/// Pay lines of an order, oldest first; checks no permission.
pub async fn lines_of(conn: &mut Conn, order: Id) -> Result<Vec<PayLine>> {
    let rows = crate::line::store::select_of_order(conn, order).await?;
    Ok(rows
        .into_iter()
        .map(|row| PayLine {
            id: row.id,
            staff_id: row.staff_id,
            staff_name: row.staff_name,
            kind: row.kind,
            label: row.label,
            amount: row.amount,
            points: row.points,
        })
        .collect())
}
