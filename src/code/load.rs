//! The program as a whole: its methods and classes by name, the numbers of its variables, and the
//! loading of each piece of code when it is first needed.

use super::lower::{Body, Names, lower_body, lower_expression, lower_line};
use super::program::{Code, CodeKind, Constant, LoadError, Slot};
use crate::syntax::ast::{self, ExprKind, FileBody, FunctionRole, MemberKind, Statement, StatementKind};
use crate::syntax::format::{Suffixes, format};
use crate::syntax::token::TokenKind;
use crate::syntax::{KnownNames, parse, parse_tokens, tokenize};
use crate::text::{Name, Severity, Source, Span};
use crate::value::class::{BLOB, ClassData, OBJECT, Singleton};
use crate::value::{Class, Function, Text, Type};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Reads a source file; the only way to the outside that the compiler has.
pub type Reader = Box<dyn Fn(&Path) -> Result<Source, String> + Send + Sync>;

/// Where the sources of a program are.
#[derive(Default)]
pub struct ProgramSources {
    /// Project methods: name and file.
    pub methods: Vec<(Name, PathBuf)>,
    /// Classes: name and file.
    pub classes: Vec<(Name, PathBuf)>,
    /// Tables with their fields, numbered from 1 in order.
    pub tables: Vec<(Name, Vec<Name>)>,
    /// Whether the structure is known and has no tables.
    pub no_tables: bool,
    /// Constants that the project defines.
    pub constants: Vec<(Name, Constant)>,
}

/// Names → numbers of variables, growing as code mentions new ones.
#[derive(Default)]
struct Variables {
    index: FxHashMap<Name, u32>,
    names: Vec<Name>,
}

impl Variables {
    fn number(&mut self, name: &Name) -> u32 {
        let next = self.names.len() as u32;
        let at = *self.index.entry(name.folded()).or_insert(next);
        if at == next {
            self.names.push(name.clone());
        }
        at
    }
}

/// The process variables that 4D keeps, by their numbers: they are there from the start, with their types.
/// `Source: Concepts/variables (System Variables)`
pub const SYSTEM_VARIABLES: [(&str, Type); 14] = [
    ("OK", Type::Integer),
    ("Document", Type::Text),
    ("FldDelimit", Type::Integer),
    ("RecDelimit", Type::Integer),
    ("Error", Type::Integer),
    ("Error line", Type::Integer),
    ("Error method", Type::Text),
    ("Error formula", Type::Text),
    ("MouseDown", Type::Integer),
    ("MouseX", Type::Integer),
    ("MouseY", Type::Integer),
    ("KeyCode", Type::Integer),
    ("Modifiers", Type::Integer),
    ("MouseProc", Type::Integer),
];

struct ClassSlot {
    name: Name,
    path: PathBuf,
    loaded: OnceLock<Result<Class, LoadError>>,
}

/// A 4D program: shared by all its processes, growing only.
pub struct Program {
    read: Reader,
    known: Arc<dyn KnownNames + Send + Sync>,
    methods: FxHashMap<Name, u32>,
    tables: FxHashMap<Name, (u16, FxHashMap<Name, u16>)>,
    no_tables: bool,
    constants: FxHashMap<Name, Constant>,
    slots: RwLock<Vec<Arc<Slot>>>,
    classes: Vec<ClassSlot>,
    class_index: FxHashMap<Name, u32>,
    builtin: RwLock<FxHashMap<Name, Class>>,
    process_variables: RwLock<Variables>,
    interprocess_variables: RwLock<Variables>,
    loading: parking_lot::ReentrantMutex<std::cell::RefCell<Vec<u32>>>,
    counts_statements: bool,
}

