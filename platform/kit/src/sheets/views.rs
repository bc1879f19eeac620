//! Markup of the import pages.

use kernel::{Id, Lang, T};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Form, Row, Table, Tone};

use super::{
    batch::{Batch, BatchOut, BatchState, Report},
    engine::File,
    spec::SheetSpec,
};
use crate::{
    Cx, FormErrors, format,
    tabular::{ColumnSpec, OneOrMany, describe},
};

fn heads(cx: &Cx, texts: &[T]) -> Vec<Col> {
    texts.iter().map(|text| Col::new(cx.t(*text))).collect()
}

fn state(cx: &Cx, state: BatchState) -> Markup {
    ui::st(state.badge(), cx.t(state.label()))
}

/// All imports the caller may use, and what was imported lately.
pub fn index(cx: &Cx, kinds: &[&SheetSpec], recent: &[Batch]) -> Markup {
    let title = cx.t(T("导入", "Import"));
    let row = |spec: &&SheetSpec| {
        let required: Vec<&str> =
            (spec.columns)().iter().filter(|col| col.required).map(|col| col.label.get(cx.lang)).collect();
        let cells = vec![
            ui::id_link(&format!("/import/{}", spec.kind), cx.t(spec.title)),
            ui::mono(spec.kind),
            ui::muted(required.join(if cx.lang == Lang::Zh { "、" } else { ", " })),
        ];
        Row::new(spec.kind, cx.t(spec.title), cells).actions(template_button(cx, spec))
    };
    let cols = heads(cx, &[T("内容", "What"), T("代号", "Kind"), T("必填列", "Required columns")]);
    let nothing = ui::empty("upload", cx.t(T("没有可以导入的内容", "Nothing you may import")), "", None);
    let table = Table::new(title, cols, kinds.iter().map(row).collect()).empty(nothing).min_width("30rem");
    let body = html! {
        (ui::section(cx.t(T("可以导入", "Can be imported")), html! {}, ui::small_table(&table)))
        (history(cx, recent))
    };
    ui::plain_view(title, html! {}, body)
}

fn template_button(cx: &Cx, spec: &SheetSpec) -> Markup {
    html! { (Btn::link(cx.t(T("下载模板", "Template")), format!("/import/{}/template", spec.kind)).icon("download").ghost().sm()) }
}

fn history(cx: &Cx, recent: &[Batch]) -> Markup {
    if recent.is_empty() {
        return html! {};
    }
    let title = cx.t(T("最近的批次", "Recent batches"));
    let row = |batch: &Batch| {
        let report: Report = batch.report(cx).unwrap_or_default();
        let cells = vec![
            ui::id_link(&format!("/import/batches/{}", batch.id), &batch.file_name),
            ui::mono(&batch.kind),
            state(cx, batch.state),
            ui::num(report.rows),
            ui::num(report.problem_count),
            ui::num(format::time(cx, batch.at)),
        ];
        Row::new(batch.id, &batch.file_name, cells)
    };
    let cols = heads(
        cx,
        &[
            T("文件", "File"),
            T("代号", "Kind"),
            T("状态", "State"),
            T("行数", "Rows"),
            T("问题", "Problems"),
            T("时间", "When"),
        ],
    );
    ui::section(
        title,
        html! {},
        ui::small_table(&Table::new(title, cols, recent.iter().map(row).collect()).min_width("40rem")),
    )
}

