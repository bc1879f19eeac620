//! Markup of the catalogue.

use kernel::{Id, Quantity, T};
use kit::{Cx, FormErrors, Sens, Show, format};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Table, Tone};

use super::model::{Criticality, PartClass, PartInput, PartOut, PartRow, StorageForm, Substitute};
use crate::{
    depot::model::DepotRow,
    perms::{PART_WRITE, STOCK_ADJUST, STOCK_READ},
    stock::level::PartStock,
    widgets::{self, options},
};

/// What a part's page shows.
pub struct PartPage {
    /// The part.
    pub part: PartOut,
    /// Where it lies.
    pub stock: Vec<PartStock>,
    /// What may stand in.
    pub substitutes: Vec<Substitute>,
    /// Depots whose levels the caller may set.
    pub depots: Vec<DepotRow>,
    /// Comments and history.
    pub side: Markup,
}

/// A part on one screen.
pub fn part_page(cx: &Cx, page: &PartPage, errors: &FormErrors) -> Markup {
    let part = &page.part;
    let crumbs = [(cx.t(T("配件目录", "Parts")), Some("/parts")), (part.code.as_str(), None)];
    let moves = format!("/stock-moves?filter=part_id~eq~{}", part.id);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::section(cx.t(T("基本资料", "Basics")), html! {}, facts(cx, part)))
        @if cx.can(&STOCK_READ) {
            (ui::section(cx.t(T("各仓库库存", "Stock by depot")), ui::btns(&[
                Btn::link(cx.t(T("出入库记录", "Movements")), moves).icon("history").sm(),
                Btn::link(cx.t(T("领料建议", "Draw")), format!("/stock-draw?part={}", part.id)).icon("bulb").sm(),
            ]), stock_table(cx, &page.stock)))
        }
        @if cx.can(&STOCK_ADJUST) { (ui::section(cx.t(T("上下限与货位", "Levels and place")), html! {}, level_form(cx, page, errors))) }
        (ui::section(cx.t(T("代用件", "Substitutes")), html! {}, substitutes(cx, page, errors)))
    };
    let detail = Detail {
        meta: meta(cx, part),
        actions: html! {
            (Btn::link(cx.t(T("标识卡片", "Bin card")), format!("/parts/{}/card", part.id)).icon("printer"))
            @if cx.can(&PART_WRITE) { (Btn::link(cx.t(T("修改", "Edit")), format!("/parts/{}/edit", part.id)).icon("edit").primary().kbd("E")) }
        },
        side: Some(page.side.clone()),
        ..Detail::new(&crumbs, &part.name, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn meta(cx: &Cx, part: &PartOut) -> Markup {
    html! {
        @if !part.active { (ui::tag(Tone::Neutral, cx.t(T("已停用", "Not in use")))) }
        (ui::tag(Tone::Blue, cx.t(part.class.label())))
        @if part.criticality != Criticality::Normal { (ui::tag(Tone::Red, cx.t(part.criticality.label()))) }
        @if part.serialised { (ui::tag(Tone::Violet, cx.t(T("序列号管理", "Serialised")))) }
        @if part.old_part_due { (ui::tag(Tone::Amber, cx.t(T("以旧换新", "Old part due")))) }
    }
}

fn text(value: &str) -> Markup {
    ui::or_none(Some(value).filter(|v| !v.is_empty()))
}

fn facts(cx: &Cx, part: &PartOut) -> Markup {
    let days = |n: i64| if n == 0 { ui::none() } else { ui::num(format!("{n} {}", cx.t(T("天", "days")))) };
    ui::dl(&[
        Def::new(cx.t(T("编码", "Code")), ui::mono(&part.code)),
        Def::new(cx.t(T("规格型号", "Specification")), text(&part.spec)),
        Def::new(cx.t(T("类别", "Category")), text(&part.category)),
        Def::new(cx.t(T("储备形式", "Storage form")), cx.t(part.form.label())),
        Def::new(cx.t(T("单位", "Unit")), &part.unit),
        Def::new(cx.t(T("销售价", "Price")), ui::num(cx.mask(kit::Sens::Price, &format::money(part.price)))),
        Def::new(cx.t(T("标准成本", "Standard cost")), widgets::cost(part.cost)),
        Def::new(cx.t(T("采购周期", "Lead time")), days(part.lead_days)),
        Def::new(cx.t(T("更换周期", "Replaced every")), days(part.replace_days)),
        Def::new(cx.t(T("获得途径", "Source")), text(&part.source)),
        Def::new(cx.t(T("适用设备", "Fits")), text(&part.fits)).wide(),
        Def::new(cx.t(T("备注", "Remarks")), text(&cx.mask(kit::Sens::Note, &part.note))).full(),
    ])
}

fn stock_table(cx: &Cx, stock: &[PartStock]) -> Markup {
    let right = |zh, en| Col::new(cx.t(T(zh, en))).right();
    let cols = vec![
        Col::new(cx.t(T("仓库", "Depot"))),
        Col::new(cx.t(T("货位", "Place"))),
        right("新件", "New"),
        right("修复件", "Repaired"),
        right("预留", "Reserved"),
        right("可用", "Available"),
        right("其他状态", "Other states"),
        right("下限/订货点/上限", "Min / order / max"),
        right("金额", "Value"),
    ];
    let rows = stock
        .iter()
        .map(|s| {
            let levels = format!("{} / {} / {}", s.minimum, s.order_point, s.maximum);
            Row::new(
                s.depot_id,
                s.depot.clone(),
                vec![
                    ui::link(&format!("/depots/{}", s.depot_id), &s.depot),
                    text(&s.bin),
                    html! { (s.new) },
                    html! { (s.repaired) },
                    html! { (s.reserved) },
                    html! { @if s.low { (ui::red(s.available.to_string())) } @else { (s.available) } },
                    html! { (s.other) },
                    html! { (levels) },
                    widgets::cost(s.value),
                ],
            )
        })
        .collect();
    let empty = ui::empty("package", cx.t(T("还没有库存", "No stock yet")), "", None);
    ui::small_table(
        &Table::new(cx.t(T("各仓库库存", "Stock by depot")), cols, rows).empty(empty).min_width("48rem"),
    )
}

fn level_form(cx: &Cx, page: &PartPage, errors: &FormErrors) -> Markup {
    let number = |name: &str, label: T| Field::number(name, cx.t(label)).error(errors.of(name));
    Form::post(format!("/parts/{}/levels", page.part.id), cx.form_key()).body(html! {
        (ui::fields(html! {
            (widgets::depot_field(cx, "depot_id", T("仓库", "Depot"), &page.depots, None, errors))
            (number("minimum", T("下限", "Minimum")))
            (number("order_point", T("订货点", "Order point")))
            (number("maximum", T("上限", "Maximum")))
            (Field::text("bin", cx.t(T("四号定位", "Place"))).placeholder("1-03-2-15").hint(cx.t(T("库-架-层-位", "Warehouse-rack-level-position"))).error(errors.of("bin")))
        }))
        (ui::form_buttons(&[Btn::submit(cx.t(T("保存", "Save")))]))
    })
}

fn substitutes(cx: &Cx, page: &PartPage, errors: &FormErrors) -> Markup {
    let id = page.part.id;
    let cols = vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("名称", "Name"))),
        Col::new(cx.t(T("双向", "Both ways"))),
        Col::new(cx.t(T("备注", "Remarks"))),
    ];
    let write = cx.can(&PART_WRITE);
    let rows = page
        .substitutes
        .iter()
        .map(|s| {
            let both = if s.both_ways { T("是", "yes") } else { T("否", "no") };
            let cells = vec![
                ui::id_link(&format!("/parts/{}", s.other_id), &s.code),
                html! { (s.name) },
                html! { (cx.t(both)) },
                text(&s.note),
            ];
            let row = Row::new(s.id, s.code.clone(), cells);
            if !write {
                return row;
            }
            let remove = Btn::icon_only("trash", cx.t(T("删除", "Remove"))).sm();
            row.actions(ui::post_button(
                &format!("/parts/{id}/substitutes/{}/remove", s.id),
                cx.form_key(),
                remove,
            ))
        })
        .collect();
    html! {
        (ui::small_table(&Table::new(cx.t(T("代用件", "Substitutes")), cols, rows).min_width("30rem")))
        @if write {
            (Form::post(format!("/parts/{id}/substitutes"), cx.form_key()).body(html! {
                (ui::fields(html! {
                    (Field::text("code", cx.t(T("代用件编码", "Code of the substitute"))).error(errors.of("code")))
                    (Field::text("note", cx.t(T("备注", "Remarks"))))
                    (Field::switch("both_ways", cx.t(T("可互相代用", "Both ways"))))
                }))
                (ui::form_buttons(&[Btn::submit(cx.t(T("增加", "Add")))]))
            }))
        }
    }
}

