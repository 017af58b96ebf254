//! The closed sets: gaps, tones, icons, states.

/// How much room is left between children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// None.
    None,
    /// A little: between things that belong together.
    Small,
    /// The usual.
    Medium,
    /// Much: between sections.
    Large,
}

/// How the children of a row are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the side where reading starts.
    Start,
    /// In the middle.
    Center,
    /// At the side where reading ends.
    End,
    /// First and last at the sides, the rest evenly between.
    Between,
}

/// What a thing means; never shown by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Neutral,
    /// The main thing here.
    Accent,
    /// Good.
    Ok,
    /// Worth a look.
    Warn,
    /// Wrong, or cannot be undone.
    Danger,
}

/// How a text is weighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    /// As usual.
    Normal,
    /// Stronger.
    Strong,
    /// Quieter.
    Muted,
    /// Smaller and quieter.
    Small,
}

/// A picture from the host's own set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    /// A speech bubble.
    Comment,
    /// An arrow back to a person.
    Reply,
    /// A thumb or heart.
    Like,
    /// A pin.
    Pin,
    /// A pencil.
    Edit,
    /// A bin.
    Delete,
    /// A flag.
    Flag,
    /// A chain link.
    Link,
    /// A bell.
    Follow,
    /// A clock.
    Waiting,
    /// A tick.
    Check,
    /// A cross.
    Cross,
    /// A padlock.
    Lock,
    /// Three dots.
    More,
    /// An exclamation mark.
    Warning,
    /// An i.
    Info,
}

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeStyle {
    /// "3 hours ago", with the full date on demand.
    Relative,
    /// The date and the time.
    Absolute,
}

/// What a toggle stands for; the host shows the right symbol and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToggleKind {
    /// "Like".
    Like,
    /// "Follow": tell me when something happens here.
    Follow,
    /// "Bookmark".
    Bookmark,
    /// "Resolved".
    Resolve,
    /// A symbol of its own: the words are the name.
    Plain,
}

/// What a single-line or longer field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// Several lines of text.
    Area,
    /// A whole number.
    Number,
    /// A date.
    Date,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
}

/// How a choice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceStyle {
    /// Round buttons: one of a few.
    Radio,
    /// Boxes: any of a few.
    Check,
    /// A drop-down list.
    Select,
    /// On or off.
    Switch,
}

/// The shape of a place-holder while something loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line of text.
    Line,
    /// A post.
    Post,
    /// A button.
    Button,
}
