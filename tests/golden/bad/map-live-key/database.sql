CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, created DATE NOT NULL, ended_at DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_name TEXT NOT NULL, ordered DATE NOT NULL, note TEXT);
