use super::*;
use proptest::prelude::*;

fn check(raw: &str, number: Option<&str>, class: Class) {
    let got = normalise(raw);
    assert_eq!((got.number.as_deref(), got.class), (number, class), "{raw:?}");
}

#[test]
fn a_mobile_is_one_number_however_written() {
    for raw in [
        "+33612345678",
        "0033612345678",
        "33612345678",
        "0612345678",
        "+33 (0)6 12 34 56 78",
        "06.12.34.56.78",
        "06\u{a0}12\u{202f}34 56 78",
        "(06) 12-34-56-78",
        "sip:0612345678@x;user=phone",
        "SIP:%2B33612345678@x",
        "sip:+33612345678:secret@x",
        "sip:+33612345678;npdi@x;user=phone",
        "tel:+33-6-12-34-56-78",
        "tel:612345678;phone-context=+33",
        "<sip:0612345678@x>;tag=1",
        "\"Jean <0800> \\\" Dupont\" <sip:+33612345678@x;user=phone>;tag=a",
        "Jean <tel:0612345678;phone-context=+33>",
        "+330612345678",
        "612345678",
    ] {
        check(raw, Some("+33612345678"), Class::Mobile);
    }
}

#[test]
fn the_ranges_of_the_plan() {
    check("0123456789", Some("+33123456789"), Class::Fixed);
    for raw in ["0962123456", "0937123456", "0948123456"] {
        check(raw, Some(&format!("+33{}", &raw[1..])), Class::Voip);
    }
    check("0805123456", Some("+33805123456"), Class::Free);
    check("0806123456", Some("+33806123456"), Class::Shared);
    check("0808812345", Some("+33808812345"), Class::Shared);
    check("0820123456", Some("+33820123456"), Class::Premium);
    check("0831234567", None, Class::Unknown);
    check("+80012345678", Some("+80012345678"), Class::Uifn);
    check("0080012345678", Some("+80012345678"), Class::Uifn);
    check("+800 1234 567", None, Class::Unknown);
    check("+377612345678", Some("+377612345678"), Class::Foreign);
    check("07000123456789", Some("+337000123456789"), Class::M2m);
    check("+337000123456789", Some("+337000123456789"), Class::M2m);
}

#[test]
fn the_overseas_parts_have_country_codes_of_their_own() {
    for (raw, number) in [
        ("0690123456", "+590690123456"),
        ("0694123456", "+594694123456"),
        ("0696123456", "+596696123456"),
        ("0692123456", "+262692123456"),
        ("0639123456", "+262639123456"),
        ("+33690123456", "+590690123456"),
        ("+590690123456", "+590690123456"),
        ("00262692123456", "+262692123456"),
        ("+508551234", "+508551234"),
        ("+68787654321", "+68787654321"),
    ] {
        check(raw, Some(number), Class::OverseasMobile);
    }
    for (raw, number) in [
        ("0590123456", "+590590123456"),
        ("0594123456", "+594594123456"),
        ("0596123456", "+596596123456"),
        ("0262123456", "+262262123456"),
        ("0269123456", "+262269123456"),
        ("0508411234", "+508411234"),
        ("+508411234", "+508411234"),
    ] {
        check(raw, Some(number), Class::OverseasFixed);
    }
    assert_eq!(country("+262639123456"), Some("YT"));
    assert_eq!(country("+262692123456"), Some("RE"));
}

#[test]
fn short_numbers_stay_short() {
    for raw in ["3018", "116006", "3949", "1014", "118712"] {
        check(raw, Some(raw), Class::Short);
        check(&format!("sip:{raw}@x"), Some(raw), Class::Short);
        check(&format!("tel:{raw};phone-context=+33"), Some(raw), Class::Short);
    }
    check("+333018", Some("3018"), Class::Short);
    for raw in ["15", "17", "18", "112", "114", "115", "119"] {
        check(raw, Some(raw), Class::Emergency);
    }
    check("200", Some("200"), Class::Unknown);
    check("tel:3018;phone-context=+41", None, Class::Unknown);
    check("tel:0221234567;phone-context=+41", Some("+41221234567"), Class::Foreign);
}