/// What the form of an existing part begins with. A cost that may not be seen is left out and so stays.
pub fn input_of(cx: &Cx, row: &PartRow) -> PartInput {
    PartInput {
        code: row.code.clone(),
        name: row.name.clone(),
        spec: row.spec.clone(),
        category: row.category.clone(),
        category_id: row.category_id,
        class: Some(row.class),
        form: Some(row.form),
        criticality: Some(row.criticality),
        unit: row.unit.clone(),
        price: Some(row.price),
        cost: (cx.shows(Sens::Cost) == Show::Full).then_some(row.cost),
        lead_days: Some(row.lead_days),
        replace_days: Some(row.replace_days),
        fits: row.fits.clone(),
        source: row.source.clone(),
        serialised: row.serialised,
        old_part_due: row.old_part_due,
        inactive: !row.active,
        note: row.note.clone(),
        version: Some(row.version),
    }
}

/// The form of a new part (`id` none) or a change.
pub fn part_form(
    cx: &Cx,
    id: Option<Id>,
    input: &PartInput,
    branches: &[(String, String)],
    errors: &FormErrors,
) -> Markup {
    let list = cx.t(T("配件目录", "Parts"));
    let title =
        cx.t(if id.is_some() { T("修改配件", "Change part") } else { T("新建配件", "New part") });
    let (action, cancel) = match id {
        Some(id) => (format!("/parts/{id}/edit"), format!("/parts/{id}")),
        None => ("/parts/new".to_string(), "/parts".to_string()),
    };
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(version) = input.version { (ui::hidden("version", version)) }
        (ui::fieldset(cx.t(T("配件", "Part")), "", what_fields(cx, input, branches, errors)))
        (ui::fieldset(cx.t(T("价格与采购", "Prices and purchasing")), "", price_fields(cx, input, errors)))
        (ui::fieldset(cx.t(T("管理方式", "Handling")), "", flags(cx, input)))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&cancel)))
    };
    let form = Form::post(action, cx.form_key()).body(body);
    ui::form_page(cx.lang, &[(list, Some("/parts")), (title, None)], title, "", form, None)
}

