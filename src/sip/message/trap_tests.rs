//! Messages of real life on which parsers of the field went wrong, and what they must mean.

use super::*;

/// A request of these headers behind the five that must stand.
fn request(method: &str, headers: &str) -> Result<Request, Fault> {
    read(&format!(
        "{method} sip:0800123456@svi.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1;rport\r\n\
         From: <sip:+33612345678@op.example>;tag=a\r\nTo: <sip:0800123456@svi.example>\r\nCall-ID: 1@op\r\n\
         CSeq: 7 {method}\r\n{headers}\r\n\r\n"
    ))
}

fn read(text: &str) -> Result<Request, Fault> {
    read_octets(text.as_bytes())
}

fn read_octets(octets: &[u8]) -> Result<Request, Fault> {
    match parse(octets.into(), Framing::Datagram) {
        Ok(Message::Request(request)) => Ok(request),
        Ok(Message::Response(response)) => panic!("{response:?}"),
        Err(error) => Err(error.fault),
    }
}

const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n";

#[test]
fn a_datagram_without_content_length_has_its_rest_as_body() {
    let request = request("INVITE", &format!("Content-Type: application/sdp\r\n\r\n{SDP}")).unwrap();
    assert!(request.body().starts_with(SDP.as_bytes()));
    let stream = parse(request.bytes().clone(), Framing::Stream).unwrap_err();
    assert_eq!(stream.fault, Fault::ContentLength);
}

#[test]
fn content_length_is_read_in_every_shape_or_refused() {
    for good in ["Content-Length : 3", "l:3", "CONTENT-LENGTH:\t\r\n 003", "L \t: 3 "] {
        let request = request("INFO", &format!("{good}\r\n\r\nabcdef")).unwrap();
        assert_eq!(request.body(), b"abc", "{good}");
    }
    for bad in
        ["-1", "+3", "0x3", "3 3", "3, 3", "", "99999999999999999999999", "4294967299", "1\r\n 0", "3;x"]
    {
        let fault = request("INFO", &format!("Content-Length: {bad}\r\n\r\nabcdef")).unwrap_err();
        assert_eq!(fault, Fault::ContentLength, "{bad}");
    }
    for twice in ["Content-Length: 3\r\nContent-Length: 4", "l: 3\r\nContent-Length: 3"] {
        let fault = request("INFO", &format!("{twice}\r\n\r\nabcdef")).unwrap_err();
        assert_eq!(fault, Fault::Repeated(HeaderName::ContentLength));
    }
}

#[test]
fn an_odd_octet_hides_no_header() {
    let mut octets =
        b"INFO sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nX-Ville: Montr\xe9al\r\n".to_vec();
    octets.extend_from_slice(
        b"From: \"Ren\xe9 \" <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 INFO\r\n",
    );
    octets
        .extend_from_slice(b"Content-Type: application/dtmf-relay\r\nContent-Length: 9\r\n\r\nSignal=\xff\n");
    let request = read_octets(&octets).unwrap();
    assert_eq!(request.body(), b"Signal=\xff\n");
    assert_eq!(request.headers().other("x-ville").next().as_deref(), Some("Montr\u{fffd}al"));
    assert_eq!(request.from().display().as_deref(), Some("Ren\u{fffd} "));
    assert_eq!(request.headers().content_type().unwrap().essence, "application/dtmf-relay");
}

#[test]
fn nobody_else_is_the_caller() {
    let text = "INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\
                From: \"Acme <sip:evil@evil.example>, \\\"SARL\\\"\" <sip:+33612345678@op.example>;tag=1\r\n\
                To: sip:a@h\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: \"A, B <c>\" <sip:alice@192.0.2.4>\r\n\
                P-Asserted-Identity: \"x, y\" <sip:+33612345678@op.example>, tel:+33-6-12-34-56-78\r\n\r\n";
    let request = read(text).unwrap();
    assert_eq!(request.from().uri().user().as_deref(), Some("+33612345678"));
    assert_eq!(request.headers().contact().unwrap().uri().text(), "sip:alice@192.0.2.4");
    let asserted = request.headers().addresses(HeaderName::PAssertedIdentity).unwrap();
    assert_eq!(asserted[1].uri().as_tel().unwrap().number(), "+33-6-12-34-56-78");
    assert_eq!(request.headers().values(HeaderName::PAssertedIdentity).len(), 2);
}

#[test]
fn vias_on_one_line_are_told_apart() {
    let text = "BYE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h1;x=\"a,b;c\";branch=z9hG4bK1, SIP / 2.0 / TCP h2 : 5060 ; \
                branch = z9hG4bK2\r\nv: SIP/2.0/TLS [2001:db8::1]:5061\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\n\
                Call-ID: 1\r\nCSeq: 1 BYE\r\n\r\n";
    let vias = read(text).unwrap().headers().vias().unwrap();
    let seen: Vec<_> = vias.iter().map(|via| (via.host(), via.port())).collect();
    assert_eq!(seen, [("h1", None), ("h2", Some(5060)), ("[2001:db8::1]", Some(5061))]);
    assert_eq!(vias[0].params().value("x").as_deref(), Some("a,b;c"));
    assert_eq!(vias[1].branch().as_deref(), Some("z9hG4bK2"));
}

