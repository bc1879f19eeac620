//! `aftercare import KIND FILE`: the same code as the pages, while the caller waits.

use std::path::{Path, PathBuf};

use kernel::{Id, Lang, RuleError, T};

use super::service;
use crate::{
    Cx, Result,
    tabular::{ImportReport, Mapping, RowAction},
};

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Tell what would happen and keep nothing.
    pub dry_run: bool,
    /// `--map serial=机身号,bought="Purchase date"`, repeatable.
    pub map: Vec<String>,
    /// `--map-file FILE`: a mapping in TOML, see `docs/importing.md`. Flags win over it.
    pub map_file: Option<PathBuf>,
}

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    /// The batch that can be undone; none after a dry run.
    pub batch: Option<Id>,
    /// What happened.
    pub report: ImportReport,
}

fn unreadable(path: &Path, error: &std::io::Error) -> crate::Error {
    RuleError::new("import.file", T("读不到文件 {path}：{error}", "Can't read {path}: {error}"))
        .arg("path", path.display())
        .arg("error", error)
        .into()
}

/// The mapping of flags over that of the file.
fn mapping(options: &Options) -> Result<Mapping> {
    let mut mapping = match &options.map_file {
        Some(path) => {
            Mapping::from_toml(&std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?)?
        }
        None => Mapping::default(),
    };
    for flag in &options.map {
        mapping = mapping.merged(Mapping::from_flag(flag)?);
    }
    Ok(mapping)
}

/// Imports a file as the actor of `cx`, whose organisation new records belong to: use a real account, not the
/// system's.
///
/// Errors: the kind is unknown (404), the file or the mapping can't be used. Problems of rows are in the report.
pub async fn import(cx: &Cx, kind: &str, path: &Path, options: &Options) -> Result<Imported> {
    let mapping = mapping(options)?;
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if options.dry_run {
        let report = service::preview(cx, kind, &name, &bytes, mapping).await?;
        return Ok(Imported { batch: None, report });
    }
    let (batch, report) = service::run_now(cx, kind, &name, bytes, mapping).await?;
    Ok(Imported { batch: Some(batch), report })
}

/// Rows of the diff that the text form prints.
const SHOWN: usize = 40;

impl Imported {
    /// For a terminal, or with `json` the one object that scripts read.
    pub fn text(&self, lang: Lang, json: bool) -> String {
        let report = self.report.in_lang(lang);
        if json {
            return serde_json::to_string(&report).unwrap_or_default();
        }
        let head = if self.batch.is_some() {
            T(
                "共 {rows} 行：新建 {created}，更新 {updated}，跳过 {skipped}",
                "{rows} rows: {created} created, {updated} updated, {skipped} skipped",
            )
        } else {
            T(
                "试运行，没有保存。共 {rows} 行：将新建 {created}，更新 {updated}，跳过 {skipped}",
                "Dry run, nothing was saved. {rows} rows: {created} would be created, {updated} updated, {skipped} skipped",
            )
        };
        let number = |name: &'static str, n: usize| (name, n.to_string());
        let args = [
            number("rows", report.rows),
            number("created", report.created),
            number("updated", report.updated),
            number("skipped", report.skipped),
        ];
        let mut lines = vec![head.fill(lang, &args)];
        if self.batch.is_none() {
            lines.extend(self.diff(lang));
        }
        for problem in &report.problems {
            let column = problem.column.as_deref().map(|c| format!(" [{c}]")).unwrap_or_default();
            let row = T("第 {row} 行", "row {row}").fill(lang, &[("row", problem.row.to_string())]);
            lines.push(format!("{row}{column}: {} ({})", problem.message, problem.code));
        }
        if let Some(batch) = self.batch {
            lines.push(
                T("批次 {id} 可以在导入页面整批撤销", "Batch {id} can be undone on the import page")
                    .fill(lang, &[("id", batch.to_string())]),
            );
        }
        lines.join("\n")
    }

    fn diff(&self, lang: Lang) -> Vec<String> {
        let rows = self.report.outcomes_in(lang);
        let mut lines = Vec::new();
        for row in rows.iter().filter(|row| !row.changes.is_empty()).take(SHOWN) {
            if row.action == RowAction::Create {
                let told = row.changes.iter().map(|change| format!("{} {}", change.label, change.new));
                lines.push(format!("{} {:?} {}", row.row, row.action, told.collect::<Vec<_>>().join(" · ")));
                continue;
            }
            for change in &row.changes {
                lines.push(format!(
                    "{} {:?} {}: {} → {}",
                    row.row, row.action, change.label, change.old, change.new
                ));
            }
        }
        lines
    }
}
