//! An XML document as a tree: nodes in one list, named by their place in it. Names are kept as they are
//! written, prefixes included: 4D finds elements by the names that stand in the document.

/// A node's place in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(pub u32);

/// The node above the root element.
pub(super) const DOCUMENT: NodeId = NodeId(0);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Document,
    Element { name: String, attributes: Vec<(String, String)> },
    Text(String),
    CData(String),
    Comment(String),
    Instruction(String),
    Doctype(String),
}

#[derive(Clone, Debug)]
struct Node {
    parent: Option<NodeId>,
    content: Content,
    children: Vec<NodeId>,
}

/// What `XML SET OPTIONS` and `DOM SET XML DECLARATION` change.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub version: String,
    pub encoding: String,
    pub standalone: Option<bool>,
    pub indent: bool,
    pub ignore_case: bool,
    pub data_uri: bool,
    pub date: i32,
    pub time: i32,
    pub raw_text: bool,
    pub mark: bool,
    pub line_ending: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: "1.0".to_owned(),
            encoding: "UTF-8".to_owned(),
            standalone: None,
            indent: true,
            ignore_case: false,
            data_uri: false,
            date: 0,
            time: 0,
            raw_text: false,
            mark: false,
            line_ending: "\n",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    pub settings: Settings,
}

impl Default for Tree {
    fn default() -> Self {
        let document = Node { parent: None, content: Content::Document, children: Vec::new() };
        Self { nodes: vec![document], settings: Settings::default() }
    }
}

impl Tree {
    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.0 as usize)
    }

    pub fn content(&self, id: NodeId) -> &Content {
        self.node(id).map_or(&Content::Document, |node| &node.content)
    }

    pub fn content_mut(&mut self, id: NodeId) -> Option<&mut Content> {
        self.node_mut(id).map(|node| &mut node.content)
    }

    pub fn children(&self, id: NodeId) -> &[NodeId] {
        self.node(id).map_or(&[], |node| &node.children)
    }

    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)?.parent
    }

    /// Whether the node is still part of the document.
    pub fn is_attached(&self, id: NodeId) -> bool {
        let mut at = id;
        while at != DOCUMENT {
            match self.parent(at) {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        true
    }

    pub fn is_element(&self, id: NodeId) -> bool {
        matches!(self.content(id), Content::Element { .. })
    }

    /// The root element, if there is one.
    pub fn root(&self) -> Option<NodeId> {
        self.elements(DOCUMENT).next()
    }

    pub fn elements(&self, of: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        self.children(of).iter().copied().filter(|id| self.is_element(*id))
    }

    pub fn name(&self, id: NodeId) -> &str {
        match self.content(id) {
            Content::Element { name, .. } => name,
            Content::Document => "#document",
            Content::Instruction(text) => text.split_whitespace().next().unwrap_or(""),
            _ => "",
        }
    }

    pub fn attributes(&self, id: NodeId) -> &[(String, String)] {
        match self.content(id) {
            Content::Element { attributes, .. } => attributes,
            _ => &[],
        }
    }

    pub fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        self.attributes(id).iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn set_attribute(&mut self, id: NodeId, name: &str, value: String) {
        let Some(Content::Element { attributes, .. }) = self.content_mut(id) else { return };
        match attributes.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value,
            None => attributes.push((name.to_owned(), value)),
        }
    }

    /// A new node at a place among its parent's children; at the end if there is no such place.
    pub fn insert(&mut self, parent: NodeId, at: usize, content: Content) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { parent: Some(parent), content, children: Vec::new() });
        if let Some(parent) = self.node_mut(parent) {
            let at = at.min(parent.children.len());
            parent.children.insert(at, id);
        }
        id
    }

    pub fn append(&mut self, parent: NodeId, content: Content) -> NodeId {
        self.insert(parent, usize::MAX, content)
    }

    pub fn append_element(&mut self, parent: NodeId, name: &str) -> NodeId {
        self.append(parent, Content::Element { name: name.to_owned(), attributes: Vec::new() })
    }

    /// Takes a node out of the tree, with what is below it.
    pub fn remove(&mut self, id: NodeId) {
        let parent = self.node_mut(id).and_then(|node| node.parent.take());
        if let Some(parent) = parent.and_then(|parent| self.node_mut(parent)) {
            parent.children.retain(|child| *child != id);
        }
    }

    /// Copies a node of another tree, or of this one as it was, with what is below it.
    pub fn graft(&mut self, parent: NodeId, at: usize, source: &Tree, from: NodeId) -> NodeId {
        let top = self.insert(parent, at, source.content(from).clone());
        let mut work = vec![(from, top)];
        while let Some((from, to)) = work.pop() {
            for child in source.children(from) {
                let copy = self.append(to, source.content(*child).clone());
                work.push((*child, copy));
            }
        }
        top
    }

    /// The texts directly in an element, joined; of another node its content.
    pub fn value(&self, id: NodeId) -> String {
        match self.content(id) {
            Content::Text(text)
            | Content::CData(text)
            | Content::Comment(text)
            | Content::Instruction(text) => text.clone(),
            _ => self.joined(id, |content| match content {
                Content::Text(text) => Some(text),
                _ => None,
            }),
        }
    }

    /// The CDATA sections directly in an element, joined.
    pub fn cdata(&self, id: NodeId) -> String {
        self.joined(id, |content| match content {
            Content::CData(text) => Some(text),
            _ => None,
        })
    }

    fn joined(&self, id: NodeId, part: impl Fn(&Content) -> Option<&String>) -> String {
        self.children(id).iter().filter_map(|child| part(self.content(*child))).map(String::as_str).collect()
    }

    /// All texts below a node, joined: what XPath compares.
    pub fn string_value(&self, id: NodeId) -> String {
        let mut out = String::new();
        let mut work = vec![id];
        while let Some(at) = work.pop() {
            match self.content(at) {
                Content::Text(text) | Content::CData(text) => out.push_str(text),
                Content::Comment(text) | Content::Instruction(text) if at == id => out.push_str(text),
                _ => work.extend(self.children(at).iter().rev()),
            }
        }
        out
    }

    /// Replaces the texts of an element by one; elements stay.
    pub fn set_value(&mut self, id: NodeId, content: Content) {
        if let Some(
            Content::Text(old) | Content::CData(old) | Content::Comment(old) | Content::Instruction(old),
        ) = self.content_mut(id)
        {
            if let Content::Text(new) | Content::CData(new) = content {
                *old = new;
            }
            return;
        }
        let is_text = |node: &NodeId| matches!(self.content(*node), Content::Text(_) | Content::CData(_));
        let old: Vec<NodeId> = self.children(id).iter().copied().filter(is_text).collect();
        let first = old.first().and_then(|first| self.children(id).iter().position(|child| child == first));
        for node in old {
            self.remove(node);
        }
        if !matches!(&content, Content::Text(text) | Content::CData(text) if text.is_empty()) {
            self.insert(id, first.unwrap_or(0), content);
        }
    }
}
