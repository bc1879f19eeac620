//! Markup of the dashboard. Every figure says how it is computed and leads to the orders behind it.

use kernel::{Date, Money, T};
use kit::{
    Cx, format,
    lists::{Filter, Group, Op},
};
use maud::{Markup, html};
use orders::api::{CallbackClass, State};
use ui::{Btn, Col, Field, Render, Row, Span, Stat, Table};

use super::{
    formulas::formulas,
    model::{Area, Board, Faults, KindLine, League, MonthCount, OpenState, PartOrder, Period, Rate},
    rules,
    store::DONE_STAGES,
};

/// A share for people: `94.1`; a dash of nothing.
fn percent(rate: Rate) -> String {
    rate.bp().map_or_else(|| "—".into(), |bp| format!("{}.{}", (bp + 5) / 100, (bp + 5) / 10 % 10))
}

/// Address of the orders that fit a filter.
fn orders(filter: &str) -> String {
    let text: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    format!("/orders?filter={text}")
}

fn opened(period: Period) -> String {
    format!("created_at~gte~{};created_at~lte~{}", period.from, period.to)
}

fn done(period: Period) -> String {
    format!("done_at~gte~{};done_at~lte~{}", period.from, period.to)
}

/// Change of a count in percent of what it was, as an arrow reads it.
fn growth(now: i64, before: i64) -> Option<String> {
    let change = (now - before) * 100 / before.max(1);
    // Where nothing changed there is no arrow, neither up nor down.
    (before > 0 && change != 0).then(|| format!("{change}%"))
}

/// Change of a share in points.
fn points(now: Rate, before: Rate) -> Option<(String, bool)> {
    let change = rules::change(now, before).filter(|change| change.abs() >= 10)?;
    let sign = if change < 0 { "-" } else { "" };
    Some((format!("{sign}{}.{} pt", change.abs() / 100, change.abs() / 10 % 10), change >= 0))
}

/// The page.
pub fn page(cx: &Cx, board: &Board) -> Markup {
    let to = |from: Date, to: Date| format!("/reports?from={from}&to={to}");
    let today = format::date_of(cx, board.at);
    let month = today.first_of_month();
    let last = month.plus_days(-1);
    let spans = [
        (T("今天", "Today"), today, today),
        (T("近 7 天", "7 days"), today.plus_days(-6), today),
        (T("本月", "This month"), month, today),
        (T("上月", "Last month"), last.first_of_month(), last),
        (T("近 90 天", "90 days"), today.plus_days(-89), today),
    ];
    let segments = spans.map(|(label, from, until)| {
        let current = (board.period.from, board.period.to) == (from, until);
        (cx.t(label).to_string(), to(from, until), current)
    });
    let note = format!(
        "{} {} {}，{} {}",
        board.period.from,
        cx.t(T("至", "to")),
        board.period.to,
        cx.t(T("数据截至", "as of")),
        format::time(cx, board.at)
    );
    let actions =
        html! { (ui::segmented(cx.t(T("区间", "Period")), &segments)) (download(cx, board, "totals")) };
    let body = html! {
        (ui::small(note))
        (dates(cx, board.period))
        (totals(cx, board))
        (ui::dashboard(&[
            (Span::Full, ui::card(cx.t(T("受理与完工", "Opened and done")), download(cx, board, "days"), days(cx, board))),
            (Span::Half, ui::card(cx.t(T("在手工单", "Open orders")), download(cx, board, "open"), open(cx, &board.open, today))),
            (Span::Half, ui::card(cx.t(T("各月故障", "Faults by month")), download(cx, board, "months"), months(cx, board))),
            (Span::Half, ui::card(cx.t(T("工程师", "Engineers")), download(cx, board, "engineers"), league(cx, board, &board.engineers, "engineer_id", T("工程师", "Engineers")))),
            (Span::Half, ui::card(cx.t(T("网点", "Outlets")), download(cx, board, "outlets"), league(cx, board, &board.outlets, "org_id", T("网点", "Outlets")))),
            (Span::Half, ui::card(cx.t(T("机型故障", "Faults by model")), download(cx, board, "models"), models(cx, board))),
            (Span::Half, ui::card(cx.t(T("区域", "Areas")), download(cx, board, "regions"), regions(cx, board))),
            (Span::TwoThirds, ui::card(cx.t(T("用得最多的备件", "Parts used most")), download(cx, board, "parts"), parts(cx, board))),
            (Span::Third, ui::card(cx.t(T("回访结果", "Callback results")), download(cx, board, "classes"), classes(cx, board))),
            (Span::TwoThirds, ui::card(cx.t(T("流程单据", "Process documents")), download(cx, board, "documents"), documents(cx, board))),
            (Span::Third, ui::card(cx.t(T("指标口径", "How figures are computed")), html! {}, formulas(cx))),
        ]))
    };
    ui::plain_view(cx.t(T("经营看板", "Dashboard")), actions, body)
}

