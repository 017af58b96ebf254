//! What somebody has contributed.

use crate::base::id::PluginName;

/// Where the contributions to a plugin are found: names of its manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measures {
    /// The plugin.
    pub plugin: PluginName,
    /// Kinds with the field that chooses one of them, as an accepted answer is.
    pub chosen: Vec<(String, String)>,
    /// Fields with tags.
    pub tags: Vec<String>,
    /// Indexed fields that name the people whom an entry is about.
    pub named: Vec<String>,
}

/// What somebody has contributed, in all plugins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contributions {
    /// What they chose about showing it; none for what the site says.
    pub shares: Option<bool>,
    /// Visible entries, the newest 2,000 of each plugin.
    pub written: u32,
    /// How often others found them helpful.
    pub helpful: u32,
    /// How many of them were chosen.
    pub chosen: u32,
    /// How many entries of others are about them.
    pub named: u32,
    /// The tags of what their chosen entries answer, with how many, the most first, five at most.
    pub tags: Vec<(String, u32)>,
}
