//! Markup of the unit's page and of the page of expected units.

use kernel::T;
use kit::{Cx, format};
use maud::{Markup, html};
use orders::api::{LineKind, LineRow, State, Stock};
use ui::{Btn, Col, Def, Detail, MenuItem, Row, Step, StepState, Table, Tone};

use super::{
    model::{ArticleKind, BenchState, Held, Load, ShopUnit, WhyBack},
    service,
    store::Expected,
};
use crate::{
    check::{model::StageOut, service::signer},
    extra::model::{ExtraItem, ExtraState},
    maker::model::{MakerReturn, MakerState, Outcome},
    notice::model::ShopNotice,
    perms::{MAKER_WRITE, SHOP_HAND_OVER, SHOP_NOTIFY},
};

/// Everything the page shows.
pub struct UnitPage {
    pub held: Held,
    pub lines: Vec<LineRow>,
    pub stages: Vec<StageOut>,
    pub notices: Vec<ShopNotice>,
    pub extras: Vec<ExtraItem>,
    pub returns: Vec<MakerReturn>,
    pub load: Load,
    pub side: Markup,
}

/// Orders whose units are expected, each with its button.
pub fn expected_page(cx: &Cx, orders: &[Expected]) -> Markup {
    let title = cx.t(T("收机登记", "Receive a unit"));
    let actions =
        Btn::link(cx.t(T("新建送修工单", "New order")), "/orders/new?mode=brought_in&source=walk_in")
            .icon("plus");
    let heads = [
        T("工单", "Order"),
        T("客户", "Customer"),
        T("设备", "Unit"),
        T("故障", "Fault"),
        T("方式", "Mode"),
        T("操作", "Action"),
    ];
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let rows = orders
        .iter()
        .map(|o| {
            let cells = vec![
                ui::id_link(&format!("/orders/{}", o.id), &o.no),
                html! { (cx.mask(kit::Sens::Name, &o.customer_name)) },
                ui::trunc(format!("{} {}", o.model_name, cx.mask(kit::Sens::Serial, &o.serial))),
                ui::trunc(&o.symptom),
                html! { (cx.t(o.mode.label())) },
                html! { (Btn::link(cx.t(T("收机", "Receive")), format!("/orders/{}/receive", o.id)).icon("package-import").sm()) },
            ];
            Row::new(o.id, &o.no, cells).href(format!("/orders/{}/receive", o.id))
        })
        .collect();
    let empty = ui::empty(
        "package-import",
        cx.t(T("没有等待收机的工单", "No unit is expected")),
        cx.t(T("先建一张“送修”工单", "Open an order of mode \"brought in\" first")),
        None,
    );
    ui::plain_view(title, actions, ui::data_table(cx.lang, &Table::new(title, cols, rows).empty(empty)))
}

