//! Real telephones, real sockets, real sound: SIPp and baresip against the phone of `svi dial` and against the server.
//!
//! What is not installed is skipped with the line that installs it, unless `SVI_REQUIRE` names it (`SVI_REQUIRE=sipp,baresip`,
//! as CI does): then its absence is a failure. All is on loopback, on ports that the system chooses.
#![allow(unreachable_pub)] // a program shows nothing: what is `pub` in it is shown to its other files
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)] // tests start programs and read files

mod baresip;
mod ear;
mod peer;
mod phone;
mod scenario;
mod server;
mod server_baresip;
mod server_sipp;
mod site;
mod sound;
