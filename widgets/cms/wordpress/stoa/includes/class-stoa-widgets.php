<?php
/**
 * Widgets in pages.
 *
 * @package Stoa
 */

defined( 'ABSPATH' ) || exit;

/** The script, the elements, and the ways to place them: automatically, by block, by shortcode. */
final class Stoa_Widgets {

	/**
	 * Posts that have the widget on this page view already, by `widget post`.
	 *
	 * @var array<string, bool>
	 */
	private static $placed = array();

	/** Hooks everything in. */
	public static function register() {
		add_action( 'init', array( __CLASS__, 'register_block' ) );
		add_shortcode( 'stoa', array( __CLASS__, 'shortcode' ) );
		add_action( 'wp_head', array( __CLASS__, 'head' ) );
		add_action( 'wp_enqueue_scripts', array( __CLASS__, 'styles' ) );
		add_filter( 'the_content', array( __CLASS__, 'below' ), 20 );
		add_filter( 'comments_open', array( __CLASS__, 'is_native_open' ), 10, 2 );
		add_filter( 'pings_open', array( __CLASS__, 'is_native_open' ), 10, 2 );
		add_action( 'admin_bar_menu', array( __CLASS__, 'toolbar' ), 0 );
	}

	/**
	 * The key under which Stoa knows a post: it stays when title and address change.
	 *
	 * @param WP_Post $post The post.
	 * @return string
	 */
	public static function page_key( $post ) {
		$blog = is_multisite() ? 'blog-' . get_current_blog_id() . '/' : '';
		$key  = Stoa_Settings::get( 'key_prefix' ) . $blog . 'post-' . $post->ID;
		/**
		 * Filters the key of a page. Changing it leaves earlier conversations behind.
		 *
		 * @param string  $key  The key.
		 * @param WP_Post $post The post.
		 */
		return (string) apply_filters( 'stoa_page_key', $key, $post );
	}

	/**
	 * A post's title as plain text.
	 *
	 * @param WP_Post $post The post.
	 * @return string
	 */
	public static function title( $post ) {
		return html_entity_decode( wp_strip_all_tags( get_the_title( $post ) ), ENT_QUOTES, 'UTF-8' );
	}

	/**
	 * What every page needs: the loader, and where tokens come from. Nothing here depends on who reads, so pages may be
	 * cached.
	 */
	public static function head() {
		if ( ! Stoa_Settings::is_connected() ) {
			return;
		}
		$post = is_singular() ? get_queried_object() : null;
		printf( "<meta name=\"stoa-token-url\" content=\"%s\">\n", esc_attr( Stoa_People::token_url( $post ) ) );
		wp_print_script_tag(
			array(
				'type'      => 'module',
				'async'     => true,
				'src'       => esc_url( Stoa_Settings::vouch()->script() ),
				'data-site' => esc_attr( Stoa_Settings::get( 'site' ) ),
			)
		);
	}

	/** The few lines of style that WordPress's toolbar asks for. */
	public static function styles() {
		if ( is_admin_bar_showing() ) {
			wp_enqueue_style( 'stoa', plugins_url( 'assets/toolbar.css', STOA_PLUGIN_FILE ), array( 'admin-bar' ), STOA_PLUGIN_VERSION );
		}
	}

	/**
	 * The element of a widget.
	 *
	 * @param string                $widget     Its name.
	 * @param array<string, string> $attributes `page` (a key, instead of the post's), `scope`, `for`, `p`.
	 * @param WP_Post|null          $post       The post it stands in.
	 * @return string HTML; empty where nothing is to be shown.
	 */
	public static function element( $widget, $attributes, $post ) {
		if ( ! in_array( $widget, Stoa_Settings::WIDGETS, true ) || ! Stoa_Settings::is_connected() ) {
			return '';
		}
		$visitors = Stoa_Settings::get( 'visitors' );
		if ( ! is_user_logged_in() && ( 'bell' === $widget || 'none' === $visitors ) ) {
			return '';
		}
		if ( ! is_user_logged_in() && 'link' === $visitors ) {
			$link = wp_login_url( $post ? get_permalink( $post ) : home_url() );
			return sprintf( '<p class="stoa-sign-in"><a href="%s">%s</a></p>', esc_url( $link ), esc_html__( 'Sign in to read and write here', 'stoa' ) );
		}
		$attributes = array_filter( array_intersect_key( $attributes, array_flip( array( 'page', 'scope', 'for', 'p' ) ) ), 'strlen' );
		$inside     = '';
		if ( $post && empty( $attributes['page'] ) ) {
			$attributes += array(
				'page'  => self::page_key( $post ),
				'title' => self::title( $post ),
				'url'   => get_permalink( $post ),
			);
			if ( 'bell' !== $widget ) {
				$inside = sprintf( '<a href="%s" rel="nofollow">%s</a>', esc_url( Stoa_People::page_url( $widget, $post ) ), esc_html( self::label( $widget ) ) );
			}
		}
		$html = '';
		foreach ( $attributes as $name => $value ) {
			$html .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
		}
		return "<stoa-$widget$html>$inside</stoa-$widget>";
	}

