-- Calls, and what belongs to them. Times are milliseconds since 1970, UTC; a day is that of the site's clock. Rows that are marked
-- clustered lie in the order of their key, where the engine can (`Db::create`).
CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    started_ms BIGINT NOT NULL,
    answered_ms BIGINT,
    ended_ms BIGINT,
    day TEXT NOT NULL,
    number TEXT,
    caller TEXT,
    caller_hash TEXT,
    caller_class TEXT,
    campaign TEXT,
    extension TEXT,
    trunk TEXT,
    flow TEXT,
    flow_version TEXT,
    site_version TEXT,
    queue TEXT,
    outcome TEXT,
    ring_ms BIGINT NOT NULL,
    flow_ms BIGINT NOT NULL,
    wait_ms BIGINT NOT NULL,
    talk_ms BIGINT NOT NULL,
    cost_micros BIGINT,
    reference TEXT NOT NULL,
    tags TEXT NOT NULL,
    status BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX calls_by_time ON calls (started_ms, id);
CREATE INDEX calls_by_number ON calls (number, started_ms);
CREATE INDEX calls_by_caller ON calls (caller, started_ms);
CREATE INDEX calls_by_outcome ON calls (outcome, started_ms);
CREATE INDEX calls_by_reference ON calls (reference);

-- The whole record, a line of JSON without its journal: apart, so that reports over `calls` do not read it.
CREATE TABLE records (call_id TEXT PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE journals (call_id TEXT PRIMARY KEY, started_ms BIGINT NOT NULL, json TEXT NOT NULL);
CREATE INDEX journals_by_time ON journals (started_ms);

CREATE TABLE call_tags (call_id TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (tag, call_id)) /* clustered */;
CREATE INDEX call_tags_by_call ON call_tags (call_id);
CREATE TABLE call_agents (call_id TEXT NOT NULL, n BIGINT NOT NULL, agent TEXT NOT NULL, PRIMARY KEY (call_id, n)) /* clustered */;
CREATE INDEX call_agents_by_agent ON call_agents (agent, call_id);

CREATE TABLE legs (
    call_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    who TEXT,
    queue TEXT,
    dialled TEXT NOT NULL,
    trunk TEXT,
    rung_ms BIGINT NOT NULL,
    ring_ms BIGINT NOT NULL,
    talk_ms BIGINT,
    hold_ms BIGINT,
    outcome TEXT NOT NULL,
    status BIGINT,
    ended_by TEXT,
    cost_micros BIGINT,
    PRIMARY KEY (call_id, n)
) /* clustered */;
CREATE INDEX legs_by_who ON legs (who, rung_ms);

CREATE TABLE visits (
    call_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    queue TEXT NOT NULL,
    entered_ms BIGINT NOT NULL,
    wait_ms BIGINT NOT NULL,
    how TEXT NOT NULL,
    agent TEXT,
    exit_name TEXT,
    place_first BIGINT NOT NULL,
    place_last BIGINT NOT NULL,
    place_max BIGINT NOT NULL,
    offers BIGINT NOT NULL,
    PRIMARY KEY (call_id, n)
) /* clustered */;
CREATE INDEX visits_by_queue ON visits (queue, entered_ms);

CREATE TABLE steps (
    call_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    flow TEXT,
    block TEXT NOT NULL,
    entered_ms BIGINT NOT NULL,
    ms BIGINT NOT NULL,
    how TEXT NOT NULL,
    exit_name TEXT,
    silences BIGINT NOT NULL,
    wrong_keys BIGINT NOT NULL,
    PRIMARY KEY (call_id, n)
) /* clustered */;
CREATE INDEX steps_by_time ON steps (entered_ms);

CREATE TABLE messages (
    call_id TEXT PRIMARY KEY,
    mailbox TEXT NOT NULL,
    file TEXT NOT NULL,
    left_ms BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL
) /* clustered */;
CREATE INDEX messages_by_mailbox ON messages (mailbox, left_ms);
