//! What classes have in common that start something outside and hear of it later: options, callbacks,
//! waiting, errors, and the one reference that keeps such an object alive until it is done.
//! `Source: Develop/async`

use crate::command::blob::blob_object;
use crate::command::parameters::AnyObject;
use crate::value::{Blob, Collection, ErrorCode, Fault, Native, Object, Result, Text, Value, convert};
use crate::vm::{Callback, Mailbox, Process, Work};
use parking_lot::{Condvar, Mutex};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::io;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// How much may wait to be heard before its sender has to wait.
const ROOM: usize = 16 << 20;

/// What a process listens to: a request, a connection, a program. Lives in one process.
pub(super) trait Source: Sized + 'static {
    /// What happens to it.
    type Event: Send + 'static;

    /// Deals with an event, in the process that made it.
    fn hear(self: Rc<Self>, process: &mut Process, event: Self::Event) -> Result<()>;

    /// The process has ended. `cut_off`: it was told to.
    fn abandon(&self, cut_off: bool);
}

/// All sources of a kind that a process listens to.
struct Sources<S: Source> {
    all: FxHashMap<u64, Rc<S>>,
    mailbox: Option<Arc<Mailbox>>,
}

impl<S: Source> Default for Sources<S> {
    fn default() -> Self {
        Self { all: FxHashMap::default(), mailbox: None }
    }
}

impl<S: Source> Drop for Sources<S> {
    fn drop(&mut self) {
        let cut_off = self.mailbox.as_ref().is_some_and(|mailbox| mailbox.is_cut_off());
        for source in self.all.values() {
            source.abandon(cut_off);
        }
    }
}

/// The way from other threads to a source.
pub(super) struct Line<S: Source> {
    mailbox: Arc<Mailbox>,
    id: u64,
    load: Arc<Load>,
    of: PhantomData<fn(S)>,
}

impl<S: Source> Clone for Line<S> {
    fn clone(&self) -> Self {
        Self {
            mailbox: Arc::clone(&self.mailbox),
            id: self.id,
            load: Arc::clone(&self.load),
            of: PhantomData,
        }
    }
}

/// How much waits to be heard.
#[derive(Default)]
struct Load {
    bytes: Mutex<usize>,
    less: Condvar,
}

/// A part of the load; gone when the event is, heard or not.
struct Share(Arc<Load>, usize);

impl Drop for Share {
    fn drop(&mut self) {
        *self.0.bytes.lock() -= self.1;
        self.0.less.notify_all();
    }
}

impl<S: Source> Line<S> {
    /// A line to a source that is to be entered with [`listen`].
    pub fn new(process: &Process) -> Self {
        let mailbox = Arc::clone(process.mailbox());
        let id = mailbox.new_source();
        Self { mailbox, id, load: Arc::default(), of: PhantomData }
    }

    pub const fn id(&self) -> u64 {
        self.id
    }

    pub fn send(&self, event: S::Event) {
        let id = self.id;
        self.mailbox.post(id, Box::new(move |process| deliver::<S>(process, id, event)));
    }

    /// Whether much waits to be heard: no more should be read for now.
    pub fn is_full(&self) -> bool {
        *self.load.bytes.lock() >= ROOM
    }

    /// Sends what takes room.
    pub fn send_sized(&self, event: S::Event, size: usize) {
        *self.load.bytes.lock() += size;
        let (id, share) = (self.id, Share(Arc::clone(&self.load), size));
        let deliver = move |process: &mut Process| {
            drop(share);
            deliver::<S>(process, id, event)
        };
        self.mailbox.post(id, Box::new(deliver));
    }

    /// Waits until there is room, or `give_up`.
    pub fn wait_for_room(&self, give_up: impl Fn() -> bool) {
        let mut bytes = self.load.bytes.lock();
        while *bytes >= ROOM && !give_up() {
            self.load.less.wait_for(&mut bytes, Duration::from_millis(100));
        }
    }

    /// Sends the last event; until it is heard the program goes on.
    pub fn end(&self, event: S::Event, work: Work) {
        let id = self.id;
        let deliver = move |process: &mut Process| {
            let done = deliver::<S>(process, id, event);
            drop(work);
            done
        };
        self.mailbox.post(id, Box::new(deliver));
    }
}

fn deliver<S: Source>(process: &mut Process, id: u64, event: S::Event) -> Result<()> {
    let found = process.attachment::<Sources<S>>().all.get(&id).cloned();
    found.map_or(Ok(()), |source| source.hear(process, event))
}

/// Has the process listen to a source.
pub(super) fn listen<S: Source>(process: &mut Process, id: u64, source: &Rc<S>) {
    let mailbox = Arc::clone(process.mailbox());
    let sources = process.attachment::<Sources<S>>();
    sources.mailbox = Some(mailbox);
    sources.all.insert(id, Rc::clone(source));
}

/// The process hears no more of a source.
pub(super) fn forget<S: Source>(process: &mut Process, id: u64) {
    let gone = process.attachment::<Sources<S>>().all.remove(&id);
    drop(gone);
}

/// The object that stands for a source, kept alive as long as something may happen to it.
#[derive(Default)]
pub(super) struct Own(RefCell<Option<Value>>);

