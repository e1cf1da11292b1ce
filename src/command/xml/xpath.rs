//! XPath 1.0, read into a tree of expressions; `xpath_eval` computes them. Names are compared as they are
//! written, prefix and all: 4D knows no other bindings. `Source: commands/dom-find-xml-element`

/// Brackets and steps nested deeper are an error.
const DEEPEST: u32 = 64;
/// No path that a person writes is longer.
const LONGEST: usize = 4000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
    Attribute,
    Own,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// `*`, or `prefix:*`
    Any(Option<String>),
    Name(String),
    Node,
    Text,
    Comment,
    Instruction,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: Test,
    pub predicates: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Union,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Number(f64),
    Text(String),
    Binary(Operator, Box<Expr>, Box<Expr>),
    Negate(Box<Expr>),
    Call(String, Vec<Expr>),
    /// From the document or the context node.
    Path {
        absolute: bool,
        steps: Vec<Step>,
    },
    /// From what an expression gives: `(a | b)[1]/c`.
    From(Box<Expr>, Vec<Expr>, Vec<Step>),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Number(f64),
    Text(String),
    Symbol(&'static str),
}

const SYMBOLS: &[&str] = &[
    "::", "//", "..", "!=", "<=", ">=", "/", ".", "@", "*", "[", "]", "(", ")", ",", "|", "+", "-", "=", "<",
    ">",
];

/// # Errors
/// What is wrong with the path, in a few words.
pub(super) fn parse(path: &str) -> Result<Expr, String> {
    let mut parser = Parser { tokens: tokens(path)?, at: 0, depth: 0 };
    let expr = parser.binary(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!("{token:?} is not expected")),
    }
}

fn tokens(path: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = path.trim_start();
    if path.len() > LONGEST {
        return Err("the path is too long".to_owned());
    }
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' || first == '\'' {
            let inside = rest.get(1..).unwrap_or_default();
            let end = inside.find(first).ok_or("a text has no end")?;
            out.push(Token::Text(inside.get(..end).unwrap_or_default().to_owned()));
            end + 2
        } else if first.is_ascii_digit()
            || (first == '.' && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()))
        {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let number =
                rest.get(..end).and_then(|text| text.parse().ok()).ok_or("a number is not understood")?;
            out.push(Token::Number(number));
            end
        } else if first.is_alphabetic() || first == '_' {
            let end = name_end(rest);
            out.push(Token::Name(rest.get(..end).unwrap_or_default().to_owned()));
            end
        } else {
            let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
            let symbol = symbol.ok_or_else(|| format!("`{first}` is not expected"))?;
            out.push(Token::Symbol(symbol));
            symbol.len()
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(out)
}

/// A name with its prefix; `::` ends it, `prefix:*` is taken without its star.
fn name_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    for (at, character) in text.char_indices() {
        let goes_on = match character {
            ':' => bytes.get(at + 1) != Some(&b':'),
            '.' | '-' | '_' => true,
            other => other.is_alphanumeric(),
        };
        if !goes_on {
            return at;
        }
    }
    text.len()
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: u32,
}

