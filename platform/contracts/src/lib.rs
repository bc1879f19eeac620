//! Public events and data that cross contexts (DESIGN §2). Data only.

mod events;

pub use events::*;

/// `code` of a [`ProcessAsked`] callback that is the order's first one (CB-01); other codes are calls of the process's own.
pub const FIRST_CALLBACK: &str = "first";

/// `code` of a [`ProcessAsked`] callback that the process made itself and that reached nobody in the end. Made and
/// answered, the code is the class of the result (OUTLET-05). In both cases nobody calls again (CB-09).
pub const UNREACHED_CALLBACK: &str = "unreached";
