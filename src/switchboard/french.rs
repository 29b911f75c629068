//! French of `switchboard`: alarms. Sorted by the English.

use crate::base::diagnostic::Table;

/// English pattern, French pattern.
pub(crate) const FRENCH: Table = &[
    ("`incoming: { pumping: refuse }` would refuse them", "`incoming: { pumping: refuse }` les refuserait"),
    (
        "a call back could not be made in the time that was promised",
        "un rappel n’a pas pu être fait dans le délai promis",
    ),
    ("a call or message was not let out: {}", "un appel ou un message n’est pas parti : {}"),
    (
        "a machine calls: {} idle calls from {} within minutes; {}",
        "une machine appelle : {} appels sans effet de {} en quelques minutes ; {}",
    ),
    ("a message could not be written: {}", "un message n’a pas pu être écrit : {}"),
    (
        "a message is not on the disk yet: the caller hears that it could not be kept",
        "un message n’est pas encore sur le disque : l’appelant entend qu’il n’a pas pu être gardé",
    ),
    ("a promised call back is not made: {}", "un rappel promis n’est pas fait : {}"),
    ("a promised call back reached nobody", "un rappel promis n’a joint personne"),
    ("call back not made in time", "délai du rappel dépassé"),
    (
        "calls from {} are refused: a bound of `incoming:`",
        "les appels de {} sont refusés : une limite de `incoming:`",
    ),
    (
        "calls to {} are refused: a bound of `incoming:`",
        "les appels vers {} sont refusés : une limite de `incoming:`",
    ),
    ("more of them are refused", "les suivants sont refusés"),
    ("no RTP port could be bound", "aucun port RTP n’a pu être ouvert"),
    (
        "so many calls are refused that not each leaves a record",
        "tant d’appels sont refusés que tous ne laissent pas de compte rendu",
    ),
    ("the flow of the call back has changed", "le parcours du rappel a changé"),
    (
        "the server was cut off: {} who were on the line are hung up on",
        "le serveur s’était arrêté net : les {} correspondants qui étaient en ligne sont raccrochés",
    ),
    (
        "{} is banned after {} wrong passwords; {} addresses are",
        "{} est bannie après {} mots de passe faux ; {} adresses le sont",
    ),
    (
        "{} media sessions of a call did not report their end",
        "{} sessions de son d’un appel n’ont pas signalé leur fin",
    ),
];
