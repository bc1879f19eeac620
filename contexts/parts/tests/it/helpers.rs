//! A small stock room.

use kernel::{Id, Money, Quantity};
use kit::{Cx, DocRef, Error, Result, begin};
use parts::api::{
    self, Arrival, Available, DepotInput, DepotKind, IssueKind, LineMoved, LineStock, MoveKind, PartInput,
    Pick, StockState,
};
use testkit::TestApp;

/// One part, one depot.
pub struct Room {
    pub cx: Cx,
    pub org: Id,
    pub part: Id,
    pub depot: Id,
}

pub fn depot_input(code: &str, kind: DepotKind, org: Id, holder: Option<Id>) -> DepotInput {
    DepotInput {
        code: code.into(),
        name: format!("仓库{code}"),
        kind,
        org_id: Some(org),
        holder_id: holder,
        address: String::new(),
        note: String::new(),
        inactive: false,
        version: None,
    }
}

pub async fn make_part(cx: &Cx, input: PartInput) -> Result<Id> {
    let mut tx = begin!(cx, "test.part", &());
    let id = api::create_part_in(&mut tx, &input).await?.id;
    tx.commit(id).await
}

pub async fn make_depot(cx: &Cx, input: DepotInput) -> Result<Id> {
    let mut tx = begin!(cx, "test.depot", &());
    let id = api::create_depot_in(&mut tx, &input).await?.id;
    tx.commit(id).await
}

pub async fn receive(
    cx: &Cx,
    part_id: Id,
    depot_id: Id,
    state: StockState,
    units: i64,
    worth: Money,
) -> Result<()> {
    let mut tx = begin!(cx, "test.receive", &());
    let arrival = Arrival {
        part_id,
        depot_id,
        state,
        quantity: Quantity::units(units),
        worth,
        kind: MoveKind::Opening,
        doc: DocRef::new("test", cx.id(), "T"),
    };
    api::receive_in(&mut tx, &[arrival]).await?;
    tx.commit(()).await
}

impl Room {
    pub async fn new(app: &TestApp, units: i64, worth: Money) -> Self {
        let part = PartInput { old_part_due: true, ..PartInput::named("A-100", "压缩机") };
        Self::of(app, part, units, worth).await
    }

    pub async fn of(app: &TestApp, part: PartInput, units: i64, worth: Money) -> Self {
        let cx = app.system();
        let part = make_part(&cx, part).await.expect("a part");
        let depot =
            make_depot(&cx, depot_input("D1", DepotKind::Parts, app.root, None)).await.expect("a depot");
        let room = Self { cx, org: app.root, part, depot };
        if units > 0 {
            receive(&room.cx, part, depot, StockState::New, units, worth).await.expect("goods");
        }
        room
    }

    pub fn line(&self) -> LineStock {
        self.line_at(self.cx.id(), self.part, self.depot)
    }

    pub fn line_at(&self, line_id: Id, part_id: Id, depot_id: Id) -> LineStock {
        LineStock {
            doc: DocRef::new("order", self.cx.id(), "SO-1"),
            line_id,
            part_id,
            depot_id,
            kind: IssueKind::Charged,
            org_id: self.org,
        }
    }

    pub async fn set(&self, line: &LineStock, units: i64) -> Result<LineMoved> {
        self.set_picked(line, Quantity::units(units), Pick::RepairedFirst).await
    }

    pub async fn set_picked(&self, line: &LineStock, quantity: Quantity, pick: Pick) -> Result<LineMoved> {
        let cx = &self.cx;
        let mut tx = begin!(cx, "test.set", &());
        let moved = api::set_line_picked_in(&mut tx, line, quantity, pick).await?;
        tx.commit(moved).await
    }

    pub async fn reserve(&self, line: &LineStock, units: i64) -> Result<()> {
        let cx = &self.cx;
        let mut tx = begin!(cx, "test.reserve", &());
        api::reserve_line_in(&mut tx, line, Quantity::units(units)).await?;
        tx.commit(()).await
    }

    pub async fn release(&self, line_id: Id) -> Result<()> {
        let cx = &self.cx;
        let mut tx = begin!(cx, "test.release", &());
        api::release_line_in(&mut tx, line_id).await?;
        tx.commit(()).await
    }

    pub async fn available(&self) -> Available {
        self.available_of(self.part, self.depot).await
    }

    pub async fn available_of(&self, part: Id, depot: Id) -> Available {
        let mut conn = self.cx.read().await.expect("a reader");
        api::available(&mut conn, part, depot).await.expect("a sum")
    }

    pub async fn issued(&self, line: Id) -> i64 {
        let mut conn = self.cx.read().await.expect("a reader");
        api::issued(&mut conn, line).await.expect("a sum").0 / 1000
    }

    /// Value of everything in the depot, in fen.
    pub async fn value(&self) -> i64 {
        let mut conn = self.cx.read().await.expect("a reader");
        conn.scalar(
            "select cast(coalesce(sum(value), 0) as bigint) from stock_balance where depot_id = $1",
            db::args![self.depot],
        )
        .await
        .expect("a sum")
    }
}

/// Units as (on hand, reserved, available).
pub fn units(a: Available) -> (i64, i64, i64) {
    (a.on_hand.0 / 1000, a.reserved.0 / 1000, a.available.0 / 1000)
}

/// The code of a refusal.
#[track_caller]
pub fn refusal<V: std::fmt::Debug>(result: Result<V>) -> &'static str {
    result.expect_err("must be refused").code()
}

/// Runs a command again while the database says that it was busy, as the front door does.
pub async fn again<V, F: Future<Output = Result<V>>>(mut run: impl FnMut() -> F) -> Result<V> {
    for _ in 0..20 {
        match run().await {
            Err(Error::Busy(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            other => return other,
        }
    }
    run().await
}
