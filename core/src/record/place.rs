//! Where something is in a document that is being read.

use crate::pointer::Pointer;

/// A path from the root, which becomes a [`Pointer`] when what is there is at fault: most documents are in order, and for
/// those it costs nothing.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// The whole document.
    Root,
    /// A member of the object at a place.
    Member(&'a Place<'a>, &'a str),
    /// An item of the list at a place.
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// The same as a pointer.
    pub fn pointer(&self) -> Pointer {
        match self {
            Place::Root => Pointer::root(),
            Place::Member(object, name) => object.pointer().member(name),
            Place::Item(list, index) => list.pointer().index(*index),
        }
    }
}
