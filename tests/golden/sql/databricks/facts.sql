-- What each row's own columns say. Databricks: compiled, not run.

-- order: refused: an instant has a text in the session's time zone alone, where one hour a year is two
