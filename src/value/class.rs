//! Classes as objects carry them: name, parent, members. What a member does is found through
//! [`Function`], an index that only the program behind it understands.

use super::Shape;
use crate::text::Name;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A class, user or built in; identity is the pointer.
#[derive(Clone)]
pub struct Class(Arc<ClassData>);

pub struct ClassData {
    /// `Person`, `File`; class names keep their case.
    pub name: Name,
    /// `cs` or `4D`, or a component's namespace.
    pub store: Name,
    pub parent: Option<Class>,
    /// The shape of an instance without properties.
    pub root: &'static Shape,
    pub constructor: Option<Function>,
    pub functions: FxHashMap<Name, Function>,
    pub getters: FxHashMap<Name, Function>,
    pub setters: FxHashMap<Name, Function>,
    pub shared: bool,
    pub singleton: Singleton,
    /// Which class of the program this is; `u32::MAX` for built-in ones.
    pub index: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Singleton {
    #[default]
    No,
    /// One for each process.
    Process,
    /// One for all processes.
    Shared,
    /// One for each session.
    Session,
}

/// A function of the program, or a native one, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// Compiled code number n of the program.
    Code(u32),
    /// Native member number n of the engine's table.
    Native(u32),
}
