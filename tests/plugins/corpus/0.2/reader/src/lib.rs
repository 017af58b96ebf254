//! Reads whatever can be read without marks and points.

use stoa_plugin::view::{View, ViewBuilder, label, literal};
use stoa_plugin::{Context, Failure, Grouping, Order, Query, Widget};

struct Reader;

stoa_plugin::export!(Reader);

impl Widget for Reader {
    fn view(context: &Context) -> Result<View, Failure> {
        let query = Query::new(Order::Newest, context.settings().count("count", 1)).kind("note");
        let found = context.entries().list(&query)?;
        let mut v = ViewBuilder::new();
        v.section(label("heading")).with(|v| {
            v.feed(label("heading")).total(found.total).with(|v| {
                for entry in &found.entries {
                    v.post(&entry.id, entry.created_at, &[])
                        .author(entry.author.as_deref())
                        .body()
                        .with(|_| {});
                }
            });
        });
        if let Some(first) = found.entries.first() {
            let body = context.entries().get_body(&first.id)?;
            let again = context.entries().get_many(&[first.id.to_string()])?;
            let revisions = context.entries().list_revisions(&first.id).map_or(0, |list| list.len());
            let thread = context.entries().get_thread(&first.id, None, 5).is_ok();
            v.text(literal(&format!("{} bytes, {}, {}, {thread}", body.len(), again.len(), revisions)));
            let authors: Vec<String> = first.author.iter().map(ToString::to_string).collect();
            for person in context.people().get_many(&authors)? {
                v.text(literal(&person.name));
            }
        }
        let everywhere = Query::new(Order::Newest, 1).site();
        let count = context.entries().count(&everywhere)?;
        let groups = context.entries().count_by(&everywhere, Grouping::Author)?.len();
        let similar = context.entries().find_similar(&query, "a note about things")?.len();
        let pages = context.pages().get_many(&["home".to_owned()])?.len();
        let value = context.kv().get("greeting")?.is_some();
        let pairs = context.kv().list_prefix("g", None, 5)?.items.len();
        v.text(literal(&format!("{count} {groups} {similar} {pages} {value} {pairs}")));
        v.text(literal(&format!("{} {}", context.now(), context.random())));
        context.log().info("read");
        Ok(v.finish())
    }
}
