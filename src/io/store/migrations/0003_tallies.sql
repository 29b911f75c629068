-- Sums by the one definition of each figure (`figures/contribution.rs`): the tally of a quarter of an hour, a number dialled, a
-- campaign, a queue and an agent ('' for none), as JSON without what is nothing.
DROP TABLE rollups;
CREATE TABLE rollups (
    quarter_ms BIGINT NOT NULL,
    number TEXT NOT NULL,
    campaign TEXT NOT NULL,
    queue TEXT NOT NULL,
    agent TEXT NOT NULL,
    tally TEXT NOT NULL,
    PRIMARY KEY (quarter_ms, number, campaign, queue, agent)
) /* clustered */;
-- The same of records that have gone, in quarters of which others are left: what a recount cannot find.
CREATE TABLE carried (
    quarter_ms BIGINT NOT NULL,
    number TEXT NOT NULL,
    campaign TEXT NOT NULL,
    queue TEXT NOT NULL,
    agent TEXT NOT NULL,
    tally TEXT NOT NULL,
    PRIMARY KEY (quarter_ms, number, campaign, queue, agent)
) /* clustered */;
-- Facts that are no numbers: by which thresholds the sums were made.
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- What people have changed on purpose.
CREATE TABLE audit (at_ms BIGINT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);
