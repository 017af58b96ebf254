"""Between Django and the Stoa host: settings, tokens, requests, and what can be wrong with them."""
