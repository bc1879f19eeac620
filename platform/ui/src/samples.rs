//! The sample gallery (`/gallery`): every component once, in both languages, with plain made-up words.

use kernel::{Lang, T};
use maud::{Markup, html};

use crate::*;

/// All samples: a heading and what it looks like.
pub fn samples(lang: Lang) -> Vec<(&'static str, Markup)> {
    let t = |zh, en| T(zh, en).get(lang);
    vec![
        (t("语义色", "Tones"), tones(lang)),
        (t("工单状态", "Order states"), states(lang)),
        (t("时限与优先级", "Deadlines and priority"), deadlines(lang)),
        (t("按钮", "Buttons"), buttons(lang)),
        (t("标签、人员、按键", "Tags, people, keys"), people(lang)),
        (t("筛选", "Filters"), filter_sample(lang)),
        (t("表单", "Form"), form_sample(lang)),
        (t("出错的表单", "A form with errors"), form_errors(lang)),
        (t("隐私字段", "Sensitive fields"), masked_sample(lang)),
        (t("进度与审批", "Progress and sign-off"), progress(lang)),
        (t("提示与消息", "Messages"), messages(lang)),
        (
            t("空状态", "Nothing there"),
            empty(
                "clipboard-check",
                t("没有待派工单", "Nothing to assign"),
                t("新工单会自动出现在这里。", "New orders appear here by themselves."),
                Some(Btn::link(t("查看今天全部", "See all of today"), "#").sm()),
            ),
        ),
        (t("事实", "Facts"), facts(lang)),
        (t("数字", "Figures"), figures(lang)),
        (t("图", "Charts"), charts_sample(lang)),
        (t("动态", "History"), history(lang)),
        (t("数据行", "Rows"), small_table(&table(lang))),
        (t("手机：任务", "Phone: visits"), phone_jobs(lang)),
        (t("手机：作业", "Phone: work steps"), phone_steps(lang)),
        (t("打印", "Print"), print_sample(lang)),
        (
            t("命令面板结果", "Palette results"),
            html! { div.cmdk-list role="listbox" aria-label="palette" { (palette_results(lang, &palette(lang))) } },
        ),
        (t("附件与上传", "Files"), files(lang)),
        (
            t("组织树", "Tree"),
            branch_tree(
                t("组织", "Organisation"),
                &[Branch {
                    open: true,
                    below: vec![Branch {
                        current: true,
                        below: vec![branch("user", t("王五", "Wang Wu"), "E001")],
                        open: true,
                        ..branch("id-badge", t("安装工", "Fitter"), "42")
                    }],
                    ..branch("building", t("总部", "Head office"), "326")
                }],
            ),
        ),
    ]
}

/// The gallery as the main part of a page.
pub fn gallery(lang: Lang) -> Markup {
    html! {
        (page_header(T("组件总览", "Components").get(lang), None, html! {}))
        div.kit-g { @for (title, m) in samples(lang) { section.card.kit-c { h2 { (title) } (m) } } }
    }
}

fn tones(lang: Lang) -> Markup {
    let names = T("中性 蓝 青 紫 绿 琥珀 橙 红", "neutral blue cyan violet green amber orange red").get(lang);
    row(&Tone::ALL.iter().zip(names.split(' ')).map(|(tone, n)| tag(*tone, n)).collect::<Vec<_>>())
}

const STATES: [(&str, T); 14] = [
    ("new", T("待受理", "New")),
    ("pending", T("待派工", "To assign")),
    ("dispatched", T("已派工", "Assigned")),
    ("accepted", T("已接单", "Accepted")),
    ("enroute", T("在途", "On the way")),
    ("working", T("维修中", "Working")),
    ("parts", T("等待备件", "Waiting for parts")),
    ("approval", T("待审批", "In approval")),
    ("done", T("已完工", "Completed")),
    ("accept", T("待验收", "To be accepted")),
    ("settled", T("已结算", "Settled")),
    ("closed", T("已关闭", "Closed")),
    ("canceled", T("已取消", "Cancelled")),
    ("hold", T("已挂起", "On hold")),
];

fn states(lang: Lang) -> Markup {
    row(&STATES.iter().map(|(c, l)| st(c, l.get(lang))).collect::<Vec<_>>())
}

