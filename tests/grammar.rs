//! Holds the parser against `grammar/4d.ebnf`: programs made at random from the grammar must parse
//! without complaint, and the printed tree must parse to the same tree.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // tests stand outside of the host

use fourd::syntax::{NoNames, Parsed, ast, parse, print};
use fourd::text::{Format, Source, render};
use std::collections::HashMap;

/// The right side of a rule.
#[derive(Debug)]
enum Node {
    Text(String),
    Rule(String),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Optional(Box<Node>),
    Repeated(Box<Node>),
}

/// Reads the notation described at the top of the grammar.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with("(*") {
                return;
            }
            let end = self.rest.find("*)").expect("comment ends");
            self.rest = &self.rest[end + 2..];
        }
    }

    fn take(&mut self, sign: char) -> bool {
        self.skip();
        let found = self.rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn word(&mut self) -> Option<&'a str> {
        self.skip();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn rules(&mut self) -> HashMap<String, Node> {
        let mut rules = HashMap::new();
        while let Some(name) = self.word() {
            assert!(self.take('='), "`=` after {name}");
            rules.insert(name.to_owned(), self.choice());
            assert!(self.take(';'), "`;` ends {name}");
        }
        assert!(self.rest.is_empty(), "left over: {}", self.rest);
        rules
    }

    fn choice(&mut self) -> Node {
        let mut list = vec![self.sequence()];
        while self.take('|') {
            list.push(self.sequence());
        }
        if list.len() == 1 { list.remove(0) } else { Node::Choice(list) }
    }

    fn sequence(&mut self) -> Node {
        let mut list = Vec::new();
        loop {
            if self.take('"') {
                let (text, rest) = self.rest.split_once('"').expect("text ends");
                self.rest = rest;
                list.push(Node::Text(text.to_owned()));
            } else if self.take('[') {
                list.push(Node::Optional(Box::new(self.choice())));
                assert!(self.take(']'));
            } else if self.take('{') {
                list.push(Node::Repeated(Box::new(self.choice())));
                assert!(self.take('}'));
            } else if let Some(name) = self.word() {
                list.push(Node::Rule(name.to_owned()));
            } else {
                return Node::Sequence(list);
            }
        }
    }
}

/// A generator of numbers with a fixed seed (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

const TOKENS: &[(&str, &[&str])] = &[
    ("NL", &["\n", "\n", "\n\n", " // a remark\n", "\t\n"]),
    ("LOCAL", &["$a", "$total", "$1", "$4DZ", "$été"]),
    ("NAME", &["vTotal", "Customer_Name", "x1", "größe", "_hidden"]),
    ("INTERPROCESS", &["<>counter", "<>x1"]),
    ("FIELD", &["[People]Age", "[Orders]Total"]),
    ("TABLE", &["[People]"]),
    ("TYPENAME", &["Text", "Integer", "Object", "Invoice"]),
    ("CONSTANT", &["Is text", "Is text:K8:3", "Carriage return", "Line feed"]),
    ("COMMAND", &["Length", "New object", "Current date", "String:C10", "Uppercase", "ALERT"]),
    ("INTEGER", &["0", "42", "2147483647", "0x1F"]),
    ("REAL", &["1.5", "0.25", "3000000000"]),
    ("TEXT", &["\"\"", "\"text\"", "\"with \\\"quotes\\\"\\n\"", "\"// no remark\"", "\"日本\""]),
    ("SQL", &["SELECT 1 FROM T\n", "", "  SELECT \"x\" |\n\n INTO :a\n"]),
    ("DATE", &["!2024-01-31!", "!00-00-00!"]),
    ("TIME", &["?12:30:00?", "?00:00:01?"]),
];

fn is_token(name: &str) -> bool {
    TOKENS.iter().any(|(token, _)| *token == name)
}

/// Makes programs.
struct Maker<'a> {
    rules: &'a HashMap<String, Node>,
    /// The least depth of rules that each rule needs.
    least: HashMap<&'a str, usize>,
    dice: Dice,
    out: String,
}

fn least_of(node: &Node, known: &HashMap<&str, usize>) -> Option<usize> {
    match node {
        Node::Text(_) | Node::Optional(_) | Node::Repeated(_) => Some(0),
        Node::Rule(name) if is_token(name) => Some(0),
        Node::Rule(name) => known.get(name.as_str()).map(|depth| depth + 1),
        Node::Sequence(list) => {
            list.iter().map(|node| least_of(node, known)).try_fold(0, |most, n| Some(most.max(n?)))
        }
        Node::Choice(list) => list.iter().filter_map(|node| least_of(node, known)).min(),
    }
}

