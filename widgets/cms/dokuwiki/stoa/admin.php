<?php

/**
 * Administration > Stoa: the test of the connection, and the lines for the host.
 *
 * @license Apache-2.0
 */
class admin_plugin_stoa extends DokuWiki_Admin_Plugin
{
    /** @inheritDoc */
    public function forAdminOnly()
    {
        return true;
    }

    /** @inheritDoc */
    public function getMenuText($language)
    {
        return $this->getLang('menu');
    }

    /** @inheritDoc */
    public function handle()
    {
    }

    /** @inheritDoc */
    public function html()
    {
        global $INPUT, $conf;
        /** @var helper_plugin_stoa $helper */
        $helper = $this->loadHelper('stoa');
        echo '<h1>', hsc($this->getLang('menu')), '</h1>';
        if ($INPUT->post->bool('test') && checkSecurityToken()) {
            foreach ($helper->vouch()->test($helper->claims(), $helper->origin(), $helper->plugins(), [helper_plugin_stoa::class, 'http']) as $finding) {
                $this->show($finding);
            }
        }
        $form = new dokuwiki\Form\Form();
        $form->addButton('test', $this->getLang('test'))->val('1')->attr('type', 'submit');
        echo $form->toHTML();
        $isShared = $this->getConf('algorithm') === 'HS256';
        $plugins = ['comments', 'questions', 'kudos'];
        $lines = $helper->vouch()->configuration($conf['title'], $helper->origin(), $plugins, $isShared ? 'dokuwiki.secret' : 'dokuwiki.pem');
        echo '<h2>', hsc($this->getLang('toml')), '</h2><pre class="code" id="stoa-configuration">', hsc($lines), '</pre>';
    }

    /** One finding of the test. */
    private function show(array $finding): void
    {
        $isOk = $finding['code'] === 'ok';
        $text = $this->getLang('finding_' . $finding['code']);
        echo '<div class="', $isOk ? 'success' : 'error', '" id="stoa-finding" data-code="', hsc($finding['code']), '">',
            hsc(sprintf($text, $finding['detail']));
        if ($finding['where'] === 'stoa.toml') {
            echo '<pre class="code">', hsc($finding['line']), '</pre>';
        }
        if (!$isOk && strpos($text, '%s') === false) {
            echo ' <small>', hsc($finding['detail']), '</small>';
        }
        echo '</div>';
    }
}
