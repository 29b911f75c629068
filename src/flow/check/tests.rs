use super::super::testing::{compiled, text, told};

fn tells(blocks: &str, code: &str, marked: &str) {
    let told = told(blocks);
    assert_eq!(told, [(code.to_owned(), marked.to_owned())], "{}", compiled(&text(blocks)).1);
}

const END: &str = "  fin:\n    - hangup: normal\n";

#[test]
fn a_clean_flow_is_told_nothing() {
    let blocks = format!("  debut:\n    - say: Bonjour.\n    - goto: fin\n{END}");
    assert_eq!(told(&blocks), []);
    assert!(compiled(&text(&blocks)).0.is_some());
}

#[test]
fn targets_exist_and_what_was_meant_is_told() {
    let (flow, report) = compiled(&text(&format!("  debut:\n    - goto: fim\n{END}")));
    assert!(flow.is_none());
    let report = report.to_string();
    for piece in ["error[unknown-block]", "flow.yaml:8:13", "^^^", "did you mean `fin`?"] {
        assert!(report.contains(piece), "{piece}: {report}");
    }
}

#[test]
fn a_block_ends_and_only_at_its_end() {
    tells("  debut:\n    - say: Bonjour.\n", "no-end", "say: Bonjour.");
    tells("  debut: []\n", "no-end", "debut");
    tells(
        "  debut:\n    - hangup: normal\n    - say: Trop tard.\n    - hangup: normal\n",
        "after-end",
        "say: Trop tard.",
    );
    tells(
        &format!("  debut:\n    - if: caller.mobile\n      then: fin\n{END}"),
        "no-end",
        "if: caller.mobile",
    );
}

#[test]
fn an_unreachable_block_is_a_warning() {
    let blocks = format!("  debut:\n    - hangup: normal\n{END}");
    tells(&blocks, "unreachable", "fin");
    assert!(compiled(&text(&blocks)).0.is_some());
}

#[test]
fn no_loop_is_deaf_not_even_one_of_refusals() {
    tells(
        &format!(
            "  debut:\n    - say: A.\n    - if: caller.mobile\n      then: fin\n    - goto: debut\n{END}"
        ),
        "deaf-loop",
        "debut",
    );
    tells(
        "  debut:\n    - queue: sav\n      no_agent: deux\n      too_long: deux\n  deux:\n    - ring: alice\n      failed: debut\n",
        "deaf-loop",
        "debut",
    );
    assert_eq!(
        told(
            "  debut:\n    - ask: x\n      say: Tapez.\n      otherwise: deux\n    - goto: debut\n  deux:\n    - queue: sav\n      no_agent: fin\n      too_long: fin\n  fin:\n    - hangup: busy\n"
        ),
        []
    );
}

#[test]
fn every_call_can_end() {
    tells(
        "  debut:\n    - menu: Encore ?\n      keys:\n        1: { label: recommencer, goto: debut }\n      otherwise: debut\n",
        "endless",
        "debut",
    );
}

#[test]
fn what_can_fail_has_an_exit() {
    let told = told("  debut:\n    - ring: alice\n");
    assert!(told.contains(&("missing-exit".to_owned(), "ring".to_owned())), "{told:?}");
}

#[test]
fn a_variable_is_set_before_it_is_read() {
    tells(
        &format!("  debut:\n    - say: \"Voici {{code|digits}}.\"\n    - goto: fin\n{END}"),
        "unknown-variable",
        "code",
    );
    let maybe = "  debut:\n    - if: caller.mobile\n      then: dit\n    - ask: code\n      say: Tapez.\n      otherwise: fin\n    - goto: dit\n  dit:\n    - say: \"Voici {code|digits}.\"\n    - goto: fin\n";
    tells(&format!("{maybe}{END}"), "unset", "code");
}

#[test]
fn to_ask_whether_it_is_known_is_enough() {
    let blocks = "  debut:\n    - if: caller.mobile\n      then: peut_etre\n    - ask: code\n      say: Tapez.\n      otherwise: fin\n    - goto: peut_etre\n  peut_etre:\n    - if: known(code) and caller.mobile\n      then: dit\n    - goto: fin\n  dit:\n    - say: \"Voici {code|digits}.\"\n    - goto: fin\n";
    assert_eq!(told(&format!("{blocks}{END}")), []);
}

