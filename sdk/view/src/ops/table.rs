//! Which elements and attributes there are: the wire codes of the ops, the only names the renderer can write,
//! and so the allow-list for the browser's sanitizer.
//!
//! A code is the place in the list. Add at the end only: old runtimes read new ops.

/// The namespace of [`Tag::Svg`] and [`Tag::Path`].
pub const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";

macro_rules! table {
    ($(#[$doc:meta])* $kind:ident, $what:literal, $(#[$before_doc:meta])* $before:ident = $start:literal $end:literal:
     $($name:ident = $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $kind {
            $(
                #[doc = concat!("The ", $what, " `", $text, "`.")]
                $name,
            )*
        }

        impl $kind {
            /// All of them, in the order of their codes.
            pub const ALL: &'static [$kind] = &[$($kind::$name,)*];

            const NAMES: &'static [&'static str] = &[$($text,)*];

            $(#[$before_doc])*
            #[cfg(feature = "render")]
            #[inline]
            pub(crate) fn $before(self) -> &'static str {
                const TEXTS: &[&str] = &[$(concat!($start, $text, $end),)*];
                TEXTS.get(self as usize).copied().unwrap_or_default()
            }

            /// Its name in HTML.
            #[inline]
            #[must_use]
            pub fn name(self) -> &'static str {
                Self::NAMES.get(self as usize).copied().unwrap_or_default()
            }

            /// Its code on the wire.
            #[inline]
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The one with this code; none for an unknown code.
            #[inline]
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }
        }
    };
}

table! {
    /// An element.
    Tag, "element",
    /// Its end tag.
    end_tag = "</" ">":
    Div = "div", Span = "span", P = "p", Section = "section", Article = "article", Header = "header",
    Aside = "aside", Ol = "ol", Ul = "ul", Li = "li", Hr = "hr", Details = "details", Summary = "summary",
    H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6",
    B = "b", Strong = "strong", Em = "em", S = "s", Code = "code", Pre = "pre", Blockquote = "blockquote",
    A = "a", Br = "br", Time = "time", Data = "data", Bdi = "bdi", Cite = "cite",
    Button = "button", Svg = "svg", Path = "path", Form = "form", Input = "input", Textarea = "textarea",
    Label = "label", Select = "select", Option = "option", Fieldset = "fieldset", Legend = "legend",
    Output = "output", Table = "table", Caption = "caption", Tbody = "tbody", Tr = "tr", Th = "th", Td = "td",
    Meter = "meter", Figure = "figure", Img = "img", Dl = "dl", Dt = "dt", Dd = "dd", Nav = "nav",
    Small = "small", Dialog = "dialog",
}

table! {
    /// An attribute.
    Attr, "attribute",
    /// What stands before its value.
    before_value = " " "=\"":
    Class = "class", Id = "id", Lang = "lang", Dir = "dir", Href = "href", Rel = "rel", Role = "role",
    Title = "title", Type = "type", Name = "name", Value = "value", For = "for", Form = "form",
    Method = "method", Action = "action", Checked = "checked", Selected = "selected", Required = "required",
    Maxlength = "maxlength", Rows = "rows", Placeholder = "placeholder", Datetime = "datetime",
    Tabindex = "tabindex", Open = "open", Src = "src", Alt = "alt", Loading = "loading", Width = "width",
    Height = "height", ViewBox = "viewBox", D = "d", Download = "download", Start = "start", Scope = "scope",
    Max = "max", Min = "min", Multiple = "multiple", Autocomplete = "autocomplete", Hidden = "hidden",
    Enctype = "enctype", Novalidate = "novalidate",
    AriaLabel = "aria-label", AriaLabelledby = "aria-labelledby", AriaDescribedby = "aria-describedby",
    AriaPressed = "aria-pressed", AriaCurrent = "aria-current", AriaHidden = "aria-hidden",
    AriaDisabled = "aria-disabled", AriaInvalid = "aria-invalid", AriaDescription = "aria-description",
    AriaBusy = "aria-busy", AriaSetsize = "aria-setsize", AriaPosinset = "aria-posinset",
    AriaSelected = "aria-selected", AriaExpanded = "aria-expanded", AriaControls = "aria-controls",
    AriaModal = "aria-modal",
    DataN = "data-n", DataO = "data-o", DataR = "data-r", DataD = "data-d", DataM = "data-m",
    DataMd = "data-md", DataCopy = "data-copy", DataKey = "data-key", DataTotal = "data-total", DataFree = "data-free", DataSuggest = "data-suggest",
}

impl Tag {
    /// Whether the element has neither children nor an end tag.
    #[inline]
    #[must_use]
    pub const fn is_void(self) -> bool {
        matches!(self, Self::Br | Self::Hr | Self::Img | Self::Input)
    }

    /// Whether it must be made in the namespace [`SVG_NAMESPACE`].
    #[inline]
    #[must_use]
    pub const fn is_svg(self) -> bool {
        matches!(self, Self::Svg | Self::Path)
    }
}

/// The elements for the browser's sanitizer: each with its namespace, none for HTML's own.
pub fn elements() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    Tag::ALL.iter().map(|tag| (tag.name(), tag.is_svg().then_some(SVG_NAMESPACE)))
}

/// The attributes for the browser's sanitizer.
pub fn attributes() -> impl Iterator<Item = &'static str> {
    Attr::ALL.iter().map(|attr| attr.name())
}
