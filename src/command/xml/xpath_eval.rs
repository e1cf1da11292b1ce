//! Computes XPath expressions over a tree.

use super::tree::{Content, DOCUMENT, NodeId, Tree};
use super::xpath::{Axis, Expr, Operator, Step, Test};
use std::collections::HashMap;

/// A node, or an attribute of one by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Found {
    Node(NodeId),
    Attribute(NodeId, usize),
}

#[derive(Clone, Debug)]
enum Value {
    Nodes(Vec<Found>),
    Number(f64),
    Text(String),
    Truth(bool),
}

/// The nodes that an expression finds from a node on, in the order of the document.
pub(super) fn find(tree: &Tree, from: NodeId, expr: &Expr) -> Result<Vec<Found>, String> {
    let mut order = HashMap::new();
    let mut work = vec![DOCUMENT];
    while let Some(id) = work.pop() {
        order.insert(id, order.len());
        work.extend(tree.children(id).iter().rev());
    }
    let evaluator = Evaluator { tree, order };
    match evaluator.value(expr, &Context { node: Found::Node(from), position: 1, size: 1 })? {
        Value::Nodes(nodes) => Ok(nodes),
        _ => Err("the path gives a value, not nodes".to_owned()),
    }
}

#[derive(Clone, Copy)]
struct Context {
    node: Found,
    position: usize,
    size: usize,
}

struct Evaluator<'a> {
    tree: &'a Tree,
    /// Where each node stands in the document.
    order: HashMap<NodeId, usize>,
}

