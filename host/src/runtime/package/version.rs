//! Versions of the contract: which of them this host serves, and which one a component was built for.

use semver::Version;

/// A version of the contract that this host serves. Each has its bindings in `runtime/border`, and its text in `wit/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contract {
    /// The first that was published.
    V0_2,
}

impl Contract {
    /// All that this host serves, the newest last.
    pub(crate) const SERVED: [Self; 1] = [Self::V0_2];

    /// The newest of its series: what was added within a series keeps older components running.
    pub(crate) const fn newest(self) -> Version {
        match self {
            Self::V0_2 => Version::new(0, 2, 0),
        }
    }

    /// The version that serves a component which names this one (`0.2.0`); none for one that this host does not know. As in
    /// semantic versioning each 0.x is a series of its own, and a version that is not released stands for itself.
    pub(crate) fn serving(version: &str) -> Option<Self> {
        let named = Version::parse(version).ok().filter(|named| named.pre.is_empty())?;
        let series = |version: &Version| (version.major, (version.major == 0).then_some(version.minor));
        Self::SERVED.into_iter().find(|served| series(&served.newest()) == series(&named))
    }

    /// All that this host serves, for people.
    pub(crate) fn served() -> String {
        Self::SERVED.map(|served| served.newest().to_string()).join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::Contract;

    #[test]
    fn a_series_is_served_whole_and_nothing_else() {
        for (version, expected) in [
            ("0.2.0", Some(Contract::V0_2)),
            ("0.2.7", Some(Contract::V0_2)),
            ("0.2.0-rc.1", None),
            ("0.1.0", None),
            ("0.3.0", None),
            ("0.9.0", None),
            ("2.0.0", None),
            ("0.2", None),
            ("", None),
        ] {
            assert_eq!(Contract::serving(version), expected, "{version}");
        }
    }
}
