//! Mistakes of YAML: indentation, quotes, signs that YAML takes for its own.

use super::{In, Mistake};
use In::{Called, Flow, Site};

pub const MISTAKES: &[Mistake] = &[
    (Flow, "        star: {", "        *: {", &[("star-key", "")]),
    (Flow, "        star: {", "        #: {", &[("hash-key", "")]),
    (Flow, "        star: {", "        \"*\": {", &[("not-a-key", "")]),
    (Flow, "        star: {", "        \"#\": {", &[("not-a-key", "")]),
    (Flow, "        star: {", "\t\tstar: {", &[("tab", "")]),
    (Flow, "      max_wait: 5m", "        max_wait: 5m", &[("yaml", "")]),
    (Flow, "      max_wait: 5m", "     max_wait: 5m", &[("yaml", "")]),
    (Flow, "- say: Au revoir.", "-say: Au revoir.", &[("yaml", "")]),
    (Flow, "- say: Au revoir.", "- say:Au revoir.", &[("not-a-step", "")]),
    (Flow, "- say: Au revoir.", "- say: Attention : au revoir: merci.", &[("yaml", "")]),
    (Flow, "- say: Au revoir.", "- say: \"Au revoir.", &[("yaml", "")]),
    (Flow, "- say: Au revoir.", "- say: Au revoir. Tapez # pour finir.", &[("comment-cut", "")]),
    (Flow, "- say: Au revoir.", "- say: Tapez #1 pour finir.", &[("comment-cut", "")]),
    (Flow, "- say: Au revoir.", "- say: {caller|phone}", &[("quotes", "")]),
    (Flow, "- say: Au revoir.", "- say: &adieu Au revoir.", &[("anchor", "")]),
    (Flow, "- say: Au revoir.", "- say: *adieu", &[("alias", "")]),
    (Flow, "- say: Au revoir.", "- say: !important Au revoir.", &[("tag", "")]),
    (Flow, "- say: Au revoir.", "- say: @accueil", &[("yaml", "")]),
    (Flow, "- say: Au revoir.", "- say: [Au, revoir]", &[("not-a-text", "")]),
    (Flow, "- say: Au revoir.", "- say: Au\u{a0}revoir.\u{200b}\u{2028}", &[("invisible-character", "")]),
    (Flow, "        2: {", "        1: {", &[("duplicate-key", "")]),
    (Flow, "      timeout: 20s", "      order: at-once", &[("duplicate-key", "")]),
    // The name of a block that is taken: both are told, the one that is there twice and the one that is lost.
    (Flow, "  long:\n", "  court:\n", &[("duplicate-key", ""), ("unknown-block", "- split:")]),
    (Flow, "goto: suivi }", "goto: suivi", &[("yaml", "2: {")]),
    (Flow, "- say: Au revoir.", "- say: {caller|phone} appelle.", &[("yaml", "")]),
    (Flow, "- say: Au revoir.", "- say: [Info] au revoir.", &[("yaml", "")]),
    (Flow, "  inconnue:\n", "inconnue:\n", &[("yaml", "")]),
    (Flow, "[0800 123 456]", "[0800 123 456", &[("yaml", "start:")]),
    (Flow, "blocks:\n", "---\nblocks:\n", &[("two-documents", "---")]),
    (Flow, "svi: 1\n", "", &[("version", "name: accueil")]),
    (Flow, "svi: 1\n", "svi: 2\n", &[("version", "")]),
    (Flow, "name: accueil\n", "", &[("missing-key", "svi: 1")]),
    (Called, "blocks:\n", "bloks:\n", &[("unknown-key", "")]),
    (Site, "    agents: [alice, bruno, chloe]", "    agents: alice, bruno, chloe", &[("not-a-name", "")]),
];
