use super::*;

/// A call as the bus itself would write it: `GetId` of the bus, from `dbus-send` (its bytes, read off a socket).
#[test]
fn a_call_has_the_bytes_of_the_specification() {
    let call = SentMessage {
        serial: 2,
        destination: "org.freedesktop.DBus",
        path: "/org/freedesktop/DBus",
        interface: "org.freedesktop.DBus",
        member: "GetId",
        signature: "",
        ..SentMessage::default()
    };
    let bytes = call.encode_call();
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
    let bytes = SentMessage {
        serial: 1,
        destination: "a.b",
        path: "/a",
        interface: "a.b",
        member: "ActionInvoked",
        signature: "us",
        body,
        ..SentMessage::default()
    }
    .encode_call();
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
    let mut cut = SentMessage {
        serial: 1,
        destination: "a.b",
        path: "/a",
        interface: "a.b",
        member: "X",
        signature: "",
        ..SentMessage::default()
    }
    .encode_call();
    // A text that is longer than its message.
    cut[20] = 255;
    assert!(ReceivedMessage::read(&mut cut.as_slice()).is_err());
}

#[test]
fn a_message_says_what_it_is_about_and_whether_it_is_to_be_answered() {
    let call = |serial| SentMessage {
        serial,
        destination: "a.b",
        path: "/a",
        interface: "a.c",
        member: "Get",
        ..SentMessage::default()
    };
    let read = |bytes: Vec<u8>| ReceivedMessage::read(&mut bytes.as_slice()).unwrap();
    let asked = read(call(7).encode_call());
    assert_eq!(
        (asked.serial, asked.path.as_str(), asked.interface.as_str(), asked.member.as_str()),
        (7, "/a", "a.c", "Get")
    );
    assert!(asked.wants_reply);
    assert!(!read(call(8).encode_unanswered(MessageKind::MethodCall)).wants_reply);
    let reply = SentMessage { serial: 9, destination: "a.b", reply_to: Some(7), ..SentMessage::default() };
    let reply = read(reply.encode_unanswered(MessageKind::MethodReturn));
    assert_eq!((reply.kind, reply.reply_to, reply.wants_reply), (MessageKind::MethodReturn, Some(7), false));
}

/// `a(isv)` of two, by hand from the rules of alignment: the length of the list does not count what fills up to its first.
#[test]
fn lists_and_structures_lie_where_the_specification_has_them() {
    let mut body = BodyWriter::default();
    body.array(8, |list| {
        for (number, text) in [(1, "a"), (2, "")] {
            list.structure(|one| {
                one.i32(number);
                one.string(text);
                one.variant("b", |value| value.bool(number == 1));
            });
        }
    });
    let first = [1, 0, 0, 0, 1, 0, 0, 0, b'a', 0, 1, b'b', 0, 0, 0, 0, 1, 0, 0, 0];
    let second = [2, 0, 0, 0, 0, 0, 0, 0, 0, 1, b'b', 0, 0, 0, 0, 0];
    let whole = [&[40, 0, 0, 0, 0, 0, 0, 0][..], &first, &[0, 0, 0, 0], &second].concat();
    assert_eq!(body.bytes, whole);
    let mut reader = BodyReader::new(&whole);
    let end = reader.array(8).unwrap();
    let mut read = Vec::new();
    while reader.has_more(end) {
        reader.structure();
        read.push((reader.i32(), reader.string(), reader.signature(), reader.u32()));
    }
    assert_eq!(read, [(Some(1), Some("a"), Some("b"), Some(1)), (Some(2), Some(""), Some("b"), Some(0))]);
}
