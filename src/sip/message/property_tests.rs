//! What holds for any octets: no panic, what is written reads back, any split frames alike, hostile shapes cost little.
#![allow(clippy::disallowed_methods)] // the torture messages are files

use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;

use super::scan::work;
use super::*;

fn torture() -> Vec<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/torture");
    let folders =
        ["rfc4475", "rfc5118"].into_iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let mut files: Vec<_> = folders.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Reads a message in every way that the server does, and answers it.
fn exercise(bytes: &[u8]) {
    let bytes: Arc<[u8]> = bytes.into();
    let source = "[2001:db8::1]:5060".parse().unwrap();
    for framing in [Framing::Datagram, Framing::Stream] {
        match parse(bytes.clone(), framing) {
            Ok(message) => {
                read_all(message.headers());
                if let Message::Request(request) = message {
                    let answer = ResponseBuilder::to(&request, source, 200, "OK").tag("t").build();
                    assert!(parse(answer, Framing::Stream).is_ok(), "an answer that cannot be read");
                    let _ = request.uri().is_equivalent(request.to().uri());
                }
            }
            Err(error) => {
                if let Some(draft) = error.draft {
                    read_all(&draft.headers);
                    let _ = ResponseBuilder::to_draft(&draft, source, 400, "Bad Request")
                        .map(ResponseBuilder::build);
                }
            }
        }
    }
}

fn read_all(headers: &Headers) {
    let _ =
        (headers.vias(), headers.top_via(), headers.from(), headers.to(), headers.call_id(), headers.cseq());
    let _ = (headers.contacts(), headers.routes(), headers.record_routes(), headers.content_type());
    let _ = (headers.expires(), headers.max_forwards(), headers.session_expires(), headers.retry_after());
    for (name, value) in headers.iter() {
        assert!(!value.contains(['\r', '\n']), "{name}");
        let _ = headers.values(HeaderName::parse(name.as_bytes()));
        let _ = super::super::digest::Challenge::all(&value);
    }
    if let Ok(contact) = headers.from() {
        let _ = (contact.display().map(|name| quoted(&name)), contact.q(), contact.expires(), contact.tag());
    }
}

fn pieces(stream: &[u8], cuts: &[usize]) -> Result<Vec<Frame>, Fault> {
    let mut framer = Framer::new();
    let mut frames = Vec::new();
    let mut start = 0;
    let ends = cuts.iter().map(|cut| cut % (stream.len() + 1)).collect::<std::collections::BTreeSet<_>>();
    for end in ends.into_iter().chain([stream.len()]) {
        framer.push(&stream[start..end]);
        start = end;
        while let Some(frame) = framer.next().map_err(|error| error.fault)? {
            frames.push(frame);
        }
    }
    Ok(frames)
}

#[test]
fn every_cut_of_every_torture_message_is_read_or_refused() {
    for message in torture() {
        for end in (0..message.len()).step_by(3) {
            exercise(&message[..end]);
        }
    }
}

