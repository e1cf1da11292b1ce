//! Names → slots: which locals a body uses, with what type, and which of them need a cell because
//! a pointer may refer to them. One walk over the tree before code is made.

use crate::catalog::CommandId;
use crate::syntax::ast::{
    Argument, Block, Expr, ExprKind, Signature, Statement, StatementKind, Step, StepKind, TypeRef, VarGroup,
    VariableScope,
};
use crate::text::Name;
use crate::value::Type;
use rustc_hash::FxHashMap;

/// Numbers of the commands that the compiler itself must know.
pub(crate) mod command {
    use crate::catalog::CommandId;
    pub(crate) const NOT: CommandId = CommandId(34);
    pub(crate) const LENGTH: CommandId = CommandId(16);
    pub(crate) const CHARACTER_CODE: CommandId = CommandId(91);
    pub(crate) const TRUE: CommandId = CommandId(214);
    pub(crate) const FALSE: CommandId = CommandId(215);
    pub(crate) const COUNT_PARAMETERS: CommandId = CommandId(259);
    pub(crate) const ASSERT: CommandId = CommandId(1129);
    pub(crate) const GET_ASSERT_ENABLED: CommandId = CommandId(1130);
    pub(crate) const ASSERTED: CommandId = CommandId(1132);
    pub(crate) const OB_SET: CommandId = CommandId(1220);
    pub(crate) const OB_SET_ARRAY: CommandId = CommandId(1227);
    pub(crate) const OB_SET_NULL: CommandId = CommandId(1233);
    pub(crate) const TYPE: CommandId = CommandId(295);
    pub(crate) const THIS: CommandId = CommandId(1470);
    pub(crate) const NULL: CommandId = CommandId(1517);
    pub(crate) const FORMULA: CommandId = CommandId(1597);
    pub(crate) const SUPER_CALL: CommandId = CommandId(1705);
    pub(crate) const CS: CommandId = CommandId(1710);
    pub(crate) const SUPER: CommandId = CommandId(1706);
    pub(crate) const DEFER: CommandId = CommandId(1860);
}

/// What is known of one local variable of a body.
#[derive(Clone, Debug)]
pub(crate) struct LocalInfo {
    pub name: Name,
    pub ty: Type,
    pub class: Option<Name>,
    /// `->$name` occurs: the variable lives in a cell.
    pub cell: bool,
    /// Declared by an `ARRAY …` command.
    pub array: bool,
    declared: bool,
}

/// The locals of a body in order of first use, keyed by their folded name.
#[derive(Default, Debug)]
pub(crate) struct Scope {
    pub locals: Vec<LocalInfo>,
    index: FxHashMap<Name, usize>,
    pub uses_this: bool,
    /// `Super` occurs.
    pub calls_super: bool,
    /// The highest `$n` used.
    pub highest_parameter: u16,
    /// Type from `C_TEXT(${n})`.
    pub variadic: Option<Type>,
    /// `Formula` bodies have scopes of their own, but capture these.
    in_formula: bool,
}

impl Scope {
    pub(crate) fn of(signature: Option<&Signature>, body: &Block) -> Self {
        let mut scope = Self::default();
        if let Some(signature) = signature {
            scope.signature(signature);
        }
        scope.block(body);
        scope
    }

    pub(crate) fn of_expression(expression: &Expr) -> Self {
        let mut scope = Self::default();
        scope.expr(expression);
        scope
    }

    pub(crate) fn find(&self, name: &Name) -> Option<usize> {
        self.index.get(&name.folded()).copied()
    }

    fn touch(&mut self, name: &Name) -> &mut LocalInfo {
        let folded = name.folded();
        let next = self.locals.len();
        let at = *self.index.entry(folded).or_insert(next);
        if at == next {
            self.locals.push(LocalInfo {
                name: name.clone(),
                ty: Type::Variant,
                class: None,
                cell: false,
                array: false,
                declared: false,
            });
        }
        &mut self.locals[at]
    }

    fn declare(&mut self, name: &Name, ty: Type, class: Option<Name>) {
        let local = self.touch(name);
        if local.declared && local.ty != ty {
            local.ty = Type::Variant;
            return;
        }
        local.declared = true;
        local.ty = ty;
        local.class = class;
    }