fn deadlines(lang: Lang) -> Markup {
    let run = |left| Sla::running(lang, 0, left, 14_400);
    let still = |mut s: Sla| {
        s.due_s = None;
        sla(&s)
    };
    stack(&[
        row(&[
            still(run(11_100)),
            still(run(2_520)),
            still(run(-2_100)),
            sla(&Sla::new(SlaKind::Paused, T("已暂停", "Paused").get(lang))),
            sla(&Sla::new(SlaKind::Met, T("达标", "Met").get(lang))),
            still(run(-2_100).big()),
        ]),
        row(&[1, 2, 3, 4].map(|p| pri_text(lang, p))),
    ])
}

fn buttons(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    stack(&[
        row(&[
            html! { (Btn::new(t("新建工单", "New order")).icon("plus").primary().kbd("N")) },
            html! { (Btn::new(t("次要", "Secondary"))) },
            html! { (Btn::new(t("自动排程", "Plan")).icon("bolt").soft()) },
            html! { (Btn::new(t("文字", "Text")).ghost()) },
            html! { (Btn::new(t("删除", "Delete")).icon("trash").danger()) },
            html! { (Btn::new(t("不可用", "Disabled")).disabled(true)) },
            html! { (Btn::icon_only("dots", t("更多", "More"))) },
        ]),
        row(&[
            html! { (Btn::new("28").sm()) },
            html! { (Btn::new("32")) },
            html! { (Btn::new("36").lg()) },
            btn_split(
                &Btn::new(t("完工回单", "Complete")).primary().icon("circle-check"),
                t("更多", "More"),
                "sample-menu",
            ),
            segmented(
                t("视图", "View"),
                &[
                    (t("时间轴", "Timeline").into(), "#".into(), true),
                    (t("看板", "Board").into(), "#".into(), false),
                ],
            ),
        ]),
        menu(
            "sample-menu",
            &[
                MenuItem::link("calendar-event", t("改约", "Reschedule"), "#"),
                MenuItem::separator(),
                MenuItem::post("trash", t("作废", "Cancel"), "#").danger(),
            ],
        ),
    ])
}

fn people(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    row(&[
        tag(Tone::Amber, t("A 级", "Class A")),
        tag(Tone::Green, t("保修内", "In warranty")),
        tag_line(Tone::Orange, t("在途 15:20", "Due 15:20")),
        person(t("沈文博", "Shen Wenbo")),
        person_or(None, t("未派工", "Not assigned")),
        avatar_md(t("周启航", "Zhou")),
        avatar_org(t("湖滨", "Lake")),
        kbd(&["Ctrl", "K"]),
    ])
}

fn filter_sample(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang).to_owned();
    let chip = |f: String, o: String, v: String| FilterChip { field: f, op: o, value: v, remove: "#".into() };
    stack(&[
        filter_bar(
            lang,
            &FilterBar {
                action: "#".into(),
                placeholder: t("工单号、客户", "Number, customer"),
                chips: vec![
                    chip(t("状态", "State"), t("属于", "is"), t("处理中", "open")),
                    chip(t("创建时间", "Created"), t("最近", "within"), t("30 天", "30 days")),
                ],
                clear: Some("#".into()),
                builder: true,
                ..FilterBar::default()
            },
        ),
        filter_row(
            lang,
            "#",
            &FilterRow {
                name: "c1".into(),
                field: "warranty".into(),
                label: t("保修状态", "Warranty"),
                ops: vec![("in".into(), t("属于", "is one of"))],
                op: "in".into(),
                value: FilterValue::Choice(vec![
                    ("1".into(), t("保修内", "in"), true),
                    ("2".into(), t("保修外", "out"), false),
                ]),
                or: false,
            },
        ),
        filter_row(
            lang,
            "#",
            &FilterRow {
                name: "c2".into(),
                field: "created".into(),
                label: t("创建时间", "Created"),
                ops: vec![("between".into(), t("介于", "between"))],
                op: "between".into(),
                value: FilterValue::Dates("2026-11-01".into(), "2026-11-18".into()),
                or: true,
            },
        ),
    ])
}

