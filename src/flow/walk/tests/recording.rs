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
        assert_eq!(
            lines,
            [apology, "Tag(\"message\")", "Tag(\"dit\")", &block("fin"), "hang up Normal"],
            "{step}"
        );
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
