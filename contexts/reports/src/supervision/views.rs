//! Markup of supervision.

use kernel::{Id, T};
use kit::{Cx, format};
use maud::{Markup, html};
use ui::{Card, Col, Detail, Row, Stat, Table, Tone};

use super::model::{Item, Overview, Person, PersonDay, Source, Stand, Stuck, Work};
use crate::board::{class_label, state_label};

/// Heading.
pub const TITLE: T = T("下属工作", "Work of my people");

/// Address of a list with a filter.
fn list(href: &str, filter: &str) -> String {
    let text: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    format!("{href}?filter={text}")
}

/// Where the list behind a source of a person is.
fn behind(source: Source, id: Id) -> String {
    match source {
        Source::Order => {
            list("/orders", &format!("engineer_id~eq~{id};open~eq~true;state~nin~done,confirmed"))
        }
        Source::Request => list("/requests", &format!("handler_id~eq~{id};state~in~open")),
        Source::Callback => list("/callbacks", &format!("clerk_id~eq~{id};state~in~planned")),
        // Work of a post stands in no list of a person; the page has all of it.
        Source::Document | Source::Task => format!("/supervision/{id}"),
        Source::Approval => "/approvals?view=open".into(),
    }
}

/// A link, or the words alone when the page behind it would refuse the reader.
fn link_to(cx: &Cx, href: &str, text: impl maud::Render) -> Markup {
    let route = href.split('?').next().unwrap_or(href);
    // Of pages with an id in their address only our own are linked.
    if route.starts_with("/supervision/") || cx.opens(route) {
        ui::link(href, text)
    } else {
        html! { (text) }
    }
}

/// The page: totals, people, what nobody has, what stands still.
pub fn overview_page(cx: &Cx, overview: &Overview, tree: bool, hours: i64, stuck: &[Stuck]) -> Markup {
    let order = |key: &str| format!("/supervision?order={key}&hours={hours}");
    let segments = [
        (cx.t(T("超时优先", "Overdue first")).to_string(), order("late"), !tree),
        (cx.t(T("按岗位", "By post")).to_string(), order("tree"), tree),
    ];
    let mut people: Vec<&Person> = overview.people.iter().collect();
    if !tree {
        people.sort_by_key(|p| std::cmp::Reverse((p.total.overdue, p.total.undone, p.total.doing)));
    }
    let note = format!("{} {}", cx.t(T("数据截至", "as of")), format::time(cx, overview.at));
    let body = html! {
        (ui::small(note))
        (ui::stats(&stats(cx, &overview.total)))
        (nobody(cx, overview))
        (ui::section(cx.t(T("人员", "People")), ui::segmented(cx.t(T("排列", "Order")), &segments), people_table(cx, &people, tree)))
        (stuck_section(cx, hours, stuck, tree))
    };
    ui::plain_view(cx.t(TITLE), html! {}, body)
}

fn stats(cx: &Cx, work: &Work) -> Vec<Stat> {
    let week = T("本周 {n}", "{n} this week").fill(cx.lang, &[("n", work.done_week.to_string())]);
    vec![
        Stat::new(cx.t(T("今天完成", "Done today")), work.done_today).note(week),
        Stat::new(cx.t(Stand::Doing.label()), work.doing),
        Stat::new(cx.t(Stand::Planned.label()), work.planned),
        Stat::new(cx.t(Stand::Undone.label()), work.undone)
            .note(cx.t(T("到时未开始或未完成", "its time has come"))),
        Stat::new(cx.t(T("已超时", "Overdue")), work.overdue),
    ]
}

