//! The network of a simulated world: seeded latency, loss, duplication and reordering. Loopback has none of them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};

/// What a network does to packets. Chances are in thousandths.
#[derive(Copy, Clone, Debug)]
pub struct Weather {
    /// Every packet takes at least this.
    pub latency: Duration,
    /// And up to this more: what exceeds the distance of two packets reorders them.
    pub jitter: Duration,
    /// Lost.
    pub loss: u64,
    /// Arrives twice.
    pub duplicate: u64,
}

impl Weather {
    /// A quiet local network.
    pub const FAIR: Self =
        Self { latency: Duration::from_millis(1), jitter: Duration::ZERO, loss: 0, duplicate: 0 };
    /// A bad day: a tenth lost, a twentieth doubled, 40 ms of jitter.
    pub const FOUL: Self = Self {
        latency: Duration::from_millis(15),
        jitter: Duration::from_millis(40),
        loss: 100,
        duplicate: 50,
    };
}

/// A packet on its way.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    /// From.
    pub(crate) from: SocketAddr,
    /// To.
    pub(crate) to: SocketAddr,
    /// What it says.
    pub(crate) bytes: Arc<[u8]>,
}

/// Packets on their way, soonest first.
#[derive(Debug)]
pub(crate) struct Network {
    weather: Weather,
    rng: Rng,
    serial: u64,
    under_way: BTreeMap<(Instant, u64), Packet>,
    /// Addresses that nothing comes from or gets to.
    cut: BTreeSet<IpAddr>,
}

impl Network {
    /// An empty network.
    pub(crate) fn new(weather: Weather, rng: Rng) -> Self {
        Self { weather, rng, serial: 0, under_way: BTreeMap::new(), cut: BTreeSet::new() }
    }

    /// Changes what happens to packets sent from now on.
    pub(crate) fn set_weather(&mut self, weather: Weather) {
        self.weather = weather;
    }

    /// Whoever lives at this address is gone.
    pub(crate) fn cut(&mut self, ip: IpAddr) {
        self.cut.insert(ip);
    }

    /// Sends a packet into it.
    pub(crate) fn send(&mut self, now: Instant, packet: Packet) {
        if [packet.from, packet.to].iter().any(|address| self.cut.contains(&address.ip())) {
            return;
        }
        if self.rng.chance(self.weather.loss) {
            return;
        }
        let copies = if self.rng.chance(self.weather.duplicate) { 2 } else { 1 };
        for _ in 0..copies {
            let spread = u64::try_from(self.weather.jitter.as_micros()).unwrap_or(0);
            let late = Duration::from_micros(self.rng.below(spread + 1));
            self.serial += 1;
            self.under_way.insert((now + self.weather.latency + late, self.serial), packet.clone());
        }
    }

    /// When the next packet arrives.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.under_way.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next packet that has arrived.
    pub(crate) fn arrived(&mut self, now: Instant) -> Option<Packet> {
        let entry = self.under_way.first_entry()?;
        if entry.key().0 > now { None } else { Some(entry.remove()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn packet(mark: u8) -> Packet {
        let address: SocketAddr = ([127, 0, 0, 1], 5060).into();
        Packet { from: address, to: address, bytes: Arc::from([mark].as_slice()) }
    }

    #[test]
    fn fair_weather_keeps_order_and_foul_weather_does_not_lose_all() {
        let mut fair = Network::new(Weather::FAIR, Rng::seeded(1));
        (0..10).for_each(|mark| fair.send(at(0), packet(mark)));
        assert!(fair.arrived(at(0)).is_none());
        let got: Vec<u8> = std::iter::from_fn(|| fair.arrived(at(1))).map(|packet| packet.bytes[0]).collect();
        assert_eq!(got, (0..10).collect::<Vec<u8>>());

        let mut foul = Network::new(Weather::FOUL, Rng::seeded(1));
        (0..1_000).for_each(|_| foul.send(at(0), packet(0)));
        let count = std::iter::from_fn(|| foul.arrived(at(100))).count();
        assert!((880..1_020).contains(&count), "{count}");
    }
}
