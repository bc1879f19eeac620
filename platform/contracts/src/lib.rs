//! Public events and data that cross contexts (DESIGN §2). Data only.

mod events;

pub use events::*;

/// `code` of a [`ProcessAsked`] callback that is the order's first one (CB-01); other codes are calls of the process's own.
pub const FIRST_CALLBACK: &str = "first";

/// `code` of a [`ProcessAsked`] callback that was made in the process itself and found the customer satisfied: nobody
/// calls again (CB-09).
pub const SATISFIED_CALLBACK: &str = "satisfied";
