<?php
/**
 * Names of the special page.
 *
 * @license Apache-2.0
 */

$specialPageAliases = [];

/** English */
$specialPageAliases['en'] = [ 'Stoa' => [ 'Stoa' ] ];
