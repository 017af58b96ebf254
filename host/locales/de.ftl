# Was die Darstellung selbst sagt (sdk/view, OwnText).
view-edited = bearbeitet
view-pinned = Angeheftet
view-held = Wartet auf die Moderation
view-rejected = Nicht veröffentlicht
view-deleted = Vom Autor oder von der Autorin gelöscht.
view-removed = Von der Moderation entfernt.
view-former-member = Ehemaliges Mitglied
view-in-reply-to = Antwort an
view-replies = { $count ->
    [one] { $count } Antwort
   *[other] { $count } Antworten
}
view-leader = Führungskraft
view-expert = Fachperson
view-steward = Betreuung
view-moderator = Moderation
view-admin = Administration
view-guest = Gast
view-vote = Bewerten
view-vote-up = Hilfreich
view-vote-down = Nicht hilfreich
view-more-people = { $count ->
    [one] und { $count } weitere Person
   *[other] und { $count } weitere Personen
}
view-present = { $count ->
    [one] { $count } Person liest gerade mit
   *[other] { $count } Personen lesen gerade mit
}
view-mod-note = Von der Moderation
view-cancel = Abbrechen
view-close = Schließen
view-elsewhere = Führt zu einer anderen Website
view-code = Code
view-formatting = Formatierung
view-bold = Fett
view-italic = Kursiv
view-link = Link
view-quote = Zitat
view-list = Liste
view-preview = Vorschau
view-pick-people = Namen, durch Kommas getrennt
view-pick-tags = Schlagwörter, durch Kommas getrennt
view-kilobytes = { $count } KB