/// Any other days.
fn dates(cx: &Cx, period: Period) -> Markup {
    let day = |name: &str, label: T, day: Date| Field::date(name, cx.t(label)).bare().value(day).render();
    let fields = [
        day("from", T("从", "From"), period.from),
        day("to", T("到", "To"), period.to),
        Btn::submit(cx.t(T("查看", "Show"))).sm().render(),
    ];
    html! { form method="get" action="/reports" { (ui::row(&fields)) } }
}

fn download(cx: &Cx, board: &Board, table: &str) -> Markup {
    let href = format!("/reports/{table}/export?from={}&to={}", board.period.from, board.period.to);
    html! { @if cx.can(&kit::lists::EXPORT) { (Btn::link(cx.t(T("导出", "Export")), href).icon("download").sm()) } }
}

fn totals(cx: &Cx, board: &Board) -> Markup {
    let (now, before, period) = (&board.totals, &board.totals_before, board.period);
    let earlier = cx.t(T("较上期", "on the period before"));
    let count = |label: T, value: i64, was: i64, filter: String, spark: Vec<f64>| {
        let stat = Stat::new(cx.t(label), value).href(orders(&filter)).spark(spark).note(earlier);
        match growth(value, was) {
            Some(text) => stat.delta(text, value >= was),
            None => stat,
        }
    };
    let share = |label: T, rate: Rate, was: Rate, filter: String| {
        let stat = Stat::new(cx.t(label), percent(rate))
            .unit("%")
            .href(orders(&filter))
            .note(format!("{}/{}", rate.hits, rate.of));
        match points(rate, was) {
            Some((text, good)) => stat.delta(text, good),
            None => stat,
        }
    };
    let repeat = {
        let stat = Stat::new(cx.t(T("重复维修率", "Repeat repairs")), percent(now.repeat))
            .unit("%")
            .href(orders(&format!("{};repeat_round~gte~1", opened(period))))
            .note(format!("{}/{}", now.repeat.hits, now.repeat.of));
        // More repeats are worse, whatever the arrow says.
        match points(now.repeat, before.repeat) {
            Some((text, up)) => stat.delta(text.clone(), !up || text.starts_with("0.0")),
            None => stat,
        }
    };
    let tenths = rules::repair_tenths(now).map_or_else(|| "—".into(), |n| format!("{}.{}", n / 10, n % 10));
    ui::stats(&[
        count(
            T("受理工单", "Opened"),
            now.taken,
            before.taken,
            opened(period),
            board.days.iter().map(|d| d.taken as f64).collect(),
        ),
        count(
            T("完工工单", "Done"),
            now.done,
            before.done,
            done(period),
            board.days.iter().map(|d| d.done as f64).collect(),
        ),
        share(T("按时率", "On time"), now.on_time, before.on_time, format!("{};late~empty~", done(period))),
        share(
            T("一次修复率", "Fixed first time"),
            now.first_fix,
            before.first_fix,
            format!("{};fix_class~eq~first", done(period)),
        ),
        repeat,
        share(
            T("满意率", "Satisfied"),
            now.satisfied,
            before.satisfied,
            format!("{};callback_class~eq~satisfied", done(period)),
        ),
        complaints(cx, board),
        Stat::new(cx.t(T("平均完工用时", "Time to done")), tenths)
            .unit(cx.t(T("小时", "h")))
            .href(orders(&done(period))),
        Stat::new(cx.t(T("完工金额", "Value done")), now.gross.to_string())
            .unit(cx.t(T("元", "CNY")))
            .href(orders(&done(period))),
    ])
}

