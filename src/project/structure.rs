//! The tables and fields of `catalog.4DCatalog`, and constants defined in `.xlf` files. This is the only file that names quick-xml.

use super::{Field, ProjectError, Table};
use crate::host::Files;
use crate::text::Name;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::ErrorKind;
use std::path::Path;

/// The tables of a structure file; none if there is no such file.
pub(super) fn read(path: &Path, files: &dyn Files) -> Result<Option<Vec<Table>>, ProjectError> {
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ProjectError::Unreadable { path: path.to_path_buf(), error }),
    };
    match tables(&bytes) {
        Ok(tables) => Ok(Some(tables)),
        Err(error) => Err(ProjectError::Structure { path: path.to_path_buf(), message: error.to_string() }),
    }
}

/// Tables lie in `base`, fields in `table`; relations name both again further in.
fn tables(xml: &[u8]) -> Result<Vec<Table>, quick_xml::Error> {
    let mut reader = Reader::from_reader(xml);
    let mut tables: Vec<Table> = Vec::new();
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event()?;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                match (depth, element.local_name().as_ref()) {
                    (1, "table") => tables.push(table(element)?),
                    (2, "field") => {
                        if let Some(table) = tables.last_mut() {
                            table.fields.push(field(element)?);
                        }
                    }
                    _ => {}
                }
                depth += usize::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => return Ok(tables),
            _ => {}
        }
    }
}

/// The constants that a localization file defines, with their values; none if it defines none or cannot
/// be read: a broken translation does not keep a program from running.
pub(super) fn constants(path: &Path, files: &dyn Files) -> Vec<(Name, String)> {
    let bytes = files.read(path).unwrap_or_default();
    let mark: &[u8] = b"x-4DK#";
    if !bytes.windows(mark.len()).any(|part| part == mark) {
        return Vec::new();
    }
    units(&bytes).unwrap_or_default()
}

/// `<trans-unit d4:value="1:L"><source>name</source></trans-unit>`
fn units(xml: &[u8]) -> Result<Vec<(Name, String)>, quick_xml::Error> {
    let mut reader = Reader::from_reader(xml);
    let mut found = Vec::new();
    let mut value = None;
    let mut name: Option<String> = None;
    loop {
        match reader.read_event()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "trans-unit" => value = attribute(&element, "d4:value")?,
                "source" => name = Some(String::new()),
                _ => {}
            },
            Event::Text(text) => {
                if let Some(name) = &mut name {
                    name.push_str(text.trim());
                }
            }
            Event::End(element) if element.local_name().as_ref() == "source" => {
                if let (Some(name), Some(value)) = (name.take(), value.take()) {
                    found.push((Name::new(&name), value));
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn table(element: &BytesStart<'_>) -> Result<Table, quick_xml::Error> {
    let name = attribute(element, "name")?.unwrap_or_default();
    Ok(Table {
        number: number(element, "id")?.unwrap_or_default(),
        name: Name::new(&name),
        fields: Vec::new(),
    })
}

fn field(element: &BytesStart<'_>) -> Result<Field, quick_xml::Error> {
    let name = attribute(element, "name")?.unwrap_or_default();
    Ok(Field {
        number: number(element, "id")?.unwrap_or_default(),
        name: Name::new(&name),
        kind: number(element, "type")?,
    })
}

fn number(element: &BytesStart<'_>, name: &str) -> Result<Option<u32>, quick_xml::Error> {
    Ok(attribute(element, name)?.and_then(|text| text.parse().ok()))
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, quick_xml::Error> {
    let Some(found) = element.try_get_attribute(name)? else { return Ok(None) };
    Ok(Some(found.normalized_value(XmlVersion::Implicit1_0)?.into_owned()))
}