/// From the loosest to the tightest.
const LEVELS: &[&[(&str, Operator)]] = &[
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("=", Operator::Equal), ("!=", Operator::NotEqual)],
    &[
        ("<", Operator::Less),
        ("<=", Operator::LessEqual),
        (">", Operator::Greater),
        (">=", Operator::GreaterEqual),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("div", Operator::Divide), ("mod", Operator::Remainder)],
];

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.peek(), Some(Token::Symbol(found)) if *found == symbol)
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, symbol: &str) -> Result<(), String> {
        if self.take(symbol) { Ok(()) } else { Err(format!("`{symbol}` is missing")) }
    }

    fn binary(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = LEVELS.get(level) else { return self.negation() };
        self.depth += 1;
        if self.depth > DEEPEST * LEVELS.len() as u32 {
            return Err("it is nested too deeply".to_owned());
        }
        let mut left = self.binary(level + 1)?;
        loop {
            let found = match self.peek() {
                Some(Token::Symbol(word)) => operators.iter().find(|(name, _)| name == word),
                Some(Token::Name(word)) => operators.iter().find(|(name, _)| name == word),
                _ => None,
            };
            let Some((_, operator)) = found else { break };
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = Expr::Binary(*operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn negation(&mut self) -> Result<Expr, String> {
        let mut negative = false;
        while self.take("-") {
            negative = !negative;
        }
        let mut left = self.path()?;
        while self.take("|") {
            let right = self.path()?;
            left = Expr::Binary(Operator::Union, Box::new(left), Box::new(right));
        }
        Ok(if negative { Expr::Negate(Box::new(left)) } else { left })
    }

    fn path(&mut self) -> Result<Expr, String> {
        let primary = match self.peek().cloned() {
            Some(Token::Number(number)) => {
                self.at += 1;
                Some(Expr::Number(number))
            }
            Some(Token::Text(text)) => {
                self.at += 1;
                Some(Expr::Text(text))
            }
            Some(Token::Symbol("(")) => {
                self.at += 1;
                let inner = self.binary(0)?;
                self.need(")")?;
                Some(inner)
            }
            Some(Token::Name(name)) if self.calls(&name) => {
                self.at += 2;
                Some(Expr::Call(name, self.arguments()?))
            }
            _ => None,
        };
        if let Some(primary) = primary {
            let predicates = self.predicates()?;
            let steps = if self.is("/") || self.is("//") { self.more_steps()? } else { Vec::new() };
            if predicates.is_empty() && steps.is_empty() {
                return Ok(primary);
            }
            return Ok(Expr::From(Box::new(primary), predicates, steps));
        }
        if self.is("/") || self.is("//") {
            let lone = self.is("/") && !self.begins_step(self.at + 1);
            if lone {
                self.at += 1;
                return Ok(Expr::Path { absolute: true, steps: Vec::new() });
            }
            return Ok(Expr::Path { absolute: true, steps: self.more_steps()? });
        }
        let mut steps = vec![self.step()?];
        steps.extend(self.more_steps()?);
        Ok(Expr::Path { absolute: false, steps })
    }

    fn begins_step(&self, at: usize) -> bool {
        matches!(self.tokens.get(at), Some(Token::Name(_) | Token::Symbol("." | ".." | "@" | "*")))
    }

    /// Whether a name is that of a function: `(` follows, and it is no test of a node's kind.
    fn calls(&self, name: &str) -> bool {
        matches!(self.tokens.get(self.at + 1), Some(Token::Symbol("(")))
            && !matches!(name, "node" | "text" | "comment" | "processing-instruction")
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, String> {
        let mut all = Vec::new();
        if self.take(")") {
            return Ok(all);
        }
        loop {
            all.push(self.binary(0)?);
            if !self.take(",") {
                self.need(")")?;
                return Ok(all);
            }
        }
    }

    fn more_steps(&mut self) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        loop {
            if self.take("//") {
                steps.push(Step { axis: Axis::DescendantOrSelf, test: Test::Node, predicates: Vec::new() });
            } else if !self.take("/") {
                return Ok(steps);
            }
            steps.push(self.step()?);
        }
    }

    fn predicates(&mut self) -> Result<Vec<Expr>, String> {
        let mut all = Vec::new();
        while self.take("[") {
            all.push(self.binary(0)?);
            self.need("]")?;
        }
        Ok(all)
    }

    fn step(&mut self) -> Result<Step, String> {
        let plain = |axis| Step { axis, test: Test::Node, predicates: Vec::new() };
        if self.take("..") {
            return Ok(plain(Axis::Parent));
        }
        if self.take(".") {
            return Ok(plain(Axis::Own));
        }
        let axis = if self.take("@") { Axis::Attribute } else { self.axis()? };
        let test = self.test()?;
        Ok(Step { axis, test, predicates: self.predicates()? })
    }

    fn axis(&mut self) -> Result<Axis, String> {
        let (Some(Token::Name(name)), Some(Token::Symbol("::"))) =
            (self.peek(), self.tokens.get(self.at + 1))
        else {
            return Ok(Axis::Child);
        };
        let axis = match name.as_str() {
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "parent" => Axis::Parent,
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "following-sibling" => Axis::FollowingSibling,
            "preceding-sibling" => Axis::PrecedingSibling,
            "following" => Axis::Following,
            "preceding" => Axis::Preceding,
            "attribute" => Axis::Attribute,
            "self" => Axis::Own,
            other => return Err(format!("there is no axis `{other}`")),
        };
        self.at += 2;
        Ok(axis)
    }

    fn test(&mut self) -> Result<Test, String> {
        if self.take("*") {
            return Ok(Test::Any(None));
        }
        // 4D takes a condition without a name, as in `//[@id="1"]`, for one on any element
        if self.at > 0 && self.is("[") {
            return Ok(Test::Any(None));
        }
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err("a name is missing".to_owned());
        };
        self.at += 1;
        if let Some(prefix) = name.strip_suffix(':') {
            self.need("*")?;
            return Ok(Test::Any(Some(prefix.to_owned())));
        }
        if !self.take("(") {
            return Ok(Test::Name(name));
        }
        if matches!(self.peek(), Some(Token::Text(_))) {
            self.at += 1; // `processing-instruction("name")`
        }
        self.need(")")?;
        match name.as_str() {
            "node" => Ok(Test::Node),
            "text" => Ok(Test::Text),
            "comment" => Ok(Test::Comment),
            "processing-instruction" => Ok(Test::Instruction),
            other => Err(format!("there is no test `{other}()`")),
        }
    }
}

/// The steps of a plain path, as commands take that create elements: names, each with the number of the
/// element of that name, 0 for none given and -1 for the last.
pub(super) fn plain_steps(path: &str) -> Result<(bool, Vec<(String, i64)>), String> {
    let Expr::Path { absolute, steps } = parse(path)? else {
        return Err("a path of names is needed".to_owned());
    };
    let plain = |step: &Step| {
        let (Axis::Child, Test::Name(name)) = (step.axis, &step.test) else {
            return Err("a path of names is needed".to_owned());
        };
        let number = match step.predicates.as_slice() {
            [] => 0,
            [Expr::Number(number)] if *number >= 1.0 && *number < 100_000.0 => *number as i64,
            [Expr::Call(name, none)] if name == "last" && none.is_empty() => -1,
            _ => return Err("a number or last() is needed in square brackets".to_owned()),
        };
        Ok((name.clone(), number))
    };
    Ok((absolute, steps.iter().map(plain).collect::<Result<_, _>>()?))
}
