-- Customers of two companies that share one system. Days are dates; instants are UTC.
CREATE TABLE company (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    fiscal_year_ends TEXT NOT NULL
);

CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (code),
    name TEXT NOT NULL,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    pnr TEXT,
    protected INTEGER NOT NULL DEFAULT 0,
    preferences TEXT,
    customer_since DATE NOT NULL,
    ended_at DATE,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX customer_ended_at ON customer (ended_at);
CREATE INDEX customer_email ON customer (email);

CREATE TABLE former_email (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    email TEXT NOT NULL,
    changed_at TIMESTAMP NOT NULL
);
CREATE INDEX former_email_customer ON former_email (customer_id);

CREATE TABLE product_use (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    product TEXT NOT NULL,
    last_used DATE,
    response_ms INTEGER,
    arrived_by TEXT,
    left_by TEXT,
    device_model TEXT,
    device_version TEXT
);
CREATE INDEX product_use_customer ON product_use (customer_id);

CREATE TABLE quote (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (code),
    customer_id INTEGER REFERENCES customer (id),
    name TEXT,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    wish TEXT,
    amount_ore INTEGER NOT NULL,
    requested_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX quote_customer ON quote (customer_id);
CREATE INDEX quote_requested_at ON quote (requested_at);

CREATE TABLE lead (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (code),
    customer_id INTEGER REFERENCES customer (id),
    place TEXT NOT NULL CHECK (place IN ('web', 'event', 'course')),
    name TEXT NOT NULL,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    message TEXT,
    submitted_at TIMESTAMP NOT NULL
);
CREATE INDEX lead_customer ON lead (customer_id);
CREATE INDEX lead_submitted_at ON lead (submitted_at);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    delivery_name TEXT,
    delivery_street TEXT,
    delivery_postcode TEXT,
    delivery_city TEXT,
    note TEXT,
    ordered_at TIMESTAMP NOT NULL
);
CREATE INDEX orders_customer ON orders (customer_id);

CREATE TABLE order_line (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    price_ore INTEGER NOT NULL
);
CREATE INDEX order_line_order ON order_line (order_id);

CREATE TABLE invoice (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (code),
    customer_id INTEGER REFERENCES customer (id),
    order_id INTEGER REFERENCES orders (id),
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    text TEXT,
    amount_ore INTEGER NOT NULL,
    issued DATE NOT NULL,
    booked DATE
);
CREATE INDEX invoice_customer ON invoice (customer_id);
CREATE INDEX invoice_order ON invoice (order_id);
CREATE INDEX invoice_booked ON invoice (booked);

-- No constraint on customer_id: it was imported from a mailing tool, and two rows point at nobody.
CREATE TABLE marketing_contact (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (code),
    customer_id INTEGER NOT NULL,
    name TEXT,
    street TEXT,
    postcode TEXT,
    city TEXT,
    email TEXT,
    phone TEXT,
    products TEXT,
    opted_out_at TIMESTAMP,
    added_at TIMESTAMP NOT NULL
);
CREATE INDEX marketing_contact_customer ON marketing_contact (customer_id);

CREATE TABLE survey_answer (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    survey TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at TIMESTAMP NOT NULL
);
CREATE INDEX survey_answer_customer ON survey_answer (customer_id);
