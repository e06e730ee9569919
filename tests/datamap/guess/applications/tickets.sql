-- A help desk and project tracker.
CREATE TABLE people ( -- self
  id INTEGER PRIMARY KEY,
  username TEXT, --!
  realname TEXT, --!
  email TEXT, --!
  password_digest TEXT, --!
  api_token TEXT, --!
  personal_token TEXT, --!
  cookie_token TEXT, --!
  phone2 TEXT, --!
  picture TEXT, --!
  signature TEXT, --!
  locale TEXT, --!
  last_seen_at TIMESTAMP, --!
  disabled BOOLEAN
);
CREATE TABLE project (id INTEGER PRIMARY KEY, name TEXT, identifier TEXT, description TEXT, homepage TEXT, is_public BOOLEAN, owner_id INTEGER REFERENCES people);
CREATE TABLE category (id INTEGER PRIMARY KEY, project_id INTEGER REFERENCES project, name TEXT, assigned_to_id INTEGER REFERENCES people);
CREATE TABLE ticket ( -- requester_id
  id INTEGER PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES project,
  requester_id INTEGER NOT NULL REFERENCES people,
  assignee_id INTEGER REFERENCES people,
  subject TEXT, --!
  description TEXT, --!
  callback_number TEXT, --!
  satisfaction_rating INTEGER, --!
  satisfaction_comment TEXT, --!
  priority INTEGER, status TEXT, created_on TIMESTAMP, due_date DATE
);
CREATE TABLE journal ( -- user_id
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL REFERENCES ticket,
  user_id INTEGER NOT NULL REFERENCES people,
  notes TEXT, --!
  private_notes BOOLEAN,
  created_on TIMESTAMP
);
CREATE TABLE journal_detail ( -- journal_id > journal.user_id
  id INTEGER PRIMARY KEY,
  journal_id INTEGER NOT NULL REFERENCES journal,
  property TEXT,
  old_value TEXT, --!
  new_value TEXT --!
);
CREATE TABLE time_entry ( -- user_id
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES people,
  ticket_id INTEGER REFERENCES ticket,
  hours NUMERIC, --?
  comments TEXT, --!
  spent_on DATE --?
);
CREATE TABLE attachment ( -- author_id
  id INTEGER PRIMARY KEY,
  author_id INTEGER NOT NULL REFERENCES people,
  ticket_id INTEGER REFERENCES ticket,
  filename TEXT, --!
  disk_filename TEXT, --!
  description TEXT, --!
  content_type TEXT, filesize INTEGER, digest TEXT, downloads INTEGER
);
CREATE TABLE incoming_mail ( -- sender_address
  id INTEGER PRIMARY KEY,
  sender_address TEXT, --!
  sender_name TEXT, --!
  subject TEXT, --!
  body TEXT, --!
  raw_headers TEXT, --!
  received_at TIMESTAMP
);
CREATE TABLE canned_response (id INTEGER PRIMARY KEY, title TEXT, body TEXT, created_by_id INTEGER REFERENCES people);
CREATE TABLE sla_policy (id INTEGER PRIMARY KEY, name TEXT, description TEXT, hours INTEGER);
CREATE TABLE watcher (id INTEGER PRIMARY KEY, ticket_id INTEGER REFERENCES ticket, user_id INTEGER REFERENCES people); -- user_id
