//! The way out to the browser: objects by number, and the functions of `js/start.js`.
//!
//! Instead of owned handles (`web-sys`) the runtime works with numbers of objects in a table on the JavaScript side,
//! which is emptied after each call into Rust. They are copied freely and never dropped: the same program with owned
//! handles was 39 KB (brotli), with numbers it is less than half of that. `widgets/README.md` has the figures.

use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

/// The functions of `js/start.js`. Numbers are [`Dom`]s, 0 is nothing; what does not exist is left alone.
#[wasm_bindgen(js_namespace = __stoa)]
extern "C" {
    /// A property as text; none where it is absent or null.
    fn prop(of: u32, name: &str) -> Option<String>;
    /// Sets a property.
    fn put(of: u32, name: &str, value: Option<&str>);
    /// A property that is an object.
    fn sub(of: u32, name: &str) -> u32;
    /// A property that is bytes.
    fn bytes(of: u32) -> Option<Vec<u8>>;
    /// A property that is a number.
    fn number(of: u32, name: &str) -> f64;
    /// A message after `place`, in it if it is a form, or at the top of the view; `key` for "Try again".
    fn notice(place: u32, view: u32, words: &str, key: &str);
    /// A button "Try again", if there is none.
    fn retry(place: u32, key: &str);
    /// A post as it was written, after its form.
    fn post(form: u32, text: &str) -> u32;
    /// Puts each complaint of an answer beside its field, others at the form; false where there are none.
    fn problems(form: u32, place: u32, view: u32, answer: u32) -> bool;
    /// A list of the people of an answer below a field; how many. Without an answer the list goes.
    fn choose(field: u32, answer: u32) -> u32;
    /// Adds to the number shown; numbers written with separators are left to the host.
    fn add(of: u32, change: i32);
    /// Moves the focus among some things: -1 back, 1 on, 0 to the first, 2 to the last; round the end if it `wraps`.
    fn step(inside: u32, what: &str, from: u32, way: i32, wraps: bool);
    /// Moves the focus to the next of some things that begins with this letter; false where there is none.
    fn seek(inside: u32, what: &str, from: u32, letter: &str) -> bool;
    /// Moves the focus to the nearest of some things after what it leaves, or before it.
    fn leave(inside: u32, what: &str, from: u32, forward: bool);
    /// What has the focus in a view.
    fn focused(view: u32) -> u32;
    /// Whether it runs from right to left.
    fn rtl(of: u32) -> bool;
    /// Gives the elements of a view their roles.
    fn roles(view: u32);
    /// The label of a person or tag who was chosen for a field, which is from now on sent with whom it stands for.
    fn named(field: u32, option: u32) -> String;
    /// Offers the tags of a field that fit what is typed; how many.
    fn suggest(line: u32) -> u32;
    /// Draws what a field for people or tags holds.
    fn pick(field: u32);
    /// The parameters of a view after the one that a field sets.
    fn suggested(view: u32, field: u32) -> String;
    /// A text with two numbers in it.
    fn numbers(name: &str, first: u32, second: u32) -> String;
    /// Scrolls the list around an option so that it is seen.
    fn show(option: u32);
    /// Writes the text `left` with a number in the place of `%n`.
    fn left(of: u32, count: u32);
    /// Whether a property is true.
    fn holds(of: u32, name: &str) -> bool;
    /// Whether two objects have the same under these names.
    fn same(of: u32, name: &str, other: u32, other_name: &str) -> bool;
    /// Copies properties that are not null: names with commas between.
    fn adopt(of: u32, names: &str, from: u32);
    /// Calls a method without arguments.
    fn call(of: u32, name: &str);
    /// Keeps a number valid after this call, as long as the object lives.
    fn keep(of: u32);

    fn make(tag: &str, svg: bool) -> u32;
    fn words(text: &str) -> u32;
    /// A new element of the runtime's own (`data-local`).
    fn local(tag: &str, class: &str, text: &str) -> u32;
    /// A neighbour that belongs to the view: 0 first child, 1 next, 2 previous, 3 last child.
    fn go(from: u32, way: u32) -> u32;
    fn insert(parent: u32, node: u32, next: u32);
    /// Like `insert` for something that is in the page already (`moveBefore` where there is one).
    fn shift(parent: u32, node: u32, next: u32);
    fn get(of: u32, name: &str) -> Option<String>;
    /// Sets an attribute; none takes it away.
    fn set(of: u32, name: &str, value: Option<&str>);
    fn find(below: u32, selector: &str) -> u32;
    fn all(below: u32, selector: &str) -> Vec<u32>;
    fn up(from: u32, selector: &str) -> u32;
    /// Whether an element fits a selector.
    fn fits(of: u32, selector: &str) -> bool;
    /// Sets an attribute of all that fit; none takes it away; an empty name takes away the elements.
    fn every(below: u32, selector: &str, name: &str, value: Option<&str>);
    /// Remembers where the focus is in a view, and what was typed; the second call brings both back, and shows the
    /// texts of fields that are gone if it `rescues`.
    fn hold(view: u32);
    fn release(view: u32, rescues: bool);
    /// Closes the open menus of a view, but for those around `inside`.
    fn shut(view: u32, inside: u32);
    /// Adds a class, or takes it away.
    fn class(of: u32, name: &str, on: bool);
    /// Whether the first stands before the second.
    fn before(of: u32, other: u32) -> bool;
    fn id(view: u32, id: &str) -> u32;
    /// Puts text in the place of `from..to` of a field so that the browser's undo knows it, then selects.
    fn write(field: u32, text: &str, from: u32, to: u32, start: u32, end: u32);

    /// A text of the interface in the person's language; "" where the host has none.
    fn text(name: &str) -> String;
    /// `name` or `id` of the person; "" for a visitor who is not signed in.
    fn who(what: &str) -> String;
    /// A request, or a timer: the answer comes with the same ticket.
    fn later(ticket: u32, ms: u32);
    fn look(ticket: u32, view: u32, p: &str, renew: bool);
    fn pack(form: u32, button: u32) -> String;
    fn act(ticket: u32, view: u32, fields: &str, key: &str);
    fn preview(ticket: u32, field: u32);
    fn people(ticket: u32, view: u32, q: &str);
    fn copy(ticket: u32, view: u32, link: u32);
    /// Opens the live stream for these views, in the place of the one before; without any it ends.
    fn live(ticket: u32, views: &[u32]);
    fn parse(text: &str) -> u32;
    /// A new random idempotency key.
    fn key() -> String;
    /// What this browser keeps for the view and person under `name`.
    fn load(view: u32, name: &str, field: u32) -> Option<String>;
    /// Keeps a text, with whom the names in it stand for; "" takes it away.
    fn save(view: u32, name: &str, text: &str, field: u32);
    /// Tells the times of the last day from now; those before stay the dates that the host wrote.
    fn tick(view: u32);
    fn random() -> f64;
    fn emit(view: u32, name: &str, detail: &str);
}