/// Complaints, and how many there are to a hundred orders.
fn complaints(cx: &Cx, board: &Board) -> Stat {
    let (now, before) = (board.totals.complaints, board.totals_before.complaints);
    // A draft is no complaint yet, and one that was dropped is none any more.
    let filter = format!("topic~eq~complaint;state~nin~draft,dropped;{}", opened(board.period));
    let text: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    let rate = rules::per_hundred_tenths(now, board.totals.taken).map_or_else(String::new, |tenths| {
        format!("{}.{} {}", tenths / 10, tenths % 10, cx.t(T("起/百单", "per 100 orders")))
    });
    let stat =
        Stat::new(cx.t(T("投诉", "Complaints")), now).href(format!("/requests?filter={text}")).note(rate);
    match growth(now, before) {
        // More complaints are worse, whatever the arrow says.
        Some(text) => stat.delta(text, now <= before),
        None => stat,
    }
}

fn days(cx: &Cx, board: &Board) -> Markup {
    let steps: Vec<String> =
        board.days.iter().map(|d| format!("{}-{:02}", d.day.month(), d.day.day())).collect();
    let line = |of: fn(&super::model::DayCount) -> i64| board.days.iter().map(|d| of(d) as f64).collect();
    ui::trend(
        cx.t(T("每日受理与完工", "Opened and done by day")),
        &steps,
        &[(cx.t(T("受理", "Opened")), line(|d| d.taken)), (cx.t(T("完工", "Done")), line(|d| d.done))],
    )
}

/// Heads of the columns of age.
pub const AGE_HEADS: [T; 4] =
    [T("今天", "today"), T("1–2 天", "1–2 days"), T("3–6 天", "3–6 days"), T("7 天以上", "7 days and more")];

fn open(cx: &Cx, states: &[OpenState], today: Date) -> Markup {
    let mut cols = vec![Col::new(cx.t(T("状态", "State")))];
    cols.extend(AGE_HEADS.iter().map(|head| Col::new(cx.t(*head)).right()));
    let rows = states
        .iter()
        .map(|line| {
            let label = state_label(cx, &line.state);
            let mut cells = vec![ui::link(&orders(&format!("state~eq~{}", line.state)), label)];
            cells.extend(line.ages.iter().enumerate().map(|(age, count)| {
                let text = ui::num(count);
                if *count == 0 {
                    return text;
                }
                let (from, until) = rules::age_days(age, today);
                let mut filter = format!("state~eq~{}", line.state);
                filter.extend(from.map(|day| format!(";created_at~gte~{day}")));
                filter.extend(until.map(|day| format!(";created_at~lte~{day}")));
                ui::link(&orders(&filter), if age == 3 { ui::red(text) } else { text })
            }));
            Row::new(&line.state, label, cells)
        })
        .collect();
    ui::small_table(
        &Table::new(cx.t(T("在手工单", "Open orders")), cols, rows).min_width("0").empty(nothing(cx)),
    )
}

fn nothing(cx: &Cx) -> Markup {
    ui::empty("checks", cx.t(T("这段时间没有数据", "Nothing in these days")), "", None)
}

/// What people call a state.
pub fn state_label<'a>(cx: &Cx, code: &'a str) -> &'a str {
    State::OPTIONS.iter().find(|(c, _)| *c == code).map_or(code, |(_, label)| cx.t(*label))
}

