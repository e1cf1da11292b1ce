//! Arrays: one kind of element, numbered from 1, with an element zero besides and the number of a
//! current element. Kept packed by kind. `Source: Concepts/arrays`

use super::convert::{Type, assign, default_value};
use super::{Blob, Date, ErrorCode, Fault, Pointer, Result, Text, Time, Value};

/// What `ARRAY …` command made the array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayKind {
    Boolean,
    /// 16 bits
    Integer,
    Longint,
    Real,
    Text,
    Date,
    Time,
    Pointer,
    Object,
    Blob,
    Picture,
}

impl ArrayKind {
    /// The type of an element.
    #[must_use]
    pub const fn element_type(self) -> Type {
        match self {
            Self::Boolean => Type::Boolean,
            Self::Integer | Self::Longint => Type::Integer,
            Self::Real => Type::Real,
            Self::Text => Type::Text,
            Self::Date => Type::Date,
            Self::Time => Type::Time,
            Self::Pointer => Type::Pointer,
            Self::Object => Type::Object,
            Self::Blob => Type::Blob,
            Self::Picture => Type::Picture,
        }
    }
}

/// An array of one or two dimensions.
#[derive(Clone, Debug)]
pub struct Array {
    kind: ArrayKind,
    current: i32,
    elements: Elements,
}

/// The elements; element zero comes first, so that element n is at n.
#[derive(Clone, Debug)]
pub enum Elements {
    Boolean(Vec<bool>),
    Integer(Vec<i16>),
    Longint(Vec<i32>),
    Real(Vec<f64>),
    Text(Vec<Text>),
    Date(Vec<Date>),
    Time(Vec<Time>),
    Pointer(Vec<Pointer>),
    /// Objects and Nulls.
    Object(Vec<Value>),
    Blob(Vec<Blob>),
    /// Always empty pictures.
    Picture(Vec<()>),
    /// Rows, each of one dimension.
    Rows(Vec<Array>),
}

/// Does the same to the elements, whatever their kind.
macro_rules! each {
    ($elements:expr, $list:ident => $do:expr) => {
        match $elements {
            Elements::Boolean($list) => $do,
            Elements::Integer($list) => $do,
            Elements::Longint($list) => $do,
            Elements::Real($list) => $do,
            Elements::Text($list) => $do,
            Elements::Date($list) => $do,
            Elements::Time($list) => $do,
            Elements::Pointer($list) => $do,
            Elements::Object($list) => $do,
            Elements::Blob($list) => $do,
            Elements::Picture($list) => $do,
            Elements::Rows($list) => $do,
        }
    };
}

const MAX_SIZE: usize = i32::MAX as usize;
/// What the elements may take. A machine that promises more memory than it has would kill the program.
const MAX_BYTES: usize = 1 << 30;

fn check_size(size: usize) -> Result<usize> {
    if size <= MAX_SIZE {
        return Ok(size);
    }
    Err(Fault::new(ErrorCode::IndexOutOfRange, format!("An array cannot have {size} elements")))
}

fn no_memory(size: usize) -> Fault {
    Fault::new(ErrorCode::IndexOutOfRange, format!("There is no memory for an array of {size} elements"))
}

/// A list with one element more than asked for, element zero.
fn filled<T: Clone>(size: usize, element: &T) -> Result<Vec<T>> {
    if size.saturating_mul(size_of::<T>().max(1)) > MAX_BYTES {
        return Err(no_memory(size));
    }
    let mut list = Vec::new();
    list.try_reserve_exact(size + 1).map_err(|_| no_memory(size))?;
    list.resize(size + 1, element.clone());
    Ok(list)
}

impl Elements {
    fn new(kind: ArrayKind, size: usize) -> Result<Self> {
        Ok(match kind {
            ArrayKind::Boolean => Self::Boolean(filled(size, &false)?),
            ArrayKind::Integer => Self::Integer(filled(size, &0)?),
            ArrayKind::Longint => Self::Longint(filled(size, &0)?),
            ArrayKind::Real => Self::Real(filled(size, &0.0)?),
            ArrayKind::Text => Self::Text(filled(size, &Text::new())?),
            ArrayKind::Date => Self::Date(filled(size, &Date::NULL)?),
            ArrayKind::Time => Self::Time(filled(size, &Time::default())?),
            ArrayKind::Pointer => Self::Pointer(filled(size, &Pointer::nil())?),
            ArrayKind::Object => Self::Object(filled(size, &Value::Null)?),
            ArrayKind::Blob => Self::Blob(filled(size, &Blob::default())?),
            ArrayKind::Picture => Self::Picture(filled(size, &())?),
        })
    }
}

