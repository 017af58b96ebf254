//! What the doctor can find, in words: what is wrong, what to change, and who can.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// It does not work until this is changed.
    Fault,
    /// It works, but not as well or as safely as it could.
    Advice,
}

impl Weight {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Advice => "advice",
        }
    }
}

/// Who can change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever writes the page or the template around it.
    Page,
    /// Whoever runs the intranet's web server.
    Intranet,
    /// Whoever runs Stoa.
    Stoa,
}

impl Who {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Page => "whoever edits the page or its template",
            Self::Intranet => "whoever runs the intranet's web server",
            Self::Stoa => "whoever runs Stoa",
        }
    }
}

/// One thing found.
#[derive(Debug)]
pub(crate) struct Finding {
    /// Stable, for programs.
    pub(crate) code: &'static str,
    pub(crate) weight: Weight,
    pub(crate) who: Who,
    /// What is wrong.
    pub(crate) says: String,
    /// What to do, to be copied.
    pub(crate) cure: String,
}

impl Finding {
    pub(crate) fn fault(
        code: &'static str,
        who: Who,
        says: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { code, weight: Weight::Fault, who, says: says.into(), cure: cure.into() }
    }

    pub(crate) fn advice(
        code: &'static str,
        who: Who,
        says: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { code, weight: Weight::Advice, who, says: says.into(), cure: cure.into() }
    }
}
