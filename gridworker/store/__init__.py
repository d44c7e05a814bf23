"""The log, the tables read from it, keys, search. SQL lives only here."""
