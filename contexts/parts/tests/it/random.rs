//! Random commands against a plain model of what must come out, then in disorder against the checks.

use std::collections::HashMap;

use futures::future::join_all;
use kernel::{Id, Money, Quantity};
use kit::{Error, Result};
use parts::api::{LineStock, StockState};
use proptest::{
    prelude::*,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use crate::helpers::{Room, again, receive, units};

/// A command on one of a few lines.
#[derive(Clone, Copy, Debug)]
enum Op {
    Set(usize, i64),
    Reserve(usize, i64),
    Release(usize),
    Receive(bool, i64, i64),
}

const LINES: usize = 6;

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..LINES, 0..7_i64).prop_map(|(line, n)| Op::Set(line, n)),
        3 => (0..LINES, 0..6_i64).prop_map(|(line, n)| Op::Reserve(line, n)),
        1 => (0..LINES).prop_map(Op::Release),
        1 => (any::<bool>(), 1..4_i64, 0..999_i64).prop_map(|(new, n, worth)| Op::Receive(new, n, worth)),
    ]
}

/// The same sequence on every run and both engines.
fn sequence(length: usize, seed: u8) -> Vec<Op> {
    let rng =
        proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    prop::collection::vec(op(), length).new_tree(&mut runner).expect("a sequence").current()
}

/// What must be: pieces in all, issued and reserved by line.
#[derive(Default)]
struct Model {
    on_hand: i64,
    issued: HashMap<usize, i64>,
    reserved: HashMap<usize, i64>,
}

impl Model {
    fn promised(&self) -> i64 {
        self.reserved.values().sum()
    }

    /// Applies a command if it must succeed; false when it must be refused.
    fn apply(&mut self, op: Op) -> bool {
        let free = self.on_hand - self.promised();
        match op {
            Op::Set(line, want) => {
                let (has, mine) = (
                    self.issued.get(&line).copied().unwrap_or(0),
                    self.reserved.get(&line).copied().unwrap_or(0),
                );
                let need = want - has;
                if need > mine + free {
                    return false;
                }
                if need > 0 {
                    *self.reserved.entry(line).or_default() -= need.min(mine);
                }
                self.on_hand -= need;
                self.issued.insert(line, want);
            }
            Op::Reserve(line, want) => {
                let mine = self.reserved.get(&line).copied().unwrap_or(0);
                if want - mine > free {
                    return false;
                }
                self.reserved.insert(line, want);
            }
            Op::Release(line) => {
                self.reserved.insert(line, 0);
            }
            Op::Receive(_, n, _) => self.on_hand += n,
        }
        true
    }
}

async fn act(room: &Room, lines: &[LineStock], op: Op) -> Result<()> {
    match op {
        Op::Set(line, n) => room.set(&lines[line], n).await.map(drop),
        Op::Reserve(line, n) => room.reserve(&lines[line], n).await,
        Op::Release(line) => room.release(lines[line].line_id).await,
        Op::Receive(new, n, worth) => {
            let state = if new { StockState::New } else { StockState::Repaired };
            receive(&room.cx, room.part, room.depot, state, n, Money(worth)).await
        }
    }
}

testkit::app_test! {
    async fn any_sequence_of_commands_does_what_the_model_says(app: TestApp) {
        let room = Room::new(app, 8, Money(801)).await;
        let lines: Vec<LineStock> = (0..LINES).map(|_| room.line()).collect();
        let mut model = Model { on_hand: 8, ..Model::default() };
        for (step, op) in sequence(250, 7).into_iter().enumerate() {
            let must = model.apply(op);
            let done = act(&room, &lines, op).await;
            match (&done, must) {
                (Ok(()), true) => {}
                (Err(error), false) if error.code() == "parts.not_enough" => {}
                _ => panic!("step {step} {op:?}: {done:?}, must be {must}"),
            }
            let is = units(room.available().await);
            assert_eq!((is.0, is.1), (model.on_hand, model.promised()), "after step {step} {op:?}");
        }
        for (n, line) in lines.iter().enumerate() {
            assert_eq!(room.issued(line.line_id).await, model.issued.get(&n).copied().unwrap_or(0));
        }
        app.check().await;
    }

    async fn any_disorder_of_commands_keeps_the_books(app: TestApp) {
        let room = Room::new(app, 12, Money(1_234)).await;
        let lines: Vec<LineStock> = (0..LINES).map(|_| room.line()).collect();
        for round in 0..6_u8 {
            let ops = sequence(40, round);
            let results = join_all(ops.iter().map(|op| { let (room, lines) = (&room, &lines); again(move || act(room, lines, *op)) })).await;
            for (op, result) in ops.iter().zip(&results) {
                let expected = match result {
                    Ok(()) => true,
                    Err(Error::Conflict(rule)) => rule.code == "parts.not_enough",
                    Err(_) => false,
                };
                assert!(expected, "{op:?}: {result:?}");
            }
            app.check().await;
        }
        // Everything taken back: all that ever came is there again, with all its value.
        for line in &lines {
            again(|| room.set(line, 0)).await.expect("given back");
            again(|| room.release(line.line_id)).await.expect("released");
        }
        let came: (i64, i64) = came(&room, room.depot).await;
        let left = room.available().await;
        assert_eq!((left.on_hand.0, left.reserved, room.value().await), (came.0, Quantity::ZERO, came.1));
    }
}

/// Pieces and value that ever came from suppliers.
async fn came(room: &Room, depot: Id) -> (i64, i64) {
    let mut conn = room.cx.read().await.expect("a reader");
    conn.one(
        "select cast(sum(quantity) as bigint), cast(sum(cost) as bigint) from stock_move where from_place = 'supplier' and to_depot_id = $1",
        db::args![depot],
    )
    .await
    .expect("sums")
}
