//! Tree in, code out: one [`Builder`] a body. `lower_method`, `lower_function` and `lower_formula`
//! never fail; what cannot be compiled becomes an operation that raises a clear error when it is
//! reached, so that the rest of the program still runs.

mod call;
mod emit;
mod expression;
mod place;
mod statement;

use super::op::{Binary, Op, Reg};
use super::program::{
    Code, CodeKind, Constant, Counter, MemberSite, ParameterInfo, ShapeSite, StatementInfo,
};
use super::scope::{LocalInfo, Scope};
use crate::syntax::ast::{Block, Expr, Signature};
use crate::text::{Name, Source, Span};
use crate::value::{Text, Type, Words, accepted};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// What the compiler asks of the program around a body.
pub trait Names {
    /// The code number of a project method.
    fn method(&self, name: &Name) -> Option<u32>;
    /// A constant that the project defines.
    fn constant(&self, name: &Name) -> Option<Constant>;
    /// The number of a process variable; made if it is new.
    fn process_variable(&self, name: &Name) -> u32;
    /// The number of an interprocess variable; made if it is new.
    fn interprocess_variable(&self, name: &Name) -> u32;
    /// The number of a table.
    fn table(&self, name: &Name) -> Option<u16>;
    /// The numbers of a table and one of its fields.
    fn field(&self, table: &Name, field: &Name) -> Option<(u16, u16)>;
    /// Whether code shall count how often each of its statements is begun.
    fn counts_statements(&self) -> bool;
}

/// What a body is, besides its statements.
pub(crate) struct Body<'a> {
    pub name: Name,
    pub kind: CodeKind,
    pub shared: bool,
    pub on_server: bool,
    pub signature: Option<&'a Signature>,
    pub block: &'a Block,
}

/// What is statically known of a register's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Any,
    /// The tag is Integer.
    Integer,
    /// The tag is Real.
    Real,
    /// The tag is Integer or Real.
    Number,
    /// The tag is Boolean.
    Boolean,
    /// The tag is Text.
    Text,
}

impl Known {
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Real | Self::Number)
    }

    pub(crate) fn of(ty: Type) -> Self {
        match ty {
            Type::Integer => Self::Integer,
            Type::Real => Self::Real,
            Type::Boolean => Self::Boolean,
            Type::Text => Self::Text,
            _ => Self::Any,
        }
    }
}

/// A register and what is known of its content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operand {
    pub reg: Reg,
    pub known: Known,
}

/// A local variable's slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Local {
    pub reg: Reg,
    pub ty: Type,
    pub cell: bool,
    pub array: bool,
}

struct Loop {
    breaks: Vec<usize>,
    continues: Vec<usize>,
    /// How many `Use` and `Try` were open where the loop began.
    open: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Use,
    Try,
}

pub(crate) struct Builder<'a> {
    names: &'a dyn Names,
    source: &'a Arc<Source>,
    scope: Scope,
    /// Registers of the locals, parallel to `scope.locals`.
    slots: Vec<Local>,
    this: Option<Reg>,
    ops: Vec<Op>,
    constants: Vec<Constant>,
    constant_index: FxHashMap<ConstantKey, u16>,
    sites: Vec<MemberSite>,
    shapes: Vec<ShapeSite>,
    statements: Vec<StatementInfo>,
    counters: Vec<Counter>,
    nested: Vec<Arc<Code>>,
    /// One past the last register of a local or `This`.
    locals_end: Reg,
    next: Reg,
    highest: Reg,
    loops: Vec<Loop>,
    open: Vec<Open>,
    /// Jumps with 16-bit distances do not reach: use the long forms.
    wide: bool,
    /// A 16-bit jump did not reach, or registers or constants ran out: the code is of no use.
    overflow: Option<&'static str>,
    in_formula: bool,
    /// A constructor whose `Super(…)` is still to come: `This` is not allowed yet.
    before_super: bool,
    name: Name,
    result: Option<usize>,
    result_type: Type,
    /// `Class extends` is there: `Super` means something.
    kind: CodeKind,
}

#[derive(PartialEq, Eq, Hash)]
enum ConstantKey {
    Integer(i32),
    Real(u64),
    Text(Text),
    Other(u8, i64),
}

/// Compiles a method, function or constructor.
pub(crate) fn lower_body(body: &Body<'_>, source: &Arc<Source>, names: &dyn Names) -> Code {
    let wide = source.text().len() > 40_000;
    let code = Builder::body(body, source, names, wide);
    match code {
        Err(_) if !wide => match Builder::body(body, source, names, true) {
            Ok(code) => code,
            Err(why) => too_large(body, source, why),
        },
        Err(why) => too_large(body, source, why),
        Ok(code) => code,
    }
}

