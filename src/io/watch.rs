//! Tells when the files of a site have changed and come to rest. Asked by looking at them once a second: that works on every
//! file system, and finds an editor that replaces a file as well as one that writes into it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;

use crate::base::limit::WATCHED_FILES_MAX;

const PERIOD: Duration = Duration::from_secs(1);

/// A file as it was seen.
type Seen = (PathBuf, SystemTime, u64);

/// Watches files and folders; a message comes when they have changed, and are the same for a second.
pub(crate) fn start(places: Vec<PathBuf>) -> mpsc::Receiver<()> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let look = || {
            let places = places.clone();
            async move { tokio::task::spawn_blocking(move || seen(&places)).await.unwrap_or_default() }
        };
        let mut watch = Watch::new(look().await);
        let mut period = tokio::time::interval(PERIOD);
        period.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !sender.is_closed() {
            period.tick().await;
            if watch.look(look().await) {
                // One that is not taken yet stands for this one too.
                let _ = sender.try_send(());
            }
        }
    });
    receiver
}

/// What was told, and what was seen last.
struct Watch {
    told: Vec<Seen>,
    last: Vec<Seen>,
}

impl Watch {
    fn new(seen: Vec<Seen>) -> Self {
        Self { told: seen.clone(), last: seen }
    }

    /// Whether the files are others than when it was told last, and have come to rest.
    fn look(&mut self, seen: Vec<Seen>) -> bool {
        let rests = seen == self.last;
        self.last = seen;
        if !rests || self.last == self.told {
            return false;
        }
        self.told.clone_from(&self.last);
        true
    }
}

/// All files below these places, two levels deep as a site is, hidden and half-written ones apart.
fn seen(places: &[PathBuf]) -> Vec<Seen> {
    let mut files = Vec::new();
    let mut open: Vec<(PathBuf, usize)> = places.iter().map(|place| (place.clone(), 0)).collect();
    while let Some((place, depth)) = open.pop() {
        if files.len() >= WATCHED_FILES_MAX {
            break;
        }
        let Ok(metadata) = std::fs::metadata(&place) else { continue };
        if metadata.is_dir() {
            let entries = std::fs::read_dir(&place).into_iter().flatten().flatten();
            let below = entries.map(|entry| entry.path()).filter(|path| depth < 3 && is_of_a_site(path));
            open.extend(below.map(|path| (path, depth + 1)));
        } else if let Ok(modified) = metadata.modified() {
            files.push((place, modified, metadata.len()));
        }
    }
    files.sort();
    files
}

fn is_of_a_site(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    !name.starts_with('.') && !name.ends_with('~') && !name.ends_with(".part")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_once_when_it_rests() {
        let file = |length| vec![(PathBuf::from("a.yaml"), SystemTime::UNIX_EPOCH, length)];
        let mut watch = Watch::new(file(1));
        let looked: Vec<bool> = [1, 2, 3, 3, 3, 1, 1].map(|length| watch.look(file(length))).into();
        assert_eq!(looked, [false, false, false, true, false, false, true]);
    }

    #[test]
    fn what_editors_leave_behind_is_no_part_of_a_site() {
        for (name, part) in
            [("site.yaml", true), (".site.yaml.swp", false), ("site.yaml~", false), ("x.part", false)]
        {
            assert_eq!(is_of_a_site(Path::new(name)), part, "{name}");
        }
    }
}
