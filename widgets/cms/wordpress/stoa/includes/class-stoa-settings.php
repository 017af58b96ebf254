<?php
/**
 * What the administrator has set.
 *
 * @package Stoa
 */

defined( 'ABSPATH' ) || exit;

/** Settings with their defaults. The key is in an option of its own, in a file, or in a constant of wp-config.php. */
final class Stoa_Settings {

	/** Widgets that belong to a page. */
	const PAGE_WIDGETS = array( 'comments', 'questions' );

	/** All widgets: plugins of the host, and its bell. */
	const WIDGETS = array( 'comments', 'questions', 'kudos', 'bell' );

	/** Roles that Stoa knows beside that of a member. */
	const ROLES = array( 'expert', 'leader', 'steward', 'moderator', 'admin', 'guest' );

	/**
	 * All settings.
	 *
	 * @return array<string, mixed>
	 */
	public static function all() {
		$stored = get_option( 'stoa' );
		return wp_parse_args( is_array( $stored ) ? $stored : array(), self::defaults() );
	}

	/**
	 * One setting.
	 *
	 * @param string $name Its name.
	 * @return mixed
	 */
	public static function get( $name ) {
		return self::all()[ $name ];
	}

	/**
	 * What holds before anything is set.
	 *
	 * @return array<string, mixed>
	 */
	public static function defaults() {
		return array(
			'server'     => '',
			'site'       => 'intranet',
			'issuer'     => self::origin(),
			'algorithm'  => 'HS256',
			'key_file'   => '',
			'key_prefix' => '',
			'post_types' => array(),
			'replace'    => false,
			'toolbar'    => true,
			'visitors'   => 'read',
			'roles'      => array(
				'administrator' => 'admin',
				'editor'        => 'moderator',
			),
		);
	}

	/**
	 * The origin of the pages, as browsers send it.
	 *
	 * @return string
	 */
	public static function origin() {
		$url  = wp_parse_url( home_url() );
		$port = isset( $url['port'] ) ? ':' . $url['port'] : '';
		return strtolower( $url['scheme'] . '://' . $url['host'] ) . $port;
	}

	/**
	 * The secret or private key: the first of the constant, the file, the database.
	 *
	 * @return string Empty where there is none.
	 */
	public static function key() {
		if ( defined( 'STOA_SECRET' ) ) {
			return (string) STOA_SECRET;
		}
		$file = self::key_file();
		if ( '' !== $file ) {
			// phpcs:ignore WordPress.WP.AlternativeFunctions.file_get_contents_file_get_contents_file_get_contents -- A local file.
			return is_readable( $file ) ? (string) file_get_contents( $file ) : '';
		}
		return (string) get_option( 'stoa_secret', '' );
	}

	/**
	 * The path of the file with the key, where there is one.
	 *
	 * @return string
	 */
	public static function key_file() {
		return defined( 'STOA_KEY_FILE' ) ? (string) STOA_KEY_FILE : (string) self::get( 'key_file' );
	}

	/**
	 * Where the key comes from.
	 *
	 * @return string `constant`, `file`, `database`, or nothing.
	 */
	public static function key_source() {
		if ( defined( 'STOA_SECRET' ) ) {
			return 'constant';
		}
		if ( '' !== self::key_file() ) {
			return 'file';
		}
		return '' === get_option( 'stoa_secret', '' ) ? '' : 'database';
	}

	/**
	 * Whether there is enough to try the connection.
	 *
	 * @return bool
	 */
	public static function is_connected() {
		return '' !== self::get( 'server' ) && '' !== self::get( 'site' ) && '' !== self::key();
	}

	/**
	 * The signer for these settings.
	 *
	 * @return \Stoa\Vouch
	 */
	public static function vouch() {
		$all = self::all();
		return new \Stoa\Vouch( $all['server'], $all['site'], $all['issuer'], $all['algorithm'], self::key() );
	}

	/**
	 * Widgets that stand below every entry of a post type.
	 *
	 * @param string $post_type Its name.
	 * @return string[]
	 */
	public static function widgets_of( $post_type ) {
		$chosen = self::get( 'post_types' );
		return isset( $chosen[ $post_type ] ) ? array_values( array_intersect( self::PAGE_WIDGETS, $chosen[ $post_type ] ) ) : array();
	}

