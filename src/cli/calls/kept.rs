//! For tests: a store with calls, in a folder of its own.

use std::path::PathBuf;

use crate::base::name::Name;
use crate::base::time::{Moment, Wall};
use crate::centre::record::CallRecord;
use crate::io::disk;
use crate::io::store::{self, Place};

/// 24 November 2026, 10 h in Paris.
pub(in crate::cli) const MORNING: i64 = 1_795_510_800_000;

/// The folder.
pub(in crate::cli) struct Kept(pub(in crate::cli) PathBuf);

impl Kept {
    pub(in crate::cli) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("svi-calls-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        disk::folder(&folder).unwrap();
        Self(folder)
    }

    pub(in crate::cli) fn place(&self) -> Place {
        Place::of(&self.0, None)
    }

    /// Takes calls in.
    pub(in crate::cli) fn take(&self, calls: impl IntoIterator<Item = CallRecord>) {
        let lines: Vec<String> = calls.into_iter().map(|call| call.to_json() + "\n").collect();
        self.file("lines", &lines.concat());
        store::take(&self.place(), &self.0.join("lines")).unwrap();
    }

    /// Lays a file down.
    pub(in crate::cli) fn file(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        disk::folder(path.parent().unwrap()).unwrap();
        disk::write(&path, text.as_bytes()).unwrap();
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The nth of many calls, one an hour; ten callers, and every other one talks to alice.
pub(in crate::cli) fn call(n: i64) -> CallRecord {
    let at = |ms| Moment::of(Wall::from_epoch_ms(MORNING + n * 3_600_000 + ms), "Europe/Paris");
    CallRecord {
        id: format!("{n:026}"),
        reference: format!("{n:06}"),
        number: Some("+33800123456".into()),
        caller: Some(format!("+3361234567{}", n.rem_euclid(10))),
        started: at(0),
        answered: Some(at(0)),
        ended: Some(at(60_000)),
        agents: if n % 2 == 0 { vec![Name::from("alice")] } else { Vec::new() },
        status: 200,
        ..CallRecord::default()
    }
}
