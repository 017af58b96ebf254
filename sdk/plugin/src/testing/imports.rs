//! The host's functions, under the names that the bindings give them, answered from the call that runs on this
//! thread.

use std::cell::RefCell;
use std::rc::Rc;

use super::world::{Eyes, World};
use crate::{Error, Person};

/// The most rows that the reads of one call may give.
const ROWS_MAX: u64 = 2_000;

/// The most lines of log in one call.
const LOG_LINES_MAX: usize = 100;

/// The call that runs.
pub(crate) struct Call {
    pub(crate) world: Rc<RefCell<World>>,
    pub(crate) page: String,
    pub(crate) person: Option<Person>,
    pub(crate) reserved: Vec<String>,
    pub(crate) rows: u64,
    pub(crate) randoms: u64,
    pub(crate) log: Vec<String>,
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
        question(call.expect("reads work only while a TestHost runs `view` or `act`"))
    })
}

/// Reads as the person of the call; `rows` says how many rows the answer costs.
fn read<R>(
    question: impl FnOnce(&World, Eyes<'_>) -> Result<R, Error>,
    rows: impl FnOnce(&R) -> usize,
) -> Result<R, Error> {
    ask(|call| {
        let world = Rc::clone(&call.world);
        let answer = question(&world.borrow(), Eyes { page: &call.page, person: call.person.as_ref() })?;
        call.rows += rows(&answer) as u64;
        if call.rows > ROWS_MAX {
            return Err(Error::Quota(crate::Quota { name: "rows".to_owned(), limit: ROWS_MAX }));
        }
        Ok(answer)
    })
}

fn at_most_100(ids: &[String]) -> Result<(), Error> {
    if ids.len() > 100 {
        return Err(Error::Invalid("ids: 100 at the most".to_owned()));
    }
    Ok(())
}

pub(crate) mod entries {
    use super::{ask, at_most_100, read};
    use crate::{Entry, Error, Query, Revision, Threads};

    pub(crate) fn list_threads(query: &Query) -> Result<Threads, Error> {
        read(|world, eyes| world.list_threads(eyes, query), |threads| threads.entries.len())
    }

    pub(crate) fn get_thread(id: &str, after: Option<&str>, limit: u32) -> Result<Threads, Error> {
        read(|world, eyes| world.get_thread(eyes, id, after, limit), |threads| threads.entries.len())
    }

    pub(crate) fn get_many(ids: &[String]) -> Result<Vec<Entry>, Error> {
        at_most_100(ids)?;
        read(
            |world, eyes| {
                let seen = ids.iter().filter_map(|id| world.seen(eyes, id));
                Ok(seen.map(|row| world.entry(eyes, row)).collect())
            },
            Vec::len,
        )
    }

    pub(crate) fn get_body(id: &str) -> Result<String, Error> {
        read(
            |world, eyes| {
                let row = world.seen(eyes, id).filter(|row| !row.is_tombstone());
                row.map(|row| row.body.clone()).ok_or(Error::NotFound)
            },
            |_| 1,
        )
    }

    pub(crate) fn list_revisions(id: &str) -> Result<Vec<Revision>, Error> {
        read(
            |world, eyes| {
                let row = world.seen(eyes, id).ok_or(Error::NotFound)?;
                let is_author = eyes.person.is_some_and(|person| person.id == row.author);
                if !is_author && !eyes.moderates() {
                    return Err(Error::Denied);
                }
                Ok(row.revisions.iter().rev().take(50).cloned().collect())
            },
            Vec::len,
        )
    }

    pub(crate) fn reserve_id() -> String {
        ask(|call| {
            let mut world = call.world.borrow_mut();
            world.next_id += 1;
            let id = format!("e{}", world.next_id);
            call.reserved.push(id.clone());
            id
        })
    }
}

pub(crate) mod marks {
    use super::read;
    use crate::testing::world::{Eyes, World};
    use crate::{Error, PersonId, Target};

    fn check(world: &World, eyes: Eyes<'_>, target: &Target) -> Result<(), Error> {
        match target {
            Target::Page => Ok(()),
            Target::Entry(id) => world.seen(eyes, id).map(|_| ()).ok_or(Error::NotFound),
        }
    }

    pub(crate) fn get_own(target: &Target, kind: &str) -> Result<Option<String>, Error> {
        read(
            |world, eyes| {
                check(world, eyes, target)?;
                let own = world
                    .marks_on(eyes.page, target, kind)
                    .find(|mark| eyes.person.is_some_and(|person| person.id == mark.person));
                Ok(own.map(|mark| mark.value.clone()))
            },
            |_| 1,
        )
    }

    pub(crate) fn list_people(target: &Target, kind: &str) -> Result<Vec<PersonId>, Error> {
        read(
            |world, eyes| {
                check(world, eyes, target)?;
                let author = match target {
                    Target::Entry(id) => world.row(eyes.page, id).map(|row| row.author.clone()),
                    Target::Page => None,
                };
                let is_author = eyes.person.is_some_and(|person| author.as_ref() == Some(&person.id));
                // Who reports is told to moderators alone.
                if !eyes.moderates() && (!is_author || kind == "report") {
                    return Err(Error::Denied);
                }
                let mut people: Vec<PersonId> =
                    world.marks_on(eyes.page, target, kind).map(|mark| mark.person.clone()).collect();
                people.reverse();
                people.truncate(100);
                Ok(people)
            },
            Vec::len,
        )
    }
}

pub(crate) mod people {
    use super::{at_most_100, read};
    use crate::{Error, Person};

    pub(crate) fn get_many(ids: &[String]) -> Result<Vec<Person>, Error> {
        at_most_100(ids)?;
        read(|world, _| Ok(ids.iter().filter_map(|id| world.people.get(id)).cloned().collect()), Vec::len)
    }
}

pub(crate) mod pages {
    use super::read;
    use crate::{Error, Page};

    pub(crate) fn get(key: &str) -> Result<Page, Error> {
        read(|world, _| world.pages.get(key).cloned().ok_or(Error::NotFound), |_| 1)
    }
}

pub(crate) mod kv {
    use super::read;
    use crate::{Error, Pair, Pairs};

    fn check(key: &str) -> Result<(), Error> {
        if key.len() > 200 {
            return Err(Error::Invalid("key: 200 bytes at the most".to_owned()));
        }
        Ok(())
    }

    pub(crate) fn get(key: &str) -> Result<Option<Vec<u8>>, Error> {
        check(key)?;
        read(|world, _| Ok(world.values.get(key).cloned()), |_| 1)
    }

    pub(crate) fn list_prefix(prefix: &str, after: Option<&str>, limit: u32) -> Result<Pairs, Error> {
        check(prefix)?;
        if !(1..=100).contains(&limit) {
            return Err(Error::Invalid("limit: 1 to 100".to_owned()));
        }
        read(
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

pub(crate) mod settings {
    use super::ask;
    use crate::Value;

    pub(crate) fn get(name: &str) -> Option<Value> {
        ask(|call| call.world.borrow().settings.get(name).cloned())
    }
}

pub(crate) mod clock {
    use super::ask;

    pub(crate) fn now() -> crate::Instant {
        ask(|call| call.world.borrow().now)
    }
}

pub(crate) mod random {
    use super::ask;

    /// `SplitMix64` (Steele, Lea, Flood 2014) from a fixed seed, so that tests repeat.
    pub(crate) fn next() -> u64 {
        ask(|call| {
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

    pub(crate) fn write(level: Level, message: &str) {
        super::ask(|call| {
            if call.log.len() < super::LOG_LINES_MAX {
                call.log.push(format!("{level:?}: {message}").to_lowercase());
            }
        });
    }
}