fn nobody(cx: &Cx, overview: &Overview) -> Markup {
    let n = &overview.nobody;
    if n.orders + n.requests + n.callbacks + n.documents + n.tasks == 0 {
        return html! {};
    }
    // The lists behind the counts: the same conditions in the same organisations.
    let orgs: Vec<String> = n.orgs.iter().map(ToString::to_string).collect();
    let orgs = if orgs.is_empty() { String::new() } else { format!(";org_id~in~{}", orgs.join(",")) };
    let part = |label: T, count: i64, href: &str, filter: &str| {
        html! {
            @if count > 0 { " " (link_to(cx, &list(href, &format!("{filter}{orgs}")), format!("{} {count}", cx.t(label)))) }
        }
    };
    let due = format!("clerk_id~empty~;state~in~planned;planned_at~lte~{}", overview.at);
    ui::alert(
        Tone::Amber,
        html! {
            (cx.t(T("还没有落实到人：", "Not given to anybody yet:")))
            (part(T("待派工单", "orders"), n.orders, "/orders", "engineer_id~empty~;open~eq~true;state~in~new,accepted,reopened"))
            (part(T("服务请求", "requests"), n.requests, "/requests", "handler_id~empty~;state~in~open"))
            (part(T("回访", "callbacks"), n.callbacks, "/callbacks", &due))
            (part(T("流程单据", "process documents"), n.documents, "/documents", "for_anybody~eq~true"))
            (part(T("有待领任务的流程单据", "process documents with tasks"), n.tasks, "/documents", "task_for_anybody~eq~true"))
        },
    )
}

fn people_table(cx: &Cx, people: &[&Person], tree: bool) -> Markup {
    let heads = [
        T("完成 今天/本周", "Done today/week"),
        T("正在做", "Doing"),
        T("计划做", "Planned"),
        T("未落实", "Not carried out"),
        T("已超时", "Overdue"),
    ];
    let mut cols = vec![Col::new(cx.t(T("人员", "Person"))).card(Card::Title)];
    cols.extend(heads.map(|head| Col::new(cx.t(head)).right()));
    cols.push(Col::new(cx.t(T("来自", "From"))));
    let rows = people
        .iter()
        .map(|person| {
            let href = format!("/supervision/{}", person.id);
            let indent = if tree { "　".repeat(usize::try_from(person.depth).unwrap_or(0).min(6)) } else { String::new() };
            let me = if person.me { cx.t(T("（本人）", " (me)")) } else { "" };
            let name = html! { (indent) (ui::link(&href, &person.name)) (me) };
            let place = format!("{indent}{} · {}", if person.post.is_empty() { "—" } else { &person.post }, person.org);
            let work = &person.total;
            let bad = |n: i64| if n > 0 { ui::red(ui::num(n)) } else { ui::num(n) };
            let from = html! {
                @for part in &person.by {
                    @let open = part.work.doing + part.work.planned + part.work.undone;
                    @if open > 0 { (link_to(cx, &behind(part.source, person.id), format!("{} {open}", cx.t(part.source.label())))) " " }
                }
            };
            let cells = vec![
                ui::two_lines(name, place),
                ui::num(format!("{} / {}", work.done_today, work.done_week)),
                ui::num(work.doing),
                ui::num(work.planned),
                bad(work.undone),
                bad(work.overdue),
                from,
            ];
            Row::new(person.id, &person.name, cells).href(href)
        })
        .collect();
    let empty = ui::empty(
        "users",
        cx.t(T("没有下属岗位", "There are no posts below yours")),
        cx.t(T("岗位的上下级在组织架构中设置", "Superiors of posts are set in the organisation chart")),
        None,
    );
    ui::small_table(&Table::new(cx.t(T("人员", "People")), cols, rows).empty(empty).min_width("52rem"))
}

fn stuck_section(cx: &Cx, hours: i64, stuck: &[Stuck], tree: bool) -> Markup {
    let order = if tree { "tree" } else { "late" };
    let choices: Vec<_> = [24, 48, 72, 168]
        .into_iter()
        .map(|n| {
            let label = T("{n} 小时", "{n} h").fill(cx.lang, &[("n", n.to_string())]);
            (label, format!("/supervision?order={order}&hours={n}"), n == hours)
        })
        .collect();
    let cols = vec![
        Col::new(cx.t(T("工单", "Order"))).card(Card::Id),
        Col::new(cx.t(T("状态", "State"))).card(Card::Foot),
        Col::new(cx.t(T("客户与故障", "Customer and fault"))).card(Card::Title),
        Col::new(cx.t(T("工程师", "Engineer"))),
        Col::new(cx.t(T("级别", "Level"))).right(),
        Col::new(cx.t(T("最后进展", "Last progress"))).card(Card::End),
    ];
    let rows = stuck
        .iter()
        .map(|order| {
            let href = format!("/orders/{}", order.id);
            let time = ui::num(format::time(cx, order.progress_at));
            let cells = vec![
                ui::id_link(&href, &order.no),
                html! { (state_label(cx, &order.state)) },
                ui::two_lines(cx.mask(kit::Sens::Name, &order.customer_name), ui::trunc(&order.symptom)),
                ui::person_or(
                    Some(order.engineer_name.as_str()).filter(|n| !n.is_empty()),
                    cx.t(T("未派", "nobody")),
                ),
                ui::num(order.level),
                if order.sla == "over" { ui::red(time) } else { time },
            ];
            Row::new(order.id, &order.no, cells).href(href)
        })
        .collect();
    let title = T("{n} 小时以上没有进展的工单", "Orders without progress for {n} hours")
        .fill(cx.lang, &[("n", hours.to_string())]);
    let empty = ui::empty("checks", cx.t(T("没有停滞的工单", "Nothing stands still")), "", None);
    let table = Table::new(title.as_str(), cols, rows).empty(empty).min_width("44rem");
    ui::section(&title, ui::segmented(cx.t(T("多久", "How long")), &choices), ui::small_table(&table))
}

