//! SIP messages: framing, lexer, headers, URIs, building.
