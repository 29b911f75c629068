//! An RTP port of the load bench: what arrives is counted by the kernel's clock, not kept.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;

use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;

use crate::base::limit::PACKETS_PER_TICK_MAX;
use crate::base::time::Duration;
use crate::phone::spacing::Spacing;
use crate::rtp::packet::Packet;

/// One port, one caller.
#[derive(Debug)]
pub(crate) struct Sink {
    socket: UdpSocket,
    control: Vec<u8>,
    last: Option<Last>,
    packets: u64,
    lost: u64,
}

#[derive(Copy, Clone, Debug)]
struct Last {
    ssrc: u32,
    sequence: u16,
    at: Duration,
}

impl Sink {
    /// A port that the system chooses.
    pub(crate) fn open(ip: IpAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind((ip, 0))?;
        socket.set_nonblocking(true)?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        let control = nix::cmsg_space!(TimeSpec);
        Ok(Self { socket, control, last: None, packets: 0, lost: 0 })
    }

    /// The port.
    pub(crate) fn port(&self) -> io::Result<u16> {
        Ok(self.socket.local_addr()?.port())
    }

    /// Packets received.
    pub(crate) fn packets(&self) -> u64 {
        self.packets
    }

    /// Sequence numbers that never came.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// Sends one packet; a full buffer loses it.
    pub(crate) fn send(&self, bytes: &[u8], to: SocketAddr) {
        let _ = self.socket.send_to(bytes, to);
    }

    /// Takes what has come, a bounded number a turn.
    pub(crate) fn drain(&mut self, spacing: &mut Spacing) {
        for _ in 0..PACKETS_PER_TICK_MAX {
            let mut bytes = [0; 2_048];
            let mut parts = [IoSliceMut::new(&mut bytes)];
            let received = recvmsg::<()>(
                self.socket.as_raw_fd(),
                &mut parts,
                Some(&mut self.control),
                MsgFlags::MSG_DONTWAIT,
            );
            let Ok(message) = received else { return };
            let arrived = message.cmsgs().ok().and_then(|mut all| {
                all.find_map(|control| match control {
                    ControlMessageOwned::ScmTimestampns(time) => Some(Duration::from(time)),
                    _ => None,
                })
            });
            let length = message.bytes;
            if let (Some(at), Ok(packet)) = (arrived, Packet::parse(&bytes[..length])) {
                self.count(at, &packet, spacing);
            }
        }
    }

    /// Throws away what has come.
    pub(crate) fn discard(&mut self) {
        let mut bytes = [0; 2_048];
        for _ in 0..PACKETS_PER_TICK_MAX {
            if self.socket.recv(&mut bytes).is_err() {
                return;
            }
        }
    }

    fn count(&mut self, at: Duration, packet: &Packet<'_>, spacing: &mut Spacing) {
        self.packets += 1;
        let (ssrc, sequence) = (packet.ssrc, packet.sequence);
        if let Some(last) = self.last.filter(|last| last.ssrc == ssrc) {
            let ahead = sequence.wrapping_sub(last.sequence) as i16;
            if ahead <= 0 {
                self.lost = self.lost.saturating_sub(u64::from(ahead < 0));
                return;
            }
            self.lost += ahead as u64 - 1;
            if ahead == 1 && !packet.marker {
                spacing.record(at.saturating_sub(last.at));
            }
        }
        self.last = Some(Last { ssrc, sequence, at });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_on_loopback_are_counted_with_their_spacing() {
        let mut sink = Sink::open([127, 0, 0, 1].into()).unwrap();
        let to: SocketAddr = ([127, 0, 0, 1], sink.port().unwrap()).into();
        let from = UdpSocket::bind("127.0.0.1:0").unwrap();
        for sequence in [65_534, 65_535, 0, 3] {
            let mut bytes = [0; 172];
            let packet = Packet {
                marker: false,
                payload_type: 8,
                sequence,
                timestamp: 0,
                ssrc: 1,
                payload: &[0; 160],
            };
            let length = packet.write(&mut bytes).unwrap();
            from.send_to(&bytes[..length], to).unwrap();
        }
        let mut spacing = Spacing::default();
        sink.drain(&mut spacing);
        assert_eq!((sink.packets(), sink.lost(), spacing.count()), (4, 2, 2));
        assert!(spacing.longest() < Duration::from_secs(1));
    }
}
