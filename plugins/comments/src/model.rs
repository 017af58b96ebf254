//! What a call is about: the settings, the person, the state of the view, and the threads as a tree.

use stoa_plugin::{Context, Cursor, Entry, Error, Found, Instant, Order, Person, Query, Revision, SmolStr};

/// What an entry of this plugin is.
pub(crate) const KIND: &str = "comment";

/// How deep replies are indented; deeper ones stand at this depth and say whom they answer.
pub(crate) const DEPTH_MAX: u32 = 3;

/// The most threads that one view shows before it goes on to the next page.
const LIMIT_MAX: u32 = 100;

/// The most answers of one opened thread.
pub(crate) const ANSWERS_MAX: u32 = 200;

/// How many parts of a long thread are searched for one comment before it is shown with its ancestors alone.
const PARTS_SEARCHED_MAX: usize = 5;

/// The most ancestors that are shown with a comment then.
const ANCESTORS_MAX: usize = 20;

/// The most earlier texts that are shown, and the most bytes of them in all: a view has room for 256 KiB.
const REVISIONS_MAX: usize = 20;
const REVISION_BYTES_MAX: usize = 96 * 1024;

/// The most bytes of one earlier text: a view takes strings of 32 KiB.
const REVISION_BODY_BYTES_MAX: usize = 32_000;

/// The most threads that are opened: a parameter's value has room for so many ids of 36 characters.
const OPEN_MAX: usize = 6;

/// Stands between ids: a character that stays itself in a query string.
const ID_SEPARATOR: char = '.';

/// The most posts of a view: at 1.4 KB of HTML each some 600 KB.
const POSTS_MAX: u32 = 420;

/// The most nodes that posts may take of the 4,000 that a view may have.
const POST_NODES_MAX: u32 = 3_800;

/// What the admin has set.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) edit_window_micros: u64,
    pub(crate) length_max: u32,
    pub(crate) roots_per_page: u32,
    pub(crate) replies_shown: u32,
    pub(crate) mentions_max: usize,
    pub(crate) downvotes: bool,
    pub(crate) reactions: bool,
}

impl Options {
    pub(crate) fn read(context: &Context) -> Self {
        let settings = context.settings();
        Self {
            edit_window_micros: u64::from(settings.count("edit_window_minutes", 15)) * 60_000_000,
            length_max: settings.count("length_max", 5000),
            roots_per_page: settings.count("roots_per_page", 20).clamp(1, LIMIT_MAX),
            replies_shown: settings.count("replies_shown", 3).min(50),
            mentions_max: settings.count("mentions_max", 10) as usize,
            downvotes: settings.boolean("downvotes", false),
            reactions: settings.boolean("reactions", false),
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

    pub(crate) fn moderates(&self) -> bool {
        self.person.is_some_and(Person::moderates)
    }
}

/// The name of an order in parameters, and of its text after `sort-`.
pub(crate) fn order_name(order: Order) -> &'static str {
    match order {
        Order::Newest => "newest",
        Order::Oldest => "oldest",
        Order::Top => "top",
        Order::Controversial => "controversial",
        // Not offered.
        Order::Active | Order::Ascending(_) | Order::Descending(_) => "",
    }
}

fn order_of(name: &str) -> Option<Order> {
    [Order::Newest, Order::Oldest, Order::Top, Order::Controversial]
        .into_iter()
        .find(|order| order_name(*order) == name)
}

/// The order that the person has chosen, or else the admin.
fn order(context: &Context) -> Order {
    let chosen = context.parameter("sort").and_then(order_of);
    chosen.or_else(|| order_of(&context.settings().text("sort", "newest"))).unwrap_or(Order::Newest)
}

/// How many threads the view shows, and how many have room in it.
fn limits(context: &Context, options: &Options) -> (u32, u32) {
    let room = posts_max(&Viewer::of(context)) / (1 + options.replies_shown);
    let most = room.clamp(1, LIMIT_MAX);
    let asked = context.parameter("limit").and_then(|limit| limit.parse::<u32>().ok());
    (asked.unwrap_or(0).max(options.roots_per_page).min(most), most)
}

/// Whether somebody who posts now sees the new comment where it is sorted: on top, or among so few that all
/// are shown.
pub(crate) fn shows_a_new_comment(context: &Context, options: &Options) -> Result<bool, Error> {
    let order = order(context);
    if order == Order::Newest {
        return Ok(true);
    }
    let total = context.entries().list(&Query::new(order, 1))?.total;
    Ok(total.is_some_and(|total| total < limits(context, options).0))
}

/// What stands open at a comment: at most one of these in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// The composer below a comment.
    Reply,
    /// The composer instead of a comment.
    Edit,
    /// The composer for a note below a comment.
    Update,
    /// The earlier texts of a comment.
    History,
}

impl Task {
    /// All of them; each takes the others' place.
    pub(crate) const ALL: [Self; 4] = [Self::Reply, Self::Edit, Self::Update, Self::History];

