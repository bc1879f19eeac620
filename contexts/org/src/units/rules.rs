//! Rules of organisations, without database.

use std::collections::HashMap;

use kernel::{Id, Problems, RuleError, T, zone};

use super::model::{ChangeUnit, NewUnit, TreeNode, TreePerson, TreePost, UnitRow};

/// Who is above whom: enough to answer every question about the shape of the tree.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    parent: HashMap<Id, Option<Id>>,
    children: HashMap<Id, Vec<Id>>,
}

impl Shape {
    /// From pairs of organisation and the one above it.
    pub fn new(pairs: impl IntoIterator<Item = (Id, Option<Id>)>) -> Self {
        let mut shape = Self::default();
        for (id, parent) in pairs {
            shape.parent.insert(id, parent);
            if let Some(parent) = parent {
                shape.children.entry(parent).or_default().push(id);
            }
        }
        shape
    }

    /// `root` and everything below it.
    pub fn below(&self, root: Id) -> Vec<Id> {
        let mut found = vec![root];
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            next += 1;
            // A circle can't be stored; a broken database must still not hang the server.
            let fresh: Vec<Id> = self
                .children
                .get(&id)
                .into_iter()
                .flatten()
                .copied()
                .filter(|child| !found.contains(child))
                .collect();
            found.extend(fresh);
        }
        found
    }

    /// From `id` upwards to its root, itself first.
    pub fn above(&self, id: Id) -> Vec<Id> {
        let mut path = vec![id];
        while let Some(Some(parent)) = path.last().and_then(|last| self.parent.get(last)) {
            if path.contains(parent) {
                break;
            }
            path.push(*parent);
        }
        path
    }

    /// Moving `id` under `parent` is impossible when `parent` is `id` or below it.
    pub fn check_move(&self, id: Id, parent: Id) -> Result<(), RuleError> {
        if self.above(parent).contains(&id) {
            return Err(RuleError::new(
                "org.circle",
                T("不能移到自己或自己的下级之下", "It can't be moved below itself or below what it contains"),
            )
            .field("parent_id"));
        }
        Ok(())
    }
}

fn trimmed(text: Option<&str>) -> String {
    text.map(str::trim).unwrap_or_default().to_string()
}

fn check(unit: &UnitRow) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.check((1..=60).contains(&unit.name.chars().count()), || {
        RuleError::new(
            "org.unit_name",
            T("请填写名称，最多 60 字", "A name of up to 60 characters is needed"),
        )
        .field("name")
    });
    problems.check((1..=20).contains(&unit.code.chars().count()), || {
        RuleError::new(
            "org.unit_code",
            T("请填写代码，最多 20 字", "A code of up to 20 characters is needed"),
        )
        .field("code")
    });
    problems.check(zone(&unit.time_zone).is_ok(), || {
        RuleError::new("org.time_zone", T("没有这个时区：{zone}", "There is no time zone {zone}"))
            .arg("zone", &unit.time_zone)
            .field("time_zone")
    });
    for (field, text, most) in
        [("region", &unit.region, 60), ("phone", &unit.phone, 40), ("address", &unit.address, 200)]
    {
        problems.check(text.chars().count() <= most, || {
            RuleError::new("org.too_long", T("最多 {most} 字", "At most {most} characters"))
                .arg("most", most)
                .field(field)
        });
    }
    problems.finish()
}

/// A new organisation below `parent`; `spare_code` is used when none is given.
pub fn new_unit(id: Id, input: &NewUnit, parent: &UnitRow, spare_code: String) -> Result<UnitRow, Problems> {
    if !parent.active {
        return Err(RuleError::new(
            "org.parent_closed",
            T("上级组织已停用", "The organisation above is closed"),
        )
        .field("parent_id")
        .into());
    }
    let code = trimmed(input.code.as_deref());
    let time_zone = trimmed(input.time_zone.as_deref());
    let unit = UnitRow {
        id,
        version: 1,
        code: if code.is_empty() { spare_code } else { code },
        name: input.name.trim().to_string(),
        kind: input.kind,
        parent_id: Some(parent.id),
        region: trimmed(input.region.as_deref()),
        time_zone: if time_zone.is_empty() { parent.time_zone.clone() } else { time_zone },
        phone: trimmed(input.phone.as_deref()),
        address: trimmed(input.address.as_deref()),
        active: true,
    };
    check(&unit)?;
    Ok(unit)
}

