//! Every bound of the system, with its reason (law 5). A table, queue, buffer or loop without a line here is a bug.

use super::time::Duration;

/// A SIP message above this is refused (413 or a closed stream): a datagram cannot be larger, and parsing costs by size.
pub(crate) const SIP_MESSAGE_BYTES_MAX: usize = 65_535;
/// Header lines of a message: real ones have 10 to 40; `longreq` of RFC 4475 has 36.
pub(crate) const SIP_HEADERS_MAX: usize = 256;
/// One header value: `longreq` of RFC 4475 has values near 400 bytes.
pub(crate) const SIP_HEADER_BYTES_MAX: usize = 8_192;
/// Comma-separated values of one header that are read (Via, Route, Contact).
pub(crate) const SIP_VALUES_MAX: usize = 64;
/// Server transactions at once: 10,000 calls make about 1,000 messages a second, kept 32 s each.
pub(crate) const SIP_TRANSACTIONS_MAX: usize = 65_536;
/// Octets of the responses that server transactions keep for retransmission: 1 KiB each of the 65,536.
pub(crate) const SIP_KEPT_BYTES_MAX: usize = 64 << 20;
/// The head of a message that opens something, and its session description: real ones have 1 to 4 KiB.
pub(crate) const SIP_OPENING_BYTES_MAX: usize = 16 << 10;
/// Server transactions beyond these for requests in calls, so that whoever is in one can end it: two a call.
pub(crate) const SIP_TRANSACTIONS_RESERVE: usize = 2 * CALLS_MAX;
/// Legs (invite usages) at once.
pub(crate) const SIP_DIALOGS_MAX: usize = 32_768;
/// Parts of a multipart body that are searched for SDP: real ones have two or three.
pub(crate) const SIP_BODY_PARTS_MAX: usize = 16;
/// Body of an INFO that may be a key: real ones have 30.
pub(crate) const SIP_INFO_BYTES_MAX: usize = 1_024;
/// Letters that are kept of each thing that a far end says for people: a line of the log.
pub(crate) const TOLD_CHARS_MAX: usize = 200;
/// Branches of a forked call whose 200 we acknowledge: more phones than one address of record can bind.
pub(crate) const SIP_FORKS_MAX: usize = 16;
/// Bindings of one address of record: a desk phone, a softphone, a mobile, and room.
pub(crate) const SIP_BINDINGS_MAX: usize = 10;
/// Addresses whose wrong passwords are counted: more attack at once from a botnet, and each still has its few tries.
pub(crate) const SIP_SOURCES_MAX: usize = 8_192;
/// Nonces that the registrar remembers; older ones are stale.
pub(crate) const SIP_NONCES_MAX: usize = 4_096;
/// A nonce of ours may be used for this long; then its holder is told `stale` and asks again. A phone that refreshes each
/// minute needs a new one every fifth time.
pub(crate) const SIP_NONCE_LIFE: Duration = Duration::from_secs(300);
/// Parameters of a challenge or of credentials, and challenges of one response: real ones have about ten, and two.
pub(crate) const SIP_DIGEST_FIELDS_MAX: usize = 32;
/// TCP connections in all, and from one address.
pub(crate) const TCP_CONNECTIONS_MAX: usize = 1_024;
/// TCP connections from one address.
pub(crate) const TCP_CONNECTIONS_PER_ADDRESS_MAX: usize = 64;
/// A TCP connection that has sent no whole message for this long is closed.
pub(crate) const TCP_IDLE_MAX: Duration = Duration::from_secs(300);
/// A message on TCP that has begun is whole within this, however slowly its octets come.
pub(crate) const TCP_MESSAGE_MAX: Duration = Duration::from_secs(10);
/// TCP connections that strangers leave free, for the peers of trunks and for telephones that are registered.
pub(crate) const TCP_CONNECTIONS_RESERVE: usize = 256;
/// A TCP connection that has never sent a whole message is closed after this.
pub(crate) const TCP_FIRST_MESSAGE_MAX: Duration = Duration::from_secs(30);
/// A TCP connection whose peer takes nothing for this long is closed: a living one takes a message at once.
pub(crate) const TCP_WRITE_MAX: Duration = Duration::from_secs(10);
/// Calls at once unless the site says otherwise: below the RTP port range and what two cores carry.
pub(crate) const CALLS_MAX: usize = 4_000;
/// Attempts to find a free RTP port for a leg before the call is refused.
pub(crate) const PORT_TRIES_MAX: usize = 16;
/// An RTP port rests this long after use, so that late packets of the old call do not reach the new one.
pub(crate) const PORT_QUARANTINE: Duration = Duration::from_secs(2);
/// Keys typed ahead that a walk keeps: a card number and room.
pub const KEYS_AHEAD_MAX: usize = 40;
/// Blocks that a walk may enter without waiting for the outside; the checker proves less, this holds if it erred.
pub(crate) const BLOCKS_WITHOUT_EVENT_MAX: usize = 256;
/// Wrong and missing answers of a call: after more it ends. A telephone that lies off its hook would go round a menu for hours,
/// and on a free number the company pays for them.
pub(crate) const WRONG_ANSWERS_MAX: u32 = 15;
/// Menu choices of a call in which nothing is achieved: after more it ends.
pub(crate) const LAPS_MAX: u32 = 30;
/// A call longer than this is ended: nobody stays four hours, a stuck call would cost for ever.
pub(crate) const CALL_DURATION_MAX: Duration = Duration::from_secs(4 * 3_600);
/// The longest time that a text can name, ten years: no file keeps more, and no sum of two overflows.
pub(crate) const DURATION_MAX: Duration = Duration::from_secs(3_660 * 86_400);
/// The longest time that a step of a flow or of a scenario can name: no call is longer, and no promise to call back.
pub(crate) const STEP_DURATION_MAX: Duration = Duration::from_secs(86_400);
/// The data plane reports the end of a session within this; after it, the record of a call leaves without the report.
pub(crate) const REPORTS_MAX: Duration = Duration::from_secs(10);
/// Silence of a caller's RTP after which the leg counts as dead (off while on hold).
pub(crate) const MEDIA_SILENCE_MAX: Duration = Duration::from_secs(30);
/// Packets go so long to an address that SDP alone names, and from which nothing has come: it may be a third party's.
pub(crate) const PROBATION: Duration = Duration::from_secs(10);
/// The largest bound of calls and messages in a day, in or out: each is remembered.
pub(crate) const CALLS_BOUND_MAX: usize = 1_000_000;
/// Callers, ranges and numbers whose incoming calls are counted: a day of a busy line. About 200 octets each, and 40 for each call.
pub(crate) const TRAFFIC_KEYS_MAX: usize = 65_536;
/// Calls of one range that are looked at together: beyond these a run is plain.
pub(crate) const TRAFFIC_RUN_MAX: usize = 512;
/// Callers waiting in one queue.
pub(crate) const QUEUE_LENGTH_MAX: usize = 1_000;
/// Agents rung for one call over its life: an endless chain of refusals ends.
pub(crate) const OFFERS_PER_CALL_MAX: usize = 200;
/// A flow or site file.
pub(crate) const YAML_BYTES_MAX: usize = 256 * 1_024;
/// Levels of nesting of a YAML file.
pub(crate) const YAML_DEPTH_MAX: usize = 64;
/// Mistakes of YAML that are told of one file: nobody reads more, and a file with more is no YAML file.
pub(crate) const YAML_MISTAKES_MAX: usize = 100;
/// The name of a company that `svi new` takes: a longer one is not said in the two seconds that a caller gives it.
pub(crate) const COMPANY_CHARS_MAX: usize = 80;
/// Agents and numbers that `svi new` takes: a site with more is edited, not answered into being.
pub(crate) const NEW_SITE_LIST_MAX: usize = 50;
/// Mistakes that are told of one site: nobody mends more before the next look, and drawing them costs.
pub(crate) const MISTAKES_MAX: usize = 1_000;
/// A prompt file.
pub(crate) const PROMPT_BYTES_MAX: usize = 64 * 1_024 * 1_024;
/// Length of one prompt.
pub(crate) const PROMPT_DURATION_MAX: Duration = Duration::from_secs(3_600);
/// A voicemail message unless the mailbox says otherwise.
pub(crate) const MESSAGE_DURATION_MAX: Duration = Duration::from_secs(180);
/// A message is on the disk within this, or its caller is told that it is not: `fsync` of a healthy disk takes 0.1 s.
pub(crate) const STORING_MAX: Duration = Duration::from_secs(3);
/// Audio frames on their way to the recorder, all calls together: about two seconds of 500 recordings.
pub(crate) const RECORDER_FRAMES_MAX: usize = 50_000;
/// Packets that one session may receive in one tick before the rest waits: a flood must not stop the others.
pub(crate) const PACKETS_PER_TICK_MAX: usize = 16;
/// Media events on their way to the switchboard.
pub(crate) const MEDIA_EVENTS_MAX: usize = 16_384;
/// Records of calls that were refused, in a minute: what an operator can look at; more is an attack or a loop.
pub(crate) const REFUSED_RECORDS_MAX: u32 = 120;
/// Lines of the log about refusals at once, before they are one a second.
pub(crate) const LOG_LINES_BURST: u32 = 50;
/// Lines of the log about refusals of one address in a minute.
pub(crate) const LOG_LINES_PER_SOURCE: u32 = 6;
/// Alarms that `svi status` still tells.
pub(crate) const ALARMS_KEPT_MAX: usize = 20;
/// Calls that are ended at the limit of a drain hear why; then they end in any case.
pub(crate) const LEAVE_TAKING_MAX: Duration = Duration::from_secs(12);
/// The file of calls that go on, as it is read at the start: as many calls as there can be, each with its record.
pub(crate) const OPEN_CALLS_BYTES_MAX: u64 = 512 * 1_024 * 1_024;
/// Sockets that a service manager may pass: every address of a site, twice.
pub(crate) const PASSED_SOCKETS_MAX: i32 = 64;
/// Call records on their way to the store: all calls at once, whose records come while the disk brings one batch to the platter.
pub(crate) const RECORDS_WAITING_MAX: usize = 10_000;
/// Call records of one transaction: as many as some milliseconds write, so that a reader or a command gets its turn.
pub(crate) const RECORDS_AT_ONCE_MAX: usize = 256;
/// Call records on their way to the spill file when the store does not keep up: the disk hangs, and memory is not endless.
pub(crate) const RECORDS_OVERFLOWING_MAX: usize = 10_000;
/// SIP messages read from one socket before the others have their turn.
pub(crate) const DATAGRAMS_PER_TURN_MAX: usize = 64;
/// SIP messages from streams on their way to the switchboard.
pub(crate) const STREAM_MESSAGES_MAX: usize = 1_024;
/// SIP messages on their way to one peer's stream: a peer that does not read is closed.
pub(crate) const STREAM_BACKLOG_MAX: usize = 256;
/// Remote addresses whose local address is remembered.
pub(crate) const LOCAL_ADDRESSES_MAX: usize = 4_096;
/// Requests on the control socket that wait.
pub(crate) const CONTROL_REQUESTS_MAX: usize = 16;
/// A session description: those of browsers, the longest, have about 10 KB.
pub(crate) const SDP_BYTES_MAX: usize = 32 * 1_024;
/// Lines of a session description: a browser writes about 150.
pub(crate) const SDP_LINES_MAX: usize = 1_024;
/// Media of a session description: audio, video, slides, and room; an answer repeats them all.
pub(crate) const SDP_MEDIA_MAX: usize = 16;
/// What the phone keeps of what it hears: longer than any test call, 29 MB.
pub(crate) const PHONE_HEARD_MAX: Duration = Duration::from_secs(1_800);
/// Calls at once of the load bench, and calls a second: what one machine's loopback carries beside the server.
pub(crate) const LOAD_CALLS_MAX: usize = 4_000;
/// Calls a second of the load bench.
pub(crate) const LOAD_RATE_MAX: u32 = 5_000;
/// The longest run of the load bench.
pub(crate) const LOAD_DURATION_MAX: Duration = Duration::from_secs(3_600);
/// Keys that wait to be sent to a peer by RFC 4733: a card number and room.
pub(crate) const KEYS_TO_SEND_MAX: usize = 40;
/// Media sessions of one worker: both legs of every call.
pub(crate) const MEDIA_SESSIONS_MAX: usize = 2 * CALLS_MAX;
/// Media commands on their way to one worker: a few a call, and all calls may move at once.
pub(crate) const MEDIA_COMMANDS_MAX: usize = 8_192;
/// Sessions that one session hears: a conference of as many voices as one can tell apart, and room.
pub(crate) const SOURCES_MAX: usize = 16;
/// Sessions that hear one session: all others of a conference, and listeners of a training.
pub(crate) const LISTENERS_MAX: usize = 64;
/// Samples of one source that wait to be mixed: 200 ms. What would wait longer is late in a talk and is left out.
pub(crate) const MIX_SAMPLES_MAX: usize = 1_600;
/// A listener asks a source of another worker anew this often: what was lost between workers is mended within it.
pub(crate) const LISTEN_AGAIN: Duration = Duration::from_secs(1);
/// A listener of another worker that has not asked for this long has gone: five times asked and lost.
pub(crate) const LISTENER_IDLE_MAX: Duration = Duration::from_secs(5);
/// Crossings on their way to one worker: 20 ms of all its sessions that hear one elsewhere, and as much again.
pub(crate) const MEDIA_CROSSINGS_MAX: usize = MEDIA_SESSIONS_MAX;
/// Sounds of one playing: a number spoken in parts has some twenty.
pub(crate) const SOUNDS_PER_PLAY_MAX: usize = 1_024;
/// Recordings open at once in the recorder: one a call.
pub(crate) const RECORDINGS_MAX: usize = CALLS_MAX;
/// An RTP packet longer than this is dropped: an Ethernet frame, and ten times what 20 ms of G.711 need.
pub(crate) const RTP_BYTES_MAX: usize = 1_500;
/// An agent who did not take a caller is not rung for the same caller before this has passed.
pub(crate) const DECLINED_REST: Duration = Duration::from_secs(10);
/// Callers wait this long for an agent to log in again before they are given up: a phone that reboots needs less.
pub(crate) const NOBODY_GRACE: Duration = Duration::from_secs(10);
/// A value that is spoken: the opening hours of a week are the longest, and a caller listens to no more.
pub(crate) const SPOKEN_VALUE_BYTES_MAX: usize = 256;
/// Channels of a sound file: beyond surround sound, it is a damaged header.
pub(crate) const AUDIO_CHANNELS_MAX: usize = 32;
/// Undecodable packets of a sound file before it counts as damaged: a few are a scratch, many are not audio.
pub(crate) const AUDIO_BAD_PACKETS_MAX: usize = 256;
/// A mobile that has answered presses its accepting key within this: the prompt twice, and a moment.
pub(crate) const CONFIRM_MAX: Duration = Duration::from_secs(12);
/// Before the next try when a connection could not be accepted (out of descriptors): no spinning meanwhile.
pub(crate) const ACCEPT_REST: Duration = Duration::from_millis(100);
/// Events of one call that its journal keeps: an hour in a menu has some hundreds.
pub(crate) const JOURNAL_ENTRIES_MAX: usize = 2_000;
/// Callers who wait to be called back, all queues together.
pub(crate) const CALLBACKS_MAX: usize = 1_000;
/// How often one of them is called: who does not answer then does not want it any more.
pub(crate) const CALLBACK_TRIES_MAX: u32 = 3;
/// Versions of a site whose texts are kept for replays: an operator who edits each day has a quarter of a year.
pub(crate) const VERSIONS_MAX: usize = 100;
/// Files of a site that are watched for changes.
pub(crate) const WATCHED_FILES_MAX: usize = 10_000;
/// Flows that have called each other, one inside the other: recursion is refused, so that this is the number of flows.
pub(crate) const CALL_DEPTH_MAX: usize = 32;
/// Cards, labels and lanes of one drawing: the largest flow that a file can hold, and room; larger ones are refused.
pub(crate) const DRAWN_ITEMS_MAX: usize = 200_000;
/// Layers of cards that a line of a drawing may pass; a longer one is cut and its label names the card. Nobody follows a line
/// over several screens, and without it lanes would grow with the square of the flow.
pub(crate) const DRAWN_SPAN_MAX: usize = 14;
/// Sweeps against crossing lines: small flows need fewer.
pub(crate) const DRAWN_SWEEPS_MAX: usize = 24;
/// Pieces and lines that all sweeps together may touch: large flows have fewer sweeps, a second at the most.
pub(crate) const DRAWN_SWEEP_WORK_MAX: usize = 400_000;
/// Questions to the company's systems on their way at once: a caller waits for each, and a file descriptor and 300 KiB are held.
pub(crate) const FETCHES_MAX: usize = 256;
/// The same to one host: a slow host must not take the places of all others.
pub(crate) const FETCHES_PER_HOST_MAX: usize = 64;
/// The body of an answer: what a caller is told of an order has 2 KB; the rest is a page of HTML or an attack.
pub(crate) const FETCH_BYTES_MAX: usize = 256 * 1_024;
/// Status line and headers of an answer.
pub(crate) const FETCH_HEAD_BYTES_MAX: usize = 64 * 1_024;
/// Times that an answer may send us elsewhere: one for the scheme, one for the path, and room.
pub(crate) const FETCH_REDIRECTS_MAX: usize = 3;
/// A question is given up after this, whatever the flow and the site say: no caller listens to silence longer.
pub(crate) const FETCH_DURATION_MAX: Duration = Duration::from_secs(20);
/// Addresses of one name that are tried.
pub(crate) const FETCH_ADDRESSES_MAX: usize = 4;
/// The next address of a name is tried beside the last one after this (RFC 8305 §5).
pub(crate) const FETCH_NEXT_ADDRESS: Duration = Duration::from_millis(250);
/// Idle connections kept, in all and for one host.
pub(crate) const FETCH_IDLE_MAX: usize = 64;
/// Idle connections kept for one host.
pub(crate) const FETCH_IDLE_PER_HOST_MAX: usize = 8;
/// An idle connection is kept this long: common servers close theirs after 5 s, and a question on a closing one is lost.
pub(crate) const FETCH_IDLE: Duration = Duration::from_secs(4);
/// Hosts whose failures are remembered: flows name a few, and a placeholder in a host's name must not fill the memory.
pub(crate) const BREAKER_HOSTS_MAX: usize = 256;
/// Failures in a row after which a host is left alone.
pub(crate) const BREAKER_FAILURES: u32 = 5;
/// A host that failed is left alone this long: callers hear at once that it does not work, and it can recover.
pub(crate) const BREAKER_REST: Duration = Duration::from_secs(15);
/// Letters (text messages, e-mails) on their way to the spool folder.
pub(crate) const LETTERS_COMING_MAX: usize = 1_024;
/// Letters in the spool folder: a day of a busy centre whose mail server is down.
pub(crate) const LETTERS_MAX: usize = 10_000;
/// Letters that were given up and are kept for the operator to see; older ones go.
pub(crate) const LETTERS_FAILED_MAX: usize = 1_000;
/// Letters that are being delivered at once.
pub(crate) const LETTERS_AT_ONCE: usize = 4;
/// The text of an e-mail, and a letter's file.
pub(crate) const LETTER_BYTES_MAX: usize = 64 * 1_024;
/// A text message: ten parts of 153 characters; a longer one is a mistake that costs money.
pub(crate) const SMS_CHARS_MAX: usize = 1_530;
/// Whom one e-mail goes to.
pub(crate) const LETTER_RECIPIENTS_MAX: usize = 50;
/// Recordings of one e-mail.
pub(crate) const LETTER_ATTACHMENTS_MAX: usize = 10;
/// Recordings of one e-mail in all: many servers refuse more than 25 MB, and base64 adds a third.
pub(crate) const LETTER_ATTACHED_BYTES_MAX: u64 = 18 * 1_024 * 1_024;
/// A letter is tried for this long.
pub(crate) const LETTER_LIFE: Duration = Duration::from_secs(24 * 3_600);
/// One try to deliver an e-mail: the largest one over a line of 2 Mbit/s, and room.
pub(crate) const MAIL_DURATION_MAX: Duration = Duration::from_secs(180);
/// News of the outside on their way to the driver: each call waits for one answer at most.
pub(crate) const OUTSIDE_NEWS_MAX: usize = 2 * CALLS_MAX;
/// The text-to-speech command may think this long over one text: a neural voice on a slow machine reads faster than a caller
/// listens, and no prompt is longer than a minute.
pub(crate) const VOICE_RENDER_MAX: Duration = Duration::from_secs(60);
/// What it may write for one text: a minute in studio quality (48 kHz, stereo, 24 bits) has 17 MB.
pub(crate) const VOICE_BYTES_MAX: u64 = 32 * 1_024 * 1_024;
/// What is repeated of its complaints.
pub(crate) const VOICE_COMPLAINT_BYTES_MAX: usize = 2_048;
/// The text of a hand recording, in the file beside it: half a minute of speech is 450 letters.
pub(crate) const RECORDED_TEXT_BYTES_MAX: u64 = 16 * 1_024;
/// Scenarios of one file: who has more divides them by subject.
pub(crate) const SCENARIOS_PER_FILE_MAX: usize = 500;
/// A capture of a simulated call: half an hour of it, both ways, has 40 MB.
pub(crate) const CAPTURE_BYTES_MAX: usize = 256 * 1_024 * 1_024;
/// Agents' phones of a simulated call: more would say nothing more.
pub(crate) const SIMULATED_PHONES_MAX: usize = 100;
/// Things that happen by themselves while one step of a scenario waits for its moment: an hour in a queue has some hundreds.
pub(crate) const SCENARIO_TURNS_MAX: usize = 2_000;
/// Intervals of one figure over time: the quarter hours of a year are 35,040.
pub(crate) const INTERVALS_MAX: usize = 40_000;
/// Agents of a reckoning by Erlang: the largest centres of the country have some thousands.
pub(crate) const ERLANG_AGENTS_MAX: u32 = 10_000;
