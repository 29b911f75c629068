//! Whom we call and who we say that we are: the phones of a target, and the INVITE to each.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::call::Call;
use super::common::Common;
use super::edition::{Edition, credentials, host_of};
use super::leg::Role;
use super::ring::Phone;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::centre::trunk::Shown;
use crate::flow::vocabulary::{CallFacts, CallerId, Target};
use crate::sip::endpoint::{Binding, Credentials, Invitation};
use crate::sip::transport::Protocol;

impl Call {
    /// The phones at which a target can be reached now.
    pub(super) fn phones(
        &self,
        common: &Common,
        to: &Target,
        shown: Option<&CallerId>,
        timeout: Duration,
    ) -> Vec<Phone> {
        let (edition, facts) = (&self.edition, &self.facts);
        let outside =
            |who: &Name, trunk: Option<&Name>, number: Option<&str>, invitation: Option<Invitation>| {
                let (role, trunk) = (Role::Outside(who.clone()), trunk.cloned());
                let number = number.map(str::to_owned);
                invitation.map(|invitation| Phone { role, trunk, number, invitation }).into_iter().collect()
            };
        match to {
            Target::Agent(name) => self.agent_phones(common, name, timeout),
            Target::Number(number) => {
                let trunk = edition.trunk_for(&self.trunk, |trunk| common.has_room(trunk));
                let invitation = trunk.and_then(|it| edition.invitation(facts, it, number, shown, timeout));
                outside(number, trunk, Some(number), invitation)
            }
            Target::Uri(uri) => {
                let invitation = edition.invitation_to_uri(facts, uri, shown, timeout);
                outside(uri, None, Edition::number_in(uri), invitation)
            }
        }
    }

    fn agent_phones(&self, common: &Common, name: &Name, timeout: Duration) -> Vec<Phone> {
        // Agents are the floor's, which knows the newest edition; the flow stays on its own.
        let known = |edition: &Edition| edition.site.shared.agents.get(name).cloned();
        let Some(agent) = known(&common.edition).or_else(|| known(&self.edition)) else { return Vec::new() };
        let mut phones = Vec::new();
        if let Some(account) = &agent.account {
            let role = Role::Agent { name: name.clone(), accept: None };
            let bound = common.endpoint.bindings(&account.user).into_iter();
            phones.extend(bound.map(|binding| Phone {
                role: role.clone(),
                trunk: None,
                number: None,
                invitation: self.to_binding(binding, timeout),
            }));
        }
        if let Some(number) = &agent.phone
            && let Some(trunk) = self.edition.trunk_for(&self.trunk, |trunk| common.has_room(trunk))
        {
            let invitation = self.edition.invitation(&self.facts, trunk, number, None, timeout);
            let role = Role::Agent { name: name.clone(), accept: agent.confirm };
            let trunk = Some(trunk.clone());
            let number = Some(number.clone());
            phones.extend(invitation.map(|invitation| Phone { role, trunk, number, invitation }));
        }
        phones
    }

    fn to_binding(&self, binding: Binding, timeout: Duration) -> Invitation {
        // The caller's card, for a telephone that can show it (RFC 3261 §20.9).
        let card = self.record.card.as_deref().filter(|card| !card.contains(['<', '>', '"', '\r', '\n']));
        let header = card.map(|card| ("Call-Info".to_owned(), format!("<{card}>;purpose=info")));
        Invitation {
            target: binding.uri.clone(),
            remote: binding.remote,
            protocol: binding.protocol,
            connection: binding.connection,
            from: self.edition.shown_to_agent(&self.facts),
            to: binding.uri,
            headers: header.into_iter().collect(),
            credentials: None,
            offer: Vec::new(),
            timeout,
            follows: false,
        }
    }
}

impl Edition {
    /// The address of ours that a callee reaches us at: where we listen in its family, or loopback for a phone on this machine.
    pub(super) fn ip_towards(&self, remote: SocketAddr) -> Option<IpAddr> {
        if remote.ip().is_loopback() {
            let here: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            return Some(here[usize::from(remote.is_ipv6())]);
        }
        let same_family = |address: &&SocketAddr| address.is_ipv4() == remote.is_ipv4();
        self.listen.iter().map(|(_, address)| address).find(same_family).map(SocketAddr::ip)
    }

