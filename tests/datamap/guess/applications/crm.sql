-- A customer register with deals and mailings.
CREATE TABLE users ( -- self
  id INTEGER PRIMARY KEY,
  login TEXT, --!
  hashed_password TEXT, --!
  firstname TEXT, --!
  lastname TEXT, --!
  mail TEXT, --!
  last_login_on TIMESTAMP, --!
  sign_in_count INTEGER, --!
  current_sign_in_ip TEXT, --!
  reset_password_token TEXT, --!
  two_factor_secret TEXT, --!
  time_zone TEXT, --!
  mail_notification TEXT, --!
  receive_digest BOOLEAN, --!
  admin BOOLEAN,
  status INTEGER,
  created_on TIMESTAMP
);
CREATE TABLE company (id INTEGER PRIMARY KEY, name TEXT, orgnr TEXT, website TEXT, phone TEXT, street TEXT, city TEXT, industry TEXT, created_by INTEGER REFERENCES users);
CREATE TABLE contact ( -- self
  id INTEGER PRIMARY KEY,
  company_id INTEGER REFERENCES company,
  salutation TEXT, --!
  first_name TEXT, --!
  last_name TEXT, --!
  job_title TEXT, --!
  email_1 TEXT, --!
  email_2 TEXT, --!
  phone_home TEXT, --!
  phone_work TEXT, --!
  fax TEXT, --!
  skype TEXT, --!
  twitter TEXT, --!
  street_1 TEXT, --!
  zip_code TEXT, --!
  city TEXT, --!
  country TEXT, --!
  birth_date DATE, --!
  do_not_call BOOLEAN, --!
  email_opt_out BOOLEAN, --!
  lead_source TEXT, --!
  background_info TEXT, --!
  avatar_file_name TEXT, --!
  assigned_to INTEGER REFERENCES users,
  created_by INTEGER REFERENCES users
);
CREATE TABLE deal ( -- contact_id
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contact,
  name TEXT, --?
  amount NUMERIC,
  stage TEXT,
  lost_reason TEXT, --!
  owner_id INTEGER REFERENCES users
);
CREATE TABLE activity ( -- contact_id
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contact,
  subject TEXT, --!
  body TEXT, --!
  call_recording_url TEXT, --!
  done BOOLEAN,
  due_date DATE
);
CREATE TABLE email_template (id INTEGER PRIMARY KEY, name TEXT, subject TEXT, body_html TEXT, created_by INTEGER REFERENCES users);
CREATE TABLE campaign (id INTEGER PRIMARY KEY, name TEXT, subject TEXT, sender_name TEXT, reply_to TEXT, content TEXT, owner_id INTEGER REFERENCES users);
CREATE TABLE campaign_recipient ( -- contact_id
  id INTEGER PRIMARY KEY,
  campaign_id INTEGER NOT NULL REFERENCES campaign,
  contact_id INTEGER NOT NULL REFERENCES contact,
  email TEXT, --!
  clicked_at TIMESTAMP, --?
  bounce_message TEXT --!
);
CREATE TABLE pipeline (id INTEGER PRIMARY KEY, name TEXT, description TEXT, owner_id INTEGER REFERENCES users);
