//! A flow that callers dial has nowhere to return to, and nobody to give it its inputs.

use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::verb::Step;
use super::place::at;
use crate::base::diagnostic::Text;
use crate::say;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow) {
    let dialled = flow.numbers.iter().chain(&reader.names.campaign_numbers).next().cloned();
    let Some(number) = dialled else { return };
    for (_, block) in flow.blocks() {
        for (step, place) in block.steps.iter().zip(&block.places) {
            if matches!(step, Step::Return(_)) {
                let message = say!("there is nothing to return to when {} is dialled", number);
                let help =
                    Text::word("end with `hangup`, or take the numbers out: a flow that is called has none");
                reader.error(&at(place), "return-nowhere", message, help);
                // One message: the others have the same cause.
                return;
            }
        }
    }
    if let Some((input, _)) = flow.inputs.first() {
        let message = say!("nobody gives `{}` when {} is dialled", input, number);
        let help = Text::word("take the numbers out: a flow that is called has none");
        let block = flow.block(flow.start);
        reader.error(&at(&block.place), "missing-input", message, help);
    }
}
