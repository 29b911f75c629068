use super::*;
use crate::flow::speech::{self, Format};

fn heard(text: &str) -> Heard {
    Heard { clips: vec![Clip { key: "voix/0.wav".into(), text: text.into() }], announcement: false }
}

fn is_heard(wanted: &str, said: &str) -> bool {
    let mut ear = Ear::default();
    ear.hear(&heard(said));
    ear.find(&Wanted::words(wanted).expect("there are words"))
}

/// What is expected, what is said, whether that is the same.
const PAIRS: &[(&str, &str, bool)] = &[
    // Case, accents, punctuation.
    ("bienvenue", "Bienvenue au service client.", true),
    ("SERVICE CLIENT", "Bienvenue au service client.", true),
    ("a bientot", "La Maison Lavande vous remercie. À bientôt.", true),
    ("À BIENTÔT !", "la maison lavande vous remercie a bientot", true),
    ("coeur", "Le cœur du service", true),
    ("l’objet de votre réclamation", "dites votre nom et l'objet de votre réclamation", true),
    ("rendez vous", "votre rendez-vous est pris", true),
    ("e\u{301}te\u{301}", "cet été", true),
    ("service clients", "Bienvenue au service client.", false),
    ("client service", "Bienvenue au service client.", false),
    ("vice client", "Bienvenue au service client.", false),
    ("maison bleue", "Bienvenue à la Maison Lavande.", false),
    // Numbers.
    ("tapez 1", "Pour suivre votre commande, tapez un.", true),
    ("tapez un", "Pour suivre votre commande, tapez 1.", true),
    ("tapez une", "tapez 1", true),
    ("tapez 1", "tapez 11", false),
    ("tapez 1", "tapez onze", false),
    ("deux minutes", "vingt-deux minutes", false),
    ("vingt minutes", "vingt-deux minutes", false),
    ("22 minutes", "vingt-deux minutes", true),
    ("vingt deux minutes", "vingt-deux minutes", true),
    ("80 personnes", "quatre-vingts personnes", true),
    ("quatre vingt personnes", "quatre-vingts personnes", true),
    ("200 euros", "deux cents euros", true),
    ("deux cent euros", "deux cents euros", true),
    ("100 euros", "deux cents euros", false),
    ("97", "quatre-vingt-dix-sept", true),
    ("71", "soixante et onze", true),
    ("21 minutes", "vingt et une minutes", true),
    ("1 234 euros", "mille deux cent trente-quatre euros", true),
    ("1234 euros", "mille deux cent trente-quatre euros", true),
    ("1.234 euros", "mille deux cent trente-quatre euros", true),
    ("mille deux cent trente-quatre", "le total est 1 234 euros", true),
    ("1 000 000", "un million", true),
    ("deux cents", "mille deux cents", false),
    // Amounts.
    ("douze euros et cinquante centimes", "Il reste à régler douze euros et cinquante centimes.", true),
    ("12,50 €", "Il reste à régler douze euros et cinquante centimes.", true),
    ("12.50 euros", "Il reste à régler douze euros et cinquante centimes.", true),
    ("12,5 €", "Il reste à régler douze euros et cinquante centimes.", true),
    ("12 €", "Il reste à régler douze euros et cinquante centimes.", true),
    ("12,05 €", "Il reste à régler douze euros et cinquante centimes.", false),
    ("2,50 €", "Il reste à régler douze euros et cinquante centimes.", false),
    ("0,50 €", "cinquante centimes", true),
    ("1 €", "un euro", true),
    ("douze euros cinquante", "cela fait 12,50 €", true),
    ("1 234,50 €", "mille deux cent trente-quatre euros et cinquante centimes", true),
    // Times and dates.
    ("9h30", "à neuf heures trente", true),
    ("9 h 30", "à neuf heures trente", true),
    ("9:30", "à neuf heures trente", true),
    ("09h30", "à neuf heures trente", true),
    ("9h", "à neuf heures", true),
    ("9h", "à dix-neuf heures", false),
    ("9h30", "à neuf heures treize", false),
    ("12h", "à midi", true),
    ("0h", "à minuit", true),
    ("1h", "à une heure", true),
    ("9h05", "à neuf heures cinq", true),
    ("mardi 18 mai à 9 heures", "Il rouvrira mardi dix-huit mai à neuf heures.", true),
    ("mardi dix-huit mai", "Il rouvrira mardi 18 mai.", true),
    ("mardi 8 mai", "Il rouvrira mardi dix-huit mai.", false),
    ("1er mai", "vendredi premier mai", true),
    ("premier mai", "vendredi 1er mai", true),
    ("2026-11-26", "arrivera jeudi vingt-six novembre", true),
    ("2e position", "en deuxième position", true),
    ("21e position", "en vingt et unième position", true),
    // Digits and telephone numbers.
    ("12345678", "Votre commande un deux trois, quatre cinq six, sept huit arrivera", true),
    ("12345679", "Votre commande un deux trois, quatre cinq six, sept huit arrivera", false),
    ("12 34 56 78", "Votre commande un deux trois, quatre cinq six, sept huit arrivera", true),
    ("06 11 22 33 44", "zéro six, onze, vingt-deux, trente-trois, quarante-quatre", true),
    ("0611223344", "zéro six, onze, vingt-deux, trente-trois, quarante-quatre", true),
    ("zéro six onze vingt-deux", "zéro six, onze, vingt-deux, trente-trois, quarante-quatre", true),
    ("06 11 22 33 45", "zéro six, onze, vingt-deux, trente-trois, quarante-quatre", false),
    ("06 20 02 20 02", "zéro six, vingt, zéro deux, vingt, zéro deux", true),
    ("06 22 22", "zéro six, vingt, zéro deux, vingt, zéro deux", false),
    ("0 800 123 456", "zéro huit cents, cent vingt-trois, quatre cent cinquante-six", true),
    ("0800123456", "zéro huit cents, cent vingt-trois, quatre cent cinquante-six", true),
    ("0800 123 456", "zéro huit cents, cent vingt-trois, quatre cent cinquante-six", true),
    ("+33611223344", "plus trente-trois, six, onze, vingt-deux, trente-trois, quarante-quatre", true),
    ("+33 6 11 22 33 44", "plus trente-trois, six, onze, vingt-deux, trente-trois, quarante-quatre", true),
    ("0611223344", "appelez le 06 11 22 33 44", true),
    ("3949", "trente-neuf, quarante-neuf", true),
    ("AB-123", "A B tiret un deux trois", false),
    ("AB 123", "A B un deux trois", true),
    ("12", "1234", false),
    // English.
    ("press 1", "press one", true),
    ("twenty-one minutes", "21 minutes", true),
    ("105", "one hundred and five", true),
    ("12.50 €", "twelve euros and fifty cents", true),
    ("9:30", "nine thirty", true),
    ("press 1", "press eleven", false),
];