fn form_sample(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    Form::post("#", "sample").body(html! {
        (fields(html! {
            (Field::text("name", t("客户名称", "Customer")).required().value(t("湖滨万象城", "Lakeside Mall")).wide())
            (Field::combo("model_id", t("机型", "Model"), "/models/suggest").shown("YK-1200").value("1").wide())
            (Field::money("fee", t("上门费", "Call-out fee")).value("80.00"))
            (Field::datetime("visit", t("约定上门", "Visit")).value("2026-11-18T10:30").wide())
            (Field::select("kind", t("服务类型", "Kind")).options([("1", t("上门维修", "Repair on site")), ("2", t("安装", "Installation"))]))
            (Field::chips("mode", t("服务方式", "Mode")).options([("a", t("上门", "On site")), ("b", t("送修", "Carry in")), ("c", t("电话", "Phone"))]).value("a").full())
            (Field::area("text", t("故障描述", "What is wrong"), 2).full().hint(t("客户原话即可。", "In the customer's words.")))
            (Field::check("sms", t("短信通知客户", "Send a text message")).checked(true))
            (Field::switch("auto", t("自动派工", "Assign by itself")).checked(true))
        }))
        (form_actions(lang, t("保存", "Save"), Some("#")))
    })
}

fn form_errors(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let message = t("手机号应为 11 位，还差 4 位", "A mobile number has 11 digits; 4 are missing");
    stack(&[
        error_summary(lang, &[("phone", message.to_owned())]),
        html! { (Field::tel("phone", t("联系电话", "Phone")).value("1380013").error(Some(message)).hint(t("座机请带区号", "Landlines with area code"))) },
    ])
}

fn masked_sample(lang: Lang) -> Markup {
    stack(&[
        masked(lang, "mask-1", "138****6027", Some("#")),
        html! { span.mask data-open { span.val { "138 0013 6027" } span.fs12.t3 { (T("已记录 · 30 秒后隐藏", "Recorded · hides in 30 s").get(lang)) } } },
    ])
}

fn progress(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    stack(&[
        steps(
            lang,
            &[
                Step::new(t("受理", "Intake"), "09:42", StepState::Done),
                Step::new(t("派工", "Assigned"), "09:51", StepState::Done),
                Step::new(t("维修", "Repair"), t("已 2 小时", "2 h so far"), StepState::Now),
                Step::new(t("审核", "Audit"), "", StepState::Todo),
            ],
        ),
        approval_chain(&[
            Approver {
                name: t("赵一鸣", "Zhao").into(),
                role: t("网点主管", "Outlet lead").into(),
                state: StepState::Done,
            },
            Approver {
                name: t("林晓雯", "Lin").into(),
                role: t("服务经理 · 你", "Manager · you").into(),
                state: StepState::Now,
            },
            Approver {
                name: t("财务", "Finance").into(),
                role: t("财务复核", "Finance").into(),
                state: StepState::Todo,
            },
        ]),
        job_progress(
            lang,
            None,
            t("导入备件", "Importing parts"),
            3200,
            5000,
            t("12 行有问题", "12 rows with problems"),
            &[Btn::new(t("取消", "Cancel")).sm()],
        ),
        skeleton(),
    ])
}

fn messages(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    stack(&[
        toast_body(
            lang,
            Tone::Green,
            t("已派给沈文博", "Assigned to Shen Wenbo"),
            "13:45–15:15",
            Some((t("撤销", "Undo"), "#")),
        ),
        alert(
            Tone::Amber,
            t("与 15:30 的任务间隔不足 20 分钟。", "Less than 20 minutes before the visit at 15:30."),
        ),
        alert(
            Tone::Red,
            html! { (t("没有保存：该工单刚被陈立群改约。", "Not saved: Chen Liqun has just rescheduled this order.")) " " (link("#", t("查看差异", "See the difference"))) },
        ),
        alert_actions(
            Tone::Violet,
            t("费用减免待你审批", "A discount waits for you"),
            &[Btn::new(t("驳回", "Reject")).sm(), Btn::new(t("同意", "Approve")).primary().sm()],
        ),
    ])
}

fn facts(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    stack(&[
        dl(&[
            Def::new(t("报修人", "Caller"), t("李建平", "Li Jianping")),
            Def::new(t("联系电话", "Phone"), masked(lang, "mask-2", "138****6027", Some("#"))),
            Def::new(t("现场地址", "Address"), t("太湖东路***号", "*** Taihu East Road")).wide(),
            Def::new(t("故障描述", "Fault"), prose(t("高压报警停机。", "High pressure alarm, stopped.")))
                .full(),
        ]),
        kv(&[(t("序列号", "Serial"), mono("YK12-220418-07")), (t("质保", "Warranty"), num("2027-04-17"))]),
        mini_stats(&[
            (t("近 12 月工单", "Orders, 12 months"), "47".into()),
            (t("满意度", "Rating"), "4.7".into()),
            (t("未结", "Open"), "¥ 23,600".into()),
        ]),
    ])
}

