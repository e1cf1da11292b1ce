//! Values on their way from one process to another: shared ones go by reference, private ones as
//! copies that are taken apart here and put together over there. `Source: commands/new-process`

use super::SharedValue;
use crate::value::object::PortableNative;
use crate::value::{
    Array, ArrayKind, Collection, Date, ErrorCode, Fault, Object, Pointer, Result, Shape, Target, Text, Time,
    Value,
};
use rustc_hash::FxHashMap;

/// A value that can go to another process.
pub struct Portable {
    root: Part,
    nodes: Vec<Node>,
}

enum Part {
    Undefined,
    Time(Time),
    Date(Date),
    Value(SharedValue),
    Pointer(Aim),
    /// An array of one dimension with its element zero.
    Array(ArrayKind, Vec<Part>),
    /// A private object or collection, by its place in `nodes`: they may refer to each other in circles.
    Node(usize),
}

/// What a pointer on its way points to: a variable is the one of the process that it comes to.
#[derive(Clone)]
enum Aim {
    Nil,
    Process(u32),
    Interprocess(u32),
    Element(Box<Aim>, Vec<i64>),
    Table(u16),
    Field { table: u16, field: u16 },
}

enum Node {
    Object { origin: &'static Shape, native: Option<Box<dyn PortableNative>>, properties: Vec<(Text, Part)> },
    Collection(Vec<Part>),
}

struct Packer {
    seen: FxHashMap<usize, usize>,
    /// What still has to be looked into, in the order of `nodes`.
    sources: Vec<Value>,
}

impl Packer {
    fn part(&mut self, value: &Value) -> Result<Part> {
        let address = match value {
            Value::Undefined => return Ok(Part::Undefined),
            Value::Time(time) => return Ok(Part::Time(*time)),
            Value::Date(date) => return Ok(Part::Date(*date)),
            Value::Cell(cell) => return self.part(&cell.get()),
            Value::Pointer(pointer) => {
                return Aim::of(pointer.target()).map(Part::Pointer).ok_or_else(not_portable);
            }
            Value::Object(object) => object.address(),
            Value::Collection(collection) => collection.address(),
            other => {
                let shared = SharedValue::try_from(other);
                return shared.map(Part::Value).map_err(|_| not_portable());
            }
        };
        let next = self.sources.len();
        let place = *self.seen.entry(address).or_insert(next);
        if place == next {
            self.sources.push(value.clone());
        }
        Ok(Part::Node(place))
    }
}

impl Portable {
    /// What a variable holds: as [`Portable::pack`], and an array as a whole, unless it has two dimensions
    /// or holds pointers. `Source: commands/variable-to-variable`
    pub fn pack_variable(value: &Value) -> Result<Self> {
        let Value::Array(array) = value else {
            return if matches!(value, Value::Pointer(_)) { Err(not_portable()) } else { Self::pack(value) };
        };
        if array.kind() == ArrayKind::Pointer || array.is_two_dimensional() {
            return Err(not_portable());
        }
        let length = i64::try_from(array.len()).unwrap_or(0);
        let items = (0..=length).map(|index| Self::pack(&array.get(index)?));
        let items = items.collect::<Result<Vec<_>>>()?;
        if items.iter().any(|item| !item.nodes.is_empty()) {
            // objects are copied one by one, which would part those that belong together
            return Err(not_portable());
        }
        let items = items.into_iter().map(|item| item.root).collect();
        Ok(Self { root: Part::Array(array.kind(), items), nodes: Vec::new() })
    }

    /// Copies a value as deep as it is private.
    pub fn pack(value: &Value) -> Result<Self> {
        let mut packer = Packer { seen: FxHashMap::default(), sources: Vec::new() };
        let root = packer.part(value)?;
        let mut nodes = Vec::new();
        while let Some(source) = packer.sources.get(nodes.len()).cloned() {
            nodes.push(match source {
                Value::Object(object) => {
                    let native = match object.any_native() {
                        Some(native) => Some(native.portable().ok_or_else(not_portable)?),
                        None => None,
                    };
                    let mut properties = Vec::with_capacity(object.len());
                    for (key, value) in object.entries() {
                        properties.push((key, packer.part(&value)?));
                    }
                    Node::Object { origin: object.shape().origin(), native, properties }
                }
                Value::Collection(collection) => {
                    let items = collection.to_vec();
                    let parts = items.iter().map(|item| packer.part(item));
                    Node::Collection(parts.collect::<Result<_>>()?)
                }
                _ => return Err(not_portable()),
            });
        }
        Ok(Self { root, nodes })
    }

