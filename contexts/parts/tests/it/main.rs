//! Parts through the product's own front doors, on both databases. What may never happen (stock below zero, one
//! piece promised twice, value from nowhere) is proved by the checks at the end of every test.

mod counts;
mod documents;
mod helpers;
mod lines;
mod purchases;
mod random;
mod sheets;
mod storm;
mod tree;
