//! Which module may name which. One crate holds everything, so rustc guards no boundary; this does.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use std::fs;
use std::path::{Path, PathBuf};

/// In reading order; `src/lib.rs` and DESIGN tell why.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("catalog", &["text"]),
    ("syntax", &["text", "catalog"]),
    ("value", &["text"]),
    ("code", &["text", "catalog", "syntax", "value"]), // never "vm": code does not know how it is run
    ("host", &[]),
    ("runtime", &["text", "value", "code", "host"]), // handles of processes, never a process
    ("vm", &["text", "catalog", "syntax", "value", "code", "host", "runtime"]), // natives come as a table
    ("command", &["text", "catalog", "syntax", "value", "code", "host", "runtime", "vm"]),
    ("class", &["text", "catalog", "syntax", "value", "code", "host", "runtime", "vm", "command"]),
    ("project", &["text", "syntax", "host"]),
    (
        "engine",
        &[
            "text", "catalog", "syntax", "value", "code", "host", "runtime", "vm", "command", "class",
            "project",
        ],
    ),
];

/// The only places that may name a library, so that it can go.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("logos", &["syntax/token.rs"]),
    ("chumsky", &["syntax/grammar/"]),
    ("ariadne", &["text/"]),
    ("quick_xml", &["project/structure.rs", "command/", "cli/test/report.rs"]),
    ("clap", &["cli/"]),
    ("ctrlc", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("mimalloc", &["main.rs"]),
    ("redb", &["runtime/session_file.rs"]),
    ("getrandom", &["host/os.rs"]),
    ("mio", &["host/os_network.rs"]),
    ("rustls", &["host/tls.rs"]),
    ("shared_child", &["host/os_programs.rs"]),
    ("socket2", &["host/os_network.rs"]),
    ("tungstenite", &["class/web_socket.rs"]),
    ("ureq_proto", &["command/http/client.rs"]),
];

#[test]
fn modules_use_only_what_stands_above_them() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let Some(module) = module_of(&path) else { continue };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{path}: the module {module:?} is not in the table"));
            continue;
        };
        for (line, used) in used_modules(&code) {
            if used != module && !allowed.contains(&used.as_str()) && MAY_USE.iter().any(|(m, _)| *m == used)
            {
                wrong.push(format!("{path}:{line}: {module} must not use {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn lib_lists_the_modules_in_reading_order() {
    let lib = fs::read_to_string(root().join("lib.rs")).expect("src/lib.rs");
    let listed: Vec<_> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut order = MAY_USE.iter().map(|(module, _)| *module);
    for module in listed {
        assert!(order.any(|known| known == module), "{module} is out of order, or not in the table");
    }
}

#[test]
fn libraries_stay_in_their_places() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        for (library, places) in LIBRARIES {
            let named = [format!("{library}::"), format!("use {library}")];
            let at_home = places.iter().any(|place| path.starts_with(place));
            if !at_home && code.lines().any(|line| named.iter().any(|name| names(line, name))) {
                wrong.push(format!("{path}: names {library}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = |(path, code): &(String, String)| !code.starts_with("//!") && !path.ends_with("tests.rs");
    let silent: Vec<_> = sources().into_iter().filter(silent).map(|source| source.0).collect();
    assert!(silent.is_empty(), "no `//!` line at the top of {silent:?}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files of `src` with their code.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
                found.push((name, fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    found.sort();
    found
}

/// None for what joins everything, and for what cargo runs.
fn module_of(path: &str) -> Option<String> {
    let first = path.split('/').next()?;
    let module = first.strip_suffix(".rs").unwrap_or(first);
    let outside = matches!(module, "lib" | "main" | "cli") || path == "catalog/build.rs";
    (!outside).then(|| module.to_owned())
}

/// The modules in `crate::a::…` and `crate::{a::…, b}`, each with its line.
fn used_modules(code: &str) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    // Unit tests may look further; they stand at the end of a file.
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or(code);
    for (at, _) in code.match_indices("crate::") {
        let line_start = code[..at].rfind('\n').map_or(0, |end| end + 1);
        if code[line_start..at].trim_start().starts_with("//") || code[..at].ends_with('$') {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + "crate::".len()..];
        for name in first_names(rest) {
            used.push((line, name));
        }
    }
    used
}

/// `a::b` gives a; `{a::{b, c}, d}` gives a and d.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let mut names = Vec::new();
    let mut depth = 1;
    let mut start = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => start = true,
            _ if start && depth == 1 && !c.is_whitespace() => {
                names.push(word(&group[at..]));
                start = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// Whether code, not a comment, has the name as a whole word.
fn names(line: &str, name: &str) -> bool {
    let code = line.split("//").next().unwrap_or(line);
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
        !part(before) && (name.ends_with(':') || !part(after) || after == Some(':'))
    })
}
