//! Offers as telephones and servers write them, and as they should not.

/// baresip: G.711 among wide-band codecs, telephone-event at two clocks, RTCP where it says.
pub(super) const BARESIP: &str = "v=0\r
o=- 3984120117 1802421153 IN IP4 198.51.100.7\r
s=-\r
c=IN IP4 198.51.100.7\r
t=0 0\r
a=tool:baresip 3.9.0\r
m=audio 21058 RTP/AVP 96 97 0 8 101 102\r
b=AS:125\r
a=rtpmap:96 opus/48000/2\r
a=fmtp:96 stereo=1;sprop-stereo=1\r
a=rtpmap:97 G722/8000\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:102 telephone-event/48000\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-15\r
a=rtcp:21059\r
a=sendrecv\r
a=label:1\r
a=rtcp-rsize\r
a=ssrc:1287454713 cname:sip:alice@198.51.100.7\r
a=ptime:20\r
m=video 13050 RTP/AVP 99\r
a=rtpmap:99 H264/90000\r
a=inactive\r
";

/// linphone: AVPF, rtcp-mux asked for, telephone-event at three clocks, an XR attribute for the session.
pub(super) const LINPHONE: &str = "v=0\r
o=alice 1423 2891 IN IP4 198.51.100.8\r
s=Talk\r
c=IN IP4 198.51.100.8\r
t=0 0\r
a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics\r
m=audio 7078 RTP/AVPF 96 97 8 0 101 99 100\r
a=rtpmap:96 opus/48000/2\r
a=fmtp:96 useinbandfec=1\r
a=rtpmap:97 speex/16000\r
a=rtpmap:101 telephone-event/48000\r
a=rtpmap:99 telephone-event/16000\r
a=rtpmap:100 telephone-event/8000\r
a=rtcp-mux\r
a=rtcp-fb:* trr-int 1000\r
a=rtcp-fb:* ccm tmmbr\r
m=text 11000 RTP/AVP 98\r
a=rtpmap:98 t140/1000\r
";

/// SIPp's built-in caller: no direction, no ptime, one codec.
pub(super) const SIPP: &str = "v=0\r
o=user1 53655765 2353687637 IN IP4 127.0.0.1\r
s=-\r
c=IN IP4 127.0.0.1\r
t=0 0\r
m=audio 6000 RTP/AVP 0\r
a=rtpmap:0 PCMU/8000\r
";

/// Asterisk: maxptime and an event list to 16.
pub(super) const ASTERISK: &str = "v=0\r
o=- 1091203847 1091203847 IN IP4 203.0.113.20\r
s=Asterisk\r
c=IN IP4 203.0.113.20\r
t=0 0\r
m=audio 13442 RTP/AVP 8 0 3 101\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:3 GSM/8000\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-16\r
a=ptime:20\r
a=maxptime:150\r
a=sendrecv\r
";

/// A trunk behind a proxy with a media relay: the address in the medium only, static payload types without rtpmap, LF.
pub(super) const RELAYED_TRUNK: &str = "v=0
o=SBC 12 13 IN IP4 sbc.operator.example
s=SIP Call
t=0 0
m=audio 41022 RTP/AVP 8 18 96
c=IN IP4 192.0.2.200
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-15
a=fmtp:18 annexb=no
a=sendrecv
a=rtcp:41023
a=nortpproxy:yes
";

/// A browser: nothing that we can take.
pub(super) const BROWSER: &str = "v=0\r
o=- 4962303333179871722 1 IN IP4 0.0.0.0\r
s=-\r
t=0 0\r
a=group:BUNDLE 0\r
m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8\r
c=IN IP4 0.0.0.0\r
a=ice-ufrag:F7gI\r
a=fingerprint:sha-256 49:66\r
a=setup:actpass\r
a=mid:0\r
a=rtcp-mux\r
a=rtpmap:111 opus/48000/2\r
";

/// A telephone that prefers secure audio and also offers it plain.
pub(super) const SECURE_THEN_PLAIN: &str = "v=0\r
o=- 1 1 IN IP4 192.0.2.3\r
s=-\r
c=IN IP4 192.0.2.3\r
t=0 0\r
m=audio 5000 RTP/SAVP 8\r
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r
m=audio 5002 RTP/AVP 8 101\r
a=rtpmap:101 telephone-event/8000\r
m=image 5004 udptl t38\r
";
