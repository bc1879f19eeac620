//! What a customer showed to prove a warranty (WARR-22).

pub mod model;
mod pages;
mod rest;
pub mod service;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

use self::model::{NewProof, ProofRow};
use crate::perms::{POLICY_READ, PROOF_WRITE};

/// Pages and endpoints.
pub fn routes() -> Routes {
    Routes::new()
        .form("/units/{id}/proofs", Perm(&PROOF_WRITE), pages::add)
        .api_get::<Vec<ProofRow>, _, _>(
            "/units/{id}/proofs",
            Perm(&POLICY_READ),
            T("机器的质保凭证", "Warranty proofs of a unit"),
            rest::list,
        )
        .api_post::<NewProof, ProofRow, _, _>(
            "/units/{id}/proofs",
            Perm(&PROOF_WRITE),
            T("登记已核对的质保凭证", "Note a proof that was checked"),
            rest::add,
        )
}
