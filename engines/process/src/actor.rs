//! Who acts, and whether a template names them.

use kernel::Id;

use crate::{
    access::{Who, who},
    effects::named_in,
    state::State,
};

/// Who acts, as the machine sees people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Codes of roles.
    pub roles: Vec<String>,
    /// Codes of roles, each with the organisation in which it is held.
    pub places: Vec<(String, Id)>,
    /// Keys of the template's posts that this person holds or stands in for.
    pub posts: Vec<String>,
    /// The person and those stood in for.
    pub people: Vec<Id>,
    /// Opened the document.
    pub creator: bool,
    /// Clocks and decisions, and people who may act for anybody.
    pub anybody: bool,
    /// Clocks and decisions.
    pub system: bool,
}

/// Clocks, decisions and approvals.
pub static SYSTEM: Actor = Actor {
    roles: Vec::new(),
    places: Vec::new(),
    posts: Vec::new(),
    people: Vec::new(),
    creator: false,
    anybody: true,
    system: true,
};

/// True when the actor is one of the named.
pub fn is_among(actor: &Actor, list: &[String], state: &State) -> bool {
    actor.anybody
        || list.iter().any(|text| match who(text) {
            Some(Who::Role(code)) => actor.roles.iter().any(|role| role == code),
            Some(Who::RoleAt(code, field)) => match named_in(state, field) {
                Some(org) => actor.places.iter().any(|(role, at)| role == code && *at == org),
                None => actor.roles.iter().any(|role| role == code),
            },
            Some(Who::Post(key)) => actor.posts.iter().any(|post| post == key),
            Some(Who::Person(field)) => {
                named_in(state, field).is_some_and(|person| actor.people.contains(&person))
            }
            Some(Who::Creator) => actor.creator,
            // Parties are written out before a template runs.
            Some(Who::Party(_)) | None => false,
        })
}
