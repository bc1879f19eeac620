//! Markup of prices.

use kernel::{Bp, Lang, T};
use kit::{Cx, FormErrors, format};
use ui::{Btn, Col, Def, Detail, Field, Form, Markup, Row, Table, Tone, html};

use super::{
    model::{
        Basis, BorneAs, FeeCode, FeesOut, Grade, ListOut, ListRow, Nature, NewList, NewPartPrice, NewRule,
        RuleRow,
    },
    pages::TryForm,
    words,
};
use crate::{kind::model::WorkKind, perms::PRICE_WRITE};

pub const NEW_LIST: T = T("新建价格表", "New price list");
pub const PART_PRICE: T = T("设定配件价格", "Set a part's price");
pub const TRY: T = T("费用试算", "Try the fee rules");
const LISTS: (T, &str) = (T("价格表", "Price lists"), "/prices");

fn labels(cx: &Cx, options: &[(&'static str, T)]) -> Vec<(String, String)> {
    options.iter().map(|(code, label)| ((*code).to_string(), cx.t(*label).to_string())).collect()
}

fn region_field(cx: &Cx, region: &str, errors: &FormErrors) -> Field {
    Field::text("region", cx.t(T("区域", "Region"))).value(region).error(errors.of("region")).hint(cx.t(T(
        "留空为全国统一；“江苏”也适用于“江苏/苏州”",
        "Empty: everywhere. A region also covers those below it: Jiangsu is also for Jiangsu/Suzhou",
    )))
}

fn kind_field(cx: &Cx, kinds: &[WorkKind], name: &str, kind: &str) -> Field {
    Field::select(name, cx.t(T("工单类型", "Kind of work")))
        .options(kinds.iter().map(|kind| (kind.code.as_str(), kind.label(cx.lang))))
        .blank(cx.t(T("全部", "Any")))
        .value(kind)
}

fn mode_field(cx: &Cx, name: &str, mode: &str) -> Field {
    Field::select(name, cx.t(T("服务方式", "Mode")))
        .options(labels(cx, &words::MODES[1..]))
        .blank(cx.t(T("全部", "Any")))
        .value(words::code(words::MODES, mode))
}

pub fn list_form(cx: &Cx, input: &NewList, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let form = Form::post("/prices", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", html! {
            (Field::text("code", t(T("编码", "Code"))).value(&input.code).required().error(errors.of("code")).autofocus())
            (Field::text("name", t(T("名称", "Name"))).value(&input.name).required().wide().error(errors.of("name")))
            (region_field(cx, &input.region, errors))
            (Field::chips("nature", t(T("性质", "Nature"))).options(labels(cx, Nature::OPTIONS)).value(input.nature.as_str()))
        }))
        (ui::form_actions(cx.lang, t(T("保存", "Save")), Some(LISTS.1)))
    });
    let crumbs = [(t(LISTS.0), Some(LISTS.1)), (t(NEW_LIST), None)];
    ui::form_page(cx.lang, &crumbs, t(NEW_LIST), "", form, None)
}

pub fn list_page(cx: &Cx, kinds: &[WorkKind], out: &ListOut, errors: &FormErrors) -> Markup {
    let (list, t) = (&out.list, |text: T| cx.t(text));
    let here = format!("/prices/{}", list.id);
    let region = if list.region.is_empty() { t(T("全部区域", "Everywhere")) } else { &list.region };
    let facts = ui::dl(&[
        Def::new(t(T("区域", "Region")), html! { (region) }),
        Def::new(t(T("性质", "Nature")), html! { (t(list.nature.label())) }),
        Def::new(t(T("更新时间", "Changed")), html! { (format::time(cx, list.updated_at)) }),
    ]);
    let add = html! {
        @if cx.can(&PRICE_WRITE) { (Btn::link(t(T("新规则", "New rule")), format!("{here}/rules/new")).icon("plus").primary().sm()) }
    };
    let body = html! {
        (errors.summary(cx.lang))
        (ui::section(t(T("适用范围", "What it is for")), html! {}, facts))
        (ui::section(t(T("收费规则", "Fee rules")), add, rules_table(cx, kinds, &out.rules)))
        @if cx.can(&PRICE_WRITE) { (change_form(cx, list, &here, errors)) }
    };
    let state = if list.active {
        (Tone::Green, T("启用", "Active"))
    } else {
        (Tone::Neutral, T("停用", "Retired"))
    };
    let crumbs = [(t(LISTS.0), Some(LISTS.1)), (list.code.as_str(), None)];
    let mut detail = Detail::new(&crumbs, &list.name, body);
    detail.meta = ui::tag(state.0, t(state.1));
    detail.actions = html! { (Btn::link(t(TRY), "/prices/try").icon("flask")) };
    ui::detail_view(cx.lang, &detail)
}

