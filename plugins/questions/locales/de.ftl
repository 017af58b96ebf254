# Fragen und Antworten, auf Deutsch.

heading = { $count ->
    [0] Fragen
    [one] { $count } Frage
   *[other] { $count } Fragen
}
question = Frage
answers = Antworten
all-questions = Alle Fragen
removed-question = Diese Frage wurde entfernt

show-all = Alle
show-unanswered = Unbeantwortet
show-solved = Gelöst
show-mine = Meine
show-followed = Gefolgt
sort-active = Aktiv
sort-newest = Neueste
sort-oldest = Älteste
sort-votes = Hilfreichste
only-tag = Nur Fragen zu „{ $tag }“
all-tags = Alle Schlagwörter zeigen
tag = { $tag }
follow-page = Diesen Fragen folgen
follow = Folgen

page-closed = Diese Seite nimmt keine neuen Fragen und Antworten an. Du kannst weiter lesen, bewerten und melden.
sign-in-to-write = Melde dich an, um zu fragen und zu antworten.
sign-in-first = Bitte melde dich zuerst an.
question-lost = Diese Frage gibt es nicht mehr.

ask-about = Frag etwas zu „{ $page }“
ask-anything = Frag deine Kolleginnen und Kollegen
start = Fragen…
title = Deine Frage
title-hint = Ein Satz, nach dem jemand mit derselben Frage suchen würde.
details = Einzelheiten, wenn sie helfen
details-prompt = Was hast du versucht, und wofür brauchst du es?
tags = Schlagwörter
tags-required = Schlagwörter (mindestens eins)
ask = Diese Frage stellen
is-it-one-of-these = Ist es eine von diesen?
this-answers-it = Das beantwortet sie
empty-write = Zu „{ $page }“ hat noch niemand etwas gefragt. Was möchtest du wissen?
empty-read = Zu „{ $page }“ hat noch niemand etwas gefragt.
empty-hub-write = Noch hat niemand etwas gefragt. Was möchtest du wissen?
empty-hub = Noch hat niemand etwas gefragt.
none-all = Eine solche Frage gibt es nicht.
none-unanswered = Jede Frage hat eine Antwort. Das ist selten, gut gemacht!
none-solved = Noch ist keine Frage gelöst.
none-mine = Du hast hier noch nichts gefragt.
none-followed = Du folgst noch keiner dieser Fragen.
show-everything = Alle Fragen zeigen

new-questions = { $count ->
    [one] { $count } neue Frage zeigen
   *[other] { $count } neue Fragen zeigen
}
more-questions = Weitere Fragen zeigen
back-to-first = Zurück zum Anfang

status-open = Offen
status-answered = Beantwortet
status-solved = Gelöst
status-closed = Geschlossen
status-duplicate = Schon gefragt
status-held = Wartet auf die Moderation
status-rejected = Nicht veröffentlicht
asked-by = { $name } hat gefragt
on-page = zu „{ $page }“
nobody-yet = Noch keine Antwort
answered-by = { $name } hat sie gelöst
answer-count = { $count ->
    [one] { $count } Antwort
   *[other] { $count } Antworten
}
have-this-too = { $count ->
    [one] { $count } Person hat das auch
   *[other] { $count } Personen haben das auch
}

no-answers = Noch keine Antwort
be-first = Weißt du es, ganz oder zur Hälfte? Auch ein Hinweis in die richtige Richtung hilft.
be-first-own = Wenn du es selbst herausfindest, schreib es hierher: Die Nächsten werden dir danken.
new-answers = { $count ->
    [one] { $count } neue Antwort zeigen
   *[other] { $count } neue Antworten zeigen
}
more-answers = Weitere Antworten zeigen
write-answer = Antwort schreiben…
your-answer = Deine Antwort
your-answer-prompt = Sag, was geht, und woher du es weißt.
post-answer = Antworten
you-answered = Du hast diese Frage beantwortet.
edit-answer = Antwort bearbeiten
accept = Annehmen
unaccept = Nicht mehr annehmen
accepted = Angenommene Antwort
me-too = Habe ich auch
helpful = Hilfreich
own-post = Das ist von dir selbst.
no-downvotes = Hier kann nichts abgewertet werden.

comment = Kommentieren
your-comment = Dein Kommentar
your-comment-prompt = Frag nach einer Einzelheit, oder ergänze eine.
post-comment = Kommentieren
more-comments = { $count ->
    [one] { $count } weiteren Kommentar zeigen
   *[other] { $count } weitere Kommentare zeigen
}

