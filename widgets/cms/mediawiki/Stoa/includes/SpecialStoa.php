<?php

namespace MediaWiki\Extension\Stoa;

use Html;
use SpecialPage;

/**
 * Special:Stoa: the test of the connection, and the lines for the host.
 *
 * @license Apache-2.0
 */
class SpecialStoa extends SpecialPage {
	public function __construct() {
		parent::__construct( 'Stoa', 'editinterface' );
	}

	/** @inheritDoc */
	public function execute( $subPage ) {
		$this->setHeaders();
		$this->checkPermissions();
		$out = $this->getOutput();
		$request = $this->getRequest();
		$token = $this->getContext()->getCsrfTokenSet();
		if ( $request->wasPosted() && $token->matchTokenField( 'token' ) ) {
			$this->test();
		}
		$button = Html::submitButton( $this->msg( 'stoa-test' )->text(), [ 'class' => 'mw-ui-button' ] );
		$field = Html::hidden( 'token', $token->getToken()->toString() );
		$action = $this->getPageTitle()->getLocalURL();
		$out->addHTML( Html::rawElement( 'form', [ 'method' => 'post', 'action' => $action ], $field . $button ) );
		$isShared = Widgets::setting( 'Algorithm' ) === 'HS256';
		$lines = Widgets::vouch()->configuration(
			$this->getConfig()->get( 'Sitename' ),
			Widgets::origin(),
			[ 'comments', 'questions', 'kudos' ],
			$isShared ? 'mediawiki.secret' : 'mediawiki.pem'
		);
		$out->addHTML( Html::element( 'h2', [], $this->msg( 'stoa-toml' )->text() ) );
		$out->addHTML( Html::element( 'pre', [ 'id' => 'stoa-configuration' ], $lines ) );
	}

	/** Tries what a page would do for the person that asks, and says what came out. */
	private function test(): void {
		$plugins = array_values( array_unique( [ 'comments', ...Widgets::setting( 'Widgets' ) ] ) );
		$claims = Widgets::claims( $this->getUser() );
		foreach ( Widgets::vouch()->test( $claims, Widgets::origin(), $plugins, [ Widgets::class, 'http' ] ) as $finding ) {
			$isOk = $finding['code'] === 'ok';
			// Messages: stoa-finding-ok, -key, -unreachable, -not_stoa, -site, -origin, -issuer, -algorithm, -signature,
			// -clock, -plugin, -refused.
			$html = Html::element( 'p', [], $this->msg( 'stoa-finding-' . $finding['code'] )->plaintextParams( $finding['detail'] )->text() );
			if ( $finding['where'] === 'stoa.toml' ) {
				$html .= Html::element( 'pre', [], $finding['line'] );
			}
			$html .= $isOk ? '' : Html::element( 'small', [], $finding['detail'] );
			$class = $isOk ? 'mw-message-box mw-message-box-success' : 'mw-message-box mw-message-box-error';
			$attributes = [ 'class' => $class, 'id' => 'stoa-finding', 'data-code' => $finding['code'] ];
			$this->getOutput()->addHTML( Html::rawElement( 'div', $attributes, $html ) );
		}
	}

	/** @inheritDoc */
	protected function getGroupName() {
		return 'wiki';
	}
}
