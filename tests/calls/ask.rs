//! Collected digits.

use svi::sim::network::Weather;

use crate::support::{Caller, run, seconds, world};

#[test]
fn a_code_typed_ahead_of_its_question_is_taken_and_kept_out_of_the_record() {
    let mut world = world(1, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("appel-gratuit.wav")
        .presses("41234")
        .hears("Merci.")
        .is_hung_up_on()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.keys, "4");
    assert!(!record.to_json().contains("1234\","), "{}", record.to_json());
}

#[test]
fn too_few_digits_are_asked_for_again() {
    let mut world = world(2, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("Que souhaitez-vous faire ?")
        .presses("4")
        .hears("Tapez votre code à quatre chiffres.")
        .presses("12")
        .waits(seconds(5))
        .hears("Tapez votre code à quatre chiffres.")
        .presses("1234")
        .hears("Merci.")
        .hangs_up()
        .enters(&mut world);
    run(&mut world);
}
