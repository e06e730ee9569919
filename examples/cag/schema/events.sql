-- Events and courses. Instants are written in Swedish time; a one-day event has no end.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL,
    title TEXT NOT NULL,
    venue TEXT NOT NULL,
    starts TIMESTAMP NOT NULL,
    ends TIMESTAMP
);

CREATE TABLE registration (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES event (id),
    name TEXT NOT NULL,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    registered_at TIMESTAMP NOT NULL
);
CREATE INDEX registration_event ON registration (event_id);
CREATE INDEX registration_registered_at ON registration (registered_at);

CREATE TABLE allergy (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES event (id),
    registration_id INTEGER REFERENCES registration (id),
    what TEXT NOT NULL,
    noted_at TIMESTAMP NOT NULL
);
CREATE INDEX allergy_registration ON allergy (registration_id);
CREATE INDEX allergy_event ON allergy (event_id);

CREATE TABLE caterer (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    agreement TEXT NOT NULL
);

-- What the caterer was told: a copy of the allergy, without the guest's name.
CREATE TABLE caterer_list (
    id INTEGER PRIMARY KEY,
    caterer_id INTEGER NOT NULL REFERENCES caterer (id),
    allergy_id INTEGER NOT NULL REFERENCES allergy (id),
    place_card TEXT NOT NULL,
    what TEXT NOT NULL,
    sent_at TIMESTAMP NOT NULL
);
CREATE INDEX caterer_list_allergy ON caterer_list (allergy_id);
