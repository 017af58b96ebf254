//! Who may read a page: what is on a page that somebody may not read is nowhere, whatever they ask.

use serde_json::{Value, json};
use stoa_tests::{Actor, TestApp, grants, root, token_for};

/// A page for the group `hr`, one for everybody, one that nobody has named.
const SECRET: &str = "hr/plan";
const OPEN: &str = "news";
const ABSENT: &str = "hr/none";
/// A word in everything that is written on the page for `hr`, and in its title.
const WORD: &str = "Zeppelin";

/// What is asked, with `{page}`, `{comment}`, `{question}` and `{bearer}` to be filled in.
struct Reading {
    /// The address in the table of routes.
    route: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    /// Whether readers of the page find something there that others must not.
    tells: bool,
}

const fn get(route: &'static str, path: &'static str, tells: bool) -> Reading {
    Reading { route, method: "GET", path, body: "", tells }
}

const fn post(route: &'static str, path: &'static str, body: &'static str, tells: bool) -> Reading {
    Reading { route, method: "POST", path, body, tells }
}

/// Every address, in every way that it can tell something of a page. A new route has to be added here.
const READINGS: &[Reading] = &[
    post(
        "/session",
        "/v1/sites/demo/session",
        r#"{"token":"{token}","views":[{"plugin":"comments","page":"{page}"}]}"#,
        true,
    ),
    post(
        "/session",
        "/v1/sites/demo/session",
        r#"{"token":"{token}","views":[{"plugin":"questions","page":"news","scope":"site"}]}"#,
        true,
    ),
    post(
        "/session",
        "/v1/sites/demo/session",
        r#"{"token":"{token}","views":[{"plugin":"page","page":"{page}"}]}"#,
        true,
    ),
    post(
        "/session",
        "/v1/sites/demo/session",
        r#"{"token":"{token}","views":[{"plugin":"bell","page":"news","p":"open=list"}]}"#,
        true,
    ),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/comments/view?page={page}", true),
    get(
        "/plugins/{plugin}/view",
        "/v1/sites/demo/plugins/comments/view?page=news&p=focus%3D{comment}",
        false,
    ),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/questions/view?page={page}", true),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/questions/view?page=news&p=scope%3Dsite", true),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/questions/view?page=news&p=scope%3Dhr%2F", true),
    get(
        "/plugins/{plugin}/view",
        "/v1/sites/demo/plugins/questions/view?page=news&p=scope%3Dsite%26focus%3D{question}",
        true,
    ),
    // Proposals while somebody asks.
    get(
        "/plugins/{plugin}/view",
        "/v1/sites/demo/plugins/questions/view?page=news&p=like%3DWhere%2Bis%2Bthe%2BZeppelin%2Bmoored",
        true,
    ),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/kudos/view?page=news&p=scope%3Dsite", true),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/kudos/view?page={page}", true),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/page/view?page={page}", true),
    get("/plugins/{plugin}/view", "/v1/sites/demo/plugins/bell/view?page=news&p=open%3Dlist", true),
    post(
        "/plugins/{plugin}/act",
        "/v1/sites/demo/plugins/comments/act",
        r#"{"page":"{page}","fields":{"t":"x","do":"create","body":"x"}}"#,
        false,
    ),
    post(
        "/plugins/{plugin}/act",
        "/v1/sites/demo/plugins/comments/act",
        r#"{"page":"news","fields":{"t":"x","do":"vote","s":"{comment}"}}"#,
        false,
    ),
    post(
        "/counts",
        "/v1/sites/demo/counts",
        r#"{"bearer":"{bearer}","counts":[{"page":"{page}","plugin":"comments"},{"page":"{page}","plugin":"questions"},{"page":"{page}","plugin":"kudos"}]}"#,
        true,
    ),
    get("/people", "/v1/sites/demo/people?q=h&page={page}", false),
    get("/notices", "/v1/sites/demo/notices", true),
    get("/notices/count", "/v1/sites/demo/notices/count", false),
    post("/notices/read", "/v1/sites/demo/notices/read", r#"{"all":true}"#, false),
    get("/notices/mutes", "/v1/sites/demo/notices/mutes", false),
    post("/preview", "/v1/sites/demo/preview", r#"{"markdown":"x"}"#, false),
    get("/t/{site}/{plugin}", "/t/demo/comments?page={page}", false),
    get("/t/{site}/{plugin}", "/t/demo/questions?page=news&scope=site", false),
    get("/t/{site}/{plugin}", "/t/demo/page?page={page}", false),
    post("/t/{site}/{plugin}/act", "/t/demo/comments/act?page={page}&p=", "do=create", false),
    post("/plain/{site}/{plugin}", "/plain/demo/comments?page={page}", "token=", false),
    get("/embed/{site}/{plugin}", "/embed/demo/comments?page={page}", false),
    get("/lti/{site}/login", "/lti/demo/login?iss=x&login_hint={page}", false),
    post("/lti/{site}/launch", "/lti/demo/launch", "id_token=x&state={page}", false),
    get("/lti/{site}/keys", "/lti/demo/keys", false),
    post("/reports", "/v1/sites/demo/reports", r#"{"code":"wasm","page":"/{page}"}"#, false),
    get("/signin/{site}", "/signin/demo?to=%2Ft%2Fdemo%2Fcomments%3Fpage%3D{page}", false),
    get("/signin/{site}/back", "/signin/demo/back?code=x&state={page}", false),
    post("/signin/{site}/out", "/signin/demo/out", "to=%2Ft%2Fdemo%2Fcomments%3Fpage%3D{page}", false),
    post("/oidc/{site}/back-channel-logout", "/oidc/demo/back-channel-logout", "logout_token=x", false),
    get("/oembed", "/oembed?url={public}%2Ft%2Fdemo%2Fcomments%3Fpage%3D{page}", false),
    get("/embed.js", "/embed.js", false),
    get("/parts.js", "/parts.js", false),
    get("/assets/{name}", "/assets/none", false),
    get("/healthz", "/healthz", false),
    get("/readyz", "/readyz", false),
];

/// Streams, which `a_stream_tells_nothing_of_a_page_that_may_not_be_read` holds.
const STREAMS: [&str; 1] = ["/live"];

#[test]
fn every_address_is_asked() {
    let table = std::fs::read_to_string(root().join("host/src/http/mod.rs")).unwrap();
    let routes: Vec<&str> =
        table.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(routes.len() > 15, "the table of routes is where it was: {routes:?}");
    for route in routes {
        let known = READINGS.iter().any(|reading| reading.route == route) || STREAMS.contains(&route);
        assert!(known, "{route} is not asked what it tells of pages that somebody may not read");
    }
}

/// A host with all plugins, the pages, and what is written there; the ids of a comment and a question on the page for `hr`.
async fn setup(pages: &str) -> (TestApp, String, String) {
    let plugins = ["questions", "kudos"]
        .map(|name| format!("[sites.plugins.{name}]\ngrants = {}\n", grants(&format!("plugins/{name}"))));
    let app = TestApp::start_site(pages, &plugins.concat()).await;
    app.sign_in_with(&page_claims(&app, "nora", "Nora News", &[], (OPEN, &["*"]))).await;
    let hana = app.sign_in_with(&hr_claims(&app, "hana", "Hana Ito")).await;
    let anna = app.sign_in_with(&hr_claims(&app, "anna", "Anna Bergmann")).await;
    app.ben().await;
    // Both are told in the text; only one of them may read it.
    let fields = [("body", format!("The {WORD}: @Ben Okafor, @Hana Ito"))];
    let ben = anna_finds(&anna, "Ben Okafor").await;
    let hana_id = anna_finds(&anna, "Hana Ito").await;
    let posted = anna
        .act(
            SECRET,
            "create",
            None,
            &[("body", fields[0].1.as_str()), ("@body", &format!("{ben} {hana_id}")), ("@body", &hana_id)],
        )
        .await;
    assert_eq!(posted.status, 200, "{}", posted.json);
    let comment = posted.json["focus"].as_str().unwrap().trim_start_matches("e-").to_owned();
    let title = format!("Where is the {WORD} moored?");
    let question = write(&anna, "questions", "ask=Where", "ask", &[("title", &title), ("body", "")]).await;
    let fields = [
        ("recipients", "Hana Ito"),
        ("@recipients", stoa_view::names::LIST),
        ("body", &format!("Thank you for the whole {WORD}, Hana")),
        ("values", "Helps others"),
    ];
    write(&anna, "kudos", "compose=x", "give", &fields).await;
    drop(hana);
    (app, comment, question)
}

/// An id and a name, as a form tells whom a name stands for; found without a page, which offers everybody.
async fn anna_finds(anna: &Actor<'_>, name: &str) -> String {
    anna.find_person(name).await
}

fn page_claims(app: &TestApp, sub: &str, name: &str, groups: &[&str], page: (&str, &[&str])) -> Value {
    let mut claims = app.claims("demo", sub, name, &[]);
    claims["groups"] = json!(groups);
    claims["page"] = json!(page.0);
    claims["page_readers"] = json!(page.1);
    claims["page_title"] = json!(format!("Title {}", page.0));
    claims
}

fn hr_claims(app: &TestApp, sub: &str, name: &str) -> Value {
    let mut claims = page_claims(app, sub, name, &["hr"], (SECRET, &["hr"]));
    claims["page_title"] = json!(format!("{WORD} page"));
    claims
}

/// Write with a plugin on the page for `hr`; the id of what was written.
async fn write(actor: &Actor<'_>, plugin: &str, p: &str, verb: &str, fields: &[(&str, &str)]) -> String {
    write_on(actor, SECRET, (plugin, p), (verb, None), fields).await
}

/// Write with a plugin on a page; the id of what was written.
async fn write_on(
    actor: &Actor<'_>,
    page: &str,
    (plugin, p): (&str, &str),
    (verb, subject): (&str, Option<&str>),
    fields: &[(&str, &str)],
) -> String {
    let path = format!("/v1/sites/demo/plugins/{plugin}/view");
    let view = actor.request("GET", &path).query(&[("page", page), ("p", p)]).header("Accept", "text/html");
    let html = view.send().await.unwrap().text().await.unwrap();
    let token = token_for(&html, verb, subject);
    assert!(token.is_some(), "no {verb}: {html}");
    let mut all: serde_json::Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    all.insert("t".to_owned(), json!(token));
    all.insert("do".to_owned(), json!(verb));
    all.insert("s".to_owned(), json!(subject.unwrap_or_default()));
    let body = json!({"page": page, "p": p, "fields": all});
    let key = uuid::Uuid::new_v4().to_string();
    let request = actor.request("POST", &format!("/v1/sites/demo/plugins/{plugin}/act"));
    let answer = request.header("Idempotency-Key", key).body(body.to_string()).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert!(answer["focus"].is_string(), "{plugin} {verb}: {answer}");
    answer["focus"].as_str().unwrap().trim_start_matches("e-").to_owned()
}

/// What somebody is answered, with everything taken out that is different each time: status and body.
async fn answer(
    app: &TestApp,
    actor: &Actor<'_>,
    token: &str,
    reading: &Reading,
    fill: [&str; 3],
) -> (u16, String) {
    let [page, comment, question] = fill;
    let public = app.url.replace(':', "%3A").replace('/', "%2F");
    let filled = |text: &str, page: &str| {
        text.replace("{page}", page)
            .replace("{comment}", comment)
            .replace("{question}", question)
            .replace("{bearer}", actor.bearer().unwrap_or_default())
            .replace("{token}", token)
            .replace("{public}", &public)
    };
    let mut request = actor.request(reading.method, &filled(reading.path, &page.replace('/', "%2F")));
    if reading.method == "POST" {
        request = request
            .body(filled(reading.body, page))
            .header("Idempotency-Key", uuid::Uuid::new_v4().to_string());
    }
    let answer = request.header("Accept", "text/html").send().await.unwrap();
    let status = answer.status().as_u16();
    let headers = format!("{:?}", answer.headers().get("location"));
    let body = format!("{headers}\n{}", answer.text().await.unwrap());
    let body = body
        .replace(page, "PAGE")
        .replace(&page.replace('/', "%2F"), "PAGE")
        .replace(&page.replace('/', "%252F"), "PAGE")
        .replace(comment, "ID");
    let body = body.replace(question, "ID");
    let lines =
        body.split(',').filter(|part| !part.contains("\"request_id\"") && !part.contains("\"bearer\""));
    (status, lines.collect::<Vec<_>>().join(","))
}

/// Whether something of what is on the page is told: a word of it, or that there is something.
fn is_told(body: &str) -> bool {
    let counts = ["\"count\":1", "Comments 1", "Questions 1"];
    body.contains(WORD) || counts.iter().any(|count| body.contains(count))
}

async fn check(pages: &str, same: bool) {
    let (app, comment, question) = setup(pages).await;
    let other = "01939c5f-0000-7000-8000-000000000000";
    for reading in READINGS {
        // Somebody who may read it finds it: so there is something to be kept from others.
        let token = app.sign(&app.claims("demo", "hana", "Hana Ito", &[]));
        let hana = app.sign_in("hana", "Hana Ito", &[]).await;
        let mut found = answer(&app, &hana, &token, reading, [SECRET, &comment, &question]).await;
        for _ in 0..200 {
            // Notices come after the answer that they are about.
            if is_told(&found.1) || !reading.tells {
                break;
            }
            let token = app.sign(&app.claims("demo", "hana", "Hana Ito", &[]));
            found = answer(&app, &hana, &token, reading, [SECRET, &comment, &question]).await;
        }
        assert_eq!(is_told(&found.1), reading.tells, "{} tells readers: {found:?}", reading.path);
        for (sub, roles) in
            [("ben", &[][..]), ("mia", &["moderator"][..]), ("adam", &["admin"][..]), ("", &[][..])]
        {
            let (actor, token) = match sub {
                "" => (app.nobody(), String::new()),
                sub => {
                    let token = app.sign(&app.claims("demo", sub, "Ben Okafor", roles));
                    (app.sign_in(sub, "Ben Okafor", roles).await, token)
                }
            };
            let hidden = answer(&app, &actor, &token, reading, [SECRET, &comment, &question]).await;
            assert!(!is_told(&hidden.1), "{} tells `{sub}`: {hidden:?}", reading.path);
            if same {
                let token = app.sign(&app.claims("demo", sub, "Ben Okafor", roles));
                let token = if sub.is_empty() { String::new() } else { token };
                let absent = answer(&app, &actor, &token, reading, [ABSENT, other, other]).await;
                assert_eq!(hidden, absent, "{} for `{sub}`: not there is another answer", reading.path);
            }
        }
    }
}

#[tokio::test]
async fn nothing_of_a_page_is_told_to_those_who_may_not_read_it() {
    check("", false).await;
}

#[tokio::test]
async fn a_page_that_may_not_be_read_and_none_look_the_same() {
    check("pages = \"vouched\"", true).await;
}

/// Who may accept an answer that somebody else has asked for, on these pages; `+` or `.`.
async fn owns(app: &TestApp, subject: &str, pages: &[&str]) -> String {
    let actor = app.sign_in(subject, subject, &[]).await;
    let mut found = String::new();
    for page in pages {
        let (question, answer) = asked(app, page).await;
        let request = actor
            .request("GET", "/v1/sites/demo/plugins/questions/view")
            .query(&[("page", *page), ("p", &format!("q={question}"))])
            .header("Accept", "text/html");
        let html = request.send().await.unwrap().text().await.unwrap();
        assert!(html.contains("An answer"), "{html}");
        found.push(if token_for(&html, "accept", Some(&answer)).is_some() { '+' } else { '.' });
    }
    found
}

/// A question with an answer on a page, by two people of their own: their ids.
async fn asked(app: &TestApp, page: &str) -> (String, String) {
    let n = uuid::Uuid::new_v4().simple().to_string();
    let asker = app.sign_in(&format!("asker{n}"), "Asker", &[]).await;
    let title = format!("How does {n} go?");
    let question =
        write_on(&asker, page, ("questions", "ask=How"), ("ask", None), &[("title", &title), ("body", "")])
            .await;
    let other = app.sign_in(&format!("other{n}"), "Other", &[]).await;
    let p = format!("q={question}&answer={question}");
    let fields = [("body", "An answer that is long enough")];
    let answer = write_on(&other, page, ("questions", &p), ("answer", Some(&question)), &fields).await;
    (question, answer)
}

#[tokio::test]
async fn the_owner_of_a_page_is_who_the_token_or_the_rule_says() {
    let questions = format!("[sites.plugins.questions]\ngrants = {}\n", grants("plugins/questions"));
    let rules = "page_owners = [{ prefix = \"rules/\", owner = \"rita\" }, { prefix = \"rules/it/\", owner = \"ivan\" }]";
    let app = TestApp::start_site(rules, &questions).await;
    let mut claims = app.claims("demo", "anna", "Anna Bergmann", &[]);
    claims["page"] = json!("guide");
    claims["page_owner"] = json!("olga");
    app.sign_in_with(&claims).await;
    let pages = ["guide", "rules/travel", "rules/it/vpn", "else"];
    assert_eq!(owns(&app, "olga", &pages).await, "+...");
    assert_eq!(owns(&app, "rita", &pages).await, ".+..");
    assert_eq!(owns(&app, "ivan", &pages).await, "..+.");
    assert_eq!(owns(&app, "anna", &pages).await, "....");
    // Another owner by a newer token takes the place of the one before.
    app.clock.advance(std::time::Duration::from_secs(5));
    let mut claims = app.claims("demo", "anna", "Anna Bergmann", &[]);
    claims["page"] = json!("guide");
    claims["page_owner"] = json!("rita");
    app.sign_in_with(&claims).await;
    assert_eq!(owns(&app, "olga", &["guide"]).await, ".");
    assert_eq!(owns(&app, "rita", &["guide"]).await, "+");
}

#[tokio::test]
async fn readers_follow_the_newest_token() {
    let app = TestApp::start().await;
    let say = async |readers: Option<&[&str]>| {
        let mut claims = app.claims("demo", "hana", "Hana", &[]);
        claims["groups"] = json!(["hr"]);
        claims["page"] = json!(SECRET);
        if let Some(readers) = readers {
            claims["page_readers"] = json!(readers);
        }
        app.sign_in_with(&claims).await
    };
    say(Some(&["hr"])).await.comment(SECRET, WORD).await;
    let reads = async |subject: &str, groups: &[&str]| {
        let mut claims = app.claims("demo", subject, subject, &[]);
        claims["groups"] = json!(groups);
        app.sign_in_with(&claims).await.see(SECRET, "").await.status
    };
    assert_eq!(reads("ben", &["it"]).await, 404);
    assert_eq!(reads("carla", &["hr"]).await, 200);
    app.clock.advance(std::time::Duration::from_secs(5));
    // Who has left the group reads no more.
    assert_eq!(reads("carla", &[]).await, 404);
    say(None).await;
    assert_eq!(reads("ben", &["it"]).await, 404, "a token that says nothing changes nothing");
    app.clock.advance(std::time::Duration::from_secs(5));
    say(Some(&["it", "hr"])).await;
    assert_eq!(reads("ben", &["it"]).await, 200);
    // Of two tokens of the same second only what both say holds.
    say(Some(&["hr"])).await;
    assert_eq!(reads("ben", &["it"]).await, 404);
    app.clock.advance(std::time::Duration::from_secs(5));
    say(Some(&[])).await;
    assert_eq!(reads("hana", &["hr"]).await, 404);
    assert_eq!(say(None).await.see(SECRET, "").await.status, 200, "the token itself names the page");
    app.clock.advance(std::time::Duration::from_secs(5));
    say(Some(&["*"])).await;
    assert_eq!(reads("ben", &["it"]).await, 200);
}

#[tokio::test]
async fn a_stream_tells_nothing_of_a_page_that_may_not_be_read() {
    use futures::StreamExt as _;
    let app = TestApp::start().await;
    let hana = app.sign_in_with(&hr_claims(&app, "hana", "Hana Ito")).await;
    hana.comment(SECRET, "First").await;
    let ben = app.ben().await;
    ben.comment(OPEN, "Here").await;
    let rev = ben.see(OPEN, "").await.rev;
    let view = |id: &str, page: &str, rev: &str| json!({"id": id, "plugin": "comments", "page": page, "p": "", "since": "0", "rev": rev});
    let body =
        json!({"bearer": ben.bearer(), "views": [view("secret", SECRET, ""), view("open", OPEN, &rev)]});
    let answer = app.request("POST", "/v1/sites/demo/live").body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    app.clock.advance(std::time::Duration::from_secs(60));
    hana.comment(SECRET, WORD).await;
    app.anna().await.comment(OPEN, "There").await;
    let mut stream = Box::pin(answer.bytes_stream());
    let mut told = String::new();
    let wait = async {
        while !told.contains("\"open\"") {
            told.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait).await.expect("the open page is told");
    assert!(!told.contains("\"secret\""), "{told}");
}
