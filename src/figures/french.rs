//! French of `figures`: the names of figures and their formulas. Sorted by the English.

use crate::base::diagnostic::Table;

/// English pattern, French pattern.
pub(crate) const FRENCH: Table = &[
    (
        "(abandons - abandons before {}) / (offered - abandons before {})",
        "(abandons - abandons avant {}) / (présentés - abandons avant {})",
    ),
    (
        "(answered within {} + missed and called back within {}) / (calls that entered a queue - missed with a hidden number)",
        "(décrochés en {} au plus + manqués rappelés en {} au plus) / (appels entrés dans une file - manqués au numéro masqué)",
    ),
    (
        "(talk + hold + wrap-up) / (logged in - pauses)",
        "(conversation + mise en attente + post-appel) / (temps connecté - pauses)",
    ),
    (
        "(talk + hold + wrap-up) / talks",
        "(conversation + mise en attente + post-appel) / nombre de conversations",
    ),
    ("abandon rate", "taux d’abandon"),
    ("abandon rate without short abandons", "taux d’abandon hors abandons courts"),
    ("abandons", "abandons"),
    ("abandons / offered", "abandons / présentés"),
    ("abroad", "étranger"),
    ("answer rate", "taux de décroché"),
    ("answered / offered", "décrochés / présentés"),
    (
        "answered within {} / (offered - abandons before {})",
        "décrochés en {} au plus / (présentés - abandons avant {})",
    ),
    ("answered within {} / offered", "décrochés en {} au plus / présentés"),
    (
        "callers who were served and did not call the same number and queue again within {} / callers who were served",
        "appelants servis qui n’ont pas rappelé le même numéro et la même file en {} / appelants servis",
    ),
    ("calls answered", "appels décrochés"),
    (
        "calls in + calls out + text messages, by the tariffs of their day",
        "appels entrants + appels sortants + SMS, aux tarifs de leur jour",
    ),
    ("calls in a queue that an agent took", "appels d’une file pris par un conseiller"),
    ("calls in a queue that the caller ended", "appels d’une file auxquels l’appelant a mis fin"),
    ("calls missed", "appels manqués"),
    ("calls offered to a queue", "appels présentés"),
    ("calls received", "appels reçus"),
    ("calls taken", "appels pris"),
    ("calls that an agent’s telephone was rung for", "appels qui ont fait sonner le téléphone du conseiller"),
    ("calls that entered a queue, once for each queue", "appels entrés dans une file, une fois par file"),
    ("calls that rang", "appels sonnés"),
    (
        "calls that rang and that the agent did not take, or declined",
        "appels sonnés que le conseiller n’a pas pris, ou refusés",
    ),
    ("calls that rang and that the agent talked to", "appels sonnés que le conseiller a pris"),
    ("calls to our numbers, refused ones included", "appels vers nos numéros, refusés compris"),
    ("cost (estimated)", "coût (estimé)"),
    ("cost / calls received", "coût / appels reçus"),
    ("cost / calls that talked to a person", "coût / appels qui ont parlé à quelqu’un"),
    ("cost / calls that the flow answered", "coût / appels décrochés par le parcours"),
    ("cost of a call (estimated)", "coût par appel (estimé)"),
    ("cost of a served call (estimated)", "coût par appel traité (estimé)"),
    ("cost of an answered call (estimated)", "coût par appel décroché (estimé)"),
    ("cost of waiting (estimated)", "coût de l’attente (estimé)"),
    ("fixed lines", "lignes fixes"),
    ("hidden numbers", "numéros masqués"),
    ("mean handling time", "durée moyenne de traitement (DMT)"),
    ("mean talk", "durée moyenne de conversation (DMC)"),
    ("mean wait before an abandon", "attente moyenne avant abandon"),
    ("mean wait before the answer", "durée moyenne d’attente (DMA)"),
    ("missed, called again by themselves", "manqués, ont rappelé d’eux-mêmes"),
    ("missed, called back since", "manqués, rappelés depuis"),
    ("missed, still to be called back", "manqués, encore à rappeler"),
    ("mobiles", "mobiles"),
    (
        "nobody answered them in a queue, and nobody has since",
        "personne ne leur a répondu dans une file, ni depuis",
    ),
    (
        "nobody answered them in a queue, and they have called again since and were served",
        "personne ne leur a répondu dans une file, et ils ont rappelé depuis et ont été servis",
    ),
    (
        "nobody answered them in a queue, and we have called them back since",
        "personne ne leur a répondu dans une file, et nous les avons rappelés depuis",
    ),
    ("occupancy", "taux d’occupation"),
    ("overseas", "outre-mer"),
    ("resolved by the first call", "résolution au premier appel (FCR)"),
    ("service level", "niveau de service"),
    ("service level with call backs", "niveau de service rappels compris"),
    ("service level without short abandons", "niveau de service hors abandons courts"),
    (
        "talks of agents, without hold / talks",
        "conversations des conseillers, hors mise en attente / nombre de conversations",
    ),
    (
        "the minutes in queues, at the price of the calls that came in",
        "les minutes passées dans les files, au prix des appels entrants",
    ),
    ("waits of abandons / abandons", "attentes des abandons / nombre d’abandons"),
    ("waits of answered calls / answered", "attentes des décrochés / décrochés"),
    ("{} days", "{} jours"),
];

/// French, as far as this room speaks it.
#[cfg(test)]
pub(super) fn tongue() -> crate::base::diagnostic::Tongue {
    crate::base::diagnostic::Tongue::French(crate::base::diagnostic::Words(&[("figures", FRENCH)]))
}
