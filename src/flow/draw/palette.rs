//! The colours, on light and on dark ground. Text has a contrast of 4.5 or more on what it stands on (WCAG 2.2 §1.4.3), and
//! lines one of 3 (§1.4.11).

use super::diagram::Kind;

/// The colours of a kind of card.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Colours {
    /// Its ground.
    pub(super) ground: &'static str,
    /// Its border, its name and its pictures.
    pub(super) ink: &'static str,
}

/// The colours of everything else.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    pub(super) page: &'static str,
    pub(super) text: &'static str,
    pub(super) quiet: &'static str,
    pub(super) line: &'static str,
    pub(super) fallback: &'static str,
    pub(super) back: &'static str,
    pub(super) figure_ground: &'static str,
    pub(super) figure_text: &'static str,
}

/// By day.
pub(super) const LIGHT: Theme = Theme {
    page: "#fdfcfa",
    text: "#2b3038",
    quiet: "#5c636d",
    line: "#59626e",
    fallback: "#9a5b35",
    back: "#8489a3",
    figure_ground: "#2b3038",
    figure_text: "#ffffff",
};

/// By night.
pub(super) const DARK: Theme = Theme {
    page: "#15181d",
    text: "#e4e7eb",
    quiet: "#a5adb8",
    line: "#9aa5b3",
    fallback: "#d99a72",
    back: "#767d9c",
    figure_ground: "#e4e7eb",
    figure_text: "#15181d",
};

/// The colours of a kind, by day and by night.
pub(super) const fn colours(kind: Kind) -> [Colours; 2] {
    let (ground, ink, dark_ground, dark_ink) = match kind {
        Kind::Start => ("#dcefe1", "#22623a", "#1b3526", "#8fd6a8"),
        Kind::Say => ("#eef0f2", "#4a5563", "#262b32", "#b9c3cf"),
        Kind::Menu => ("#e2ecf9", "#24568f", "#1c2f47", "#9cc4f4"),
        Kind::Question => ("#ece6f7", "#5b4296", "#2d2543", "#c4b1f2"),
        Kind::Branch => ("#f6eed6", "#6f540f", "#352d17", "#e2c878"),
        Kind::Queue => ("#daf0ee", "#145f5c", "#163635", "#83d3ce"),
        Kind::Talk => ("#e3f2d9", "#3d6417", "#26361a", "#b0d98a"),
        Kind::Message => ("#fbe8da", "#8a4213", "#3b2818", "#f0b48a"),
        Kind::Outside => ("#e1eaee", "#2f5a6b", "#1d3039", "#97c6d9"),
        Kind::SubFlow => ("#f0e7e2", "#6b4a38", "#33281f", "#d6b8a3"),
        Kind::End => ("#f5e3e7", "#8c2f46", "#3d1f28", "#f0a3b5"),
    };
    [Colours { ground, ink }, Colours { ground: dark_ground, ink: dark_ink }]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, relative luminance.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, two: &str) -> f64 {
        let (one, two) = (luminance(one), luminance(two));
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    #[test]
    fn text_can_be_read_and_lines_can_be_seen() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
        for (place, theme) in [LIGHT, DARK].iter().enumerate() {
            let mut pairs = vec![
                (theme.text, theme.page, 4.5),
                (theme.quiet, theme.page, 4.5),
                (theme.fallback, theme.page, 4.5),
                (theme.line, theme.page, 3.0),
                (theme.back, theme.page, 3.0),
                (theme.figure_text, theme.figure_ground, 4.5),
            ];
            for kind in Kind::ALL {
                let colours = colours(kind)[place];
                pairs.push((theme.text, colours.ground, 4.5));
                pairs.push((colours.ink, colours.ground, 4.5));
                pairs.push((colours.ink, theme.page, 3.0));
            }
            for (front, ground, least) in pairs {
                let contrast = contrast(front, ground);
                assert!(contrast >= least, "{front} on {ground}: {contrast:.2}");
            }
        }
    }
}
