//! Actions: safe to repeat, kept from going wrong, nothing lost.

use stoa_tests::{TestApp, token_for};

#[tokio::test]
async fn a_comment_is_written_once_however_often_it_is_sent() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let view = anna.see("p", "").await;
    let token = token_for(&view.html, "create", None).unwrap();
    let body = anna.body("p", "", &token, "create", None, &[("body", "Only once")]);
    let sent = futures::future::join_all((0..8).map(|_| anna.send("key-1", "p", &body))).await;
    for answer in &sent {
        assert_eq!(answer.status, 200, "{}", answer.json);
        assert_eq!(answer.json["focus"], sent[0].json["focus"]);
    }
    assert_eq!(anna.see("p", "").await.html.matches("Only once").count(), 1);
    let other = anna.body("p", "", &token, "create", None, &[("body", "Something else")]);
    let reused = anna.send("key-1", "p", &other).await;
    assert_eq!((reused.status, reused.code()), (422, "key_reused"));
}

#[tokio::test]
async fn a_text_that_cannot_be_taken_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let long = "a".repeat(5_001);
    let nothing = ["", "   \n ", "\u{200b}\u{2060}\u{3164}", "***", "* *\n> -", "[a]: /away"];
    for text in nothing.into_iter().chain([long.as_str()]) {
        let answer = anna.act("p", "create", None, &[("body", text)]).await;
        assert_eq!((answer.status, answer.code()), (422, "invalid"), "{text:.20?}: {}", answer.json);
        assert_eq!(answer.json["fields"][0]["name"], "body", "{}", answer.json);
    }
    let word = "a".repeat(4_900);
    assert_eq!(anna.act("p", "create", None, &[("body", &word)]).await.status, 200);
}

#[tokio::test]
async fn the_same_text_twice_is_questioned_and_then_waits() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    anna.comment("p", "Bump").await;
    let nudge = anna.act("p", "create", None, &[("body", "Bump")]).await;
    assert_eq!(nudge.status, 422, "{}", nudge.json);
    let insists = anna.act("p", "create", None, &[("body", "Bump")]).await;
    assert_eq!((insists.status, insists.json["state"].as_str()), (200, Some("held")));
}

#[tokio::test]
async fn an_answer_to_what_was_deleted_meanwhile_keeps_the_text_with_its_author() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let comment = anna.comment("p", "I take this back").await;
    let parameters = format!("reply={comment}");
    let view = ben.see("p", &parameters).await;
    let token = token_for(&view.html, "reply", Some(&comment)).unwrap();
    let deleted = anna.act("p", "delete", Some(&comment), &[]).await;
    assert_eq!(deleted.status, 200, "{}", deleted.json);
    let body = ben.body("p", &parameters, &token, "reply", Some(&comment), &[("body", "But why?")]);
    let late = ben.send("late", "p", &body).await;
    assert_eq!((late.status, late.code()), (409, "gone"), "{}", late.json);
    assert!(late.json["view"]["ops"].is_string(), "the view as it is now comes along: {}", late.json);
}

#[tokio::test]
async fn a_token_serves_its_person_subject_and_verb_alone() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let (mine, other) = (anna.comment("p", "Mine").await, anna.comment("p", "Other").await);
    let view = anna.see("p", &format!("menu={mine}")).await;
    let delete = token_for(&view.html, "delete", Some(&mine)).unwrap();
    for (actor, verb, subject) in
        [(&ben, "delete", &mine), (&anna, "delete", &other), (&anna, "reply", &mine)]
    {
        let body = actor.body("p", "", &delete, verb, Some(subject), &[]);
        let refused = actor.send(&uuid::Uuid::new_v4().to_string(), "p", &body).await;
        assert_eq!((refused.status, refused.code()), (403, "action_not_offered"), "{verb}: {}", refused.json);
    }
    assert_eq!(anna.see("p", "").await.html.matches("class=\"post").count(), 2);
}

