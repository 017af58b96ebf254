//! The host's functions, under the names that the bindings give them, answered from the call that runs on this
//! thread.

mod points;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use stoa_rules::{Capability, Change, Class, Requirement, check_class, limits};

pub(crate) use points::{ledger, ledger_write};

use super::convert::{self, WrittenOut, invalid};
use super::world::{Viewer, World};
use crate::view::Parameter;
use crate::{Error, Person, Quota, Text};

/// The call that runs.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) world: Rc<RefCell<World>>,
    pub(crate) page: String,
    pub(crate) person: Option<Person>,
    /// The class of the verb; none in a view, which may not record.
    pub(crate) class: Option<Class>,
    pub(crate) rows: usize,
    /// The entries that the call has read: only those can be shown.
    pub(crate) read: BTreeSet<String>,
    pub(crate) randoms: u64,
    pub(crate) log: Vec<String>,
    pub(crate) changes: Vec<Change>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) navigation: Vec<Parameter>,
    pub(crate) announce: Option<Text>,
    pub(crate) focus: Option<String>,
}

impl Call {
    pub(crate) fn new(
        world: Rc<RefCell<World>>,
        page: String,
        person: Option<Person>,
        class: Option<Class>,
    ) -> Self {
        Self {
            world,
            page,
            person,
            class,
            rows: 0,
            read: BTreeSet::new(),
            randoms: 0,
            log: Vec::new(),
            changes: Vec::new(),
            requirements: Vec::new(),
            navigation: Vec::new(),
            announce: None,
            focus: None,
        }
    }

    fn check_granted(&self, capability: Capability) -> Result<(), Error> {
        if self.world.borrow().grants.contains(capability) {
            return Ok(());
        }
        Err(Error::NotGranted(capability.name().to_owned()))
    }

    fn record(&mut self, change: Change) -> Result<(), Error> {
        self.check_granted(change.capability())?;
        let class = self.class.ok_or(Error::NotHere)?;
        {
            let world = self.world.borrow();
            let written = WrittenOut(&world).change(&change);
            let checked = written.check(&world.declared, &|setting| world.number(setting));
            checked.map_err(convert::problem)?;
            check_room("changes", self.changes.len(), limits::CHANGES_MAX)?;
            let allowed = check_class(class, &change, &world.declared.kinds);
            allowed.map_err(|problem| invalid("class", problem.to_string()))?;
        }
        self.changes.push(change);
        Ok(())
    }

    fn require(&mut self, requirement: Requirement) -> Result<(), Error> {
        let granted = self.world.borrow().grants;
        if let Some(missing) = requirement.condition.missing(granted) {
            return Err(Error::NotGranted(missing.name().to_owned()));
        }
        if self.class.is_none() {
            return Err(Error::NotHere);
        }
        let written = WrittenOut(&self.world.borrow()).requirement(&requirement);
        written.check(&self.world.borrow().declared).map_err(convert::problem)?;
        check_room("conditions", self.requirements.len(), limits::CONDITIONS_MAX)?;
        self.requirements.push(requirement);
        Ok(())
    }
}

fn check_room(name: &str, used: usize, most: usize) -> Result<(), Error> {
    if used < most {
        return Ok(());
    }
    Err(Error::Quota(Quota { name: name.to_owned(), limit: most as u64 }))
}

thread_local! {
    static CALL: RefCell<Option<Call>> = const { RefCell::new(None) };
}

/// Runs `plugin` as the call; gives back what it returned and what the call left behind.
pub(crate) fn during<R>(call: Call, plugin: impl FnOnce() -> R) -> (R, Call) {
    CALL.with_borrow_mut(|slot| *slot = Some(call));
    let result = plugin();
    let call = CALL.with_borrow_mut(Option::take);
    (result, call.expect("only this function takes the call away"))
}

fn ask<R>(question: impl FnOnce(&mut Call) -> R) -> R {
    CALL.with_borrow_mut(|slot| {
        let call = slot.as_mut();
        question(call.expect("the host answers only while a TestHost runs `view` or `act`"))
    })
}

