//! A manifest that comes to want a field indexed or a kind unique covers the entries that are there already.

use std::sync::Arc;

use stoa::base::id::EntryId;
use stoa::store::{CommitError, DeclaredOn, Inspection, Store};
use stoa_rules::{Declared, Filter, Scope, State, Test, Value};

use crate::cast::{PAGE, Stage, create, questions, url};

/// The same plugin before anything was indexed or unique.
fn before() -> Declared {
    let mut declared = questions();
    for kind in declared.kinds.values_mut() {
        kind.unique = None;
        kind.fields.values_mut().for_each(|field| field.indexed = false);
    }
    declared
}

fn now(stage: &Stage) -> DeclaredOn {
    DeclaredOn { site: stage.site.clone(), plugin: stage.plugin.clone(), declared: Arc::new(questions()) }
}

async fn found(stage: &Stage, name: &str, test: Test) -> u32 {
    let filters = [Filter::Field { name: name.to_owned(), test }];
    let nobody = Stage::nobody();
    stage.store.count(&stage.site, &stage.plugin, PAGE, &nobody, &Scope::Here, &filters).await.unwrap()
}

async fn twice(stage: &Stage) -> Vec<String> {
    match Store::inspect(&url(stage.folder.path()), &[now(stage)]).await.unwrap() {
        Inspection::Current { damage, twice } => {
            assert_eq!(damage, Vec::<String>::new());
            twice
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn entries_from_before_are_found_by_fields_that_come_to_be_indexed() {
    let mut stage = Stage::of_questions().await;
    stage.declared = Arc::new(before());
    let tags = Value::Texts(vec!["rail".to_owned()]);
    stage.asks(&stage.anna, "Which train?", &[("points", Value::Number(7)), ("tags", tags)]).await;
    stage.asks(&stage.ben, "Which hotel?", &[]).await;
    let seven = || Test::Equal(Value::Number(7));
    assert_eq!(found(&stage, "points", seven()).await, 0, "nothing is indexed yet");
    // The title of both, and points and tags of the first.
    assert_eq!(stage.store.index_anew(&now(&stage)).await.unwrap(), 4);
    assert_eq!(found(&stage, "points", seven()).await, 1);
    assert_eq!(found(&stage, "tags", Test::AnyOf(vec!["rail".to_owned()])).await, 1);
    assert_eq!(found(&stage, "title", Test::Present).await, 2);
    assert_eq!(stage.store.index_anew(&now(&stage)).await.unwrap(), 0, "nothing is left to do");
    stage.is_sound().await;
}

#[tokio::test]
async fn of_several_that_are_there_the_first_keeps_the_place_and_the_others_are_told() {
    let mut stage = Stage::of_questions().await;
    stage.declared = Arc::new(before());
    let question = stage.asks(&stage.anna, "Which train?", &[]).await;
    let first = stage.answers(&stage.ben, &question, "This one").await;
    let second = stage.answers(&stage.ben, &question, "Or that one").await;
    stage.answers(&stage.carla, &question, "I do not know").await;
    stage.store.index_anew(&now(&stage)).await.unwrap();
    stage.declared = Arc::new(questions());
    let again = create(stage.answer(&question, "A third one"));
    let refused = stage.does(&stage.ben, again).await;
    assert!(matches!(refused, Err(CommitError::NotUnique { .. })), "{refused:?}");
    let told = twice(&stage).await;
    let names = |id: &EntryId| told[0].contains(id.as_str());
    assert!(told.len() == 1 && names(&first) && names(&second), "{told:?}");
    assert!(told[0].contains("2 entries of the kind `answer`"), "{told:?}");
    // Without the first one the place is the second one's, from the next start on.
    stage.sets(&stage.mona, &first, State::Removed).await.unwrap();
    assert_eq!(twice(&stage).await, Vec::<String>::new());
    assert_eq!(stage.store.index_anew(&now(&stage)).await.unwrap(), 1);
    stage.is_sound().await;
}