proptest! {
    #![proptest_config(crate::base::property::cases(256))]

    #[test]
    fn mutated_torture_messages_never_panic(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12),
    ) {
        let all = torture();
        let mut bytes = all[which.index(all.len())].clone();
        for (place, octet, edit) in edits {
            let place = place.index(bytes.len().max(1));
            // Octets that mean something are likelier than the others.
            let octet = if octet < 128 { b"\r\n \t:;,<>\"\\@=/[]%?*"[usize::from(octet) % 19] } else { octet };
            match edit {
                0 if !bytes.is_empty() => bytes[place] = octet,
                1 if !bytes.is_empty() => drop(bytes.remove(place)),
                2 => bytes.truncate(place),
                _ => bytes.insert(place.min(bytes.len()), octet),
            }
        }
        exercise(&bytes);
    }

    #[test]
    fn random_octets_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        exercise(&bytes);
    }

    #[test]
    fn random_values_never_panic_and_keep_their_text(text in "[ -~é]{0,60}") {
        if let Some(uri) = Uri::parse(&text) {
            prop_assert_eq!(uri.text(), &text);
            prop_assert!(uri.is_equivalent(&uri.clone()));
        }
        if let Some(address) = NameAddr::parse(&text) {
            prop_assert_eq!(address.text(), text.trim_matches(' '));
        }
        if let Some(via) = Via::parse(&text) {
            prop_assert!(Via::parse(&via.stamped("192.0.2.1:5060".parse().unwrap())).is_some());
        }
        prop_assert_eq!(quoted(&text).len() >= text.len() + 2, true);
    }

    #[test]
    fn what_is_built_reads_back(
        user in "[a-z0-9+]{1,12}",
        display in "\\PC{0,20}",
        number in 0_u32..=CSEQ_MAX,
        subject in any::<String>(),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let from = format!("{} <sip:{user}@h>;tag=1", quoted(&display));
        let bytes = RequestBuilder::new(&Method::Update, &format!("sip:{user}@h"))
            .header(HeaderName::Via, "SIP/2.0/UDP h;branch=z9hG4bK1")
            .header(HeaderName::From, &from)
            .header(HeaderName::To, "<sip:b@h>")
            .header(HeaderName::CallId, "1")
            .header(HeaderName::CSeq, format!("{number} UPDATE"))
            .header("Subject", &subject)
            .body("application/octet-stream", &body)
            .build();
        let Ok(Message::Request(request)) = parse(bytes.clone(), Framing::Stream) else {
            return Err(TestCaseError::fail(String::from_utf8_lossy(&bytes).into_owned()));
        };
        prop_assert_eq!(request.body(), &body[..]);
        prop_assert_eq!((request.cseq().number, request.method()), (number, &Method::Update));
        let read = request.from().display().unwrap_or_default().into_owned();
        prop_assert_eq!(read, display);
        prop_assert_eq!(request.headers().iter().count(), 8);
    }

    #[test]
    fn any_split_of_a_stream_frames_alike(
        which in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        cuts in prop::collection::vec(any::<usize>(), 0..20),
    ) {
        let all = torture();
        let stream: Vec<u8> = which.iter().flat_map(|which| all[which.index(all.len())].clone()).collect();
        prop_assert_eq!(pieces(&stream, &cuts), pieces(&stream, &[]));
    }
}

/// Shapes that cost quadratic work in parsers of the field. Everything is read many times in `exercise`, by each reader
/// anew, but so often for each octet and no oftener: quadratic work on 64 kB looks at an octet thousands of times.
#[test]
fn hostile_shapes_are_cheap() {
    const LOOKS_MAX: usize = 100;
    let head =
        "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n";
    let cheap = |what: &str, text: String| {
        work::take();
        exercise(text.as_bytes());
        // What is too long is refused unread.
        let looks = work::take() / text.len();
        assert!(looks < LOOKS_MAX, "{what}: each octet is looked at {looks} times");
        looks
    };
    let units = [
        ",", ";", "<", "\"", "\\", "a,", "<sip:h>,", ";a=b", "\r\n ", "\r\n a", "%41", "(", "a=\"\\\"", ":",
        "X: y\r\n",
    ];
    for (unit, name) in units.into_iter().flat_map(|unit| {
        ["Via", "Contact", "Route", "Supported", "Authorization", "X", "Content-Length"]
            .map(|name| (unit, name))
    }) {
        let request = format!("OPTIONS sip:a@h SIP/2.0\r\n{head}To: <sip:b@h>\r\n");
        cheap(name, format!("{request}{name}: {}\r\n\r\n", unit.repeat(64_000 / unit.len())));
        // The same volume below the cap of one line.
        let line = format!("{name}: {}\r\n", unit.repeat(7_900 / unit.len()));
        cheap(name, format!("{request}{}\r\n", line.repeat(7)));
    }
    let params: String = (0..1_200).map(|count| format!(";p{count}")).collect();
    let uri = format!("sip:a@h{params}");
    let looks = cheap("parameters", format!("OPTIONS {uri};x SIP/2.0\r\n{head}To: <{uri};y>\r\n\r\n"));
    assert!(looks > 0, "the work is counted");
}
