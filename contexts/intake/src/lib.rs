//! intake

/// The context.
pub fn module() -> kit::Module {
    kit::Module { name: "intake", ..Default::default() }
}
