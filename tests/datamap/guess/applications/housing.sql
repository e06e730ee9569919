-- Housing, files and chat: tenants, a queue, fault reports, visitors; accounts by text keys.
CREATE TABLE accounts ( -- self
  uid TEXT PRIMARY KEY, --!
  displayname TEXT, --!
  password TEXT --!
);
CREATE TABLE preferences ( -- userid
  userid TEXT NOT NULL REFERENCES accounts, --?
  appid TEXT,
  configkey TEXT,
  configvalue TEXT, --!
  PRIMARY KEY (userid, appid, configkey)
);
CREATE TABLE tenant ( -- self
  id INTEGER PRIMARY KEY,
  full_name TEXT, --!
  national_id TEXT, --!
  mobile TEXT, --!
  email TEXT, --!
  income NUMERIC, --!
  employer_name TEXT, --!
  number_of_children INTEGER, --!
  pets TEXT, --!
  credit_score INTEGER, --!
  bank_account TEXT, --!
  move_in_date DATE, --?
  key_fob_code TEXT, --!
  parking_plate TEXT --!
);
CREATE TABLE building (id INTEGER PRIMARY KEY, name TEXT, street TEXT, city TEXT, year INTEGER, caretaker_phone TEXT, notes TEXT);
CREATE TABLE apartment (id INTEGER PRIMARY KEY, building_id INTEGER NOT NULL REFERENCES building, number TEXT, floor INTEGER, rent NUMERIC, description TEXT);
CREATE TABLE lease ( -- tenant_id
  id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL REFERENCES tenant,
  apartment_id INTEGER NOT NULL REFERENCES apartment,
  cotenant_name TEXT, --!
  guarantor TEXT, --!
  termination_reason TEXT, --!
  signed_document TEXT, --!
  signature_ip TEXT, --!
  rent NUMERIC, start_date DATE
);
CREATE TABLE fault_report ( -- tenant_id
  id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL REFERENCES tenant,
  description TEXT, --!
  photo_url TEXT, --!
  access_allowed BOOLEAN, --?
  preferred_time TEXT, --!
  has_pets BOOLEAN, --!
  contact_phone TEXT --!
);
CREATE TABLE visitor_log ( -- visitor_name
  id INTEGER PRIMARY KEY,
  building_id INTEGER REFERENCES building,
  visitor_name TEXT, --!
  company TEXT, --!
  licence_plate TEXT, --!
  host_name TEXT, --!
  arrived_at TIMESTAMP, left_at TIMESTAMP
);
CREATE TABLE chat_message ( -- sender_uid
  id INTEGER PRIMARY KEY,
  sender_uid TEXT NOT NULL REFERENCES accounts, --?
  room TEXT,
  message TEXT, --!
  reactions TEXT, --!
  sent_at TIMESTAMP
);
CREATE TABLE newsletter_signup ( -- self | email
  id INTEGER PRIMARY KEY,
  email TEXT, --!
  interests TEXT, --!
  confirm_token TEXT, --!
  ip_signup TEXT, --!
  confirmed_at TIMESTAMP
);
CREATE TABLE push_token ( -- uid
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL REFERENCES accounts, --?
  platform TEXT, --!
  token TEXT, --!
  app_version TEXT --!
);
CREATE TABLE notice (id INTEGER PRIMARY KEY, title TEXT, body TEXT, publish_from DATE, publish_to DATE, slug TEXT, author_uid TEXT REFERENCES accounts); -- ~
