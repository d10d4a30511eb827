use super::*;

/// A call as the bus itself would write it: `GetId` of the bus, from `dbus-send` (its bytes, read off a socket).
#[test]
fn a_call_has_the_bytes_of_the_specification() {
    let call = MethodCall {
        serial: 2,
        destination: "org.freedesktop.DBus",
        path: "/org/freedesktop/DBus",
        interface: "org.freedesktop.DBus",
        member: "GetId",
        signature: "",
        body: BodyWriter::default(),
    };
    let bytes = call.encode();
    assert_eq!(bytes[..16], [b'l', 1, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 109, 0, 0, 0]);
    assert_eq!(bytes.len() % 8, 0);
    // The path comes first: its code, the type of its value, and the value.
    assert_eq!(bytes[16..24], [1, 1, b'o', 0, 21, 0, 0, 0]);
    assert_eq!(&bytes[24..46], b"/org/freedesktop/DBus\0");
}

#[test]
fn what_is_written_is_read() {
    let mut body = BodyWriter::default();
    body.u32(7);
    body.string("finish");
    let bytes = MethodCall {
        serial: 1,
        destination: "a.b",
        path: "/a",
        interface: "a.b",
        member: "ActionInvoked",
        signature: "us",
        body,
    }
    .encode();
    let message = ReceivedMessage::read(&mut bytes.as_slice()).unwrap();
    assert_eq!(
        (message.kind, message.member.as_str(), message.reply_to),
        (MessageKind::MethodCall, "ActionInvoked", None)
    );
    let mut body = BodyReader::new(&message.body);
    assert_eq!((body.u32(), body.string(), body.u32()), (Some(7), Some("finish"), None));
}

#[test]
fn what_is_no_message_is_an_error() {
    assert!(ReceivedMessage::read(&mut [0; 16].as_slice()).is_err());
    let long = [b'l', 4, 0, 1, 255, 255, 255, 255, 1, 0, 0, 0, 255, 255, 255, 255];
    assert!(ReceivedMessage::read(&mut long.as_slice()).is_err());
    let mut cut = MethodCall {
        serial: 1,
        destination: "a.b",
        path: "/a",
        interface: "a.b",
        member: "X",
        signature: "",
        body: BodyWriter::default(),
    }
    .encode();
    // A text that is longer than its message.
    cut[20] = 255;
    assert!(ReceivedMessage::read(&mut cut.as_slice()).is_err());
}