fn change_form(cx: &Cx, list: &ListRow, here: &str, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let form = Form::post(here, cx.form_key()).body(html! {
        (ui::hidden("version", list.version))
        (ui::fields(html! {
            (Field::text("name", t(T("名称", "Name"))).value(&list.name).required().wide().error(errors.of("name")))
            (region_field(cx, &list.region, errors))
            (Field::switch("active", t(T("启用", "Active"))).checked(list.active))
        }))
        (ui::form_actions(cx.lang, t(T("保存", "Save")), None))
    });
    ui::section(t(T("名称和状态", "Name and state")), html! {}, form)
}

fn rules_table(cx: &Cx, kinds: &[WorkKind], rules: &[RuleRow]) -> Markup {
    let t = |text: T| cx.t(text);
    let heads = [
        T("费用", "Fee"),
        T("适用", "For"),
        T("计费", "Counted"),
        T("质保承担", "Borne"),
        T("有效期", "In force"),
        T("说明", "Note"),
    ];
    let today = format::date_of(cx, cx.now());
    let rows = rules
        .iter()
        .map(|rule| {
            let until = rule.valid_until.map_or_else(String::new, |until| until.to_string());
            let over = rule.valid_until.is_some_and(|until| until < today);
            let cells = vec![
                html! { (rule.label) @if !rule.automatic { " " (ui::tag(Tone::Neutral, t(T("手选", "By hand")))) } },
                html! { (case_of(cx, kinds, rule)) },
                html! { (counted(cx, rule)) },
                html! { (t(rule.borne_as.label())) },
                html! { (rule.valid_from) " – " (until) },
                html! { (rule.note) },
            ];
            Row::new(rule.id, rule.label.clone(), cells).faded(over).actions(end_button(cx, rule, over))
        })
        .collect();
    let title = t(T("收费规则", "Fee rules"));
    let none = ui::empty(
        "receipt",
        t(T("还没有规则", "No rule yet")),
        t(T("没有规则就不会自动计费", "Without rules nothing is charged by itself")),
        None,
    );
    ui::small_table(&Table::new(title, heads.iter().map(|h| Col::new(t(*h))).collect(), rows).empty(none))
}

fn end_button(cx: &Cx, rule: &RuleRow, over: bool) -> Markup {
    if over || rule.valid_until.is_some() || !cx.can(&PRICE_WRITE) {
        return html! {};
    }
    let today = format::date_of(cx, cx.now()).max(rule.valid_from);
    let question = cx.t(T("从明天起不再按此规则收费？", "Charge by this rule no more from tomorrow on?"));
    Form::post(format!("/prices/rules/{}/end", rule.id), cx.form_key()).inline().body(html! {
        (ui::hidden("valid_until", today))
        (Btn::submit(cx.t(T("结束", "End"))).ghost().sm().confirm(question))
    })
}

