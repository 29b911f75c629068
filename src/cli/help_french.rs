//! French of `--help`. Sorted by the English.

/// English, French.
pub(super) const FRENCH: &[(&str, &str)] = &[
    (
        "A SIP voice server for French free numbers: answers, announces that the\ncall is free, walks your menus, brings the caller to an agent or voicemail.",
        "Un serveur vocal SIP pour les numéros verts : il répond, annonce que l’appel\nest gratuit, parcourt vos menus, mène l’appelant à un agent ou à la messagerie.",
    ),
    (
        "A SIP voice server for French free numbers: answers, announces that the\ncall is free, walks your menus, brings the caller to an agent or voicemail.\n\nStart here:\n  svi demo                       see and hear a whole call, without any telephone\n  svi serve                      run the built-in example site on 127.0.0.1:5060\n  svi dial sip:0800123456@127.0.0.1 --keys 1\n  svi new my-site                write a first site of your own\n  svi check my-site/             find every mistake of a site before a caller does",
        "Un serveur vocal SIP pour les numéros verts : il répond, annonce que l’appel\nest gratuit, parcourt vos menus, mène l’appelant à un agent ou à la messagerie.\n\nPour commencer :\n  svi demo                       voir et entendre un appel entier, sans téléphone\n  svi serve                      le site d’exemple intégré sur 127.0.0.1:5060\n  svi dial sip:0800123456@127.0.0.1 --keys 1\n  svi new mon-site               écrire un premier site à vous\n  svi check mon-site/            trouver chaque erreur d’un site avant un appelant",
    ),
    (
        "A folder of prompts: those that are heard are named in the drawing",
        "Un dossier d’annonces : celles qui s’entendent sont nommées dans le dessin",
    ),
    (
        "A sound file to play from the answer on, again and again",
        "Un fichier de son à jouer dès la réponse, en boucle",
    ),
    (
        "A verb, to be explained whole; all of them in a line each when none is given",
        "Un verbe, à expliquer en entier ; tous, une ligne chacun, si aucun n’est donné",
    ),
    (
        "Address that messages of callers are meant for; `-` for none",
        "Adresse à laquelle les messages des appelants sont destinés ; `-` pour aucune",
    ),
    (
        "Addresses that the running server does not hear for their wrong passwords",
        "Les adresses que le serveur n’entend plus pour leurs mots de passe faux",
    ),
    (
        "Agents who are logged in, in each queue; all when none is given",
        "Agents connectés, dans chaque file ; tous si rien n’est donné",
    ),
    (
        "An operator's bill against the records of calls",
        "La facture d’un opérateur face aux comptes rendus d’appels",
    ),
    ("Answer calls: the server itself", "Répondre aux appels : le serveur lui-même"),
    (
        "Append the record of the call, with its journal, to this file",
        "Ajouter le compte rendu de l’appel, avec son journal, à ce fichier",
    ),
    (
        "Ask nothing: what no flag says has its default",
        "Ne rien demander : ce qu’aucune option ne dit a sa valeur par défaut",
    ),
    ("Ask the company's own system for real", "Interroger pour de bon le système de la société"),
    ("Ask the running server how it is", "Demander au serveur comment il va"),
    (
        "Behind the words, after a tab, the keys of the recordings that say them",
        "Après les mots, derrière une tabulation, les clés des enregistrements qui les disent",
    ),
    ("Beside it, as many days just before", "À côté, autant de jours juste avant"),
    (
        "Callers at once, each listening and sending RTP",
        "Appelants en même temps, chacun écoute et envoie du RTP",
    ),
    ("Calls dialled a second", "Appels composés par seconde"),
    (
        "Calls from this number, written in any way: `\"06 12 34 56 78\"`",
        "Les appels de ce numéro, écrit comme on veut : `\"06 12 34 56 78\"`",
    ),
    ("Calls in which this agent talked", "Les appels où cet agent a parlé"),
    ("Calls of signalling a second", "Appels de signalisation par seconde"),
    ("Calls of this campaign", "Les appels de cette campagne"),
    (
        "Calls since then: a day (`2026-11-01`, `today`, `yesterday`), a moment (`2026-11-01 17h30`), or how long ago (`2h`, `7d`). Days are those of the site's clock",
        "Les appels depuis : un jour (`2026-11-01`, `aujourd’hui`, `hier`), un moment (`2026-11-01 17h30`), ou une durée en arrière (`2h`, `7j`). Les jours sont ceux de l’heure du site",
    ),
    ("Calls that waited in this queue", "Les appels qui ont attendu dans cette file"),
    ("Calls that went so", "Les appels de cette issue"),
    (
        "Calls to this number of yours, written in any way: `\"0 800 123 456\"`",
        "Les appels vers ce numéro à vous, écrit comme on veut : `\"0 800 123 456\"`",
    ),
    (
        "Calls until then, written likewise; a day counts whole",
        "Les appels jusqu’à, écrit de même ; un jour compte en entier",
    ),
    ("Calls with this label", "Les appels qui portent cette étiquette"),
    (
        "Calls with this text in a number (as `+336…`), a reference or a label",
        "Les appels avec ce texte dans un numéro (comme `+336…`), une référence ou une étiquette",
    ),
    (
        "Compare with the third column and print only what differs",
        "Comparer avec la troisième colonne et n’afficher que ce qui diffère",
    ),
    (
        "Copy the store of call records into a file, while the server runs",
        "Copier les comptes rendus dans un fichier, pendant que le serveur tourne",
    ),
    (
        "Count all sums anew from the records; the result is the same",
        "Recompter toutes les sommes à partir des comptes rendus ; le résultat est le même",
    ),
    (
        "Delete those of the cache. What was recorded by hand is never deleted",
        "Supprimer ceux du cache. Ce qui a été enregistré à la main n’est jamais supprimé",
    ),
    ("Do not ask: erase", "Ne pas demander : effacer"),
    (
        "Draw a flow as a picture (SVG), or as text for Mermaid or Graphviz",
        "Dessiner un parcours en image (SVG), ou en texte pour Mermaid ou Graphviz",
    ),
    (
        "Erase one caller: number, name and journals in all records, messages; and say what was not touched",
        "Effacer un appelant : numéro, nom et journaux dans tous les comptes rendus, messages ; et dire ce qui n’a pas été touché",
    ),
    (
        "Every text and file that callers can hear: where its recording comes from, which flows say it",
        "Chaque texte et fichier que les appelants peuvent entendre : d’où vient son enregistrement, quels parcours le disent",
    ),
    ("Exit 1 when something must be mended", "Sortir avec 1 quand il y a quelque chose à corriger"),
    ("Explain the verbs of the flow language", "Expliquer les verbes du langage des parcours"),
    (
        "First this many calls one after another, each pressing ten keys: how quickly the server reacts when idle",
        "D’abord tant d’appels l’un après l’autre, dix touches chacun : la vitesse de réaction du serveur au repos",
    ),
    (
        "Folder of what the server writes: call records, voicemail, rendered texts. [default: $STATE_DIRECTORY under systemd, else ./svi-state]",
        "Le dossier de ce que le serveur écrit : comptes rendus, messages, textes synthétisés. [par défaut : $STATE_DIRECTORY sous systemd, sinon ./svi-state]",
    ),
    ("For a French Excel", "Pour un Excel français"),
    ("For people, or for a CI server", "Pour les gens, ou pour un serveur d’intégration continue"),
    ("For programs: JSON", "Pour des programmes : JSON"),
    (
        "Go on with new calls as they end, until Ctrl-C; the newest come last then",
        "Continuer avec les nouveaux appels dès leur fin, jusqu’à Ctrl-C ; les plus récents viennent alors en dernier",
    ),
    (
        "Hang up this long after the answer, as 10s or 500ms",
        "Raccrocher tant de temps après la réponse, comme 10s ou 500ms",
    ),
    ("Hear this address again, or `all`", "Entendre de nouveau cette adresse, ou `all` pour toutes"),
    ("How keys are sent: rtp (RFC 4733) or info", "Comment les touches partent : rtp (RFC 4733) ou info"),
    (
        "How mistakes are told: for people, for editors, for the checks of GitHub",
        "Comment les erreurs sont dites : pour les gens, pour les éditeurs, pour les contrôles de GitHub",
    ),
    (
        "Keys to press from the answer on; a comma waits one second",
        "Les touches à presser dès la réponse ; une virgule attend une seconde",
    ),
    (
        "Lines `kind<TAB>input`, a third column is what is expected; `-` or none: standard input",
        "Lignes `genre<TAB>valeur`, une troisième colonne est ce qui est attendu ; `-` ou rien : entrée standard",
    ),
    ("List the orders of a script, and end", "Lister les ordres d’un script, et finir"),
    (
        "List this many days from that day on, with their hours, holidays and exceptions",
        "Lister tant de jours à partir de celui-là, avec heures, jours fériés et exceptions",
    ),
    (
        "Match each call of a bill (CSV) with a record, and list what only one side has",
        "Rapprocher chaque appel d’une facture (CSV) d’un compte rendu, et lister ce qu’un seul côté a",
    ),
    (
        "Measure every recording: loudness, peak, clipping, silences",
        "Mesurer chaque enregistrement : niveau, crête, écrêtage, silences",
    ),
    (
        "Measure the server on loopback with many callers of the built-in phone",
        "Mesurer le serveur en boucle locale avec de nombreux appelants du téléphone intégré",
    ),
    ("Name of the company, as callers hear it", "Nom de la société, tel que les appelants l’entendent"),
    (
        "Numbers that callers dial, free or geographic, separated by commas",
        "Numéros que composent les appelants, gratuits ou géographiques, séparés par des virgules",
    ),
    ("One calendar of the site; all when none is given", "Un calendrier du site ; tous si aucun n’est donné"),
    ("Only scenarios whose name has this text", "Seulement les scénarios dont le nom contient ce texte"),
    (
        "Only this flow; without it all flows are drawn",
        "Ce parcours seulement ; sans cela, tous sont dessinés",
    ),
    (
        "Opening hours: `lun-ven 9h-12h, 14h-18h; sam 9h-12h`",
        "Heures d’ouverture : `lun-ven 9h-12h, 14h-18h; sam 9h-12h`",
    ),
    (
        "Password, when the server asks for one (better: the variable SVI_PASSWORD)",
        "Le mot de passe, quand le serveur en demande un (mieux : la variable SVI_PASSWORD)",
    ),
    (
        "Place a real SIP call, or answer as an agent: the built-in softphone",
        "Passer un vrai appel SIP, ou répondre comme un agent : le téléphone logiciel intégré",
    ),
    (
        "Play the scenarios of a site (`*.test.yaml`), and tell what they do not visit",
        "Jouer les scénarios d’un site (`*.test.yaml`), et dire ce qu’ils ne visitent pas",
    ),
    (
        "Play the script through SIP and RTP, and print the ladder: each message, and what each side hears",
        "Jouer le script par SIP et RTP, et afficher l’échelle : chaque message, et ce que chaque côté entend",
    ),
    (
        "Play the script through SIP and RTP, and write its packets to this file, for Wireshark",
        "Jouer le script par SIP et RTP, et écrire ses paquets dans ce fichier, pour Wireshark",
    ),
    (
        "Play the whole story on loopback: a server, an agent's phone, a caller; leaves the recordings",
        "Jouer toute l’histoire en boucle locale : un serveur, le téléphone d’un agent, un appelant ; laisse les enregistrements",
    ),
    (
        "Press a key after a prompt with these words was heard, as \"tapez 1\", or \"TEXT=KEYS\"; may be given again for the next",
        "Presser une touche après une annonce qui dit ces mots, comme « tapez 1 », ou « TEXTE=TOUCHES » ; à répéter pour la suivante",
    ),
    ("Print JSON", "Afficher du JSON"),
    (
        "Print all that is kept of one caller, as one JSON document",
        "Écrire tout ce qui est gardé d’un appelant, en un document JSON",
    ),
    (
        "Print every record with its journal, a line of JSON each, in the order in which calls began",
        "Écrire chaque compte rendu avec son journal, une ligne de JSON chacun, dans l’ordre du début des appels",
    ),
    (
        "Print records, a line of JSON each, instead of a table",
        "Écrire les comptes rendus, une ligne de JSON chacun, au lieu d’un tableau",
    ),
    (
        "Print the JSON Schema of flows, sites or scenarios, for editors",
        "Afficher le schéma JSON des parcours, des sites ou des scénarios, pour les éditeurs",
    ),
    ("Print the JSON as it comes", "Afficher le JSON tel qu’il vient"),
    ("Print the whole record as JSON", "Écrire le compte rendu entier en JSON"),
    (
        "Read a site and its flows, and report every mistake at its line",
        "Lire un site et ses parcours, et signaler chaque erreur à sa ligne",
    ),
    (
        "Read the site again only on SIGHUP and `svi reload`, not when its files change",
        "Ne relire le site que sur SIGHUP et `svi reload`, pas quand ses fichiers changent",
    ),
    (
        "Reckon anew what calls cost, by the tariffs that the site has now; that is noted in the store",
        "Recalculer le coût des appels, aux tarifs actuels du site ; la base en garde la trace",
    ),
    ("Recordings that no text uses any more", "Les enregistrements qu’aucun texte n’utilise plus"),
    (
        "Render every text that has no recording, by the text-to-speech command of the site",
        "Synthétiser chaque texte sans enregistrement, par la synthèse vocale du site",
    ),
    (
        "Run again whenever a file of the site changes, until Ctrl-C",
        "Rejouer dès qu’un fichier du site change, jusqu’à Ctrl-C",
    ),
    ("SIP over TCP", "SIP sur TCP"),
    (
        "Say values in words: lines `kind<TAB>input`, as a caller would hear them",
        "Dire des valeurs en mots : lignes `genre<TAB>valeur`, comme un appelant les entendrait",
    ),
    (
        "Seconds that calls in progress may go on after SIGTERM",
        "Secondes que les appels en cours peuvent encore durer après SIGTERM",
    ),
    ("Seconds that each stays", "Secondes que chacun reste"),
    (
        "Send the SIP there instead of to the host of the address",
        "Envoyer le SIP là plutôt qu’à l’hôte de l’adresse",
    ),
    ("So many calls at the most", "Tant d’appels au plus"),
    (
        "Take records in from such a file; those that are there already stay as they are",
        "Reprendre les comptes rendus d’un tel fichier ; ceux qui sont déjà là restent tels quels",
    ),
    (
        "Take the call back this long after dialling, unless it was answered",
        "Annuler l’appel tant de temps après l’avoir composé, s’il n’a pas été pris",
    ),
    (
        "Tell also what became of callers by all their calls together; this reads the records",
        "Dire aussi ce que sont devenus les appelants, tous leurs appels ensemble ; cela lit les comptes rendus",
    ),
    (
        "Tell how each figure is reckoned, and by which threshold",
        "Dire comment chaque chiffre se calcule, et avec quel seuil",
    ),
    ("Tell how long each scenario took", "Dire combien de temps chaque scénario a pris"),
    (
        "Tell one call in plain words, from its beginning to its end",
        "Raconter un appel en mots simples, du début à la fin",
    ),
    (
        "Tell the running server to read its site again, all or nothing",
        "Faire relire son site au serveur, tout ou rien",
    ),
    (
        "Tell what a code of `svi check` means, with an example",
        "Expliquer un code de `svi check`, avec un exemple",
    ),
    (
        "Tell whether a calendar is open at a moment, and why",
        "Dire si un calendrier est ouvert à un moment, et pourquoi",
    ),
    (
        "The call: the id of its record, or its reference of six digits (the newest call that has it)",
        "L’appel : l’identifiant de son compte rendu, ou sa référence à six chiffres (l’appel le plus récent qui la porte)",
    ),
    ("The caller's number, or `anonymous`", "Le numéro de l’appelant, ou `anonymous`"),
    (
        "The caller's number, written in any way: `\"06 12 34 56 78\"`",
        "Le numéro de l’appelant, écrit comme on veut : `\"06 12 34 56 78\"`",
    ),
    (
        "The calls that were: list, filter, follow them, tell one in words; write records out, take them in",
        "Les appels passés : les lister, les filtrer, les suivre, en raconter un ; sortir et reprendre les comptes rendus",
    ),
    (
        "The calls: a server's state folder, or a file of records. [default: $STATE_DIRECTORY, ./svi-state, or /var/lib/svi]",
        "Les appels : le dossier d’état d’un serveur, ou un fichier de comptes rendus. [par défaut : $STATE_DIRECTORY, ./svi-state ou /var/lib/svi]",
    ),
    (
        "The changed site, when the one before it is named: `svi diff BEFORE AFTER`. Without it calls are compared with what they were",
        "Le site modifié, quand celui d’avant est nommé : `svi diff AVANT APRÈS`. Sans lui, les appels sont comparés à ce qu’ils ont été",
    ),
    (
        "The changed site; with another behind it, the site before the change",
        "Le site modifié ; suivi d’un autre, le site d’avant le changement",
    ),
    (
        "The code, as it stands between brackets in a message: `unknown-key`. All codes are listed when none is given",
        "Le code, tel qu’il figure entre crochets dans un message : `unknown-key`. Tous sont listés si aucun n’est donné",
    ),
    (
        "The copy; one that is there is replaced when the new one is whole",
        "La copie ; celle qui s’y trouve n’est remplacée qu’une fois la nouvelle entière",
    ),
    ("The file of records, a line of JSON each", "Le fichier de comptes rendus, une ligne de JSON chacun"),
    ("The first day", "Le premier jour"),
    (
        "The first day: 2026-11-24, 7d, today, yesterday, week, month. [default: 7d]",
        "Le premier jour : 2026-11-24, 7j, aujourd’hui, hier, semaine, mois. [par défaut : 7j]",
    ),
    (
        "The folder in which `svi serve` keeps what it writes. [default: $STATE_DIRECTORY under systemd, else ./svi-state]",
        "Le dossier où `svi serve` garde ce qu’il écrit. [par défaut : $STATE_DIRECTORY sous systemd, sinon ./svi-state]",
    ),
    (
        "The folder of messages. [default: what the site says, else `voicemail` in the state folder]",
        "Le dossier des messages. [par défaut : ce que dit le site, sinon `voicemail` dans le dossier d’état]",
    ),
    (
        "The folder to write; it must not exist yet, or be empty",
        "Le dossier à écrire ; il ne doit pas encore exister, ou être vide",
    ),
    (
        "The kind of file: a flow, `site.yaml`, or scenarios (`*.test.yaml`)",
        "Le genre de fichier : un parcours, `site.yaml`, ou des scénarios (`*.test.yaml`)",
    ),
    ("The kinds there are", "Les genres qui existent"),
    ("The language of svi's own words in the drawing", "La langue des mots de svi dans le dessin"),
    (
        "The language of the messages; by default that of the environment (LC_ALL, LC_MESSAGES, LANG)",
        "La langue des messages ; par défaut celle de l’environnement (LC_ALL, LC_MESSAGES, LANG)",
    ),
    (
        "The language of the questions; by default that of the environment (LC_ALL, LC_MESSAGES, LANG)",
        "La langue des questions ; par défaut celle de l’environnement (LC_ALL, LC_MESSAGES, LANG)",
    ),
    ("The language: fr or en", "La langue : fr ou en"),
    (
        "The language; by default that of the environment (LC_ALL, LC_MESSAGES, LANG)",
        "La langue ; par défaut celle de l’environnement (LC_ALL, LC_MESSAGES, LANG)",
    ),
    (
        "The last day, which is included. [default: today]",
        "Le dernier jour, compris. [par défaut : aujourd’hui]",
    ),
    (
        "The list for a studio: files to deliver, and what to say in each",
        "La liste pour un studio : les fichiers à livrer, et quoi dire dans chacun",
    ),
    (
        "The moment of the call, `2026-11-24 10h30` in the site's zone or RFC 3339; now when none is given",
        "Le moment de l’appel, `2026-11-24 10h30` à l’heure du site ou RFC 3339 ; maintenant si rien n’est donné",
    ),
    (
        "The moment, in the calendar's own zone: `2026-12-24T17:30`, `2026-12-24 17h30`, `2026-12-24` (noon), `2026-12-24 17:30 Europe/Paris`, or with an offset, `2026-12-24T17:30:00+01:00`. Now when none is given",
        "Le moment, à l’heure du calendrier : `2026-12-24T17:30`, `2026-12-24 17h30`, `2026-12-24` (midi), `2026-12-24 17:30 Europe/Paris`, ou avec un décalage, `2026-12-24T17:30:00+01:00`. Maintenant si rien n’est donné",
    ),
    (
        "The number dialled; the first free one of the site when none is given",
        "Le numéro composé ; le premier numéro gratuit du site si aucun n’est donné",
    ),
    ("The number that calls", "Le numéro qui appelle"),
    ("The only codec to offer: pcma or pcmu", "Le seul codec à proposer : pcma ou pcmu"),
    (
        "The operator's file: columns of caller, moment, length and, if there is one, price",
        "Le fichier de l’opérateur : colonnes pour l’appelant, le moment, la durée et, s’il y en a un, le prix",
    ),
    (
        "The prompts of a site: list, render, measure them, find stale ones, print the sheet for a studio",
        "Les annonces d’un site : les lister, les synthétiser, les mesurer, trouver les périmées, imprimer la liste pour un studio",
    ),
    ("The server's control socket", "La prise de commande du serveur"),
    (
        "The server's state folder, or a file of records. [default: $STATE_DIRECTORY, ./svi-state, or /var/lib/svi]",
        "Le dossier d’état du serveur, ou un fichier de comptes rendus. [par défaut : $STATE_DIRECTORY, ./svi-state ou /var/lib/svi]",
    ),
    (
        "The server's state folder, or the file of the store. [default: $STATE_DIRECTORY, ./svi-state, or /var/lib/svi]",
        "Le dossier d’état du serveur, ou le fichier des comptes rendus. [par défaut : $STATE_DIRECTORY, ./svi-state ou /var/lib/svi]",
    ),
    (
        "The site to walk it through; the version that the call walked when none is given. It may also stand first, as with other commands",
        "Le site à parcourir ; sans lui, la version que l’appel a parcourue. Il peut aussi venir en premier, comme pour les autres commandes",
    ),
    (
        "The site's folder or file; by default that of this folder (./site.yaml), else the built-in example",
        "Le dossier ou le fichier du site ; par défaut celui de ce dossier (./site.yaml), sinon l’exemple intégré",
    ),
    (
        "The site's folder or file; by default that of this folder (./site.yaml), else the built-in example on 127.0.0.1:5060",
        "Le dossier ou le fichier du site ; par défaut celui de ce dossier (./site.yaml), sinon l’exemple intégré sur 127.0.0.1:5060",
    ),
    (
        "The site's folder, a flow, or a file of scenarios; by default this folder's (./site.yaml), else the built-in example's",
        "Le dossier du site, un parcours ou un fichier de scénarios ; par défaut ceux de ce dossier (./site.yaml), sinon de l’exemple intégré",
    ),
    (
        "Then this many calls of signalling alone (INVITE, ACK, BYE), at --signalling-rate",
        "Puis tant d’appels de signalisation seule (INVITE, ACK, BYE), au rythme de --signalling-rate",
    ),
    ("User name, when the server asks for one", "L’identifiant, quand le serveur en demande un"),
    (
        "Wait to be called instead of calling: registers, takes one call, and leaves",
        "Attendre un appel plutôt que d’appeler : s’enregistre, prend un appel, et s’en va",
    ),
    (
        "Walk a call of the past again: does it take the same path?",
        "Parcourir de nouveau un appel passé : prend-il le même chemin ?",
    ),
    (
        "Walk a flow in this terminal, as a caller would hear it. No network",
        "Parcourir un appel dans ce terminal, comme un appelant l’entendrait. Sans réseau",
    ),
    (
        "Walk kept calls through a changed site: how many would go elsewhere, and where?",
        "Faire passer des appels gardés dans un site modifié : combien iraient ailleurs, et où ?",
    ),
    ("Warnings count as mistakes", "Les avertissements comptent comme des erreurs"),
    (
        "What calls add up to: figures by day, number, campaign, queue, agent or block",
        "Ce que font les appels ensemble : chiffres par jour, numéro, campagne, file, conseiller ou bloc",
    ),
    ("What each line is about", "Le sujet de chaque ligne"),
    ("What is written", "Ce qui est écrit"),
    (
        "What the caller does, comma-separated, instead of the keyboard: `1,wait,12345678#,answer,hangup`; `svi simulate --orders` lists them",
        "Ce que fait l’appelant, séparé par des virgules, au lieu du clavier : `1,wait,12345678#,answer,hangup` ; `svi simulate --orders` en donne la liste",
    ),
    (
        "What the company's own system answers: a YAML file in the form of a scenario's `http`",
        "Ce que répond le système de la société : un fichier YAML de la forme du `http` d’un scénario",
    ),
    ("What was rendered before, too", "Aussi ce qui a déjà été synthétisé"),
    (
        "Where `svi status` and `svi reload` reach this server",
        "Où `svi status` et `svi reload` joignent ce serveur",
    ),
    (
        "Where the recordings, the voicemail and the call records are left",
        "Où sont laissés les enregistrements, les messages et les comptes rendus d’appels",
    ),
    (
        "Where to; standard output when not given. All flows stand in one file, or in a folder (that exists, or whose name ends with a slash) a file each",
        "Où l’écrire ; sortie standard si rien n’est donné. Tous les parcours dans un fichier, ou chacun le sien dans un dossier (qui existe, ou dont le nom finit par une barre oblique)",
    ),
    (
        "Who answers, separated by commas; who has no softphone, with a mobile: `Alice Martin, Chloé 06 12 34 56 78`",
        "Qui répond, séparés par des virgules ; qui n’a pas de téléphone logiciel, avec un mobile : `Alice Martin, Chloé 06 12 34 56 78`",
    ),
    (
        "Whom to call, as sip:NUMBER@HOST or sip:NUMBER@HOST:PORT; with --answer, the account to answer for",
        "Qui appeler, comme sip:NUMERO@HOTE ou sip:NUMERO@HOTE:PORT ; avec --answer, le compte pour lequel répondre",
    ),
    ("With --answer: ring this long first", "Avec --answer : sonner d’abord tant de temps"),
    ("With the words of spoken numbers, dates and so on", "Avec les mots des nombres, dates, etc."),
    (
        "Write a first site and flow by asking a few questions",
        "Écrire un premier site et son parcours en posant quelques questions",
    ),
    (
        "Write each text into the site's `prompts/`, beside where its recording will lie",
        "Écrire chaque texte dans le `prompts/` du site, à côté de la place de son enregistrement",
    ),
    (
        "Write the report into this file, not to the terminal",
        "Écrire le rapport dans ce fichier, pas au terminal",
    ),
    ("Write what is heard to this WAV file", "Écrire ce qui s’entend dans ce fichier WAV"),
];
