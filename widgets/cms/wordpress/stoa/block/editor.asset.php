<?php
/**
 * What the editor's half of the block needs.
 *
 * @package Stoa
 */

return array(
	'dependencies' => array( 'wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element' ),
	'version'      => '0.1.0',
);
