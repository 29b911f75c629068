use tokio::sync::mpsc::Receiver;

use super::*;
use crate::audio::wav;
use crate::io::disk::fault::{self, How};

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("svi-recorder-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn files(&self) -> Vec<String> {
        fn list(folder: &Path, root: &Path, files: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    list(&path, root, files);
                } else {
                    files.push(path.strip_prefix(root).unwrap().display().to_string());
                }
            }
        }
        let mut files = Vec::new();
        list(&self.0, &self.0, &mut files);
        files.sort();
        files
    }

    fn samples(&self, name: &str) -> Vec<i16> {
        let file = std::fs::read(self.0.join(name)).unwrap();
        wav::linear(&file).unwrap().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn start(folder: &Folder) -> (Recorder, Receiver<RecorderEvent>) {
    let (sender, receiver) = tokio::sync::mpsc::channel(16);
    (Recorder::start(&folder.0, &|_| None, sender).unwrap(), receiver)
}

fn open(recorder: &Recorder, recording: u64, path: &str) {
    recorder.order(RecorderOrder::Open { recording: RecordingId(recording), path: path.into() });
}

fn finish(recorder: &Recorder, recording: u64, keep: bool, metadata: Option<&str>) {
    let metadata = metadata.map(str::to_owned);
    recorder.order(RecorderOrder::Finish { recording: RecordingId(recording), keep, metadata });
}

#[test]
fn a_message_is_whole_under_its_name_with_its_metadata() {
    let folder = Folder::new("whole");
    let (mut recorder, mut events) = start(&folder);
    open(&recorder, 1, "info/2026.11/0001");
    open(&recorder, 2, "info/2026.11/0002");
    let handle = recorder.handle();
    for n in 0..50i16 {
        assert!(handle.frames(RecordingId(1), &[n * 100; 160]));
        assert!(handle.frames(RecordingId(2), &[1; 160]));
    }
    assert!(handle.frames(RecordingId(1), &[7; 80]));
    finish(&recorder, 1, true, Some("{\"caller\":\"0612345678\"}"));
    finish(&recorder, 2, false, None);
    let whole = folder.0.join("info/2026.11/0001.wav");
    assert_eq!(events.blocking_recv(), Some(RecorderEvent::Stored(RecordingId(1), whole)));
    assert_eq!(events.blocking_recv(), Some(RecorderEvent::Discarded(RecordingId(2))));
    recorder.stop();
    assert_eq!(folder.files(), ["info/2026.11/0001.json", "info/2026.11/0001.wav"]);
    let samples = folder.samples("info/2026.11/0001.wav");
    let mut wanted: Vec<i16> = (0..50i16).flat_map(|n| [n * 100; 160]).collect();
    wanted.extend([7; 80]);
    assert!(samples == wanted, "{} samples", samples.len());
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = Folder::new("failed");
    std::fs::write(folder.0.join("box"), "a file where a folder should be").unwrap();
    let (mut recorder, mut events) = start(&folder);
    let mut failed = |recording: u64| matches!(events.blocking_recv(), Some(RecorderEvent::Failed(RecordingId(id), _)) if id == recording);
    for (recording, path) in [(1, "../elsewhere"), (2, "/etc/x"), (3, ""), (4, "a/../../b")] {
        open(&recorder, recording, path);
        assert!(failed(recording), "{path}");
    }
    // It fails once with its first frame, and again when it should be kept.
    open(&recorder, 5, "box/1");
    assert!(recorder.handle().frames(RecordingId(5), &[1; 160]));
    assert!(recorder.handle().frames(RecordingId(5), &[1; 160]));
    finish(&recorder, 5, true, None);
    assert!(failed(5) && failed(5));
    // Never opened, and opened but nothing heard.
    finish(&recorder, 6, true, None);
    open(&recorder, 7, "nothing");
    finish(&recorder, 7, true, None);
    assert!(failed(6) && failed(7));
    recorder.stop();
    assert_eq!(folder.files(), ["box"]);
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let folder = Folder::new("collision");
    std::os::unix::fs::symlink("/dev/null", folder.0.join("1.wav.part")).unwrap();
    let mut tape = Tape::new(folder.0.join("1"));
    assert!(tape.write(&[1; 160]).is_err());
}

#[test]
fn what_a_kill_leaves_is_mended_at_the_next_start() {
    let folder = Folder::new("killed");
    let mut tape = Tape::new(folder.0.join("box/1"));
    for n in 0..100 {
        tape.write(&[n; 160]).unwrap();
        if n % 25 == 24 {
            tape.flush().unwrap();
        }
    }
    for _ in 0..60 {
        tape.write(&[5; 160]).unwrap();
    }
    // Killed: nothing is closed, what the program had buffered is gone.
    std::mem::forget(tape);
    // One that died before its first sample, and half of a file that was to be written beside.
    std::fs::write(folder.0.join("box/2.wav.part"), [0; 44]).unwrap();
    std::fs::write(folder.0.join("box/3.json.part"), "{").unwrap();
    std::fs::write(folder.0.join("box/4.wav.part"), [9; 400]).unwrap();
    // One that was over: what is known of it had been written, and only the names were missing.
    std::fs::write(folder.0.join("box/5.wav.part"), wav::to_file(&[1; 800]).unwrap()).unwrap();
    std::fs::write(folder.0.join("box/5.json.part"), "{\"caller\":\"+33612345678\"}").unwrap();
    let (mut recorder, _events) = start(&folder);
    recorder.stop();
    assert_eq!(folder.files(), ["box/1.json", "box/1.wav", "box/4.wav.part", "box/5.json", "box/5.wav"]);
    let note = std::fs::read_to_string(folder.0.join("box/5.json")).unwrap();
    assert_eq!(note, "{\"caller\":\"+33612345678\"}");
    let samples = folder.samples("box/1.wav");
    assert!((16_000..=25_600).contains(&samples.len()), "{}", samples.len());
    assert_eq!(samples[..16_000], (0..100i16).flat_map(|n| [n; 160]).collect::<Vec<_>>());
    assert_eq!(std::fs::read_to_string(folder.0.join("box/1.json")).unwrap(), recovery::RECOVERED);
}

#[test]
fn frames_beyond_the_bound_are_refused() {
    let (inputs, _inbox) = channel();
    let handle = RecorderHandle { inputs, waiting: Arc::new(AtomicUsize::new(RECORDER_FRAMES_MAX - 1)) };
    assert!(handle.frames(RecordingId(1), &[0; 160]));
    assert!(!handle.frames(RecordingId(1), &[0; 160]));
    assert!(!handle.frames(RecordingId(1), &[0; 161]));
}

#[test]
fn stopping_keeps_what_is_open() {
    let folder = Folder::new("stopped");
    let (mut recorder, _events) = start(&folder);
    open(&recorder, 1, "box/1");
    (0..10).for_each(|_| assert!(recorder.handle().frames(RecordingId(1), &[1; 160])));
    recorder.stop();
    assert_eq!(folder.files(), ["box/1.json", "box/1.wav"]);
    assert_eq!(folder.samples("box/1.wav").len(), 1_600);
}

/// What is known of the message of the test below.
const NOTE: &str = "{\"caller\":\"+33612345678\"}";

/// A recording that is over, filed while the nth call of the disk fails; then the process goes on, or another one begins.
fn file(folder: &Folder, wish: &Wish, (nth, how): (usize, How), restarts: bool) -> bool {
    let mut tape = Tape::new(folder.0.join("box/1"));
    tape.write(&[5; 160]).unwrap();
    if nth % 2 == 0 {
        tape.flush().unwrap();
    }
    tape.write(&[6; 160]).unwrap();
    fault::plan(nth / 2, how);
    let filed = tape.file(wish);
    let reached = fault::heal();
    if restarts {
        // Killed: nothing more is done by this process.
        std::mem::forget(tape);
        recovery::recover(&folder.0, &|_| None).unwrap();
    } else if let Err(trouble) = filed {
        assert!(!trouble.for_good, "{trouble:?}");
        tape.file(wish).unwrap();
    }
    reached
}

#[test]
fn whatever_call_fails_a_message_that_is_over_is_filed_later_with_all_that_is_known() {
    for restarts in [false, true] {
        for how in [How::Once, How::Short, How::FromThen] {
            for nth in 0.. {
                let folder = Folder::new("filed");
                let reached = file(&folder, &Wish::Keep(Some(NOTE.to_owned())), (nth, how), restarts);
                let told = format!("{how:?} {nth} {restarts}");
                let whole = [[5; 160], [6; 160]].concat();
                if restarts && folder.files().is_empty() {
                    assert!(reached && nth % 2 == 1, "{told}: nothing had come to the disk");
                    continue;
                }
                assert_eq!(folder.files(), ["box/1.json", "box/1.wav"], "{told}");
                let samples = folder.samples("box/1.wav");
                // Killed while the disk refused it: what had been flushed before is kept.
                let kept = if restarts && reached { samples.len().max(160) } else { 320 };
                assert!(samples[..] == whole[..kept], "{told}: {}", samples.len());
                let note = std::fs::read_to_string(folder.0.join("box/1.json")).unwrap();
                // A process that is killed before it could write what it knew takes that along.
                assert!(note == NOTE || restarts && note == recovery::RECOVERED, "{told}: {note}");
                if !reached {
                    assert!(nth > 10 && note == NOTE, "{told}");
                    break;
                }
            }
        }
    }
}

#[test]
fn a_message_that_was_thrown_away_does_not_come_back() {
    for restarts in [false, true] {
        for nth in 0.. {
            let folder = Folder::new("thrown");
            let reached = file(&folder, &Wish::Discard, (nth, How::Once), restarts);
            assert_eq!(folder.files(), [""; 0], "{nth} {restarts}");
            if !reached {
                break;
            }
        }
    }
}

#[test]
fn what_the_disk_refused_is_filed_when_it_can_be_and_the_call_hears_how_it_ended() {
    let folder = Folder::new("again");
    let (sender, mut events) = tokio::sync::mpsc::channel(16);
    let mut desk = Desk {
        folder: folder.0.clone(),
        inbox: channel().1,
        waiting: Arc::default(),
        tapes: BTreeMap::new(),
        filings: Vec::new(),
        events: sender,
    };
    let recording = RecordingId(1);
    desk.open(recording, Path::new("box/1"));
    desk.write(recording, &[5; 160]);
    fault::plan(0, How::FromThen);
    desk.finish(recording, true, Some(NOTE));
    for _ in 1..TRIES_TOLD {
        assert!(events.try_recv().is_err(), "it may still come right");
        desk.try_again();
    }
    assert!(matches!(events.try_recv(), Ok(RecorderEvent::Failed(RecordingId(1), _))));
    assert!(fault::heal());
    desk.try_again();
    assert!(events.try_recv().is_err(), "it was told how it went");
    assert_eq!((folder.files(), desk.filings.len()), (vec!["box/1.json".into(), "box/1.wav".into()], 0));
}
