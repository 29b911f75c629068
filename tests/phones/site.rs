//! The server under test: `svi serve` on loopback, with a site of its own, judged by its call records.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use svi::audio::decode::{self, Decoded};
use svi::audio::{loudness, wav};
use svi::phone::script::Script;
use svi::phone::{DialOptions, Outcome, Phone};

use crate::peer::{Folder, Peer, eventually};
use crate::sound::speech;

/// A free number: the announcement, a greeting, and music for ever.
pub const FREE: &str = "0800123456";
/// The same without an announcement: not a free number.
pub const PLAIN: &str = "0123456700";
/// Asks for up to twelve keys, then greets and plays music.
pub const KEYS: &str = "0123456701";
/// A free number that asks for two keys, greets and hangs up.
pub const CODE: &str = "0800123457";
/// Rings Alice, with a message for when she is away.
pub const ALICE: &str = "0123456702";
/// A queue in which Alice works.
pub const QUEUE: &str = "0123456703";

/// The question in these flows.
const QUESTION: &str = "Que souhaitez-vous faire ?";

const SITE: &str = "\
trunks:
  local: { peers: [127.0.0.1] }
agents:
  alice: { name: Alice, sip: alice, password: secret }
queues:
  conseillers: { agents: [alice], music: attente.wav }
mailboxes:
  accueil: { longest: 1m }
";

const FLOWS: [(&str, &[&str], &str); 5] = [
    (
        "musique",
        &[FREE, PLAIN],
        "  accueil:\n    - play: bonjour.wav\n    - wait: 10m\n    - hangup: normal\n",
    ),
    (
        "touches",
        &[KEYS],
        "  accueil:\n    - ask: code\n      say: Que souhaitez-vous faire ?\n      digits: 1..12\n      otherwise: fin\n    \
         - play: bonjour.wav\n    - wait: 10m\n    - goto: fin\n  fin:\n    - hangup: normal\n",
    ),
    (
        "code",
        &[CODE],
        "  accueil:\n    - ask: code\n      say: Que souhaitez-vous faire ?\n      digits: 2\n      otherwise: fin\n    \
         - play: bonjour.wav\n    - goto: fin\n  fin:\n    - hangup: normal\n",
    ),
    (
        "alice",
        &[ALICE],
        "  accueil:\n    - ring: [alice]\n      timeout: 15s\n      failed: message\n  \
         message:\n    - voicemail: accueil\n    - hangup: normal\n",
    ),
    (
        "file",
        &[QUEUE],
        "  accueil:\n    - queue: conseillers\n      no_agent: fin\n      too_long: fin\n  \
         fin:\n    - hangup: normal\n",
    ),
];

/// A server of one test, ended by its own id when the test ends.
pub struct Server {
    folder: Folder,
    /// Where it takes SIP over UDP.
    pub udp: SocketAddr,
    /// Where it takes SIP over TCP.
    pub tcp: SocketAddr,
    _peer: Peer,
}

impl Server {
    /// Starts it, and waits until it is ready.
    pub async fn start(name: &str) -> Self {
        let folder = Folder::new(&format!("server-{name}"));
        write_site(&folder);
        let mut command = Command::new(env!("CARGO_BIN_EXE_svi"));
        command.arg("serve").arg("--state").arg(folder.file("state"));
        command.arg("--control").arg(folder.file("svi.sock")).arg(folder.file("site"));
        command.env("RUST_LOG", "warn").env("LC_ALL", "C").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut peer = Peer::start("svi serve", &mut command);
        let stderr = peer.child().stderr.take().expect("piped");
        let (udp, tcp) = tokio::task::spawn_blocking(move || ready(BufReader::new(stderr))).await.unwrap();
        Self { folder, udp, tcp, _peer: peer }
    }

