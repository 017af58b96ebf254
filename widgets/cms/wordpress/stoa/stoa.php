<?php
/**
 * Stoa for WordPress
 *
 * @package           Stoa
 * @license           Apache-2.0
 *
 * @wordpress-plugin
 * Plugin Name:       Stoa
 * Description:       Comments, questions, thanks and notices of a Stoa host in posts and pages, for the people who are signed in here.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           Apache-2.0
 * License URI:       https://www.apache.org/licenses/LICENSE-2.0
 * Text Domain:       stoa
 * Domain Path:       /languages
 */

defined( 'ABSPATH' ) || exit;

define( 'STOA_PLUGIN_FILE', __FILE__ );
define( 'STOA_PLUGIN_VERSION', '0.1.0' );

require_once __DIR__ . '/includes/Vouch.php';
require_once __DIR__ . '/includes/class-stoa-settings.php';
require_once __DIR__ . '/includes/class-stoa-people.php';
require_once __DIR__ . '/includes/class-stoa-widgets.php';

Stoa_Widgets::register();
Stoa_People::register();

if ( is_admin() ) {
	require_once __DIR__ . '/includes/class-stoa-settings-page.php';
	require_once __DIR__ . '/includes/class-stoa-connection.php';
	Stoa_Settings_Page::register();
}

add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'stoa', false, dirname( plugin_basename( STOA_PLUGIN_FILE ) ) . '/languages' );
	},
	1
);

// One translation for all kinds of German.
add_filter(
	'load_textdomain_mofile',
	static function ( $file, $domain ) {
		if ( 'stoa' === $domain && ! is_readable( $file ) && preg_match( '/-de(_\w+)?\.mo$/', $file ) ) {
			return __DIR__ . '/languages/stoa-de_DE.mo';
		}
		return $file;
	},
	10,
	2
);