impl Program {
    #[must_use]
    pub fn new(sources: ProgramSources, known: Arc<dyn KnownNames + Send + Sync>, read: Reader) -> Self {
        let mut methods = FxHashMap::default();
        let mut slots = Vec::with_capacity(sources.methods.len());
        for (name, path) in sources.methods {
            methods.insert(name.folded(), slots.len() as u32);
            slots.push(Arc::new(Slot::method(name, path)));
        }
        let mut class_index = FxHashMap::default();
        let mut classes = Vec::with_capacity(sources.classes.len());
        for (name, path) in sources.classes {
            class_index.insert(name.clone(), classes.len() as u32);
            classes.push(ClassSlot { name, path, loaded: OnceLock::new() });
        }
        let tables = sources.tables.into_iter().zip(1..).map(|((name, fields), number)| {
            let fields = fields.iter().zip(1..).map(|(f, n)| (f.folded(), n)).collect();
            (name.folded(), (number, fields))
        });
        let mut process_variables = Variables::default();
        for (name, _) in SYSTEM_VARIABLES {
            process_variables.number(&Name::new(name));
        }
        Self {
            read,
            known,
            methods,
            tables: tables.collect(),
            no_tables: sources.no_tables,
            constants: sources.constants.into_iter().map(|(name, value)| (name.folded(), value)).collect(),
            slots: RwLock::new(slots),
            classes,
            class_index,
            builtin: RwLock::default(),
            process_variables: RwLock::new(process_variables),
            interprocess_variables: RwLock::default(),
            loading: parking_lot::ReentrantMutex::new(std::cell::RefCell::default()),
            counts_statements: false,
        }
    }

    /// The same with code that counts how often each of its statements is begun.
    #[must_use]
    pub fn counting_statements(self) -> Self {
        Self { counts_statements: true, ..self }
    }

    /// The methods and functions that have been compiled so far.
    #[must_use]
    pub fn loaded_codes(&self) -> Vec<Arc<Code>> {
        self.slots.read().iter().filter_map(|slot| slot.loaded().cloned()).collect()
    }

    /// The number of a project method; names ignore case.
    #[must_use]
    pub fn method(&self, name: &Name) -> Option<u32> {
        self.methods.get(&name.folded()).copied()
    }

    /// Whether the project's structure is known to have no tables.
    #[must_use]
    pub fn has_no_tables(&self) -> bool {
        self.no_tables
    }

    /// All project methods, in the order of their files.
    #[must_use]
    pub fn method_names(&self) -> Vec<Name> {
        self.slots.read().iter().take(self.methods.len()).map(|s| s.name.clone()).collect()
    }

    /// The source file of a project method, if there is one of that name.
    #[must_use]
    pub fn method_source(&self, name: &Name) -> Option<Result<Arc<Source>, LoadError>> {
        let slot = self.slots.read().get(self.method(name)? as usize).cloned()?;
        Some(self.source(&slot.path))
    }

    /// The source file of a class, if there is one of that name.
    #[must_use]
    pub fn class_source(&self, name: &Name) -> Option<Result<Arc<Source>, LoadError>> {
        let slot = self.classes.get(*self.class_index.get(name)? as usize)?;
        Some(self.source(&slot.path))
    }

    /// The names of the project's classes.
    #[must_use]
    pub fn class_names(&self) -> Vec<Name> {
        self.classes.iter().map(|c| c.name.clone()).collect()
    }

    #[must_use]
    pub fn process_variable(&self, name: &Name) -> u32 {
        if let Some(at) = self.process_variables.read().index.get(&name.folded()) {
            return *at;
        }
        self.process_variables.write().number(name)
    }

    /// The names of all process variables mentioned so far, by number.
    #[must_use]
    pub fn process_variable_names(&self) -> Vec<Name> {
        self.process_variables.read().names.clone()
    }

    #[must_use]
    pub fn interprocess_variable(&self, name: &Name) -> u32 {
        if let Some(at) = self.interprocess_variables.read().index.get(&name.folded()) {
            return *at;
        }
        self.interprocess_variables.write().number(name)
    }

    /// The names of all interprocess variables mentioned so far, by number.
    #[must_use]
    pub fn interprocess_variable_names(&self) -> Vec<Name> {
        self.interprocess_variables.read().names.clone()
    }

    /// The code of a method or function, compiled when it is first asked for.
    ///
    /// # Errors
    /// The file cannot be read or has errors.
    pub fn code(&self, function: u32) -> Result<Arc<Code>, LoadError> {
        let slot = self.slots.read().get(function as usize).cloned();
        let Some(slot) = slot else {
            return Err(unreadable("there is no such function".to_owned()));
        };
        slot.get_or_load(|| self.compile_method(&slot.name, &slot.path))
    }

