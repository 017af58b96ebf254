//! The extension point: the trait that authors implement and the macro that makes a component of it.

#[cfg(all(target_arch = "wasm32", feature = "quick"))]
mod arena;
#[cfg(all(target_arch = "wasm32", feature = "quick"))]
mod compare;
mod refusal;

use crate::bindings::exports::stoa::plugin::widget::{self as border, Guest};
use crate::context::{Action, Context};
use crate::outcome::Outcome;
use crate::view::View;

pub use border::VerbClass as Class;
pub use refusal::{Failure, Issue, Refusal, TEXT_DENIED, TEXT_GONE, TEXT_TRY_AGAIN};

/// Something that can be done in a view.
///
/// ```
/// use stoa_plugin::{Class, Verb};
///
/// const VERBS: &[Verb] = &[Verb::new("post", Class::Create), Verb::new("edit", Class::Edit).seen()];
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    name: &'static str,
    class: Class,
    seen: bool,
}

impl Verb {
    /// A verb of 1 to 32 characters of a-z and `-`, not beginning with `host-`. The class is the most that it may record; the host refuses more.
    #[must_use]
    pub const fn new(name: &'static str, class: Class) -> Self {
        Self { name, class, seen: false }
    }

    /// For what depends on what the person has seen: the host refuses it (412) where its subject is no longer at the
    /// version that the view showed, and [`Action::seen`] is that version.
    #[must_use]
    pub const fn seen(self) -> Self {
        Self { seen: true, ..self }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The most that it may record.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Whether it was declared with [`Verb::seen`].
    #[must_use]
    pub const fn needs_seen(&self) -> bool {
        self.seen
    }

    fn to_border(self) -> border::Verb {
        border::Verb { name: self.name.to_owned(), class: self.class, seen: self.seen }
    }
}

/// Something shown inside a page that people can take part in.
///
/// Each call gets a fresh instance: nothing that a plugin keeps in memory survives a call, so all functions
/// are without `self`. Both calls may read; what [`Widget::act`] records by the [`Outcome`] is committed by the host,
/// all of it or nothing.
///
/// ```
/// use stoa_plugin::view::{View, ViewBuilder, literal};
/// use stoa_plugin::{Context, Failure, Widget};
///
/// /// Says hello.
/// struct Hello;
///
/// impl Widget for Hello {
///     fn view(context: &Context) -> Result<View, Failure> {
///         let name = context.person().map_or("you", |person| person.name.as_str());
///         let mut v = ViewBuilder::new();
///         v.text(literal(&format!("Hello {name}")));
///         Ok(v.finish())
///     }
/// }
///
/// stoa_plugin::export!(Hello);
///
/// let host = stoa_plugin::testing::TestHost::of::<Hello>();
/// assert_eq!(host.as_person("anna").view().unwrap().outline(), "text \"Hello Anna\"\n");
/// ```
pub trait Widget {
    /// What can be done in the widget, 32 verbs at most, in any order: pages that people have open name a verb by its
    /// name. The view can offer no other.
    const VERBS: &'static [Verb] = &[];

    /// What this person is shown now.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the parameters name what is not there (any more); [`Failure::Failed`] when
    /// the host could not give what is needed (`?` on a read makes it so).
    fn view(context: &Context) -> Result<View, Failure>;

    /// What is to happen on an action, recorded by the [`Outcome`]. The host has checked that a view offered this verb for this subject to this
    /// person, though perhaps a while ago: check again what may have changed since.
    ///
    /// Unless written, nothing can be done.
    ///
    /// # Errors
    /// A [`Refusal`], with a text that tells the person why. What was recorded is dropped; what the person wrote is
    /// kept.
    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let _ = (context, action, outcome);
        Err(Refusal::denied(TEXT_DENIED))
    }
}

/// Carries a [`Widget`] over the border; the macro [`export!`](crate::export) names it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Exported<W>(core::marker::PhantomData<W>);

impl<W: Widget> Guest for Exported<W> {
    fn describe() -> border::Description {
        border::Description { verbs: W::VERBS.iter().map(|verb| verb.to_border()).collect() }
    }

    fn view(request: border::Request) -> Result<View, Failure> {
        log_panics();
        W::view(&Context::new(request))
    }

    fn act(request: border::Request, action: border::Action) -> Result<(), Refusal> {
        log_panics();
        W::act(&Context::new(request), &Action::new(action), &mut Outcome::new())
    }
}

/// A panic ends the call as a trap, of which the host knows no more than the place in the machine code. This
/// brings what it says and where it was into the log first. Natively the test's own report says it.
fn log_panics() {
    #[cfg(target_arch = "wasm32")]
    std::panic::set_hook(Box::new(|panic| {
        crate::host::imports::log::write(crate::host::imports::log::Level::Error, &panic.to_string());
    }));
}

/// Makes a component of a [`Widget`]; once in a plugin's crate, at its root.
///
/// ```
/// use stoa_plugin::view::{View, ViewBuilder};
/// use stoa_plugin::{Context, Failure, Widget};
///
/// struct Quiet;
///
/// impl Widget for Quiet {
///     fn view(_: &Context) -> Result<View, Failure> {
///         Ok(ViewBuilder::new().finish())
///     }
/// }
///
/// stoa_plugin::export!(Quiet);
/// ```
#[macro_export]
macro_rules! export {
    ($widget:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[doc(hidden)]
        type StoaExported = $crate::Exported<$widget>;
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::export_widget!(StoaExported with_types_in $crate::bindings);
        // Natively nothing is exported: this only checks that it is a widget at all.
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() = || {
            fn is_a_widget<W: $crate::Widget>() {}
            is_a_widget::<$widget>();
        };
    };
}
