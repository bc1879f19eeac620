//! Sheets: import from XLSX and CSV through the same rules as the pages (DESIGN §5).

mod spec;

pub use spec::{Applied, SheetRow, SheetSpec};
