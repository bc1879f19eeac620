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