    /// The caller's number as an agent's phone shows it, or "anonymous"; the domain is ours.
    fn shown_to_agent(&self, facts: &CallFacts) -> String {
        let host = &self.site.shared.server.realm;
        match &facts.caller {
            Some(number) => {
                let name = facts.caller_name.as_ref().map(|name| name.reveal().replace(['\\', '"'], ""));
                let shown = name.filter(|name| !name.is_empty()).map(|name| format!("\"{name}\" "));
                format!("{}<sip:{}@{host}>", shown.unwrap_or_default(), number.reveal())
            }
            None => "\"Anonyme\" <sip:anonymous@anonymous.invalid>".to_owned(),
        }
    }

    /// A call to a number through a trunk.
    pub(super) fn invitation(
        &self,
        facts: &CallFacts,
        trunk: &Name,
        number: &str,
        shown: Option<&CallerId>,
        timeout: Duration,
    ) -> Option<Invitation> {
        let line = self.site.shared.trunks.get(trunk)?;
        let host = &line.outbound;
        let remote = self.address_of(host)?;
        let target = line.target(number);
        let shown = wanted(facts, shown).unwrap_or_else(|| line.trunk.shown(facts.caller.as_ref()));
        let address = |number: &str| format!("<sip:{}@{}>", line.trunk.dialled(number), line.domain);
        let (mut from, headers) = presented(facts, &shown, address);
        if let (Some(user), false) = (&line.from, shown == Shown::Anonymous) {
            from = format!("<sip:{user}@{}>", line.domain);
        }
        Some(Invitation {
            credentials: self.credentials_of(trunk),
            follows: line.follow_redirects,
            ..Self::outbound(target, remote, (from, headers), timeout)
        })
    }

    /// Who we are at the operator of a trunk.
    pub(super) fn credentials_of(&self, trunk: &Name) -> Option<Credentials> {
        self.site.shared.trunks.get(trunk)?.registration.as_ref().map(credentials)
    }

    fn invitation_to_uri(
        &self,
        facts: &CallFacts,
        uri: &str,
        shown: Option<&CallerId>,
        timeout: Duration,
    ) -> Option<Invitation> {
        let remote = self.address_of(host_of(uri)?)?;
        let host = &self.site.shared.server.realm;
        let shown = wanted(facts, shown).unwrap_or(Shown::Company);
        let identity = presented(facts, &shown, |number| format!("<sip:{number}@{host}>"));
        Some(Self::outbound(uri.to_owned(), remote, identity, timeout))
    }

    fn outbound(
        target: String,
        remote: SocketAddr,
        (from, headers): (String, Vec<(String, String)>),
        timeout: Duration,
    ) -> Invitation {
        let tcp = target.to_ascii_lowercase().contains(";transport=tcp");
        Invitation {
            to: format!("<{target}>"),
            target,
            remote,
            protocol: if tcp { Protocol::Tcp } else { Protocol::Udp },
            connection: None,
            from,
            headers,
            credentials: None,
            offer: Vec::new(),
            timeout,
            follows: false,
        }
    }
}

/// What a step wants shown; none when it leaves that to the trunk.
fn wanted(facts: &CallFacts, caller_id: Option<&CallerId>) -> Option<Shown> {
    Some(match caller_id? {
        CallerId::Company => Shown::Company,
        CallerId::Caller => facts.caller.clone().map_or(Shown::Anonymous, Shown::Caller),
        CallerId::Number(number) => Shown::Number(number.clone()),
        CallerId::Anonymous => Shown::Anonymous,
    })
}

/// From, and what else says who we are: the company's number is always asserted (RFC 3325), for an operator that checks what a
/// line may show; a forward is proved by Diversion (RFC 5806); a secret caller's number never leaves (domain rule C5).
fn presented(
    facts: &CallFacts,
    shown: &Shown,
    address: impl Fn(&str) -> String,
) -> (String, Vec<(String, String)>) {
    let company = address(&facts.number);
    let mut headers = vec![("P-Asserted-Identity".to_owned(), company.clone())];
    let from = match shown {
        Shown::Company => company,
        Shown::Caller(number) => address(number.reveal()),
        Shown::Diverted(number) => {
            let diversion = format!("{company};reason=unconditional;privacy=off;counter=1");
            headers.push(("Diversion".to_owned(), diversion));
            address(number.reveal())
        }
        Shown::Number(number) => address(number),
        Shown::Anonymous => {
            headers.push(("Privacy".to_owned(), "id".to_owned()));
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned()
        }
    };
    (from, headers)
}
