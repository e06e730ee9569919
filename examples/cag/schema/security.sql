-- What the systems observe. Instants are counted since 1970: seconds in the log, milliseconds in the errors.
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
    user_email TEXT
);
CREATE INDEX security_log_at ON security_log (at);

CREATE TABLE download_error (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    file TEXT NOT NULL,
    status INTEGER NOT NULL,
    ip TEXT NOT NULL,
    user_email TEXT
);
CREATE INDEX download_error_at ON download_error (at_ms);