#[test]
fn words_are_the_same_however_they_are_written() {
    let wrong: Vec<_> = PAIRS.iter().filter(|(wanted, said, same)| is_heard(wanted, said) != *same).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(PAIRS.len() >= 60);
}

#[test]
fn whatever_speech_says_of_a_value_is_heard_as_the_value() {
    for (format, value) in [
        (Format::Euros, "1234.56"),
        (Format::Digits, "0042"),
        (Format::Phone, "0612345678"),
        (Format::Phone, "0800123456"),
        (Format::Number, "987654321"),
        (Format::Time, "23h59"),
        (Format::Date, "2026-12-01"),
    ] {
        let said = speech::words(format, value).unwrap();
        let wanted = if format == Format::Euros { format!("{value} €") } else { value.to_owned() };
        assert!(is_heard(&wanted, &said), "{wanted} in {said}");
        assert!(is_heard(&said, &wanted), "{said} in {wanted}");
    }
    for n in (0..3_000).chain([10_000, 65_536, 123_456, 1_000_001, 999_999_999]) {
        let said = speech::words(Format::Number, &n.to_string()).unwrap();
        assert!(is_heard(&n.to_string(), &said), "{n}: {said}");
        assert!(!is_heard(&(n + 1).to_string(), &said), "{} in {said}", n + 1);
    }
}

#[test]
fn what_is_found_is_done_with_and_order_counts() {
    let mut ear = Ear::default();
    ear.hear(&heard("Le service est fermé en ce jour férié. Il rouvrira mardi."));
    let words = |text: &str| Wanted::words(text).unwrap();
    assert!(ear.find(&words("jour férié")));
    assert!(ear.find(&words("rouvrira mardi")), "two matches may lie in one utterance");
    assert!(!ear.find(&words("jour férié")), "it is done with");
    assert!(ear.had(&words("jour férié")));
    ear.hear(&heard("Laissez un message."));
    assert_eq!(ear.rest().collect::<Vec<_>>(), ["Laissez un message."]);
    ear.turn_page();
    assert!(!ear.has(&words("message")) && ear.rest().next().is_none());
}

#[test]
fn a_prompt_file_is_heard_by_its_name_alone() {
    let mut ear = Ear::default();
    let file = Clip { key: "appel-gratuit.wav".into(), text: "[appel-gratuit.wav]".into() };
    ear.hear(&Heard { clips: vec![file], announcement: true });
    assert!(!ear.has(&Wanted::words("appel gratuit").unwrap()));
    assert!(ear.find(&Wanted::file("appel-gratuit.wav")));
    ear.hear_music(&Clip { key: "attente.wav".into(), text: "[attente.wav]".into() });
    assert!(ear.find(&Wanted::file("attente.wav")));
    assert_eq!(Wanted::words("… !").map(|wanted| wanted.text), None);
}