    fn source(&self, path: &Path) -> Result<Arc<Source>, LoadError> {
        (self.read)(path).map(Arc::new).map_err(unreadable)
    }

    fn compile_method(&self, name: &Name, path: &Path) -> Result<Arc<Code>, LoadError> {
        let source = self.source(path)?;
        self.compile_source(name, &source)
    }

    /// Compiles a method's source.
    ///
    /// # Errors
    /// The source has errors, or is that of a class.
    pub fn compile_source(&self, name: &Name, source: &Arc<Source>) -> Result<Arc<Code>, LoadError> {
        let parsed = parse(source, &*self.known);
        refuse(source, parsed.diagnostics)?;
        let FileBody::Method(block) = &parsed.file.body else {
            return Err(unreadable(format!("{} holds a class, not a method", source.path().display())));
        };
        let attributes = parsed.file.attributes.as_deref().unwrap_or_default();
        let body = Body {
            name: name.clone(),
            kind: CodeKind::Method,
            shared: false,
            on_server: says(attributes, "executedOnServer"),
            signature: None,
            block,
        };
        Ok(Arc::new(lower_body(&body, source, self)))
    }

    /// Compiles a source file of either kind: a method's code, or the codes of all functions of a class.
    ///
    /// # Errors
    /// The source has errors.
    pub fn compile_all(&self, name: &Name, source: &Arc<Source>) -> Result<Vec<Arc<Code>>, LoadError> {
        let parsed = parse(source, &*self.known);
        refuse(source, parsed.diagnostics)?;
        let FileBody::Class(class) = &parsed.file.body else {
            return Ok(vec![self.compile_source(name, source)?]);
        };
        let before = self.slots.read().len() as u32;
        let slot =
            ClassSlot { name: name.clone(), path: source.path().to_path_buf(), loaded: OnceLock::new() };
        self.class_data(&slot, u32::MAX, None, class, source);
        let after = self.slots.read().len() as u32;
        (before..after).map(|function| self.code(function)).collect()
    }

    /// Compiles an expression into a formula: `Formula from string`, `EXECUTE FORMULA`.
    /// A statement (`$a:=1`) is accepted as well if `statements` says so.
    ///
    /// # Errors
    /// The text is no expression.
    pub fn compile_formula(&self, text: &str, statements: bool) -> Result<Arc<Code>, LoadError> {
        let source = Arc::new(Source::new("formula", text.to_owned()));
        let parsed = parse(&source, &*self.known);
        refuse(&source, parsed.diagnostics)?;
        let name = Name::new("Formula");
        let FileBody::Method(block) = &parsed.file.body else {
            return Err(unreadable("a formula is one expression".to_owned()));
        };
        if let [Statement { kind: StatementKind::Expression(e), .. }] = block.as_slice() {
            let mut code = lower_expression(name, e, &source, self);
            code.text = Some(text.into());
            return Ok(Arc::new(code));
        }
        if !statements {
            return Err(unreadable(format!("`{text}` is not one expression")));
        }
        let body =
            Body { name, kind: CodeKind::Formula, shared: false, on_server: false, signature: None, block };
        Ok(Arc::new(lower_body(&body, &source, self)))
    }

    /// Compiles a line for `EXECUTE FORMULA`: its locals are those of the method that runs it, handed over
    /// as cells in the order of `captures`. Nothing for an empty line.
    ///
    /// # Errors
    /// The text is no line of code.
    pub fn compile_line(&self, text: &str) -> Result<Option<Arc<Code>>, LoadError> {
        let source = Arc::new(Source::new("formula", text.to_owned()));
        let parsed = parse(&source, &*self.known);
        refuse(&source, parsed.diagnostics)?;
        let name = Name::new("Formula");
        let FileBody::Method(block) = &parsed.file.body else {
            return Err(unreadable("a formula is one line of code".to_owned()));
        };
        let line = match block.as_slice() {
            [] => return Ok(None),
            [Statement { kind: StatementKind::Expression(e), .. }] => e.clone(),
            [Statement { kind: StatementKind::Assign { target, operator, value }, span }] => ast::Expr {
                kind: ExprKind::Assign {
                    target: Box::new(target.clone()),
                    operator: *operator,
                    value: Box::new(value.clone()),
                },
                span: *span,
            },
            _ => {
                let body = Body {
                    name,
                    kind: CodeKind::Formula,
                    shared: false,
                    on_server: false,
                    signature: None,
                    block,
                };
                return Ok(Some(Arc::new(lower_body(&body, &source, self))));
            }
        };
        let mut code = lower_line(name, &line, &source, self);
        code.text = Some(text.into());
        let locals = code.locals.iter().filter(|(name, _)| name.parse::<u16>().is_err());
        code.captures = locals.map(|(_, reg)| (0, *reg)).collect();
        Ok(Some(Arc::new(code)))
    }

