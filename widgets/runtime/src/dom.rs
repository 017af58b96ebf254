//! The way out to the browser: objects by number, and the functions of `js/start.js`.
//!
//! Instead of owned handles (`web-sys`) the runtime works with numbers of objects in a table on the JavaScript side,
//! which is emptied after each call into Rust. They are copied freely and never dropped: the same program with owned
//! handles was 39 KB (brotli), with numbers it is less than half of that. `widgets/README.md` has the figures.

use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The functions of `js/start.js`. Numbers are [`Dom`]s, 0 is nothing; what does not exist is left alone.
    #[derive(Clone)]
    pub type Bridge;

    /// A property as text; none where it is absent or null.
    #[wasm_bindgen(method)]
    fn prop(this: &Bridge, of: u32, name: &str) -> Option<String>;
    /// Sets a property.
    #[wasm_bindgen(method)]
    fn put(this: &Bridge, of: u32, name: &str, value: Option<&str>);
    /// A property that is an object.
    #[wasm_bindgen(method)]
    fn sub(this: &Bridge, of: u32, name: &str) -> u32;
    /// A property that is a list of objects.
    #[wasm_bindgen(method)]
    fn list(this: &Bridge, of: u32, name: &str) -> Vec<u32>;
    /// A property that is bytes.
    #[wasm_bindgen(method)]
    fn bytes(this: &Bridge, of: u32) -> Option<Vec<u8>>;
    /// A property that is a number.
    #[wasm_bindgen(method)]
    fn number(this: &Bridge, of: u32, name: &str) -> f64;
    /// Calls a method without arguments.
    #[wasm_bindgen(method)]
    fn call(this: &Bridge, of: u32, name: &str);
    /// Keeps a number valid after this call, as long as the object lives.
    #[wasm_bindgen(method)]
    fn keep(this: &Bridge, of: u32);

    #[wasm_bindgen(method)]
    fn make(this: &Bridge, tag: &str, svg: bool) -> u32;
    #[wasm_bindgen(method)]
    fn words(this: &Bridge, text: &str) -> u32;
    /// A new element of the runtime's own (`data-local`).
    #[wasm_bindgen(method)]
    fn local(this: &Bridge, tag: &str, class: &str, text: &str) -> u32;
    /// A neighbour that belongs to the view: 0 first child, 1 next, 2 previous, 3 last child.
    #[wasm_bindgen(method)]
    fn go(this: &Bridge, from: u32, way: u32) -> u32;
    #[wasm_bindgen(method)]
    fn insert(this: &Bridge, parent: u32, node: u32, next: u32);
    /// Like `insert` for something that is in the page already (`moveBefore` where there is one).
    #[wasm_bindgen(method)]
    fn shift(this: &Bridge, parent: u32, node: u32, next: u32);
    #[wasm_bindgen(method)]
    fn after(this: &Bridge, place: u32, node: u32);
    #[wasm_bindgen(method)]
    fn get(this: &Bridge, of: u32, name: &str) -> Option<String>;
    /// Sets an attribute; none takes it away.
    #[wasm_bindgen(method)]
    fn set(this: &Bridge, of: u32, name: &str, value: Option<&str>);
    #[wasm_bindgen(method)]
    fn find(this: &Bridge, below: u32, selector: &str) -> u32;
    #[wasm_bindgen(method)]
    fn all(this: &Bridge, below: u32, selector: &str) -> Vec<u32>;
    #[wasm_bindgen(method)]
    fn up(this: &Bridge, from: u32, selector: &str) -> u32;
    /// Adds a class, or takes it away.
    #[wasm_bindgen(method)]
    fn class(this: &Bridge, of: u32, name: &str, on: bool);
    /// Whether the first stands before the second.
    #[wasm_bindgen(method)]
    fn before(this: &Bridge, of: u32, other: u32) -> bool;
    #[wasm_bindgen(method)]
    fn id(this: &Bridge, view: u32, id: &str) -> u32;
    /// Puts text in the place of `from..to` of a field so that the browser's undo knows it, then selects.
    #[wasm_bindgen(method)]
    fn write(this: &Bridge, field: u32, text: &str, from: u32, to: u32, start: u32, end: u32);

    /// A text of the interface in the person's language; "" where the host has none.
    #[wasm_bindgen(method)]
    pub(crate) fn text(this: &Bridge, name: &str) -> String;
    /// `name` or `id` of the person; "" for a visitor who is not signed in.
    #[wasm_bindgen(method)]
    pub(crate) fn who(this: &Bridge, what: &str) -> String;
    /// A request, or a timer: the answer comes with the same ticket.
    #[wasm_bindgen(method)]
    pub(crate) fn later(this: &Bridge, ticket: u32, ms: u32);
    #[wasm_bindgen(method)]
    fn look(this: &Bridge, ticket: u32, view: u32, p: &str, renew: bool);
    #[wasm_bindgen(method)]
    fn pack(this: &Bridge, form: u32, button: u32) -> String;
    #[wasm_bindgen(method)]
    fn act(this: &Bridge, ticket: u32, view: u32, fields: &str, key: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn preview(this: &Bridge, ticket: u32, markdown: &str);
    #[wasm_bindgen(method)]
    fn people(this: &Bridge, ticket: u32, view: u32, q: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn copy(this: &Bridge, ticket: u32, text: &str);
    /// Opens the live stream for these views, in the place of the one before; without any it ends.
    #[wasm_bindgen(method)]
    fn live(this: &Bridge, ticket: u32, views: &[u32]);
    #[wasm_bindgen(method)]
    pub(crate) fn parse(this: &Bridge, text: &str) -> u32;
    /// A new random idempotency key.
    #[wasm_bindgen(method)]
    pub(crate) fn key(this: &Bridge) -> String;
    /// What this browser keeps for the view and person under `name`.
    #[wasm_bindgen(method)]
    fn load(this: &Bridge, view: u32, name: &str) -> Option<String>;
    /// Keeps a text; "" takes it away.
    #[wasm_bindgen(method)]
    fn save(this: &Bridge, view: u32, name: &str, text: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn relative(this: &Bridge, count: i32, unit: &str) -> String;
    /// Seconds since the instant of a `time` element.
    #[wasm_bindgen(method)]
    fn age(this: &Bridge, time: u32) -> i32;
    #[wasm_bindgen(method)]
    pub(crate) fn random(this: &Bridge) -> f64;
    #[wasm_bindgen(method)]
    fn emit(this: &Bridge, view: u32, name: &str, detail: &str);
}

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
    pub(crate) fn field(&self, of: Dom, name: &str) -> Option<String> {
        self.prop(of.0, name)
    }

    pub(crate) fn set_field(&self, of: Dom, name: &str, value: Option<&str>) {
        self.put(of.0, name, value);
    }

    pub(crate) fn inner(&self, of: Dom, name: &str) -> Dom {
        Dom(self.sub(of.0, name))
    }

    pub(crate) fn inners(&self, of: Dom, name: &str) -> impl Iterator<Item = Dom> + use<> {
        doms(self.list(of.0, name))
    }

    pub(crate) fn script(&self, of: Dom) -> Option<Vec<u8>> {
        self.bytes(of.0)
    }

    pub(crate) fn count(&self, of: Dom, name: &str) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths and positions")]
        let number = self.number(of.0, name) as u32;
        number
    }

    pub(crate) fn run(&self, of: Dom, method: &str) {
        self.call(of.0, method);
    }

    pub(crate) fn focus(&self, of: Dom) {
        self.call(of.0, "focus");
    }

    pub(crate) fn remove(&self, of: Dom) {
        self.call(of.0, "remove");
    }

    pub(crate) fn kept(&self, of: Dom) -> Dom {
        self.keep(of.0);
        of
    }

    pub(crate) fn element(&self, tag: &str, svg: bool) -> Dom {
        Dom(self.make(tag, svg))
    }

    pub(crate) fn text_node(&self, text: &str) -> Dom {
        Dom(self.words(text))
    }

    pub(crate) fn own(&self, tag: &str, class: &str, text: &str) -> Dom {
        Dom(self.local(tag, class, text))
    }

    pub(crate) fn way(&self, from: Dom, way: u32) -> Dom {
        Dom(self.go(from.0, way))
    }

    pub(crate) fn append(&self, parent: Dom, node: Dom) {
        self.insert(parent.0, node.0, 0);
    }

    pub(crate) fn place(&self, parent: Dom, node: Dom, next: Dom) {
        self.insert(parent.0, node.0, next.0);
    }

    pub(crate) fn bring(&self, parent: Dom, node: Dom, next: Dom) {
        self.shift(parent.0, node.0, next.0);
    }

    pub(crate) fn beside(&self, place: Dom, node: Dom) {
        self.after(place.0, node.0);
    }

    pub(crate) fn attr(&self, of: Dom, name: &str) -> Option<String> {
        self.get(of.0, name)
    }

    pub(crate) fn set_attr(&self, of: Dom, name: &str, value: &str) {
        self.set(of.0, name, Some(value));
    }

    pub(crate) fn drop_attr(&self, of: Dom, name: &str) {
        self.set(of.0, name, None);
    }

    pub(crate) fn first(&self, below: Dom, selector: &str) -> Dom {
        Dom(self.find(below.0, selector))
    }

    pub(crate) fn each(&self, below: Dom, selector: &str) -> impl Iterator<Item = Dom> + use<> {
        doms(self.all(below.0, selector))
    }

    /// The nearest around `from`, or itself.
    pub(crate) fn around(&self, from: Dom, selector: &str) -> Dom {
        Dom(self.up(from.0, selector))
    }

    pub(crate) fn set_class(&self, of: Dom, name: &str, on: bool) {
        self.class(of.0, name, on);
    }

    pub(crate) fn precedes(&self, of: Dom, other: Dom) -> bool {
        self.before(of.0, other.0)
    }

    pub(crate) fn by_id(&self, view: Dom, id: &str) -> Dom {
        Dom(self.id(view.0, id))
    }

    pub(crate) fn replace(&self, field: Dom, edit: &crate::pure::markdown::Edit) {
        self.write(field.0, &edit.text, edit.from, edit.to, edit.select.0, edit.select.1);
    }

    pub(crate) fn ask_view(&self, ticket: u32, view: Dom, p: &str, renew: bool) {
        self.look(ticket, view.0, p, renew);
    }

    /// The fields of a form, and the button that sends it, as JSON.
    pub(crate) fn filled(&self, form: Dom, button: Dom) -> String {
        self.pack(form.0, button.0)
    }

    /// Does an act. The same key sends the same request, byte by byte.
    pub(crate) fn send(&self, ticket: u32, view: Dom, fields: &str, key: &str) {
        self.act(ticket, view.0, fields, key);
    }

    pub(crate) fn ask_people(&self, ticket: u32, view: Dom, q: &str) {
        self.people(ticket, view.0, q);
    }

    pub(crate) fn stream(&self, ticket: u32, views: &[u32]) {
        self.live(ticket, views);
    }

    pub(crate) fn load_draft(&self, view: Dom, name: &str) -> Option<String> {
        self.load(view.0, name)
    }

    pub(crate) fn save_draft(&self, view: Dom, name: &str, text: &str) {
        self.save(view.0, name, text);
    }

    pub(crate) fn seconds_ago(&self, time: Dom) -> i32 {
        self.age(time.0)
    }

    pub(crate) fn tell(&self, view: Dom, name: &str, detail: &str) {
        self.emit(view.0, name, detail);
    }
}
