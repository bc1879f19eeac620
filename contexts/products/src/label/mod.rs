//! QR labels and the public page behind them.

pub mod rules;
