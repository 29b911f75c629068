//! Mistakes of `site.yaml` that flows hang on: calendars, queues, agents, mailboxes, numbers.

use super::{In, Mistake};
use In::{Called, Flow, Site};

pub const MISTAKES: &[Mistake] = &[
    // Under a word that can only mean it the section is there: its name is told, once.
    (Site, "queues:\n", "queue:\n", &[("unknown-key", "")]),
    (Site, "queues:\n", "files:\n", &[("unknown-key", "")]),
    (Site, "hours:\n", "horaires:\n", &[("unknown-key", "")]),
    (Site, "phone: 06 98 76 54 32", "téléphone: 06 98 76 54 32", &[("unknown-key", "")]),
    (Site, "lun-ven: 9h-12h30, 14h-18h", "du lundi au vendredi: 9h-12h30", &[("bad-value", "")]),
    (Site, "lun-ven: 9h-12h30, 14h-18h", "lun-ven: de 9h à 12h30 et de 14h à 18h", &[("not-hours", "")]),
    (Site, "2026-12-24: 9h-16h", "14/07: fermé", &[("bad-value", "")]),
    (Site, "agents: [alice, bruno, chloe]", "agents: []", &[("nobody", "")]),
    (Site, "[alice, bruno, chloe]", "[alice, bruno, cloe]", &[("unknown-name", "")]),
    (Site, "[alice, bruno, chloe]", "[alice, alice, chloe]", &[("agent-twice", "")]),
    (Site, "music: attente.wav", "music: atente.wav", &[("unknown-prompt", "")]),
    (Site, "position: every 45s", "position: 45s", &[("bad-value", "")]),
    (Site, "lun-ven: 9h-12h30, 14h-18h", "lun-ven: 9-12", &[("not-hours", "")]),
    (Site, "lun-ven: 9h-12h30, 14h-18h", "lun-ven: 9h-14h, 12h-18h", &[("not-hours", "")]),
    (Site, "lun-ven: 9h-12h30, 14h-18h", "lundi-vendrdi: 9h-12h", &[("bad-value", "")]),
    (Site, "sam: 9h-12h", "lun: 9h-12h", &[("day-twice", "")]),
    (Site, "Europe/Paris", "Europe/Pari", &[("bad-value", "")]),
    (Site, "holidays: france", "holidays: francais", &[("unknown-name", "")]),
    (Site, "2026-12-24: 9h-16h", "24/12/2026: 9h-16h", &[("bad-value", "")]),
    (
        Site,
        "      lun-ven: 9h-12h30, 14h-18h\n      sam: 9h-12h\n    holidays: france\n    except: { 2026-12-24: 9h-16h }\n",
        "      lun-dim: fermé\n",
        &[("never-open", "timezone:")],
    ),
    (Site, "phone: 06 98 76 54 32", "phone: 15", &[("emergency-number", "")]),
    (Site, "phone: 06 98 76 54 32", "phone: 06 98 76", &[("not-a-number", "")]),
    (Site, "phone: 06 98 76 54 32", "skills: [sav]", &[("agent-unreachable", "")]),
    (Site, "sip: bruno, password: bruno", "sip: alice, password: bruno", &[("account-twice", "")]),
    (Site, "sip: bruno, password: bruno", "sip: bruno", &[("missing-key", "")]),
    (Site, "password: bruno", "password: credential:bruno", &[("credential-missing", "")]),
    (Site, "longest: 2m", "longest: un mois", &[("not-a-duration", "")]),
    (Site, "email: sav@exemple.fr", "email: sav.exemple.fr", &[("bad-value", "")]),
    (Site, "peers: [192.0.2.10]", "peers: [sip.operateur.fr]", &[("bad-value", "")]),
    (Flow, "[0800 123 456]", "[0800 123 456, 0800123456]", &[("number-twice", "")]),
    (Flow, "[0800 123 456]", "[0800 123 45]", &[("own-number", "")]),
    (
        Called,
        "name: identification",
        "name: accueil",
        &[("unknown-name", "- call: identification"), ("flow-twice", "")],
    ),
    (Flow, "svi: 1\n", "svi: 1\nsite: autre\n", &[("section-twice", "site: autre")]),
];
