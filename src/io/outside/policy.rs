//! What the site says of each host, ready for use: headers, patience, whether it may be private, whose certificate it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio_rustls::rustls::ClientConfig;

use super::trust::Trust;
use crate::base::diagnostic::Text;
use crate::base::limit::FETCH_DURATION_MAX;
use crate::base::time::Duration;
use crate::base::url::Url;
use crate::config::outside::Sms;
use crate::config::site::{Secret, Shared};
use crate::say;

/// The rules of one host.
#[derive(Clone)]
pub(crate) struct Policy {
    /// Headers that go there and nowhere else.
    pub(crate) headers: Vec<(String, Secret)>,
    /// The longest that an answer may take.
    pub(crate) patience: Duration,
    /// It may have an address of this machine or network.
    pub(crate) private: bool,
    /// How TLS is spoken; none: its file of certificates could not be read, so it cannot be trusted.
    pub(crate) tls: Option<Arc<ClientConfig>>,
}

/// The rules of all hosts.
pub(crate) struct Policies {
    hosts: BTreeMap<String, Policy>,
    usual: Policy,
}

impl Policies {
    /// Those of a site, and what is wrong with them.
    pub(crate) fn of_site(shared: &Shared, trust: &Trust) -> (Self, Vec<Text>) {
        let mut problems = Vec::new();
        let mut hosts = BTreeMap::new();
        for (host, api) in &shared.apis {
            let tls = trust.config(api.certificate.as_deref());
            let tls = tls.map_err(|why| problems.push(say!("apis, {}: {}", host, why))).ok();
            let patience = api.timeout.unwrap_or(FETCH_DURATION_MAX);
            let policy = Policy { headers: api.headers.clone(), patience, private: api.private, tls };
            hosts.insert(host.clone(), policy);
        }
        let tls = trust.config(None).map_err(|why| problems.push(why)).ok();
        let usual = Policy { headers: Vec::new(), patience: FETCH_DURATION_MAX, private: false, tls };
        (Self { hosts, usual }, problems)
    }

    /// That of the gateway of text messages: all hosts are it. Its secrets stand in the request itself.
    pub(crate) fn of_gateway(sms: &Sms, shared: &Shared, trust: &Trust) -> (Self, Option<Text>) {
        let tls = trust.config(sms.certificate.as_deref());
        let problem = tls.as_ref().err().map(|why| say!("sms: {}", why));
        let usual = Policy {
            headers: Vec::new(),
            patience: sms.timeout,
            private: sms.private || gateway_is_private(sms, shared),
            tls: tls.ok(),
        };
        (Self { hosts: BTreeMap::new(), usual }, problem)
    }

    /// The rules of the host of an address.
    pub(crate) fn of(&self, url: &Url) -> &Policy {
        self.hosts.get(&url.authority()).unwrap_or(&self.usual)
    }
}

/// Whether `apis` call the gateway's host private.
fn gateway_is_private(sms: &Sms, shared: &Shared) -> bool {
    let url = Url::parse(&sms.url.fill("", "", crate::base::url::encoded));
    url.is_some_and(|url| shared.apis.get(&url.authority()).is_some_and(|api| api.private))
}
