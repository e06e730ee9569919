-- Kommunal verksamhet: ärenden, beslut, skola.
CREATE TABLE klient ( -- self
  klient_id INTEGER PRIMARY KEY,
  pnr TEXT, --!
  namn TEXT, --!
  skyddad_identitet BOOLEAN, --!
  folkbokforingsadress TEXT, --!
  vistelseadress TEXT, --!
  hemtelefon TEXT, --!
  mobiltelefon TEXT, --!
  modersmal TEXT, --!
  tolkbehov BOOLEAN, --!
  civilstand TEXT, --!
  medborgarskap TEXT, --!
  god_man TEXT, --!
  kontaktperson_tel TEXT, --!
  boendeform TEXT, --!
  sysselsattning TEXT, --!
  inkomst NUMERIC, --!
  avliden DATE --!
);
CREATE TABLE arende ( -- klient_id
  arende_id INTEGER PRIMARY KEY,
  klient_id INTEGER NOT NULL REFERENCES klient,
  handlaggare_id INTEGER REFERENCES handlaggare,
  arendemening TEXT, --!
  bakgrund TEXT, --!
  sekretess BOOLEAN, --?
  diarienr TEXT, --?
  inkom DATE, avslutat DATE
);
CREATE TABLE handlaggare ( -- self
  id INTEGER PRIMARY KEY,
  anvnamn TEXT, --!
  namn TEXT, --!
  epostadress TEXT, --!
  telefon_arbete TEXT, --!
  tjanstetitel TEXT, --!
  losen_hash TEXT, --!
  senaste_inlogg TIMESTAMP --!
);
CREATE TABLE journalanteckning ( -- arende_id > arende.klient_id
  id INTEGER PRIMARY KEY,
  arende_id INTEGER NOT NULL REFERENCES arende,
  rubrik TEXT, --!
  anteckning TEXT, --!
  skriven_av INTEGER REFERENCES handlaggare
);
CREATE TABLE beslut ( -- arende_id > arende.klient_id
  id INTEGER PRIMARY KEY,
  arende_id INTEGER NOT NULL REFERENCES arende,
  beslutstext TEXT, --!
  motivering TEXT, --!
  lagrum TEXT, --?
  belopp NUMERIC, datum DATE
);
CREATE TABLE elev ( -- self
  id INTEGER PRIMARY KEY,
  fornamn TEXT, --!
  efternamn TEXT, --!
  fodelsedatum DATE, --!
  klass TEXT, --!
  vardnadshavare1 TEXT, --!
  vardnadshavare1_epost TEXT, --!
  matallergi TEXT, --!
  sarskilt_stod TEXT, --!
  fotografering_ok BOOLEAN --!
);
CREATE TABLE omdome ( -- elev_id
  id INTEGER PRIMARY KEY,
  elev_id INTEGER NOT NULL REFERENCES elev,
  amne TEXT, --?
  betyg TEXT, --!
  kommentar TEXT, --!
  larare_id INTEGER REFERENCES handlaggare
);
CREATE TABLE franvaroanmalan ( -- elev_id
  id INTEGER PRIMARY KEY,
  elev_id INTEGER NOT NULL REFERENCES elev,
  orsak TEXT, --!
  anmald_av TEXT, --!
  fran TIMESTAMP, till TIMESTAMP
);
CREATE TABLE blankettmall (id INTEGER PRIMARY KEY, namn TEXT, innehall TEXT, skapad_av INTEGER REFERENCES handlaggare);
CREATE TABLE nyhet (id INTEGER PRIMARY KEY, rubrik TEXT, ingress TEXT, brodtext TEXT, publicerad_datum DATE, redaktor INTEGER REFERENCES handlaggare);
