//! What is held about owners in proofs and exceptions.

use kernel::T;
use kit::{
    lists::Kind,
    personal::{Fate::*, Holding, col},
};

use crate::proof::model::ProofKind;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "warranty_proof",
            T("购机凭证", "Proofs of purchase"),
            ("unit", "unit_id"),
            [
                col("created_at", Time).called("核验时间", "Checked at"),
                col("kind", Keep).of("凭证类型", "Kind of proof", Kind::Code(ProofKind::OPTIONS)),
                col("number", Reach).called("号码", "Number"),
                col("proof_date", Keep).of("凭证日期", "Dated", Kind::Date),
                col("note", Words).called("备注", "Note"),
            ],
        ),
        Holding::new(
            "warranty_exception",
            T("保修特批", "Warranty exceptions"),
            ("order", "doc_id"),
            [col("created_at", Time), col("kind", Keep), col("verdict", Keep), col("reason", Words)],
        ),
    ]
}
