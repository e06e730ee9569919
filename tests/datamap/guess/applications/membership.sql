-- En förenings register.
CREATE TABLE medlem ( -- self
  medlemsnr INTEGER PRIMARY KEY,
  fornamn TEXT, --!
  efternamn TEXT, --!
  personnummer TEXT, --!
  gatuadress TEXT, --!
  postnummer TEXT, --!
  postort TEXT, --!
  mobil TEXT, --!
  tfn_hem TEXT, --!
  epost TEXT, --!
  malsman1_namn TEXT, --!
  malsman1_tel TEXT, --!
  narmast_anhorig TEXT, --!
  allergier TEXT, --!
  ovrigt TEXT, --!
  far_fotas BOOLEAN, --!
  vill_ha_utskick BOOLEAN, --!
  samtycke_gdpr BOOLEAN, --!
  bild_fil TEXT, --!
  troja_storlek TEXT, --!
  simkunnig BOOLEAN, --!
  senast_inloggad TIMESTAMP, --!
  aktiv BOOLEAN,
  skapad TIMESTAMP
);
CREATE TABLE sektion (id INTEGER PRIMARY KEY, namn TEXT, beskrivning TEXT, ansvarig_id INTEGER REFERENCES medlem);
CREATE TABLE avgift ( -- medlemsnr
  id INTEGER PRIMARY KEY,
  medlemsnr INTEGER NOT NULL REFERENCES medlem,
  ar INTEGER, belopp NUMERIC, betald DATE,
  ocr TEXT, --?
  betalare TEXT, --!
  notering TEXT --!
);
CREATE TABLE aktivitet (id INTEGER PRIMARY KEY, namn TEXT, plats TEXT, beskrivning TEXT, start TIMESTAMP);
CREATE TABLE narvaro ( -- medlemsnr
  id INTEGER PRIMARY KEY,
  medlemsnr INTEGER NOT NULL REFERENCES medlem,
  aktivitet_id INTEGER NOT NULL REFERENCES aktivitet,
  franvaroorsak TEXT, --!
  kommentar TEXT --!
);
CREATE TABLE utskick (id INTEGER PRIMARY KEY, rubrik TEXT, brodtext TEXT, avsandare TEXT, publicerad BOOLEAN, skapad_av INTEGER REFERENCES medlem);
