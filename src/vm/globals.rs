//! What processes share, as one process sees it: interprocess variables, locks of shared objects,
//! shared instances and singletons.

use super::process::Process;
use crate::text::Name;
use crate::value::class::Singleton;
use crate::value::shared::{Caller, SharedValue};
use crate::value::{Class, ErrorCode, Fault, Result, SharedCollection, SharedObject, Text, Value};
use std::sync::Arc;

impl Process {
    /// What shared objects need to know of the process that uses them.
    fn as_caller<R>(&self, act: impl FnOnce(Caller<'_>) -> R) -> R {
        let chain = || self.describe();
        act(Caller { process: self.lock_id, sleeper: Some(self.handle.sleeper()), chain: Some(&chain) })
    }

    /// Number, name and call chain, as shown in a deadlock.
    fn describe(&self) -> String {
        let places = self.chain();
        let chain = places.iter().map(|p| format!("{}:{}", p.method, p.line)).collect::<Vec<_>>();
        format!("process {} {:?} in {}", self.number, self.name.as_str(), chain.join(" < "))
    }

    // ---- locks

    pub(super) fn lock(&mut self, object: &Value) -> Result<()> {
        let mut last = std::mem::take(&mut self.last_group);
        let guard = match object {
            Value::SharedObject(object) => self.as_caller(|caller| object.use_enter_with(caller, &mut last)),
            Value::SharedCollection(items) => {
                self.as_caller(|caller| items.use_enter_with(caller, &mut last))
            }
            other if let Some(contents) = self.class_contents(other) => {
                self.as_caller(|caller| contents.use_enter_with(caller, &mut last))
            }
            other => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("Use needs a shared object or collection, not {}", describe(other)),
            )),
        };
        self.last_group = last;
        self.guards.push(guard?);
        Ok(())
    }

    /// `End use`.
    ///
    /// # Errors
    /// Changes of a session's storage could not be kept.
    pub(super) fn unlock(&mut self) -> Result<()> {
        self.guards.pop().map_or(Ok(()), |guard| guard.end_with(&mut self.last_group))
    }

    /// Runs native code under `Use` of a shared object, as functions of shared collections do.
    ///
    /// # Errors
    /// What the code raises, or a lock that cannot be had.
    pub fn using<R>(&mut self, object: &Value, act: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        self.lock(object)?;
        let result = act(self);
        let kept = self.unlock();
        result.and_then(|result| kept.map(|()| result))
    }

    /// A change of a shared object by this process.
    ///
    /// # Errors
    /// The object is not in use, or the value cannot be shared.
    pub fn set_shared(&mut self, object: &SharedObject, name: &Text, value: Value) -> Result<()> {
        let value = match value {
            Value::Object(_) | Value::Collection(_) if self.is_initialising(object) => {
                self.as_caller(|caller| {
                    crate::value::to_shared(&value, Some(&SharedValue::Object(object.clone())), caller)
                })?
            }
            value => SharedValue::try_from(value)?,
        };
        self.as_caller(|caller| object.set(name, value, caller))
    }

    /// Whether the `property` lines of the object's class are running: their objects and collections
    /// become shared. `Source: Concepts/classes (Initializing the property in the declaration line)`
    fn is_initialising(&self, object: &SharedObject) -> bool {
        self.initialising.last().is_some_and(|made| made.ptr_eq(object))
    }

    /// The same for an element of a shared collection.
    ///
    /// # Errors
    /// As for objects.
    pub fn set_shared_item(&mut self, items: &SharedCollection, at: i64, value: Value) -> Result<()> {
        let value = SharedValue::try_from(value)?;
        self.as_caller(|caller| items.set(at, value, caller))
    }

    /// Hands natives the caller that shared objects ask for.
    pub fn with_caller<R>(&self, act: impl FnOnce(Caller<'_>) -> R) -> R {
        self.as_caller(act)
    }

    // ---- interprocess variables

    /// The value: the process's own reference as long as nobody else has written since.
    pub(super) fn interprocess_load(&mut self, number: u32) -> Value {
        let at = number as usize;
        let version = self.shared.runtime.interprocess.version(number);
        if let Some((seen, value)) = self.interprocess.get(at)
            && *seen == version
        {
            return value.clone();
        }
        let (version, value) = self.shared.runtime.interprocess.load(number);
        self.keep_interprocess(at, version, value.clone());
        value
    }

    pub(super) fn interprocess_store(&mut self, number: u32, value: Value) -> Result<()> {
        let version = self.shared.runtime.interprocess.store(number, &value)?;
        self.keep_interprocess(number as usize, version, value);
        Ok(())
    }

    fn keep_interprocess(&mut self, at: usize, version: u64, value: Value) {
        if self.interprocess.len() <= at {
            self.interprocess.resize_with(at + 1, || (0, Value::Undefined));
        }
        self.interprocess[at] = (version, value);
    }

    // ---- shared instances and singletons

    /// An instance of a shared class: made and constructed under its own lock.
    pub(super) fn new_shared_instance(&mut self, class: &Class, arguments: &[Value]) -> Result<Value> {
        let this = Value::SharedObject(SharedObject::of_root(class.root));
        let made = this.clone();
        self.using(&this, |process| {
            process.initialise(class, &made)?;
            process.construct(class, made.clone(), arguments)
        })?;
        Ok(this)
    }

    /// `cs.X.me`: made by the first who asks. `Source: Concepts/classes (Singleton classes)`
    pub(super) fn singleton(&mut self, class: &Class) -> Result<Value> {
        self.singleton_with(class, &[])
    }

    /// `cs.X.new(…)` of a singleton: the arguments count the first time only.
    pub(super) fn singleton_with(&mut self, class: &Class, arguments: &[Value]) -> Result<Value> {
        let key = Name::new(&format!("{}.{}", class.store, class.name));
        if class.singleton == Singleton::Process && !class.shared {
            if let Some(object) = self.singletons.get(&key) {
                return Ok(object.clone());
            }
            let this = Value::Object(super::call::bare_instance(class));
            // a constructor that asks for `me` gets the object that is being made
            self.singletons.insert(key.clone(), this.clone());
            let done =
                self.initialise(class, &this).and_then(|()| self.construct(class, this.clone(), arguments));
            if let Err(fault) = done {
                self.singletons.remove(&key);
                return Err(fault);
            }
            return Ok(this);
        }
        let key = if class.singleton == Singleton::Session {
            format!("{}@{}", key, self.session_id())
        } else {
            key.to_string()
        };
        let runtime = Arc::clone(&self.shared.runtime);
        loop {
            match runtime.singletons.get(&key) {
                Some((object, true)) => return Ok(Value::SharedObject(object)),
                // a constructor that asks for `me` gets the object that is being made
                Some((object, false)) if object.is_used_by(self.lock_id) => {
                    return Ok(Value::SharedObject(object));
                }
                // another process is making it
                Some((object, false)) => self.using(&Value::SharedObject(object), |_| Ok(()))?,
                None => {
                    let object = SharedObject::of_root(class.root);
                    let this = Value::SharedObject(object.clone());
                    self.using(&this, |process| process.make_singleton(class, &object, &key, arguments))?;
                }
            }
        }
    }

    /// Constructs a shared singleton that this process uses, unless another was quicker.
    fn make_singleton(
        &mut self,
        class: &Class,
        object: &SharedObject,
        key: &str,
        arguments: &[Value],
    ) -> Result<()> {
        let runtime = Arc::clone(&self.shared.runtime);
        if !runtime.singletons.begin(key, object) {
            return Ok(());
        }
        let this = Value::SharedObject(object.clone());
        let done = self.initialise(class, &this).and_then(|()| self.construct(class, this, arguments));
        runtime.singletons.end(key, done.is_ok());
        done.map(drop)
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Object(_) => "an ordinary object (see New shared object)".to_owned(),
        Value::Collection(_) => "an ordinary collection (see New shared collection)".to_owned(),
        other => other.type_name().to_owned(),
    }
}
