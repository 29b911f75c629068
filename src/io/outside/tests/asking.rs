//! Questions, against real sockets on loopback.

use serde_json::json;

use super::server::{Reaction, Server, answer as said, ok};
use super::*;
use crate::base::limit::FETCH_BYTES_MAX;

async fn ask(site: &Shared, fetch: Fetch) -> Fetched {
    fetch_once(site, fetch).await
}

#[tokio::test]
async fn a_question_is_sent_as_it_stands_and_its_answer_read_as_json() {
    let mut server = Server::start(|_| ok(r#"{"état": "expédiée", "n": 12}"#)).await;
    let url = server.url("/commandes/12?tel=%2B33");
    let mut fetch = post(&url, r#"{"a":1}"#);
    fetch.headers = vec![
        ("X-Flow".into(), "un\r\nX-Evil: 1".into()),
        ("host".into(), "evil.example".into()),
        ("Content-Length".into(), "3".into()),
        ("Transfer-Encoding".into(), "chunked".into()),
    ];
    let mut site = site_of(&url);
    let secret = crate::config::site::Secret::new("Bearer t");
    for api in site.apis.values_mut() {
        api.headers.push(("Authorization".into(), secret.clone()));
    }
    assert_eq!(ask(&site, fetch).await, answer(200, json!({"état": "expédiée", "n": 12})));
    let request = server.next().await;
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /commandes/12?tel=%2B33 HTTP/1.1");
    lines.sort_unstable();
    let host = format!("host: {}", server.address);
    let expected = [
        "accept-encoding: identity",
        "accept: application/json, text/plain;q=0.9, */*;q=0.1",
        "authorization: Bearer t",
        "content-length: 7",
        "content-type: application/json",
        &host,
        concat!("user-agent: svi/", env!("CARGO_PKG_VERSION")),
        "x-flow: unX-Evil: 1",
    ];
    assert_eq!((lines, body), (expected.to_vec(), r#"{"a":1}"#));
}

#[tokio::test]
async fn any_status_is_an_answer_and_any_body_a_value() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/404" => said("404 Not Found", "", "rien"),
        "/500" => said("500 Oh", "", r#"{"e":1}"#),
        "/204" => Reaction::Answer(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        "/latin" => Reaction::Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xe9".to_vec()),
        "/chunked" => Reaction::Answer(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n3\r\n,2]\r\n0\r\n\r\n".to_vec(),
        ),
        "/old" => Reaction::Close(b"HTTP/1.0 200 OK\r\n\r\ntrue".to_vec()),
        "/304" => Reaction::Answer(b"HTTP/1.1 304 Not Modified\r\nLocation: /\r\n\r\n".to_vec()),
        _ => ok(&"[".repeat(129)),
    })
    .await;
    let site = site_of(&server.url("/"));
    for (path, expected) in [
        ("/404", answer(404, json!("rien"))),
        ("/500", answer(500, json!({"e": 1}))),
        ("/204", answer(204, json!(null))),
        ("/latin", answer(200, json!("\u{fffd}"))),
        ("/chunked", answer(200, json!([1, 2]))),
        ("/old", answer(200, json!(true))),
        ("/304", answer(304, json!(null))),
        ("/deep", answer(200, json!("[".repeat(129)))),
    ] {
        assert_eq!(ask(&site, get(server.url(path))).await, expected, "{path}");
    }
}

#[tokio::test]
async fn a_body_has_a_bound_whether_or_not_it_says_its_length() {
    let fits = format!("\"{}\"", "x".repeat(FETCH_BYTES_MAX - 2));
    let server = Server::start(move |request| match request.split(' ').nth(1).unwrap() {
        "/fits" => ok(&fits),
        "/long" => ok(&"1".repeat(FETCH_BYTES_MAX + 1)),
        "/flood" => Reaction::Flood(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        "/zip" => Reaction::Flood(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec()),
        _ => Reaction::Flood(b"HTTP/1.1 200 OK\r\nX: ".to_vec()),
    })
    .await;
    let site = site_of(&server.url("/"));
    let large = Fetched::Failed(FetchFailure::TooLarge);
    assert!(matches!(ask(&site, get(server.url("/fits"))).await, Fetched::Answer { status: 200, .. }));
    for path in ["/long", "/flood", "/zip"] {
        assert_eq!(ask(&site, get(server.url(path))).await, large, "{path}");
    }
    assert_eq!(ask(&site, get(server.url("/head"))).await, Fetched::Failed(FetchFailure::Unreachable));
}

#[tokio::test]
async fn one_deadline_holds_for_all() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/silent" => Reaction::Silence,
        _ => Reaction::Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1".to_vec()),
    })
    .await;
    let mut site = site_of(&server.url("/"));
    for path in ["/silent", "/half"] {
        let fetch = Fetch { timeout: Duration::from_millis(40), ..get(server.url(path)) };
        assert_eq!(ask(&site, fetch).await, Fetched::Failed(FetchFailure::Timeout), "{path}");
    }
    site.apis.values_mut().for_each(|api| api.timeout = Some(Duration::from_millis(40)));
    let slow = get(server.url("/silent"));
    assert_eq!(ask(&site, slow).await, Fetched::Failed(FetchFailure::Timeout), "the site's own patience");
}

#[tokio::test]
async fn what_is_broken_is_unreachable() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/no-http" => Reaction::Close(b"220 smtp.exemple.fr\r\n".to_vec()),
        "/cut" => Reaction::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1".to_vec()),
        _ => Reaction::Close(Vec::new()),
    })
    .await;
    let gone = Fetched::Failed(FetchFailure::Unreachable);
    let site_here = site_of(&server.url("/"));
    for path in ["/no-http", "/cut", "/closed"] {
        assert_eq!(ask(&site_here, get(server.url(path))).await, gone, "{path}");
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = format!("http://{free}/");
    assert_eq!(ask(&site_of(&refused), get(&refused)).await, gone);
    assert_eq!(ask(&site(&[]), get("gopher://a.fr/")).await, gone);
    assert_eq!(ask(&site(&[]), get("http://nobody.invalid/")).await, gone);
}

