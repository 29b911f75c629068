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
use tokio::time::Instant;

use crate::base::limit::{
    ACCEPT_REST, STREAM_BACKLOG_MAX, STREAM_MESSAGES_MAX, TCP_CONNECTIONS_MAX,
    TCP_CONNECTIONS_PER_ADDRESS_MAX, TCP_CONNECTIONS_RESERVE, TCP_FIRST_MESSAGE_MAX, TCP_IDLE_MAX,
    TCP_MESSAGE_MAX, TCP_WRITE_MAX,
};
use crate::sip::message::frame::{Frame, FrameError, Framer};
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
    /// Nothing was said on a stream for a long time: it stays only if it is needed.
    Idle(ConnectionId),
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
    /// `is_known`: whether an address has a place that strangers do not get.
    pub(crate) fn absorb(&mut self, news: News, is_known: impl Fn(IpAddr) -> bool) -> Option<News> {
        match news {
            News::Accepted(stream) => {
                self.accept(stream, is_known);
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
            News::Message(_) | News::Idle(_) | News::Route(..) => Some(news),
        }
    }

    /// Closes a stream.
    pub(crate) fn close(&mut self, id: ConnectionId) {
        self.streams.remove(&id);
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

    fn accept(&mut self, stream: TcpStream, is_known: impl Fn(IpAddr) -> bool) {
        let Ok(remote) = stream.peer_addr() else { return };
        let same: IpAddr = remote.ip();
        let from_there = self.streams.values().filter(|known| known.remote.ip() == same).count();
        let places = if is_known(same.to_canonical()) {
            TCP_CONNECTIONS_MAX
        } else {
            TCP_CONNECTIONS_MAX - TCP_CONNECTIONS_RESERVE
        };
        if self.streams.len() >= places || from_there >= TCP_CONNECTIONS_PER_ADDRESS_MAX {
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
    let Some(connection) = template.connection else { return };
    let mut framer = Framer::default();
    let mut buffer = vec![0; 16 * 1_024];
    let mut is_first = true;
    // Each message has a moment by which it is whole: who sends an octet now and then holds a place no longer for it.
    let mut until = Instant::now() + TCP_FIRST_MESSAGE_MAX;
    loop {
        let length = match tokio::time::timeout_at(until, reader.read(&mut buffer)).await {
            Ok(Ok(length)) if length > 0 => length,
            Err(_) if !is_first && framer.is_empty() => {
                if news.send(News::Idle(connection)).await.is_err() {
                    return;
                }
                until = Instant::now() + TCP_IDLE_MAX;
                continue;
            }
            Ok(_) | Err(_) => return,
        };
        let had_begun = !framer.is_empty();
        framer.push(&buffer[..length]);
        let mut was_whole = false;
        loop {
            match framer.next() {
                Ok(Some(Frame::Message(bytes))) => {
                    (is_first, was_whole) = (false, true);
                    let message = Datagram { bytes, ..template.clone() };
                    if news.send(News::Message(message)).await.is_err() {
                        return;
                    }
                }
                Ok(Some(Frame::KeepAlive)) => {
                    was_whole = true;
                    // RFC 5626 §4.4.1: a double CRLF is answered by a single one.
                    if let Some(echo) = echo.as_ref().and_then(mpsc::WeakSender::upgrade) {
                        let _ = echo.try_send(Arc::from(b"\r\n".as_slice()));
                    }
                }
                Ok(None) => break,
                Err(FrameError { head, .. }) => {
                    // What can be answered of it is (400): its head says to whom. Then the stream ends: where the next message
                    // begins nobody knows.
                    if let Some(bytes) = head {
                        let _ = news.send(News::Message(Datagram { bytes, ..template })).await;
                    }
                    return;
                }
            }
        }
        if is_first {
            continue;
        }
        let patience = if framer.is_empty() { TCP_IDLE_MAX } else { TCP_MESSAGE_MAX };
        if was_whole || !had_begun {
            until = Instant::now() + patience;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n";

    /// A listener, and a client of it.
    async fn connected() -> (Tcp, TcpStream) {
        let mut tcp = Tcp::new();
        let address = tcp.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let client = TcpStream::connect(address).await.unwrap();
        let accepted = tcp.news.recv().await.unwrap();
        assert!(tcp.absorb(accepted, |_| true).is_none());
        (tcp, client)
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_comes_octet_by_octet_holds_its_place_no_longer_than_any() {
        let (mut tcp, mut client) = connected().await;
        client.write_all(b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        assert!(matches!(tcp.news.recv().await, Some(News::Message(_))));
        let begun = Instant::now();
        let dripping = tokio::spawn(async move {
            for octet in INVITE.bytes().cycle() {
                tokio::time::sleep(Duration::from_millis(900)).await;
                if client.write_all(&[octet]).await.is_err() {
                    break;
                }
            }
        });
        assert!(matches!(tcp.news.recv().await, Some(News::Closed(_))));
        assert!(begun.elapsed() < TCP_MESSAGE_MAX * 2, "{:?}", begun.elapsed());
        dripping.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_stream_is_asked_for_and_stays_until_it_is_closed() {
        let (mut tcp, mut client) = connected().await;
        client.write_all(b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n\r\n").await.unwrap();
        assert!(matches!(tcp.news.recv().await, Some(News::Message(_))));
        for _ in 0..3 {
            assert!(matches!(tcp.news.recv().await, Some(News::Idle(_))));
        }
    }

    #[tokio::test]
    async fn a_head_that_breaks_the_framing_is_heard_before_the_stream_ends() {
        let (mut tcp, mut client) = connected().await;
        client.write_all(format!("{INVITE}Content-Length: -1\r\n\r\n").as_bytes()).await.unwrap();
        let Some(News::Message(datagram)) = tcp.news.recv().await else { panic!() };
        assert!(datagram.bytes.starts_with(b"INVITE"));
        let transmit = Transmit {
            protocol: Protocol::Tcp,
            local: None,
            remote: datagram.remote,
            connection: datagram.connection,
            bytes: Arc::from(b"SIP/2.0 400 Bad Request\r\n\r\n".as_slice()),
        };
        tcp.send(&transmit);
        let closed = tcp.news.recv().await.unwrap();
        assert!(matches!(closed, News::Closed(_)));
        tcp.absorb(closed, |_| true);
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "SIP/2.0 400 Bad Request\r\n\r\n");
    }
}
