CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, label TEXT GENERATED ALWAYS AS (name || ' <' || email || '>') VIRTUAL, created DATE NOT NULL, ended_at DATE);