impl Evaluator<'_> {
    fn value(&self, expr: &Expr, context: &Context) -> Result<Value, String> {
        Ok(match expr {
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Negate(inner) => Value::Number(-self.number(&self.value(inner, context)?)),
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, context)?,
            Expr::Call(name, arguments) => self.call(name, arguments, context)?,
            Expr::Path { absolute, steps } => {
                let start = if *absolute { Found::Node(DOCUMENT) } else { context.node };
                Value::Nodes(self.walk(vec![start], steps)?)
            }
            Expr::From(inner, predicates, steps) => {
                let Value::Nodes(mut nodes) = self.value(inner, context)? else {
                    return Err("square brackets and `/` need nodes".to_owned());
                };
                for predicate in predicates {
                    nodes = self.kept(nodes, predicate)?;
                }
                Value::Nodes(self.walk(nodes, steps)?)
            }
        })
    }

    fn walk(&self, mut nodes: Vec<Found>, steps: &[Step]) -> Result<Vec<Found>, String> {
        for step in steps {
            let mut next = Vec::new();
            for node in nodes {
                let mut found: Vec<Found> = self
                    .axis(node, step.axis)
                    .into_iter()
                    .filter(|found| self.passes(*found, step))
                    .collect();
                for predicate in &step.predicates {
                    found = self.kept(found, predicate)?;
                }
                next.extend(found);
            }
            nodes = self.in_order(next);
        }
        Ok(nodes)
    }

    /// Each node once, as they stand in the document.
    fn in_order(&self, mut nodes: Vec<Found>) -> Vec<Found> {
        let key = |found: &Found| match found {
            Found::Node(id) => (self.order.get(id).copied().unwrap_or(usize::MAX), 0),
            Found::Attribute(id, at) => (self.order.get(id).copied().unwrap_or(usize::MAX), at + 1),
        };
        nodes.sort_by_key(key);
        nodes.dedup();
        nodes
    }

    fn kept(&self, nodes: Vec<Found>, predicate: &Expr) -> Result<Vec<Found>, String> {
        let size = nodes.len();
        let mut kept = Vec::new();
        for (at, node) in nodes.into_iter().enumerate() {
            let context = Context { node, position: at + 1, size };
            let keep = match self.value(predicate, &context)? {
                Value::Number(number) => number == (at + 1) as f64,
                other => self.truth(&other),
            };
            if keep {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    /// The nodes of an axis, nearest first.
    fn axis(&self, from: Found, axis: Axis) -> Vec<Found> {
        let tree = self.tree;
        let (id, is_attribute) = match from {
            Found::Node(id) => (id, false),
            Found::Attribute(id, _) => (id, true),
        };
        let nodes = |ids: Vec<NodeId>| ids.into_iter().map(Found::Node).collect();
        match axis {
            Axis::Own => vec![from],
            Axis::Parent if is_attribute => vec![Found::Node(id)],
            Axis::Parent => nodes(tree.parent(id).into_iter().collect()),
            Axis::Ancestor | Axis::AncestorOrSelf => {
                let mut all = Vec::new();
                if axis == Axis::AncestorOrSelf {
                    all.push(from);
                }
                let mut at = if is_attribute { Some(id) } else { tree.parent(id) };
                while let Some(parent) = at {
                    all.push(Found::Node(parent));
                    at = tree.parent(parent);
                }
                all
            }
            _ if is_attribute => {
                if axis == Axis::DescendantOrSelf {
                    vec![from]
                } else {
                    Vec::new()
                }
            }
            Axis::Child => nodes(tree.children(id).to_vec()),
            Axis::Descendant => nodes(self.below(id, false)),
            Axis::DescendantOrSelf => nodes(self.below(id, true)),
            Axis::FollowingSibling => nodes(self.siblings(id).1),
            Axis::PrecedingSibling => nodes(self.siblings(id).0),
            Axis::Following | Axis::Preceding => {
                let mut all = Vec::new();
                let mut at = Some(id);
                while let Some(node) = at {
                    let (before, after) = self.siblings(node);
                    for sibling in if axis == Axis::Following { after } else { before } {
                        let mut below = self.below(sibling, true);
                        if axis == Axis::Preceding {
                            below.reverse();
                        }
                        all.extend(below);
                    }
                    at = tree.parent(node);
                }
                nodes(all)
            }
            Axis::Attribute => (0..tree.attributes(id).len()).map(|at| Found::Attribute(id, at)).collect(),
        }
    }

    fn below(&self, id: NodeId, with_self: bool) -> Vec<NodeId> {
        let mut all = Vec::new();
        let mut work = vec![id];
        while let Some(at) = work.pop() {
            if with_self || at != id {
                all.push(at);
            }
            work.extend(self.tree.children(at).iter().rev());
        }
        all
    }

    /// Siblings before, nearest first, and after.
    fn siblings(&self, id: NodeId) -> (Vec<NodeId>, Vec<NodeId>) {
        let all = self.tree.parent(id).map_or(&[][..], |parent| self.tree.children(parent));
        let at = all.iter().position(|sibling| *sibling == id).unwrap_or(all.len());
        let before = all.iter().take(at).rev().copied().collect();
        (before, all.iter().skip(at + 1).copied().collect())
    }

    fn name(&self, found: Found) -> &str {
        match found {
            Found::Node(id) if id == DOCUMENT => "",
            Found::Node(id) => self.tree.name(id),
            Found::Attribute(id, at) => self.tree.attributes(id).get(at).map_or("", |(name, _)| name),
        }
    }

    fn passes(&self, found: Found, step: &Step) -> bool {
        let content = match found {
            Found::Node(id) => Some(self.tree.content(id)),
            Found::Attribute(..) => None,
        };
        let is_named = matches!(content, None | Some(Content::Element { .. }));
        match &step.test {
            Test::Node => true,
            Test::Any(None) => is_named,
            Test::Any(Some(prefix)) => {
                is_named && self.name(found).split_once(':').is_some_and(|(before, _)| before == prefix)
            }
            Test::Name(name) => is_named && self.name(found) == name,
            Test::Text => matches!(content, Some(Content::Text(_) | Content::CData(_))),
            Test::Comment => matches!(content, Some(Content::Comment(_))),
            Test::Instruction => matches!(content, Some(Content::Instruction(_))),
        }
    }

    // ---- values

    fn string_of(&self, found: Found) -> String {
        match found {
            Found::Node(id) => self.tree.string_value(id),
            Found::Attribute(id, at) => {
                self.tree.attributes(id).get(at).map(|(_, value)| value.clone()).unwrap_or_default()
            }
        }
    }

    fn text(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Truth(truth) => truth.to_string(),
            Value::Number(number) if number.is_nan() => "NaN".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Nodes(nodes) => nodes.first().map(|node| self.string_of(*node)).unwrap_or_default(),
        }
    }

    fn number(&self, value: &Value) -> f64 {
        match value {
            Value::Number(number) => *number,
            Value::Truth(truth) => f64::from(u8::from(*truth)),
            other => self.text(other).trim().parse().unwrap_or(f64::NAN),
        }
    }

    fn truth(&self, value: &Value) -> bool {
        match value {
            Value::Truth(truth) => *truth,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Text(text) => !text.is_empty(),
            Value::Nodes(nodes) => !nodes.is_empty(),
        }
    }

    fn binary(
        &self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        context: &Context,
    ) -> Result<Value, String> {
        let a = self.value(left, context)?;
        match operator {
            Operator::Or if self.truth(&a) => return Ok(Value::Truth(true)),
            Operator::And if !self.truth(&a) => return Ok(Value::Truth(false)),
            _ => {}
        }
        let b = self.value(right, context)?;
        let numbers = |compute: fn(f64, f64) -> f64| Value::Number(compute(self.number(&a), self.number(&b)));
        Ok(match operator {
            Operator::Or | Operator::And => Value::Truth(self.truth(&b)),
            Operator::Add => numbers(|a, b| a + b),
            Operator::Subtract => numbers(|a, b| a - b),
            Operator::Multiply => numbers(|a, b| a * b),
            Operator::Divide => numbers(|a, b| a / b),
            Operator::Remainder => numbers(|a, b| a % b),
            Operator::Union => match (a, b) {
                (Value::Nodes(mut a), Value::Nodes(b)) => {
                    a.extend(b);
                    Value::Nodes(self.in_order(a))
                }
                _ => return Err("`|` needs nodes on both sides".to_owned()),
            },
            compare => Value::Truth(self.compare(compare, &a, &b)),
        })
    }

    /// Nodes compare if any of them does.
    fn compare(&self, operator: Operator, a: &Value, b: &Value) -> bool {
        let each =
            |nodes: &[Found]| nodes.iter().map(|n| Value::Text(self.string_of(*n))).collect::<Vec<_>>();
        match (a, b) {
            (Value::Nodes(_), Value::Truth(_)) | (Value::Truth(_), Value::Nodes(_)) => {
                self.compare_plain(operator, &Value::Truth(self.truth(a)), &Value::Truth(self.truth(b)))
            }
            (Value::Nodes(nodes), other) => {
                each(nodes).iter().any(|text| self.compare(operator, text, other))
            }
            (other, Value::Nodes(nodes)) => {
                each(nodes).iter().any(|text| self.compare_plain(operator, other, text))
            }
            _ => self.compare_plain(operator, a, b),
        }
    }

    fn compare_plain(&self, operator: Operator, a: &Value, b: &Value) -> bool {
        let equal = || match (a, b) {
            (Value::Truth(_), _) | (_, Value::Truth(_)) => self.truth(a) == self.truth(b),
            (Value::Number(_), _) | (_, Value::Number(_)) => self.number(a) == self.number(b),
            _ => self.text(a) == self.text(b),
        };
        match operator {
            Operator::Equal => equal(),
            Operator::NotEqual => !equal(),
            Operator::Less => self.number(a) < self.number(b),
            Operator::LessEqual => self.number(a) <= self.number(b),
            Operator::Greater => self.number(a) > self.number(b),
            _ => self.number(a) >= self.number(b),
        }
    }

    fn call(&self, name: &str, arguments: &[Expr], context: &Context) -> Result<Value, String> {
        let given = arguments.iter().map(|a| self.value(a, context)).collect::<Result<Vec<_>, _>>()?;
        let own = Value::Nodes(vec![context.node]);
        let at = |n: usize| given.get(n).ok_or_else(|| format!("{name}() lacks an argument"));
        let or_own = given.first().unwrap_or(&own);
        let text = |n: usize| at(n).map(|value| self.text(value));
        let first_name = || match or_own {
            Value::Nodes(nodes) => nodes.first().map_or("", |node| self.name(*node)).to_owned(),
            _ => String::new(),
        };
        Ok(match name {
            "last" => Value::Number(context.size as f64),
            "position" => Value::Number(context.position as f64),
            "count" => match at(0)? {
                Value::Nodes(nodes) => Value::Number(nodes.len() as f64),
                _ => return Err("count() needs nodes".to_owned()),
            },
            "sum" => match at(0)? {
                Value::Nodes(nodes) => {
                    Value::Number(nodes.iter().map(|n| self.number(&Value::Text(self.string_of(*n)))).sum())
                }
                _ => return Err("sum() needs nodes".to_owned()),
            },
            "name" => Value::Text(first_name()),
            "local-name" => Value::Text(first_name().rsplit(':').next().unwrap_or_default().to_owned()),
            "string" => Value::Text(self.text(or_own)),
            "number" => Value::Number(self.number(or_own)),
            "boolean" => Value::Truth(self.truth(at(0)?)),
            "not" => Value::Truth(!self.truth(at(0)?)),
            "true" => Value::Truth(true),
            "false" => Value::Truth(false),
            "contains" => Value::Truth(text(0)?.contains(&text(1)?)),
            "starts-with" => Value::Truth(text(0)?.starts_with(&text(1)?)),
            "concat" => Value::Text(given.iter().map(|value| self.text(value)).collect()),
            "string-length" => Value::Number(self.text(or_own).chars().count() as f64),
            "normalize-space" => {
                Value::Text(self.text(or_own).split_whitespace().collect::<Vec<_>>().join(" "))
            }
            "substring-before" => Value::Text(
                text(0)?.split_once(&text(1)?).map(|(before, _)| before.to_owned()).unwrap_or_default(),
            ),
            "substring-after" => Value::Text(
                text(0)?.split_once(&text(1)?).map(|(_, after)| after.to_owned()).unwrap_or_default(),
            ),
            "substring" => {
                let start = self.number(at(1)?).round();
                let end = given.get(2).map_or(f64::INFINITY, |length| start + self.number(length).round());
                let inside = |n: usize| (n + 1) as f64 >= start && ((n + 1) as f64) < end;
                Value::Text(
                    text(0)?.chars().enumerate().filter(|(n, _)| inside(*n)).map(|(_, c)| c).collect(),
                )
            }
            "translate" => {
                let (from, to) = (text(1)?, text(2)?);
                let swap = |c: char| match from.chars().position(|f| f == c) {
                    Some(place) => to.chars().nth(place),
                    None => Some(c),
                };
                Value::Text(text(0)?.chars().filter_map(swap).collect())
            }
            "floor" => Value::Number(self.number(at(0)?).floor()),
            "ceiling" => Value::Number(self.number(at(0)?).ceil()),
            "round" => Value::Number(self.number(at(0)?).round()),
            other => return Err(format!("the function {other}() is not known")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::parse as parse_xml;
    use super::super::xpath::parse;
    use super::*;

    const SHOP: &str = "<shop xmlns='urn:x'><book lang='en' n='1'><title>One</title><price>29.5</price></book>\
        <book lang='fr' n='2'><title>Deux</title><price>40</price><!--c--></book><x:pen xmlns:x='y'/>text</shop>";

    fn found(path: &str) -> String {
        let tree = parse_xml(SHOP).unwrap();
        let expr = match parse(path) {
            Ok(expr) => expr,
            Err(why) => return why,
        };
        match find(&tree, tree.root().unwrap(), &expr) {
            Ok(nodes) => {
                let shown = |node: &Found| match node {
                    Found::Node(id) => match tree.content(*id) {
                        Content::Element { name, .. } => format!("{name}:{}", tree.string_value(*id)),
                        other => format!("{other:?}"),
                    },
                    Found::Attribute(id, at) => format!("@{:?}", tree.attributes(*id)[*at]),
                };
                nodes.iter().map(shown).collect::<Vec<_>>().join(" ")
            }
            Err(why) => why,
        }
    }

    #[test]
    fn documented_forms() {
        assert_eq!(found("book[2]/title"), "title:Deux");
        assert_eq!(found("/shop/book[last()]/price"), "price:40");
        assert_eq!(found("//title"), "title:One title:Deux");
        assert_eq!(found("//title | //price"), "title:One price:29.5 title:Deux price:40");
        assert_eq!(found("book[@lang=\"fr\"]/@n"), "@(\"n\", \"2\")");
        assert_eq!(found("book[title='One']/.."), found("."));
        assert_eq!(found("book[price>30]/title"), "title:Deux");
        assert_eq!(found("book[@lang='fr'][1]/title"), "title:Deux");
        assert_eq!(found("book[2][@lang='en']"), "");
        assert_eq!(found("book[contains(@lang,'e')]/title/text()"), "Text(\"One\")");
        assert_eq!(found("*[local-name()='pen']"), "x:pen:");
        assert_eq!(found("x:pen"), "x:pen:");
        assert_eq!(found("(//title)[2]"), "title:Deux");
        assert_eq!(found("//book[position()=2 and not(@lang='en')]/preceding-sibling::*/title"), "title:One");
        assert_eq!(found("/*/book[count(*)=2]/title"), "title:One title:Deux");
        assert_eq!(found("text()"), "Text(\"text\")");
    }

    #[test]
    fn mistakes_are_told() {
        for bad in ["", "/[", "book[", "a b", "count(", "1+", "1", "foo(1)", "a::b", "//", "'x"] {
            let tree = parse_xml(SHOP).unwrap();
            let done = parse(bad).and_then(|expr| find(&tree, DOCUMENT, &expr));
            assert!(done.is_err(), "{bad}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"a[".repeat(100_000)).is_err());
    }
}
