# Kommentare, auf Deutsch.

heading = { $count ->
    [0] Kommentare
    [one] { $count } Kommentar
   *[other] { $count } Kommentare
}
feed = Kommentare

sort-newest = Neueste
sort-oldest = Älteste
sort-top = Hilfreichste
sort-controversial = Umstrittenste
follow = Folgen
moderate-page = Diese Seite moderieren
close-page = Diskussion schließen
close-page-sure = Bis zum Wiederöffnen kann niemand mehr kommentieren. Diskussion schließen?
open-page = Diskussion wieder öffnen

page-closed = Diese Diskussion ist geschlossen. Lesen, bewerten und melden geht weiterhin.
sign-in-to-write = Melde dich an, um mitzureden.
sign-in-first = Bitte melde dich zuerst an.
comment-lost = Diesen Kommentar gibt es nicht mehr.
show-all = Alle Kommentare anzeigen

your-comment = Dein Kommentar
your-comment-prompt = Eine Frage, ein Tipp oder etwas, das nicht mehr stimmt …
post = Kommentar senden
empty-write = Zu „{ $page }“ hat noch niemand etwas geschrieben. Hast du eine Frage, einen Tipp oder eine Korrektur? Mach den Anfang.
empty-read = Zu „{ $page }“ hat noch niemand etwas geschrieben.

new-comments = { $count ->
    [one] { $count } neuen Kommentar anzeigen
   *[other] { $count } neue Kommentare anzeigen
}
more-comments = { $count } weitere anzeigen
next-comments = Die nächsten Kommentare anzeigen
back-to-first = Zurück zu den ersten Kommentaren
more-replies = { $count ->
    [one] { $count } weitere Antwort anzeigen
   *[other] { $count } weitere Antworten anzeigen
}
more-replies-here = Weitere Antworten anzeigen
fewer-replies = Weniger Antworten anzeigen

helpful = Hilfreich
reactions = Reaktionen
reaction-heart = Schön
reaction-party = Großartig
reaction-idea = Gute Idee
reaction-smile = Zum Lachen
own-comment = Das ist dein eigener Kommentar.
no-downvotes = Hier gibt es keine negativen Bewertungen.
reply = Antworten
your-reply = Deine Antwort
your-reply-to = Deine Antwort an { $name }
post-reply = Antwort senden
more-actions = Weitere Aktionen
copy-link = Link kopieren

edit = Bearbeiten
save = Änderungen speichern
edit-too-late = Die Zeit für Änderungen ist vorbei. Du kannst stattdessen einen Nachtrag schreiben.
edit-answered = Inzwischen hat jemand geantwortet, deshalb bleibt der Text, wie er ist. Du kannst stattdessen einen Nachtrag schreiben.
still-editable = Du kannst diesen Kommentar noch bearbeiten.
add-update = Nachtrag schreiben
your-update = Dein Nachtrag
your-update-prompt = Was hat sich seitdem geändert?
post-update = Nachtrag anfügen
delete = Löschen
delete-sure = Deinen Kommentar löschen? Das lässt sich nicht rückgängig machen.
history = Frühere Fassungen
history-heading = Frühere Fassungen
history-until = Bis { $time }
history-close = Schließen

pin = Oben anheften
unpin = Nicht mehr anheften

body-empty = Bitte schreib zuerst etwas.
body-too-long = Das sind mehr als { $most } Zeichen. Bitte kürze den Text.
too-many-mentions = Das erwähnt zu viele Personen auf einmal. Bitte erwähne weniger.
not-yours = Das geht nur beim eigenen Kommentar.
moderators-only = Das kann nur die Moderation.
start-only = Nur der erste Kommentar eines Verlaufs lässt sich anheften.
gone = Diesen Kommentar gibt es nicht mehr.
denied = Das ist hier nicht möglich.
try-again = Das hat nicht geklappt. Bitte versuch es gleich noch einmal.

announce-posted = Dein Kommentar wurde gesendet.
announce-replied = Deine Antwort wurde gesendet.
announce-edited = Deine Änderungen sind gespeichert.
announce-deleted = Dein Kommentar ist gelöscht.
announce-followed = Du folgst jetzt dieser Seite.
announce-unfollowed = Du folgst dieser Seite nicht mehr.
announce-pinned = Der Kommentar ist oben angeheftet.
announce-unpinned = Der Kommentar ist nicht mehr angeheftet.
announce-closed = Die Diskussion ist geschlossen.
announce-opened = Die Diskussion ist wieder offen.
