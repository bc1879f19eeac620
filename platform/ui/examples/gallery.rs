//! Writes the sample gallery and a few mock pages to `target/gallery/*.html`, in both languages, so that the
//! looks can be judged (and photographed) without a server: `cargo run -p ui --example gallery`.

use std::{fs, io, path::Path};

use kernel::{Lang, T};
use ui::*;

fn main() -> io::Result<()> {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/gallery");
    fs::create_dir_all(&out)?;
    for lang in Lang::ALL {
        let nav = nav(lang);
        for (name, html) in pages(lang, &nav) {
            // Files opened from disk have no server root.
            fs::write(out.join(format!("{name}-{}.html", lang.code())), html.into_string())?;
        }
    }
    println!("{}", out.display());
    Ok(())
}

fn nav(_lang: Lang) -> Vec<NavGroup> {
    let item = |icon, label, href: &str, count: &str, hot, current| NavItem {
        icon,
        label,
        href: href.into(),
        count: (!count.is_empty()).then(|| count.into()),
        hot,
        current,
    };
    vec![
        NavGroup {
            title: None,
            items: vec![
                item("home", T("工作台", "Home"), "/", "", false, false),
                item("inbox", T("待办", "To do"), "/todo", "9", true, false),
                item("headset", T("来电受理", "Intake"), "/intake", "", false, false),
            ],
        },
        NavGroup {
            title: Some(T("服务", "Service")),
            items: vec![
                item("clipboard-list", T("服务工单", "Orders"), "/orders", "1,284", false, true),
                item("calendar-time", T("派工", "Dispatch"), "/dispatch", "18", false, false),
                item("phone-check", T("回访", "Follow-up"), "/callbacks", "", false, false),
            ],
        },
        NavGroup {
            title: Some(T("库存与物料", "Parts")),
            items: vec![
                item("building-warehouse", T("备件库存", "Stock"), "/parts", "", false, false),
                item("package", T("备件", "Catalogue"), "/parts", "12", false, false),
            ],
        },
        NavGroup {
            title: Some(T("客户", "Customers")),
            items: vec![
                item("users", T("客户", "Customers"), "/customers", "", false, false),
                item("devices", T("设备档案", "Units"), "/units", "", false, false),
            ],
        },
    ]
}

fn pages(lang: Lang, nav: &[NavGroup]) -> Vec<(&'static str, Markup)> {
    let company = T("恒信设备服务", "Hengxin Service").get(lang);
    let shell = |title| Shell {
        nav,
        user: Some(UserChip {
            id: "gallery".into(),
            name: T("林晓雯", "Lin Xiaowen").get(lang).into(),
            org: T("服务经理 · 苏州大区", "Service manager · Suzhou").get(lang).into(),
        }),
        unread: 3,
        ..Shell::new(lang, company, title)
    };
    let plain = Shell { plain: true, ..shell(T("组件总览", "Components").get(lang)) };
    let phone = Phone {
        title: T("湖滨万象城", "Lakeside Mall").get(lang),
        subtitle: "FW-2611-03892 · YK-1200",
        back: Some("#"),
        tools: btns(&[Btn::icon_only("phone", T("联系客户", "Call").get(lang)).lg()]),
        tabs: &[],
        actions: action_bar(&[
            Btn::new(T("挂起", "Hold").get(lang)).icon("player-pause"),
            Btn::new(T("完成本步骤", "Finish this step").get(lang)).primary().grow().trailing("arrow-right"),
        ]),
    };
    let find = |name: &str| samples(lang).into_iter().find(|s| s.0 == name).map(|s| s.1).unwrap_or_default();
    vec![
        ("gallery", page(&plain, gallery(lang))),
        ("orders", page(&shell(T("服务工单", "Orders").get(lang)), orders(lang))),
        ("order", page(&shell("FW-2611-03892"), order(lang))),
        ("intake", page(&shell(T("来电受理", "Intake").get(lang)), intake(lang))),
        ("settings", page(&shell(T("设置", "Settings").get(lang)), settings(lang))),
        ("login", bare_page(&Shell::new(lang, company, T("登录", "Sign in").get(lang)), login(lang))),
        ("job", phone_page(&shell("FW"), &phone, find(T("手机：作业", "Phone: work steps").get(lang)))),
        (
            "today",
            today(
                lang,
                &shell(T("今日任务", "Today").get(lang)),
                find(T("手机：任务", "Phone: visits").get(lang)),
            ),
        ),
        (
            "print",
            print_page(&Shell::new(lang, company, T("派工单", "Dispatch sheet").get(lang)), "#", sheet(lang)),
        ),
    ]
}

