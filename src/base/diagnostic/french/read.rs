//! French: what the reader of all files says. Sorted by the English.

/// English pattern, French pattern.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("1s is the least that makes sense", "en dessous de 1s, cela n’a pas de sens"),
    (
        "`{}` begins a comment in YAML: quote it",
        "`{}` commence un commentaire en YAML : mettez des guillemets",
    ),
    ("`{}` has no unit", "`{}` n’a pas d’unité"),
    ("`{}` is neither true nor false", "`{}` n’est ni `true` ni `false`"),
    ("`{}` is no time at all", "`{}` est une durée nulle"),
    ("`{}` is not a duration", "`{}` n’est pas une durée"),
    ("`{}` is not a key", "`{}` n’est pas une touche"),
    ("`{}` is not a whole number", "`{}` n’est pas un nombre entier"),
    ("`{}` is not a whole number from 1 to {}", "`{}` n’est pas un nombre entier de 1 à {}"),
    ("`{}` is not understood here", "`{}` n’a pas de sens ici"),
    ("`{}` is too long", "`{}`, c’est trop long"),
    ("a list is expected here", "une liste est attendue ici"),
    ("it has no options", "il n’y a pas d’options ici"),
    ("keys are 0 to 9, star and hash", "les touches sont 0 à 9, star (étoile) et hash (dièse)"),
    ("known here: {}", "clés possibles ici : {}"),
    ("there is no {} `{}`", "{} introuvable : `{}`"),
    ("there is no {} at all yet: add one", "il n’y en a encore aucun ({}) : ajoutez-en un"),
    ("this cannot be a name", "ceci ne peut pas être un nom"),
    ("unknown key `{}` in {}", "clé `{}` inconnue dans {}"),
    (
        "use letters, digits, `-` and `_`, 64 at most",
        "employez des lettres, des chiffres, `-` et `_`, 64 au plus",
    ),
    (
        "write `[one, two]`, or lines that begin with `- `",
        "écrivez `[un, deux]`, ou des lignes qui commencent par `- `",
    ),
    ("write `true` or `false`", "écrivez `true` ou `false`"),
    ("write `{}s`, `{}m` or `{}h`", "écrivez `{}s`, `{}m` ou `{}h`"),
    ("write a list: `{}`", "écrivez une liste : `{}`"),
    ("write it as 45s, 8m, 2h, 1h30 or 30d", "écrivez par exemple 45s, 8m, 2h, 1h30 ou 30d"),
    ("write it behind the colon", "écrivez-le après les deux-points"),
    ("{} h are the most", "{} h au plus"),
    ("{} lacks `{}`", "`{1}` manque dans {0}"),
    ("{} wants `key: value` lines", "{} attend des lignes `clé: valeur`"),
];
