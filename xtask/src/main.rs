//! Code generation and the checks that keep the structure in order.
fn main() {}
