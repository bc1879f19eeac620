//! Public events and data that cross contexts (DESIGN §2). Data only.

mod events;

pub use events::*;
