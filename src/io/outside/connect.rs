//! A connection to a host: its name is resolved, each address judged, and only what was judged is connected to, so that a
//! name cannot mean one address when it is looked at and another when it is used.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::ServerName;

use super::address;
use super::policy::Policy;
use crate::base::limit::{FETCH_ADDRESSES_MAX, FETCH_HEAD_BYTES_MAX, FETCH_NEXT_ADDRESS};
use crate::base::url::Url;
use crate::flow::errand::FetchFailure;

/// An open connection that takes one request after the other.
pub(crate) type Connection = SendRequest<Full<Bytes>>;

/// Addresses of a name.
pub(crate) type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Resolves names.
pub(crate) type Names = Arc<dyn Fn(&str, u16) -> Found + Send + Sync>;

/// The names of the system: `/etc/hosts`, DNS.
pub(crate) fn system_names() -> Names {
    Arc::new(|host, port| {
        let host = host.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    })
}

/// Connects to the host of an address. Takes as long as it takes: whoever asks has a deadline.
pub(crate) async fn connect(url: &Url, policy: &Policy, names: &Names) -> Result<Connection, FetchFailure> {
    let addresses = addresses(url, policy, names).await?;
    let stream = dial(&addresses).await?;
    let _ = stream.set_nodelay(true);
    if !url.secure {
        return shake_hands(stream).await;
    }
    let tls = policy.tls.clone().ok_or(FetchFailure::Untrusted)?;
    let name = ServerName::try_from(url.host.clone()).map_err(|_| FetchFailure::Untrusted)?;
    match TlsConnector::from(tls).connect(name, stream).await {
        Ok(stream) => shake_hands(stream).await,
        Err(why) => {
            tracing::debug!(host = %url.host, %why, "TLS");
            let is_tls = why.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
            Err(if is_tls { FetchFailure::Untrusted } else { FetchFailure::Unreachable })
        }
    }
}

/// The addresses of a host that may be connected to.
async fn addresses(url: &Url, policy: &Policy, names: &Names) -> Result<Vec<SocketAddr>, FetchFailure> {
    let found = match url.host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, url.port)],
        Err(_) => names(&url.host, url.port).await.map_err(|why| {
            tracing::debug!(host = %url.host, %why, "no address");
            FetchFailure::Unreachable
        })?,
    };
    if found.is_empty() {
        return Err(FetchFailure::Unreachable);
    }
    let may = |found: &SocketAddr| policy.private || address::is_public(found.ip());
    let mut allowed: Vec<SocketAddr> = found.into_iter().filter(may).collect();
    allowed.truncate(FETCH_ADDRESSES_MAX);
    if allowed.is_empty() { Err(FetchFailure::Private) } else { Ok(allowed) }
}

/// The first of the addresses that takes the connection; the next one is tried when one refuses, or beside one that is slow
/// (RFC 8305 §5).
async fn dial(addresses: &[SocketAddr]) -> Result<TcpStream, FetchFailure> {
    let mut waiting = addresses.iter().copied();
    let mut tries: JoinSet<io::Result<TcpStream>> = JoinSet::new();
    loop {
        match waiting.next() {
            Some(address) => drop(tries.spawn(TcpStream::connect(address))),
            None if tries.is_empty() => return Err(FetchFailure::Unreachable),
            None => {}
        }
        tokio::select! {
            Some(tried) = tries.join_next() => if let Ok(Ok(stream)) = tried {
                return Ok(stream);
            },
            () = tokio::time::sleep(FETCH_NEXT_ADDRESS), if waiting.len() > 0 => {}
        }
    }
}

async fn shake_hands<S>(stream: S) -> Result<Connection, FetchFailure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(FETCH_HEAD_BYTES_MAX);
    let (sender, connection) =
        builder.handshake(TokioIo::new(stream)).await.map_err(|_| FetchFailure::Unreachable)?;
    // Ends when the sender is dropped, or the peer closes.
    tokio::spawn(async move {
        if let Err(why) = connection.await {
            tracing::debug!(%why, "a connection of the outside");
        }
    });
    Ok(sender)
}
