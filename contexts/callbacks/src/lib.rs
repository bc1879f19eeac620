//! callbacks

/// The context.
pub fn module() -> kit::Module {
    kit::Module { name: "callbacks", ..Default::default() }
}
