-- Sums of calls, kept with each record: what of a quarter of an hour, a number dialled, a campaign and a queue ('' for none).
CREATE TABLE rollups (
    quarter_ms BIGINT NOT NULL,
    number TEXT NOT NULL,
    campaign TEXT NOT NULL,
    queue TEXT NOT NULL,
    what TEXT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (quarter_ms, number, campaign, queue, what)
) /* clustered */;
