//! Committed documents that are generated from the product are up to date.

use std::path::Path;

#[test]
fn the_committed_permission_matrix_is_the_products() {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/permissions.md");
    let committed = std::fs::read_to_string(path).expect("docs/generated/permissions.md is committed");
    assert!(committed == org::matrix(&registry), "run `cargo xtask docs` and commit docs/generated");
}

#[test]
fn every_flow_can_reach_its_states() {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    for flow in &registry.flows {
        let first = flow.states.first().map_or("", |(code, _)| *code);
        assert_eq!(flow.faults(first), Vec::<String>::new());
    }
}

#[test]
fn permission_keys_are_unique_and_named_after_their_context() {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    let mut seen = std::collections::HashSet::new();
    for perm in &registry.perms {
        assert!(seen.insert(perm.key), "{} stands twice", perm.key);
        let context = perm.key.split('.').next().unwrap_or_default();
        assert!(registry.modules.contains(&context), "{} belongs to no context", perm.key);
    }
}

#[test]
fn no_list_is_wider_than_its_page_before_somebody_chooses_columns() {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    for list in registry.lists.values() {
        let shown = list.columns.iter().filter(|col| col.shown && !matches!(col.kind, kit::lists::Kind::Id));
        let rem: f32 = shown.map(kit::lists::Col::least_rem).sum();
        // What is left of 1440 px beside the navigation, and beside a tree.
        let room = if list.tree.is_some() { 62.0 } else { 76.0 };
        assert!(rem <= room, "{}: {rem} of {room} rem", list.key);
    }
}

#[test]
fn every_list_names_columns_that_exist() {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    for list in registry.lists.values() {
        assert!(
            list.sort.0 == "id" || list.column(list.sort.0).is_some(),
            "{}: sorted by unknown {}",
            list.key,
            list.sort.0
        );
        for preset in &list.presets {
            let filter =
                kit::lists::Group::parse(&preset.filter.replace("{me}", &kernel::Id::NIL.to_string()));
            let filter = filter.unwrap_or_else(|error| panic!("{} {}: {error}", list.key, preset.key));
            for key in filter.keys() {
                assert!(list.column(key).is_some(), "{} {}: unknown column {key}", list.key, preset.key);
            }
        }
    }
}

testkit::app_test! {
    async fn every_list_answers_every_column_comparison_sort_tab_and_link(app: TestApp) {
        let cx = app.system();
        for list in app.app.registry.lists.values() {
            let faults = kit::lists::probe(&cx, list).await.expect("the probe runs");
            assert!(faults.is_empty(), "{}: {faults:?}", list.key);
        }
    }
}
