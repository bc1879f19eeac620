//! What the organisation tree looks like.

use kernel::{Id, T};
use kit::{Cx, FormErrors};
use ui::{Btn, Col, Def, Field, Form, Markup, Row, Table, Tone, html};

use super::model::*;
use crate::{STAFF_WRITE, UNIT_READ, UNIT_WRITE, posts::PostOut, staff::model::StaffOut};

pub(super) const TITLE: T = T("组织架构", "Organisation chart");
pub(super) const NEW: T = T("新建组织", "New organisation");

/// Most people drawn in all branches; with more only the branch that is looked at has them.
const MOST_DRAWN: usize = 300;

/// Department → post → person (ORG-02): each a link, each branch with its number of people.
fn tree(cx: &Cx, nodes: &[TreeNode], current: Id) -> Markup {
    let drawn: usize = nodes
        .iter()
        .map(|n| n.unposted.len() + n.posts.iter().map(|post| post.people.len()).sum::<usize>())
        .sum();
    let mut above = Vec::new();
    let mut next = Some(current);
    while let Some(node) = nodes.iter().find(|node| Some(node.unit.id) == next) {
        above.push(node.unit.id);
        next = node.unit.parent_id.filter(|parent| !above.contains(parent));
    }
    let mut rest = nodes;
    let branches = branches(&mut rest, 0, &Look { current, above, all: drawn <= MOST_DRAWN });
    ui::branch_tree(cx.t(TITLE), &branches)
}

/// What a tree is drawn for.
struct Look {
    current: Id,
    /// The current organisation and those above it: open.
    above: Vec<Id>,
    /// Small enough to show everybody.
    all: bool,
}

/// The branches of one depth; takes them and what is below them off the list.
fn branches(rest: &mut &[TreeNode], depth: usize, look: &Look) -> Vec<ui::Branch> {
    let mut out = Vec::new();
    while let Some((node, tail)) = rest.split_first().filter(|(node, _)| node.depth >= depth) {
        *rest = tail;
        let unit = &node.unit;
        let mut below = Vec::new();
        if look.all || unit.id == look.current {
            below.extend(node.posts.iter().map(|post| post_branch(unit.id, post)));
            below.extend(node.unposted.iter().map(person_branch));
        }
        below.extend(branches(rest, node.depth + 1, look));
        out.push(ui::Branch {
            icon: if depth == 0 { "building" } else { "sitemap" },
            text: unit.name.clone(),
            note: if node.people == 0 { String::new() } else { node.people.to_string() },
            href: format!("/orgs/tree/{}", unit.id),
            current: unit.id == look.current,
            open: look.above.contains(&unit.id),
            below,
        });
    }
    out
}

fn post_branch(org: Id, post: &TreePost) -> ui::Branch {
    ui::Branch {
        icon: "id-badge",
        text: post.name.clone(),
        note: if post.people.is_empty() { String::new() } else { post.people.len().to_string() },
        href: format!("/orgs/tree/{org}#post-{}", post.id),
        current: false,
        open: false,
        below: post.people.iter().map(person_branch).collect(),
    }
}

fn person_branch(person: &TreePerson) -> ui::Branch {
    ui::Branch {
        icon: "user",
        text: person.name.clone(),
        note: person.no.clone(),
        href: format!("/staff/{}", person.id),
        current: false,
        open: false,
        below: Vec::new(),
    }
}

/// Department → post → person (ORG-02).
pub(super) fn unit(
    cx: &Cx,
    nodes: &[TreeNode],
    unit: &UnitOut,
    posts: &[PostOut],
    people: &[StaffOut],
) -> Markup {
    let actions = html! {
        @if cx.can(&UNIT_WRITE) {
            (Btn::link(cx.t(T("新建下级", "New below")), format!("/orgs/new?parent={}", unit.id)).icon("plus"))
            (Btn::link(cx.t(T("编辑", "Edit")), format!("/orgs/{}/edit", unit.id)).icon("edit"))
        }
        (Btn::link(cx.t(T("列表", "As a list")), "/orgs").icon("list"))
    };
    let body = html! {
        (ui::section(cx.t(T("基本信息", "Facts")), html! {}, facts(cx, nodes, unit)))
        (ui::section(cx.t(T("岗位", "Posts")), new_post(cx, unit), post_table(cx, posts, people)))
        (ui::section(cx.t(T("人员", "People")), new_person(cx, unit), people_table(cx, people)))
    };
    ui::split_view(cx.lang, tree(cx, nodes, unit.id), ui::plain_view(&unit.name, actions, body))
}

