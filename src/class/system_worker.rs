//! 4D.SystemWorker: another program, fed and listened to while it runs. `Source: API/SystemWorkerClass`

use super::listening::{held, 
    Line, Options, Own, Source, Trouble, blob_value, errors_of, event, failed, forget, listen, notify, number,
    object_of, unfit, wait,
};
use crate::command::bind::{Plain, Reader, Parameter};
use crate::command::blob::TextOrBlob;
use crate::command::charset::Charset;
use crate::command::launch::words;
use crate::command::parameters::AnyObject;
use crate::command::paths::{self, Place};
use crate::host::network::in_background;
use crate::host::{Running, Start, Started};
use crate::value::{ErrorCode, Fault, Native, Result, Text, Value, convert};
use crate::vm::{Callback, Process, Work};
use parking_lot::Mutex;
use std::cell::{Cell, RefCell};
use std::io::{Read, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

members! {
    "4D.SystemWorker" {
        /// Starts another program, which runs beside the process.
        new "new" (commandLine; options) => new;
        /// The command line it was started with.
        get "commandLine" () => |worker: This| worker.0.line.clone();
        /// The folder it works in.
        get "currentDirectory" () => |process: &mut Process, worker: This| {
            worker.0.folder.clone().map_or(Value::Undefined, |folder| folder.object(process))
        };
        /// `text` or `blob`: what the response is.
        get "dataType" () => |worker: This| if worker.0.is_text { "text" } else { "blob" };
        /// The character set of the response.
        get "encoding" () => |worker: This| {
            if worker.0.is_text { Value::Text(worker.0.encoding.clone()) } else { Value::Undefined }
        };
        /// What went wrong; Undefined if nothing did.
        get "errors" () => |process: &mut Process, worker: This| -> Result<Value> {
            worker.look(process)?;
            Ok(errors_of(&worker.0.state.borrow().errors))
        };
        /// What it ended with; Undefined if it did not end by itself.
        get "exitCode" () => |process: &mut Process, worker: This| -> Result<Value> {
            worker.look(process)?;
            Ok(worker.0.state.borrow().code.map_or(Value::Undefined, Value::Integer))
        };
        /// Hides a window, where there are any.
        get "hideWindow" () => |worker: This| worker.0.hide.get();
        /// Hides a window, where there are any.
        set "hideWindow" (hide) => |worker: This, hide: bool| worker.0.hide.set(hide);
        /// What the operating system calls it.
        get "pid" () => |worker: This| i64::from(worker.0.program.number());
        /// All that it has written so far.
        get "response" () => |process: &mut Process, worker: This| worker.0.response(process);
        /// All that it has written to its error stream so far.
        get "responseError" () => |worker: This| {
            let bytes = worker.0.pipes.errors.lock();
            worker.0.charset.decode(&bytes)
        };
        /// Whether it has ended.
        get "terminated" () => |process: &mut Process, worker: This| -> Result<bool> {
            worker.look(process)?;
            Ok(worker.0.state.borrow().ended)
        };
        /// After how many seconds it is ended if it still runs.
        get "timeout" () => |worker: This| worker.0.timeout.clone();
        /// Writes to its input.
        function "postMessage" (message) => post_message;
        /// Closes its input: nothing more will come.
        function "closeInput" () => |worker: This| drop(worker.0.input.borrow_mut().take());
        /// Ends it.
        function "terminate" () => |worker: This| worker.0.end();
        /// Waits for its end, for at most so many seconds; callbacks are called meanwhile.
        function "wait" (timeout) => wait_for;
    }
}

/// The most that a program may write, as for any BLOB or text. Source: Concepts/blob
const MOST: usize = 0x7FFF_FFFF;
/// Messages are cut into pieces of this size, and so many of them may wait to be read by the program.
const PIECE: usize = 64 * 1024;
const UNREAD: usize = 64;
/// How long output may stay away after a program has ended: others may hold its streams open.
const GRACE: Duration = Duration::from_millis(300);

/// A program that runs or has run, as its process knows it.
struct Worker {
    line: Text,
    id: u64,
    options: Options,
    callbacks: Callbacks,
    is_text: bool,
    encoding: Text,
    charset: Charset,
    timeout: Value,
    folder: Option<Place>,
    hide: Cell<bool>,
    program: Arc<dyn Running>,
    pipes: Arc<Pipes>,
    /// Where messages for its input go; none once that is closed.
    input: RefCell<Option<mpsc::SyncSender<Vec<u8>>>>,
    state: RefCell<State>,
    own: Own,
}

#[derive(Default)]
struct Callbacks {
    response: Option<Callback>,
    data: Option<Callback>,
    data_error: Option<Callback>,
    error: Option<Callback>,
    terminate: Option<Callback>,
}

impl Callbacks {
    const fn is_none(&self) -> bool {
        self.response.is_none()
            && self.data.is_none()
            && self.data_error.is_none()
            && self.error.is_none()
            && self.terminate.is_none()
    }
}

#[derive(Default)]
struct State {
    ended: bool,
    /// All callbacks have been called.
    over: bool,
    code: Option<i32>,
    errors: Vec<Trouble>,
    /// Characters that have not arrived whole: of the output and of the error stream.
    halves: [Vec<u8>; 2],
}

/// What the threads that serve a program share.
#[derive(Default)]
struct Pipes {
    output: Mutex<Vec<u8>>,
    errors: Mutex<Vec<u8>>,
    open: AtomicUsize,
    too_much: AtomicBool,
    /// It was told to end.
    stopped: AtomicBool,
    /// Nobody listens any more.
    alone: AtomicBool,
}

enum Happened {
    Data(Vec<u8>),
    DataError(Vec<u8>),
    Ended { code: Option<i32>, trouble: Option<Trouble> },
}

/// The object's content.
struct Held(Rc<Worker>);

impl Native for Held {}

/// The worker that a member is called on.
struct This(Rc<Worker>);

impl Plain for This {
    const EXPECTED: &'static str = "a 4D.SystemWorker";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        held(value, |held: &Held| Self(Rc::clone(&held.0)))
    }
}

