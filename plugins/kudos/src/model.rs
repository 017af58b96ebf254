//! What a call is about: the settings, the person, the state of the view, and the thanks that it shows.

use stoa_plugin::{
    Context, Cursor, Entry, Error, Found, GroupCount, Grouping, Instant, Order, Person, Query, SmolStr, State,
};

use crate::points::{self, Purse, Received, Without};

/// Thanks.
pub(crate) const KUDOS: &str = "kudos";

/// Somebody who joins in.
pub(crate) const BOOST: &str = "boost";

/// The parameter of an open form: the people who stand in it already.
pub(crate) const COMPOSE: &str = "compose";

/// The parameter of the thanks whose menu is open.
pub(crate) const MENU: &str = "menu";

/// The most people whom a parameter's value has room for.
pub(crate) const FOR_MAX: usize = 6;

/// What `compose` says where nobody stands in the form yet.
pub(crate) const NOBODY: &str = "-";

/// What `for` says for whoever looks after the page.
const OWNER: &str = "owner";

/// Stands between ids: a character that stays itself in a query string.
const ID_SEPARATOR: char = '.';

/// How many of those who have joined in are shown with their faces.
pub(crate) const FACES_MAX: u32 = 6;

/// Thanks that go back and forth within this time are marked.
const DAY_MICROS: u64 = 86_400 * 1_000_000;

/// How far back values are counted.
const VALUES_MICROS: u64 = 30 * 86_400 * 1_000_000;

/// The most values that are listed.
const VALUES_MAX: u32 = 20;

/// The most own boosts that are looked through.
const OWN_BOOSTS_MAX: u32 = 100;

/// The most replies of thanks that stand alone.
const BOOSTS_MAX: u32 = 200;

/// What the admin has set.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) values: Vec<String>,
    pub(crate) kudos_per_page: u32,
    /// Whether people can give points.
    pub(crate) points: bool,
    /// Whether everybody sees how many.
    pub(crate) shows_amounts: bool,
}

impl Options {
    pub(crate) fn read(context: &Context) -> Self {
        let settings = context.settings();
        Self {
            values: settings.texts("values"),
            kudos_per_page: settings.count("kudos_per_page", 20).clamp(1, 50),
            points: settings.boolean("points", false),
            shows_amounts: settings.boolean("show_amounts", true),
        }
    }
}

/// Who looks, where and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer<'a> {
    pub(crate) person: Option<&'a Person>,
    pub(crate) may_write: bool,
    pub(crate) closed: bool,
    pub(crate) now: Instant,
}

impl<'a> Viewer<'a> {
    pub(crate) fn of(context: &'a Context) -> Self {
        Self {
            person: context.person(),
            may_write: context.may_write(),
            closed: context.page().closed,
            now: context.now(),
        }
    }
}

/// Ids as the value of a parameter.
pub(crate) fn joined(ids: &[String]) -> String {
    if ids.is_empty() { NOBODY.to_owned() } else { ids.join(&ID_SEPARATOR.to_string()) }
}

fn ids_of(value: &str) -> Vec<String> {
    let ids = value.split([ID_SEPARATOR, ',']).map(str::trim);
    ids.filter(|id| !id.is_empty() && *id != NOBODY).take(FOR_MAX).map(str::to_owned).collect()
}

/// Whether this is `<stoa-thanks>`: a button with its form, without a feed.
pub(crate) fn is_button(context: &Context) -> bool {
    context.parameter("view") == Some("button")
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// Thanks to and from everybody.
    Feed,
    /// What the person was thanked for.
    Received,
    /// Whom the person has thanked.
    Given,
    /// How often each value was named lately.
    Values,
    /// Nothing but a button that opens the form.
    Button,
}

impl Show {
    /// Those that a person chooses from.
    pub(crate) const CHOICES: [Self; 4] = [Self::Feed, Self::Received, Self::Given, Self::Values];

    /// The value of the parameter `view`; none for the feed.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Feed => "",
            Self::Received => "received",
            Self::Given => "given",
            Self::Values => "values",
            Self::Button => "button",
        }
    }

    /// Whether it is about the person alone.
    pub(crate) const fn is_personal(self) -> bool {
        matches!(self, Self::Received | Self::Given)
    }

    fn read(context: &Context) -> Self {
        let asked = context.parameter("view").unwrap_or_default();
        let all = Self::CHOICES.into_iter().chain([Self::Button]);
        let found = all.into_iter().find(|show| show.name() == asked).unwrap_or(Self::Feed);
        if found.is_personal() && context.person().is_none() { Self::Feed } else { found }
    }
}

/// Whether one is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// No: the feed.
    None,
    /// This one, shown alone.
    On(String),
    /// One that is not there (any more).
    Lost,
}

