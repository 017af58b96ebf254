//! People: known by issuer and subject, found by the start of a word.

use stoa::base::id::SiteId;
use stoa::store::PersonClaims;

use crate::cast::{PAGE, START, Stage, claims};

#[tokio::test]
async fn people_are_found_by_starts_of_words_whatever_the_case_and_accents() {
    let stage = Stage::new().await;
    for (subject, name) in
        [("d", "Jürgen Groß"), ("e", "Łukasz Wójcik"), ("f", "Anna-Lena Öz"), ("g", "Ödön von Horváth")]
    {
        stage.store.put_person(&stage.site, &claims(subject, name, START), START).await.unwrap();
    }
    for (query, expected) in [
        ("nun", vec!["Carla Núñez"]),
        ("NÚÑ", vec!["Carla Núñez"]),
        ("jurg", vec!["Jürgen Groß"]),
        ("juer", vec!["Jürgen Groß"]),
        ("gross", vec!["Jürgen Groß"]),
        ("lukasz woj", vec!["Łukasz Wójcik"]),
        ("wój łuk", vec!["Łukasz Wójcik"]),
        ("lena", vec!["Anna-Lena Öz"]),
        ("anna", vec!["Anna Bergmann", "Anna-Lena Öz"]),
        ("anna b", vec!["Anna Bergmann"]),
        ("oedo", vec!["Ödön von Horváth"]),
        ("nna", vec![]),
        ("", vec![]),
        ("%", vec![]),
        ("anna xx", vec![]),
    ] {
        let found = stage.store.find_people(&stage.site, query, 8).await.unwrap();
        let names: Vec<&str> = found.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, expected, "{query}");
    }
    assert_eq!(stage.store.find_people(&stage.site, "anna", 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn claims_that_are_missing_or_older_leave_what_is_known() {
    let stage = Stage::new().await;
    let site = SiteId::from("demo");
    let put = async |claims: PersonClaims| stage.store.put_person(&site, &claims, START).await.unwrap();
    let mut newer = claims("anna", "Anna Berg", START + 10);
    newer.title = None;
    newer.roles = Some(vec!["leader".to_owned()]);
    let person = put(newer).await;
    assert_eq!((person.name.as_str(), person.title.as_str()), ("Anna Berg", "Engineer"));
    assert_eq!(person.id, stage.anna);
    let person = put(claims("anna", "Anna Old", START + 5)).await;
    assert_eq!((person.name.as_str(), person.roles.as_slice()), ("Anna Berg", &["leader".to_owned()][..]));
    assert_eq!(stage.store.find_people(&site, "bergmann", 5).await.unwrap(), [], "the old name is forgotten");
    let mut other = claims("anna", "Another Anna", START);
    other.issuer = "https://other.example".to_owned();
    assert_ne!(put(other).await.id, stage.anna, "the same subject of another issuer is somebody else");
}

#[tokio::test]
async fn claims_of_the_same_second_only_take_roles_away() {
    let stage = Stage::new().await;
    let roles = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect::<Vec<_>>();
    for (given, expected) in [
        (Some(roles(&["leader", "moderator"])), roles(&[])),
        (Some(roles(&["guest"])), roles(&["guest"])),
        (Some(roles(&[])), roles(&["guest"])),
        (None, roles(&["guest"])),
    ] {
        let mut claims = claims("anna", "Another Name", START);
        claims.roles = given;
        let person = stage.store.put_person(&stage.site, &claims, START).await.unwrap();
        assert_eq!((person.name.as_str(), person.roles), ("Anna Bergmann", expected));
    }
    for (at, given, expected) in
        [(1, &["moderator", "leader"][..], &["moderator", "leader"][..]), (1, &["leader"], &["leader"])]
    {
        let mut claims = claims("anna", "Anna", START + at);
        claims.roles = Some(roles(given));
        let person = stage.store.put_person(&stage.site, &claims, START).await.unwrap();
        assert_eq!(person.roles, roles(expected));
    }
}

#[tokio::test]
async fn names_are_one_line_without_control_characters_and_direction_marks() {
    let stage = Stage::new().await;
    let name = format!("  Eve\u{202e}\n\tof\u{0}Old {}", "x".repeat(300));
    let person = stage.store.put_person(&stage.site, &claims("eve", &name, START), START).await.unwrap();
    assert!(person.name.starts_with("Eve of Old xxx"), "{}", person.name);
    assert_eq!(person.name.chars().count(), 200);
}

#[tokio::test]
async fn a_new_name_changes_the_revision_of_the_pages_where_the_person_wrote() {
    let stage = Stage::new().await;
    stage.writes(&stage.anna, None, "hello").await;
    let before = stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap();
    stage.store.put_person(&stage.site, &claims("ben", "Ben New", START + 1), START).await.unwrap();
    assert_eq!(stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap(), before);
    stage.store.put_person(&stage.site, &claims("anna", "Anna New", START + 1), START).await.unwrap();
    assert!(stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap() > before);
    assert_eq!(stage.all(&Stage::nobody()).await.people[0].name, "Anna New");
}
