//! The floor of a process: what starting any Rust program costs.

fn main() {}
