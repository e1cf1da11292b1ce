//! `query` and `indices`: the tree of a query made ready for the elements of a collection. Conditions
//! have three answers: a comparison with what is null or missing says neither yes nor no, so neither
//! it nor its opposite is met. `Source: API/CollectionClass, API/DataClassClass (query)`

use super::extract::{Path, Step};
use super::list::{collect, integer, like};
use super::order::by_criteria;
use super::search::is_equal;
use super::sorting::{arranged, compare_reals};
use crate::command::parameters::{AnyCollection, Rest};
use crate::value::convert::as_real;
use crate::value::ops::{compare_text, contains_keyword, equal_text, matches_text};
use crate::value::query::{self, Comparator, Condition, Elements, PathRef, Placeholder, Segment, iso_date};
use crate::value::{Collection, Date, ErrorCode, Fault, Result, Text, Value};
use crate::vm::Process;
use std::cmp::Ordering;

pub(super) fn query(
    process: &mut Process,
    items: AnyCollection,
    text: Text,
    values: Rest<Value>,
) -> Result<AnyCollection> {
    let given = Given::new(values.0);
    let tree = query::parse(&text)?;
    let found = matches(process, &items, &tree, &given)?;
    let mut kept: Vec<Value> = found.into_iter().map(|(_, value)| value).collect();
    if !tree.order.is_empty() {
        let criteria = tree.order.iter().map(|order| {
            let steps = given.path(&order.path)?.into_iter();
            let steps = steps.map(|s| Step::new(s.name, s.elements != Elements::No));
            Ok((Path::new(steps.collect()), order.descending))
        });
        let criteria = criteria.collect::<Result<Vec<_>>>()?;
        let places = by_criteria(process, &kept, &criteria)?;
        kept = arranged(&kept, &places);
    }
    like(process, &items, kept)
}

pub(super) fn indices(
    process: &mut Process,
    items: AnyCollection,
    text: Text,
    values: Rest<Value>,
) -> Result<Collection> {
    let given = Given::new(values.0);
    let tree = query::parse(&text)?;
    let found = matches(process, &items, &tree, &given)?;
    Ok(collect(found.into_iter().map(|(index, _)| Value::Integer(integer(index))).collect()))
}

/// The objects among the elements that meet the condition, and where they are.
fn matches(
    process: &mut Process,
    items: &AnyCollection,
    tree: &query::Query,
    given: &Given,
) -> Result<Vec<(usize, Value)>> {
    let test = match &tree.condition {
        None => None,
        Some(condition) => Some(linked(compile(condition, given)?)),
    };
    let mut found = Vec::new();
    let mut bound = Vec::new();
    for index in 0..items.len() {
        let item = items.get(index);
        if !matches!(item, Value::Object(_) | Value::SharedObject(_)) {
            continue;
        }
        let meets = match &test {
            None => true,
            Some(test) => test.meets(process, &item, &mut bound)? == Some(true),
        };
        if meets {
            found.push((index, item));
        }
    }
    Ok(found)
}

/// What placeholders stand for.
struct Given {
    values: Vec<Value>,
    settings: Option<Value>,
}

/// A property of an object, private or shared.
fn property(object: &Value, name: &str) -> Value {
    match object {
        Value::Object(object) => object.get(name),
        Value::SharedObject(object) => object.get(name).map_or(Value::Undefined, Value::from),
        _ => Value::Undefined,
    }
}

fn refused(message: String) -> Fault {
    Fault::new(ErrorCode::ArgumentType, message)
}

impl Given {
    /// An object at the end of the values is the query's settings.
    fn new(mut values: Vec<Value>) -> Self {
        let is_object = |v: &Value| matches!(v, Value::Object(_) | Value::SharedObject(_));
        let settings = if values.last().is_some_and(is_object) { values.pop() } else { None };
        Self { values, settings }
    }

    fn find(&self, placeholder: &Placeholder, kind: &str) -> Result<Value> {
        match placeholder {
            Placeholder::Index(index) => self
                .values
                .get(index - 1)
                .cloned()
                .ok_or_else(|| refused(format!("The query has no value for its placeholder :{index}"))),
            Placeholder::Name(name) => {
                let all = self.settings.as_ref().map(|settings| property(settings, kind)).unwrap_or_default();
                match property(&all, name) {
                    Value::Undefined => {
                        let message = format!("The query settings have no `{name}` in their `{kind}`");
                        Err(refused(message))
                    }
                    value => Ok(value),
                }
            }
        }
    }