fn today(lang: Lang, shell: &Shell, list: Markup) -> Markup {
    let tab = |icon, label, current, fab| PhoneTab { icon, label, href: "#".into(), current, fab };
    let tabs = [
        tab("clipboard-list", T("今日", "Today"), true, false),
        tab("calendar-event", T("日程", "Plan"), false, false),
        tab("package", T("车载库存", "Van"), false, false),
        tab("user", T("我的", "Me"), false, false),
    ];
    let title = T("周师傅，今天 4 单", "4 visits today").get(lang);
    let p = Phone { title, subtitle: "11-18", back: None, tools: html! {}, tabs: &tabs, actions: html! {} };
    let days = [
        (T("今天 4", "Today 4"), true),
        (T("明天 3", "Tomorrow 3"), false),
        (T("待回单 1", "To report 1"), false),
    ];
    let seg = phone_segments(
        T("筛选", "Filter").get(lang),
        &days.map(|(l, on)| (l.get(lang).into(), "#".into(), on)),
    );
    phone_page(shell, &p, html! { (seg) (list) })
}

const STATES: [(&str, T); 7] = [
    ("working", T("维修中", "Working")),
    ("pending", T("待派工", "To assign")),
    ("enroute", T("在途", "On the way")),
    ("parts", T("等待备件", "Waiting for parts")),
    ("approval", T("待审批", "In approval")),
    ("done", T("已完工", "Completed")),
    ("settled", T("已结算", "Settled")),
];

fn orders(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let cols = vec![
        Col::new(t("工单号", "Number")).width("10rem").card(Card::Id).sort("#", None),
        Col::new(t("状态", "State")).width("8.5rem").card(Card::Foot),
        Col::new(t("时限", "Deadline")).width("7.5rem").card(Card::End).sort("#", Some(Sorted::Asc)),
        Col::new(t("客户", "Customer")).width("13rem").card(Card::Title),
        Col::new(t("设备", "Unit")).width("11rem"),
        Col::new(t("故障现象", "Fault")),
        Col::new(t("工程师", "Engineer")).width("8rem").card(Card::Foot),
        Col::new(t("应收", "Amount")).width("7rem").right().card(Card::Hide),
    ];
    let rows = (0..24)
        .map(|i| {
            let (code, label) = STATES[i % STATES.len()];
            let left = [-2100, 2520, 11_100, 20_000][i % 4];
            let mut s = Sla::running(lang, 0, left, 14_400);
            s.due_s = None;
            let number = format!("FW-2611-{:05}", 3892 - i);
            let cells = vec![
                row(&[pri(lang, (i % 4 + 1) as u8), id_link("#", &number)]),
                st(code, label.get(lang)),
                sla(&s),
                html! { (row(&[trunc(t("东吴生物医药园 B 区", "Dongwu Biopark, block B")), if i % 3 == 0 { tag(Tone::Amber, "A") } else { html! {} }])) },
                html! { (t("离心式冷水机组", "Chiller")) " YK-1200" },
                muted(t("高压报警停机，冷凝压力 1.42 MPa，无法复位", "High pressure alarm, stopped, cannot be reset")),
                person_or((i % 5 != 1).then_some(t("周启航", "Zhou Qihang")), t("未派工", "Not assigned")),
                num("¥ 4,800.00"),
            ];
            Row::new(i, number, cells).href("#").actions(btns(&[Btn::icon_only("dots", t("更多", "More")).sm()]))
        })
        .collect();
    let view = |zh, en, n: &str, on| Tab::new(T(zh, en).get(lang), "#", on).count(n);
    list_view(
        lang,
        &ListView {
            count: Some("1,284".into()),
            actions: btns(&[
                Btn::new(t("导出", "Export")).icon("download").ghost().wide_only(),
                Btn::link(t("新建工单", "New order"), "#").icon("plus").primary().kbd("N"),
            ]),
            views: vec![
                view("全部处理中", "All open", "326", true),
                view("我负责的", "Mine", "36", false),
                view("待派工", "To assign", "18", false),
                view("SLA 风险", "At risk", "7", false).hot(),
            ],
            tools: columns_button(lang),
            filters: filter_bar(
                lang,
                &FilterBar {
                    action: "#".into(),
                    placeholder: t("工单号、客户、序列号", "Number, customer, serial").into(),
                    chips: vec![FilterChip {
                        field: t("状态", "State").into(),
                        op: t("属于", "is").into(),
                        value: t("处理中 · 7 个", "open · 7").into(),
                        remove: "#".into(),
                    }],
                    clear: Some("#".into()),
                    builder: true,
                    ..FilterBar::default()
                },
            ),
            bulk: vec![
                Btn::new(t("派工", "Assign")).icon("user-check").primary().kbd("A"),
                Btn::new(t("打印派工单", "Print")).icon("printer"),
            ],
            foot: Foot {
                range: t("50 条", "50 rows").into(),
                pager: Pager { prev: None, next: Some("#".into()) },
                ..Foot::default()
            },
            overlays: html! { (builder(lang)) (columns(lang)) },
            ..ListView::new(
                t("服务工单", "Orders"),
                Table::new(t("服务工单", "Orders"), cols, rows).select().min_width("74rem"),
            )
        },
    )
}

