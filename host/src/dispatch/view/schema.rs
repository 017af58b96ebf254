//! What a plain page tells programs that read it: a question with its answers in the words of
//! [schema.org](https://schema.org/QAPage). For every plugin whose manifest declares such kinds: one with a title, and
//! replies of which one is chosen.

use serde_json::{Value as Json, json};
use stoa_rules::{Declared, State, Value};

use super::super::app::App;
use super::super::request::ViewRequest;
use super::parse_parameters;
use crate::base::id::{EntryId, PersonId, is_id};
use crate::store::{Entry, Found, Person, Viewer};

/// Answers that are told.
const ANSWERS_MAX: u32 = 50;
/// Characters of each text.
const CHARS_MAX: usize = 2_000;

/// Kinds of entries that are a question and its answers.
struct Kinds<'d> {
    question: &'d str,
    title: &'d str,
    answer: &'d str,
    chosen: &'d str,
}

impl<'d> Kinds<'d> {
    fn of(declared: &'d Declared) -> Option<Self> {
        declared.kinds.iter().find_map(|(answer, kind)| {
            let chosen = |(name, field): (&'d String, &stoa_rules::Field)| {
                (field.one_for_each_parent && field.told).then_some(name.as_str())
            };
            let chosen = kind.fields.iter().find_map(chosen)?;
            kind.parents.iter().find_map(|parent| {
                let (question, title) = declared
                    .kinds
                    .get_key_value(parent)
                    .and_then(|(name, kind)| Some((name, kind.title.as_ref()?)))?;
                Some(Self { question, title, answer, chosen })
            })
        })
    }
}

impl App {
    /// The question that a view shows alone, as JSON-LD; none for everything else. As everybody sees it who may read.
    pub async fn structured(&self, ask: &ViewRequest) -> Option<String> {
        let (_, installed) = self.check_place(ask).ok()?;
        let installed = installed?;
        let kinds = Kinds::of(installed.plugin.declared())?;
        let parameters = parse_parameters(&ask.parameters).ok()?;
        let (_, id) = parameters.into_iter().find(|(name, id)| !name.starts_with("host-") && is_id(id))?;
        let viewer = Viewer { person: None, moderates: false, vouched: None };
        let found = self
            .0
            .store
            .get_thread(&ask.site, &ask.plugin, None, &viewer, &EntryId::from(id), None, ANSWERS_MAX)
            .await
            .ok()??;
        page(&kinds, &found).map(|page| page.to_string().replace('<', "\\u003c"))
    }
}

fn page(kinds: &Kinds<'_>, found: &Found) -> Option<Json> {
    let question =
        found.entries.first().filter(|one| one.kind == kinds.question && one.state == State::Visible)?;
    let Some(Value::Text(title)) = question.fields.get(kinds.title) else { return None };
    let answers: Vec<&Entry> = found
        .entries
        .iter()
        .filter(|one| one.kind == kinds.answer && one.state == State::Visible)
        .filter(|one| one.parent.as_ref() == Some(&question.id))
        .collect();
    let chosen = |one: &&&Entry| one.fields.get(kinds.chosen) == Some(&Value::Boolean(true));
    let mut entity = told(question, "Question", &found.people);
    entity["name"] = json!(title);
    entity["answerCount"] = json!(answers.len());
    if let Some(accepted) = answers.iter().find(chosen) {
        entity["acceptedAnswer"] = told(accepted, "Answer", &found.people);
    }
    let others = answers.iter().filter(|one| !chosen(one)).map(|one| told(one, "Answer", &found.people));
    entity["suggestedAnswer"] = others.collect();
    Some(json!({ "@context": "https://schema.org", "@type": "QAPage", "mainEntity": entity }))
}

fn told(entry: &Entry, kind: &str, people: &[std::sync::Arc<Person>]) -> Json {
    let text: String = entry.body.chars().take(CHARS_MAX).collect();
    let votes = entry.counts.iter().filter(|(kind, value, _)| kind == "vote" && value == "1");
    let votes: u32 = votes.map(|(_, _, count)| count).sum();
    let mut told = json!({ "@type": kind, "text": text, "upvoteCount": votes });
    if let Ok(at) = jiff::Timestamp::from_microsecond(entry.created_at) {
        told["dateCreated"] = json!(at.to_string());
    }
    let name =
        |id: &PersonId| people.iter().find(|person| person.id == *id).map(|person| person.name.as_str());
    if let Some(name) = entry.author.as_ref().and_then(name) {
        told["author"] = json!({ "@type": "Person", "name": name });
    }
    told
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stoa_rules::{Field, FieldKind, Fields, Kind, State, Value};

    use super::{Declared, Entry, Found, Kinds, page};

    fn declared() -> Declared {
        let accepted = Field { one_for_each_parent: true, told: true, ..Field::new(FieldKind::Boolean) };
        let title = ("title".to_owned(), Field::new(FieldKind::Text));
        let kind = |fields, parents, title| Kind { fields, parents, title, unique: None };
        let question = kind([title].into(), Vec::new(), Some("title".to_owned()));
        let answer = kind([("accepted".to_owned(), accepted)].into(), vec!["question".to_owned()], None);
        Declared {
            kinds: [("question".to_owned(), question), ("answer".to_owned(), answer)].into(),
            ..Declared::default()
        }
    }

    fn entry(id: &str, kind: &str, fields: Fields, state: State) -> Entry {
        Entry {
            id: id.into(),
            kind: kind.to_owned(),
            parent: (kind != "question").then(|| "q".into()),
            root: "q".into(),
            depth: 0,
            author: None,
            parent_author: None,
            body: format!("text of {id} </script>"),
            fields,
            state,
            reason: String::new(),
            version: 1,
            created_at: 0,
            edited_at: None,
            edited_by_moderator: false,
            active_at: 0,
            page: Arc::from("p"),
            pinned: false,
            replies: 0,
            replied: false,
            reports: 0,
            counts: vec![("vote".to_owned(), "1".to_owned(), 3)],
            mine: Vec::new(),
        }
    }

    #[test]
    fn a_question_is_told_with_its_accepted_answer_and_the_others() {
        let declared = declared();
        let kinds = Kinds::of(&declared).unwrap();
        let title: Fields = [("title".to_owned(), Value::Text("Taxi?".to_owned()))].into();
        let accepted: Fields = [("accepted".to_owned(), Value::Boolean(true))].into();
        let found = |state| Found {
            entries: vec![
                entry("q", "question", title.clone(), state),
                entry("a", "answer", Fields::new(), State::Visible),
                entry("b", "answer", accepted.clone(), State::Visible),
                entry("c", "answer", Fields::new(), State::Held),
                entry("d", "comment", Fields::new(), State::Visible),
            ],
            people: Vec::new(),
            total: None,
            next: None,
            newer: 0,
        };
        let told = page(&kinds, &found(State::Visible)).unwrap();
        let question = &told["mainEntity"];
        assert_eq!((told["@type"].as_str(), question["name"].as_str()), (Some("QAPage"), Some("Taxi?")));
        assert_eq!(question["answerCount"], 2);
        assert_eq!(question["acceptedAnswer"]["text"], "text of b </script>");
        assert_eq!(question["acceptedAnswer"]["upvoteCount"], 3);
        assert_eq!(question["suggestedAnswer"].as_array().unwrap().len(), 1);
        assert_eq!(question["dateCreated"], "1970-01-01T00:00:00Z");
        assert!(page(&kinds, &found(State::Removed)).is_none());
        assert!(Kinds::of(&Declared::default()).is_none());
    }
}
