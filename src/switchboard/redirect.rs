//! An operator that sends a call elsewhere (RFC 3261 §8.1.3.4): followed once, within its own domain, where the trunk allows it,
//! and only to a number that may be called.

use std::borrow::Cow;

use super::Switchboard;
use super::call::Call;
use super::common::{Common, Seat};
use super::leg::LegKey;
use crate::centre::outgoing::Outlet;
use crate::sip::endpoint::InviteId;
use crate::sip::message::Uri;

impl Switchboard {
    /// A call of ours is to be made elsewhere, at one of these addresses.
    pub(super) fn on_redirected(&mut self, invite: InviteId, contacts: &[String]) {
        let mut target = None;
        if let Some(&Seat { call, leg }) = self.common.usages.get(&invite) {
            self.with(call, |call, common| target = call.elsewhere(common, leg, contacts));
        }
        self.common.endpoint.redirect(self.common.now, invite, target);
    }
}

impl Call {
    fn elsewhere(&mut self, common: &mut Common, key: LegKey, contacts: &[String]) -> Option<String> {
        let leg = self.legs.get_mut(key)?;
        let line = self.edition.site.shared.trunks.get(leg.trunk.as_ref()?)?;
        let uris = contacts.iter().filter_map(|contact| Uri::parse(contact));
        let at_home = |uri: &Uri| uri.as_sip().is_some_and(|sip| line.is_home(sip.host()));
        let user = uris.filter(at_home).find_map(|uri| uri.user().map(Cow::into_owned))?;
        // What the network says is data: it may not lead to where nobody may call.
        let toll = common.lets_out(&self.edition.site, &user, Outlet::Data)?;
        let target = line.target(&toll.number);
        self.leg_book.readdress(key, &toll.number);
        leg.toll = Some(toll);
        Some(target)
    }
}
