//! Interprocess variables (`<>name`). A private object put into one stays the writer's own; other
//! processes get a copy, as the rules for passing values between processes say.
//! `Source: Concepts/variables`

use crate::value::{Portable, Result, Value};
use parking_lot::RwLock;

#[derive(Default)]
struct Slot {
    version: u64,
    value: Option<Portable>,
}

/// The values of all interprocess variables, by number.
#[derive(Default)]
pub struct Interprocess {
    slots: RwLock<Vec<Slot>>,
}

impl Interprocess {
    /// How often the variable has been written.
    #[must_use]
    pub fn version(&self, number: u32) -> u64 {
        self.slots.read().get(number as usize).map_or(0, |s| s.version)
    }

    /// Version and value.
    #[must_use]
    pub fn load(&self, number: u32) -> (u64, Value) {
        let slots = self.slots.read();
        match slots.get(number as usize) {
            Some(slot) => (slot.version, slot.value.as_ref().map(Portable::to_value).unwrap_or_default()),
            None => (0, Value::Undefined),
        }
    }

    /// Stores a copy; gives the new version.
    ///
    /// # Errors
    /// A value that cannot go to another process.
    pub fn store(&self, number: u32, value: &Value) -> Result<u64> {
        let packed = Portable::pack(value)?;
        let mut slots = self.slots.write();
        let at = number as usize;
        if slots.len() <= at {
            slots.resize_with(at + 1, Slot::default);
        }
        let slot = &mut slots[at];
        slot.version += 1;
        slot.value = Some(packed);
        Ok(slot.version)
    }
}