impl Array {
    pub fn new(kind: ArrayKind, size: usize) -> Result<Self> {
        Ok(Self { kind, current: 0, elements: Elements::new(kind, check_size(size)?)? })
    }

    /// `rows` rows with `columns` elements each.
    pub fn two_dimensions(kind: ArrayKind, rows: usize, columns: usize) -> Result<Self> {
        check_size(rows.saturating_mul(columns))?;
        let row = Self::new(kind, columns)?;
        // Row zero exists, but is empty.
        let mut list = filled(check_size(rows)?, &row)?;
        if let Some(zero) = list.first_mut() {
            *zero = Self::new(kind, 0)?;
        }
        Ok(Self { kind, current: 0, elements: Elements::Rows(list) })
    }

    #[must_use]
    pub const fn kind(&self) -> ArrayKind {
        self.kind
    }

    #[must_use]
    pub const fn is_two_dimensional(&self) -> bool {
        matches!(self.elements, Elements::Rows(_))
    }

    /// How many elements there are besides element zero.
    #[must_use]
    pub fn len(&self) -> usize {
        each!(&self.elements, list => list.len()).saturating_sub(1)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the array is when used as a number: the number of its current element.
    #[must_use]
    pub const fn current(&self) -> i32 {
        self.current
    }

    pub const fn set_current(&mut self, index: i32) {
        self.current = index;
    }

    /// The packed elements, element zero first.
    #[must_use]
    pub const fn elements(&self) -> &Elements {
        &self.elements
    }

    /// To sort or fill; element zero must stay.
    pub const fn elements_mut(&mut self) -> &mut Elements {
        &mut self.elements
    }

    #[inline]
    pub fn get(&self, index: i64) -> Result<Value> {
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        let value = match &self.elements {
            Elements::Longint(list) => list.get(at).map(|&number| Value::Integer(number)),
            Elements::Real(list) => list.get(at).map(|&number| Value::Real(number)),
            Elements::Boolean(list) => list.get(at).map(|&truth| Value::Boolean(truth)),
            Elements::Text(list) => list.get(at).map(|text| Value::Text(text.clone())),
            _ => self.get_other(at)?,
        };
        value.ok_or_else(|| self.out_of_range(index))
    }

    fn get_other(&self, at: usize) -> Result<Option<Value>> {
        Ok(match &self.elements {
            Elements::Integer(list) => list.get(at).map(|&number| Value::Integer(number.into())),
            Elements::Date(list) => list.get(at).map(|&date| Value::Date(date)),
            Elements::Time(list) => list.get(at).map(|&time| Value::Time(time)),
            Elements::Pointer(list) => list.get(at).map(|pointer| Value::Pointer(pointer.clone())),
            Elements::Object(list) => list.get(at).cloned(),
            Elements::Blob(list) => list.get(at).map(|blob| Value::Blob(blob.clone())),
            Elements::Rows(_) => return Err(row_as_value()),
            _ => list_of_pictures()?,
        })
    }

    /// Writes a Boolean, Longint or Real element into a register; `false` for other kinds and indexes.
    ///
    /// # Safety
    /// The slot holds a scalar.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub unsafe fn load_to(&self, index: i32, slot: *mut Value) -> bool {
        let at = index as usize;
        // SAFETY: by contract
        unsafe {
            match &self.elements {
                Elements::Boolean(list) => list.get(at).map(|&item| Value::put_boolean(slot, item)),
                Elements::Longint(list) => list.get(at).map(|&item| Value::put_integer(slot, item)),
                Elements::Real(list) => list.get(at).map(|&item| Value::put_real(slot, item)),
                _ => None,
            }
            .is_some()
        }
    }

    /// Overwrites a Boolean, Longint or Real element with a value of its type; `false` if that cannot be done.
    #[inline(always)]
    pub fn store_scalar(&mut self, index: i32, value: &Value) -> bool {
        let at = index as usize;
        match (&mut self.elements, value) {
            (Elements::Boolean(list), Value::Boolean(item)) if at < list.len() => list[at] = *item,
            (Elements::Longint(list), Value::Integer(item)) if at < list.len() => list[at] = *item,
            (Elements::Real(list), Value::Real(item)) if at < list.len() => list[at] = *item,
            _ => return false,
        }
        true
    }

