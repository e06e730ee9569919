-- What the systems observe. Instants are counted since 1970: seconds, but milliseconds in the errors. 0 is never.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE security_log (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    ip TEXT NOT NULL,
    device_model TEXT,
    device_version TEXT,
    operating_system TEXT,
    platform TEXT,
    screen TEXT,
    account_id INTEGER REFERENCES account (id)
);
CREATE INDEX security_log_at ON security_log (at);
CREATE INDEX security_log_account ON security_log (account_id);

CREATE TABLE download_error (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    file TEXT NOT NULL,
    status INTEGER NOT NULL,
    ip TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id)
);
CREATE INDEX download_error_at ON download_error (at_ms);
CREATE INDEX download_error_account ON download_error (account_id);
