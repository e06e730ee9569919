-- The newsletter knows nothing but an e-mail address. Instants are UTC, written with T and milliseconds.
CREATE TABLE subscriber (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    came_by TEXT NOT NULL CHECK (came_by IN ('web', 'event', 'customer')),
    opted_in_at TEXT,
    opted_out_at TEXT,
    added_at TEXT NOT NULL
);

CREATE TABLE opening (
    id INTEGER PRIMARY KEY,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    issue TEXT NOT NULL,
    opened_at TEXT NOT NULL
);
CREATE INDEX opening_subscriber ON opening (subscriber_id);
