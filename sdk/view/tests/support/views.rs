//! Views that together use every kind of node.

use stoa_view::make::{Start, To, ViewBuilder, label, literal, message};
use stoa_view::nodes::{
    Align, ChoiceStyle, Emphasis, FieldKind, Gap, IconName, Shape, ToggleKind, Tone, View,
};

const AT: u64 = 1_793_000_000_000_000;

pub fn structure(text: &str) -> View {
    let mut v = ViewBuilder::new();
    v.section(literal(text)).key("top").with(|v| {
        v.heading(1, label("outer"));
        v.part().with(|v| {
            v.row(Gap::Small).align(Align::Between).with(|v| {
                v.text(literal(text)).emphasis(Emphasis::Strong);
                v.text(label("muted")).muted();
                v.text(label("small")).small();
            });
        });
        v.section(label("inner")).with(|v| {
            v.divider();
        });
    });
    v.grid(Gap::Large).with(|v| {
        v.item().with(|v| {
            v.card().tone(Tone::Accent).with(|v| {
                v.text(message("greeting").text("who", text).number("n", 3).person("p", "ada").time("t", AT));
            });
        });
    });
    v.stack(Gap::None).with(|v| {
        v.listing().ordered().with(|v| v.item().key("one").with(|_| {}));
    });
    v.disclosure(literal(text)).open(true).with(|_| {});
    v.tabs().with(|v| {
        v.tab(label("first"), &[("tab", "first")]).with(|v| {
            v.text(label("unseen"));
        });
        v.tab(literal(text), &[("tab", "second")]).selected(true).with(|v| {
            v.text(label("seen"));
        });
    });
    v.dialog(literal(text), &[("dialog", "")]).with(|v| {
        v.text(label("question"));
    });
    v.notice(Tone::Danger, literal(text)).with(|_| {});
    v.empty(literal(text)).with(|v| {
        v.button("start", label("start"));
    });
    v.extension("poll", 1, "{}").with(|v| {
        v.text(label("instead"));
    });
    v.finish()
}

pub fn content(text: &str) -> View {
    let mut v = ViewBuilder::new();
    v.markdown(text);
    v.body("c1");
    v.body("unread");
    v.time(AT);
    v.time(AT).absolute();
    v.number(7).label(literal(text));
    v.number(8);
    v.person("ada");
    v.person("omar");
    v.person("gone");
    v.person("unknown");
    v.avatar_stack(literal(text)).more(2).with(|v| {
        v.person("ada");
        v.person("unknown");
    });
    v.badge(literal(text)).tone(Tone::Ok).icon(IconName::Check);
    v.icon(IconName::Lock);
    v.icon(IconName::Info).label(literal(text));
    v.link_here(&[("sort", "newest")], literal(text)).current(true);
    v.link(To::Outside("https://example.org/?a=1&b=2"), literal(text));
    v.quote_link(To::Here(&[("page", "rules")]), literal(text)).excerpt(literal(text));
    v.code(text).language("rust");
    v.code("\n  indented");
    v.table(literal(text)).with(|v| {
        v.table_row().with(|v| {
            v.header_cell().with(|v| {
                v.text(label("name"));
            });
        });
        v.table_row().with(|v| {
            v.cell().with(|v| {
                v.text(literal(text));
            });
        });
    });
    v.meter(3, 10, literal(text));
    v.stat(literal(text), 12).trend(-3);
    v.stat(label("views"), 12).trend(4);
    v.skeleton(Shape::Post);
    v.finish()
}

