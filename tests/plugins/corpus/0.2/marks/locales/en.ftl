heading = Corpus: marks
gone = Gone
denied = Denied
try-again = Try again
refused = Refused
