//! Markdown (CommonMark with strikethrough) to typed spans. There is no way from here to markup: HTML in the
//! text stays text, pictures become their description, and links keep safe addresses alone.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use stoa_view::rich::{Part, Rich, RichBuilder};

use crate::base::id::is_id;

/// Quotes and lists that one line may open. pulldown-cmark takes quadratic time for more: it looks at every open
/// block again for each marker. Far more than [`stoa_view::rich::BLOCK_DEPTH_MAX`] is never drawn.
const LINE_DEPTH_MAX: usize = 16;
/// Blocks and spans that are handed to the builder inside each other; deeper ones leave their words.
const DEPTH_MAX: usize = 64;

/// Parse a cleaned body. Linear in its length: pulldown-cmark is, once no line nests deeper than
/// `LINE_DEPTH_MAX`.
#[must_use]
pub fn parse(markdown: &str) -> Rich {
    let markdown = flatten(markdown);
    let mut reader = Reader::default();
    for event in events(&markdown) {
        reader.take(event);
    }
    reader.flush();
    reader.builder.finish()
}

fn events(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH)
}

/// The text with a backslash before the first marker of each line that would nest deeper than [`LINE_DEPTH_MAX`]:
/// what follows is text.
fn flatten(markdown: &str) -> Cow<'_, str> {
    let mut flat = String::new();
    let mut copied = 0;
    let mut start = 0;
    for line in markdown.split_inclusive('\n') {
        if let Some(at) = excess(line) {
            flat.push_str(&markdown[copied..start + at]);
            flat.push('\\');
            copied = start + at;
        }
        start += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(markdown);
    }
    flat.push_str(&markdown[copied..]);
    Cow::Owned(flat)
}

/// Where a backslash makes text of the first marker beyond [`LINE_DEPTH_MAX`]; none for other lines. Looks at a
/// line [`LINE_DEPTH_MAX`] times at the most.
fn excess(line: &str) -> Option<usize> {
    let mut at = 0;
    for _ in 0..LINE_DEPTH_MAX {
        at += marker(&line[at..])?.1;
    }
    marker(&line[at..]).map(|(place, _)| at + place)
}

/// The marker of a quote or list item that the rest of a line begins with: the place of its last character, and where
/// it ends (CommonMark sections 5.1 and 5.2). A thematic break (section 4.1) is none.
fn marker(line: &str) -> Option<(usize, usize)> {
    let rest = line.trim_start_matches([' ', '\t']);
    let start = line.len() - rest.len();
    let bytes = rest.as_bytes();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_item = match bytes.get(digits)? {
        b'>' if digits == 0 => return Some((start, start + 1)),
        b'-' | b'+' | b'*' => digits == 0 && !is_break(rest),
        b'.' | b')' => (1..=9).contains(&digits),
        _ => false,
    };
    let ends = bytes.get(digits + 1).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
    (is_item && ends).then_some((start + digits, start + digits + 1))
}

/// Whether the rest of a line is a thematic break: one character three times or more, and blanks.
fn is_break(rest: &str) -> bool {
    let first = rest.as_bytes().first();
    let mut count = 0;
    for byte in rest.bytes() {
        if Some(&byte) == first {
            count += 1;
        } else if !matches!(byte, b' ' | b'\t' | b'\n') {
            return false;
        }
    }
    count >= 3
}

/// What a text says to its readers, however it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its words, those in code and in addresses as well; parts that are drawn apart are apart.
    pub words: String,
    /// Its links; each use of a reference is one.
    pub link_count: usize,
    /// The people it mentions, each once.
    pub mention_count: usize,
}

impl Reading {
    /// Whether a reader would see nothing: no words, links or mentions.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        self.words.trim().is_empty() && self.link_count == 0 && self.mention_count == 0
    }
}

/// Read a cleaned body as people will.
#[must_use]
pub fn read(markdown: &str) -> Reading {
    let rich = parse(markdown);
    let mut words = rich.plain_text();
    let mut link_count = 0;
    for address in rich.links() {
        link_count += 1;
        words.push('\n');
        words.push_str(address);
    }
    let mut people: Vec<&str> = rich.mentions().collect();
    people.sort_unstable();
    people.dedup();
    Reading { words, link_count, mention_count: people.len() }
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
    /// What is open in the builder, [`DEPTH_MAX`] at the most.
    depth: usize,
    /// What is open beyond that.
    skipped: usize,
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
        if self.mention.is_some() {
            return;
        }
        self.flush();
        if self.depth < DEPTH_MAX {
            self.depth += 1;
            self.builder.open(part);
        } else {
            self.skipped += 1;
        }
    }

    fn close(&mut self) {
        self.flush();
        if self.skipped > 0 {
            self.skipped -= 1;
        } else {
            self.depth = self.depth.saturating_sub(1);
            self.builder.close();
        }
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
    text.match_indices("http").find_map(|(at, _)| {
        let rest = &text[at..];
        let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme))?;
        let whole = rest.split(|c: char| c.is_whitespace() || c == '<').next().unwrap_or_default();
        let length = address_length(whole.bytes());
        (length > scheme.len()).then_some((at, length))
    })
}

