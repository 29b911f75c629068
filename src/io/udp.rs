//! SIP over UDP: one socket an address, and the local address that a peer reaches us at.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::UdpSocket;

use crate::base::limit::{DATAGRAMS_PER_TURN_MAX, LOCAL_ADDRESSES_MAX, SIP_MESSAGE_BYTES_MAX};
use crate::sip::transport::{Datagram, Protocol, Transmit};

/// A bound socket.
#[derive(Debug)]
pub(crate) struct Udp {
    socket: UdpSocket,
    local: SocketAddr,
    routes: Routes,
    buffer: Vec<u8>,
    /// Messages that the kernel refused to send at once; SIP repeats what matters.
    pub(crate) dropped: u64,
}

impl Udp {
    /// Binds `address` with room for a burst of calls.
    ///
    /// # Errors
    /// What the system says: the port is in use, the address is not ours.
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let domain = socket2::Domain::for_address(address);
        let socket = socket2::Socket::new(domain, socket2::Type::DGRAM, Some(socket2::Protocol::UDP))?;
        // Best effort: the kernel caps it at net.core.rmem_max.
        let _ = socket.set_recv_buffer_size(4 << 20);
        let _ = socket.set_send_buffer_size(1 << 20);
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        Self::of(socket.into())
    }

    /// One that is bound already.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn of(socket: std::net::UdpSocket) -> io::Result<Self> {
        let socket = UdpSocket::from_std(socket)?;
        let local = socket.local_addr()?;
        let buffer = vec![0; SIP_MESSAGE_BYTES_MAX];
        Ok(Self { socket, local, routes: Routes::default(), buffer, dropped: 0 })
    }

    /// The address that is bound (with the port that the system chose, if 0 was asked).
    pub(crate) fn local(&self) -> SocketAddr {
        self.local
    }

    /// Waits until something can be read.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn readable(&self) -> io::Result<()> {
        self.socket.readable().await
    }

    /// Reads what has come, a bounded number at a time.
    pub(crate) fn read(&mut self, mut take: impl FnMut(Datagram)) {
        for _ in 0..DATAGRAMS_PER_TURN_MAX {
            match self.socket.try_recv_from(&mut self.buffer) {
                Ok((length, remote)) => {
                    let local = self.routes.local_towards(self.local, remote);
                    let bytes: Arc<[u8]> = Arc::from(&self.buffer[..length]);
                    take(Datagram { protocol: Protocol::Udp, local, remote, connection: None, bytes });
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // An ICMP error of an earlier send comes out here; it concerns one peer, not the socket.
                Err(_) => {}
            }
        }
    }

    /// Sends; `Err` when the route does not exist, so that the call can fail at once.
    ///
    /// # Errors
    /// What the system says, but never `WouldBlock`: then the message is dropped and counted.
    pub(crate) fn send(&mut self, transmit: &Transmit) -> io::Result<()> {
        match self.socket.try_send_to(&transmit.bytes, transmit.remote) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.dropped += 1;
                Ok(())
            }
            // The echo of an ICMP error that an earlier datagram met: this one has not been sent, try once more.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                self.socket.try_send_to(&transmit.bytes, transmit.remote).map(|_| ())
            }
            Err(error) => Err(error),
        }
    }
}

/// Which of our addresses a peer reaches us at, when the socket is bound to all of them.
#[derive(Debug, Default)]
pub(crate) struct Routes(BTreeMap<IpAddr, IpAddr>);

impl Routes {
    /// `bound`, with its address replaced by the one that packets to `remote` leave from.
    pub(crate) fn local_towards(&mut self, bound: SocketAddr, remote: SocketAddr) -> SocketAddr {
        if !bound.ip().is_unspecified() {
            return bound;
        }
        if let Some(ip) = self.0.get(&remote.ip()) {
            return SocketAddr::new(*ip, bound.port());
        }
        let ip = source_towards(remote).unwrap_or(bound.ip());
        if self.0.len() >= LOCAL_ADDRESSES_MAX {
            self.0.clear();
        }
        self.0.insert(remote.ip(), ip);
        SocketAddr::new(ip, bound.port())
    }
}

/// Asks the kernel's routing table: connecting a datagram socket sends nothing.
pub(crate) fn source_towards(remote: SocketAddr) -> Option<IpAddr> {
    // Not bound first: the unit's `SocketBindDeny=any` forbids port 0.
    let domain = socket2::Domain::for_address(remote);
    let probe = socket2::Socket::new(domain, socket2::Type::DGRAM, Some(socket2::Protocol::UDP)).ok()?;
    probe.connect(&remote.into()).ok()?;
    Some(probe.local_addr().ok()?.as_socket()?.ip())
}
