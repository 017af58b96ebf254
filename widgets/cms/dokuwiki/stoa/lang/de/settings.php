<?php

$lang['server'] = 'Adresse des Stoa-Servers: der Wert von public_url in stoa.toml, zum Beispiel https://widgets.example.org';
$lang['site'] = 'Id der Site in stoa.toml';
$lang['issuer'] = 'Aussteller: derselbe Text wie in stoa.toml; leer für die Adresse dieses Wikis';
$lang['algorithm'] = 'Verfahren: gemeinsames Geheimnis (HS256) oder Schlüsselpaar (ES256, EdDSA)';
$lang['secret'] = 'Geheimnis aus mindestens 32 Bytes, wie „openssl rand -hex 32“ sie macht; dasselbe wie in der Datei des Servers';
$lang['key_file'] = 'Stattdessen: Pfad einer Datei außerhalb der Web-Ordner mit dem Geheimnis oder dem privaten Schlüssel (PEM)';
$lang['below'] = 'Seiten, unter denen Widgets stehen: Muster, durch Leerzeichen getrennt, zum Beispiel „* !privat:*“';
$lang['widgets'] = 'Widgets unter diesen Seiten; sonst mit {{stoa>comments}}, {{stoa>questions?scope=site}}, {{stoa>kudos}}, {{stoa>bell}}';
$lang['visitors'] = 'Wer nicht angemeldet ist, sieht';
$lang['visitors_o_read'] = 'was der Server zu lesen erlaubt';
$lang['visitors_o_link'] = 'einen Link zum Anmelden';
$lang['visitors_o_none'] = 'nichts';
$lang['roles'] = 'Rollen in Stoa nach Gruppen, zum Beispiel „admin=admin redaktion=moderator“; expert, leader, steward, moderator, admin, guest';
$lang['key_prefix'] = 'Vorsatz der Seitenschlüssel, nur wo sich mehrere Systeme eine Site teilen';
