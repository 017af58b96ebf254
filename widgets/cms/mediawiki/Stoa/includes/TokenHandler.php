<?php

namespace MediaWiki\Extension\Stoa;

use MediaWiki\Logger\LoggerFactory;
use MediaWiki\Rest\ResponseInterface;
use MediaWiki\Rest\SimpleHandler;
use RuntimeException;
use Title;
use Wikimedia\ParamValidator\ParamValidator;

/**
 * `GET rest.php/stoa/v0/token/{page}`: a token for the person that asks, `null` for people not signed in.
 *
 * By REST and not by api.php, whose answers may be kept by the browser.
 *
 * @license Apache-2.0
 */
class TokenHandler extends SimpleHandler {
	/**
	 * @param int $page Its id, or 0
	 * @return ResponseInterface
	 */
	public function run( int $page ) {
		$authority = $this->getAuthority();
		$from = $this->getRequest()->getHeaderLine( 'Sec-Fetch-Site' ) ?: 'same-origin';
		if ( !$authority->getUser()->isRegistered() || !in_array( $from, [ 'same-origin', 'none' ], true ) ) {
			return $this->answer( null );
		}
		$claims = Widgets::claims( $authority->getUser() );
		$title = $page > 0 ? Title::newFromID( $page ) : null;
		if ( $title && $authority->definitelyCan( 'read', $title ) ) {
			$claims += [
				'page' => Widgets::pageKey( $title ),
				'page_title' => $title->getPrefixedText(),
				'page_url' => $title->getCanonicalURL(),
			];
		}
		try {
			return $this->answer( Widgets::vouch()->token( $claims ) );
		} catch ( RuntimeException $error ) {
			LoggerFactory::getInstance( 'Stoa' )->error( 'no token can be signed: ' . $error->getMessage() );
			return $this->getResponseFactory()->createHttpError( 500 );
		}
	}

	/**
	 * @param string|null $token
	 * @return ResponseInterface
	 */
	private function answer( ?string $token ) {
		$response = $this->getResponseFactory()->createJson( [ 'token' => $token ] );
		$this->applyCacheControl( $response );
		return $response;
	}

	/**
	 * No cache may keep a token. MediaWiki calls this itself from 1.40 on, and would set a weaker header.
	 *
	 * @param ResponseInterface $response
	 */
	public function applyCacheControl( ResponseInterface $response ) {
		$response->setHeader( 'Cache-Control', 'no-store, private' );
	}

	/** @inheritDoc */
	public function needsWriteAccess() {
		return false;
	}

	/** @inheritDoc */
	public function getParamSettings() {
		return [
			'page' => [
				self::PARAM_SOURCE => 'path',
				ParamValidator::PARAM_TYPE => 'integer',
				ParamValidator::PARAM_REQUIRED => true,
			],
		];
	}
}
