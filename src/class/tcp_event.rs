//! 4D.TCPEvent and 4D.UDPEvent: what happened to a connection or socket. `Source: API/TCPEventClass,
//! API/UDPEventClass`

use super::listening::{blob_value, object_of};
use crate::command::bind::Plain;
use crate::value::{Native, Text, Value};
use crate::vm::Process;
use std::net::SocketAddr;

members! {
    "4D.TCPEvent" {
        /// What happened: `connection`, `data`, `error`, `close` or `terminate`.
        get "type" () => |event: NetworkEvent| event.kind;
        /// What has arrived.
        get "data" () => |event: NetworkEvent| event.data;
        /// The IP address of the other end.
        get "address" () => |event: NetworkEvent| event.address;
        /// The port of the other end.
        get "port" () => |event: NetworkEvent| event.port;
    }
    "4D.UDPEvent" {
        /// What happened: `data`, `error` or `terminate`.
        get "type" () => |event: NetworkEvent| event.kind;
        /// What has arrived.
        get "data" () => |event: NetworkEvent| event.data;
        /// The IP address of the other end.
        get "address" () => |event: NetworkEvent| event.address;
        /// The port of the other end.
        get "port" () => |event: NetworkEvent| event.port;
    }
}

/// What such an object holds; never altered.
#[derive(Clone)]
pub(super) struct NetworkEvent {
    kind: &'static str,
    data: Value,
    address: Value,
    port: Value,
}

impl Native for NetworkEvent {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }
}

impl Plain for NetworkEvent {
    const EXPECTED: &'static str = "a 4D.TCPEvent or 4D.UDPEvent";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        let found = match &value {
            Value::Object(object) => object.native::<Self>().cloned(),
            _ => None,
        };
        found.ok_or(value)
    }
}

/// The object that tells a callback what happened.
pub(super) fn network_event(
    process: &Process,
    class: &str,
    kind: &'static str,
    from: Option<SocketAddr>,
    data: Option<Vec<u8>>,
) -> Value {
    let address = from.map_or(Value::Undefined, |from| {
        Value::Text(Text::from(from.ip().to_canonical().to_string().as_str()))
    });
    let port = from.map_or(Value::Undefined, |from| Value::Integer(from.port().into()));
    let data = data.map_or(Value::Undefined, |bytes| blob_value(process, bytes));
    object_of(process, class, Box::new(NetworkEvent { kind, data, address, port }))
}