/// The page of one person.
pub fn person_page(cx: &Cx, day: &PersonDay) -> Markup {
    let person = &day.person;
    let crumbs = [(cx.t(TITLE), Some("/supervision")), (person.name.as_str(), None)];
    let body = html! {
        (ui::stats(&stats(cx, &person.total)))
        @if day.items.is_empty() { (ui::empty("checks", cx.t(T("本周没有工作", "No work this week")), "", None)) }
        @for part in &day.items {
            (ui::section(cx.t(part.source.label()), link_to(cx, &behind(part.source, person.id), cx.t(T("列表", "List"))), items_table(cx, part.source, &part.items)))
        }
    };
    let title =
        format!("{} · {}", person.name, if person.post.is_empty() { &person.org } else { &person.post });
    let detail = Detail { meta: ui::tag(Tone::Neutral, &person.org), ..Detail::new(&crumbs, &title, body) };
    ui::detail_view(cx.lang, &detail)
}

fn href_of(source: Source, item: &Item) -> String {
    match source {
        Source::Order => format!("/orders/{}", item.id),
        Source::Request => format!("/requests/{}", item.id),
        Source::Callback => format!("/callbacks/{}", item.id),
        Source::Document => format!("/documents/{}", item.id),
        Source::Approval => format!("/approvals/{}", item.id),
        Source::Task => "/inbox".into(),
    }
}

fn result_of<'a>(cx: &Cx, source: Source, item: &'a Item) -> &'a str {
    match source {
        Source::Order | Source::Callback => {
            let class = class_label(cx, &item.result);
            if class == item.result { state_label(cx, &item.result) } else { class }
        }
        Source::Document => cx.lang.of(&item.result),
        _ => "",
    }
}

fn items_table(cx: &Cx, source: Source, items: &[Item]) -> Markup {
    let cols = vec![
        Col::new(cx.t(T("单号", "Number"))).card(Card::Id),
        Col::new(cx.t(T("进度", "How far"))).card(Card::Foot),
        Col::new(cx.t(T("客户与内容", "Customer and subject"))).card(Card::Title),
        Col::new(cx.t(T("时间", "Time"))).card(Card::End),
        Col::new(cx.t(T("状态/结果", "State, result"))),
    ];
    let tone = |stand: Stand| match stand {
        Stand::Today | Stand::Week => Tone::Green,
        Stand::Doing => Tone::Blue,
        Stand::Planned => Tone::Neutral,
        Stand::Undone => Tone::Amber,
    };
    let rows = items
        .iter()
        .map(|item| {
            let href = href_of(source, item);
            let cells = vec![
                ui::id_link(&href, &item.no),
                html! {
                    (ui::tag(tone(item.stand), cx.t(item.stand.label())))
                    @if item.late > 0 { " " (ui::tag(Tone::Red, cx.t(T("超时", "overdue")))) }
                },
                ui::two_lines(
                    if item.customer.is_empty() { cx.lang.of(&item.about) } else { &item.customer },
                    if item.customer.is_empty() { "" } else { cx.lang.of(&item.about) },
                ),
                item.at.map_or_else(ui::none, |at| ui::num(format::time(cx, at))),
                html! { (result_of(cx, source, item)) },
            ];
            Row::new(item.id, &item.no, cells).href(href)
        })
        .collect();
    ui::small_table(&Table::new(cx.t(source.label()), cols, rows).min_width("40rem"))
}
