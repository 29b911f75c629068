//! French: what is wrong with a text before it means anything. Sorted by the English.

/// English pattern, French pattern.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "YAML takes this for a comment, not for the key `#`",
        "YAML y voit un commentaire, et non la touche `#`",
    ),
    (
        "YAML takes this for a comment: the text before it ends here",
        "YAML y voit un commentaire : le texte qui précède s’arrête là",
    ),
    (
        "`!` makes a YAML tag, which flows do not use",
        "`!` introduit une étiquette YAML, que svi n’emploie pas",
    ),
    (
        "`&` makes a YAML anchor, which flows do not use",
        "`&` introduit une ancre YAML, que svi n’emploie pas",
    ),
    (
        "`*` cannot be a key in YAML, where it makes an alias",
        "`*` ne peut pas être une clé en YAML, où il introduit un alias",
    ),
    ("`*` makes a YAML alias, which flows do not use", "`*` introduit un alias YAML, que svi n’emploie pas"),
    ("`{}` stands twice here", "`{}` figure deux fois ici"),
    ("a key must be a word", "une clé doit être un mot"),
    ("a second document begins here", "un second document commence ici"),
    ("a tab cannot indent in YAML", "en YAML, une tabulation ne peut pas servir de retrait"),
    ("a tab cannot stand here in YAML", "en YAML, une tabulation n’a pas sa place ici"),
    ("as a list of {} or of {}", "comme une liste de {} éléments ou de {}"),
    ("as {} keys or as {}", "comme {} clés ou comme {}"),
    ("as {} or as {}", "comme {} ou comme {}"),
    ("begin with `svi: 1`", "commencez par `svi: 1`"),
    (
        "close it, or write `''` for an apostrophe within '…'",
        "fermez-le ; dans un texte entre apostrophes, une apostrophe s’écrit `''`",
    ),
    ("error", "erreur"),
    ("help", "aide"),
    (
        "indent the lines of one list or map by the same number of spaces",
        "décalez du même nombre d’espaces les lignes d’une même liste",
    ),
    ("indent with spaces", "décalez avec des espaces"),
    ("keep one of them", "n’en gardez qu’un"),
    ("more mistakes follow, which are not told", "il y a d’autres erreurs, qui ne sont pas affichées"),
    ("nested deeper than {} levels", "plus de {} niveaux d’imbrication"),
    (
        "put the whole text in quotes, or set a space after `#` if it is a comment",
        "mettez tout le texte entre guillemets ; si c’est un commentaire, laissez une espace après `#`",
    ),
    (
        "put the whole text in quotes, or write what follows on a line of its own, indented",
        "mettez tout le texte entre guillemets, ou écrivez la suite sur une ligne à part, en retrait",
    ),
    ("put the whole text in quotes: `\"…\"`", "mettez tout le texte entre guillemets : `\"…\"`"),
    ("quote the text", "mettez le texte entre guillemets"),
    (
        "quote the text, or write it in another way",
        "mettez le texte entre guillemets, ou écrivez-le autrement",
    ),
    ("remove it", "supprimez-le"),
    ("remove the `---`", "supprimez le `---`"),
    ("save the file as UTF-8", "enregistrez le fichier en UTF-8"),
    (
        "save the file as UTF-8, not as Latin-1 or UTF-16",
        "enregistrez le fichier en UTF-8, et non en Latin-1 ou UTF-16",
    ),
    ("the file is larger than {} KiB", "le fichier dépasse {} Kio"),
    ("the file says nothing", "le fichier est vide"),
    ("the invisible character U+{} stands here", "il y a ici un caractère invisible, U+{}"),
    ("this can be read in two ways: {}", "ceci peut se lire de deux façons : {}"),
    ("this is no UTF-8", "ce fichier n’est pas en UTF-8"),
    ("this is no text: it has a NUL", "ce fichier n’est pas un texte : il contient un caractère NUL"),
    (
        "this is not YAML: a `,` or the closing `]` is missing, or one too many stands here",
        "ce n’est pas du YAML : il manque une `,` ou le `]` final, ou bien il y en a un de trop",
    ),
    (
        "this is not YAML: a `,` or the closing `}` is missing",
        "ce n’est pas du YAML : il manque une `,` ou le `}` final",
    ),
    (
        "this is not YAML: a `: ` is missing here, or a blank after `-`",
        "ce n’est pas du YAML : il manque ici `: `, ou une espace après `-`",
    ),
    (
        "this is not YAML: a quote that opens is not closed",
        "ce n’est pas du YAML : un guillemet ouvert n’est pas fermé",
    ),
    (
        "this is not YAML: a second `: ` stands in this line",
        "ce n’est pas du YAML : cette ligne contient un second `: `",
    ),
    (
        "this is not YAML: a text cannot begin with this sign",
        "ce n’est pas du YAML : un texte ne peut pas commencer par ce signe",
    ),
    ("this is not YAML: nothing can begin here", "ce n’est pas du YAML : rien ne peut commencer ici"),
    ("this is not YAML: something is missing here", "ce n’est pas du YAML : il manque quelque chose ici"),
    (
        "this is not YAML: text follows a closing quote",
        "ce n’est pas du YAML : du texte suit un guillemet fermant",
    ),
    (
        "this is not YAML: the text below `|` or `>` is indented wrongly",
        "ce n’est pas du YAML : le texte sous `|` ou `>` est mal décalé",
    ),
    (
        "this is not YAML: this line is indented neither as those before nor as their own lines",
        "ce n’est pas du YAML : le retrait de cette ligne ne s’accorde pas avec celui des lignes précédentes",
    ),
    (
        "this is not YAML: within \"…\" a backslash makes a sign, and not this one",
        "ce n’est pas du YAML : dans un texte entre guillemets, cette barre oblique inverse n’a pas de sens",
    ),
    ("this is not YAML: {}", "ce n’est pas du YAML : {}"),
    ("warning", "avertissement"),
    (
        "write `\\\\` for a backslash, or put the text in single quotes",
        "écrivez `\\\\` pour une barre oblique inverse, ou mettez le texte entre apostrophes",
    ),
    ("write `hash:` for the hash key", "écrivez `hash:` pour la touche dièse"),
    ("write `star:` for the star key", "écrivez `star:` pour la touche étoile"),
    ("write spaces", "écrivez des espaces"),
    (
        "write the value out; the star key is written `star`",
        "écrivez la valeur en entier ; la touche étoile s’écrit `star`",
    ),
];
