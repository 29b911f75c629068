//! The phone's own connection to its server: datagrams, or one stream cut by Content-Length (RFC 3261 §18.3).

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use crate::base::limit::SIP_MESSAGE_BYTES_MAX;
use crate::phone::message::Transport;

/// A connection to one server. What others send to its port does not come through.
#[derive(Debug)]
pub(crate) enum Wire {
    /// A connected UDP socket: the kernel drops strangers, and tells when nobody listens.
    Udp(UdpSocket),
    /// A stream, and what of the next message has come.
    Tcp(TcpStream, Vec<u8>),
}

impl Wire {
    /// Connects, from an address and a port that the system chooses.
    pub(crate) async fn open(transport: Transport, server: SocketAddr) -> io::Result<Self> {
        match transport {
            Transport::Udp => {
                let any: SocketAddr =
                    if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0u16; 8], 0).into() };
                let socket = UdpSocket::bind(any).await?;
                socket.connect(server).await?;
                Ok(Self::Udp(socket))
            }
            Transport::Tcp => {
                let stream = TcpStream::connect(server).await?;
                stream.set_nodelay(true)?;
                Ok(Self::Tcp(stream, Vec::new()))
            }
        }
    }

    /// Our end.
    pub(crate) fn local(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Udp(socket) => socket.local_addr(),
            Self::Tcp(stream, _) => stream.local_addr(),
        }
    }

    /// Sends one message.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.send(bytes).await.map(|_| ()),
            Self::Tcp(stream, _) => stream.write_all(bytes).await,
        }
    }

    /// The next message. May be dropped while it waits, without loss.
    pub(crate) async fn receive(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Udp(socket) => {
                let mut bytes = vec![0; SIP_MESSAGE_BYTES_MAX];
                let length = socket.recv(&mut bytes).await?;
                bytes.truncate(length);
                Ok(bytes)
            }
            Self::Tcp(stream, buffer) => loop {
                if let Some(message) = cut(buffer)? {
                    return Ok(message);
                }
                if stream.read_buf(buffer).await? == 0 {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
            },
        }
    }
}

/// Takes one whole message off the front of a stream.
fn cut(buffer: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    // CRLF between messages keeps a connection alive (RFC 5626 §4.4.1).
    let blanks = buffer.iter().take_while(|octet| matches!(octet, b'\r' | b'\n')).count();
    buffer.drain(..blanks);
    let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
        let full = buffer.len() > SIP_MESSAGE_BYTES_MAX;
        return if full { Err(io::ErrorKind::InvalidData.into()) } else { Ok(None) };
    };
    let head = String::from_utf8_lossy(&buffer[..end]);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = name.trim();
        let ours = name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("l");
        ours.then(|| value.trim().parse::<usize>().ok())
    });
    let Some(Some(length)) = length.filter(|length| length.is_some_and(|l| l <= SIP_MESSAGE_BYTES_MAX))
    else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let whole = end + 4 + length;
    Ok((buffer.len() >= whole).then(|| buffer.drain(..whole).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_by_content_length_wherever_it_breaks() {
        let stream =
            b"\r\n\r\nSIP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabcBYE sip:x SIP/2.0\r\nl: 0\r\n\r\n";
        let (mut buffer, mut found) = (Vec::new(), Vec::new());
        for octet in stream {
            buffer.push(*octet);
            found.extend(cut(&mut buffer).unwrap());
        }
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with(b"\r\n\r\nabc") && found[1].starts_with(b"BYE"));
        assert!(buffer.is_empty());
        assert!(cut(&mut b"X\r\n\r\n".to_vec()).is_err());
        assert!(cut(&mut b"X\r\nContent-Length: -1\r\n\r\n".to_vec()).is_err());
        assert!(cut(&mut b"X\r\nContent-Length: 99999999\r\n\r\n".to_vec()).is_err());
    }
}
