//! Orders, pages of lists, what is new.

use stoa::base::id::EntryId;
use stoa::store::{Order, StoreError, Threads};

use crate::cast::{PAGE, Stage, create, line, mark, pin, query};

fn bodies(threads: &Threads) -> Vec<String> {
    threads.entries.iter().map(line).collect()
}

#[tokio::test]
async fn threads_come_in_the_order_asked_for_with_pinned_ones_first() {
    let stage = Stage::new().await;
    let quiet = stage.writes(&stage.anna, None, "quiet").await;
    let loved = stage.writes(&stage.anna, None, "loved").await;
    let disputed = stage.writes(&stage.anna, None, "disputed").await;
    let disliked = stage.writes(&stage.anna, None, "disliked").await;
    for (person, id, value) in [
        (&stage.ben, &loved, "1"),
        (&stage.carla, &loved, "1"),
        (&stage.ben, &disputed, "1"),
        (&stage.carla, &disputed, "-1"),
        (&stage.ben, &disliked, "-1"),
    ] {
        stage.does(person, mark(id, "vote", value)).await.unwrap();
    }
    stage.does(&stage.mona, pin(&quiet, true)).await.unwrap();
    for (order, expected) in [
        (Order::Newest, ["quiet", "disliked", "disputed", "loved"]),
        (Order::Oldest, ["quiet", "loved", "disputed", "disliked"]),
        (Order::Top, ["quiet", "loved", "disputed", "disliked"]),
        (Order::Controversial, ["quiet", "disputed", "disliked", "loved"]),
    ] {
        assert_eq!(bodies(&stage.list(&Stage::nobody(), &query(order, 10, 3)).await), expected, "{order:?}");
    }
    stage.does(&stage.mona, pin(&quiet, false)).await.unwrap();
    let newest = stage.list(&Stage::nobody(), &query(Order::Newest, 1, 0)).await;
    assert_eq!(bodies(&newest), ["disliked"]);
}

#[tokio::test]
async fn pages_of_a_list_join_without_gap_or_repeat_while_others_write() {
    let stage = Stage::new().await;
    let mut ids: Vec<EntryId> = Vec::new();
    for number in 0..23 {
        ids.push(stage.writes(&stage.anna, None, &format!("start {number}")).await);
    }
    stage.does(&stage.mona, pin(&ids[4], true)).await.unwrap();
    stage.does(&stage.mona, pin(&ids[9], true)).await.unwrap();
    for order in [Order::Newest, Order::Oldest, Order::Top, Order::Controversial] {
        let mut asked = query(order, 5, 2);
        let mut seen: Vec<EntryId> = Vec::new();
        loop {
            let part = stage.list(&stage.sees(&stage.ben), &asked).await;
            assert!(part.entries.len() <= 5);
            seen.extend(part.entries.into_iter().map(|entry| entry.id));
            if order == Order::Newest {
                stage.writes(&stage.carla, None, "meanwhile").await;
            }
            match part.next {
                Some(next) => asked.after = Some(next),
                None => break,
            }
        }
        seen.retain(|id| ids.contains(id));
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((seen.len(), unique.len()), (23, 23), "{order:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_or_list_and_numbers_out_of_range_are_refused() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "one").await;
    stage.writes(&stage.anna, None, "two").await;
    stage.writes(&stage.anna, Some(&start), "three").await;
    stage.writes(&stage.anna, Some(&start), "four").await;
    let next = stage.list(&Stage::nobody(), &query(Order::Newest, 1, 0)).await.next.unwrap();
    let viewer = Stage::nobody();
    let asked = |order, limit, replies, after: Option<&str>| {
        let mut asked = query(order, limit, replies);
        asked.after = after.map(str::to_owned);
        asked
    };
    for bad in [
        asked(Order::Oldest, 5, 1, Some(&next)),
        asked(Order::Top, 5, 1, Some(&next)),
        asked(Order::Newest, 5, 1, Some("%%%")),
        asked(Order::Newest, 5, 1, Some("")),
        asked(Order::Newest, 0, 1, None),
        asked(Order::Newest, 101, 1, None),
        asked(Order::Newest, 5, 51, None),
    ] {
        let refused = stage.store.list_threads(&stage.site, &stage.plugin, PAGE, &viewer, &bad).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{bad:?}");
    }
    let (site, plugin, store) = (&stage.site, &stage.plugin, &stage.store);
    let refused = store.get_thread(site, plugin, Some(PAGE), &viewer, &start, Some(&next), 5).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))));
}

