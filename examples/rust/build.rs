//! Takes the quick start out of the README, so that a test can run what readers copy.

use std::path::PathBuf;
use std::{env, fs};

const README: &str = "../../README.md";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={README}");
    let readme = fs::read_to_string(README)?;
    let blocks = readme.split("\n```rust,no_run\n").skip(1);
    let program = blocks
        .filter_map(|block| Some(block.split_once("\n```")?.0))
        .find(|block| block.contains("fn main()"));
    let program = program.ok_or("the README has no program in Rust")?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("quick_start.rs"), program)?;
    Ok(())
}
