//! Pay: the audit of a completion sheet computes commissions, deductions and rewards by rule, with reasons; months are
//! settled on sheets (PAY-01…09, 14, 15).

pub mod api;
mod line;
mod perms;
mod rule;
mod said;
mod sheet;
mod subs;

use kernel::T;
use kit::{Check, DocBrief, DocKind, DocRef, Module, Nav};

/// What this context brings.
pub fn module() -> Module {
    let mut routes = rule::routes();
    routes.0.extend(line::routes().0);
    routes.0.extend(sheet::routes().0);
    Module {
        name: "pay",
        migrations: vec![db::Migration {
            context: "pay",
            number: 1,
            name: "pay",
            sql: include_str!("../migrations/0001_pay.sql"),
        }],
        perms: perms::ALL.to_vec(),
        routes,
        lists: vec![
            line::lists::lines(),
            line::lists::disputes(),
            sheet::lists::sheets(),
            rule::lists::commissions(),
            rule::lists::steps(),
            rule::lists::items(),
            rule::lists::wages(),
        ],
        subs: subs::all(),
        docs: vec![sheet_doc()],
        nouns: vec![
            ("pay_line", T("薪酬明细", "Pay line")),
            ("pay_dispute", T("薪酬异议", "Pay dispute")),
            ("reward_item", T("奖惩项目", "Reward or deduction")),
            ("post_wage", T("岗位工资", "Wage of a post")),
            ("pay_rule", T("薪酬规则", "Pay rule")),
            ("deadline_step", T("时限扣款档", "Step of deductions")),
            ("commission_rule", T("提成规则", "Commission rule")),
        ],
        actions: vec![
            ("pay", T("计算薪酬", "pay computed")),
            ("pay_reversed", T("冲回薪酬", "pay reversed")),
            ("pay_rule", T("薪酬规则变更", "pay rule changed")),
            ("pay_dispute", T("薪酬异议", "pay disputed")),
            ("answered", T("答复", "answered")),
            ("ended", T("停用", "ended")),
        ],
        nav: nav(),
        sheet_parts: vec![kit::SheetPart {
            doc: "order",
            sheet: "audit",
            render: |cx, order| Box::pin(line::print::audit(cx, order)),
        }],
        checks: vec![
            Check {
                name: "pay.lines_make_the_computation",
                run: |conn| Box::pin(line::store::select_broken_calcs(conn)),
            },
            Check { name: "pay.sheets_add_up", run: |conn| Box::pin(sheet::store::select_broken(conn)) },
        ],
        impersonal: vec![
            ("commission_rule.note", "about a rule"),
            ("deadline_step.party", "a code"),
            ("deadline_step.note", "about a rule"),
            ("reward_item.note", "about a rule"),
            ("pay_line.party", "a code"),
            ("pay_dispute.answer", "between employees"),
            ("pay_dispute.answered_by", "an employee"),
        ],
        ..Module::default()
    }
}

fn nav() -> Vec<Nav> {
    let group = T("薪酬", "Pay");
    let entry = |order, icon, label, href, perm| Nav { group, order, icon, label, href, perm };
    vec![
        entry(700, "wallet", T("我的薪酬", "My pay"), "/pay/mine", &perms::PAY_MINE),
        entry(705, "coin", T("薪酬明细", "Pay lines"), "/pay/lines", &perms::PAY_READ),
        entry(710, "report-money", T("工资结算单", "Pay sheets"), "/pay/sheets", &perms::PAY_READ),
        entry(715, "message-question", T("薪酬异议", "Questions"), "/pay/disputes", &perms::PAY_REWARD),
        entry(720, "percentage", T("提成规则", "Commission rules"), "/pay/rules", &perms::RULES_WRITE),
        entry(725, "clock-dollar", T("期限扣费", "Lateness"), "/pay/deadlines", &perms::RULES_WRITE),
        entry(730, "award", T("奖惩项", "Rewards"), "/pay/items", &perms::RULES_WRITE),
        entry(735, "id-badge", T("岗位工资", "Post wages"), "/pay/wages", &perms::WAGES_WRITE),
    ]
}

fn sheet_doc() -> DocKind {
    DocKind {
        kind: "pay_sheet",
        label: T("工资结算单", "Pay sheet"),
        href: "/pay/sheets/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = sheet::store::get_sheet(conn, id).await?;
                cx.authorize(if write { &perms::PAY_SETTLE } else { &perms::PAY_READ }, &row)?;
                Ok(DocBrief {
                    doc: DocRef::new("pay_sheet", row.id, &row.period),
                    org: row.org_id,
                    title: row.staff_name,
                })
            })
        },
    }
}

#[cfg(test)]
mod schema {
    /// What the program knows and what the database takes are the same (DESIGN §5).
    #[test]
    fn the_database_takes_only_states_that_there_are() {
        let sql = include_str!("../migrations/0001_pay.sql");
        let takes = |table, column, codes| testkit::column_takes(sql, table, column, codes);
        takes("pay_calc", "state", crate::line::model::CalcState::OPTIONS);
        takes("pay_sheet", "state", crate::sheet::model::SheetState::OPTIONS);
    }
}
