//! The page: short forms of the `web-sys` calls that the runtime makes often, and types for what `web-sys` does not know.

use alloc::string::String;
use alloc::vec::Vec;
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Element, HtmlElement, HtmlFormElement, Node, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    /// A widget of the page; `widgets/README.md` lists its fields.
    #[derive(Clone, PartialEq)]
    pub type View;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn host(this: &View) -> Element;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn root(this: &View) -> ShadowRoot;
    /// Holds the view's root element.
    #[wasm_bindgen(method, getter, js_name = box)]
    pub(crate) fn container(this: &View) -> Element;
    /// The live region.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn live(this: &View) -> Element;
    /// The revision that is shown; none where the view is not known to be whole.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn rev(this: &View) -> Option<String>;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_rev(this: &View, rev: Option<&str>);
    /// Its parameters.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn p(this: &View) -> Option<String>;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_p(this: &View, p: &str);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_since(this: &View, since: &str);
    /// The name that the live stream has for it.
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_id(this: &View, id: &str);
    /// The edit script that builds it.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn ops(this: &View) -> Option<Vec<u8>>;

    /// What the host has answered, or said in the live stream.
    pub type Answer;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn rev(this: &Answer) -> Option<String>;
    /// The revision that `ops` start from; none where they build the view.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn base(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn p(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn since(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn ops(this: &Answer) -> Option<Vec<u8>>;
    /// The view as it is now, beside a refusal.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn view(this: &Answer) -> Option<Answer>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn announce(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn focus(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn detail(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn title(this: &Answer) -> Option<String>;

    /// What inputs, text areas and selects have in common.
    #[wasm_bindgen(extends = HtmlElement, extends = Element, extends = Node)]
    #[derive(Clone, PartialEq)]
    pub type Field;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn value(this: &Field) -> String;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_value(this: &Field, value: &str);
    #[wasm_bindgen(method, getter, js_name = defaultValue)]
    pub(crate) fn default_value(this: &Field) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn form(this: &Field) -> Option<HtmlFormElement>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn max(this: &Field) -> String;
    #[wasm_bindgen(method, getter, js_name = maxLength)]
    pub(crate) fn max_length(this: &Field) -> u32;
    #[wasm_bindgen(method, getter, js_name = textLength)]
    pub(crate) fn text_length(this: &Field) -> u32;
    #[wasm_bindgen(method, getter, js_name = selectionStart)]
    pub(crate) fn selection_start(this: &Field) -> u32;
    #[wasm_bindgen(method, getter, js_name = selectionEnd)]
    pub(crate) fn selection_end(this: &Field) -> u32;
    #[wasm_bindgen(method, js_name = setSelectionRange)]
    pub(crate) fn select(this: &Field, from: u32, to: u32);
    #[wasm_bindgen(method, js_name = setRangeText)]
    pub(crate) fn set_range_text(this: &Field, text: &str, from: u32, to: u32);

    /// What `web-sys` lacks.
    #[wasm_bindgen(extends = Element, extends = Node)]
    type More;
    /// Set on what the runtime has added itself, beside the attribute `data-local`: cheaper to ask for.
    #[wasm_bindgen(method, getter, js_name = stoaLocal)]
    fn is_local(this: &More) -> bool;
    #[wasm_bindgen(method, setter, js_name = stoaLocal)]
    fn set_local(this: &More, local: bool);
    #[wasm_bindgen(method, js_name = checkVisibility)]
    fn check_visibility(this: &More) -> bool;
    #[wasm_bindgen(method, catch, js_name = moveBefore)]
    fn move_before(this: &More, node: &Node, next: Option<&Node>) -> Result<(), JsValue>;
}

