//! The tree beside a list (标准目录树, ORG-02, PROD-01): branches of what one of its columns points at.

use std::collections::HashSet;

use db::Conn;
use kernel::{Id, T};
use ui::{TreeItem, TreeNav};

use super::{
    filter::{Filter, Group, Op, comparable},
    query::ListQuery,
    spec::{ListSpec, Tree},
};
use crate::{Cx, Result};

/// Branches shown; a tree that people walk has hundreds.
const MOST: usize = 2000;

/// Deepest level; deeper branches are found from the one above.
const DEPTH: usize = 12;

db::row! {
    /// A branch.
    #[derive(Clone, Debug)]
    pub struct Branch {
        /// Which.
        pub id: Id,
        /// Branch above.
        pub parent_id: Option<Id>,
        /// Name.
        pub name: String,
    }
}

/// Branches with their depth, in the order people read them. A branch whose parent may not be seen is a root.
fn ordered(all: &[Branch]) -> Vec<(usize, &Branch)> {
    let known: HashSet<Id> = all.iter().map(|branch| branch.id).collect();
    let mut out = Vec::with_capacity(all.len());
    let mut seen = HashSet::new();
    let roots = all.iter().filter(|branch| branch.parent_id.is_none_or(|parent| !known.contains(&parent)));
    for root in roots {
        below(all, root, 0, &mut seen, &mut out);
    }
    out
}

fn below<'a>(
    all: &'a [Branch],
    branch: &'a Branch,
    depth: usize,
    seen: &mut HashSet<Id>,
    out: &mut Vec<(usize, &'a Branch)>,
) {
    if depth > DEPTH || !seen.insert(branch.id) {
        return;
    }
    out.push((depth, branch));
    for child in all.iter().filter(|child| child.parent_id == Some(branch.id)) {
        below(all, child, depth + 1, seen, out);
    }
}

/// The branches that this reader may walk.
pub async fn load(cx: &Cx, conn: &mut Conn, list: &ListSpec) -> Result<Vec<Branch>> {
    let Some((tree, from)) = source(cx, list) else { return Ok(Vec::new()) };
    let sql = format!("select {} from {from} b order by {} limit {MOST}", Branch::cols("b"), tree.order);
    let mut branches: Vec<Branch> = conn.all(&sql, vec![]).await?;
    if tree.orgs {
        let scope = cx.scope(list.perm)?;
        branches.retain(|branch| scope.covers(branch.id, &[]));
    }
    Ok(branches)
}

fn source<'a>(cx: &Cx, list: &'a ListSpec) -> Option<(&'a Tree, &'static str)> {
    let tree = list.tree.as_ref()?;
    let col = list.column(tree.key).filter(|col| comparable(cx, col))?;
    Some((tree, col.tree?))
}

/// The conditions without those on the tree's column, and the branch that they named.
fn split(tree: &Tree, group: &Group) -> (Group, Option<String>) {
    let ours = |entry: &Vec<Filter>| matches!(entry.as_slice(), [one] if one.key == tree.key);
    let (named, rest): (Vec<_>, Vec<_>) = group.0.iter().cloned().partition(ours);
    let at =
        named.first().and_then(|entry| entry.first()).filter(|one| one.op == Op::Under || one.op == Op::Eq);
    (Group(rest), at.map(|one| one.value.clone()))
}

/// The tree as navigation: each branch is the list under the other conditions in force.
pub fn nav(
    cx: &Cx,
    list: &ListSpec,
    asked: &ListQuery,
    group: &Group,
    branches: &[Branch],
) -> Option<TreeNav> {
    let (tree, _) = source(cx, list)?;
    if branches.is_empty() {
        return None;
    }
    let (rest, at) = split(tree, group);
    let filter = |branch: Option<&Branch>| {
        let mut group = rest.clone();
        if let Some(branch) = branch {
            let value = branch.id.to_string();
            group.0.push(vec![Filter { key: tree.key.to_string(), op: Op::Under, value }]);
        }
        group.text()
    };
    let item = |depth: usize, label: String, branch: Option<&Branch>, current: bool| {
        let filter = filter(branch);
        let href = asked.with_filter(filter.clone()).url(list.href);
        TreeItem { depth, label, href, value: filter, current }
    };
    let mut items = vec![item(0, cx.t(T("全部", "All")).to_string(), None, at.is_none())];
    items.extend(ordered(branches).into_iter().map(|(depth, branch)| {
        let current = at.as_deref() == Some(branch.id.to_string().as_str());
        item(depth, branch.name.clone(), Some(branch), current)
    }));
    let keep = ListQuery { filter: None, ..asked.first_page() };
    Some(TreeNav {
        label: cx.t(tree.label).to_string(),
        action: list.href.to_string(),
        name: "filter".into(),
        keep: keep.pairs().into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
        items,
    })
}

/// Says a branch by its name, where a condition holds its id.
pub fn named(branches: &[Branch], value: &str) -> Option<String> {
    branches.iter().find(|branch| branch.id.to_string() == value).map(|branch| branch.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(n: u8, parent: Option<u8>) -> Branch {
        let id = |n: u8| format!("018f0000-0000-7000-8000-0000000000{n:02}").parse().expect("an id");
        Branch { id: id(n), parent_id: parent.map(id), name: n.to_string() }
    }

    #[test]
    fn a_tree_is_read_depth_first_and_a_hidden_parent_makes_a_root() {
        let all = [branch(1, None), branch(2, Some(9)), branch(3, Some(1)), branch(4, Some(3))];
        let read: Vec<(usize, &str)> = ordered(&all).into_iter().map(|(d, b)| (d, b.name.as_str())).collect();
        assert_eq!(read, [(0, "1"), (1, "3"), (2, "4"), (0, "2")]);
        let circle = [branch(1, Some(2)), branch(2, Some(1))];
        assert!(ordered(&circle).is_empty(), "and a circle ends");
    }

    #[test]
    fn walking_replaces_the_branch_and_keeps_the_rest() {
        let tree = Tree { key: "k", label: T("树", "Tree"), order: "b.name", orgs: false };
        let group = Group::parse("k~under~a;state~eq~new").expect("valid");
        let (rest, at) = split(&tree, &group);
        assert_eq!((rest.text().as_str(), at.as_deref()), ("state~eq~new", Some("a")));
    }
}