    /// The call records, once there are `count` of them.
    ///
    /// # Panics
    /// If they do not come, or are more.
    pub async fn records(&self, count: usize) -> Vec<serde_json::Value> {
        let text = || {
            let mut export = Command::new(env!("CARGO_BIN_EXE_svi"));
            export.args(["calls", "export", "--state"]).arg(self.folder.file("state"));
            String::from_utf8(export.output().expect("svi runs").stdout).expect("it is UTF-8")
        };
        let what = || format!("{count} call records, in place of:\n{}", text());
        let lines = eventually(what, || Some(text()).filter(|text| text.lines().count() >= count)).await;
        assert_eq!(lines.lines().count(), count, "{lines}");
        lines.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
    }
}

/// RTP ports of one server: below those that the system hands out, above those of the tests.
fn media_ports() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let low = 16_384 + NEXT.fetch_add(1, Ordering::Relaxed) % 40 * 400;
    format!("{low}-{}", low + 399)
}

fn write_site(folder: &Folder) {
    let server = format!(
        "svi: 1\nsite: essai\nserver:\n  sip: {{ udp: 127.0.0.1:0, tcp: 127.0.0.1:0 }}\n  \
         media: {{ ports: {} }}\n",
        media_ports()
    );
    folder.write("site/site.yaml", &(server + SITE));
    for (flow, numbers, blocks) in FLOWS {
        let text = format!(
            "svi: 1\nname: {flow}\nnumbers: [{}]\nstart: accueil\n\
             legal: {{ free_call: appel-gratuit.wav }}\nblocks:\n{blocks}",
            numbers.join(", ")
        );
        folder.write(&format!("site/{flow}.yaml"), &text);
    }
    folder.write("site/prompts/bonjour.wav", "");
    std::fs::write(folder.file("site/prompts/bonjour.wav"), wav::to_file(&greeting()).unwrap()).unwrap();
}

/// Reads what the server says until it is ready: its addresses. What it says later is let go.
fn ready(stderr: impl BufRead + Send + 'static) -> (SocketAddr, SocketAddr) {
    let (mut udp, mut tcp, mut said) = (None, None, String::new());
    let mut lines = stderr.lines();
    for line in lines.by_ref().map_while(Result::ok) {
        if let Some(rest) = line.strip_prefix("svi: listening on ") {
            let address = rest.split(' ').next().and_then(|text| text.parse().ok());
            *(if rest.ends_with("(tcp)") { &mut tcp } else { &mut udp }) = address;
        }
        said += &format!("{line}\n");
        if line == "svi: ready" {
            std::thread::spawn(move || lines.for_each(drop));
            return (udp.expect("a UDP address"), tcp.expect("a TCP address"));
        }
    }
    panic!("the server did not start:\n{said}");
}

/// `bonjour.wav`, at the level of all prompts, so that the server has no reason to change a bit of it.
pub fn greeting() -> Vec<i16> {
    let samples = speech(101, 1_500);
    let gain = loudness::measure(&samples).gain_to(loudness::SPEECH_LUFS).unwrap_or(0.0);
    loudness::amplified(&samples, gain)
}

/// What is asked before keys, in the voice that svi ships.
pub fn question() -> Vec<i16> {
    let manifest = std::fs::read_to_string(prompts().join("manifest.tsv")).unwrap();
    let line = manifest.lines().find(|line| line.split('\t').nth(2) == Some(QUESTION));
    shipped(line.and_then(|line| line.split('\t').next()).expect("the question has a voice"))
}

/// The announcement that the call is free, as svi ships it.
pub fn announcement() -> Vec<i16> {
    shipped("appel-gratuit.wav")
}

fn prompts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("prompts")
}

fn shipped(name: &str) -> Vec<i16> {
    match decode::decode(&std::fs::read(prompts().join(name)).unwrap(), name).unwrap() {
        Decoded::Samples(samples) => samples,
        Decoded::Octets(..) => panic!("the shipped prompts are 16 bit"),
    }
}

/// Our own phone makes a call to its end.
pub async fn dial(options: DialOptions) -> Outcome {
    let mut call = Phone::dial(options).await.unwrap();
    tokio::time::timeout(Duration::from_secs(60), call.ended()).await.expect("the call ends").unwrap()
}

/// A caller who hangs up after so many seconds.
pub fn staying(seconds: u64) -> Script {
    Script { hang_up_after: Some(Duration::from_secs(seconds)), ..Script::default() }
}
