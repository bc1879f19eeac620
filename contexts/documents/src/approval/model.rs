//! Signatures by amount and post.

use kernel::{Id, Ts};
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Where an approval stands.
    pub enum ApprovalState {
        /// signatures are missing
        Open = "open" ("审批中", "open"),
        /// all have signed
        Approved = "approved" ("已同意", "approved"),
        /// somebody refused
        Rejected = "rejected" ("已驳回", "rejected"),
        /// no longer needed
        Cancelled = "cancelled" ("已撤销", "cancelled"),
    }
}

db::codes! {
    /// Where a signature stands.
    pub enum SeatState {
        /// others come first
        Waiting = "waiting" ("未到", "not yet"),
        /// to be signed
        Open = "open" ("待签", "to sign"),
        /// agreed
        Approved = "approved" ("同意", "agreed"),
        /// refused
        Rejected = "rejected" ("驳回", "refused"),
        /// no longer needed
        Cancelled = "cancelled" ("不再需要", "not needed"),
    }
}

/// A post that signs, and the role that signs where nobody holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signer {
    /// Name of the post.
    pub post: String,
    /// Code of the role that stands in.
    pub role: String,
}

/// Signatures collected at the same time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// Posts that sign, in parallel.
    #[serde(default)]
    pub signers: Vec<Signer>,
    /// Instead: the posts of this committee.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub committee: String,
    /// One signature is enough; otherwise all are needed.
    #[serde(default)]
    pub any: bool,
}

/// Who signs up to an amount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Band {
    /// Largest amount, fen; none: no limit.
    #[serde(default)]
    pub up_to: Option<i64>,
    /// The amount itself belongs to this band.
    #[serde(default)]
    pub inclusive: bool,
    /// Stages, one after the other.
    pub stages: Vec<Stage>,
}

db::row! {
    /// A version of a matrix.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct SchemeRow {
        pub id: Id,
        pub version: i64,
        pub code: String,
        pub number: i64,
        pub name: String,
        pub name_en: String,
        pub bands: String,
        pub effective_from: Ts,
        pub created_by: String,
        pub created_at: Ts,
    }
}

/// A version of a matrix, as callers see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SchemeOut {
    /// Which version.
    pub id: Id,
    /// Code, the same over all versions.
    pub code: String,
    /// Number of the version.
    pub number: i64,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Bands, from small amounts to large.
    pub bands: Vec<Band>,
    /// Counts from then on.
    pub effective_from: Ts,
}

/// A new version of a matrix.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewScheme {
    /// Code: small letters, digits, `-`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name in English.
    #[serde(default)]
    pub name_en: String,
    /// Bands, from small amounts to large; the last has no limit.
    pub bands: Vec<Band>,
    /// Counts from then on; now unless given.
    #[serde(default)]
    pub effective_from: Option<Ts>,
}

db::row! {
    /// A committee as stored.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct CommitteeRow {
        pub code: String,
        pub version: i64,
        pub name: String,
        pub name_en: String,
        pub posts: String,
        pub updated_at: Ts,
    }
}

/// A committee by post, with who sits in it right now.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CommitteeOut {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Posts.
    pub posts: Vec<Signer>,
    /// Members now: post and person.
    pub members: Vec<(String, String)>,
}

/// A committee to be made or changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PutCommittee {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name in English.
    #[serde(default)]
    pub name_en: String,
    /// Posts.
    pub posts: Vec<Signer>,
}

db::row! {
    /// A stored approval.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct ApprovalRow {
        pub id: Id,
        pub version: i64,
        pub scheme_id: Id,
        pub doc_kind: String,
        pub doc_id: Id,
        pub doc_no: String,
        pub title: String,
        pub title_en: String,
        pub org_id: Id,
        pub owner_id: Option<Id>,
        pub amount: i64,
        pub state: ApprovalState,
        pub band: String,
        pub asked_by: Option<Id>,
        pub created_by: String,
        pub created_at: Ts,
        pub updated_at: Ts,
        pub ended_at: Option<Ts>,
    }
}

impl ApprovalRow {
    /// What it is about, for readers of this language.
    pub fn label(&self, lang: kernel::Lang) -> &str {
        if lang == kernel::Lang::En { &self.title_en } else { &self.title }
    }
}

impl Owned for ApprovalRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.owner_id.into_iter().collect()
    }
}

db::row! {
    /// A signature.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct SeatRow {
        /// Which.
        pub id: Id,
        /// Of which approval.
        pub approval_id: Id,
        /// Stage, from 0.
        pub stage: i64,
        /// Post that signs.
        pub post: String,
        /// Role that signs where nobody holds the post.
        pub role: String,
        /// Where it stands.
        pub state: SeatState,
        /// Who signed.
        pub user_id: Option<Id>,
        /// Their name.
        pub user_name: String,
        /// For whom, when a deputy signed (DOC-21).
        pub instead_of: String,
        /// Opinion.
        pub opinion: String,
        /// When it was its turn.
        pub opened_at: Option<Ts>,
        /// When it was signed.
        pub signed_at: Option<Ts>,
        /// Reminders sent.
        pub reminded: i64,
    }
}

/// An approval as callers see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ApprovalOut {
    /// Which.
    pub id: Id,
    /// For optimistic locking.
    pub version: i64,
    /// Kind of the document.
    pub doc_kind: String,
    /// The document.
    pub doc_id: Id,
    /// Its number.
    pub doc_no: String,
    /// What it is about.
    pub title: String,
    /// Fen.
    pub amount: i64,
    /// Where it stands.
    pub state: ApprovalState,
    /// Who asked for it.
    pub asked_by: String,
    /// When.
    pub asked_at: Ts,
    /// The band in words.
    pub band: String,
    /// Signatures, by stage.
    pub seats: Vec<SeatRow>,
    /// The caller is to sign now.
    pub mine: bool,
}

/// A signature to be given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Sign {
    /// True: agreed. False: refused, with an opinion.
    pub approve: bool,
    /// Opinion; needed to refuse.
    #[serde(default)]
    pub opinion: String,
}
