//! French: what the commands themselves say. Sorted by the English.

/// English pattern, French pattern.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("1 block", "1 bloc"),
    ("1 error", "1 erreur"),
    ("1 flow", "1 parcours"),
    ("1 number", "1 numéro"),
    ("1 warning", "1 avertissement"),
    ("`{}`: {}", "`{}` : {}"),
    (
        "a flow is a text of some pages: split it, or is this another file?",
        "un parcours tient en quelques pages : partagez-le, à moins qu’il ne s’agisse d’un autre fichier",
    ),
    (
        "a site has `site.yaml` and a flow; `svi new` writes a first one",
        "un site a un `site.yaml` et un parcours ; `svi new` en écrit un premier",
    ),
    ("all well: {}, {}, {}", "tout va bien : {}, {}, {}"),
    ("exception", "exception"),
    ("it does not open again within a year", "ne rouvre pas dans l’année"),
    ("it never closes", "ne ferme jamais"),
    ("no block", "aucun bloc"),
    ("no flow", "aucun parcours"),
    ("no number", "aucun numéro"),
    ("opens next {}: {} ({})", "prochaine ouverture {} : {} ({})"),
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
        "write one, or let `svi new` write a first one",
        "écrivez-en un, ou laissez `svi new` en écrire un premier",
    ),
    ("{} blocks", "{} blocs"),
    ("{} errors", "{} erreurs"),
    ("{} flows", "{} parcours"),
    ("{} numbers", "{} numéros"),
    ("{} warnings", "{} avertissements"),
    ("{}, {}", "{}, {}"),
    ("{}: {}", "{} : {}"),
    ("{}: {} {} ({})", "{} : {} {} ({})"),
];
