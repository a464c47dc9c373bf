//! `cargo xtask gen`: writes every generated file, or compares them all with what is committed.

use std::fs;

use voicecall_codegen::Generated;

use crate::command::root;
use crate::{header, report};

/// Writes the files; with `--check` only tells which of them are not as they would be written.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err("usage: cargo xtask gen [--check]".to_owned()),
    };
    let mut all_agree = true;
    for file in files()? {
        if fs::read_to_string(root().join(&file.path)).is_ok_and(|committed| committed == file.text) {
            continue;
        }
        if check {
            report::complain(&format!("{} is not what is generated; run: cargo xtask gen", file.path));
            all_agree = false;
        } else {
            write(&file)?;
        }
    }
    Ok(all_agree)
}

/// Every generated file, whatever generates it.
fn files() -> Result<Vec<Generated>, String> {
    let header = header::generate()?;
    let mut files = voicecall_codegen::targets(&header.text)?;
    files.push(header);
    Ok(files)
}

fn write(file: &Generated) -> Result<(), String> {
    let path = root().join(&file.path);
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&path, &file.text));
    written.map_err(|error| format!("{} cannot be written: {error}", file.path))?;
    report::say(&format!("wrote {}", file.path));
    Ok(())
}
