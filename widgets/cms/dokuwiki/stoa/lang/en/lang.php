<?php

$lang['menu'] = 'Stoa: test of the connection';
$lang['test'] = 'Test the connection';
$lang['toml'] = 'For stoa.toml: lines that fit the settings';
$lang['comments'] = 'Comments';
$lang['questions'] = 'Questions';
$lang['kudos'] = 'Thanks';
$lang['sign_in'] = 'Sign in to read and write here';
$lang['go_on'] = 'Go on';
$lang['finding_ok'] = 'Everything fits: Stoa knows you as “%s”.';
$lang['finding_key'] = 'No token can be signed: there is no usable secret or key.';
$lang['finding_unreachable'] = 'The wiki cannot reach the Stoa host. Check the address of the server, that the host runs, and that a firewall lets this server through.';
$lang['finding_not_stoa'] = 'Something answers at this address, but it is not a Stoa host. The address of the server is the value of public_url in stoa.toml.';
$lang['finding_site'] = 'The host has no site with this id. Correct the site id in the settings, or add the site to stoa.toml:';
$lang['finding_origin'] = 'The host does not let pages of this address ask. Add it to the site’s list in stoa.toml, exactly as it stands here:';
$lang['finding_issuer'] = 'The host does not know this issuer. Set the same text on both sides, in stoa.toml under [[sites.issuers]]:';
$lang['finding_algorithm'] = 'The host expects another algorithm. Choose it in the settings, or change it in stoa.toml under [[sites.issuers]]:';
$lang['finding_signature'] = 'The host refuses the signature: the secret here and the one in its file differ. Write the same secret into the file that this line of stoa.toml names, and start the host anew:';
$lang['finding_clock'] = 'The clocks of this server and of the Stoa host are too far apart (%s). Set both by NTP; 60 seconds are tolerated.';
$lang['finding_plugin'] = 'A widget that is chosen here is not switched on for the site. Add to stoa.toml, below the site:';
$lang['finding_refused'] = 'The host has refused it:';
