//! A message that was not kept, and one that is taken along.

use super::*;

/// Whoever is told that their message was not kept is not told then that it was.
#[test]
fn after_an_apology_what_takes_the_message_for_kept_is_not_said() {
    let fails = |blocks: &str| {
        let mut call = Stroll::new(blocks);
        call.begin();
        call.played();
        assert!(call.played()[0].starts_with("record"));
        let mut lines = call.on(recorded(true));
        if lines.last().is_some_and(|line| line.starts_with("play")) {
            lines.extend(call.played());
        }
        lines
    };
    let apology = "play [panne-messagerie.wav]";
    let message = VOICEMAIL
        .replace("    - goto", "    - say: Enregistré.\n    - tag: dit\n    - say: Merci.\n    - goto");
    for step in ["voicemail: accueil", "record: nom"] {
        let plain = message.replace("voicemail: accueil", step);
        let lines = fails(&format!("{plain}{END}"));
        assert_eq!(lines, [apology, &block("fin"), "hang up Normal"], "{step}");
        let own = plain.replace("silence: 4s", "silence: 4s\n      failed: fin");
        assert_eq!(fails(&format!("{own}{END}")), [&block("fin"), "hang up Normal"], "{step}");
        let mut call = Stroll::new(&format!("{plain}{END}"));
        call.begin();
        call.played();
        call.played();
        let lines = call.on(recorded(false));
        assert!(lines.iter().any(|line| line == "play Enregistré."), "{step}: {lines:?}");
    }
}

/// An `email` directly behind a message takes it along, whether or not the caller waits for it.
#[test]
fn a_message_can_be_taken_along() {
    let blocks = VOICEMAIL.replace("silence: 4s", "save: message").replace(
        "    - tag: message\n",
        "    - email: Un message.\n      to: a@b.fr\n      attach: message\n",
    );
    let kept = Recorded {
        duration: Duration::from_secs(3),
        kept: true,
        key: None,
        failed: false,
        path: Some("accueil/1".into()),
    };
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    call.played();
    call.played();
    assert_eq!(call.on(Event::HungUp), [""; 0], "its place is not known yet");
    let lines = call.on(Event::Recorded(kept));
    assert_eq!(
        lines,
        [
            "send Email { to: [\"a@b.fr\"], subject: \"essai, 042137\", text: \"Un message.\", attachments: [\"accueil/1\"] }"
        ]
    );
}

const REPORTED: &str = "  debut:
    - voicemail: accueil
      silence: 4s
      save: message
    - set: { laisse: true }
    - tag: message
    - event: message
    - sms: Votre message est bien reçu.
    - email: Un message.
      to: a@b.fr
      attach: message
    - say: Votre message est enregistré.
    - goto: fin
";

/// Without a message nothing says that there is one: neither to the caller nor to the company.
#[test]
fn of_a_message_of_nothing_nothing_is_told() {
    let at_message = |blocks: &str| {
        let mut call = Stroll::new(&format!("{blocks}{END}"));
        call.begin();
        assert_eq!(call.played(), ["record accueil 60s 4s"]);
        call
    };
    let unheard = "play Nous n'avons rien entendu.";
    let mut call = at_message(REPORTED);
    assert_eq!(call.on(nothing()), [unheard]);
    assert_eq!(call.played(), [&block("fin"), "hang up Normal"]);
    // Who hangs up without a word, or at the beep, has left none either.
    let mut call = at_message(REPORTED);
    call.on(Event::HungUp);
    assert_eq!(call.on(nothing()), [""; 0]);
    let mut call = Stroll::new(&format!("{REPORTED}{END}"));
    call.begin();
    assert_eq!(call.on(Event::HungUp), [""; 0]);
    assert!(call.walk.is_over());
    // The flow may have a way of its own for it.
    let own = REPORTED.replace("silence: 4s", "silence: 4s\n      empty: fin");
    assert_eq!(at_message(&own).on(nothing()), [&block("fin"), "hang up Normal"]);
}

/// A recording into a variable is one part of what an `email` tells: it leaves without it.
#[test]
fn what_takes_a_recording_along_leaves_without_it() {
    let blocks =
        REPORTED.replace("voicemail: accueil", "record: message").replace("      save: message\n", "");
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    call.played();
    assert_eq!(call.on(nothing()), ["play Nous n'avons rien entendu."]);
    let lines = call.played();
    assert!(lines[0].contains("Un message.") && lines[0].contains("attachments: []"), "{lines:?}");
    assert_eq!(lines[1..], [block("fin"), "hang up Normal".to_owned()]);
}

fn nothing() -> Event {
    Event::Recorded(Recorded {
        duration: Duration::from_secs(4),
        kept: false,
        key: None,
        failed: false,
        path: None,
    })
}
