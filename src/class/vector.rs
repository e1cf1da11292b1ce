//! 4D.Vector: numbers that are never altered, shared by all processes. `Source: API/VectorClass`

use crate::command::bind::{Parameter, Reader};
use crate::command::parameters::{AnyCollection, Integer, Real};
use crate::value::{Collection, ErrorCode, Fault, Result, SharedNative, SharedObject, SharedValue, Value};
use crate::vm::Process;

members! {
    "4D.Vector" {
        /// Makes a vector of a collection of numbers.
        new "new" (parameter) => new;
        /// How many components there are.
        get "length" () => |vector: This| Integer::try_from(vector.components().len()).unwrap_or(Integer::MAX);
        /// How alike the directions of two vectors are: from -1, opposite, to 1.
        function "cosineSimilarity" (vector) => cosine_similarity;
        /// The sum of the products of the components of two vectors.
        function "dotSimilarity" (vector) => |vector: This, other: This| {
            pairs(&vector, &other).map(|pairs| pairs.map(|(a, b)| a * b).sum::<Real>())
        };
        /// How far two vectors are from each other.
        function "euclideanDistance" (vector) => |vector: This, other: This| {
            pairs(&vector, &other).map(|pairs| pairs.map(|(a, b)| (a - b) * (a - b)).sum::<Real>().sqrt())
        };
        /// The components as a collection.
        function "toCollection" () => |vector: This| {
            Collection::from_values(vector.components().iter().map(|&number| Value::Real(number)).collect())
        };
    }
}

/// The components of a vector.
struct Components(Vec<Real>);

impl SharedNative for Components {
    fn element(&self, index: i64) -> Option<SharedValue> {
        usize::try_from(index).ok().and_then(|at| self.0.get(at)).map(|&number| SharedValue::Real(number))
    }
}

/// A vector that a member is called on or given.
struct This(SharedObject);

impl This {
    fn components(&self) -> &[Real] {
        self.0.native::<Components>().map_or(&[], |components| &components.0)
    }
}

impl Parameter for This {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.take()? {
            Value::SharedObject(object) if object.native::<Components>().is_some() => Ok(Self(object)),
            other => Err(reader.mismatch("a vector", &other)),
        }
    }
}

fn new(process: &mut Process, _class: Value, numbers: AnyCollection) -> Result<SharedObject> {
    let values = match numbers {
        AnyCollection::Private(collection) => collection.to_vec(),
        AnyCollection::Shared(collection) => collection.to_vec().into_iter().map(Value::from).collect(),
    };
    let mut components = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Value::Real(number) => components.push(number),
            Value::Integer(number) => components.push(number.into()),
            other => {
                let found = crate::command::bind::in_words(&other);
                let message = format!("A vector is made of numbers, not of {found}");
                return Err(Fault::new(ErrorCode::ArgumentType, message));
            }
        }
    }
    let class = process.shared.program.builtin_class("Vector");
    Ok(SharedObject::new_native(class.root, Box::new(Components(components))))
}

fn pairs<'a>(a: &'a This, b: &'a This) -> Result<impl Iterator<Item = (Real, Real)> + 'a> {
    let (a, b) = (a.components(), b.components());
    if a.len() != b.len() {
        let message = format!("Vectors of {} and {} components cannot be compared", a.len(), b.len());
        return Err(Fault::new(ErrorCode::ArgumentType, message));
    }
    Ok(a.iter().copied().zip(b.iter().copied()))
}

/// A vector without length has no direction: it is like nothing, 0.
fn cosine_similarity(vector: This, other: This) -> Result<Real> {
    let (mut dot, mut left, mut right) = (0.0, 0.0, 0.0);
    for (a, b) in pairs(&vector, &other)? {
        dot += a * b;
        left += a * a;
        right += b * b;
    }
    let lengths = left.sqrt() * right.sqrt();
    Ok(if lengths == 0.0 { 0.0 } else { dot / lengths })
}
