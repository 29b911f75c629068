//! SIP over TCP: a listener, one task a stream, framing by `sip::message::frame`. Idle and silent streams are closed.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use crate::base::limit::{
    ACCEPT_REST, STREAM_BACKLOG_MAX, STREAM_MESSAGES_MAX, TCP_CONNECTIONS_MAX,
    TCP_CONNECTIONS_PER_ADDRESS_MAX, TCP_FIRST_MESSAGE_MAX, TCP_IDLE_MAX, TCP_WRITE_MAX,
};
use crate::sip::message::frame::{Frame, Framer};
use crate::sip::transport::{ConnectionId, Datagram, Protocol, Transmit};

/// What streams report to the driver.
#[derive(Debug)]
pub(crate) enum News {
    /// A peer connected.
    Accepted(TcpStream),
    /// A whole message.
    Message(Datagram),
    /// A stream that we asked for is open.
    Connected(ConnectionId, TcpStream),
    /// It could not be opened.
    Unreachable(ConnectionId, SocketAddr),
    /// A stream is gone.
    Closed(ConnectionId),
    /// A message of another transport could not be sent there (told here so that it comes as an input of its own).
    Route(Protocol, SocketAddr),
}

/// All streams.
#[derive(Debug)]
pub(crate) struct Tcp {
    streams: BTreeMap<ConnectionId, Stream>,
    serial: u64,
    sender: mpsc::Sender<News>,
    /// Where the driver listens.
    pub(crate) news: mpsc::Receiver<News>,
    local: Vec<SocketAddr>,
}

#[derive(Debug)]
struct Stream {
    remote: SocketAddr,
    writer: mpsc::Sender<Arc<[u8]>>,
    /// Taken by the writer task when the stream is open.
    waiting: Option<mpsc::Receiver<Arc<[u8]>>>,
    /// The task that reads, once the stream is open. It ends with its entry here: who is not listed is not heard.
    reader: Option<AbortHandle>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(reader) = &self.reader {
            reader.abort();
        }
    }
}

impl Tcp {
    /// No stream yet.
    pub(crate) fn new() -> Self {
        let (sender, news) = mpsc::channel(STREAM_MESSAGES_MAX);
        Self { streams: BTreeMap::new(), serial: 0, sender, news, local: Vec::new() }
    }

    /// Listens on an address; says which port it got.
    ///
    /// # Errors
    /// What the system says: the port is in use, the address is not ours.
    pub(crate) async fn listen(&mut self, address: SocketAddr) -> io::Result<SocketAddr> {
        self.listen_on(TcpListener::bind(address).await?)
    }

