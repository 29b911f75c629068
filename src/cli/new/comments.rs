//! The comments of a new site: written in French, as its texts are; whoever answers in English reads them in English.

/// French, English.
const ENGLISH: &[(&str, &str)] = &[
    ("# Ce que partagent les parcours de ", "# What the flows share of "),
    (" : lignes, conseillers, horaires, file, messagerie.", ": lines, agents, hours, queue, mailbox."),
    (
        "# Ce fichier contient des mots de passe : vous seul pouvez le lire. Pour un service, préférez `credential:`.",
        "# This file holds passwords: only you can read it. For a service, prefer `credential:`.",
    ),
    ("# lit les textes, une fois, au chargement", "# reads the texts aloud, once, when the site is loaded"),
    ("# lit les textes, une fois", "# reads the texts aloud, once"),
    ("# lit les textes : apt-get install espeak-ng", "# reads the texts aloud: apt-get install espeak-ng"),
    (
        "# Seules ces adresses peuvent appeler sans mot de passe : ajoutez celles de votre opérateur.",
        "# Only these addresses may call without a password: add those of your operator.",
    ),
    (
        "# `confirm: 1` : la personne tape 1 pour accepter l'appel, sa messagerie ne peut donc pas le prendre.",
        "# `confirm: 1`: the person presses 1 to accept the call, so that their voicemail cannot take it.",
    ),
    ("# jours d'exception", "# days that are not as usual"),
    ("# celui qui attend depuis le plus longtemps", "# who has been free longest"),
    (
        "# Ce que vit un appelant. Après un changement : svi check, puis svi simulate.",
        "# What a caller lives. After a change: svi check, then svi simulate.",
    ),
    (
        "# jouée en premier sur un numéro gratuit, aucune touche ne la coupe",
        "# always the first thing heard on a free number; no key cuts it",
    ),
    ("# la nuit, le week-end, les jours fériés", "# at night, on weekends, on public holidays"),
    ("# aucun conseiller n'est connecté", "# no agent is logged in"),
    ("# avec `speech` dans site.yaml", "# with `speech` in site.yaml"),
    (
        "# Scénarios de accueil.yaml : svi test les joue sans téléphone.",
        "# Scenarios of accueil.yaml: svi test plays them without a telephone.",
    ),
];

/// A text with its comments in English.
pub(super) fn in_english(text: &str) -> String {
    ENGLISH.iter().fold(text.to_owned(), |text, (french, english)| text.replace(french, english))
}
