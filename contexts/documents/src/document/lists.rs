//! The list of all documents, and a list of its own for every template.

use kernel::T;
use kit::{
    Cx, Result,
    lists::{Col, Kind, ListSpec, Preset, keep, publish},
};
use process::{FieldType, Template, access};

use super::{model::Stage, values::secret};
use crate::{
    perms::{DOCUMENT_READ, DOCUMENT_WRITE},
    template,
};

macro_rules! late {
    ($field:literal) => {
        concat!(
            "coalesce((select v.text from document_value v where v.document_id = d.id and v.field = '",
            $field,
            "'), '')"
        )
    };
}

/// Columns that documents of every template have.
pub fn columns() -> Vec<Col> {
    vec![
        Col::new("no", T("单号", "Number"), "d.no", Kind::No).width(12),
        Col::new("stage", T("状态", "State"), "d.stage", Kind::State(Stage::OPTIONS)).width(8),
        Col::new("step_name", T("步骤", "Step"), "d.step_name", Kind::Text)
            .english("d.step_name_en")
            .width(9),
        Col::new("title", T("内容", "About"), "d.title", Kind::Text).english("d.title_en"),
        Col::new("due_at", T("最近时限", "Nearest deadline"), "d.due_at", Kind::Due).nullable().width(9),
        // Which clocks ran out, by name: late preparation and absent advisers of bookings are counted by it (DISP-21).
        Col::new("late_clocks", T("超时的时限", "Clocks that ran out"), late!("~late"), Kind::Text)
            .english(late!("~late_en"))
            .hidden(),
        Col::new("subject_no", T("关联单据", "For"), "d.subject_no", Kind::Text).hidden(),
        Col::new("owner", T("经办人", "Opened by"), "s.name", Kind::Person).width(8),
        Col::new("org", T("组织", "Organisation"), "o.name", Kind::Text).hidden(),
        Col::new("created_at", T("开单时间", "Opened"), "d.created_at", Kind::Time).sortable().width(8),
        Col::new("updated_at", T("更新时间", "Changed"), "d.updated_at", Kind::Time).sortable().hidden(),
        Col::new("ended_at", T("结束时间", "Ended"), "d.ended_at", Kind::Time).hidden(),
    ]
}

const FOR_ANYBODY: &str =
    "(d.ended_at is null and d.holder_id is null and d.holder_post = '' and d.holder_role <> ''
    and not d.guarded and (d.subject_id is null or d.parent_id is not null))";
const TASK_FOR_ANYBODY: &str =
    "exists (select 1 from document_task k where k.document_id = d.id and k.state = 'open'
    and k.holder_id is null and k.holder_post = '' and k.holder_role <> '' and not d.guarded)";

/// Columns that lists of documents are filtered by.
fn hidden() -> [Col; 8] {
    [
        Col::new("org_id", T("组织 ID", "Organisation's id"), "d.org_id", Kind::Id).hidden(),
        // What nobody was given yet (ORG-06): it waits for anybody with a role, and is neither an order's nor confidential.
        Col::new("for_anybody", T("待有人承接", "Waits for anybody"), FOR_ANYBODY, Kind::Bool).hidden(),
        // The run of an order is the order; what a run made beside it stands for itself.
        Col::new(
            "own",
            T("独立单据", "Stands for itself"),
            "(d.subject_id is null or d.parent_id is not null)",
            Kind::Bool,
        )
        .hidden(),
        Col::new("task_for_anybody", T("有待领任务", "Has a task for anybody"), TASK_FOR_ANYBODY, Kind::Bool)
            .hidden(),
        // The two processes of the trade: with the customer and inside (DOC-20).
        Col::new("contact", T("正与客户接触", "With the customer"), "d.contact", Kind::Bool).hidden(),
        Col::new("owner_id", T("经办人 ID", "Opener's id"), "d.owner_id", Kind::Id).hidden(),
        Col::new("holder_id", T("当前承办人 ID", "Id of whose turn it is"), "d.holder_id", Kind::Id).hidden(),
        Col::new(
            "late",
            T("超时", "Late"),
            "exists (select 1 from document_entry e where e.document_id = d.id and e.kind = 'late')",
            Kind::Bool,
        )
        .hidden(),
    ]
}