    /// The value again, keeping this for others; objects of built-in classes become Null.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let nodes = self.nodes.iter().map(Node::copy).collect();
        Self { root: self.root.copy(), nodes }.unpack()
    }

    /// Makes the value in the process that it has come to.
    #[must_use]
    pub fn unpack(self) -> Value {
        let mut made = Vec::with_capacity(self.nodes.len());
        let mut contents = Vec::with_capacity(self.nodes.len());
        for node in self.nodes {
            match node {
                Node::Object { origin, native, properties } => {
                    made.push(Value::Object(match native {
                        Some(native) => Object::new_native(origin, native.arrive()),
                        None => Object::of_root(origin),
                    }));
                    contents.push((properties, Vec::new()));
                }
                Node::Collection(items) => {
                    made.push(Value::Collection(Collection::new()));
                    contents.push((Vec::new(), items));
                }
            }
        }
        for (value, (properties, items)) in made.iter().zip(contents) {
            match value {
                Value::Object(object) => {
                    for (key, part) in properties {
                        object.set(&key, part.unpack(&made));
                    }
                }
                Value::Collection(collection) => {
                    let items = items.into_iter().map(|part| part.unpack(&made));
                    collection.replace_all(items.collect());
                }
                _ => {}
            }
        }
        self.root.unpack(&made)
    }
}

impl Aim {
    /// None for a local variable: it is out of reach elsewhere.
    fn of(target: &Target) -> Option<Self> {
        Some(match target {
            Target::Nil => Self::Nil,
            Target::Local(_) => return None,
            Target::Process(number) => Self::Process(*number),
            Target::Interprocess(number) => Self::Interprocess(*number),
            Target::Element(array, indexes) => Self::Element(Box::new(Self::of(array)?), indexes.clone()),
            Target::Table(table) => Self::Table(*table),
            Target::Field { table, field } => Self::Field { table: *table, field: *field },
        })
    }

    fn target(self) -> Target {
        match self {
            Self::Nil => Target::Nil,
            Self::Process(number) => Target::Process(number),
            Self::Interprocess(number) => Target::Interprocess(number),
            Self::Element(array, indexes) => Target::Element(Box::new(array.target()), indexes),
            Self::Table(table) => Target::Table(table),
            Self::Field { table, field } => Target::Field { table, field },
        }
    }
}

impl Node {
    fn copy(&self) -> Self {
        match self {
            Self::Object { origin, properties, .. } => Self::Object {
                origin,
                native: None,
                properties: properties.iter().map(|(key, part)| (key.clone(), part.copy())).collect(),
            },
            Self::Collection(items) => Self::Collection(items.iter().map(Part::copy).collect()),
        }
    }
}

impl Part {
    fn copy(&self) -> Self {
        match self {
            Self::Undefined => Self::Undefined,
            Self::Time(time) => Self::Time(*time),
            Self::Date(date) => Self::Date(*date),
            Self::Value(value) => Self::Value(value.clone()),
            Self::Pointer(aim) => Self::Pointer(aim.clone()),
            Self::Array(kind, items) => Self::Array(*kind, items.iter().map(Self::copy).collect()),
            Self::Node(place) => Self::Node(*place),
        }
    }

    fn unpack(self, made: &[Value]) -> Value {
        match self {
            Self::Undefined => Value::Undefined,
            Self::Time(time) => Value::Time(time),
            Self::Date(date) => Value::Date(date),
            Self::Value(value) => value.into(),
            Self::Pointer(aim) => Value::Pointer(Pointer::new(aim.target())),
            Self::Array(kind, items) => {
                let Ok(mut array) = Array::new(kind, items.len().saturating_sub(1)) else {
                    return Value::Undefined;
                };
                for (index, item) in (0..).zip(items) {
                    // of the array's own kind: cannot fail
                    drop(array.set(index, item.unpack(made)));
                }
                Value::Array(Box::new(array))
            }
            Self::Node(place) => made.get(place).cloned().unwrap_or_default(),
        }
    }
}

fn not_portable() -> Fault {
    Fault::new(ErrorCode::ArgumentType, "A value of this kind cannot be passed to another process")
}
