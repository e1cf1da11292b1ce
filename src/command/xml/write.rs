//! Tree → XML text.

use super::super::charset::Charset;
use super::tree::{Content, DOCUMENT, NodeId, Tree};
use std::borrow::Cow;

/// The characters that XML forbids in a text, escaped.
pub(super) fn escape(text: &str, attribute: bool) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&', '"', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' if !attribute => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' if attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// `<?xml …?>`, as 4D writes it.
pub(super) fn declaration(version: &str, encoding: &str, standalone: Option<bool>) -> String {
    let standalone = if standalone == Some(true) { "yes" } else { "no" };
    format!("<?xml version=\"{version}\" encoding=\"{encoding}\" standalone=\"{standalone}\" ?>")
}

/// A whole document.
pub(super) fn document(tree: &Tree) -> String {
    let settings = &tree.settings;
    let mut out = declaration(&settings.version, &settings.encoding, settings.standalone);
    for child in tree.children(DOCUMENT) {
        out.push('\n');
        node(tree, *child, settings.indent, &mut out);
    }
    if settings.indent {
        out.push('\n');
    }
    if settings.line_ending != "\n" {
        out = out.replace('\n', settings.line_ending);
    }
    out
}

/// A whole document in its own character set.
pub(super) fn bytes(tree: &Tree) -> Vec<u8> {
    let text = document(tree);
    let charset = Charset::by_name(&tree.settings.encoding).unwrap_or(Charset::Utf8);
    let marked = tree.settings.mark && matches!(charset, Charset::Utf8 | Charset::Utf16 | Charset::Utf16Be);
    charset.encode(&if marked { format!("\u{FEFF}{text}") } else { text })
}

/// What is left to write.
enum Step {
    Node(NodeId, usize),
    End(NodeId),
    Line(usize),
}

/// A node and all below it, without recursion: trees may be deep.
fn node(tree: &Tree, id: NodeId, indent: bool, out: &mut String) {
    let mut work = vec![Step::Node(id, 0)];
    while let Some(step) = work.pop() {
        match step {
            Step::Line(depth) => {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", depth));
            }
            Step::End(id) => {
                out.push_str("</");
                out.push_str(tree.name(id));
                out.push('>');
            }
            Step::Node(id, depth) => match tree.content(id) {
                Content::Document => {}
                Content::Text(text) => out.push_str(&escape(text, false)),
                Content::CData(text) => {
                    out.push_str("<![CDATA[");
                    out.push_str(&text.replace("]]>", "]]]]><![CDATA[>"));
                    out.push_str("]]>");
                }
                Content::Comment(text) => wrapped(out, "<!--", &text.replace("--", "- -"), "-->"),
                Content::Instruction(text) => wrapped(out, "<?", &text.replace("?>", "? >"), "?>"),
                Content::Doctype(text) => wrapped(out, "<!DOCTYPE ", text, ">"),
                Content::Element { name, attributes } => {
                    out.push('<');
                    out.push_str(name);
                    for (key, value) in attributes {
                        wrapped(out, " ", key, "=\"");
                        wrapped(out, "", &escape(value, true), "\"");
                    }
                    let children = tree.children(id);
                    if children.is_empty() {
                        out.push_str("/>");
                        continue;
                    }
                    out.push('>');
                    work.push(Step::End(id));
                    // an element that holds text is left as it is
                    let is_text =
                        |child: &NodeId| matches!(tree.content(*child), Content::Text(_) | Content::CData(_));
                    let lines = indent && !children.iter().any(is_text);
                    if lines {
                        work.push(Step::Line(depth));
                    }
                    for child in children.iter().rev() {
                        work.push(Step::Node(*child, depth + 1));
                        if lines {
                            work.push(Step::Line(depth + 1));
                        }
                    }
                }
            },
        }
    }
}

fn wrapped(out: &mut String, before: &str, text: &str, after: &str) {
    out.push_str(before);
    out.push_str(text);
    out.push_str(after);
}

#[cfg(test)]
mod tests {
    use super::super::read::parse;
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        let text = "<a k=\"&lt;&quot;\">\n <b>x &amp; y</b><!--c--><![CDATA[]]]]><![CDATA[>]]></a>";
        let mut tree = parse(text).unwrap();
        assert_eq!(
            document(&tree),
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>\n{text}\n")
        );
        tree = parse("<a><b><c/></b>\n</a>".replace('\n', "").as_str()).unwrap();
        assert!(document(&tree).ends_with("<a>\n  <b>\n    <c/>\n  </b>\n</a>\n"));
        tree.settings.indent = false;
        assert!(document(&tree).ends_with("\n<a><b><c/></b></a>"));
    }
}
