//! Tree → source text. The text parses to the same tree, but for places; comments and layout are
//! not in the tree. Command and constant names are those of the catalog.

use super::ast::{
    Argument, AssignOp, BinaryOp, Block, Class, Expr, ExprKind, File, FileBody, FunctionDeclaration,
    FunctionRole, Member, MemberKind, Modifiers, Parameter, Signature, Statement, StatementKind, Step,
    StepKind, TypeRef, UnaryOp, VarGroup, VariableScope,
};
use crate::text::Name;
use std::fmt::Write;

/// The source text of a file.
#[must_use]
pub fn file(file: &File) -> String {
    print_file(file, false)
}

/// The same with the token suffixes of commands and constants: `String:C10(1)`.
#[must_use]
pub fn file_with_tokens(file: &File) -> String {
    print_file(file, true)
}

fn print_file(file: &File, tokens: bool) -> String {
    let mut printer = Printer { tokens, ..Printer::default() };
    if let Some(attributes) = &file.attributes {
        let _ = writeln!(printer.out, "//%attributes = {attributes}");
        if attributes.ends_with('\\') {
            // The comment goes on in the next line, which so cannot be one of code.
            printer.out.push('\n');
        }
    }
    match &file.body {
        FileBody::Method(block) => printer.block(block),
        FileBody::Class(class) => printer.class(class),
    }
    printer.out
}

/// The source text of an expression.
#[must_use]
pub fn expression(value: &Expr) -> String {
    let mut printer = Printer::default();
    printer.expr(value);
    printer.out
}

