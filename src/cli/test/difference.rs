//! Expected and seen lines side by side. A line that a pattern fits counts as equal.

use super::pattern::{is_pattern, line_matches};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashSet;
use std::fmt::Write;

/// Equal lines shown around a difference.
const AROUND: usize = 2;
/// More lines than this of one difference help nobody.
const SHOWN: usize = 60;

/// Both texts in lines, and how one becomes the other.
fn compare<'a>(expected: &'a str, seen: &'a str) -> (Vec<&'a str>, Vec<&'a str>, Vec<DiffOp>) {
    let expected: Vec<&str> = expected.lines().collect();
    let seen: Vec<&str> = seen.lines().collect();
    let known: HashSet<&str> = expected.iter().copied().collect();
    let patterns: Vec<&str> = expected.iter().copied().filter(|line| is_pattern(line)).collect();
    // Lines that fit a pattern are compared as if they were it.
    let as_expected = |line: &&'a str| {
        if known.contains(*line) {
            return *line;
        }
        patterns.iter().copied().find(|pattern| line_matches(pattern, line)).unwrap_or(line)
    };
    let compared: Vec<&str> = seen.iter().map(as_expected).collect();
    let operations = capture_diff_slices(Algorithm::Myers, &expected, &compared);
    (expected, seen, operations)
}

/// The lines that differ, `-` expected and `+` seen.
pub(super) fn shown(expected: &str, seen: &str, colour: bool) -> String {
    let (expected_lines, seen_lines, operations) = compare(expected, seen);
    let mut lines = Vec::new();
    for group in similar::group_diff_ops(operations, AROUND) {
        if !lines.is_empty() {
            lines.push(("", "…"));
        }
        for operation in group {
            let (old, new) = (operation.old_range(), operation.new_range());
            let old = expected_lines.get(old).unwrap_or_default();
            let new = seen_lines.get(new).unwrap_or_default();
            if matches!(operation, DiffOp::Equal { .. }) {
                lines.extend(new.iter().map(|line| (" ", *line)));
            } else {
                lines.extend(old.iter().map(|line| ("-", *line)));
                lines.extend(new.iter().map(|line| ("+", *line)));
            }
        }
    }
    if lines.is_empty() {
        lines.push(("", "only the line ends or the last line's end differ"));
    }
    let mut out = String::new();
    for (sign, line) in lines.iter().take(SHOWN) {
        let (start, end) = match (colour, *sign) {
            (true, "-") => ("\x1b[31m", "\x1b[0m"),
            (true, "+") => ("\x1b[32m", "\x1b[0m"),
            _ => ("", ""),
        };
        let _ = writeln!(out, "    {start}{sign}{line}{end}");
    }
    if lines.len() > SHOWN {
        let _ = writeln!(out, "    … and {} more lines", lines.len() - SHOWN);
    }
    out
}

/// What was seen, but lines that fit a pattern of the expected text stay patterns.
pub(super) fn blessed(expected: &str, seen: &str) -> String {
    let (expected_lines, seen_lines, operations) = compare(expected, seen);
    let mut out = String::with_capacity(seen.len());
    for operation in operations {
        let kept = match operation {
            DiffOp::Equal { .. } => expected_lines.get(operation.old_range()),
            _ => seen_lines.get(operation.new_range()),
        };
        for line in kept.unwrap_or_default() {
            out.push_str(line);
            out.push('\n');
        }
    }
    if !seen.ends_with('\n') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{blessed, shown};

    #[test]
    fn patterns_stay_when_blessed() {
        assert_eq!(blessed("a\nid {{number}}\nc\n", "a\nid 12\nd\n"), "a\nid {{number}}\nd\n");
        assert_eq!(blessed("", "new"), "new");
        assert_eq!(blessed("{{any}}\n", ""), "");
    }

    #[test]
    fn differences_are_told() {
        assert_eq!(shown("a\nb\nc\n", "a\nx\nc\n", false), "     a\n    -b\n    +x\n     c\n");
        assert!(shown("a\n", "a", false).contains("last line's end"));
    }
}
