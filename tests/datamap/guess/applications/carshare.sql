-- Vehicles that are lent: drivers, trips, fines, claims; camel case.
CREATE TABLE Driver ( -- self
  driverId INTEGER PRIMARY KEY,
  givenName TEXT, --!
  familyName TEXT, --!
  emailAddress TEXT, --!
  mobileNumber TEXT, --!
  dateOfBirth DATE, --!
  licenceNumber TEXT, --!
  licenceCountry TEXT, --!
  licenceScanUrl TEXT, --!
  selfieUrl TEXT, --!
  stripeCustomerId TEXT, --!
  defaultCardLast4 TEXT, --!
  referralCode TEXT, --!
  rating NUMERIC, --!
  totalTrips INTEGER, --?
  marketingOptIn BOOLEAN, --!
  pushToken TEXT, --!
  pinHash TEXT, --!
  homeLat NUMERIC, --!
  homeLng NUMERIC, --!
  preferredVehicleClass TEXT, --!
  isBlocked BOOLEAN,
  createdAt TIMESTAMP
);
CREATE TABLE Vehicle (vehicleId INTEGER PRIMARY KEY, make TEXT, model TEXT, registration TEXT, vin TEXT, odometerKm INTEGER, lastKnownLat NUMERIC, lastKnownLng NUMERIC, notes TEXT);
CREATE TABLE Trip ( -- driverId
  tripId INTEGER PRIMARY KEY,
  driverId INTEGER NOT NULL REFERENCES Driver,
  vehicleId INTEGER REFERENCES Vehicle,
  startAddress TEXT, --!
  endAddress TEXT, --!
  startLat NUMERIC, --!
  startLng NUMERIC, --!
  routePolyline TEXT, --!
  purpose TEXT, --!
  distanceKm NUMERIC, --?
  maxSpeed NUMERIC, --?
  driverComment TEXT, --!
  status TEXT
);
CREATE TABLE TripPosition ( -- tripId > Trip.driverId
  id INTEGER PRIMARY KEY,
  tripId INTEGER NOT NULL REFERENCES Trip,
  lat NUMERIC, --!
  lng NUMERIC, --!
  speed NUMERIC, --?
  at TIMESTAMP
);
CREATE TABLE ParkingFine ( -- tripId > Trip.driverId
  id INTEGER PRIMARY KEY,
  tripId INTEGER NOT NULL REFERENCES Trip,
  issuerReference TEXT, --?
  offence TEXT, --!
  documentUrl TEXT, --!
  amount NUMERIC
);
CREATE TABLE DamageClaim ( -- driverId
  id INTEGER PRIMARY KEY,
  driverId INTEGER NOT NULL REFERENCES Driver,
  narrative TEXT, --!
  counterpartyName TEXT, --!
  counterpartyPhone TEXT, --!
  counterpartyPlate TEXT, --!
  policeReportNo TEXT, --?
  injuries TEXT, --!
  photos TEXT --!
);
CREATE TABLE SupportChat ( -- driverId
  id INTEGER PRIMARY KEY,
  driverId INTEGER NOT NULL REFERENCES Driver,
  transcript TEXT, --!
  agentId INTEGER REFERENCES Driver,
  csatScore INTEGER --!
);
CREATE TABLE LoginAttempt ( -- emailTried
  id INTEGER PRIMARY KEY,
  emailTried TEXT, --!
  sourceIp TEXT, --!
  userAgent TEXT, --!
  acceptLanguage TEXT, --!
  succeeded BOOLEAN,
  at TIMESTAMP
);
CREATE TABLE PromoCampaign (id INTEGER PRIMARY KEY, title TEXT, body TEXT, imageUrl TEXT, createdBy INTEGER REFERENCES Driver, isPublished BOOLEAN);
CREATE TABLE Zone (id INTEGER PRIMARY KEY, name TEXT, geometry TEXT, city TEXT);
