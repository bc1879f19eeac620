//! Migrations: numbered per context, applied in order, checksummed, never edited once released.

use sha2::{Digest, Sha256};

use crate::{Db, Engine, Error, Result, args, dialect};

/// One step of one context's schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Owner, for example `orders`.
    pub context: &'static str,
    /// 1, 2, 3 …
    pub number: i64,
    /// What it does, for people.
    pub name: &'static str,
    /// Portable SQL; `-- @sqlite … -- @end` and `-- @postgres … -- @end` blocks hold the few differences.
    pub sql: &'static str,
}

/// A migration that has not been applied yet.
#[derive(Clone, Debug)]
pub struct PendingMigration {
    /// Owner.
    pub context: &'static str,
    /// Number.
    pub number: i64,
    /// What it does.
    pub name: &'static str,
}

const TABLE: &str = "create table if not exists schema_migration (
    context text not null, number bigint not null, name text not null, checksum text not null,
    applied_at bigint not null, primary key (context, number))";

/// Lock key under which one node at a time migrates.
const LOCK: i64 = 0x41_46_54_52;

impl Db {
    /// Migrations that [`Db::migrate`] would apply.
    ///
    /// Errors: a released migration was edited (its checksum differs).
    pub async fn pending(&self, migrations: &[Migration]) -> Result<Vec<PendingMigration>> {
        let mut tx = self.begin().await?;
        tx.batch(TABLE).await?;
        let mut pending = Vec::new();
        for migration in migrations {
            if !applied(&mut tx, migration).await? {
                let Migration { context, number, name, .. } = *migration;
                pending.push(PendingMigration { context, number, name });
            }
        }
        tx.commit().await?;
        Ok(pending)
    }

    /// Applies what is missing, each migration in a transaction of its own; returns how many.
    pub async fn migrate(&self, migrations: &[Migration], now: kernel::Ts) -> Result<usize> {
        let mut tx = self.begin().await?;
        tx.batch(TABLE).await?;
        tx.commit().await?;
        let mut count = 0;
        for migration in migrations {
            let mut tx = self.begin().await?;
            dialect::advisory_lock(&mut tx, LOCK).await?;
            if !applied(&mut tx, migration).await? {
                let text = for_engine(migration.sql, self.engine());
                tx.batch(&text).await.map_err(|error| {
                    Error::Other(format!("migration {} {}: {error}", migration.context, migration.number))
                })?;
                tx.exec(
                    "insert into schema_migration (context, number, name, checksum, applied_at) values ($1,$2,$3,$4,$5)",
                    args![migration.context, migration.number, migration.name, checksum(migration.sql), now],
                )
                .await?;
                count += 1;
            }
            tx.commit().await?;
        }
        Ok(count)
    }
}

async fn applied(conn: &mut crate::Conn, migration: &Migration) -> Result<bool> {
    let found: Option<String> = conn
        .scalar_opt(
            "select checksum from schema_migration where context = $1 and number = $2",
            args![migration.context, migration.number],
        )
        .await?;
    match found {
        None => Ok(false),
        Some(sum) if sum == checksum(migration.sql) => Ok(true),
        Some(_) => Err(Error::Other(format!(
            "migration {} {} was changed after it had been applied",
            migration.context, migration.number
        ))),
    }
}

fn checksum(sql: &str) -> String {
    kernel::hex(&Sha256::digest(sql.as_bytes()))
}

/// Keeps the portable lines and those of `engine`.
fn for_engine(sql: &str, engine: Engine) -> String {
    let mut keep = true;
    let mut text = String::with_capacity(sql.len());
    for line in sql.lines() {
        match line.trim() {
            "-- @sqlite" => keep = engine == Engine::Sqlite,
            "-- @postgres" => keep = engine == Engine::Postgres,
            "-- @end" => keep = true,
            _ if keep => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engine_blocks_are_kept_only_for_their_engine() {
        let sql = "a;\n-- @sqlite\nb;\n-- @end\n-- @postgres\nc;\n-- @end\nd;";
        assert_eq!(for_engine(sql, Engine::Sqlite), "a;\nb;\nd;\n");
        assert_eq!(for_engine(sql, Engine::Postgres), "a;\nc;\nd;\n");
    }
}
