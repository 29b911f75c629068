//! The host names of a site, resolved: when it is loaded, and each minute after it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, ToSocketAddrs};

use crate::config::Site;
use crate::switchboard::{host_of, literal_address};

/// Hosts with all their addresses.
pub(crate) type Hosts = BTreeMap<String, Vec<SocketAddr>>;

/// The hosts of trunks and of SIP addresses in flows that are names.
pub(crate) fn names(site: &Site) -> BTreeSet<String> {
    let trunks = site.shared.trunks.values().flat_map(|line| {
        let registrar = line.registration.as_ref().map(|registration| registration.registrar.clone());
        std::iter::once(line.outbound.clone()).chain(registrar)
    });
    let addresses = site.flows.values().flat_map(|flow| flow.addresses());
    let hosts = trunks.chain(addresses.filter_map(|uri| host_of(&uri).map(str::to_owned)));
    hosts.filter(|host| !host.is_empty() && literal_address(host).is_none()).collect()
}

/// Those of these names that are found. It waits for the network.
pub(crate) fn resolve(names: BTreeSet<String>) -> Hosts {
    let addresses = |host: &str| -> Vec<SocketAddr> {
        let place = if host.contains(':') { host.to_owned() } else { format!("{host}:5060") };
        place.to_socket_addrs().map(Iterator::collect).unwrap_or_default()
    };
    let all = names.into_iter().map(|host| (addresses(&host), host));
    all.filter(|(found, _)| !found.is_empty()).map(|(found, host)| (host, found)).collect()
}

/// What of `found` is other than what was `known`: a name that is not found any more keeps its addresses, and the same
/// addresses in another order are the same.
pub(crate) fn changed(known: &Hosts, found: Hosts) -> Hosts {
    let set = |addresses: &[SocketAddr]| addresses.iter().copied().collect::<BTreeSet<_>>();
    let is_other = |(host, addresses): &(String, Vec<SocketAddr>)| {
        known.get(host).is_none_or(|it| set(it) != set(addresses))
    };
    found.into_iter().filter(is_other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_other_addresses_are_a_change() {
        let hosts = |all: &[(&str, &[&str])]| -> Hosts {
            let read = |addresses: &[&str]| addresses.iter().map(|one| one.parse().unwrap()).collect();
            all.iter().map(|(host, addresses)| ((*host).to_owned(), read(addresses))).collect()
        };
        let (one, two) = ("192.0.2.1:5060", "192.0.2.2:5060");
        let known = hosts(&[("a", &[one, two]), ("b", &[one]), ("gone", &[one])]);
        let found = hosts(&[("a", &[two, one]), ("b", &[two]), ("new", &[one])]);
        assert_eq!(changed(&known, found), hosts(&[("b", &[two]), ("new", &[one])]));
    }
}