#[test]
fn methods_keep_their_case_and_versions_do_not() {
    assert_eq!(request("invite", "").unwrap().method(), &Method::Other("invite".into()));
    let text = "OPTIONS sip:a@h sip/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: sip:a@h\r\nTo: sip:b@h\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n";
    assert!(read(text).is_ok());
    assert_eq!(read(&text.replace("sip/2.0", "SIP/3.0")).unwrap_err(), Fault::Version);
    assert_eq!(read(&text.replace(" sip/2.0", "")).unwrap_err(), Fault::StartLine);
}

#[test]
fn a_contact_is_kept_octet_for_octet() {
    let headers = "Contact: <sip:alice:p%40ss@192.0.2.4:5062;transport=udp?Replaces=1%40h>;\
                   +sip.instance=\"<urn:uuid:f81d4fae>\";expires=60";
    let contact = request("REGISTER", headers).unwrap().headers().contact().unwrap();
    let uri = contact.uri().as_sip().unwrap();
    assert_eq!(uri.text(), "sip:alice:p%40ss@192.0.2.4:5062;transport=udp?Replaces=1%40h");
    assert_eq!((uri.user(), uri.password(), uri.port()), (Some("alice"), Some("p%40ss"), Some(5062)));
    assert_eq!((uri.headers(), contact.expires()), (Some("Replaces=1%40h"), Some(60)));
    assert_eq!(contact.param("+SIP.instance").as_deref(), Some("<urn:uuid:f81d4fae>"));
    let bare = "Contact: sip:a@h;transport=udp;+sip.instance=\"<urn:uuid:f81d4fae>\"";
    let contact = request("REGISTER", bare).unwrap().headers().contact().unwrap();
    assert_eq!((contact.uri().text(), contact.param("transport").as_deref()), ("sip:a@h", Some("udp")));
}

#[test]
fn all_bindings_or_some_but_not_both() {
    let contacts =
        |value: &str| request("REGISTER", &format!("Contact: {value}")).map(|r| r.headers().contacts());
    assert_eq!(contacts("*"), Ok(Ok(Contacts::All)));
    assert_eq!(contacts("*, <sip:a@h>").unwrap_err(), Fault::Malformed(HeaderName::Contact));
    assert_eq!(
        contacts("<sip:*@h>").map(|c| matches!(c, Ok(Contacts::List(list)) if list.len() == 1)),
        Ok(true)
    );
}

#[test]
fn headers_that_stand_once_stand_once() {
    for (line, name) in [
        ("From: <sip:a@h>", HeaderName::From),
        ("t: <sip:a@h>", HeaderName::To),
        ("CSeq: 7 INFO", HeaderName::CSeq),
        ("i: 2", HeaderName::CallId),
    ] {
        assert_eq!(request("INFO", line).unwrap_err(), Fault::Repeated(name));
    }
    let text = |from: &str, call_id: &str| {
        format!(
            "INFO sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: {from}\r\nTo: <sip:b@h>\r\nCall-ID: {call_id}\r\nCSeq: 1 INFO\r\n\r\n"
        )
    };
    assert_eq!(
        read(&text("<sip:a@h>;tag=1, <sip:b@h>;tag=2", "1")).unwrap_err(),
        Fault::Malformed(HeaderName::From)
    );
    assert_eq!(read(&text("<sip:a@h>", "1 2")).unwrap_err(), Fault::Malformed(HeaderName::CallId));
    assert_eq!(read(&text("<sip:a@h>", "")).unwrap_err(), Fault::Malformed(HeaderName::CallId));
}

#[test]
fn each_header_that_must_stand_is_missed() {
    let lines = ["Via: SIP/2.0/UDP h", "From: <sip:a@h>", "To: <sip:b@h>", "Call-ID: 1", "CSeq: 1 INFO"];
    let names = [HeaderName::Via, HeaderName::From, HeaderName::To, HeaderName::CallId, HeaderName::CSeq];
    for (place, name) in names.into_iter().enumerate() {
        let mut rest = lines.to_vec();
        rest.remove(place);
        let text = format!("INFO sip:a@h SIP/2.0\r\n{}\r\n\r\n", rest.join("\r\n"));
        assert_eq!(read(&text).unwrap_err(), Fault::Missing(name));
        // A response is dropped instead of answered.
        let text = text.replace("INFO sip:a@h SIP/2.0", "SIP/2.0 200 OK");
        assert!(parse(text.as_bytes().into(), Framing::Datagram).unwrap_err().draft.is_none());
    }
}

