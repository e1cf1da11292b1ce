//! `fourd explain`: what a diagnostic's code means, with a wrong and a right example. The pages lie in
//! `pages.txt`; a test holds the examples against the parser.

use super::args::Explain;
use super::{Exit, refuse};
use fourd::host::{Console, Host};

const PAGES: &str = include_str!("pages.txt");

/// One page.
struct Page {
    code: &'static str,
    meaning: &'static str,
    /// A text that brings up the code; none where it would be too long to print.
    wrong: Option<&'static str>,
    right: &'static str,
}

pub(super) fn explain(host: &dyn Host, explain: &Explain) -> Exit {
    let console: &dyn Console = host.console();
    let Some(code) = &explain.code else {
        let list: String =
            pages().map(|page| format!("{}  {}\n", page.code, first_sentence(page.meaning))).collect();
        let _ = console.print(&list);
        return Exit::Success;
    };
    let Some(page) = pages().find(|page| page.code.eq_ignore_ascii_case(code)) else {
        return refuse(console, format_args!("there is no code {code}; `fourd explain` lists them"));
    };
    let mut text = format!("{}\n\n{}\n", page.code, wrapped(page.meaning));
    if let Some(wrong) = page.wrong {
        text += &format!("\nWrong:\n\n{}", indented(wrong));
    }
    text += &format!("\nRight:\n\n{}", indented(page.right));
    let _ = console.print(&text);
    Exit::Success
}

fn pages() -> impl Iterator<Item = Page> {
    // Each page begins with `# ` and its code; `## ` begins an example.
    let parts = PAGES.trim_start_matches("# ").split("\n# ");
    parts.filter_map(|part| {
        let (code, rest) = part.split_once('\n')?;
        let (meaning, examples) = rest.split_once("\n## ").unwrap_or((rest, ""));
        let example = |name: &str| examples.split("\n## ").find_map(|part| part.strip_prefix(name));
        Some(Page {
            code,
            meaning: meaning.trim(),
            wrong: example("wrong\n").map(str::trim_end),
            right: example("right\n").map(str::trim_end).unwrap_or_default(),
        })
    })
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// Lines of at most 80 columns.
fn wrapped(text: &str) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > 80 {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Page, pages};
    use fourd::syntax::{NoNames, parse};
    use fourd::text::{Severity, Source};

    fn codes_of(text: &str) -> Vec<(&'static str, Severity)> {
        let source = Source::new("example", text.to_owned());
        let parsed = parse(&source, &NoNames);
        parsed.diagnostics.iter().map(|found| (found.code, found.severity)).collect()
    }

    #[test]
    fn examples_are_wrong_and_right() {
        let mut faults = Vec::new();
        for Page { code, wrong, right, .. } in pages() {
            let found = wrong.map(codes_of).unwrap_or_default();
            if wrong.is_some() && !found.iter().any(|(found, _)| *found == code) {
                faults.push(format!("{code}: the wrong example gives {found:?}"));
            }
            let found = codes_of(right);
            if !found.is_empty() || right.is_empty() {
                faults.push(format!("{code}: the right example gives {found:?}"));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn each_code_has_a_page() {
        let codes = include_str!("../../syntax/codes.rs");
        let mut written: Vec<&str> =
            codes.split('"').filter(|part| part.starts_with('E') && part.len() == 5).collect();
        let known: Vec<&str> = pages().map(|page| page.code).collect();
        written.sort_unstable();
        assert_eq!(known, written);
    }
}