fn figures(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    stats(&[
        Stat::new(t("今日工单", "Orders today"), 128)
            .delta("12%", true)
            .note(t("较上周", "on last week"))
            .spark(vec![3.0, 5.0, 4.0, 7.0, 6.0, 9.0]),
        Stat::new(t("SLA 风险", "At risk"), 7).delta("3", false).href("#"),
        Stat::new(t("一次修复率", "Fixed first time"), "86.4").unit("%"),
    ])
}

fn charts_sample(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let days = [("11-14", 12.0), ("11-15", 19.0), ("11-16", 8.0), ("11-17", 22.0), ("11-18", 16.0)];
    stack(&[
        bars(t("近五天工单", "Orders, five days"), &days.map(|(d, n)| (d.to_owned(), n, format!("{n}")))),
        trend(
            t("工单量", "Orders"),
            &days.map(|(d, _)| d.to_owned()),
            &[
                (t("受理", "opened"), days.map(|d| d.1).to_vec()),
                (t("完工", "done"), days.map(|d| d.1 - 4.0).to_vec()),
            ],
        ),
        ranking(&[
            (t("压缩机", "Compressor").into(), 42.0, "42".into()),
            (t("膨胀阀", "Valve").into(), 27.0, "27".into()),
        ]),
        bullet(t("响应达标", "Answered in time"), 92.0, 95.0, 100.0),
        meter(t("合同期", "Contract term"), 41.0, Tone::Blue),
    ])
}

fn history(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    timeline(&[
        Event {
            icon: "tool",
            tone: Tone::Blue,
            head: html! { (strong(t("周启航", "Zhou"))) " " (t("更新作业步骤", "updated a step")) },
            time: "13:28".into(),
            body: Some(html! { (t("冷凝压力 1.38 MPa", "Condensing pressure 1.38 MPa")) }),
        },
        Event {
            icon: "alert-triangle",
            tone: Tone::Red,
            head: html! { (t("修复时限已超时", "Repair deadline passed")) },
            time: "13:12".into(),
            body: None,
        },
    ])
}

fn table(lang: Lang) -> Table {
    let t = |zh, en| T(zh, en).get(lang);
    Table::new(
        t("工单", "Orders"),
        vec![
            Col::new(t("工单号", "Number")).card(Card::Id),
            Col::new(t("状态", "State")).card(Card::Foot),
            Col::new(t("客户", "Customer")).card(Card::Title),
            Col::new(t("应收", "Amount")).right().card(Card::End),
        ],
        vec![
            Row::new(
                1,
                "FW-03892",
                vec![
                    id_link("#", "FW-2611-03892"),
                    st("working", t("维修中", "Working")),
                    html! { (t("湖滨万象城", "Lakeside Mall")) },
                    num("¥ 4,800.00"),
                ],
            )
            .actions(html! { (Btn::icon_only("edit", t("编辑", "Edit")).sm()) }),
            Row::new(
                2,
                "FW-03891",
                vec![
                    id_link("#", "FW-2611-03891"),
                    st("pending", t("待派工", "To assign")),
                    html! { (t("东吴生物医药园", "Biopark")) },
                    none(),
                ],
            ),
        ],
    )
    .min_width("34rem")
}

fn phone_jobs(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang).to_owned();
    stack(&[
        day_summary(&[
            (T("已完成", "Done").get(lang), "1".into()),
            (T("待上门", "To visit").get(lang), "3".into()),
        ]),
        job_list(&[JobCard {
            href: "#".into(),
            time: "10:30".into(),
            state: Some(st("working", &t("维修中", "Working"))),
            sla: Some(sla(&Sla::new(SlaKind::Over, t("超时 0:35", "over 0:35")))),
            title: t("湖滨万象城", "Lakeside Mall"),
            text: t("离心式冷水机组高压报警", "Chiller, high pressure alarm"),
            place: t("太湖东路 B2 机房", "Taihu East Road, B2"),
            distance: "38 m".into(),
            tags: vec![tag(Tone::Red, t("紧急", "urgent"))],
            current: true,
            actions: vec![
                Btn::link(t("导航", "Route"), "#").icon("navigation").soft().touch(),
                Btn::link(t("继续作业", "Go on"), "#").primary().touch().grow().trailing("arrow-right"),
            ],
        }]),
    ])
}

