CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, created DATE NOT NULL, ended_at DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer (id), seller_id INTEGER REFERENCES customer (id), ordered DATE NOT NULL, note TEXT);
