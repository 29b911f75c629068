//! The alphabet of text messages (3GPP TS 23.038 §6.2.1): what it lacks is sent as UCS-2, 70 signs to a message.

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Signs that take the place of two.
pub(crate) const DOUBLE: &str = "^{}\\[~]|€";

/// The first sign of a text that the alphabet lacks.
pub(crate) fn odd(text: &str) -> Option<char> {
    text.chars().find(|sign| !BASIC.contains(*sign) && !DOUBLE.contains(*sign))
}
