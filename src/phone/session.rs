//! The task behind a [`CallHandle`](crate::phone::handset::CallHandle): it waits for whatever comes first, and does it.

use std::net::{IpAddr, SocketAddr};

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant as TokioInstant, Interval, interval, sleep_until};

use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::phone::call::{Call, Event, Output};
use crate::phone::conversation::{Conversation, Deed, Plan};
use crate::phone::dialog::Line;
use crate::phone::handset::{AnswerOptions, DialOptions, Happening, Order, PhoneError};
use crate::phone::ladder::Rung;
use crate::phone::message::{Message, Method};
use crate::phone::registration::{self, Registration};
use crate::phone::voice::PACKET_BYTES;
use crate::phone::wire::Wire;

/// One packet every 20 ms, by absolute deadlines.
const PACE: Duration = Duration::from_millis(20);
/// After the last word of a call its repeats are still answered for this long (a lost 200 to a BYE).
const LINGER: Duration = Duration::from_millis(300);

/// All that the phone owns.
#[derive(Debug)]
pub(crate) struct Session {
    server: SocketAddr,
    wire: Wire,
    rtp: UdpSocket,
    line: Line,
    rng: Rng,
    began: TokioInstant,
    registration: Option<Registration>,
    call: Option<(Call, Conversation)>,
    plan: Plan,
    calls_left: Option<u32>,
    leaving: bool,
    heard_of_server: bool,
    lingering: Option<Instant>,
    orders: mpsc::UnboundedReceiver<Order>,
    happenings: mpsc::Sender<Happening>,
}

/// What woke the task.
enum Woken {
    Sip(std::io::Result<Vec<u8>>),
    Rtp(usize),
    Frame,
    Order(Option<Order>),
    Timer,
}

impl Session {
    /// The session of a caller, its INVITE sent.
    pub(super) async fn dialling(
        options: DialOptions,
        orders: mpsc::UnboundedReceiver<Order>,
        happenings: mpsc::Sender<Happening>,
    ) -> Result<Self, PhoneError> {
        let DialOptions { server, target, from, credentials, transport, codecs, script, print } = options;
        let network = |error| PhoneError::Network(server, error);
        let wire = Wire::open(transport, server).await.map_err(network)?;
        let local = wire.local().map_err(network)?;
        let host = server.ip().to_string();
        let line = Line { transport, local, user: from.clone(), host, credentials };
        let callee = target.trim_start_matches("sip:").split('@').next().unwrap_or_default().to_string();
        let plan = Plan { codecs, script, print, ours: from, theirs: callee };
        let mut session = Self::new(server, wire, line, plan, orders, happenings).await.map_err(network)?;
        session.calls_left = Some(1);
        let (now, rtp) = (session.now(), session.media_address().map_err(network)?);
        let mut conversation = Conversation::new(session.plan.clone(), rtp, session.rng.fork(), now);
        let rng = session.rng.fork();
        let call = Call::dial(session.line.clone(), &target, conversation.offer(), rng, now)
            .map_err(|why| PhoneError::Address(why.to_string()))?;
        session.call = Some((call, conversation));
        session.settle().await?;
        Ok(session)
    }

    /// The session of an agent, its REGISTER sent.
    pub(super) async fn answering(
        options: AnswerOptions,
        orders: mpsc::UnboundedReceiver<Order>,
        happenings: mpsc::Sender<Happening>,
    ) -> Result<Self, PhoneError> {
        let AnswerOptions { server, user, credentials, transport, codecs, script, print, .. } = options;
        let network = |error| PhoneError::Network(server, error);
        let wire = Wire::open(transport, server).await.map_err(network)?;
        let local = wire.local().map_err(network)?;
        let host = options.domain.unwrap_or_else(|| server.ip().to_string());
        let line = Line { transport, local, user: user.clone(), host, credentials };
        let plan = Plan { codecs, script, print, ours: user, theirs: String::new() };
        let mut session = Self::new(server, wire, line, plan, orders, happenings).await.map_err(network)?;
        session.calls_left = options.calls;
        if let Some(seconds) = options.register_for {
            let rng = session.rng.fork();
            let registration = Registration::new(session.line.clone(), seconds, rng, session.now())
                .map_err(|why| PhoneError::Address(why.to_string()))?;
            session.registration = Some(registration);
        }
        session.settle().await?;
        Ok(session)
    }

    async fn new(
        server: SocketAddr,
        wire: Wire,
        line: Line,
        plan: Plan,
        orders: mpsc::UnboundedReceiver<Order>,
        happenings: mpsc::Sender<Happening>,
    ) -> std::io::Result<Self> {
        let rtp = UdpSocket::bind((line.local.ip(), 0)).await?;
        let (registration, call, calls_left, lingering) = (None, None, None, None);
        let (leaving, heard_of_server) = (false, false);
        let (rng, began) = (Rng::from_entropy(entropy()), TokioInstant::now());
        Ok(Self {
            server,
            wire,
            rtp,
            line,
            rng,
            began,
            registration,
            call,
            plan,
            calls_left,
            leaving,
            heard_of_server,
            lingering,
            orders,
            happenings,
        })
    }

