//! A server as it is started, with a manager that listens to it.

use std::io::Read;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// A server of this test, ended by its own id when the test ends.
pub struct Server {
    pub child: Child,
    pub socket: UnixDatagram,
    pub folder: PathBuf,
}

impl Server {
    pub fn start(name: &str, watchdog: Option<Duration>) -> Self {
        let folder = std::env::temp_dir().join(format!("svi-service-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        write_site(&folder, "Bonjour.");
        Self::start_in(folder, watchdog)
    }

    /// Starts a server on the site of a folder, again perhaps.
    pub fn start_in(folder: PathBuf, watchdog: Option<Duration>) -> Self {
        Self::start_by(folder, watchdog, Command::new(env!("CARGO_BIN_EXE_svi")))
    }

    /// Starts it by a command that ends in the program's name.
    pub fn start_by(folder: PathBuf, watchdog: Option<Duration>, mut command: Command) -> Self {
        let notify = folder.join("notify");
        let _ = std::fs::remove_file(&notify);
        let socket = UnixDatagram::bind(&notify).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        command
            .args(["serve", "--state"])
            .arg(folder.join("state"))
            .arg("--control")
            .arg(folder.join("svi.sock"))
            .arg(folder.join("site"))
            .env("NOTIFY_SOCKET", &notify)
            .env("LC_ALL", "C")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if let Some(interval) = watchdog {
            command.env("WATCHDOG_USEC", interval.as_micros().to_string());
        }
        Self { child: command.spawn().unwrap(), socket, folder }
    }

    /// The next message of the server that contains `word`.
    pub fn hears(&self, word: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut buffer = [0; 4_096];
        while Instant::now() < deadline {
            let length = self.socket.recv(&mut buffer).expect("the server tells its manager something");
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if text.contains(word) {
                return text;
            }
        }
        panic!("the server never said {word}");
    }

    pub fn signal(&self, name: &str) {
        let killed =
            Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
    }

    pub fn svi(&self, command: &str) -> (bool, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_svi"))
            .args(command.split(' '))
            .arg("--control")
            .arg(self.folder.join("svi.sock"))
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The records of the store, a line each.
    pub fn records(&self) -> Vec<String> {
        let mut export = Command::new(env!("CARGO_BIN_EXE_svi"));
        export.args(["calls", "export", "--state"]).arg(self.folder.join("state"));
        let text = String::from_utf8(export.output().unwrap().stdout).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    pub fn ends(mut self) -> (Option<i32>, String) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "the server did not end");
            // The end of a process has no event that a test without a runtime could wait for with a limit.
            std::thread::yield_now();
        };
        let mut log = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut log);
        }
        (status.code(), log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn write_site(folder: &Path, welcome: &str) {
    let site = folder.join("site");
    std::fs::create_dir_all(&site).unwrap();
    let text = "\
svi: 1
site: essai
server:
  sip: { udp: 127.0.0.1:0, tcp: 127.0.0.1:0 }
  media: { ports: 42000-42099 }
trunks:
  local: { peers: [127.0.0.1] }
";
    std::fs::write(site.join("site.yaml"), text).unwrap();
    let flow = format!(
        "svi: 1\nname: essai\nnumbers: [0800 123 456]\nstart: bienvenue\nlegal: {{ free_call: appel-gratuit.wav }}\nblocks:\n  bienvenue:\n    - {welcome}\n    - hangup: normal\n"
    );
    std::fs::write(site.join("essai.yaml"), flow.replace("- Bonjour.", "- play: bip.wav")).unwrap();
}

/// A flow that records at once.
pub const VOICEMAIL: &str = "\
svi: 1
name: essai
numbers: [0800 123 456]
start: message
legal: { free_call: operator }
blocks:
  message:
    - voicemail: accueil
    - hangup: normal
";

/// A port that is free, and that neither another test nor the system gives to anybody else: below those that `bind` to port 0
/// chooses from (`ip_local_port_range`, from 32768 on).
fn port_of_ones_own() -> std::net::SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(21_000);
    loop {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], NEXT.fetch_add(1, Ordering::Relaxed)));
        if std::net::UdpSocket::bind(address).is_ok() {
            return address;
        }
    }
}

/// A folder of this test, with a site that listens on a port of its own; the port.
pub fn folder(name: &str) -> (PathBuf, std::net::SocketAddr) {
    let folder = std::env::temp_dir().join(format!("svi-service-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    write_site(&folder, "Bonjour.");
    let address = port_of_ones_own();
    let site = folder.join("site/site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    std::fs::write(&site, text.replace("udp: 127.0.0.1:0", &format!("udp: {address}"))).unwrap();
    (folder, address)
}

/// The same, with a flow in which callers wait.
pub fn waiting_folder(name: &str) -> (PathBuf, std::net::SocketAddr) {
    let (folder, address) = folder(name);
    let flow = folder.join("site/essai.yaml");
    let text = std::fs::read_to_string(&flow).unwrap();
    std::fs::write(&flow, text.replace("- play: bip.wav", "- wait: 10m")).unwrap();
    (folder, address)
}

/// Looks again and again, for twenty seconds at the most.
pub async fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let found = async {
        let mut often = tokio::time::interval(Duration::from_millis(20));
        loop {
            often.tick().await;
            if let Some(found) = look() {
                return found;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.expect("it comes about")
}
