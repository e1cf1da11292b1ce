//! Themes XML and XML DOM. `tree` is the model, `read` and `write` bring it from and to text, `xpath` finds
//! nodes in it; `dom_read` and `dom_write` are the commands. `sax_read` and `sax_write`
//! are the commands of SAX, for documents that are open.
//!
//! A reference is 16 hexadecimal digits: the number of the tree and that of the node. Trees belong to the
//! process that made them.

mod convert;
pub(crate) mod dom_read;
pub(crate) mod dom_write;
mod read;
pub(crate) mod sax;
pub(crate) mod sax_read;
pub(crate) mod sax_write;
mod tree;
mod write;
mod xliff;
mod xpath;
mod xpath_eval;

use crate::value::{ErrorCode, Fault, Result, Text};
use crate::vm::Process;
use rustc_hash::FxHashMap;
use tree::{NodeId, Tree};
pub(crate) use xliff::texts_of;

/// The reference to nothing.
const NOTHING: &str = "00000000000000000000000000000000";

/// The trees of a process, and what was wrong with the last document it parsed.
#[derive(Default)]
struct Documents {
    trees: FxHashMap<u32, Tree>,
    last: u32,
    mistake: Option<read::Mistake>,
}

fn reference(tree: u32, node: NodeId) -> Text {
    Text::from(format!("{tree:016X}{:016X}", node.0.wrapping_add(1)))
}

fn unknown(reference: &str) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("`{reference}` is no reference of an XML element"))
}

/// The tree and the node that a reference names, if they are still there.
fn located(process: &mut Process, text: &str) -> Result<(u32, NodeId)> {
    let parts = text.split_at_checked(16).and_then(|(tree, node)| {
        let tree = u32::from_str_radix(tree, 16).ok()?;
        let node = u32::from_str_radix(node, 16).ok()?.checked_sub(1)?;
        Some((tree, NodeId(node)))
    });
    let found = parts.filter(|(tree, node)| {
        process.attachment::<Documents>().trees.get(tree).is_some_and(|tree| tree.is_attached(*node))
    });
    found.ok_or_else(|| unknown(text))
}

/// Works on the tree of a reference and tells by the variable OK whether that went well.
fn on_tree<R>(
    process: &mut Process,
    reference: &str,
    work: impl FnOnce(&mut Tree, NodeId) -> Result<R>,
) -> Result<(u32, R)> {
    let done = located(process, reference).and_then(|(number, node)| {
        let documents = process.attachment::<Documents>();
        let tree = documents.trees.get_mut(&number).ok_or_else(|| unknown(reference))?;
        Ok((number, work(tree, node)?))
    });
    process.set_ok(done.is_ok());
    done
}

/// Keeps a tree; gives its number.
fn keep(process: &mut Process, tree: Tree) -> u32 {
    let documents = process.attachment::<Documents>();
    documents.last = documents.last.wrapping_add(1);
    documents.trees.insert(documents.last, tree);
    documents.last
}

fn xpath_fault(path: &str, why: &str) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("The XPath `{path}` is not understood: {why}"))
}