/// Where the focus goes among some things.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    Back = -1,
    First = 0,
    On = 1,
    Last = 2,
}

/// The browser.
#[derive(Clone, Copy)]
pub(crate) struct Bridge;

/// An object of the browser, by its number. [`NONE`](Dom::NONE) is nothing: doing something with it does nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dom(pub(crate) u32);

impl Dom {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn some(self) -> bool {
        self.0 != 0
    }

    /// Itself, or nothing.
    pub(crate) fn or(self, other: Self) -> Self {
        if self.some() { self } else { other }
    }
}

fn doms(numbers: Vec<u32>) -> impl Iterator<Item = Dom> {
    numbers.into_iter().map(Dom)
}

impl Bridge {
    pub(crate) fn text(&self, name: &str) -> String {
        text(name)
    }

    pub(crate) fn who(&self, what: &str) -> String {
        who(what)
    }

    pub(crate) fn later(&self, ticket: u32, ms: u32) {
        later(ticket, ms)
    }

    /// Asks how what stands in a field will look.
    pub(crate) fn preview(&self, ticket: u32, field: Dom) {
        preview(ticket, field.0)
    }

    /// Copies the address, on the page around the widget, of what a permanent link shows.
    pub(crate) fn copy_link(&self, ticket: u32, view: Dom, link: Dom) {
        copy(ticket, view.0, link.0);
    }

    pub(crate) fn parse(&self, text: &str) -> u32 {
        parse(text)
    }

    pub(crate) fn key(&self) -> String {
        key()
    }

