//! What an object of the class 4D.Session holds. `Source: API/SessionClass`

use super::Session;
use crate::value::{Native, PortableNative};
use std::sync::Arc;

/// A reference to a session; goes to other processes as one.
#[derive(Clone)]
pub struct SessionObject(pub Arc<Session>);

impl Native for SessionObject {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        Some(Box::new(self.clone()))
    }
}

impl PortableNative for SessionObject {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        self
    }
}
