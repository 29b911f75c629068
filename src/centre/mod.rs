//! Agents, queues, hours, numbers, records: the contact centre, pure. Knows nothing of SIP, media or flows.
