//! Pointers, and the cells of variables that pointers refer to. `Source: Concepts/pointer`

use super::Value;
use crate::text::Name;
use std::fmt;
use std::rc::Rc;

/// A local variable that outlives its register because something refers to it.
#[derive(Clone)]
pub struct Cell(Rc<CellData>);

struct CellData {
    value: std::cell::Cell<Value>,
    /// With its `$`, for `RESOLVE POINTER`.
    name: Option<Name>,
}

impl Cell {
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self::build(value, None)
    }

    /// A cell that knows the name of its variable, `$x`.
    #[must_use]
    pub fn named(value: Value, name: Name) -> Self {
        Self::build(value, Some(name))
    }

    fn build(value: Value, name: Option<Name>) -> Self {
        Self(Rc::new(CellData { value: std::cell::Cell::new(value), name }))
    }

    #[must_use]
    pub fn get(&self) -> Value {
        self.with_mut(|value| value.clone())
    }

    pub fn set(&self, value: Value) {
        drop(self.0.value.replace(value));
    }

    /// Looks at or changes the value in place. While that goes on, the cell itself is Undefined.
    pub fn with_mut<R>(&self, change: impl FnOnce(&mut Value) -> R) -> R {
        let mut value = self.0.value.take();
        let result = change(&mut value);
        self.0.value.set(value);
        result
    }

    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    #[must_use]
    pub fn name(&self) -> Option<&Name> {
        self.0.name.as_ref()
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.name {
            Some(name) => write!(f, "Cell({name})"),
            None => f.write_str("Cell"),
        }
    }
}

/// What a pointer points to.
#[derive(Clone, Debug)]
pub enum Target {
    Nil,
    Local(Cell),
    /// A process variable, by its index in the program.
    Process(u32),
    Interprocess(u32),
    /// An element of an array: the array, and one index or two.
    Element(Box<Target>, Vec<i64>),
    Table(u16),
    Field {
        table: u16,
        field: u16,
    },
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Local(a), Self::Local(b)) => a.ptr_eq(b),
            (Self::Process(a), Self::Process(b)) | (Self::Interprocess(a), Self::Interprocess(b)) => a == b,
            (Self::Element(a, i), Self::Element(b, j)) => i == j && a == b,
            (Self::Table(a), Self::Table(b)) => a == b,
            (Self::Field { table: a, field: i }, Self::Field { table: b, field: j }) => (a, i) == (b, j),
            _ => false,
        }
    }
}

/// A pointer; two are equal if they point to the same thing.
#[derive(Clone, Default)]
pub struct Pointer(Option<Rc<Target>>);

impl Pointer {
    #[must_use]
    pub fn new(target: Target) -> Self {
        match target {
            Target::Nil => Self::nil(),
            target => Self(Some(Rc::new(target))),
        }
    }

    /// The pointer to nothing.
    #[must_use]
    pub const fn nil() -> Self {
        Self(None)
    }

    #[inline]
    #[must_use]
    pub const fn is_nil(&self) -> bool {
        self.0.is_none()
    }

    #[inline]
    #[must_use]
    pub fn target(&self) -> &Target {
        self.0.as_deref().unwrap_or(&Target::Nil)
    }
}

impl PartialEq for Pointer {
    fn eq(&self, other: &Self) -> bool {
        self.target() == other.target()
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "->{:?}", self.target())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_when_pointing_to_the_same() {
        let a = Cell::new(Value::Integer(1));
        let b = Cell::new(Value::Integer(1));
        let to = |cell: &Cell| Pointer::new(Target::Local(cell.clone()));
        assert!(to(&a) == to(&a) && to(&a) != to(&b) && to(&a) != Pointer::nil());
        assert!(Pointer::default() == Pointer::new(Target::Nil));
        let element = |index| Pointer::new(Target::Element(Box::new(Target::Local(a.clone())), vec![index]));
        assert!(element(2) == element(2) && element(2) != element(3));
    }

    #[test]
    fn cells_share_their_value() {
        let cell = Cell::new(Value::Integer(1));
        let other = cell.clone();
        other.set(Value::Integer(5));
        assert!(matches!(cell.get(), Value::Integer(5)));
        other.with_mut(|value| *value = Value::Boolean(true));
        assert!(matches!(cell.get(), Value::Boolean(true)));
    }
}
