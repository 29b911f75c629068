-- What others may read: made anew at each start, and stable across versions (docs/state.md).
DROP VIEW IF EXISTS v_calls;
DROP VIEW IF EXISTS v_legs;
DROP VIEW IF EXISTS v_queue_visits;
DROP VIEW IF EXISTS v_steps;
DROP VIEW IF EXISTS v_campaign_day;

CREATE VIEW v_calls AS
SELECT id, day, started_ms, answered_ms, ended_ms, number, caller, caller_hash, caller_class, campaign, extension, trunk, flow,
    queue, outcome, ring_ms, flow_ms, wait_ms, talk_ms, cost_micros, reference, tags, status, ended_by, reason
FROM calls;

CREATE VIEW v_legs AS
SELECT l.call_id, l.n, c.day, c.number, c.campaign, l.who, l.queue, l.dialled, l.trunk, l.rung_ms, l.ring_ms, l.talk_ms, l.hold_ms,
    l.outcome, l.status, l.ended_by, l.cost_micros
FROM legs l JOIN calls c ON c.id = l.call_id;

CREATE VIEW v_queue_visits AS
SELECT v.call_id, v.n, c.day, c.number, c.campaign, v.queue, v.entered_ms, v.wait_ms, v.how, v.agent, v.exit_name, v.place_first,
    v.place_last, v.place_max, v.offers
FROM visits v JOIN calls c ON c.id = v.call_id;

CREATE VIEW v_steps AS
SELECT s.call_id, s.n, c.day, c.number, COALESCE(s.flow, c.flow) AS flow, c.flow_version, s.block, s.entered_ms, s.ms, s.how,
    s.exit_name, s.silences, s.wrong_keys
FROM steps s JOIN calls c ON c.id = s.call_id;

CREATE VIEW v_campaign_day AS
SELECT day, campaign, number, COUNT(*) AS calls, COUNT(answered_ms) AS answered, COUNT(DISTINCT caller_hash) AS callers,
    CAST(SUM(CASE outcome WHEN 'served' THEN 1 ELSE 0 END) AS BIGINT) AS served,
    CAST(SUM(wait_ms) AS BIGINT) AS wait_ms, CAST(SUM(talk_ms) AS BIGINT) AS talk_ms,
    CAST(SUM(COALESCE(cost_micros, 0)) AS BIGINT) AS cost_micros
FROM calls GROUP BY day, campaign, number;