impl This {
    /// Where no callback waits for it, what has happened is known at once.
    fn look(&self, process: &mut Process) -> Result<()> {
        if self.0.callbacks.is_none() { process.hear_from(self.0.id) } else { Ok(()) }
    }
}

/// The folder that a program shall work in.
struct Folder(Option<Place>);

impl Folder {
    fn of(options: &Options, process: &mut Process) -> Result<Self> {
        match options.get(process, "currentDirectory")? {
            Value::Undefined => Ok(Self(None)),
            Value::Text(path) => Ok(Self(Some(Place::folder(paths::of_document(process, &path))))),
            other => match Place::of_value(&other) {
                Some(place) if place.is_folder => Ok(Self(Some(place))),
                _ => Err(unfit("currentDirectory", "a folder", &other)),
            },
        }
    }
}

fn new(process: &mut Process, _class: Value, line: Text, options: Option<AnyObject>) -> Result<Value> {
    let options = Options::of(options);
    let folder = Folder::of(&options, process)?.0;
    let is_text = match options.text(process, "dataType")? {
        Some(kind) if kind.eq_ignore_ascii_case("blob") => false,
        Some(kind) if !kind.eq_ignore_ascii_case("text") && !kind.is_empty() => {
            let message = format!("The option `dataType` must be \"text\" or \"blob\", not {kind:?}");
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
        _ => true,
    };
    let encoding = options.text(process, "encoding")?.unwrap_or_else(|| "UTF-8".into());
    let charset = paths::charset(Some(&Value::Text(encoding.clone())))?.0;
    let limit = options.seconds(process, "timeout")?;
    let callbacks = Callbacks {
        response: options.callback(process, "onResponse")?,
        data: options.callback(process, "onData")?,
        data_error: options.callback(process, "onDataError")?,
        error: options.callback(process, "onError")?,
        terminate: options.callback(process, "onTerminate")?,
    };
    let mut words = words(&line).into_iter();
    let start = Start {
        program: words.next().unwrap_or_default(),
        arguments: words.collect(),
        folder: folder.as_ref().map(|folder| folder.path.clone()),
        variables: variables(process, &options)?,
        ..Start::default()
    };
    let started = start_program(process, &start)?;
    let (sender, receiver) = mpsc::sync_channel(UNREAD);
    let own_line = Line::new(process);
    let worker = Rc::new(Worker {
        line,
        id: own_line.id(),
        timeout: options.get(process, "timeout")?,
        hide: Cell::new(options.boolean(process, "hideWindow")?.unwrap_or(true)),
        options,
        callbacks,
        is_text,
        encoding,
        charset,
        folder,
        program: Arc::clone(&started.program),
        pipes: Arc::default(),
        input: RefCell::new(Some(sender)),
        state: RefCell::default(),
        own: Own::default(),
    });
    let object = object_of(process, "SystemWorker", Box::new(Held(Rc::clone(&worker))));
    worker.own.keep(&object);
    listen(process, worker.id, &worker);
    let work = Work::begin(&process.shared);
    serve(&worker, started, receiver, own_line, limit, work).map_err(|error| {
        worker.end();
        failed("A thread for a system worker", &error).fault()
    })?;
    Ok(object)
}

fn start_program(process: &Process, start: &Start) -> Result<Started> {
    let cannot = |why: &str| {
        let message = format!("The program {:?} cannot be started: {why}", start.program);
        Trouble::new(number::NO_PROGRAM, message).fault()
    };
    if start.program.is_empty() || start.program.contains('\0') {
        return Err(cannot("this is no name"));
    }
    if start.arguments.iter().any(|argument| argument.contains('\0')) {
        return Err(cannot("an argument is not valid"));
    }
    process.shared.host.programs().start(start).map_err(|error| {
        let missing = start.folder.as_ref().is_some_and(|folder| !is_folder(process, folder));
        cannot(&if missing { "its folder is not there".to_owned() } else { error.to_string() })
    })
}

fn is_folder(process: &Process, path: &Path) -> bool {
    process.shared.host.files().kind(path) == Some(crate::host::Kind::Folder)
}

/// Values become texts where they can. `Source: API/SystemWorkerClass` (variables)
fn variables(process: &mut Process, options: &Options) -> Result<Vec<(String, String)>> {
    let given = options.get(process, "variables")?;
    if matches!(given, Value::Undefined) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for name in process.property_names(&given) {
        let value = process.get_member_named(&given, &name)?;
        let text = convert::to_text(&value).unwrap_or_default();
        let valid = !name.is_empty() && !name.contains(['=', '\0']) && !text.contains('\0');
        if !valid {
            let message = format!("{:?} is no name or value of an environment variable", name.as_str());
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
        all.push((name.to_string(), text.to_string()));
    }
    Ok(all)
}

/// The threads that serve a program: one reads its output, one its errors, one writes its input, and
/// one waits for its end.
fn serve(
    worker: &Rc<Worker>,
    started: Started,
    messages: mpsc::Receiver<Vec<u8>>,
    line: Line<Worker>,
    limit: Option<Duration>,
    work: Work,
) -> std::io::Result<()> {
    let pipes = Arc::clone(&worker.pipes);
    pipes.open.store(2, Ordering::SeqCst);
    let mut input = started.input;
    in_background("system worker input", move || {
        for message in messages {
            // it may not want to read any more
            if input.write_all(&message).and_then(|()| input.flush()).is_err() {
                return;
            }
        }
    })?;
    let (own, own_line, heard) = (Arc::clone(&pipes), line.clone(), worker.callbacks.data.is_some());
    let (output, program) = (started.output, Arc::clone(&started.program));
    let (main, reader) = mpsc::channel::<()>();
    let other = main.clone();
    in_background("system worker output", move || {
        own.read(output, &own.output, &*program, |bytes| {
            own_line.wait_for_room(|| own.alone.load(Ordering::SeqCst));
            let size = bytes.len();
            if heard {
                own_line.send_sized(Happened::Data(bytes), size);
            }
        });
        drop(main);
    })?;
    let (own, own_line, heard) = (Arc::clone(&pipes), line.clone(), worker.callbacks.data_error.is_some());
    let (errors, program) = (started.errors, Arc::clone(&started.program));
    in_background("system worker errors", move || {
        own.read(errors, &own.errors, &*program, |bytes| {
            own_line.wait_for_room(|| own.alone.load(Ordering::SeqCst));
            let size = bytes.len();
            if heard {
                own_line.send_sized(Happened::DataError(bytes), size);
            }
        });
        drop(other);
    })?;
    in_background("system worker", move || {
        let program = started.program;
        let mut trouble = None;
        let ended = program.wait(limit).unwrap_or_default().or_else(|| {
            if limit.is_some() {
                trouble = Some(Trouble::new(number::TIMED_OUT, "The program was ended: its time was over"));
            }
            pipes.stopped.store(true, Ordering::SeqCst);
            program.kill();
            program.wait(None).unwrap_or_default()
        });
        pipes.drain(&reader);
        if pipes.too_much.load(Ordering::SeqCst) {
            trouble = Some(Trouble::new(number::TOO_LARGE, "The program wrote more than can be held"));
        }
        let stopped = trouble.is_some() || pipes.stopped.load(Ordering::SeqCst);
        let code = ended.and_then(|ended| ended.code).filter(|_| !stopped);
        line.end(Happened::Ended { code, trouble }, work);
    })
}

impl Pipes {
    /// Reads a stream to its end.
    fn read(
        &self,
        mut from: Box<dyn Read + Send>,
        into: &Mutex<Vec<u8>>,
        program: &dyn Running,
        mut tell: impl FnMut(Vec<u8>),
    ) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let bytes = match from.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(size) => buffer.get(..size).unwrap_or_default(),
            };
            let mut all = into.lock();
            if all.len() + bytes.len() > MOST {
                self.too_much.store(true, Ordering::SeqCst);
                program.kill();
                break;
            }
            all.extend_from_slice(bytes);
            drop(all);
            tell(bytes.to_vec());
        }
        self.open.fetch_sub(1, Ordering::SeqCst);
    }

    /// Waits until all is read, as long as anything still comes.
    fn drain(&self, reader: &mpsc::Receiver<()>) {
        let size = || self.output.lock().len() + self.errors.lock().len();
        let mut seen = size();
        // both readers hold a sender, and let go of it at the end
        while reader.recv_timeout(GRACE) == Err(mpsc::RecvTimeoutError::Timeout) {
            let now = size();
            if now == seen && self.open.load(Ordering::SeqCst) > 0 {
                return;
            }
            seen = now;
        }
    }
}