more-actions = Weitere Aktionen
copy-link = Link kopieren
edit = Bearbeiten
save = Änderungen speichern
delete = Löschen
delete-sure = Löschen? Das lässt sich nicht rückgängig machen.
delete-useful = Andere fanden diese Antwort hilfreich, darum bleibt sie. Du kannst sie bearbeiten oder die Moderation fragen.
delete-needed = Diese Frage hat Antworten, die andere brauchen können, darum bleibt sie. Du kannst sie schließen oder die Moderation fragen.
history = Frühere Fassungen
history-heading = Frühere Fassungen
history-hint = Was später wegfiel, ist durchgestrichen; was später hinzukam, ist fett.
who-may-know = Wer es wissen könnte
knows-by = { $count ->
    [one] eine Antwort zu „{ $tag }“ wurde angenommen
   *[other] { $count } Antworten zu „{ $tag }“ wurden angenommen
}
invite = { $name } fragen
invited = { $name } wurde gefragt.
promote = Zu einer Frage machen
from-comment = Das war ein Kommentar
became-question = Das ist jetzt eine Frage
remind-accept = Andere finden eine Antwort hilfreich. War sie die richtige? Dann nimm sie an, damit alle es sehen.
already-invited = Diese Person wurde schon gefragt.
enough-invited = Fünf Personen wurden schon gefragt. Bitte gib ihnen Zeit.
invited-often = Diese Person wurde in dieser Woche schon mehrfach gefragt. Bitte frag jemand anderen.
announce-invited = Sie erfährt von dieser Frage.
announce-promoted = Der Kommentar ist jetzt eine Frage.
suggest = Änderung vorschlagen
send-suggestion = Vorschlag senden
suggested-text = Der Text, wie er sein sollte
suggests = { $name } schlägt eine Änderung vor
take-suggestion = Übernehmen
decline-suggestion = Ablehnen
nothing-changed = Noch ist nichts geändert. Bitte schreib, was anders sein soll.
already-suggested = Hierzu wartet schon ein Vorschlag.
decided-already = Darüber ist schon entschieden.
announce-suggested = Dein Vorschlag ging an die Autorin oder den Autor.
announce-taken = Der Vorschlag ist jetzt der Text.
announce-declined = Der Vorschlag ist abgelehnt.
history-until = Bis { $time }
history-close = Schließen

close = Diese Frage schließen
close-question = Frage schließen
why-close = Warum?
reason-duplicate = Sie wurde schon gestellt
reason-needs-detail = Es fehlen Einzelheiten
reason-off-topic = Sie gehört nicht hierher
reason-outdated = Sie ist veraltet
reason-other = Ein anderer Grund
original = Link zur schon gestellten Frage
original-hint = Nur wenn sie schon gestellt wurde: „Link kopieren“ im Menü der anderen Frage.
reason-missing = Bitte sag, warum.
original-missing = Bitte füge den Link zur schon gestellten Frage ein.
original-unknown = Dieser Link führt hier zu keiner Frage. „Link kopieren“ im Menü einer Frage gibt den richtigen.
original-same = Dieser Link führt zu genau dieser Frage zurück.
closed-duplicate = Das wurde schon gefragt. Die Antworten stehen hier:
closed-duplicate-now = Das wurde schon gefragt.
closed-needs-detail-now = Diese Frage ist geschlossen, bis sie mehr Einzelheiten hat. Wer sie gestellt hat, öffnet sie durch eine Ergänzung wieder.
closed-off-topic-now = Diese Frage ist geschlossen: Sie gehört nicht hierher.
closed-outdated-now = Diese Frage ist geschlossen: Sie ist veraltet.
closed-other-now = Diese Frage ist geschlossen.
question-closed = Diese Frage ist geschlossen und nimmt keine neuen Antworten an.
not-closed = Diese Frage ist offen.
reopen = Wieder öffnen

verify = Als richtig bestätigen
unverify = Nicht mehr bestätigen
verified-until = { $name } bestätigt es, bis { $time }
verified-before-edit = { $name } hat eine frühere Fassung bestätigt
review-due = { $name } hat es bestätigt; bis { $time } sollte es wieder geprüft werden
changed-meanwhile = Die Antwort hat sich inzwischen geändert. Bitte lies sie noch einmal.

title-missing = Bitte schreib zuerst deine Frage.
title-short = Bitte nimm mindestens { $least } Zeichen, damit andere sie verstehen.
title-long = Bitte bleib unter { $most } Zeichen und schreib das Übrige in die Einzelheiten.
body-empty = Bitte schreib zuerst etwas.
body-long = Das ist länger als { $most } Zeichen. Bitte kürze es.
tag-long = Ein Schlagwort hat höchstens { $most } Zeichen.
tags-many = Bitte gib höchstens { $most } Schlagwörter an.
tag-missing = Bitte gib mindestens ein Schlagwort an.
tag-reserved = „{ $tag }“ vergeben nur Moderation, Redaktion und Fachleute.
tag-unknown = Das Schlagwort „{ $tag }“ gibt es nicht. Bitte wähle eins aus der Liste.
already-answered = Du hast diese Frage schon beantwortet. Du kannst deine Antwort bearbeiten.
not-yours = Das kann nur, wer es geschrieben hat.
not-for-you = Das können nur, wer gefragt hat, die Moderation und wer die Seite betreut.
experts-only = Das können nur Fachleute und wer die Seite betreut.
gone = Das gibt es nicht mehr.
denied = Das kannst du hier nicht tun.
try-again = Das hat nicht geklappt. Bitte versuche es gleich noch einmal.

announce-asked = Deine Frage wurde gesendet.
announce-answered = Deine Antwort wurde gesendet.
announce-commented = Dein Kommentar wurde gesendet.
announce-edited = Deine Änderungen sind gespeichert.
announce-deleted = Es ist gelöscht.
announce-followed = Du folgst dem jetzt.
announce-unfollowed = Du folgst dem nicht mehr.
announce-accepted = Die Antwort ist angenommen.
announce-unaccepted = Die Antwort ist nicht mehr angenommen.
announce-closed = Die Frage ist geschlossen.
announce-reopened = Die Frage ist wieder offen.
announce-verified = Du hast die Antwort bestätigt.
announce-unverified = Du bestätigst die Antwort nicht mehr.

impact = Was du bewirkt hast: { $accepted ->
    [one] { $accepted } angenommene Antwort
   *[other] { $accepted } angenommene Antworten
}, { $score } Punkte
impact-full = Was du bewirkt hast: { $accepted ->
    [one] { $accepted } angenommene Antwort
   *[other] { $accepted } angenommene Antworten
}, { $upvoted }-mal hilfreich, { $score } Punkte
