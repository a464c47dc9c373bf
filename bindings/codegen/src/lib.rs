//! Writes what follows the core's declarations: typed faces of every language, and tables of the documentation.
//!
//! The way of a file: the core's descriptors become a [`Model`], a template of `templates/<target>/` becomes text.
//! Whoever knows the target's language can edit its template; nothing of a language stands in Rust here. To add a target,
//! write a template and a line in `targets.rs`.
//!
//! Only generates text: `cargo xtask gen` writes it, and `cargo xtask gen --check` compares it with what is committed.

mod case;
mod environment;
mod model;
mod prose;
mod targets;

pub use model::Model;
pub use targets::{Generated, targets};
