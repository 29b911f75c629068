//! A socket where the sound of a call is expected: what came, and when. It answers each packet with one of silence from the
//! same port, as a telephone does that both hears and speaks.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// A packet that came.
#[derive(Copy, Clone, Debug)]
pub struct Came {
    pub at: Instant,
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

/// The socket.
pub struct Ear {
    pub port: u16,
    came: Arc<Mutex<Vec<Came>>>,
    task: JoinHandle<()>,
}

impl Ear {
    /// At a port that the system chooses.
    pub async fn open() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let came = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(hear(socket, Arc::clone(&came)));
        Self { port, came, task }
    }

    /// What came so far.
    pub fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn hear(socket: UdpSocket, came: Arc<Mutex<Vec<Came>>>) {
    let mut bytes = [0; 2_048];
    while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
        let packet = &bytes[..length];
        let Some(header) = packet.first_chunk::<12>().filter(|header| header[0] >> 6 == 2) else { continue };
        came.lock().unwrap().push(Came {
            at: Instant::now(),
            payload_type: header[1] & 0x7F,
            sequence: u16::from_be_bytes([header[2], header[3]]),
            timestamp: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
            ssrc: u32::from_be_bytes([header[8], header[9], header[10], header[11]]),
        });
        answer(&socket, from, header).await;
    }
}

/// The same header with an SSRC of our own, and silence in the codec that was heard.
async fn answer(socket: &UdpSocket, to: SocketAddr, header: &[u8; 12]) {
    let silence = if header[1] & 0x7F == 0 { 0xFF } else { 0xD5 };
    let mut packet = [silence; 172];
    packet[..12].copy_from_slice(header);
    packet[8..12].copy_from_slice(&(u32::from(socket.local_addr().unwrap().port())).to_be_bytes());
    // A call that is over has closed its port: nobody hears this, and nothing is lost.
    let _ = socket.send_to(&packet, to).await;
}

/// How often nothing came for longer than `longest`.
pub fn gaps(came: &[Came], longest: Duration) -> usize {
    came.windows(2).filter(|pair| pair[1].at - pair[0].at > longest).count()
}

/// That the packets are one stream: one source, each number once and in order, from one ear to the next.
///
/// # Panics
/// If they are not.
pub fn assert_one_stream(came: &[Came]) {
    for pair in came.windows(2) {
        assert_eq!(pair[0].ssrc, pair[1].ssrc, "another source: {pair:?}");
        assert_eq!(pair[0].sequence.wrapping_add(1), pair[1].sequence, "a packet is missing: {pair:?}");
        let step = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        assert!(step > 0 && step < 80_000 && step % 160 == 0, "the clock jumps: {pair:?}");
    }
}