    fn path(&self, path: &PathRef) -> Result<Vec<Segment>> {
        let placeholder = match path {
            PathRef::Path(segments) => return Ok(segments.clone()),
            PathRef::Placeholder(placeholder) => placeholder,
        };
        let value = self.find(placeholder, "attributes")?;
        if let Value::Text(path) = &value {
            return query::parse_path(path);
        }
        let Some(levels) = AnyCollection::of(&value) else {
            let message =
                format!("A property path must be a text or a collection, not {}", value.type_name());
            return Err(refused(message));
        };
        let segments = levels.values().into_iter().map(|level| match level {
            Value::Text(name) => Ok(match name.as_str().strip_suffix("[]") {
                Some(name) => Segment { name: Text::from(name), elements: Elements::Any },
                None => Segment { name, elements: Elements::No },
            }),
            other => {
                Err(refused(format!("A level of a property path must be a text, not {}", other.type_name())))
            }
        });
        segments.collect()
    }
}

/// A condition ready to be met.
enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Compare(Compare),
    /// One element of a collection, known by a letter, meets all that mentions the letter.
    Exists {
        letter: char,
        path: Path,
        test: Box<Test>,
    },
}

/// Elements of collections that letters stand for now.
type Bound = Vec<(char, Value)>;

impl Test {
    /// Whether an element meets the condition; None if it cannot be said.
    fn meets(&self, process: &mut Process, item: &Value, bound: &mut Bound) -> Result<Option<bool>> {
        match self {
            Self::Compare(compare) => compare.meets(process, item, bound),
            Self::Not(test) => Ok(test.meets(process, item, bound)?.map(|meets| !meets)),
            Self::And(tests) => Self::join(tests, false, process, item, bound),
            Self::Or(tests) => Self::join(tests, true, process, item, bound),
            Self::Exists { letter, path, test } => {
                let items = path.read(process, item)?;
                let Some(items) = AnyCollection::of(&items) else { return Ok(None) };
                for index in 0..items.len() {
                    bound.push((*letter, items.get(index)));
                    let met = test.meets(process, item, bound);
                    bound.pop();
                    if met? == Some(true) {
                        return Ok(Some(true));
                    }
                }
                Ok(Some(false))
            }
        }
    }

    /// `decisive` is the answer of one that is the answer of all.
    fn join(
        tests: &[Self],
        decisive: bool,
        process: &mut Process,
        item: &Value,
        bound: &mut Bound,
    ) -> Result<Option<bool>> {
        let mut answer = Some(!decisive);
        for test in tests {
            match test.meets(process, item, bound)? {
                Some(met) if met == decisive => return Ok(Some(decisive)),
                Some(_) => {}
                None => answer = None,
            }
        }
        Ok(answer)
    }

    fn mentions(&self, letter: char) -> bool {
        match self {
            Self::And(tests) | Self::Or(tests) => tests.iter().any(|test| test.mentions(letter)),
            Self::Not(test) | Self::Exists { test, .. } => test.mentions(letter),
            Self::Compare(compare) => compare.link.as_ref().is_some_and(|link| link.letter == letter),
        }
    }

    /// The first comparison with a letter that no `Exists` above it stands for.
    fn first_link(&self, known: &mut Vec<char>) -> Option<(char, Vec<Segment>)> {
        match self {
            Self::And(tests) | Self::Or(tests) => tests.iter().find_map(|test| test.first_link(known)),
            Self::Not(test) => test.first_link(known),
            Self::Exists { letter, test, .. } => {
                known.push(*letter);
                test.first_link(known)
            }
            Self::Compare(compare) => {
                let link = compare.link.as_ref().filter(|link| !known.contains(&link.letter))?;
                Some((link.letter, link.path.clone()))
            }
        }
    }

    /// Puts an `Exists` around the smallest part that has all comparisons with a letter.
    fn wrap(self, letter: char, path: &[Segment]) -> Self {
        let alone = |tests: &[Self]| tests.iter().filter(|test| test.mentions(letter)).count() == 1;
        let inside = |tests: Vec<Self>| {
            let tests = tests.into_iter();
            tests.map(|test| if test.mentions(letter) { test.wrap(letter, path) } else { test }).collect()
        };
        match self {
            Self::And(tests) if alone(&tests) => Self::And(inside(tests)),
            Self::Or(tests) if alone(&tests) => Self::Or(inside(tests)),
            Self::Not(test) => Self::Not(Box::new(test.wrap(letter, path))),
            test => Self::Exists { letter, path: Path::new(steps(path)), test: Box::new(test) },
        }
    }
}

