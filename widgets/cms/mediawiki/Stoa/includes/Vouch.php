<?php

/**
 * Vouching for people towards a Stoa host: signed tokens, a test of the connection, signing out.
 *
 * The same file is in every package for a system written in PHP; it knows none of them and needs nothing but PHP 7.4.
 * The caller brings an HTTP client: a function of (method, URL, headers by name, body) that gives
 * ['status' => int, 'date' => string, 'body' => string], `date` being the header of that name, and throws a
 * RuntimeException when there is no answer.
 *
 * @license Apache-2.0
 */

namespace Stoa;

/** What connects a system to one site of a Stoa host. */
final class Vouch
{
    /** Seconds that a token is valid; pages stay open longer, and fetch a new one. */
    public const LIFETIME_S = 300;

    /** Bytes of a shared secret, as many as the hash has (RFC 7518 section 3.2). */
    public const SECRET_BYTES_MIN = 32;

    public const ALGORITHMS = ['HS256', 'ES256', 'EdDSA'];

    /** What the site has to grant each plugin, for the lines that an administrator copies. */
    private const GRANTS = [
        'comments' => ['entries', 'entries-write', 'marks', 'marks-write', 'pages-write'],
        'questions' => ['entries', 'entries-write', 'marks', 'marks-write', 'pages', 'ledger', 'ledger-write'],
        'kudos' => ['entries', 'entries-write', 'marks', 'marks-write', 'people', 'pages', 'ledger', 'ledger-write'],
    ];

    /** @var string the host's origin, without a slash at its end */
    private $server;
    /** @var string the site's id */
    private $site;
    /** @var string the claim `iss` */
    private $issuer;
    /** @var string one of ALGORITHMS */
    private $algorithm;
    /** @var string the shared secret, or a private key in PEM */
    private $key;

    public function __construct(string $server, string $site, string $issuer, string $algorithm, string $key)
    {
        $this->server = rtrim($server, '/');
        $this->site = $site;
        $this->issuer = $issuer;
        $this->algorithm = $algorithm;
        // The host takes off the line end that an editor leaves in the file; both sides need the same bytes.
        $this->key = rtrim($key, " \t\n\f\r");
    }

    /**
     * A signed token (RFC 7519) for a person: `sub`, `name` and whatever else is known of `email`, `title`, `team`,
     * `roles`, `groups`, `page`, `page_title`, `page_url`, `origin`.
     *
     * @param array<string, mixed> $claims
     * @throws \RuntimeException when the key cannot sign; the message says why, and nothing of the key
     */
    public function token(array $claims): string
    {
        $now = time();
        $claims += [
            'iss' => $this->issuer,
            'aud' => $this->site,
            'iat' => $now,
            'exp' => $now + self::LIFETIME_S,
            'jti' => bin2hex(random_bytes(16)),
        ];
        $head = ['alg' => $this->algorithm, 'typ' => 'JWT'];
        $signed = self::encode(self::json($head)) . '.' . self::encode(self::json($claims));
        return $signed . '.' . self::encode($this->signature($signed));
    }

    /** The address of the script that a page loads. */
    public function script(): string
    {
        return $this->server . '/embed.js';
    }

    /** The address to which a form posts a token in the field `token`, for reading without script. */
    public function plain(string $plugin, string $page): string
    {
        return "$this->server/plain/" . rawurlencode($this->site) . '/' . rawurlencode($plugin)
            . '?page=' . rawurlencode($page);
    }

    /**
     * Ends all of a person's sessions at the host.
     *
     * @throws \RuntimeException when the host does not answer or refuses
     */
    public function signOut(string $subject, callable $http): void
    {
        $headers = ['Authorization' => 'Bearer ' . $this->token(['sub' => $subject])];
        $answer = $http('DELETE', $this->address('session'), $headers, '');
        if ($answer['status'] !== 204) {
            throw new \RuntimeException("the Stoa host answered {$answer['status']}: {$answer['body']}");
        }
    }