#[tokio::test]
async fn votes_count_once_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let comment = anna.comment("p", "Good advice").await;
    for voted in [true, false, true] {
        let value = if voted { "on" } else { "off" };
        assert_eq!(ben.act("p", "vote", Some(&comment), &[("value", value)]).await.status, 200);
        let html = ben.see("p", "").await.html;
        assert_eq!(html.contains("aria-pressed=\"true\""), voted, "{html}");
        assert_eq!(html.contains("class=\"count\">1<"), voted, "{html}");
    }
}

/// Two tabs show "not voted" and "not followed". The press in the second one wants what the first one did.
#[tokio::test]
async fn a_press_in_a_stale_tab_takes_nothing_back() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let comment = anna.comment("p", "Good advice").await;
    let stale = ben.see("p", "").await.html;
    for (verb, subject) in [("vote", comment.as_str()), ("follow", "")] {
        let start = format!("name=\"do\" value=\"{verb} ");
        let button = stale.split(&start).skip(1).filter_map(|rest| rest.split('"').next());
        let value =
            button.map(|rest| format!("{verb} {rest}")).find(|value| value.contains(subject)).unwrap();
        let press =
            serde_json::json!({"page": "p", "title": "", "url": "", "p": "", "fields": {"do": value}});
        for tab in ["first", "second"] {
            let answer = ben.send(&format!("{verb} {tab}").replace(' ', "-"), "p", &press).await;
            assert_eq!(answer.status, 200, "{tab}: {}", answer.json);
            let html = ben.see("p", "").await.html;
            let wanted = html.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(wanted.ends_with(" off"), "{verb}, {tab} tab: {wanted}");
        }
    }
}

/// Whatever people see of a mention is a name; what the plugin and the store get is `@[Name](id)`.
#[tokio::test]
async fn a_mention_is_a_name_wherever_it_is_written() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    app.ben().await;
    let whom = anna.find_person("Ben Okafor").await;
    let (id, _) = whom.split_once(' ').unwrap();
    let fields = [("body", "Ask @Ben Okafor, he knows"), ("@body", whom.as_str())];
    let posted = anna.act("p", "create", None, &fields).await;
    assert_eq!(posted.status, 200, "{}", posted.json);
    let comment = posted.json["focus"].as_str().unwrap().trim_start_matches("e-").to_owned();
    let html = anna.see("p", "").await.html;
    assert!(html.contains("class=\"mention\" dir=\"auto\">@Ben Okafor<"), "{html}");
    let edit = anna.see("p", &format!("edit={comment}")).await.html;
    assert!(edit.contains(">Ask @Ben Okafor, he knows</textarea>"), "{edit}");
    assert!(edit.contains(&format!("name=\"@body\" value=\"{whom}\"")), "{edit}");
    let parameters = format!("edit={comment}");
    let fields = [("body", "Ask @Ben Okafor, he knows it all"), ("@body", whom.as_str())];
    let edited = anna.act_in("p", &parameters, "edit", Some(&comment), &fields).await;
    assert_eq!(edited.status, 200, "{}", edited.json);
    let html = anna.see("p", "").await.html;
    assert!(html.contains("@Ben Okafor</span>, he knows it all"), "{html}");
    assert!(!html.contains(&format!("]({id})")), "{html}");
}

#[tokio::test]
async fn too_many_comments_in_a_row_have_to_wait() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    for number in 0..6 {
        anna.comment("p", &format!("Number {number}")).await;
    }
    let wait = anna.act("p", "create", None, &[("body", "One more")]).await;
    assert_eq!((wait.status, wait.code()), (429, "too_many"), "{}", wait.json);
    assert!(
        wait.retry_after.is_some_and(|seconds| seconds.parse::<u64>().is_ok_and(|seconds| seconds <= 60))
    );
}

#[tokio::test]
async fn the_edit_window_closes_and_an_earlier_version_is_not_overwritten() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let comment = anna.comment("p", "Frist draft").await;
    let parameters = format!("edit={comment}");
    let edited = anna.act_in("p", &parameters, "edit", Some(&comment), &[("body", "First draft")]).await;
    assert_eq!(edited.status, 200, "{}", edited.json);
    assert!(anna.see("p", "").await.html.contains("First draft"));
    let view = anna.see("p", &parameters).await;
    let token = token_for(&view.html, "edit", Some(&comment)).unwrap();
    app.clock.advance(std::time::Duration::from_secs(16 * 60));
    let anna = app.anna().await;
    let body = anna.body("p", &parameters, &token, "edit", Some(&comment), &[("body", "Too late")]);
    let late = anna.send("late-edit", "p", &body).await;
    assert_eq!((late.status, late.code()), (409, "conflict"), "{}", late.json);
    assert!(!anna.see("p", "").await.html.contains("Too late"));
}

