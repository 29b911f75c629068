//! Sockets that the service manager has opened for us (`sd_listen_fds(3)`): a `.socket` unit holds them while the service is
//! started again, so that calls that come meanwhile wait in them instead of being refused.

use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::OwnedFd;

use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use crate::base::limit::PASSED_SOCKETS_MAX;
use crate::sip::transport::Protocol;

/// The first of them, by the protocol.
const FIRST: i32 = 3;

/// A socket that was passed.
#[derive(Debug)]
struct Passed {
    protocol: Protocol,
    local: SocketAddr,
    socket: socket2::Socket,
}

/// All that were passed and are not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Sockets(Vec<Passed>);

impl Sockets {
    /// Reads `$LISTEN_PID` and `$LISTEN_FDS`.
    ///
    /// # Errors
    /// The environment names sockets that cannot be had.
    pub(crate) fn from_environment() -> io::Result<Self> {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<i32>().ok());
        let ours = number("LISTEN_PID") == Some(getpid().as_raw_pid());
        let count = number("LISTEN_FDS").filter(|_| ours).unwrap_or(0).clamp(0, PASSED_SOCKETS_MAX);
        let passed: io::Result<Vec<Option<Passed>>> = (FIRST..FIRST + count).map(of_number).collect();
        Ok(Self(passed?.into_iter().flatten().collect()))
    }

    /// The UDP socket at this address, if it was passed.
    pub(crate) fn udp(&mut self, address: SocketAddr) -> Option<UdpSocket> {
        self.take(Protocol::Udp, address).map(Into::into)
    }

    /// The listener of TCP at this address, if it was passed.
    pub(crate) fn tcp(&mut self, address: SocketAddr) -> Option<TcpListener> {
        self.take(Protocol::Tcp, address).map(Into::into)
    }

    /// Those that nobody wanted.
    pub(crate) fn unwanted(&self) -> impl Iterator<Item = (Protocol, SocketAddr)> {
        self.0.iter().map(|passed| (passed.protocol, passed.local))
    }

    fn take(&mut self, protocol: Protocol, address: SocketAddr) -> Option<socket2::Socket> {
        let place = self.0.iter().position(|it| it.protocol == protocol && it.local == address)?;
        Some(self.0.remove(place).socket)
    }
}

/// Our own copy of a descriptor; none when it is no socket of the internet.
fn of_number(number: i32) -> io::Result<Option<Passed>> {
    let me = pidfd_open(getpid(), PidfdFlags::empty())?;
    let copy: OwnedFd = pidfd_getfd(&me, number, PidfdGetfdFlags::empty())?;
    let socket = socket2::Socket::from(copy);
    let Some(local) = socket.local_addr().ok().and_then(|address| address.as_socket()) else {
        return Ok(None);
    };
    let protocol = if socket.r#type()? == socket2::Type::DGRAM { Protocol::Udp } else { Protocol::Tcp };
    socket.set_nonblocking(true)?;
    Ok(Some(Passed { protocol, local, socket }))
}
