<?php

namespace MediaWiki\Extension\Stoa;

use Html;
use MediaWiki\Hook\BeforePageDisplayHook;
use MediaWiki\Hook\OutputPageBeforeHTMLHook;
use MediaWiki\Hook\ParserFirstCallInitHook;
use MediaWiki\Logger\LoggerFactory;
use MediaWiki\User\Hook\UserLogoutHook;
use OutputPage;
use RuntimeException;
use Skin;

/**
 * The tag `<stoa/>`, widgets below pages, the script, and signing out.
 *
 * @license Apache-2.0
 */
class Hooks implements
	ParserFirstCallInitHook,
	OutputPageBeforeHTMLHook,
	BeforePageDisplayHook,
	UserLogoutHook
{
	/** @var string[] widgets that the page has placed itself */
	private array $placed = [];

	/**
	 * What is parsed is cached for everybody, so only a mark is left in it.
	 *
	 * @inheritDoc
	 */
	public function onParserFirstCallInit( $parser ) {
		$parser->setHook( 'stoa', static function ( $text, array $attributes ) {
			$mark = rawurlencode( (string)json_encode( $attributes ) );
			return [ "<!--stoa:$mark-->", 'markerType' => 'nowiki' ];
		} );
	}

	/** @inheritDoc */
	public function onOutputPageBeforeHTML( $out, &$text ) {
		$title = $out->getTitle();
		$isSignedIn = $out->getUser()->isRegistered();
		$text = preg_replace_callback( '/<!--stoa:([^>]*)-->/', function ( $mark ) use ( $title, $isSignedIn ) {
			$attributes = json_decode( rawurldecode( $mark[1] ), true ) ?: [];
			$widget = $attributes['widget'] ?? 'comments';
			$this->placed[] = $widget;
			return Widgets::element( $widget, $attributes, $title, $isSignedIn );
		}, $text );
	}

	/** @inheritDoc */
	public function onBeforePageDisplay( $out, $skin ): void {
		if ( !Widgets::isConnected() ) {
			return;
		}
		$server = Widgets::setting( 'Server' );
		// Where the wiki sends a Content-Security-Policy of its own.
		$out->getCSP()->addScriptSrc( $server );
		$out->getCSP()->addDefaultSrc( $server );
		$page = $out->getTitle()->canExist() ? $out->getTitle()->getArticleID() : 0;
		$out->addMeta( 'stoa-token-url', wfScript( 'rest' ) . "/stoa/v0/token/$page" );
		$out->addHeadItem( 'stoa', Html::element( 'script', [
			'type' => 'module',
			'async' => true,
			'src' => Widgets::vouch()->script(),
			'data-site' => Widgets::setting( 'Site' ),
		] ) );
		$this->below( $out, $skin );
	}

	/** The widgets that the settings name, inside of the content, so that they have its column and background. */
	private function below( OutputPage $out, Skin $skin ): void {
		$title = $out->getTitle();
		$isPage = $out->isArticle() && $title->exists() && $skin->getActionName() === 'view' && $out->isRevisionCurrent();
		if ( !$isPage || !in_array( $title->getNamespace(), Widgets::setting( 'Namespaces' ), true ) ) {
			return;
		}
		foreach ( array_diff( Widgets::setting( 'Widgets' ), $this->placed ) as $widget ) {
			$out->addHTML( Widgets::element( $widget, [], $title, $out->getUser()->isRegistered() ) );
		}
	}

	/**
	 * Whoever signs out here is signed out of Stoa, in all open pages.
	 *
	 * @inheritDoc
	 */
	public function onUserLogout( $user ) {
		if ( !$user->isRegistered() || !Widgets::isConnected() ) {
			return;
		}
		try {
			Widgets::vouch()->signOut( (string)$user->getId(), [ Widgets::class, 'http' ] );
		} catch ( RuntimeException $error ) {
			// Sessions end by themselves after ten minutes; nobody is kept from signing out.
			LoggerFactory::getInstance( 'Stoa' )->error( 'sessions could not be ended: ' . $error->getMessage() );
		}
	}
}