    /// What the parser has to say about a method's text. `Source: API/MethodClass (.checkSyntax())`
    #[must_use]
    pub fn check_text(&self, text: &str) -> (Source, Vec<crate::text::Diagnostic>) {
        let source = Source::new("method", text.to_owned());
        let parsed = parse(&source, &*self.known);
        let mut diagnostics = parsed.diagnostics;
        if diagnostics.is_empty() {
            diagnostics = super::check::conflicts(&parsed.file);
        }
        (source, diagnostics)
    }

    /// Code as 4D's editor writes it. `Source: API/FunctionClass (.source)`
    #[must_use]
    pub fn formatted(&self, text: &str, suffixes: Suffixes) -> String {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let formatted = format(&lines, &*self.known, suffixes);
        // who writes `a;b` finds it again
        if text.contains(';') && !text.contains("; ") { formatted.replace("; ", ";") } else { formatted }
    }

    /// A formula's normalised text: names as 4D writes them. `Source: commands/parse-formula`
    ///
    /// # Errors
    /// The text is no expression.
    pub fn normalise_formula(&self, text: &str, tokens: bool) -> Result<String, LoadError> {
        let source = Arc::new(Source::new("formula", text.to_owned()));
        let parsed = parse(&source, &*self.known);
        refuse(&source, parsed.diagnostics)?;
        let one = matches!(&parsed.file.body, FileBody::Method(block) if block.len() <= 1);
        if !one {
            return Err(unreadable(format!("`{text}` is not one expression")));
        }
        Ok(self.formatted(text.trim(), if tokens { Suffixes::Add } else { Suffixes::Strip }))
    }

    /// Compiles what was entered at a prompt. Its locals live on as process variables that are named
    /// with their `$`; the value of an expression that comes last is the result. Also told: whether
    /// that is an expression that always has a value to show.
    ///
    /// # Errors
    /// The text has errors.
    pub fn compile_entry(&self, source: &Arc<Source>) -> Result<(Arc<Code>, bool), LoadError> {
        let mut diagnostics = Vec::new();
        let mut tokens = tokenize(source.text(), &*self.known, &mut diagnostics);
        for token in &mut tokens {
            // `$1` is a parameter of the formula it stands in.
            let text = source.text().get(token.span.range()).unwrap_or_default();
            let is_parameter = text.bytes().skip(1).all(|byte| byte.is_ascii_digit());
            if token.kind == TokenKind::Local && !is_parameter {
                token.kind = TokenKind::Name;
            }
        }
        let parsed = parse_tokens(source, &tokens, &*self.known, diagnostics);
        refuse(source, parsed.diagnostics)?;
        let FileBody::Method(mut block) = parsed.file.body else {
            return Err(unreadable(
                "a class cannot be entered here: it needs a file in the folder `Classes`".to_owned(),
            ));
        };
        let mut shows = false;
        if let Some(Statement { kind, .. }) = block.last_mut()
            && let StatementKind::Expression(expression) = kind
        {
            shows = !matches!(
                expression.kind,
                ExprKind::Command { .. } | ExprKind::Call { .. } | ExprKind::Postfix { .. }
            );
            *kind = StatementKind::Return(Some(expression.clone()));
        }
        let (name, kind) = (Name::new("entry"), CodeKind::Method);
        let body = Body { name, kind, shared: false, on_server: false, signature: None, block: &block };
        Ok((Arc::new(lower_body(&body, source, self)), shows))
    }

