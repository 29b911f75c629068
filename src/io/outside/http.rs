//! A client of HTTP for questions in calls (RFC 9110, RFC 9112): one deadline for all, a bounded answer, few redirects and
//! none to another host, no compression, no proxy, no cookie. Any status is an answer.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use serde_json::Value;

use super::connect::{self, Connection, Names};
use super::policy::{Policies, Policy};
use crate::base::limit::{FETCH_BYTES_MAX, FETCH_DURATION_MAX, FETCH_REDIRECTS_MAX};
use crate::base::time::{Duration, Wall};
use crate::base::url::Url;
use crate::flow::errand::{Body, Fetch, FetchFailure, Fetched, Method};

/// Seconds until more is taken.
const LIMIT_RESET: &str = "x-sib-ratelimit-reset";

/// A connection that can be used again, and whom it leads to.
pub(crate) struct Idle {
    /// `https://api.exemple.fr`, see [`origin`].
    pub(crate) origin: String,
    /// The connection.
    pub(crate) connection: Connection,
}

/// Scheme and authority: what a connection is good for.
pub(crate) fn origin(url: &Url) -> String {
    let scheme = if url.secure { "https" } else { "http" };
    format!("{scheme}://{}", url.authority())
}

/// Asks, perhaps on a connection that was open already. A connection that can be used again comes back.
pub(crate) async fn ask(
    fetch: &Fetch,
    policies: &Policies,
    names: &Names,
    idle: Option<Connection>,
) -> (Fetched, Option<Idle>) {
    match in_time(fetch, policies, names, idle).await {
        Err(why) => (Fetched::Failed(why), None),
        Ok(Answered { fetched, idle, .. }) => (fetched, Some(idle)),
    }
}

/// The same for who may ask again: with how long the other side asks us to wait before.
pub(crate) async fn ask_patiently(
    fetch: &Fetch,
    policies: &Policies,
    names: &Names,
    now: Wall,
) -> (Fetched, Option<Duration>) {
    match in_time(fetch, policies, names, None).await {
        Err(why) => (Fetched::Failed(why), None),
        Ok(Answered { fetched, retry_after, .. }) => {
            (fetched, retry_after.and_then(|text| wait_of(&text, now)))
        }
    }
}

/// A `Retry-After`, RFC 9110 §10.2.3: seconds, or a date.
fn wait_of(text: &str, now: Wall) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let ms = Wall::parse_http(text)?.epoch_ms().saturating_sub(now.epoch_ms());
    Some(Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
}

/// What an answer is, and what came with it.
struct Answered {
    fetched: Fetched,
    idle: Idle,
    retry_after: Option<String>,
}

async fn in_time(
    fetch: &Fetch,
    policies: &Policies,
    names: &Names,
    idle: Option<Connection>,
) -> Result<Answered, FetchFailure> {
    let url = Url::parse(&fetch.url).ok_or(FetchFailure::Unreachable)?;
    let deadline = fetch.timeout.min(policies.of(&url).patience).min(FETCH_DURATION_MAX);
    let followed = tokio::time::timeout(deadline, follow(fetch, url, policies, names, idle)).await;
    followed.unwrap_or(Err(FetchFailure::Timeout))
}

async fn follow(
    fetch: &Fetch,
    mut url: Url,
    policies: &Policies,
    names: &Names,
    mut idle: Option<Connection>,
) -> Result<Answered, FetchFailure> {
    let (mut method, mut body) = (fetch.method, fetch.body.as_ref());
    for _ in 0..=FETCH_REDIRECTS_MAX {
        let policy = policies.of(&url);
        // A key that is sent in clear is everybody's; a private host's own network is the operator's business.
        if !url.secure && !policy.private && !policy.headers.is_empty() {
            tracing::warn!(host = %url.host, "this host has headers in `apis`: ask it by https, or say that it is private");
            return Err(FetchFailure::Untrusted);
        }
        let message = Message { method, url: &url, headers: &fetch.headers, body };
        let (response, connection) = exchange(&message, policy, names, idle.take()).await?;
        let Some(location) = location(&response) else {
            let status = response.status().as_u16();
            let asked = response.headers().get(header::RETRY_AFTER);
            // Brevo says it so; with every answer, so that it counts only here.
            let limited = response.headers().get(LIMIT_RESET).filter(|_| status == 429);
            let retry_after = asked.or(limited);
            let retry_after = retry_after.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            let fetched = Fetched::Answer { status, body: read(response).await? };
            let idle = Idle { origin: origin(&url), connection };
            return Ok(Answered { fetched, idle, retry_after });
        };
        let next = url.join(&location).ok_or(FetchFailure::Redirected)?;
        if next.host != url.host || (url.secure && !next.secure) {
            return Err(FetchFailure::Redirected);
        }
        if turns_to_get(response.status(), method) {
            (method, body) = (Method::Get, None);
        }
        url = next;
    }
    Err(FetchFailure::Redirected)
}

