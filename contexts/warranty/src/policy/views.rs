//! Markup of policies.

use kernel::{Bp, Date, Id, T};
use kit::{Cx, FormErrors, format};
use ui::{Btn, Col, Def, Detail, Field, Form, Markup, Row, Table, Tone, html};

use super::model::{Cause, Decision, NewPolicy, NewTerm, PolicyOut, Question, StartBasis, TermRow, Verdict};
use crate::{
    inputs::Share,
    perms::POLICY_WRITE,
    proof::{model::ProofRow, views as proof_views},
};

pub const NEW_TITLE: T = T("新建质保政策", "New warranty policy");
pub const TRY_TITLE: T = T("质保试算", "Try the warranty rules");
const LIST: (T, &str) = (T("质保政策", "Warranty policies"), "/warranty/policies");

fn labels(cx: &Cx, options: &[(&'static str, T)]) -> Vec<(String, String)> {
    options.iter().map(|(code, label)| ((*code).to_string(), cx.t(*label).to_string())).collect()
}

/// Chooses a model while typing; the choices come from the catalogue.
fn model_field(cx: &Cx, id: Option<Id>) -> Field {
    Field::combo("model_id", cx.t(T("机型", "Model")), "/models/suggest")
        .maybe(id)
        .hint(cx.t(T("不选则适用于全部机型", "None: for every model")))
}

pub fn policy_form(cx: &Cx, input: &NewPolicy, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let what = html! {
        (Field::text("code", t(T("编码", "Code"))).value(&input.code).required().error(errors.of("code")).autofocus())
        (Field::text("name", t(T("名称", "Name"))).value(&input.name).required().wide().error(errors.of("name")))
        (model_field(cx, input.model_id).error(errors.of("model_id")))
        (Field::combo("category_id", t(T("产品类别", "Category")), "/categories/suggest").maybe(input.category_id).error(errors.of("category_id")))
        (Field::text("group_code", t(T("部件组编码", "Component group"))).value(&input.group_code)
            .hint(t(T("留空为整机", "Empty: the whole unit"))).error(errors.of("group_code")))
    };
    let form = Form::post("/warranty/policies", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset(t(T("适用范围", "What it is for")), "", what))
        (term_fields(cx, &input.term, errors))
        (ui::form_actions(cx.lang, t(T("保存", "Save")), Some(LIST.1)))
    });
    let crumbs = [(t(LIST.0), Some(LIST.1)), (t(NEW_TITLE), None)];
    ui::form_page(cx.lang, &crumbs, t(NEW_TITLE), "", form, Some(help(cx)))
}

fn help(cx: &Cx) -> Markup {
    let t = |text: T| cx.t(text);
    ui::side_section(
        t(T("哪条政策生效", "Which policy decides")),
        html! {
            p { (t(T(
                "最具体的政策优先：机型＋部件组 › 机型 › 类别＋部件组 › 类别 › 部件组 › 默认。",
                "The most special one: model and group › model › category and group › category › group › default.",
            ))) }
            p { (t(T(
                "按质保起算日选用当时有效的版本；改条款只会新增版本，已作的判定不受影响。",
                "Terms in force on the day the warranty starts count. Changing terms adds a version; decisions made stay as they are.",
            ))) }
        },
    )
}

fn term_fields(cx: &Cx, term: &NewTerm, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let share = |name: &str, label: T, value: Share| {
        Field::text(name, t(label))
            .value(value.0)
            .required()
            .error(errors.of(name))
            .attr("inputmode", "decimal")
    };
    let causes = |list: &[Cause]| list.iter().map(|cause| cause.as_str()).collect::<Vec<_>>();
    let fields = html! {
        (Field::date("term.valid_from", t(T("起算日在此日及以后的适用", "For warranties starting on or after"))).value(term.valid_from)
            .required().error(errors.of("term.valid_from")))
        (Field::number("term.months", t(T("质保月数", "Months"))).value(term.months).required().error(errors.of("term.months")))
        (Field::chips("term.start_basis", t(T("起算", "Starts with"))).options(labels(cx, StartBasis::OPTIONS))
            .value(term.start_basis.as_str()).wide())
        (share("term.parts", T("配件承担", "Parts borne"), term.parts))
        (share("term.labour", T("工时承担", "Labour borne"), term.labour))
        (share("term.travel", T("差旅承担", "Travel borne"), term.travel))
        (Field::multi("term.excluded", t(T("不保的原因", "Causes not covered"))).options(labels(cx, Cause::OPTIONS)).values(causes(&term.excluded)).wide())
        (Field::multi("term.referred", t(T("待判定的原因", "Causes to be judged"))).options(labels(cx, Cause::OPTIONS)).values(causes(&term.referred)).wide()
            .error(errors.of("term.referred")))
        (Field::number("term.limit_in_days", t(T("保内维修时限（工作日）", "Limit inside (working days)"))).value(term.limit_in_days)
            .error(errors.of("term.limit_in_days")))
        (Field::number("term.limit_out_days", t(T("保外维修时限（工作日）", "Limit outside (working days)"))).value(term.limit_out_days)
            .error(errors.of("term.limit_out_days")))
        (Field::area("term.note", t(T("说明", "Note")), 2).value(&term.note).full().error(errors.of("term.note")))
    };
    ui::fieldset(t(T("条款", "Terms")), "", fields)
}