#[test]
fn what_hides_is_secret_and_what_is_no_number_is_unknown() {
    for raw in [
        "",
        "  ",
        "anonymous",
        "Restricted",
        "unknown",
        "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=2",
        "<sip:anonymous.invalid>",
        "sip:unavailable@10.0.0.1",
        "sip:0612345678@anonymous.invalid",
        "sip:@host",
    ] {
        check(raw, None, Class::Secret);
    }
    for raw in ["sip:alice@example.com", "bob", "06123x5678", "*123#", "080012345", "+", "00", "١٢٣٤"] {
        check(raw, None, Class::Unknown);
    }
}

#[test]
fn free_is_what_costs_the_caller_nothing() {
    for raw in
        ["0800123456", "0805123456", "+80012345678", "116117", "3000", "3007", "3009", "3169", "3180", "3199"]
    {
        assert!(is_free(raw), "{raw}");
    }
    for raw in [
        "0806123456",
        "0809123456",
        "0811123456",
        "0899123456",
        "0912345678",
        "0123456789",
        "0612345678",
        "3008",
    ]
    .into_iter()
    .chain([
        "3170",
        "3179",
        "3200",
        "3949",
        "118712",
        "1014",
        "112",
        "anonymous",
        "+377612345678",
        "30180",
    ]) {
        assert!(!is_free(raw), "{raw}");
    }
}

#[test]
fn own_numbers_are_refused_with_their_reason() {
    for raw in
        ["0800 123 456", "+800 1234 5678", "3018", "116006", "+33 1 23 45 67 89", "01 23 45 67 89", "3949"]
    {
        assert_eq!(own_number_problem(raw), None, "{raw}");
    }
    for (raw, problem) in [
        ("3008", OwnProblem::Unowned),
        ("3170", OwnProblem::Unowned),
        ("3179", OwnProblem::Unowned),
        ("112", OwnProblem::Emergency),
        ("15", OwnProblem::Emergency),
        ("080012345", OwnProblem::Length),
        ("08001234567", OwnProblem::Length),
        ("+33 0800 123 456", OwnProblem::TrunkZero),
        ("0033 0800 123 456", OwnProblem::TrunkZero),
        ("accueil", OwnProblem::NotANumber),
        ("", OwnProblem::NotANumber),
        ("42", OwnProblem::NotANumber),
    ] {
        assert_eq!(own_number_problem(raw), Some(problem), "{raw}");
    }
}

#[test]
fn numbers_are_shown_as_the_french_write_them() {
    for (raw, shown) in [
        ("+33800123456", "0 800 123 456"),
        ("0805123456", "0 805 123 456"),
        ("0612345678", "06 12 34 56 78"),
        ("+33123456789", "01 23 45 67 89"),
        ("+590690123456", "06 90 12 34 56"),
        ("+508411234", "05 08 41 12 34"),
        ("+80012345678", "+800 1234 5678"),
        ("116006", "116 006"),
        ("3018", "3018"),
        ("+377612345678", "+377612345678"),
        ("alice", "alice"),
    ] {
        assert_eq!(display(raw), shown);
    }
}

#[test]
fn countries() {
    assert_eq!(country("+33612345678"), Some("FR"));
    assert_eq!(country("3018"), Some("FR"));
    assert_eq!(country("+377612345678"), Some("MC"));
    assert_eq!(country("+14165550123"), None);
}

proptest! {
    #![proptest_config(crate::base::property::cases(256))]

    #[test]
    fn nothing_from_the_network_panics_and_the_normal_form_is_stable(raw in "[+0-9 ();:@<>%a-f\"\\\\=.-]{0,40}|\\PC{0,40}") {
        let first = normalise(&raw);
        let _ = (is_free(&raw), own_number_problem(&raw), display(&raw));
        if let Some(number) = first.number.clone() {
            prop_assert_eq!(normalise(&number), first);
            let shown = display(&number);
            let again = normalise(&shown);
            prop_assert_eq!(again.number, Some(number));
        }
    }

    #[test]
    fn any_dialled_digits_have_a_stable_normal_form(raw in "\\+?[0-9]{2,15}") {
        let first = normalise(&raw);
        if let Some(number) = first.number.clone() {
            prop_assert_eq!(normalise(&number), first);
        }
    }
}
