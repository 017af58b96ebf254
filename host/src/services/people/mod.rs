//! People: whom names in texts and fields stand for, and cards with who somebody is here and what they have contributed.

mod badges;
mod card;
pub(crate) mod mentions;

pub use badges::{BADGES, Badge, Measure, earned};
pub use card::{Card, draw};

use stoa_rules::{Declared, FieldKind};

use crate::base::id::PluginName;
use crate::store::Measures;

/// Where the contributions to a plugin are found, by what its manifest declares.
#[must_use]
pub fn measures(plugin: &PluginName, declared: &Declared) -> Measures {
    let mut found =
        Measures { plugin: plugin.clone(), chosen: Vec::new(), tags: Vec::new(), named: Vec::new() };
    for (kind, one) in &declared.kinds {
        for (name, field) in &one.fields {
            if field.one_for_each_parent && field.told {
                found.chosen.push((kind.clone(), name.clone()));
            }
            if field.indexed && field.kind == FieldKind::Tags && !found.tags.contains(name) {
                found.tags.push(name.clone());
            }
            if field.indexed && field.told && field.kind == FieldKind::People {
                found.named.push(name.clone());
            }
        }
    }
    found
}
