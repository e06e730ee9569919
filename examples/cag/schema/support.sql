-- Customer service for all companies. Instants are written in Swedish time.
CREATE TABLE support_case (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL,
    name TEXT NOT NULL,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    product TEXT,
    subject TEXT,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX support_case_email ON support_case (email);

-- What has happened to a case, in order: opened, closed, reopened, closed again.
CREATE TABLE case_event (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES support_case (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('opened', 'closed', 'reopened')),
    happened_at TIMESTAMP NOT NULL,
    UNIQUE (case_id, step)
);

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES support_case (id) ON DELETE CASCADE,
    sender TEXT NOT NULL CHECK (sender IN ('customer', 'us')),
    body TEXT NOT NULL,
    sent_at TIMESTAMP NOT NULL
);
CREATE INDEX message_case ON message (case_id);

-- A contact that never became a registered case.
CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('phone', 'email', 'chat')),
    name TEXT,
    email TEXT,
    phone TEXT,
    body TEXT,
    contacted_at TIMESTAMP NOT NULL
);

CREATE TABLE social_message (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL,
    network TEXT NOT NULL,
    handle TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at TIMESTAMP NOT NULL
);
CREATE INDEX social_message_received_at ON social_message (received_at);
