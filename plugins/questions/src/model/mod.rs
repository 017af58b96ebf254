//! What a call is about: the settings, the person, the state of the view, and what was read for it.

use std::collections::BTreeMap;

use stoa_plugin::{
    Context, Cursor, Entry, Error, Found, Grouping, Instant, Order, Person, Query, Revision, State,
};

use crate::reputation::{Impact, Reputation};

/// The kinds of entries.
pub(crate) const QUESTION: &str = "question";
pub(crate) const ANSWER: &str = "answer";
pub(crate) const COMMENT: &str = "comment";

/// The parameter of the question that is open.
pub(crate) const OPEN: &str = "q";

/// The parameter of a hub: `site`, or the start of the keys of its pages.
const SCOPE: &str = "scope";

/// The parameter of the entry whose menu is open.
pub(crate) const MENU: &str = "menu";

/// The comments below a question or answer that are shown at first, and when all are asked for.
const COMMENTS_SHOWN: u32 = 3;
const COMMENTS_MAX: u32 = 100;

/// The most earlier texts that are shown, and the most bytes of them in all: a view has room for 256 KiB.
const REVISIONS_MAX: usize = 20;
const REVISION_BYTES_MAX: usize = 96 * 1024;

/// The most bytes of one earlier text: a view takes strings of 32 KiB.
const REVISION_BODY_BYTES_MAX: usize = 32_000;

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
}

impl Task {
    /// All of them; each takes the others' place.
    pub(crate) const ALL: [Self; 5] = [Self::Answer, Self::Comment, Self::Edit, Self::Close, Self::History];

    /// Its parameter; the value is the entry's id.
    pub(crate) const fn parameter(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Comment => "comment",
            Self::Edit => "edit",
            Self::Close => "close",
            Self::History => "history",
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

/// Questions.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) show: Show,
    pub(crate) order: Order,
    pub(crate) tag: Option<String>,
    pub(crate) follows: bool,
    /// Whether these are not the first ones.
    pub(crate) continued: bool,
    /// Whether a question was asked for that is not there (any more).
    pub(crate) lost: bool,
    pub(crate) found: Found,
    /// Who has answered as the question needed, by the id of the answer.
    pub(crate) solvers: BTreeMap<String, String>,
    /// The titles of other pages, by their keys.
    pub(crate) titles: BTreeMap<String, String>,
}

/// One question.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) question: Entry,
    pub(crate) has_body: bool,
    /// What it is a duplicate of.
    pub(crate) original: Option<Entry>,
    /// The title of its page, where that is another one.
    pub(crate) page_title: Option<String>,
    pub(crate) order: Order,
    /// The entry that the person came for.
    pub(crate) focus: Option<String>,
    /// The accepted answer, then the one that the person came for, then the others in their order.
    pub(crate) answers: Vec<Entry>,
    pub(crate) continued: bool,
    pub(crate) newer: u32,
    pub(crate) next: Option<Cursor>,
    /// The person's own answer.
    pub(crate) own: Option<String>,
    /// Below the question and below answers, by the id of what they stand below.
    pub(crate) comments: BTreeMap<String, Comments>,
    /// Earlier texts, where the task asks for them.
    pub(crate) revisions: Vec<Revision>,
}

/// Some comments, and how many there are beyond them.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    pub(crate) entries: Vec<Entry>,
    pub(crate) hidden: u32,
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

impl List {
    fn read(context: &Context, place: &Place, options: &Options) -> Result<Self, Error> {
        let (show, order) = (Show::read(context), order(context, "sort", ORDERS));
        let tag = context.parameter("tag").map(str::to_owned);
        let query = Query::new(order, options.questions_per_page).roots().kind(QUESTION);
        let mut query = show.of(place.of(query), context).since(context.since());
        if let Some(tag) = &tag {
            query = query.field_is("tags", tag);
        }
        let after = context.parameter("after");
        let (found, continued) = match context.entries().list(&query.clone().after(after)) {
            // Parameters come from addresses, which people shorten and keep: start again rather than fail.
            Err(Error::Invalid(_)) if after.is_some() => (context.entries().list(&query)?, false),
            other => (other?, after.is_some()),
        };
        let follows =
            context.person().is_some() && context.marks().get_own(&context.here(), "follow")?.is_some();
        let lost = context.parameter(OPEN).or_else(|| context.parameter("focus")).is_some();
        let (solvers, titles) = (solvers(context, &found)?, titles(context, &found.entries)?);
        Ok(Self { show, order, tag, follows, continued, lost, found, solvers, titles })
    }
}

