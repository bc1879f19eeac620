//! Markup of checks.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use orders::api::WorkKind;
use ui::{Btn, Col, Field, Form, Row, Table, Tone};

use super::model::{
    CheckRule, CheckSheet, CheckTemplate, Point, PointAnswer, SaveTemplate, SetRules, SignCheck, Stage,
    StageOut, TemplateOut, Verdict,
};
use crate::{perms::CHECK_SETUP, unit::model::Held};

/// Signing a stage: every point with its choice; what is not touched passes with one tick.
pub fn sign_form(cx: &Cx, held: &Held, stage: &StageOut, input: &SignCheck, errors: &FormErrors) -> Markup {
    let unit = &held.unit;
    let href = format!("/workshop/units/{}", unit.id);
    let label = cx.t(stage.stage.label());
    let crumbs = [
        (cx.t(T("在修机器", "Workshop")), Some("/workshop")),
        (unit.no.as_str(), Some(href.as_str())),
        (label, None),
    ];
    let title = format!("{label} · {}", held.name());
    let Some(list) = &stage.template else {
        let none =
            ui::empty("checks", cx.t(T("这台机器不需要这一检验", "This stage is not needed")), "", None);
        return ui::form_page(cx.lang, &crumbs, &title, "", none, None);
    };
    let mut groups: Vec<(&str, Vec<(usize, &Point)>)> = Vec::new();
    for (index, point) in list.points.iter().enumerate() {
        match groups.last_mut() {
            Some((group, points)) if *group == point.section(cx.lang) => points.push((index, point)),
            _ => groups.push((point.section(cx.lang), vec![(index, point)])),
        }
    }
    let fresh = input.answers.is_empty();
    let body = html! {
        (errors.summary(cx.lang))
        (ui::hidden("revision", list.revision))
        @for (group, points) in &groups {
            (ui::fieldset(if group.is_empty() { cx.t(T("检查项目", "Points")) } else { group }, "", html! {
                @for (index, point) in points { (ui::hidden(&format!("answers.{index}.point"), index + 1)) (point_field(cx, *index, point, input.answers.get(*index), errors)) }
            }))
        }
        (ui::fieldset(cx.t(T("结论", "Result")), "", html! {
            (Field::check("rest_passed", cx.t(T("没有选择的项目全部合格", "Every point not chosen passed"))).checked(fresh || input.rest_passed).full())
            (Field::area("note", cx.t(T("备注；不合格时写返工要求", "Remark; when something failed: what is to be done again")), 2).value(&input.note).error(errors.of("note")).full())
            (Field::area("advice", cx.t(T("给客户的维修建议", "Advice for the customer")), 2).value(&input.advice).full())
        }))
        (ui::form_actions(cx.lang, cx.t(T("签字确认", "Sign")), Some(&href)))
    };
    let form = Form::post(format!("{href}/checks/{}", stage.stage.as_str()), cx.form_key()).body(body);
    let name =
        if cx.lang == kernel::Lang::En && !list.name_en.is_empty() { &list.name_en } else { &list.name };
    let intro = T("{name} 第 {r} 版，{n} 项；第 {round} 轮", "{name} r{r}, {n} points; round {round}").fill(
        cx.lang,
        &[
            ("name", name.clone()),
            ("r", list.revision.to_string()),
            ("n", list.points.len().to_string()),
            ("round", unit.check_round.to_string()),
        ],
    );
    ui::form_page(cx.lang, &crumbs, &title, &intro, form, None)
}

fn point_field(
    cx: &Cx,
    index: usize,
    point: &Point,
    said: Option<&PointAnswer>,
    errors: &FormErrors,
) -> Markup {
    let label = format!("{}. {}", index + 1, point.label(cx.lang));
    if point.measured() {
        let name = format!("answers.{index}.value");
        return html! {
            (Field::number(&name, label).value(said.map(|a| a.value.clone()).unwrap_or_default()).hint(limits(cx, point)).error(errors.of(&name)))
        };
    }
    let name = format!("answers.{index}.verdict");
    let options = Verdict::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let value = said.and_then(|a| a.verdict).map_or("", Verdict::as_str);
    html! { (Field::chips(&name, label).options(options).value(value).error(errors.of(&name)).wide()) }
}

fn limits(cx: &Cx, point: &Point) -> String {
    let unit = &point.unit;
    match (point.least, point.most) {
        (Some(least), Some(most)) => format!("{least} – {most} {unit}"),
        (Some(least), None) => format!("≥ {least} {unit}"),
        (None, Some(most)) => format!("≤ {most} {unit}"),
        (None, None) => format!("{} {unit}", cx.t(T("单位", "in"))),
    }
}

