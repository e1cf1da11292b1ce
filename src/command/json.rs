//! x
use crate::value::{Text,Value,Result};
use crate::vm::Process;
commands! {
}
pub(super) fn stringified(_p: &mut Process, _v: &Value, _b: bool) -> Result<Text> { Ok(Text::new()) }
