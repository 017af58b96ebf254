//! How long it takes to check, draw and compare a page of posts:
//! `cargo run --release -p stoa-view --example speed`.
#![expect(clippy::print_stdout, reason = "its purpose")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::time::Instant;

use stoa_view::check::check;
use stoa_view::ops::{build, diff};
use support::{TestHost, html, tree, views};

/// The median of many runs, in microseconds.
fn median_us<T>(mut run: impl FnMut() -> T) -> u128 {
    let mut times: Vec<_> = (0..301)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    times.get(150).copied().unwrap_or_default() / 1000
}

fn main() {
    let host = TestHost::new();
    let view = views::page(100);
    let order: Vec<_> = (0..100).collect();
    let liked = views::page_of(&order, 50);
    let (old, new) = (tree(&view, &host), tree(&liked, &host));
    let other = tree(&views::page_of(&order.iter().rev().copied().collect::<Vec<_>>(), 200), &host);
    println!(
        "100 posts: {} nodes, {} DOM nodes, {} bytes of HTML, {} bytes kept, {} bytes to build",
        view.nodes.len(),
        new.len(),
        html(&view, &host).len(),
        new.weight(),
        build(&new).len()
    );
    println!("make        {:>6} us", median_us(|| views::page(100)));
    println!("check       {:>6} us", median_us(|| check(&view)));
    println!("draw HTML   {:>6} us", median_us(|| html(&view, &host)));
    println!("draw tree   {:>6} us", median_us(|| tree(&view, &host)));
    println!("diff none   {:>6} us, {} bytes", median_us(|| diff(&old, &old)), diff(&old, &old).len());
    println!("diff a like {:>6} us, {} bytes", median_us(|| diff(&old, &new)), diff(&old, &new).len());
    println!("diff turned {:>6} us, {} bytes", median_us(|| diff(&old, &other)), diff(&old, &other).len());
    println!("build       {:>6} us", median_us(|| build(&new)));
}