/// A signed check on paper.
pub fn sheet(cx: &Cx, held: &Held, sheet: &CheckSheet, template: Option<&CheckTemplate>) -> Markup {
    let cx = &cx.clock_of(held.order.org_id);
    let points = template.map(CheckTemplate::points).unwrap_or_default();
    let answers = sheet.answers();
    let name = template.map_or(sheet.template.as_str(), |t| t.label(cx.lang));
    let note = format!("{} r{} · {}", name, sheet.revision, format::full_time(cx, sheet.signed_at));
    let heads =
        [T("序号", "No."), T("项目", "Point"), T("要求", "Limits"), T("结果", "Result"), T("说明", "Remark")]
            .map(|t| cx.t(t));
    let rows: Vec<Vec<Markup>> = answers
        .iter()
        .enumerate()
        .map(|(index, answer)| {
            let point = points.get(index);
            let verdict = answer.verdict.map_or("", |v| cx.t(v.label()));
            vec![
                html! { (index + 1) },
                html! { @if let Some(p) = point { @if !p.group.is_empty() { (p.section(cx.lang)) " · " } (p.label(cx.lang)) } },
                html! { @if let Some(p) = point { @if p.measured() { (limits(cx, p)) } } },
                html! { (answer.value) " " @if answer.verdict == Some(Verdict::Fail) { (ui::red(verdict)) } @else { (verdict) } },
                html! { (answer.note) },
            ]
        })
        .collect();
    let result = if sheet.passed { T("合格", "Passed") } else { T("不合格", "Failed") };
    html! {
        (ui::print_head(&cx.app.config.company, cx.t(sheet.stage.label()), &held.unit.no, &note, None))
        (ui::print_facts(&[
            (cx.t(T("机型", "Model")), ui::or_none(Some(&held.order.model_name)), 1),
            (cx.t(T("序列号", "Serial")), ui::or_none(Some(&cx.mask(kit::Sens::Serial, &held.order.serial))), 1),
            (cx.t(T("工单", "Order")), html! { (held.order.no) }, 1),
            (cx.t(T("维修人员", "Repaired by")), ui::or_none(Some(&held.order.engineer_name)), 1),
            (cx.t(T("轮次", "Round")), html! { (sheet.round) }, 1),
            (cx.t(T("结论", "Result")), html! { (cx.t(result)) }, 1),
        ]))
        (ui::print_table("", &heads, &[], &rows, &[]))
        @if !sheet.note.is_empty() { (ui::print_text(cx.t(T("备注与返工要求", "Remark")), &sheet.note)) }
        @if !sheet.advice.is_empty() { (ui::print_text(cx.t(T("维修建议", "Advice")), &sheet.advice)) }
        (ui::sign_boxes(&[(cx.t(T("检验人", "Signed by")), None, format!("{} {}", sheet.signed_name, format::full_time(cx, sheet.signed_at)))]))
    }
}

/// Check lists and rules.
pub fn setup_page(cx: &Cx, templates: &[TemplateOut], rules: &[CheckRule], kinds: &[WorkKind]) -> Markup {
    let may = cx.can(&CHECK_SETUP);
    let actions = html! { @if may { (Btn::link(cx.t(T("新建模板", "New list")), "/workshop/checks/new/edit").icon("plus")) } };
    let heads = [
        T("模板", "List"),
        T("代码", "Code"),
        T("版本", "Revision"),
        T("项数", "Points"),
        T("操作", "Action"),
    ];
    let rows = templates
        .iter()
        .map(|t| {
            let name = if cx.lang == kernel::Lang::En && !t.name_en.is_empty() { &t.name_en } else { &t.name };
            let edit = html! { @if may { (Btn::link(cx.t(T("编辑", "Edit")), format!("/workshop/checks/{}/edit", t.code)).icon("edit").sm()) } };
            Row::new(&t.code, name, vec![html! { (name) }, ui::mono(&t.code), ui::num(t.revision), ui::num(t.points.len()), edit])
        })
        .collect();
    let table = Table::new(
        cx.t(T("检验模板", "Check lists")),
        heads.iter().map(|h| Col::new(cx.t(*h))).collect(),
        rows,
    );
    let body = html! {
        (ui::section(cx.t(T("检验模板", "Check lists")), html! {}, ui::data_table(cx.lang, &table)))
        (ui::section(cx.t(T("各工种的检验环节", "Stages by kind of work")), html! {}, rules_table(cx, templates, rules, kinds)))
    };
    ui::plain_view(cx.t(T("检验模板与环节", "Check lists and stages")), actions, body)
}

