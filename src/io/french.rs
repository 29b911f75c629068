//! French of `io`: what is wrong with files and what they hold: sounds, recordings, scenarios. Sorted by the English.

use crate::base::diagnostic::Table;

/// English pattern, French pattern.
pub(crate) const FRENCH: Table = &[
    (
        "`server: { speech: … }` in site.yaml names the command; espeak-ng is in the package espeak-ng",
        "`server: { speech: … }` de site.yaml nomme la commande ; espeak-ng est dans le paquet espeak-ng",
    ),
    (
        "`svi prompts sheet --bank` lists all of them for a studio",
        "`svi prompts sheet --bank` en donne la liste pour un studio",
    ),
    ("`svi prompts sheet --bank` lists the names", "`svi prompts sheet --bank` en donne les noms"),
    (
        "`{}` is no word of the bank: it is never heard",
        "`{}` n’est pas un mot de la banque : il ne s’entend jamais",
    ),
    (
        "a flow is a text of some pages: split it, or is this another file?",
        "un parcours tient en quelques pages : partagez-le, à moins qu’il ne s’agisse d’un autre fichier",
    ),
    (
        "a letter is lost: more than {} come at once",
        "un message est perdu : il en arrive plus de {} à la fois",
    ),
    ("a letter is lost: {}", "un message est perdu : {}"),
    ("a letter is not sent: {}", "un message n’est pas envoyé : {}"),
    (
        "a newer svi has written it (schema {}, this one knows {}): install that one again, or put back the copy that it made beside it",
        "un svi plus récent l’a écrit (schéma {}, celui-ci connaît {}) : réinstallez celui-là, ou remettez la copie qu’il a faite à côté",
    ),
    (
        "a recording of it must lie in the site's `prompts/`",
        "un enregistrement de ce mot doit se trouver dans le `prompts/` du site",
    ),
    (
        "a site has `site.yaml` and a flow; `svi new` writes a first one",
        "un site a un `site.yaml` et un parcours ; `svi new` en écrit un premier",
    ),
    (
        "a store in PostgreSQL is copied by `pg_dump`",
        "des comptes rendus dans PostgreSQL se copient par `pg_dump`",
    ),
    ("a text message may have {} characters", "un SMS a {} caractères au plus"),
    ("an e-mail may have 1 to {} recipients", "un courriel a de 1 à {} destinataires"),
    ("an e-mail may have {} bytes", "un courriel a {} octets au plus"),
    ("an e-mail may have {} recordings", "un courriel a {} enregistrements au plus"),
    ("another svi writes there; name another --state", "un autre svi y écrit ; donnez un autre --state"),
    ("apis, {}: {}", "apis, {} : {}"),
    (
        "call records cannot be written to {} either: {}; they wait in memory",
        "les comptes rendus ne s’écrivent pas non plus dans {} : {} ; ils attendent en mémoire",
    ),
    (
        "call records cannot be written to {}: {}; they wait in {}",
        "les comptes rendus ne s’écrivent pas dans {} : {} ; ils attendent dans {}",
    ),
    (
        "calls in progress may finish; Ctrl-C once more ends them now",
        "les appels en cours peuvent se terminer ; Ctrl-C encore une fois y met fin tout de suite",
    ),
    ("cannot keep call records in {}", "impossible de garder les comptes rendus dans {}"),
    ("cannot keep letters in {}", "impossible de garder les envois dans {}"),
    ("cannot keep messages in {}", "impossible de garder les messages dans {}"),
    ("cannot listen on {} ({})", "impossible d’écouter sur {} ({})"),
    ("cannot open the control socket {}", "impossible d’ouvrir la prise de commande {}"),
    ("cannot start the media workers", "impossible de démarrer le traitement du son"),
    ("cannot take the sockets of $LISTEN_FDS", "impossible de prendre les prises de $LISTEN_FDS"),
    ("cannot write down open calls in {}", "impossible de noter les appels en cours dans {}"),
    ("it is for no telephone number", "il n’est pas adressé à un numéro de téléphone"),
    ("it took longer than {}", "elle a mis plus de {}"),
    ("it wrote more than {} MB", "elle a écrit plus de {} Mo"),
    (
        "it wrote no recording: it must write a WAV to `{out}`, or to its standard output if `{out}` is not among its arguments",
        "elle n’a rien enregistré : elle doit écrire un WAV dans `{out}`, ou sur sa sortie standard si `{out}` n’est pas parmi ses arguments",
    ),
    ("its own words: {}", "ce qu’elle en dit : {}"),
    ("mail: `{}`: {}", "courrier : `{}` : {}"),
    (
        "mail: the certificates of {} cannot be read: {}",
        "courrier : les certificats de {} sont illisibles : {}",
    ),
    ("mail: {}", "courrier : {}"),
    (
        "name a text-to-speech command in site.yaml: `{}`",
        "nommez une commande de synthèse vocale dans site.yaml : `{}`",
    ),
    (
        "no flow says anything like it: delete the recording and its text, or play it by its name",
        "aucun parcours ne dit rien d’approchant : supprimez l’enregistrement et son texte, ou jouez-le par son nom",
    ),
    ("no flow says what was recorded in {}", "aucun parcours ne dit ce qui est enregistré dans {}"),
    (
        "record it anew: the law wants it heard before the call, in full",
        "enregistrez-la de nouveau : la loi veut qu’elle s’entende avant l’appel, en entier",
    ),
    ("refused, the old version stays:\n{}", "refusé, l’ancienne version reste :\n{}"),
    ("refused: the server is stopping", "refusé : le serveur s’arrête"),
    ("sms: {}", "sms : {}"),
    (
        "the announcement is cut short: {} s of the file are missing",
        "l’annonce est coupée : il manque {} s du fichier",
    ),
    ("the announcement is silent", "l’annonce est muette"),
    (
        "the announcement lasts {} s: nobody understands that",
        "l’annonce dure {} s : personne ne comprend cela",
    ),
    (
        "the call records of an earlier version, {}, cannot be taken in: {}",
        "les comptes rendus d’une version précédente, {}, ne peuvent pas être repris : {}",
    ),
    ("the certificates of {} cannot be read: {}", "les certificats de {} sont illisibles : {}"),
    ("the file cannot be read: {}", "le fichier ne peut être lu : {}"),
    ("the flow says now: {}", "le parcours dit maintenant : {}"),
    (
        "the letter {} cannot be read and lies in {}: {}",
        "le message {} est illisible et se trouve dans {} : {}",
    ),
    (
        "the letter {} is given up and lies in outbox/failed: {}",
        "le message {} est abandonné et se trouve dans outbox/failed : {}",
    ),
    (
        "the number is too short to tell a caller by: write all of it, as +33612345678",
        "le numéro est trop court pour désigner un appelant : écrivez-le en entier, comme +33612345678",
    ),
    ("the prompt {} cannot be played: {}", "l’annonce {} ne peut pas être jouée : {}"),
    (
        "the site brings {} of {} recordings of the bank `{}`: the others are heard in svi's voice",
        "le site apporte {} des {} enregistrements de la banque `{}` : les autres s’entendent avec la voix de svi",
    ),
    (
        "the text-to-speech command `{}` cannot be run: {}",
        "la commande de synthèse vocale `{}` ne peut pas être lancée : {}",
    ),
    (
        "the text-to-speech command `{}` failed at “{}”: {}",
        "la commande de synthèse vocale `{}` a échoué sur « {} » : {}",
    ),
    ("the text-to-speech command is empty", "la commande de synthèse vocale est vide"),
    ("the word `{}` of the bank has no recording", "le mot `{}` de la banque n’a pas d’enregistrement"),
    ("there are no call records in it", "il n’y a pas de comptes rendus dedans"),
    (
        "there is no YAML file in this folder or in its `flows/`",
        "il n’y a aucun fichier YAML dans ce dossier ni dans son `flows/`",
    ),
    ("there is no certificate in {}", "il n’y a pas de certificat dans {}"),
    (
        "there is no flow: no file of the site has `blocks`",
        "il n’y a pas de parcours : aucun fichier du site n’a de `blocks`",
    ),
    ("there is no such file or folder", "il n’y a pas de fichier ni de dossier de ce nom"),
    ("this cannot be read: {}", "lecture impossible : {}"),
    ("this user may not read it", "cet utilisateur n’a pas le droit de le lire"),
    ("use a WAV, MP3 or Ogg Vorbis file", "prenez un fichier WAV, MP3 ou Ogg Vorbis"),
    (
        "what goes there fails until it is mended, on the machine that serves",
        "ce qui part par là échoue tant que ce n’est pas réparé, sur la machine qui sert",
    ),
    ("what it wrote cannot be played: {}", "ce qu’elle a écrit ne se lit pas comme un son : {}"),
    (
        "write one, or let `svi new` write a first one",
        "écrivez-en un, ou laissez `svi new` en écrire un premier",
    ),
    ("{} flows", "{} parcours"),
    (
        "{} flows; the addresses to listen on change with a restart only",
        "{} parcours ; les adresses d’écoute ne changent qu’au redémarrage",
    ),
    (
        "{} is damaged: {}; calls go on, and their records wait in {}. Move it away, or put back a copy that `svi backup` made: they are taken in",
        "{} est abîmé : {} ; les appels continuent, et leurs comptes rendus attendent dans {}. Déplacez-le, ou remettez une copie faite par `svi backup` : ils y entreront",
    ),
    (
        "{} texts that a caller can reach have no voice:{}",
        "{} textes qu’un appelant peut entendre n’ont pas de voix :{}",
    ),
    ("{}: {}", "{} : {}"),
];
