use super::super::testing::{compiled, text};
use super::*;
use crate::base::diagnostic::{Tongue, Words};

/// A drawing has its own words, all of them.
const FRENCH: Tongue = Tongue::French(Words(&[]));

/// A flow with a bit of everything.
const BLOCKS: &str = "  debut:
    - say: Bonjour & bienvenue chez « Lavande ».
    - hours: boutique
      open: accueil
      holiday: ferie
      closed: repondeur
  accueil:
    - menu: Que souhaitez-vous ?
      keys:
        1: { label: suivre une commande, goto: suivi }
        0: { label: parler à un conseiller, goto: conseiller }
        star: { label: réécouter, goto: accueil }
      tries: 2
      invalid: conseiller
      silence: fin
  suivi:
    - tag: suivi
    - ask: commande
      say: Tapez votre numéro de commande.
      digits: 4..8
      confirm: true
      otherwise: accueil
    - if: commande == \"1234\" and not caller.mobile
      then: conseiller
    - switch: commande
      cases: { 5678: fin, 9999: accueil }
      otherwise: conseiller
  conseiller:
    - queue: conseillers
      skill: sav
      max_wait: 90s
      keys: { 2: alice }
      callback: { after: 30s, key: 1, goto: repondeur }
      no_agent: repondeur
      too_long: alice
  alice:
    - ring: [alice, bruno]
      order: in-turn
      failed: repondeur
  ferie:
    - set: { motif: férié }
    - wait: 2s
    - goto: repondeur
  repondeur:
    - say: Laissez un message.
    - voicemail: accueil
    - goto: fin
  fin:
    - hangup: normal
";

fn drawn(tongue: Tongue) -> Diagram {
    let (flow, report) = compiled(&text(BLOCKS));
    diagram(&flow.unwrap_or_else(|| panic!("{report}")), tongue, &str::to_owned)
}

fn with_figures(mut diagram: Diagram) -> Diagram {
    for (place, node) in diagram.nodes.iter_mut().enumerate() {
        node.figure = Some(format!("{}", 1_000 - 7 * place));
    }
    for (place, edge) in diagram.edges.iter_mut().enumerate() {
        edge.figure = Some(format!("{}", 500 - 11 * place));
    }
    diagram
}

#[test]
fn a_flow_is_drawn_as_svg() {
    insta::assert_snapshot!("flow_svg", svg(&[drawn(FRENCH)], FRENCH).unwrap());
}

#[test]
fn a_flow_is_written_for_mermaid() {
    insta::assert_snapshot!("flow_mermaid", mermaid(&[drawn(FRENCH)]));
}

#[test]
fn a_flow_is_written_for_graphviz() {
    insta::assert_snapshot!("flow_dot", dot(&[drawn(Tongue::English)]));
}

#[test]
fn the_same_flow_gives_the_same_drawing() {
    let draw = || svg(&[drawn(FRENCH)], FRENCH).unwrap();
    assert_eq!(draw(), draw());
}

#[test]
fn every_card_and_way_of_the_flow_is_there() {
    let diagram = drawn(FRENCH);
    let names: Vec<&str> = diagram.nodes.iter().map(|node| node.name.as_str()).collect();
    let blocks = ["debut", "accueil", "suivi", "conseiller", "alice", "ferie", "repondeur", "fin"];
    assert_eq!(names[0], "appels");
    assert_eq!(names[1..], blocks);
    let ways = |from: usize| -> Vec<String> {
        let edges = diagram.edges.iter().filter(|edge| edge.from == from);
        edges.map(|edge| format!("{} > {}", edge.label.text(), names[edge.to])).collect()
    };
    assert_eq!(ways(1), ["ouvert > accueil", "fermé > repondeur", "férié > ferie"]);
    assert_eq!(
        ways(2),
        [
            "1 suivre une commande > suivi",
            "0 parler à un conseiller > conseiller",
            "* réécouter > accueil",
            "autre touche > conseiller",
            "silence > fin"
        ]
    );
    assert_eq!(
        ways(3),
        [
            "sinon > accueil",
            "commande = “1234” et non caller.mobile > conseiller",
            "5678 > fin",
            "9999 > accueil",
            "sinon > conseiller"
        ]
    );
    assert_eq!(
        ways(4),
        ["1 être rappelé > repondeur", "2 > alice", "personne > repondeur", "trop long > alice"]
    );
    assert_eq!(ways(8), Vec::<String>::new());
    let lines =
        |node: usize| -> Vec<&str> { diagram.nodes[node].lines.iter().map(|line| &*line.text).collect() };
    assert_eq!(
        lines(3),
        ["suivi", "Tapez votre numéro de commande.", "commande (4–8 chiffres, à confirmer)", "commande"]
    );
    assert_eq!(lines(4), ["conseillers (sav, 1 min 30 s au plus)"]);
    assert_eq!(lines(5), ["alice, bruno (tour à tour)"]);
    assert_eq!(lines(0), ["+33800123456", "appel-gratuit.wav"]);
}

