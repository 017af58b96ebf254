//! Questions over HTTP: a hub hears of what is asked on other pages, and a plain page tells programs what it is about.

use serde_json::{Value, json};
use stoa_tests::{Actor, TestApp};

use super::event;

const SITE: &str = r#"[sites.plugins.questions]
grants = ["entries", "entries-write", "marks", "marks-write", "pages", "ledger", "ledger-write"]"#;

/// A view of the questions: its HTML and its revision.
async fn view(actor: &Actor<'_>, page: &str, parameters: &str) -> (String, String) {
    let request = actor.request("GET", "/v1/sites/demo/plugins/questions/view").header("Accept", "text/html");
    let answer = request.query(&[("page", page), ("p", parameters)]).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let rev = answer.headers()["stoa-rev"].to_str().unwrap().to_owned();
    (answer.text().await.unwrap(), rev)
}

/// Ask on a page; the question's id.
async fn ask(actor: &Actor<'_>, page: &str, title: &str) -> String {
    let parameters = "ask=Something";
    let (html, _) = view(actor, page, parameters).await;
    let token = html.split("name=\"t\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let fields = json!({"t": token, "s": "", "do": "ask", "title": title, "body": "The bus is gone."});
    let body = json!({"page": page, "title": page, "url": "", "p": parameters, "fields": fields});
    let request = actor.request("POST", "/v1/sites/demo/plugins/questions/act");
    let key = uuid::Uuid::new_v4().to_string();
    let answer = request.header("Idempotency-Key", key).body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let answer: Value = answer.json().await.unwrap();
    answer["focus"].as_str().unwrap().trim_start_matches("e-").to_owned()
}

#[tokio::test]
async fn a_hub_hears_of_what_is_asked_on_another_page() {
    let app = TestApp::start_with(SITE, "").await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let (_, rev) = view(&anna, "hub", "scope=site").await;
    let shown = json!({"id": "h", "plugin": "questions", "page": "hub", "p": "scope=site", "rev": rev});
    let body = json!({"bearer": anna.bearer(), "lang": "en", "views": [shown]});
    let answer = app.request("POST", "/v1/sites/demo/live").body(body.to_string()).send().await.unwrap();
    let mut stream = Box::pin(answer.bytes_stream());
    ask(&ben, "p", "Taxi from Lund?").await;
    assert_eq!(event(&mut stream, "patch").await["base"], rev.as_str());
}

#[tokio::test]
async fn the_plain_page_of_a_question_says_so_to_programs() {
    let app = TestApp::start_with(SITE, "").await;
    let ben = app.ben().await;
    let id = ask(&ben, "p", "Taxi from <Lund>?").await;
    let page = async |query: &str| {
        let answer = app.request("GET", &format!("/t/demo/questions?page=p{query}")).send().await.unwrap();
        answer.text().await.unwrap()
    };
    let html = page(&format!("&q={id}")).await;
    let json = html.split("<script type=\"application/ld+json\">").nth(1).expect("there is one");
    let told: Value = serde_json::from_str(json.split("</script>").next().unwrap()).unwrap();
    assert_eq!(told["@type"], "QAPage");
    assert_eq!(told["mainEntity"]["name"], "Taxi from <Lund>?");
    assert_eq!(told["mainEntity"]["text"], "The bus is gone.");
    assert!(!page("").await.contains("ld+json"), "a list is no question");
}