    fn add(&self, code: Code) -> u32 {
        let mut slots = self.slots.write();
        slots.push(Arc::new(Slot::ready(Arc::new(code))));
        (slots.len() - 1) as u32
    }

    // ---- classes

    /// A class of the project; class names keep their case.
    ///
    /// # Errors
    /// The class's file, or its parent's, cannot be read or has errors.
    pub fn class(&self, name: &str) -> Result<Option<Class>, LoadError> {
        match self.class_index.get(&Name::new(name)) {
            Some(index) => self.load_class(*index).map(Some),
            None => Ok(None),
        }
    }

    /// The class with a number, if it has been loaded.
    #[must_use]
    pub fn class_at(&self, index: u32) -> Option<Class> {
        self.classes.get(index as usize)?.loaded.get()?.as_ref().ok().cloned()
    }

    /// A class of 4D's own, made when it is first asked for.
    #[must_use]
    pub fn builtin_class(&self, name: &str) -> Class {
        let name = Name::new(name);
        if let Some(class) = self.builtin.read().get(&name) {
            return class.clone();
        }
        let parent = match name.as_str() {
            "Object" => return OBJECT.clone(),
            "Blob" => return BLOB.clone(),
            "ZipFile" => Some(self.builtin_class("Document")),
            "File" | "Folder" | "ZipFolder" => {
                Some(self.builtin_class(if name.as_str() == "File" { "Document" } else { "Directory" }))
            }
            "Formula" | "Method" => Some(self.builtin_class("Function")),
            _ => Some(self.builtin_class("Object")),
        };
        let mut classes = self.builtin.write();
        classes.entry(name.clone()).or_insert_with(|| Class::builtin(name.as_str(), parent)).clone()
    }

    fn load_class(&self, index: u32) -> Result<Class, LoadError> {
        let Some(slot) = self.classes.get(index as usize) else {
            return Err(unreadable("there is no such class".to_owned()));
        };
        if let Some(done) = slot.loaded.get() {
            return done.clone();
        }
        // one thread at a time compiles classes; a class that extends itself is met again here
        let loading = self.loading.lock();
        if loading.borrow().contains(&index) {
            return Err(unreadable(format!("class {} extends itself", slot.name)));
        }
        if let Some(done) = slot.loaded.get() {
            return done.clone();
        }
        loading.borrow_mut().push(index);
        let made = self.compile_class(slot, index);
        loading.borrow_mut().pop();
        slot.loaded.get_or_init(|| made).clone()
    }

    fn compile_class(&self, slot: &ClassSlot, index: u32) -> Result<Class, LoadError> {
        let source = self.source(&slot.path)?;
        let parsed = parse(&source, &*self.known);
        refuse(&source, parsed.diagnostics)?;
        let FileBody::Class(class) = &parsed.file.body else {
            // an empty class file is a class without members
            return Ok(self.class_data(slot, index, None, &ast::Class::default(), &source));
        };
        if let Some(name) = both_property_and_function(class) {
            let message = format!("class {}: `{name}` is both a property and a function", slot.name);
            return Err(unreadable(message));
        }
        if let Some(what) = class.members.iter().find_map(|member| entities_only(&member.kind)) {
            let message =
                format!("class {}: {what} is for entity classes, which need a datastore", slot.name);
            return Err(unreadable(message));
        }
        let parent = match &class.extends {
            None => None,
            Some(parent) => Some(self.parent_class(&slot.name, parent)?),
        };
        Ok(self.class_data(slot, index, parent, class, &source))
    }

    fn parent_class(&self, name: &Name, parent: &ast::TypeRef) -> Result<Class, LoadError> {
        let path: Vec<&str> = parent.path.iter().map(Name::as_str).collect();
        match path.as_slice() {
            ["4D", builtin] => Ok(self.builtin_class(builtin)),
            [.., last] => self
                .class(last)?
                .ok_or_else(|| unreadable(format!("class {name} extends {last}, which does not exist"))),
            [] => Err(unreadable(format!("class {name} extends nothing"))),
        }
    }

