//! What the outcome of tests looks like: for people, as JSON lines, and as a JUnit file.

use super::case::Case;
use super::difference::shown;
use super::execute::{Failure, Verdict};
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;
use std::fmt::Write;
use std::io;
use std::time::Duration;

/// A failed test for a person to read; nothing for one that passed.
pub(super) fn human(case: &Case, verdict: &Verdict, colour: bool) -> String {
    let mut out = String::new();
    let (red, green, end) = if colour { ("\x1b[1;31m", "\x1b[32m", "\x1b[0m") } else { ("", "", "") };
    if verdict.blessed {
        let _ = writeln!(out, "{green}BLESSED{end} {}", case.name);
    }
    if let Some(failure) = &verdict.failure {
        let _ = writeln!(out, "{red}FAILED{end} {}: {}", case.name, failure.why);
        out.push_str(&details(failure, colour));
    }
    out
}

/// Differences and report.
fn details(failure: &Failure, colour: bool) -> String {
    let mut out = String::new();
    for difference in &failure.differences {
        if failure.differences.len() > 1 || difference.stream != "output" {
            let _ = writeln!(out, "  {}:", difference.stream);
        }
        out.push_str(&shown(&difference.expected, &difference.seen, colour));
    }
    // Its first line is the reason already.
    for line in failure.report.lines().filter(|line| line.trim() != failure.why).take(40) {
        let _ = writeln!(out, "    {line}");
    }
    out
}

/// One JSON object and a line end.
pub(super) fn json(case: &Case, verdict: &Verdict) -> String {
    let milliseconds = verdict.time.as_secs_f64() * 1000.0;
    let mut object = serde_json::json!({
        "name": case.name,
        "status": if verdict.failure.is_some() { "failed" } else { "passed" },
        "milliseconds": (milliseconds * 1000.0).round() / 1000.0,
    });
    if verdict.blessed {
        object["blessed"] = true.into();
    }
    if let Some(failure) = &verdict.failure {
        object["message"] = failure.why.as_str().into();
        object["details"] = details(failure, false).into();
    }
    format!("{object}\n")
}

/// The file format that continuous integration services read.
pub(super) fn junit(results: &[(&Case, Verdict)], time: Duration) -> io::Result<Vec<u8>> {
    let failed = results.iter().filter(|(_, verdict)| verdict.failure.is_some()).count();
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", "fourd"),
        ("tests", results.len().to_string().as_str()),
        ("failures", failed.to_string().as_str()),
        ("time", seconds(time).as_str()),
    ]);
    suite.write_inner_content(|xml| {
        for (case, verdict) in results {
            let (class, name) = case.name.rsplit_once(['/', ':']).unwrap_or(("", &case.name));
            let test = xml.create_element("testcase").with_attributes([
                ("classname", clean(class).as_str()),
                ("name", clean(name).as_str()),
                ("time", seconds(verdict.time).as_str()),
            ]);
            match &verdict.failure {
                None => drop(test.write_empty()?),
                Some(failure) => drop(test.write_inner_content(|xml| {
                    let element = xml.create_element("failure");
                    let element = element.with_attribute(("message", clean(&failure.why).as_str()));
                    element.write_text_content(BytesText::new(&clean(&details(failure, false)))).map(drop)
                })?),
            }
        }
        Ok::<(), io::Error>(())
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn seconds(time: Duration) -> String {
    format!("{:.4}", time.as_secs_f64())
}

/// XML has no place for most control characters.
fn clean(text: &str) -> String {
    let allowed = |c: char| if c.is_control() && !matches!(c, '\t' | '\n' | '\r') { '\u{FFFD}' } else { c };
    text.chars().map(allowed).collect()
}