/// Upload of one kind.
pub fn kind(cx: &Cx, spec: &SheetSpec, recent: &[Batch], errors: &FormErrors) -> Markup {
    let hint = T(
        "XLSX 或 CSV，第一行是列名；列名不同也可以，下一步对应",
        "XLSX or CSV with column names in the first row; other names are mapped in the next step",
    );
    let form = Form::post(format!("/import/{}", spec.kind), cx.form_key()).multipart().body(html! {
        (errors.summary(cx.lang))
        (ui::upload_box(cx.lang, "file", ".xlsx,.xlsm,.csv,.tsv,.txt", false, cx.t(hint)))
        (ui::form_buttons(&[Btn::submit(cx.t(T("上传", "Upload"))), Btn::link(cx.t(T("返回", "Back")), "/import")]))
    });
    let columns = (spec.columns)();
    let row = |col: &ColumnSpec| {
        let cells = vec![
            label(cx, col),
            ui::mono(col.key),
            html! { (describe(col.kind, cx.lang)) },
            ui::muted(col.example),
        ];
        Row::new(col.key, col.label.get(cx.lang), cells)
    };
    let title = cx.t(T("列", "Columns"));
    let cols =
        heads(cx, &[T("列名", "Name"), T("字段", "Field"), T("内容", "Content"), T("示例", "Example")]);
    let table =
        ui::small_table(&Table::new(title, cols, columns.iter().map(row).collect()).min_width("36rem"));
    let body = html! { (form) (ui::section(title, template_button(cx, spec), table)) (history(cx, recent)) };
    ui::plain_view(
        &format!("{} · {}", cx.t(T("导入", "Import")), cx.t(spec.title)),
        template_button(cx, spec),
        body,
    )
}

fn label(cx: &Cx, col: &ColumnSpec) -> Markup {
    html! { (col.label.get(cx.lang)) @if col.required { " " (ui::red("*")) } }
}

/// The first values of a column, to recognise it by.
fn sample(file: &File, key: &str) -> String {
    let Some(index) = file.mapping.column_of(key, &file.table.header) else { return String::new() };
    let cells = file
        .table
        .rows
        .iter()
        .take(50)
        .filter_map(|row| row.cells.get(index))
        .filter(|cell| !cell.is_empty());
    let short = |cell: &String| cell.chars().take(24).collect::<String>();
    cells.take(3).map(short).collect::<Vec<_>>().join(" · ")
}

/// Which column feeds which field.
pub fn map(cx: &Cx, spec: &SheetSpec, batch: &Batch, file: &File, toml: &str, errors: &FormErrors) -> Markup {
    let choices: Vec<(String, String)> =
        file.table.header.iter().map(|name| (name.clone(), name.clone())).collect();
    let row = |col: &ColumnSpec| {
        let name = format!("col.{}", col.key);
        let text = col.label.get(cx.lang);
        let source = file
            .mapping
            .column_of(col.key, &file.table.header)
            .and_then(|index| file.table.header.get(index));
        let select = Field::select(&name, text)
            .bare()
            .options(choices.clone())
            .blank(cx.t(T("不导入", "Leave out")))
            .maybe(source);
        let default = Field::text(&format!("def.{}", col.key), cx.t(T("默认值", "Default")))
            .bare()
            .maybe(file.mapping.defaults.get(col.key));
        let cells =
            vec![label(cx, col), html! { (select) }, html! { (default) }, ui::small(sample(file, col.key))];
        Row::new(col.key, text, cells)
    };
    let cols = heads(
        cx,
        &[
            T("字段", "Field"),
            T("文件中的列", "Column of the file"),
            T("空时填", "If empty"),
            T("内容示例", "First values"),
        ],
    );
    let title = cx.t(T("对应列", "Map columns"));
    let table =
        ui::small_table(&Table::new(title, cols, file.columns.iter().map(row).collect()).min_width("44rem"));
    let unused: Vec<&String> = file
        .table
        .header
        .iter()
        .filter(|name| !file.mapping.columns.values().any(|used| used == *name))
        .collect();
    let form = Form::post(format!("/import/batches/{}/check", batch.id), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (table)
        @if !unused.is_empty() {
            (ui::muted(T("文件中未用的列：{list}", "Columns not used: {list}").fill(cx.lang, &[("list", unused.iter().map(|s| s.as_str()).collect::<Vec<_>>().join("、"))])))
        }
        (ui::fieldset(cx.t(T("读法", "How to read")), "", options(cx, file, toml, errors)))
        (ui::form_buttons(&[Btn::submit(cx.t(T("检查（不保存）", "Check, keep nothing"))), Btn::link(cx.t(T("换一个文件", "Another file")), format!("/import/{}", spec.kind))]))
    });
    let facts = T("{rows} 行 · {columns} 列 · {encoding}", "{rows} rows · {columns} columns · {encoding}")
        .fill(
            cx.lang,
            &[
                ("rows", file.table.rows.len().to_string()),
                ("columns", file.table.header.len().to_string()),
                ("encoding", file.table.encoding.to_string()),
            ],
        );
    ui::plain_view(&format!("{} · {}", cx.t(spec.title), batch.file_name), ui::muted(facts), form)
}

