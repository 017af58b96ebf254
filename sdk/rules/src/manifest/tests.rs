use super::{Manifest, Place, SettingKind, SettingValue, Settings};
use crate::{Capability, FieldKind, Limit, MarkValues, Reach, SetBy};

const GOOD: &str = r#"id = "stoa:questions"
name = "questions"
version = "0.1.0"
description = "Questions under any page"
license = "Apache-2.0"
min_host = "0.2.0"
extension_points = ["widget"]
[capabilities.entries]
reason = "shows questions and answers"
scope = "site"
[capabilities.entries-write]
reason = "keeps what people ask and answer"
[[settings]]
name = "length_max"
kind = "integer"
default = 15
min = 10
max = 1440
label = "Longest question, in characters"
[[settings]]
name = "sort"
kind = "choice"
default = "new"
choices = ["new", "old"]
label = "Order"
[kinds.question]
title = "title"
[kinds.question.fields]
title = { type = "text", required = true, min = 6, max = 150 }
body = { type = "long-text", max = { setting = "length_max" } }
tags = { type = "tags", max_count = 5, indexed = true }
closed = { type = "choice", choices = ["duplicate", "unclear"], indexed = true }
options = { type = "list", set_by = [] }
[kinds.answer]
parents = ["question"]
unique = { by = ["parent", "author"], text = "already-answered" }
[kinds.answer.fields]
body = { type = "long-text", required = true }
accepted = { type = "boolean", one_for_each_parent = true, set_by = ["parent-author", "moderator"] }
[marks]
vote = { on = ["question", "answer"], values = ["1", "-1"], own = false, ranks = true }
choice = { on = ["question"], values = "positions:options" }
follow = { on = ["page"], values = "any", counts = "nobody" }
"#;

#[test]
fn a_whole_manifest_is_read() {
    let manifest = Manifest::parse(GOOD).unwrap();
    assert_eq!(manifest.id.as_str(), "stoa:questions");
    assert_eq!(manifest.grants().iter().collect::<Vec<_>>(), [Capability::Entries, Capability::EntriesWrite]);
    assert_eq!(manifest.reach(), Reach::Site);
    assert_eq!(manifest.settings[0].kind, SettingKind::Integer);
    let question = &manifest.kinds["question"];
    assert_eq!(question.fields["body"].max, Some(Limit::Setting("length_max".to_owned())));
    assert_eq!(question.fields["title"].set_by, [SetBy::Author, SetBy::Moderator]);
    assert_eq!(question.fields["options"].set_by, []);
    assert!(manifest.kinds["answer"].fields["accepted"].one_for_each_parent);
    assert_eq!(manifest.marks["choice"].values, MarkValues::Positions("options".to_owned()));
}

#[test]
fn every_text_is_moderated_and_nothing_else_is() {
    let manifest = Manifest::parse(GOOD).unwrap();
    for field in manifest.kinds.values().flat_map(|kind| kind.fields.values()) {
        let is_text =
            matches!(field.kind, FieldKind::Text | FieldKind::LongText | FieldKind::Tags | FieldKind::List);
        assert_eq!(field.moderated, is_text, "{field:?}");
    }
}

/// Replaces `from` by `to` in the good manifest; the error must hold every one of `expected`.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(GOOD.contains(from), "{from} is not in the sample");
    let error = Manifest::parse(&GOOD.replacen(from, to, 1)).unwrap_err().to_string();
    for part in expected {
        assert!(error.contains(part), "{to}: {error:?} lacks {part:?}");
    }
}

#[test]
fn mistakes_of_form_are_refused_with_the_line_they_are_on() {
    check("stoa:questions", "questions", &["line 1", "namespace:name"]);
    check("name = \"questions\"", "name = \"Questions!\"", &["line 2", "small letters"]);
    check("version = \"0.1.0\"", "version = \"0.01.0\"", &["line 3", "1.2.3"]);
    check("license", "licence", &["line 5", "unknown field `licence`"]);
    check("min_host = \"0.2.0\"", "min_host = \"new\"", &["line 6", "1.2.3"]);
    check("[\"widget\"]", "[\"daemon\"]", &["line 7", "daemon"]);
    check("capabilities.entries]", "capabilities.email]", &["line 8", "no capability \"email\""]);
    check("capabilities.entries]", "capabilities.settings]", &["line 8", "always there"]);
    check("shows questions and answers", " ", &["line 9", "one sentence"]);
    check("\"length_max\"", "\"length max\"", &["line 14", "underscores"]);
    check("type = \"tags\"", "type = \"words\"", &["line 31", "words"]);
    check("max_count = 5", "most = 5", &["line 31", "unknown field `most`"]);
    check("max = 150", "max = \"150\"", &["line 29", "a whole number or { setting"]);
    check("max = 150", "moderated = false", &["line 29", "unknown field `moderated`"]);
    check("\"parent-author\"", "\"asker\"", &["line 39", "asker"]);
    check("\"any\"", "\"all\"", &["line 43", "positions:FIELD"]);
}