#[tokio::test]
async fn each_start_brings_its_first_answers_and_an_expanded_one_up_to_two_hundred() {
    let stage = Stage::new().await;
    let long = stage.writes(&stage.anna, None, "long").await;
    let short = stage.writes(&stage.anna, None, "short").await;
    for number in 0..7 {
        stage.writes(&stage.ben, Some(&long), &format!("long {number}")).await;
        stage.writes(&stage.ben, Some(&short), &format!("short {number}")).await;
    }
    let few = stage.list(&Stage::nobody(), &query(Order::Oldest, 10, 2)).await;
    assert_eq!(bodies(&few), ["long", "> long 0", "> long 1", "short", "> short 0", "> short 1"]);
    assert_eq!((few.entries[0].replies, few.total), (7, 16));
    let mut asked = query(Order::Oldest, 10, 2);
    asked.expanded = vec![long.clone()];
    let more = stage.list(&Stage::nobody(), &asked).await;
    assert_eq!(more.entries.len(), 1 + 7 + 1 + 2);
}

#[tokio::test]
async fn one_thread_is_read_to_its_end_in_parts_from_any_of_its_entries() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "start").await;
    let mut last = start.clone();
    for number in 0..9 {
        last = stage.writes(&stage.ben, Some(&last), &format!("{number}")).await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let (site, plugin, viewer) = (&stage.site, &stage.plugin, Stage::nobody());
        let part = stage
            .store
            .get_thread(site, plugin, Some(PAGE), &viewer, &last, after.as_deref(), 4)
            .await
            .unwrap();
        let part = part.unwrap();
        assert_eq!(part.entries[0].id, start);
        seen.extend(part.entries[1..].iter().map(|entry| entry.body.clone()));
        match part.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
}

#[tokio::test]
async fn what_others_wrote_since_is_counted_but_own_entries_are_listed() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "before").await;
    let since = stage.now.get();
    stage.writes(&stage.anna, None, "mine").await;
    stage.writes(&stage.ben, None, "theirs").await;
    stage.writes(&stage.ben, Some(&start), "their answer").await;
    stage.writes(&stage.anna, Some(&start), "my answer").await;
    stage.writes_held(&stage.ben, None, "held").await;
    let mut asked = query(Order::Oldest, 10, 5);
    asked.since = Some(since);
    let seen = stage.list(&stage.sees(&stage.anna), &asked).await;
    assert_eq!(bodies(&seen), ["before", "> my answer", "mine"]);
    assert_eq!((seen.newer, seen.total), (2, 5));
    assert_eq!(stage.list(&Stage::nobody(), &asked).await.newer, 4);
    asked.since = None;
    assert_eq!(stage.list(&stage.sees(&stage.anna), &asked).await.newer, 0);
}

#[tokio::test]
async fn a_text_comes_back_as_it_went_in_whatever_its_characters() {
    let stage = Stage::new().await;
    let text = "\"quoted\" \\ back\\slash \u{0} \u{1f} \u{2028} \t\r\n {\"a\":[1]} ' $1 é e\u{301} \u{1f600} \u{202e} \u{ffff}";
    let new = crate::cast::new_entry(stage.now.get(), None, text);
    let id = new.id.clone();
    stage.does(&stage.anna, create(new)).await.unwrap();
    stage.does(&stage.ben, mark(&id, "like \"x\"", "\u{1f600}'\\")).await.unwrap();
    let entry = stage.entry(&stage.sees(&stage.ben), &id).await;
    assert_eq!(entry.body, text);
    assert_eq!(entry.mine, [("like \"x\"".to_owned(), "\u{1f600}'\\".to_owned())]);
    assert_eq!(entry.counts, [("like \"x\"".to_owned(), "\u{1f600}'\\".to_owned(), 1)]);
}