/// Reads as the person of the call; `rows` says how many rows the answer costs.
fn read<R>(
    capability: Capability,
    question: impl FnOnce(&World, Viewer<'_>) -> Result<R, Error>,
    rows: impl FnOnce(&R) -> usize,
) -> Result<R, Error> {
    ask(|call| {
        call.check_granted(capability)?;
        let world = Rc::clone(&call.world);
        let answer = question(&world.borrow(), Viewer { page: &call.page, person: call.person.as_ref() })?;
        call.rows += rows(&answer);
        if call.rows > limits::ROWS_MAX {
            return Err(Error::Quota(Quota { name: "rows".to_owned(), limit: limits::ROWS_MAX as u64 }));
        }
        Ok(answer)
    })
}

pub(crate) mod entries {
    use stoa_rules::Capability::Entries;
    use stoa_rules::limits;

    use super::{ask, read};
    use crate::bindings::stoa::plugin::entries::{
        EntryList, Filter, Found, GroupCount, Grouping, Query, Scope,
    };
    use crate::testing::convert;
    use crate::testing::query::Similar;
    use crate::testing::world::{Row, World, check_number_of, count as number_of};
    use crate::{Error, Revision};

    /// Remembers what was read, for the view.
    fn remember(list: &EntryList) {
        let ids = list.entries.iter().filter_map(|entry| list.strings.get(entry.id as usize));
        ask(|call| call.read.extend(ids.cloned()));
    }

    pub(crate) fn list_entries(query: &Query) -> Result<Found, Error> {
        let query = convert::query(query)?;
        let rows = |found: &Found| found.entries.entries.len();
        let found = read(Entries, |world, viewer| world.find(viewer, &query), rows)?;
        remember(&found.entries);
        Ok(found)
    }

    pub(crate) fn get_thread(id: &str, after: Option<&str>, limit: u32) -> Result<Found, Error> {
        let rows = |found: &Found| found.entries.entries.len();
        let found = read(Entries, |world, viewer| world.thread(viewer, id, after, limit), rows)?;
        remember(&found.entries);
        Ok(found)
    }

    pub(crate) fn find_similar(
        text: &str,
        kind: &str,
        scope: &Scope,
        limit: u32,
    ) -> Result<EntryList, Error> {
        let scope = convert::scope(scope);
        let wanted = Similar { text, kind, scope: &scope, limit };
        let list = read(Entries, |world, viewer| world.similar(viewer, &wanted), |list| list.entries.len())?;
        remember(&list);
        Ok(list)
    }

    pub(crate) fn get_many(ids: &[String]) -> Result<EntryList, Error> {
        check_number_of("ids", ids)?;
        let list = read(
            Entries,
            |world, viewer| Ok(world.list(viewer, ids.iter().filter_map(|id| world.seen(viewer, id)))),
            |list| list.entries.len(),
        )?;
        remember(&list);
        Ok(list)
    }

    pub(crate) fn get_body(id: &str) -> Result<String, Error> {
        let body = |row: &Row| row.body().to_owned();
        read(
            Entries,
            |world, viewer| {
                let row = world.seen(viewer, id).filter(|row| !row.is_tombstone());
                row.map(body).ok_or(Error::NotFound)
            },
            |_| 1,
        )
    }

    pub(crate) fn list_revisions(id: &str) -> Result<Vec<Revision>, Error> {
        read(
            Entries,
            |world, viewer| {
                let row = world.seen(viewer, id).ok_or(Error::NotFound)?;
                if !viewer.is(&row.author) && !viewer.moderates() {
                    return Err(Error::Denied);
                }
                Ok(row.revisions.iter().rev().take(limits::REVISIONS_MAX as usize).cloned().collect())
            },
            Vec::len,
        )
    }

    pub(crate) fn count(scope: &Scope, filters: &[Filter]) -> Result<u32, Error> {
        let (scope, filters) = (convert::scope(scope), convert::filters(filters)?);
        read(
            Entries,
            |world, viewer| Ok(number_of(world.visible_matches(viewer, &scope, &filters)?.iter())),
            |_| 1,
        )
    }

    pub(crate) fn count_by(
        scope: &Scope,
        filters: &[Filter],
        by: &Grouping,
        limit: u32,
    ) -> Result<Vec<GroupCount>, Error> {
        let (scope, filters) = (convert::scope(scope), convert::filters(filters)?);
        if !(1..=limits::LIMIT_MAX).contains(&limit) {
            return Err(convert::invalid("limit", format!("takes 1 to {}", limits::LIMIT_MAX)));
        }
        read(
            Entries,
            |world, viewer| World::groups(&world.visible_matches(viewer, &scope, &filters)?, by, limit),
            Vec::len,
        )
    }
}

pub(crate) mod entries_write {
    use stoa_rules::{Change, Fields, NewEntry as NewRow, State};

    use super::ask;
    use crate::bindings::stoa::plugin::entries_write::{Field, NewEntry};
    use crate::testing::convert;
    use crate::{EntryId, Error};

    fn fields(given: &[Field]) -> Result<Fields, Error> {
        let mut fields = Fields::new();
        for field in given {
            if fields.insert(field.name.clone(), convert::value(&field.value)).is_some() {
                return Err(convert::invalid(&format!("fields.{}", field.name), "is given twice"));
            }
        }
        Ok(fields)
    }

    pub(crate) fn create(entry: &NewEntry) -> Result<EntryId, Error> {
        let fields = fields(&entry.fields)?;
        ask(|call| {
            let id = format!("e{}", call.world.borrow().next_id + 1);
            let (kind, parent) = (entry.kind.clone(), entry.parent.clone());
            call.record(Change::Create(NewRow { id: id.clone(), kind, parent, fields }))?;
            call.world.borrow_mut().next_id += 1;
            Ok(id)
        })
    }

    pub(crate) fn change(id: &str, seen: Option<u32>, given: &[Field]) -> Result<(), Error> {
        let fields = fields(given)?;
        ask(|call| call.record(Change::SetFields { id: id.to_owned(), seen, fields }))
    }

    pub(crate) fn delete(id: &str, seen: u32) -> Result<(), Error> {
        let (state, reason) = (State::Deleted, String::new());
        ask(|call| call.record(Change::SetState { id: id.to_owned(), seen, state, reason }))
    }

    pub(crate) fn set_pinned(id: &str, pinned: bool) -> Result<(), Error> {
        ask(|call| call.record(Change::SetPinned { id: id.to_owned(), pinned }))
    }
}

pub(crate) mod marks {
    use stoa_rules as rules;
    use stoa_rules::Capability::Marks;
    use stoa_rules::{Audience, limits};

    use super::read;
    use crate::testing::convert::{self, invalid};
    use crate::testing::world::{Viewer, World};
    use crate::{Error, Holder, Holders, Target};

    /// The audience of the holders of a mark.
    fn check(
        world: &World,
        viewer: Viewer<'_>,
        target: &rules::Target,
        kind: &str,
    ) -> Result<Audience, Error> {
        let there = match target {
            rules::Target::Entry(id) => world.seen(viewer, id).is_some(),
            rules::Target::Page(key) => world.pages.contains_key(key),
            rules::Target::Person(id) => world.people.contains_key(id),
        };
        let holders = match world.declared.marks.get(kind) {
            Some(mark) => mark.holders,
            None => return Err(invalid("kind", format!("the manifest declares no mark `{kind}`"))),
        };
        if there { Ok(holders) } else { Err(Error::NotFound) }
    }

    pub(crate) fn get_own(target: &Target, kind: &str) -> Result<Option<String>, Error> {
        let target = convert::target(target);
        read(
            Marks,
            |world, viewer| {
                check(world, viewer, &target, kind)?;
                let own = world.marks_on(&target, kind).find(|mark| viewer.is(&mark.person));
                Ok(own.map(|mark| mark.value.clone()))
            },
            |_| 1,
        )
    }

    pub(crate) fn list_holders(
        target: &Target,
        kind: &str,
        value: Option<&str>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Holders, Error> {
        if !(1..=limits::LIMIT_MAX).contains(&limit) {
            return Err(invalid("limit", format!("takes 1 to {}", limits::LIMIT_MAX)));
        }
        let target = convert::target(target);
        read(
            Marks,
            |world, viewer| {
                let holders = check(world, viewer, &target, kind)?;
                let author = match &target {
                    rules::Target::Entry(id) => world.row(id).map(|row| row.author.as_str()),
                    rules::Target::Page(_) | rules::Target::Person(_) => None,
                };
                if !viewer.among(holders, author) {
                    return Err(Error::Denied);
                }
                let mut marks: Vec<_> = world
                    .marks_on(&target, kind)
                    .filter(|mark| value.is_none_or(|value| mark.value == value))
                    .collect();
                marks.reverse();
                let from = after.map_or(0, |last| {
                    marks.iter().position(|mark| mark.person == last).map_or(marks.len(), |at| at + 1)
                });
                let part: Vec<Holder> = marks[from..]
                    .iter()
                    .take(limit as usize)
                    .map(|mark| Holder {
                        person: mark.person.clone(),
                        value: mark.value.clone(),
                        put_at: mark.put_at,
                    })
                    .collect();
                let more = from + part.len() < marks.len();
                let next = part.last().filter(|_| more).map(|last| last.person.clone());
                Ok(Holders { items: part, next })
            },
            |holders| holders.items.len(),
        )
    }
}

pub(crate) mod marks_write {
    use stoa_rules::Change;

    use super::ask;
    use crate::testing::convert;
    use crate::{Error, Target};

    pub(crate) fn put(target: &Target, kind: &str, value: &str) -> Result<(), Error> {
        let target = convert::target(target);
        ask(|call| call.record(Change::PutMark { target, kind: kind.to_owned(), value: value.to_owned() }))
    }

    pub(crate) fn delete(target: &Target, kind: &str) -> Result<(), Error> {
        let target = convert::target(target);
        ask(|call| call.record(Change::DeleteMark { target, kind: kind.to_owned() }))
    }
}

pub(crate) mod people {
    use stoa_rules::Capability::People;

    use super::read;
    use crate::testing::world::check_number_of;
    use crate::{Error, Person};

    pub(crate) fn get_many(ids: &[String]) -> Result<Vec<Person>, Error> {
        check_number_of("ids", ids)?;
        read(
            People,
            |world, _| Ok(ids.iter().filter_map(|id| world.people.get(id)).cloned().collect()),
            Vec::len,
        )
    }
}

pub(crate) mod pages {
    use stoa_rules::Capability::Pages;

    use super::read;
    use crate::testing::world::check_number_of;
    use crate::{Error, Page};

    pub(crate) fn get_many(keys: &[String]) -> Result<Vec<Page>, Error> {
        check_number_of("keys", keys)?;
        read(
            Pages,
            |world, _| Ok(keys.iter().filter_map(|key| world.pages.get(key)).cloned().collect()),
            Vec::len,
        )
    }
}

pub(crate) mod pages_write {
    use stoa_rules::Change;

    use crate::Error;

    pub(crate) fn set_closed(closed: bool) -> Result<(), Error> {
        super::ask(|call| call.record(Change::ClosePage(closed)))
    }
}

pub(crate) mod kv {
    use stoa_rules::Capability::Kv;
    use stoa_rules::limits;

    use super::read;
    use crate::testing::convert::invalid;
    use crate::{Error, Pair, Pairs};

    fn check(at: &str, key: &str) -> Result<(), Error> {
        let most = limits::KEY_BYTES_MAX;
        if key.len() > most { Err(invalid(at, format!("takes at most {most} bytes"))) } else { Ok(()) }
    }

    pub(crate) fn get(key: &str) -> Result<Option<Vec<u8>>, Error> {
        check("key", key)?;
        read(Kv, |world, _| Ok(world.values.get(key).cloned()), |_| 1)
    }

    pub(crate) fn list_prefix(prefix: &str, after: Option<&str>, limit: u32) -> Result<Pairs, Error> {
        check("prefix", prefix)?;
        if !(1..=limits::LIMIT_MAX).contains(&limit) {
            return Err(invalid("limit", format!("takes 1 to {}", limits::LIMIT_MAX)));
        }
        read(
            Kv,
            |world, _| {
                let mut rest = world.values.iter().filter(|(key, _)| {
                    key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after)
                });
                let pair =
                    |(key, value): (&String, &Vec<u8>)| Pair { key: key.clone(), value: value.clone() };
                let items: Vec<Pair> = rest.by_ref().take(limit as usize).map(pair).collect();
                let next = rest.next().and_then(|_| items.last()).map(|last| last.key.clone());
                Ok(Pairs { items, next })
            },
            |pairs| pairs.items.len(),
        )
    }
}

pub(crate) mod kv_write {
    use stoa_rules::Change;

    use crate::Error;

    pub(crate) fn put(key: &str, value: Option<&[u8]>, wakes: bool) -> Result<(), Error> {
        let value = value.map(<[u8]>::to_vec);
        super::ask(|call| call.record(Change::PutValue { key: key.to_owned(), value, wakes }))
    }
}

pub(crate) mod conditions {
    use stoa_rules::Requirement;

    use crate::testing::convert;
    use crate::{Condition, Error, Otherwise};

    pub(crate) fn require(condition: &Condition, otherwise: &Otherwise) -> Result<(), Error> {
        let condition = convert::condition(condition)?;
        let otherwise = convert::otherwise(otherwise);
        super::ask(|call| call.require(Requirement { condition, otherwise }))
    }
}

pub(crate) mod outcome {
    use super::ask;
    use crate::Text;
    use crate::view::Parameter;

    /// The host drops what is longer without a word; a test is told.
    pub(crate) fn navigate(name: &str, value: &str) {
        let fits = (1..=32).contains(&name.len()) && value.len() <= 256;
        assert!(fits, "a parameter has a name of 1 to 32 bytes and a value of 256 bytes at most: `{name}`");
        ask(|call| {
            call.navigation.retain(|parameter| parameter.name != name);
            call.navigation.push(Parameter { name: name.to_owned(), value: value.to_owned() });
        });
    }

    pub(crate) fn announce(text: &Text) {
        ask(|call| call.announce = Some(text.clone()));
    }

    pub(crate) fn focus(key: &str) {
        ask(|call| call.focus = Some(key.to_owned()));
    }
}

pub(crate) mod settings {
    use crate::Setting;

    pub(crate) fn get(name: &str) -> Option<Setting> {
        super::ask(|call| call.world.borrow().settings.get(name).cloned())
    }
}

pub(crate) mod clock {
    pub(crate) fn now() -> crate::Instant {
        super::ask(|call| call.world.borrow().now)
    }
}

pub(crate) mod random {
    /// `SplitMix64` (Steele, Lea, Flood 2014) from a fixed seed, so that tests repeat.
    pub(crate) fn next() -> u64 {
        super::ask(|call| {
            call.randoms += 1;
            let mut z = call.randoms.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        })
    }
}

pub(crate) mod log {
    pub(crate) use crate::bindings::stoa::plugin::log::Level;

    use stoa_rules::limits;

    pub(crate) fn write(level: Level, message: &str) {
        super::ask(|call| {
            if call.log.len() < limits::LOG_LINES_MAX {
                let level = match level {
                    Level::Debug => "debug",
                    Level::Info => "info",
                    Level::Warn => "warn",
                    Level::Error => "error",
                };
                let message = &message[..message.floor_char_boundary(limits::LOG_LINE_BYTES_MAX)];
                call.log.push(format!("{level}: {message}"));
            }
        });
    }
}