#[test]
fn conditions_name_what_exists_and_compare_like_with_like() {
    let condition = |condition: &str| {
        told(&format!(
            "  debut:\n    - set: {{ n: 3, nom: Paul }}\n    - if: {condition}\n      then: fin\n    - goto: fin\n{END}"
        ))
    };
    let one = |code: &str, marked: &str| vec![(code.to_owned(), marked.to_owned())];
    for right in [
        "open(boutique) and n == 3",
        "nom == \"Paul\"",
        "agents(sav) > n",
        "nom in [\"a\", \"b\"]",
        "caller == \"+33612345678\" or not caller.mobile",
    ] {
        assert_eq!(condition(right), [], "{right}");
    }
    assert_eq!(condition("open(boutik)"), one("unknown-name", "boutik"));
    assert_eq!(condition("waiting(boutique) > 1"), one("unknown-name", "boutique"));
    assert_eq!(condition("nom == 3"), one("type", "nom == 3"));
    assert_eq!(condition("n in [\"3\"]"), one("type", "n in [\"3\"]"));
    assert_eq!(condition("caller.mobile > 1"), one("type", "caller.mobile > 1"));
    assert_eq!(condition("nom"), one("type", "nom"));
    assert_eq!(condition("n and caller.mobile"), one("type", "n and caller.mobile"));
}

#[test]
fn a_free_number_is_announced() {
    let text = "svi: 1\nname: essai\nnumbers: [01 23 45 67 89, 0800 123 456]\nstart: debut\nblocks:\n  debut:\n    - hangup: normal\n";
    let (flow, report) = compiled(text);
    assert!(flow.is_none());
    assert_eq!(report.iter().map(|d| d.code).collect::<Vec<_>>(), ["announcement"]);
    assert!(compiled(&text.replace("start:", "legal: { free_call: operator }\nstart:")).0.is_some());
    assert!(compiled(&text.replace(", 0800 123 456", "")).0.is_some());
}

#[test]
fn verbs_and_their_options_are_known_by_name() {
    tells("  debut:\n    - sya: Bonjour\n    - hangup: normal\n", "unknown-verb", "sya");
    tells(
        "  debut:\n    - say: Bonjour\n      interupt: false\n    - hangup: normal\n",
        "unknown-key",
        "interupt",
    );
}

#[test]
fn what_cannot_be_said_is_told_before_a_caller_finds_out() {
    let say = |path: &str| format!("  debut:\n    - say: \"Voici {{{path}}}.\"\n    - goto: fin\n{END}");
    tells(&say("call.campaign"), "unset", "call.campaign");
    tells(&say("callback.before|time"), "unknown-variable", "callback.before");
    tells(&say("boutique.next_opn|date-time"), "unknown-variable", "boutique.next_opn");
    tells(&say("boutique|euros"), "format", "{boutique|euros}");
    tells(&say("boutique"), "format", "{boutique}");
    for path in [
        "call.tries|number",
        "caller|phone",
        "boutique|hours",
        "boutique.next_open|date-time",
        "boutique.next_open|date",
    ] {
        assert_eq!(told(&say(path)), []);
    }
}

#[test]
fn a_menu_below_three_others_is_a_warning_and_one_beside_them_is_not() {
    let menu = |name: &str, then: &str, to: &str| {
        format!(
            "  {name}:\n{then}    - menu: {name} ?\n      keys: {{ 1: {{ label: aller, goto: {to} }} }}\n      otherwise: fin\n"
        )
    };
    let tree = |aside: &str| {
        format!(
            "{}{}{}{}{END}",
            menu("debut", "", "deux"),
            menu("deux", "", "trois"),
            menu("trois", aside, "quatre"),
            menu("quatre", "", "fin")
        )
    };
    tells(&tree(""), "deep-menu", "quatre");
    // The third leads to it before it says its own: then it is not below it.
    assert_eq!(told(&tree("    - if: caller.mobile\n      then: quatre\n")), []);
}

#[test]
fn a_long_flow_is_checked_in_a_moment() {
    let chain: String = (0..8_000).map(|n| format!("  b{n}:\n    - goto: b{}\n", n + 1)).collect();
    let blocks = format!("  debut:\n    - goto: b0\n{chain}  b8000:\n    - hangup: normal\n");
    // Quadratic laws would hold up the whole test run here.
    assert_eq!(told(&blocks), []);
}

#[test]
fn a_text_of_more_than_half_a_minute_is_a_warning() {
    let said = |words: usize| {
        let blocks =
            format!("  debut:\n    - say: {}\n    - goto: fin\n{END}", ["Bonjour"; 80][..words].join(" "));
        told(&blocks).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(said(55), [""; 0]);
    assert_eq!(said(60), ["long-text"]);
}
