<?php
/**
 * The test of the connection, in words.
 *
 * @package Stoa
 */

defined( 'ABSPATH' ) || exit;

/** Tries what a page would do, and names what is wrong together with the line to change. */
final class Stoa_Connection {

	/**
	 * Tries it for the person who looks at the settings.
	 *
	 * @return array<int, array<string, string>> Findings of \Stoa\Vouch::test(), each with `text`.
	 */
	public static function test() {
		$claims   = Stoa_People::claims( wp_get_current_user() );
		$findings = Stoa_Settings::vouch()->test( $claims, Stoa_Settings::origin(), self::plugins(), array( 'Stoa_People', 'http' ) );
		return array_map(
			static function ( $finding ) {
				return $finding + array( 'text' => self::text( $finding ) );
			},
			$findings
		);
	}

	/**
	 * The plugins of the host that are used here: comments always, so that there is something to try.
	 *
	 * @return string[]
	 */
	public static function plugins() {
		$used = array( 'comments' );
		foreach ( Stoa_Settings::get( 'post_types' ) as $widgets ) {
			$used = array_merge( $used, $widgets );
		}
		return array_values( array_unique( $used ) );
	}

	/**
	 * What a finding means.
	 *
	 * @param array<string, string> $finding The finding.
	 * @return string
	 */
	private static function text( $finding ) {
		switch ( $finding['code'] ) {
			case 'ok':
				/* translators: %s: the name of the person. */
				return sprintf( __( 'Everything fits: Stoa knows you as “%s”.', 'stoa' ), $finding['detail'] );
			case 'key':
				return __( 'No token can be signed: there is no usable secret or key.', 'stoa' );
			case 'unreachable':
				return __( 'WordPress cannot reach the Stoa host. Check the address of the server, that the host runs, and that a firewall lets this server through.', 'stoa' );
			case 'not_stoa':
				return __( 'Something answers at this address, but it is not a Stoa host. The address of the server is the value of public_url in stoa.toml.', 'stoa' );
			case 'site':
				return __( 'The host has no site with this id. Correct the site id here, or add the site to stoa.toml:', 'stoa' );
			case 'origin':
				return __( 'The host does not let pages of this address ask. Add it to the site’s list in stoa.toml, exactly as it stands here:', 'stoa' );
			case 'issuer':
				return __( 'The host does not know this issuer. Set the same text on both sides, in stoa.toml under [[sites.issuers]]:', 'stoa' );
			case 'algorithm':
				return __( 'The host expects another algorithm. Choose it here, or change it in stoa.toml under [[sites.issuers]]:', 'stoa' );
			case 'signature':
				return __( 'The host refuses the signature: the secret here and the one in its file differ. Write the same secret into the file that this line of stoa.toml names, and start the host anew:', 'stoa' );
			case 'clock':
				/* translators: %s: a difference in seconds, such as +310 s. */
				return sprintf( __( 'The clocks of this server and of the Stoa host are too far apart (%s). Set both by NTP; 60 seconds are tolerated.', 'stoa' ), $finding['detail'] );
			case 'plugin':
				return __( 'A widget that is chosen here is not switched on for the site. Add to stoa.toml, below the site:', 'stoa' );
			default:
				return __( 'The host has refused it:', 'stoa' );
		}
	}
}
