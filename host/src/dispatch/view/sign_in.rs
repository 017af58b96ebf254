//! Where a view tells somebody to sign in, the way to do so, as far as this host knows it.

use stoa_view::nodes::{Kind, LinkNode, Node, Target, View, Words};

use crate::base::config::SignIn;

use super::super::app::{App, SiteState};
use super::super::request::ViewRequest;

/// The key of the notice by which plugins tell people to sign in.
const KEY: &str = "sign-in";

impl App {
    /// Put a link into the plugin's notice. In a widget it leads to the embedding system; a plain page has its own way.
    pub(super) fn draw_sign_in(&self, ask: &ViewRequest, site: &SiteState, view: &mut View) {
        if ask.actor.person.is_some() {
            return;
        }
        let known = site.config.sign_in.as_ref().filter(|_| !ask.plain || site.provider.is_none());
        let Some(SignIn { url }) = known else { return };
        let text = self.text(&ask.lang, "plain-sign-in-here");
        add_link(view, url, text);
    }
}

/// A link as the only child of the notice, where there is one.
fn add_link(view: &mut View, url: &str, text: String) {
    let key = |node: &Node| node.key.and_then(|key| view.strings.get(usize::try_from(key).ok()?));
    let is_meant = |node: &Node| {
        matches!(node.kind, Kind::Notice(_)) && node.children == 0 && key(node).is_some_and(|key| key == KEY)
    };
    let Some(at) = view.nodes.iter().position(is_meant) else { return };
    let Ok(first) = u32::try_from(view.strings.len()) else { return };
    view.strings.extend([url.to_owned(), text]);
    let link = LinkNode { target: Target::Outside(first), words: Words::Literal(first + 1), current: false };
    view.nodes[at].children = 1;
    view.nodes.insert(at + 1, Node { kind: Kind::Link(link), children: 0, key: None, subject: None });
}

#[cfg(test)]
mod tests {
    use stoa_view::make::{ViewBuilder, literal};
    use stoa_view::nodes::{Gap, Kind, Tone};

    use super::add_link;

    #[test]
    fn the_notice_gets_a_link_and_nothing_else_does() {
        let mut v = ViewBuilder::new();
        v.stack(Gap::Medium).with(|v| {
            v.notice(Tone::Neutral, literal("Closed.")).key("closed");
            v.notice(Tone::Neutral, literal("Sign in.")).key("sign-in");
            v.text(literal("More."));
        });
        let mut view = v.finish();
        let count = view.nodes.len();
        add_link(&mut view, "https://intranet.example/login", "Sign in".to_owned());
        assert_eq!(view.nodes.len(), count + 1);
        let at = view.nodes.iter().position(|node| matches!(node.kind, Kind::Link(_))).unwrap();
        assert!(matches!(view.nodes[at - 1].kind, Kind::Notice(_)) && view.nodes[at - 1].children == 1);
        add_link(&mut view, "https://intranet.example/login", "Sign in".to_owned());
        assert_eq!(view.nodes.len(), count + 1, "once");
    }
}
