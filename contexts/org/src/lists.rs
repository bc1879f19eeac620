//! Lists of this context.

use kernel::T;
use kit::{
    Sens,
    lists::{Col, Kind, ListSpec, Preset},
};

use crate::{
    STAFF_READ, STAFF_WRITE, UNIT_READ, UNIT_WRITE, USER_READ, USER_WRITE, staff::model::GENDERS,
    units::model::UnitKind,
};

/// Files are grouped by department and post (ORG-03).
const PLACE: &str = "o.name || ' · ' || coalesce(po.name, '—')";

pub(crate) fn staff() -> ListSpec {
    ListSpec {
        joins: &[
            ("o", "join org_unit o on o.id = s.org_id"),
            ("po", "left join post po on po.id = s.post_id"),
            ("u", "left join app_user u on u.staff_id = s.id"),
        ],
        org: "s.org_id",
        owner: Some("s.id"),
        columns: vec![
            Col::new("no", T("工号", "No."), "s.no", Kind::No).sortable().width(9),
            Col::new("name", T("姓名", "Name"), "s.name", Kind::Person).width(9),
            Col::new("place", T("部门与岗位", "Department and post"), PLACE, Kind::Text).sortable(),
            Col::new("org", T("组织", "Organisation"), "o.name", Kind::Text).hidden(),
            Col::new("post", T("岗位", "Post"), "po.name", Kind::Text).hidden(),
            Col::new("team", T("班组", "Team"), "s.team", Kind::Text).width(8),
            Col::new("grade", T("技术等级", "Grade"), "s.grade", Kind::Int).width(6),
            Col::new("engineer", T("可派工", "Field work"), "s.engineer", Kind::Bool).width(6),
            Col::new("phone", T("电话", "Telephone"), "s.phone", Kind::Text).sensitive(Sens::Phone).width(10),
            Col::new("email", T("邮箱", "E-mail"), "s.email", Kind::Text).sensitive(Sens::Phone).hidden(),
            Col::new("hired_on", T("入职日期", "Hired on"), "s.hired_on", Kind::Date).hidden(),
            Col::new("gender", T("性别", "Gender"), "s.gender", Kind::Code(GENDERS)).hidden(),
            Col::new("born_on", T("出生日期", "Born on"), "s.born_on", Kind::Date)
                .sensitive(Sens::Identity)
                .hidden(),
            Col::new("id_no", T("证件号码", "Identity no."), "s.id_no", Kind::Text)
                .sensitive(Sens::Identity)
                .hidden(),
            Col::new("education", T("学历", "Education"), "s.education", Kind::Text).hidden(),
            Col::new("contract_until", T("合同到期", "Contract until"), "s.contract_until", Kind::Date)
                .hidden(),
            Col::new("login", T("登录名", "Login name"), "u.login", Kind::Text).hidden(),
            Col::new("active", T("在职", "Working"), "s.active", Kind::Bool).width(6),
            Col::new("org_id", T("组织标识", "Organisation id"), "s.org_id", Kind::Id).hidden(),
            Col::new("post_id", T("岗位标识", "Post id"), "s.post_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "active", label: T("在职", "Working"), filter: "active~eq~true", hot: false },
            Preset {
                key: "engineers",
                label: T("工程师", "Engineers"),
                filter: "active~eq~true;engineer~eq~true",
                hot: false,
            },
            Preset { key: "left", label: T("离职", "Left"), filter: "active~eq~false", hot: false },
        ],
        search_kind: Some("staff"),
        sort: ("place", false),
        group: Some("place"),
        sheet: Some("staff"),
        row_href: "/staff/{id}",
        create: Some(("/staff/new", T("新建员工", "New staff file"), &STAFF_WRITE)),
        ..ListSpec::new("staff", T("员工档案", "Staff files"), "/staff", &STAFF_READ, "staff s", "s")
    }
}

pub(crate) fn users() -> ListSpec {
    ListSpec {
        joins: &[
            ("o", "join org_unit o on o.id = u.org_id"),
            ("s", "left join staff s on s.id = u.staff_id"),
        ],
        org: "u.org_id",
        owner: Some("u.staff_id"),
        columns: vec![
            Col::new("login", T("登录名", "Login name"), "u.login", Kind::No).sortable().width(10),
            Col::new("name", T("姓名", "Name"), "u.name", Kind::Person).width(10),
            Col::new("org", T("组织", "Organisation"), "o.name", Kind::Text),
            Col::new("staff_no", T("工号", "Employee number"), "s.no", Kind::Text).width(9),
            Col::new("email", T("邮箱", "E-mail"), "u.email", Kind::Text).sensitive(Sens::Phone).hidden(),
            Col::new("signed_in_at", T("最近登录", "Last sign-in"), "u.signed_in_at", Kind::Time).width(10),
            Col::new("active", T("启用", "Open"), "u.active", Kind::Bool).width(6),
            Col::new("org_id", T("组织标识", "Organisation id"), "u.org_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset { key: "active", label: T("启用", "Open"), filter: "active~eq~true", hot: false },
            Preset { key: "closed", label: T("停用", "Closed"), filter: "active~eq~false", hot: false },
        ],
        sort: ("login", false),
        row_href: "/users/{id}",
        create: Some(("/users/new", T("新建用户", "New account"), &USER_WRITE)),
        ..ListSpec::new("users", T("用户", "Users"), "/users", &USER_READ, "app_user u", "u")
    }
}

pub(crate) fn units() -> ListSpec {
    ListSpec {
        joins: &[("up", "left join org_unit up on up.id = o.parent_id")],
        org: "o.id",
        columns: vec![
            Col::new("code", T("代码", "Code"), "o.code", Kind::No).sortable().width(9),
            Col::new("name", T("名称", "Name"), "o.name", Kind::Text),
            Col::new("kind", T("类型", "Kind"), "o.kind", Kind::Code(UnitKind::OPTIONS)).width(9),
            Col::new("parent", T("上级", "Above"), "up.name", Kind::Text),
            Col::new("region", T("区域", "Region"), "o.region", Kind::Text).width(9),
            Col::new("phone", T("电话", "Telephone"), "o.phone", Kind::Text).width(10),
            Col::new("address", T("地址", "Address"), "o.address", Kind::Text).hidden(),
            Col::new("time_zone", T("时区", "Time zone"), "o.time_zone", Kind::Text).hidden(),
            Col::new("active", T("启用", "Open"), "o.active", Kind::Bool).width(6),
            Col::new("parent_id", T("上级标识", "Above, id"), "o.parent_id", Kind::Id).hidden(),
        ],
        presets: vec![
            Preset {
                key: "outlets",
                label: T("网点", "Outlets"),
                filter: "kind~in~outlet,station",
                hot: false,
            },
            Preset {
                key: "partners",
                label: T("外部伙伴", "Partners"),
                filter: "kind~in~dealer,agent,supplier,station",
                hot: false,
            },
        ],
        sort: ("code", false),
        sheet: Some("orgs"),
        row_href: "/orgs/tree/{id}",
        create: Some(("/orgs/new", T("新建组织", "New organisation"), &UNIT_WRITE)),
        ..ListSpec::new("orgs", T("组织", "Organisations"), "/orgs", &UNIT_READ, "org_unit o", "o")
    }
}
