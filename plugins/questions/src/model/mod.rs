//! What a call is about: the settings, the person, the state of the view, and what was read for it.

mod experts;
mod list;
mod thread;

use stoa_plugin::{Context, Entry, Error, Grouping, Instant, Order, Person, Query};

pub(crate) use experts::{check_invite, invite};
pub(crate) use list::List;
pub(crate) use thread::{Suggested, Thread, elsewhere, get};

use crate::reputation::{Impact, Reputation};

/// The kinds of entries.
pub(crate) const QUESTION: &str = "question";
pub(crate) const ANSWER: &str = "answer";
pub(crate) const COMMENT: &str = "comment";
pub(crate) const SUGGESTION: &str = "suggestion";

/// The parameter of the question that is open.
pub(crate) const OPEN: &str = "q";

/// The parameter of a hub: `site`, or the start of the keys of its pages.
const SCOPE: &str = "scope";

/// The parameter of the entry whose menu is open.
pub(crate) const MENU: &str = "menu";

/// The parameter that follows what is typed as a title.
pub(crate) const LIKE: &str = "like";

/// From how many characters on similar questions are shown, how many are looked at and how many are shown.
const LIKE_CHARS_MIN: usize = 10;
const SIMILAR_LOOKED_AT: u32 = 20;
const SIMILAR_SHOWN: usize = 5;

/// How many tags are offered.
const TAGS_OFFERED: usize = 40;

const DAY: u64 = 24 * 60 * 60 * 1_000_000;

/// What the admin has set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) length_max: u32,
    pub(crate) comment_length_max: u32,
    pub(crate) questions_per_page: u32,
    pub(crate) answers_shown: u32,
    pub(crate) downvotes: bool,
    pub(crate) tags: Vec<String>,
    pub(crate) tags_reserved: Vec<String>,
    pub(crate) tags_free: bool,
    pub(crate) tag_required: bool,
    pub(crate) review_micros: u64,
    pub(crate) reputation: Reputation,
}

impl Options {
    pub(crate) fn read(context: &Context) -> Self {
        let settings = context.settings();
        Self {
            length_max: settings.count("length_max", 20_000),
            comment_length_max: settings.count("comment_length_max", 1_000),
            questions_per_page: settings.count("questions_per_page", 20).clamp(1, 100),
            answers_shown: settings.count("answers_shown", 20).clamp(1, 100),
            downvotes: settings.boolean("downvotes", false),
            tags: settings.texts("tags"),
            tags_reserved: settings.texts("tags_reserved"),
            tags_free: settings.boolean("tags_free", true),
            tag_required: settings.boolean("tag_required", false),
            review_micros: u64::from(settings.count("review_days", 180)) * DAY,
            reputation: Reputation::named(&settings.text("reputation", "off")),
        }
    }
}

/// Who looks, where and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer<'a> {
    pub(crate) person: Option<&'a Person>,
    pub(crate) may_write: bool,
    pub(crate) closed: bool,
    /// Whether the person looks after the page of this call, and its key.
    pub(crate) owns: bool,
    pub(crate) page: &'a str,
    pub(crate) now: Instant,
}

impl<'a> Viewer<'a> {
    /// At something of another page, as a hub shows it, whose owner has the same rights there; without one at the page of
    /// the call.
    pub(crate) fn at(context: &'a Context, page: Option<&'a stoa_plugin::Page>) -> Self {
        let here = Self::of(context);
        let Some(page) = page else { return here };
        Self {
            may_write: here.person.is_some_and(|person| person.active) && !page.closed,
            closed: page.closed,
            owns: page.owner.as_deref().is_some_and(|owner| context.is(owner)),
            page: &page.key,
            ..here
        }
    }

    pub(crate) fn of(context: &'a Context) -> Self {
        let owner = context.page().owner.as_deref();
        Self {
            person: context.person(),
            may_write: context.may_write(),
            closed: context.page().closed,
            owns: owner.is_some_and(|owner| context.is(owner)),
            page: &context.page().key,
            now: context.now(),
        }
    }
}

