//! Header names (RFC 3261 §7.3.3, §20 and the IANA registry): one identifier for the long form, the compact form and
//! any case of either.

use std::fmt;

macro_rules! header_names {
    ($($variant:ident $long:literal $($compact:literal)?;)*) => {
        /// A header that this server knows by name; the rest is [`HeaderName::Other`] and is read by text
        /// (`Headers::other`).
        #[allow(missing_docs)] // the variants are the names themselves
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum HeaderName { $($variant,)* Other }

        impl HeaderName {
            const TABLE: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$variant, $long, concat!($($compact)?)),)*];
        }
    };
}

header_names! {
    Via "Via" "v";
    From "From" "f";
    To "To" "t";
    CallId "Call-ID" "i";
    CSeq "CSeq";
    Contact "Contact" "m";
    MaxForwards "Max-Forwards";
    ContentLength "Content-Length" "l";
    ContentType "Content-Type" "c";
    Route "Route";
    RecordRoute "Record-Route";
    Supported "Supported" "k";
    Require "Require";
    Allow "Allow";
    UserAgent "User-Agent";
    Server "Server";
    Expires "Expires";
    MinExpires "Min-Expires";
    Accept "Accept";
    AcceptEncoding "Accept-Encoding";
    AcceptLanguage "Accept-Language";
    AlertInfo "Alert-Info";
    AllowEvents "Allow-Events" "u";
    AuthenticationInfo "Authentication-Info";
    Authorization "Authorization";
    CallInfo "Call-Info";
    ContentDisposition "Content-Disposition";
    ContentEncoding "Content-Encoding" "e";
    ContentLanguage "Content-Language";
    Date "Date";
    Diversion "Diversion";
    ErrorInfo "Error-Info";
    Event "Event" "o";
    Geolocation "Geolocation";
    HistoryInfo "History-Info";
    Identity "Identity" "y";
    InReplyTo "In-Reply-To";
    InfoPackage "Info-Package";
    Join "Join";
    MimeVersion "MIME-Version";
    MinSe "Min-SE";
    Organization "Organization";
    PAssertedIdentity "P-Asserted-Identity";
    PChargingVector "P-Charging-Vector";
    PEarlyMedia "P-Early-Media";
    PPreferredIdentity "P-Preferred-Identity";
    Path "Path";
    Priority "Priority";
    Privacy "Privacy";
    ProxyAuthenticate "Proxy-Authenticate";
    ProxyAuthorization "Proxy-Authorization";
    ProxyRequire "Proxy-Require";
    RAck "RAck";
    RSeq "RSeq";
    Reason "Reason";
    RecvInfo "Recv-Info";
    ReferSub "Refer-Sub";
    ReferTo "Refer-To" "r";
    ReferredBy "Referred-By" "b";
    RemotePartyId "Remote-Party-ID";
    Replaces "Replaces";
    ReplyTo "Reply-To";
    RetryAfter "Retry-After";
    ServiceRoute "Service-Route";
    SessionExpires "Session-Expires" "x";
    SipEtag "SIP-ETag";
    SipIfMatch "SIP-If-Match";
    Subject "Subject" "s";
    SubscriptionState "Subscription-State";
    TargetDialog "Target-Dialog";
    Timestamp "Timestamp";
    Unsupported "Unsupported";
    Warning "Warning";
    WwwAuthenticate "WWW-Authenticate";
}

impl HeaderName {
    /// The identifier of a name as it stands in a message: long or compact, any case.
    pub(crate) fn parse(name: &[u8]) -> Self {
        let found = Self::TABLE.iter().find(|(_, long, compact)| {
            name.eq_ignore_ascii_case(long.as_bytes())
                || (name.len() == 1 && name.eq_ignore_ascii_case(compact.as_bytes()))
        });
        found.map_or(Self::Other, |(id, _, _)| *id)
    }

    /// The long form, as we write it; empty for [`HeaderName::Other`].
    pub fn as_str(self) -> &'static str {
        // The table is in the order of the variants.
        Self::TABLE.get(self as usize).map_or("", |(_, long, _)| long)
    }

    /// May stand only once in a message, with one value (RFC 3261 §7.3.1, §20 table 2). Others that RFC 3261 also makes
    /// single decide nothing here, and a needless repetition of, say, User-Agent costs nobody a call.
    pub(super) fn is_single(self) -> bool {
        matches!(
            self,
            Self::From
                | Self::To
                | Self::CallId
                | Self::CSeq
                | Self::MaxForwards
                | Self::ContentLength
                | Self::ContentType
                | Self::Expires
                | Self::SessionExpires
                | Self::MinSe
                | Self::RAck
                | Self::RSeq
                | Self::ReferTo
                | Self::Replaces
                | Self::Event
        )
    }
}

impl AsRef<str> for HeaderName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_and_long_names_in_any_case_are_one() {
        assert_eq!(HeaderName::parse(b"v"), HeaderName::Via);
        assert_eq!(HeaderName::parse(b"VIA"), HeaderName::Via);
        assert_eq!(HeaderName::parse(b"cOnTeNt-lEnGtH"), HeaderName::ContentLength);
        assert_eq!(HeaderName::parse(b"L"), HeaderName::ContentLength);
        assert_eq!(HeaderName::parse(b"X"), HeaderName::SessionExpires);
        assert_eq!(HeaderName::parse(b"X-Real"), HeaderName::Other);
        assert_eq!(HeaderName::parse(b""), HeaderName::Other);
    }

    #[test]
    fn every_name_reads_back_as_itself() {
        for (id, long, compact) in HeaderName::TABLE {
            assert_eq!(HeaderName::parse(long.as_bytes()), *id);
            assert_eq!(id.as_str(), *long);
            assert!(compact.is_empty() || HeaderName::parse(compact.as_bytes()) == *id);
        }
    }
}
