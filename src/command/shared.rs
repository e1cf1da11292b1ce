//! Themes Objects and Collections, what is shared: `Storage`, and how shared values come to be.

use super::parameters::Rest;
use crate::value::shared::SharedValue;
use crate::value::{Result, SharedCollection, SharedObject, Text, Value};
use crate::vm::Process;

commands! {
    /// Gives the catalog of shared objects and collections that all processes see.
    1525 "Storage" () thread_safe => storage;
    /// Makes a shared object, empty or with the properties given.
    1526 "New shared object" (property) thread_safe => new_shared_object;
    /// Makes a shared collection, empty or with the values given.
    1527 "New shared collection" (value) thread_safe => new_shared_collection;
}

/// Source: commands/storage
fn storage(process: &mut Process) -> SharedObject {
    process.shared.runtime.storage().clone()
}

/// Pairs of name and value. Source: commands/new-shared-object
fn new_shared_object(process: &mut Process, pairs: Rest<(Text, Value)>) -> Result<SharedObject> {
    let object = SharedObject::new();
    process.with_caller(|caller| {
        let _used = object.use_enter(caller)?;
        for (name, value) in pairs.0 {
            object.set(&name, SharedValue::try_from(value)?, caller)?;
        }
        Ok(())
    })?;
    Ok(object)
}

/// Source: commands/new-shared-collection
fn new_shared_collection(process: &mut Process, values: Rest<Value>) -> Result<SharedCollection> {
    let collection = SharedCollection::new();
    process.with_caller(|caller| {
        let _used = collection.use_enter(caller)?;
        let values = values.0.into_iter().map(SharedValue::try_from).collect::<Result<_>>()?;
        collection.replace_all(values, caller)
    })?;
    Ok(collection)
}