/// Puts in what letters stand for.
fn linked(mut test: Test) -> Test {
    while let Some((letter, path)) = test.first_link(&mut Vec::new()) {
        test = test.wrap(letter, &path);
    }
    test
}

fn steps(segments: &[Segment]) -> Vec<Step> {
    segments.iter().map(|s| Step::new(s.name.clone(), s.elements != Elements::No)).collect()
}

/// The value at a path beside a value.
struct Compare {
    link: Option<Link>,
    steps: Vec<Step>,
    comparator: Comparator,
    /// The answer is the opposite of the comparator's.
    negated: bool,
    operand: Operand,
}

/// The part of a path up to a letter.
struct Link {
    letter: char,
    path: Vec<Segment>,
}

/// A value to compare with, looked at once.
struct Operand {
    value: Value,
    /// How a constant was written, to be compared with texts.
    text: Option<Text>,
    /// A text that is a date.
    date: Option<Date>,
    /// The elements of a list.
    list: Vec<Operand>,
}

impl Operand {
    fn new(value: Value, text: Option<Text>) -> Self {
        let date = match &value {
            Value::Text(text) => iso_date(text),
            Value::Date(date) => Some(*date),
            _ => None,
        };
        Self { value, text, date, list: Vec::new() }
    }

    fn list(items: Vec<Operand>) -> Self {
        Self { value: Value::Undefined, text: None, date: None, list: items }
    }
}

fn compile(condition: &Condition, given: &Given) -> Result<Test> {
    let all =
        |conditions: &[Condition]| conditions.iter().map(|c| compile(c, given)).collect::<Result<Vec<_>>>();
    Ok(match condition {
        Condition::And(conditions) => Test::And(all(conditions)?),
        Condition::Or(conditions) => Test::Or(all(conditions)?),
        Condition::Not(inner) => Test::Not(Box::new(compile(inner, given)?)),
        Condition::Formula(_) | Condition::FormulaPlaceholder(_) => {
            return Err(refused("Formulas are not supported in queries on collections".to_owned()));
        }
        Condition::Compare { path, comparator, value } => {
            let path = given.path(path)?;
            let (comparator, negated) = match comparator {
                Comparator::NotEqual => (Comparator::Equal, true),
                Comparator::NotIdentical => (Comparator::Identical, true),
                Comparator::NotIn => (Comparator::In, true),
                other => (*other, false),
            };
            let operand = operand(value, comparator, given)?;
            let at = path.iter().position(|segment| matches!(segment.elements, Elements::Linked(_)));
            let (link, rest) = match at.and_then(|at| path.split_at_checked(at + 1)) {
                Some((head, rest)) => {
                    let letter = head.last().and_then(|segment| match segment.elements {
                        Elements::Linked(letter) => Some(letter),
                        _ => None,
                    });
                    (letter.map(|letter| Link { letter, path: head.to_vec() }), rest)
                }
                None => (None, path.as_slice()),
            };
            Test::Compare(Compare { link, steps: steps(rest), comparator, negated, operand })
        }
    })
}

fn operand(value: &query::Operand, comparator: Comparator, given: &Given) -> Result<Operand> {
    match value {
        query::Operand::Constant { value, text } => Ok(Operand::new(value.clone(), text.clone())),
        query::Operand::List(items) => {
            let items = items.iter().map(|item| operand(item, Comparator::Equal, given));
            Ok(Operand::list(items.collect::<Result<_>>()?))
        }
        query::Operand::Placeholder(placeholder) => {
            let value = given.find(placeholder, "parameters")?;
            match (AnyCollection::of(&value), comparator) {
                (Some(items), Comparator::In) => {
                    let items = items.values().into_iter().map(|value| Operand::new(value, None));
                    Ok(Operand::list(items.collect()))
                }
                (None, Comparator::In) => {
                    let message = format!("IN needs a collection, not {}", value.type_name());
                    Err(refused(message))
                }
                (Some(_), _) if matches!(placeholder, Placeholder::Index(_)) => Err(refused(
                    "A query takes references to collections in its settings' parameters only".to_owned(),
                )),
                // Null as the value of a placeholder is never met: `= null` is written out.
                _ if matches!(value, Value::Null) => Ok(Operand::new(Value::Undefined, None)),
                _ => Ok(Operand::new(value, None)),
            }
        }
    }
}

