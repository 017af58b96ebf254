<?php

$meta['server'] = ['string', '_pattern' => '#^(https?://[^/?\#@]+)?$#'];
$meta['site'] = ['string', '_pattern' => '#^[a-z0-9-]{1,64}$#'];
$meta['issuer'] = ['string'];
$meta['algorithm'] = ['multichoice', '_choices' => ['HS256', 'ES256', 'EdDSA']];
$meta['secret'] = ['password', '_code' => 'plain'];
$meta['key_file'] = ['string'];
$meta['below'] = ['string'];
$meta['widgets'] = ['multicheckbox', '_choices' => ['comments', 'questions'], '_other' => 'never'];
$meta['visitors'] = ['multichoice', '_choices' => ['read', 'link', 'none']];
$meta['roles'] = ['string'];
$meta['key_prefix'] = ['string'];