/// Where questions are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the page of the call.
    Here,
    /// On all pages whose keys start so.
    Prefix(String),
    /// On all pages.
    Site,
}

impl Place {
    pub(crate) fn read(context: &Context) -> Self {
        match context.parameter(SCOPE) {
            None => Self::Here,
            Some("site") => Self::Site,
            Some(prefix) => Self::Prefix(prefix.to_owned()),
        }
    }

    /// Whether it is more than a page.
    pub(crate) fn is_hub(&self) -> bool {
        *self != Self::Here
    }

    fn of(&self, query: Query) -> Query {
        match self {
            Self::Here => query,
            Self::Prefix(start) => query.prefix(start),
            Self::Site => query.site(),
        }
    }
}

/// Which questions are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    All,
    Unanswered,
    Solved,
    Mine,
    Followed,
}

impl Show {
    pub(crate) const ALL: [Self; 5] = [Self::All, Self::Unanswered, Self::Solved, Self::Mine, Self::Followed];

    /// Its name in parameters, and of its text after `show-`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unanswered => "unanswered",
            Self::Solved => "solved",
            Self::Mine => "mine",
            Self::Followed => "followed",
        }
    }

    /// Whether it is about the person.
    pub(crate) const fn is_personal(self) -> bool {
        matches!(self, Self::Mine | Self::Followed)
    }

    fn read(context: &Context) -> Self {
        let asked = context.parameter("show");
        let known = Self::ALL.into_iter().find(|show| asked == Some(show.name()));
        known.filter(|show| !show.is_personal() || context.person().is_some()).unwrap_or(Self::All)
    }

    fn of(self, query: Query, context: &Context) -> Query {
        match (self, context.person()) {
            (Self::Unanswered, _) => query.field_absent("answers").field_absent("closed"),
            (Self::Solved, _) => query.field_present("accepted"),
            (Self::Mine, Some(person)) => query.author(&person.id),
            (Self::Followed, Some(_)) => query.marked("follow"),
            (Self::All | Self::Mine | Self::Followed, _) => query,
        }
    }
}

/// The name of an order in parameters, and of its text after `sort-`.
pub(crate) fn order_name(order: Order) -> &'static str {
    match order {
        Order::Active => "active",
        Order::Newest => "newest",
        Order::Top => "votes",
        Order::Oldest => "oldest",
        // Not offered.
        Order::Controversial | Order::Ascending(_) | Order::Descending(_) => "",
    }
}

/// The orders of questions, the usual one first.
pub(crate) const ORDERS: [Order; 3] = [Order::Active, Order::Newest, Order::Top];

/// The orders of answers, the usual one first.
pub(crate) const ANSWER_ORDERS: [Order; 3] = [Order::Top, Order::Newest, Order::Oldest];

fn order(context: &Context, parameter: &str, offered: [Order; 3]) -> Order {
    let asked = context.parameter(parameter);
    offered.into_iter().find(|order| asked == Some(order_name(*order))).unwrap_or(offered[0])
}

/// What stands open at an entry: at most one of these in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Answer,
    Comment,
    Edit,
    Close,
    History,
    Suggest,
}

impl Task {
    /// All of them; each takes the others' place.
    pub(crate) const ALL: [Self; 6] =
        [Self::Answer, Self::Comment, Self::Edit, Self::Close, Self::History, Self::Suggest];

    /// Its parameter; the value is the entry's id.
    pub(crate) const fn parameter(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Comment => "comment",
            Self::Edit => "edit",
            Self::Close => "close",
            Self::History => "history",
            Self::Suggest => "suggest",
        }
    }

    fn read(context: &Context) -> Option<(Self, String)> {
        Self::ALL.into_iter().find_map(|task| Some((task, context.parameter(task.parameter())?.to_owned())))
    }
}