    /// Its parameter; the value is the comment's id.
    pub(crate) const fn parameter(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Edit => "edit",
            Self::Update => "update",
            Self::History => "history",
        }
    }

    fn read(context: &Context) -> Option<(Self, String)> {
        Self::ALL.into_iter().find_map(|task| Some((task, context.parameter(task.parameter())?.to_owned())))
    }
}

/// The parameter of the comment whose menu is open.
pub(crate) const MENU: &str = "menu";

/// The threads that are opened.
pub(crate) fn open_threads(context: &Context) -> Vec<String> {
    let ids = context.parameter("open").unwrap_or_default().split(ID_SEPARATOR);
    ids.filter(|id| !id.is_empty()).take(OPEN_MAX).map(str::to_owned).collect()
}

/// The value of `open` with one more thread. With no room left, the one opened first is closed.
pub(crate) fn opened(open: &[String], id: &str) -> String {
    let mut ids: Vec<&str> = open.iter().map(String::as_str).filter(|known| *known != id).collect();
    if ids.len() >= OPEN_MAX {
        ids.remove(0);
    }
    ids.push(id);
    ids.join(&ID_SEPARATOR.to_string())
}

/// The value of `open` without a thread.
pub(crate) fn closed(open: &[String], id: &str) -> String {
    let ids: Vec<&str> = open.iter().map(String::as_str).filter(|known| *known != id).collect();
    ids.join(&ID_SEPARATOR.to_string())
}

/// How many posts a view has room for: what waits or is reported has more nodes for those who decide about it.
fn posts_max(viewer: &Viewer<'_>) -> u32 {
    let nodes_of_a_post = if viewer.moderates() { 12 } else { 6 };
    (POST_NODES_MAX / nodes_of_a_post).min(POSTS_MAX)
}

/// Everything that the view shows.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) options: Options,
    pub(crate) order: Order,
    pub(crate) limit: u32,
    /// How many threads have room in one view.
    pub(crate) limit_max: u32,
    /// Whether these are not the first threads.
    pub(crate) continued: bool,
    pub(crate) focus: Focus,
    pub(crate) task: Option<(Task, String)>,
    /// The comment whose menu is open.
    pub(crate) menu: Option<String>,
    pub(crate) open: Vec<String>,
    pub(crate) follows: bool,
    /// How many comments there are; none where that would read too much.
    pub(crate) total: Option<u32>,
    pub(crate) newer: u32,
    pub(crate) next: Option<Cursor>,
    pub(crate) threads: Vec<Thread>,
    /// Earlier texts, where the task asks for them.
    pub(crate) revisions: Vec<Revision>,
}

/// Whether one comment is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// No: the page's comments.
    None,
    /// This one, shown with its thread.
    On(String),
    /// One that is not there (any more).
    Lost,
}

impl Page {
    /// Whether this stands open at this comment.
    pub(crate) fn is_open(&self, task: Task, id: &str) -> bool {
        self.task.as_ref().is_some_and(|(open, at)| *open == task && at == id)
    }

    /// Reads what the parameters ask for.
    pub(crate) fn read(context: &Context) -> Result<Self, Error> {
        let options = Options::read(context);
        let posts_max = posts_max(&Viewer::of(context));
        let (limit, limit_max) = limits(context, &options);
        let task = Task::read(context);
        let mut page = Self {
            order: order(context),
            limit,
            limit_max,
            continued: false,
            focus: Focus::None,
            open: open_threads(context),
            follows: context.person().is_some()
                && context.marks().get_own(&context.here(), "follow")?.is_some(),
            total: None,
            newer: 0,
            next: None,
            threads: Vec::new(),
            revisions: Vec::new(),
            task,
            menu: context.parameter(MENU).map(str::to_owned),
            options,
        };
        let threads = match context.parameter("focus") {
            Some(id) => page.read_focus(context, id)?,
            None => page.read_list(context)?,
        };
        page.total = threads.total;
        page.newer = threads.newer;
        page.next = threads.next;
        let entries = fit(threads.entries, page.options.replies_shown, posts_max);
        page.threads = grow(entries);
        if let Some((Task::History, id)) = &page.task {
            page.revisions = match context.entries().list_revisions(id) {
                Err(Error::NotFound | Error::Denied | Error::Invalid(_)) => Vec::new(),
                other => newest_that_fit(other?),
            };
        }
        Ok(page)
    }

    fn read_list(&mut self, context: &Context) -> Result<Found, Error> {
        let first =
            Query::new(self.order, self.limit).replies(self.options.replies_shown).since(context.since());
        let after = context.parameter("after");
        self.continued = after.is_some();
        match context.entries().list(&first.clone().after(after).expanded(&self.open)) {
            // Parameters come from addresses, which people shorten and keep: a cursor of another order, an id
            // that is none. Start again rather than fail.
            Err(Error::Invalid(_)) => {
                self.continued = false;
                self.open.clear();
                context.entries().list(&first)
            }
            other => other,
        }
    }

