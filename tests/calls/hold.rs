//! Hold and resume by re-INVITE.

use svi::sim::network::Weather;

use crate::support::{Caller, run, seconds, world};

#[test]
fn a_caller_on_hold_hears_nothing_and_is_not_taken_for_dead() {
    let mut world = world(1, Weather::FAIR);
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .hears("Que souhaitez-vous faire ?")
        .holds()
        .waits(seconds(2))
        .resumes()
        .waits(seconds(1))
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.reason.as_deref(), Some("bye"));
    assert!(world.phone(caller).ear.heard.len() >= 3);
}
