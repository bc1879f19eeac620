//! The data layer on both engines: transactions, group commit, cancellation.

use std::time::Duration;

use db::{Db, Error, Options, Sql, args};
use tempfile::TempDir;

struct Case {
    db: Db,
    table: String,
    _dir: TempDir,
}

impl Case {
    async fn sqlite() -> Self {
        let dir = TempDir::new().expect("a directory");
        let url = format!("sqlite:{}", dir.path().join("t.db").display());
        Self::with(&url, dir).await
    }

    /// None when the PostgreSQL half was switched off on purpose.
    async fn postgres() -> Option<Self> {
        if std::env::var("AFTERCARE_SKIP_PG").is_ok_and(|v| v == "1") {
            return None;
        }
        let url = std::env::var("AFTERCARE_TEST_PG").expect("AFTERCARE_TEST_PG names the server to test on");
        Some(Self::with(&url, TempDir::new().expect("a directory")).await)
    }

    async fn with(url: &str, dir: TempDir) -> Self {
        let db = Db::open(url, &Options { readers: 4, writers: 8, durable: true }).await.expect("opens");
        let name = dir.path().file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        let table = format!("t_{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
        let mut tx = db.begin().await.expect("begins");
        tx.batch(&format!("create table {table} (id bigint primary key, n bigint not null check (n >= 0))"))
            .await
            .expect("creates");
        tx.commit().await.expect("commits");
        Self { db, table, _dir: dir }
    }

    async fn insert(&self, id: i64, commit: bool) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        tx.exec(&format!("insert into {} (id, n) values ($1, $2)", self.table), args![id, 1]).await?;
        if commit { tx.commit().await } else { Ok(()) }
    }

    async fn count(&self) -> i64 {
        let mut conn = self.db.read().await.expect("a reader");
        conn.scalar(&format!("select count(*) from {}", self.table), vec![]).await.expect("counts")
    }

    async fn done(self) {
        let mut tx = self.db.begin().await.expect("begins");
        tx.batch(&format!("drop table {}", self.table)).await.expect("drops");
        tx.commit().await.expect("commits");
        self.db.close().await;
    }
}

/// A burst of commands of which every third gives up: exactly the others are there.
async fn burst(case: &std::sync::Arc<Case>) {
    let mut tasks = Vec::new();
    for id in 0..120 {
        let case = std::sync::Arc::clone(case);
        tasks.push(tokio::spawn(async move { case.insert(id, id % 3 != 0).await }));
    }
    for task in tasks {
        task.await.expect("no panic").expect("no error");
    }
    // Rollbacks of dropped transactions run in the background; a next command waits behind them.
    case.insert(1000, true).await.expect("the writer is free again");
    assert_eq!(case.count().await, 81);
}

/// Commands whose callers go away half-way leave nothing, and what comes after them is kept.
async fn cancelled(case: &std::sync::Arc<Case>) {
    for id in 0..60 {
        let worker = std::sync::Arc::clone(case);
        let task = tokio::spawn(async move {
            let mut tx = worker.db.begin().await.expect("begins");
            tx.exec(&format!("insert into {} (id, n) values ($1, 1)", worker.table), args![id])
                .await
                .expect("inserts");
            tokio::time::sleep(Duration::from_secs(5)).await;
            tx.commit().await.expect("never reached");
        });
        tokio::time::sleep(Duration::from_micros(150 * (id as u64 % 7))).await;
        task.abort();
        let _ = task.await;
        case.insert(5000 + id, true).await.expect("a following write is acknowledged");
    }
    assert_eq!(case.count().await, 60, "every acknowledged write is there and no cancelled one");
}

async fn constraints(case: &Case) {
    case.insert(1, true).await.expect("first");
    assert!(matches!(case.insert(1, true).await, Err(Error::Unique(_))));
    let mut tx = case.db.begin().await.expect("begins");
    let refused = tx.exec(&format!("update {} set n = n - 5", case.table), vec![]).await;
    assert!(matches!(refused, Err(Error::Check(_))), "{refused:?}");
    drop(tx);
    let mut reader = case.db.read().await.expect("a reader");
    let refused = reader.exec(&format!("delete from {}", case.table), vec![]).await;
    assert!(refused.is_err(), "a reader can't write");
    drop(reader);
    assert_eq!(case.count().await, 1);
}

