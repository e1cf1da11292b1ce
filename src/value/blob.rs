//! `Blob`: bytes, shared until one of the holders changes them. `Source: Concepts/blob`

use super::class::BLOB;
use super::{Native, Object, PortableNative, Value};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

#[derive(Clone, Default, PartialEq, Eq)]
pub struct Blob(Arc<Vec<u8>>);

impl Blob {
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(bytes))
    }

    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to change; a copy of them if others hold the blob too.
    pub fn make_mut(&mut self) -> &mut Vec<u8> {
        Arc::make_mut(&mut self.0)
    }

    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Blob {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.len())
    }
}

/// The content of a 4D.Blob object: bytes that never change. `Source: API/BlobClass`
#[derive(Clone, Debug)]
pub struct BlobObject(pub Blob);

impl Blob {
    /// The BLOB as an object: what it becomes in an object or collection.
    /// `Source: Concepts/blob (Automatic conversion of blob type)`
    #[must_use]
    pub fn boxed(self) -> Value {
        Value::Object(Object::new_native(BLOB.root, Box::new(BlobObject(self))))
    }
}

impl Native for BlobObject {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        Some(Box::new(self.clone()))
    }
}

impl PortableNative for BlobObject {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_on_write() {
        let mut blob = Blob::new(vec![1, 2]);
        let other = blob.clone();
        assert!(blob.ptr_eq(&other));
        blob.make_mut().push(3);
        assert_eq!((blob.as_slice(), other.as_slice()), (&[1, 2, 3][..], &[1, 2][..]));
    }
}
