//! Forms: asking, answering, commenting, correcting, closing.

use stoa_plugin::Entry;
use stoa_plugin::view::{ChoiceStyle, FieldKind, Gap, Start, ViewBuilder, label, message};

use super::Pen;
use crate::model::{COMMENT, LIKE, QUESTION, Suggested, Task, Thread};
use crate::rules;

impl<'a> Pen<'a> {
    /// One line for the title at first; with it everything else.
    pub(super) fn ask(&self, v: &mut ViewBuilder) {
        let Some(title) = &self.page.asks else {
            v.form("start", label("start")).draft("start").key("start").with(|v| {
                let page = &self.context.page().title;
                let words = if self.page.place.is_hub() || page.is_empty() {
                    message("ask-anything")
                } else {
                    message("ask-about").text("page", page)
                };
                v.field(FieldKind::Line, "title", words)
                    .maximum(rules::TITLE_MAX)
                    .required(true)
                    .suggest(LIKE);
            });
            self.similar(v);
            return;
        };
        self.similar(v);
        let cancel: Vec<(&str, &str)> = vec![("ask", ""), ("like", "")];
        v.form("ask", label("ask")).cancel(&cancel).draft("ask").key("ask").with(|v| {
            v.field(FieldKind::Line, "title", label("title"))
                .value(Start::Literal(title))
                .maximum(rules::TITLE_MAX)
                .required(true)
                .hint(label("title-hint"));
            v.composer("body", label("details"), self.page.options.length_max)
                .placeholder(label("details-prompt"))
                .mentions(true);
            self.pick_tags(v, None);
        });
    }

    /// What is known already, before somebody asks again.
    fn similar(&self, v: &mut ViewBuilder) {
        if self.page.similar.is_empty() {
            return;
        }
        v.card().key("similar").with(|v| {
            v.text(label("is-it-one-of-these")).strong();
            v.listing().with(|v| {
                for question in &self.page.similar {
                    v.item().key(&question.id).subject(&question.id).with(|v| {
                        v.row(Gap::Small).with(|v| {
                            self.status(v, question);
                            let title = question.text("title").unwrap_or_default();
                            v.link_here(&self.to_question(&question.id), stoa_plugin::view::literal(title));
                            v.button("answered", label("this-answers-it"));
                        });
                    });
                }
            });
        });
    }

    fn pick_tags(&self, v: &mut ViewBuilder, value: Option<&str>) {
        let options = &self.page.options;
        let words = if options.tag_required { label("tags-required") } else { label("tags") };
        let mut pick = v.pick_tags("tags", words, rules::TAGS_MAX).free(options.tags_free);
        if let Some(value) = value {
            pick = pick.value(value);
        }
        pick.with(|v| {
            for tag in &self.page.tags {
                v.choice_option(tag, stoa_plugin::view::literal(tag));
            }
        });
    }

    pub(super) fn answer_form(&self, v: &mut ViewBuilder, question: &'a Entry) {
        let draft = format!("answer-{}", question.id);
        let cancel = [(Task::Answer.parameter(), "")];
        let form = v.form("answer", label("post-answer")).cancel(&cancel).draft(&draft).key("answer");
        form.subject(&question.id).with(|v| {
            v.composer("body", label("your-answer"), self.page.options.length_max)
                .placeholder(label("your-answer-prompt"))
                .mentions(true);
        });
    }

    pub(super) fn comment_form(&self, v: &mut ViewBuilder, entry: &'a Entry) {
        let draft = format!("comment-{}", entry.id);
        let cancel = [(Task::Comment.parameter(), "")];
        v.form("comment", label("post-comment")).cancel(&cancel).draft(&draft).key("comment").with(|v| {
            v.composer("body", label("your-comment"), self.page.options.comment_length_max)
                .placeholder(label("your-comment-prompt"))
                .mentions(true);
        });
    }

    pub(super) fn edit_form(&self, v: &mut ViewBuilder, entry: &'a Entry, has_body: bool) {
        let draft = format!("edit-{}", entry.id);
        let (words, most) = match entry.kind.as_str() {
            QUESTION => ("details", self.page.options.length_max),
            COMMENT => ("your-comment", self.page.options.comment_length_max),
            _ => ("your-answer", self.page.options.length_max),
        };
        let cancel = [(Task::Edit.parameter(), "")];
        v.form("edit", label("save")).cancel(&cancel).draft(&draft).key("edit").with(|v| {
            if entry.kind == QUESTION {
                v.field(FieldKind::Line, "title", label("title"))
                    .value(Start::Literal(entry.text("title").unwrap_or_default()))
                    .maximum(rules::TITLE_MAX)
                    .required(true);
            }
            let composer = v.composer("body", label(words), most).mentions(true);
            if has_body {
                composer.value(Start::Entry(&entry.id));
            }
            if entry.kind == QUESTION {
                let tags = entry.texts("tags").collect::<Vec<_>>().join(", ");
                self.pick_tags(v, Some(&tags).filter(|tags| !tags.is_empty()).map(String::as_str));
            }
        });
    }

    pub(super) fn suggest_form(&self, v: &mut ViewBuilder, entry: &'a Entry) {
        let draft = format!("suggest-{}", entry.id);
        let cancel = [(Task::Suggest.parameter(), "")];
        let form = v.form("suggest", label("send-suggestion")).cancel(&cancel).draft(&draft).key("suggest");
        form.subject(&entry.id).with(|v| {
            v.composer("body", label("suggested-text"), self.page.options.length_max)
                .value(Start::Entry(&entry.id));
        });
    }

    /// A change that somebody suggests, word by word, for whoever decides about it.
    pub(super) fn suggested(&self, v: &mut ViewBuilder, post: &Entry, suggested: &Suggested) {
        let entry = &suggested.entry;
        let author = entry.author.as_deref().unwrap_or_default();
        v.card().key(&entry.id).subject(&entry.id).with(|v| {
            v.text(message("suggests").person("name", author)).strong();
            let mut room = stoa_plugin::CHANGES_WORK;
            v.markdown(&stoa_plugin::changes(&suggested.present, &suggested.wanted, &mut room));
            if rules::check_decide(entry, post, &self.viewer).is_ok() {
                v.row(Gap::Small).with(|v| {
                    v.button("take", label("take-suggestion"));
                    v.button("decline", label("decline-suggestion"));
                });
            }
        });
    }

    pub(super) fn close_form(&self, v: &mut ViewBuilder) {
        let cancel = [(Task::Close.parameter(), "")];
        v.form("close", label("close-question")).cancel(&cancel).key("close").with(|v| {
            v.choice(ChoiceStyle::Radio, "reason", label("why-close")).required(true).with(|v| {
                for reason in rules::CLOSE_REASONS {
                    v.choice_option(reason, label(&format!("reason-{reason}")));
                }
            });
            v.field(FieldKind::Line, "original", label("original"))
                .maximum(2_000)
                .hint(label("original-hint"));
        });
    }

    /// Earlier texts, each with what the next one has changed.
    pub(super) fn history(&self, v: &mut ViewBuilder, thread: &Thread) {
        v.card().key("history").with(|v| {
            v.text(label("history-heading")).strong();
            v.text(label("history-hint")).small();
            let mut later = thread.present.as_str();
            let mut room = stoa_plugin::CHANGES_WORK;
            for revision in &thread.revisions {
                v.text(message("history-until").time("time", revision.replaced_at)).small();
                v.markdown(&stoa_plugin::changes(&revision.body, later, &mut room));
                later = &revision.body;
            }
            v.link_here(&[(Task::History.parameter(), "")], label("history-close"));
        });
    }
}