/// The functions of `js/`.
#[wasm_bindgen(js_namespace = __stoa)]
extern "C" {
    /// A text of the interface in the person's language; "" where the host has none.
    pub(crate) fn text(name: &str) -> String;
    /// `name` or `id` of the person; "" for a visitor who is not signed in.
    pub(crate) fn who(what: &str) -> String;
    /// A message after `place`, in it if it is a form, or at the top of the view; `key` for "Try again".
    pub(crate) fn notice(place: Option<&Element>, view: &View, words: &str, key: &str);
    /// A button "Try again", if there is none.
    pub(crate) fn retry(place: &Element, key: &str);
    /// A post as it was written, after its form.
    pub(crate) fn post(form: &Element, text: &str) -> Element;
    /// Puts each complaint of an answer beside its field, others at the form; false where there are none.
    pub(crate) fn problems(form: &Element, place: Option<&Element>, view: &View, answer: &Answer) -> bool;
    /// A list of the people of an answer below a field; how many. Without an answer the list goes.
    pub(crate) fn choose(field: &Field, answer: Option<&Answer>) -> u32;
    /// Gives the elements of a view their roles.
    pub(crate) fn roles(view: &View);
    /// The label of a person or tag who was chosen for a field, which is from now on sent with whom it stands for.
    pub(crate) fn named(field: &Field, option: &Element) -> String;
    /// Offers the tags of a field that fit what is typed; how many.
    pub(crate) fn suggest(line: &Field) -> u32;
    /// Draws what a field for people or tags holds.
    #[wasm_bindgen(js_name = pick)]
    pub(crate) fn draw_pick(field: &Field);
    /// The parameters of a view after the one that a field sets.
    pub(crate) fn suggested(view: &View, field: &Field) -> String;
    /// A text with two numbers in it.
    pub(crate) fn numbers(name: &str, first: u32, second: u32) -> String;
    /// Tells the times of the last day from now; those before stay the dates that the host wrote.
    pub(crate) fn tick(view: &View);
    /// Whom the labels in a field stand for, as texts to be kept and sent.
    pub(crate) fn people(field: &Field) -> Array;
    /// Lets labels in a field stand for people again.
    pub(crate) fn accompanied(field: &Field, people: &Array);
    /// Shows a text whose field is gone.
    pub(crate) fn rescue(place: Option<&Element>, view: &View, words: &str);
    /// The modal dialogs of a view, to be asked again after a change.
    pub(crate) fn modals(view: &View) -> Array;
    /// Gives the focus back where a dialog has gone.
    pub(crate) fn returned(dialogs: &Array);
    /// The answer of a request or a timer comes with its ticket.
    pub(crate) fn later(ticket: u32, ms: u32);
    pub(crate) fn look(ticket: u32, view: &View, p: &str, renew: bool);
    /// The fields of a form, and the button that sends it, as JSON.
    pub(crate) fn pack(form: &Element, button: Option<&Element>) -> String;
    /// Does an act. The same key sends the same request, byte by byte.
    pub(crate) fn act(ticket: u32, view: &View, fields: &str, key: &str);
    /// Asks how what stands in a field will look.
    pub(crate) fn preview(ticket: u32, field: &Field);
    #[wasm_bindgen(js_name = ask)]
    pub(crate) fn ask_people(ticket: u32, view: &View, q: &str);
    /// Copies the address, on the page around the widget, of what a permanent link shows.
    #[wasm_bindgen(js_name = copy)]
    pub(crate) fn copy_link(ticket: u32, view: &View, link: &Element);
    /// Opens the live stream for these views, in the place of the one before; without any it ends.
    pub(crate) fn live(ticket: u32, views: &Array);
    pub(crate) fn parse(text: &str) -> Option<Answer>;
    /// A new random idempotency key.
    pub(crate) fn key() -> String;
    /// What this browser keeps for the view and person under `name`.
    pub(crate) fn load(view: &View, name: &str, field: &Field) -> Option<String>;
    /// Keeps a text, with whom the names in it stand for; "" takes it away.
    pub(crate) fn save(view: &View, name: &str, text: &str, field: Option<&Field>);
    pub(crate) fn emit(view: &View, name: &str, detail: &str);
}

/// Where the focus goes among some elements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Back,
    First,
    On,
    Last,
}

const SVG: &str = "http://www.w3.org/2000/svg";

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

pub(crate) fn create(document: &Document, tag: &str, svg: bool) -> Option<Element> {
    let made = if svg { document.create_element_ns(Some(SVG), tag) } else { document.create_element(tag) };
    made.ok()
}

