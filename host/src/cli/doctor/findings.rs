//! What the doctor can find, in words: what is wrong, what to change, and who can.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It does not work until this is changed.
    Fault,
    /// It works, but not as well or as safely as it could.
    Advice,
}

impl Weight {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Advice => "advice",
        }
    }
}

/// Who can change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Whoever writes the page or the template around it.
    Page,
    /// Whoever runs the intranet's web server.
    Intranet,
    /// Whoever runs Stoa.
    Stoa,
}

impl Who {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Page => "whoever edits the page or its template",
            Self::Intranet => "whoever runs the intranet's web server",
            Self::Stoa => "whoever runs Stoa",
        }
    }
}

/// One thing found.
#[derive(Debug)]
pub(super) struct Finding {
    /// Stable, for programs.
    pub(super) code: &'static str,
    pub(super) weight: Weight,
    pub(super) who: Who,
    /// What is wrong.
    pub(super) says: String,
    /// What to do, to be copied.
    pub(super) cure: String,
}

impl Finding {
    pub(super) fn fault(
        code: &'static str,
        who: Who,
        says: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { code, weight: Weight::Fault, who, says: says.into(), cure: cure.into() }
    }

    pub(super) fn advice(
        code: &'static str,
        who: Who,
        says: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { code, weight: Weight::Advice, who, says: says.into(), cure: cure.into() }
    }
}
