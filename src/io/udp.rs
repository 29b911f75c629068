//! SIP over UDP: one socket an address, and the local address that a peer reaches us at.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd;
use std::sync::Arc;

use nix::libc;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt};
use tokio::io::Interest;
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
        // ICMP says who is not there. Best effort: without it a phone that is gone is found out by time.
        let _ = match address {
            SocketAddr::V4(_) => setsockopt(&socket, sockopt::Ipv4RecvErr, &true),
            SocketAddr::V6(_) => setsockopt(&socket, sockopt::Ipv6RecvErr, &true),
        };
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

    /// Waits until something can be read: messages, or what ICMP says.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn readable(&self) -> io::Result<()> {
        self.socket.ready(Interest::READABLE | Interest::ERROR).await.map(|_| ())
    }

    /// Peers to whom something was sent and who are not there, as ICMP says (RFC 3261 §18.4), a bounded number at a time.
    pub(crate) fn unreachable(&mut self) -> Vec<SocketAddr> {
        let mut gone = Vec::new();
        for _ in 0..DATAGRAMS_PER_TURN_MAX {
            match self.socket.try_io(Interest::ERROR, || read_error(&self.socket)) {
                Ok(peer) => gone.extend(peer),
                Err(_) => break,
            }
        }
        gone
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

/// One error that waits at a socket: the peer that an ICMP message says is not there; none for other errors.
fn read_error(socket: &UdpSocket) -> io::Result<Option<SocketAddr>> {
    let mut octet = [0];
    let mut buffers = [io::IoSliceMut::new(&mut octet)];
    let mut space = nix::cmsg_space!(libc::sock_extended_err, libc::sockaddr_in6);
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut buffers, Some(&mut space), flags)?;
    let is_icmp = |error: &libc::sock_extended_err| {
        [libc::SO_EE_ORIGIN_ICMP, libc::SO_EE_ORIGIN_ICMP6].contains(&error.ee_origin)
            && [libc::ECONNREFUSED, libc::EHOSTUNREACH].map(|errno| errno as u32).contains(&error.ee_errno)
    };
    let is_gone = message.cmsgs()?.any(|told| match told {
        ControlMessageOwned::Ipv4RecvErr(error, _) => is_icmp(&error),
        ControlMessageOwned::Ipv6RecvErr(error, _) => is_icmp(&error),
        _ => false,
    });
    // The address is that to which the datagram was sent which the error is about.
    let Some(address) = message.address.filter(|_| is_gone) else { return Ok(None) };
    let v4 = address.as_sockaddr_in().map(|at| SocketAddr::from((at.ip(), at.port())));
    Ok(v4.or_else(|| address.as_sockaddr_in6().map(|at| SocketAddr::from((at.ip(), at.port())))))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_peer_that_is_not_there_is_told_by_icmp() {
        // A port that was free a moment ago.
        let gone = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut udp = Udp::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        assert_eq!(udp.unreachable(), []);
        let bytes = Arc::from(b"OPTIONS sip:x SIP/2.0\r\n\r\n".as_slice());
        let local = Some(udp.local());
        let transmit = Transmit { protocol: Protocol::Udp, local, remote: gone, connection: None, bytes };
        udp.socket.writable().await.unwrap();
        udp.send(&transmit).unwrap();
        udp.readable().await.unwrap();
        assert_eq!(udp.unreachable(), [gone]);
        assert_eq!(udp.unreachable(), []);
    }
}
