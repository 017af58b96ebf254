//! Markdown (CommonMark with strikethrough) to typed spans. There is no way from here to markup: HTML in the
//! text stays text, pictures become their description, and links keep safe addresses alone.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use stoa_view::rich::{Part, Rich, RichBuilder};

use crate::base::id::is_id;

/// Parse a cleaned body. Linear in its length (a promise of pulldown-cmark).
#[must_use]
pub fn parse(markdown: &str) -> Rich {
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        reader.take(event);
    }
    reader.flush();
    reader.builder.finish()
}

/// How many people a text mentions, each once.
#[must_use]
pub fn mention_count(markdown: &str) -> usize {
    let rich = parse(markdown);
    let mut people: Vec<&str> = rich.mentions().collect();
    people.sort_unstable();
    people.dedup();
    people.len()
}

/// A code block while its lines come in.
#[derive(Default)]
struct Block {
    language: String,
    text: String,
}

#[derive(Default)]
struct Reader {
    builder: RichBuilder,
    /// Text not handed on yet: an `@` at its end may begin a mention.
    text: String,
    block: Option<Block>,
    /// The person of a mention whose name is being read.
    mention: Option<String>,
    /// Links open now: addresses inside them are not made links again.
    link_depth: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => match &mut self.block {
                Some(block) => block.text.push_str(&text),
                None => self.text.push_str(&text),
            },
            Event::Code(code) if self.mention.is_none() => {
                self.flush();
                self.builder.code(&code);
            }
            Event::SoftBreak | Event::HardBreak if self.mention.is_none() => {
                self.flush();
                self.builder.line_break();
            }
            Event::Code(text) => self.text.push_str(&text),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open(Part::Paragraph),
            Tag::Heading { .. } => self.open(Part::Heading),
            Tag::BlockQuote(_) => self.open(Part::Quote),
            Tag::List(start) => self.open(Part::List(start.map(|start| u32::try_from(start).unwrap_or(1)))),
            Tag::Item => self.open(Part::Item),
            Tag::Strong => self.open(Part::Strong),
            Tag::Emphasis => self.open(Part::Emphasis),
            Tag::Strikethrough => self.open(Part::Strike),
            Tag::CodeBlock(kind) => {
                self.flush();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.block = Some(Block { language, text: String::new() });
            }
            Tag::Link { dest_url, link_type, .. } => self.link(link_type, &dest_url),
            Tag::HtmlBlock => self.open(Part::Paragraph),
            _ => self.flush(),
        }
    }

    /// `@[Name](id)` is a mention; anything else a link.
    fn link(&mut self, kind: LinkType, to: &CowStr<'_>) {
        if is_id(to) && self.text.ends_with('@') {
            self.text.pop();
            self.flush();
            self.mention = Some(to.to_string());
            return;
        }
        let address = if kind == LinkType::Email { format!("mailto:{to}") } else { to.to_string() };
        self.open(Part::Link(&address));
        self.link_depth += 1;
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => {
                if let Some(block) = self.block.take() {
                    let language = block.language.split_whitespace().next();
                    self.builder.code_block(&block.text, language);
                }
            }
            TagEnd::Link => match self.mention.take() {
                Some(person) => {
                    let name = std::mem::take(&mut self.text);
                    self.builder.mention(&person, &name);
                }
                None => {
                    self.close();
                    self.link_depth = self.link_depth.saturating_sub(1);
                }
            },
            TagEnd::Image => self.flush(),
            _ if self.mention.is_some() => {}
            _ => self.close(),
        }
    }

    fn open(&mut self, part: Part<'_>) {
        if self.mention.is_none() {
            self.flush();
            self.builder.open(part);
        }
    }

    fn close(&mut self) {
        self.flush();
        self.builder.close();
    }

    /// Hand the text on, with plain web addresses made links.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let mut rest = text.as_str();
        while let Some((at, length)) = find_address(rest).filter(|_| self.link_depth == 0) {
            self.builder.text(&rest[..at]);
            let address = &rest[at..at + length];
            self.builder.open(Part::Link(address));
            self.builder.text(address);
            self.builder.close();
            rest = &rest[at + length..];
        }
        self.builder.text(rest);
    }
}

/// Where the first plain web address is, and how long: up to a blank or `<`, without the punctuation that
/// ends a sentence and without an unmatched closing bracket (GitHub Flavored Markdown, section 6.9).
fn find_address(text: &str) -> Option<(usize, usize)> {
    let at = ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min()?;
    let rest = &text[at..];
    let mut address = rest.split(|c: char| c.is_whitespace() || c == '<').next().unwrap_or_default();
    loop {
        let unmatched = address.ends_with(')') && address.matches(')').count() > address.matches('(').count();
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '"', '\'', '*', '_']);
        if shorter.len() < address.len() {
            address = shorter;
        } else if unmatched {
            address = &address[..address.len() - 1];
        } else {
            break;
        }
    }
    (address.len() > "https://".len()).then_some((at, address.len()))
}

#[cfg(test)]
mod tests {
    use stoa_view::rich::Step;

    use super::{mention_count, parse};

    const ANNA: &str = "01890000-0000-7000-8000-000000000001";

    /// A short outline: what opens, texts, closes.
    fn outline(markdown: &str) -> String {
        let rich = parse(markdown);
        let step = |step: Step<'_>| match step {
            Step::Open(part) => format!("<{part:?} "),
            Step::Close => ">".to_owned(),
            Step::Text(text) => format!("{text:?}"),
            Step::Code(text) => format!("`{text}`"),
            Step::CodeBlock(text, language) => format!("[{} {text:?}]", language.unwrap_or("-")),
            Step::Mention(person, name) => format!("@{}={name}", &person[35..]),
            Step::Break => "/".to_owned(),
        };
        rich.steps().map(step).collect()
    }

    #[test]
    fn markdown_becomes_steps() {
        let mention = format!("Hi @[Anna *B.*]({ANNA}), see [x]({ANNA})");
        for (markdown, expected) in [
            ("a *b* **c** ~~d~~", r#"<Paragraph "a "<Emphasis "b">" "<Strong "c">" "<Strike "d">>"#),
            ("one\ntwo", r#"<Paragraph "one"/"two">"#),
            ("```rust\nfn x() {}\n```", r#"[rust "fn x() {}\n"]"#),
            (
                "see https://a.example/b_(c).",
                r#"<Paragraph "see "<Link("https://a.example/b_(c)") "https://a.example/b_(c)">".">"#,
            ),
            ("<script>alert(1)</script>", r#"<Paragraph "<script>alert(1)</script>">"#),
            ("![a cat](https://a.example/cat.png)", r#"<Paragraph "a cat">"#),
            ("[x](javascript:alert(1))", r#"<Paragraph "x">"#),
            (mention.as_str(), r#"<Paragraph "Hi "@1=Anna B.", see x">"#),
        ] {
            assert_eq!(outline(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn people_mentioned_twice_count_once_and_never_in_code() {
        assert_eq!(mention_count(&format!("@[A]({ANNA}) and @[A]({ANNA})")), 1);
        assert_eq!(mention_count(&format!("`@[A]({ANNA})`")), 0);
    }
}