#[test]
fn figures_do_not_move_anything() {
    let frames = |diagram: &Diagram| -> Vec<layout::Frame> {
        let picture = layout::layout(diagram).unwrap();
        picture.cards.iter().map(|card| card.frame).collect()
    };
    let plain = drawn(FRENCH);
    let live = with_figures(plain.clone());
    assert_eq!(frames(&plain), frames(&live));
    let text = svg(std::slice::from_ref(&live), FRENCH).unwrap();
    for figure in live
        .nodes
        .iter()
        .filter_map(|node| node.figure.as_ref())
        .chain(live.edges.iter().filter_map(|edge| edge.figure.as_ref()))
    {
        assert!(text.contains(&format!(">{figure}</text>")), "{figure}");
    }
    assert!(mermaid(std::slice::from_ref(&live)).contains("appels</b> · 1000"));
    assert!(dot(&[live]).contains("appels · 1000"));
}

/// A diagram whose every text tries to be something else.
fn hostile() -> Diagram {
    let evil = "</text><script>&amp;\"'\\\u{202e}\u{0}\u{7}\u{fffe}]]>`|#quot; \u{5e9}\u{5dc}\u{5d5}\u{5dd} --> end \n%%{init}";
    let node = |id: &str| Node {
        id: format!("{id}{evil}"),
        name: evil.to_owned(),
        kind: Kind::Menu,
        lines: vec![Line { sign: Sign::Says, text: evil.to_owned() }],
        figure: Some(evil.to_owned()),
    };
    let label = Label { key: Some('<'), words: evil.to_owned() };
    Diagram {
        title: evil.to_owned(),
        nodes: vec![node("a"), node("b")],
        edges: vec![Edge { from: 0, to: 1, label, kind: Course::Fallback, figure: Some(evil.to_owned()) }],
    }
}

#[test]
fn no_text_of_an_operator_becomes_markup() {
    let hostile = hostile();
    let text = svg(&[hostile.clone(), hostile.clone()], FRENCH).unwrap();
    well_formed(&text);
    assert!(!text.contains("<script"));
    for text in [text, mermaid(&[hostile.clone(), hostile.clone()]), dot(&[hostile.clone(), hostile.clone()])]
    {
        let control = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{fffe}');
        assert!(!text.contains(control), "{text}");
        assert!(text.contains("שלום"), "letters from right to left stay");
    }
    // In a text of Mermaid's nothing is left that it or HTML would read.
    let text = mermaid(std::slice::from_ref(&hostile));
    let edge = text.lines().find(|line| line.contains("-.->")).unwrap();
    let label = edge.split_once("|\"").unwrap().1.split_once("\"|").unwrap().0;
    assert!(label.contains("#60;script#62;") && !label.contains(['<', '>', '"', '&', '`']), "{label}");
    assert_eq!(text.lines().filter(|line| line.starts_with("  f0n")).count(), 3, "{text}");
    let text = dot(&[hostile]);
    assert!(text.contains("\\\"") && text.contains("&amp;amp;") && text.contains("\\\\"), "{text}");
}

/// Tags match, attributes are quoted, and entities are known.
fn well_formed(text: &str) {
    let (mut open, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find('<') {
        entities(&rest[..at]);
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name)),
            (None, None) => open.push(tag.split(' ').next().unwrap()),
            (None, Some(_)) => {}
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        entities(tag);
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
}

fn entities(text: &str) {
    for (at, _) in text.match_indices('&') {
        let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
        assert!(known.iter().any(|entity| text[at..].starts_with(entity)), "{}", &text[at..]);
    }
}

#[test]
fn several_flows_stand_below_one_another() {
    let (one, two) = (drawn(FRENCH), drawn(Tongue::English));
    let text = svg(&[one.clone(), two.clone()], FRENCH).unwrap();
    well_formed(&text);
    let ids: Vec<&str> =
        text.match_indices(" id=\"").map(|(at, _)| text[at + 5..].split('"').next().unwrap()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(ids.len(), unique.len(), "no id twice");
    assert_eq!(ids.len(), one.nodes.len() + two.nodes.len());
    assert_eq!(mermaid(&[one.clone(), two.clone()]).matches("subgraph ").count(), 2);
    assert_eq!(dot(&[one, two]).matches("subgraph cluster_").count(), 2);
}

#[test]
fn eight_thousand_blocks_are_drawn() {
    // A chain in which every block also leads to the last one, back to the first, and to one somewhere.
    let count = 8_000;
    let node = |number: usize| Node {
        id: number.to_string(),
        name: format!("bloc_{number}"),
        kind: Kind::Say,
        lines: Vec::new(),
        figure: None,
    };
    let label = Label { key: None, words: "sinon".to_owned() };
    let edge = |from, to| Edge { from, to, label: label.clone(), kind: Course::Usual, figure: None };
    let mut edges: Vec<Edge> = (1..count).map(|to| edge(to - 1, to)).collect();
    edges.extend((0..count - 1).flat_map(|from| [edge(from, count - 1), edge(from, from * 7_919 % count)]));
    let diagram = Diagram { title: "grand".to_owned(), nodes: (0..count).map(node).collect(), edges };
    let text = svg(&[diagram], FRENCH).unwrap();
    assert_eq!(text.matches("class=\"card ").count(), count);
}
