<?php
/**
 * Vouching for the people who are signed in.
 *
 * @package Stoa
 */

defined( 'ABSPATH' ) || exit;

/** Tokens by admin-ajax.php, the way to the page without script, and signing out. */
final class Stoa_People {

	/** Hooks everything in. */
	public static function register() {
		add_action( 'wp_ajax_stoa_token', array( __CLASS__, 'answer_token' ) );
		add_action( 'wp_ajax_nopriv_stoa_token', array( __CLASS__, 'answer_token' ) );
		add_action( 'admin_post_stoa_page', array( __CLASS__, 'answer_page' ) );
		add_action( 'admin_post_nopriv_stoa_page', array( __CLASS__, 'ask_to_sign_in' ) );
		add_action( 'wp_logout', array( __CLASS__, 'sign_out' ) );
	}

	/**
	 * Where a page fetches tokens. The address is the same for everybody, so that it may be in a cached page; the token
	 * never is. admin-ajax.php knows people by their cookie alone, which the REST API does not.
	 *
	 * @param WP_Post|null $post The page it is for.
	 * @return string
	 */
	public static function token_url( $post ) {
		$arguments = array( 'action' => 'stoa_token' );
		if ( $post ) {
			$arguments['post'] = $post->ID;
		}
		return add_query_arg( $arguments, admin_url( 'admin-ajax.php', 'relative' ) );
	}

	/**
	 * Where the link in a widget leads without script.
	 *
	 * @param string  $widget The plugin's name.
	 * @param WP_Post $post   The page.
	 * @return string
	 */
	public static function page_url( $widget, $post ) {
		$arguments = array(
			'action' => 'stoa_page',
			'widget' => $widget,
			'post'   => $post->ID,
		);
		return add_query_arg( $arguments, admin_url( 'admin-post.php', 'relative' ) );
	}

	/**
	 * Who somebody is to Stoa.
	 *
	 * @param WP_User $user The person.
	 * @return array<string, mixed>
	 */
	public static function claims( $user ) {
		$map    = Stoa_Settings::get( 'roles' );
		$roles  = array_values( array_unique( array_values( array_intersect_key( $map, array_flip( $user->roles ) ) ) ) );
		$claims = array(
			// The id stays when the login name or the address changes.
			'sub'   => (string) $user->ID,
			'name'  => $user->display_name,
			'email' => $user->user_email,
			// Always there, so that a role that was taken away is taken away there, too.
			'roles' => $roles,
		);
		/**
		 * Filters what Stoa is told of a person, for example to add `title`, `team` or `groups`.
		 *
		 * @param array   $claims The claims of the token.
		 * @param WP_User $user   The person.
		 */
		return (array) apply_filters( 'stoa_claims', $claims, $user );
	}

	/**
	 * Answers with a token, or `null` for people who are not signed in or may not read here.
	 */
	public static function answer_token() {
		self::keep_from_caches();
		$user = wp_get_current_user();
		if ( ! $user->exists() || ! current_user_can( 'read' ) || ! self::is_own_page() ) {
			wp_send_json( array( 'token' => null ) );
		}
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- It changes nothing, and no other origin can read the answer.
		$post = isset( $_GET['post'] ) ? get_post( absint( $_GET['post'] ) ) : null;
		try {
			wp_send_json( array( 'token' => self::token( $user, $post ) ) );
		} catch ( RuntimeException $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- For the administrator; it has nothing of the key.
			error_log( 'Stoa: no token can be signed: ' . $error->getMessage() );
			wp_send_json( array( 'error' => 'Stoa is not set up here: see Settings > Stoa' ), 500 );
		}
	}

	/** No cache may keep a token. A filter, since WordPress sends these headers once more when it ends. */
	private static function keep_from_caches() {
		add_filter(
			'nocache_headers',
			static function ( $headers ) {
				return array( 'Cache-Control' => 'no-store, private' ) + $headers;
			}
		);
		nocache_headers();
	}

	/**
	 * A token for a person and the page that they read.
	 *
	 * @param WP_User      $user The person.
	 * @param WP_Post|null $post The page, if it is one of WordPress.
	 * @return string
	 */
	private static function token( $user, $post ) {
		$claims = self::claims( $user );
		// Somebody's token says nothing of a post that they may not see.
		if ( $post && current_user_can( 'read_post', $post->ID ) ) {
			$claims += array(
				'page'       => Stoa_Widgets::page_key( $post ),
				'page_title' => Stoa_Widgets::title( $post ),
				'page_url'   => get_permalink( $post ),
			);
		}
		return Stoa_Settings::vouch()->token( $claims );
	}

