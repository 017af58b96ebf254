<?php

/**
 * Puts widgets into pages, answers with tokens, and signs people out of Stoa.
 *
 * @license Apache-2.0
 */
class action_plugin_stoa extends DokuWiki_Action_Plugin
{
    /** @inheritDoc */
    public function register(Doku_Event_Handler $controller)
    {
        $controller->register_hook('TPL_METAHEADER_OUTPUT', 'BEFORE', $this, 'head');
        $controller->register_hook('TPL_CONTENT_DISPLAY', 'BEFORE', $this, 'content');
        $controller->register_hook('AJAX_CALL_UNKNOWN', 'BEFORE', $this, 'answer');
        $controller->register_hook('ACTION_ACT_PREPROCESS', 'BEFORE', $this, 'signOut');
    }

    private function helper(): helper_plugin_stoa
    {
        return $this->loadHelper('stoa');
    }

    /** The loader, and where tokens come from. */
    public function head(Doku_Event $event)
    {
        global $ID;
        $helper = $this->helper();
        if (!$helper->isConnected()) {
            return;
        }
        $event->data['meta'][] = ['name' => 'stoa-token-url', 'content' => $helper->ajax('token', ['id' => $ID])];
        $event->data['script'][] = [
            'type' => 'module',
            'async' => 'async',
            'src' => $helper->vouch()->script(),
            'data-site' => $this->getConf('site'),
            '_data' => '',
        ];
    }

    /** Elements in the place of the marks, and below the pages that the settings name. */
    public function content(Doku_Event $event)
    {
        global $ACT, $ID, $REV, $INFO;
        if (!is_string($event->data)) {
            return;
        }
        $helper = $this->helper();
        $placed = [];
        $event->data = preg_replace_callback('/<!--stoa:([^>]*)-->/', static function ($mark) use ($helper, $ID, &$placed) {
            [$widget, $query] = array_pad(explode('?', rawurldecode($mark[1]), 2), 2, '');
            parse_str($query, $attributes);
            $placed[] = $widget;
            return $helper->element($widget, array_filter($attributes, 'is_string'), $ID);
        }, $event->data);
        if ($ACT !== 'show' || $REV || empty($INFO['exists']) || !$helper->isBelow($ID)) {
            return;
        }
        foreach (array_diff(explode(',', $this->getConf('widgets')), $placed) as $widget) {
            $event->data .= $helper->element($widget, [], $ID);
        }
    }

    /** The AJAX calls `plugin_stoa_token` and `plugin_stoa_page`. */
    public function answer(Doku_Event $event)
    {
        global $INPUT;
        if (!in_array($event->data, ['plugin_stoa_token', 'plugin_stoa_page'], true)) {
            return;
        }
        $event->preventDefault();
        $event->stopPropagation();
        header('Cache-Control: no-store, private');
        header('X-Content-Type-Options: nosniff');
        $id = cleanID($INPUT->str('id'));
        if ($event->data === 'plugin_stoa_page') {
            $this->answerPage($id, $INPUT->str('widget'));
            return;
        }
        header('Content-Type: application/json');
        $from = $INPUT->server->str('HTTP_SEC_FETCH_SITE', 'same-origin');
        if ($INPUT->server->str('REMOTE_USER') === '' || !in_array($from, ['same-origin', 'none'], true)) {
            echo '{"token":null}';
            return;
        }
        try {
            echo json_encode(['token' => $this->helper()->token($id)]);
        } catch (RuntimeException $error) {
            http_status(500);
            \dokuwiki\Logger::error('Stoa: no token can be signed', $error->getMessage());
            echo '{"error":"Stoa is not set up here"}';
        }
    }

    /** Without script: a form that takes the person, signed in, to the page of the Stoa host. */
    private function answerPage(string $id, string $widget): void
    {
        global $INPUT;
        $helper = $this->helper();
        if (!in_array($widget, helper_plugin_stoa::WIDGETS, true) || auth_quickaclcheck($id) < AUTH_READ) {
            http_status(404);
            return;
        }
        if ($INPUT->server->str('REMOTE_USER') === '') {
            send_redirect(wl($id, ['do' => 'login'], true, '&'));
        }
        header('Content-Type: text/html; charset=utf-8');
        header('X-Frame-Options: DENY');
        header('Referrer-Policy: strict-origin-when-cross-origin');
        try {
            $token = $helper->token($id);
        } catch (RuntimeException $error) {
            http_status(500);
            return;
        }
        $action = $helper->vouch()->plain($widget, $helper->pageKey($id));
        echo '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            '<title>', hsc($helper->title($id)), '</title><h1>', hsc($helper->title($id)), '</h1>',
            '<form method="post" action="', hsc($action), '"><input type="hidden" name="token" value="', hsc($token), '">',
            '<button>', $this->getLang('go_on'), '</button></form>';
    }

    /** Whoever signs out here is signed out of Stoa, in all open pages. */
    public function signOut(Doku_Event $event)
    {
        global $INPUT;
        $helper = $this->helper();
        $user = $INPUT->server->str('REMOTE_USER');
        if ($event->data !== 'logout' || $user === '' || !$helper->isConnected()) {
            return;
        }
        try {
            $helper->vouch()->signOut($user, [helper_plugin_stoa::class, 'http']);
        } catch (RuntimeException $error) {
            // Sessions end by themselves after ten minutes; nobody is kept from signing out.
            \dokuwiki\Logger::error('Stoa: sessions could not be ended', $error->getMessage());
        }
    }
}
