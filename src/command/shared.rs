//! Themes Objects and Collections, what is shared: `Storage`, and how shared values come to be.

use super::parameters::Rest;
use crate::value::shared::SharedValue;
use crate::value::{Result, SharedCollection, SharedObject, Value};
use crate::vm::Process;

commands! {
    /// Gives the catalog of shared objects and collections that all processes see.
    1525 "Storage" () thread_safe => storage;
    /// Makes a shared collection, empty or with the values given.
    1527 "New shared collection" (value) thread_safe => new_shared_collection;
}

/// Source: commands/storage
fn storage(process: &mut Process) -> SharedObject {
    process.shared.runtime.storage().clone()
}

/// Source: commands/new-shared-collection
fn new_shared_collection(process: &mut Process, values: Rest<Value>) -> Result<SharedCollection> {
    let collection = SharedCollection::new();
    process.with_caller(|caller| {
        let used = collection.use_enter(caller)?;
        let values = values.0.into_iter().map(SharedValue::try_from).collect::<Result<_>>()?;
        collection.replace_all(values, caller)?;
        used.end()
    })?;
    Ok(collection)
}
