//! `Super`: what functions and constructors reach above the class they are written in.
//! `Source: commands/super`

#![allow(unsafe_code)]

use super::call::{find_constructor, find_function};
use super::function::FunctionObject;
use super::members::{Cached, find_getter};
use super::process::Process;
use crate::code::program::{Code, CodeKind, MemberSite};
use crate::value::{ErrorCode, Fault, Function, Result, Value};

impl Process {
    /// `Super(…)` and `Super.name(…)`: looked up above the class that the running function is written in.
    ///
    /// # Safety
    /// `receiver` points to a register of the running frame.
    pub(super) unsafe fn call_super(
        &mut self,
        site: &MemberSite,
        receiver: *mut Value,
        count: u8,
    ) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Err(self.lost()) };
        if site.name.is_empty() && frame.is_constructor && !frame.called_super {
            frame.called_super = true;
            // SAFETY: a frame's code is alive while the frame is
            let code = unsafe { &*frame.code };
            return match self.parent_constructor(code) {
                // SAFETY: by contract
                Some(index) => unsafe { self.call_function_at(index, receiver, count) },
                None => {
                    // SAFETY: by contract
                    unsafe { *receiver = Value::Undefined };
                    Ok(())
                }
            };
        }
        let class = match Self::code_of(frame).kind {
            CodeKind::Function { of } | CodeKind::Constructor { of } => self.shared.program.class_at(of),
            _ => None,
        };
        let Some(class) = class else {
            return Err(Fault::new(ErrorCode::SuperCalledTwice, "Super can only be used in a class's code"));
        };
        if site.name.is_empty() {
            return Err(Fault::new(
                ErrorCode::SuperCalledTwice,
                format!("The constructor above {} has already been called for this object", class.name),
            ));
        }
        match class.parent.as_ref().and_then(|parent| find_function(parent, &site.name)) {
            Some(Function::Code(index)) => {
                site.remember(Cached::PARENT, index);
                // SAFETY: by contract
                unsafe { self.call_function_at(index, receiver, count) }
            }
            _ => Err(Fault::new(
                ErrorCode::NoSuchMember,
                format!("The parent class of {} has no function named `{}`", class.name, site.name),
            )),
        }
    }

    /// The constructor that `Super(…)` calls in a constructor.
    pub(super) fn parent_constructor(&self, code: &Code) -> Option<u32> {
        let CodeKind::Constructor { of } = code.kind else { return None };
        *code.parent_constructor.get_or_init(|| {
            let class = self.shared.program.class_at(of)?;
            class.parent.as_ref().and_then(find_constructor)
        })
    }

    /// `Super.name`
    pub(super) fn get_super(&mut self, site: &MemberSite) -> Result<Value> {
        let Some(frame) = self.frames.last() else { return Err(self.lost()) };
        let kind = Self::code_of(frame).kind;
        let this = self.this();
        let class = match kind {
            CodeKind::Function { of } | CodeKind::Constructor { of } => {
                self.shared.program.class_at(of).and_then(|c| c.parent.clone())
            }
            _ => None,
        };
        if let Some(class) = class {
            if let Some(getter) = find_getter(&class, &site.name) {
                return self.call_member_function(getter, this, &[]);
            }
            if let Some(Function::Code(index)) = find_function(&class, &site.name) {
                return Ok(FunctionObject::of_program(self, index, self.function_source(index)));
            }
        }
        self.get_member_named(&this, &site.name)
    }

    /// Whether a class's constructor that ends without having called its parent's is a mistake.
    pub(super) fn missing_super(&self) -> Option<Fault> {
        let frame = self.frames.last()?;
        let CodeKind::Constructor { of } = Self::code_of(frame).kind else { return None };
        if frame.called_super {
            return None;
        }
        self.parent_constructor(Self::code_of(frame))?;
        let class = self.shared.program.class_at(of)?;
        Some(Fault::new(
            ErrorCode::SuperNotCalled,
            format!(
                "The constructor of {} must call Super, since its parent class has a constructor",
                class.name
            ),
        ))
    }
}
