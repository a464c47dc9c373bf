//! A file that is whole or not there. It is written beside its place, under a name that nobody can foresee, and gets its own
//! name at the end.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::sign;

/// A file that is being filled. Only its owner can read it. Dropped before the end, it vanishes.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    path: PathBuf,
}

impl NewFile {
    /// A new file in the target's folder, so that the last step is a rename and not a copy. No link is followed and no file
    /// replaced.
    ///
    /// # Errors
    ///
    /// The target names no file, or its folder cannot be written.
    pub fn beside(target: &Path) -> io::Result<NewFile> {
        let name = target
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it must name a file"))?;
        let unique = sign::nonce().map_err(io::Error::other)?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{unique}.part"));
        let path = target.with_file_name(hidden);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok(NewFile { file, path })
    }

    /// Throws away what has been written.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn restart(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0)).map(drop)
    }

    /// Gives the file its name, once it is on disk. With `overwrite` it replaces a file or a link of this name.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` without `overwrite` where the name is taken, also by a link that leads nowhere.
    pub fn finish(self, target: &Path, overwrite: bool) -> io::Result<()> {
        self.file.sync_all()?;
        match overwrite {
            true => fs::rename(&self.path, target),
            false => self.link(target),
        }
    }

    /// A hard link fails when the name is taken, which a rename does not. File systems without hard links get the
    /// rename, after one more look.
    fn link(&self, target: &Path) -> io::Result<()> {
        match fs::hard_link(&self.path, target) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => match is_taken(target) {
                true => Err(io::ErrorKind::AlreadyExists.into()),
                false => fs::rename(&self.path, target),
            },
            linked => linked,
        }
    }
}

/// Whether there is something of this name: a file, a folder, or a link, wherever it leads.
pub fn is_taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // After a rename there is nothing left to remove; after a link or a failure there is.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::io::{ErrorKind, Write};
    use std::os::unix::fs::{MetadataExt, symlink};

    use super::NewFile;

    #[test]
    fn a_file_is_for_its_owner_and_replaces_a_link_only_when_told_and_never_what_it_leads_to() {
        let folder = std::env::temp_dir().join(crate::sign::nonce().unwrap());
        fs::create_dir(&folder).unwrap();
        let [target, victim] = ["target", "victim"].map(|name| folder.join(name));
        symlink(&victim, &target).unwrap();
        let write = |overwrite| {
            let mut file = NewFile::beside(&target).unwrap();
            file.write_all(b"new").unwrap();
            file.finish(&target, overwrite)
        };
        assert_eq!(
            write(false).unwrap_err().kind(),
            ErrorKind::AlreadyExists,
            "a link that leads nowhere"
        );
        assert!(!victim.exists());
        fs::write(&victim, "old").unwrap();
        assert_eq!(write(false).unwrap_err().kind(), ErrorKind::AlreadyExists);
        write(true).unwrap();
        assert_eq!(
            (fs::read(&target).unwrap(), fs::read(&victim).unwrap()),
            (b"new".to_vec(), b"old".to_vec())
        );
        assert_eq!(fs::symlink_metadata(&target).unwrap().mode() & 0o7777, 0o600);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing is left beside it");
    }
}