/// A new element of the runtime's own: edit scripts pass over it.
pub(crate) fn create_local(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = create(&document()?, tag, false)?;
    set(&element, "data-local", "");
    element.unchecked_ref::<More>().set_local(true);
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Some(element)
}

/// The first of `node` and what follows it this way that belongs to the view.
fn own(mut node: Option<Node>, way: impl Fn(&Node) -> Option<Node>) -> Option<Node> {
    while let Some(found) = node.as_ref().filter(|node| node.unchecked_ref::<More>().is_local()) {
        node = way(found);
    }
    node
}

/// Neighbours that belong to the view.
pub(crate) fn first_child(node: &Node) -> Option<Node> {
    own(node.first_child(), Node::next_sibling)
}

pub(crate) fn next(node: &Node) -> Option<Node> {
    own(node.next_sibling(), Node::next_sibling)
}

pub(crate) fn previous(node: &Node) -> Option<Node> {
    own(node.previous_sibling(), Node::previous_sibling)
}

pub(crate) fn last_child(node: &Node) -> Option<Node> {
    own(node.last_child(), Node::previous_sibling)
}

/// Moves a node that is in the page, and keeps its state where the browser can (`moveBefore`).
pub(crate) fn shift(parent: &Node, node: &Node, next: Option<&Node>) {
    if parent.unchecked_ref::<More>().move_before(node, next).is_err() {
        let _ = parent.insert_before(node, next);
    }
}

/// The first element below that fits.
pub(crate) fn find(below: &Element, selector: &str) -> Option<Element> {
    below.query_selector(selector).ok().flatten()
}

/// All elements below that fit.
pub(crate) fn all(below: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = below.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.item(at)).map(wasm_bindgen::JsCast::unchecked_into).collect()
}

/// The nearest around `from`, or itself.
pub(crate) fn around(from: &Element, selector: &str) -> Option<Element> {
    from.closest(selector).ok().flatten()
}

/// The first element that fits below the nearest one around `from`.
pub(crate) fn near(from: &Element, outer: &str, inner: &str) -> Option<Element> {
    find(&around(from, outer)?, inner)
}

pub(crate) fn field_near(from: &Element, outer: &str, inner: &str) -> Option<Field> {
    near(from, outer, inner).map(wasm_bindgen::JsCast::unchecked_into)
}

pub(crate) fn fits(element: &Element, selector: &str) -> bool {
    element.matches(selector).unwrap_or_default()
}

pub(crate) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

pub(crate) fn unset(element: &Element, name: &str) {
    let _ = element.remove_attribute(name);
}

pub(crate) fn set_all(below: &Element, selector: &str, name: &str, value: Option<&str>) {
    for element in all(below, selector) {
        match value {
            Some(value) => set(&element, name, value),
            None => unset(&element, name),
        }
    }
}

pub(crate) fn remove_all(below: &Element, selector: &str) {
    for element in all(below, selector) {
        element.remove();
    }
}

pub(crate) fn set_class(element: &Element, name: &str, on: bool) {
    let _ = element.class_list().toggle_with_force(name, on);
}