/// Compiles an expression that becomes a formula of its own (`Formula from string`, `EXECUTE FORMULA`).
pub(crate) fn lower_expression(name: Name, e: &Expr, source: &Arc<Source>, names: &dyn Names) -> Code {
    let scope = Scope::of_expression(e);
    let mut builder = Builder::new(name.clone(), CodeKind::Formula, scope, source, names, true);
    builder.in_formula = true;
    builder.formula_body(e, &[]);
    let parameters = builder.formula_parameters();
    let forwards = builder.single_method(e);
    match builder.finish(parameters, false, false, false) {
        Ok(code) => Code { forwards, ..code },
        Err(why) => empty(name, CodeKind::Formula, source, why),
    }
}

/// The same for a line that shares the locals of another method: each lives in a cell.
pub(crate) fn lower_line(name: Name, e: &Expr, source: &Arc<Source>, names: &dyn Names) -> Code {
    let mut scope = Scope::of_expression(e);
    for local in &mut scope.locals {
        local.cell |= local.name.parse::<u16>().is_err();
    }
    let mut builder = Builder::new(name.clone(), CodeKind::Formula, scope, source, names, true);
    builder.in_formula = true;
    builder.formula_body(e, &[]);
    let parameters = builder.formula_parameters();
    builder
        .finish(parameters, false, false, false)
        .unwrap_or_else(|why| empty(name, CodeKind::Formula, source, why))
}

fn too_large(body: &Body<'_>, source: &Arc<Source>, why: &'static str) -> Code {
    empty(body.name.clone(), body.kind, source, why)
}

/// A code that only says why there is none.
fn empty(name: Name, kind: CodeKind, source: &Arc<Source>, why: &str) -> Code {
    let message = format!("{name} is too large to be compiled: {why}; split it into several methods");
    Code {
        name,
        source: Arc::clone(source),
        ops: vec![Op::Raise { k: 0, code: crate::value::ErrorCode::Internal as i32 }, Op::ReturnNothing]
            .into(),
        constants: vec![Constant::Text(Text::from(message.as_str()))].into(),
        sites: Box::default(),
        shapes: Box::default(),
        statements: vec![StatementInfo { pc: 0, line: 1, resume: 1 }].into(),
        registers: 1,
        parameters: Box::default(),
        variadic: Type::Variant,
        strict: false,
        result: None,
        result_type: Type::Variant,
        defaults: Box::default(),
        locals_end: 0,
        captures: Box::default(),
        forwards: None,
        nested: Box::default(),
        locals: Box::default(),
        kind,
        text: None,
        plain: false,
        accepts: Box::default(),
        this: None,
        blank: Box::default(),
        parent_constructor: OnceLock::new(),
        shared: false,
        on_server: false,
        counters: Box::default(),
    }
}

impl<'a> Builder<'a> {
    fn new(
        name: Name,
        kind: CodeKind,
        scope: Scope,
        source: &'a Arc<Source>,
        names: &'a dyn Names,
        wide: bool,
    ) -> Self {
        Self {
            names,
            source,
            scope,
            slots: Vec::new(),
            this: None,
            ops: Vec::new(),
            constants: Vec::new(),
            constant_index: FxHashMap::default(),
            sites: Vec::new(),
            shapes: Vec::new(),
            statements: Vec::new(),
            counters: Vec::new(),
            nested: Vec::new(),
            locals_end: 0,
            next: 0,
            highest: 0,
            loops: Vec::new(),
            open: Vec::new(),
            wide,
            overflow: None,
            in_formula: false,
            before_super: false,
            name,
            result: None,
            result_type: Type::Variant,
            kind,
        }
    }

