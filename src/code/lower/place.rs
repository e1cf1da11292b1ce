//! What can be assigned to: a place is worked out once, then read and written as often as needed, so
//! that `$o.f(1).a+=2` calls `f` once.

use super::super::op::{Op, Reg, Site};
use super::super::scope::root;
use super::{Builder, Known, Local, Operand};
use crate::syntax::ast::{Expr, ExprKind, Step, StepKind};
use crate::value::{ErrorCode, Type};

/// Where a value is stored.
pub(crate) enum Place {
    Local(Local),
    Cell(Local),
    Process(u32),
    Interprocess(u32),
    /// `${n}`
    Parameter(Reg),
    Member {
        base: Reg,
        site: Site,
    },
    Index {
        base: Reg,
        index: Reg,
    },
    /// `{index}` or, with two, `{index}{index}` of an array in a register or referred to by it.
    Element {
        array: Reg,
        index: Reg,
        two: bool,
    },
    Dereference {
        pointer: Reg,
    },
    /// `text[[index]]`
    Character {
        text: Box<Place>,
        index: Reg,
    },
    /// Cannot be assigned to; an operation that says so was emitted.
    Nowhere,
}

impl Place {
    /// Where a value that is going to be stored here may be computed, and what it should be.
    pub(super) fn wants(&self) -> (Option<Reg>, Known) {
        match self {
            Self::Local(local) => {
                let known = Known::of(local.ty);
                // other types are converted when they are stored
                let direct = (local.ty == Type::Variant && !local.array) || known != Known::Any;
                (direct.then_some(local.reg), known)
            }
            _ => (None, Known::Any),
        }
    }
}

