CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, created DATE NOT NULL, ended_at DATE);
