# Was die Darstellung selbst sagt (sdk/view, OwnText).
view-edited = bearbeitet
view-edited-by-moderator = von der Moderation bearbeitet
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
view-send-key = Strg+Eingabe sendet
view-pick-people = Namen, durch Kommas getrennt
view-pick-tags = Schlagwörter, durch Kommas getrennt

# Was der Host selbst sagt.
host-date-pattern = D. M Y, T
host-month-1 = Jan.
host-month-2 = Feb.
host-month-3 = März
host-month-4 = Apr.
host-month-5 = Mai
host-month-6 = Juni
host-month-7 = Juli
host-month-8 = Aug.
host-month-9 = Sep.
host-month-10 = Okt.
host-month-11 = Nov.
host-month-12 = Dez.
host-too-many = Das ging etwas zu schnell. Bitte kurz warten und noch einmal versuchen.
host-not-found = Das ist nicht mehr hier.
host-page-not-found = Diese Seite gibt es hier nicht, oder du darfst sie nicht lesen.
host-held = Danke. Bevor alle es sehen, schaut die Moderation darüber.
host-inactive = Dieses Konto ist nicht mehr aktiv.
host-moderator-needed = Das kann nur die Moderation.
host-denied = Das geht hier nicht.
host-guests-find-nobody = Gäste können nicht nach Personen suchen.
host-problem-sign-in = Zum Mitmachen bitte anmelden.
host-problem-session = Die Anmeldung ist abgelaufen. Bitte neu anmelden.
host-problem-sign-in-again = Diese Anmeldung wurde in einem anderen Fenster begonnen, schon benutzt oder hat zu lange gedauert. Bitte neu beginnen.
host-problem-sign-in-issuer = Ein anderer als der erwartete Anmeldedienst hat geantwortet. Bitte neu beginnen.
host-problem-sign-in-denied = Der Anmeldedienst hat dich nicht angemeldet. Bitte neu beginnen oder die fragen, die dein Intranet betreiben.
host-problem-provider = Der Anmeldedienst ist gerade nicht erreichbar. Bitte in einer Minute noch einmal versuchen.
host-problem-token = Die Anmeldung hat hier nicht geklappt. Bitte die Seite neu laden oder denen Bescheid geben, die sie betreiben.
host-problem-offer = Das geht von hier aus nicht mehr. Bitte die Seite neu laden.
host-problem-expired = Diese Seite ist seit mehr als einem Tag offen. Bitte neu laden.
host-problem-embedding = Dieser Teil der Seite ist nicht richtig eingerichtet. Bitte denen Bescheid geben, die die Seite betreiben.
host-problem-plugin = Dieser Teil der Seite ist gerade nicht verfügbar.
host-problem-fields = Etwas muss vorher noch geändert werden.
host-problem-busy = Das klappt gerade nicht. Bitte in einer Minute noch einmal versuchen.
host-down = Dieser Teil der Seite ist gerade nicht erreichbar.
host-count-open = { $count } offen
host-unshown = Es ist gespeichert. Es kann gerade nicht angezeigt werden; bitte lade die Seite gleich noch einmal.
host-stale = Jemand hat das inzwischen geändert. Jetzt ist der neue Stand zu sehen; dein Text bleibt erhalten.
host-gone = Worauf du antwortest, ist nicht mehr da. Dein Text bleibt erhalten.
host-unknown-person = Hier heißt niemand { $name }, oder mehr als eine Person. Bitte den vollen Namen schreiben.
host-refused-empty = Bitte erst etwas schreiben.
host-refused-length = Das ist zu lang.
host-refused-closed = Diese Seite ist für neue Kommentare geschlossen.
host-refused-repeat = Genau das wurde gerade schon geschrieben. Zum Bestätigen noch einmal senden.
host-refused-banned = Das enthält ein Wort, das hier nicht erlaubt ist.
host-refused-mentions = { $count ->
    [one] Höchstens eine Person kann erwähnt werden.
   *[other] Höchstens { $count } Personen können erwähnt werden.
}
host-plugin-failed = Dieser Teil der Seite ist gerade nicht verfügbar.

