//! What the compiler hands to the VM: the code of one method, function or formula, and the program
//! that holds all of them. A program is shared by all processes; codes are only ever added.

use super::op::{Op, Reg};
use crate::text::{Name, Source};
use crate::value::{Date, Shape, Text, Time, Type, Value, Words};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A constant: the scalars and texts that may be shared between threads.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    Null,
    Boolean(bool),
    Integer(i32),
    Real(f64),
    Text(Text),
    Date(Date),
    Time(Time),
}

impl Constant {
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(b) => Value::Boolean(*b),
            Self::Integer(i) => Value::Integer(*i),
            Self::Real(r) => Value::Real(*r),
            Self::Text(t) => Value::Text(t.clone()),
            Self::Date(d) => Value::Date(*d),
            Self::Time(t) => Value::Time(*t),
        }
    }
}

/// What was found for up to four shapes: the shape's id in the high half of a word, what it led to in the low
/// half. Shared by all threads; a stale read is only a miss.
#[derive(Debug, Default)]
pub struct InlineCache([AtomicU64; 4]);

impl InlineCache {
    /// What was remembered for a shape.
    #[inline(always)]
    #[must_use]
    pub fn find(&self, shape: u32) -> Option<u32> {
        let first = self.0[0].load(Ordering::Relaxed);
        if (first >> 32) as u32 == shape { Some(first as u32) } else { self.find_further(shape) }
    }

    #[inline(never)]
    fn find_further(&self, shape: u32) -> Option<u32> {
        let known = self.0.iter().skip(1).map(|word| word.load(Ordering::Relaxed));
        known.into_iter().find(|word| (word >> 32) as u32 == shape).map(|word| word as u32)
    }

    /// Notes what a shape leads to, in place of an older note where there are four.
    pub fn remember(&self, shape: u32, payload: u32) {
        let free = |word: &AtomicU64| {
            let known = (word.load(Ordering::Relaxed) >> 32) as u32;
            known == shape || known == 0
        };
        let at = self.0.iter().position(free).unwrap_or(shape as usize % self.0.len());
        self.0[at].store(u64::from(shape) << 32 | u64::from(payload), Ordering::Relaxed);
    }
}

/// A place in code that names a member, with what was found there.
#[derive(Debug)]
pub struct MemberSite {
    pub name: Text,
    /// The receiver is `This` or a variable declared as Object: while it holds none, its properties are undefined.
    /// `Source: Concepts/null-undefined (Undefined)`
    pub of_object_variable: bool,
    pub cache: InlineCache,
}

impl MemberSite {
    #[must_use]
    pub fn new(name: Text) -> Self {
        Self { name, of_object_variable: false, cache: InlineCache::default() }
    }

    /// See [`InlineCache::find`].
    #[inline(always)]
    #[must_use]
    pub fn find(&self, shape: u32) -> Option<u32> {
        self.cache.find(shape)
    }

    /// See [`InlineCache::remember`].
    pub fn remember(&self, shape: u32, payload: u32) {
        self.cache.remember(shape, payload);
    }
}

/// An object literal whose keys are known: the shape is made when it first runs.
#[derive(Debug)]
pub struct ShapeSite {
    pub keys: Box<[Text]>,
    pub shape: OnceLock<Option<&'static Shape>>,
}

/// A statement's code: from `pc` up to the next statement's.
#[derive(Clone, Copy, Debug)]
pub struct StatementInfo {
    pub pc: u32,
    /// Counted from 1.
    pub line: u32,
    /// Where a process goes on after an error in this statement that an error method has dealt with.
    pub resume: u32,
}

#[derive(Clone, Debug)]
pub struct ParameterInfo {
    pub name: Name,
    pub ty: Type,
    /// The class a parameter was declared with, e.g. `cs.Person`, as written.
    pub class: Option<Name>,
}