impl<'a> Maker<'a> {
    fn new(rules: &'a HashMap<String, Node>, seed: u64) -> Self {
        let mut least = HashMap::new();
        while least.len() < rules.len() {
            let before = least.len();
            for (name, node) in rules {
                if let Some(depth) = least_of(node, &least) {
                    least.entry(name.as_str()).or_insert(depth);
                }
            }
            assert!(least.len() > before, "a rule has no end, or a name is unknown");
        }
        Self { rules, least, dice: Dice(seed), out: String::new() }
    }

    /// Two words are kept apart.
    fn put(&mut self, text: &str) {
        let joins = |c: char| c.is_alphanumeric() || "_$#".contains(c);
        let ends = self.out.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        if ends && text.chars().next().is_some_and(joins) {
            self.out.push(' ');
        }
        self.out.push_str(text);
    }

    fn make(&mut self, node: &'a Node, budget: usize) {
        match node {
            Node::Text(text) => self.put(text),
            Node::Rule(name) => match TOKENS.iter().find(|(token, _)| token == name) {
                Some((_, texts)) => {
                    let text = texts[self.dice.roll(texts.len())];
                    self.put(text);
                }
                None => self.make(&self.rules[name], budget.saturating_sub(1)),
            },
            Node::Sequence(list) => list.iter().for_each(|node| self.make(node, budget)),
            Node::Choice(list) => {
                let least = |node: &&Node| least_of(node, &self.least).unwrap_or(usize::MAX);
                let mut able: Vec<&Node> = list.iter().filter(|node| least(node) < budget).collect();
                if able.is_empty() {
                    able.extend(list.iter().min_by_key(least));
                }
                let chosen = able[self.dice.roll(able.len())];
                self.make(chosen, budget);
            }
            Node::Optional(inner) => {
                if budget > 0 && self.dice.roll(2) == 0 {
                    self.make(inner, budget);
                }
            }
            Node::Repeated(inner) => {
                while budget > 1 && self.dice.roll(5) < 2 {
                    self.make(inner, budget - 1);
                }
            }
        }
    }
}

fn read() -> HashMap<String, Node> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/4d.ebnf");
    let text = std::fs::read_to_string(path).expect("grammar");
    Reader { rest: &text }.rules()
}

fn source(path: &str, text: &str) -> (Source, Parsed) {
    let source = Source::new(path, text.to_owned());
    let parsed = parse(&source, &NoNames);
    (source, parsed)
}

/// A tree without its places.
fn bare(file: &ast::File) -> String {
    let text = format!("{file:?}");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        out.push_str(before);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out + rest
}

fn complaints(source: &Source, parsed: &Parsed) -> String {
    let format = Format::Human { colour: false };
    parsed.diagnostics.iter().map(|d| render(source, d, format)).collect()
}

fn hold(start: &str, path: &str, programs: u64) {
    let rules = read();
    for seed in 1..=programs {
        let mut maker = Maker::new(&rules, seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        maker.make(&rules[start], 14 + (seed % 12) as usize);
        let text = maker.out;
        let (file, parsed) = source(path, &text);
        let found = complaints(&file, &parsed);
        assert!(found.is_empty(), "program {seed}:\n{text}\n{found}");
        let printed = print::file(&parsed.file);
        let (file, again) = source(path, &printed);
        let found = complaints(&file, &again);
        assert!(found.is_empty(), "program {seed}, printed:\n{text}\n---\n{printed}\n{found}");
        assert_eq!(bare(&parsed.file), bare(&again.file), "program {seed}:\n{text}\n---\n{printed}");
    }
}

#[test]
fn methods_made_from_the_grammar_parse() {
    hold("method", "method.4dm", 3000);
}

#[test]
fn classes_made_from_the_grammar_parse() {
    hold("class", "Classes/Made.4dm", 1500);
}

#[test]
fn every_rule_is_used() {
    let rules = read();
    let mut used = vec!["method".to_owned(), "class".to_owned()];
    let mut next = 0;
    while next < used.len() {
        let node = &rules[&used[next]];
        next += 1;
        names(node, &mut |name| {
            if rules.contains_key(name) && !used.iter().any(|known| known == name) {
                used.push(name.to_owned());
            }
        });
    }
    let lost: Vec<_> = rules.keys().filter(|name| !used.contains(name)).collect();
    assert!(lost.is_empty(), "rules that nothing refers to: {lost:?}");
}

fn names(node: &Node, see: &mut impl FnMut(&str)) {
    match node {
        Node::Text(_) => {}
        Node::Rule(name) => see(name),
        Node::Sequence(list) | Node::Choice(list) => list.iter().for_each(|node| names(node, see)),
        Node::Optional(inner) | Node::Repeated(inner) => names(inner, see),
    }
}