fn facts(cx: &Cx, nodes: &[TreeNode], unit: &UnitOut) -> Markup {
    let parent = nodes.iter().find(|node| Some(node.unit.id) == unit.parent_id);
    let state =
        if unit.active { (Tone::Green, T("启用", "open")) } else { (Tone::Neutral, T("停用", "closed")) };
    ui::dl(&[
        Def::new(cx.t(T("代码", "Code")), ui::mono(&unit.code)),
        Def::new(cx.t(T("类型", "Kind")), cx.t(unit.kind.label())),
        Def::new(cx.t(T("状态", "State")), ui::tag(state.0, cx.t(state.1))),
        Def::new(
            cx.t(T("上级", "Above")),
            parent.map_or_else(ui::none, |node| {
                ui::link(&format!("/orgs/tree/{}", node.unit.id), &node.unit.name)
            }),
        ),
        Def::new(cx.t(T("区域", "Region")), ui::or_none(Some(&unit.region))),
        Def::new(cx.t(T("时区", "Time zone")), &unit.time_zone),
        Def::new(cx.t(T("电话", "Telephone")), ui::or_none(Some(&unit.phone))),
        Def::new(cx.t(T("地址", "Address")), ui::or_none(Some(&unit.address))).wide(),
    ])
}

fn new_post(cx: &Cx, unit: &UnitOut) -> Markup {
    html! { @if cx.can(&UNIT_WRITE) { (Btn::link(cx.t(T("新建岗位", "New post")), format!("/posts/new?org={}", unit.id)).sm().icon("plus")) } }
}

fn new_person(cx: &Cx, unit: &UnitOut) -> Markup {
    html! { @if cx.can(&STAFF_WRITE) { (Btn::link(cx.t(T("新建员工", "New staff file")), format!("/staff/new?org={}", unit.id)).sm().icon("plus")) } }
}

fn post_table(cx: &Cx, posts: &[PostOut], people: &[StaffOut]) -> Markup {
    let heads = [T("岗位", "Post"), T("上级岗位", "Superior"), T("在岗人员", "Holders"), T("职责", "Duties")];
    let rows = posts
        .iter()
        .map(|post| {
            let holders: Vec<&str> = people
                .iter()
                .filter(|person| person.post_id == Some(post.id) && person.active)
                .map(|person| person.name.as_str())
                .collect();
            let holders = holders.join("、");
            let anchor = format!("post-{}", post.id);
            let name = if cx.can(&UNIT_WRITE) {
                ui::id_link(&format!("/posts/{}", post.id), &post.name)
            } else {
                html! { (post.name) }
            };
            let cells = vec![
                html! { span id=(anchor) { (name) } },
                ui::or_none(post.superior_name.as_deref()),
                ui::or_none(Some(&holders)),
                ui::trunc(&post.duties),
            ];
            Row::new(post.id, &post.name, cells).faded(!post.active)
        })
        .collect();
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let none = ui::empty("sitemap", cx.t(T("还没有岗位", "No posts yet")), "", None);
    ui::small_table(&Table::new(cx.t(T("岗位", "Posts")), cols, rows).empty(none))
}

fn people_table(cx: &Cx, people: &[StaffOut]) -> Markup {
    let heads = [
        T("工号", "No."),
        T("姓名", "Name"),
        T("岗位", "Post"),
        T("班组", "Team"),
        T("技术等级", "Grade"),
        T("电话", "Telephone"),
    ];
    let rows = people
        .iter()
        .map(|person| {
            let cells = vec![
                ui::id_link(&format!("/staff/{}", person.id), &person.no),
                ui::person(&person.name),
                ui::or_none(person.post_name.as_deref()),
                ui::or_none(Some(&person.team)),
                ui::num(person.grade),
                ui::num(&person.phone),
            ];
            Row::new(person.id, &person.name, cells).faded(!person.active)
        })
        .collect();
    let cols = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    let none = ui::empty("users", cx.t(T("这里还没有员工", "Nobody works here yet")), "", None);
    ui::small_table(&Table::new(cx.t(T("人员", "People")), cols, rows).empty(none))
}

/// What stands in the form.
pub(super) struct UnitForm {
    /// None: a new one.
    pub unit: Option<(Id, i64)>,
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub parent: Option<Id>,
    pub region: String,
    pub time_zone: String,
    pub phone: String,
    pub address: String,
    pub active: bool,
}

