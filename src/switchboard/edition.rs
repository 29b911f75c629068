//! One loaded version of everything that an operator edits: the site, its flows, its sounds, and the addresses of its
//! hosts. Swapped whole; a call keeps the one that it began with.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::audio::sound::Sound;
use crate::base::name::Name;
use crate::config::Site;
use crate::sip::endpoint::{Account, Config, Credentials, Registration};
use crate::sip::transport::Protocol;

/// See the module.
#[derive(Debug)]
pub struct Edition {
    /// The site and its flows.
    pub site: Site,
    /// Every sound that a flow of the site can play.
    pub library: Library,
    /// The host names of trunks and addresses, resolved by `io` when the edition was made.
    pub hosts: BTreeMap<String, SocketAddr>,
    /// Where we listen.
    pub listen: Vec<(Protocol, SocketAddr)>,
    /// Media workers that sessions are spread over.
    pub workers: u16,
}

/// Sounds by their key.
#[derive(Clone, Debug, Default)]
pub struct Library(BTreeMap<Name, Arc<Sound>>);

impl Library {
    /// Adds or replaces a sound.
    pub fn insert(&mut self, key: Name, sound: Arc<Sound>) {
        self.0.insert(key, sound);
    }

    /// The sound of a key.
    pub fn sound(&self, key: &str) -> Option<&Arc<Sound>> {
        self.0.get(key)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &Name> {
        self.0.keys()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Edition {
    /// What the SIP endpoint must know of it.
    pub(super) fn sip_config(&self) -> Config {
        let site = &self.site;
        let accounts = site.agents.values().filter_map(|agent| {
            let (user, password) = (agent.sip.clone()?, agent.password.clone()?);
            Some((user, Account { password: password.reveal().clone() }))
        });
        let registrations = site.trunks.iter().filter_map(|(name, trunk)| {
            let register = trunk.register.as_ref()?;
            Some((
                name.clone(),
                Registration {
                    registrar: format!("sip:{}", register.registrar),
                    address: self.address_of(&register.registrar)?,
                    protocol: Protocol::Udp,
                    credentials: Credentials {
                        user: register.user.clone(),
                        password: register.password.reveal().clone(),
                    },
                    expires: register.expires,
                },
            ))
        });
        Config {
            public_address: site.server.sip.public_address.map(|address| address.to_string()),
            listen: self.listen.clone(),
            realm: site.server.sip.realm.clone(),
            accounts: accounts.collect(),
            registrations: registrations.collect(),
            credentials: self.trunk_credentials(),
        }
    }

    /// The address of `host` or `host:port`, as `io` resolved it, or as it is written.
    pub(super) fn address_of(&self, host: &str) -> Option<SocketAddr> {
        self.hosts.get(host).copied().or_else(|| literal_address(host))
    }

    fn trunk_credentials(&self) -> BTreeMap<Name, Credentials> {
        let trunks = self.site.trunks.iter();
        let known = trunks.filter_map(|(name, trunk)| {
            let register = trunk.register.as_ref()?;
            let password = register.password.reveal().clone();
            Some((name.clone(), Credentials { user: register.user.clone(), password }))
        });
        known.collect()
    }
}

/// `192.0.2.1`, `192.0.2.1:5070`, `[2001:db8::1]:5060`; port 5060 when none is written (RFC 3261 §19.1.2).
pub fn literal_address(host: &str) -> Option<SocketAddr> {
    if let Ok(address) = host.parse::<SocketAddr>() {
        return Some(address);
    }
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok().map(|ip| SocketAddr::new(ip, 5060))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_addresses_have_the_port_of_sip_by_default() {
        assert_eq!(literal_address("192.0.2.1"), "192.0.2.1:5060".parse().ok());
        assert_eq!(literal_address("192.0.2.1:5070"), "192.0.2.1:5070".parse().ok());
        assert_eq!(literal_address("[2001:db8::1]"), "[2001:db8::1]:5060".parse().ok());
        assert_eq!(literal_address("sip.operateur.example"), None);
    }
}
