//! XLIFF files: the texts of a program in one language. `Source: commands/localized-string`

use super::read;
use super::tree::{NodeId, Tree};

/// A text that a file translates.
pub(crate) struct Unit {
    pub group: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
    /// The translation; the source text where there is none.
    pub text: String,
}

/// The texts of a file, in their order; none of one that is no XML.
pub(crate) fn texts_of(bytes: &[u8]) -> Vec<Unit> {
    let Ok(tree) = read::parse(&read::decode(bytes)) else { return Vec::new() };
    let mut found = Vec::new();
    let mut work: Vec<(NodeId, Option<String>)> = tree.root().map(|root| (root, None)).into_iter().collect();
    while let Some((node, group)) = work.pop() {
        if !for_this_system(&tree, node) {
            continue;
        }
        if tree.name(node) == "trans-unit" {
            found.push(unit(&tree, node, group));
            continue;
        }
        let group = match tree.name(node) {
            "group" => tree.attribute(node, "id").map(str::to_owned).or(group),
            _ => group,
        };
        work.extend(tree.elements(node).rev().map(|child| (child, group.clone())));
    }
    found
}

/// `d4:includeIf` names the systems that an element is for.
fn for_this_system(tree: &Tree, node: NodeId) -> bool {
    let wanted = tree.attribute(node, "d4:includeIf");
    let elsewhere = [("mac", cfg!(target_os = "macos")), ("win", cfg!(windows))];
    !elsewhere.iter().any(|(name, here)| wanted == Some(*name) && !here)
}

fn unit(tree: &Tree, node: NodeId, group: Option<String>) -> Unit {
    let part = |name: &str| {
        let child = tree.elements(node).find(|child| tree.name(*child) == name);
        child.map(|child| tree.string_value(child))
    };
    let attribute = |name: &str| tree.attribute(node, name).map(str::to_owned);
    Unit {
        group,
        id: attribute("id"),
        name: attribute("resname"),
        text: part("target").or_else(|| part("source")).unwrap_or_default(),
    }
}