#[tokio::test]
async fn tls_trusts_the_authority_that_the_site_names_and_the_right_name_only() {
    let mut server = Server::start_tls(|_| ok("1")).await;
    let host = format!("localhost:{}", server.address.port());
    let url = format!("https://{host}/");
    let mut site = site(&[&host]);
    let untrusted = Fetched::Failed(FetchFailure::Untrusted);
    assert_eq!(ask(&site, get(&url)).await, untrusted, "the system does not know it");
    let certify = |site: &mut Shared, path: &str| {
        site.apis.values_mut().for_each(|api| api.certificate = Some(path.into()));
    };
    certify(&mut site, "tests/data/tls/ca.pem");
    assert_eq!(ask(&site, get(&url)).await, answer(200, json!(1)));
    assert!(server.next().await.contains(&format!("host: {host}\r\n")));
    certify(&mut site, "tests/data/tls/missing.pem");
    assert_eq!(ask(&site, get(&url)).await, untrusted);
    assert_eq!(problems(&site).len(), 1);
    certify(&mut site, "tests/data/tls/server.key");
    assert_eq!(problems(&site).len(), 1, "no certificate in it");
    // Its certificate is for other names.
    certify(&mut site, "tests/data/tls/ca.pem");
    let api = site.apis.values().next().unwrap().clone();
    let other = format!("127.0.0.2.nip:{}", server.address.port());
    site.apis.insert(other.clone(), api);
    let (policies, _) = Policies::of_site(&site, &Trust::of_system());
    let (fetched, _) =
        http::ask(&get(format!("https://{other}/")), &policies, &all_names_are("127.0.0.1"), None).await;
    assert_eq!(fetched, untrusted);
    // Plain HTTP at the port of TLS, and the other way round.
    assert_eq!(ask(&site, get(format!("http://{host}/"))).await, Fetched::Failed(FetchFailure::Unreachable));
}

