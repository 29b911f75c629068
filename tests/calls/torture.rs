//! The torture messages of RFC 4475 and RFC 5118 at the parser: what is understood, what is refused and how.
//!
//! `tests/data/torture/manifest.tsv` lists them with their verdicts; this file fixes what we do with each.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // the messages are files; a test fails by panic

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use svi::sip::message::{
    Contacts, Fault, Frame, Framer, Framing, HeaderName, Message, Method, Request, ResponseBuilder, Uri,
    parse,
};

/// What becomes of a message.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is read; whoever is above decides.
    Read,
    /// A request that is answered with this status.
    Refused(u16),
    /// A response that is dropped.
    Dropped,
}

use Outcome::{Dropped, Read, Refused};

/// Those that are not simply read.
const NOT_READ: [(&str, Outcome); 29] = [
    ("badinv01.dat", Refused(400)),
    ("clerr.dat", Refused(400)),
    ("ncl.dat", Refused(400)),
    ("scalar02.dat", Refused(400)),
    ("scalarlg.dat", Dropped),
    ("quotbal.dat", Refused(400)),
    ("ltgtruri.dat", Refused(400)),
    ("lwsruri.dat", Refused(400)),
    ("lwsstart.dat", Refused(400)),
    ("trws.dat", Refused(400)),
    ("escruri.dat", Refused(400)),
    ("baddate.dat", Refused(400)),
    ("regbadct.dat", Refused(400)),
    ("badaspec.dat", Refused(400)),
    // RFC 4475 §3.1.2.15 lets an element take a display name that should have been quoted; telephones need it.
    ("baddn.dat", Read),
    ("badvers.dat", Refused(505)),
    ("mismatch01.dat", Refused(400)),
    ("mismatch02.dat", Refused(400)),
    ("bigcode.dat", Dropped),
    ("insuf.dat", Refused(400)),
    ("multi01.dat", Refused(400)),
    ("mcl01.dat", Refused(400)),
    ("test.dat", Refused(400)),
    ("ipv6-bad.dat", Refused(400)),
    ("badbranch.dat", Read),
    ("unkscm.dat", Read),
    ("novelsc.dat", Read),
    ("unksm2.dat", Read),
    ("inv2543.dat", Read),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/torture")
}

/// All messages: file name, verdict of the manifest, octets.
fn messages() -> Vec<(String, String, Arc<[u8]>)> {
    let manifest = std::fs::read_to_string(folder().join("manifest.tsv")).unwrap();
    let rows = manifest.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    rows.map(|row| {
        let bytes = std::fs::read(folder().join(row[0]).join(row[1])).unwrap();
        (row[1].to_owned(), row[3].to_owned(), bytes.into())
    })
    .collect()
}

fn octets(name: &str) -> Arc<[u8]> {
    messages().into_iter().find(|(file, _, _)| file == name).map(|(_, _, bytes)| bytes).unwrap()
}

fn request(name: &str) -> Request {
    match parse(octets(name), Framing::Datagram) {
        Ok(Message::Request(request)) => request,
        other => panic!("{name}: {other:?}"),
    }
}

fn outcome(bytes: Arc<[u8]>, framing: Framing) -> Outcome {
    match parse(bytes, framing) {
        Ok(_) => Read,
        Err(error) if error.draft.is_none() => Dropped,
        Err(error) => Refused(error.fault.status().0),
    }
}