impl UnitForm {
    pub fn new(parent: Id) -> Self {
        Self {
            unit: None,
            code: String::new(),
            name: String::new(),
            kind: UnitKind::Outlet,
            parent: Some(parent),
            region: String::new(),
            time_zone: String::new(),
            phone: String::new(),
            address: String::new(),
            active: true,
        }
    }

    pub fn from_new(input: &NewUnit) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            code: text(&input.code),
            name: input.name.clone(),
            kind: input.kind,
            region: text(&input.region),
            time_zone: text(&input.time_zone),
            phone: text(&input.phone),
            address: text(&input.address),
            ..Self::new(input.parent_id)
        }
    }

    pub fn from_unit(unit: &UnitOut) -> Self {
        let UnitOut { id, version, code, name, kind, parent_id, region, time_zone, phone, address, active } =
            unit.clone();
        Self {
            unit: Some((id, version)),
            code,
            name,
            kind,
            parent: parent_id,
            region,
            time_zone,
            phone,
            address,
            active,
        }
    }

    /// What was typed, over what is stored.
    pub fn with(self, input: &ChangeUnit) -> Self {
        let ChangeUnit { code, name, kind, parent_id, region, time_zone, phone, address, active, .. } =
            input.clone();
        Self {
            code: code.unwrap_or(self.code),
            name: name.unwrap_or(self.name),
            kind: kind.unwrap_or(self.kind),
            parent: parent_id.or(self.parent),
            region: region.unwrap_or(self.region),
            time_zone: time_zone.unwrap_or(self.time_zone),
            phone: phone.unwrap_or(self.phone),
            address: address.unwrap_or(self.address),
            active: active.unwrap_or(self.active),
            ..self
        }
    }
}

pub(super) fn form(cx: &Cx, nodes: &[TreeNode], form: &UnitForm, errors: &FormErrors) -> Markup {
    let (title, action, back) = match form.unit {
        Some((id, _)) => (form.name.as_str(), format!("/orgs/{id}/edit"), format!("/orgs/tree/{id}")),
        None => (cx.t(NEW), "/orgs/new".to_string(), "/orgs/tree".to_string()),
    };
    let parents = nodes
        .iter()
        .filter(|node| node.unit.active && form.unit.is_none_or(|(id, _)| id != node.unit.id))
        .map(|node| (node.unit.id.to_string(), format!("{}{}", "　".repeat(node.depth), node.unit.name)));
    let is_root = form.unit.is_some() && form.parent.is_none();
    let kinds = UnitKind::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let markup = Form::post(&action, cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        @if let Some((_, version)) = form.unit { (ui::hidden("version", version)) }
        (ui::fieldset(cx.t(T("基本信息", "Facts")), "", html! {
            (Field::text("name", cx.t(T("名称", "Name"))).value(&form.name).required().wide().autofocus().error(errors.of("name")))
            (Field::text("code", cx.t(T("代码", "Code"))).value(&form.code).hint(cx.t(T("留空自动编号", "Empty: numbered by itself"))).error(errors.of("code")))
            (Field::select("kind", cx.t(T("类型", "Kind"))).options(kinds).value(form.kind.as_str()).error(errors.of("kind")))
            @if !is_root {
                (Field::select("parent_id", cx.t(T("上级组织", "Organisation above"))).options(parents).maybe(form.parent).required().wide().error(errors.of("parent_id")))
            }
            (Field::text("region", cx.t(T("区域", "Region"))).value(&form.region).error(errors.of("region")))
            (Field::text("time_zone", cx.t(T("时区", "Time zone"))).value(&form.time_zone).placeholder(kernel::HOME_ZONE).error(errors.of("time_zone")))
            (Field::tel("phone", cx.t(T("电话", "Telephone"))).value(&form.phone).error(errors.of("phone")))
            (Field::text("address", cx.t(T("地址", "Address"))).value(&form.address).wide().error(errors.of("address")))
            @if form.unit.is_some() && !is_root {
                (Field::switch("active", cx.t(T("启用", "Open"))).checked(form.active).error(errors.of("active")))
            }
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&back)))
    });
    let home = if cx.can(&UNIT_READ) { Some("/orgs/tree") } else { None };
    ui::form_page(cx.lang, &[(cx.t(TITLE), home), (title, None)], title, "", markup, None)
}