/// What the next version starts from: the present terms, from today or the day after they began.
pub fn next_term(out: &PolicyOut, today: Date) -> NewTerm {
    let Some(last) = out.terms.first() else { return NewTerm::usual(today) };
    let causes = |json: &str| serde_json::from_str(json).unwrap_or_default();
    NewTerm {
        valid_from: today.max(last.valid_from.plus_days(1)),
        months: last.months,
        start_basis: last.start_basis,
        parts: Share(Bp(last.parts_bp)),
        labour: Share(Bp(last.labour_bp)),
        travel: Share(Bp(last.travel_bp)),
        excluded: causes(&last.excluded),
        referred: causes(&last.referred),
        limit_in_days: last.limit_in_days,
        limit_out_days: last.limit_out_days,
        note: String::new(),
    }
}

pub fn term_form(cx: &Cx, out: &PolicyOut, input: &NewTerm, errors: &FormErrors) -> Markup {
    let here = format!("/warranty/policies/{}", out.policy.id);
    let title = cx.t(T("新版条款", "New terms"));
    let form = Form::post(format!("{here}/terms"), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (term_fields(cx, input, errors))
        (ui::form_actions(cx.lang, cx.t(T("保存新版本", "Save the new version")), Some(&here)))
    });
    let crumbs =
        [(cx.t(LIST.0), Some(LIST.1)), (out.policy.code.as_str(), Some(here.as_str())), (title, None)];
    ui::form_page(cx.lang, &crumbs, title, &out.policy.name, form, Some(help(cx)))
}

pub fn policy_page(cx: &Cx, out: &PolicyOut, errors: &FormErrors) -> Markup {
    let (policy, t) = (&out.policy, |text: T| cx.t(text));
    let here = format!("/warranty/policies/{}", policy.id);
    let scope = match (policy.model_id, policy.category_id) {
        (None, None) => t(T("全部产品", "All products")).to_string(),
        _ if policy.scope_name.is_empty() => t(T("指定类别", "A category")).to_string(),
        _ => policy.scope_name.clone(),
    };
    let group =
        if policy.group_code.is_empty() { t(T("整机", "Whole unit")) } else { policy.group_code.as_str() };
    let facts = ui::dl(&[
        Def::new(t(T("产品", "Products")), html! { (scope) }),
        Def::new(t(T("部件组", "Component group")), html! { (group) }),
        Def::new(t(T("更新时间", "Changed")), html! { (format::time(cx, policy.updated_at)) }),
    ]);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::section(t(T("适用范围", "What it is for")), html! {}, facts))
        (ui::section(t(T("条款版本", "Terms")), html! {
            @if cx.can(&POLICY_WRITE) {
                (Btn::link(t(T("新版条款", "New terms")), format!("{here}/terms/new")).icon("plus").primary().sm())
            }
        }, terms_table(cx, &out.terms)))
        @if cx.can(&POLICY_WRITE) { (change_form(cx, out, &here, errors)) }
    };
    let state = if policy.active {
        (Tone::Green, T("启用", "Active"))
    } else {
        (Tone::Neutral, T("停用", "Retired"))
    };
    let crumbs = [(t(LIST.0), Some(LIST.1)), (policy.code.as_str(), None)];
    let mut detail = Detail::new(&crumbs, &policy.name, body);
    detail.meta = ui::tag(state.0, t(state.1));
    detail.actions = html! { (Btn::link(t(TRY_TITLE), "/warranty/try").icon("flask")) };
    ui::detail_view(cx.lang, &detail)
}

fn change_form(cx: &Cx, out: &PolicyOut, here: &str, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let form = Form::post(here, cx.form_key()).body(html! {
        (ui::hidden("version", out.policy.version))
        (ui::fields(html! {
            (Field::text("name", t(T("名称", "Name"))).value(&out.policy.name).required().wide().error(errors.of("name")))
            (Field::switch("active", t(T("启用", "Active"))).checked(out.policy.active))
        }))
        (ui::form_actions(cx.lang, t(T("保存", "Save")), None))
    });
    ui::section(t(T("名称和状态", "Name and state")), html! {}, form)
}

