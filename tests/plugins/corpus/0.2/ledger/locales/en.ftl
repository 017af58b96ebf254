heading = Corpus: ledger
gone = Gone
denied = Denied
try-again = Try again
refused = Refused
