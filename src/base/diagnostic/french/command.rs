//! French: what the commands themselves say. Sorted by the English.

/// English pattern, French pattern.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "  svi check {}        finds every mistake after a change",
        "  svi check {}        trouve toutes les erreurs, après chaque changement",
    ),
    ("  svi serve {}        answers calls", "  svi serve {}        répond aux appels"),
    (
        "  svi simulate {}     walks a call in this terminal, without a telephone",
        "  svi simulate {}     parcourt un appel dans ce terminal, sans téléphone",
    ),
    (
        "  user {}   password {}   server {} (UDP, port 5060)",
        "  identifiant {}   mot de passe {}   serveur {} (UDP, port 5060)",
    ),
    ("1 block", "1 bloc"),
    ("1 error", "1 erreur"),
    ("1 flow", "1 parcours"),
    ("1 number", "1 numéro"),
    ("1 warning", "1 avertissement"),
    (
        "A few questions; Enter takes what stands between brackets.",
        "Quelques questions ; Entrée prend ce qui est entre crochets.",
    ),
    ("E-mail address for messages, - for none", "Adresse électronique pour les messages, - pour aucune"),
    ("Name of the company", "Nom de la société"),
    ("Next:", "Et maintenant :"),
    (
        "No text-to-speech command was found: the flow says only what svi has recorded.",
        "Aucune synthèse vocale n’a été trouvée : le parcours ne dit que ce que svi a d’enregistré.",
    ),
    (
        "Numbers that callers dial, with commas between",
        "Numéros que composent les appelants, séparés par des virgules",
    ),
    ("Opening hours", "Heures d’ouverture"),
    (
        "Softphone of {} (Linphone, MicroSIP, Zoiper…):",
        "{}, téléphone logiciel (Linphone, MicroSIP, Zoiper…) :",
    ),
    (
        "To let it say your company's name: apt-get install espeak-ng, then see the lines with `speech` in the files.",
        "Pour qu’il dise le nom de votre société : apt-get install espeak-ng, puis voyez les lignes avec `speech` dans les fichiers.",
    ),
    (
        "To ring mobiles, name your operator's line under `trunks:` in site.yaml.",
        "Pour faire sonner les mobiles, indiquez la ligne de votre opérateur sous `trunks:` dans site.yaml.",
    ),
    (
        "While `svi serve` runs, dial {} from such a phone to hear your flow.",
        "Quand `svi serve` tourne, composez le {} sur ce téléphone pour entendre votre parcours.",
    ),
    (
        "While `svi serve` runs: svi dial sip:{}@127.0.0.1",
        "Quand `svi serve` tourne : svi dial sip:{}@127.0.0.1",
    ),
    (
        "Who answers (a mobile number after the name of who has no softphone)",
        "Qui répond (un numéro de mobile après le nom de qui n’a pas de téléphone logiciel)",
    ),
    (
        "`{}` are no days: write lun-ven, sam, or lun, mer",
        "`{}` ne sont pas des jours : écrivez lun-ven, sam, ou lun, mer",
    ),
    (
        "`{}` are no hours: write 9h-12h, 14h-18h or 24h/24",
        "`{}` ne sont pas des heures : écrivez 9h-12h, 14h-18h ou 24h/24",
    ),
    ("`{}` cannot be used: {}", "`{}` n’est pas utilisable : {}"),
    ("`{}` cannot be written: {}", "`{}` : écriture impossible : {}"),
    (
        "`{}` has no name: write a name, and a number if it is a mobile",
        "`{}` n’a pas de nom : écrivez un nom, puis un numéro si c’est un mobile",
    ),
    (
        "`{}` is not a telephone number: write 06 12 34 56 78",
        "`{}` n’est pas un numéro de téléphone : écrivez 06 12 34 56 78",
    ),
    ("`{}` is not an e-mail address", "`{}` n’est pas une adresse électronique"),
    ("`{}` is not empty: choose another folder", "`{}` n’est pas vide : choisissez un autre dossier"),
    ("`{}` is too long for a name", "`{}` est trop long pour un nom"),
    ("`{}` stands twice", "`{}` figure deux fois"),
    ("`{}`: {}", "`{}` : {}"),
    (
        "a flow is a text of some pages: split it, or is this another file?",
        "un parcours tient en quelques pages : partagez-le, à moins qu’il ne s’agisse d’un autre fichier",
    ),
    ("a name has a letter or a figure", "un nom contient une lettre ou un chiffre"),
    (
        "a site has `site.yaml` and a flow; `svi new` writes a first one",
        "un site a un `site.yaml` et un parcours ; `svi new` en écrit un premier",
    ),
    ("a site needs a number", "il faut un numéro"),
    ("a site needs somebody who answers", "il faut quelqu’un pour répondre"),
    ("all well: {}, {}, {}", "tout va bien : {}, {}, {}"),
    ("an invisible character stands in the name", "le nom contient un caractère invisible"),
    (
        "braces have a meaning in texts: leave them out",
        "les accolades ont un sens dans les textes : n’en mettez pas",
    ),
    ("exception", "exception"),
    ("it does not open again within a year", "ne rouvre pas dans l’année"),
    ("it never closes", "ne ferme jamais"),
    ("more than {} are added to site.yaml by hand", "au-delà de {}, ajoutez-les à la main dans site.yaml"),
    ("no block", "aucun bloc"),
    ("no flow", "aucun parcours"),
    ("no number", "aucun numéro"),
    ("opens next {}: {} ({})", "prochaine ouverture {} : {} ({})"),
    (
        "the name has more than {} letters: callers would not wait for its end",
        "le nom a plus de {} lettres : l’appelant n’en attendrait pas la fin",
    ),
    ("the prompt {} cannot be played: {}", "l’annonce {} ne peut pas être jouée : {}"),
    (
        "the site has no calendar: write one under `hours:` in `site.yaml`",
        "le site n’a pas de calendrier : écrivez-en un sous `hours:` dans `site.yaml`",
    ),
    (
        "there is no YAML file in this folder or in its `flows/`",
        "il n’y a aucun fichier YAML dans ce dossier ni dans son `flows/`",
    ),
    (
        "there is no calendar `{}`; did you mean `{}`?",
        "il n’y a pas de calendrier `{}` ; vouliez-vous dire `{}` ?",
    ),
    ("there is no calendar `{}`; there are: {}", "il n’y a pas de calendrier `{}` ; il y a : {}"),
    (
        "there is no code `{}`; `svi explain` lists all",
        "il n’y a pas de code `{}` ; `svi explain` les donne tous",
    ),
    ("there is no code `{}`; did you mean `{}`?", "il n’y a pas de code `{}` ; vouliez-vous dire `{}` ?"),
    (
        "there is no flow: no file of the site has `blocks`",
        "il n’y a pas de parcours : aucun fichier du site n’a de `blocks`",
    ),
    ("there is no such file or folder", "il n’y a pas de fichier ni de dossier de ce nom"),
    ("this cannot be read: {}", "lecture impossible : {}"),
    ("this user may not read it", "cet utilisateur n’a pas le droit de le lire"),
    ("today", "aujourd’hui"),
    ("tomorrow", "demain"),
    ("use a WAV, MP3 or Ogg Vorbis file", "prenez un fichier WAV, MP3 ou Ogg Vorbis"),
    ("what a code means: `svi explain {}`", "ce que veut dire un code : `svi explain {}`"),
    (
        "write days and hours: `lun-ven 9h-12h, 14h-18h; sam 9h-12h`",
        "écrivez des jours et des heures : `lun-ven 9h-12h, 14h-18h; sam 9h-12h`",
    ),
    (
        "write one, or let `svi new` write a first one",
        "écrivez-en un, ou laissez `svi new` en écrire un premier",
    ),
    ("written to {}: {}", "écrit dans {} : {}"),
    ("{} [{}]: ", "{} [{}] : "),
    ("{} blocks", "{} blocs"),
    ("{} errors", "{} erreurs"),
    ("{} flows", "{} parcours"),
    ("{} numbers", "{} numéros"),
    ("{} warnings", "{} avertissements"),
    ("{}, {}", "{}, {}"),
    ("{}: {}", "{} : {}"),
    ("{}: {} {} ({})", "{} : {} {} ({})"),
];