fn options(cx: &Cx, file: &File, toml: &str, errors: &FormErrors) -> Markup {
    let format = match &file.mapping.dates.format {
        OneOrMany::One(format) => format.clone(),
        OneOrMany::Many(formats) => formats.first().cloned().unwrap_or_default(),
    };
    let orders = [
        ("d/m/y", T("日/月/年", "day/month/year")),
        ("m/d/y", T("月/日/年", "month/day/year")),
        ("d/m/yy", T("日/月/两位年", "day/month/two-digit year")),
    ];
    let dates = Field::select("dates", cx.t(T("日期顺序", "Order of dates")))
        .options(orders.map(|(code, text)| (code, cx.t(text))))
        .blank(cx.t(T("年-月-日", "year-month-day")))
        .value(format);
    let empty = Field::text("empty", cx.t(T("视为空的文字", "Texts that mean nothing")))
        .value(file.mapping.empty.texts.join(", "))
        .hint(cx.t(T("用逗号分隔，如 NA, #NAME?", "Separated by commas, such as NA, #NAME?")));
    let toml = Field::area("toml", cx.t(T("映射文件（TOML，可不填）", "Mapping file (TOML, optional)")), 3)
        .hint(cx.t(T(
            "可写值的对照，如 [values.urgency] \"P1\" = \"urgent\"；写了的以它为准",
            "May translate values, such as [values.urgency] \"P1\" = \"urgent\"; what it says wins",
        )))
        .value(toml)
        .error(errors.of("toml"))
        .full();
    html! { (dates) (empty) (toml) }
}

/// The work of a batch while it runs.
pub fn progress(cx: &Cx, out: &BatchOut, id: Id) -> Markup {
    let (done, total, note) = match &out.job {
        Some(job) => (job.done, job.total, job.error.clone().unwrap_or_default()),
        None => (0, 0, String::new()),
    };
    let stop = Btn::new(cx.t(T("中止", "Stop")))
        .icon("player-stop")
        .sm()
        .post(format!("/import/batches/{id}/cancel"));
    let url = format!("/import/batches/{id}/progress");
    ui::job_progress(cx.lang, Some(&url), cx.t(out.state.label()), done, total, &note, &[stop])
}

fn numbers(cx: &Cx, report: &Report) -> Markup {
    let (created, updated) = if report.dry_run {
        (T("将新建", "Would be created"), T("将更新", "Would be updated"))
    } else {
        (T("新建", "Created"), T("更新", "Updated"))
    };
    let facts = [
        (T("行数", "Rows"), report.rows),
        (created, report.created),
        (updated, report.updated),
        (T("跳过", "Skipped"), report.skipped),
        (T("问题", "Problems"), report.problem_count),
    ];
    ui::dl(&facts.map(|(text, n)| ui::Def::new(cx.t(text), ui::num(n))))
}

fn problems(cx: &Cx, report: &Report) -> Markup {
    if report.problems.is_empty() {
        return html! {};
    }
    let title = cx.t(T("问题", "Problems"));
    let row = |problem: &super::batch::ProblemRow| {
        let cells = vec![
            ui::num(problem.row),
            ui::or_none(problem.column.as_deref()),
            html! { (problem.message) },
            ui::mono(&problem.code),
        ];
        Row::new(problem.row, problem.row.to_string(), cells)
    };
    let cols = heads(cx, &[T("行", "Row"), T("列", "Column"), T("问题", "Problem"), T("代码", "Code")]);
    let table = ui::small_table(
        &Table::new(title, cols, report.problems.iter().map(row).collect()).min_width("40rem"),
    );
    let more = report.problem_count > report.problems.len();
    ui::section(
        title,
        html! {},
        html! { (table) @if more { (ui::muted(T("只显示前 {n} 个", "Only the first {n} are shown").fill(cx.lang, &[("n", report.problems.len().to_string())]))) } },
    )
}