    fn body(
        body: &Body<'_>,
        source: &Arc<Source>,
        names: &dyn Names,
        wide: bool,
    ) -> Result<Code, &'static str> {
        let declared = declaration(body);
        let scope = Scope::of(body.signature, body.block);
        let mut builder = Builder::new(body.name.clone(), body.kind, scope, source, names, wide);
        builder.before_super = matches!(body.kind, CodeKind::Constructor { .. }) && builder.scope.calls_super;
        let parameters = builder.assign_registers(declared);
        builder.prologue();
        builder.block(body.block);
        builder.emit(Op::ReturnNothing);
        builder.finish(parameters, declared.is_some(), body.shared, body.on_server)
    }

    /// Parameters get the first registers, then the other locals, then `This`.
    fn assign_registers(&mut self, signature: Option<&Signature>) -> Vec<ParameterInfo> {
        let mut parameters: Vec<ParameterInfo> = Vec::new();
        let mut slot_of: Vec<Option<Local>> = vec![None; self.scope.locals.len()];
        for declared in signature.map(|s| s.parameters.as_slice()).unwrap_or_default() {
            if let Some(at) = self.scope.find(&declared.name) {
                let reg = self.fresh();
                slot_of[at] = Some(self.slot(reg, at));
                parameters.push(self.parameter_info(at));
            }
        }
        for n in 1..=self.scope.highest_parameter {
            let at = self.scope.find(&Name::new(&n.to_string()));
            let position = usize::from(n) - 1;
            if position < parameters.len() {
                // `$1` beside a declared `$name`: the same register
                if let Some(at) = at {
                    let info = &parameters[position];
                    slot_of[at] = Some(Local {
                        reg: n - 1,
                        ty: info.ty,
                        cell: self.scope.locals[at].cell,
                        array: false,
                    });
                }
                continue;
            }
            let reg = self.fresh();
            match at {
                Some(at) => {
                    slot_of[at] = Some(self.slot(reg, at));
                    parameters.push(self.parameter_info(at));
                }
                None => parameters.push(ParameterInfo {
                    name: Name::new(&n.to_string()),
                    ty: self.scope.variadic.unwrap_or(Type::Variant),
                    class: None,
                }),
            }
        }
        self.share_cells(&mut slot_of);
        let result = signature.and_then(|s| s.result.as_ref());
        self.result_type = match result {
            Some(result) => super::scope::type_of(result.ty.as_ref()).0,
            None => self.scope.find(&Name::new("0")).map_or(Type::Variant, |at| self.scope.locals[at].ty),
        };
        let zero = self.scope.find(&Name::new("0"));
        let named = result.and_then(|r| r.name.as_ref()).and_then(|n| self.scope.find(n));
        self.result = named.or(zero);
        for (at, slot) in slot_of.iter_mut().enumerate() {
            if slot.is_none() {
                let reg = self.fresh();
                *slot = Some(self.slot(reg, at));
            }
        }
        self.slots = slot_of.into_iter().flatten().collect();
        if let (Some(zero), Some(named)) = (zero, named) {
            self.slots[zero] =
                Local { cell: self.slots[named].cell || self.slots[zero].cell, ..self.slots[named] };
            self.slots[named] = self.slots[zero];
        }
        if self.scope.uses_this {
            self.this = Some(self.fresh());
        }
        self.locals_end = self.next;
        parameters
    }

    /// Two names of one register (`$1` and `$name`) agree on whether a cell is in it.
    fn share_cells(&self, slots: &mut [Option<Local>]) {
        for at in 0..slots.len() {
            let Some(local) = slots[at] else { continue };
            if local.cell {
                for other in slots.iter_mut().flatten().filter(|o| o.reg == local.reg) {
                    other.cell = true;
                }
            }
        }
    }

    fn slot(&self, reg: Reg, at: usize) -> Local {
        let LocalInfo { ty, cell, array, .. } = &self.scope.locals[at];
        Local { reg, ty: if *array { Type::Variant } else { *ty }, cell: *cell, array: *array }
    }

    fn parameter_info(&self, at: usize) -> ParameterInfo {
        let local = &self.scope.locals[at];
        ParameterInfo { name: local.name.clone(), ty: local.ty, class: local.class.clone() }
    }

    fn prologue(&mut self) {
        let mut cells: Vec<Reg> = self.slots.iter().filter(|s| s.cell).map(|s| s.reg).collect();
        cells.sort_unstable();
        cells.dedup();
        for dst in cells {
            self.emit(Op::MakeCell { dst });
        }
    }

    fn finish(
        mut self,
        parameters: Vec<ParameterInfo>,
        strict: bool,
        shared: bool,
        on_server: bool,
    ) -> Result<Code, &'static str> {
        if let Some(why) = self.overflow {
            return Err(why);
        }
        let count = parameters.len() as Reg;
        let mut defaults: Vec<(Reg, Type)> = Vec::new();
        for slot in &self.slots {
            if slot.reg >= count
                && !slot.array
                && slot.ty != Type::Variant
                && !defaults.iter().any(|d| d.0 == slot.reg)
            {
                defaults.push((slot.reg, slot.ty));
            }
        }
        self.fix_resume();
        let blank = blank(count, self.locals_end, &defaults);
        let accepts = parameters.iter().map(|p| accepted(p.ty)).collect();
        Ok(Code {
            plain: !shared && blank.is_some(),
            accepts,
            this: self.this,
            blank: blank.unwrap_or_default(),
            parent_constructor: OnceLock::new(),
            name: self.name,
            source: Arc::clone(self.source),
            ops: self.ops.into(),
            constants: self.constants.into(),
            sites: self.sites.into(),
            shapes: self.shapes.into(),
            statements: self.statements.into(),
            registers: self.highest,
            parameters: parameters.into(),
            variadic: self.scope.variadic.unwrap_or(Type::Variant),
            strict,
            result: self.result.map(|at| self.slots[at].reg),
            result_type: self.result_type,
            defaults: defaults.into(),
            locals_end: self.locals_end,
            captures: Box::default(),
            forwards: None,
            nested: self.nested.into(),
            locals: self.scope.locals.iter().zip(&self.slots).map(|(l, s)| (l.name.clone(), s.reg)).collect(),
            kind: self.kind,
            text: None,
            shared,
            on_server,
            counters: self.counters.into(),
        })
    }

    /// `$1` … as far as the formula mentions them, of any type.
    fn formula_parameters(&self) -> Vec<ParameterInfo> {
        let numbers = 1..=self.scope.highest_parameter;
        let any = |n: u16| ParameterInfo { name: Name::new(&n.to_string()), ty: Type::Variant, class: None };
        numbers.map(any).collect()
    }

    /// The expression as the whole body; captured locals are `(register there, name here)`.
    fn formula_body(&mut self, e: &Expr, outer: &[(Reg, usize)]) -> Vec<(Reg, Reg)> {
        for _ in 0..self.scope.highest_parameter {
            self.fresh();
        }
        let mut captures = Vec::new();
        for at in 0..self.scope.locals.len() {
            let name = self.scope.locals[at].name.clone();
            if let Ok(n) = name.parse::<u16>()
                && n >= 1
                && n <= self.scope.highest_parameter
            {
                self.slots.push(Local { reg: n - 1, ty: Type::Variant, cell: false, array: false });
                continue;
            }
            let reg = self.fresh();
            let info = &self.scope.locals[at];
            self.slots.push(Local { reg, ty: Type::Variant, cell: info.cell, array: false });
            if let Some((from, _)) = outer.iter().find(|(_, index)| *index == at) {
                captures.push((*from, reg));
            }
        }
        if self.scope.uses_this {
            self.this = Some(self.fresh());
        }
        self.locals_end = self.next;
        self.prologue();
        let at = self.begin_statement(e.span);
        let value = self.expr(e, None);
        self.emit(Op::Return { src: value.reg });
        self.end_statement(at);
        // where a formula goes on after an error that an error method has dealt with
        self.emit(Op::ReturnNothing);
        captures
    }

    fn error_at(&mut self, code: crate::value::ErrorCode, message: &str) {
        let k = self.constant(Constant::Text(Text::from(message)));
        self.emit(Op::Raise { k, code: code as i32 });
    }

    fn span_text(&self, span: Span) -> &str {
        self.source.text().get(span.range()).unwrap_or("")
    }
}

