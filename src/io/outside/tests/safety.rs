//! Where questions must not go, whoever leads them there.

use serde_json::json;

use super::server::{Server, answer as said, ok};
use super::*;
use crate::config::site::Secret;

const PRIVATE: Fetched = Fetched::Failed(FetchFailure::Private);
const REDIRECTED: Fetched = Fetched::Failed(FetchFailure::Redirected);

/// Asks by the rules of a site that says nothing of hosts, with names that all mean one address.
async fn led(url: &str, address: &'static str) -> Fetched {
    let (policies, _) = Policies::of_site(&Shared::default(), &Trust::of_system());
    http::ask(&get(url), &policies, &all_names_are(address), None).await.0
}

#[tokio::test]
async fn no_address_of_our_own_network_is_asked_by_number_or_by_name() {
    let server = Server::start(|_| ok("1")).await;
    let port = server.address.port();
    for (literal, address) in [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("[::]", "::"),
        ("10.1.2.3", "10.1.2.3"),
        ("100.64.0.1", "100.64.0.1"),
        ("169.254.169.254", "169.254.169.254"),
        ("172.16.0.1", "172.16.0.1"),
        ("192.168.1.1", "192.168.1.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("224.0.0.1", "224.0.0.1"),
        ("[fe80::1]", "fe80::1"),
        ("[fd00::1]", "fd00::1"),
        ("[ff02::1]", "ff02::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2002:7f00:1::]", "2002:7f00:1::"),
        ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1"),
    ] {
        let by_number = led(&format!("http://{literal}:{port}/"), "127.0.0.1").await;
        assert_eq!(by_number, PRIVATE, "{literal}");
        let by_name = led(&format!("http://api.exemple.fr:{port}/"), address).await;
        assert_eq!(by_name, PRIVATE, "a name that is {address}");
    }
    assert_eq!(led(&format!("http://localhost:{port}/"), "127.0.0.1").await, PRIVATE);
    assert_eq!(fetch_once(&Shared::default(), get(server.url("/"))).await, PRIVATE);
    assert_eq!(server.connections(), 0, "nobody connected, not even for a moment");
}

#[tokio::test]
async fn only_what_was_judged_is_connected_to() {
    let server = Server::start(|_| ok("1")).await;
    let port = server.address.port();
    // A name with a private address among public ones: the private one is not tried, even if no other answers.
    let names: Names = Arc::new(move |_, _| {
        let found =
            ["127.0.0.1", "::1"].map(|address| std::net::SocketAddr::new(address.parse().unwrap(), port));
        Box::pin(async move { Ok(found.to_vec()) })
    });
    let (policies, _) = Policies::of_site(&Shared::default(), &Trust::of_system());
    let url = format!("http://api.exemple.fr:{port}/");
    assert_eq!(http::ask(&get(&url), &policies, &names, None).await.0, PRIVATE);
    let host = format!("api.exemple.fr:{port}");
    let (policies, _) = Policies::of_site(&site(&[&host]), &Trust::of_system());
    let (fetched, _) = http::ask(&get(&url), &policies, &names, None).await;
    assert_eq!(fetched, answer(200, json!(1)), "the site allows it for this host");
    let other = format!("http://other.exemple.fr:{port}/");
    assert_eq!(http::ask(&get(&other), &policies, &names, None).await.0, PRIVATE, "and for no other");
}

#[tokio::test]
async fn the_second_address_answers_when_the_first_does_not() {
    let server = Server::start(|_| ok("1")).await;
    let port = server.address.port();
    let names: Names = Arc::new(move |_, _| {
        // Nobody listens at 127.0.0.9.
        let found = ["127.0.0.9", "127.0.0.1"].map(|ip| std::net::SocketAddr::new(ip.parse().unwrap(), port));
        Box::pin(async move { Ok(found.to_vec()) })
    });
    let host = format!("api.exemple.fr:{port}");
    let (policies, _) = Policies::of_site(&site(&[&host]), &Trust::of_system());
    let (fetched, _) = http::ask(&get(format!("http://{host}/")), &policies, &names, None).await;
    assert_eq!(fetched, answer(200, json!(1)));
}

#[tokio::test]
async fn redirects_stay_at_their_host_and_are_few() {
    let elsewhere = Server::start(|_| ok("\"elsewhere\"")).await;
    let away = format!("Location: http://localhost:{}/\r\n", elsewhere.address.port());
    let server = Server::start(move |request| {
        let mut words = request.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let to = |status: &str, place: &str| said(status, &format!("Location: {place}\r\n"), "");
        match path {
            "/1" => to("302 Found", "2"),
            "/2" => to("307 Temporary", "/3?x"),
            "/3?x" => to("308 Permanent", "//127.0.0.1:PORT"),
            "/loop" => to("302 Found", "/loop"),
            "/away" => said("302 Found", &away, ""),
            "/scheme" => to("302 Found", "ftp://127.0.0.1/"),
            "/two-hosts" => to("302 Found", "http://127.0.0.1@evil.example/"),
            "/301" => to("301 Moved", "/end"),
            "/303" => to("303 See", "/end"),
            "/307" => to("307 Temporary", "/end"),
            "/308" => to("308 Permanent", "/end"),
            "/nowhere" => said("302 Found", "", "\"stay\""),
            "/hop1" => to("302 Found", "/hop2"),
            "/hop2" => to("302 Found", "/hop3"),
            "/hop3" => to("302 Found", "/end"),
            _ => ok(&format!("[\"{method}\", {}]", request.len() - request.find("\r\n\r\n").unwrap() - 4)),
        }
    })
    .await;
    let site = site(&[&server.address.to_string(), &format!("localhost:{}", elsewhere.address.port())]);
    for (fetch, expected) in [
        (get(server.url("/1")), REDIRECTED),
        (get(server.url("/loop")), REDIRECTED),
        (get(server.url("/away")), REDIRECTED),
        (get(server.url("/scheme")), REDIRECTED),
        (get(server.url("/two-hosts")), REDIRECTED),
        (get(server.url("/nowhere")), answer(302, json!("stay"))),
        (get(server.url("/hop1")), answer(200, json!(["GET", 0]))),
        (post(server.url("/301"), "{}"), answer(200, json!(["GET", 0]))),
        (post(server.url("/303"), "{}"), answer(200, json!(["GET", 0]))),
        (post(server.url("/307"), "{}"), answer(200, json!(["POST", 2]))),
        (post(server.url("/308"), "{}"), answer(200, json!(["POST", 2]))),
        (Fetch { method: Method::Put, ..post(server.url("/301"), "{}") }, answer(200, json!(["PUT", 2]))),
    ] {
        let told = fetch.url.clone();
        assert_eq!(fetch_once(&site, fetch).await, expected, "{told}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn keys_go_to_their_own_host_and_port_and_not_in_clear() {
    let mut other_port = Server::start(|_| ok("1")).await;
    let place = format!("Location: {}\r\n", other_port.url("/"));
    let mut server = Server::start(move |_| said("302 Found", &place, "")).await;
    let mut site = site(&[&server.address.to_string(), &other_port.address.to_string()]);
    let api = site.apis.get_mut(&server.address.to_string()).unwrap();
    api.headers.push(("X-Key".into(), Secret::new("k")));
    assert_eq!(fetch_once(&site, get(server.url("/"))).await, answer(200, json!(1)));
    assert!(server.next().await.contains("\r\nx-key: k\r\n"));
    assert!(!other_port.next().await.contains("x-key"), "another port is another service");
    let mut public = Shared::default();
    let headers = vec![("X-Key".to_owned(), Secret::new("k"))];
    public.apis.insert("api.exemple.fr".into(), Api { headers, ..Api::default() });
    let clear = fetch_once(&public, get("http://api.exemple.fr/")).await;
    assert_eq!(clear, Fetched::Failed(FetchFailure::Untrusted), "a key does not travel in clear");
}