/// Everything that the view shows.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) options: Options,
    pub(crate) place: Place,
    pub(crate) task: Option<(Task, String)>,
    pub(crate) menu: Option<String>,
    /// The title of the question that is being asked.
    pub(crate) asks: Option<String>,
    /// What is known already that may answer what is being asked.
    pub(crate) similar: Vec<Entry>,
    /// The tags that are offered where somebody asks or edits a question.
    pub(crate) tags: Vec<String>,
    pub(crate) shown: Shown,
    /// How the person has helped, in a list.
    pub(crate) impact: Option<Impact>,
}

/// What the view is about.
#[derive(Debug)]
pub(crate) enum Shown {
    List(List),
    Thread(Box<Thread>),
}

impl Page {
    /// Whether this stands open at this entry.
    pub(crate) fn is_open(&self, task: Task, id: &str) -> bool {
        self.task.as_ref().is_some_and(|(open, at)| *open == task && at == id)
    }

    /// Reads what the parameters ask for.
    pub(crate) fn read(context: &Context) -> Result<Self, Error> {
        let options = Options::read(context);
        let place = Place::read(context);
        let task = Task::read(context);
        let asks = context.parameter("ask").map(str::to_owned);
        let thread = match context.parameter(OPEN).or_else(|| context.parameter("focus")) {
            Some(id) => Thread::read(context, id, &options, task.as_ref())?.map(Box::new),
            None => None,
        };
        let shown = match thread {
            Some(thread) => Shown::Thread(thread),
            None => Shown::List(List::read(context, &place, &options)?),
        };
        let edits_question = |shown: &Shown| match (shown, &task) {
            (Shown::Thread(thread), Some((Task::Edit, id))) => *thread.question.id == **id,
            (Shown::List(_), _) => asks.is_some(),
            _ => false,
        };
        let tags = if edits_question(&shown) { tags(context, &options)? } else { Vec::new() };
        let menu = context.parameter(MENU).map(str::to_owned);
        let similar = match (&shown, asks.as_deref().or(context.parameter(LIKE))) {
            (Shown::List(_), Some(title)) => similar(context, title)?,
            _ => Vec::new(),
        };
        let impact = match shown {
            Shown::List(_) => Impact::read(context, options.reputation)?,
            Shown::Thread(_) => None,
        };
        Ok(Self { options, place, task, menu, asks, similar, tags, shown, impact })
    }
}

/// Known questions like a title of ten characters or more: those of the page first, and of each the solved ones first.
fn similar(context: &Context, title: &str) -> Result<Vec<Entry>, Error> {
    let title = title.trim();
    if title.chars().count() < LIKE_CHARS_MIN || context.person().is_none() {
        return Ok(Vec::new());
    }
    let known = Query::new(Order::Top, SIMILAR_LOOKED_AT).site().kind(QUESTION);
    let mut found = context.entries().find_similar(&known, title)?;
    // What leads elsewhere is no answer.
    found.retain(|entry| entry.text("closed").is_none());
    found.sort_by_key(|entry| (entry.page != context.page().key, entry.text("accepted").is_none()));
    found.truncate(SIMILAR_SHOWN);
    Ok(found)
}

/// Tags to choose from: the admin's, then those used most.
fn tags(context: &Context, options: &Options) -> Result<Vec<String>, Error> {
    let mut tags = options.tags.clone();
    if options.tags_free {
        let all = Query::new(Order::Newest, 30).site().kind(QUESTION);
        let used = context.entries().count_by(&all, Grouping::Field("tags"))?;
        tags.extend(used.into_iter().map(|group| group.key));
    }
    let mut offered: Vec<String> = Vec::new();
    for tag in tags {
        if !offered.contains(&tag) && offered.len() < TAGS_OFFERED {
            offered.push(tag);
        }
    }
    Ok(offered)
}

/// What has become of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Open,
    Answered,
    Solved,
    Closed,
}

impl Status {
    pub(crate) fn of(question: &Entry) -> Self {
        if question.text("closed").is_some() {
            Self::Closed
        } else if question.text("accepted").is_some() {
            Self::Solved
        } else if question.number("answers").unwrap_or(0) > 0 {
            Self::Answered
        } else {
            Self::Open
        }
    }
}