    /// Stores a value, converted as into a variable of the array's type.
    #[inline]
    pub fn set(&mut self, index: i64, value: Value) -> Result<()> {
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        let done = match (&mut self.elements, value) {
            (Elements::Longint(list), Value::Integer(number)) => store(list, at, number),
            (Elements::Real(list), Value::Real(number)) => store(list, at, number),
            (Elements::Real(list), Value::Integer(number)) => store(list, at, number.into()),
            (Elements::Boolean(list), Value::Boolean(truth)) => store(list, at, truth),
            (Elements::Text(list), Value::Text(text)) => store(list, at, text),
            (_, value) => self.set_other(at, value)?,
        };
        if done { Ok(()) } else { Err(self.out_of_range(index)) }
    }

    fn set_other(&mut self, at: usize, value: Value) -> Result<bool> {
        if self.is_two_dimensional() {
            return Err(row_as_value());
        }
        let value = assign(value, self.kind.element_type())?;
        #[allow(clippy::cast_possible_truncation)] // what does not fit 16 bits is not kept
        Ok(match (&mut self.elements, value) {
            (Elements::Integer(list), Value::Integer(number)) => store(list, at, number as i16),
            (Elements::Longint(list), Value::Integer(number)) => store(list, at, number),
            (Elements::Real(list), Value::Real(number)) => store(list, at, number),
            (Elements::Boolean(list), Value::Boolean(truth)) => store(list, at, truth),
            (Elements::Text(list), Value::Text(text)) => store(list, at, text),
            (Elements::Date(list), Value::Date(date)) => store(list, at, date),
            (Elements::Time(list), Value::Time(time)) => store(list, at, time),
            (Elements::Pointer(list), Value::Pointer(pointer)) => store(list, at, pointer),
            (Elements::Object(list), value) => store(list, at, value),
            (Elements::Blob(list), Value::Blob(blob)) => store(list, at, blob),
            _ => list_of_pictures()?,
        })
    }

    /// A row of a two-dimensional array.
    pub fn row(&self, index: i64) -> Result<&Self> {
        match &self.elements {
            Elements::Rows(rows) => usize::try_from(index)
                .ok()
                .and_then(|at| rows.get(at))
                .ok_or_else(|| self.out_of_range(index)),
            _ => Err(no_rows()),
        }
    }

    pub fn row_mut(&mut self, index: i64) -> Result<&mut Self> {
        let fault = self.out_of_range(index);
        match &mut self.elements {
            Elements::Rows(rows) => usize::try_from(index).ok().and_then(|at| rows.get_mut(at)).ok_or(fault),
            _ => Err(no_rows()),
        }
    }

    /// Changes the size; elements stay, new ones are empty. Rows become empty rows.
    pub fn resize(&mut self, size: usize) -> Result<()> {
        let now = self.len();
        if size > now {
            return self.insert(now + 1, size - now);
        }
        each!(&mut self.elements, list => list.truncate(size + 1));
        Ok(())
    }

    /// Changes the size of both dimensions. `Source: commands/array-text`
    pub fn resize_rows(&mut self, rows: usize, columns: usize) -> Result<()> {
        check_size(rows.saturating_mul(columns))?;
        self.resize(rows)?;
        let Elements::Rows(list) = &mut self.elements else {
            return Err(no_rows());
        };
        list.iter_mut().skip(1).try_for_each(|row| row.resize(columns))
    }

    /// Inserts empty elements before element `at`; at the end if there is no such element, at the
    /// start for 0. `Source: commands/insert-in-array`
    pub fn insert(&mut self, at: usize, count: usize) -> Result<()> {
        let size = check_size(self.len().saturating_add(count))?;
        let at = at.clamp(1, self.len() + 1);
        let more = if self.is_two_dimensional() {
            Elements::Rows(filled(count, &Self::new(self.kind, 0)?)?)
        } else {
            Elements::new(self.kind, count)?
        };
        macro_rules! splice {
            ($($variant:ident)*) => {
                match (&mut self.elements, more) {
                    $((Elements::$variant(list), Elements::$variant(mut more)) => {
                        more.truncate(count);
                        list.try_reserve(count).map_err(|_| no_memory(size))?;
                        if at == list.len() {
                            list.append(&mut more);
                        } else {
                            list.splice(at..at, more);
                        }
                    })*
                    _ => {}
                }
            };
        }
        splice!(Boolean Integer Longint Real Text Date Time Pointer Object Blob Picture Rows);
        Ok(())
    }