#[derive(Default)]
struct Printer {
    out: String,
    depth: usize,
    tokens: bool,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push('\t');
        }
    }

    fn line(&mut self, text: &str) {
        self.indent();
        self.put(text);
        self.out.push('\n');
    }

    fn head(&mut self, keyword: &str, condition: &Expr) {
        self.indent();
        self.put(keyword);
        self.put(" (");
        self.expr(condition);
        self.put(")\n");
    }

    fn inner(&mut self, block: &Block) {
        self.depth += 1;
        self.block(block);
        self.depth -= 1;
    }

    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::If { condition, then, otherwise } => {
                self.head("If", condition);
                self.inner(then);
                self.other("Else", otherwise.as_ref());
                self.line("End if");
            }
            StatementKind::Case { branches, otherwise } => {
                self.line("Case of");
                self.depth += 1;
                for branch in branches {
                    self.head(":", &branch.condition);
                    self.inner(&branch.body);
                }
                self.other("Else", otherwise.as_ref());
                self.depth -= 1;
                self.line("End case");
            }
            StatementKind::While { condition, body } => {
                self.head("While", condition);
                self.inner(body);
                self.line("End while");
            }
            StatementKind::Repeat { body, until } => {
                self.line("Repeat");
                self.inner(body);
                self.head("Until", until);
            }
            StatementKind::For(head) => {
                self.indent();
                self.put("For (");
                let parts = [Some(&head.counter), Some(&head.from), Some(&head.to), head.step.as_ref()];
                self.list(&parts);
                self.put(")\n");
                self.inner(&head.body);
                self.line("End for");
            }
            StatementKind::ForEach(head) => {
                self.indent();
                self.put("For each (");
                let parts = [Some(&head.item), Some(&head.over), head.begin.as_ref(), head.end.as_ref()];
                self.list(&parts);
                self.put(")");
                if let Some((is_while, condition)) = &head.condition {
                    self.put(if *is_while { " While (" } else { " Until (" });
                    self.expr(condition);
                    self.put(")");
                }
                self.put("\n");
                self.inner(&head.body);
                self.line("End for each");
            }
            StatementKind::Use { object, body } => {
                self.head("Use", object);
                self.inner(body);
                self.line("End use");
            }
            StatementKind::Try { body, catch } => {
                self.line("Try");
                self.inner(body);
                self.other("Catch", catch.as_ref());
                self.line("End try");
            }
            StatementKind::Sql(text) => {
                self.line("Begin SQL");
                self.put(text.trim_matches(['\r', '\n']));
                self.put("\n");
                self.line("End SQL");
            }
            simple => {
                self.indent();
                self.simple(simple);
                self.put("\n");
            }
        }
    }

    fn other(&mut self, keyword: &str, block: Option<&Block>) {
        if let Some(block) = block {
            self.line(keyword);
            self.inner(block);
        }
    }

    fn simple(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Declare(signature) => {
                self.put("#DECLARE");
                self.signature(signature);
            }
            StatementKind::Var(groups) => self.variables(groups),
            StatementKind::Assign { target, operator, value } => self.assign(target, *operator, value),
            StatementKind::Expression(value) => self.expr(value),
            StatementKind::Return(value) => {
                self.put("return");
                if let Some(value) = value {
                    self.put(" ");
                    self.expr(value);
                }
            }
            StatementKind::Break => self.put("break"),
            StatementKind::Continue => self.put("continue"),
            // What could not be read cannot be written.
            _ => self.put("// not understood"),
        }
    }

    fn assign(&mut self, target: &Expr, operator: AssignOp, value: &Expr) {
        self.expr(target);
        self.put(match operator {
            AssignOp::Set => ":=",
            AssignOp::Add => "+=",
            AssignOp::Subtract => "-=",
            AssignOp::Multiply => "*=",
            AssignOp::Divide => "/=",
        });
        self.expr(value);
    }

    fn list(&mut self, parts: &[Option<&Expr>]) {
        for (index, part) in parts.iter().flatten().enumerate() {
            self.put(if index > 0 { "; " } else { "" });
            self.expr(part);
        }
    }

    fn variables(&mut self, groups: &[VarGroup]) {
        self.put("var ");
        for (index, group) in groups.iter().enumerate() {
            self.put(if index > 0 { "; " } else { "" });
            for (index, variable) in group.variables.iter().enumerate() {
                self.put(if index > 0 { "; " } else { "" });
                self.put(match variable.scope {
                    VariableScope::Local => "$",
                    VariableScope::Process => "",
                    VariableScope::Interprocess => "<>",
                });
                self.put(&variable.name);
            }
            self.typed(group.ty.as_ref());
            self.initial(group.value.as_ref());
        }
    }

    fn initial(&mut self, value: Option<&Expr>) {
        if let Some(value) = value {
            self.put(":=");
            self.expr(value);
        }
    }

    fn typed(&mut self, ty: Option<&TypeRef>) {
        if let Some(ty) = ty {
            self.put(" : ");
            self.type_ref(ty);
        }
    }

    fn type_ref(&mut self, ty: &TypeRef) {
        self.path(&ty.path);
    }

    fn path(&mut self, path: &[Name]) {
        for (index, part) in path.iter().enumerate() {
            self.put(if index > 0 { "." } else { "" });
            self.put(part);
        }
    }

    fn signature(&mut self, signature: &Signature) {
        self.put("(");
        for (index, Parameter { name, ty, .. }) in signature.parameters.iter().enumerate() {
            self.put(if index > 0 { "; $" } else { "$" });
            self.put(name);
            self.typed(ty.as_ref());
        }
        if let Some(ty) = &signature.variadic {
            self.put(if signature.parameters.is_empty() { "..." } else { "; ..." });
            self.typed(ty.as_ref());
        }
        self.put(")");
        if let Some(result) = &signature.result {
            if let Some(name) = &result.name {
                self.put(" -> $");
                self.put(name);
            }
            self.typed(result.ty.as_ref());
        }
    }

    fn class(&mut self, class: &Class) {
        if let Some(parent) = &class.extends {
            self.put("Class extends ");
            self.type_ref(parent);
            self.put("\n");
        }
        for Member { kind, .. } in &class.members {
            match kind {
                MemberKind::Property { names, ty, value } => {
                    self.put("property ");
                    for (index, (name, _)) in names.iter().enumerate() {
                        self.put(if index > 0 { "; " } else { "" });
                        self.put(name);
                    }
                    self.typed(ty.as_ref());
                    self.initial(value.as_ref());
                    self.put("\n");
                }
                MemberKind::Alias { exposed, name, path } => {
                    self.put(if *exposed { "exposed Alias " } else { "Alias " });
                    self.put(name);
                    self.put(" ");
                    self.path(path);
                    self.put("\n");
                }
                MemberKind::Constructor(function) => self.function("Class constructor", function),
                MemberKind::Function(function) => self.function("Function ", function),
            }
        }
    }

    fn function(&mut self, keyword: &str, function: &FunctionDeclaration) {
        self.modifiers(function.modifiers);
        self.put(keyword);
        self.put(match function.role {
            FunctionRole::Plain => "",
            FunctionRole::Get => "get ",
            FunctionRole::Set => "set ",
            FunctionRole::Query => "query ",
            FunctionRole::OrderBy => "orderBy ",
            FunctionRole::Event => "event ",
        });
        self.put(&function.name);
        self.signature(&function.signature);
        self.put("\n");
        self.inner(&function.body);
    }

    fn modifiers(&mut self, modifiers: Modifiers) {
        let words = [
            (modifiers.exposed, "exposed "),
            (modifiers.local, "local "),
            (modifiers.server, "server "),
            (modifiers.shared, "shared "),
            (modifiers.session, "session "),
            (modifiers.singleton, "singleton "),
            (modifiers.on_http_get, "onHTTPGet "),
        ];
        for (_, word) in words.iter().filter(|(set, _)| *set) {
            self.put(word);
        }
    }

    fn expr(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Integer(n) => drop(write!(self.out, "{n}")),
            ExprKind::Real(n) => self.real(*n),
            ExprKind::Text(text) => self.text(text),
            ExprKind::Date { year, month, day } => {
                let _ = write!(self.out, "!{year:04}-{month:02}-{day:02}!");
            }
            ExprKind::Time(seconds) => {
                let (hours, rest) = (seconds / 3600, seconds % 3600);
                let _ = write!(self.out, "?{hours:02}:{:02}:{:02}?", rest / 60, rest % 60);
            }
            ExprKind::Local(name) => self.marked("$", name),
            ExprKind::Interprocess(name) => self.marked("<>", name),
            ExprKind::Name(name) => self.put(name),
            ExprKind::Call { name, arguments } => {
                self.put(name);
                self.arguments(arguments);
            }
            ExprKind::Command { id, arguments } => {
                self.put(id.info().name);
                if self.tokens {
                    let _ = write!(self.out, ":C{}", id.0);
                }
                if let Some(arguments) = arguments {
                    self.arguments(arguments);
                }
            }
            ExprKind::Constant(id) => {
                self.put(id.info().name);
                if let Some((theme, number)) = id.info().token.filter(|_| self.tokens) {
                    let _ = write!(self.out, ":K{theme}:{number}");
                }
            }
            ExprKind::Table(name) => self.wrapped("[", name, "]"),
            ExprKind::Field { table, field } => {
                // Where the name got lost, only a number with that of a table is a field.
                let number = if field.starts_with(':') { ":0]" } else { "]" };
                self.wrapped("[", table, number);
                self.put(field);
            }
            ExprKind::ParameterAt(index) => self.around("${", index, "}"),
            ExprKind::Object(pairs) => self.object(pairs),
            ExprKind::Collection(values) => {
                self.put("[");
                let start = self.out.len();
                let values: Vec<_> = values.iter().map(Some).collect();
                self.list(&values);
                self.spread(start);
                self.put("]");
            }
            ExprKind::Group(inner) => self.around("(", inner, ")"),
            ExprKind::Chain { first, rest } => {
                self.expr(first);
                for (operator, operand) in rest {
                    self.put(spelling(*operator));
                    self.expr(operand);
                }
            }
            ExprKind::Unary { operator, operand } => {
                self.put(if *operator == UnaryOp::Minus { "-" } else { "+" });
                self.expr(operand);
            }
            ExprKind::AddressOf(operand) => self.around("->", operand, ""),
            ExprKind::Postfix { base, steps } => {
                self.expr(base);
                for step in steps {
                    self.step(step);
                }
            }
            ExprKind::Ternary { condition, then, otherwise } => {
                self.expr(condition);
                self.around(" ? ", then, " : ");
                self.expr(otherwise);
            }
            ExprKind::Try(inner) => self.around("Try(", inner, ")"),
            ExprKind::Assign { target, operator, value } => self.assign(target, *operator, value),
            ExprKind::Invalid => self.put("/* not understood */"),
        }
    }

    fn around(&mut self, open: &str, inner: &Expr, close: &str) {
        self.put(open);
        self.expr(inner);
        self.put(close);
    }

    fn apart(&mut self, open: &str, inner: &Expr, close: &str) {
        self.put(open);
        let start = self.out.len();
        self.expr(inner);
        self.spread(start);
        self.put(close);
    }

    /// Two square brackets in a row are a token of their own: spaces keep ours from those inside.
    fn spread(&mut self, start: usize) {
        if self.out[start..].starts_with('[') {
            self.out.insert(start, ' ');
        }
        if self.out[start..].ends_with(']') {
            self.out.push(' ');
        }
    }

    fn marked(&mut self, mark: &str, name: &Name) {
        self.put(mark);
        self.put(name);
    }

    fn wrapped(&mut self, open: &str, name: &Name, close: &str) {
        self.put(open);
        self.put(name);
        self.put(close);
    }

    /// A number with a fraction, so that it does not become an integer.
    fn real(&mut self, n: f64) {
        let text = n.to_string();
        self.put(&text);
        if n.is_finite() && !text.contains('.') && n.abs() <= f64::from(i32::MAX) {
            self.put(".0");
        }
    }

    fn text(&mut self, text: &str) {
        self.put("\"");
        for c in text.chars() {
            match c {
                '"' => self.put("\\\""),
                '\\' => self.put("\\\\"),
                '\n' => self.put("\\n"),
                '\r' => self.put("\\r"),
                '\t' => self.put("\\t"),
                c => self.out.push(c),
            }
        }
        self.put("\"");
    }

    fn object(&mut self, pairs: &[(Name, Expr)]) {
        self.put("{");
        for (index, (name, value)) in pairs.iter().enumerate() {
            self.put(if index > 0 { "; " } else { "" });
            let mut letters = name.chars();
            let simple = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
                && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
            if simple {
                self.put(name)
            } else {
                self.text(name)
            }
            self.around(": ", value, "");
        }
        self.put("}");
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Member(name) => self.marked(".", name),
            StepKind::Method(name, arguments) => {
                self.marked(".", name);
                self.arguments(arguments);
            }
            StepKind::Index(index) => self.apart("[", index, "]"),
            StepKind::Element(index) => self.around("{", index, "}"),
            StepKind::Character(index) => self.apart("[[", index, "]]"),
            StepKind::Dereference => self.put("->"),
            StepKind::Call(arguments) => self.arguments(arguments),
        }
    }

    fn arguments(&mut self, arguments: &[Argument]) {
        self.put("(");
        for (index, argument) in arguments.iter().enumerate() {
            self.put(if index > 0 { "; " } else { "" });
            match argument {
                Argument::Value(value) => self.expr(value),
                Argument::Star => self.put("*"),
                Argument::Greater => self.put(">"),
                Argument::Less => self.put("<"),
                Argument::Operator(operator) => self.put(spelling(*operator)),
                Argument::Omitted => {}
            }
        }
        // A semicolon at the end adds no argument, so an omitted last one needs another.
        if arguments.last() == Some(&Argument::Omitted) {
            self.put(";");
        }
        self.put(")");
    }
}

fn spelling(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Add => " + ",
        BinaryOp::Subtract => " - ",
        BinaryOp::Multiply => " * ",
        BinaryOp::Divide => " / ",
        BinaryOp::IntegerDivide => " \\ ",
        BinaryOp::Modulo => " % ",
        BinaryOp::Power => " ^ ",
        BinaryOp::Equal => " = ",
        BinaryOp::NotEqual => " # ",
        BinaryOp::Less => " < ",
        BinaryOp::LessOrEqual => " <= ",
        BinaryOp::Greater => " > ",
        BinaryOp::GreaterOrEqual => " >= ",
        BinaryOp::And => " & ",
        BinaryOp::Or => " | ",
        BinaryOp::ExclusiveOr => " ^| ",
        BinaryOp::ShiftLeft => " << ",
        BinaryOp::ShiftRight => " >> ",
        BinaryOp::BitSet => " ?+ ",
        BinaryOp::BitClear => " ?- ",
        BinaryOp::BitTest => " ?? ",
        BinaryOp::AndThen => " && ",
        BinaryOp::OrElse => " || ",
    }
}
