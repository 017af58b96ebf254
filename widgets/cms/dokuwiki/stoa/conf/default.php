<?php

$conf['server'] = '';
$conf['site'] = 'intranet';
$conf['issuer'] = '';
$conf['algorithm'] = 'HS256';
$conf['secret'] = '';
$conf['key_file'] = '';
$conf['below'] = '';
$conf['widgets'] = 'comments';
$conf['visitors'] = 'read';
$conf['roles'] = 'admin=admin';
$conf['key_prefix'] = '';