/// What is sent.
struct Message<'a> {
    method: Method,
    url: &'a Url,
    headers: &'a [(String, String)],
    body: Option<&'a Body>,
}

async fn exchange(
    message: &Message<'_>,
    policy: &Policy,
    names: &Names,
    idle: Option<Connection>,
) -> Result<(Response<Incoming>, Connection), FetchFailure> {
    if let Some(mut connection) = idle
        && connection.ready().await.is_ok()
    {
        match connection.try_send_request(request(message, policy)?).await {
            Ok(response) => return Ok((response, connection)),
            // The peer closed while we asked. What was not sent, or may be done twice, is asked again (RFC 9110 §9.2.2).
            Err(why) if why.message().is_some() || is_idempotent(message.method) => {}
            Err(_) => return Err(FetchFailure::Unreachable),
        }
    }
    let mut connection = connect::connect(message.url, policy, names).await?;
    // An answer whose head is too long, or no HTTP at all, is as good as none.
    let response = connection.send_request(request(message, policy)?).await;
    response.map(|response| (response, connection)).map_err(|_| FetchFailure::Unreachable)
}

const fn is_idempotent(method: Method) -> bool {
    matches!(method, Method::Get | Method::Put | Method::Delete)
}

fn request(message: &Message<'_>, policy: &Policy) -> Result<Request<Full<Bytes>>, FetchFailure> {
    let mut headers = HeaderMap::new();
    let ours = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut all = vec![
        ours("accept", "application/json, text/plain;q=0.9, */*;q=0.1"),
        ours("user-agent", concat!("svi/", env!("CARGO_PKG_VERSION"))),
    ];
    all.extend(message.body.map(|body| ours("content-type", body.content_type)));
    all.extend(policy.headers.iter().map(|(name, value)| ours(name, value.reveal())));
    // What the step says goes before what the site says, and that before what is usual.
    all.extend(message.headers.iter().cloned());
    // Last, so that no header of a flow can say otherwise.
    all.push(ours("accept-encoding", "identity"));
    all.push(ours("host", &message.url.authority()));
    for (name, value) in all {
        // No line of a value becomes a header of its own.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| FetchFailure::Unreachable)?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| FetchFailure::Unreachable)?;
        headers.insert(name, value);
    }
    for framing in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE] {
        headers.remove(framing);
    }
    let body = message.body.map(|body| Bytes::copy_from_slice(body.text.as_bytes())).unwrap_or_default();
    let request = Request::builder().method(message.method.as_str()).uri(&*message.url.target);
    let mut request = request.body(Full::new(body)).map_err(|_| FetchFailure::Unreachable)?;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Where an answer sends us: only these statuses do (RFC 9110 §15.4), and only with a place.
fn location(response: &Response<Incoming>) -> Option<String> {
    let leads = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let place = response.headers().get(header::LOCATION).filter(|_| leads)?;
    Some(String::from_utf8_lossy(place.as_bytes()).into_owned())
}

/// RFC 9110 §15.4.2 to §15.4.4: 303 always, 301 and 302 after a POST as all clients do; 307 and 308 never.
fn turns_to_get(status: StatusCode, method: Method) -> bool {
    match status {
        StatusCode::SEE_OTHER => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => method == Method::Post,
        _ => false,
    }
}

/// The body, read as JSON; what is none is text, and nothing is null.
async fn read(response: Response<Incoming>) -> Result<Value, FetchFailure> {
    let mut body = response.into_body();
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| FetchFailure::Unreachable)?.into_data() else { continue };
        if bytes.len() + data.len() > FETCH_BYTES_MAX {
            return Err(FetchFailure::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    // Nested too deep for serde_json (128 levels) is no JSON either.
    let text = |_| Value::String(String::from_utf8_lossy(&bytes).into_owned());
    Ok(serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).unwrap_or_else(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_said_in_seconds_or_by_a_date() {
        let now = Wall::parse("2026-11-27T18:59:00Z").unwrap();
        let wait = |text| wait_of(text, now).map(|wait| wait.as_secs());
        assert_eq!((wait("120"), wait(" 0 ")), (Some(120), Some(0)));
        assert_eq!(wait("Fri, 27 Nov 2026 19:04:00 GMT"), Some(300));
        assert_eq!(wait("Fri, 27 Nov 2026 18:00:00 GMT"), Some(0), "past");
        assert_eq!((wait("soon"), wait("-1"), wait(""), wait("1.5")), (None, None, None, None));
    }
}
