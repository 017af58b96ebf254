<?php

namespace MediaWiki\Extension\Stoa;

use Html;
use MediaWiki\MediaWikiServices;
use MediaWiki\User\UserIdentity;
use RuntimeException;
use SpecialPage;
use Stoa\Vouch;
use Title;

/**
 * What the parts of the extension share: settings, elements, claims.
 *
 * @license Apache-2.0
 */
class Widgets {
	public const NAMES = [ 'comments', 'questions', 'kudos', 'bell' ];

	private const ROLES = [ 'expert', 'leader', 'steward', 'moderator', 'admin', 'guest' ];

	/**
	 * @param string $name Without the prefix `Stoa`
	 * @return mixed
	 */
	public static function setting( string $name ) {
		return MediaWikiServices::getInstance()->getMainConfig()->get( "Stoa$name" );
	}

	/** The secret or private key: that of the file, else that of the settings. */
	private static function key(): string {
		$file = self::setting( 'KeyFile' );
		if ( $file !== '' ) {
			return is_readable( $file ) ? (string)file_get_contents( $file ) : '';
		}
		return (string)self::setting( 'Secret' );
	}

	public static function isConnected(): bool {
		return self::setting( 'Server' ) !== '' && self::key() !== '';
	}

	/** The origin of the pages, as browsers send it. */
	public static function origin(): string {
		$url = wfParseUrl( wfExpandUrl( '/', PROTO_CANONICAL ) );
		return strtolower( $url['scheme'] . '://' . $url['host'] ) . ( isset( $url['port'] ) ? ':' . $url['port'] : '' );
	}

	public static function vouch(): Vouch {
		$issuer = self::setting( 'Issuer' ) ?: self::origin();
		return new Vouch(
			self::setting( 'Server' ), self::setting( 'Site' ), $issuer, self::setting( 'Algorithm' ), self::key()
		);
	}

	public static function pageKey( Title $title ): string {
		$key = self::setting( 'PageKey' ) === 'title' ? $title->getPrefixedDBkey() : 'page-' . $title->getArticleID();
		return self::setting( 'KeyPrefix' ) . $key;
	}

	/**
	 * The element of a widget for whoever asks for the page.
	 *
	 * @param string $widget
	 * @param array<string, string> $attributes `scope`, `page`, `p`
	 * @param Title $title
	 * @param bool $isSignedIn
	 * @return string HTML
	 */
	public static function element( string $widget, array $attributes, Title $title, bool $isSignedIn ): string {
		if ( !in_array( $widget, self::NAMES, true ) || !self::isConnected() ) {
			return '';
		}
		$visitors = self::setting( 'Visitors' );
		if ( !$isSignedIn && ( $widget === 'bell' || $visitors === 'none' ) ) {
			return '';
		}
		$login = SpecialPage::getTitleFor( 'Userlogin' )->getLocalURL( [ 'returnto' => $title->getPrefixedText() ] );
		if ( !$isSignedIn && $visitors === 'link' ) {
			$link = Html::element( 'a', [ 'href' => $login ], wfMessage( 'stoa-sign-in' )->text() );
			return Html::rawElement( 'p', [ 'class' => 'mw-stoa-sign-in' ], $link );
		}
		$attributes = array_intersect_key( $attributes, array_flip( [ 'scope', 'page', 'p' ] ) );
		$attributes += [
			'page' => self::pageKey( $title ),
			'title' => $title->getPrefixedText(),
			'url' => $title->getCanonicalURL(),
		];
		return Html::element( "stoa-$widget", $attributes );
	}

	/**
	 * Who somebody is to Stoa.
	 *
	 * @param UserIdentity $user
	 * @return array<string, mixed>
	 */
	public static function claims( UserIdentity $user ): array {
		$services = MediaWikiServices::getInstance();
		$groups = $services->getUserGroupManager()->getUserEffectiveGroups( $user );
		$roles = array_intersect_key( self::setting( 'Roles' ), array_flip( $groups ) );
		$person = $services->getUserFactory()->newFromUserIdentity( $user );
		return [
			// The id stays when somebody is renamed.
			'sub' => (string)$user->getId(),
			'name' => $person->getRealName() ?: $user->getName(),
			'email' => $person->getEmail(),
			// Always there, so that a role that was taken away is taken away there, too.
			'roles' => array_values( array_unique( array_intersect( $roles, self::ROLES ) ) ),
		];
	}

	/**
	 * The HTTP client for Vouch.
	 *
	 * @param string $method
	 * @param string $url
	 * @param array<string, string> $headers
	 * @param string $body
	 * @return array
	 * @throws RuntimeException When there is no answer
	 */
	public static function http( string $method, string $url, array $headers, string $body ): array {
		$options = [ 'method' => $method, 'timeout' => 3, 'connectTimeout' => 3 ];
		if ( $body !== '' ) {
			$options['postData'] = $body;
		}
		$request = MediaWikiServices::getInstance()->getHttpRequestFactory()->create( $url, $options, __METHOD__ );
		foreach ( $headers as $name => $value ) {
			$request->setHeader( $name, $value );
		}
		$status = $request->execute();
		if ( !$request->getResponseHeaders() ) {
			throw new RuntimeException( $status->getWikiText( false, false, 'en' ) );
		}
		return [
			'status' => $request->getStatus(),
			'date' => (string)$request->getResponseHeader( 'Date' ),
			'body' => (string)$request->getContent(),
		];
	}
}
