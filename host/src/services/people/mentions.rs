//! Whom the names in a form stand for: the browser sends `@Petra Jansen` with hidden fields beside it, plugins get
//! `@[Petra Jansen](id)`; in a list of people the browser sends names, plugins get ids.
//!
//! The form of the hidden fields is that of [`stoa_view::names`].

use std::collections::BTreeMap;

use stoa_view::names::{self, Named};

use crate::base::id::{PersonId, SiteId};
use crate::identity::Actor;
use crate::store::{Person, Store, StoreError};

/// People looked up for one form.
const PEOPLE_MAX: usize = 200;
/// Names of one list that are looked up because they were typed, not chosen.
const TYPED_MAX: usize = 20;
/// Found people among whom somebody of exactly this name is looked for.
const HITS_MAX: u32 = 10;

/// Why the names of a form stand for nobody.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NamesError {
    /// In a list of people: nobody has this name, or several have.
    #[error("nobody, or more than one, is called so in `{field}`")]
    Unknown {
        /// The field.
        field: String,
        /// What was written.
        name: String,
    },
    /// The store has failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the hidden fields tell about one field.
#[derive(Default)]
struct Companions {
    people: Vec<Named>,
    list: bool,
}

/// The fields of a form as plugins get them, without the hidden ones about names.
///
/// Costs one statement where people are named, and one for each name that was typed into a list without choosing.
pub(crate) async fn plugin_fields(
    store: &Store,
    actor: &Actor,
    fields: &[(String, String)],
) -> Result<Vec<(String, String)>, NamesError> {
    let site = &actor.site;
    let (companions, mut own): (Vec<_>, Vec<_>) =
        fields.iter().cloned().partition(|(name, _)| name.starts_with('@'));
    let mut about: BTreeMap<&str, Companions> = BTreeMap::new();
    for (name, value) in &companions {
        let known = about.entry(name.trim_start_matches('@')).or_default();
        known.list |= value == names::LIST;
        known.people.extend(names::read_pair(value));
    }
    let mut ids: Vec<PersonId> = about
        .values()
        .flat_map(|known| &known.people)
        .map(|named| PersonId::from(named.id.as_str()))
        .collect();
    ids.sort();
    ids.dedup();
    ids.truncate(PEOPLE_MAX);
    let people = if ids.is_empty() { Vec::new() } else { store.get_people(site, &ids).await? };
    for (field, value) in &mut own {
        let Some(known) = about.get(field.as_str()) else { continue };
        let labels = with_names(&known.people, &people);
        if known.list {
            *value = ids_of(store, actor, field, value, &labels).await?;
        } else {
            *value = names::stored_form(value, &labels);
        }
    }
    Ok(own)
}

/// Labels with the present names of those whom they stand for; without those whom this site does not know.
fn with_names(labels: &[Named], people: &[Person]) -> Vec<(Named, String)> {
    let name = |named: &Named| {
        let person = people.iter().find(|person| person.id.as_str() == named.id)?;
        Some((named.clone(), person.name.clone()))
    };
    labels.iter().filter_map(name).collect()
}

/// A list of names as ids, separated by commas.
async fn ids_of(
    store: &Store,
    actor: &Actor,
    field: &str,
    value: &str,
    labels: &[(Named, String)],
) -> Result<String, NamesError> {
    let unknown = |name: &str| NamesError::Unknown { field: field.to_owned(), name: name.to_owned() };
    let mut ids: Vec<String> = Vec::new();
    let mut looked_up_count = 0;
    for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let id = match labels.iter().find(|(named, _)| named.label == name) {
            Some((named, _)) => named.id.clone(),
            // Guests are told of nobody, and nobody tries out a whole list.
            None if actor.is_guest() || looked_up_count == TYPED_MAX => return Err(unknown(name)),
            None => {
                looked_up_count += 1;
                typed(store, &actor.site, name).await?.ok_or_else(|| unknown(name))?
            }
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids.join(","))
}

/// The one person of this name.
async fn typed(store: &Store, site: &SiteId, name: &str) -> Result<Option<String>, StoreError> {
    let folded = name.to_lowercase();
    let hits = store.find_people(site, name, HITS_MAX).await?;
    let mut same = hits.into_iter().filter(|person| person.name.to_lowercase() == folded);
    let first = same.next();
    Ok(first.filter(|_| same.next().is_none()).map(|person| person.id.to_string()))
}
