//! What the switchboard and the data planes of a world want done outside: effects, sockets, packets.

use super::*;

impl World {
    pub(super) fn effect(&mut self, id: EffectId, effect: Effect) {
        let reply = match effect {
            Effect::OpenRecording { .. } if self.disk_full => Reply::Failed("no space left".to_owned()),
            Effect::OpenRecording { .. } => return,
            Effect::FinishRecording { keep: false, .. } => {
                self.discarded += 1;
                Reply::Discarded
            }
            Effect::FinishRecording { .. } if self.disk_full || self.disk_breaks => {
                Reply::Failed("no space left".to_owned())
            }
            Effect::FinishRecording { recording, .. } => Reply::Stored(format!("{}", recording.0)),
            Effect::Fetch(fetch) => {
                let (after, fetched) = (self.company)(&fetch);
                self.serial += 1;
                let later = self.now.at + after.min(fetch.timeout);
                self.replies.insert((later, self.serial), (id, Reply::Fetched(fetched)));
                return;
            }
            Effect::Send(letter) => return self.letters.push(letter),
        };
        self.serial += 1;
        let later = self.now.at + self.disk_takes;
        self.replies.insert((later, self.serial), (id, reply));
    }

    /// Does what a data plane wants done.
    pub(super) fn carry_media(&mut self, owner: Owner) {
        let mut events = Vec::new();
        let mut crossings = Vec::new();
        let mut binds = Vec::new();
        let now = self.now.at;
        loop {
            let plane = match owner {
                Owner::Server(worker) => &mut self.planes[usize::from(worker)],
                Owner::Phone(place) => &mut self.phones[place].plane,
            };
            match plane.poll() {
                MediaOutput::Bind(session, local) => binds.push((session, local)),
                MediaOutput::Release(session) => {
                    if let Some(local) = self.bound.remove(&(owner, session)) {
                        self.sockets.remove(&local);
                        self.sockets.remove(&above(local));
                    }
                }
                MediaOutput::Watch(..) => {}
                MediaOutput::Transmit { session, channel, to, octets } => {
                    if let Some(&local) = self.bound.get(&(owner, session)) {
                        let from = if channel == Channel::Rtp { local } else { above(local) };
                        let packet = Packet { from, to, bytes: octets.into() };
                        self.watch.sent(now, &packet);
                        self.network.send(now, packet);
                    }
                }
                MediaOutput::Frames { recording, samples } => {
                    *self.recorded.entry(recording).or_default() += samples.len() as u64;
                }
                MediaOutput::Cross(crossing) => crossings.push(crossing),
                MediaOutput::Event(event) => events.push(event),
                MediaOutput::Sleep(_) if binds.is_empty() => break,
                MediaOutput::Sleep(_) => {
                    for (session, local) in std::mem::take(&mut binds) {
                        let free =
                            !self.taken_ports.contains(&local.port()) && !self.sockets.contains_key(&local);
                        if free {
                            self.sockets.insert(local, (owner, session, Channel::Rtp));
                            self.sockets.insert(above(local), (owner, session, Channel::Rtcp));
                            self.bound.insert((owner, session), local);
                        }
                        self.plane_of(owner).bound(session, free);
                    }
                }
            }
        }
        for crossing in crossings {
            let worker = crossing.to();
            self.planes[usize::from(worker)].crossed(now, crossing);
            self.carry_media(Owner::Server(worker));
        }
        for event in events {
            match owner {
                Owner::Server(_) => {
                    self.watch.told(&event);
                    self.tell(Input::Media(event));
                }
                Owner::Phone(place) => self.phones[place].on_media(&event),
            }
        }
    }
}
