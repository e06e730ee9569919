-- Recruitment by all companies. Days are dates (9999-12-31: not closed); instants are UTC.
CREATE TABLE process (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL,
    title TEXT NOT NULL,
    opened_on DATE NOT NULL,
    closed_on DATE
);

CREATE TABLE application (
    id INTEGER PRIMARY KEY,
    process_id INTEGER NOT NULL REFERENCES process (id),
    name TEXT NOT NULL,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    experience TEXT,
    education TEXT,
    cv_file TEXT,
    letter TEXT,
    outcome TEXT CHECK (outcome IN ('rejected', 'offered', 'hired')),
    future_consent_at TIMESTAMP,
    future_withdrawn_at TIMESTAMP,
    applied_at TIMESTAMP NOT NULL
);
CREATE INDEX application_process ON application (process_id);

CREATE TABLE consultant (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    agreement TEXT
);

-- Which applicant was handed over to which recruitment consultant, and what went along.
CREATE TABLE handover (
    id INTEGER PRIMARY KEY,
    application_id INTEGER NOT NULL REFERENCES application (id),
    consultant_id INTEGER NOT NULL REFERENCES consultant (id),
    candidate TEXT NOT NULL,
    handed_at TIMESTAMP NOT NULL
);
CREATE INDEX handover_application ON handover (application_id);