#[test]
fn what_the_host_would_never_call_or_grant_is_refused() {
    check("[\"widget\"]", "[]", &["line 7", "extension_points", "never call"]);
    check("Questions under any page", "", &["line 4", "description", "1 to 200"]);
    let scope =
        "[capabilities.kv]\nreason = \"Remembers.\"\nscope = \"site\"\n\n[capabilities.entries-write]";
    check("[capabilities.entries-write]", scope, &["line", "kv.scope"]);
    let long = format!("{GOOD}#{}", "x".repeat(64 << 10));
    assert!(Manifest::parse(&long).unwrap_err().to_string().contains("65536"));
}

#[test]
fn settings_that_contradict_themselves_are_refused_by_name() {
    check("default = 15", "default = 2000", &["line 16", "settings.0.default", "length_max", "10 to 1440"]);
    check("default = 15", "default = \"x\"", &["line 16", "length_max", "a whole number"]);
    check("min = 10", "min = 5000", &["line 17", "settings.0.min", "above max"]);
    check(
        "kind = \"integer\"\ndefault = 15",
        "kind = \"boolean\"\ndefault = true",
        &["line 17", "leave it out"],
    );
    check("choices = [\"new\", \"old\"]", "", &["settings.1.choices", "write 1 to"]);
    check("choices = [\"new\", \"old\"]", "choices = [\"old\"]", &["settings.1.default", "one of: old"]);
    check("\"new\", \"old\"", "\"new\", \"new\"", &["settings.1.choices", "twice"]);
    check("name = \"sort\"", "name = \"length_max\"", &["line 21", "declared twice"]);
    check("label = \"Order\"", "label = \"\"", &["settings.1.label"]);
}

#[test]
fn kinds_that_cannot_be_are_refused() {
    let kind = |to: &str, expected: &[&str]| check("[kinds.question]\n", to, expected);
    kind("[kinds.Question]\n", &["kinds.Question", "a-z"]);
    kind("[kinds.page]\n[kinds.question]\n", &["line 26", "kinds.page", "word of the host"]);
    kind(
        "[kinds.question]\nparents = [\"thread\"]\n",
        &["line 27", "kinds.question.parents", "answer, question"],
    );
    kind("[kinds.question]\nparents = [\"page\", \"page\"]\n", &["parents", "twice"]);
    check("title = \"title\"", "title = \"tags\"", &["line 27", "no field of type text"]);
    check("[\"parent\", \"author\"]", "[]", &["kinds.answer.unique.by", "line 36", "parent, author, page"]);
    check("parents = [\"question\"]", "parents = [\"page\"]", &["kinds.answer", "reply to others"]);
    check("already-answered", "already answered", &["line 36", "unique.text"]);
}