/// Who wrote the accepted answers.
fn solvers(context: &Context, found: &Found) -> Result<BTreeMap<String, String>, Error> {
    let accepted = found.entries.iter().filter_map(|entry| entry.text("accepted"));
    let ids: Vec<String> = accepted.map(str::to_owned).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let answers = context.entries().get_many(&ids)?;
    let author = |answer: Entry| Some((answer.id.to_string(), answer.author?.to_string()));
    Ok(answers.into_iter().filter_map(author).collect())
}

/// The titles of the pages of entries that are not on this one.
fn titles(context: &Context, entries: &[Entry]) -> Result<BTreeMap<String, String>, Error> {
    let mut keys: Vec<String> = entries.iter().map(|entry| entry.page.to_string()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| *key != context.page().key);
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let pages = context.pages().get_many(&keys)?;
    Ok(pages.into_iter().map(|page| (page.key, page.title)).collect())
}

impl Thread {
    /// The thread of an entry; none where that is not there (any more).
    fn read(
        context: &Context,
        id: &str,
        options: &Options,
        task: Option<&(Task, String)>,
    ) -> Result<Option<Self>, Error> {
        let Some(named) = get(context, id)? else { return Ok(None) };
        let question = if named.parent.is_some() { get(context, &named.root)? } else { Some(named.clone()) };
        let Some(question) = question.filter(|question| question.kind == QUESTION) else { return Ok(None) };
        let focus = context.parameter("focus").map(str::to_owned);
        let focus = focus.or_else(|| named.parent.is_some().then(|| named.id.to_string()));
        let living = !matches!(question.state, State::Deleted | State::Removed);
        let original = match question.text("duplicate_of") {
            Some(original) => get(context, original)?.filter(|entry| entry.state == State::Visible),
            None => None,
        };
        let mut thread = Self {
            has_body: living && !context.entries().get_body(&question.id)?.is_empty(),
            original,
            page_title: titles(context, std::slice::from_ref(&question))?.into_values().next(),
            order: order(context, "by", ANSWER_ORDERS),
            focus,
            answers: Vec::new(),
            continued: false,
            newer: 0,
            next: None,
            own: None,
            comments: BTreeMap::new(),
            revisions: revisions(context, task)?,
            question,
        };
        thread.read_answers(context, options)?;
        thread.read_comments(context)?;
        Ok(Some(thread))
    }

    fn below(&self, context: &Context, id: &str, query: Query) -> Query {
        let query =
            if self.question.page == context.page().key { query } else { query.page(&self.question.page) };
        query.parent(id)
    }

