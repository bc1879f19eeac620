//! Documents, templates and approvals through the front doors, on both engines.

mod approvals;
mod attacks;
mod confidential;
mod correct;
mod example;
mod forms;
mod moves;
mod named;
mod rounds;
mod setup;
mod trades;
mod trades2;
mod trades3;
mod trades4;
mod trades5;
mod trades6;
mod trades7;
mod versions;
mod world;