fn phone_steps(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    let photo = photo_grid(lang, "photo", t("现场照片", "Photos"), t("至少 2 张", "at least 2"), &[]);
    work_steps(
        lang,
        &[
            WorkStep {
                label: t("到场签到", "Arrive").into(),
                state: StepState::Done,
                body: html! { p.t3.fs13 { "10:37" } },
            },
            WorkStep {
                label: t("检测与更换", "Check and replace").into(),
                state: StepState::Now,
                body: stack(&[
                    photo,
                    qty_line(lang, t("膨胀阀 EX-7", "Valve EX-7"), "qty", "1"),
                    geo_fields(lang),
                ]),
            },
            WorkStep {
                label: t("客户签字", "Signature").into(),
                state: StepState::Todo,
                body: sign_box(lang, "sign", t("客户签名", "Customer's signature")),
            },
        ],
    )
}

fn print_sample(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    html! { div.paper.paper-mini {
        (print_head(t("恒信设备服务", "Hengxin Service"), t("派工单", "Dispatch sheet"), "FW-2611-03892", "2026-11-18", None))
        (print_facts(&[(t("客户", "Customer"), html! { (t("湖滨万象城", "Lakeside Mall")) }, 2), (t("电话", "Phone"), html! { "138****6027" }, 1)]))
        (print_table(t("备件", "Parts"), &[t("名称", "Name"), t("数量", "Qty")], &[1], &[vec![html! { (t("膨胀阀", "Valve")) }, html! { "1" }]], &[(t("合计", "Total"), "¥ 2,860.00".into())]))
        (sign_boxes(&[(t("工程师", "Engineer"), None, String::new()), (t("客户签字", "Customer"), None, String::new()), (t("盖章", "Stamp"), None, String::new())]))
    } }
}

fn palette(lang: Lang) -> Vec<PaletteGroup> {
    let t = |zh, en| T(zh, en).get(lang);
    vec![PaletteGroup {
        title: t("操作", "Actions").into(),
        items: vec![
            PaletteItem::new("plus", t("新建服务工单", "New order"), "#").keys(&["N"]),
            PaletteItem::new("users", t("东吴生物医药园", "Biopark"), "#")
                .detail("C-00218")
                .kind(t("客户", "Customer")),
        ],
    }]
}

fn files(lang: Lang) -> Markup {
    let t = |zh, en| T(zh, en).get(lang);
    stack(&[
        attachments(&[("nameplate.pdf".into(), "#".into(), None, "1.2 MB".into())]),
        upload_box(
            lang,
            "file",
            ".pdf,image/*",
            true,
            t("照片、PDF，单个不超过 20 MB", "Photos, PDF, up to 20 MB each"),
        ),
    ])
}

fn branch(icon: &'static str, text: &str, note: &str) -> Branch {
    Branch {
        icon,
        text: text.into(),
        note: note.into(),
        href: "#".into(),
        current: false,
        open: false,
        below: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_renders_in_both_languages() {
        for lang in Lang::ALL {
            for (title, m) in samples(lang) {
                assert!(!m.0.is_empty(), "{title} is empty");
            }
        }
    }

    #[test]
    fn english_samples_hold_no_chinese() {
        for (title, m) in samples(Lang::En) {
            let bad: String = m.0.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
            assert!(bad.is_empty(), "{title}: {bad}");
        }
    }

    #[test]
    fn values_are_escaped() {
        let evil = "\"><script>";
        let m = html! { (Field::text("n", evil).value(evil).hint(evil).error(Some(evil))) (Btn::new(evil).href(evil)) };
        assert!(!m.0.contains("<script"), "{}", m.0);
        assert!(Field::combo("n", "x", evil).shown(evil).render().0.find("<script").is_none());
        assert!(Form::post(evil, evil).body("").0.find("<script").is_none());
    }

    #[test]
    fn errors_are_linked_to_their_field() {
        let m = Field::tel("phone", "Phone").error(Some("too short")).hint("11 digits").render().0;
        assert!(m.contains("aria-describedby=\"f-phone-e f-phone-h\""), "{m}");
        assert!(m.contains("aria-invalid=\"true\""));
        assert!(m.contains("id=\"f-phone-e\""));
    }
}
