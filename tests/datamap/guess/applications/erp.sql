-- An enterprise system: partners, quotations, stock, expenses.
CREATE TABLE res_user ( -- self
  rowid INTEGER PRIMARY KEY,
  login TEXT, --!
  pass_crypted TEXT, --!
  lastname TEXT, --!
  firstname TEXT, --!
  civility TEXT, --!
  gender TEXT, --!
  birth DATE, --!
  office_phone TEXT, --!
  office_fax TEXT, --!
  user_mobile TEXT, --!
  personal_mobile TEXT, --!
  email TEXT, --!
  personal_email TEXT, --!
  signature TEXT, --!
  job TEXT, --!
  thm NUMERIC, --?
  salary NUMERIC, --!
  photo TEXT, --!
  lang TEXT, --!
  national_registration_number TEXT, --!
  note_public TEXT, --!
  note_private TEXT, --!
  datelastlogin TIMESTAMP, --!
  datepreviouslogin TIMESTAMP, --!
  iplastlogin TEXT, --!
  dateemployment DATE, --?
  fk_supervisor INTEGER REFERENCES res_user,
  weeklyhours NUMERIC, --!
  color TEXT,
  statut INTEGER,
  import_key TEXT,
  tms TIMESTAMP
);
CREATE TABLE res_partner ( -- self
  id INTEGER PRIMARY KEY,
  name TEXT, --!
  display_name TEXT, --!
  title TEXT, --!
  function TEXT, --!
  street TEXT, --!
  street2 TEXT, --!
  zip TEXT, --!
  city TEXT, --!
  phone TEXT, --!
  mobile TEXT, --!
  email TEXT, --!
  email_normalized TEXT, --!
  vat TEXT, --!
  website TEXT, --!
  comment TEXT, --!
  lang TEXT, --!
  tz TEXT, --!
  partner_latitude NUMERIC, --!
  partner_longitude NUMERIC, --!
  signup_token TEXT, --!
  credit_limit NUMERIC, --?
  ref TEXT, --?
  is_company BOOLEAN,
  active BOOLEAN,
  user_id INTEGER REFERENCES res_user,
  create_uid INTEGER REFERENCES res_user,
  create_date TIMESTAMP
);
CREATE TABLE partner_bank ( -- partner_id
  id INTEGER PRIMARY KEY,
  partner_id INTEGER NOT NULL REFERENCES res_partner,
  acc_number TEXT, --!
  acc_holder_name TEXT, --!
  bank_bic TEXT, --!
  allow_out_payment BOOLEAN
);
CREATE TABLE sale_order ( -- partner_id
  id INTEGER PRIMARY KEY,
  partner_id INTEGER NOT NULL REFERENCES res_partner,
  client_order_ref TEXT, --?
  note TEXT, --!
  access_token TEXT, --!
  signed_by TEXT, --!
  signed_on TIMESTAMP, --?
  signature BLOB, --!
  amount_total NUMERIC, state TEXT
);
CREATE TABLE sale_order_line ( -- order_id > sale_order.partner_id
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES sale_order,
  product_id INTEGER REFERENCES product_template,
  name TEXT, --!
  price_unit NUMERIC, qty NUMERIC
);
CREATE TABLE product_template (id INTEGER PRIMARY KEY, name TEXT, description TEXT, description_sale TEXT, default_code TEXT, barcode TEXT, list_price NUMERIC, create_uid INTEGER REFERENCES res_user);
CREATE TABLE stock_warehouse (id INTEGER PRIMARY KEY, name TEXT, code TEXT, address TEXT, phone TEXT, responsible_id INTEGER REFERENCES res_user);
CREATE TABLE expense ( -- employee_user_id
  id INTEGER PRIMARY KEY,
  employee_user_id INTEGER NOT NULL REFERENCES res_user,
  name TEXT, --!
  description TEXT, --!
  receipt_file TEXT, --!
  reference TEXT, --?
  total NUMERIC, currency TEXT, state TEXT
);
CREATE TABLE expense_category (id INTEGER PRIMARY KEY, label TEXT, note TEXT, account TEXT);
CREATE TABLE mail_message ( -- author_id
  id INTEGER PRIMARY KEY,
  author_id INTEGER REFERENCES res_partner,
  email_from TEXT, --!
  reply_to TEXT, --?
  subject TEXT, --!
  body TEXT, --!
  message_id TEXT,
  model TEXT, res_id INTEGER, date TIMESTAMP
);
CREATE TABLE calendar_attendee ( -- partner_id
  id INTEGER PRIMARY KEY,
  partner_id INTEGER NOT NULL REFERENCES res_partner,
  email TEXT, --!
  common_name TEXT, --!
  availability TEXT, --!
  access_token TEXT, --!
  state TEXT
);
CREATE TABLE ir_attachment (id INTEGER PRIMARY KEY, name TEXT, res_model TEXT, res_id INTEGER, store_fname TEXT, checksum TEXT, mimetype TEXT, create_uid INTEGER REFERENCES res_user); -- ~
CREATE TABLE ir_cron (id INTEGER PRIMARY KEY, cron_name TEXT, user_id INTEGER REFERENCES res_user, interval_number INTEGER, nextcall TIMESTAMP);