/// The page of a unit.
pub fn unit_page(cx: &Cx, page: &UnitPage) -> Markup {
    let (held, unit) = (&page.held, &page.held.unit);
    let crumbs = [(cx.t(T("在修机器", "Workshop")), Some("/workshop")), (unit.no.as_str(), None)];
    let title = held.name();
    let body = html! {
        (alerts(cx, page))
        (ui::section(cx.t(T("本次故障", "The present fault")), html! {}, fault(cx, page)))
        @if page.stages.iter().any(|s| (s.needed && unit.why_back.is_empty()) || !s.sheets.is_empty()) {
            (ui::section(cx.t(T("质检", "Checks")), html! {}, checks(cx, page)))
        }
        (ui::section(cx.t(T("备件与费用", "Parts and fees")), ui::link(&format!("/orders/{}?tab=lines", held.order.id), cx.t(T("在工单上登记", "Enter on the order"))), lines_table(cx, &page.lines)))
        @if !page.extras.is_empty() { (ui::section(cx.t(T("增项征询", "Extra items")), html! {}, extras(cx, page))) }
        @if !page.notices.is_empty() { (ui::section(cx.t(T("客户通知", "Notices")), ui::small(page.notices.len()), notices(cx, &page.notices))) }
        @if !page.returns.is_empty() { (ui::section(cx.t(T("返厂", "Returns to the maker")), html! {}, returns(cx, &page.returns))) }
        @if unit.left_at.is_some() { (ui::section(cx.t(T("取机", "Pick-up")), html! {}, left(cx, unit))) }
        (ui::section(cx.t(T("收机登记", "As received")), ui::link(&format!("/workshop/units/{}/slip", unit.id), cx.t(T("打印接修单", "Print the slip"))), received(cx, unit)))
    };
    let detail = Detail {
        meta: meta(cx, page),
        actions: actions(cx, page),
        steps: stepper(cx, page),
        side: Some(page.side.clone()),
        ..Detail::new(&crumbs, &title, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn days(cx: &Cx, unit: &ShopUnit) -> String {
    let until = unit.left_at.unwrap_or(cx.now());
    T("在店 {n} 天", "{n} days here")
        .fill(cx.lang, &[("n", (until.mins_since(unit.received_at) / 1440).to_string())])
}

fn meta(cx: &Cx, page: &UnitPage) -> Markup {
    let (held, unit) = (&page.held, &page.held.unit);
    let state = held.state();
    let place = format!("{} {}", cx.t(unit.place_kind.label()), unit.place);
    html! {
        (ui::st(state.look(), cx.t(state.label())))
        (ui::tag(Tone::Neutral, days(cx, unit)))
        @if unit.left_at.is_none() { (ui::tag(Tone::Blue, place)) }
        @if !unit.box_no.is_empty() { (ui::tag(Tone::Cyan, format!("{} {}", cx.t(T("存物箱", "Box")), unit.box_no))) }
        @if parts_here(page) { (ui::tag(Tone::Green, cx.t(T("零件已到齐", "Parts all here")))) }
        @if held.order.urgent { (ui::tag(Tone::Red, cx.t(T("加急", "Urgent")))) }
        @if unit.check_round > 1 { (ui::tag(Tone::Orange, T("检验第 {n} 轮", "Check round {n}").fill(cx.lang, &[("n", unit.check_round.to_string())]))) }
    }
}

/// SHOP-12: every part that the order wants is held or issued, and work has not ended.
fn parts_here(page: &UnitPage) -> bool {
    let mut parts =
        page.lines.iter().filter(|l| l.kind == LineKind::Part && l.stock != Stock::Returned).peekable();
    let any = parts.peek().is_some();
    any && parts.all(|l| l.stock != Stock::Planned)
        && !matches!(page.held.state(), BenchState::Ready | BenchState::GiveBack | BenchState::Gone)
}

fn ask(held: &Held, action: &str) -> String {
    format!("/workshop/units/{}/ask/{action}", held.unit.id)
}

/// One main button, one beside it, the rest in a menu; only what is possible now.
fn actions(cx: &Cx, page: &UnitPage) -> Markup {
    let held = &page.held;
    let (unit, order) = (&held.unit, &held.order);
    let base = format!("/workshop/units/{}", unit.id);
    let state = held.state();
    let can = |perm: &kit::Perm| cx.authorize(perm, held).is_ok();
    let work = service::may_work(cx, held);
    let at_maker = page.returns.iter().any(|r| r.state == MakerState::Sent);
    let working = !state.leaves() && state != BenchState::Gone;
    let unassigned = matches!(order.state, State::New | State::Accepted | State::Reopened);
    let next_check = page
        .stages
        .iter()
        .find(|s| s.next)
        .filter(|s| order.state == State::InProgress && can(signer(s.stage)));
    let assign = || Btn::new(cx.t(T("分配维修人员", "Assign"))).icon("user-check").modal(ask(held, "assign"));
    let main = match state {
        BenchState::Gone => None,
        _ if at_maker => can(&MAKER_WRITE).then(|| {
            Btn::new(cx.t(T("厂家返回", "Back from the maker")))
                .icon("package-import")
                .modal(ask(held, "maker-back"))
        }),
        BenchState::Ready | BenchState::GiveBack => can(&SHOP_HAND_OVER).then(|| {
            Btn::link(cx.t(T("取机", "Hand over")), format!("{base}/pick-up")).icon("package-export")
        }),
        BenchState::Repairing => match next_check {
            Some(stage) => Some(
                Btn::link(cx.t(stage.stage.label()), format!("{base}/checks/{}", stage.stage.as_str()))
                    .icon("checks"),
            ),
            None => can(&orders::api::ORDER_COMPLETE)
                .then(|| Btn::new(cx.t(T("修好", "Repaired"))).icon("check").modal(ask(held, "repaired"))),
        },
        _ if unassigned => can(&orders::api::ORDER_ASSIGN).then(assign),
        _ => {
            work.then(|| Btn::new(cx.t(T("开始修理", "Begin"))).icon("player-play").modal(ask(held, "begin")))
        }
    };
    let tell = (can(&SHOP_NOTIFY) && state != BenchState::Gone).then(|| {
        Btn::new(cx.t(T("通知客户", "Tell the customer"))).icon("phone-outgoing").modal(ask(held, "notices"))
    });
    let mut items = Vec::new();
    let mut add = |show: bool, icon: &'static str, label: T, action: &str| {
        if show {
            items.push(MenuItem::modal(icon, cx.t(label), ask(held, action)));
        }
    };
    let here = working && !at_maker;
    add(
        here && !unassigned && can(&orders::api::ORDER_ASSIGN),
        "user-check",
        T("改派维修人员", "Assign again"),
        "assign",
    );
    add(
        here && work && matches!(order.state, State::InProgress | State::Scheduled | State::Accepted),
        "player-pause",
        T("待件、难修等", "Wait: parts, hard repair …"),
        "wait",
    );
    add(here && work, "plus", T("征询增项", "Extra item"), "extras");
    add(here && can(&MAKER_WRITE), "truck-return", T("返厂送出", "Send to the maker"), "maker-returns");
    add(at_maker && can(&MAKER_WRITE), "phone-outgoing", T("询问厂家进度", "Ask the maker"), "ask-maker");
    add(work, "map-pin", T("登记位置", "Put at"), "place");
    add(here && work, "package-export", T("未修退回", "Give back unrepaired"), "give-back");
    add(
        unit.left_at.is_some() && !unit.settled && can(&SHOP_HAND_OVER),
        "receipt",
        T("补收欠款", "Receive what is owed"),
        "settle",
    );
    items.push(MenuItem::separator());
    items.push(MenuItem::link("printer", cx.t(T("打印接修单", "Print the slip")), format!("{base}/slip")));
    items.push(MenuItem::link(
        "printer",
        cx.t(T("打印存物箱标签", "Print the box label")),
        format!("{base}/label"),
    ));
    if unit.left_at.is_some() {
        items.push(MenuItem::link(
            "printer",
            cx.t(T("打印取机单", "Print the pick-up slip")),
            format!("{base}/pick-up-slip"),
        ));
    }
    items.push(MenuItem::link(
        "clipboard-list",
        cx.t(T("打开工单", "Open the order")),
        format!("/orders/{}", order.id),
    ));
    html! {
        @if let Some(btn) = &tell { (btn) }
        @match main {
            Some(btn) => { (ui::btn_split(&btn.primary(), cx.t(T("更多操作", "More")), "unit-more")) }
            None => { (Btn::new(cx.t(T("更多", "More"))).trailing("chevron-down").id("unit-more-btn").popover("unit-more")) }
        }
        (ui::menu("unit-more", &items))
    }
}

fn stepper(cx: &Cx, page: &UnitPage) -> Markup {
    let unit = &page.held.unit;
    let order = &page.held.order;
    let needed = page.stages.iter().filter(|s| s.needed).count();
    let checked = (needed > 0 && page.stages.iter().filter(|s| s.needed).all(|s| s.passed))
        .then(|| page.stages.iter().flat_map(|s| &s.sheets).map(|s| s.signed_at).max())
        .flatten();
    let begun =
        matches!(order.state, State::InProgress | State::Waiting).then_some(order.scheduled_at).flatten();
    let mut stations = vec![
        (T("收机", "Received"), Some(unit.received_at)),
        (T("派工", "Assigned"), order.scheduled_at),
        (T("修理", "Repair"), begun.or(order.done_at)),
    ];
    if needed > 0 && unit.why_back.is_empty() {
        stations.push((T("质检", "Checked"), checked.or(unit.ready_at)));
    }
    stations.extend([
        (T("可取", "Ready"), unit.ready_at),
        (
            T("通知", "Told"),
            unit.noticed_at.filter(|_| unit.ready_at.is_some_and(|at| Some(at) <= unit.noticed_at)),
        ),
        (T("取机", "Picked up"), unit.left_at),
    ]);
    let reached = stations.iter().rposition(|(_, at)| at.is_some()).unwrap_or(0);
    let steps: Vec<Step> = stations
        .iter()
        .enumerate()
        .map(|(index, (label, at))| {
            let state = match index {
                _ if index <= reached => StepState::Done,
                _ if index == reached + 1 => StepState::Now,
                _ => StepState::Todo,
            };
            Step::new(cx.t(*label), at.map(|at| format::time(cx, at)).unwrap_or_default(), state)
        })
        .collect();
    ui::steps(cx.lang, &steps)
}

/// What needs attention.
fn alerts(cx: &Cx, page: &UnitPage) -> Markup {
    let (held, unit, order) = (&page.held, &page.held.unit, &page.held.order);
    let open = !held.state().leaves() && unit.left_at.is_none();
    let passed = open && order.pickup_on.is_some_and(|day| day < format::date_of(cx, cx.now()));
    // The load counts those before it: it says something of units not begun only.
    let promised_short = !passed && held.state() == BenchState::ToRepair;
    let late = page
        .returns
        .iter()
        .find(|r| r.state == MakerState::Sent && r.promised_at.is_some_and(|at| at < cx.now()));
    let order_ask = |action: &str, label: T| {
        Btn::new(cx.t(label)).sm().modal(format!("/orders/{}/ask/{action}", order.id))
    };
    html! {
        @if order.over_quote && open {
            (ui::alert_actions(Tone::Red, html! {
                (cx.t(T("应收超过客户约定的限额，须客户同意后才能继续：", "Over the agreed limit; the customer must agree: ")))
                (ui::strong(format::price(cx, order.payable)))
            }, &[order_ask("consent", T("登记同意", "Record consent"))]))
        }
        @if passed { (ui::alert(Tone::Amber, cx.t(T("约定取机日期已过，请通知客户并说明原因。", "The promised day has passed: tell the customer and say why.")))) }
        @if promised_short { @if let Some(text) = service::promise_warning(cx, order.pickup_on, &page.load) { (ui::alert(Tone::Amber, text)) } }
        @if let Some(row) = late { (ui::alert(Tone::Red, html! { (cx.t(T("厂家逾期未返：", "The maker is late: "))) (row.no) " " (row.maker) })) }
        @if unit.chases > 0 && unit.left_at.is_none() {
            (ui::alert(Tone::Amber, T("已超期未取，系统提醒 {n} 次。", "Not picked up; reminded {n} times.").fill(cx.lang, &[("n", unit.chases.to_string())])))
        }
        @if unit.left_at.is_some() && !unit.settled { (ui::alert(Tone::Red, html! { (cx.t(T("取机未结清：", "Left unpaid: "))) (ui::strong(format::price(cx, unit.due.checked_sub(unit.received).unwrap_or_default()))) " " (unit.unsettled_reason) })) }
        @if !unit.anomalies.is_empty() && unit.left_at.is_none() { (ui::alert(Tone::Blue, html! { (cx.t(T("收机时注明：", "Noted at receipt: "))) (unit.anomalies) })) }
    }
}

fn fault(cx: &Cx, page: &UnitPage) -> Markup {
    let (unit, order) = (&page.held.unit, &page.held.order);
    let mut defs = vec![
        Def::new(cx.t(T("工单", "Order")), ui::link(&format!("/orders/{}", order.id), &order.no)),
        Def::new(
            cx.t(T("客户", "Customer")),
            ui::link(
                &format!("/customers/{}", order.customer_id),
                cx.mask(kit::Sens::Name, &order.customer_name),
            ),
        ),
        Def::new(
            cx.t(T("维修人员", "Repair person")),
            ui::person_or(Some(&order.engineer_name), cx.t(T("未分配", "Not assigned"))),
        ),
        Def::new(cx.t(T("保修", "Warranty")), html! { (cx.t(order.warranty.label())) }),
        Def::new(
            cx.t(T("约定取机", "Promised")),
            html! { @match order.pickup_on { Some(day) => { (ui::num(day.to_string())) } None => { (ui::none()) } } },
        ),
        Def::new(cx.t(T("应收", "Receivable")), ui::num(format::price(cx, order.payable))),
        Def::new(cx.t(T("故障现象", "Fault")), ui::prose(&order.symptom)).full(),
    ];
    if !order.demand.is_empty() {
        defs.push(Def::new(cx.t(T("客户要求", "Demand")), html! { (order.demand) }).full());
    }
    if !order.result.is_empty() {
        defs.push(Def::new(cx.t(T("处理结果", "What was done")), ui::prose(&order.result)).full());
    }
    if let Some(why) = WhyBack::parse(&unit.why_back) {
        defs.push(
            Def::new(
                cx.t(T("未修原因", "Why unrepaired")),
                html! { (cx.t(why.label())) " " (unit.back_note) },
            )
            .full(),
        );
    }
    ui::dl(&defs)
}

fn checks(cx: &Cx, page: &UnitPage) -> Markup {
    let working = page.held.order.state == State::InProgress && page.held.unit.left_at.is_none();
    let base = format!("/workshop/units/{}/checks", page.held.unit.id);
    let heads = [T("环节", "Stage"), T("结果", "Result"), T("签字", "Signed"), T("操作", "Action")];
    let rows = page
        .stages
        .iter()
        .filter(|s| s.needed || !s.sheets.is_empty())
        .map(|s| {
            let result = match (s.passed, s.needed, s.sheets.first()) {
                (true, ..) => ui::tag(Tone::Green, cx.t(T("合格", "Passed"))),
                (_, false, _) => ui::tag(Tone::Neutral, cx.t(T("不需要", "Not needed"))),
                (_, _, Some(last)) if !last.passed => ui::tag(Tone::Red, T("{n} 项不合格，须重检", "{n} failed: check again").fill(cx.lang, &[("n", last.faults.to_string())])),
                _ => ui::tag(Tone::Amber, cx.t(T("待检", "Open"))),
            };
            let signed = html! { @for sheet in s.sheets.iter().take(4) { div {
                (ui::link(&format!("/check-sheets/{}", sheet.id), html! { (sheet.signed_name) " " (format::time(cx, sheet.signed_at)) }))
                @if !sheet.passed { " " (ui::red(cx.t(T("不合格", "failed")))) }
                @if !sheet.advice.is_empty() { div { (ui::small(&sheet.advice)) } }
            } } };
            let may = working && s.next && cx.authorize(signer(s.stage), &page.held).is_ok();
            let act = html! { @if may { (Btn::link(cx.t(T("检验", "Check")), format!("{base}/{}", s.stage.as_str())).icon("checks").sm()) } };
            Row::new(s.stage.as_str(), cx.t(s.stage.label()), vec![html! { (cx.t(s.stage.label())) }, result, signed, act])
        })
        .collect();
    ui::small_table(&Table::new(
        cx.t(T("质检", "Checks")),
        heads.iter().map(|h| Col::new(cx.t(*h))).collect(),
        rows,
    ))
}

/// Parts and fees with what the customer pays.
pub fn lines_table(cx: &Cx, lines: &[LineRow]) -> Markup {
    let heads = [T("名称", "Name"), T("数量", "Qty"), T("库存", "Stock"), T("应收", "Payable")];
    let rows = lines
        .iter()
        .filter(|line| line.stock != Stock::Returned)
        .map(|line| {
            let stock = if line.kind != LineKind::Part {
                ui::none()
            } else if line.stock == Stock::Planned {
                ui::tag(Tone::Red, cx.t(T("缺件", "Missing")))
            } else {
                ui::tag(Tone::Green, cx.t(line.stock.label()))
            };
            Row::new(
                line.id,
                &line.name,
                vec![
                    html! { (line.name) },
                    ui::num(line.quantity.to_string()),
                    stock,
                    ui::num(format::price(cx, line.amount)),
                ],
            )
        })
        .collect();
    let cols = heads
        .iter()
        .enumerate()
        .map(|(i, h)| if i % 2 == 1 { Col::new(cx.t(*h)).right() } else { Col::new(cx.t(*h)) })
        .collect();
    ui::small_table(
        &Table::new(cx.t(T("备件与费用", "Parts and fees")), cols, rows)
            .min_width("26rem")
            .empty(ui::muted(cx.t(T("没有费用", "No fees")))),
    )
}

fn extras(cx: &Cx, page: &UnitPage) -> Markup {
    let heads = [T("项目", "Item"), T("价格", "Price"), T("答复", "Answer"), T("操作", "Action")];
    let may = cx.authorize(&SHOP_NOTIFY, &page.held).is_ok()
        && !page.held.state().leaves()
        && page.held.unit.left_at.is_none();
    let rows = page
        .extras
        .iter()
        .map(|item| {
            let tone = match item.state {
                ExtraState::Asked => Tone::Amber,
                ExtraState::Agreed => Tone::Green,
                ExtraState::Refused => Tone::Red,
            };
            let what = html! { (item.what) @if item.necessary { " " (ui::tag(Tone::Orange, cx.t(T("必要", "necessary")))) } @if !item.delay.is_empty() { " " (ui::muted(&item.delay)) } };
            let said = html! { (ui::tag(tone, cx.t(item.state.label()))) " " (ui::small(format!("{} {}", item.answered_by, item.how))) };
            let url = format!("/workshop/units/{}/extras/{}/answer", item.shop_unit_id, item.id);
            let act = html! { @if may && item.state == ExtraState::Asked { (Btn::new(cx.t(T("客户答复", "Answer"))).sm().modal(url)) } };
            Row::new(item.id, &item.what, vec![what, ui::num(format::price(cx, item.price)), said, act])
        })
        .collect();
    ui::small_table(&Table::new(
        cx.t(T("增项征询", "Extra items")),
        heads.iter().map(|h| Col::new(cx.t(*h))).collect(),
        rows,
    ))
}

fn notices(cx: &Cx, notices: &[ShopNotice]) -> Markup {
    let heads =
        [T("时间", "When"), T("通知", "Notice"), T("内容与答复", "Words and answer"), T("通知人", "By")];
    let rows = notices
        .iter()
        .map(|n| {
            let kind = T("{zh} 第 {n} 次", "{en}, number {n}").fill(
                cx.lang,
                &[("zh", n.kind.label().0.to_string()), ("en", n.kind.label().1.to_string()), ("n", n.nth.to_string())],
            );
            let words = html! { (n.text) @if !n.answer.is_empty() { div { (ui::muted(&n.answer)) } } };
            let how = html! { (cx.t(n.channel.label())) @if !n.reached { " " (ui::red(cx.t(T("未通知到", "not reached")))) } };
            Row::new(n.id, &kind, vec![ui::num(format::time(cx, n.at)), html! { (kind) div { (ui::small(how)) } }, words, ui::person(&n.staff_name)])
        })
        .collect();
    ui::small_table(&Table::new(
        cx.t(T("客户通知", "Notices")),
        heads.iter().map(|h| Col::new(cx.t(*h))).collect(),
        rows,
    ))
}

fn returns(cx: &Cx, returns: &[MakerReturn]) -> Markup {
    html! {
        @for r in returns {
            (ui::side_card(html! {
                (ui::row_end(html! { (ui::link(&format!("/maker-returns/{}", r.id), &r.no)) " " (r.maker) }, ui::tag(if r.state == MakerState::Sent { Tone::Amber } else { Tone::Green }, cx.t(r.state.label()))))
                (ui::kv(&[
                    (cx.t(T("送出", "Sent")), ui::num(format::time(cx, r.sent_at))),
                    (cx.t(T("承诺返回", "Promised")), html! { @match r.promised_at { Some(at) => { (ui::num(format::time(cx, at))) } None => { (ui::none()) } } }),
                    (cx.t(T("催问", "Asked")), html! { (r.enquiries) " " (r.progress) }),
                    (cx.t(T("结果", "Outcome")), html! { (Outcome::parse(&r.outcome).map_or("", |o| cx.t(o.label()))) " " (r.note) }),
                ]))
            }))
        }
    }
}

fn left(cx: &Cx, unit: &ShopUnit) -> Markup {
    ui::dl(&[
        Def::new(
            cx.t(T("取机时间", "Picked up")),
            html! { @if let Some(at) = unit.left_at { (ui::num(format::time(cx, at))) } },
        ),
        Def::new(cx.t(T("取机人", "By")), html! { (unit.taker) }),
        Def::new(
            cx.t(T("核对方式", "Recognised by")),
            html! { (super::model::Identity::parse(&unit.identity).map_or("", |i| cx.t(i.label()))) },
        ),
        Def::new(cx.t(T("交付人", "Handed over by")), ui::person_or(Some(&unit.handed_name), "—")),
        Def::new(cx.t(T("应收", "Receivable")), ui::num(format::price(cx, unit.due))),
        Def::new(cx.t(T("实收", "Received")), ui::num(format::price(cx, unit.received))),
        Def::new(cx.t(T("清点差异", "Missing")), ui::or_none(Some(&unit.difference))).full(),
    ])
}

/// What was written down when the unit came in.
pub fn received(cx: &Cx, unit: &ShopUnit) -> Markup {
    let articles = unit.articles();
    let list = html! { @for (index, a) in articles.iter().enumerate() {
        @if index > 0 { "、" } (a.name) @if a.pieces > 1 { " ×" (a.pieces) } @if a.kind == ArticleKind::Tool { " " (ui::small(cx.t(T("工具", "tool")))) }
    } };
    let papers = unit.papers();
    let seen = html! { @for (index, p) in papers.iter().enumerate() {
        @if index > 0 { "；" } (cx.t(p.kind.label())) " "
        @if p.valid && p.complete { (ui::green(cx.t(T("有效完整", "valid, complete")))) } @else { (ui::red(cx.t(T("有差异", "differs")))) }
        " " (p.note)
    } };
    let by = html! { (ui::num(format::time(cx, unit.received_at))) " " (unit.received_name) };
    let signed = if unit.signed {
        cx.t(T("客户已签字", "Signed")).to_string()
    } else {
        unit.unsigned_reason.clone()
    };
    ui::dl(&[
        Def::new(cx.t(T("收机", "Received")), by),
        Def::new(cx.t(T("存物箱", "Box")), ui::or_none(Some(&unit.box_no))),
        Def::new(cx.t(T("签字", "Signature")), ui::or_none(Some(&signed))),
        Def::new(cx.t(T("附件物品", "Articles")), if articles.is_empty() { ui::none() } else { list }).full(),
        Def::new(cx.t(T("外表面", "Outer surface")), ui::or_none(Some(&unit.outer_look))),
        Def::new(cx.t(T("内表面", "Inner surface")), ui::or_none(Some(&unit.inner_look))),
        Def::new(cx.t(T("外部件", "External parts")), ui::or_none(Some(&unit.parts_look))),
        Def::new(cx.t(T("划伤磕碰", "Scratches")), ui::or_none(Some(&unit.scratches))),
        Def::new(cx.t(T("证件", "Papers")), if papers.is_empty() { ui::none() } else { seen }).full(),
    ])
}
