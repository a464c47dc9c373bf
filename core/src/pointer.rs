//! JSON pointers (RFC 6901) to the place of a fault: `/playInfoList/2/templateParas`.

use std::fmt;

/// A path from the root of a document, built on the way down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Pointer {
        Pointer::default()
    }

    /// The member `name` of the object at this place.
    pub fn member(&self, name: &str) -> Pointer {
        // Made for every field that is read or checked, also where nothing is at fault: one allocation, no formatting.
        let mut path = String::with_capacity(self.0.len() + 1 + name.len());
        path.push_str(&self.0);
        path.push('/');
        if name.contains(['~', '/']) {
            path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        } else {
            path.push_str(name);
        }
        Pointer(path)
    }

    /// The item `index` of the list at this place.
    pub fn index(&self, index: usize) -> Pointer {
        self.member(&index.to_string())
    }

    /// The pointer as text; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn slash_and_tilde_are_escaped() {
        assert_eq!(Pointer::root().member("a/b~c").index(2).as_str(), "/a~1b~0c/2");
    }
}
