-- A clinic's journal.
CREATE TABLE patient_data ( -- self
  id INTEGER PRIMARY KEY,
  fname TEXT, --!
  mname TEXT, --!
  lname TEXT, --!
  dob DATE, --!
  sex TEXT, --!
  ss TEXT, --!
  street TEXT, --!
  postal_code TEXT, --!
  city TEXT, --!
  drivers_license TEXT, --!
  phone_home TEXT, --!
  phone_biz TEXT, --!
  phone_cell TEXT, --!
  email TEXT, --!
  occupation TEXT, --!
  marital_status TEXT, --!
  contact_relationship TEXT, --!
  mothersname TEXT, --!
  guardiansname TEXT, --!
  race TEXT, --!
  ethnicity TEXT, --!
  religion TEXT, --!
  language TEXT, --!
  interpreter TEXT, --!
  monthly_income NUMERIC, --!
  family_size INTEGER, --!
  homeless TEXT, --!
  allow_sms BOOLEAN, --!
  hipaa_notice BOOLEAN, --?
  deceased_date DATE, --!
  deceased_reason TEXT, --!
  mrn TEXT, --!
  blood_group TEXT, --!
  smoker BOOLEAN --!
);
CREATE TABLE provider (id INTEGER PRIMARY KEY, organisation_name TEXT, specialty TEXT);
CREATE TABLE encounter ( -- patient_id
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patient_data,
  reason TEXT, --!
  referral_source TEXT, --?
  chief_complaint TEXT, --!
  encounter_date DATE
);
CREATE TABLE vitals ( -- patient_id
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patient_data,
  bps INTEGER, --!
  bpd INTEGER, --!
  weight NUMERIC, --!
  height NUMERIC, --!
  temperature NUMERIC, --!
  pulse INTEGER, --!
  note TEXT, --!
  recorded_at TIMESTAMP
);
CREATE TABLE prescription ( -- patient_id
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patient_data,
  drug TEXT, --!
  dosage TEXT, --!
  quantity TEXT, --!
  refills INTEGER, --?
  note TEXT --!
);
CREATE TABLE lab_result ( -- encounter_id > encounter.patient_id
  id INTEGER PRIMARY KEY,
  encounter_id INTEGER NOT NULL REFERENCES encounter,
  analyte TEXT, --!
  result_value TEXT, --!
  abnormal TEXT, --!
  comments TEXT --!
);
CREATE TABLE insurance ( -- patient_id
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patient_data,
  plan_name TEXT, --?
  policy_number TEXT, --!
  group_number TEXT, --!
  subscriber_lname TEXT, --!
  subscriber_dob DATE, --!
  subscriber_employer TEXT, --!
  copay NUMERIC --?
);
CREATE TABLE appointment ( -- patient_id
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patient_data,
  room TEXT,
  title TEXT, --?
  comments TEXT, --!
  starts_at TIMESTAMP, ends_at TIMESTAMP, status TEXT
);
CREATE TABLE drug_catalogue (id INTEGER PRIMARY KEY, name TEXT, form TEXT, ndc TEXT, description TEXT);