/// What people call a result of a callback.
pub fn class_label<'a>(cx: &Cx, code: &'a str) -> &'a str {
    CallbackClass::OPTIONS.iter().find(|(c, _)| *c == code).map_or(code, |(_, label)| cx.t(*label))
}

fn league(cx: &Cx, board: &Board, lines: &[League], key: &str, of: T) -> Markup {
    let heads =
        [T("完工", "Done"), T("按时", "On time"), T("一次修复", "First time"), T("满意", "Satisfied")];
    let mut cols = vec![Col::new(cx.t(T("名称", "Name")))];
    cols.extend(heads.iter().map(|head| Col::new(cx.t(*head)).right()));
    let share = |rate: Rate| ui::num(if rate.of == 0 { "—".into() } else { format!("{}%", percent(rate)) });
    let rows = lines
        .iter()
        .map(|line| {
            let href = orders(&format!("{};{key}~eq~{}", done(board.period), line.id));
            let cells = vec![
                ui::link(&href, &line.name),
                ui::num(line.done),
                share(line.on_time),
                share(line.first_fix),
                share(line.satisfied),
            ];
            Row::new(line.id, &line.name, cells)
        })
        .collect();
    ui::small_table(
        &Table::new(format!("{} · {}", cx.t(T("排名", "League table")), cx.t(of)), cols, rows)
            .min_width("0")
            .empty(nothing(cx)),
    )
}

/// A line of a ranking: name, count, the orders behind it, and what else there is to say.
struct Bar {
    name: String,
    count: i64,
    href: String,
    note: Option<Markup>,
}

/// Bars whose names lead to the orders.
fn bars(cx: &Cx, of: T, items: Vec<Bar>) -> Markup {
    if items.is_empty() {
        return nothing(cx);
    }
    let cols = vec![Col::new(cx.t(T("名称", "Name"))), Col::new(cx.t(T("数量", "Count"))).right()];
    let most = items.iter().map(|item| item.count).max().unwrap_or(1).max(1);
    let rows = items
        .into_iter()
        .map(|Bar { name, count, href, note }| {
            let share = count as f64 * 100.0 / most as f64;
            let mut lines = vec![ui::link(&href, &name)];
            lines.extend(note.map(ui::small));
            lines.push(ui::meter(&name, share, ui::Tone::Blue));
            let cell = ui::stack(&lines);
            Row::new(&href, &name, vec![cell, ui::num(count)])
        })
        .collect();
    let caption = format!("{} · {}", cx.t(T("排名", "Ranking")), cx.t(of));
    ui::small_table(&Table::new(caption, cols, rows).min_width("0"))
}

fn classes(cx: &Cx, board: &Board) -> Markup {
    let line = |(code, count): &(String, i64)| {
        let href = orders(&format!("{};callback_class~eq~{code}", done(board.period)));
        Bar { name: class_label(cx, code).to_string(), count: *count, href, note: None }
    };
    bars(cx, T("回访结果", "Callback results"), board.classes.iter().map(line).collect())
}

/// Filter of the orders that are faults.
const FAULTS: &str = "fault~eq~true";

fn models(cx: &Cx, board: &Board) -> Markup {
    let line = |model: &Faults| {
        let href = orders(&format!("{};{FAULTS};model_id~eq~{}", opened(board.period), model.model_id));
        let rate = units_rate(cx, model.faults, model.units);
        let note = html! { (rate) @if !rate.is_empty() { " · " } (earlier(cx, model.faults_before)) };
        Bar { name: model.name.clone(), count: model.faults, href, note: Some(note) }
    };
    bars(cx, T("机型", "Models"), board.models.iter().map(line).collect())
}

