//! What is known of one call, a line each: who called what, how it went, how long, what it costs.

use super::row::caller;
use crate::base::diagnostic::{Text, Tongue};
use crate::base::name::Name;
use crate::centre::number;
use crate::centre::record::CallRecord;
use crate::cli::status::length;
use crate::figures::money::Money;
use crate::figures::outcome;
use crate::say;

/// Lines that say something.
pub(super) fn of(call: &CallRecord, tongue: Tongue) -> Vec<Text> {
    let date = call.started.date();
    let when = call.started.to_string();
    let zone = when.get(23..).unwrap_or_default();
    let mut facts = vec![
        say!(
            "call {} of {} {} at {} ({}), id {}",
            call.reference,
            date.weekday().text(),
            date,
            call.started.clock(),
            zone,
            call.id
        ),
        Text::default(),
        whom(call),
        to(call),
        say!("outcome    {}", outcome::known(call).text()),
        lasted(call),
    ];
    facts.extend(cost(call, tongue));
    facts.extend(left(call));
    facts.extend(asked(call));
    facts
}

fn whom(call: &CallRecord) -> Text {
    match &call.caller_name {
        Some(name) => say!("from       {}, {}", caller(call), name),
        None => say!("from       {}", caller(call)),
    }
}

fn to(call: &CallRecord) -> Text {
    let number = number::display(call.number.as_deref().unwrap_or("?"));
    let flow = call.flow.as_deref().unwrap_or("-");
    match &call.campaign {
        Some(campaign) => say!("to         {}, campaign {}, flow {}", number, campaign, flow),
        None => say!("to         {}, flow {}", number, flow),
    }
}

fn lasted(call: &CallRecord) -> Text {
    let seconds = |ms: u64| length(ms / 1_000);
    let clocks = call.clocks;
    let all = clocks.ring_ms + clocks.flow_ms + clocks.wait_ms + clocks.talk_ms;
    say!(
        "lasted     {}: {} ringing, {} in the flow, {} waiting, {} talking",
        seconds(all),
        seconds(clocks.ring_ms),
        seconds(clocks.flow_ms),
        seconds(clocks.wait_ms),
        seconds(clocks.talk_ms)
    )
}

fn cost(call: &CallRecord, tongue: Tongue) -> Vec<Text> {
    let Some(cost) = &call.cost else { return Vec::new() };
    let euros = |micros| Money::micros(micros).text(tongue);
    let mut lines = vec![say!(
        "cost       {} (estimated): {} for the call in, {} for calls out, {} for text messages",
        euros(cost.total_micros),
        euros(cost.incoming_micros),
        euros(cost.outgoing_micros),
        euros(cost.messages_micros)
    )];
    if cost.unsure {
        lines.push(Text::word("           a price was not known: the dearest rate was taken"));
    }
    lines
}

/// What the caller left, and was promised.
fn left(call: &CallRecord) -> Vec<Text> {
    let mut lines = Vec::new();
    if let Some(message) = &call.message {
        let lasted = length(message.duration_ms / 1_000);
        lines.push(say!("message    {}, in the mailbox {}: {}", lasted, message.mailbox, message.file));
    }
    lines.extend(call.recordings.iter().map(|file| say!("recording  {}", file)));
    if let Some(promised) = &call.callback {
        let (number, queue) = (number::display(&promised.number), &promised.queue);
        lines.push(say!(
            "call back  of {}, promised in the queue {}, until {}",
            number,
            queue,
            promised.before
        ));
    }
    if call.sms + call.emails > 0 {
        lines.push(say!("sent       {} text messages, {} e-mails", call.sms, call.emails));
    }
    lines
}

/// What the caller typed and where that led; what others were asked.
fn asked(call: &CallRecord) -> Vec<Text> {
    let joined = |names: &[Name], with: &str| names.iter().map(Name::as_str).collect::<Vec<_>>().join(with);
    let mut lines = Vec::new();
    if call.steps.is_empty() && !call.path.is_empty() {
        lines.push(say!("path       {}", joined(&call.path, " → ")));
    }
    if !call.keys.is_empty() {
        lines.push(say!("keys       {}", call.keys));
    }
    if !call.tags.is_empty() {
        lines.push(say!("tags       {}", joined(&call.tags, ", ")));
    }
    lines.extend(call.answers.iter().map(|(name, key)| say!("answer     {}: {}", name, key)));
    lines.extend(call.lookups.iter().map(|it| say!("asked      {}: {}", it.host, it.outcome)));
    lines.extend(call.card.as_ref().map(|card| say!("card       {}", card)));
    if let Some(media) = call.media.filter(|media| media.received + media.lost > 0) {
        let (received, lost, jitter) = (media.received, media.lost, media.jitter_ms);
        lines.push(say!(
            "heard      {} packets of the caller, {} lost, jitter {} ms",
            received,
            lost,
            jitter
        ));
    }
    lines
}