#[test]
fn fields_that_cannot_be_are_refused() {
    let title = |to: &str, expected: &[&str]| check("required = true, min = 6, max = 150", to, expected);
    title("max = 2001", &["line 29", "kinds.question.fields.title.max", "0 to 2000"]);
    title("min = 6, max = 5", &["title.max", "6 to 2000"]);
    title("min = -1", &["title.min", "0 or more"]);
    title("min = 201", &["title.min", "default max 200"]);
    title("max_count = 2", &["title.max_count", "people, tags and list"]);
    title("choices = [\"a\"]", &["title.choices", "leave them out"]);
    title("max = { setting = \"sort\" }", &["title.max", "there are: length_max"]);
    title("min = 20, max = { setting = \"length_max\" }", &["title.max", "below min 20"]);
    title("one_for_each_parent = true", &["one_for_each_parent", "boolean"]);
    title("told = true", &["told", "person and people"]);
    title("required = true, set_by = [\"moderator\"]", &["title.set_by", "add \"author\""]);
    title("set_by = [\"author\", \"author\"]", &["title.set_by", "twice"]);
    title("set_by = [\"parent-author\"]", &["title.set_by", "reply to others"]);
    check("max = 1440", "max = 70000", &["question.fields.body.max", "above 65535"]);
    check("tags = { type = \"tags\", ", "tags = { type = \"tags\", min = 1, ", &["tags.min", "leave it out"]);
    check("max_count = 5", "max_count = 101", &["tags.max_count", "1 to 100"]);
    check("max_count = 5", "max_count = 5, min_count = 6", &["tags.min_count", "at most 5"]);
    check("title = { type = \"text\"", "title = { type = \"long-text\"", &["title.type", "write text"]);
    check("body = { type = \"long-text\", max", "body = { type = \"text\", max", &["body.type"]);
    check("type = \"list\", ", "type = \"list\", indexed = true, ", &["options.indexed"]);
    check("tags = {", "author = {", &["fields.author", "choose another"]);
    check("tags = {", "Tags = {", &["fields.Tags", "underscores"]);
    check("choices = [\"duplicate\", \"unclear\"]", "required = true", &["closed.choices", "write 1 to"]);
    check("one_for_each_parent = true", "required = true, one_for_each_parent = true", &["not required"]);
    let kept = |to: &str, expected: &[&str]| {
        check("tags = {", &format!("kept = {{ {to} }}\ntags = {{"), expected);
    };
    kept("type = \"text\", count_of = \"answer\"", &["kept.count_of", "type number"]);
    kept("type = \"number\", min = 1, count_of = \"answer\"", &["kept.count_of", "min and max"]);
    kept("type = \"number\", count_of = \"question\"", &["kept.count_of", "replies to this one"]);
    kept("type = \"number\", holder_of = \"answer.accepted\"", &["kept.holder_of", "type reference"]);
    kept("type = \"reference\", holder_of = \"answer.body\"", &["kept.holder_of", "KIND.FIELD"]);
}

#[test]
fn marks_that_cannot_be_are_refused() {
    check("vote =", "report =", &["line 41", "marks.report", "host's own"]);
    check("vote =", "Vote =", &["marks.Vote", "a-z"]);
    check("on = [\"question\", \"answer\"]", "on = []", &["marks.vote.on", "answer, question"]);
    check("on = [\"question\", \"answer\"]", "on = [\"thread\"]", &["marks.vote.on", "page, person"]);
    check("values = [\"1\", \"-1\"]", "values = []", &["marks.vote.values", "1 to 50"]);
    check("values = [\"1\", \"-1\"]", "values = [\"1\", \"1\"]", &["marks.vote.values", "twice"]);
    check("values = [\"1\", \"-1\"]", "values = [\"\"]", &["marks.vote.values", "1 to 64 bytes"]);
    check("values = [\"1\", \"-1\"]", "values = [\"yes\"]", &["marks.vote.ranks", "leave it out"]);
    check("positions:options", "positions:tags", &["line 42", "marks.choice.values", "never changes"]);
    check("type = \"list\", set_by = []", "type = \"list\"", &["marks.choice.values", "set_by = []"]);
    check(
        "on = [\"page\"], values = \"any\"",
        "on = [\"page\"], values = \"positions:x\"",
        &["marks.follow.values"],
    );
}

#[test]
fn values_of_the_administrator_lie_over_the_defaults() {
    let manifest = Manifest::parse(GOOD).unwrap();
    let resolve = |text: &str| Settings::resolve(&manifest.settings, &text.parse().unwrap());
    let settings = resolve("length_max = 100").unwrap();
    assert_eq!(settings.integer("length_max"), Some(100));
    assert_eq!(settings.get("sort"), Some(&SettingValue::Text("new".to_owned())));
    assert_eq!((settings.integer("sort"), settings.integer("other")), (None, None));
    for (text, key, expected) in [
        ("length = 100", "length", "the plugin has: length_max, sort"),
        ("length_max = 9", "length_max", "10 to 1440"),
        ("length_max = true", "length_max", "a whole number"),
        ("sort = \"top\"", "sort", "one of: new, old"),
    ] {
        let problem = resolve(text).unwrap_err();
        assert_eq!(problem.key, key);
        assert!(problem.message.contains(expected), "{problem}");
    }
}