    fn read_answers(&mut self, context: &Context, options: &Options) -> Result<(), Error> {
        let query = Query::new(self.order, options.answers_shown);
        let query = self.below(context, &self.question.id, query).kind(ANSWER).since(context.since());
        let after = context.parameter("after");
        let (found, continued) = match context.entries().list(&query.clone().after(after)) {
            Err(Error::Invalid(_)) if after.is_some() => (context.entries().list(&query)?, false),
            other => (other?, after.is_some()),
        };
        (self.continued, self.newer, self.next) = (continued, found.newer, found.next);
        let accepted = self.question.text("accepted").map(str::to_owned);
        if !continued {
            // The one that the person came for stands before the others only where it would not be found otherwise.
            let focused = self.focused_answer(context)?;
            let missing = |id: &String| !found.entries.iter().any(|entry| *entry.id == **id);
            for id in accepted.iter().cloned().chain(focused.filter(missing)) {
                let known = found.entries.iter().find(|entry| *entry.id == *id).cloned();
                let entry = known.map_or_else(|| get(context, &id), |known| Ok(Some(known)))?;
                let new = |entry: &Entry| self.answers.iter().all(|one| one.id != entry.id);
                self.answers.extend(entry.filter(|entry| entry.kind == ANSWER && new(entry)));
            }
        }
        for entry in found.entries {
            // The accepted one was the first.
            let first = continued && accepted.as_deref() == Some(entry.id.as_str());
            if !first && self.answers.iter().all(|one| one.id != entry.id) {
                self.answers.push(entry);
            }
        }
        if let Some(person) = context.person() {
            let own = Query::new(Order::Newest, 1);
            let own = self.below(context, &self.question.id, own).kind(ANSWER).author(&person.id);
            let found = context.entries().list(&own)?.entries;
            let open = |entry: &&Entry| matches!(entry.state, State::Visible | State::Held);
            self.own = found.iter().find(open).map(|entry| entry.id.to_string());
        }
        Ok(())
    }

    /// The answer that the person came for, or the one that the comment stands below.
    fn focused_answer(&self, context: &Context) -> Result<Option<String>, Error> {
        let Some(id) = &self.focus else { return Ok(None) };
        let entry = get(context, id)?;
        Ok(entry.and_then(|entry| match entry.kind.as_str() {
            ANSWER => Some(entry.id.to_string()),
            _ => entry.parent.map(|parent| parent.to_string()),
        }))
    }

    fn read_comments(&mut self, context: &Context) -> Result<(), Error> {
        let answered = self.question.number("answers").unwrap_or(0);
        let question = i64::from(self.question.replies) > answered || answered == 0;
        let answers = self.answers.iter().filter(|answer| answer.replies > 0 || answer.author.is_none());
        let mut below: Vec<String> = answers.map(|answer| answer.id.to_string()).collect();
        below.extend(question.then(|| self.question.id.to_string()));
        let opened = context.parameter("comments");
        let focused = self.focus.as_deref().map_or(Ok(None), |id| get(context, id))?;
        for id in below {
            let all = opened == Some(id.as_str())
                || focused
                    .as_ref()
                    .is_some_and(|entry| entry.kind == COMMENT && entry.parent.as_deref() == Some(&id));
            let limit = if all { COMMENTS_MAX } else { COMMENTS_SHOWN };
            let query = self.below(context, &id, Query::new(Order::Oldest, limit)).kind(COMMENT);
            let found = context.entries().list(&query)?;
            let shown = u32::try_from(found.entries.len()).unwrap_or(u32::MAX);
            let hidden = found.total.unwrap_or(0).saturating_sub(shown);
            self.comments.insert(id, Comments { entries: found.entries, hidden });
        }
        Ok(())
    }
}

/// An entry by an id from an address.
pub(crate) fn get(context: &Context, id: &str) -> Result<Option<Entry>, Error> {
    match context.entries().get(id) {
        Err(Error::Invalid(_)) => Ok(None),
        other => other,
    }
}

/// Earlier texts, as many as a view has room for.
fn revisions(context: &Context, task: Option<&(Task, String)>) -> Result<Vec<Revision>, Error> {
    let Some((Task::History, id)) = task else { return Ok(Vec::new()) };
    let mut revisions = match context.entries().list_revisions(id) {
        Err(Error::NotFound | Error::Denied | Error::Invalid(_)) => Vec::new(),
        other => other?,
    };
    let mut room = REVISION_BYTES_MAX;
    revisions.truncate(REVISIONS_MAX);
    for revision in &mut revisions {
        let most = revision.body.floor_char_boundary(room.min(REVISION_BODY_BYTES_MAX));
        revision.body.truncate(most);
        room -= most;
    }
    revisions.retain(|revision| !revision.body.is_empty());
    Ok(revisions)
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
