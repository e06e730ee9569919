-- Donations, events, small groups: a parish or charity.
CREATE TABLE person_per ( -- self
  per_id INTEGER PRIMARY KEY,
  per_title TEXT, --!
  per_first_name TEXT, --!
  per_middle_name TEXT, --!
  per_last_name TEXT, --!
  per_suffix TEXT, --!
  per_address1 TEXT, --!
  per_city TEXT, --!
  per_zip TEXT, --!
  per_home_phone TEXT, --!
  per_cell_phone TEXT, --!
  per_email TEXT, --!
  per_birth_month INTEGER, --!
  per_birth_day INTEGER, --!
  per_birth_year INTEGER, --!
  per_membership_date DATE, --?
  per_gender INTEGER, --!
  per_baptism_date DATE, --!
  per_envelope INTEGER, --!
  per_facebook TEXT, --!
  per_flags INTEGER, --?
  per_fam_id INTEGER REFERENCES family_fam
);
CREATE TABLE family_fam ( -- self | person_per.per_fam_id
  fam_id INTEGER PRIMARY KEY,
  fam_name TEXT, --!
  fam_address1 TEXT, --!
  fam_city TEXT, --!
  fam_home_phone TEXT, --!
  fam_email TEXT, --!
  fam_wedding_date DATE, --!
  fam_latitude NUMERIC, --!
  fam_longitude NUMERIC, --!
  fam_send_newsletter BOOLEAN --!
);
CREATE TABLE pledge ( -- family_id
  id INTEGER PRIMARY KEY,
  family_id INTEGER NOT NULL REFERENCES family_fam,
  amount NUMERIC, method TEXT,
  check_no TEXT, --?
  comment TEXT, --!
  scan_string TEXT --?
);
CREATE TABLE note ( -- person_id
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person_per,
  is_private BOOLEAN,
  body TEXT, --!
  entered_by INTEGER REFERENCES person_per
);
CREATE TABLE event (id INTEGER PRIMARY KEY, title TEXT, description TEXT, text TEXT, start TIMESTAMP, location TEXT, primary_contact_person_id INTEGER REFERENCES person_per);
CREATE TABLE event_attendance ( -- person_id
  id INTEGER PRIMARY KEY,
  event_id INTEGER NOT NULL REFERENCES event,
  person_id INTEGER NOT NULL REFERENCES person_per,
  checkin_date TIMESTAMP, --?
  checkout_date TIMESTAMP --?
);
CREATE TABLE prayer_request ( -- self | email
  id INTEGER PRIMARY KEY,
  requester_name TEXT, --!
  email TEXT, --!
  request_text TEXT, --!
  answer_text TEXT, --!
  approved BOOLEAN
);
CREATE TABLE background_check ( -- person_id
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person_per,
  request_key TEXT, --?
  record_found BOOLEAN, --!
  response_document TEXT, --!
  status TEXT
);
CREATE TABLE property (pro_id INTEGER PRIMARY KEY, pro_name TEXT, pro_description TEXT, pro_prompt TEXT);
CREATE TABLE sms_log ( -- to_number
  id INTEGER PRIMARY KEY,
  to_number TEXT, --!
  from_number TEXT,
  message TEXT, --!
  gateway_response TEXT --?
);
