<?php

/**
 * `{{stoa>comments}}`, `{{stoa>questions?scope=site}}`, `{{stoa>kudos}}`, `{{stoa>bell}}`.
 *
 * A rendered page is cached for everybody, so only a mark is left in it; the action plugin puts the element there.
 *
 * @license Apache-2.0
 */
class syntax_plugin_stoa extends DokuWiki_Syntax_Plugin
{
    /** @inheritDoc */
    public function getType()
    {
        return 'substition';
    }

    /** @inheritDoc */
    public function getPType()
    {
        return 'block';
    }

    /** @inheritDoc */
    public function getSort()
    {
        return 160;
    }

    /** @inheritDoc */
    public function connectTo($mode)
    {
        $this->Lexer->addSpecialPattern('\{\{stoa>[a-z]+(?:\?[^}\n]*)?\}\}', $mode, 'plugin_stoa');
    }

    /** @inheritDoc */
    public function handle($match, $state, $pos, Doku_Handler $handler)
    {
        return substr($match, 7, -2);
    }

    /** @inheritDoc */
    public function render($format, Doku_Renderer $renderer, $data)
    {
        if ($format !== 'xhtml') {
            return false;
        }
        $renderer->doc .= '<!--stoa:' . rawurlencode($data) . '-->';
        return true;
    }
}
