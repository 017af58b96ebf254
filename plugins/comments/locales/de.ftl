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
sign-in-to-write = Melden Sie sich an, um mitzureden.
sign-in-first = Bitte melden Sie sich zuerst an.
comment-lost = Diesen Kommentar gibt es nicht mehr.
show-all = Alle Kommentare anzeigen

your-comment = Ihr Kommentar
your-comment-prompt = Eine Frage, ein Tipp oder etwas, das nicht mehr stimmt …
post = Kommentar senden
empty-write = Zu „{ $page }“ hat noch niemand etwas geschrieben. Haben Sie eine Frage, einen Tipp oder eine Korrektur? Machen Sie den Anfang.
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
own-comment = Das ist Ihr eigener Kommentar.
no-downvotes = Hier gibt es keine negativen Bewertungen.
reply = Antworten
your-reply = Ihre Antwort
your-reply-to = Ihre Antwort an { $name }
post-reply = Antwort senden
more-actions = Weitere Aktionen
copy-link = Link kopieren

edit = Bearbeiten
save = Änderungen speichern
edit-too-late = Die Zeit für Änderungen ist vorbei. Sie können stattdessen einen Nachtrag schreiben.
edit-answered = Inzwischen hat jemand geantwortet, deshalb bleibt der Text, wie er ist. Sie können stattdessen einen Nachtrag schreiben.
still-editable = Sie können diesen Kommentar noch bearbeiten.
add-update = Nachtrag schreiben
your-update = Ihr Nachtrag
your-update-prompt = Was hat sich seitdem geändert?
post-update = Nachtrag anfügen
delete = Löschen
delete-sure = Ihren Kommentar löschen? Das lässt sich nicht rückgängig machen.
history = Frühere Fassungen
history-heading = Frühere Fassungen
history-until = Bis { $time }
history-close = Schließen

report = Melden
report-why = Was stimmt mit diesem Kommentar nicht?
reason-spam = Er ist Werbung oder Spam
reason-rude = Er ist verletzend oder unhöflich
reason-outdated = Er ist falsch oder veraltet
reason-other = Etwas anderes
reason-missing = Bitte wählen Sie einen Grund aus.
send-report = Meldung senden
already-reported = Sie haben diesen Kommentar schon gemeldet. Die Moderation sieht ihn sich an.

held-yours = Vorerst sehen das nur Sie und die Moderation.
held-note = Wartet auf Ihre Entscheidung.
held-because = Wartet auf Ihre Entscheidung: { $reason }
held-links = Wartet auf Ihre Entscheidung: enthält viele Links.
held-new-author = Wartet auf Ihre Entscheidung: einer der ersten Kommentare eines Gastes.
held-history = Wartet auf Ihre Entscheidung: frühere Kommentare dieser Person wurden nicht veröffentlicht.
held-repeat = Wartet auf Ihre Entscheidung: derselbe Text wurde schon einmal gesendet.
held-pre = Wartet auf Ihre Entscheidung: hier werden alle Kommentare vorab geprüft.
held-reported = Wartet auf Ihre Entscheidung: mehrere Personen haben ihn gemeldet.
rejected-note = Die Moderation hat diesen Kommentar nicht veröffentlicht.
rejected-because = Die Moderation hat diesen Kommentar nicht veröffentlicht: { $reason }
removed-note = Von der Moderation entfernt.
removed-because = Von der Moderation entfernt: { $reason }
reported = { $count ->
    [one] Dazu gibt es { $count } Meldung.
   *[other] Dazu gibt es { $count } Meldungen.
}
approve = Veröffentlichen
keep = Stehen lassen
reject-open = Nicht veröffentlichen …
reject = Nicht veröffentlichen
reject-reason = Grund für die Verfasserin oder den Verfasser (freiwillig)
remove = Entfernen
remove-sure = Diesen Kommentar für alle entfernen?
restore = Wiederherstellen
pin = Oben anheften
unpin = Nicht mehr anheften

body-empty = Bitte schreiben Sie zuerst etwas.
body-too-long = Das ist leider zu lang. Bitte kürzen Sie den Text.
too-many-mentions = Das erwähnt zu viele Personen auf einmal. Bitte erwähnen Sie weniger.
not-yours = Das geht nur beim eigenen Kommentar.
moderators-only = Das kann nur die Moderation.
start-only = Nur der erste Kommentar eines Verlaufs lässt sich anheften.
already-decided = Darüber hat schon jemand entschieden.
gone = Diesen Kommentar gibt es nicht mehr.
denied = Das ist hier nicht möglich.
try-again = Das hat nicht geklappt. Bitte versuchen Sie es gleich noch einmal.

announce-posted = Ihr Kommentar wurde gesendet.
announce-replied = Ihre Antwort wurde gesendet.
announce-edited = Ihre Änderungen sind gespeichert.
announce-deleted = Ihr Kommentar ist gelöscht.
announce-followed = Sie folgen jetzt dieser Seite.
announce-unfollowed = Sie folgen dieser Seite nicht mehr.
announce-reported = Danke. Die Moderation sieht sich das an.
announce-approved = Der Kommentar ist veröffentlicht.
announce-rejected = Der Kommentar wird nicht veröffentlicht.
announce-removed = Der Kommentar ist entfernt.
announce-restored = Der Kommentar ist wieder da.
announce-pinned = Der Kommentar ist oben angeheftet.
announce-unpinned = Der Kommentar ist nicht mehr angeheftet.
announce-closed = Die Diskussion ist geschlossen.
announce-opened = Die Diskussion ist wieder offen.