/// The organisation with what the input changes. The root can't be moved or closed.
pub fn change_unit(old: &UnitRow, input: &ChangeUnit, shape: &Shape) -> Result<UnitRow, Problems> {
    let text = |new: &Option<String>, old: &String| {
        new.as_ref().map_or_else(|| old.clone(), |text| text.trim().to_string())
    };
    let mut unit = UnitRow {
        code: text(&input.code, &old.code),
        name: text(&input.name, &old.name),
        kind: input.kind.unwrap_or(old.kind),
        region: text(&input.region, &old.region),
        time_zone: text(&input.time_zone, &old.time_zone),
        phone: text(&input.phone, &old.phone),
        address: text(&input.address, &old.address),
        active: input.active.unwrap_or(old.active),
        ..old.clone()
    };
    if let Some(parent) = input.parent_id.filter(|parent| old.parent_id != Some(*parent)) {
        if old.parent_id.is_none() {
            return Err(RuleError::new(
                "org.root_moves",
                T("最上级组织不能移动", "The topmost organisation can't be moved"),
            )
            .field("parent_id")
            .into());
        }
        shape.check_move(old.id, parent)?;
        unit.parent_id = Some(parent);
    }
    if old.parent_id.is_none() && !unit.active {
        return Err(RuleError::new(
            "org.root_closes",
            T("最上级组织不能停用", "The topmost organisation can't be closed"),
        )
        .field("active")
        .into());
    }
    check(&unit)?;
    Ok(unit)
}

/// Hangs posts and people below their organisations (ORG-02): people whose post is another organisation's, or closed,
/// stand without one.
pub fn with_people(nodes: &mut [TreeNode], posts: Vec<(Id, Id, String)>, people: Vec<TreePerson>) {
    let at: HashMap<Id, usize> = nodes.iter().enumerate().map(|(at, node)| (node.unit.id, at)).collect();
    for (org, id, name) in posts {
        if let Some(at) = at.get(&org) {
            nodes[*at].posts.push(TreePost { id, name, people: Vec::new() });
        }
    }
    for person in people {
        let Some(node) = at.get(&person.org_id).map(|at| &mut nodes[*at]) else { continue };
        match node.posts.iter_mut().find(|post| Some(post.id) == person.post_id) {
            Some(post) => post.people.push(person),
            None => node.unposted.push(person),
        }
    }
}

/// Depth-first order for showing, siblings by code: `(depth, row)`.
pub fn in_tree_order(rows: Vec<UnitRow>) -> Vec<(usize, UnitRow)> {
    let known: std::collections::HashSet<Id> = rows.iter().map(|row| row.id).collect();
    let mut by_parent: HashMap<Option<Id>, Vec<UnitRow>> = HashMap::new();
    for row in rows {
        // Whoever sees only a part of the tree sees its topmost organisation as a root.
        let parent = row.parent_id.filter(|parent| known.contains(parent));
        by_parent.entry(parent).or_default().push(row);
    }
    for siblings in by_parent.values_mut() {
        siblings.sort_by(|a, b| b.code.cmp(&a.code));
    }
    let mut stack: Vec<(usize, UnitRow)> =
        by_parent.remove(&None).unwrap_or_default().into_iter().map(|row| (0, row)).collect();
    let mut out = Vec::new();
    while let Some((depth, row)) = stack.pop() {
        stack.extend(
            by_parent.remove(&Some(row.id)).unwrap_or_default().into_iter().map(|child| (depth + 1, child)),
        );
        out.push((depth, row));
    }
    out
}
