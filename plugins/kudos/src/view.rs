//! What people see: thanks with what this person may do now, and nothing else.

use stoa_plugin::view::{
    ChoiceStyle, FieldKind, Gap, Start, To, ToggleKind, Tone, View, ViewBuilder, label, literal, message,
};
use stoa_plugin::{Context, Entry, State};

use crate::model::{self, COMPOSE, Focus, MENU, Page, Show, Thanks, Viewer};
use crate::rules;

/// Changes of parameters: what a link sets, and what it takes away.
type Changes<'a> = Vec<(&'a str, &'a str)>;

/// How many people are named before the others are counted.
const NAMED_MAX: usize = 3;

/// The most faces of one stack, as the vocabulary has it.
const FACES_MAX: usize = 10;

/// The most digits of a number of points.
const POINTS_DIGITS: u32 = 4;

/// Draws the page.
pub(crate) fn draw(context: &Context, page: &Page) -> View {
    let pen = Pen { context, page, viewer: Viewer::of(context) };
    let mut v = ViewBuilder::new();
    if page.show == Show::Button {
        pen.button(&mut v);
        return v.finish();
    }
    v.section(message("heading").number("count", pen.total().unwrap_or(0))).with(|v| {
        pen.bar(v);
        pen.notices(v);
        pen.own_points(v);
        if page.focus == Focus::None && !page.continued {
            pen.composer(v);
        }
        if page.show == Show::Values && page.focus == Focus::None {
            pen.values(v);
        } else {
            pen.list(v);
        }
    });
    v.finish()
}

/// What drawing needs everywhere.
struct Pen<'a> {
    context: &'a Context,
    page: &'a Page,
    viewer: Viewer<'a>,
}