    /// The thread of one comment: the part of it that the cursor names or, at first, that it stands in.
    fn read_focus(&mut self, context: &Context, id: &str) -> Result<Found, Error> {
        let mut after = context.parameter("after").map(str::to_owned);
        let mut searching = after.is_none();
        self.continued = !searching;
        let mut parts = 0;
        loop {
            parts += 1;
            match context.entries().get_thread(id, after.as_ref(), ANSWERS_MAX) {
                Err(Error::Invalid(_)) if !searching => {
                    (after, searching, self.continued) = (None, true, false);
                }
                Err(Error::NotFound | Error::Invalid(_)) => {
                    self.focus = Focus::Lost;
                    return self.read_list(context);
                }
                Err(error) => return Err(error),
                Ok(threads) => {
                    let found = threads.entries.iter().any(|entry| entry.id == id);
                    if found || !searching || threads.next.is_none() {
                        self.focus = Focus::On(id.to_owned());
                        return Ok(threads);
                    }
                    if parts == PARTS_SEARCHED_MAX {
                        self.focus = Focus::On(id.to_owned());
                        self.continued = false;
                        return Ok(Found { entries: line_to(context, id)?, next: None, ..threads });
                    }
                    self.continued = true;
                    after = threads.next;
                }
            }
        }
    }
}

/// A comment with what it answers, up to the start of its thread, which comes first.
fn line_to(context: &Context, id: &str) -> Result<Vec<Entry>, Error> {
    let mut line: Vec<Entry> = Vec::new();
    let mut next = Some(SmolStr::from(id));
    while let Some(id) = next.filter(|_| line.len() < ANCESTORS_MAX) {
        let entry = context.entries().get(&id)?;
        next = entry.as_ref().and_then(|entry| entry.parent.clone());
        line.extend(entry);
    }
    if let Some(root) = line.last().filter(|last| last.parent.is_some()).map(|last| last.root.clone()) {
        line.extend(context.entries().get(&root)?);
    }
    line.reverse();
    Ok(line)
}

/// Earlier texts, as many as a view has room for.
fn newest_that_fit(mut revisions: Vec<Revision>) -> Vec<Revision> {
    let mut room = REVISION_BYTES_MAX;
    revisions.truncate(REVISIONS_MAX);
    for revision in &mut revisions {
        let most = revision.body.floor_char_boundary(room.min(REVISION_BODY_BYTES_MAX));
        revision.body.truncate(most);
        room -= most;
    }
    revisions.retain(|revision| !revision.body.is_empty());
    revisions
}

/// Leaves answers of opened threads out where the view has no room for all.
fn fit(mut entries: Vec<Entry>, replies_shown: u32, posts_max: u32) -> Vec<Entry> {
    let mut over = entries.len().saturating_sub(posts_max as usize);
    let mut end = entries.len();
    // From the end, so that what is read first stays whole; each thread keeps what it shows unopened.
    for place in (0..entries.len()).rev() {
        if over > 0 && entries.get(place).is_some_and(|entry| entry.parent.is_none()) {
            let answers = end - place - 1;
            let cut = over.min(answers.saturating_sub(replies_shown as usize));
            entries.drain(end - cut..end);
            over -= cut;
            end = place;
        }
    }
    entries
}

/// A comment with its answers as they are indented.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) entry: Entry,
    pub(crate) answers: Vec<Thread>,
    /// Whether it stands elsewhere than right below what it answers.
    pub(crate) moved: bool,
}

impl Thread {
    /// How many living answers are here, at any depth.
    pub(crate) fn answers_here(&self) -> u32 {
        let living = |thread: &Self| u32::from(thread.entry.state == stoa_plugin::State::Visible);
        self.answers.iter().map(|answer| living(answer) + answer.answers_here()).sum()
    }
}

/// Makes trees of the list: each start is followed by its answers, oldest first, so what is answered comes
/// before its answers unless it was left out.
pub(crate) fn grow(entries: Vec<Entry>) -> Vec<Thread> {
    let mut starts: Vec<Thread> = Vec::new();
    for entry in entries {
        match &entry.parent {
            None => starts.push(Thread { entry, answers: Vec::new(), moved: false }),
            Some(_) => {
                if let Some(start) = starts.last_mut() {
                    plant(start, entry);
                }
            }
        }
    }
    starts
}

fn plant(start: &mut Thread, entry: Entry) {
    let path = path_to(start, entry.parent.as_deref().unwrap_or_default());
    let moved = path.as_ref().is_none_or(|path| path.len() >= DEPTH_MAX as usize);
    let mut path = path.unwrap_or_default();
    path.truncate(DEPTH_MAX as usize - 1);
    hang(start, &path, Thread { entry, answers: Vec::new(), moved });
}

fn hang(place: &mut Thread, path: &[usize], answer: Thread) {
    match path.split_first() {
        Some((step, rest)) => {
            if let Some(next) = place.answers.get_mut(*step) {
                hang(next, rest, answer);
            }
        }
        None => place.answers.push(answer),
    }
}

/// Which answers to go through from the start to the entry; none where it is not here.
fn path_to(thread: &Thread, id: &str) -> Option<Vec<usize>> {
    if thread.entry.id == id {
        return Some(Vec::new());
    }
    thread.answers.iter().enumerate().rev().find_map(|(place, answer)| {
        let mut path = path_to(answer, id)?;
        path.insert(0, place);
        Some(path)
    })
}