/// The code of one method, function, constructor or formula.
pub struct Code {
    /// As `Call chain` and `Current method name` give it.
    pub name: Name,
    pub source: Arc<Source>,
    pub ops: Box<[Op]>,
    pub constants: Box<[Constant]>,
    pub sites: Box<[MemberSite]>,
    pub shapes: Box<[ShapeSite]>,
    pub statements: Box<[StatementInfo]>,
    /// How many registers a frame has. The parameters come first.
    pub registers: u16,
    pub parameters: Box<[ParameterInfo]>,
    /// The type of parameters beyond the declared ones.
    pub variadic: Type,
    /// Declared with `#DECLARE` or `Function`: a wrong type is an error; otherwise it gives an empty value.
    pub strict: bool,
    /// The register and type of the result variable (`-> $name`, `$0`).
    pub result: Option<Reg>,
    pub result_type: Type,
    /// Locals whose type has a default other than Undefined: set when a frame is made.
    pub defaults: Box<[(Reg, Type)]>,
    /// One past the last register of a parameter, local or `This`; what follows is temporary.
    pub locals_end: Reg,
    /// Formulas: registers of the *creating* frame that are copied, and where to in this one.
    pub captures: Box<[(Reg, Reg)]>,
    /// A formula that is one method: calls go straight to it, with all their parameters.
    pub forwards: Option<u32>,
    /// The codes of the formulas written in this one.
    pub nested: Box<[Arc<Code>]>,
    /// All named locals, for `Formula from string`, `EXECUTE FORMULA` and debugging.
    pub locals: Box<[(Name, Reg)]>,
    pub kind: CodeKind,
    /// A formula's source.
    pub text: Option<Text>,
    /// Nothing has to be done when a frame is made but to check the parameters' types and set the locals.
    pub plain: bool,
    /// The tags each parameter takes as they are, one bit each.
    pub accepts: Box<[u32]>,
    /// The register that `This` lies in, where the code mentions it; otherwise the frame keeps it.
    pub this: Option<Reg>,
    /// What the locals behind the parameters hold at first, if `plain`.
    pub blank: Box<[Words]>,
    /// Constructors and functions of classes with a parent: what `Super(…)` calls, once that is known.
    pub parent_constructor: OnceLock<Option<u32>>,
    /// Runs under `Use(This)`.
    pub shared: bool,
    /// `"executedOnServer": true`
    pub on_server: bool,
    /// How often each statement was begun, in a program that counts; otherwise empty.
    pub counters: Box<[Counter]>,
}

/// How often a statement was begun.
#[derive(Debug)]
pub struct Counter {
    /// Counted from 1.
    pub line: u32,
    count: AtomicU64,
}

impl Counter {
    pub(super) fn new(line: u32) -> Self {
        Self { line, count: AtomicU64::new(0) }
    }

    pub fn increment(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    #[must_use]
    pub fn get(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    Method,
    /// A class's function; `of` is the class number.
    Function {
        of: u32,
    },
    Constructor {
        of: u32,
    },
    Formula,
}

impl Code {
    /// The statement that holds `pc`.
    #[must_use]
    pub fn statement_at(&self, pc: usize) -> Option<&StatementInfo> {
        let after = self.statements.partition_point(|s| s.pc as usize <= pc);
        self.statements.get(after.checked_sub(1)?)
    }
}

/// A method or function of the program: compiled when it is first called.
pub struct Slot {
    pub name: Name,
    pub path: std::path::PathBuf,
    code: OnceLock<std::result::Result<Arc<Code>, LoadError>>,
}

/// Why a method cannot be run.
#[derive(Clone, Debug)]
pub struct LoadError {
    pub source: Option<Arc<Source>>,
    pub diagnostics: Arc<[crate::text::Diagnostic]>,
    pub message: String,
}

impl LoadError {
    /// What a program that calls the method gets.
    #[must_use]
    pub fn fault(&self) -> crate::value::Fault {
        crate::value::Fault::new(crate::value::ErrorCode::Source, self.message.clone())
    }
}

impl Slot {
    pub(super) fn method(name: Name, path: std::path::PathBuf) -> Self {
        Self { name, path, code: OnceLock::new() }
    }

    pub(super) fn ready(code: Arc<Code>) -> Self {
        let name = code.name.clone();
        let path = code.source.path().to_path_buf();
        let slot = Self { name, path, code: OnceLock::new() };
        slot.code.get_or_init(|| Ok(code));
        slot
    }

    /// The code, if it was asked for and could be compiled.
    #[must_use]
    pub fn loaded(&self) -> Option<&Arc<Code>> {
        self.code.get()?.as_ref().ok()
    }

    pub(super) fn get_or_load(
        &self,
        load: impl FnOnce() -> std::result::Result<Arc<Code>, LoadError>,
    ) -> std::result::Result<Arc<Code>, LoadError> {
        self.code.get_or_init(load).clone()
    }
}

impl Code {
    /// The name of the local in a register, with its `$`.
    #[must_use]
    pub fn local_name(&self, reg: Reg) -> Name {
        let found = self.locals.iter().find(|(_, r)| *r == reg);
        Name::new(&found.map_or_else(String::new, |(name, _)| format!("${name}")))
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({})", self.name)
    }
}
