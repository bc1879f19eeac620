//! Pure rules of the product tree.

use kernel::{Id, RuleError, T, Ts};

use super::model::{CategoryRow, NewCategory};
use crate::product::rules::check_filled;

/// A new branch.
pub fn create(input: &NewCategory, id: Id, now: Ts) -> Result<CategoryRow, RuleError> {
    let empty = CategoryRow {
        id,
        version: 0,
        parent_id: None,
        name: String::new(),
        sort: 0,
        active: true,
        created_at: now,
        updated_at: now,
    };
    change(&empty, input, &[], now)
}

/// The branch after a change; `all` is the whole tree.
///
/// Errors: `products.required`, `products.circle` when it would hang below itself.
pub fn change(
    old: &CategoryRow,
    input: &NewCategory,
    all: &[CategoryRow],
    now: Ts,
) -> Result<CategoryRow, RuleError> {
    let name = check_filled(Some(&input.name), 60, "name")?;
    if input.parent_id.is_some_and(|parent| is_below(all, parent, old.id)) {
        return Err(RuleError::new("products.circle", T("不能移到自己的下级", "It can't hang below itself"))
            .field("parent_id"));
    }
    Ok(CategoryRow {
        version: old.version + 1,
        parent_id: input.parent_id,
        name,
        sort: input.sort.unwrap_or(old.sort),
        active: !input.retired,
        updated_at: now,
        ..old.clone()
    })
}

/// True when `id` is `top` or somewhere below it.
pub fn is_below(all: &[CategoryRow], id: Id, top: Id) -> bool {
    let mut at = Some(id);
    // No path is longer than the tree has branches, whatever is stored.
    for _ in 0..=all.len() {
        match at {
            Some(here) if here == top => return true,
            Some(here) => at = all.iter().find(|c| c.id == here).and_then(|c| c.parent_id),
            None => return false,
        }
    }
    false
}

/// The tree in the order people read it, each branch with its depth.
pub fn ordered(all: &[CategoryRow]) -> Vec<(usize, &CategoryRow)> {
    let mut out = Vec::with_capacity(all.len());
    below(all, None, 0, &mut out);
    out
}

fn below<'a>(
    all: &'a [CategoryRow],
    parent: Option<Id>,
    depth: usize,
    out: &mut Vec<(usize, &'a CategoryRow)>,
) {
    for row in all.iter().filter(|row| row.parent_id == parent) {
        out.push((depth, row));
        if depth < 20 {
            below(all, Some(row.id), depth + 1, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(n: u8, parent: Option<u8>) -> CategoryRow {
        let id = |n: u8| format!("018f0000-0000-7000-8000-0000000000{n:02}").parse().expect("an id");
        let input = NewCategory { name: format!("{n}"), parent_id: parent.map(id), ..NewCategory::default() };
        create(&input, id(n), Ts(1)).expect("valid")
    }

    #[test]
    fn a_branch_can_not_hang_below_itself() {
        let tree = [branch(1, None), branch(2, Some(1)), branch(3, Some(2))];
        let move_to = |row: &CategoryRow, to: &CategoryRow| {
            let input =
                NewCategory { name: row.name.clone(), parent_id: Some(to.id), ..NewCategory::default() };
            change(row, &input, &tree, Ts(2)).is_ok()
        };
        assert!(!move_to(&tree[0], &tree[2]) && !move_to(&tree[0], &tree[0]) && move_to(&tree[2], &tree[0]));
    }

    #[test]
    fn the_tree_is_read_depth_first() {
        let tree = [branch(1, None), branch(4, None), branch(2, Some(1)), branch(3, Some(2))];
        let read: Vec<(usize, &str)> =
            ordered(&tree).into_iter().map(|(d, c)| (d, c.name.as_str())).collect();
        assert_eq!(read, [(0, "1"), (1, "2"), (2, "3"), (0, "4")]);
    }
}
