//! People: their roles, and the one function that says what each may do.

mod authorise;
mod guest;
mod role;

pub use authorise::{Action, Principal, Standing, authorise};
pub use guest::guest_name;
pub use role::Role;