	/**
	 * Whether a page of this site asks, as far as the browser tells.
	 *
	 * @return bool
	 */
	private static function is_own_page() {
		$from = isset( $_SERVER['HTTP_SEC_FETCH_SITE'] ) ? sanitize_key( $_SERVER['HTTP_SEC_FETCH_SITE'] ) : 'same-origin';
		return in_array( $from, array( 'same-origin', 'none' ), true );
	}

	/**
	 * The link that stands in a widget without script leads here: a form that takes the person, signed in, to the page of
	 * the Stoa host. A form, since addresses end up in logs.
	 */
	public static function answer_page() {
		self::keep_from_caches();
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- It changes nothing.
		$post   = isset( $_GET['post'] ) ? get_post( absint( $_GET['post'] ) ) : null;
		$plugin = isset( $_GET['widget'] ) ? sanitize_key( $_GET['widget'] ) : '';
		// phpcs:enable
		if ( ! $post || ! in_array( $plugin, Stoa_Settings::WIDGETS, true ) || ! current_user_can( 'read_post', $post->ID ) ) {
			wp_die( esc_html__( 'There is no such page.', 'stoa' ), '', array( 'response' => 404 ) );
		}
		try {
			$token = self::token( wp_get_current_user(), $post );
		} catch ( RuntimeException $error ) {
			wp_die( esc_html__( 'Stoa is not set up here. Please tell the people who run this site.', 'stoa' ) );
		}
		$action = Stoa_Settings::vouch()->plain( $plugin, Stoa_Widgets::page_key( $post ) );
		$form   = sprintf(
			'<h1>%s</h1><form method="post" action="%s"><input type="hidden" name="token" value="%s"><button class="button">%s</button></form>',
			esc_html( Stoa_Widgets::title( $post ) ),
			esc_url( $action ),
			esc_attr( $token ),
			esc_html__( 'Go on', 'stoa' )
		);
		// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped part by part above.
		wp_die( $form, esc_html( Stoa_Widgets::title( $post ) ), array( 'response' => 200 ) );
	}

	/**
	 * The same link for somebody who is not signed in: by way of the sign-in page, back to the page they came from.
	 */
	public static function ask_to_sign_in() {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- It changes nothing.
		$post = isset( $_GET['post'] ) ? get_post( absint( $_GET['post'] ) ) : null;
		wp_safe_redirect( wp_login_url( $post ? get_permalink( $post ) : home_url() ) );
		exit;
	}

	/**
	 * Whoever signs out here is signed out of Stoa, in all open pages.
	 *
	 * @param int $user_id The person.
	 */
	public static function sign_out( $user_id ) {
		$user = get_userdata( $user_id );
		if ( ! $user || ! Stoa_Settings::is_connected() ) {
			return;
		}
		try {
			$claims = self::claims( $user );
			Stoa_Settings::vouch()->signOut( $claims['sub'], array( __CLASS__, 'http' ) );
		} catch ( RuntimeException $error ) {
			// Sessions end by themselves after ten minutes; nobody is kept from signing out.
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- For the administrator.
			error_log( 'Stoa: sessions could not be ended: ' . $error->getMessage() );
		}
	}

	/**
	 * The HTTP client for \Stoa\Vouch.
	 *
	 * @param string                $method  Method.
	 * @param string                $url     Address.
	 * @param array<string, string> $headers Headers.
	 * @param string                $body    Body.
	 * @return array{status: int, date: string, body: string}
	 * @throws RuntimeException When there is no answer.
	 */
	public static function http( $method, $url, $headers, $body ) {
		$answer = wp_remote_request(
			$url,
			array(
				'method'      => $method,
				'headers'     => $headers,
				'body'        => '' === $body ? null : $body,
				'timeout'     => 3,
				'redirection' => 0,
			)
		);
		if ( is_wp_error( $answer ) ) {
			throw new RuntimeException( $answer->get_error_message() );
		}
		return array(
			'status' => (int) wp_remote_retrieve_response_code( $answer ),
			'date'   => (string) wp_remote_retrieve_header( $answer, 'date' ),
			'body'   => wp_remote_retrieve_body( $answer ),
		);
	}
}