#[tokio::test]
async fn two_edits_of_one_text_do_not_overwrite_each_other() {
    let app = TestApp::start().await;
    let (anna, mia) = (app.anna().await, app.mia().await);
    let comment = anna.comment("p", "The office closes at five").await;
    let parameters = format!("edit={comment}");
    let (first, second) = (mia.see("p", &parameters).await, anna.see("p", &parameters).await);
    let token = |html: &str| token_for(html, "edit", Some(&comment)).unwrap();
    let fields = [("body", "The office closes at six")];
    let body = mia.body("p", &parameters, &token(&first.html), "edit", Some(&comment), &fields);
    assert_eq!(mia.send("k1", "p", &body).await.status, 200);
    let fields = [("body", "The office closes at four")];
    let body = anna.body("p", &parameters, &token(&second.html), "edit", Some(&comment), &fields);
    let stale = anna.send("k2", "p", &body).await;
    assert_eq!((stale.status, stale.code()), (412, "stale"), "{}", stale.json);
    let p = stale.json["view"]["p"].as_str().unwrap();
    assert!(p.contains("host-stale"), "{p}");
    let now = anna.see("p", p).await;
    assert!(
        now.html.contains("Somebody has changed this") && now.html.contains("closes at six"),
        "{}",
        now.html
    );
    let body = anna.body("p", p, &token(&now.html), "edit", Some(&comment), &fields);
    let merged = anna.send("k3", "p", &body).await;
    assert_eq!(merged.status, 200, "{}", merged.json);
    assert!(!merged.json["p"].as_str().unwrap_or_default().contains("host-stale"), "{}", merged.json);
    assert!(anna.see("p", "").await.html.contains("closes at four"));
}

/// The title of a page, as its plain page has it.
async fn title(app: &TestApp, page: &str) -> Option<String> {
    let html = app.request("GET", &format!("/t/demo/comments?page={page}")).send().await.unwrap();
    let html = html.text().await.unwrap();
    Some(html.split_once("<h1>")?.1.split_once("</h1>")?.0.to_owned())
}

#[tokio::test]
async fn only_the_first_writer_a_moderator_or_the_token_names_a_page() {
    let app = TestApp::start().await;
    let (anna, ben, gus, mia) = (app.anna().await, app.ben().await, app.gus().await, app.mia().await);
    let write = async |actor: &stoa_tests::Actor<'_>, title: &str| {
        let token = token_for(&actor.see("p", "").await.html, "create", None).unwrap();
        let mut body = actor.body("p", "", &token, "create", None, &[("body", title)]);
        body["title"] = title.into();
        let answer = actor.send(&uuid::Uuid::new_v4().to_string(), "p", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
    };
    let mut claims = app.claims("demo", "cleo", "Cleo", &[]);
    claims["page"] = "p".into();
    claims["page_title"] = "The intranet's".into();
    let cleo = app.sign_in_with(&claims).await;
    for (actor, told, expected) in [
        (&gus, "A guest's", None),
        (&anna, "The first writer's", Some("The first writer's")),
        (&ben, "A later one's", Some("The first writer's")),
        (&mia, "A moderator's", Some("A moderator's")),
        (&cleo, "Whatever", Some("The intranet's")),
        (&gus, "A guest's again", Some("The intranet's")),
    ] {
        write(actor, told).await;
        assert_eq!(title(&app, "p").await.as_deref(), expected, "after {told}");
    }
    claims["page"] = "another".into();
    claims["page_title"] = "Not this".into();
    claims["jti"] = "another".into();
    write(&app.sign_in_with(&claims).await, "Whatever else").await;
    assert_eq!(title(&app, "p").await.as_deref(), Some("The intranet's"));
}