fn terms_table(cx: &Cx, terms: &[TermRow]) -> Markup {
    let t = |text: T| cx.t(text);
    let heads = [
        T("版本", "Version"),
        T("自", "From"),
        T("月数", "Months"),
        T("起算", "Starts with"),
        T("配件/工时/差旅", "Parts / labour / travel"),
        T("不保原因", "Not covered"),
        T("时限 内/外", "Limit in / out"),
        T("说明", "Note"),
    ];
    let causes = |json: &str| {
        let list: Vec<Cause> = serde_json::from_str(json).unwrap_or_default();
        list.iter().map(|cause| t(cause.label())).collect::<Vec<_>>().join("、")
    };
    let rows = terms
        .iter()
        .map(|term| {
            let shares =
                [term.parts_bp, term.labour_bp, term.travel_bp].map(|bp| Bp(bp).to_string()).join(" / ");
            let cells = vec![
                html! { (term.number) },
                html! { (term.valid_from) },
                html! { (term.months) },
                html! { (t(term.start_basis.label())) },
                html! { (shares) },
                html! { (causes(&term.excluded)) },
                html! { (term.limit_in_days) " / " (term.limit_out_days) },
                html! { (term.note) },
            ];
            Row::new(term.id, term.number.to_string(), cells)
        })
        .collect();
    ui::small_table(&Table::new(
        t(T("条款版本", "Terms")),
        heads.iter().map(|h| Col::new(t(*h))).collect(),
        rows,
    ))
}

pub fn try_page(cx: &Cx, input: &Question, decision: Option<&Decision>, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let form = Form::post("/warranty/try", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset(t(T("情况", "The case")), "", html! {
            (model_field(cx, input.model_id).error(errors.of("model_id")))
            (Field::text("group_code", t(T("部件组编码", "Component group"))).maybe(input.group_code.as_ref()))
            (Field::date("purchase_date", t(T("购买日期", "Bought on"))).maybe(input.purchase_date))
            (Field::date("install_date", t(T("安装完工日期", "Installed on"))).maybe(input.install_date))
            (Field::date("at", t(T("报修日期", "Reported on"))).value(input.at).required().error(errors.of("at")))
            (Field::chips("cause", t(T("故障原因", "Cause"))).options(labels(cx, Cause::OPTIONS)).value(input.cause.as_str()).wide())
        }))
        (ui::form_actions(cx.lang, t(T("试算", "Decide")), Some(LIST.1)))
    });
    let side = decision.map(|decision| decision_panel(cx, decision));
    let crumbs = [(t(LIST.0), Some(LIST.1)), (t(TRY_TITLE), None)];
    let intro = t(T("按现有政策判定，不产生任何单据", "Decides by the present policies; makes no document"));
    ui::form_page(cx.lang, &crumbs, t(TRY_TITLE), intro, form, side)
}

/// A decision with its reasons in words.
pub fn decision_panel(cx: &Cx, decision: &Decision) -> Markup {
    let t = |text: T| cx.t(text);
    let tone = match decision.verdict {
        Verdict::Covered => Tone::Green,
        Verdict::NotCovered => Tone::Red,
        Verdict::Refer => Tone::Amber,
    };
    let until = decision.until.map_or_else(|| "—".to_string(), |until| until.to_string());
    let share = |bp: i64| html! { (Bp(bp)) };
    ui::side_section(
        t(T("判定", "Decision")),
        html! {
            p { (ui::tag(tone, t(decision.verdict.label()))) }
            (ui::kv(&[
                (t(T("质保到期", "Ends on")), html! { (until) }),
                (t(T("配件承担", "Parts borne")), share(decision.parts_bp)),
                (t(T("工时承担", "Labour borne")), share(decision.labour_bp)),
                (t(T("差旅承担", "Travel borne")), share(decision.travel_bp)),
                (t(T("维修时限", "Repair within")), html! { (decision.repair_days) " " (t(T("个工作日", "working days"))) }),
            ]))
            h3 { (t(T("依据", "Reasons"))) }
            ol { @for said in &decision.said { li { (said.get(cx.lang)) } } }
        },
    )
}

pub fn unit_page(cx: &Cx, unit: Id, decision: &Decision, proofs: &[ProofRow]) -> Markup {
    let title = cx.t(T("质保判定", "Warranty decision"));
    let here = format!("/units/{unit}");
    let crumbs = [(cx.t(T("机器", "Unit")), Some(here.as_str())), (title, None)];
    let body = html! {
        (decision_panel(cx, decision))
        (proof_views::proofs_section(cx, unit, proofs))
    };
    ui::detail_view(cx.lang, &Detail::new(&crumbs, title, body))
}