	/**
	 * What the settings form sends, made safe; what cannot be used is told and the old value kept.
	 *
	 * @param mixed $input The form's fields.
	 * @return array<string, mixed>
	 */
	public static function sanitize( $input ) {
		$input  = is_array( $input ) ? $input : array();
		$old    = self::all();
		$server = isset( $input['server'] ) ? self::server( (string) $input['server'], $old['server'] ) : $old['server'];
		$site   = isset( $input['site'] ) ? strtolower( trim( (string) $input['site'] ) ) : $old['site'];
		if ( ! preg_match( '/^[a-z0-9-]{1,64}$/', $site ) ) {
			add_settings_error( 'stoa', 'site', __( 'The site id has 1 to 64 characters of a-z, 0-9 and -.', 'stoa' ) );
			$site = $old['site'];
		}
		$issuer    = sanitize_text_field( isset( $input['issuer'] ) ? $input['issuer'] : '' );
		$algorithm = isset( $input['algorithm'] ) ? $input['algorithm'] : '';
		$visitors  = isset( $input['visitors'] ) ? $input['visitors'] : '';
		$clean     = array(
			'server'     => $server,
			'site'       => $site,
			'issuer'     => '' === $issuer ? self::origin() : $issuer,
			'algorithm'  => in_array( $algorithm, \Stoa\Vouch::ALGORITHMS, true ) ? $algorithm : $old['algorithm'],
			'key_file'   => self::file( isset( $input['key_file'] ) ? (string) $input['key_file'] : '' ),
			'key_prefix' => sanitize_text_field( isset( $input['key_prefix'] ) ? $input['key_prefix'] : '' ),
			'post_types' => self::post_types( isset( $input['post_types'] ) ? $input['post_types'] : array() ),
			'replace'    => ! empty( $input['replace'] ),
			'toolbar'    => ! empty( $input['toolbar'] ),
			'visitors'   => in_array( $visitors, array( 'read', 'link', 'none' ), true ) ? $visitors : $old['visitors'],
			'roles'      => self::roles( isset( $input['roles'] ) ? $input['roles'] : array() ),
		);
		self::put_secret( isset( $input['secret'] ) ? (string) $input['secret'] : '', ! empty( $input['forget_secret'] ) );
		return $clean;
	}

	/**
	 * An origin: scheme, host and port.
	 *
	 * @param string $given What was typed.
	 * @param string $old   What was set before.
	 * @return string
	 */
	private static function server( $given, $old ) {
		$given = untrailingslashit( trim( $given ) );
		if ( '' === $given ) {
			return '';
		}
		$url = wp_parse_url( $given );
		if ( ! isset( $url['scheme'], $url['host'] ) || ! in_array( $url['scheme'], array( 'http', 'https' ), true ) || isset( $url['path'] ) || isset( $url['query'] ) || isset( $url['user'] ) ) {
			add_settings_error( 'stoa', 'server', __( 'The address of the server has a scheme and a host and no path, as in https://widgets.example.org: the value of public_url in stoa.toml.', 'stoa' ) );
			return $old;
		}
		if ( 'http' === $url['scheme'] && 0 === strpos( home_url(), 'https:' ) ) {
			add_settings_error( 'stoa', 'mixed', __( 'Browsers refuse scripts from an http address in an https page: give the Stoa host an https address.', 'stoa' ), 'warning' );
		}
		return esc_url_raw( $given, array( 'http', 'https' ) );
	}

	/**
	 * The path of a file with a key.
	 *
	 * @param string $given What was typed.
	 * @return string
	 */
	private static function file( $given ) {
		$given = trim( wp_unslash( $given ) );
		if ( '' !== $given && ! is_readable( $given ) ) {
			add_settings_error( 'stoa', 'key_file', __( 'The file with the key cannot be read by WordPress: check path and permissions.', 'stoa' ) );
		}
		return $given;
	}

	/**
	 * Keeps a new secret; an empty field keeps the old one.
	 *
	 * @param string $secret What was typed.
	 * @param bool   $forget Whether the stored one is to be deleted.
	 */
	private static function put_secret( $secret, $forget ) {
		$secret = trim( $secret );
		if ( '' !== $secret && strlen( $secret ) < \Stoa\Vouch::SECRET_BYTES_MIN ) {
			add_settings_error( 'stoa', 'secret', __( 'The secret needs 32 bytes or more: make one with “openssl rand -hex 32”.', 'stoa' ) );
		} elseif ( '' !== $secret ) {
			update_option( 'stoa_secret', $secret, false );
		} elseif ( $forget ) {
			delete_option( 'stoa_secret' );
		}
	}

	/**
	 * Widgets by post type.
	 *
	 * @param mixed $given What was chosen.
	 * @return array<string, string[]>
	 */
	private static function post_types( $given ) {
		$clean = array();
		foreach ( is_array( $given ) ? $given : array() as $post_type => $widgets ) {
			$known = array_values( array_intersect( self::PAGE_WIDGETS, (array) $widgets ) );
			if ( post_type_exists( $post_type ) && $known ) {
				$clean[ $post_type ] = $known;
			}
		}
		return $clean;
	}

	/**
	 * Roles of Stoa by roles of WordPress.
	 *
	 * @param mixed $given What was chosen.
	 * @return array<string, string>
	 */
	private static function roles( $given ) {
		$clean = array();
		foreach ( is_array( $given ) ? $given : array() as $role => $stoa ) {
			if ( wp_roles()->is_role( $role ) && in_array( $stoa, self::ROLES, true ) ) {
				$clean[ $role ] = $stoa;
			}
		}
		return $clean;
	}
}
