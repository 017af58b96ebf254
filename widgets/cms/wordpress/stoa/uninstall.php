<?php
/**
 * Takes the settings away with the plugin. What people wrote is at the Stoa host.
 *
 * @package Stoa
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Deletes the settings of the current blog. */
function stoa_uninstall_blog() {
	delete_option( 'stoa' );
	delete_option( 'stoa_secret' );
}

if ( is_multisite() ) {
	foreach ( get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	) as $stoa_blog ) {
		switch_to_blog( $stoa_blog );
		stoa_uninstall_blog();
		restore_current_blog();
	}
} else {
	stoa_uninstall_blog();
}
