# Dank, auf Deutsch.

heading = { $count ->
    [0] Dank
    [one] { $count }-mal Dank
   *[other] { $count }-mal Dank
}
feed = Dank

show-all = Alle
show-received = Erhalten
show-given = Gegeben
show-values = Werte
show-feed = Alle anzeigen

page-closed = Diese Seite ist geschlossen. Lesen und Reagieren geht weiterhin.
sign-in-to-thank = Melde dich an, um jemandem zu danken.
sign-in-first = Bitte melde dich zuerst an.
thanks-lost = Diesen Dank gibt es nicht mehr.

whom-to-thank = Wem möchtest du danken?
start = Weiter
recipients = Wem
recipients-hint = Namen eintippen; bis zu 20 Personen
body = Wofür
prompt-possible = Was ist dadurch möglich geworden?
prompt-without = Was wäre ohne das passiert?
prompt-moment = An welchen Moment erinnerst du dich?
values = Welcher Wert zeigt sich darin?
evidence = Link dazu (freiwillig)
evidence-hint = Eine Webadresse oder ein Pfad wie /policies/travel
visibility = Wer sieht es?
visibility-public = Alle
visibility-private = Nur wem ich danke und wer moderiert
private = Privat: Nur die Beteiligten und die Moderation sehen es.
returned = Sie haben einander binnen eines Tages gedankt.
refuse-points = Ich möchte keine Punkte, nur den Dank
give = Danke sagen

button-one = { $name } danken
button-them = Ihnen danken
button-somebody = Jemandem danken
button-own = Wer vorbeikommt, kann dir hier danken.
button-sent = Dein Dank ist gesendet.

empty-write = Wer hat dir die Woche leichter gemacht? Ein Satz genügt.
empty-write-page = Hat dir jemand bei „{ $page }“ geholfen? Ein Satz Dank genügt.
empty-read = Hier wurde noch niemandem gedankt.
empty-received = Dir hat noch niemand gedankt. Dank kommt oft zurück: Wem könntest du danken?
empty-given = Du hast noch niemandem gedankt. Wer hat dir zuletzt geholfen?
empty-values = In den letzten 30 Tagen wurde kein Wert genannt. Wer dankt, nennt einen.
values-since = In den letzten 30 Tagen genannt
value-count = { $count ->
    [one] { $value }: einmal
   *[other] { $value }: { $count }-mal
}

thanks-one = dankt { $one }
thanks-two = dankt { $one } und { $two }
thanks-three = dankt { $one }, { $two } und { $three }
thanks-many = dankt { $one }, { $two } und { $count } anderen
thanks-nobody = sagt danke
everybody = Alle anzeigen, denen gedankt wird
on-page = zu „{ $page }“
hidden = Verborgen: Das sehen nur die, um die es geht, und die Moderation.

reactions = Reaktionen
reaction-heart = Schön
reaction-applause = Applaus
reaction-party = Gut gemacht
reaction-idea = Gute Idee
add-mine = Ich danke auch
joined-in = { $count ->
    [one] { $count } Person dankt auch
   *[other] { $count } Personen danken auch
}

points = Punkte für jede Person (freiwillig)
points-left = diesen Monat noch { $left } von { $granted }; höchstens { $most } für eine Person
points-none-left = Diesen Monat hast du noch { $left } von { $granted } Punkten, zu wenig zum Vergeben. Dank zählt auch ohne sie.
points-without-today = { $name } hat in den letzten 24 Stunden schon Punkte von dir bekommen: Dieser Dank zählt ohne Punkte.
points-without-week = { $name } hat diese Woche schon dreimal Punkte von dir bekommen: Dieser Dank zählt ohne Punkte.
points-without-month = { $name } hat diesen Monat schon viele deiner Punkte bekommen: Dieser Dank zählt ohne Punkte.
points-without-refused = { $name } möchte keine Punkte: Dieser Dank zählt, ohne Punkte.
points-given = Diesen Monat hast du { $given ->
    [one] { $given } Punkt
   *[other] { $given } Punkte
} vergeben. { $left } von { $granted } sind noch da.
points-received = Du hast insgesamt { $all ->
    [one] { $all } Punkt
   *[other] { $all } Punkte
} bekommen, davon { $month } diesen Monat.
points-gift = { $points ->
    [one] { $points } Punkt
   *[other] { $points } Punkte
}
points-gift-each = je { $points ->
    [one] { $points } Punkt
   *[other] { $points } Punkte
}
points-gift-some = { $points ->
    [one] { $points } Punkt
   *[other] { $points } Punkte
} für { $count } von ihnen

