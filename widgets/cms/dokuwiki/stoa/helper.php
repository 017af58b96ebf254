<?php

use Stoa\Vouch;
use dokuwiki\HTTP\DokuHTTPClient;

require_once __DIR__ . '/Vouch.php';

/**
 * What the parts of the plugin share: settings, elements, tokens.
 *
 * @license Apache-2.0
 */
class helper_plugin_stoa extends DokuWiki_Plugin
{
    public const WIDGETS = ['comments', 'questions', 'kudos', 'bell'];

    private const ROLES = ['expert', 'leader', 'steward', 'moderator', 'admin', 'guest'];

    /** Whether there is enough to connect. */
    public function isConnected(): bool
    {
        return $this->getConf('server') !== '' && $this->key() !== '';
    }

    /** The secret or private key: that of the file, else that of the settings. */
    private function key(): string
    {
        $file = (string) $this->getConf('key_file');
        if ($file !== '') {
            return is_readable($file) ? (string) file_get_contents($file) : '';
        }
        return (string) $this->getConf('secret');
    }

    /** The origin of the pages, as browsers send it. */
    public function origin(): string
    {
        return strtolower(preg_replace('#^(https?://[^/]+).*$#i', '$1', DOKU_URL));
    }

    public function vouch(): Vouch
    {
        $issuer = $this->getConf('issuer') === '' ? $this->origin() : $this->getConf('issuer');
        return new Vouch(
            $this->getConf('server'),
            $this->getConf('site'),
            $issuer,
            $this->getConf('algorithm'),
            $this->key()
        );
    }

    /** The key of a page: its id, which changes only when somebody moves it. */
    public function pageKey(string $id): string
    {
        return $this->getConf('key_prefix') . $id;
    }

    /** Whether widgets stand below a page: patterns with `*`, apart by blanks or commas; `!` excludes. */
    public function isBelow(string $id): bool
    {
        $is = false;
        foreach (preg_split('/[\s,]+/', $this->getConf('below'), -1, PREG_SPLIT_NO_EMPTY) as $pattern) {
            $excludes = $pattern[0] === '!';
            $regex = str_replace('\*', '.*', preg_quote(ltrim($pattern, '!'), '#'));
            if (preg_match("#^$regex\$#u", $id)) {
                $is = !$excludes;
            }
        }
        return $is;
    }

    /**
     * The element of a widget for whoever asks for the page.
     *
     * @param array<string, string> $attributes `scope`, `page`, `p`
     */
    public function element(string $widget, array $attributes, string $id): string
    {
        global $INPUT;
        if (!in_array($widget, self::WIDGETS, true) || !$this->isConnected()) {
            return '';
        }
        $isSignedIn = $INPUT->server->str('REMOTE_USER') !== '';
        $visitors = $this->getConf('visitors');
        if (!$isSignedIn && ($widget === 'bell' || $visitors === 'none')) {
            return '';
        }
        if (!$isSignedIn && $visitors === 'link') {
            return '<p class="plugin_stoa"><a href="' . wl($id, ['do' => 'login']) . '">' . $this->getLang('sign_in') . '</a></p>';
        }
        $attributes = array_intersect_key($attributes, array_flip(['scope', 'page', 'p']));
        $inside = '';
        if (empty($attributes['page'])) {
            $attributes = ['page' => $this->pageKey($id), 'title' => $this->title($id), 'url' => wl($id, '', true, '&')] + $attributes;
            $href = $this->ajax('page', ['id' => $id, 'widget' => $widget]);
            $inside = $widget === 'bell' ? '' : '<a href="' . hsc($href) . '" rel="nofollow">' . $this->getLang($widget) . '</a>';
        }
        $html = '';
        foreach ($attributes as $name => $value) {
            $html .= " $name=\"" . hsc($value) . '"';
        }
        return "<stoa-$widget$html>$inside</stoa-$widget>";
    }

    /** The address of one of the plugin's AJAX calls. */
    public function ajax(string $what, array $arguments): string
    {
        return DOKU_BASE . 'lib/exe/ajax.php?' . http_build_query(['call' => "plugin_stoa_$what"] + $arguments, '', '&');
    }

    public function title(string $id): string
    {
        return (string) (p_get_first_heading($id) ?: noNS($id));
    }

    /**
     * Who the person is that asks, to Stoa.
     *
     * @return array<string, mixed>
     */
    public function claims(): array
    {
        global $INPUT, $USERINFO;
        $groups = array_values($USERINFO['grps'] ?? []);
        $roles = [];
        foreach (preg_split('/[\s,]+/', $this->getConf('roles'), -1, PREG_SPLIT_NO_EMPTY) as $pair) {
            [$group, $role] = array_pad(explode('=', $pair, 2), 2, '');
            if (in_array($group, $groups, true) && in_array($role, self::ROLES, true)) {
                $roles[] = $role;
            }
        }
        return [
            'sub' => $INPUT->server->str('REMOTE_USER'),
            'name' => (string) ($USERINFO['name'] ?? ''),
            'email' => (string) ($USERINFO['mail'] ?? ''),
            // Always there, so that a role that was taken away is taken away there, too.
            'roles' => array_values(array_unique($roles)),
            'groups' => array_slice($groups, 0, 100),
        ];
    }

    /** A token for the person that asks and a page, if they may read it. */
    public function token(string $id): string
    {
        $claims = $this->claims();
        if ($id !== '' && auth_quickaclcheck($id) >= AUTH_READ) {
            $claims += ['page' => $this->pageKey($id), 'page_title' => $this->title($id), 'page_url' => wl($id, '', true, '&')];
        }
        return $this->vouch()->token($claims);
    }

    /** The plugins of the host that pages show. */
    public function plugins(): array
    {
        $chosen = explode(',', $this->getConf('widgets'));
        return array_values(array_unique(array_merge(['comments'], array_intersect(['questions'], $chosen))));
    }

    /**
     * The HTTP client for Vouch.
     *
     * @throws RuntimeException when there is no answer
     */
    public static function http(string $method, string $url, array $headers, string $body): array
    {
        $client = new DokuHTTPClient();
        $client->timeout = 3;
        $client->max_redirect = 0;
        $client->headers = $headers + $client->headers;
        $client->sendRequest($url, $body, $method);
        if ($client->status < 100) {
            throw new RuntimeException((string) $client->error);
        }
        return [
            'status' => (int) $client->status,
            'date' => (string) ($client->resp_headers['date'] ?? ''),
            'body' => (string) $client->resp_body,
        ];
    }
}
