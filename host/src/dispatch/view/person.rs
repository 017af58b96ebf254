//! The card of somebody whose name was chosen in a view.

use stoa_view::nodes::View;
use stoa_view::render::PERSON;

use super::super::app::App;
use super::super::refusal::Refusal;
use super::super::request::ViewRequest;
use crate::base::config::ShowProfiles;
use crate::base::id::{PersonId, is_id};
use crate::services::moderation::HOST_PARAMETERS;
use crate::services::people::{Card, draw, measures};
use crate::store::Measures;

/// How long what a card counts may be out of date, in microseconds.
const CARD_MICROS: u64 = 60_000_000;

impl App {
    /// Draw the card that the view's parameters ask for; nothing for people who are not known or have left, and for
    /// whoever is not signed in.
    pub(super) async fn draw_card(
        &self,
        ask: &ViewRequest,
        view: &mut View,
        parameters: &[(String, String)],
    ) -> Result<(), Refusal> {
        let asked = parameters.iter().find(|(name, id)| name == PERSON && is_id(id));
        let site = self.site_state(&ask.site)?;
        let profiles = site.config.profiles;
        let (Some((_, id)), true) = (asked, profiles.has_cards() && ask.actor.person.is_some()) else {
            return Ok(());
        };
        let id = PersonId::from(id.as_str());
        let people = self.0.store.get_people(&ask.site, std::slice::from_ref(&id)).await?;
        let Some(person) = people.into_iter().next().filter(|person| person.active) else { return Ok(()) };
        let measures: Vec<Measures> =
            site.plugins.iter().map(|(name, one)| measures(name, one.plugin.declared())).collect();
        let found = self.0.store.contributions(&ask.site, &id, &measures).await?;
        let shares = found.shares.unwrap_or(profiles.show == ShowProfiles::On);
        // Everybody sees their own.
        let shown = shares || ask.actor.person_id() == Some(&id);
        let card =
            Card { person: &person, contributions: Some(&found).filter(|_| shown), badges: profiles.badges };
        let now = u64::try_from(self.0.clock.now()).unwrap_or_default();
        let until = now + CARD_MICROS;
        view.fresh_until = Some(view.fresh_until.map_or(until, |other| other.min(until)));
        draw(view, &card, &HOST_PARAMETERS, self.0.kit.texts.of_host(&ask.lang));
        Ok(())
    }
}
