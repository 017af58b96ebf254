heading = Corpus: reader
gone = Gone
denied = Denied
try-again = Try again
refused = Refused