/// What the locals behind the parameters hold when a frame is made; `None` where one needs an allocation.
fn blank(parameters: Reg, end: Reg, defaults: &[(Reg, Type)]) -> Option<Box<[Words]>> {
    let type_of = |reg| defaults.iter().find(|d| d.0 == reg).map_or(Type::Variant, |d| d.1);
    (parameters..end).map(|reg| Words::default_of(type_of(reg))).collect()
}

/// The signature of a body: its own, or the `#DECLARE` line among its statements.
fn declaration<'b>(body: &Body<'b>) -> Option<&'b Signature> {
    body.signature.or_else(|| {
        body.block.iter().find_map(|s| match &s.kind {
            crate::syntax::ast::StatementKind::Declare(signature) => Some(&**signature),
            _ => None,
        })
    })
}

/// The rarer operators.
fn binary_of(operator: crate::syntax::ast::BinaryOp) -> Option<Binary> {
    use crate::syntax::ast::BinaryOp as B;
    Some(match operator {
        B::Power => Binary::Power,
        B::And => Binary::And,
        B::Or => Binary::Or,
        B::ExclusiveOr => Binary::ExclusiveOr,
        B::ShiftLeft => Binary::ShiftLeft,
        B::ShiftRight => Binary::ShiftRight,
        B::BitSet => Binary::BitSet,
        B::BitClear => Binary::BitClear,
        B::BitTest => Binary::BitTest,
        _ => return None,
    })
}
