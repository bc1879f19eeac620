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
    let mut wide = Vec::new();
    for list in registry.lists.values() {
        let shown = list.columns.iter().filter(|col| col.shown && !matches!(col.kind, kit::lists::Kind::Id));
        let rem: f32 = shown.map(kit::lists::Col::least_rem).sum();
        // What is left of 1440 px beside the navigation, and beside a tree.
        let room = if list.tree.is_some() { 62.0 } else { 76.0 };
        if rem > room {
            wide.push(format!("{}: {rem} of {room} rem", list.key));
        }
    }
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
fn every_operation_of_the_api_has_a_name_of_its_own() {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    let document = kit::openapi::document(&registry, kernel::Lang::En);
    let mut seen = std::collections::BTreeMap::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let name =
                operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
            let fine = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            assert!(fine, "{name} is no name for a function");
            let place = format!("{method} {path}");
            if let Some(other) = seen.insert(name.to_string(), place.clone()) {
                panic!("{name} is {other} and {place}");
            }
        }
    }
    let is = |name: &str| seen.get(name).map(String::as_str);
    assert_eq!(is("get_orders_by_id"), Some("get /api/v1/orders/{id}"));
    assert_eq!(is("post_orders_by_id_lines"), Some("post /api/v1/orders/{id}/lines"));
}

/// Sources of the product under a folder, without tests.
fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_string();
        if entry.is_dir() && name != "tests" {
            sources(&entry, found);
        } else if name.ends_with(".rs") && !name.contains("test") {
            found.push(std::fs::read_to_string(&entry).expect("a text"));
        }
    }
}

#[test]
fn whatever_the_log_writes_about_has_a_name_for_people() {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    sources(&root.join("contexts"), &mut texts);
    sources(&root.join("platform/kit/src"), &mut texts);
    let mut kinds = std::collections::BTreeSet::new();
    for text in &texts {
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        kinds.extend(product.split("DocRef::new(\"").skip(1).filter_map(|rest| rest.split('"').next()));
    }
    // What stands for itself, as a sign-in that failed, is about nothing.
    kinds.remove("");
    assert!(kinds.len() > 30, "{kinds:?}");
    let nameless: Vec<&str> =
        kinds.into_iter().filter(|kind| kit::audit::noun(&registry, kind).is_none()).collect();
    assert!(nameless.is_empty(), "{nameless:?}");
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