impl Compare {
    fn meets(&self, process: &mut Process, item: &Value, bound: &Bound) -> Result<Option<bool>> {
        let epsilon = process.rules.epsilon;
        let start = match &self.link {
            None => item,
            Some(link) => match bound.iter().rev().find(|(letter, _)| *letter == link.letter) {
                Some((_, element)) => element,
                None => return Ok(None),
            },
        };
        let answer = match self.steps.as_slice() {
            [step] if !step.each => {
                let value = step.read(process, start)?;
                self.operand.meets(self.comparator, &value, epsilon)
            }
            steps => self.walk(process, start, steps, epsilon)?,
        };
        Ok(answer.map(|met| met != self.negated))
    }

    /// Follows the path; where it goes through collections, one of their elements is enough.
    fn walk(
        &self,
        process: &mut Process,
        start: &Value,
        steps: &[Step],
        epsilon: f64,
    ) -> Result<Option<bool>> {
        let mut value = start.clone();
        for (at, step) in steps.iter().enumerate() {
            value = step.read(process, &value)?;
            if !step.each {
                continue;
            }
            let Some(items) = AnyCollection::of(&value) else {
                return Ok(self.operand.meets(self.comparator, &Value::Undefined, epsilon));
            };
            let rest = steps.get(at + 1..).unwrap_or_default();
            for index in 0..items.len() {
                if self.walk(process, &items.get(index), rest, epsilon)? == Some(true) {
                    return Ok(Some(true));
                }
            }
            return Ok(Some(false));
        }
        Ok(self.operand.meets(self.comparator, &value, epsilon))
    }
}

impl Operand {
    #[inline]
    fn meets(&self, comparator: Comparator, found: &Value, epsilon: f64) -> Option<bool> {
        let missing = matches!(found, Value::Undefined | Value::Null);
        match comparator {
            Comparator::In => {
                if self.list.iter().any(|item| item.meets(Comparator::Equal, found, epsilon) == Some(true)) {
                    return Some(true);
                }
                (!missing).then_some(false)
            }
            Comparator::Equal | Comparator::Identical => match &self.value {
                Value::Null => Some(missing),
                Value::Undefined => None,
                _ if missing => None,
                value => Some(self.equals(value, found, comparator == Comparator::Identical, epsilon)),
            },
            _ if missing => None,
            Comparator::Keyword => self.with_texts(found, contains_keyword),
            Comparator::Begins => {
                self.with_texts(found, |text, start| matches_text(text, &format!("{start}@")))
            }
            _ => {
                let order = self.order(found)?;
                Some(match comparator {
                    Comparator::Less => order == Ordering::Less,
                    Comparator::LessOrEqual => order != Ordering::Greater,
                    Comparator::Greater => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                })
            }
        }
    }

    fn with_texts(&self, found: &Value, test: fn(&str, &str) -> bool) -> Option<bool> {
        match (found, &self.value, &self.text) {
            (Value::Text(found), Value::Text(value), _) | (Value::Text(found), _, Some(value)) => {
                Some(test(found, value))
            }
            _ => None,
        }
    }

    fn equals(&self, value: &Value, found: &Value, plain: bool, epsilon: f64) -> bool {
        match (found, value) {
            (Value::Text(found), Value::Text(value)) if plain => equal_text(found, value),
            (Value::Text(found), Value::Text(value)) => matches_text(found, value),
            (Value::Date(found), Value::Text(_)) => self.date == Some(*found),
            (Value::Text(found), Value::Date(value)) => {
                iso_date(found) == Some(*value) || self.text.as_ref().is_some_and(|text| text == found)
            }
            _ => is_equal(found, value, epsilon),
        }
    }

    /// Where what was found lies beside the value; None if the two have no order.
    fn order(&self, found: &Value) -> Option<Ordering> {
        match (found, &self.value) {
            (Value::Text(found), Value::Text(value)) => Some(compare_text(found, value)),
            (Value::Date(found), _) => Some(found.cmp(&self.date?)),
            (Value::Text(found), Value::Date(value)) => Some(iso_date(found)?.cmp(value)),
            (Value::Boolean(found), Value::Boolean(value)) => Some(found.cmp(value)),
            (found, value) => Some(compare_reals(as_real(found)?, as_real(value)?)),
        }
    }
}