    fn class_data(
        &self,
        slot: &ClassSlot,
        index: u32,
        parent: Option<Class>,
        class: &ast::Class,
        source: &Arc<Source>,
    ) -> Class {
        let mut data = ClassMembers::default();
        let ends = class.members.iter().skip(1).map(|next| next.span.start);
        let ends = ends.chain([source.text().len() as u32]);
        for (member, end) in class.members.iter().zip(ends) {
            // a function goes on to the next member
            let span = Span { end, ..member.span };
            match &member.kind {
                MemberKind::Constructor(f) => {
                    data.shared = f.modifiers.shared || f.modifiers.session;
                    data.singleton = match (f.modifiers.session, f.modifiers.singleton, f.modifiers.shared) {
                        (true, _, _) => Singleton::Session,
                        (_, true, true) => Singleton::Shared,
                        (_, true, false) => Singleton::Process,
                        _ => Singleton::No,
                    };
                    let name = Name::new(&format!("{}:constructor", slot.name));
                    data.constructor =
                        Some(self.function(name, CodeKind::Constructor { of: index }, (f, span), source));
                }
                MemberKind::Function(f) => {
                    self.class_function(slot, index, (f, span), source, &mut data);
                }
                MemberKind::Property { names, ty, value } => {
                    data.properties.push((names, ty.as_ref(), value.as_ref()))
                }
                // refused before: `entities_only`
                MemberKind::Alias { .. } => {}
            }
        }
        let initialiser = self.initialiser(slot, index, &data.properties, source);
        Class::new(|root| ClassData {
            name: slot.name.clone(),
            store: Name::new("cs"),
            parent,
            root,
            constructor: data.constructor,
            initialiser,
            functions: data.functions,
            getters: data.getters,
            setters: data.setters,
            shared: data.shared,
            singleton: data.singleton,
            index,
        })
    }

    fn class_function(
        &self,
        slot: &ClassSlot,
        index: u32,
        (f, span): (&ast::FunctionDeclaration, Span),
        source: &Arc<Source>,
        data: &mut ClassMembers<'_>,
    ) {
        let name = Name::new(&format!("{}.{}", slot.name, f.name));
        let function = self.function(name, CodeKind::Function { of: index }, (f, span), source);
        let table = match f.role {
            FunctionRole::Get => &mut data.getters,
            FunctionRole::Set => &mut data.setters,
            FunctionRole::Plain => &mut data.functions,
            // parts of the record engine's classes: they are never called without one
            FunctionRole::Query | FunctionRole::OrderBy | FunctionRole::Event => return,
        };
        table.insert(f.name.clone(), function);
    }

    fn function(
        &self,
        name: Name,
        kind: CodeKind,
        (f, span): (&ast::FunctionDeclaration, Span),
        source: &Arc<Source>,
    ) -> Function {
        let body = Body {
            name,
            kind,
            shared: f.modifiers.shared && matches!(kind, CodeKind::Function { .. }),
            on_server: false,
            signature: Some(&f.signature),
            block: &f.body,
        };
        let mut code = lower_body(&body, source, self);
        code.text = source.text().get(span.range()).map(|text| Text::from(without_trailing_comments(text)));
        Function::Code(self.add(code))
    }

    /// `property a : Text := "x"` lines as a function that assigns them to `This`.
    fn initialiser(
        &self,
        slot: &ClassSlot,
        index: u32,
        properties: &[PropertyLine<'_>],
        source: &Arc<Source>,
    ) -> Option<Function> {
        let mut block = Vec::new();
        for (names, _, value) in properties {
            let Some(value) = value else { continue };
            for (name, span) in *names {
                let this = ast::Expr {
                    kind: ExprKind::Command { id: super::scope::command::THIS, arguments: None },
                    span: *span,
                };
                let step = ast::Step { kind: ast::StepKind::Member(name.clone()), span: *span };
                let target = ast::Expr {
                    kind: ExprKind::Postfix { base: Box::new(this), steps: vec![step] },
                    span: *span,
                };
                block.push(Statement {
                    kind: StatementKind::Assign {
                        target,
                        operator: ast::AssignOp::Set,
                        value: (*value).clone(),
                    },
                    span: *span,
                });
            }
        }
        if block.is_empty() {
            return None;
        }
        let body = Body {
            name: slot.name.clone(),
            kind: CodeKind::Function { of: index },
            shared: false,
            on_server: false,
            signature: None,
            block: &block,
        };
        Some(Function::Code(self.add(lower_body(&body, source, self))))
    }
}

type PropertyLine<'a> = (&'a Vec<(Name, Span)>, Option<&'a ast::TypeRef>, Option<&'a ast::Expr>);