#[tokio::test]
async fn a_connection_is_used_again_and_a_closed_one_is_not_missed() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/last" => Reaction::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2".to_vec()),
        _ => ok("1"),
    })
    .await;
    let folder = Folder::new("reuse");
    let shared = Arc::new(site_of(&server.url("/")));
    let (outside, mut news) = Outside::start(shared, folder.folders(), Rng::seeded(1)).unwrap();
    let mut serial = 0;
    for (path, body, connections) in [("/", 1, 1), ("/", 1, 1), ("/last", 2, 1), ("/", 1, 2), ("/", 1, 2)] {
        serial += 1;
        outside.fetch(EffectId(serial), get(server.url(path)));
        let Some(News::Fetched(id, fetched)) = news.recv().await else { panic!("an answer") };
        assert_eq!((id, fetched), (EffectId(serial), answer(200, json!(body))));
        assert_eq!(server.connections(), connections, "{serial}: {path}");
    }
}

#[tokio::test]
async fn a_host_that_keeps_failing_is_left_alone_and_others_are_not() {
    let mut broken = Server::start(|_| said("503 Oh", "", "")).await;
    let well = Server::start(|_| ok("1")).await;
    let folder = Folder::new("breaker");
    let hosts = [broken.address.to_string(), well.address.to_string()];
    let shared = Arc::new(site(&[&hosts[0], &hosts[1]]));
    let (outside, mut news) = Outside::start(shared, folder.folders(), Rng::seeded(1)).unwrap();
    let mut fetched = Vec::new();
    for serial in 0..7 {
        let server = if serial == 6 { &well } else { &broken };
        outside.fetch(EffectId(serial), get(server.url("/")));
        match news.recv().await {
            Some(News::Fetched(_, answer)) => fetched.push(answer),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(fetched[..5], vec![answer(503, json!(null)); 5]);
    assert_eq!(fetched[5..], [Fetched::Failed(FetchFailure::Resting), answer(200, json!(1))]);
    let mut asked = 0;
    while broken.received.try_recv().is_ok() {
        asked += 1;
    }
    assert_eq!(asked, 5, "a host that rests is not asked");
}

#[tokio::test]
async fn each_question_has_one_answer_however_many_there_are() {
    let server = Server::start(|_| Reaction::Silence).await;
    let folder = Folder::new("overload");
    let shared = Arc::new(site_of(&server.url("/")));
    let (outside, mut news) = Outside::start(shared, folder.folders(), Rng::seeded(1)).unwrap();
    for serial in 0..600 {
        outside
            .fetch(EffectId(serial), Fetch { timeout: Duration::from_millis(300), ..get(server.url("/")) });
    }
    let (mut ids, mut overloaded, mut late) = (std::collections::BTreeSet::new(), 0, 0);
    while ids.len() < 600 {
        match news.recv().await {
            Some(News::Fetched(id, Fetched::Failed(FetchFailure::Overloaded))) => {
                overloaded += 1;
                assert!(ids.insert(id));
            }
            Some(News::Fetched(id, Fetched::Failed(FetchFailure::Timeout))) => {
                late += 1;
                assert!(ids.insert(id));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(
        late <= crate::base::limit::FETCHES_PER_HOST_MAX && overloaded >= 600 - 64,
        "{late} {overloaded}"
    );
}

/// `cargo test --lib -- --ignored --nocapture how_long`: what a question costs beside the other side's own time.
#[tokio::test]
#[ignore = "a measurement"]
async fn how_long_a_question_takes_on_loopback() {
    let server = Server::start(|_| ok("{\"n\": 1}")).await;
    let folder = Folder::new("measure");
    let shared = Arc::new(site_of(&server.url("/")));
    let (outside, mut news) = Outside::start(shared, folder.folders(), Rng::seeded(1)).unwrap();
    let mut times = Vec::new();
    for serial in 0..5_000 {
        let begun = std::time::Instant::now();
        outside.fetch(EffectId(serial), get(server.url("/")));
        assert!(matches!(news.recv().await, Some(News::Fetched(_, Fetched::Answer { status: 200, .. }))));
        times.push(begun.elapsed());
    }
    times.sort();
    eprintln!("p50 {:?}, p99 {:?}, connections {}", times[2_500], times[4_950], server.connections());
}