/// Tables that the columns need.
pub const JOINS: &[(&str, &str)] = &[
    ("t", "join process_template t on t.id = d.template_id"),
    ("s", "left join pub_staff s on s.id = d.owner_id"),
    ("o", "join pub_org o on o.id = d.org_id"),
];

/// Tabs.
pub fn presets() -> Vec<Preset> {
    vec![
        Preset { key: "running", label: T("进行中", "Running"), filter: "ended_at~empty~", hot: false },
        Preset {
            key: "turn",
            label: T("轮到我本人", "My turn by name"),
            filter: "holder_id~eq~{me};ended_at~empty~",
            hot: false,
        },
        Preset { key: "waiting", label: T("等待", "Waiting"), filter: "stage~in~waiting", hot: false },
        Preset {
            key: "late", label: T("已超时", "Late"), filter: "late~eq~true;ended_at~empty~", hot: true
        },
        Preset { key: "mine", label: T("我开的", "Opened by me"), filter: "owner_id~eq~{me}", hot: false },
    ]
}

/// Documents of every template, newest first (DOC-01).
pub fn documents() -> ListSpec {
    let mut columns = columns();
    columns.insert(
        2,
        Col::new("template", T("单据类型", "Kind"), "t.name", Kind::Text)
            .english("case when t.name_en = '' then t.name else t.name_en end")
            .width(9),
    );
    columns.push(Col::new("code", T("类型代码", "Code of the kind"), "d.code", Kind::Text).hidden());
    columns.extend(hidden());
    ListSpec {
        joins: JOINS,
        org: "d.org_id",
        owner: Some("d.owner_id"),
        named: Some(super::store::PARTIES),
        hides: "d.id",
        columns,
        presets: presets(),
        search_kind: Some("document"),
        sort: ("created_at", true),
        row_href: "/documents/{id}",
        create: Some(("/documents/new", T("开单", "New document"), &DOCUMENT_WRITE)),
        ..ListSpec::new(
            "documents",
            T("流程单据", "Documents"),
            "/documents",
            &DOCUMENT_READ,
            "document d",
            "d",
        )
    }
}

/// The list of one template's documents, with its fields as columns (DOC-01).
pub async fn of_template(cx: Cx, code: String) -> Result<&'static str> {
    let mut conn = cx.read().await?;
    let (version, template) = template::service::current(&mut conn, &code, cx.now()).await?;
    let mut hasher = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(&(version.id, version.version), &mut hasher);
    let key = format!("documents-{code}");
    Ok(publish(&key, std::hash::Hasher::finish(&hasher), || spec(&key, &template)))
}

