//! The extension point: the trait that authors implement and the macro that makes a component of it.

#[cfg(all(target_arch = "wasm32", feature = "quick"))]
mod arena;
#[cfg(all(target_arch = "wasm32", feature = "quick"))]
mod compare;

use crate::bindings::exports::stoa::plugin::widget::{self as border, Guest};
use crate::context::{Action, Context};
use crate::outcome::Outcome;
use crate::refusal::{Failure, Refusal, TEXT_DENIED};
use crate::view::View;

pub use border::{Verb, VerbClass};

/// Something shown inside a page that people can take part in.
///
/// Each call gets a fresh instance: nothing that a plugin keeps in memory survives a call, so all functions
/// are without `self`. Both calls may read; only what [`Widget::act`] puts into the [`Outcome`] is written,
/// by the host, all of it or nothing.
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
    /// What can be done in the widget, 32 verbs at the most. Their order is part of the tokens in pages that
    /// people have open: add at the end, never in between.
    const VERBS: &'static [(&'static str, VerbClass)] = &[];

    /// What this person is shown now.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the parameters name what is not there (any more); [`Failure::Failed`] when
    /// the host could not give what is needed (`?` on a read makes it so).
    fn view(context: &Context) -> Result<View, Failure>;

    /// What an action changes. The host has checked that a view offered this verb for this subject to this
    /// person, though perhaps a while ago: check again what may have changed since.
    ///
    /// Unless written, nothing can be done.
    ///
    /// # Errors
    /// A [`Refusal`], with the id of a text that tells the person why. The person's own text is kept.
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
        border::Description { verbs: verbs::<W>() }
    }

    fn view(context: border::Context) -> Result<View, border::Failure> {
        log_panics();
        W::view(&Context::new(context))
    }

    fn act(context: border::Context, action: border::Action) -> Result<border::Outcome, border::Refusal> {
        log_panics();
        let mut outcome = Outcome::default();
        W::act(&Context::new(context), &Action::new(action), &mut outcome)?;
        Ok(outcome.into_border())
    }
}

/// The verbs of a widget as the border has them.
pub(crate) fn verbs<W: Widget>() -> Vec<Verb> {
    W::VERBS.iter().map(|(name, class)| Verb { name: (*name).to_owned(), class: *class }).collect()
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
