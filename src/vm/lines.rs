//! Code that looks at the code around it: lines given as text, the call chain, the parameters and
//! `This` of the running method.

use super::process::Process;
use crate::code::program::{Code, CodeKind};
use crate::value::{Cell, ErrorCode, Fault, Result, Special, Value};
use std::sync::Arc;

/// One step of the call chain. `Source: commands/call-chain`
pub struct Link {
    pub kind: CodeKind,
    pub name: String,
    /// Counted from 1.
    pub line: u32,
    /// The text of that line.
    pub formula: String,
    /// The file it is in.
    pub path: std::path::PathBuf,
}

/// More of the call chain than this helps nobody.
const MAX_CHAIN: usize = 1000;

impl Process {
    /// Runs a line of code in the running method: it sees and changes that method's locals, parameters
    /// and `This`. `Source: commands/execute-formula`
    ///
    /// # Errors
    /// The text is no line of code; what the line raises.
    pub fn execute_line(&mut self, text: &str) -> Result<Value> {
        if text.trim().is_empty() {
            return Ok(Value::Undefined);
        }
        let Some(code) = self.shared.program.compile_line(text).map_err(|error| error.fault())? else {
            return Ok(Value::Undefined);
        };
        let shared = self.shared_locals(&code);
        let captured: Vec<Value> = shared.iter().map(|(_, cell)| Value::Cell(cell.clone())).collect();
        let arguments = self.parameters(1);
        let this = self.this();
        let pointer = Arc::as_ptr(&code);
        let result = self.call_code_with(pointer, Some(code), this, &arguments, &captured, false);
        for (register, cell) in shared {
            let Some(at) = register else { continue };
            // a local that was a cell before is shared already
            if !matches!(self.stack.get(at as usize), Some(Value::Cell(_))) {
                self.write_variable(&Value::Special(Special::Register(at)), cell.get())?;
            }
        }
        result
    }

    /// A cell for each local of the line, and the register of the running method it stands for.
    fn shared_locals(&self, line: &Code) -> Vec<(Option<u32>, Cell)> {
        let names = line.locals.iter().filter(|(name, _)| name.parse::<u16>().is_err());
        let frame = self.frames.last();
        names
            .map(|(name, _)| {
                let found = frame.and_then(|frame| {
                    let code = Self::code_of(frame);
                    let (_, reg) = code.locals.iter().find(|(own, _)| own.folded() == name.folded())?;
                    Some(frame.base + u32::from(*reg))
                });
                let cell = match found.and_then(|at| self.stack.get(at as usize)) {
                    Some(Value::Cell(cell)) => cell.clone(),
                    Some(value) => Cell::new(value.clone()),
                    None => Cell::new(Value::Undefined),
                };
                (found, cell)
            })
            .collect()
    }

    /// The parameters that the running method was given, from number `first` on.
    /// `Source: commands/copy-parameters`
    #[must_use]
    pub fn parameters(&self, first: usize) -> Vec<Value> {
        let count = self.count_parameters();
        let numbers = first.max(1)..=count;
        numbers
            .map(|n| {
                self.load_parameter(&Value::Integer(i32::try_from(n).unwrap_or(i32::MAX))).unwrap_or_default()
            })
            .collect()
    }

    /// `This` in a constructor whose parent may not have been constructed yet.
    ///
    /// # Errors
    /// -10743: `Super` has to be called first. `Source: commands/super`
    pub fn checked_this(&self) -> Result<Value> {
        if self.missing_super().is_some() {
            return Err(Fault::new(
                ErrorCode::ThisBeforeSuper,
                "`This` cannot be used before `Super` has been called",
            ));
        }
        Ok(self.this())
    }

    /// The methods, functions and formulas that are running, innermost first.
    #[must_use]
    pub fn call_chain(&self) -> Vec<Link> {
        let frames = self.frames.iter().rev().take(MAX_CHAIN);
        frames
            .map(|frame| {
                let code = Self::code_of(frame);
                let at = (frame.pc as usize).saturating_sub(1);
                let line = code.statement_at(at).map_or(0, |statement| statement.line);
                Link {
                    kind: code.kind,
                    name: code.name.to_string(),
                    line,
                    formula: code.source.line(line).trim().to_owned(),
                    path: code.source.path().to_path_buf(),
                }
            })
            .collect()
    }
}
