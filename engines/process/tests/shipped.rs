//! Every shipped template reads without a fault, and names nothing that is not there.

use process::{Known, read};

fn known() -> Known {
    let roles = [
        "admin",
        "manager",
        "agent",
        "dispatcher",
        "engineer",
        "storekeeper",
        "cashier",
        "callback",
        "auditor",
        "outlet",
    ];
    let schemes = [
        "warranty-parts",
        "beyond-guarantee",
        "dealer-parts",
        "dealer-beyond",
        "local-purchase",
        "working-group",
        "quote",
    ];
    let own = |list: &[&str]| list.iter().map(|s| (*s).to_string()).collect::<Vec<_>>();
    Known { roles: own(&roles), schemes: Some(own(&schemes)), creates: Vec::new() }
}

#[test]
fn shipped_templates_have_no_fault() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
    let mut codes = Vec::new();
    let mut faults = Vec::new();
    for file in std::fs::read_dir(folder).expect("the folder of templates") {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        match read(&text, &known()) {
            Ok(template) => {
                assert_eq!(
                    path.file_stem().and_then(|s| s.to_str()),
                    Some(template.code.as_str()),
                    "file name and code"
                );
                codes.push(template.code);
            }
            Err(found) => {
                faults.extend(
                    found.iter().map(|f| format!("{}:{} {} {}", path.display(), f.line, f.field, f.en)),
                );
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!(codes.len(), 16, "{codes:?}");
}
