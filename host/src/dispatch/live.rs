//! Live streams: the diff from what a browser shows to what is, whenever a page it looks at has changed.

use std::net::IpAddr;

use futures::{Stream, StreamExt as _};
use tokio_stream::StreamMap;
use tokio_stream::wrappers::WatchStream;

use super::app::App;
use super::refusal::Refusal;
use super::request::{LiveItem, Subscription, ViewRequest};
use crate::base::id::PluginName;
use crate::identity::Lease;
use crate::services::live::{Listener, Topic};

/// When somebody who has too many streams may try again: pages are closed now and then.
const RETRY_S: u64 = 60;

impl App {
    /// What changes in these views, from now on and since the revisions that the browser shows.
    ///
    /// Each item is made when the reader takes it, so a slow reader misses intermediate states, never the last. The
    /// stream ends when the lease does: nothing is told that the session would not be told anew. `address` counts the
    /// streams of people not signed in.
    ///
    /// # Errors
    /// `Busy` when this person or address, or the host, has as many streams as it may have.
    pub async fn live(
        &self,
        mut asks: Vec<Subscription>,
        lease: Option<Lease>,
        address: Option<IpAddr>,
    ) -> Result<impl Stream<Item = LiveItem> + Send + use<>, Refusal> {
        let app = self.clone();
        let enter = |first: &Subscription| {
            let listener = first.ask.actor.person_id().map_or(Listener::Visitor(address), Listener::Person);
            app.0.live.enter(&first.ask.site, listener)
        };
        let busy = || Refusal::Busy { retry_after_s: RETRY_S };
        let first = asks.first().ok_or_else(busy)?;
        let seat = enter(first).ok_or_else(busy)?;
        let mut replaced = self.site_state(&first.ask.site)?.replaced.subscribe();
        for live in &mut asks {
            // What may not be read is not told: each change makes the view anew.
            let found = self.found(&live.ask).await?.0.into_owned();
            live.ask = found;
        }
        let mut changes = StreamMap::new();
        for (number, live) in asks.iter().enumerate() {
            for (part, topic) in app.topics(&live.ask).into_iter().enumerate() {
                // The stream gives its present value at once: what changed while nobody listened is sent first.
                changes.insert((number, part), WatchStream::new(app.0.live.subscribe(topic)));
            }
        }
        let is_over = {
            let lease = lease.clone();
            move || lease.as_ref().is_some_and(Lease::is_over)
        };
        let items =
            futures::stream::unfold((app, asks, changes, seat), move |(app, mut asks, mut changes, seat)| {
                let is_over = is_over.clone();
                async move {
                    loop {
                        let ((number, _), _) = changes.next().await?;
                        let Some(live) = asks.get_mut(number) else { continue };
                        let item = app.change(live).await;
                        if is_over() {
                            return None;
                        }
                        if let Some(item) = item {
                            return Some((item, (app, asks, changes, seat)));
                        }
                    }
                }
            });
        let over = async move {
            let lease = async {
                match lease {
                    Some(lease) => lease.over().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = lease => {}
                // A site that is changed: the widget comes again, and is told what it is now.
                _ = replaced.wait_for(|replaced| *replaced) => {}
            }
        };
        Ok(items.take_until(Box::pin(over)))
    }

    /// What a view changes with: the bell with what its person is told, a page's tabs with each plugin there.
    fn topics(&self, ask: &ViewRequest) -> Vec<Topic> {
        let page_key = |plugin: &PluginName| match self.is_site_wide(&ask.site, plugin) {
            true => String::new(),
            false => ask.page_key.clone(),
        };
        let here = |plugin: PluginName| (ask.site.clone(), plugin.clone(), Some(page_key(&plugin)));
        if ask.is_page() {
            return self.page_plugins(ask).into_iter().map(here).collect();
        }
        let page = match ask.is_bell() {
            true => ask.actor.person_id().map(|person| person.as_str().to_owned()),
            false => Some(page_key(&ask.plugin)).filter(|_| !self.shows_site(ask)),
        };
        vec![(ask.site.clone(), ask.plugin.clone(), page)]
    }

    /// The way from the revision shown to the present one; none where nothing shown has changed, or the view
    /// cannot be made now (the next change tries again).
    async fn change(&self, live: &mut Subscription) -> Option<LiveItem> {
        let shown = match self.view(&live.ask, Some(&live.rev)).await {
            Ok(shown) => shown,
            Err(error) => {
                tracing::warn!(%error, site = %live.ask.site, plugin = %live.ask.plugin, "a live view could not be made");
                return None;
            }
        };
        if shown.rev == live.rev {
            return None;
        }
        let ops = shown.patch();
        if ops.as_ref().is_some_and(Vec::is_empty) {
            // Nothing this person sees: the browser's revision stays the base of the next patch.
            return None;
        }
        let id = live.id.clone();
        let base = std::mem::replace(&mut live.rev, shown.rev.clone());
        Some(match ops {
            Some(ops) => LiveItem::Patch { id, base, rev: shown.rev, ops },
            None => LiveItem::Resync { id },
        })
    }
}