    /// Where its SIP is reached.
    pub(super) fn local(&self) -> SocketAddr {
        self.line.local
    }

    /// Works until there is nothing left to do.
    pub(super) async fn run(mut self) -> Result<(), PhoneError> {
        let mut frames = interval(PACE);
        let mut packet = vec![0; 2_048];
        let mut was_busy = false;
        loop {
            self.settle().await?;
            if self.is_done() {
                return Ok(());
            }
            if self.call.is_some() != was_busy {
                was_busy = !was_busy;
                // The ticks of the time without a call are not owed.
                frames.reset();
            }
            match self.wait(&mut frames, &mut packet).await {
                Woken::Sip(Ok(bytes)) => self.sip(&bytes).await?,
                // A server that restarts refuses datagrams for a while; one that was never there, for ever.
                Woken::Sip(Err(error)) if self.heard_of_server && self.is_udp() => {
                    tracing::debug!(%error, "the server does not listen");
                }
                Woken::Sip(Err(error)) => return Err(PhoneError::Network(self.server, error)),
                Woken::Rtp(length) => {
                    let now = self.now();
                    if let Some((_, conversation)) = &mut self.call {
                        let told = conversation.packet(now, &packet[..length]);
                        self.tell(told);
                    }
                }
                Woken::Frame => self.frame().await,
                Woken::Order(order) => self.order(order),
                Woken::Timer => {
                    let now = self.now();
                    if let Some((call, _)) = &mut self.call {
                        call.tick(now);
                    }
                    if let Some(registration) = &mut self.registration {
                        registration.tick(now);
                    }
                }
            }
        }
    }

    async fn wait(&mut self, frames: &mut Interval, packet: &mut [u8]) -> Woken {
        let calls = self.call.as_ref().and_then(|(call, _)| call.wake());
        let registration = self.registration.as_ref().and_then(Registration::wake);
        let wake = [calls, registration, self.lingering].into_iter().flatten().min();
        let wake = wake.map(|at| self.began + Duration::from_micros(at.as_micros()));
        let busy = self.call.is_some();
        tokio::select! {
            biased;
            received = self.rtp.recv_from(packet), if busy => Woken::Rtp(received.map_or(0, |(length, _)| length)),
            _ = frames.tick(), if busy => Woken::Frame,
            message = self.wire.receive() => Woken::Sip(message),
            order = self.orders.recv(), if !self.leaving => Woken::Order(order),
            () = sleep_until(wake.unwrap_or_else(TokioInstant::now)), if wake.is_some() => Woken::Timer,
        }
    }

    async fn sip(&mut self, bytes: &[u8]) -> Result<(), PhoneError> {
        self.heard_of_server = true;
        let now = self.now();
        let message = match Message::read(bytes) {
            Ok(message) => message,
            Err(why) => {
                tracing::debug!(%why, "unreadable message");
                if let Some((_, conversation)) = &mut self.call {
                    conversation.draw(now, &Rung::Noise(bytes.len()));
                }
                return Ok(());
            }
        };
        if let Some((call, conversation)) = self.call.as_mut().filter(|(call, _)| call.owns(&message)) {
            conversation.draw(now, &Rung::Came(&message));
            call.message(now, &message);
            return Ok(());
        }
        if let Some(registration) = self.registration.as_mut().filter(|own| own.owns(&message)) {
            registration.message(now, &message);
            return Ok(());
        }
        let network = |error| PhoneError::Network(self.server, error);
        match message.method() {
            Some(Method::Invite) if self.call.is_none() && message.to_tag().is_none() => self.rung(message),
            Some(Method::Ack) | None => Ok(()),
            Some(method) => {
                let status = match method {
                    Method::Options | Method::Notify => 200,
                    Method::Invite if message.to_tag().is_none() => 486,
                    _ => 481,
                };
                let answer = message.answer(status, &self.rng.hex(6), Some(&self.line.contact()), None);
                self.wire.send(&answer).await.map_err(network)
            }
        }
    }

    /// We are called, and free.
    fn rung(&mut self, invite: Message) -> Result<(), PhoneError> {
        let now = self.now();
        let rtp = self.media_address().map_err(|error| PhoneError::Network(self.server, error))?;
        let caller = invite.from().to_string();
        let mut plan = self.plan.clone();
        plan.theirs =
            caller.split(['<', '>', ';', '@']).find_map(|p| p.strip_prefix("sip:")).unwrap_or("?").into();
        let mut conversation = Conversation::new(plan, rtp, self.rng.fork(), now);
        conversation.draw(now, &Rung::Came(&invite));
        let call = Call::ring(self.line.clone(), invite, self.rng.fork());
        self.call = Some((call, conversation));
        self.lingering = None;
        self.tell(vec![Happening::Ringing(caller)]);
        Ok(())
    }