/// Faults of a year month by month, newest first: whether it gets better.
fn months(cx: &Cx, board: &Board) -> Markup {
    let line = |month: &MonthCount| {
        let rate = per_100_units(cx, month.faults, board.units);
        Bar {
            name: format!("{}-{:02}", month.from.year(), month.from.month()),
            count: month.faults,
            href: orders(&format!("{};{FAULTS}", opened(Period { from: month.from, to: month.to }))),
            note: rate.map(|rate| html! { (rate) }),
        }
    };
    // Months before the first fault, of a young company most of them, say nothing.
    let first = board.months.iter().position(|month| month.faults > 0).unwrap_or(board.months.len());
    bars(cx, T("月份", "Months"), board.months[first..].iter().rev().map(line).collect())
}

/// Faults per hundred units with one decimal; none where no unit is recorded.
fn per_100_units(cx: &Cx, faults: i64, units: i64) -> Option<String> {
    let tenths = rules::per_hundred_tenths(faults, units)?;
    Some(format!("{}.{} {}", tenths / 10, tenths % 10, cx.t(T("次/百台", "per 100 units"))))
}

/// Units behind faults, and faults per hundred of them with one decimal; nothing where no unit is recorded.
fn units_rate(cx: &Cx, faults: i64, units: i64) -> String {
    per_100_units(cx, faults, units)
        .map_or_else(String::new, |rate| format!("{units} {} · {rate}", cx.t(T("台", "units"))))
}

/// How many there were in the period before (REP-03: by period).
fn earlier(cx: &Cx, count: i64) -> String {
    format!("{} {count}", cx.t(T("上期", "before:")))
}

fn regions(cx: &Cx, board: &Board) -> Markup {
    let line = |area: &Area| {
        let (name, filter) = if area.region.is_empty() {
            (cx.t(T("未登记", "not said")).to_string(), "region~empty~".to_string())
        } else {
            // Names of areas are typed by people: what means something in a filter is written out.
            let is = Filter { key: "region".into(), op: Op::Eq, value: area.region.clone() };
            (area.region.clone(), Group(vec![vec![is]]).text())
        };
        let filter = format!("{};{filter}", opened(board.period));
        let faults = ui::link(&orders(&format!("{filter};{FAULTS}")), area.faults);
        let rate = units_rate(cx, area.faults, area.units);
        let note = html! {
            (cx.t(T("故障", "faults"))) " " (faults) " · " (rate) @if !rate.is_empty() { " · " } (earlier(cx, area.faults_before))
        };
        Bar { name, count: area.orders, href: orders(&filter), note: Some(note) }
    };
    bars(cx, T("区域", "Areas"), board.regions.iter().map(line).collect())
}

fn parts(cx: &Cx, board: &Board) -> Markup {
    let cols = vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("备件", "Part"))),
        Col::new(cx.t(T("数量", "Quantity"))).right(),
        Col::new(cx.t(T("工单", "Orders"))).right(),
        Col::new(cx.t(T("故障", "Faults"))).right(),
        Col::new(cx.t(T("每百维修单", "Per 100 repairs"))).right(),
        Col::new(cx.t(T("上期故障", "Faults before"))).right(),
        Col::new(cx.t(T("金额", "Value"))).right(),
    ];
    let rate = |faults: i64| {
        rules::per_hundred_tenths(faults, board.totals.repaired)
            .map_or_else(|| "—".into(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
    };
    let href = |code: &str, more: &str| {
        let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
        format!("/reports/part-orders?code={code}&from={}&to={}{more}", board.period.from, board.period.to)
    };
    let rows = board
        .parts
        .iter()
        .map(|line| {
            let part = &line.part;
            let cells = vec![
                ui::mono(&part.code),
                html! { (part.name) },
                ui::num(format::qty(part.quantity)),
                ui::link(&href(&part.code, ""), ui::num(part.orders)),
                ui::link(&href(&part.code, "&faults=true"), ui::num(part.faults)),
                ui::num(rate(part.faults)),
                ui::num(line.faults_before),
                ui::num(format::money(Money(part.gross.0))),
            ];
            Row::new(&part.code, &part.name, cells)
        })
        .collect();
    ui::small_table(&Table::new(cx.t(T("备件", "Parts")), cols, rows).min_width("0").empty(nothing(cx)))
}

/// What people call a kind of documents.
pub fn kind_label<'a>(cx: &Cx, line: &'a KindLine) -> &'a str {
    if cx.lang == kernel::Lang::En && !line.name_en.is_empty() { &line.name_en } else { &line.name }
}