/// A column for a field: its values stand in rows of their own, one join each.
fn column(template: &Template, index: usize) -> Option<(Col, (&'static str, &'static str))> {
    let field = template.fields.get(index)?;
    let alias = keep(format!("v{index}"));
    // Keys are letters, digits and underscores: they were checked when the template was activated.
    let join = keep(format!(
        "left join document_value {alias} on {alias}.document_id = d.id and {alias}.field = '{}'",
        field.key
    ));
    let text = || keep(format!("{alias}.text"));
    let number = || keep(format!("{alias}.number"));
    let (expr, kind) = match field.kind {
        FieldType::Int => (number(), Kind::Int),
        FieldType::Number => (number(), Kind::Qty),
        FieldType::Money => (number(), Kind::Money),
        FieldType::Time => (number(), Kind::Time),
        FieldType::Date => (text(), Kind::Date),
        FieldType::Bool => (keep(format!("({alias}.text = 'true')")), Kind::Bool),
        FieldType::Choice => {
            let codes: Vec<(&'static str, T)> = field
                .options
                .iter()
                .map(|o| access::option(o))
                .map(|(code, zh, en)| (keep(code), T(keep(zh), keep(en))))
                .collect();
            (text(), Kind::Code(Box::leak(codes.into_boxed_slice())))
        }
        FieldType::Person => (text(), Kind::Person),
        FieldType::Text
        | FieldType::Area
        | FieldType::Phone
        | FieldType::Address
        | FieldType::Serial
        | FieldType::Org => (text(), Kind::Text),
    };
    let en = if field.name_en.is_empty() { &field.name } else { &field.name_en };
    let label = T(keep(field.name.clone()), keep(en.clone()));
    // Documents of earlier versions hold choices that this one has no more.
    let col = Col::new(keep(format!("f_{}", field.key)), label, expr, kind).open();
    let col = match secret(field.kind) {
        Some(kind) => col.sensitive(kind),
        None => col,
    };
    Some((if field.list { col } else { col.hidden() }, (alias, join)))
}

/// What is left of 1440 px beside the navigation, in rem.
const ROOM: f32 = 76.0;

/// Hides what the page has no room for: first what fields of the company's own choice say as well, then who opened,
/// then the last of those fields. Everybody can choose them again.
fn fit(columns: &mut [Col]) {
    let wide = |columns: &[Col]| columns.iter().filter(|col| col.shown).map(Col::least_rem).sum::<f32>();
    let own = columns.iter().enumerate().rev().filter(|(_, col)| col.key.starts_with("f_"));
    let own: Vec<usize> = own.map(|(index, _)| index).collect();
    let general = ["title", "owner"].map(|key| columns.iter().position(|col| col.key == key));
    for index in general.into_iter().flatten().chain(own) {
        if wide(columns) > ROOM
            && let Some(col) = columns.get_mut(index)
        {
            col.shown = false;
        }
    }
}

fn spec(key: &str, template: &Template) -> ListSpec {
    let mut columns = columns();
    let mut joins = JOINS.to_vec();
    for (col, join) in (0..template.fields.len()).filter_map(|index| column(template, index)) {
        let at = columns.len().saturating_sub(if col.shown { 5 } else { 0 });
        columns.insert(at, col);
        joins.push(join);
    }
    fit(&mut columns);
    columns.extend(hidden());
    let href = keep(format!("/documents/of/{}", template.code));
    let new = keep(format!("/documents/new/{}", template.code));
    let en = if template.name_en.is_empty() { &template.name } else { &template.name_en };
    let title = T(keep(template.name.clone()), keep(en.clone()));
    ListSpec {
        joins: Box::leak(joins.into_boxed_slice()),
        condition: keep(format!("d.code = '{}'", template.code)),
        org: "d.org_id",
        owner: Some("d.owner_id"),
        named: Some(super::store::PARTIES),
        hides: "d.id",
        columns,
        presets: presets(),
        search_kind: Some("document"),
        sort: ("created_at", true),
        row_href: "/documents/{id}",
        create: Some((new, T("开单", "New document"), &DOCUMENT_WRITE)),
        ..ListSpec::new(keep(key), title, href, &DOCUMENT_READ, "document d", "d")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_one_template_are_no_wider_than_their_page_and_show_what_the_template_chose_first() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
        for file in std::fs::read_dir(folder).expect("the folder of templates") {
            let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
            let template = process::parse(&text).expect("a template");
            let list = spec("documents-x", &template);
            let shown = |col: &&Col| col.shown;
            let rem: f32 = list.columns.iter().filter(shown).map(Col::least_rem).sum();
            assert!(rem <= ROOM, "{}: {rem}", template.code);
            let own = list.columns.iter().filter(shown).filter(|col| col.key.starts_with("f_")).count();
            assert!(own >= 3, "{}: {own} fields of its own", template.code);
        }
    }
}
