//! Floors without circles: a crate uses only crates of lower floors.

use std::collections::BTreeMap;

use super::Finding;
use crate::workspace::{Crate, Workspace};

/// The crate of test helpers, the only one that tests may reach upwards to.
const TESTKIT: &str = "testkit";

pub fn check(workspace: &Workspace) -> Vec<Finding> {
    let levels: BTreeMap<&str, Option<i64>> =
        workspace.crates.iter().map(|c| (c.name.as_str(), c.level)).collect();
    let mut found = Vec::new();
    for member in &workspace.crates {
        let Some(level) = member.level else {
            let text = "has no level: add [package.metadata.aftercare] level = N to its Cargo.toml";
            found.push(Finding::error(&member.dir, text));
            continue;
        };
        if !member.dir.ends_with(&format!("/{}", member.name)) {
            found.push(Finding::error(
                &member.dir,
                format!("folder and package name differ ({})", member.name),
            ));
        }
        check_uses(member, level, &levels, &mut found);
    }
    found
}

fn check_uses(member: &Crate, level: i64, levels: &BTreeMap<&str, Option<i64>>, found: &mut Vec<Finding>) {
    for used in &member.uses {
        let Some(Some(below)) = levels.get(used.as_str()) else { continue };
        if used == TESTKIT {
            found.push(Finding::error(&member.dir, "uses testkit in the product: make it a dev-dependency"));
        } else if *below >= level {
            let text = format!(
                "(level {level}) uses {used} (level {below}): use an event or a port of contracts, or move the code down"
            );
            found.push(Finding::error(&member.dir, text));
        }
    }
    // Tests may look down as they like; upwards only through testkit, or contexts would know each other by the back door.
    for used in &member.dev_uses {
        let Some(Some(other)) = levels.get(used.as_str()) else { continue };
        if used != TESTKIT && *other >= level {
            let text = format!(
                "(level {level}) tests with {used} (level {other}): put such a test where both are known"
            );
            found.push(Finding::error(&member.dir, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, level: Option<i64>, uses: &[&str], dev_uses: &[&str]) -> Crate {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect();
        Crate {
            name: name.into(),
            dir: format!("contexts/{name}"),
            level,
            uses: set(uses),
            dev_uses: set(dev_uses),
            files: Vec::new(),
        }
    }

    fn errors(crates: Vec<Crate>) -> Vec<String> {
        check(&Workspace { crates, loose: Vec::new() }).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn looking_down_is_fine() {
        let house =
            vec![member("kit", Some(2), &["serde"], &[]), member("org", Some(3), &["kit"], &["testkit"])];
        assert_eq!(errors(house), Vec::<String>::new());
    }

    #[test]
    fn looking_up_or_sideways_is_not() {
        let house = vec![
            member("org", Some(3), &["orders"], &[]),
            member("parts", Some(4), &["pricing"], &[]),
            member("pricing", Some(4), &[], &[]),
            member("orders", Some(5), &[], &[]),
        ];
        let found = errors(house);
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("uses orders") && found[1].contains("uses pricing"), "{found:?}");
    }

    #[test]
    fn tests_reach_up_only_to_testkit() {
        let house = vec![
            member("org", Some(3), &[], &["testkit", "orders"]),
            member("orders", Some(5), &["testkit"], &[]),
            member("testkit", Some(8), &["org", "orders"], &[]),
        ];
        let found = errors(house);
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("tests with orders") && found[1].contains("dev-dependency"), "{found:?}");
    }

    #[test]
    fn every_crate_has_a_level_and_its_folders_name() {
        let mut odd = member("odd", Some(3), &[], &[]);
        odd.dir = "contexts/other".into();
        let found = errors(vec![member("org", None, &[], &[]), odd]);
        assert!(found[0].contains("no level") && found[1].contains("differ"), "{found:?}");
    }
}