#[derive(Default)]
struct ClassMembers<'a> {
    constructor: Option<Function>,
    functions: FxHashMap<Name, Function>,
    getters: FxHashMap<Name, Function>,
    setters: FxHashMap<Name, Function>,
    properties: Vec<PropertyLine<'a>>,
    shared: bool,
    singleton: Singleton,
}

impl Names for Program {
    fn method(&self, name: &Name) -> Option<u32> {
        Self::method(self, name)
    }

    fn constant(&self, name: &Name) -> Option<Constant> {
        if self.constants.is_empty() { None } else { self.constants.get(&name.folded()).cloned() }
    }

    fn process_variable(&self, name: &Name) -> u32 {
        Self::process_variable(self, name)
    }

    fn interprocess_variable(&self, name: &Name) -> u32 {
        Self::interprocess_variable(self, name)
    }

    fn table(&self, name: &Name) -> Option<u16> {
        self.tables.get(&name.folded()).map(|t| t.0)
    }

    fn field(&self, table: &Name, field: &Name) -> Option<(u16, u16)> {
        let (number, fields) = self.tables.get(&table.folded())?;
        Some((*number, *fields.get(&field.folded())?))
    }

    fn counts_statements(&self) -> bool {
        self.counts_statements
    }
}

/// A function's text without the comments that introduce the next one.
fn without_trailing_comments(text: &str) -> &str {
    let mut text = text.trim_end();
    while let Some((before, last)) = text.rsplit_once(['\n', '\r']) {
        if !last.trim_start().starts_with("//") {
            break;
        }
        text = before.trim_end();
    }
    text
}

/// Properties and functions share their names. `Source: Concepts/classes (Function)`
fn both_property_and_function(class: &ast::Class) -> Option<&Name> {
    let is_function = |name: &Name| {
        class.members.iter().any(|member| match &member.kind {
            MemberKind::Function(f) => f.role == FunctionRole::Plain && f.name == *name,
            _ => false,
        })
    };
    class.members.iter().find_map(|member| match &member.kind {
        MemberKind::Property { names, .. } => {
            names.iter().map(|(name, _)| name).find(|name| is_function(name))
        }
        _ => None,
    })
}

/// What only classes of the record engine can have, in words. `Source: ORDA/ordaClasses`
fn entities_only(member: &MemberKind) -> Option<String> {
    match member {
        MemberKind::Alias { name, .. } => Some(format!("`Alias {name}`")),
        MemberKind::Function(f) => match f.role {
            FunctionRole::Plain | FunctionRole::Get | FunctionRole::Set => None,
            FunctionRole::Query => Some(format!("`Function query {}`", f.name)),
            FunctionRole::OrderBy => Some(format!("`Function orderBy {}`", f.name)),
            FunctionRole::Event => Some(format!("`Function event {}`", f.name)),
        },
        _ => None,
    }
}

fn unreadable(message: String) -> LoadError {
    LoadError { source: None, diagnostics: Arc::from([]), message }
}

fn refuse(source: &Arc<Source>, diagnostics: Vec<crate::text::Diagnostic>) -> Result<(), LoadError> {
    let Some(first) = diagnostics.iter().find(|d| d.severity == Severity::Error) else { return Ok(()) };
    let place = source.place(first.span.start);
    let message = format!("{}:{}: {} ({})", source.path().display(), place.line, first.message, first.code);
    Err(LoadError { source: Some(Arc::clone(source)), diagnostics: diagnostics.into(), message })
}

/// Whether the attributes line sets a flag to true.
fn says(attributes: &str, flag: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(attributes)
        .ok()
        .and_then(|v| v.get(flag).and_then(serde_json::Value::as_bool))
        .unwrap_or(false)
}