    async fn frame(&mut self) {
        let now = self.now();
        let Some((call, conversation)) = &mut self.call else { return };
        match conversation.deed(now) {
            Some(Deed::HangUp) => call.hang_up(now),
            Some(Deed::Refuse(status)) => call.refuse(now, status),
            Some(Deed::Answer(sdp)) => call.accept(now, sdp),
            Some(Deed::Info(key)) => call.info(now, key),
            None => {}
        }
        let mut bytes = [0; PACKET_BYTES];
        if let Some((length, to)) = conversation.speak(now, &mut bytes) {
            // A full socket buffer or an unreachable peer loses a packet, as any network does.
            let _ = self.rtp.send_to(&bytes[..length], to).await;
        }
    }

    fn order(&mut self, order: Option<Order>) {
        let now = self.now();
        match order {
            // The handle is gone, or says goodbye.
            Some(Order::Leave) | None => {
                self.leaving = true;
                self.hang_up(now);
                if let Some(registration) = self.registration.as_mut().filter(|own| !own.is_over()) {
                    registration.leave(now);
                }
            }
        }
    }

    fn hang_up(&mut self, now: Instant) {
        if let Some((call, _)) = &mut self.call {
            call.hang_up(now);
        }
    }

    /// Does what the call and the registration want, until they want nothing more.
    async fn settle(&mut self) -> Result<(), PhoneError> {
        let (now, server) = (self.now(), self.server);
        let network = |error| PhoneError::Network(server, error);
        while let Some(output) = self.registration.as_mut().and_then(Registration::poll) {
            match output {
                registration::Output::Send(bytes) => self.wire.send(&bytes).await.map_err(network)?,
                registration::Output::Held(_) => self.tell(vec![Happening::Registered]),
                registration::Output::Gone => {}
                registration::Output::Refused(status) => return Err(PhoneError::Registration(status)),
            }
        }
        while let Some(output) = self.call.as_mut().and_then(|(call, _)| call.poll()) {
            match output {
                Output::Send(bytes) => {
                    if let (Some((_, conversation)), Ok(message)) = (&mut self.call, Message::read(&bytes)) {
                        conversation.draw(now, &Rung::Sent(&message));
                    }
                    self.wire.send(&bytes).await.map_err(network)?;
                }
                Output::Tell(event) => self.event(now, event),
            }
        }
        Ok(())
    }

    fn event(&mut self, now: Instant, event: Event) {
        let Some((call, conversation)) = &mut self.call else { return };
        let ended = matches!(event, Event::Ended(_));
        let told = conversation.event(now, call, event);
        self.tell(told);
        if ended {
            self.calls_left = self.calls_left.map(|left| left.saturating_sub(1));
            self.lingering = Some(now + LINGER);
        }
    }

    fn tell(&self, happenings: Vec<Happening>) {
        for happening in happenings {
            // Full only when nobody listens: then nobody misses it.
            let _ = self.happenings.try_send(happening);
        }
    }

    /// Whether all is said; an ended call lingers a moment for the repeats of its last messages.
    fn is_done(&mut self) -> bool {
        let now = self.now();
        let over = self.call.as_ref().is_none_or(|(call, _)| call.is_over());
        let lingered = self.lingering.is_none_or(|until| now >= until);
        if over && lingered {
            self.call = None;
            self.lingering = None;
        }
        let left = self.calls_left == Some(0) || self.leaving;
        if self.call.is_some() || !left {
            return false;
        }
        match &mut self.registration {
            Some(own) if !own.is_over() && !self.leaving => {
                self.leaving = true;
                own.leave(now);
                false
            }
            Some(own) => own.is_over(),
            None => true,
        }
    }

    fn is_udp(&self) -> bool {
        matches!(self.wire, Wire::Udp(_))
    }

    fn media_address(&self) -> std::io::Result<(IpAddr, u16)> {
        Ok((self.line.local.ip(), self.rtp.local_addr()?.port()))
    }

    fn now(&self) -> Instant {
        Instant::from_micros(self.began.elapsed().as_micros() as u64)
    }
}

/// 32 octets that no other phone has. Not for secrets: for tags, branches and nonces of a test phone.
fn entropy() -> [u8; 32] {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let mut seed = [0; 32];
    for part in seed.chunks_mut(8) {
        part.copy_from_slice(&RandomState::new().build_hasher().finish().to_ne_bytes());
    }
    seed
}