/// Thanks with those who have joined in.
#[derive(Debug)]
pub(crate) struct Thanks {
    pub(crate) entry: Entry,
    /// The first of them.
    pub(crate) boosters: Vec<SmolStr>,
    /// Whether the person of this call is one of them.
    pub(crate) boosted: bool,
}

/// Everything that the view shows.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) options: Options,
    pub(crate) show: Show,
    /// Whether it is about all pages.
    pub(crate) whole_site: bool,
    pub(crate) focus: Focus,
    /// Those who stand in the form, where it is open.
    pub(crate) compose: Option<Vec<String>>,
    /// Those for whom the button is.
    pub(crate) thanked: Vec<String>,
    /// The thanks whose message is corrected.
    pub(crate) edit: Option<String>,
    pub(crate) menu: Option<String>,
    pub(crate) continued: bool,
    pub(crate) thanks: Vec<Thanks>,
    pub(crate) total: Option<u32>,
    pub(crate) newer: u32,
    pub(crate) next: Option<Cursor>,
    pub(crate) values: Vec<GroupCount>,
    /// Keys and titles of the pages that are named.
    pub(crate) titles: Vec<(String, String)>,
    /// What the person has left to give, where it is shown.
    pub(crate) purse: Option<Purse>,
    /// Who stands in the form and gets no points.
    pub(crate) unpaid: Vec<(String, Without)>,
    /// What the person has received, where it is shown.
    pub(crate) received: Option<Received>,
    /// Whether the person wants no points.
    pub(crate) refuses: bool,
}

impl Page {
    /// Reads what the parameters ask for.
    pub(crate) fn read(context: &Context) -> Result<Self, Error> {
        let mut page = Self::open(context);
        page.thanked = thanked(context)?;
        if page.compose.as_ref().is_some_and(Vec::is_empty) {
            page.compose = Some(page.thanked.clone());
        }
        let found = match (page.show, context.parameter("focus"), context.parameter("sent")) {
            (Show::Button, _, Some(id)) => page.read_one(context, id)?,
            (Show::Button, ..) => None,
            (_, Some(id), _) => match page.read_one(context, id)? {
                None => {
                    page.focus = Focus::Lost;
                    page.read_list(context)?
                }
                found => found,
            },
            (Show::Values, ..) => {
                page.values = page.read_values(context)?;
                None
            }
            _ => page.read_list(context)?,
        };
        if let Some(found) = found {
            page.take(context, found)?;
        }
        page.read_points(context)?;
        Ok(page)
    }

    /// What the person has, where points are shown.
    fn read_points(&mut self, context: &Context) -> Result<(), Error> {
        let Some(person) = context.person().filter(|person| person.active && self.options.points) else {
            return Ok(());
        };
        if let Some(people) = &self.compose {
            let purse = Purse::read(context, &person.id)?;
            let pairs = points::read_pairs(context, &person.id, people)?;
            let refusing = points::read_refusing(context, people)?;
            let without = |(id, pair): (&String, _)| match refusing.contains(id) {
                true => Some((id.clone(), Without::Refused)),
                false => Some((id.clone(), purse.without(pair, 1)?)),
            };
            self.unpaid = people.iter().zip(pairs).filter_map(without).collect();
            self.purse = Some(purse);
        }
        match self.show {
            Show::Given => self.purse = Some(Purse::read(context, &person.id)?),
            Show::Received => {
                self.received = Some(points::read_received(context, &person.id)?);
                self.refuses = points::refuses(context, &person.id)?;
            }
            Show::Feed | Show::Values | Show::Button => {}
        }
        Ok(())
    }

    fn open(context: &Context) -> Self {
        Self {
            options: Options::read(context),
            show: Show::read(context),
            whole_site: context.parameter("scope") == Some("site"),
            focus: Focus::None,
            compose: context.parameter(COMPOSE).map(ids_of),
            thanked: Vec::new(),
            edit: context.parameter("edit").map(str::to_owned),
            menu: context.parameter(MENU).map(str::to_owned),
            continued: false,
            thanks: Vec::new(),
            total: None,
            newer: 0,
            next: None,
            values: Vec::new(),
            titles: Vec::new(),
            purse: None,
            unpaid: Vec::new(),
            received: None,
            refuses: false,
        }
    }

    fn here(&self, query: Query) -> Query {
        if self.whole_site { query.site() } else { query }
    }

    fn read_list(&mut self, context: &Context) -> Result<Option<Found>, Error> {
        let query = || {
            let query = Query::new(Order::Newest, self.options.kudos_per_page).kind(KUDOS).replies(FACES_MAX);
            match (self.show, context.person()) {
                (Show::Received, Some(person)) => query.site().field_is("recipients", &person.id),
                (Show::Given, Some(person)) => query.site().author(&person.id),
                _ => self.here(query).since(context.since()),
            }
        };
        let after = context.parameter("after");
        let found = match context.entries().list(&query().after(after)) {
            // Parameters come from addresses, which people shorten and keep: start again rather than fail.
            Err(Error::Invalid(_)) if after.is_some() => context.entries().list(&query())?,
            other => {
                self.continued = after.is_some();
                other?
            }
        };
        Ok(Some(found))
    }