fn rules_table(cx: &Cx, templates: &[TemplateOut], rules: &[CheckRule], kinds: &[WorkKind]) -> Markup {
    let may = cx.can(&CHECK_SETUP);
    let name_of =
        |code: &str| templates.iter().find(|t| t.code == code).map_or(code.to_string(), |t| t.name.clone());
    let heads = [
        T("工种", "Kind of work"),
        T("自检", "Self-check"),
        T("班组检验", "Team leader"),
        T("终检", "Final inspection"),
        T("操作", "Action"),
    ];
    let all = [(
        "*".to_string(),
        cx.t(T("所有维修（未单独设置的）", "All repairs without rules of their own")).to_string(),
        true,
    )];
    let rows = all
        .into_iter()
        .chain(kinds.iter().filter(|k| k.active).map(|k| (k.code.clone(), k.label(cx.lang).to_string(), k.repair)))
        .map(|(code, name, repair)| {
            let own: Vec<&CheckRule> = rules.iter().filter(|r| r.work_kind == code).collect();
            let cell = |stage: Stage| match own.iter().find(|r| r.stage == stage && r.percent > 0) {
                Some(rule) => html! { (name_of(&rule.template)) @if rule.percent < 100 { " " (ui::tag(Tone::Blue, format!("{}%", rule.percent))) } },
                None if own.is_empty() && repair => ui::muted(cx.t(T("同所有维修", "as all repairs"))),
                None => ui::none(),
            };
            let edit = html! { @if may { (Btn::new(cx.t(T("设置", "Set"))).sm().modal(format!("/workshop/check-rules/{code}"))) } };
            Row::new(&code, &name, vec![html! { (name) }, cell(Stage::SelfCheck), cell(Stage::Team), cell(Stage::Final), edit])
        })
        .collect();
    let table =
        Table::new(cx.t(T("检验环节", "Stages")), heads.iter().map(|h| Col::new(cx.t(*h))).collect(), rows);
    ui::data_table(cx.lang, &table)
}

/// A list as a form: one point a line.
pub fn template_form(cx: &Cx, input: &SaveTemplate, new: bool, errors: &FormErrors) -> Markup {
    let title =
        if new { cx.t(T("新建检验模板", "New check list")).to_string() } else { input.name.clone() };
    let crumbs = [(cx.t(T("检验模板", "Check lists")), Some("/workshop/checks")), (title.as_str(), None)];
    let hint = cx.t(T(
        "每行一项：分组 | 名称 | 英文 | 单位 | 下限 | 上限 | 照片；只写名称也可以；分组可写成“中文 = 英文”",
        "One a line: group | name | English | unit | least | most | photo; a name alone will do; a group may be \"Chinese = English\"",
    ));
    let form = Form::post("/workshop/check-templates", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            @let code = Field::text("code", cx.t(T("代码", "Code"))).value(&input.code).error(errors.of("code")).required();
            @if new || errors.of("code").is_some() { (code) } @else { (code.readonly()) }
            (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).error(errors.of("name")).required())
            (Field::text("name_en", cx.t(T("英文名称", "Name in English"))).value(&input.name_en).error(errors.of("name_en")))
            (Field::area("points_text", cx.t(T("检查项目", "Points")), 20).value(input.points_text.clone().unwrap_or_default()).hint(hint).error(errors.of("points_text")).full().required())
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存为新版本", "Save as the next revision")), Some("/workshop/checks")))
    });
    let intro = cx.t(T("已签的检验保留当时的版本。", "Checks signed before keep their revision."));
    ui::form_page(cx.lang, &crumbs, &title, intro, form, None)
}

/// Rules of one kind of work.
pub fn rules_dialog(cx: &Cx, input: &SetRules, templates: &[TemplateOut], errors: &FormErrors) -> Markup {
    let lists = || templates.iter().map(|t| (t.code.clone(), t.name.clone()));
    let pick = |name: &'static str, label: T, value: &str| {
        Field::select(name, cx.t(label))
            .blank(cx.t(T("不需要", "Not needed")))
            .options(lists())
            .value(value)
            .error(errors.of(name))
    };
    let form = Form::post("/workshop/check-rules", cx.form_key());
    ui::modal_form(
        cx.lang,
        cx.t(T("检验环节", "Stages of inspection")),
        form,
        cx.t(T("保存", "Save")),
        html! {
            (errors.summary(cx.lang))
            (ui::hidden("work_kind", &input.work_kind))
            (ui::fields(html! {
                (pick("self_template", T("自检", "Self-check"), &input.self_template))
                (pick("team_template", T("班组检验", "Team leader"), &input.team_template))
                (pick("final_template", T("终检", "Final inspection"), &input.final_template))
                (Field::number("final_percent", cx.t(T("终检比例 %", "Final inspection, %"))).value(input.final_percent.unwrap_or(100)).error(errors.of("final_percent")))
                @if input.work_kind != "*" { (Field::check("as_usual", cx.t(T("恢复为所有维修的设置", "Back to what holds for all repairs"))).checked(input.as_usual).full()) }
            }))
        },
    )
}
