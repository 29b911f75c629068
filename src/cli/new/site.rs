//! The texts of a new site. Whatever was answered stands in double quotes, where only `"` and `\` have a meaning.

use std::fmt::Write;

use super::answer::{Answers, Reach};
use crate::base::time::{Date, Wall};
use crate::centre::hours::State;
use crate::centre::number;
use crate::config::schema;
use crate::config::value;
use crate::flow::speech::{self, Format};

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name in the folder.
    pub(crate) name: &'static str,
    /// Its text.
    pub(crate) text: String,
    /// It holds passwords.
    pub(crate) secret: bool,
}

/// What can read texts aloud on this machine.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// espeak-ng.
    Espeak,
    /// Piper, which wants a model that only the operator can name.
    Piper,
    /// Nothing.
    None,
}

impl Voice {
    /// The first that is there.
    pub(crate) fn of(is_there: impl Fn(&str) -> bool) -> Self {
        match (is_there("espeak-ng"), is_there("piper")) {
            (true, _) => Self::Espeak,
            (false, true) => Self::Piper,
            (false, false) => Self::None,
        }
    }

    /// The line of `server:`; a comment where the operator has to choose first.
    const fn line(self) -> &'static str {
        match self {
            Self::Espeak => {
                "  speech: [espeak-ng, -v, fr, -w, \"{out}\", --, \"{text}\"]   # lit les textes, une fois, au chargement\n"
            }
            Self::Piper => {
                "  # speech: [piper, --model, /chemin/vers/fr_FR-voix.onnx, --output_file, \"{out}\"]   # lit les textes, une fois\n"
            }
            Self::None => {
                "  # speech: [espeak-ng, -v, fr, -w, \"{out}\", --, \"{text}\"]   # lit les textes : apt-get install espeak-ng\n"
            }
        }
    }
}

/// All files. `now` is when the scenarios look for an open hour.
pub(crate) fn files(answers: &Answers, passwords: &[String], voice: Voice, now: Wall) -> Vec<File> {
    let open = |name, text| File { name, text, secret: false };
    let modeline = |schema: &str| format!("# yaml-language-server: $schema={schema}\n");
    let site = modeline("site.schema.json") + &site(answers, passwords, voice);
    let flow = modeline("flow.schema.json") + &flow(answers, voice);
    let mut files = vec![File { name: "site.yaml", text: site, secret: true }];
    files.push(open("accueil.yaml", flow));
    files.push(open("accueil.test.yaml", scenarios(answers, now)));
    files.push(open("flow.schema.json", format!("{:#}\n", schema::flow())));
    files.push(open("site.schema.json", format!("{:#}\n", schema::site())));
    files
}

/// A number as it is dialled: `0800123456`.
pub(crate) fn dialled(number: &str) -> String {
    let normal = number::normalise(number).number.unwrap_or_default();
    number::national(&normal).unwrap_or(normal)
}

/// A path as one word of a shell.
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn site(answers: &Answers, passwords: &[String], voice: Voice) -> String {
    let mut text = format!(
        "# Ce que partagent les parcours de {} : lignes, conseillers, horaires, file, messagerie.\n\
         # Ce fichier contient des mots de passe : vous seul pouvez le lire. Pour un service, préférez `credential:`.\n\
         svi: 1\nsite: {}\ntimezone: Europe/Paris\nserver:\n  sip: {{ udp: 0.0.0.0:5060, tcp: 0.0.0.0:5060 }}\n{}",
        answers.company,
        site_name(&answers.company),
        voice.line()
    );
    text += "trunks:\n  # Seules ces adresses peuvent appeler sans mot de passe : ajoutez celles de votre opérateur.\n  \
             local: { peers: [127.0.0.1, \"::1\"] }\n";
    text += "agents:\n";
    for (agent, password) in answers.agents.iter().zip(passwords) {
        let reach = match &agent.reach {
            Reach::Softphone => format!("sip: {}, password: {password}", agent.key),
            Reach::Mobile(number) => format!("phone: {}, confirm: 1", quoted(number)),
        };
        let _ = writeln!(text, "  {}: {{ name: {}, {reach} }}", agent.key, quoted(&agent.title));
    }
    if answers.agents.iter().any(|agent| matches!(agent.reach, Reach::Mobile(_))) {
        text += "  # `confirm: 1` : la personne tape 1 pour accepter l'appel, sa messagerie ne peut donc pas le prendre.\n";
    }
    text += "hours:\n  ouverture:\n    week:\n";
    for group in &answers.week {
        let spans: Vec<String> = group.spans.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "      {}: {}", group.words, spans.join(", "));
    }
    text += "    holidays: france\n    # except: { 2026-12-24: 9h-16h, 2026-12-26: fermé }     # jours d'exception\n";
    let keys: Vec<&str> = answers.agents.iter().map(|agent| agent.key.as_str()).collect();
    let _ = write!(
        text,
        "queues:\n  conseillers:\n    agents: [{}]\n    order: longest-idle      # celui qui attend depuis le plus longtemps\n    \
         music: attente.wav\n    position: every 45s\n    wrap_up: 10s\n",
        keys.join(", ")
    );
    text += "mailboxes:\n  accueil: { longest: 2m }\n";
    if let Some(email) = &answers.email {
        // Without a mail server of theirs nobody would be told.
        let _ = write!(
            text,
            "  # Pour recevoir chaque message par courriel, avec son enregistrement : nommez votre serveur ci-dessous, puis ôtez les `#`.\n  \
             # accueil: {{ email: {0}, longest: 2m }}      # à la place de la ligne du dessus\n\
             # mail: {{ server: smtp.exemple.fr, user: {0}, password: credential:mail, from: {0} }}\n",
            quoted(email)
        );
    }
    text
}

