//! A server of HTTP/1.1 that does as a test says, and keeps what it was sent.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What it does with a request.
pub(crate) enum Reaction {
    /// Answers, and waits for the next request.
    Answer(Vec<u8>),
    /// Writes this and closes.
    Close(Vec<u8>),
    /// Says nothing more.
    Silence,
    /// Writes this, then zeros for ever.
    Flood(Vec<u8>),
}

/// An answer of status 200 with a body.
pub(crate) fn ok(body: &str) -> Reaction {
    answer("200 OK", "", body)
}

/// An answer; `headers` are whole lines.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Reaction {
    Reaction::Answer(
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes(),
    )
}

/// A running server; it ends with its runtime.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Whole requests as they came.
    pub(crate) received: mpsc::UnboundedReceiver<String>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Starts one on loopback.
    pub(crate) async fn start(react: impl Fn(&str) -> Reaction + Send + Sync + 'static) -> Self {
        Self::start_on("127.0.0.1:0", None, react).await
    }

    /// Starts one that speaks TLS with the certificate of `tests/data/tls`.
    pub(crate) async fn start_tls(react: impl Fn(&str) -> Reaction + Send + Sync + 'static) -> Self {
        let certificates = CertificateDer::pem_file_iter("tests/data/tls/server.pem").unwrap();
        let certificates = certificates.collect::<Result<Vec<_>, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_file("tests/data/tls/server.key").unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(certificates, key)
            .unwrap();
        Self::start_on("127.0.0.1:0", Some(TlsAcceptor::from(Arc::new(config))), react).await
    }

    async fn start_on(
        address: &str,
        tls: Option<TlsAcceptor>,
        react: impl Fn(&str) -> Reaction + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, received) = mpsc::unbounded_channel();
        let connections = Arc::new(AtomicUsize::new(0));
        let (react, counted) = (Arc::new(react), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (react, sender, tls) = (Arc::clone(&react), sender.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &*react, &sender).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &*react, &sender).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, received, connections }
    }

    /// `http://127.0.0.1:PORT` and a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The next request.
    pub(crate) async fn next(&mut self) -> String {
        self.received.recv().await.expect("the server lives")
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    react: &(dyn Fn(&str) -> Reaction + Send + Sync),
    sender: &mpsc::UnboundedSender<String>,
) {
    let mut bytes = Vec::new();
    loop {
        let Some(request) = request(&mut stream, &mut bytes).await else { return };
        let reaction = react(&request);
        let _ = sender.send(request);
        match reaction {
            Reaction::Answer(answer) => {
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
            }
            Reaction::Close(answer) => {
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reaction::Silence => std::future::pending().await,
            Reaction::Flood(head) => {
                let _ = stream.write_all(&head).await;
                while stream.write_all(&[b'0'; 65_536]).await.is_ok() {}
                return;
            }
        }
    }
}

/// The next whole request: head, and as much body as it says.
async fn request<S: AsyncRead + Unpin>(stream: &mut S, bytes: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text[..end].to_ascii_lowercase();
            let length =
                length.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            let whole = end + 4 + length.unwrap_or(0usize);
            if bytes.len() >= whole {
                let request = bytes.drain(..whole).collect::<Vec<u8>>();
                return Some(String::from_utf8(request).expect("requests are text"));
            }
        }
        if stream.read_buf(bytes).await.ok()? == 0 {
            return None;
        }
    }
}