# What a plain page says around a view.
plain-launch-refused = Das lässt sich nicht öffnen. Bitte geh zurück in deinen Kurs und öffne es noch einmal; hilft das nicht, gib denen Bescheid, die ihn betreiben.
plain-launch-choose = Was soll hier stehen?
plain-launch-no-key = Hier lässt sich noch nichts auswählen, denn dieser Seite fehlt ein Schlüssel dafür. Bitte gib denen Bescheid, die sie betreiben.
plain-sign-in = Bitte öffne diese Seite aus deinem Intranet, wo du angemeldet bist.
plain-sign-in-here = Anmelden
plain-sign-in-again = Neu anmelden
plain-sign-out = Abmelden
plain-origin = Der Browser verrät nicht, von welcher Seite du kommst; darum ist eine Anmeldung hier nicht möglich. Bitte gib denen Bescheid, die dein Intranet betreiben.
plain-your-text = Dein Text
plain-send-again = Noch einmal senden

# Was die Widgets im Browser sagen. `%n` wird dort ersetzt.
widget-sending = Wird gesendet …
widget-offline = Gerade keine Verbindung. Es geht nichts verloren.
widget-unsaved = Das hat nicht geklappt. Bitte noch einmal versuchen.
widget-retry = Noch einmal versuchen
widget-copied = Link kopiert
widget-left = Noch %n Zeichen
widget-restored = Der Entwurf ist wieder da.
widget-people = Personen zum Erwähnen
widget-hits = %n Vorschläge
widget-added = %s hinzugefügt.
widget-removed = %s entfernt.
widget-remove = %s entfernen
widget-chosen = %n von %m gewählt
widget-react = Reagieren
widget-now = gerade eben
widget-gone = Der Beitrag dazu ist nicht mehr da. Hier ist der Text.
host-somebody = jemand
host-already-marked = Du hast schon gewählt.
host-refused-value = Dieser Wert passt nicht.

# Moderation, vom Host zu jedem Eintrag gezeichnet.
moderation-menu = Weitere Aktionen
moderation-report = Melden
moderation-report-why = Was stimmt damit nicht?
moderation-report-send = Meldung senden
moderation-reason-spam = Es ist Werbung oder Spam
moderation-reason-rude = Es ist verletzend oder unhöflich
moderation-reason-off-topic = Es gehört nicht hierher
moderation-reason-outdated = Es ist falsch oder veraltet
moderation-reason-other = Etwas anderes
moderation-approve = Veröffentlichen
moderation-keep = Stehen lassen
moderation-reject = Nicht veröffentlichen
moderation-remove = Entfernen
moderation-restore = Wiederherstellen
moderation-reason-for-author = Grund, den die Person liest
moderation-reason-missing = Bitte einen Grund nennen; die Person liest ihn.
moderation-held = Wartet auf deine Entscheidung.
moderation-held-because = Wartet auf deine Entscheidung: { $reason }
moderation-held-links = Wartet auf deine Entscheidung: enthält viele Links.
moderation-held-new-author = Wartet auf deine Entscheidung: einer der ersten Einträge eines Gastes.
moderation-held-history = Wartet auf deine Entscheidung: Frühere Einträge dieser Person wurden nicht veröffentlicht.
moderation-held-repeat = Wartet auf deine Entscheidung: Derselbe Text wurde schon einmal gesendet.
moderation-held-pre = Wartet auf deine Entscheidung: Hier wird alles Neue vorab geprüft.
moderation-held-reported = Wartet auf deine Entscheidung: Mehrere Personen haben es gemeldet.
moderation-held-yours = Vorerst sehen das nur du und die Moderation.
moderation-rejected = Die Moderation hat dies nicht veröffentlicht.
moderation-rejected-because = Die Moderation hat dies nicht veröffentlicht: { $reason }
moderation-removed-because = Der Grund: { $reason }
moderation-reported = { $count ->
    [one] Dazu gibt es { $count } Meldung.
   *[other] Dazu gibt es { $count } Meldungen.
 }
