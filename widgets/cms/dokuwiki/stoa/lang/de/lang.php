<?php

$lang['menu'] = 'Stoa: Verbindung prüfen';
$lang['test'] = 'Verbindung prüfen';
$lang['toml'] = 'Für stoa.toml: Zeilen, die zu den Einstellungen passen';
$lang['comments'] = 'Kommentare';
$lang['questions'] = 'Fragen';
$lang['kudos'] = 'Dank';
$lang['sign_in'] = 'Zum Lesen und Schreiben anmelden';
$lang['go_on'] = 'Weiter';
$lang['finding_ok'] = 'Alles passt: Die Anmeldung bei Stoa gelingt als „%s“.';
$lang['finding_key'] = 'Es lässt sich kein Token unterschreiben: Geheimnis oder Schlüssel fehlen oder sind unbrauchbar.';
$lang['finding_unreachable'] = 'Das Wiki erreicht den Stoa-Server nicht. Bitte die Adresse prüfen, ob der Server läuft und ob eine Firewall im Weg ist.';
$lang['finding_not_stoa'] = 'Unter dieser Adresse antwortet etwas anderes als Stoa. Die Adresse des Servers steht als public_url in stoa.toml.';
$lang['finding_site'] = 'Der Server kennt keine Site mit dieser Id. Die Id in den Einstellungen berichtigen oder in stoa.toml ergänzen:';
$lang['finding_origin'] = 'Seiten dieser Adresse dürfen dort nicht fragen. In stoa.toml in die Liste der Site eintragen, genau so:';
$lang['finding_issuer'] = 'Der Server kennt diesen Aussteller nicht. Auf beiden Seiten denselben Text setzen, in stoa.toml unter [[sites.issuers]]:';
$lang['finding_algorithm'] = 'Der Server erwartet ein anderes Verfahren. In den Einstellungen wählen oder in stoa.toml unter [[sites.issuers]] ändern:';
$lang['finding_signature'] = 'Der Server lehnt die Unterschrift ab: Das Geheimnis hier und das in seiner Datei sind verschieden. In die Datei, die diese Zeile von stoa.toml nennt, dasselbe schreiben und den Server neu starten:';
$lang['finding_clock'] = 'Die Uhren beider Server gehen zu weit auseinander (%s). Beide per NTP stellen; 60 Sekunden sind erlaubt.';
$lang['finding_plugin'] = 'Ein hier gewähltes Widget ist für die Site nicht eingeschaltet. In stoa.toml unter der Site ergänzen:';
$lang['finding_refused'] = 'Der Server hat abgelehnt:';