#[test]
fn an_older_host_cannot_run_it() {
    let manifest = Manifest::parse(GOOD).unwrap();
    for (offered, runs) in [("0.1.9", false), ("0.2.0", true), ("0.10.0", true), ("1.0.0", true)] {
        assert_eq!(manifest.check_host(&offered.parse().unwrap()).is_ok(), runs, "{offered}");
    }
}

/// A manifest with a unit of points, in which some text is replaced.
fn points(from: &str, to: &str) -> Result<Manifest, crate::ManifestError> {
    let unit = r#"
[ledger.points]
accounts.pool = { of = "site" }
accounts.giving = { of = "person", budget = { from = "pool", amount = { setting = "allowance" }, per = "month" } }
accounts.received = { of = "person" }
reasons.gave = { payer = "giving", payee = "received", max = 50 }
cap = { account = "received", max = { setting = "allowance", times = 3 }, per = "day", except = ["gave"] }
[[settings]]
name = "allowance"
kind = "integer"
default = 100
min = 0
max = 1000
label = "How many"
"#;
    assert!(unit.contains(from), "{from}");
    let head = "id = \"a:b\"\nname = \"b\"\nversion = \"0.1.0\"\ndescription = \"x\"\nlicense = \"MIT\"\nmin_host = \"0.2.0\"\nextension_points = [\"widget\"]\n";
    Manifest::parse(&[head, &unit.replace(from, to)].concat())
}

#[test]
fn a_unit_of_points_is_whole() {
    points("pool", "pool").unwrap();
    for (from, to, key, part) in [
        ("payee = \"received\"", "payee = \"taken\"", "reasons.gave.payee", "no account \"taken\""),
        ("payer = \"giving\"", "payer = \"given\"", "reasons.gave.payer", "no account \"given\""),
        (
            "payer = \"giving\", payee = \"received\"",
            "payer = \"received\", payee = \"giving\"",
            "reasons.gave.payee",
            "pays or is paid",
        ),
        (
            "payer = \"giving\", payee = \"received\"",
            "payer = \"pool\", payee = \"pool\"",
            "reasons.gave",
            "of the site to the site",
        ),
        ("max = 50", "max = 0", "reasons.gave.max", "1 to 1000000"),
        ("reasons.gave", "reasons.granted", "reasons.granted", "word of the host"),
        ("from = \"pool\"", "from = \"received\"", "accounts.giving.budget.from", "of the site"),
        (
            "received = { of = \"person\" }",
            "received = { of = \"site\", budget = { from = \"pool\", amount = 1, per = \"day\" } }",
            "accounts.received.budget",
            "accounts of people",
        ),
        ("times = 3", "times = 3000", "cap.max", "1000000"),
        ("min = 0\n", "", "accounts.giving.budget.amount", "min = 0"),
        (
            "{ setting = \"allowance\" }",
            "{ setting = \"budget\" }",
            "accounts.giving.budget.amount",
            "\"budget\"",
        ),
        ("account = \"received\"", "account = \"pool\"", "cap.account", "no account of a person"),
        ("[\"gave\"]", "[\"took\"]", "cap.except", "\"took\""),
        ("[ledger.points]", "[ledger.points]\noptional = { setting = \"allowance\" }", "optional", "boolean"),
    ] {
        let error = points(from, to).unwrap_err();
        assert_eq!(error.key, format!("ledger.points.{key}"), "{error}");
        assert!(error.message.contains(part) && error.line.is_some(), "{error}");
    }
    for (from, to) in [("per = \"month\"", "per = \"week\""), ("of = \"site\"", "of = \"team\"")] {
        assert!(points(from, to).is_err(), "{to}");
    }
}

#[test]
fn a_plugin_is_on_each_page_or_once_for_the_site() {
    let parsed = |line: &str| {
        Manifest::parse(&GOOD.replacen("extension_points", &format!("{line}extension_points"), 1))
    };
    assert_eq!(parsed("").unwrap().place, Place::Page);
    assert_eq!(parsed("place = \"site\"\n").unwrap().place, Place::Site);
    let error = parsed("place = \"everywhere\"\n").unwrap_err().to_string();
    assert!(error.contains("page") && error.contains("site"), "{error}");
}