    /**
     * Tries what a page of `origin` would do for the person of `claims`, and says what is wrong.
     *
     * @param array<string, mixed> $claims as for token()
     * @param string[] $plugins the plugins that pages show
     * @return array<int, array{code: string, detail: string, line: string, where: string}> findings: one `ok` if nothing
     *     is wrong. `code`: key, unreachable, not_stoa, site, origin, issuer, algorithm, signature, clock, plugin, refused,
     *     ok; `detail` is the technical reason, `line` what to write where: `stoa.toml` or a setting of this system
     */
    public function test(array $claims, string $origin, array $plugins, callable $http): array
    {
        try {
            $token = $this->token($claims);
        } catch (\RuntimeException $error) {
            return [self::finding('key', $error->getMessage())];
        }
        $views = array_map(static function ($plugin) {
            return ['plugin' => $plugin, 'page' => 'stoa-connection-test'];
        }, array_values($plugins));
        $ask = self::json(['token' => $token, 'lang' => 'en', 'views' => $views]);
        $headers = ['Origin' => $origin, 'Content-Type' => 'application/json'];
        try {
            $answer = $http('POST', $this->address('session'), $headers, $ask);
        } catch (\RuntimeException $error) {
            return [self::finding('unreachable', $error->getMessage(), $this->server, 'server')];
        }
        $told = json_decode($answer['body'], true);
        if ($answer['status'] === 200 && is_array($told) && isset($told['bearer'], $told['views'])) {
            $this->endTest($told['bearer'], $origin, $http);
            return $this->missing($plugins, $told['views']) ?: [self::finding('ok', $told['person']['name'] ?? '')];
        }
        if (!is_array($told) || !isset($told['code'])) {
            return [self::finding('not_stoa', "HTTP {$answer['status']}", $this->server, 'server')];
        }
        return [$this->refusal($told, $origin, $answer['date'])];
    }

    /** The lines of stoa.toml that fit these settings; `key` is the name of the file beside it. */
    public function configuration(string $name, string $origin, array $plugins, string $key): string
    {
        $lines = [
            '[[sites]]',
            'id = ' . self::json($this->site),
            'name = ' . self::json($name),
            'origins = [' . self::json($origin) . ']',
            '',
            '[[sites.issuers]]',
            'issuer = ' . self::json($this->issuer),
            'algorithm = ' . self::json($this->algorithm),
            ($this->algorithm === 'HS256' ? 'secret_file = ' : 'key_file = ') . self::json($key),
        ];
        foreach (array_intersect_key(self::GRANTS, array_flip($plugins)) as $plugin => $grants) {
            array_push($lines, '', "[sites.plugins.$plugin]", 'grants = ' . str_replace(',', ', ', self::json($grants)));
        }
        return implode("\n", $lines) . "\n";
    }

    private function address(string $what): string
    {
        return "$this->server/v1/sites/" . rawurlencode($this->site) . "/$what";
    }

    /** The session of the test is not left behind; that it could not be ended is no finding. */
    private function endTest(string $bearer, string $origin, callable $http): void
    {
        try {
            $http('DELETE', $this->address('session'), ['Origin' => $origin, 'Authorization' => "Bearer $bearer"], '');
        } catch (\RuntimeException $error) {
            // It ends by itself after ten minutes.
            return;
        }
    }

    /** Plugins that pages show and the site does not. */
    private function missing(array $plugins, array $views): array
    {
        $found = [];
        foreach (array_values($plugins) as $at => $plugin) {
            if (isset($views[$at]['problem'])) {
                $problem = $views[$at]['problem'];
                $line = "[sites.plugins.$plugin]\ngrants = "
                    . str_replace(',', ', ', self::json(self::GRANTS[$plugin] ?? []));
                $found[] = self::finding('plugin', $problem['reason'] ?? $problem['detail'] ?? '', $line, 'stoa.toml');
            }
        }
        return $found;
    }

