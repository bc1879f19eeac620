//! warranty
