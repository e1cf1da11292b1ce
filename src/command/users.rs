//! Themes Users and Groups, Formulas and Pictures, as far as they need no screen: who uses the program,
//! which methods formulas may use, and whether a file holds a picture.

use super::design::fill_texts;
use super::parameters::{ArrayRef, Integer, Star};
use super::paths::of_document;
use crate::host::Access;
use crate::value::{Result, SharedValue, Text, convert};
use crate::vm::Process;
use std::io::Read;

commands! {
    /// Gives the name of the session's user; there are no aliases.
    182 "Current user" (user) thread_safe => current_user;
    /// Sets the methods that may be entered in formulas; it does not limit what runs.
    805 "SET ALLOWED METHODS" (methodsArray) => set_allowed;
    /// Gives what `SET ALLOWED METHODS` set.
    908 "GET ALLOWED METHODS" (methodsArray) => get_allowed;
    /// Whether a file holds a picture, by how it begins.
    1113 "Is picture file" (filePath; *) thread_safe => is_picture_file;
}

/// `4D user alias`
const ALIAS: Integer = 2;
/// Where the allowed methods are kept, among the parameters: no selector is negative.
const ALLOWED: i32 = -1;

/// Source: commands/current-user
fn current_user(process: &mut Process, kind: Option<Integer>) -> String {
    if kind == Some(ALIAS) {
        return String::new();
    }
    let registry = process.shared.runtime.sessions();
    let session = crate::runtime::parse_id(&process.session_id()).and_then(|id| registry.find(id, process.moment()));
    session.map(|session| session.state().user).unwrap_or_default()
}

/// Source: commands/set-allowed-methods
fn set_allowed(process: &mut Process, methods: ArrayRef) -> Result<()> {
    let methods = methods.copy(process)?;
    let names = (1..=methods.len() as i64).map(|at| convert::to_text(&methods.get(at)?));
    let names = names.collect::<Result<Vec<Text>>>()?;
    let names = names.iter().map(Text::as_str).collect::<Vec<_>>().join("\n");
    let kept = SharedValue::Text(Text::from(names));
    process.shared.runtime.parameters.lock().insert(ALLOWED, kept);
    Ok(())
}

/// Source: commands/get-allowed-methods
fn get_allowed(process: &mut Process, methods: ArrayRef) -> Result<()> {
    let kept = process.shared.runtime.parameters.lock().get(&ALLOWED).cloned();
    let names = match kept {
        Some(SharedValue::Text(names)) if !names.is_empty() => names.as_str().split('\n').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    fill_texts(process, &methods, names)
}

/// What files of pictures begin with.
const BEGINNINGS: &[&[u8]] = &[
    b"\x89PNG\r\n\x1A\n",
    b"\xFF\xD8\xFF",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"%PDF-",
    b"8BPS",
    b"\0\0\x01\0",
];

/// Source: commands/is-picture-file
fn is_picture_file(process: &mut Process, path: Text, _all: Option<Star>) -> bool {
    let path = of_document(process, &path);
    let mut head = Vec::new();
    let read = process.shared.host.files().open(&path, Access::Read);
    let Ok(file) = read else { return false };
    if file.take(1024).read_to_end(&mut head).is_err() {
        return false;
    }
    let is_svg = || {
        let text = String::from_utf8_lossy(&head);
        text.trim_start_matches('\u{FEFF}').trim_start().starts_with('<') && text.contains("<svg")
    };
    let is_webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    BEGINNINGS.iter().any(|beginning| head.starts_with(beginning)) || is_webp || is_svg()
}

