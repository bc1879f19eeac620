//! What is held about owners in proofs and exceptions.

use kernel::T;
use kit::personal::{Fate::*, Holding};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "warranty_proof",
            T("购机凭证", "Proofs of purchase"),
            ("unit", "unit_id"),
            &[("kind", Keep), ("number", Reach), ("proof_date", Keep), ("note", Words), ("created_at", Time)],
        ),
        Holding::new(
            "warranty_exception",
            T("保修特批", "Warranty exceptions"),
            ("order", "doc_id"),
            &[("kind", Keep), ("verdict", Keep), ("reason", Words), ("created_at", Time)],
        ),
    ]
}