impl Own {
    pub fn keep(&self, object: &Value) {
        *self.0.borrow_mut() = Some(object.clone());
    }

    pub fn get(&self) -> Value {
        self.0.borrow().clone().unwrap_or_default()
    }

    pub fn let_go(&self) {
        let object = self.0.borrow_mut().take();
        drop(object);
    }
}

/// A new object of a built-in class.
pub(super) fn object_of(process: &Process, class: &str, native: Box<dyn Native>) -> Value {
    let root = process.shared.program.builtin_class(class).root;
    Value::Object(Object::new_native(root, native))
}

/// What a member is called on: made of the object's content, or the value back if it is no such object.
pub(super) fn held<H: Native, T>(value: Value, take: impl FnOnce(&H) -> T) -> std::result::Result<T, Value> {
    let found = match &value {
        Value::Object(object) => object.native::<H>().map(take),
        _ => None,
    };
    found.ok_or(value)
}

/// The options that such an object is made with: any object, often of a class with callback functions.
pub(super) struct Options(pub Value);

impl Options {
    pub fn of(given: Option<AnyObject>) -> Self {
        Self(given.map_or(Value::Null, Value::from))
    }

    /// An option; Undefined if it was not given.
    pub fn get(&self, process: &mut Process, name: &str) -> Result<Value> {
        if matches!(self.0, Value::Null) {
            return Ok(Value::Undefined);
        }
        let value = process.get_member_named(&self.0, &Text::from(name))?;
        Ok(if matches!(value, Value::Null) { Value::Undefined } else { value })
    }

    pub fn text(&self, process: &mut Process, name: &str) -> Result<Option<Text>> {
        match self.get(process, name)? {
            Value::Undefined => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(unfit(name, "a text", &other)),
        }
    }

    pub fn boolean(&self, process: &mut Process, name: &str) -> Result<Option<bool>> {
        match self.get(process, name)? {
            Value::Undefined => Ok(None),
            Value::Boolean(truth) => Ok(Some(truth)),
            other => Err(unfit(name, "a Boolean", &other)),
        }
    }

    pub fn number(&self, process: &mut Process, name: &str) -> Result<Option<f64>> {
        match self.get(process, name)? {
            Value::Undefined => Ok(None),
            other => convert::as_real(&other).map(Some).ok_or_else(|| unfit(name, "a number", &other)),
        }
    }

    /// A time limit in seconds; none where it is 0 or less.
    pub fn seconds(&self, process: &mut Process, name: &str) -> Result<Option<Duration>> {
        Ok(self.number(process, name)?.filter(|seconds| *seconds > 0.0).and_then(duration))
    }

    /// A function to be called with these options as its `This`.
    pub fn callback(&self, process: &mut Process, name: &str) -> Result<Option<Callback>> {
        match self.get(process, name)? {
            Value::Undefined => Ok(None),
            function => process.callback(&function).map(Some),
        }
    }
}

pub(super) fn unfit(name: &str, expected: &str, found: &Value) -> Fault {
    let found = crate::command::bind::in_words(found);
    Fault::new(ErrorCode::ArgumentType, format!("The option `{name}` must be {expected}, not {found}"))
}

/// Seconds as a limit; none where the clock cannot count them.
pub(super) fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds.max(0.0)).ok()
}

/// Calls a callback, if there is one, and keeps the first error in `done`.
pub(super) fn notify(
    process: &mut Process,
    callback: Option<&Callback>,
    options: &Options,
    arguments: &[Value],
    done: &mut Result<()>,
) -> Value {
    let Some(callback) = callback else { return Value::Undefined };
    match process.call_back(callback, options.0.clone(), arguments) {
        Ok(value) => value,
        Err(fault) => {
            if done.is_ok() {
                *done = Err(fault);
            }
            Value::Undefined
        }
    }
}

/// A plain object.
pub(super) fn plain(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let object = Object::new();
    for (name, value) in entries {
        object.set(&Text::from(name), value);
    }
    Value::Object(object)
}

/// What `$event` is: a type, and data where there is some.
pub(super) fn event(kind: &str, data: Option<Value>) -> Value {
    let data = data.map(|data| ("data", data));
    plain([("type", Value::from(kind))].into_iter().chain(data))
}

pub(super) fn blob_value(process: &Process, bytes: Vec<u8>) -> Value {
    blob_object(process, Blob::new(bytes))
}

/// `.wait()`: listens until it is over, or for so many seconds.
pub(super) fn wait(
    process: &mut Process,
    seconds: Option<f64>,
    is_over: impl FnMut(&mut Process) -> bool,
) -> Result<()> {
    process.listen_until(seconds.and_then(duration), is_over).map(drop)
}

pub(super) use crate::command::trouble::{Trouble, number};

/// The collection that `.errors` gives; Undefined as long as there are none.
pub(super) fn errors_of(troubles: &[Trouble]) -> Value {
    if troubles.is_empty() {
        return Value::Undefined;
    }
    error_collection(troubles)
}

pub(super) fn error_collection(troubles: &[Trouble]) -> Value {
    Value::Collection(Collection::from_values(troubles.iter().map(Trouble::object).collect()))
}

/// The text of an operating system's error for people.
pub(super) fn failed(what: &str, error: &io::Error) -> Trouble {
    Trouble::of_io(what, error)
}