fn builder(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang).to_owned();
    let field = |key: &str, label: String, icon| FilterField { key: key.into(), label, icon };
    filter_builder(
        lang,
        &FilterBuilder {
            action: "#".into(),
            row_url: "/orders/filter-row".into(),
            groups: vec![(
                t("工单", "Order"),
                vec![
                    field("no", t("工单号", "Number"), "hash"),
                    field("state", t("状态", "State"), "circle-dot"),
                    field("created", t("创建时间", "Created"), "calendar"),
                ],
            )],
            rows: vec![
                FilterRow {
                    name: "c0".into(),
                    field: "state".into(),
                    label: t("状态", "State"),
                    ops: vec![("in".into(), t("属于", "is one of"))],
                    op: "in".into(),
                    value: FilterValue::Choice(
                        STATES.iter().map(|(c, l)| ((*c).into(), l.get(lang).into(), true)).collect(),
                    ),
                    or: false,
                },
                FilterRow {
                    name: "c1".into(),
                    field: "created".into(),
                    label: t("创建时间", "Created"),
                    ops: vec![("between".into(), t("介于", "between"))],
                    op: "between".into(),
                    value: FilterValue::Dates("2026-11-01".into(), "2026-11-18".into()),
                    or: false,
                },
            ],
            count: Some("241".into()),
            save_url: Some("#".into()),
            reset: "#".into(),
            ..FilterBuilder::default()
        },
    )
}

fn columns(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang).to_owned();
    let col = |key: &str, label, shown, locked| ColumnChoice { key: key.into(), label, shown, locked };
    column_chooser(
        lang,
        &ColumnChooser {
            action: "#".into(),
            columns: vec![
                col("no", t("工单号", "Number"), true, true),
                col("state", t("状态", "State"), true, false),
                col("site", t("网点", "Outlet"), false, false),
            ],
            density: "normal".into(),
            back: "/orders".into(),
        },
    )
}