impl Worker {
    fn end(&self) {
        self.pipes.stopped.store(true, Ordering::SeqCst);
        self.program.kill();
    }

    fn response(&self, process: &Process) -> Value {
        let bytes = self.pipes.output.lock();
        if self.is_text {
            Value::from(self.charset.decode(&bytes))
        } else {
            blob_value(process, bytes.clone())
        }
    }

    /// A piece of output as callbacks get it; of a text only whole characters.
    fn piece(&self, process: &Process, bytes: Vec<u8>, stream: usize) -> Value {
        if !self.is_text {
            return blob_value(process, bytes);
        }
        if !matches!(self.charset, Charset::Utf8) {
            return Value::from(self.charset.decode(&bytes));
        }
        let mut state = self.state.borrow_mut();
        let Some(half) = state.halves.get_mut(stream) else { return Value::Undefined };
        let mut all = std::mem::take(half);
        all.extend_from_slice(&bytes);
        if let Err(error) = std::str::from_utf8(&all)
            && error.error_len().is_none()
        {
            *half = all.split_off(error.valid_up_to());
        }
        Value::from(String::from_utf8_lossy(&all).into_owned())
    }

    fn finish(&self, process: &mut Process, code: Option<i32>, trouble: Option<Trouble>) -> Result<()> {
        let own = self.own.get();
        let mut done = Ok(());
        let stopped = self.pipes.stopped.load(Ordering::SeqCst);
        {
            let mut state = self.state.borrow_mut();
            (state.ended, state.code) = (true, code);
            state.errors.extend(trouble);
        }
        let failed = !self.state.borrow().errors.is_empty();
        if failed {
            let about = event("error", None);
            notify(process, self.callbacks.error.as_ref(), &self.options, &[own.clone(), about], &mut done);
        } else if !stopped {
            let about = event("response", None);
            notify(process, self.callbacks.response.as_ref(), &self.options, &[own.clone(), about], &mut done);
        }
        let about = event("termination", None);
        notify(process, self.callbacks.terminate.as_ref(), &self.options, &[own, about], &mut done);
        self.state.borrow_mut().over = true;
        drop(self.input.borrow_mut().take());
        self.own.let_go();
        forget::<Self>(process, self.id);
        done
    }
}

