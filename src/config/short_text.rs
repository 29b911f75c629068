//! The alphabet of text messages (3GPP TS 23.038 §6.2.1): what it lacks is sent as UCS-2, 70 signs to a message.

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Signs that take the place of two.
const DOUBLE: &str = "^{}\\[~]|€";

/// The first sign of a text that the alphabet lacks.
fn odd(text: &str) -> Option<char> {
    text.chars().find(|sign| !BASIC.contains(*sign) && !DOUBLE.contains(*sign))
}

/// Whether a text has signs that the alphabet lacks.
pub(crate) fn is_unicode(text: &str) -> bool {
    odd(text).is_some()
}

/// How many text messages a text is (3GPP TS 23.038 §6.2.1), and the first sign that their alphabet lacks.
pub(super) fn count(text: &str) -> (usize, Option<char>) {
    let odd = odd(text);
    let (length, one, of_many) = match odd {
        None => (text.chars().map(|sign| if DOUBLE.contains(sign) { 2 } else { 1 }).sum(), 160, 153),
        Some(_) => (text.encode_utf16().count(), 70, 67),
    };
    let count = if length <= one { 1 } else { usize::div_ceil(length, of_many) };
    (count, odd)
}