fn case_of(cx: &Cx, kinds: &[WorkKind], rule: &RuleRow) -> String {
    let kind = kinds.iter().find(|kind| kind.code == rule.kind);
    let kind = kind.map_or(rule.kind.as_str(), |kind| kind.label(cx.lang));
    let mut parts: Vec<String> = [kind, words::label(words::MODES, &rule.mode, cx.lang)]
        .into_iter()
        .filter(|label| !label.is_empty())
        .map(str::to_string)
        .collect();
    parts.extend(Grade::parse(&rule.grade).map(|grade| cx.t(grade.label()).to_string()));
    if rule.model_id.is_some() {
        parts.push(cx.t(T("指定机型", "one model")).to_string());
    }
    if rule.category_id.is_some() {
        parts.push(cx.t(T("指定类别", "one category")).to_string());
    }
    if parts.is_empty() { cx.t(T("全部", "everything")).to_string() } else { parts.join(" · ") }
}

fn counted(cx: &Cx, rule: &RuleRow) -> String {
    let label = cx.t(rule.basis.label());
    match rule.basis {
        Basis::PercentOfLabour => format!("{} · {label}", Bp(rule.rate_bp)),
        _ => format!("{} · {label}", format::money(rule.amount)),
    }
}

pub fn rule_form(
    cx: &Cx,
    list: &ListRow,
    kinds: &[WorkKind],
    input: &NewRule,
    errors: &FormErrors,
) -> Markup {
    let t = |text: T| cx.t(text);
    let here = format!("/prices/{}", list.id);
    let any = t(T("全部", "Any"));
    let for_what = html! {
        (kind_field(cx, kinds, "rule.kind", &input.kind).id("f-kind").error(errors.of("kind")))
        (mode_field(cx, "rule.mode", &input.mode).id("f-mode").error(errors.of("mode")))
        (Field::select("rule.grade", t(T("大中小修", "Size"))).id("f-grade").options(labels(cx, Grade::OPTIONS)).blank(any).value(input.grade.map_or("", Grade::as_str)))
        (Field::combo("rule.model_id", t(T("机型", "Model")), "/models/suggest").id("f-model_id").maybe(input.model_id).error(errors.of("model_id")))
        (Field::combo("rule.category_id", t(T("产品类别", "Category")), "/categories/suggest").id("f-category_id").maybe(input.category_id).error(errors.of("category_id")))
    };
    let charge = html! {
        (Field::select("rule.code", t(T("费用", "Fee"))).id("f-code").options(labels(cx, FeeCode::OPTIONS)).value(input.code.as_str()))
        (Field::text("rule.label", t(T("账单上的名称", "Text on the bill"))).id("f-label").value(&input.label).error(errors.of("label")))
        (Field::chips("rule.basis", t(T("计费方式", "Counted"))).id("f-basis").options(labels(cx, Basis::OPTIONS)).value(input.basis.as_str()).wide().error(errors.of("basis")))
        (Field::money("rule.amount", t(T("金额", "Amount"))).id("f-amount").value(input.amount.0.fmt_plain()).error(errors.of("amount")))
        (Field::text("rule.rate", t(T("比例", "Rate"))).id("f-rate").value(input.rate.0).attr("inputmode", "decimal").error(errors.of("rate")))
        (Field::select("rule.borne_as", t(T("质保承担", "Borne by the warranty"))).id("f-borne_as").options(labels(cx, BorneAs::OPTIONS))
            .blank(t(T("按费用惯例", "As usual for the fee"))).value(input.borne_as.map_or("", BorneAs::as_str)))
        (Field::switch("by_hand", t(T("只供手选，不自动计入", "Only chosen by hand"))).checked(!input.automatic))
        (Field::date("rule.valid_from", t(T("自", "From"))).id("f-valid_from").value(input.valid_from).required().error(errors.of("valid_from")))
        (Field::area("rule.note", t(T("说明", "Note")), 2).value(&input.note).full().error(errors.of("note")))
    };
    let form = Form::post(format!("{here}/rules"), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset(t(T("适用", "For")), "", for_what))
        (ui::fieldset(t(T("收费", "Charge")), "", charge))
        (ui::form_actions(cx.lang, t(T("保存", "Save")), Some(&here)))
    });
    let title = t(T("新规则", "New rule"));
    let crumbs = [(t(LISTS.0), Some(LISTS.1)), (list.code.as_str(), Some(here.as_str())), (title, None)];
    let intro = t(T(
        "同一情况的现行规则将到前一日为止",
        "The present rule for the same case will end the day before",
    ));
    ui::form_page(cx.lang, &crumbs, title, intro, form, None)
}