fn order(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let sample = |zh, en| {
        samples(lang).into_iter().find(|s| s.0 == T(zh, en).get(lang)).map(|s| s.1).unwrap_or_default()
    };
    let over = Sla::new(SlaKind::Over, t("修复超时 0:35", "Repair over 0:35")).big();
    let step = |zh, en, note: &str, state| Step::new(T(zh, en).get(lang), note, state);
    let crumbs = [(t("服务工单", "Orders"), Some("#")), ("FW-2611-03892", None)];
    detail_view(
        lang,
        &Detail {
            meta: html! { (st("working", t("维修中", "Working"))) (sla(&over)) (pri_text(lang, 4)) (tag(Tone::Neutral, t("上门维修", "On site"))) (tag(Tone::Amber, t("金牌合同", "Gold contract"))) },
            actions: html! {
                (Btn::new(t("改约", "Reschedule")).icon("calendar-event"))
                (Btn::new(t("挂起", "Hold")).icon("player-pause"))
                (btn_split(&Btn::new(t("完工回单", "Complete")).primary().icon("circle-check"), t("更多", "More"), "more"))
                (menu("more", &[MenuItem::link("printer", t("打印", "Print"), "#"), MenuItem::post("trash", t("作废", "Cancel"), "#").danger().confirm("?")]))
            },
            steps: steps(
                lang,
                &[
                    step("受理", "Intake", "11-18 09:42", StepState::Done),
                    step("派工", "Assigned", "09:51", StepState::Done),
                    step("接单", "Accepted", "09:54", StepState::Done),
                    step("到场", "On site", "10:37", StepState::Done),
                    step("维修", "Repair", t("已 2 小时 58 分", "2 h 58 min"), StepState::Now),
                    step("完工", "Done", "", StepState::Todo),
                    step("回访", "Follow-up", "", StepState::Todo),
                    step("审核", "Audit", "", StepState::Todo),
                ],
            ),
            tabs: tabs(
                t("分区", "Parts of the order"),
                &[
                    Tab::new(t("概况", "Overview"), "#", true),
                    Tab::new(t("作业记录", "Work"), "#", false).count(6),
                    Tab::new(t("备件与费用", "Parts and fees"), "#", false).count(4),
                    Tab::new(t("变更记录", "Changes"), "#", false),
                ],
                None,
            ),
            side: Some(html! {
                (side_head(t("湖滨万象城商业管理", "Lakeside Mall"), "#", tag(Tone::Amber, t("A 级", "A")), "C-00218"))
                (mini_stats(&[(t("近 12 月工单", "Orders/year"), "47".into()), (t("满意度", "Rating"), "4.7".into()), (t("未结账款", "Open"), "¥ 23,600".into())]))
                (side_section(t("服务合同", "Contract"), side_card(html! { (row_end(strong(t("金牌全包维保", "Gold")), tag(Tone::Green, t("生效中", "in force")))) (meter(t("合同期", "Term"), 41.0, Tone::Blue)) })))
                (side_section(t("最近工单", "Recent orders"), recent(&[("FW-2610-03511".into(), "#".into(), t("冷凝压力偏高", "Pressure high").into(), "10-22".into())])))
                (side_section("", alert(Tone::Amber, t("30 天内同设备同类故障第 2 次。", "Second failure of this kind within 30 days."))))
            }),
            ..Detail::new(
                &crumbs,
                t(
                    "离心式冷水机组高压报警，停机无法复位",
                    "Chiller: high pressure alarm, stopped, cannot be reset",
                ),
                html! {
                    (alert_actions(Tone::Violet, html! { (strong(t("费用减免待你审批", "A discount waits for you"))) " · ¥ 1,260.00" (approval_chain(&[Approver { name: t("赵一鸣", "Zhao").into(), role: t("网点主管", "Outlet lead").into(), state: StepState::Done }, Approver { name: t("林晓雯", "Lin").into(), role: t("你", "you").into(), state: StepState::Now }])) }, &[Btn::new(t("驳回", "Reject")).sm(), Btn::new(t("同意减免", "Approve")).primary().sm()]))
                    (section(t("基本信息", "Facts"), Btn::new(t("编辑", "Edit")).icon("edit").ghost().sm().kbd("E"), sample("事实", "Facts")))
                    (section(t("备件与费用", "Parts and fees"), Btn::new(t("添加行", "Add a line")).icon("plus").sm(), html! { (sample("数据行", "Rows")) (sums(&[(t("备件", "Parts"), "¥ 4,800.00".into()), (t("应收合计", "Total"), "¥ 6,060.00".into())])) }))
                    (section(t("动态", "History"), html! {}, html! { (comment_form(lang, "#", "k", t("林晓雯", "Lin"), "#tl")) (sample("动态", "History")) }))
                },
            )
        },
    )
}

fn intake(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let caller = html! {
        (fields(html! { (Field::tel("phone", t("来电号码", "Number")).value("138****6027")) }))
        (side_head(t("湖滨万象城", "Lakeside Mall"), "#", tag(Tone::Amber, "A"), "C-00218"))
        (kv(&[(t("联系人", "Contact"), html! { (t("李建平", "Li Jianping")) }), (t("地址", "Address"), html! { (t("太湖东路***号", "*** Taihu East Road")) })]))
        (alert(Tone::Amber, t("该客户还有 1 张未完成工单。", "This customer has one open order.")))
    };
    let form = Form::post("#", "k").body(html! {
        (fieldset(t("问题", "The problem"), "", html! {
            (Field::chips("topic", t("来电主题", "Topic")).options([("1", t("报修", "Repair")), ("2", t("安装", "Installation")), ("3", t("咨询", "Question")), ("4", t("投诉", "Complaint")), ("5", t("催单", "Chasing"))]).value("1").full().required())
            (Field::combo("unit_id", t("设备", "Unit"), "/units/suggest").wide().placeholder(t("序列号、机型", "Serial, model")))
            (Field::select("fault", t("故障现象", "Fault")).options([("1", t("高压报警", "High pressure alarm"))]).wide())
            (Field::area("text", t("客户描述", "In the customer's words"), 3).full())
        }))
        (fieldset(t("服务", "Service"), t("保修与费用会自动判断", "Warranty and fees are worked out by themselves"), html! {
            (Field::chips("mode", t("服务方式", "Mode")).options([("1", t("上门", "On site")), ("2", t("送修", "Carry in")), ("3", t("电话解决", "By phone"))]).value("1").wide())
            (Field::chips("pri", t("优先级", "Priority")).options([("1", t("普通", "normal")), ("2", t("紧急", "urgent"))]).value("1").wide())
            (Field::datetime("visit", t("约定上门", "Visit")).wide())
            (Field::combo("engineer", t("工程师", "Engineer"), "/staff/suggest").wide())
        }))
        (form_buttons(&[Btn::submit(t("生成工单", "Create order")), Btn::new(t("电话已解决", "Solved by phone")).attr("type", "submit"), Btn::link(t("取消", "Cancel"), "#").ghost()]))
    });
    let history = html! {
        (side_section(t("最近工单", "Recent orders"), recent(&[("FW-2610-03511".into(), "#".into(), t("冷凝压力偏高", "Pressure high").into(), "10-22".into()), ("FW-2609-02980".into(), "#".into(), t("季度保养", "Maintenance").into(), "09-15".into())])))
        (side_section(t("名下设备", "Units"), side_card(kv(&[(t("机型", "Model"), html! { "YK-1200" }), (t("保修", "Warranty"), tag(Tone::Green, t("在保", "in warranty")))]))))
    };
    intake_view(lang, t("来电受理", "Intake"), tag(Tone::Green, "02:13"), caller, form, history)
}

