heading = Corpus: writer
gone = Gone
denied = Denied
try-again = Try again
refused = Refused
