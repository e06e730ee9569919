"""Small wrongs, made on purpose in `claims`, `plan` and `sql`: what the tests do not notice, they do not test."""