new-thanks = { $count ->
    [one] { $count } neuen Dank anzeigen
   *[other] { $count } neue anzeigen
}
more-thanks = Mehr anzeigen
back-to-first = Zurück zum Neuesten

more-actions = Weitere Aktionen
copy-link = Link kopieren
edit = Text berichtigen
save = Änderungen speichern
retract = Zurücknehmen (bis { $time })
retract-sure = Diesen Dank zurücknehmen? Es bleibt nichts davon.
hide = Vor anderen verbergen
hide-sure = Dann sehen das nur noch du, wer gedankt hat, wem sonst gedankt wird und die Moderation. Verbergen?
unhide = Wieder allen zeigen

recipients-missing = Bitte sag, wem du danken möchtest.
recipients-too-many = Bitte danke höchstens { $most } Personen auf einmal.
too-many-at-first = Bitte beginne mit höchstens { $most } Personen. Weitere kannst du im nächsten Schritt nennen.
recipients-self = Du kannst dir nicht selbst danken. Bitte nimm dich heraus.
recipients-twice = Jemand steht zweimal darin.
recipient-left = { $name } ist nicht mehr hier, deshalb geht das nicht.
recipient-unknown = Jemand darin ist hier nicht bekannt. Bitte wähle aus der Liste.
values-missing = Bitte wähle einen Wert.
values-too-many = Bitte wähle höchstens { $most } Werte.
values-unknown = Einen dieser Werte gibt es nicht mehr. Bitte wähle neu.
body-too-short = Bitte schreib etwas mehr: mindestens { $least } Zeichen.
body-too-long = Das sind mehr als { $most } Zeichen. Bitte kürze den Text.
evidence-wrong = Bitte gib eine Webadresse an, die mit https:// oder http:// beginnt, oder einen Pfad, der mit / beginnt.
evidence-too-long = Das sind mehr als { $most } Zeichen. Bitte nimm eine kürzere Adresse.
points-wrong = Bitte gib eine ganze Zahl von Punkten an, oder lass das Feld leer.
points-short = Dafür brauchst du { $need } Punkte, und diesen Monat hast du noch { $left }. Es wurde nichts gesendet.
points-each-max = Eine Person kann höchstens die Hälfte dessen bekommen, was du noch hast: { $most } Punkte.

not-yours = Das kann nur, wer gedankt hat.
own-thanks = Das ist dein eigener Dank.
to-you = Dieser Dank gilt dir.
not-to-you = Das können nur die, denen gedankt wird.
too-late = Fünf Minuten sind vorbei, deshalb bleibt der Dank bestehen.
already-added = Du hast schon mitgedankt.
gone = Diesen Dank gibt es nicht mehr.
denied = Das ist hier nicht möglich.
try-again = Das hat nicht geklappt. Bitte versuche es gleich noch einmal.

announce-given = Dein Dank ist gesendet.
announce-added = Du dankst mit.
announce-taken-back = Du dankst nicht mehr mit.
announce-edited = Deine Änderungen sind gespeichert.
announce-retracted = Dein Dank ist zurückgenommen.
announce-hidden = Es ist vor anderen verborgen.
announce-unhidden = Alle können es wieder sehen.
announce-no-points = Dir wird von nun an ohne Punkte gedankt.
announce-points = Du kannst wieder Punkte bekommen.