    /** A problem of the host (RFC 9457) as a finding. */
    private function refusal(array $problem, string $origin, string $date): array
    {
        $detail = $problem['reason'] ?? $problem['detail'] ?? '';
        switch ($problem['code']) {
            case 'unknown_site':
                return self::finding('site', $detail, 'id = ' . self::json($this->site), 'stoa.toml');
            case 'origin_not_allowed':
            case 'token_origin':
                return self::finding('origin', $detail, 'origins = [' . self::json($origin) . ']', 'stoa.toml');
            case 'token_issuer':
                return self::finding('issuer', $detail, 'issuer = ' . self::json($this->issuer), 'stoa.toml');
            case 'token_algorithm':
                return self::finding('algorithm', $detail, 'algorithm = ' . self::json($this->algorithm), 'stoa.toml');
            case 'token_signature':
                $file = $this->algorithm === 'HS256' ? 'secret_file' : 'key_file';
                return self::finding('signature', $detail, $file, 'stoa.toml');
            case 'token_expired':
            case 'token_not_yet':
                $theirs = strtotime($date);
                $apart = $theirs === false ? '' : sprintf('%+d s', time() - $theirs);
                return self::finding('clock', $apart === '' ? $detail : $apart);
            default:
                return self::finding('refused', trim("{$problem['code']}: $detail " . ($problem['hint'] ?? '')));
        }
    }

    private static function finding(string $code, string $detail, string $line = '', string $where = ''): array
    {
        return ['code' => $code, 'detail' => $detail, 'line' => $line, 'where' => $where];
    }

    private static function json($value): string
    {
        $text = json_encode($value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
        return (string) $text;
    }

    /** base64url without padding (RFC 7515 section 2). */
    private static function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }

    private function signature(string $text): string
    {
        if ($this->key === '') {
            throw new \RuntimeException('there is no key');
        }
        switch ($this->algorithm) {
            case 'HS256':
                if (strlen($this->key) < self::SECRET_BYTES_MIN) {
                    throw new \RuntimeException('the secret is shorter than ' . self::SECRET_BYTES_MIN . ' bytes');
                }
                return hash_hmac('sha256', $text, $this->key, true);
            case 'ES256':
                return $this->es256($text);
            case 'EdDSA':
                return $this->eddsa($text);
            default:
                throw new \RuntimeException("there is no algorithm $this->algorithm");
        }
    }

    /** OpenSSL writes the two numbers as ASN.1, a JWT has them with 32 bytes each (RFC 7518 section 3.4). */
    private function es256(string $text): string
    {
        $key = function_exists('openssl_pkey_get_private') ? openssl_pkey_get_private($this->key) : false;
        $kind = $key === false ? [] : openssl_pkey_get_details($key);
        if (($kind['ec']['curve_name'] ?? '') !== 'prime256v1' || !openssl_sign($text, $der, $key, OPENSSL_ALGO_SHA256)) {
            throw new \RuntimeException('the key is no private key for ES256 (PEM, curve P-256), or PHP has no OpenSSL');
        }
        // 30 LL 02 LL r 02 LL s: all lengths are below 128 for this curve.
        $r = substr($der, 4, ord($der[3]));
        $s = substr($der, 6 + strlen($r));
        return self::number($r) . self::number($s);
    }

    private static function number(string $bytes): string
    {
        return str_pad(ltrim($bytes, "\0"), 32, "\0", STR_PAD_LEFT);
    }

    /** PHP signs with Ed25519 by libsodium alone; the seed is the end of the PKCS #8 form (RFC 8410 section 7). */
    private function eddsa(string $text): string
    {
        $der = base64_decode(preg_replace('/-----[^-]+-----|\s+/', '', $this->key), true);
        $prefix = "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        if ($der === false || strlen($der) !== 48 || substr($der, 0, 16) !== $prefix) {
            throw new \RuntimeException('the key is no private key for EdDSA (PEM, Ed25519)');
        }
        if (!function_exists('sodium_crypto_sign_detached')) {
            throw new \RuntimeException('PHP has no libsodium, which EdDSA needs: choose HS256 or ES256');
        }
        $pair = sodium_crypto_sign_seed_keypair(substr($der, 16));
        return sodium_crypto_sign_detached($text, sodium_crypto_sign_secretkey($pair));
    }
}