/// A name of letters, digits and `-`, made of the company's.
fn site_name(company: &str) -> String {
    let slug: String = value::slug(company).chars().take(60).collect();
    let slug = slug.trim_matches('-');
    // `null` is nothing in YAML.
    if slug.is_empty() || slug == "null" { "site".to_owned() } else { slug.to_owned() }
}

fn flow(answers: &Answers, voice: Voice) -> String {
    let company = &answers.company;
    let free = answers.numbers.iter().any(|number| number::is_free(number));
    let numbers: Vec<String> = answers.numbers.iter().map(|number| quoted(number)).collect();
    let mut text = format!(
        "# Ce que vit un appelant. Après un changement : svi check, puis svi simulate.\nsvi: 1\nname: accueil\n\
         numbers: [{}]\nstart: bienvenue\n",
        numbers.join(", ")
    );
    if free {
        text += "legal:\n  free_call: appel-gratuit.wav        # jouée en premier sur un numéro gratuit, aucune touche ne la coupe\n";
    }
    text += "defaults: { tries: 3, timeout: 6s, otherwise: message }\n\nblocks:\n";
    text += "  bienvenue:\n";
    text += &said(voice, &format!("Bienvenue chez {company}."));
    text += "    - hours: ouverture\n      open: menu\n      closed: ferme             # la nuit, le week-end, les jours fériés\n\n";
    text += "  menu:\n    - menu: Que souhaitez-vous faire ?\n      keys:\n        1: { label: parler à un conseiller, goto: conseiller }\n        2: { label: laisser un message, goto: message }\n";
    // What cannot be spoken (a week of too many spans) is not offered.
    let spoken = speech::words(Format::Hours, &answers.hours().week_text()).is_ok();
    if spoken {
        text += "        3: { label: connaître nos horaires, goto: horaires }\n";
    }
    text += "        star: { label: réécouter ce menu, goto: menu }\n\n";
    text += "  conseiller:\n    - queue: conseillers\n      max_wait: 5m\n      no_agent: personne        # aucun conseiller n'est connecté\n      too_long: trop_long\n\n";
    text +=
        "  personne:\n    - say: Aucun conseiller n'est disponible pour le moment.\n    - goto: message\n\n";
    text += "  trop_long:\n    - say: Tous nos conseillers sont encore en ligne.\n    - goto: message\n\n";
    text += "  ferme:\n    - say: Nous sommes fermés en ce moment.\n";
    text += &said(voice, "Nous rouvrirons {ouverture.next_open|date-time}.");
    text += "    - goto: message\n\n";
    if spoken {
        let hours = match voice {
            Voice::Espeak => "Nous sommes ouverts {ouverture|hours}.",
            Voice::Piper | Voice::None => "{ouverture|hours}.",
        };
        let _ = write!(text, "  horaires:\n    - say: {}\n    - goto: menu\n\n", quoted(hours));
    }
    text += "  message:\n    - say: Laissez votre message après le bip. Pour terminer, tapez dièse.\n    - voicemail: accueil\n    - say: Votre message est enregistré. Nous vous rappellerons.\n    - goto: au_revoir\n\n";
    text += "  au_revoir:\n";
    text += &said(voice, &format!("{company} vous remercie. Au revoir."));
    text += "    - hangup: normal\n";
    text
}

/// A step that says a text of this site's own; without a voice for it, a comment that shows it.
fn said(voice: Voice, text: &str) -> String {
    match voice {
        Voice::Espeak => format!("    - say: {}\n", quoted(text)),
        Voice::Piper | Voice::None => {
            format!("    # - say: {}     # avec `speech` dans site.yaml\n", quoted(text))
        }
    }
}

fn scenarios(answers: &Answers, now: Wall) -> String {
    let hours = answers.hours();
    let today = hours.civil(now).date;
    // The next opening; a calendar that never closes is open at any noon that is no holiday.
    let open = hours.next_open(now).map(|civil| (civil.date, civil.time.hour, civil.time.minute));
    let workday =
        || (0..366).map(|days| today.plus_days(days)).find(|date| hours.holidays.holiday(*date).is_none());
    let (date, hour, minute) = open.unwrap_or((workday().unwrap_or(today), 12, 0));
    let number = &answers.numbers[0];
    let announced = if number::is_free(number) { "      - hear: appel-gratuit.wav\n" } else { "" };
    let clock = if minute == 0 { format!("{hour}h") } else { format!("{hour}h{minute:02}") };
    let mut text = format!(
        "# Scénarios de accueil.yaml : svi test les joue sans téléphone.\nflow: accueil\ntests:\n  - name: parler à un conseiller\n    \
         call: {{ to: {}, from: 06 11 22 33 44, at: {date} {clock} }}\n    steps:\n{announced}      - press: 1\n    \
         expect: {{ queue: conseillers }}\n",
        quoted(number)
    );
    let holiday = Date::new(today.year + 1, 1, 1).unwrap_or(today);
    let closed =
        Wall::parse_local(&format!("{holiday} 10h"), &hours.zone).map(|local| hours.state(local.wall));
    if closed == Ok(State::Holiday) {
        let _ = write!(
            text,
            "  - name: le jour de l'an\n    call: {{ at: {holiday} 10h }}\n    steps: [ hear: nous sommes fermés, hear: laissez votre message ]\n"
        );
    }
    text
}
