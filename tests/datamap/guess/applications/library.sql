-- A library's loans and a school's pupils.
CREATE TABLE borrower ( -- self
  borrowernumber INTEGER PRIMARY KEY,
  cardnumber TEXT, --!
  surname TEXT, --!
  firstname TEXT, --!
  othernames TEXT, --!
  initials TEXT, --!
  streetnumber TEXT, --!
  address TEXT, --!
  address2 TEXT, --!
  city TEXT, --!
  zipcode TEXT, --!
  email TEXT, --!
  emailpro TEXT, --!
  phone TEXT, --!
  mobile TEXT, --!
  smsalertnumber TEXT, --!
  dateofbirth DATE, --!
  userid TEXT, --!
  password TEXT, --!
  opacnote TEXT, --!
  borrowernotes TEXT, --!
  relationship TEXT, --!
  guarantorid INTEGER,
  sort1 TEXT, --?
  privacy INTEGER, --?
  lastseen TIMESTAMP, --!
  lost BOOLEAN, --?
  dateenrolled DATE, --?
  dateexpiry DATE
);
CREATE TABLE biblio (biblionumber INTEGER PRIMARY KEY, author TEXT, title TEXT, subtitle TEXT, abstract TEXT, isbn TEXT, publisher TEXT, notes TEXT);
CREATE TABLE item (itemnumber INTEGER PRIMARY KEY, biblionumber INTEGER NOT NULL REFERENCES biblio, barcode TEXT, location TEXT, itemnotes TEXT, price NUMERIC);
CREATE TABLE issue ( -- borrowernumber
  issue_id INTEGER PRIMARY KEY,
  borrowernumber INTEGER NOT NULL REFERENCES borrower,
  itemnumber INTEGER NOT NULL REFERENCES item,
  note TEXT, --!
  date_due TIMESTAMP, returndate TIMESTAMP, renewals INTEGER
);
CREATE TABLE suggestion ( -- suggestedby
  id INTEGER PRIMARY KEY,
  suggestedby INTEGER NOT NULL REFERENCES borrower,
  author TEXT, --?
  title TEXT, --?
  note TEXT, --!
  reason TEXT, --!
  status TEXT
);
CREATE TABLE message_queue ( -- borrowernumber
  message_id INTEGER PRIMARY KEY,
  borrowernumber INTEGER NOT NULL REFERENCES borrower,
  subject TEXT, --!
  content TEXT, --!
  to_address TEXT, --!
  from_address TEXT,
  letter_code TEXT, status TEXT, time_queued TIMESTAMP
);
CREATE TABLE branch (branchcode TEXT PRIMARY KEY, branchname TEXT, branchaddress1 TEXT, branchphone TEXT, branchemail TEXT, opac_info TEXT);
CREATE TABLE fine ( -- borrowernumber
  id INTEGER PRIMARY KEY,
  borrowernumber INTEGER NOT NULL REFERENCES borrower,
  amount NUMERIC,
  description TEXT, --!
  note TEXT --!
);