    /// Removes elements from element `at` on; as many as there are. `Source: commands/delete-from-array`
    pub fn delete(&mut self, at: usize, count: usize) {
        let at = at.max(1);
        let end = at.saturating_add(count).min(self.len() + 1);
        if at < end {
            each!(&mut self.elements, list => drop(list.drain(at..end)));
        }
    }

    /// Adds an element at the end. `Source: commands/append-to-array`
    pub fn append(&mut self, value: Value) -> Result<()> {
        match (&mut self.elements, value) {
            (Elements::Longint(list), Value::Integer(number)) if list.len() <= MAX_SIZE => list.push(number),
            (Elements::Text(list), Value::Text(text)) if list.len() <= MAX_SIZE => list.push(text),
            (_, value) => {
                let last = self.len() + 1;
                self.insert(last, 1)?;
                if let Err(fault) = self.set(i64::try_from(last).unwrap_or(i64::MAX), value) {
                    self.delete(last, 1);
                    return Err(fault);
                }
            }
        }
        Ok(())
    }

    /// The value of an element that was never set.
    #[must_use]
    pub fn empty_element(&self) -> Value {
        default_value(self.kind.element_type())
    }

    #[cold]
    fn out_of_range(&self, index: i64) -> Fault {
        Fault::new(
            ErrorCode::IndexOutOfRange,
            format!("Element {index} is outside an array of {} elements", self.len()),
        )
    }
}

#[inline]
fn store<T>(list: &mut [T], at: usize, value: T) -> bool {
    match list.get_mut(at) {
        Some(slot) => {
            *slot = value;
            true
        }
        None => false,
    }
}

fn row_as_value() -> Fault {
    Fault::new(ErrorCode::IncompatibleTypes, "A row of a two-dimensional array is an array, not a value")
}

fn no_rows() -> Fault {
    Fault::new(ErrorCode::IncompatibleTypes, "An array of one dimension has no rows")
}

fn list_of_pictures<T>() -> Result<T> {
    Err(Fault::new(ErrorCode::NotProvided, "Pictures are not provided"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integers(array: &Array) -> Vec<i64> {
        (0..=array.len())
            .map(|index| match array.get(index as i64) {
                Ok(Value::Integer(number)) => number.into(),
                _ => -1,
            })
            .collect()
    }

    #[test]
    fn element_zero_is_not_counted() {
        let mut array = Array::new(ArrayKind::Longint, 2).unwrap();
        array.set(0, Value::Integer(7)).unwrap();
        array.set(2, Value::Real(5.9)).unwrap();
        assert_eq!(integers(&array), [7, 0, 5]);
        assert_eq!(array.len(), 2);
        assert!(array.set(3, Value::Integer(1)).is_err());
        let message = array.get(-1).unwrap_err().message.clone();
        assert!(message.contains("-1") && message.contains('2'));
        assert!(array.set(1, Value::Text("x".into())).is_err());
    }

    #[test]
    fn grows_and_shrinks() {
        let mut array = Array::new(ArrayKind::Integer, 0).unwrap();
        for number in 1..=4 {
            array.append(Value::Integer(number)).unwrap();
        }
        array.insert(2, 2).unwrap();
        assert_eq!(integers(&array), [0, 1, 0, 0, 2, 3, 4]);
        array.delete(1, 3);
        array.insert(99, 1).unwrap();
        assert_eq!(integers(&array), [0, 2, 3, 4, 0]);
        array.delete(9, 2);
        array.resize(1).unwrap();
        array.resize(2).unwrap();
        assert_eq!(integers(&array), [0, 2, 0]);
        assert!(array.append(Value::Boolean(true)).is_err());
        assert_eq!(array.len(), 2);
    }

    #[test]
    fn two_dimensions() {
        let mut grid = Array::two_dimensions(ArrayKind::Text, 3, 4).unwrap();
        assert_eq!((grid.len(), grid.row(2).unwrap().len()), (3, 4));
        grid.row_mut(3).unwrap().set(4, Value::Text("x".into())).unwrap();
        grid.resize_rows(4, 5).unwrap();
        assert!(matches!(grid.row(3).unwrap().get(4), Ok(Value::Text(text)) if text == "x"));
        assert_eq!(grid.row(4).unwrap().len(), 5);
        assert!(grid.get(1).is_err() && grid.row(5).is_err());
    }

    #[test]
    fn absurd_sizes_are_errors() {
        assert!(Array::new(ArrayKind::Boolean, usize::MAX).is_err());
        assert!(Array::two_dimensions(ArrayKind::Boolean, 1 << 20, 1 << 20).is_err());
    }
}