impl<'a> Pen<'a> {
    /// Sets one parameter and takes those of `without` away that are set now; a menu closes with every step.
    fn go(&self, set: (&'a str, &'a str), without: impl IntoIterator<Item = &'static str>) -> Changes<'a> {
        let mut changes = vec![set];
        let without = without.into_iter().chain([MENU]);
        let away = without.filter(|name| *name != set.0 && self.context.parameter(name).is_some());
        changes.extend(away.map(|name| (name, "")));
        changes
    }

    /// How many there are: of one's own alone, for the host counts what is hidden from others, too.
    fn total(&self) -> Option<u32> {
        self.page.total.filter(|_| self.page.show.is_personal() && self.page.focus == Focus::None)
    }

    /// These thanks alone.
    fn permalink(&self, id: &'a str) -> Changes<'a> {
        self.go(("focus", id), ["after", "edit", COMPOSE])
    }

    /// What can be seen here; there is nothing to choose while one stands alone.
    fn bar(&self, v: &mut ViewBuilder) {
        if self.page.focus != Focus::None {
            return;
        }
        let signed_in = rules::check_signed_in(&self.viewer).is_ok();
        v.row(Gap::Small).key("bar").with(|v| {
            for show in Show::CHOICES {
                let valueless = show == Show::Values && self.page.options.values.is_empty();
                if valueless || (show.is_personal() && !signed_in) {
                    continue;
                }
                let words = ["show-", if show == Show::Feed { "all" } else { show.name() }].concat();
                v.link_here(&self.go(("view", show.name()), ["after", COMPOSE, "edit"]), label(&words))
                    .current(show == self.page.show);
            }
        });
    }

    fn notices(&self, v: &mut ViewBuilder) {
        if self.viewer.closed {
            v.notice(Tone::Neutral, label("page-closed")).key("closed");
        }
        match &self.page.focus {
            Focus::None => {}
            Focus::Lost => v.notice(Tone::Warn, label("thanks-lost")).key("lost").with(|v| {
                v.link_here(&self.go(("focus", ""), ["after"]), label("show-feed"));
            }),
            Focus::On(_) => {
                v.link_here(&self.go(("focus", ""), ["after"]), label("show-feed")).key("all");
            }
        }
    }

    /// One line for whom to thank at first; with it everything else.
    fn composer(&self, v: &mut ViewBuilder) {
        if rules::check_write(&self.viewer).is_err() {
            if self.viewer.person.is_none() && !self.viewer.closed {
                v.notice(Tone::Neutral, label("sign-in-to-thank")).key("sign-in");
            }
            return;
        }
        match &self.page.compose {
            Some(people) => self.form(v, people),
            None => v.form("start", label("start")).draft("start").key("start").with(|v| {
                let most = u32::try_from(model::FOR_MAX).unwrap_or(rules::RECIPIENTS_MAX);
                v.pick_people("recipients", label("whom-to-thank"), most);
            }),
        }
    }

    fn form(&self, v: &mut ViewBuilder, people: &[String]) {
        let form = v.form("give", label("give")).cancel(&[(COMPOSE, "")]).draft("give").key("give");
        form.with(|v| {
            let pick = v.pick_people("recipients", label("recipients"), rules::RECIPIENTS_MAX);
            if people.is_empty() {
                pick.hint(label("recipients-hint"));
            } else {
                pick.value(&people.join(","));
            }
            v.composer("body", label("body"), rules::BODY_MAX).placeholder(label(self.prompt()));
            if !self.page.options.values.is_empty() {
                v.choice(ChoiceStyle::Check, "values", label("values")).required(true).with(|v| {
                    for value in &self.page.options.values {
                        v.choice_option(value, literal(value));
                    }
                });
            }
            self.points(v);
            v.choice(ChoiceStyle::Radio, "visibility", label("visibility")).with(|v| {
                v.choice_option("public", label("visibility-public")).selected(true);
                v.choice_option("private", label("visibility-private"));
            });
            v.field(FieldKind::Line, "evidence", label("evidence"))
                .maximum(rules::EVIDENCE_MAX)
                .hint(label("evidence-hint"));
        });
    }

    /// How many points go with it, and what is not possible before it is tried.
    fn points(&self, v: &mut ViewBuilder) {
        // Guests have none to give.
        let Some(purse) = self.page.purse.filter(|purse| purse.granted > 0) else { return };
        let left = message("points-left")
            .number("left", purse.left)
            .number("granted", purse.granted)
            .number("most", purse.most_each());
        if purse.most_each() == 0 {
            let words =
                message("points-none-left").number("left", purse.left).number("granted", purse.granted);
            v.text(words).small().key("no-points");
            return;
        }
        v.field(FieldKind::Number, "points", label("points")).maximum(POINTS_DIGITS).hint(left).key("points");
        for (person, without) in &self.page.unpaid {
            v.text(message(without.text()).person("name", person)).small();
        }
    }

    /// What the person has given or received.
    fn own_points(&self, v: &mut ViewBuilder) {
        match (self.page.show, self.page.purse, self.page.received) {
            (Show::Given, Some(purse), _) => {
                let words = message("points-given")
                    .number("given", purse.granted.saturating_sub(purse.left))
                    .number("left", purse.left)
                    .number("granted", purse.granted);
                v.text(words).small().key("own-points");
            }
            (Show::Received, _, Some(received)) => {
                let words =
                    message("points-received").number("all", received.all).number("month", received.month);
                if received.all > 0 {
                    v.text(words).small().key("own-points");
                }
                v.toggle(ToggleKind::Plain, "refuse-points", label("refuse-points"))
                    .on(self.page.refuses)
                    .key("refuse");
            }
            _ => {}
        }
    }

    /// How many points each was given; of several who were thanked maybe not all.
    fn gift(v: &mut ViewBuilder, entry: &Entry) {
        let points = entry.number("points").and_then(|points| u32::try_from(points).ok());
        let Some(points) = points.filter(|points| *points > 0) else { return };
        let (paid, all) = (entry.texts("paid").count(), entry.texts("recipients").count());
        let words = match (paid, all) {
            (1, 1) => message("points-gift"),
            (paid, all) if paid == all => message("points-gift-each"),
            (paid, _) => message("points-gift-some").number("count", u32::try_from(paid).unwrap_or(u32::MAX)),
        };
        v.text(words.number("points", points)).small();
    }

    /// A question that changes from hour to hour, so that it does not while somebody writes.
    fn prompt(&self) -> &'static str {
        match self.viewer.now / 3_600_000_000 % 3 {
            0 => "prompt-possible",
            1 => "prompt-without",
            _ => "prompt-moment",
        }
    }

    /// `<stoa-thanks>`: a button, then the form, then what was sent.
    fn button(&self, v: &mut ViewBuilder) {
        let page = self.page;
        let own = |person: &stoa_plugin::Person| page.thanked.as_slice() == [person.id.as_str()];
        if self.viewer.person.is_some_and(own) {
            v.text(label("button-own")).small();
        } else if let Some(thanks) = page.thanks.first() {
            v.notice(Tone::Ok, label("button-sent")).key("sent");
            v.feed(label("feed")).key("feed").with(|v| self.post(v, thanks));
        } else if rules::check_write(&self.viewer).is_err() {
            let words = if self.viewer.person.is_none() { "sign-in-to-thank" } else { "page-closed" };
            v.text(label(words)).small();
        } else if let Some(people) = &page.compose {
            self.form(v, people);
        } else {
            let words = match page.thanked.as_slice() {
                [one] => message("button-one").person("name", one),
                [] => message("button-somebody"),
                _ => message("button-them"),
            };
            v.link_here(&[(COMPOSE, &model::joined(&page.thanked))], words).key("thank");
        }
    }

    /// How often each value was named.
    fn values(&self, v: &mut ViewBuilder) {
        let values = &self.page.values;
        let Some(most) = values.iter().map(|value| value.number).max() else {
            v.empty(label("empty-values")).key("empty");
            return;
        };
        v.stack(Gap::Small).key("values").with(|v| {
            v.text(label("values-since")).small();
            for value in values {
                let words = message("value-count").text("value", &value.key).number("count", value.number);
                v.meter(value.number, most.max(1), words);
            }
        });
    }

    fn list(&self, v: &mut ViewBuilder) {
        let page = self.page;
        if page.newer > 0 {
            v.more(&self.go(("after", ""), []), message("new-thanks").number("count", page.newer))
                .newer()
                .key("newer");
        }
        if page.continued {
            v.link_here(&self.go(("after", ""), []), label("back-to-first")).key("first");
        }
        let nothing = page.thanks.is_empty() && page.newer == 0 && page.next.is_none();
        if nothing && !page.continued && page.compose.is_none() {
            self.empty(v);
        }
        // All of a part can be hidden: what follows it is still reached.
        if !page.thanks.is_empty() {
            v.feed(label("feed")).total(self.total()).key("feed").with(|v| {
                for thanks in &page.thanks {
                    self.post(v, thanks);
                }
            });
        }
        if let Some(next) = &page.next {
            v.more(&self.go(("after", next), []), label("more-thanks")).key("more");
        }
    }

    fn empty(&self, v: &mut ViewBuilder) {
        let writes = rules::check_write(&self.viewer).is_ok();
        let title = &self.context.page().title;
        let words = match self.page.show {
            Show::Received => message("empty-received"),
            Show::Given => message("empty-given"),
            _ if !writes => message("empty-read"),
            _ if self.page.whole_site || title.is_empty() => message("empty-write"),
            _ => message("empty-write-page").text("page", title),
        };
        v.empty(words).key("empty");
    }

    fn post(&self, v: &mut ViewBuilder, thanks: &'a Thanks) {
        let entry = &thanks.entry;
        let corrects = rules::check_correct(entry, &self.viewer).is_ok();
        let edits = corrects && self.page.edit.as_deref() == Some(entry.id.as_str());
        let post = v
            .post(&entry.id, entry.created_at, &self.permalink(&entry.id))
            .key(&entry.id)
            .author(entry.author.as_deref())
            .edited_at(entry.edited_at)
            .pinned(entry.pinned)
            .highlighted(matches!(&self.page.focus, Focus::On(id) if *id == entry.id));
        post.with(|v| {
            if corrects {
                v.fresh_until(rules::correction_ends(entry));
            }
            self.headline(v, entry);
            if edits {
                self.edit(v, entry);
            } else {
                v.body(&entry.id);
            }
            self.evidence(v, entry);
            if rules::is_hidden(entry) {
                v.notice(Tone::Neutral, label("hidden")).key("hidden");
            }
            self.actions(v, thanks, corrects);
        });
    }

    /// Whom it thanks, and for which values.
    fn headline(&self, v: &mut ViewBuilder, entry: &Entry) {
        let people: Vec<&str> = entry.texts("recipients").collect();
        let words = match people.as_slice() {
            [one] => message("thanks-one").person("one", one),
            [one, two] => message("thanks-two").person("one", one).person("two", two),
            [one, two, three] => {
                message("thanks-three").person("one", one).person("two", two).person("three", three)
            }
            [one, two, rest @ ..] => message("thanks-many")
                .person("one", one)
                .person("two", two)
                .number("count", u32::try_from(rest.len()).unwrap_or(u32::MAX)),
            [] => message("thanks-nobody"),
        };
        // Rows of a post are for what can be done with it, and stand a little outside of its text.
        v.stack(Gap::Small).key("headline").with(|v| {
            v.row(Gap::Small).with(|v| {
                v.text(words).strong();
                for value in entry.texts("values") {
                    v.badge(literal(value));
                }
                if rules::may_see_amount(entry, &self.viewer, &self.page.options) {
                    Self::gift(v, entry);
                }
            });
            if rules::is_private(entry) {
                v.text(label("private")).small().key("private");
            }
            if entry.texts("returned").next().is_some() {
                v.text(label("returned")).small().key("returned");
            }
            if people.len() > NAMED_MAX {
                v.disclosure(label("everybody")).key("everybody").with(|v| {
                    v.row(Gap::Small).with(|v| {
                        for person in &people {
                            v.person(person);
                        }
                    });
                });
            }
        });
    }

    fn edit(&self, v: &mut ViewBuilder, entry: &'a Entry) {
        let draft = ["edit-", entry.id.as_str()].concat();
        v.form("edit", label("save")).cancel(&[("edit", "")]).draft(&draft).key("edit").with(|v| {
            v.composer("body", label("body"), rules::BODY_MAX).value(Start::Entry(&entry.id));
        });
    }

    /// The link that shows what it was for, and the page where it was said.
    fn evidence(&self, v: &mut ViewBuilder, entry: &Entry) {
        if let Some(link) = entry.text("evidence") {
            if rules::is_outside(link) {
                v.link(To::Outside(link), literal(&shortened(link))).key("evidence");
            } else {
                // Only Markdown links to paths, which lead to where the page is.
                v.markdown(&["[", &escaped(&shortened(link)), "](<", link, ">)"].concat()).key("evidence");
            }
        }
        if let Some(title) = self.page.title(&entry.page) {
            v.text(message("on-page").text("page", title)).small().key("page");
        }
    }

    fn actions(&self, v: &mut ViewBuilder, thanks: &'a Thanks, corrects: bool) {
        let entry = &thanks.entry;
        if entry.state == State::Rejected {
            return;
        }
        let visible = entry.state == State::Visible;
        let reacts = visible && rules::check_react(entry, &self.viewer).is_ok();
        if visible && !reacts {
            Self::counts(v, entry);
        }
        if self.viewer.person.is_some() {
            v.row(Gap::Small).key("actions").with(|v| {
                if reacts {
                    self.reactions(v, entry);
                }
                if visible {
                    self.boost(v, thanks);
                }
                if corrects {
                    let until = rules::correction_ends(entry);
                    v.button("retract", message("retract").time("time", until))
                        .confirm(label("retract-sure"));
                }
                if self.page.menu.as_deref() == Some(entry.id.as_str()) {
                    v.menu(label("more-actions")).open(true).with(|v| self.menu(v, entry, corrects));
                } else {
                    v.closed_menu(&self.go((MENU, &entry.id), []), label("more-actions"));
                }
            });
        }
        if visible {
            Self::joined(v, thanks);
        }
    }

    /// The faces of those who have joined in.
    fn joined(v: &mut ViewBuilder, thanks: &Thanks) {
        if thanks.boosters.is_empty() {
            return;
        }
        let count = u32::try_from(thanks.entry.number("boosts").unwrap_or(0)).unwrap_or(u32::MAX);
        let faces = thanks.boosters.iter().take(FACES_MAX);
        let more = count.saturating_sub(u32::try_from(faces.len()).unwrap_or(u32::MAX));
        let stack = v.avatar_stack(message("joined-in").number("count", count)).more(more);
        stack.key("joined").with(|v| {
            for person in faces {
                v.person(person);
            }
        });
    }

    fn reactions(&self, v: &mut ViewBuilder, entry: &Entry) {
        v.reactions("react", label("reactions")).key("reactions").with(|v| {
            for (emoji, name) in rules::REACTIONS {
                let mine = entry.mine("reaction") == Some(emoji);
                v.reaction(emoji, label(name), entry.count("reaction", emoji), mine);
            }
        });
    }

    /// Who cannot react sees what there is.
    fn counts(v: &mut ViewBuilder, entry: &Entry) {
        let counts = rules::REACTIONS.iter().map(|(emoji, _)| (emoji, entry.count("reaction", emoji)));
        let counts: Vec<String> = counts
            .filter(|(_, count)| *count > 0)
            .map(|(emoji, count)| [emoji, " ", &count.to_string()].concat())
            .collect();
        if !counts.is_empty() {
            v.text(literal(&counts.join("   "))).small().key("counts");
        }
    }

    fn boost(&self, v: &mut ViewBuilder, thanks: &Thanks) {
        let entry = &thanks.entry;
        if rules::check_boost(entry, &self.viewer).is_ok() {
            let count = u32::try_from(entry.number("boosts").unwrap_or(0)).unwrap_or(u32::MAX);
            v.toggle(ToggleKind::Plain, "boost", label("add-mine"))
                .on(thanks.boosted)
                .count(count)
                .key("boost");
        }
    }

    fn menu(&self, v: &mut ViewBuilder, entry: &'a Entry, corrects: bool) {
        if corrects {
            let changes = self.go(("edit", &entry.id), [COMPOSE]);
            v.link_here(&changes, label("edit"));
        }
        v.share(&self.permalink(&entry.id), label("copy-link"));
        if rules::check_hide(entry, &self.viewer).is_ok() {
            if entry.mine("hidden").is_some() {
                v.button("hide", label("unhide")).value("off");
            } else {
                v.button("hide", label("hide")).value("on").confirm(label("hide-sure"));
            }
        }
    }
}

/// An address as it is shown: without its scheme, and with an end where it is long.
fn shortened(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_, rest)| rest);
    let bare = bare.trim_end_matches('/');
    let bare = if bare.is_empty() { link } else { bare };
    if bare.chars().count() <= 60 {
        return bare.to_owned();
    }
    bare.chars().take(59).chain(['…']).collect()
}

/// Text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, shortened};

    #[test]
    fn an_address_is_shown_short_and_as_it_is() {
        for (link, expected) in [
            ("https://wiki.example/a_b", "wiki.example/a_b"),
            ("https://wiki.example/", "wiki.example"),
            ("/policies/travel", "/policies/travel"),
            ("/", "/"),
        ] {
            assert_eq!(shortened(link), expected, "{link}");
        }
        let long = shortened(&format!("https://wiki.example/{}", "x".repeat(80)));
        assert_eq!((long.chars().count(), long.ends_with('…')), (60, true));
        assert_eq!(escaped("/a_b*c*[d]"), "\\/a\\_b\\*c\\*\\[d\\]");
    }
}
