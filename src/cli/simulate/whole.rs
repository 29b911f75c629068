//! `svi simulate --ladder`, `--pcap`: the script played through the server's own SIP and RTP under a virtual clock.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use super::order::Order;
use super::screen::Screen;
use super::{Args, Outside, Script};
use crate::base::diagnostic::{Text, Tongue};
use crate::base::time::{Duration, Wall};
use crate::flow::errand::{Fetch, FetchFailure, Fetched};
use crate::io::load::{self, SiteSource};
use crate::io::outside;
use crate::io::terminal::{self, errln};
use crate::say;
use crate::sim::conversation::Reply;
use crate::sim::pcap::Capture;
use crate::sim::scenario::moment;
use crate::sim::whole::{Setting, Whole};
use crate::sim::world::Company;
use crate::switchboard::Edition;

/// A talk lasts so long when the script says nothing of it.
const TALK: Duration = Duration::from_secs(5);
/// Every run draws the same: the same script gives the same octets.
const SEED: u64 = 1;

/// Plays the script, and shows or writes what came of it. 0: it ran; 1: the site has mistakes, a law was broken, or the file cannot be written.
pub(super) fn run(args: &Args, asked: Asked, script: &Script, tongue: Tongue) -> ExitCode {
    let (edition, silent) = match load::aloud(&SiteSource::new(args.site.clone())) {
        Ok(loaded) => loaded,
        Err(error) => {
            terminal::err(&error.render(false, tongue));
            return ExitCode::FAILURE;
        }
    };
    let screen = Screen::new(tongue, moment::zone(&edition));
    if !silent.is_empty() {
        let list = "svi prompts list";
        screen.tell(&say!("texts without a voice, which are silence here: {}; see `{}`", silent.len(), list));
    }
    let setting = Setting {
        number: &asked.number,
        caller: &args.from,
        wall: asked.wall,
        agents: args.agents,
        seed: SEED,
    };
    let company = company(asked.outside, &edition);
    let clocks = |text: &str, edition: &Edition| moment::parse(text, edition);
    let moments: Vec<Option<Wall>> = script
        .iter()
        .map(|(_, order)| if let Order::Clock(text) = order { clocks(text, &edition) } else { None })
        .collect();
    let mut call = Whole::new(edition, &setting, company);
    for (place, (word, order)) in script.iter().enumerate() {
        call.listen();
        if call.is_over() {
            screen.tell(&say!("{}: the call is over already", word));
            continue;
        }
        let next = script.get(place + 1).map(|(_, order)| order);
        if let Some(why) = obey(&mut call, order, next, moments[place]) {
            screen.tell(&say!("{}: {}", word, &why));
        }
    }
    call.listen();
    if !call.is_over() {
        call.hang_up();
    }
    let (world, capture) = call.finish();
    if args.ladder {
        terminal::out(&world.ladder.draw());
    }
    let written = args.pcap.as_deref().map_or(Ok(()), |file| write(file, &capture, &screen));
    let broken = world.verdict();
    broken.iter().for_each(|law| errln!("svi: {law}"));
    match written {
        Err(why) => {
            errln!("svi: {}", why.to(tongue));
            ExitCode::FAILURE
        }
        Ok(()) if broken.is_empty() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
    }
}

/// What was asked of the call, beside what stands in [`Args`].
pub(super) struct Asked {
    pub(super) number: String,
    pub(super) wall: Wall,
    pub(super) outside: Outside,
}

/// Does one order; what cannot be done comes back in words. What follows decides who ends a talk.
fn obey(call: &mut Whole, order: &Order, next: Option<&Order>, moment: Option<Wall>) -> Option<Text> {
    let nobody = |done: bool| (!done).then(|| Text::word("the flow waits for nobody"));
    match order {
        Order::Press(keys) => call.press(keys),
        Order::Wait => call.wait(),
        Order::Elapse(time) => call.elapse(*time),
        Order::Clock(text) => match moment {
            Some(wall) => call.set_wall(wall),
            None => return Some(say!("`{}` is not a moment; write `{}`", text, "2026-11-24 10h30")),
        },
        Order::Reply(Reply::Answer(who)) => {
            if !call.answer(who.as_ref()) {
                return nobody(false);
            }
            if !goes_on(next) {
                call.elapse(TALK);
                call.part();
            }
        }
        Order::Reply(Reply::NoAnswer) => return nobody(call.ignore()),
        Order::Reply(Reply::Busy) => return nobody(call.refuse(486)),
        Order::Reply(Reply::Unreachable) => return nobody(call.refuse(480)),
        Order::Position(_) => return Some(Text::word("with SIP the place in line is what it is")),
        Order::Say(time) => call.talk(*time),
        Order::Talk(time) => {
            if !call.is_talking() {
                return Some(Text::word("nobody has answered"));
            }
            call.talk(*time);
            if !goes_on(next) {
                call.part();
            }
        }
        Order::HangUp => call.hang_up(),
    }
    None
}

/// Whether the talk goes on with this order: only what comes in mid talk, or ends it, keeps who has answered there.
fn goes_on(next: Option<&Order>) -> bool {
    matches!(next, Some(Order::Talk(_) | Order::Elapse(_) | Order::Press(_) | Order::HangUp))
}

fn company(outside: Outside, edition: &Edition) -> Company {
    match outside {
        Outside::Faked(answers) => Box::new(move |fetch: &Fetch| match answers.find(fetch) {
            Some(answer) => (answer.after, answer.fetched),
            None => (Duration::ZERO, Fetched::Failed(FetchFailure::Unreachable)),
        }),
        Outside::Real => {
            let shared = edition.site.shared.clone();
            Box::new(move |fetch: &Fetch| {
                let began = Instant::now();
                let fetched = outside::fetch_blocking(&shared, fetch.clone());
                (began.elapsed(), fetched)
            })
        }
    }
}

fn write(file: &Path, capture: &Capture, screen: &Screen) -> Result<(), Text> {
    crate::io::disk::write(file, capture.bytes())
        .map_err(|error| say!("{} cannot be written: {}", file.display(), error))?;
    screen.tell(&say!("{}: {} packets", file.display(), capture.packets()));
    Ok(())
}
