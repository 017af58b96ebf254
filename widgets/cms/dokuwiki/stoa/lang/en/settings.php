<?php

$lang['server'] = 'Address of the Stoa host: the value of public_url in stoa.toml, for example https://widgets.example.org';
$lang['site'] = 'Id of the site in stoa.toml';
$lang['issuer'] = 'Issuer: the same text as in stoa.toml; empty for the origin of this wiki';
$lang['algorithm'] = 'Algorithm: a shared secret (HS256) or a key pair (ES256, EdDSA)';
$lang['secret'] = 'Secret of 32 bytes or more, as “openssl rand -hex 32” makes them; the same as in the file of the host';
$lang['key_file'] = 'Instead: the path of a file outside of the web’s folders with the secret, or with the private key (PEM)';
$lang['below'] = 'Pages that have widgets below: patterns apart by blanks, for example “* !private:*”';
$lang['widgets'] = 'Widgets below these pages; elsewhere by {{stoa>comments}}, {{stoa>questions?scope=site}}, {{stoa>kudos}}, {{stoa>bell}}';
$lang['visitors'] = 'People who are not signed in';
$lang['visitors_o_read'] = 'see what the host lets them read';
$lang['visitors_o_link'] = 'see a link to sign in';
$lang['visitors_o_none'] = 'see nothing';
$lang['roles'] = 'Roles in Stoa by groups, for example “admin=admin editors=moderator”; expert, leader, steward, moderator, admin, guest';
$lang['key_prefix'] = 'Prefix of page keys, only where several systems share one site of Stoa';
