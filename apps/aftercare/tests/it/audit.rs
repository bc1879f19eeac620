//! The audit log shows what somebody did to it behind the product's back (PLAT-01, ADR 0004).

use db::args;
use testkit::TestApp;

use crate::world::world;

/// What `aftercare check` says of the log after a statement that is then taken back.
async fn after(app: &TestApp, sql: &str, seq: i64) -> Vec<String> {
    let mut tx = app.app.db.begin().await.expect("a transaction");
    assert_eq!(tx.exec(sql, args![seq]).await.expect(sql), 1, "{sql}");
    let broken = kit::audit::verify(&mut tx, &app.app.audit_key).await.expect("verifies");
    tx.rollback().await.expect("taken back");
    broken
}

async fn number(app: &TestApp, sql: &str) -> i64 {
    let mut conn = app.app.db.read().await.expect("a reader");
    conn.scalar(sql, vec![]).await.expect(sql)
}

testkit::app_test! {
    async fn a_changed_or_removed_row_shows_and_new_rows_join_the_chain(app: TestApp) {
        let world = world(app, 5).await;
        let written = number(app, "select max(seq) from audit").await;
        kit::jobs::tick(&app.app).await.expect("a tick");
        app.clock.advance_secs(61);
        kit::jobs::tick(&app.app).await.expect("a tick");
        let sealed = number(app, "select coalesce(max(last_seq), 0) from audit_block where mac is not null").await;
        assert!(sealed >= written, "everything of a minute ago is in a block: {sealed} of {written}");
        let middle = sealed / 2;
        let changed = after(app, "update audit set detail = '{}', user_name = 'nobody' where seq = $1", middle).await;
        assert!(changed.iter().any(|line| line.contains("was changed")), "{changed:?}");
        let removed = after(app, "delete from audit where seq = $1", middle).await;
        assert!(removed.iter().any(|line| line.contains("does not match its rows")), "{removed:?}");

        world.assigned_order().await;
        app.clock.advance_secs(61);
        kit::jobs::tick(&app.app).await.expect("a tick");
        app.clock.advance_secs(61);
        kit::jobs::tick(&app.app).await.expect("a tick");
        let now = number(app, "select max(last_seq) from audit_block where mac is not null").await;
        assert!(now > sealed, "the rows of the order are in a block of their own");
        let missing = after(app, "delete from audit_block where number = $1", 1).await;
        assert!(missing.iter().any(|line| line.contains("block 1 is missing")), "{missing:?}");
    }
}
