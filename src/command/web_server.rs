//! Theme Web Server: what there is to know of a web server where none runs. Commands that answer a request
//! are not provided; these tell what 4D tells outside of a request. `Source: commands/web-get-variables`

use super::blob::fill_blob;
use super::parameters::{ArrayRef, Out, VariableRef};
use crate::value::{Array, ArrayKind, Blob, Object, Result, Text, Value};
use crate::vm::Process;

commands! {
    /// Whether a web server runs: none does.
    1313 "WEB Is server running" () thread_safe => || false;
    /// Describes the web server: it is not started.
    1531 "WEB Get server info" (withCache) thread_safe => server_info;
    /// Stops the web server; nothing is done where none runs.
    618 "WEB STOP SERVER" () thread_safe => || ();
    /// Whether the request came over TLS: there is none.
    698 "WEB Is secured connection" () thread_safe => || false;
    /// Gives the identity of the request's session: there is none.
    1162 "WEB Get current session ID" () thread_safe => Text::default;
    /// Fills arrays with the variables of the request: there is none.
    683 "WEB GET VARIABLES" (nameArray; valueArray) thread_safe => |process: &mut Process, names: ArrayRef, values: ArrayRef| -> Result<()> {
        empty(process, &names)?;
        empty(process, &values)
    };
    /// Gives the header of the request: there is none.
    697 "WEB GET HTTP HEADER" (header; valueArray) thread_safe => header;
    /// Gives the body of the request: there is none.
    814 "WEB GET HTTP BODY" (body) thread_safe => body;
    /// Counts the parts of the request's body: there are none.
    1211 "WEB Get body part count" () thread_safe => || 0;
}

fn empty(process: &mut Process, array: &ArrayRef) -> Result<()> {
    array.replace(process, Array::new(ArrayKind::Text, 0)?)
}

/// Source: commands/web-get-server-info
fn server_info(with_cache: Option<bool>) -> Object {
    let info = Object::new();
    info.set(&"started".into(), Value::Boolean(false));
    info.set(&"uptime".into(), Value::Integer(0));
    info.set(&"SOAPServerStarted".into(), Value::Boolean(false));
    info.set(&"startMode".into(), Value::from("manual"));
    info.set(&"httpRequestCount".into(), Value::Integer(0));
    if with_cache == Some(true) {
        let cache = Object::new();
        cache.set(&"enabled".into(), Value::Boolean(false));
        cache.set(&"nbCachedObjects".into(), Value::Integer(0));
        info.set(&"cache".into(), Value::Object(cache));
    }
    info
}

/// A text, or two arrays. Source: commands/web-get-http-header
fn header(process: &mut Process, first: VariableRef, values: Option<ArrayRef>) -> Result<()> {
    let Some(values) = values else { return first.set(process, Text::default()) };
    let names = ArrayRef::of_pointer(first.reference().clone())?;
    empty(process, &names)?;
    empty(process, &values)
}

/// Source: commands/web-get-http-body
fn body(process: &mut Process, into: VariableRef) -> Result<()> {
    if matches!(into.get(process)?, Value::Blob(_)) {
        return fill_blob(process, &Out::of(into), Blob::default());
    }
    into.set(process, Text::default())
}
