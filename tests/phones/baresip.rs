//! baresip, a softphone that shares nothing with us: called and calling, with a sound in each direction.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use svi::audio::{correlate, decode, g711, wav};
use svi::phone::call::End;
use svi::phone::script::Script;
use svi::phone::{AnswerOptions, DialOptions, Phone};

use crate::peer::{BARESIP, Folder, Peer, eventually, free_port};
use crate::sound::speech;

/// How like a sound must be after G.711 and a network (telephony.md B5).
const ALIKE: f64 = 0.99;

/// What one baresip is to do.
pub struct Baresip<'a> {
    /// Its account, as in baresip's `accounts`.
    pub account: String,
    /// What it says after half a second, 8,000 samples a second. Nobody speaks earlier: its first packets may come before the
    /// answer is known, or from another address of this machine than it has named, and are not heard then.
    pub says: &'a [i16],
    /// Commands at its start: `/dial sip:…`.
    pub commands: &'a [String],
    /// How long its file is: at its end baresip hangs up.
    pub seconds: usize,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Baresip<'_> {
    /// Starts it in a folder of its own, with a configuration that has no sound card in it.
    pub fn start(&self, folder: &Folder) -> Option<Peer> {
        let program = BARESIP.find()?;
        let mut says = [&[0; 4_000], self.says].concat();
        says.resize(self.seconds * 8_000, 0);
        std::fs::write(folder.file("says.wav"), wav::to_file(&says).unwrap()).unwrap();
        let media = free_port();
        folder.write("config/config", &self.configuration(folder, media));
        folder.write("config/accounts", &format!("{}\n", self.account));
        folder.write("config/contacts", "");
        let mut command = Command::new(program);
        command.arg("-f").arg(folder.file("config")).args(["-t", "30"]);
        for order in self.commands {
            command.args(["-e", order]);
        }
        let log = std::fs::File::create(folder.file("baresip.log")).unwrap();
        command.stdout(log.try_clone().unwrap()).stderr(log).current_dir(folder.path());
        command.stdin(Stdio::null());
        Some(Peer::start("baresip", &mut command))
    }

    fn configuration(&self, folder: &Folder, media: u16) -> String {
        let says = folder.file("says.wav").display().to_string();
        let heard = folder.path().display().to_string();
        format!(
            "poll_method epoll\nsip_listen {}\nsip_trans_bsize 128\n\
             audio_player aubridge,nowhere\naudio_source aufile,{says}\naudio_alert aubridge,nobody\n\
             audio_srate 8000-8000\naudio_channels 1-1\nrtp_ports {media}-{}\nrtp_timeout 0\n\
             module_path /usr/lib/baresip/modules\nmodule g711.so\nmodule aufile.so\nmodule aubridge.so\n\
             module sndfile.so\nmodule_tmp account.so\nmodule_app menu.so\nsnd_path {heard}\n",
            self.address,
            media + 8,
        )
    }
}

/// What baresip wrote of what it heard.
fn heard_by_baresip(folder: &Folder) -> Option<Vec<i16>> {
    let files = std::fs::read_dir(folder.path()).ok()?;
    let is_heard = |file: &PathBuf| file.to_string_lossy().ends_with("-dec.wav");
    let file = files.flatten().map(|entry| entry.path()).find(is_heard)?;
    let bytes = std::fs::read(&file).ok()?;
    match decode::decode(&bytes, "heard.wav").ok()? {
        decode::Decoded::Samples(samples) => Some(samples),
        decode::Decoded::Octets(law, octets) => Some(g711::decode_all(law, &octets)),
    }
}

/// Waits until what baresip wrote holds `said`: it writes the end of its file after the end of the call.
///
/// # Panics
/// If it never does.
pub async fn baresip_has_heard(folder: &Folder, said: &[i16]) {
    let heard = || heard_by_baresip(folder).unwrap_or_default();
    let likeness = |heard: &[i16]| correlate::best_match(heard, said).map_or(0.0, |found| found.r);
    let what = || {
        let heard = heard();
        format!("baresip heard {} samples, r = {:.4}\n{}", heard.len(), likeness(&heard), log(folder))
    };
    eventually(what, || (likeness(&heard()) > ALIKE).then_some(())).await;
}

/// That `heard` holds `said`, almost to the bit and without a gap: 20 ms lost or doubled anywhere would shift the rest.
///
/// # Panics
/// If it does not.
pub fn assert_alike(who: &str, heard: &[i16], said: &[i16]) {
    let found = correlate::best_match(heard, said);
    let r = found.map_or(0.0, |found| found.r);
    assert!(r > ALIKE, "{who} heard {} samples, r = {r:.4}", heard.len());
}

/// What baresip said.
pub fn log(folder: &Folder) -> String {
    let bytes = std::fs::read(folder.file("baresip.log")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn our_phone_calls_baresip_and_both_hear() {
    let folder = Folder::new("baresip-called");
    let (ours, theirs) = (speech(11, 2_000), speech(12, 2_000));
    let port = free_port();
    let account = format!("<sip:alice@127.0.0.1:{port}>;regint=0;answermode=auto;audio_codecs=PCMA");
    let server: SocketAddr = ([127, 0, 0, 1], port).into();
    let baresip = Baresip { account, says: &theirs, commands: &[], seconds: 25, address: server };
    let Some(_peer) = baresip.start(&folder) else { return };
    crate::peer::listening(server).await;
    let script =
        Script { say: ours.clone(), hang_up_after: Some(Duration::from_millis(3_500)), ..Script::default() };
    let mut call = Phone::dial(DialOptions { script, ..DialOptions::new(server, "alice") }).await.unwrap();
    let outcome = call.ended().await.unwrap();
    assert_eq!(outcome.end, End::HungUp, "{}\n{}", outcome.ladder.join("\n"), log(&folder));
    assert_alike("our phone", &outcome.heard, &theirs);
    baresip_has_heard(&folder, &ours).await;
}

#[tokio::test]
async fn baresip_calls_our_phone_and_both_hear() {
    let folder = Folder::new("baresip-calls");
    let (ours, theirs) = (speech(13, 2_000), speech(14, 2_000));
    let port = free_port();
    let server: SocketAddr = ([127, 0, 0, 1], port).into();
    let script =
        Script { say: ours.clone(), hang_up_after: Some(Duration::from_millis(3_500)), ..Script::default() };
    let options =
        AnswerOptions { register_for: None, calls: Some(1), script, ..AnswerOptions::new(server, "bob", "") };
    let (mut phone, at) = Phone::answer(options).await.unwrap();
    let account = format!("<sip:0612345678@127.0.0.1:{port}>;regint=0;audio_codecs=PCMU");
    let commands = [format!("/dial sip:bob@{at}")];
    let baresip = Baresip { account, says: &theirs, commands: &commands, seconds: 25, address: server };
    let Some(_peer) = baresip.start(&folder) else { return };
    let outcome = tokio::time::timeout(Duration::from_secs(20), phone.ended()).await;
    let outcome = outcome.unwrap_or_else(|_| panic!("no call came\n{}", log(&folder))).unwrap();
    assert_eq!(outcome.end, End::HungUp, "{}\n{}", outcome.ladder.join("\n"), log(&folder));
    assert_alike("our phone", &outcome.heard, &theirs);
    baresip_has_heard(&folder, &ours).await;
}
