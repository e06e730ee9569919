-- A personnel system: employees, leave, appraisals, applicants.
CREATE TABLE department (id INTEGER PRIMARY KEY, name TEXT, parent_id INTEGER REFERENCES department, manager_id INTEGER REFERENCES employee, note TEXT);
CREATE TABLE employee ( -- self
  id INTEGER PRIMARY KEY,
  name TEXT, --!
  work_email TEXT, --!
  work_phone TEXT, --!
  private_street TEXT, --!
  private_zip TEXT, --!
  private_city TEXT, --!
  ssnid TEXT, --!
  passport_id TEXT, --!
  visa_no TEXT, --!
  visa_expire DATE, --?
  permit_no TEXT, --!
  birthday DATE, --!
  place_of_birth TEXT, --!
  country_of_birth TEXT, --!
  gender TEXT, --!
  marital TEXT, --!
  children INTEGER, --!
  spouse_complete_name TEXT, --!
  spouse_birthdate DATE, --!
  emergency_contact TEXT, --!
  emergency_phone TEXT, --!
  km_home_work INTEGER, --!
  study_field TEXT, --!
  study_school TEXT, --!
  certificate TEXT, --!
  job_title TEXT, --!
  pin TEXT, --!
  barcode TEXT, --!
  notes TEXT, --!
  vehicle TEXT, --!
  t_shirt_size TEXT, --!
  color INTEGER,
  active BOOLEAN,
  department_id INTEGER REFERENCES department,
  created_at TIMESTAMP
);
CREATE TABLE contract ( -- employee_id
  id INTEGER PRIMARY KEY,
  employee_id INTEGER NOT NULL REFERENCES employee,
  wage NUMERIC, --!
  working_hours NUMERIC, --?
  notes TEXT, --!
  state TEXT,
  date_start DATE, date_end DATE
);
CREATE TABLE leave_type (id INTEGER PRIMARY KEY, name TEXT, color TEXT, allocation NUMERIC);
CREATE TABLE leave_request ( -- employee_id
  id INTEGER PRIMARY KEY,
  employee_id INTEGER NOT NULL REFERENCES employee,
  leave_type_id INTEGER REFERENCES leave_type,
  reason TEXT, --!
  private_name TEXT, --!
  report_note TEXT, --!
  number_of_days NUMERIC, --?
  approved_by_id INTEGER REFERENCES employee,
  state TEXT
);
CREATE TABLE appraisal ( -- employee_id
  id INTEGER PRIMARY KEY,
  employee_id INTEGER NOT NULL REFERENCES employee,
  employee_feedback TEXT, --!
  manager_feedback TEXT, --!
  goals TEXT, --!
  rating INTEGER, --!
  deadline DATE
);
CREATE TABLE job_opening (id INTEGER PRIMARY KEY, title TEXT, description TEXT, requirements TEXT, published BOOLEAN, slug TEXT, recruiter_id INTEGER REFERENCES employee);
CREATE TABLE applicant ( -- self
  id INTEGER PRIMARY KEY,
  partner_name TEXT, --!
  email_from TEXT, --!
  partner_mobile TEXT, --!
  linkedin_profile TEXT, --!
  salary_expected NUMERIC, --!
  availability DATE, --?
  cover_letter TEXT, --!
  resume_path TEXT, --!
  refuse_reason TEXT, --!
  probability NUMERIC, --?
  job_opening_id INTEGER REFERENCES job_opening
);