    /// One alone, with all who have joined in.
    fn read_one(&mut self, context: &Context, id: &str) -> Result<Option<Found>, Error> {
        match context.entries().get_thread(id, None, BOOSTS_MAX) {
            Err(Error::NotFound | Error::Invalid(_)) => Ok(None),
            Err(error) => Err(error),
            Ok(mut found) => {
                let viewer = Viewer::of(context);
                let root = found.entries.first().filter(|root| crate::rules::may_see(root, &viewer));
                let Some(root) = root.map(|root| root.id.to_string()) else { return Ok(None) };
                self.focus = Focus::On(root);
                (found.next, found.newer) = (None, 0);
                Ok(Some(found))
            }
        }
    }

    fn read_values(&self, context: &Context) -> Result<Vec<GroupCount>, Error> {
        let since = context.now().saturating_sub(VALUES_MICROS);
        let query = self.here(Query::new(Order::Newest, VALUES_MAX)).kind(KUDOS).created_since(since);
        context.entries().count_by(&query, Grouping::Field("values"))
    }

    fn take(&mut self, context: &Context, found: Found) -> Result<(), Error> {
        (self.total, self.newer, self.next) = (found.total, found.newer, found.next);
        let viewer = Viewer::of(context);
        for entry in found.entries {
            if entry.kind == KUDOS {
                self.thanks.push(Thanks { entry, boosters: Vec::new(), boosted: false });
            } else if let (Some(last), Some(author)) = (self.thanks.last_mut(), entry.author) {
                last.boosters.push(author);
            }
        }
        // What was taken back keeps a place where somebody had joined in: there is nothing to show of it.
        self.thanks.retain(|thanks| crate::rules::may_see(&thanks.entry, &viewer));
        self.read_own_boosts(context)?;
        self.read_titles(context)
    }

    /// In one question for all: the newest since the oldest thanks that are shown.
    fn read_own_boosts(&mut self, context: &Context) -> Result<(), Error> {
        let oldest = self.thanks.iter().map(|thanks| thanks.entry.created_at).min();
        let (Some(person), Some(oldest)) = (context.person(), oldest) else { return Ok(()) };
        let query = Query::new(Order::Newest, OWN_BOOSTS_MAX).site().kind(BOOST).author(&person.id);
        let own = context.entries().list(&query.created_since(oldest))?.entries;
        for thanks in &mut self.thanks {
            let id = Some(&thanks.entry.id);
            thanks.boosted = own.iter().any(|boost| boost.parent.as_ref() == id);
        }
        Ok(())
    }

    /// Where somebody was thanked, for those of other pages.
    fn read_titles(&mut self, context: &Context) -> Result<(), Error> {
        let here = &context.page().key;
        let pages = self.thanks.iter().map(|thanks| thanks.entry.page.to_string());
        let mut keys: Vec<String> = pages.filter(|key| key != here).collect();
        keys.sort();
        keys.dedup();
        if !keys.is_empty() {
            let pages = context.pages().get_many(&keys)?;
            self.titles = pages.into_iter().map(|page| (page.key, page.title)).collect();
        }
        Ok(())
    }

    /// The title of another page.
    pub(crate) fn title(&self, key: &str) -> Option<&str> {
        let title = self.titles.iter().find(|(known, _)| known == key).map(|(_, title)| title.as_str());
        title.filter(|title| !title.is_empty())
    }
}

/// Those for whom the button is, as far as they are here: the page's owner, or people by id.
fn thanked(context: &Context) -> Result<Vec<String>, Error> {
    let ids = match context.parameter("for") {
        None => return Ok(Vec::new()),
        Some(OWNER) => context.page().owner.iter().cloned().collect(),
        Some(ids) => ids_of(ids),
    };
    if ids.is_empty() {
        return Ok(ids);
    }
    match context.people().get_many(&ids) {
        // An id that is none, in a page's markup: the form opens without it.
        Err(Error::Invalid(_)) => Ok(Vec::new()),
        people => Ok(people?.into_iter().filter(|person| person.active).map(|person| person.id).collect()),
    }
}

/// Those of these people who have thanked the giver within the past 24 hours.
pub(crate) fn read_returned(context: &Context, giver: &str, people: &[String]) -> Result<Vec<String>, Error> {
    let since = context.now().saturating_sub(DAY_MICROS) + 1;
    let mut returned = Vec::new();
    for person in people {
        let query = Query::new(Order::Newest, 1).site().kind(KUDOS).author(person);
        let query = query.field_is("recipients", giver).created_since(since);
        if context.entries().list(&query)?.entries.iter().any(|entry| entry.state == State::Visible) {
            returned.push(person.clone());
        }
    }
    Ok(returned)
}
