//! Page components: maud functions and plain structs, one look, two languages.
//!
//! Features compose these and never write class names. Texts that belong to a component come from
//! `kernel::T` pairs here; texts of a feature are handed in already resolved with `T::get(lang)`.
//! The style sheet, scripts and icons are in `/assets`. See `README.md` for the list of signatures.

mod assets;
mod charts;
mod controls;
mod fields;
mod filters;
mod forms;
mod masked;
mod overlay;
mod palette;
mod phone;
mod print;
mod samples;
mod shell;
mod status;
mod table;
mod text;
mod views;

pub use assets::{Asset, asset, embedded};
pub use charts::*;
pub use controls::*;
pub use fields::*;
pub use filters::*;
pub use forms::*;
pub use masked::*;
pub use overlay::*;
pub use palette::*;
pub use phone::*;
pub use print::*;
pub use samples::{gallery, samples};
pub use shell::*;
pub use status::*;
pub use table::*;
pub use text::*;
pub use views::*;

pub use maud::{Markup, PreEscaped, Render, html};