impl Source for Worker {
    type Event = Happened;

    fn hear(self: Rc<Self>, process: &mut Process, event_heard: Happened) -> Result<()> {
        let mut done = Ok(());
        let (callback, kind, bytes, stream) = match event_heard {
            Happened::Data(bytes) => (&self.callbacks.data, "data", bytes, 0),
            Happened::DataError(bytes) => (&self.callbacks.data_error, "error", bytes, 1),
            Happened::Ended { code, trouble } => return self.finish(process, code, trouble),
        };
        let about = event(kind, Some(self.piece(process, bytes, stream)));
        notify(process, callback.as_ref(), &self.options, &[self.own.get(), about], &mut done);
        done
    }

    fn abandon(&self, cut_off: bool) {
        self.pipes.alone.store(true, Ordering::SeqCst);
        if cut_off {
            self.end();
        }
        drop(self.input.borrow_mut().take());
        self.own.let_go();
    }
}

/// After the input was closed nothing can be written. Who writes faster than the program reads waits.
fn post_message(process: &mut Process, worker: This, message: TextOrBlob) -> Result<()> {
    const LOOK: Duration = Duration::from_millis(10);
    let bytes = match &message {
        TextOrBlob::Text(text) if worker.0.is_text => worker.0.charset.encode(text),
        other => other.bytes().to_vec(),
    };
    for piece in bytes.chunks(PIECE) {
        let mut piece = piece.to_vec();
        loop {
            let input = worker.0.input.borrow().clone();
            match input.map(|input| input.try_send(piece)) {
                Some(Ok(())) => break,
                Some(Err(mpsc::TrySendError::Full(back))) => {
                    piece = back;
                    process.listen_until(Some(LOOK), |_| false)?;
                }
                // it reads no more
                Some(Err(mpsc::TrySendError::Disconnected(_))) => return Ok(()),
                None if worker.0.state.borrow().ended => return Ok(()),
                None => {
                    let message = "The input of the program is closed: it takes no more messages";
                    return Err(Trouble::new(number::UNREACHABLE, message).fault());
                }
            }
        }
    }
    Ok(())
}

/// Source: API/SystemWorkerClass (.wait())
fn wait_for(process: &mut Process, worker: WithValue, seconds: Option<f64>) -> Result<Value> {
    let WithValue(own, object) = worker;
    wait(process, seconds, |_| own.0.state.borrow().over)?;
    Ok(object)
}

/// The worker and the object that stands for it.
struct WithValue(This, Value);

impl Parameter for WithValue {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        match This::from_value(value.clone()) {
            Ok(this) => Ok(Self(this, value)),
            Err(value) => Err(reader.mismatch(This::EXPECTED, &value)),
        }
    }
}
