//! Backup and restore of an embedded installation: one zip of database, files and keys, made while running.

use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use db::Db;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::StartError;

/// Name of the database inside the archive and the data directory.
const DATABASE: &str = "aftercare.db";

/// Writes a consistent backup to `target`, which must not exist.
pub async fn backup(db: &Db, data: &Path, target: &Path) -> Result<(), StartError> {
    if target.exists() {
        return Err(format!("{} exists already", target.display()).into());
    }
    let copy = data.join(format!("backup-{}.tmp", std::process::id()));
    let _ = std::fs::remove_file(&copy);
    db.backup_to(&copy).await?;
    let result = write_archive(data, &copy, target);
    let _ = std::fs::remove_file(&copy);
    if result.is_err() {
        let _ = std::fs::remove_file(target);
    }
    result
}

/// Keeps a copy of an embedded database below `backups` before its schema changes, when there is something in it; returns
/// where. On PostgreSQL backups are the administrator's, who has tools for them.
pub async fn before_migration(
    db: &Db,
    data: &Path,
    migrations: &[db::Migration],
    now: kernel::Ts,
) -> Result<Option<PathBuf>, StartError> {
    if db.engine() != db::Engine::Sqlite || !data.join(DATABASE).exists() {
        return Ok(None);
    }
    let pending = db.pending(migrations).await?;
    // Everything is missing: the database is new.
    if pending.is_empty() || pending.len() == migrations.len() {
        return Ok(None);
    }
    let folder = data.join("backups");
    std::fs::create_dir_all(&folder)?;
    let name: String = kit::format::full_time(kernel::zone_or_home(""), now)
        .chars()
        .map(|c| if c.is_ascii_digit() { c } else { '-' })
        .collect();
    let target = folder.join(format!("before-migration-{name}.db"));
    // A second start within the minute: the first copy is the one from before.
    if !target.exists() {
        db.backup_to(&target).await?;
        tracing::info!(copy = %target.display(), migrations = pending.len(), "copied the database before its schema changes");
    }
    Ok(Some(target))
}

fn write_archive(data: &Path, database: &Path, target: &Path) -> Result<(), StartError> {
    let mut zip = ZipWriter::new(File::create_new(target)?);
    add(&mut zip, DATABASE, database)?;
    add(&mut zip, "audit.key", &data.join("audit.key"))?;
    for path in files_below(&data.join("files"))? {
        let name = path.strip_prefix(data)?.to_string_lossy().replace('\\', "/");
        add(&mut zip, &name, &path)?;
    }
    zip.finish()?.sync_all()?;
    Ok(())
}

fn add(zip: &mut ZipWriter<File>, name: &str, path: &Path) -> Result<(), StartError> {
    zip.start_file(name, SimpleFileOptions::default().large_file(true))?;
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        zip.write_all(&buffer[..read])?;
    }
}

fn files_below(root: &Path) -> Result<Vec<PathBuf>, StartError> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// Restores a backup into a data directory that holds no database yet.
pub fn restore(source: &Path, data: &Path) -> Result<usize, StartError> {
    if data.join(DATABASE).exists() {
        return Err(
            format!("{} already holds a database; restore into an empty directory", data.display()).into()
        );
    }
    std::fs::create_dir_all(data)?;
    let mut zip = ZipArchive::new(File::open(source)?)?;
    if zip.by_name(DATABASE).is_err() {
        return Err("this is not a backup of aftercare".into());
    }
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index)?;
        // Names that would leave the directory are refused by `enclosed_name`.
        let name = entry.enclosed_name().ok_or("the backup holds an unsafe file name")?;
        let target = data.join(name);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&target)?;
        std::io::copy(&mut entry, &mut file)?;
        file.sync_all()?;
    }
    Ok(zip.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: db::Migration =
        db::Migration { context: "one", number: 1, name: "first", sql: "create table one (a bigint)" };
    const SECOND: db::Migration =
        db::Migration { context: "one", number: 2, name: "second", sql: "create table two (a bigint)" };

    #[tokio::test]
    async fn a_database_is_copied_before_its_schema_changes() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let url = crate::embedded_url(dir.path());
        let db = Db::open(&url, &db::Options::default()).await.expect("a database");
        let now = kernel::Ts::parse("2026-11-22T01:02:03Z").expect("a time");
        let copied = async |migrations: &[db::Migration]| {
            before_migration(&db, dir.path(), migrations, now).await.expect("looked")
        };
        assert_eq!(copied(&[FIRST]).await, None, "a new database has nothing to lose");
        db.migrate(&[FIRST], now).await.expect("migrated");
        assert_eq!(copied(&[FIRST]).await, None, "nothing to do");
        let copy = copied(&[FIRST, SECOND]).await.expect("a copy");
        assert!(copy.ends_with("backups/before-migration-2026-11-22-09-02.db"), "{}", copy.display());
        db.migrate(&[FIRST, SECOND], now).await.expect("migrated");
        let old =
            Db::open(&format!("sqlite:{}", copy.display()), &db::Options::default()).await.expect("it opens");
        assert_eq!(old.pending(&[FIRST, SECOND]).await.expect("read").len(), 1, "it is as it was before");
    }
}
