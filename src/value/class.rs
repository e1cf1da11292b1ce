//! Classes as objects carry them: name, parent, members. What a member does is found through
//! [`Function`], an index that only the program behind it understands.

use super::Shape;
use crate::text::Name;
use rustc_hash::FxHashMap;
use std::sync::{Arc, LazyLock};

/// A class, user or built in; identity is the pointer.
#[derive(Clone)]
pub struct Class(Arc<ClassData>);

impl Class {
    /// Makes a class; `build` is given the shape that its instances begin with.
    #[must_use]
    pub fn new(build: impl FnOnce(&'static Shape) -> ClassData) -> Self {
        let root = Shape::new_root_for_class();
        let class = Self(Arc::new(ClassData { root, ..build(root) }));
        root.set_class(class.clone());
        class
    }

    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The class, its parent, that one's parent and so on.
    pub fn lineage(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |class| class.parent.as_ref())
    }

    /// Whether this is `other` or inherits from it.
    #[must_use]
    pub fn is_or_extends(&self, other: &Self) -> bool {
        self.lineage().any(|class| class.ptr_eq(other))
    }
}

impl std::ops::Deref for Class {
    type Target = ClassData;
    fn deref(&self) -> &ClassData {
        &self.0
    }
}

impl std::fmt::Debug for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Class({})", self.name.as_str())
    }
}

pub struct ClassData {
    /// `Person`, `File`; class names keep their case.
    pub name: Name,
    /// `cs` or `4D`, or a component's namespace.
    pub store: Name,
    pub parent: Option<Class>,
    /// The shape of an instance without properties.
    pub root: &'static Shape,
    pub constructor: Option<Function>,
    /// Gives new instances the initial values of their `property` lines.
    pub initialiser: Option<Function>,
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

impl Class {
    /// A class of 4D's own: its members are natives, found by its name.
    #[must_use]
    pub fn builtin(name: &str, parent: Option<Self>) -> Self {
        Self::new(|root| ClassData {
            name: Name::new(name),
            store: Name::new("4D"),
            parent,
            root,
            constructor: None,
            initialiser: None,
            functions: FxHashMap::default(),
            getters: FxHashMap::default(),
            setters: FxHashMap::default(),
            shared: false,
            singleton: Singleton::No,
            index: u32::MAX,
        })
    }
}

/// 4D.Object, the same in all programs, as all that values themselves have to know is.
pub static OBJECT: LazyLock<Class> = LazyLock::new(|| Class::builtin("Object", None));
/// 4D.Blob: what a scalar BLOB becomes in an object.
pub static BLOB: LazyLock<Class> = LazyLock::new(|| Class::builtin("Blob", Some(OBJECT.clone())));

/// A function of the program, or a native one, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// Compiled code number n of the program.
    Code(u32),
    /// Native member number n of the engine's table.
    Native(u32),
}