pub fn social(text: &str) -> View {
    let mut v = ViewBuilder::new();
    v.feed(literal(text)).total(3).with(|v| {
        v.post("c1", AT, &[("entry", "c1")])
            .body()
            .key("c1")
            .author("ada")
            .edited_at(AT + 5)
            .pinned(true)
            .with(|v| {
                v.row(Gap::Small).with(|v| {
                    v.toggle(ToggleKind::Like, "like", label("like")).on(true).count(3);
                    v.toggle(ToggleKind::Plain, "mine", literal(text)).disabled(literal(text));
                    v.vote("vote", 5, 1).down(true);
                    v.vote("vote", 0, 0).disabled(label("own-post"));
                    v.reactions("react", literal(text)).with(|v| {
                        v.reaction("❤", literal(text), 3, true);
                        v.reaction("👀", literal(text), 0, false);
                    });
                    v.closed_menu(&[("menu", "c1")], literal(text));
                    v.menu(literal(text)).open(true).with(|v| {
                        v.share(&[("entry", "c1")], literal(text));
                        v.button("delete", label("delete")).tone(Tone::Danger).confirm(literal(text));
                        v.button("pin", label("pin")).disabled(literal(text));
                        v.button("unpin", label("unpin")).value("off");
                    });
                });
                v.form("reply", label("send")).cancel(&[("reply", "")]).draft("reply-c1").with(|v| {
                    v.composer("body", label("reply-label"), 5000).mentions(true).placeholder(literal(text));
                });
                v.replies(2, 1).with(|v| {
                    v.post("c2", AT, &[("entry", "c2")]).key("c2").author("omar").with(|v| {
                        v.notice(Tone::Warn, literal(text)).with(|v| {
                            v.button("approve", label("approve"));
                        });
                    });
                    v.post("c3", AT, &[("entry", "c3")]).key("c3").with(|_| {});
                });
            });
        v.post("c4", AT, &[]).author("gone").in_reply_to("ada").highlighted(true).with(|_| {});
        v.post("c5", AT, &[]).author("ada").with(|_| {});
        v.post("c6", AT, &[]).with(|_| {});
    });
    v.more(&[("limit", "40")], literal(text));
    v.more(&[("since", "")], message("newer").number("count", 3)).newer();
    v.card().subject("c9").with(|v| {
        v.toggle(ToggleKind::Follow, "follow", label("follow"));
    });
    v.toggle(ToggleKind::Bookmark, "keep", label("keep"));
    v.toggle(ToggleKind::Resolve, "solve", label("solve")).count(0);
    v.finish()
}

pub fn input(text: &str) -> View {
    let mut v = ViewBuilder::new();
    v.form("save", literal(text)).subject("c1").with(|v| {
        let kinds = [
            FieldKind::Line,
            FieldKind::Area,
            FieldKind::Number,
            FieldKind::Date,
            FieldKind::Url,
            FieldKind::Email,
        ];
        for (kind, name) in kinds.into_iter().zip(["line", "area", "number", "date", "url", "email"]) {
            v.field(kind, name, literal(text))
                .value(Start::Literal(text))
                .hint(literal(text))
                .problem(literal(text));
        }
        v.field(FieldKind::Line, "plain", label("plain")).required(true).maximum(80).suggest("similar");
        v.composer("body", literal(text), 5000).value(Start::Entry("c1")).problem(literal(text));
        for style in [ChoiceStyle::Radio, ChoiceStyle::Check, ChoiceStyle::Select, ChoiceStyle::Switch] {
            v.choice(style, "pick", literal(text)).required(true).problem(literal(text)).with(|v| {
                v.choice_option(text, literal(text)).selected(true);
            });
        }
        v.pick_people("people", literal(text), 5)
            .value("ada,gone,unknown")
            .problem(literal(text))
            .with(|_| {});
        v.pick_tags("tags", literal(text), 5).value(text).free(true).hint(literal(text)).with(|v| {
            v.choice_option(text, literal(text));
        });
        v.hidden("parent", text);
    });
    v.finish()
}

/// A page of posts as comments have them: about ten nodes each.
pub fn page(posts: usize) -> View {
    let ids: Vec<_> = (0..posts).collect();
    page_of(&ids, usize::MAX)
}

/// Posts in this order; the one with the number `liked` is liked by the reader.
pub fn page_of(ids: &[usize], liked: usize) -> View {
    let mut v = ViewBuilder::new();
    v.feed(label("comments")).with(|v| {
        for n in ids {
            let id = format!("c{n}");
            v.post(&id, AT, &[("entry", &id)]).key(&id).author("ada").with(|v| {
                v.body(&id);
                v.row(Gap::Small).with(|v| {
                    let on = *n == liked;
                    v.toggle(ToggleKind::Like, "like", label("like")).on(on).count(3 + u32::from(on));
                    v.link_here(&[("reply", &id)], label("reply"));
                    v.menu(label("more")).with(|v| {
                        v.link_here(&[("edit", &id)], label("edit"));
                        v.share(&[("entry", &id)], label("copy-link"));
                        v.button("delete", label("delete")).tone(Tone::Danger).confirm(label("sure"));
                        v.button("report", label("report"));
                    });
                });
            });
        }
    });
    v.finish()
}
