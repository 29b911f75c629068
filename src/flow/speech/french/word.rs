//! The words and sentences of the bank that are not numerals.

use super::super::recording::Delivery::{self, Final, Linked, Listed};

/// A word or sentence that is recorded as one.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Word {
    /// Its place in the keys, ASCII.
    pub(crate) slug: &'static str,
    /// As it is written.
    pub(crate) text: &'static str,
    /// As the voice must be told, where it is not as it is written: phonemes of espeak-ng in `[[ ]]`.
    pub(crate) say: &'static str,
    /// Consonants that it is also recorded behind, being a noun that begins with a vowel (`zeuros`, `teuros`).
    pub(crate) onsets: &'static [char],
    /// As which it is recorded; the first stands in for the others.
    pub(crate) deliveries: &'static [Delivery],
}

const fn word(slug: &'static str, text: &'static str, deliveries: &'static [Delivery]) -> Word {
    Word { slug, text, say: text, onsets: &[], deliveries }
}

/// A noun that begins with a vowel; `phonemes` without brackets, so that a consonant can stand before them.
const fn vowel(
    slug: &'static str,
    text: &'static str,
    phonemes: &'static str,
    onsets: &'static [char],
) -> Word {
    Word { slug, text, say: phonemes, onsets, deliveries: &[Linked, Final] }
}

const INSIDE: &[Delivery] = &[Linked];
const LAST: &[Delivery] = &[Final];
const BOTH: &[Delivery] = &[Linked, Final];
const ITEM: &[Delivery] = &[Listed, Final];
const ALL_THREE: &[Delivery] = &[Linked, Listed, Final];

macro_rules! words {
    ($($name:ident = $word:expr;)*) => {
        $(pub(super) static $name: Word = $word;)*
        /// Every word, for the list of recordings.
        pub(super) static WORDS: &[&Word] = &[$(&$name),*];
    };
}

words! {
    MILLE = word("mille", "mille", ALL_THREE);
    MILLION = word("million", "million", BOTH);
    MILLIONS = word("millions", "millions", BOTH);
    MOINS = word("moins", "moins", INSIDE);
    // The sign is heard with its s, unlike the adverb.
    PLUS = Word { slug: "plus", text: "plus", say: "[[pl'ys]]", onsets: &[], deliveries: INSIDE };
    ET = word("et", "et", INSIDE);
    DE = word("de", "de", INSIDE);
    A = word("a", "à", INSIDE);
    DU = word("du", "du", INSIDE);
    AU = word("au", "au", INSIDE);
    LE = word("le", "le", INSIDE);

    EURO = vowel("euro", "euro", "Yr'o", &['n']);
    EUROS = vowel("euros", "euros", "Yr'o", &['n', 't', 'z']);
    D_EUROS = word("d-euros", "d'euros", BOTH);
    CENTIME = word("centime", "centime", BOTH);
    CENTIMES = word("centimes", "centimes", BOTH);

    HEURE = vowel("heure", "heure", "'Wr", &[]);
    HEURES = vowel("heures", "heures", "'Wr", &['t', 'z']);
    D_HEURES = word("d-heures", "d'heures", BOTH);
    MINUTE = word("minute", "minute", BOTH);
    MINUTES = word("minutes", "minutes", BOTH);
    SECONDE = word("seconde", "seconde", BOTH);
    SECONDES = word("secondes", "secondes", BOTH);
    JOUR = word("jour", "jour", BOTH);
    JOURS = word("jours", "jours", BOTH);
    APPEL = vowel("appel", "appel", "ap'El", &['n']);
    APPELS = vowel("appels", "appels", "ap'El", &['n', 't', 'z']);
    D_APPELS = word("d-appels", "d'appels", BOTH);
    PERSONNE = word("personne", "personne", LAST);
    PERSONNES = word("personnes", "personnes", LAST);

    LUNDI = word("lundi", "lundi", BOTH);
    MARDI = word("mardi", "mardi", BOTH);
    MERCREDI = word("mercredi", "mercredi", BOTH);
    JEUDI = word("jeudi", "jeudi", BOTH);
    VENDREDI = word("vendredi", "vendredi", BOTH);
    SAMEDI = word("samedi", "samedi", BOTH);
    DIMANCHE = word("dimanche", "dimanche", BOTH);

    PREMIER = word("premier", "premier", INSIDE);
    JANVIER = word("janvier", "janvier", BOTH);
    FEVRIER = word("fevrier", "février", BOTH);
    MARS = word("mars", "mars", BOTH);
    AVRIL = vowel("avril", "avril", "avr'il", &['t', 'z']);
    MAI = word("mai", "mai", BOTH);
    JUIN = word("juin", "juin", BOTH);
    JUILLET = word("juillet", "juillet", BOTH);
    AOUT = vowel("aout", "août", "'ut", &['t', 'z']);
    SEPTEMBRE = word("septembre", "septembre", BOTH);
    OCTOBRE = vowel("octobre", "octobre", "Okt'Obr", &['t', 'z']);
    NOVEMBRE = word("novembre", "novembre", BOTH);
    DECEMBRE = word("decembre", "décembre", BOTH);

    MIDI = word("midi", "midi", BOTH);
    MINUIT = word("minuit", "minuit", BOTH);
    EVERY_DAY = word("tous-les-jours", "tous les jours", BOTH);
    ROUND_THE_CLOCK = word("24h-24", "vingt-quatre heures sur vingt-quatre", BOTH);

    DASH = word("tiret", "tiret", ITEM);
    UNDERSCORE = word("tiret-bas", "tiret bas", ITEM);
    POINT = word("point", "point", ITEM);
    SLASH = word("barre-oblique", "barre oblique", ITEM);
    AT_SIGN = word("arobase", "arobase", ITEM);

    NEXT_CALL = word("prochain-appel", "Vous êtes le prochain appel", LAST);
    YOUR_CALL = word("votre-appel", "Votre appel est en", INSIDE);
    POSITION = word("position", "position", LAST);
    NOBODY_BEFORE = word("personne-avant", "Il n'y a personne avant vous", LAST);
    THERE_IS = word("il-y-a", "Il y a", INSIDE);
    PERSON_BEFORE = word("personne-avant-vous", "personne avant vous", LAST);
    PERSONS_BEFORE = word("personnes-avant-vous", "personnes avant vous", LAST);
    WAIT_ABOUT = word("attente-environ", "Votre temps d'attente est estimé à environ", INSIDE);
    WAIT_SHORT = word("attente-courte", "Votre temps d'attente est estimé à moins d'une minute", LAST);
    WAIT_LONG = word("attente-longue", "Votre temps d'attente est estimé à plus de quinze minutes", LAST);
}