/// Queued writes keep the order of events that was written down, whatever goes to the server together.
async fn queued(case: &Case) {
    let sql = |text: &str| text.replace("T", &case.table);
    let insert = |id: i64, n: i64| Sql::with(sql("insert into T (id, n) values ($1, $2)"), args![id, n]);
    let raise = |id: i64| Sql::with(sql("update T set n = n + 10 where id = $1"), args![id]);
    let mut tx = case.db.begin().await.expect("begins");
    tx.later(insert(1, 1)).await.expect("queued");
    tx.later(insert(2, 2)).await.expect("queued");
    tx.later(raise(1)).await.expect("after the insert");
    tx.later(raise(1)).await.expect("once more");
    let seen: i64 = tx.scalar(&sql("select n from T where id = $1"), args![1]).await.expect("read back");
    assert_eq!(seen, 21);
    tx.later(insert(3, 3)).await.expect("queued");
    let gone = tx.exec(&sql("delete from T where id = $1"), args![3]).await.expect("deleted");
    assert_eq!(gone, 1, "what was queued before is there");
    tx.later(raise(2).must(1, "two")).await.expect("queued");
    tx.commit().await.expect("commits");
    assert_eq!(case.count().await, 2);
}

/// A write that has to hit a row and does not takes everything back that the command wrote.
async fn missed(case: &Case) {
    let sql = |text: &str| text.replace("T", &case.table);
    let nobody = || Sql::with(sql("update T set n = 1 where id = $1"), args![99]);
    for (what, reads) in [("nobody", false), ("nobody", true), (db::BUSY, false)] {
        let run = async || -> Result<(), Error> {
            let mut tx = case.db.begin().await?;
            tx.later(Sql::with(sql("insert into T (id, n) values ($1, 1)"), args![1])).await?;
            if reads {
                let all: i64 = tx.scalar(&sql("select count(*) from T"), vec![]).await?;
                assert_eq!(all, 1);
            }
            tx.later(nobody().must(1, what)).await?;
            tx.commit().await
        };
        match run().await {
            Err(Error::Missed(text)) => assert_eq!(text, "nobody"),
            Err(Error::Busy(_)) => assert_eq!(what, db::BUSY),
            other => panic!("{other:?}"),
        }
        // The rollback of a dropped transaction runs in the background.
        case.insert(500, true).await.expect("a following write");
        assert_eq!(case.count().await, 1, "only the following write is there");
        case.db.exec_alone(&sql("delete from T"), vec![]).await.expect("alone");
    }
    let mut tx = case.db.begin().await.expect("begins");
    tx.later(Sql::with(sql("insert into T (id, n) values ($1, 1)"), args![1])).await.expect("queued");
    drop(tx);
    case.insert(2, true).await.expect("a following write");
    assert_eq!(case.count().await, 1, "nothing of a dropped command");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_in_use_holds_what_was_committed() {
    let case = Case::sqlite().await;
    case.insert(1, true).await.expect("inserted");
    let copy = case._dir.path().join("copy.db");
    case.db.backup_to(&copy).await.expect("copied");
    case.insert(2, true).await.expect("the original goes on");
    let db = Db::open(&format!("sqlite:{}", copy.display()), &Options::default()).await.expect("opens");
    let mut conn = db.read().await.expect("a reader");
    let count: i64 =
        conn.scalar(&format!("select count(*) from {}", case.table), vec![]).await.expect("counts");
    assert_eq!(count, 1);
    assert!(case.db.backup_to(&copy).await.is_err(), "an existing file is not overwritten");
}

macro_rules! both {
    ($($name:ident => $run:expr;)*) => {$(
        mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                let case = std::sync::Arc::new(Case::sqlite().await);
                $run(&case).await;
                std::sync::Arc::into_inner(case).expect("all tasks ended").done().await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                let Some(case) = Case::postgres().await else { return };
                let case = std::sync::Arc::new(case);
                $run(&case).await;
                std::sync::Arc::into_inner(case).expect("all tasks ended").done().await;
            }
        }
    )*};
}

both! {
    queued_writes_keep_their_order => queued;
    a_missed_write_undoes_the_command => missed;
    a_burst_commits_exactly_what_was_committed => burst;
    a_cancelled_command_leaves_nothing_and_loses_nothing => cancelled;
    constraint_violations_are_told_apart => constraints;
}