#[test]
fn lines_may_end_in_lf_alone_and_begin_after_empty_ones() {
    let text = "\r\n\r\nMESSAGE sip:a@h SIP/2.0\nv:SIP/2.0/UDP h\nf:Ren\u{e9}e <sip:0612345678@h;user=phone>\nt:\n sip:b@h\ni:1\n\
                cSEQ:1 MESSAGE\nl:2\n\nok";
    let request = read(text).unwrap();
    assert_eq!((request.body(), request.from().display().as_deref()), (&b"ok"[..], Some("Ren\u{e9}e")));
    assert_eq!(request.from().uri().params().value("user").as_deref(), Some("phone"));
}

#[test]
fn what_two_elements_could_read_differently_is_refused() {
    for bad in ["X: a\rContent-Length: 5", "X\r: 1", "Bad Name: 1", ": 1", "X: 1\r\r\n\tY", "no colon"] {
        assert_eq!(request("INFO", bad).unwrap_err(), Fault::HeaderLine, "{bad:?}");
    }
    for line in [
        "INFO  sip:a@h SIP/2.0",
        "INFO sip:a@h  SIP/2.0",
        "INFO sip:a@h SIP/2.0 ",
        " INFO sip:a@h SIP/2.0",
        "INFO",
    ] {
        let text = format!("{line}\r\nVia: SIP/2.0/UDP h\r\n\r\n");
        assert_eq!(read(&text).unwrap_err(), Fault::StartLine, "{line}");
    }
    assert_eq!(read("INFO sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n").unwrap_err(), Fault::Cut);
    assert_eq!(read("").unwrap_err(), Fault::Cut);
}

#[test]
fn a_real_invite_of_an_operator_is_read_whole() {
    let identity = "eyJhbGciOiJFUzI1NiJ9".repeat(200);
    let more = "X-Trace: 0123456789\r\n".repeat(100);
    let headers = format!(
        "Max-Forwards: 68\r\nSupported: 100rel,timer\r\nk: replaces\r\nSession-Expires: 1800;refresher=uac\r\nMin-SE: 90\r\n\
         Diversion: <sip:+33123456789@op;cpc=ordinary>;reason=unconditional;counter=1, <tel:+33199>;reason=\"no, answer\"\r\n\
         Identity: {identity};info=<https://cert.example/x.pem>;alg=ES256\r\nPrivacy: id;user\r\n{more}\
         Record-Route: <sip:sbc1;lr>,<sip:sbc2;lr;x=\"a,b\">\r\nContact: <sip:192.0.2.1:5070>\r\nDate: Sat, 13 Nov 2010 23:29:00 GMT"
    );
    let request = request("INVITE", &headers).unwrap();
    let headers = request.headers();
    assert!(
        headers.lists(HeaderName::Supported, "TIMER") && headers.lists(HeaderName::Supported, "replaces")
    );
    assert_eq!(headers.session_expires().unwrap().refresher, Some(Refresher::Uac));
    assert_eq!((headers.min_se(), headers.max_forwards()), (Some(90), Some(68)));
    let diverted = headers.addresses(HeaderName::Diversion).unwrap();
    assert_eq!(diverted[1].param("reason").as_deref(), Some("no, answer"));
    assert_eq!(headers.record_routes().unwrap().len(), 2);
    assert!(headers.first(HeaderName::Identity).unwrap().len() > 4_000);
}

#[test]
fn bounds_are_kept() {
    let many = "X: 1\r\n".repeat(300);
    assert_eq!(request("INFO", many.trim_end()).unwrap_err(), Fault::TooLarge);
    assert_eq!(request("INFO", &format!("X: {}", "a".repeat(9_000))).unwrap_err(), Fault::TooLarge);
    let vias = "Via: SIP/2.0/UDP h, SIP/2.0/UDP h\r\n".repeat(40);
    assert_eq!(request("INFO", vias.trim_end()).unwrap_err(), Fault::TooLarge);
    assert_eq!(read_octets(&vec![b'a'; 70_000]).unwrap_err(), Fault::TooLarge);
    let routes = format!("Route: {}", "<sip:h;lr>,".repeat(700));
    let request = request("INFO", &routes).unwrap();
    assert_eq!(request.headers().routes(), Err(Fault::TooLarge));
    assert_eq!(request.headers().values(HeaderName::Route).len(), 64);
}

#[test]
fn statuses_are_three_digits() {
    let read = |line: &str| {
        let text = format!(
            "{line}\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@h>\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 INFO\r\n\r\n"
        );
        match parse(text.as_bytes().into(), Framing::Datagram) {
            Ok(Message::Response(response)) => Some((response.status(), response.reason().into_owned())),
            Ok(Message::Request(request)) => panic!("{request:?}"),
            Err(_) => None,
        }
    };
    assert_eq!(read("SIP/2.0 200 OK"), Some((200, "OK".to_owned())));
    assert_eq!(read("sip/2.0 486"), Some((486, String::new())));
    assert_eq!(read("SIP/2.0 603 "), Some((603, String::new())));
    for bad in
        ["SIP/2.0 20 OK", "SIP/2.0 2000 OK", "SIP/2.0 099 X", "SIP/2.0 700 X", "SIP/3.0 200 OK", "SIP/2.0"]
    {
        assert_eq!(read(bad), None, "{bad}");
    }
}