    pub(crate) fn random(&self) -> f64 {
        random()
    }

    pub(crate) fn field(&self, of: Dom, name: &str) -> Option<String> {
        prop(of.0, name)
    }

    pub(crate) fn set_field(&self, of: Dom, name: &str, value: Option<&str>) {
        put(of.0, name, value);
    }

    pub(crate) fn inner(&self, of: Dom, name: &str) -> Dom {
        Dom(sub(of.0, name))
    }

    pub(crate) fn script(&self, of: Dom) -> Option<Vec<u8>> {
        bytes(of.0)
    }

    pub(crate) fn count(&self, of: Dom, name: &str) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths and positions")]
        let number = number(of.0, name) as u32;
        number
    }

    pub(crate) fn is(&self, of: Dom, name: &str) -> bool {
        holds(of.0, name)
    }

    pub(crate) fn equal(&self, of: Dom, name: &str, other: Dom, other_name: &str) -> bool {
        same(of.0, name, other.0, other_name)
    }

    pub(crate) fn take_over(&self, of: Dom, names: &str, from: Dom) {
        adopt(of.0, names, from.0);
    }

    pub(crate) fn matches(&self, of: Dom, selector: &str) -> bool {
        fits(of.0, selector)
    }

    pub(crate) fn set_all(&self, below: Dom, selector: &str, name: &str, value: Option<&str>) {
        every(below.0, selector, name, value);
    }

    pub(crate) fn remove_all(&self, below: Dom, selector: &str) {
        every(below.0, selector, "", None);
    }

    pub(crate) fn hold_on(&self, view: Dom) {
        hold(view.0);
    }

    pub(crate) fn let_go(&self, view: Dom, rescues: bool) {
        release(view.0, rescues);
    }

    pub(crate) fn add_to(&self, of: Dom, change: i32) {
        add(of.0, change);
    }

    pub(crate) fn step(&self, inside: Dom, what: &str, from: Dom, way: Way, wraps: bool) {
        step(inside.0, what, from.0, way as i32, wraps);
    }

    pub(crate) fn seek(&self, inside: Dom, what: &str, from: Dom, letter: &str) -> bool {
        seek(inside.0, what, from.0, letter)
    }

    pub(crate) fn leave(&self, inside: Dom, what: &str, from: Dom, forward: bool) {
        leave(inside.0, what, from.0, forward);
    }

    pub(crate) fn focused(&self, view: Dom) -> Dom {
        Dom(focused(view.0))
    }

    pub(crate) fn holds_focus(&self, of: Dom) -> bool {
        self.matches(of, ":focus-within")
    }

    pub(crate) fn is_rtl(&self, of: Dom) -> bool {
        rtl(of.0)
    }

    pub(crate) fn give_roles(&self, view: Dom) {
        roles(view.0);
    }

    pub(crate) fn name_chosen(&self, field: Dom, option: Dom) -> String {
        named(field.0, option.0)
    }

    pub(crate) fn suggest_tags(&self, line: Dom) -> u32 {
        suggest(line.0)
    }

    pub(crate) fn suggested(&self, view: Dom, field: Dom) -> String {
        suggested(view.0, field.0)
    }

    pub(crate) fn number_text(&self, name: &str, first: u32, second: u32) -> String {
        numbers(name, first, second)
    }

    pub(crate) fn show(&self, option: Dom) {
        show(option.0);
    }

    pub(crate) fn draw_pick(&self, field: Dom) {
        pick(field.0);
    }

    pub(crate) fn draw_notice(&self, place: Dom, view: Dom, words: &str, key: &str) {
        notice(place.0, view.0, words, key);
    }

    pub(crate) fn draw_retry(&self, place: Dom, key: &str) {
        retry(place.0, key);
    }

    pub(crate) fn draw_post(&self, form: Dom, text: &str) -> Dom {
        Dom(post(form.0, text))
    }

    pub(crate) fn draw_problems(&self, form: Dom, place: Dom, view: Dom, answer: Dom) -> bool {
        problems(form.0, place.0, view.0, answer.0)
    }

    pub(crate) fn draw_people(&self, field: Dom, answer: Dom) -> u32 {
        choose(field.0, answer.0)
    }

    /// Says how many characters are left.
    pub(crate) fn write_left(&self, of: Dom, count: u32) {
        left(of.0, count);
    }

    pub(crate) fn run(&self, of: Dom, method: &str) {
        call(of.0, method);
    }

    pub(crate) fn focus(&self, of: Dom) {
        call(of.0, "focus");
    }

    pub(crate) fn remove(&self, of: Dom) {
        call(of.0, "remove");
    }

    pub(crate) fn kept(&self, of: Dom) -> Dom {
        keep(of.0);
        of
    }

    pub(crate) fn element(&self, tag: &str, svg: bool) -> Dom {
        Dom(make(tag, svg))
    }

    pub(crate) fn text_node(&self, text: &str) -> Dom {
        Dom(words(text))
    }

    pub(crate) fn own(&self, tag: &str, class: &str, text: &str) -> Dom {
        Dom(local(tag, class, text))
    }

    pub(crate) fn way(&self, from: Dom, way: u32) -> Dom {
        Dom(go(from.0, way))
    }

    pub(crate) fn append(&self, parent: Dom, node: Dom) {
        insert(parent.0, node.0, 0);
    }

    pub(crate) fn place(&self, parent: Dom, node: Dom, next: Dom) {
        insert(parent.0, node.0, next.0);
    }

    pub(crate) fn bring(&self, parent: Dom, node: Dom, next: Dom) {
        shift(parent.0, node.0, next.0);
    }

    pub(crate) fn attr(&self, of: Dom, name: &str) -> Option<String> {
        get(of.0, name)
    }

    pub(crate) fn set_attr(&self, of: Dom, name: &str, value: &str) {
        set(of.0, name, Some(value));
    }

    pub(crate) fn drop_attr(&self, of: Dom, name: &str) {
        set(of.0, name, None);
    }

    pub(crate) fn first(&self, below: Dom, selector: &str) -> Dom {
        Dom(find(below.0, selector))
    }

    pub(crate) fn each(&self, below: Dom, selector: &str) -> impl Iterator<Item = Dom> + use<> {
        doms(all(below.0, selector))
    }

    /// The nearest around `from`, or itself.
    pub(crate) fn around(&self, from: Dom, selector: &str) -> Dom {
        Dom(up(from.0, selector))
    }

    pub(crate) fn shut(&self, view: Dom, inside: Dom) {
        shut(view.0, inside.0);
    }

    pub(crate) fn set_class(&self, of: Dom, name: &str, on: bool) {
        class(of.0, name, on);
    }

    pub(crate) fn precedes(&self, of: Dom, other: Dom) -> bool {
        before(of.0, other.0)
    }

    pub(crate) fn by_id(&self, view: Dom, name: &str) -> Dom {
        Dom(id(view.0, name))
    }

    pub(crate) fn replace(&self, field: Dom, edit: &crate::pure::markdown::Edit) {
        write(field.0, &edit.text, edit.from, edit.to, edit.select.0, edit.select.1);
    }

    pub(crate) fn ask_view(&self, ticket: u32, view: Dom, p: &str, renew: bool) {
        look(ticket, view.0, p, renew);
    }

    /// The fields of a form, and the button that sends it, as JSON.
    pub(crate) fn filled(&self, form: Dom, button: Dom) -> String {
        pack(form.0, button.0)
    }

    /// Does an act. The same key sends the same request, byte by byte.
    pub(crate) fn send(&self, ticket: u32, view: Dom, fields: &str, key: &str) {
        act(ticket, view.0, fields, key);
    }

    pub(crate) fn ask_people(&self, ticket: u32, view: Dom, q: &str) {
        people(ticket, view.0, q);
    }

    pub(crate) fn stream(&self, ticket: u32, views: &[u32]) {
        live(ticket, views);
    }

    pub(crate) fn load_draft(&self, view: Dom, name: &str, field: Dom) -> Option<String> {
        load(view.0, name, field.0)
    }

    pub(crate) fn save_draft(&self, view: Dom, name: &str, text: &str, field: Dom) {
        save(view.0, name, text, field.0);
    }

    pub(crate) fn tick(&self, view: Dom) {
        tick(view.0);
    }

    pub(crate) fn tell(&self, view: Dom, name: &str, detail: &str) {
        emit(view.0, name, detail);
    }
}
