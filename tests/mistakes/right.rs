//! A site that is right in every line, with every verb: what operators make mistakes in.

/// What all flows share.
pub const SITE: &str = "\
svi: 1
site: maison-lavande
server:
  sip: { udp: 127.0.0.1:5060 }
trunks:
  operateur: { peers: [192.0.2.10] }
agents:
  alice: { name: Alice Martin, sip: alice, password: alice, skills: [sav] }
  bruno: { name: Bruno Leroy, sip: bruno, password: bruno }
  chloe: { name: Chloé Petit, phone: 06 98 76 54 32 }
hours:
  boutique:
    timezone: Europe/Paris
    week:
      lun-ven: 9h-12h30, 14h-18h
      sam: 9h-12h
    holidays: france
    except: { 2026-12-24: 9h-16h }
queues:
  conseillers:
    agents: [alice, bruno, chloe]
    music: attente.wav
    position: every 45s
mailboxes:
  accueil: { longest: 2m }
  sav: { email: sav@exemple.fr, longest: 2m }
";

/// The flow that callers dial.
pub const FLOW: &str = "\
svi: 1
name: accueil
numbers: [0800 123 456]
start: bienvenue
legal:
  free_call: appel-gratuit.wav
defaults: { tries: 3, timeout: 6s, otherwise: conseiller, error: panne }

blocks:
  bienvenue:
    - identify: GET https://crm.exemple.fr/clients?tel={caller}
      timeout: 800ms
      save: { client: nom }
      card: https://crm.exemple.fr/fiche/{client}
    - say: Bienvenue à la Maison Lavande.
    - hours: boutique
      open: accueil
      closed: ferme

  accueil:
    - menu: Que souhaitez-vous faire ?
      keys:
        1: { label: suivre votre commande, goto: suivi }
        2: { label: joindre un conseiller, goto: conseiller }
        3: { label: laisser un message, goto: message }
        4: { label: joindre Alice, goto: alice }
        5: { label: joindre l'atelier, goto: atelier }
        star: { label: réécouter ce menu, goto: accueil }
      silence: message

  suivi:
    - tag: suivi de commande
    - call: identification
      with: { essais: 3 }
    - http: GET https://api.exemple.fr/commandes/{commande}
      timeout: 3s
      headers: { Accept: application/json }
      save: { statut: statut, arrivee: livraison.date, reste: { solde: euros } }
      not_found: inconnue
    - event: suivi_lu
      with: { commande: \"{commande}\" }
    - switch: statut
      cases: { preparation: preparation, expediee: expediee }
  preparation:
    - say: Votre commande {commande|digits} est en cours de préparation.
    - goto: avis
  expediee:
    - say: Votre commande arrivera {arrivee|date}.
    - if: reste > 0 and not caller.anonymous
      then: solde
    - goto: avis
  solde:
    - say: Il reste à régler {reste|euros}.
    - goto: avis
  inconnue:
    - say: Nous ne trouvons pas cette commande.
    - set: { motif: inconnue, essais: 1 }
    - if: motif == \"inconnue\" and essais < 3
      then: accueil
    - goto: avis

  conseiller:
    - queue: conseillers
      skill: sav
      max_wait: 5m
      callback: { after: 60s, key: 1, goto: rappel }
      no_agent: message
      too_long: message
      after: avis
  rappel:
    - callback: conseillers
      say: Nous vous rappelons au {caller|phone}. Tapez 1 pour confirmer.
      within: 2h
      refused: message
    - sms: Nous vous rappelons avant {callback.before|time}.
    - goto: fin
  alice:
    - ring: [alice, bruno]
      order: in-turn
      timeout: 20s
      failed: message
  atelier:
    - transfer: 01 23 45 67 89
      caller_id: company
      failed: message

  message:
    - split: { court: 80%, long: 20% }
  court:
    - play: promotion.wav
    - goto: depot
  long:
    - wait: 3s
    - goto: depot
  depot:
    - voicemail: accueil
      silence: 4s
    - record: nom_dicte
      longest: 20s
    - email: Un message attend, référence {call.ref}.
      to: sav
      subject: Message
      attach: nom_dicte
    - goto: fin
  avis:
    - survey: satisfaction
      say: De 1 à 5, quelle note nous donnez-vous ?
      scale: 1..5
    - goto: fin
  ferme:
    - say: Nous rouvrirons {boutique.next_open|date-time}.
    - goto: message
  panne:
    - say: Un incident technique nous empêche de répondre.
    - hangup: technical
  fin:
    - say: Au revoir.
    - hangup: normal
";

/// The flow that it calls.
pub const CALLED: &str = "\
svi: 1
name: identification
start: demande
inputs: { essais: number }
outputs: [commande]
defaults: { otherwise: abandon }
blocks:
  demande:
    - if: essais == 0
      then: abandon
    - ask: commande
      say: Tapez les huit chiffres de votre numéro de commande.
      digits: 8
      tries: 2
    - return:
  abandon:
    - return: { commande: \"00000000\" }
";
