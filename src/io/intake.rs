//! Reads datagrams in batches: one system call for what a session has received in 20 ms.

use std::io::IoSliceMut;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;

use nix::errno::Errno;
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, MultiHeaders, RecvMsg, SockaddrIn, SockaddrIn6, SockaddrLike, recvmmsg,
};
use nix::sys::time::TimeSpec;

use crate::base::limit::{PACKETS_PER_TICK_MAX, RTP_BYTES_MAX};
use crate::base::time::Duration;

/// Datagrams of one call: a session gets one or two in 20 ms.
const BATCH: usize = 4;
/// One more than what is let through, so that what was cut off is seen to be too long.
const ROOM: usize = RTP_BYTES_MAX + 1;

/// Buffers that are used again and again.
pub(super) struct Intake {
    buffers: Box<[[u8; ROOM]; BATCH]>,
    /// One set of headers for each family: the kernel writes the length of an address into them, and one of IPv4 would cut the
    /// next of IPv6.
    four: MultiHeaders<SockaddrIn>,
    six: MultiHeaders<SockaddrIn6>,
}

impl Intake {
    pub(super) fn new() -> Self {
        Self {
            buffers: Box::new([[0; ROOM]; BATCH]),
            // Room for the kernel's time of arrival.
            four: MultiHeaders::preallocate(BATCH, Some(nix::cmsg_space!(TimeSpec))),
            six: MultiHeaders::preallocate(BATCH, Some(nix::cmsg_space!(TimeSpec))),
        }
    }

    /// Hands on what a socket has received, [`PACKETS_PER_TICK_MAX`] at the most: the rest waits in the kernel. Each with how
    /// long ago it arrived: jitter (RFC 3550 §6.4.1) is the network's, not that of our ticks.
    pub(super) fn drain(&mut self, socket: &Socket, mut take: impl FnMut(SocketAddr, &[u8], Duration)) {
        for _ in 0..PACKETS_PER_TICK_MAX / BATCH {
            let buffers = &mut self.buffers;
            let count = if socket.is_ipv4 {
                batch(&socket.udp, buffers, &mut self.four, |from| SocketAddr::V4((*from).into()), &mut take)
            } else {
                batch(&socket.udp, buffers, &mut self.six, |from| SocketAddr::V6((*from).into()), &mut take)
            };
            if count < BATCH {
                return;
            }
        }
    }
}

/// A UDP socket that knows its family without asking the kernel.
pub(super) struct Socket {
    pub(super) udp: UdpSocket,
    pub(super) is_ipv4: bool,
}

fn batch<S: SockaddrLike + Copy>(
    socket: &UdpSocket,
    buffers: &mut [[u8; ROOM]; BATCH],
    headers: &mut MultiHeaders<S>,
    address: impl Fn(&S) -> SocketAddr,
    take: &mut impl FnMut(SocketAddr, &[u8], Duration),
) -> usize {
    let mut slices = buffers.each_mut().map(|buffer| [IoSliceMut::new(buffer)]);
    let received = recvmmsg(socket.as_raw_fd(), headers, slices.iter_mut(), MsgFlags::MSG_DONTWAIT, None);
    let messages = match received {
        Ok(messages) => messages,
        // An ICMP error of an earlier send: it concerns that packet, not the call, and is gone once it was read.
        Err(Errno::ECONNREFUSED | Errno::EHOSTUNREACH | Errno::ENETUNREACH | Errno::EINTR) => return BATCH,
        Err(_) => return 0,
    };
    let mut count = 0;
    let mut clock = None;
    for message in messages {
        count += 1;
        if let Some(from) = &message.address {
            let age = arrival(&message)
                .map_or(Duration::ZERO, |arrived| clock.get_or_insert_with(civil).saturating_sub(arrived));
            // A civil clock that was set meanwhile says nothing.
            let age = if age > AGE_MAX { Duration::ZERO } else { age };
            take(address(from), message.iovs().next().unwrap_or_default(), age);
        }
    }
    count
}

/// A packet that seems to have waited longer did not: the civil clock was moved.
const AGE_MAX: Duration = Duration::from_secs(1);

/// When the kernel received a message, by the civil clock.
fn arrival<S: SockaddrLike>(message: &RecvMsg<'_, '_, S>) -> Option<Duration> {
    let mut controls = message.cmsgs().ok()?;
    controls.find_map(|control| match control {
        ControlMessageOwned::ScmTimestampns(time) => Some(Duration::from(time)),
        _ => None,
    })
}

fn civil() -> Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}
