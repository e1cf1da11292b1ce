//! Frames of calls that need nothing but their parameters in place, and their end. What takes more is made by
//! `enter` and ended by `leave`.

#![allow(unsafe_code)]

use super::call::Entry;
use super::process::{MAX_FRAMES, Process};
use crate::code::program::{Code, CodeKind};
use crate::value::{Object, Result, TAG_CELL, TAG_SPECIAL, TAG_TEXT, TAG_UNDEFINED, Value, Words};

impl Process {
    /// Makes a frame for a call that needs nothing but its parameters in place; `false` if it needs more, and
    /// nothing has been changed then.
    ///
    /// # Safety
    /// `first` points to the register that holds the first argument, `result` to the one that is to receive the
    /// result. The frame owns `this` if the answer is `true`.
    #[inline(always)]
    pub(super) unsafe fn enter_plain(
        &mut self,
        callee: &Code,
        first: *mut Value,
        count: u8,
        result: *mut Value,
        this: Words,
    ) -> bool {
        // SAFETY: both lie in the stack
        let (start, result_at) = unsafe {
            let stack = self.stack.as_ptr();
            (first.offset_from(stack) as usize, result.offset_from(stack) as usize)
        };
        let declared = callee.accepts.len();
        if !callee.plain
            || usize::from(count) != declared
            || start + usize::from(callee.registers) > self.stack.len()
            || self.frames.len() >= MAX_FRAMES
        {
            return false;
        }
        for (i, accepts) in callee.accepts.iter().enumerate() {
            // SAFETY: the frame's registers lie within the stack, as just checked
            let argument = unsafe { &*first.add(i) };
            if accepts >> argument.tag() & 1 == 0 {
                return false;
            }
        }
        for (i, blank) in (declared..).zip(&callee.blank) {
            // SAFETY: as above
            unsafe {
                let slot = first.add(i);
                if (*slot).is_heap() {
                    drop_slow(slot);
                }
                blank.write(slot);
            }
        }
        if self.frames.len() == self.frames.capacity() {
            self.frames.reserve(64);
        }
        let number = self.frames.len();
        let is_constructor = matches!(callee.kind, CodeKind::Constructor { .. });
        // SAFETY: there is room; every field is written. Field by field, since a frame made elsewhere and
        // copied here would wait for the processor's store buffer.
        unsafe {
            let frame = self.frames.as_mut_ptr().add(number);
            (&raw mut (*frame).code).write(callee);
            (&raw mut (*frame).keep).write(None);
            (&raw mut (*frame).pc).write(0);
            (&raw mut (*frame).base).write(start as u32);
            (&raw mut (*frame).result_at).write(result_at as u32);
            (&raw mut (*frame).count).write(u16::from(count));
            (&raw mut (*frame).slow).write(is_constructor);
            (&raw mut (*frame).gives_this).write(false);
            (&raw mut (*frame).is_constructor).write(is_constructor);
            (&raw mut (*frame).called_super).write(false);
            (&raw mut (*frame).uses_this).write(false);
            match callee.this {
                Some(reg) => {
                    this.write(first.add(usize::from(reg)));
                    Words::NULL.write(&raw mut (*frame).this);
                }
                None => this.write(&raw mut (*frame).this),
            }
            (&raw mut (*frame).rare).write(None);
            self.frames.set_len(number + 1);
        }
        true
    }

