heading = Corpus: shown
gone = Gone
denied = Denied
try-again = Try again
refused = Refused