fn diff(cx: &Cx, report: &Report) -> Markup {
    let title = cx.t(if report.dry_run {
        T("将发生的变化", "What would change")
    } else {
        T("变化", "What changed")
    });
    let mut rows = Vec::new();
    for change in &report.changes {
        let action = if change.action == "create" {
            ui::tag(Tone::Green, cx.t(T("新建", "create")))
        } else {
            ui::tag(Tone::Blue, cx.t(T("更新", "update")))
        };
        let fields = html! {
            @for field in &change.fields {
                div { (ui::muted(&field.label)) " " @if !field.old.is_empty() { s { (field.old) } " → " } (field.new) }
            }
        };
        rows.push(Row::new(change.row, change.row.to_string(), vec![ui::num(change.row), action, fields]));
    }
    if rows.is_empty() {
        return html! {};
    }
    let cols = vec![
        Col::new(cx.t(T("行", "Row"))).width("5rem"),
        Col::new(cx.t(T("动作", "Action"))).width("6rem"),
        Col::new(title),
    ];
    let note = T("前 {n} 行", "first {n} rows").fill(cx.lang, &[("n", report.changes.len().to_string())]);
    ui::section(title, ui::small(note), ui::small_table(&Table::new(title, cols, rows).min_width("30rem")))
}

fn buttons(cx: &Cx, out: &BatchOut, id: Id, stuck: bool) -> Markup {
    let post = |action: &str, btn: Btn| {
        ui::post_button(&format!("/import/batches/{id}/{action}"), cx.form_key(), btn)
    };
    let good = out.report.created + out.report.updated;
    let undo = || {
        let question = T(
            "撤销整批导入？共 {n} 条新建或更新的记录将恢复原样。",
            "Take the whole batch back? {n} records that were created or changed go back to what they were.",
        );
        let question = question.fill(cx.lang, &[("n", good.to_string())]);
        post(
            "undo",
            Btn::new(cx.t(T("撤销整批", "Undo all"))).icon("arrow-back-up").danger().confirm(question),
        )
    };
    let map =
        Btn::link(cx.t(T("修改列对应", "Change the mapping")), format!("/import/batches/{id}?step=map"));
    html! {
        @match out.state {
            BatchState::Checked => {
                (map)
                @if good > 0 { (post("start", Btn::new(T("导入 {n} 行", "Import {n} rows").fill(cx.lang, &[("n", good.to_string())])).primary())) }
            }
            BatchState::Failed => { (map) @if good > 0 { (undo()) } }
            BatchState::Cancelled => { (post("start", Btn::new(cx.t(T("继续导入", "Go on"))))) (undo()) }
            BatchState::Done if good > 0 => { (undo()) }
            BatchState::Running if stuck => { (post("start", Btn::new(cx.t(T("重试", "Try again"))).primary())) }
            BatchState::Checking if stuck => { (post("cancel", Btn::new(cx.t(T("返回列对应", "Back to the mapping"))))) }
            _ => {}
        }
    }
}

/// A batch after it was mapped.
pub fn batch(cx: &Cx, out: &BatchOut, id: Id, stuck: bool, errors: &FormErrors) -> Markup {
    let live = matches!(out.state, BatchState::Checking | BatchState::Running) && !stuck;
    let body = html! {
        (errors.summary(cx.lang))
        @if live { (progress(cx, out, id)) } @else {
            @if stuck { (ui::alert(Tone::Red, cx.t(T("后台任务没有完成", "The background work did not finish")))) }
            @if out.state == BatchState::Checked { (ui::alert(Tone::Blue, cx.t(T("这是试运行的结果，还没有保存任何内容", "This is a dry run: nothing has been saved yet")))) }
            (numbers(cx, &out.report))
            (problems(cx, &out.report))
            (diff(cx, &out.report))
        }
    };
    let actions = html! { (state(cx, out.state)) (buttons(cx, out, id, stuck)) (Btn::link(cx.t(T("全部导入", "All imports")), "/import").ghost()) };
    ui::plain_view(&out.file_name, actions, body)
}
