//! The control socket: a Unix socket on which `svi status`, `svi reload` and `svi bans` speak to the running server, a line each way.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};

use super::disk;
use crate::base::limit::{ACCEPT_REST, CONTROL_REQUESTS_MAX};

/// What an operator asks of the running server.
#[derive(Debug)]
pub(crate) enum Request {
    /// A picture of this moment, as JSON.
    Status(oneshot::Sender<String>),
    /// Addresses that are banned, as JSON.
    Bans(oneshot::Sender<String>),
    /// Hear an address again, or all; answered by how many were banned.
    Lift(Option<IpAddr>, oneshot::Sender<String>),
    /// Read the site again; answered by `ok …` or the diagnostics.
    Reload(oneshot::Sender<String>),
}

/// Where the socket is unless told otherwise: `$RUNTIME_DIRECTORY` under systemd, else the user's runtime folder.
pub(crate) fn default_path() -> PathBuf {
    let folder = std::env::var("RUNTIME_DIRECTORY").or_else(|_| std::env::var("XDG_RUNTIME_DIR"));
    match folder {
        Ok(folder) => Path::new(&folder).join("svi.sock"),
        Err(_) if Path::new("/run/svi").is_dir() => PathBuf::from("/run/svi/svi.sock"),
        Err(_) => std::env::temp_dir().join(format!("svi-{}.sock", rustix::process::getuid().as_raw())),
    }
}

/// Listens; a socket that a dead server left behind is replaced, a living server's is not.
///
/// # Errors
/// The path cannot be bound, or another server listens there.
pub(crate) async fn listen(path: &Path) -> io::Result<mpsc::Receiver<Request>> {
    if UnixStream::connect(path).await.is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another svi listens there"));
    }
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let listener = disk::private_socket(|| UnixListener::bind(path))?;
    let (sender, receiver) = mpsc::channel(CONTROL_REQUESTS_MAX);
    tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(serve(stream, sender.clone()))),
                // Out of descriptors: wait for some to come free instead of going deaf for ever.
                Err(_) if !sender.is_closed() => tokio::time::sleep(ACCEPT_REST).await,
                Err(_) => return,
            }
        }
    });
    Ok(receiver)
}

async fn serve(mut stream: UnixStream, requests: mpsc::Sender<Request>) {
    let mut line = String::new();
    // A request is one short word.
    let mut reader = BufReader::new((&mut stream).take(64));
    let limited = tokio::time::timeout(std::time::Duration::from_secs(5), reader.read_line(&mut line));
    if !matches!(limited.await, Ok(Ok(_))) {
        return;
    }
    let (reply, answer) = oneshot::channel();
    let request = match line.trim() {
        "status" => Request::Status(reply),
        "reload" => Request::Reload(reply),
        "bans" => Request::Bans(reply),
        "lift all" => Request::Lift(None, reply),
        other => match other.strip_prefix("lift ").and_then(|address| address.parse().ok()) {
            Some(address) => Request::Lift(Some(address), reply),
            None => return,
        },
    };
    if requests.send(request).await.is_ok()
        && let Ok(text) = answer.await
    {
        let _ = stream.write_all(text.as_bytes()).await;
    }
}

/// Asks a running server: one word, its whole answer.
///
/// # Errors
/// No server listens there.
pub(crate) async fn ask(path: &Path, word: &str) -> io::Result<String> {
    let mut stream = UnixStream::connect(path).await?;
    stream.write_all(format!("{word}\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
