//! Live streams: the diff from what a browser shows to what is, whenever a page it looks at has changed.

use futures::{Stream, StreamExt as _};
use tokio_stream::StreamMap;
use tokio_stream::wrappers::WatchStream;

use super::app::App;
use super::ask::{LiveAsk, LiveItem};
use super::refusal::Refusal;

/// When somebody who has too many streams may try again: pages are closed now and then.
const RETRY_S: u64 = 60;

impl App {
    /// What changes in these views, from now on and since the revisions that the browser shows.
    ///
    /// Each item is made when the reader takes it, so a slow reader misses intermediate states, never the last.
    ///
    /// # Errors
    /// `Busy` when this person, or the host, has as many streams as it may have.
    pub fn live(&self, asks: Vec<LiveAsk>) -> Result<impl Stream<Item = LiveItem> + Send + use<>, Refusal> {
        let app = self.clone();
        let enter = |first: &LiveAsk| app.0.live.enter(&first.ask.site, first.ask.actor.person_id());
        let seat = asks.first().and_then(enter).ok_or(Refusal::Busy { retry_after_s: RETRY_S })?;
        let mut changes = StreamMap::new();
        for (number, live) in asks.iter().enumerate() {
            let topic = (live.ask.site.clone(), live.ask.plugin.clone(), live.ask.page_key.clone());
            // The stream gives its present value at once: what changed while nobody listened is sent first.
            changes.insert(number, WatchStream::new(app.0.live.subscribe(topic)));
        }
        Ok(futures::stream::unfold(
            (app, asks, changes, seat),
            |(app, mut asks, mut changes, seat)| async move {
                loop {
                    let (number, _) = changes.next().await?;
                    let Some(live) = asks.get_mut(number) else { continue };
                    if let Some(item) = app.change(live).await {
                        return Some((item, (app, asks, changes, seat)));
                    }
                }
            },
        ))
    }

    /// The way from the revision shown to the present one; none where nothing shown has changed, or the view
    /// cannot be made now (the next change tries again).
    async fn change(&self, live: &mut LiveAsk) -> Option<LiveItem> {
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
