//! The framer on streams as they come: in pieces, in one piece, with pings between, and broken.

use super::*;

fn message(body: &str) -> String {
    format!(
        "INFO sip:a@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\n\
         CSeq: 1 INFO\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// All frames of a stream that is read `step` octets at a time, and what broke it.
fn frames(stream: &[u8], step: usize) -> (Vec<Frame>, Option<FrameError>) {
    let mut framer = Framer::new();
    let mut frames = Vec::new();
    for piece in stream.chunks(step) {
        framer.push(piece);
        loop {
            match framer.next() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(error) => return (frames, Some(error)),
            }
        }
    }
    (frames, None)
}

fn whole(text: &str) -> Frame {
    Frame::Message(text.as_bytes().into())
}

#[test]
fn any_split_gives_the_same_messages() {
    let (one, two, three) = (message(""), message("a\r\n\r\nINFO b"), message("x"));
    let stream = format!("\r\n{one}\r\n\r\n{two}{three}\r\n\r\n\r\n");
    let wanted = vec![whole(&one), Frame::KeepAlive, whole(&two), whole(&three), Frame::KeepAlive];
    for step in 1..stream.len() {
        assert_eq!(frames(stream.as_bytes(), step), (wanted.clone(), None), "{step}");
    }
}

#[test]
fn a_ping_is_answered_as_soon_as_it_is_whole_and_a_pong_never() {
    let mut framer = Framer::new();
    framer.push(b"\r\n");
    assert_eq!(framer.next(), Ok(None));
    framer.push(b"\r");
    assert_eq!(framer.next(), Ok(None));
    framer.push(b"\n");
    assert_eq!(framer.next(), Ok(Some(Frame::KeepAlive)));
    assert_eq!((framer.next(), framer.pending()), (Ok(None), 0));
}

#[test]
fn a_request_hidden_in_a_body_stays_hidden() {
    let inner = message("");
    for name in ["Content-Length : ", "l:", "Content-Length\t:\r\n  "] {
        let outer = message(&inner).replacen("Content-Length: ", name, 1);
        let (found, error) = frames(outer.as_bytes(), 5);
        assert_eq!((found.len(), error), (1, None), "{name:?}");
        let Frame::Message(bytes) = &found[0] else { panic!() };
        let Ok(Message::Request(request)) = parse(bytes.clone(), Framing::Stream) else { panic!() };
        assert!(request.body().starts_with(b"INFO "));
    }
}

#[test]
fn a_stream_that_lost_its_beat_ends_with_something_to_answer() {
    let good = message("");
    for bad in
        ["", "Content-Length: -1\r\n", "Content-Length: 4294967296\r\n", "Content-Length: 1\r\nl: 0\r\n"]
    {
        let stream = good.replace("Content-Length: 0\r\n", bad) + &good;
        let (found, error) = frames(stream.as_bytes(), 11);
        let error = error.unwrap();
        assert_eq!(found, [], "{bad}");
        let refused = parse(error.head.unwrap(), Framing::Stream).unwrap_err();
        assert_eq!(refused.fault, error.fault);
        assert!(refused.draft.unwrap().headers.top_via().is_ok());
    }
    let (_, error) = frames("GET / HTTP/1.1\r\nHost: h\r\n\r\n".as_bytes(), 100);
    assert_eq!(error.unwrap().fault, Fault::ContentLength);
}

#[test]
fn nothing_follows_an_error_and_no_head_is_endless() {
    let mut framer = Framer::new();
    framer.push(&vec![b'a'; 65_536]);
    assert_eq!(framer.next(), Err(FrameError { fault: Fault::TooLarge, head: None }));
    framer.push(message("").as_bytes());
    assert_eq!((framer.next(), framer.pending()), (Ok(None), 0));
}