    fn signature(&mut self, signature: &Signature) {
        for parameter in &signature.parameters {
            let (ty, class) = type_of(parameter.ty.as_ref());
            self.declare(&parameter.name, ty, class);
        }
        if let Some(Some(ty)) = &signature.variadic {
            self.variadic = Some(type_of(Some(ty)).0);
        }
        if let Some(result) = &signature.result
            && let Some(name) = &result.name
        {
            let (ty, class) = type_of(result.ty.as_ref());
            self.declare(name, ty, class);
        }
    }

    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Declare(signature) => self.signature(signature),
            StatementKind::Var(groups) => groups.iter().for_each(|g| self.var(g)),
            StatementKind::Assign { target, value, .. } => {
                self.expr(target);
                self.expr(value);
            }
            StatementKind::Expression(e) => {
                if let ExprKind::Command { id, arguments: Some(arguments) } = &e.kind {
                    self.declaring_command(*id, arguments);
                }
                self.expr(e);
            }
            StatementKind::If { condition, then, otherwise } => {
                self.expr(condition);
                self.block(then);
                otherwise.iter().for_each(|b| self.block(b));
            }
            StatementKind::Case { branches, otherwise } => {
                for branch in branches {
                    self.expr(&branch.condition);
                    self.block(&branch.body);
                }
                otherwise.iter().for_each(|b| self.block(b));
            }
            StatementKind::While { condition, body } => {
                self.expr(condition);
                self.block(body);
            }
            StatementKind::Repeat { body, until } => {
                self.block(body);
                self.expr(until);
            }
            StatementKind::For(f) => {
                [&f.counter, &f.from, &f.to].into_iter().chain(&f.step).for_each(|e| self.expr(e));
                self.block(&f.body);
            }
            StatementKind::ForEach(f) => {
                [&f.item, &f.over].into_iter().chain(&f.begin).chain(&f.end).for_each(|e| self.expr(e));
                f.condition.iter().for_each(|(_, e)| self.expr(e));
                self.block(&f.body);
            }
            StatementKind::Use { object, body } => {
                self.expr(object);
                self.block(body);
            }
            StatementKind::Try { body, catch } => {
                self.block(body);
                catch.iter().for_each(|b| self.block(b));
            }
            StatementKind::Return(value) => value.iter().for_each(|e| self.expr(e)),
            StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Sql(_)
            | StatementKind::Invalid => {}
        }
    }

    fn var(&mut self, group: &VarGroup) {
        let (mut ty, class) = type_of(group.ty.as_ref());
        if group.ty.is_none()
            && let Some(value) = &group.value
        {
            ty = inferred(value);
        }
        for variable in &group.variables {
            if variable.is_numbered() {
                self.variadic = Some(ty);
            } else if variable.scope == VariableScope::Local {
                self.declare(&variable.name, ty, class.clone());
            }
        }
        group.value.iter().for_each(|e| self.expr(e));
    }

    /// `C_TEXT($a; $b)` and `ARRAY TEXT($a; …)` declare locals; `C_TEXT(${2})` the parameters from the second on.
    fn declaring_command(&mut self, id: CommandId, arguments: &[Argument]) {
        if let Some(ty) = declaration_type(id) {
            for argument in arguments {
                let Argument::Value(e) = argument else { continue };
                match &e.kind {
                    ExprKind::Local(name) => {
                        self.parameter(name);
                        self.declare(name, ty, None);
                    }
                    ExprKind::ParameterAt(_) => self.variadic = Some(ty),
                    _ => {}
                }
            }
        } else if is_array_declaration(id)
            && let place = usize::from(id == ARRAY_STRING)
            && let Some(Argument::Value(Expr { kind: ExprKind::Local(name), .. })) = arguments.get(place)
        {
            self.touch(name).array = true;
        }
    }

    fn parameter(&mut self, name: &Name) {
        if let Ok(n) = name.parse::<u16>()
            && n <= 128
        {
            self.highest_parameter = self.highest_parameter.max(n);
        }
    }

    fn arguments(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            if let Argument::Value(e) = argument {
                self.expr(e);
            }
        }
    }

    fn expr(&mut self, e: &Expr) {
        match &e.kind {
            ExprKind::Local(name) => {
                if self.in_formula && name.parse::<u16>().is_ok() {
                    return;
                }
                self.parameter(name);
                self.touch(name);
            }
            ExprKind::Call { arguments, .. } => self.arguments(arguments),
            ExprKind::Command { id, arguments } => {
                self.command(*id, arguments.as_deref().unwrap_or_default())
            }
            ExprKind::ParameterAt(e) | ExprKind::Group(e) | ExprKind::Try(e) => self.expr(e),
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Object(members) => members.iter().for_each(|(_, e)| self.expr(e)),
            ExprKind::Collection(items) => items.iter().for_each(|e| self.expr(e)),
            ExprKind::Chain { first, rest } => {
                self.expr(first);
                rest.iter().for_each(|(_, e)| self.expr(e));
            }
            ExprKind::AddressOf(operand) => {
                self.expr(operand);
                if let ExprKind::Local(name) = &root(operand).kind {
                    self.touch(name).cell = true;
                }
            }
            ExprKind::Postfix { base, steps } => {
                self.expr(base);
                steps.iter().for_each(|s| self.step(s));
            }
            ExprKind::Assign { target, value, .. } => {
                self.expr(target);
                self.expr(value);
            }
            ExprKind::Ternary { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|e| self.expr(e));
            }
            _ => {}
        }
    }

    fn command(&mut self, id: CommandId, arguments: &[Argument]) {
        match id {
            command::THIS if !self.in_formula => self.uses_this = true,
            command::SUPER | command::SUPER_CALL if !self.in_formula => {
                self.uses_this = true;
                self.calls_super = true;
            }
            command::FORMULA | command::DEFER => {
                let outer = std::mem::replace(&mut self.in_formula, true);
                self.arguments(arguments);
                self.in_formula = outer;
                return;
            }
            _ => {}
        }
        self.arguments(arguments);
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Method(_, arguments) | StepKind::Call(arguments) => self.arguments(arguments),
            StepKind::Index(e) | StepKind::Element(e) | StepKind::Character(e) => self.expr(e),
            StepKind::Member(_) | StepKind::Dereference => {}
        }
    }
}