moderation-report-by = { $name }: { $reason }.
moderation-done-report = Danke. Die Moderation sieht sich das an.
moderation-done-approve = Es ist veröffentlicht.
moderation-done-reject = Es wird nicht veröffentlicht.
moderation-done-remove = Es ist entfernt.
moderation-done-restore = Es ist wieder da.
moderation-changed = Das wurde inzwischen geändert. So lautet es jetzt:

# Die Glocke.
bell-button = { $count ->
    [0] Hinweise
    [one] Hinweise: { $count } neuer
   *[other] Hinweise: { $count } neue
}
bell-title = Hinweise
bell-empty = Nichts Neues für dich. Hier erfährst du, wenn dir jemand antwortet, dich erwähnt oder dort schreibt, wo du folgst.
bell-more = Ältere zeigen
bell-read-all = Alle als gelesen markieren
bell-read = Als gelesen markieren
bell-new = Neu
bell-menu = Was mit diesem Hinweis geschehen soll
bell-stop-following = Nicht mehr folgen
bell-stop-thread = Nichts mehr zu diesem Thema
bell-mute-person = Keine Hinweise mehr zu { $name }
bell-less = Nichts mehr von dieser Art
bell-note = Grund: { $reason }
bell-why-named = weil du genannt bist
bell-why-wrote = weil es dir antwortet
bell-why-follows-thread = weil du hier folgst
bell-why-follows-page = weil du der Seite folgst
bell-why-author = weil es von dir ist
bell-why-moderates = weil du moderierst
bell-mention = { $others ->
    [0] { $name } hat dich in „{ $title }“ erwähnt
    [one] { $name } und { $others } weitere Person haben dich in „{ $title }“ erwähnt
   *[other] { $name } und { $others } weitere haben dich in „{ $title }“ erwähnt
}
bell-mention-untitled = { $others ->
    [0] { $name } hat dich erwähnt
    [one] { $name } und { $others } weitere Person haben dich erwähnt
   *[other] { $name } und { $others } weitere haben dich erwähnt
}
bell-reply = { $others ->
    [0] { $name } hat dir in „{ $title }“ geantwortet
    [one] { $name } und { $others } weitere Person haben in „{ $title }“ geantwortet
   *[other] { $name } und { $others } weitere haben in „{ $title }“ geantwortet
}
bell-reply-untitled = { $others ->
    [0] { $name } hat dir geantwortet
    [one] { $name } und { $others } weitere Person haben geantwortet
   *[other] { $name } und { $others } weitere haben geantwortet
}
bell-follow = { $others ->
    [0] { $name } hat in „{ $title }“ etwas Neues geschrieben
    [one] { $name } und { $others } weitere Person haben in „{ $title }“ etwas Neues geschrieben
   *[other] { $name } und { $others } weitere haben in „{ $title }“ etwas Neues geschrieben
}
bell-follow-untitled = { $others ->
    [0] { $name } hat etwas Neues geschrieben
    [one] { $name } und { $others } weitere Person haben etwas Neues geschrieben
   *[other] { $name } und { $others } weitere haben etwas Neues geschrieben
}
bell-told = { $others ->
    [0] { $name } hat dich in „{ $title }“ genannt
    [one] { $name } und { $others } weitere Person haben dich in „{ $title }“ genannt
   *[other] { $name } und { $others } weitere haben dich in „{ $title }“ genannt
}
bell-told-untitled = { $others ->
    [0] { $name } hat dich genannt
    [one] { $name } und { $others } weitere Person haben dich genannt
   *[other] { $name } und { $others } weitere haben dich genannt
}
bell-accepted = { $name } hat deine Antwort auf „{ $title }“ angenommen
bell-accepted-untitled = { $name } hat deine Antwort angenommen
bell-approved = Dein Beitrag in „{ $title }“ wurde veröffentlicht
bell-approved-untitled = Dein Beitrag wurde veröffentlicht
bell-rejected = Dein Beitrag in „{ $title }“ wurde nicht veröffentlicht
bell-rejected-untitled = Dein Beitrag wurde nicht veröffentlicht
bell-removed = Dein Beitrag in „{ $title }“ wurde entfernt
bell-removed-untitled = Dein Beitrag wurde entfernt
bell-restored = Dein Beitrag in „{ $title }“ ist wieder zu sehen
bell-restored-untitled = Dein Beitrag ist wieder zu sehen
bell-held = { $count ->
    [one] Ein Beitrag in „{ $title }“ wartet auf eine Entscheidung
   *[other] { $count } Beiträge in „{ $title }“ warten auf eine Entscheidung
}
bell-held-untitled = { $count ->
    [one] Ein Beitrag wartet auf eine Entscheidung
   *[other] { $count } Beiträge warten auf eine Entscheidung
}
bell-reported = { $count ->
    [one] Ein Beitrag in „{ $title }“ wurde gemeldet
   *[other] { $count } Beiträge in „{ $title }“ wurden gemeldet
}
bell-reported-untitled = { $count ->
    [one] Ein Beitrag wurde gemeldet
   *[other] { $count } Beiträge wurden gemeldet
}
bell-settings = Was ich erfahre
bell-settings-hint = Diese Hinweise siehst du hier. Nichts kommt per E-Mail.
bell-kind-mention = Jemand erwähnt mich
bell-kind-reply = Jemand antwortet mir
bell-kind-follow = Neues, wo ich folge
bell-kind-told = Jemand nennt mich in einem Beitrag
bell-kind-accepted = Jemand nimmt meine Antwort an
bell-kind-decision = Die Moderation entscheidet über einen Beitrag von mir
bell-kind-moderation = Beiträge warten auf eine Entscheidung oder wurden gemeldet
bell-muted = Stummgeschaltet
bell-muted-person = Hinweise zu { $name }
bell-muted-thread = „{ $title }“
bell-muted-untitled = Ein Thema, das es nicht mehr gibt
bell-unmute = Wieder Bescheid sagen
bell-back = Zurück zu den Hinweisen
bell-done-read = Als gelesen markiert.
bell-done-read-all = Alle als gelesen markiert.
bell-done-stop = Davon hörst du nichts mehr.
bell-done-mute-person = Stummgeschaltet.
bell-done-less = Hinweise dieser Art bekommst du nicht mehr.
bell-done-kind = Gespeichert.
bell-done-unmute = Du erfährst wieder davon.