fn settings(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let areas = [
        ("building", t("公司与网点", "Company").into(), "#".into(), false),
        ("clock", t("时限与日历", "Deadlines").into(), "#".into(), true),
        ("hash", t("单据编号", "Numbering").into(), "#".into(), false),
    ];
    let body = Form::post("#", "k").body(html! {
        (fieldset(t("工作时间", "Working hours"), t("自 2026-12-01 起生效", "From 2026-12-01"), html! {
            (Field::time("from", t("上班", "From")).value("08:30")) (Field::time("to", t("下班", "To")).value("17:30"))
            (Field::number("warn", t("提前预警（分钟）", "Warn before (minutes)")).value(30).hint(t("默认 30", "Default 30")))
            (Field::switch("sat", t("周六上班", "Open on Saturdays")))
        }))
        (form_actions(lang, t("保存", "Save"), None))
    });
    settings_view(lang, &areas, t("时限与日历", "Deadlines"), body)
}

fn login(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    bare_card(t("登录", "Sign in"), t("使用工号或手机号", "With your staff number or mobile"), Form::post("/login", "k").plain().body(html! {
        (fields(html! {
            (Field::text("login", t("账号", "Account")).required().attr("autocomplete", "username").autofocus())
            (Field::password("password", t("密码", "Password")).required().attr("autocomplete", "current-password").error(Some(t("账号或密码不对", "Wrong account or password"))))
            (Field::check("keep", t("在这台设备上保持登录", "Keep me signed in here")))
        }))
        (form_actions(lang, t("登录", "Sign in"), None))
    }))
}

fn sheet(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let v = |zh, en| html! { (T(zh, en).get(lang)) };
    html! {
        (print_head(t("恒信设备服务", "Hengxin Service"), t("派工单", "Dispatch sheet"), "FW-2611-03892", "2026-11-18 09:51", None))
        (print_facts(&[(t("客户", "Customer"), v("湖滨万象城商业管理", "Lakeside Mall"), 2), (t("等级", "Class"), html! { "A" }, 1), (t("联系人", "Contact"), v("李建平", "Li Jianping"), 1), (t("电话", "Phone"), html! { "138****6027" }, 1), (t("约定", "Visit"), html! { "11-18 10:30" }, 1), (t("地址", "Address"), v("太湖东路 1 号 B2 制冷机房", "1 Taihu East Road, B2"), 3)]))
        (print_text(t("故障描述", "Fault"), t("高压报警停机，手动复位后约 3 分钟再次跳停。", "High pressure alarm; trips again three minutes after reset.")))
        (print_table(t("备件", "Parts"), &[t("编码", "Code"), t("名称", "Name"), t("数量", "Qty"), t("单价", "Price"), t("金额", "Amount")], &[2, 3, 4], &[vec![html! { "PT-20418" }, v("冷凝压力传感器", "Pressure sensor"), html! { "1" }, html! { "380.00" }, html! { "380.00" }], vec![html! { "PT-30927" }, v("电子膨胀阀 EX-7", "Valve EX-7"), html! { "1" }, html! { "2,860.00" }, html! { "2,860.00" }]], &[(t("合计", "Total"), "¥ 3,240.00".into())]))
        (sign_boxes(&[(t("派工人", "Dispatcher"), None, "2026-11-18".into()), (t("工程师", "Engineer"), None, String::new()), (t("客户签字", "Customer"), None, String::new()), (t("盖章", "Stamp"), None, String::new())]))
        (print_note(t("一式两联：客户、存根。", "Two copies: customer, file.")))
    }
}
