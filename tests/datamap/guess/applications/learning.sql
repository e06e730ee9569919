-- A learning platform without declared keys: `userid` in every table.
CREATE TABLE lms_user ( -- self
  id INTEGER PRIMARY KEY,
  username TEXT, --!
  password TEXT, --!
  idnumber TEXT, --!
  firstname TEXT, --!
  lastname TEXT, --!
  lastnamephonetic TEXT, --!
  alternatename TEXT, --!
  email TEXT, --!
  phone1 TEXT, --!
  phone2 TEXT, --!
  institution TEXT, --!
  department TEXT, --!
  address TEXT, --!
  city TEXT, --!
  country TEXT, --!
  lang TEXT, --!
  timezone TEXT, --!
  firstaccess INTEGER, --!
  lastaccess INTEGER, --!
  lastlogin INTEGER, --!
  currentlogin INTEGER, --!
  lastip TEXT, --!
  secret TEXT, --!
  picture INTEGER, --?
  imagealt TEXT, --!
  description TEXT, --!
  maildisplay INTEGER, --?
  confirmed INTEGER, deleted INTEGER, suspended INTEGER, timecreated INTEGER, timemodified INTEGER
);
CREATE TABLE lms_course (id INTEGER PRIMARY KEY, category INTEGER, fullname TEXT, shortname TEXT, idnumber TEXT, summary TEXT, format TEXT, startdate INTEGER, visible INTEGER, lang TEXT, theme TEXT);
CREATE TABLE lms_quiz (id INTEGER PRIMARY KEY, course INTEGER, name TEXT, intro TEXT, timelimit INTEGER, password TEXT, subnet TEXT);
CREATE TABLE lms_quiz_attempt ( -- userid
  id INTEGER PRIMARY KEY,
  quiz INTEGER,
  userid INTEGER NOT NULL,
  attempt INTEGER,
  sumgrades NUMERIC, --!
  timestart INTEGER, timefinish INTEGER
);
CREATE TABLE lms_grade ( -- userid
  id INTEGER PRIMARY KEY,
  itemid INTEGER,
  userid INTEGER NOT NULL,
  rawgrade NUMERIC, --!
  finalgrade NUMERIC, --!
  feedback TEXT, --!
  usermodified INTEGER, timemodified INTEGER
);
CREATE TABLE lms_forum_post ( -- userid
  id INTEGER PRIMARY KEY,
  discussion INTEGER,
  parent INTEGER,
  userid INTEGER NOT NULL,
  subject TEXT, --!
  message TEXT, --!
  mailed INTEGER, created INTEGER, modified INTEGER
);
CREATE TABLE lms_submission ( -- userid
  id INTEGER PRIMARY KEY,
  userid INTEGER NOT NULL,
  onlinetext TEXT, --!
  status TEXT, attemptnumber INTEGER
);
CREATE TABLE lms_log ( -- userid
  id INTEGER PRIMARY KEY,
  eventname TEXT, component TEXT, action TEXT, target TEXT, objecttable TEXT,
  userid INTEGER NOT NULL,
  other TEXT, --!
  ip TEXT, --!
  origin TEXT, timecreated INTEGER
);
CREATE TABLE lms_session ( -- userid
  id INTEGER PRIMARY KEY,
  sid TEXT, --!
  userid INTEGER NOT NULL,
  sessdata TEXT, --!
  firstip TEXT, --!
  lastip TEXT, --!
  timecreated INTEGER, timemodified INTEGER
);
CREATE TABLE lms_page (id INTEGER PRIMARY KEY, course INTEGER, name TEXT, intro TEXT, content TEXT);