/// Process documents by kind; every count leads to the documents.
fn documents(cx: &Cx, board: &Board) -> Markup {
    let heads = [
        T("进行中", "Running"),
        T("与客户接触", "With the customer"),
        T("企业内部", "Inside"),
        T("已超时", "Late"),
        T("办结", "Brought to an end"),
        T("平均用时（小时）", "Mean time, h"),
    ];
    let mut cols = vec![Col::new(cx.t(T("单据类型", "Kind")))];
    cols.extend(heads.iter().map(|head| Col::new(cx.t(*head)).right()));
    let href = |line: &KindLine, filter: &str| {
        let filter = format!("code~eq~{};own~eq~true;{filter}", line.code);
        let text: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        format!("/documents?filter={text}")
    };
    let (from, to) = (board.period.from, board.period.to);
    let ended = format!("ended_at~gte~{from};ended_at~lte~{to};stage~in~{}", DONE_STAGES.join(","));
    let rows = board
        .documents
        .iter()
        .map(|line| {
            let name = kind_label(cx, line);
            let late = ui::num(line.late);
            let mean = rules::mean_tenths(line.micros, line.done);
            let cells = vec![
                html! { (name) },
                ui::link(&href(line, "ended_at~empty~"), ui::num(line.running)),
                ui::link(&href(line, "ended_at~empty~;contact~eq~true"), ui::num(line.contact)),
                ui::link(
                    &href(line, "ended_at~empty~;contact~eq~false"),
                    ui::num(line.running - line.contact),
                ),
                ui::link(
                    &href(line, "ended_at~empty~;late~eq~true"),
                    if line.late > 0 { ui::red(late) } else { late },
                ),
                ui::link(&href(line, &ended), ui::num(line.done)),
                ui::num(mean.map_or_else(|| "—".into(), |n| format!("{}.{}", n / 10, n % 10))),
            ];
            Row::new(&line.code, name, cells)
        })
        .collect();
    let title = cx.t(T("流程单据", "Process documents"));
    ui::small_table(&Table::new(title, cols, rows).min_width("0").empty(nothing(cx)))
}

/// The orders behind a line of the parts.
pub fn part_orders(cx: &Cx, code: &str, period: Period, orders: &[PartOrder]) -> Markup {
    let cols = vec![
        Col::new(cx.t(T("工单", "Order"))),
        Col::new(cx.t(T("客户", "Customer"))),
        Col::new(cx.t(T("机型", "Model"))),
        Col::new(cx.t(T("完工", "Done"))),
        Col::new(cx.t(T("数量", "Quantity"))).right(),
        Col::new(cx.t(T("金额", "Value"))).right(),
    ];
    let line = |order: &PartOrder| {
        let cells = vec![
            ui::link(&format!("/orders/{}", order.id), &order.no),
            html! { (cx.mask(kit::Sens::Name, &order.customer_name)) },
            html! { (order.model_name) },
            html! { (format::time(cx, order.done_at)) },
            ui::num(format::qty(order.quantity)),
            ui::num(format::money(order.gross)),
        ];
        Row::new(order.id, &order.no, cells)
    };
    let title = cx.t(T("用了该备件的工单", "Orders that used the part"));
    let table = Table::new(title, cols, orders.iter().map(line).collect()).empty(nothing(cx));
    let back = format!("/reports?from={}&to={}", period.from, period.to);
    let body = html! {
        (ui::small(format!("{code} · {} {} {} · {}", period.from, cx.t(T("至", "to")), period.to, orders.len())))
        (ui::small_table(&table))
    };
    ui::plain_view(title, html! { (Btn::link(cx.t(T("看板", "Dashboard")), back).sm()) }, body)
}