    /// The same on a listener that is there already.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn listen_on(&mut self, listener: TcpListener) -> io::Result<SocketAddr> {
        let local = listener.local_addr()?;
        self.local.push(local);
        let news = self.sender.clone();
        tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        if news.send(News::Accepted(stream)).await.is_err() {
                            return;
                        }
                    }
                    // Out of descriptors: wait for some to come free instead of spinning.
                    Err(_) => tokio::time::sleep(ACCEPT_REST).await,
                }
            }
        });
        Ok(local)
    }

    /// Takes news that concern the table of streams; what remains is for the switchboard.
    pub(crate) fn absorb(&mut self, news: News) -> Option<News> {
        match news {
            News::Accepted(stream) => {
                self.accept(stream);
                None
            }
            News::Connected(id, stream) => {
                let waiting = self.streams.get_mut(&id).and_then(|known| known.waiting.take());
                if let Some(waiting) = waiting {
                    self.run(id, stream, waiting);
                }
                None
            }
            News::Unreachable(id, _) | News::Closed(id) => {
                self.streams.remove(&id);
                Some(news)
            }
            News::Message(_) | News::Route(..) => Some(news),
        }
    }

    /// Sends on the stream of the message, on another that is open to its peer, or on a new one.
    pub(crate) fn send(&mut self, transmit: &Transmit) {
        let named = transmit.connection.filter(|id| self.streams.contains_key(id));
        let open =
            || self.streams.iter().find(|(_, stream)| stream.remote == transmit.remote).map(|(id, _)| *id);
        let Some(id) = named.or_else(open).or_else(|| self.connect(transmit.remote)) else {
            self.tell_unreachable(Protocol::Tcp, transmit.remote);
            return;
        };
        let Some(stream) = self.streams.get(&id) else { return };
        if stream.writer.try_send(Arc::clone(&transmit.bytes)).is_err() {
            // The peer does not read: it is as good as gone.
            self.streams.remove(&id);
        }
    }

    /// Queues word that `remote` cannot be reached; false when the queue is full.
    pub(crate) fn tell_unreachable(&self, protocol: Protocol, remote: SocketAddr) -> bool {
        self.sender.try_send(News::Route(protocol, remote)).is_ok()
    }

    fn accept(&mut self, stream: TcpStream) {
        let Ok(remote) = stream.peer_addr() else { return };
        let same: IpAddr = remote.ip();
        let from_there = self.streams.values().filter(|known| known.remote.ip() == same).count();
        if self.streams.len() >= TCP_CONNECTIONS_MAX || from_there >= TCP_CONNECTIONS_PER_ADDRESS_MAX {
            return;
        }
        let (id, waiting) = self.enter(remote);
        self.run(id, stream, waiting);
    }

    /// Opens a stream; none when there are as many as may be.
    fn connect(&mut self, remote: SocketAddr) -> Option<ConnectionId> {
        if self.streams.len() >= TCP_CONNECTIONS_MAX {
            return None;
        }
        let (id, waiting) = self.enter(remote);
        if let Some(stream) = self.streams.get_mut(&id) {
            stream.waiting = Some(waiting);
        }
        let news = self.sender.clone();
        tokio::spawn(async move {
            let limit = tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(remote));
            let outcome = match limit.await {
                Ok(Ok(stream)) => News::Connected(id, stream),
                Ok(Err(_)) | Err(_) => News::Unreachable(id, remote),
            };
            let _ = news.send(outcome).await;
        });
        Some(id)
    }

    fn enter(&mut self, remote: SocketAddr) -> (ConnectionId, mpsc::Receiver<Arc<[u8]>>) {
        self.serial += 1;
        let id = ConnectionId(self.serial);
        let (writer, waiting) = mpsc::channel(STREAM_BACKLOG_MAX);
        self.streams.insert(id, Stream { remote, writer, waiting: None, reader: None });
        (id, waiting)
    }

    fn run(&mut self, id: ConnectionId, stream: TcpStream, waiting: mpsc::Receiver<Arc<[u8]>>) {
        let (Ok(local), Ok(remote)) = (stream.local_addr(), stream.peer_addr()) else {
            // The peer has closed it already.
            self.streams.remove(&id);
            return;
        };
        let _ = stream.set_nodelay(true);
        let echo = self.streams.get(&id).map(|known| known.writer.clone().downgrade());
        let (reader, writer) = stream.into_split();
        // The port that peers know us by: a stream that we opened has one of its own.
        let listening = self
            .local
            .iter()
            .find(|address| address.port() == local.port() || address.is_ipv4() == local.is_ipv4());
        let local = SocketAddr::new(local.ip(), listening.map_or(local.port(), SocketAddr::port));
        let news = self.sender.clone();
        tokio::spawn(write(writer, waiting));
        let reading = tokio::spawn(async move {
            let template = Datagram {
                protocol: Protocol::Tcp,
                local,
                remote,
                connection: Some(id),
                bytes: Arc::from([].as_slice()),
            };
            read(reader, template, &news, echo).await;
            let _ = news.send(News::Closed(id)).await;
        });
        if let Some(known) = self.streams.get_mut(&id) {
            known.reader = Some(reading.abort_handle());
        }
    }
}

impl Default for Tcp {
    fn default() -> Self {
        Self::new()
    }
}

async fn write(mut writer: OwnedWriteHalf, mut waiting: mpsc::Receiver<Arc<[u8]>>) {
    while let Some(bytes) = waiting.recv().await {
        // A peer that keeps its window shut would hold the descriptor for ever.
        let written = tokio::time::timeout(TCP_WRITE_MAX, writer.write_all(&bytes)).await;
        if !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
}

async fn read(
    mut reader: OwnedReadHalf,
    template: Datagram,
    news: &mpsc::Sender<News>,
    echo: Option<mpsc::WeakSender<Arc<[u8]>>>,
) {
    let mut framer = Framer::default();
    let mut buffer = vec![0; 16 * 1_024];
    let mut patience = TCP_FIRST_MESSAGE_MAX;
    loop {
        let length = match tokio::time::timeout(patience, reader.read(&mut buffer)).await {
            Ok(Ok(length)) if length > 0 => length,
            Ok(_) | Err(_) => return,
        };
        framer.push(&buffer[..length]);
        loop {
            match framer.next() {
                Ok(Some(Frame::Message(bytes))) => {
                    patience = TCP_IDLE_MAX;
                    let message = Datagram { bytes, ..template.clone() };
                    if news.send(News::Message(message)).await.is_err() {
                        return;
                    }
                }
                Ok(Some(Frame::KeepAlive)) => {
                    // RFC 5626 §4.4.1: a double CRLF is answered by a single one.
                    if let Some(echo) = echo.as_ref().and_then(mpsc::WeakSender::upgrade) {
                        let _ = echo.try_send(Arc::from(b"\r\n".as_slice()));
                    }
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
}
