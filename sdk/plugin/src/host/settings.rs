//! What the admin has set.

use super::imports;
pub use crate::bindings::stoa::plugin::settings::Value as Setting;

/// What the admin has set for this plugin on this site. The manifest declares each setting, so a declared one
/// always has a value of its kind; the value given here is for a name that the manifest does not declare.
#[derive(Clone, Copy, Debug)]
pub struct Settings;

impl Settings {
    /// A whole number.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let minutes = context.settings().integer("edit_window_minutes", 15);
    /// # }
    /// ```
    #[must_use]
    pub fn integer(self, name: &str, otherwise: i64) -> i64 {
        match imports::settings::get(name) {
            Some(Setting::Integer(value)) => value,
            _ => otherwise,
        }
    }

    /// A whole number from 0 on, for what is counted.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let length_max = context.settings().count("length_max", 5_000);
    /// # }
    /// ```
    #[must_use]
    pub fn count(self, name: &str, otherwise: u32) -> u32 {
        u32::try_from(self.integer(name, otherwise.into())).unwrap_or(otherwise)
    }

    /// A yes or no.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let downvotes = context.settings().boolean("downvotes", false);
    /// # }
    /// ```
    #[must_use]
    pub fn boolean(self, name: &str, otherwise: bool) -> bool {
        match imports::settings::get(name) {
            Some(Setting::Boolean(value)) => value,
            _ => otherwise,
        }
    }

    /// A text, or one of a setting's choices.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let sort = context.settings().text("sort", "newest");
    /// # }
    /// ```
    #[must_use]
    pub fn text(self, name: &str, otherwise: &str) -> String {
        match imports::settings::get(name) {
            Some(Setting::Text(value)) => value,
            _ => otherwise.to_owned(),
        }
    }

    /// Several texts; none for a name that the manifest does not declare.
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context) {
    /// let reasons = context.settings().texts("report_reasons");
    /// # }
    /// ```
    #[must_use]
    pub fn texts(self, name: &str) -> Vec<String> {
        match imports::settings::get(name) {
            Some(Setting::Texts(values)) => values,
            _ => Vec::new(),
        }
    }
}