pub fn part_price_form(cx: &Cx, input: &NewPartPrice, errors: &FormErrors) -> Markup {
    let t = |text: T| cx.t(text);
    let part = Some(input.part_id).filter(|id| !id.is_nil());
    let form = Form::post("/prices/parts", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", html! {
            (Field::combo("part_id", t(T("配件", "Part")), "/parts/suggest").maybe(part).shown(&input.part_name).required().wide().error(errors.of("part_id")))
            (Field::money("price", t(T("价格", "Price"))).value(input.price.0.fmt_plain()).required().error(errors.of("price")))
            (Field::date("valid_from", t(T("自", "From"))).value(input.valid_from).required().error(errors.of("valid_from")))
            (Field::area("reason", t(T("理由", "Reason")), 2).value(&input.reason).required().full().error(errors.of("reason")))
        }))
        (ui::form_actions(cx.lang, t(T("保存", "Save")), Some("/prices/parts")))
    });
    let crumbs =
        [(t(T("配件价格偏离", "Deviating part prices")), Some("/prices/parts")), (t(PART_PRICE), None)];
    let intro = t(T(
        "配件价格全国统一；偏离须有理由，对所有区域同样生效",
        "Part prices are the same everywhere; a deviation needs a reason and holds everywhere too",
    ));
    ui::form_page(cx.lang, &crumbs, t(PART_PRICE), intro, form, None)
}

pub fn try_page(
    cx: &Cx,
    kinds: &[WorkKind],
    input: &TryForm,
    out: Option<&FeesOut>,
    errors: &FormErrors,
) -> Markup {
    let t = |text: T| cx.t(text);
    let form = Form::post("/prices/try", cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fieldset(t(T("情况", "The case")), "", html! {
            (kind_field(cx, kinds, "kind", &input.kind).error(errors.of("kind")))
            (mode_field(cx, "mode", &input.mode))
            (Field::combo("model_id", t(T("机型", "Model")), "/models/suggest").maybe(input.model_id))
            (Field::select("grade", t(T("大中小修", "Size"))).options(labels(cx, Grade::OPTIONS)).blank(t(T("未定", "Not known"))).value(input.grade.map_or("", Grade::as_str)))
            (Field::text("covered", t(T("质保承担比例", "Borne by the warranty"))).value(input.covered.0).attr("inputmode", "decimal"))
            (Field::number("km", t(T("公里", "Kilometres"))).value(input.km))
            (Field::number("hours", t(T("小时", "Hours"))).value(input.hours))
            (Field::switch("urgent", t(T("加急", "Urgent"))).checked(input.urgent))
            (Field::switch("cost_price", t(T("工本价", "Cost price"))).checked(input.cost_price))
        }))
        (ui::form_actions(cx.lang, t(T("试算", "Compute")), Some(LISTS.1)))
    });
    let crumbs = [(t(LISTS.0), Some(LISTS.1)), (t(TRY), None)];
    let intro = t(T("按现行规则计算，不产生任何单据", "Computes by the present rules; makes no document"));
    ui::form_page(cx.lang, &crumbs, t(TRY), intro, form, out.map(|out| fees_panel(cx, out)))
}

/// Fees with how each came about.
fn fees_panel(cx: &Cx, out: &FeesOut) -> Markup {
    let t = |text: T| cx.t(text);
    ui::side_section(
        t(T("费用", "Fees")),
        html! {
            @if out.fees.is_empty() { p { (t(T("没有适用的规则，不收费", "No rule applies: nothing is charged"))) } }
            @for fee in &out.fees {
                (ui::kv(&[(fee.label.as_str(), html! { (format::money(fee.amount)) })]))
                p { (ui::small(if cx.lang == Lang::Zh { &fee.trace } else { &fee.trace_en })) }
            }
            (ui::kv(&[(t(T("合计", "Total")), html! { (format::money(out.total)) })]))
        },
    )
}
