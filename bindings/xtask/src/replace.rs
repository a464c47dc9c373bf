//! Puts a built file where an older one may be in use. A process that has mapped the old file keeps it; written into, the
//! file would change below the feet of that process.

use std::fs;
use std::io;
use std::path::Path;

/// Copies a file beside its place, and gives it its name when it is whole.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut beside = to.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    fs::copy(from, &beside)?;
    fs::rename(&beside, to)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Read;

    use super::copy;
    use crate::command;

    #[test]
    fn who_has_the_old_file_open_keeps_it() {
        let folder = command::target().join("replaced");
        fs::create_dir_all(&folder).unwrap();
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::write(&to, "old").unwrap();
        let mut open = File::open(&to).unwrap();
        fs::write(&from, "new").unwrap();

        copy(&from, &to).unwrap();

        let mut kept = String::new();
        open.read_to_string(&mut kept).unwrap();
        assert_eq!(
            (kept.as_str(), fs::read_to_string(&to).unwrap().as_str()),
            ("old", "new")
        );
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing is left beside");
        fs::remove_dir_all(&folder).unwrap();
    }
}
