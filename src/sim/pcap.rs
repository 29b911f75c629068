//! A capture as tcpdump writes it: every packet of a simulated network with its civil moment, so that Wireshark shows the
//! call and plays its sound. Octets out; it opens no file.
//!
//! The classic format of libpcap (draft-ietf-opsawg-pcap), link type RAW: each packet begins with its IP header. Headers are
//! written whole, checksums included (RFC 791, RFC 8200, RFC 768); nothing is fragmented.

use std::net::{IpAddr, SocketAddr};

use crate::base::limit::CAPTURE_BYTES_MAX;

/// A packet begins with its IP header, of either version.
const LINKTYPE_RAW: u32 = 101;
/// No packet is cut: UDP over IP carries less.
const SNAP_BYTES: u32 = 65_535;
/// The protocol number of UDP.
const UDP: u8 = 17;

/// See the module.
#[derive(Clone, Debug)]
pub struct Capture {
    bytes: Vec<u8>,
    packets: usize,
    /// IPv4 wants a number for each packet.
    identification: u16,
}

impl Default for Capture {
    fn default() -> Self {
        let mut bytes = Vec::with_capacity(64 * 1_024);
        bytes.extend(0xa1b2_c3d4_u32.to_le_bytes());
        bytes.extend(2_u16.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        // The zone (always UTC), and how exact moments are (nobody writes it).
        bytes.extend([0; 8]);
        bytes.extend(SNAP_BYTES.to_le_bytes());
        bytes.extend(LINKTYPE_RAW.to_le_bytes());
        Self { bytes, packets: 0, identification: 0 }
    }
}

impl Capture {
    /// A UDP datagram, `epoch_us` microseconds after 1970. Left out: what mixes families of addresses, is longer than UDP
    /// carries, or does not fit into [`CAPTURE_BYTES_MAX`] any more.
    pub(crate) fn datagram(&mut self, epoch_us: i64, from: SocketAddr, to: SocketAddr, payload: &[u8]) {
        let Ok(length) = u16::try_from(payload.len() + 8) else { return };
        let udp = udp(from, to, length, payload);
        let ip = match (from.ip(), to.ip()) {
            (IpAddr::V4(from), IpAddr::V4(to)) => self.ipv4(from.octets(), to.octets(), length),
            (IpAddr::V6(from), IpAddr::V6(to)) => Some(ipv6(from.octets(), to.octets(), length)),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => None,
        };
        let Some(ip) = ip else { return };
        let whole = ip.len() + udp.len() + payload.len();
        if self.bytes.len() + 16 + whole > CAPTURE_BYTES_MAX {
            return;
        }
        let seconds = u32::try_from(epoch_us.div_euclid(1_000_000)).unwrap_or(0);
        let micros = u32::try_from(epoch_us.rem_euclid(1_000_000)).unwrap_or(0);
        let length = u32::try_from(whole).unwrap_or(SNAP_BYTES);
        for word in [seconds, micros, length, length] {
            self.bytes.extend(word.to_le_bytes());
        }
        self.bytes.extend(ip);
        self.bytes.extend(udp);
        self.bytes.extend(payload);
        self.packets += 1;
    }

    /// How many packets there are.
    pub(crate) fn packets(&self) -> usize {
        self.packets
    }

    /// The octets of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn ipv4(&mut self, from: [u8; 4], to: [u8; 4], length: u16) -> Option<Vec<u8>> {
        self.identification = self.identification.wrapping_add(1);
        // Version 4, five words; never fragmented; 64 hops.
        let mut header = vec![0x45, 0];
        header.extend(length.checked_add(20)?.to_be_bytes());
        header.extend(self.identification.to_be_bytes());
        header.extend([0x40, 0, 64, UDP, 0, 0]);
        header.extend(from);
        header.extend(to);
        let sum = checksum(&[&header]);
        header[10..12].copy_from_slice(&sum.to_be_bytes());
        Some(header)
    }
}

fn ipv6(from: [u8; 16], to: [u8; 16], length: u16) -> Vec<u8> {
    let mut header = vec![0x60, 0, 0, 0];
    header.extend(length.to_be_bytes());
    header.extend([UDP, 64]);
    header.extend(from);
    header.extend(to);
    header
}

fn udp(from: SocketAddr, to: SocketAddr, length: u16, payload: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(8);
    header.extend(from.port().to_be_bytes());
    header.extend(to.port().to_be_bytes());
    header.extend(length.to_be_bytes());
    header.extend([0, 0]);
    let octets = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let [high, low] = length.to_be_bytes();
    let sum = checksum(&[&octets(from.ip()), &octets(to.ip()), &[0, UDP, high, low], &header, payload]);
    // RFC 768: none is written as 0, so that 0 is written as its other self.
    header[6..8].copy_from_slice(&if sum == 0 { 0xffff } else { sum }.to_be_bytes());
    header
}

/// The checksum of the internet (RFC 1071). All parts but the last are of even length.
fn checksum(parts: &[&[u8]]) -> u16 {
    let words = parts.iter().flat_map(|part| part.chunks(2));
    let word = |pair: &[u8]| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0));
    let mut sum: u64 = words.map(|pair| u64::from(word(pair))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datagram_is_written_as_it_goes_over_the_wire() {
        let mut capture = Capture::default();
        let (from, to) = ("192.0.2.1:5060".parse().unwrap(), "192.0.2.2:5062".parse().unwrap());
        capture.datagram(1_795_510_800_123_456, from, to, b"hi!");
        let file = capture.bytes();
        assert_eq!(file[..8], [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0]);
        assert_eq!(file[20..24], [101, 0, 0, 0]);
        assert_eq!(file[24..28], 1_795_510_800_u32.to_le_bytes());
        assert_eq!(file[28..32], 123_456_u32.to_le_bytes());
        assert_eq!(file[32..36], file[36..40], "nothing is cut");
        assert_eq!((file[32], file.len() - 40), (31, 31));
        let (ip, udp) = file[40..].split_at(20);
        assert_eq!(ip[..10], [0x45, 0, 0, 31, 0, 1, 0x40, 0, 64, 17]);
        assert_eq!(ip[12..], [192, 0, 2, 1, 192, 0, 2, 2]);
        assert_eq!(udp[..6], [0x13, 0xc4, 0x13, 0xc6, 0, 11]);
        // What is summed up with its own checksum gives nothing (RFC 1071 §1).
        assert_eq!(checksum(&[ip]), 0);
        assert_eq!(checksum(&[&ip[12..], &[0, 17, 0, 11], udp]), 0);
        assert_eq!(capture.packets(), 1);
    }

    #[test]
    fn both_families_are_written_and_a_mixture_is_not() {
        let mut capture = Capture::default();
        let six: SocketAddr = "[2001:db8::1]:4000".parse().unwrap();
        let four: SocketAddr = "192.0.2.1:4000".parse().unwrap();
        capture.datagram(0, six, six, &[0; 172]);
        assert_eq!(capture.bytes().len(), 24 + 16 + 40 + 8 + 172);
        capture.datagram(0, six, four, &[0; 172]);
        capture.datagram(0, four, four, &[0; 65_530]);
        assert_eq!(capture.packets(), 1);
    }
}