impl Builder<'_> {
    /// Works out a place, evaluating what it hangs on.
    pub(super) fn place(&mut self, e: &Expr) -> Place {
        match &e.kind {
            ExprKind::Group(inner) => self.place(inner),
            ExprKind::Local(name) => self.local_place(name),
            ExprKind::Name(name) => {
                if self.names.method(name).is_some() {
                    return self.nowhere(&format!("{name} is a method: nothing can be assigned to it"));
                }
                if self.names.constant(name).is_some() {
                    return self.nowhere(&format!("{name} is a constant: nothing can be assigned to it"));
                }
                Place::Process(self.names.process_variable(name))
            }
            ExprKind::Interprocess(name) => Place::Interprocess(self.names.interprocess_variable(name)),
            ExprKind::ParameterAt(n) => {
                let n = self.expr_to_fresh(n);
                Place::Parameter(n)
            }
            ExprKind::Field { .. } | ExprKind::Table(_) => {
                self.nowhere("a field needs 4D's database engine, which fourd does not have")
            }
            ExprKind::Postfix { base, steps } => self.postfix_place(base, steps),
            _ => self.nowhere("nothing can be assigned to this expression"),
        }
    }

    fn nowhere(&mut self, message: &str) -> Place {
        self.error_at(ErrorCode::IncompatibleTypes, message);
        Place::Nowhere
    }

    pub(super) fn local_place(&mut self, name: &crate::text::Name) -> Place {
        match self.scope.find(name) {
            Some(at) if self.slots[at].cell => Place::Cell(self.slots[at]),
            Some(at) => Place::Local(self.slots[at]),
            // the scope has seen every name of the body
            None => Place::Nowhere,
        }
    }

    fn postfix_place(&mut self, base: &Expr, steps: &[Step]) -> Place {
        let Some((last, before)) = steps.split_last() else { return self.place(base) };
        match &last.kind {
            StepKind::Member(name) => {
                let base = self.postfix(base, before, None).reg;
                let site = self.site(name);
                Place::Member { base, site }
            }
            StepKind::Index(e) => {
                let base = self.postfix(base, before, None).reg;
                let index = self.expr(e, None).reg;
                Place::Index { base, index }
            }
            StepKind::Element(e) => self.element_place(base, before, e),
            StepKind::Dereference => {
                let pointer = self.postfix(base, before, None).reg;
                Place::Dereference { pointer }
            }
            StepKind::Character(e) => {
                let text =
                    if before.is_empty() { self.place(base) } else { self.postfix_place(base, before) };
                let index = self.expr(e, None).reg;
                Place::Character { text: Box::new(text), index }
            }
            StepKind::Method(..) | StepKind::Call(_) => {
                self.nowhere("nothing can be assigned to the result of a call")
            }
        }
    }

    fn element_place(&mut self, base: &Expr, before: &[Step], index: &Expr) -> Place {
        if let Some((Step { kind: StepKind::Element(first), .. }, outer)) = before.split_last() {
            let array = self.array(base, outer);
            let at = self.fresh();
            let second = self.fresh();
            self.expr_to(first, at);
            self.expr_to(index, second);
            return Place::Element { array, index: at, two: true };
        }
        let array = self.array(base, before);
        let index = self.expr(index, None).reg;
        Place::Element { array, index, two: false }
    }

    /// A register that holds an array in place or refers to a variable that does.
    pub(super) fn array(&mut self, base: &Expr, steps: &[Step]) -> Reg {
        if steps.is_empty() {
            return self.reference(base);
        }
        if let Some((Step { kind: StepKind::Dereference, .. }, before)) = steps.split_last() {
            // a pointer to an array stands for it
            return self.postfix(base, before, None).reg;
        }
        self.postfix(base, steps, None).reg
    }

    /// A register that holds a variable in place or refers to it; for anything else its value.
    pub(super) fn reference(&mut self, e: &Expr) -> Reg {
        match &root(e).kind {
            ExprKind::Local(name) if root(e) == e || matches!(e.kind, ExprKind::Group(_)) => {
                match self.local_place(name) {
                    Place::Local(local) | Place::Cell(local) => local.reg,
                    _ => self.expr(e, None).reg,
                }
            }
            ExprKind::Name(name)
                if self.names.method(name).is_none()
                    && self.names.constant(name).is_none()
                    && matches!(e.kind, ExprKind::Name(_)) =>
            {
                let variable = self.names.process_variable(name);
                let dst = self.fresh();
                self.emit(Op::ReferProcess { dst, variable });
                dst
            }
            ExprKind::Interprocess(name) if matches!(e.kind, ExprKind::Interprocess(_)) => {
                let variable = self.names.interprocess_variable(name);
                let dst = self.fresh();
                self.emit(Op::ReferInterprocess { dst, variable });
                dst
            }
            _ => self.expr(e, None).reg,
        }
    }

    pub(super) fn load_place(&mut self, place: &Place, hint: Option<Reg>) -> Operand {
        if let Place::Local(local) = place {
            return Operand {
                reg: local.reg,
                known: if local.array { Known::Any } else { Known::of(local.ty) },
            };
        }
        let dst = self.target(hint);
        let known = match place {
            Place::Cell(local) => {
                self.emit(Op::LoadCell { dst, cell: local.reg });
                Known::of(local.ty)
            }
            Place::Process(variable) => {
                self.emit(Op::LoadProcess { dst, variable: *variable });
                Known::Any
            }
            Place::Interprocess(variable) => {
                self.emit(Op::LoadInterprocess { dst, variable: *variable });
                Known::Any
            }
            Place::Parameter(n) => {
                self.emit(Op::LoadParameter { dst, n: *n });
                Known::Any
            }
            Place::Member { base, site } => {
                self.emit(Op::GetMember { dst, base: *base, site: *site });
                Known::Any
            }
            Place::Index { base, index } => {
                self.emit(Op::GetIndex { dst, base: *base, index: *index });
                Known::Any
            }
            Place::Element { array, index, two: false } => {
                self.emit(Op::GetElement { dst, array: *array, index: *index });
                Known::Any
            }
            Place::Element { array, index, two: true } => {
                self.emit(Op::GetElement2 { dst, array: *array, index: *index });
                Known::Any
            }
            Place::Dereference { pointer } => {
                self.emit(Op::Dereference { dst, pointer: *pointer });
                Known::Any
            }
            Place::Character { text, index } => {
                let text = self.load_place(text, None).reg;
                self.emit(Op::GetCharacter { dst, text, index: *index });
                Known::Text
            }
            Place::Local(_) | Place::Nowhere => {
                self.emit(Op::LoadUndefined { dst });
                Known::Any
            }
        };
        Operand { reg: dst, known }
    }

    /// The place of `+=` after it was read: what reading and what storing find there is remembered apart.
    pub(super) fn for_storing(&mut self, place: Place) -> Place {
        match place {
            Place::Member { base, site } => {
                let name = self.sites.get(usize::from(site)).map(|s| s.name.clone()).unwrap_or_default();
                Place::Member { base, site: self.site(&name) }
            }
            other => other,
        }
    }

    /// Stores a computed value, converted to the type of the place.
    pub(super) fn store_place(&mut self, place: &Place, value: Operand) {
        let src = value.reg;
        match place {
            Place::Local(local) => self.store_local(local, value),
            Place::Cell(local) => {
                let src = if local.ty == Type::Variant { src } else { self.converted(value, local.ty) };
                self.emit(Op::StoreCell { cell: local.reg, src });
            }
            Place::Process(variable) => {
                self.emit(Op::StoreProcess { src, variable: *variable });
            }
            Place::Interprocess(variable) => {
                self.emit(Op::StoreInterprocess { src, variable: *variable });
            }
            Place::Parameter(n) => {
                self.emit(Op::StoreParameter { n: *n, src });
            }
            Place::Member { base, site } => {
                self.emit(Op::SetMember { base: *base, src, site: *site });
            }
            Place::Index { base, index } => {
                self.emit(Op::SetIndex { base: *base, index: *index, src });
            }
            Place::Element { array, index, two } => {
                let (array, index) = (*array, *index);
                let op = if *two {
                    Op::SetElement2 { array, index, src }
                } else {
                    Op::SetElement { array, index, src }
                };
                self.emit(op);
            }
            Place::Dereference { pointer } => {
                self.emit(Op::StoreDereference { pointer: *pointer, src });
            }
            Place::Character { text, index } => {
                if let Place::Local(local) = **text {
                    self.emit(Op::SetCharacter { text: local.reg, index: *index, src });
                    return;
                }
                let whole = self.load_place(text, None);
                let copy = self.fresh();
                self.emit(Op::Move { dst: copy, src: whole.reg });
                self.emit(Op::SetCharacter { text: copy, index: *index, src });
                self.store_place(text, Operand { reg: copy, known: Known::Any });
            }
            Place::Nowhere => {}
        }
    }

    fn store_local(&mut self, local: &Local, value: Operand) {
        let (dst, src) = (local.reg, value.reg);
        match local.ty {
            Type::Variant if dst == src => {}
            Type::Variant if local.array => {
                self.emit(Op::SetCurrent { array: dst, src });
            }
            Type::Variant => {
                self.move_to(value, dst);
            }
            _ if dst == src => {}
            Type::Integer | Type::Real | Type::Boolean if value.known == Known::of(local.ty) => {
                self.emit(Op::Move { dst, src });
            }
            Type::Integer => {
                self.emit(Op::ConvertInteger { dst, src });
            }
            Type::Real => {
                self.emit(Op::ConvertReal { dst, src });
            }
            ty if value.known != Known::Any && value.known == Known::of(ty) => self.move_to(value, dst),
            ty => {
                self.emit(Op::Convert { dst, src, ty: ty as u8 });
            }
        }
    }

    /// The value in a register, converted to a declared type.
    pub(super) fn converted(&mut self, value: Operand, ty: Type) -> Reg {
        if ty == Type::Variant || (value.known != Known::Any && value.known == Known::of(ty)) {
            return value.reg;
        }
        let dst = self.fresh();
        self.emit(Op::Convert { dst, src: value.reg, ty: ty as u8 });
        dst
    }

    /// Brings a value into a given register: moved if it lies in a temporary one, else copied.
    pub(super) fn move_to(&mut self, value: Operand, dst: Reg) {
        let src = value.reg;
        if src == dst {
            return;
        }
        let op = if src < self.locals_end { Op::Move { dst, src } } else { Op::Take { dst, src } };
        self.emit(op);
    }
}