# Die Karte einer Person.
card-not-shared = Zeigt nicht, was sie beigetragen hat.
card-nothing-yet = Hat hier noch nichts beigetragen.
card-knows = Kennt sich aus mit
card-badges = Abzeichen
card-chosen = { $count ->
    [one] { $count } angenommene Antwort
   *[other] { $count } angenommene Antworten
}
card-named = { $count ->
    [one] Einmal bedankt
   *[other] { $count } Mal bedankt
}
card-helpful = { $count ->
    [one] Einmal hilfreich gefunden
   *[other] { $count } Mal hilfreich gefunden
}
badge-voice = Stimme
badge-voice-why = hat hier etwas geschrieben
badge-regular = Stammgast
badge-regular-why = hat mindestens { $count } Mal geschrieben
badge-solver = Löst es
badge-solver-why = hat eine Antwort gegeben, die angenommen wurde
badge-guide = Wegweiser
badge-guide-why = hat mindestens { $count } Antworten gegeben, die angenommen wurden
badge-helpful = Hilfreich
badge-helpful-why = wurde mindestens { $count } Mal hilfreich gefunden
badge-invaluable = Unersetzlich
badge-invaluable-why = wurde mindestens { $count } Mal hilfreich gefunden
badge-appreciated = Geschätzt
badge-appreciated-why = wurde mindestens { $count } Mal bedankt
badge-treasured = Ein Schatz
badge-treasured-why = wurde mindestens { $count } Mal bedankt
bell-share = Auf meiner Karte zeigen, was ich beigetragen habe
bell-share-hint = Kolleginnen und Kollegen sehen es, wenn sie deinen Namen wählen: angenommene Antworten, Dank, womit du dich auskennst, Abzeichen.
bell-done-share = Gespeichert.