pub(crate) fn focus(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Scrolls the list around an option so that it is seen.
pub(crate) fn show(option: &Element) {
    let how = web_sys::ScrollIntoViewOptions::new();
    how.set_block(web_sys::ScrollLogicalPosition::Nearest);
    option.scroll_into_view_with_scroll_into_view_options(&how);
}

pub(crate) fn click(element: &Element) {
    element.unchecked_ref::<HtmlElement>().click();
}

pub(crate) fn holds_focus(element: &Element) -> bool {
    fits(element, ":focus-within")
}

/// Whether `one` stands before `other`.
pub(crate) fn precedes(one: &Element, other: &Element) -> bool {
    one.compare_document_position(other) & Node::DOCUMENT_POSITION_FOLLOWING != 0
}

/// Whether a text runs from right to left.
pub(crate) fn is_rtl(element: &Element) -> bool {
    let style = web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    style
        .and_then(|style| style.get_property_value("direction").ok())
        .is_some_and(|direction| direction == "rtl")
}

fn visible(inside: &Element, selector: &str) -> Vec<Element> {
    let mut found = all(inside, selector);
    found.retain(|element| element.unchecked_ref::<More>().check_visibility());
    found
}

fn place(all: &[Element], from: Option<&Element>) -> Option<usize> {
    all.iter().position(|element| Some(element) == from)
}

/// Moves the focus among the elements inside that fit; round the end if it `wraps`.
pub(crate) fn step(inside: &Element, selector: &str, from: Option<&Element>, way: Way, wraps: bool) {
    let all = visible(inside, selector);
    let last = all.len().wrapping_sub(1);
    let at = place(&all, from);
    let to = match (way, at) {
        (Way::First, _) => 0,
        (Way::Last, _) => last,
        (Way::On, None) => 0,
        (Way::On, Some(at)) if at == last && wraps => 0,
        (Way::On, Some(at)) => at + 1,
        (Way::Back, Some(0) | None) if wraps => last,
        (Way::Back, Some(0) | None) => return,
        (Way::Back, Some(at)) => at - 1,
    };
    let Some(next) = all.get(to) else { return };
    let next = next.unchecked_ref::<HtmlElement>();
    // One tab stop for those that have one.
    if next.tab_index() < 0
        && let Some(stop) =
            all.iter().map(|one| one.unchecked_ref::<HtmlElement>()).find(|one| one.tab_index() == 0)
    {
        stop.set_tab_index(-1);
        next.set_tab_index(0);
    }
    let _ = next.focus();
}

/// Moves the focus to the next element inside that fits and begins with this letter; false where there is none.
pub(crate) fn seek(inside: &Element, selector: &str, from: &Element, letter: &str) -> bool {
    let all = visible(inside, selector);
    let start = place(&all, Some(from)).map_or(0, |at| at + 1);
    let letter = String::from(JsString::from(letter).to_lower_case());
    let begins = |element: &&Element| {
        let text = JsString::from(element.text_content().unwrap_or_default()).trim().to_lower_case();
        text.starts_with(&letter, 0)
    };
    let found = all.iter().skip(start).chain(all.iter().take(start)).find(begins);
    found.inspect(|element| focus(element)).is_some()
}

/// Moves the focus to the nearest of what fits after an element, or before it. Beyond the widget the page goes on: there
/// the browser's own Tab leads.
pub(crate) fn leave(inside: &Element, selector: &str, from: &Element, forward: bool) {
    let mut all = visible(inside, selector);
    all.retain(|one| one.unchecked_ref::<HtmlElement>().tab_index() >= 0 && !from.contains(Some(one)));
    let after = all.iter().position(|one| precedes(from, one)).unwrap_or(all.len());
    let to = if forward { Some(after) } else { after.checked_sub(1) };
    if let Some(element) = to.and_then(|to| all.get(to)) {
        focus(element);
    }
}

/// Puts a text in the place of a part of a field so that the browser's undo knows it, then selects.
pub(crate) fn replace(field: &Field, edit: &crate::pure::markdown::Edit) {
    focus(field);
    field.select(edit.from, edit.to);
    // The one way to change a field that the browser's undo knows of.
    let done = document().and_then(|document| {
        let document = document.unchecked_into::<web_sys::HtmlDocument>();
        document.exec_command_with_show_ui_and_value("insertText", false, &edit.text).ok()
    });
    if done != Some(true) {
        field.set_range_text(&edit.text, edit.from, edit.to);
    }
    field.select(edit.select.0, edit.select.1);
}

impl View {
    /// What has the focus in it.
    pub(crate) fn focused(&self) -> Option<Element> {
        self.root().active_element()
    }

    /// Says something to those who listen.
    pub(crate) fn announce(&self, words: &str) {
        self.live().set_text_content(Some(words));
    }
}

impl Field {
    /// Whether something else stands in it than the host has put there.
    pub(crate) fn is_changed(&self) -> bool {
        self.value() != self.default_value()
    }
}
