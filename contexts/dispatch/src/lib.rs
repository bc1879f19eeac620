//! dispatch

/// The context.
pub fn module() -> kit::Module {
    kit::Module { name: "dispatch", ..Default::default() }
}
