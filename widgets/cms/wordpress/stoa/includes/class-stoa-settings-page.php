<?php
/**
 * Settings > Stoa.
 *
 * @package Stoa
 */

defined( 'ABSPATH' ) || exit;

/** The settings page, by WordPress's settings API. */
final class Stoa_Settings_Page {

	/** Hooks everything in. */
	public static function register() {
		add_action( 'admin_init', array( __CLASS__, 'fields' ) );
		add_action( 'admin_menu', array( __CLASS__, 'menu' ) );
		add_action( 'admin_notices', array( __CLASS__, 'notice' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( STOA_PLUGIN_FILE ), array( __CLASS__, 'links' ) );
	}

	/** The entry in the menu. */
	public static function menu() {
		$page = add_options_page( 'Stoa', 'Stoa', 'manage_options', 'stoa', array( __CLASS__, 'show' ) );
		add_action(
			'admin_print_scripts-' . $page,
			static function () {
				wp_enqueue_script( 'stoa-admin', plugins_url( 'assets/admin.js', STOA_PLUGIN_FILE ), array(), STOA_PLUGIN_VERSION, true );
			}
		);
	}

	/**
	 * The link in the list of plugins.
	 *
	 * @param string[] $links Links that are there.
	 * @return string[]
	 */
	public static function links( $links ) {
		array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'stoa' ) ) );
		return $links;
	}

	/** Says where to go as long as nothing is set. */
	public static function notice() {
		if ( Stoa_Settings::is_connected() || ! current_user_can( 'manage_options' ) || 'plugins' !== get_current_screen()->id ) {
			return;
		}
		printf(
			'<div class="notice inline notice-info"><p>%s <a href="%s">%s</a></p></div>',
			esc_html__( 'Stoa is not connected to a host yet.', 'stoa' ),
			esc_url( self::url() ),
			esc_html__( 'Connect it', 'stoa' )
		);
	}

	/**
	 * The page's address.
	 *
	 * @return string
	 */
	private static function url() {
		return admin_url( 'options-general.php?page=stoa' );
	}

	/** Tells WordPress what there is to set. */
	public static function fields() {
		register_setting(
			'stoa',
			'stoa',
			array(
				'type'              => 'array',
				'sanitize_callback' => array( 'Stoa_Settings', 'sanitize' ),
			)
		);
		$sections = array(
			'connection' => array(
				__( 'Connection', 'stoa' ),
				array(
					'server'    => __( 'Address of the server', 'stoa' ),
					'site'      => __( 'Site id', 'stoa' ),
					'issuer'    => __( 'Issuer', 'stoa' ),
					'algorithm' => __( 'Algorithm', 'stoa' ),
					'secret'    => __( 'Secret', 'stoa' ),
					'key_file'  => __( 'File with the key', 'stoa' ),
				),
			),
			'places'     => array(
				__( 'Where widgets stand', 'stoa' ),
				array(
					'post_types' => __( 'Below every', 'stoa' ),
					'replace'    => __( 'WordPress’s comments', 'stoa' ),
					'toolbar'    => __( 'Bell', 'stoa' ),
					'visitors'   => __( 'People not signed in', 'stoa' ),
					'key_prefix' => __( 'Prefix of page keys', 'stoa' ),
				),
			),
			'people'     => array(
				__( 'Roles', 'stoa' ),
				array( 'roles' => __( 'Role in Stoa', 'stoa' ) ),
			),
		);
		foreach ( $sections as $section => list( $title, $fields ) ) {
			add_settings_section( "stoa_$section", $title, '__return_null', 'stoa' );
			foreach ( $fields as $field => $label ) {
				$for = in_array( $field, array( 'server', 'site', 'issuer', 'algorithm', 'secret', 'key_file', 'key_prefix' ), true );
				add_settings_field( "stoa_$field", $label, array( __CLASS__, "field_$field" ), 'stoa', "stoa_$section", $for ? array( 'label_for' => "stoa_$field" ) : array() );
			}
		}
	}

	/** The page. */
	public static function show() {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		echo '<div class="wrap"><h1>Stoa</h1>';
		self::show_test();
		echo '<form action="options.php" method="post">';
		settings_fields( 'stoa' );
		do_settings_sections( 'stoa' );
		submit_button();
		echo '</form>';
		self::show_configuration();
		echo '</div>';
	}

	/** Tests the connection after saving and when asked to, and says what came out. */
	private static function show_test() {
		if ( ! Stoa_Settings::is_connected() ) {
			printf( '<div class="notice inline notice-info"><p>%s</p></div>', esc_html__( 'Fill in the address of the Stoa host and a secret, and save: the connection is then tested at once.', 'stoa' ) );
			return;
		}
		$asked = isset( $_GET['stoa-test'], $_GET['_wpnonce'] ) && wp_verify_nonce( sanitize_key( $_GET['_wpnonce'] ), 'stoa-test' );
		if ( $asked || isset( $_GET['settings-updated'] ) ) {
			echo '<div id="stoa-findings">';
			foreach ( Stoa_Connection::test() as $finding ) {
				$is_ok = 'ok' === $finding['code'];
				printf(
					'<div class="notice inline notice-%s" data-code="%s"><p><strong>%s</strong> %s</p>%s%s</div>',
					$is_ok ? 'success' : 'error',
					esc_attr( $finding['code'] ),
					esc_html__( 'Connection test:', 'stoa' ),
					esc_html( $finding['text'] ),
					'' === $finding['line'] || 'server' === $finding['where'] ? '' : '<pre>' . esc_html( $finding['line'] ) . '</pre>',
					$is_ok || '' === $finding['detail'] ? '' : '<p><small>' . esc_html( $finding['detail'] ) . '</small></p>'
				);
			}
			printf(
				'<div class="notice inline notice-error" id="stoa-browser" data-server="%s" hidden><p><strong>%s</strong> %s</p></div></div>',
				esc_attr( Stoa_Settings::get( 'server' ) ),
				esc_html__( 'This browser', 'stoa' ),
				esc_html__( 'cannot load the script from the Stoa host, though WordPress may reach it: the address of the server has to be one that staff’s browsers can open, by https where this site has https, and a Content-Security-Policy has to name it.', 'stoa' )
			);
		}
		printf( '<p><a class="button" href="%s">%s</a></p>', esc_url( wp_nonce_url( add_query_arg( 'stoa-test', '1', self::url() ), 'stoa-test' ) ), esc_html__( 'Test the connection', 'stoa' ) );
	}

	/** The lines for the host's administrator. */
	private static function show_configuration() {
		$is_shared = 'HS256' === Stoa_Settings::get( 'algorithm' );
		$lines     = Stoa_Settings::vouch()->configuration( get_bloginfo( 'name' ), Stoa_Settings::origin(), Stoa_Settings::WIDGETS, $is_shared ? 'wordpress.secret' : 'wordpress.pem' );
		printf( '<h2>%s</h2><p>%s</p>', esc_html__( 'For stoa.toml', 'stoa' ), esc_html__( 'These lines of the host’s configuration fit what is saved above:', 'stoa' ) );
		printf( '<pre id="stoa-configuration" style="overflow:auto;padding:1em;background:#fff">%s</pre>', esc_html( $lines ) );
		if ( $is_shared ) {
			printf( '<p>%s</p>', esc_html__( 'wordpress.secret is a file beside it with the secret, readable by the host alone. Start the host anew after a change.', 'stoa' ) );
		} else {
			printf( '<p>%s</p>', esc_html__( 'wordpress.pem is a file beside it with the public key. Start the host anew after a change.', 'stoa' ) );
		}
	}

	/**
	 * A line to type into.
	 *
	 * @param string $name        The setting.
	 * @param string $placeholder An example.
	 * @param string $description What it is.
	 */
	private static function text( $name, $placeholder, $description ) {
		printf(
			'<input id="stoa_%1$s" name="stoa[%1$s]" type="text" class="regular-text code" value="%2$s" placeholder="%3$s"><p class="description">%4$s</p>',
			esc_attr( $name ),
			esc_attr( Stoa_Settings::get( $name ) ),
			esc_attr( $placeholder ),
			esc_html( $description )
		);
	}

	/** The host's address. */
	public static function field_server() {
		self::text( 'server', 'https://widgets.example.org', __( 'The value of public_url in stoa.toml.', 'stoa' ) );
	}

	/** The site's id. */
	public static function field_site() {
		self::text( 'site', 'intranet', __( 'The id of the site in stoa.toml.', 'stoa' ) );
	}

	/** The issuer. */
	public static function field_issuer() {
		self::text( 'issuer', Stoa_Settings::origin(), __( 'Who vouches for people: the same text as in stoa.toml. Leave it as it is unless you have a reason; a changed issuer makes new persons of everybody.', 'stoa' ) );
	}

	/** The algorithm. */
	public static function field_algorithm() {
		$notes = array(
			'HS256' => __( 'HS256: a shared secret', 'stoa' ),
			'ES256' => __( 'ES256: a key pair (P-256, PHP with OpenSSL)', 'stoa' ),
			'EdDSA' => __( 'EdDSA: a key pair (Ed25519, PHP with libsodium)', 'stoa' ),
		);
		echo '<select id="stoa_algorithm" name="stoa[algorithm]">';
		foreach ( $notes as $algorithm => $note ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( $algorithm ), selected( Stoa_Settings::get( 'algorithm' ), $algorithm, false ), esc_html( $note ) );
		}
		echo '</select>';
	}

	/** The secret: it can be set and deleted, never read. */
	public static function field_secret() {
		$source = Stoa_Settings::key_source();
		if ( 'constant' === $source ) {
			echo esc_html__( 'Set by STOA_SECRET in wp-config.php.', 'stoa' );
			return;
		}
		printf(
			'<input id="stoa_secret" name="stoa[secret]" type="password" class="regular-text code" value="" autocomplete="new-password" placeholder="%s"> <button type="button" class="button" id="stoa-make" hidden>%s</button>',
			'database' === $source ? esc_attr__( 'stored, not shown', 'stoa' ) : '',
			esc_html__( 'Make one', 'stoa' )
		);
		if ( 'database' === $source ) {
			printf( '<br><label><input type="checkbox" name="stoa[forget_secret]" value="1"> %s</label>', esc_html__( 'Delete the stored secret', 'stoa' ) );
		}
		printf( '<p class="description">%s</p>', esc_html__( '32 bytes or more, as “openssl rand -hex 32” makes them; the same as in the file of the Stoa host. Kept in the database; better is STOA_SECRET in wp-config.php, or a file.', 'stoa' ) );
	}

	/** The file with the key. */
	public static function field_key_file() {
		if ( defined( 'STOA_KEY_FILE' ) ) {
			echo esc_html__( 'Set by STOA_KEY_FILE in wp-config.php.', 'stoa' );
			return;
		}
		self::text( 'key_file', '/etc/stoa/wordpress.secret', __( 'Instead of a stored secret: the path of a file outside of the web’s folders with the secret, or with the private key (PEM) for ES256 and EdDSA.', 'stoa' ) );
	}

	/** Widgets by post type. */
	public static function field_post_types() {
		$chosen = Stoa_Settings::get( 'post_types' );
		echo '<fieldset><table class="widefat striped" style="width:auto"><tbody>';
		foreach ( get_post_types( array( 'public' => true ), 'objects' ) as $type ) {
			if ( 'attachment' === $type->name ) {
				continue;
			}
			printf( '<tr><th scope="row" style="padding:8px 10px;width:auto">%s</th>', esc_html( $type->labels->singular_name ) );
			foreach ( Stoa_Settings::PAGE_WIDGETS as $widget ) {
				printf(
					'<td><label><input type="checkbox" name="stoa[post_types][%s][]" value="%s"%s> %s</label></td>',
					esc_attr( $type->name ),
					esc_attr( $widget ),
					checked( isset( $chosen[ $type->name ] ) && in_array( $widget, $chosen[ $type->name ], true ), true, false ),
					esc_html( Stoa_Widgets::label( $widget ) )
				);
			}
			echo '</tr>';
		}
		printf( '</tbody></table></fieldset><p class="description">%s</p>', esc_html__( 'Elsewhere by the block “Stoa”, or by [stoa], [stoa widget="questions" scope="site"], [stoa widget="kudos"].', 'stoa' ) );
	}

	/** Whether WordPress's own comments are closed. */
	public static function field_replace() {
		self::checkbox( 'replace', __( 'Close WordPress’s own comment form where Stoa’s comments stand; comments that are there stay in sight', 'stoa' ) );
	}

	/** Whether the bell is in the toolbar. */
	public static function field_toolbar() {
		self::checkbox( 'toolbar', __( 'Show the bell with notices in the toolbar, to people who are signed in', 'stoa' ) );
	}

	/**
	 * A switch.
	 *
	 * @param string $name  The setting.
	 * @param string $label What it does.
	 */
	private static function checkbox( $name, $label ) {
		printf( '<label><input type="checkbox" name="stoa[%s]" value="1"%s> %s</label>', esc_attr( $name ), checked( Stoa_Settings::get( $name ), true, false ), esc_html( $label ) );
	}

	/** What people see who are not signed in. */
	public static function field_visitors() {
		$choices = array(
			'read' => __( 'see what the Stoa host lets them read (anonymous_read in stoa.toml), else that they have to sign in', 'stoa' ),
			'link' => __( 'see a link to sign in', 'stoa' ),
			'none' => __( 'see nothing', 'stoa' ),
		);
		echo '<fieldset>';
		foreach ( $choices as $value => $label ) {
			printf( '<label><input type="radio" name="stoa[visitors]" value="%s"%s> %s</label><br>', esc_attr( $value ), checked( Stoa_Settings::get( 'visitors' ), $value, false ), esc_html( $label ) );
		}
		echo '</fieldset>';
	}

	/** The prefix of page keys. */
	public static function field_key_prefix() {
		self::text( 'key_prefix', '', __( 'Only where several systems share one site of Stoa, for example “news/”. Changing it leaves earlier conversations behind.', 'stoa' ) );
	}

	/** Roles. */
	public static function field_roles() {
		$names  = array(
			''          => __( 'Member', 'stoa' ),
			'expert'    => __( 'Expert', 'stoa' ),
			'leader'    => __( 'Leader', 'stoa' ),
			'steward'   => __( 'Steward', 'stoa' ),
			'moderator' => __( 'Moderator', 'stoa' ),
			'admin'     => __( 'Admin', 'stoa' ),
			'guest'     => __( 'Guest', 'stoa' ),
		);
		$chosen = Stoa_Settings::get( 'roles' );
		echo '<fieldset><table class="widefat striped" style="width:auto"><tbody>';
		foreach ( wp_roles()->get_names() as $role => $name ) {
			printf( '<tr><th scope="row" style="padding:8px 10px;width:auto"><label for="stoa_role_%1$s">%2$s</label></th><td><select id="stoa_role_%1$s" name="stoa[roles][%1$s]">', esc_attr( $role ), esc_html( translate_user_role( $name ) ) );
			foreach ( $names as $stoa => $label ) {
				printf( '<option value="%s"%s>%s</option>', esc_attr( $stoa ), selected( isset( $chosen[ $role ] ) ? $chosen[ $role ] : '', $stoa, false ), esc_html( $label ) );
			}
			echo '</select></td></tr>';
		}
		echo '</tbody></table></fieldset>';
	}
}
