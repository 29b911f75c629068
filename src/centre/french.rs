//! French of `centre`: days, holidays, opening hours, agents and queues. Sorted by the English.

use crate::base::diagnostic::Table;

/// English pattern, French pattern.
pub(crate) const FRENCH: Table = &[
    (
        "3008 and 3170 to 3179 are the same service at every operator, no company owns them",
        "3008 et 3170 à 3179 désignent le même service chez tous les opérateurs, aucune société ne les possède",
    ),
    ("Abolition of Slavery", "abolition de l’esclavage"),
    ("All Saints' Day", "Toussaint"),
    ("Armistice Day", "armistice de 1918"),
    ("Ascension Day", "Ascension"),
    ("Assumption Day", "Assomption"),
    ("Bastille Day", "fête nationale"),
    ("Christmas Day", "Noël"),
    ("Easter Monday", "lundi de Pâques"),
    ("Good Friday", "vendredi saint"),
    ("Labour Day", "fête du Travail"),
    ("New Year's Day", "jour de l’an"),
    ("Saint Stephen's Day", "Saint-Étienne"),
    ("Victory in Europe Day", "victoire de 1945"),
    ("Whit Monday", "lundi de Pentecôte"),
    ("a French number has ten digits", "un numéro français a dix chiffres"),
    ("after +33 the 0 falls away", "après +33, le 0 disparaît"),
    (
        "an exception (`except`) closes this day or hour",
        "une exception (`except`) ferme ce jour ou cette heure",
    ),
    ("closed", "fermé"),
    ("closed (holiday)", "fermé (jour férié)"),
    ("local holiday", "jour férié local"),
    ("open", "ouvert"),
    ("outside the hours of this weekday", "en dehors des heures de ce jour"),
    ("public holiday, {}", "jour férié, {}"),
    ("the week has no hours on this day", "la semaine n’a pas d’heures ce jour-là"),
    ("this is an emergency number, nobody's own", "c’est un numéro d’urgence, il n’appartient à personne"),
    (
        "this is not a telephone number of the French plan",
        "ce n’est pas un numéro du plan de numérotation français",
    ),
    ("within {} of an exception (`except`)", "dans la plage {} d’une exception (`except`)"),
    ("within {} of the day before", "dans la plage {} commencée la veille"),
    ("within {} of the week", "dans la plage {} de la semaine"),
    ("{} at {} {}: {}", "{} le {} {} : {}"),
    ("{} at {} {}: {}; opens next at {}", "{} le {} {} : {} ; prochaine ouverture le {}"),
    ("{} {} {}", "{} {} {}"),
];