/// The expression without brackets around it and, for `$a{1}`, the variable itself.
pub(crate) fn root(e: &Expr) -> &Expr {
    match &e.kind {
        ExprKind::Group(inner) => root(inner),
        ExprKind::Postfix { base, steps } if steps.iter().all(|s| matches!(s.kind, StepKind::Element(_))) => {
            root(base)
        }
        _ => e,
    }
}

/// A type as written → what is stored, and the class's name if it is one.
pub(crate) fn type_of(ty: Option<&TypeRef>) -> (Type, Option<Name>) {
    let Some(ty) = ty else { return (Type::Variant, None) };
    if ty.path.len() > 1 {
        let path: Vec<&str> = ty.path.iter().map(Name::as_str).collect();
        let class = match path.as_slice() {
            ["4D" | "4d", "Object"] => None,
            ["4D" | "4d", "Collection"] => return (Type::Collection, None),
            _ => Some(Name::new(&path.join("."))),
        };
        return (Type::Object, class);
    }
    let Some(name) = ty.path.first() else { return (Type::Variant, None) };
    let ty = match name.folded().as_str() {
        "text" | "string" => Type::Text,
        "date" => Type::Date,
        "time" => Type::Time,
        "boolean" => Type::Boolean,
        "integer" | "longint" => Type::Integer,
        "real" => Type::Real,
        "pointer" => Type::Pointer,
        "picture" => Type::Picture,
        "blob" => Type::Blob,
        "collection" => Type::Collection,
        "object" => Type::Object,
        _ => Type::Variant,
    };
    (ty, None)
}

/// The type that `var $a:=value` infers. `Source: Concepts/variables`
pub(crate) fn inferred(value: &Expr) -> Type {
    match &value.kind {
        ExprKind::Integer(_) | ExprKind::Real(_) => Type::Real,
        ExprKind::Text(_) => Type::Text,
        ExprKind::Date { .. } => Type::Date,
        ExprKind::Time(_) => Type::Time,
        ExprKind::Object(_) => Type::Object,
        ExprKind::Collection(_) => Type::Collection,
        ExprKind::Command { id: command::TRUE | command::FALSE, .. } => Type::Boolean,
        ExprKind::Group(e) => inferred(e),
        _ => Type::Variant,
    }
}

/// The type that a `C_…` command declares.
pub(crate) fn declaration_type(id: CommandId) -> Option<Type> {
    Some(match id.0 {
        282 => Type::Integer, // C_INTEGER
        283 => Type::Integer, // C_LONGINT
        284 => Type::Text,
        285 => Type::Real,
        286 => Type::Picture,
        293 => Type::Text, // C_STRING
        301 => Type::Pointer,
        305 => Type::Boolean,
        306 => Type::Time,
        307 => Type::Date,
        604 => Type::Blob,
        1216 => Type::Object,
        1488 => Type::Collection,
        1683 => Type::Variant,
        _ => return None,
    })
}

/// Its first argument is the length of its texts.
const ARRAY_STRING: CommandId = CommandId(218);

/// Whether the command is one of the `ARRAY …` declarations.
pub(crate) fn is_array_declaration(id: CommandId) -> bool {
    matches!(id.0, 218..=224 | 279 | 280 | 1221 | 1222 | 1223)
}
