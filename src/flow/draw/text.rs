//! How wide a text is, where it is broken into rows, and what of it may be drawn at all.

/// Widths of the printable ASCII characters in hundredths of the size of the font, as DejaVu Sans has them: it is the widest
/// sans that a reader is likely to have, so a text never needs more place than this.
const ASCII: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63,
    61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97,
    63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];
/// Bold letters are wider by this, the widest apart.
const BOLD: f64 = 1.15;

/// A font of a drawing.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Font {
    /// Its size in pixels.
    pub(super) size: f64,
    /// Whether it is bold.
    pub(super) bold: bool,
}

impl Font {
    /// How wide a text is at the most.
    pub(super) fn width(self, text: &str) -> f64 {
        let hundredths: u32 = text.chars().map(hundredths).sum();
        f64::from(hundredths) / 100.0 * self.size * if self.bold { BOLD } else { 1.0 }
    }

    /// Breaks a text between words into rows of this width; what does not fit into so many rows is left out, and an ellipsis
    /// says so.
    pub(super) fn rows(self, text: &str, width: f64, rows_max: usize) -> Vec<String> {
        let (mut rows, mut row) = (Vec::new(), String::new());
        for word in glued(text) {
            let longer = if row.is_empty() { word.clone() } else { format!("{row} {word}") };
            if self.width(&longer) <= width {
                row = longer;
                continue;
            }
            // The last row, or a word that is wider than any row: as much as fits.
            if rows.len() + 1 >= rows_max || row.is_empty() {
                rows.push(self.cut(&longer, width));
                return rows;
            }
            rows.push(std::mem::take(&mut row));
            if self.width(&word) > width {
                rows.push(self.cut(&word, width));
                return rows;
            }
            row = word;
        }
        rows.extend((!row.is_empty()).then_some(row));
        rows
    }

    /// As many characters as fit, with an ellipsis.
    fn cut(self, text: &str, width: f64) -> String {
        let mut kept = String::new();
        for character in text.chars() {
            kept.push(character);
            if self.width(&kept) + self.width("…") > width {
                kept.pop();
                break;
            }
        }
        format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.']))
    }
}

/// The words of a text; a sign that French sets apart from its word (`?`, `:`, `«`) stays with it.
fn glued(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let leans = word.chars().all(|sign| "?!:;»%€=≠<>≤≥".contains(sign));
        match words.last_mut() {
            Some(last) if leans || last.ends_with('«') => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn hundredths(character: char) -> u32 {
    let code = character as u32;
    match code {
        0x20..=0x7e => u32::from(ASCII[(code - 0x20) as usize]),
        // Accents that join the letter before.
        0x300..=0x36f => 0,
        0xa0 => 32,
        0x152 | 0x153 | 0xc6 | 0xe6 => 107,
        _ if character.is_uppercase() => 79,
        0xa1..=0x24f => 65,
        0x2018..=0x201a | 0x2027 => 36,
        0x2010..=0x2013 | 0x2022 => 60,
        // Arabic, Hebrew, Greek, Cyrillic and the like.
        0x250..=0x10ff => 85,
        // Signs, and scripts whose letters are square.
        0x1100..=0x1f2ff => 105,
        _ => 140,
    }
}

/// A text without what cannot be drawn: control characters (XML forbids them), noncharacters, and marks that turn the order of the text
/// around them, which would let a name disturb its neighbours. Blanks collapse.
pub(super) fn drawable(text: &str) -> String {
    let blank = |character: char| if character.is_whitespace() { ' ' } else { character };
    let kept: String = text.chars().map(blank).filter(|character| is_drawable(*character)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_drawable(character: char) -> bool {
    let code = character as u32;
    let turns = matches!(code, 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x61c | 0xfeff);
    !character.is_control() && !turns && code & 0xfffe != 0xfffe && !(0xfdd0..=0xfdef).contains(&code)
}

/// At most so many characters, with an ellipsis for the rest.
pub(super) fn shortened(text: &str, characters_max: usize) -> String {
    let text = drawable(text);
    if text.chars().count() <= characters_max {
        return text;
    }
    let kept: String = text.chars().take(characters_max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font { size: 10.0, bold: false };

    #[test]
    fn rows_are_broken_between_words_and_none_is_too_wide() {
        let text = "Bienvenue au service client de la Maison Lavande";
        assert_eq!(FONT.rows(text, 160.0, 2), ["Bienvenue au service client de", "la Maison Lavande"]);
        assert_eq!(FONT.rows(text, 160.0, 1), ["Bienvenue au service client d…"]);
        assert_eq!(FONT.rows("", 160.0, 2), Vec::<String>::new());
        assert_eq!(FONT.rows("Que souhaitez-vous ?", 105.0, 2), ["Que", "souhaitez-vous ?"]);
        assert_eq!(FONT.rows("chez « Lavande »", 75.0, 2), ["chez", "« Lavande »"]);
        let long = "anticonstitutionnellement ".repeat(3);
        for width in [30.0, 60.0, 130.0, 200.0, 1_000.0] {
            for count in 1..4 {
                let rows = FONT.rows(&long, width, count);
                assert!(rows.len() <= count && !rows.is_empty(), "{width} {count} {rows:?}");
                assert!(rows.iter().all(|row| FONT.width(row) <= width), "{width} {count} {rows:?}");
            }
        }
    }

    #[test]
    fn what_turns_the_text_around_is_left_out() {
        assert_eq!(drawable("a\u{202e}b\u{0}c\n d\u{200f}\u{fffe}"), "abc d");
        assert_eq!(shortened("Votre commande arrivera.", 16), "Votre commande…");
    }
}
