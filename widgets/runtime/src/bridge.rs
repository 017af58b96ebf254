//! What the runtime asks of JavaScript: the loader's objects, answers of the host, transport and storage.
//!
//! All are plain objects of `js/start.js` and the loader; nothing here decides anything.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::{Element, HtmlElement, HtmlFormElement, Node, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    /// One widget of the page, made by the loader.
    #[derive(Clone, Debug)]
    pub type View;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn host(this: &View) -> HtmlElement;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn root(this: &View) -> ShadowRoot;
    /// The element that holds the view's root element.
    #[wasm_bindgen(method, getter, js_name = "box")]
    pub(crate) fn container(this: &View) -> HtmlElement;
    /// The live region.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn live(this: &View) -> Node;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn plugin(this: &View) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn url(this: &View) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn p(this: &View) -> String;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_p(this: &View, value: &str);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_since(this: &View, value: &str);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn rev(this: &View) -> Option<String>;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_rev(this: &View, value: Option<&str>);
    /// The first build, where the browser cannot parse safely.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn ops(this: &View) -> Option<Vec<u8>>;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_id(this: &View, value: &str);

    /// An answer of the host, a problem, or an event of the live stream. What is absent is `None`.
    #[derive(Clone, Debug)]
    pub type Answer;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn id(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn rev(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn base(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn ops(this: &Answer) -> Option<Vec<u8>>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn p(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn since(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn announce(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn focus(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn title(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn detail(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn code(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn fields(this: &Answer) -> Option<Array>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn people(this: &Answer) -> Option<Array>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn name(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn msg(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn view(this: &Answer) -> Option<Answer>;

    /// The functions of `js/start.js`. A `ticket` comes back with the answer.
    #[derive(Clone, Debug)]
    pub type Bridge;

    /// A text of the interface in the person's language; "" where the host has none.
    #[wasm_bindgen(method)]
    pub(crate) fn text(this: &Bridge, name: &str) -> String;
    /// The person's name.
    #[wasm_bindgen(method)]
    pub(crate) fn name(this: &Bridge) -> String;
    /// The person's id; "" for a visitor who is not signed in.
    #[wasm_bindgen(method)]
    pub(crate) fn who(this: &Bridge) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn slot(this: &Bridge, view: &View, name: &str) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn later(this: &Bridge, ticket: u32, ms: u32);
    #[wasm_bindgen(method)]
    pub(crate) fn look(this: &Bridge, ticket: u32, view: &View, p: &str, renew: bool);
    #[wasm_bindgen(method)]
    pub(crate) fn pack(this: &Bridge, view: &View, fields: &Object) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn act(this: &Bridge, ticket: u32, view: &View, body: &str, key: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn preview(this: &Bridge, ticket: u32, markdown: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn people(this: &Bridge, ticket: u32, view: &View, q: &str);
    /// A new random idempotency key.
    #[wasm_bindgen(method)]
    pub(crate) fn key(this: &Bridge) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn fields(this: &Bridge, form: &HtmlFormElement, submitter: Option<&HtmlElement>) -> Object;
    #[wasm_bindgen(method)]
    pub(crate) fn load(this: &Bridge, key: &str) -> Option<String>;
    /// Keeps a text; "" takes it away.
    #[wasm_bindgen(method)]
    pub(crate) fn save(this: &Bridge, key: &str, value: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn sweep(this: &Bridge, oldest: f64);
    #[wasm_bindgen(method)]
    pub(crate) fn relative(this: &Bridge, count: i32, unit: &str) -> String;
    #[wasm_bindgen(method)]
    pub(crate) fn emit(this: &Bridge, view: &View, name: &str, detail: &JsValue);
    #[wasm_bindgen(method)]
    pub(crate) fn copy(this: &Bridge, ticket: u32, text: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn live(this: &Bridge, ticket: u32, views: &Array);
    /// Ends the live stream.
    #[wasm_bindgen(method)]
    pub(crate) fn quiet(this: &Bridge);
    #[wasm_bindgen(method, catch)]
    pub(crate) fn parse(this: &Bridge, text: &str) -> Result<Answer, JsValue>;

    /// `Element.moveBefore`, which keeps focus and is not everywhere yet.
    pub(crate) type Mover;
    #[wasm_bindgen(method, catch, js_name = "moveBefore")]
    pub(crate) fn move_before(this: &Mover, node: &Node, next: Option<&Node>) -> Result<(), JsValue>;

    /// `document.execCommand`: the one way to change a text field that the browser's undo knows.
    pub(crate) type Typist;
    #[wasm_bindgen(method, js_name = "execCommand")]
    pub(crate) fn exec_command(this: &Typist, command: &str, ui: bool, value: &str) -> bool;

    /// The element with this id in the shadow root.
    pub(crate) type Ids;
    #[wasm_bindgen(method, js_name = "getElementById")]
    pub(crate) fn get(this: &Ids, id: &str) -> Option<Element>;
}