	/**
	 * What a widget is called.
	 *
	 * @param string $widget Its name.
	 * @return string
	 */
	public static function label( $widget ) {
		$labels = array(
			'comments'  => __( 'Comments', 'stoa' ),
			'questions' => __( 'Questions', 'stoa' ),
			'kudos'     => __( 'Thanks', 'stoa' ),
			'bell'      => __( 'Bell with notices', 'stoa' ),
		);
		return $labels[ $widget ];
	}

	/**
	 * Puts widgets below the content of the post that the page is about.
	 *
	 * @param string $content The content.
	 * @return string
	 */
	public static function below( $content ) {
		$post = get_post();
		if ( ! $post || ! is_singular() || ! in_the_loop() || get_queried_object_id() !== $post->ID ) {
			return $content;
		}
		// Excerpts and protected posts have no conversation of their own.
		if ( is_feed() || doing_filter( 'get_the_excerpt' ) || post_password_required( $post ) ) {
			return $content;
		}
		/**
		 * Filters the widgets below a post.
		 *
		 * @param string[] $widgets Names: `comments`, `questions`.
		 * @param WP_Post  $post    The post.
		 */
		$widgets = (array) apply_filters( 'stoa_widgets_below', Stoa_Settings::widgets_of( $post->post_type ), $post );
		foreach ( $widgets as $widget ) {
			// The author has placed it, or a theme runs the filter twice.
			if ( empty( self::$placed[ "$widget $post->ID" ] ) ) {
				$content .= self::place( $widget, array(), $post );
			}
		}
		return $content;
	}

	/**
	 * An element, remembered.
	 *
	 * @param string                $widget     Its name.
	 * @param array<string, string> $attributes As for element().
	 * @param WP_Post|null          $post       The post it stands in.
	 * @return string
	 */
	private static function place( $widget, $attributes, $post ) {
		if ( $post ) {
			self::$placed[ "$widget $post->ID" ] = true;
		}
		return self::element( $widget, $attributes, $post );
	}

	/**
	 * The shortcode `[stoa widget="comments"]`; also with `scope`, `page`, `p`.
	 *
	 * @param array<string, string>|string $attributes What the author wrote.
	 * @return string
	 */
	public static function shortcode( $attributes ) {
		$attributes = shortcode_atts(
			array(
				'widget' => 'comments',
				'scope'  => '',
				'page'   => '',
				'p'      => '',
			),
			$attributes,
			'stoa'
		);
		$post       = get_post();
		return self::place( $attributes['widget'], $attributes, $post ? $post : null );
	}

	/** The block: drawn by the server, so that what is stored in posts are its settings alone. */
	public static function register_block() {
		$block  = register_block_type(
			dirname( STOA_PLUGIN_FILE ) . '/block',
			array( 'render_callback' => array( __CLASS__, 'block' ) )
		);
		$labels = array( 'note' => __( 'Shown to readers of the page; here it is only a place.', 'stoa' ) );
		foreach ( Stoa_Settings::WIDGETS as $widget ) {
			$labels[ $widget ] = self::label( $widget );
		}
		$labels['settings'] = __( 'Settings', 'stoa' );
		$labels['widget']   = __( 'Widget', 'stoa' );
		$labels['site']     = __( 'Those of the whole site', 'stoa' );
		if ( $block ) {
			wp_localize_script( $block->editor_script_handles[0], 'stoaBlock', $labels );
		}
	}

	/**
	 * The block's HTML.
	 *
	 * @param array<string, mixed> $attributes Its settings.
	 * @param string               $content    Nothing.
	 * @param WP_Block             $block      Where it stands.
	 * @return string
	 */
	public static function block( $attributes, $content, $block ) {
		$widget  = isset( $attributes['widget'] ) ? $attributes['widget'] : 'comments';
		$post    = isset( $block->context['postId'] ) ? get_post( $block->context['postId'] ) : get_post();
		$scope   = empty( $attributes['wholeSite'] ) ? '' : 'site';
		$element = self::place( $widget, array( 'scope' => $scope ), $post ? $post : null );
		return '' === $element ? '' : sprintf( '<div %s>%s</div>', get_block_wrapper_attributes(), $element );
	}

	/**
	 * Where Stoa's comments stand below every post, WordPress's own form is closed, if that is set.
	 *
	 * @param bool        $open Whether it is open.
	 * @param int|WP_Post $post The post.
	 * @return bool
	 */
	public static function is_native_open( $open, $post ) {
		if ( ! $open || ! Stoa_Settings::get( 'replace' ) || ! Stoa_Settings::is_connected() ) {
			return $open;
		}
		return ! in_array( 'comments', Stoa_Settings::widgets_of( (string) get_post_type( $post ) ), true );
	}

	/**
	 * The bell in WordPress's toolbar, beside the person's name.
	 *
	 * @param WP_Admin_Bar $bar The toolbar.
	 */
	public static function toolbar( $bar ) {
		$element = is_admin() || ! Stoa_Settings::get( 'toolbar' ) ? '' : self::element( 'bell', array(), null );
		if ( '' !== $element ) {
			$bar->add_node(
				array(
					'id'     => 'stoa-bell',
					'parent' => 'top-secondary',
					'title'  => $element,
				)
			);
		}
	}
}
