//! Shows every kind of node that needs nobody and nothing, and can do nothing.

use stoa_plugin::view::{Align, Gap, IconName, Shape, To, Tone, View, ViewBuilder, label, literal, message};
use stoa_plugin::{Context, Failure, Widget};

struct Shown;

stoa_plugin::export!(Shown);

impl Widget for Shown {
    fn view(context: &Context) -> Result<View, Failure> {
        let mut v = ViewBuilder::new();
        v.fresh_until(context.now() + 60_000_000);
        v.section(message("heading").number("count", 3)).with(|v| {
            content(v);
            layout(v);
            input(v);
        });
        Ok(v.finish())
    }
}

fn content(v: &mut ViewBuilder) {
    v.heading(3, label("heading"));
    v.text(literal("Text")).strong();
    v.markdown("Some **Markdown**");
    v.time(0).absolute();
    v.number(5).label(label("heading"));
    v.badge(literal("New")).tone(Tone::Accent).icon(IconName::Check);
    v.icon(IconName::Info);
    v.link_here(&[("tab", "two")], literal("Here")).current(true);
    v.link(To::Outside("https://example.org/"), literal("There"));
    v.quote_link(To::Here(&[("tab", "one")]), literal("Quoted")).excerpt(literal("Words"));
    v.code("let x = 1;").language("rust");
    v.table(literal("Table")).with(|v| {
        v.table_row().with(|v| {
            v.header_cell().with(|v| {
                v.text(literal("Head"));
            });
            v.cell().with(|v| {
                v.text(literal("Cell"));
            });
        });
    });
    v.meter(2, 5, literal("2 of 5"));
    v.stat(literal("Stat"), 7).trend(-1);
    v.notice(Tone::Warn, literal("Notice")).with(|_| {});
    v.empty(literal("Nothing")).with(|_| {});
    v.skeleton(Shape::Line);
}

fn layout(v: &mut ViewBuilder) {
    v.part().with(|v| {
        v.divider();
    });
    v.stack(Gap::Small).with(|v| {
        v.row(Gap::Medium).align(Align::Between).with(|v| {
            v.text(literal("Row"));
        });
        v.grid(Gap::Large).with(|v| {
            v.text(literal("Grid"));
        });
    });
    v.listing().ordered().with(|v| {
        v.item().with(|v| {
            v.text(literal("Item"));
        });
    });
    v.disclosure(literal("More")).open(true).with(|v| {
        v.text(literal("Inside"));
    });
    v.tabs().with(|v| {
        v.tab(literal("One"), &[("tab", "one")]).selected(true).with(|v| {
            v.text(literal("Panel"));
        });
    });
    v.dialog(literal("Dialog"), &[("dialog", "")]).with(|v| {
        v.text(literal("Modal"));
    });
    v.card().with(|v| {
        v.text(literal("Card"));
    });
    v.extension("stoa:unknown", 1, "{}").with(|v| {
        v.text(literal("Instead"));
    });
}

fn input(v: &mut ViewBuilder) {
    v.menu(literal("Menu")).with(|v| {
        v.link_here(&[("tab", "two")], literal("Two"));
    });
    v.closed_menu(&[("menu", "one")], literal("Closed"));
    v.more(&[("more", "2")], literal("More"));
    v.share(&[("tab", "one")], literal("Share"));
}
