//! A large company for the benchmarks. Written in the next step, once every table has its final shape.
