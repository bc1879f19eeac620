//! field

/// The context.
pub fn module() -> kit::Module {
    kit::Module { name: "field", ..Default::default() }
}
