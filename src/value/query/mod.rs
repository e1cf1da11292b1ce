//! The query language: a text such as `name = 'A@' and (age > 30 or kids[].age < :1) order by name`
//! to a tree. What the paths lead to is not known here: collections and, one day, the database
//! evaluate the same tree. `Source: API/CollectionClass (query), API/DataClassClass (query)`

mod cursor;
mod parse;

use super::{Text, Value};

pub(crate) use parse::iso_date;
pub use parse::{parse, parse_path};

/// What a query text asks for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// None if there is only an order.
    pub condition: Option<Condition>,
    pub order: Vec<OrderBy>,
}

/// Which elements are wanted.
#[derive(Clone, Debug)]
pub enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare {
        path: PathRef,
        comparator: Comparator,
        value: Operand,
    },
    /// `eval(expression)`: the text of the expression.
    Formula(Text),
    /// A placeholder that stands for a whole formula.
    FormulaPlaceholder(Placeholder),
}

/// How the value at a path is compared. `Not` is the opposite of what goes before it: it holds for
/// neither null nor missing values, as the others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `=`, `==`: an `@` in the value stands for any characters.
    Equal,
    /// `#`, `!=`
    NotEqual,
    /// `===`, `IS`: an `@` is a character.
    Identical,
    /// `!==`, `IS NOT`
    NotIdentical,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    /// `%`: the value is a word of the text.
    Keyword,
    /// `BEGIN`: the text starts with the value.
    Begins,
}

/// A property path, or what stands for it.
#[derive(Clone, Debug)]
pub enum PathRef {
    Path(Vec<Segment>),
    Placeholder(Placeholder),
}

/// One name of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub name: Text,
    pub elements: Elements,
}

/// Whether the path goes on with the elements of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elements {
    /// `name`
    No,
    /// `name[]`: with any of them.
    Any,
    /// `name[a]`: with one that is the same wherever the letter is.
    Linked(char),
}

/// `:1` or `:name`
#[derive(Clone, Debug, PartialEq)]
pub enum Placeholder {
    /// Counted from 1.
    Index(usize),
    Name(Text),
}

/// What the value at a path is compared with.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A constant; `text` is how it was written, if it was written without quotes.
    Constant {
        value: Value,
        text: Option<Text>,
    },
    Placeholder(Placeholder),
    /// `[1, 2, 3]`
    List(Vec<Operand>),
}

/// One criterion of `order by`.
#[derive(Clone, Debug)]
pub struct OrderBy {
    pub path: PathRef,
    pub descending: bool,
}

#[cfg(test)]
mod tests;