    /// Ends a frame that needs nothing but its value handed over; `false` if it needs more.
    ///
    /// # Safety
    /// `base` points to the running frame's first register, `from` to what holds the value.
    #[inline(always)]
    pub(super) unsafe fn leave_plain(
        &mut self,
        from: *mut Value,
        base: *mut Value,
        code: &Code,
        floor: usize,
    ) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        // SAFETY: by contract
        let tag = unsafe { (*from).tag() };
        if frame.slow || self.frames.len() == floor + 1 || tag == TAG_CELL || tag == TAG_SPECIAL {
            return false;
        }
        let result_at = frame.result_at as usize;
        // SAFETY: all slots lie within the stack; the value is moved, its register made Undefined
        unsafe {
            let value = Value::take_words(from);
            // most often there is nothing to be dropped: one test for all registers
            let registers = usize::from(code.registers);
            let tags = (0..registers).fold(0, |tags, i| tags | (*base.add(i)).tag());
            if tags >= TAG_TEXT {
                clear(base, registers);
            }
            let to = self.stack.as_mut_ptr().add(result_at);
            if (*to).is_heap() {
                drop_slow(to);
            }
            value.write(to);
        }
        let number = self.frames.len() - 1;
        // SAFETY: the frame is the last one; it is not used again. It is not slow: `rare` is empty.
        unsafe {
            let frame = self.frames.as_mut_ptr().add(number);
            self.frames.set_len(number);
            if (*frame).this.is_heap() {
                drop_slow(&raw mut (*frame).this);
            }
            if (*frame).keep.is_some() {
                drop((*frame).keep.take());
            }
        }
        true
    }

    /// Calls a function of a class: the receiver lies in a register of the running frame, the arguments behind it.
    ///
    /// # Safety
    /// `receiver` points to that register.
    pub(super) unsafe fn call_function_at(
        &mut self,
        function: u32,
        receiver: *mut Value,
        count: u8,
    ) -> Result<()> {
        let code = self.code_pointer(function)?;
        // SAFETY: codes live as long as the program; the receiver moves into the frame when there is one
        unsafe {
            if self.enter_plain(&*code, receiver.add(1), count, receiver, Words::read(receiver)) {
                receiver.cast::<u64>().write(u64::from(TAG_UNDEFINED));
                return Ok(());
            }
            let at = receiver.offset_from(self.stack.as_ptr()) as usize;
            self.call_function(function, at, count)
        }
    }

    /// Runs the function that reads a computed property, in a frame beyond the running one; the value goes to
    /// register `dst`.
    ///
    /// # Safety
    /// `this` lies in a register.
    pub(super) unsafe fn call_getter(&mut self, function: u32, this: &Value, dst: u16) -> Result<()> {
        // SAFETY: by contract
        unsafe { self.enter_beyond(function, this, None, Some(dst)) }
    }

    /// The same for the function that writes a computed property. What it returns is never looked at.
    ///
    /// # Safety
    /// `this` lies in a register.
    pub(super) unsafe fn call_setter(&mut self, function: u32, this: &Value, value: Value) -> Result<()> {
        // SAFETY: by contract
        unsafe { self.enter_beyond(function, this, Some(value), None) }
    }

    #[inline(always)]
    unsafe fn enter_beyond(
        &mut self,
        function: u32,
        this: &Value,
        argument: Option<Value>,
        dst: Option<u16>,
    ) -> Result<()> {
        // before the stack may move: the words own what `this` refers to
        let this = Words::of(this);
        let code = self.code_pointer(function);
        let base = self.top();
        let result_at = dst.map_or(base, |dst| self.base() + usize::from(dst));
        let count = u8::from(argument.is_some());
        // SAFETY: codes live as long as the program; the words are used once
        unsafe {
            let room = code.and_then(|code| {
                self.reserve(base + usize::from((*code).registers).max(1))?;
                Ok(code)
            });
            let code = match room {
                Ok(code) => code,
                Err(fault) => {
                    drop(this.into_value());
                    return Err(fault);
                }
            };
            if let Some(value) = argument {
                self.stack[base] = value;
            }
            let stack = self.stack.as_mut_ptr();
            if self.enter_plain(&*code, stack.add(base), count, stack.add(result_at), this) {
                return Ok(());
            }
            let (count, this) = (usize::from(count), this.into_value());
            self.enter(Entry { code, keep: None, base, count, result_at, this, gives_this: false })
        }
    }

    /// Runs a constructor on a new instance; arguments lie from `base` on, the instance goes to the register
    /// before them.
    pub(super) fn enter_constructor(
        &mut self,
        code: *const Code,
        this: Object,
        base: usize,
        count: u8,
    ) -> Result<()> {
        let this = Value::Object(this);
        // SAFETY: the receiver's register and the arguments lie in the running frame; `this` is forgotten when
        // the frame owns it
        unsafe {
            let first = self.stack.as_mut_ptr().add(base);
            if self.enter_plain(&*code, first, count, first.sub(1), Words::read(&raw const this)) {
                std::mem::forget(this);
                if let Some(frame) = self.frames.last_mut() {
                    frame.gives_this = true;
                }
                return Ok(());
            }
        }
        let (count, result_at) = (usize::from(count), base - 1);
        self.enter(Entry { code, keep: None, base, count, result_at, this, gives_this: true })
    }
}

/// Drops what registers hold.
///
/// # Safety
/// As many registers lie at `base`.
#[inline(never)]
unsafe fn clear(base: *mut Value, registers: usize) {
    for i in 0..registers {
        // SAFETY: by contract
        unsafe {
            let slot = base.add(i);
            if (*slot).is_heap() {
                std::ptr::drop_in_place(slot);
                slot.cast::<u64>().write(u64::from(TAG_UNDEFINED));
            }
        }
    }
}

/// Drops what a slot holds.
///
/// # Safety
/// The slot holds a value and is written before it is read again.
#[cold]
#[inline(never)]
pub(super) unsafe fn drop_slow(slot: *mut Value) {
    // SAFETY: by contract
    unsafe { std::ptr::drop_in_place(slot) };
}