/// How much of what could be an address is one. Looks at each byte twice at the most.
fn address_length(bytes: impl DoubleEndedIterator<Item = u8> + ExactSizeIterator + Clone) -> usize {
    let mut length = bytes.len();
    let (mut closing, mut opening) = (0_usize, 0_usize);
    for byte in bytes.clone() {
        closing += usize::from(byte == b')');
        opening += usize::from(byte == b'(');
    }
    for byte in bytes.rev() {
        match byte {
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'"' | b'\'' | b'*' | b'_' => {}
            b')' if closing > opening => closing -= 1,
            _ => break,
        }
        length -= 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use stoa_view::rich::Step;

    use std::cell::Cell;

    use super::{DEPTH_MAX, LINE_DEPTH_MAX, Reader, address_length, events, flatten, parse, read};

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
    fn a_text_is_read_as_it_is_shown() {
        let mention = format!("@[A]({ANNA}) and @[A]({ANNA})");
        let code = format!("`@[A]({ANNA})`");
        for (markdown, words, links, mentions) in [
            ("ver**bot**en", "verboten", 0, 0),
            ("ver&#98;oten `x`", "verboten x", 0, 0),
            ("[ver](https://a.example)boten", "verboten\nhttps://a.example", 1, 0),
            (
                "[a] [a] [b](/c)\n\n[a]: https://x.example",
                "a a b\nhttps://x.example\nhttps://x.example\n/c",
                3,
                0,
            ),
            ("https&colon;//a.example", "https://a.example\nhttps://a.example", 1, 0),
            ("<a@b.example>", "a@b.example\nmailto:a@b.example", 1, 0),
            ("`https://a.example`", "https://a.example", 0, 0),
            (mention.as_str(), "A and A", 0, 1),
            (code.as_str(), code.trim_matches('`'), 0, 0),
        ] {
            let reading = read(markdown);
            assert_eq!(
                (reading.words.as_str(), reading.link_count, reading.mention_count),
                (words, links, mentions),
                "{markdown}"
            );
        }
    }

    #[test]
    fn markup_around_nothing_says_nothing() {
        for (markdown, expected) in [
            ("***", true),
            ("> - \n> 1.", true),
            ("**  **", true),
            ("![](/picture.png)", true),
            ("[](https://intranet.example)", false),
            ("a", false),
        ] {
            assert_eq!(super::read(markdown).says_nothing(), expected, "{markdown:?}");
        }
    }

    #[test]
    fn addresses_end_before_punctuation_and_unmatched_brackets() {
        for (text, address) in [
            ("https://a.example).", "https://a.example"),
            ("https://a.example/(b)).,)", "https://a.example/(b)"),
            ("https://a.example/(b", "https://a.example/(b"),
            ("http://) https://b.example", "https://b.example"),
            ("http https:// http://c.example!", "http://c.example"),
        ] {
            let rich = parse(text);
            assert_eq!(rich.links().collect::<Vec<_>>(), [address], "{text}");
            assert_eq!(rich.plain_text(), text);
        }
    }

    #[test]
    fn an_address_costs_two_looks_at_each_byte() {
        for tail in [")", ").", "(", "()", "_", "a)"] {
            let text = format!("https://a{}", tail.repeat(32_000));
            let looks = Cell::new(0_usize);
            address_length(text.bytes().inspect(|_| looks.set(looks.get() + 1)));
            assert!(looks.get() <= 2 * text.len(), "{tail}: {} looks at {} bytes", looks.get(), text.len());
        }
    }

    /// How deep the parser and the builder go.
    fn depths(markdown: &str) -> (usize, usize) {
        let flat = flatten(markdown);
        let mut reader = Reader::default();
        let (mut depth, mut parsed, mut built) = (0_usize, 0, 0);
        for event in events(&flat) {
            match &event {
                pulldown_cmark::Event::Start(_) => depth += 1,
                pulldown_cmark::Event::End(_) => depth -= 1,
                _ => {}
            }
            parsed = parsed.max(depth);
            reader.take(event);
            built = built.max(reader.depth);
        }
        (parsed, built)
    }

    #[test]
    fn no_line_nests_deeper_than_the_parser_can_take() {
        for unit in
            ["* + - ", "1. ", "2) ", "> ", ">", "- ", "-\t", ">- ", "> 1. ", "+ >", "- a", ">-", "- * "]
        {
            for end in ["", "a", "\n", "\na"] {
                let markdown = unit.repeat(64_000 / unit.len()) + end;
                let (parsed, _) = depths(&markdown);
                // A list item is two levels: the list and the item; a paragraph one more.
                assert!(parsed <= 2 * LINE_DEPTH_MAX + 2, "{unit:?} {end:?}: {parsed} levels");
            }
        }
    }

    #[test]
    fn spans_deeper_than_anybody_sees_are_not_built() {
        for unit in ["**", "*a_", "~~**"] {
            let back: String = unit.chars().rev().collect();
            let markdown = format!("{}x{}", unit.repeat(5_000), back.repeat(5_000));
            assert!(depths(&markdown).1 <= DEPTH_MAX, "{unit}");
        }
    }

    #[test]
    fn what_nests_too_deep_keeps_its_words() {
        let deep = "> ".repeat(LINE_DEPTH_MAX + 3) + "so deep";
        assert!(parse(&deep).plain_text().ends_with("> > > so deep"), "{}", parse(&deep).plain_text());
        let list = "1. ".repeat(LINE_DEPTH_MAX + 1) + "so deep";
        assert!(parse(&list).plain_text().ends_with("1. so deep"));
        let line = "* ".repeat(40);
        assert_eq!(flatten(&line), line, "a thematic break stays one");
        let fine = "> > - 1. fine\n";
        assert_eq!(flatten(fine), fine);
    }
}