fn what_fields(cx: &Cx, input: &PartInput, branches: &[(String, String)], errors: &FormErrors) -> Markup {
    let class = input.class.unwrap_or(PartClass::Component);
    html! {
        (Field::text("code", cx.t(T("编码", "Code"))).value(&input.code).error(errors.of("code")).required().autofocus())
        (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).error(errors.of("name")).required().wide())
        (Field::text("unit", cx.t(T("单位", "Unit"))).value(if input.unit.is_empty() { "件" } else { &input.unit }))
        (Field::text("spec", cx.t(T("规格型号", "Specification"))).value(&input.spec).wide())
        (Field::select("category_id", cx.t(T("类别", "Category"))).blank(cx.t(T("（未分类）", "(none)"))).options(branches.to_vec()).maybe(input.category_id).error(errors.of("category_id")))
        (Field::select("class", cx.t(T("分类", "Class"))).options(options(cx, PartClass::OPTIONS)).value(class.as_str()))
        (Field::select("storage_form", cx.t(T("储备形式", "Storage form"))).options(options(cx, StorageForm::OPTIONS)).value(input.form.unwrap_or(StorageForm::Finished).as_str()))
        (Field::chips("criticality", cx.t(T("重要性", "Criticality"))).options(options(cx, Criticality::OPTIONS)).value(input.criticality.unwrap_or(Criticality::Normal).as_str()))
        (Field::text("fits", cx.t(T("适用设备", "Fits"))).value(&input.fits).wide())
    }
}

fn price_fields(cx: &Cx, input: &PartInput, errors: &FormErrors) -> Markup {
    let money = |amount: Option<kernel::Money>| amount.map(|m| m.fmt_plain());
    html! {
        (Field::money("price", cx.t(T("销售价", "Price"))).maybe(money(input.price)).error(errors.of("price")))
        @if cx.shows(Sens::Cost) == Show::Full {
            (Field::money("cost", cx.t(T("标准成本", "Standard cost"))).maybe(money(input.cost)).error(errors.of("cost")))
        }
        (Field::number("lead_days", cx.t(T("采购周期（天）", "Lead time (days)"))).maybe(input.lead_days).error(errors.of("lead_days")))
        (Field::number("replace_days", cx.t(T("更换周期（天）", "Replaced every (days)"))).maybe(input.replace_days).error(errors.of("replace_days")))
        (Field::text("source", cx.t(T("获得途径", "Source"))).value(&input.source).wide())
    }
}

fn flags(cx: &Cx, input: &PartInput) -> Markup {
    html! {
        (Field::switch("old_part_due", cx.t(T("以旧换新：领用须交回旧件", "The old part must come back"))).checked(input.old_part_due))
        (Field::switch("serialised", cx.t(T("按序列号管理", "Serialised"))).checked(input.serialised))
        (Field::switch("inactive", cx.t(T("停用", "Not in use"))).checked(input.inactive))
        (Field::area("note", cx.t(T("备注", "Remarks")), 2).value(&input.note).full())
    }
}

/// The card at the shelf: name, specification, quantity, minimum and maximum (PARTS-13).
pub fn bin_card(cx: &Cx, part: &PartOut, stock: &[PartStock]) -> Markup {
    let total = Quantity(stock.iter().map(|s| s.new.0 + s.repaired.0).sum());
    html! {
        (ui::print_head(&cx.app.config.company, cx.t(T("备件标识卡片", "Bin card")), &part.code, "", None))
        (ui::print_facts(&[
            (cx.t(T("名称", "Name")), html! { (part.name) }, 2),
            (cx.t(T("规格型号", "Specification")), html! { (part.spec) }, 2),
            (cx.t(T("单位", "Unit")), html! { (part.unit) }, 1),
            (cx.t(T("现存量合计", "On hand in all")), html! { (total) }, 1),
        ]))
        @for s in stock {
            (ui::print_facts(&[
                (cx.t(T("仓库", "Depot")), html! { (s.depot) }, 1),
                (cx.t(T("货位", "Place")), html! { (s.bin) }, 1),
                (cx.t(T("现存量", "On hand")), html! { (Quantity(s.new.0 + s.repaired.0)) }, 1),
                (cx.t(T("下限/上限", "Min / max")), html! { (s.minimum) " / " (s.maximum) }, 1),
            ]))
        }
    }
}