#[test]
fn each_message_has_its_outcome() {
    let special: BTreeMap<_, _> = NOT_READ.into_iter().collect();
    let mut wrong = Vec::new();
    for (file, _, bytes) in messages() {
        let wanted = special.get(&*file).copied().unwrap_or(Read);
        let found = outcome(bytes, Framing::Datagram);
        if found != wanted {
            wrong.push(format!("{file}: {found:?}, not {wanted:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_verdicts_of_the_manifest_hold() {
    for (file, verdict, bytes) in messages() {
        let found = outcome(bytes, Framing::Datagram);
        match &*verdict {
            "valid" => assert_eq!(found, Read, "{file}"),
            // Where the RFC lets an element be lenient, only `baddn` is read.
            "invalid" => assert!(found != Read || file == "baddn.dat", "{file}"),
            "semantic" => {}
            other => panic!("{other}"),
        }
    }
}

/// A refused request can be answered wherever it says where the answer goes.
#[test]
fn refusals_can_be_sent() {
    let source = "192.0.2.200:5060".parse().unwrap();
    let mut silent = Vec::new();
    for (file, _, bytes) in messages() {
        let Err(error) = parse(bytes, Framing::Datagram) else { continue };
        let Some(draft) = error.draft else { continue };
        let (status, reason) = error.fault.status();
        match ResponseBuilder::to_draft(&draft, source, status, reason) {
            None => silent.push(file),
            Some(answer) => {
                let text = String::from_utf8_lossy(&answer.tag("t").build()).into_owned();
                assert!(text.starts_with(&format!("SIP/2.0 {status} ")), "{file}");
                assert!(
                    text.contains("\r\nVia: SIP/") && text.ends_with("\r\nContent-Length: 0\r\n\r\n"),
                    "{file}"
                );
            }
        }
    }
    // It has no Via.
    assert_eq!(silent, ["test.dat"]);
}

/// Over a stream, each valid message is framed whole and read as over a datagram, however it is cut.
#[test]
fn valid_messages_are_the_same_on_a_stream() {
    for (file, verdict, bytes) in messages() {
        // RFC 4475 §3.1.1.8 is about a datagram: on a stream the rest is another message.
        if verdict != "valid" || file == "dblreq.dat" {
            continue;
        }
        for step in [1, 7, bytes.len()] {
            let mut framer = Framer::new();
            let mut frames = Vec::new();
            for chunk in bytes.chunks(step) {
                framer.push(chunk);
                while let Some(frame) = framer.next().unwrap() {
                    frames.push(frame);
                }
            }
            assert_eq!(frames.len(), 1, "{file}");
            let Frame::Message(framed) = &frames[0] else { panic!("{file}") };
            assert_eq!(outcome(framed.clone(), Framing::Stream), Read, "{file}");
            assert!(bytes.starts_with(framed), "{file}");
        }
    }
}

#[test]
fn the_short_tortuous_invite() {
    let request = request("wsinv.dat");
    assert_eq!(request.method(), &Method::Invite);
    assert_eq!(request.to().tag().as_deref(), Some("1918181833n"));
    assert_eq!(request.from().tag().as_deref(), Some("98asjd8"));
    assert_eq!(request.from().display().as_deref(), Some(r#"J Rosenberg \""#));
    assert_eq!(request.from().uri().text(), "sip:jdrosen@example.com");
    let headers = request.headers();
    assert_eq!((headers.max_forwards(), request.cseq().number), (Some(68), 9));
    let vias = headers.vias().unwrap();
    let seen: Vec<_> = vias.iter().map(|via| (via.transport(), via.host(), via.branch().unwrap())).collect();
    assert_eq!(
        seen,
        [
            ("UDP", "192.0.2.2", "390skdjuw".into()),
            ("TCP", "spindle.example.com", "z9hG4bK9ikj8".into()),
            ("UDP", "192.168.255.111", "z9hG4bK30239".into()),
        ]
    );
    let Ok(Contacts::List(contacts)) = headers.contacts() else { panic!() };
    assert_eq!((contacts.len(), contacts[0].q()), (1, 330));
    assert_eq!(contacts[0].display().as_deref(), Some(r#"Quoted string """#));
    assert_eq!(contacts[0].param("newparam").as_deref(), Some("newvalue"));
    assert_eq!(
        headers.other("newfangledheader").next().as_deref(),
        Some("newfangled value continued newfangled value")
    );
    assert_eq!(headers.first(HeaderName::Subject).as_deref(), Some(""));
    let route = &headers.routes().unwrap()[0];
    assert!(route.uri().as_sip().unwrap().is_loose());
    assert_eq!(request.body().len(), 150);
}

#[test]
fn unusual_characters_survive() {
    let request = request("intmeth.dat");
    assert_eq!(request.method().as_str(), "!interesting-Method0123456789_*+`.%indeed'~");
    let uri = request.uri().as_sip().unwrap();
    assert_eq!(uri.host(), "example.com");
    assert_eq!(uri.user(), Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    assert_eq!(uri.password(), Some("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
    assert_eq!(request.to().display().as_deref(), Some("BEL:\u{7} NUL:\0 DEL:\u{7f}"));
    assert_eq!(request.from().display().as_deref(), Some("token1~` token2'+_ token3*%!.-"));
    assert_eq!(request.from().param("fromParam''~+*_!.-%").as_deref(), Some("работающий"));
    assert_eq!(request.from().tag().as_deref(), Some("_token~1'+`*%!-."));
}

#[test]
fn escapes_are_kept_and_decoded_on_demand() {
    let request = request("esc01.dat");
    assert_eq!(request.uri_text(), "sip:sips%3Auser%40example.com@example.net");
    assert_eq!(request.uri().user().as_deref(), Some("sips:user@example.com"));
    let to = request.to().uri();
    assert!(to.is_equivalent(&Uri::parse("sip:user@example.com").unwrap()));
    let null = self::request("escnull.dat");
    assert_eq!(null.to().uri().user().as_deref(), Some("null-\0-null"));
    assert_eq!(self::request("esc02.dat").method().as_str(), "RE%47IST%45R");
    let semicolons = self::request("semiuri.dat");
    assert_eq!(semicolons.uri().user().as_deref(), Some("user;par=u@example.net"));
    assert_eq!(semicolons.uri().params().text(), "");
}

#[test]
fn nothing_is_cut_from_long_values() {
    let request = request("longreq.dat");
    assert_eq!(request.headers().vias().unwrap().len(), 34);
    assert_eq!(request.body().len(), 150);
    assert!(request.to().uri().text().ends_with("ParameterNameWithNoValue"));
    assert!(request.call_id().ends_with("longcallid"));
    assert!(request.from().tag().unwrap().ends_with("2424"));
}

#[test]
fn bodies_are_octets_and_end_where_they_say() {
    assert_eq!(request("dblreq.dat").body(), b"");
    let multipart = request("mpart01.dat");
    let length: usize = multipart.headers().first(HeaderName::ContentLength).unwrap().parse().unwrap();
    assert_eq!(multipart.body().len(), length);
    let raw = octets("mpart01.dat");
    assert!(raw.ends_with(multipart.body()) && std::str::from_utf8(multipart.body()).is_err());
}

#[test]
fn responses_have_any_reason() {
    for (file, reason) in
        [("unreason.dat", "= 2**3 * 5**2 но сто девяносто девять - простое"), ("noreason.dat", "")]
    {
        let Ok(Message::Response(response)) = parse(octets(file), Framing::Datagram) else {
            panic!("{file}")
        };
        assert_eq!(response.reason(), reason);
    }
}

#[test]
fn parameters_belong_to_the_header_or_to_the_uri() {
    let header = request("cparam01.dat").headers().contact().unwrap();
    assert!(header.params().has("unknownparam") && !header.uri().params().has("unknownparam"));
    let uri = request("cparam02.dat").headers().contact().unwrap();
    assert!(!uri.params().has("unknownparam") && uri.uri().params().has("unknownparam"));
    let escaped = request("regescrt.dat").headers().contact().unwrap();
    assert_eq!(escaped.uri().as_sip().unwrap().headers(), Some("Route=%3Csip:sip.example.com%3E"));
}

#[test]
fn what_the_application_decides_is_there_to_be_decided() {
    assert_eq!(request("unkscm.dat").uri().scheme(), "nobodyKnowsThisScheme");
    assert_eq!(request("novelsc.dat").uri().scheme(), "soap.beep");
    assert_eq!(request("unksm2.dat").to().uri().scheme(), "isbn");
    let required = request("bext01.dat");
    assert_eq!(required.headers().require(), ["nothingSupportsThis", "nothingSupportsThisEither"]);
    assert_eq!(request("invut.dat").headers().content_type().unwrap().essence, "application/unknownformat");
    assert_eq!(request("badbranch.dat").via().unique_branch(), None);
    assert_eq!(request("inv2543.dat").from().tag(), None);
    assert_eq!(request("zeromf.dat").headers().max_forwards(), Some(0));
}

#[test]
fn faults_are_named() {
    let fault = |name: &str| parse(octets(name), Framing::Datagram).unwrap_err().fault;
    assert_eq!(fault("badinv01.dat"), Fault::Malformed(HeaderName::Via));
    assert_eq!(fault("ncl.dat"), Fault::ContentLength);
    assert_eq!(fault("clerr.dat"), Fault::ContentLength);
    assert_eq!(fault("mcl01.dat"), Fault::Repeated(HeaderName::ContentLength));
    assert_eq!(fault("scalar02.dat"), Fault::Malformed(HeaderName::CSeq));
    assert_eq!(fault("quotbal.dat"), Fault::Malformed(HeaderName::To));
    assert_eq!(fault("regbadct.dat"), Fault::Malformed(HeaderName::Contact));
    assert_eq!(fault("baddate.dat"), Fault::Malformed(HeaderName::Date));
    assert_eq!(fault("mismatch01.dat"), Fault::MethodMismatch);
    assert_eq!(fault("lwsruri.dat"), Fault::StartLine);
    assert_eq!(fault("ipv6-bad.dat"), Fault::RequestUri);
}

#[test]
fn addresses_of_version_6_are_read() {
    let ambiguous = request("port-ambiguous.dat");
    let uri = ambiguous.uri().as_sip().unwrap();
    assert_eq!((uri.host(), uri.port()), ("[2001:db8::10:5070]", None));
    let clear = request("port-unambiguous.dat");
    let uri = clear.uri().as_sip().unwrap();
    assert_eq!((uri.host(), uri.port()), ("[2001:db8::10]", Some(5070)));
    for file in ["via-received-param-with-delim.dat", "via-received-param-no-delim.dat"] {
        let received = request(file).headers().vias().unwrap().iter().find_map(|via| via.received());
        assert_eq!(received, "2001:db8::9:255".parse().ok(), "{file}");
    }
    let three = request("ipv6-bug-abnf-3-colons.dat");
    let two = request("ipv6-correct-abnf-2-colons.dat");
    assert!(three.uri().text().contains(":::"));
    assert!(three.uri().is_equivalent(two.uri()));
}
