//! Badges: what anybody can earn, with criteria that everybody can read. They follow from what counts now, so that nothing
//! is awarded, announced or taken away; a site can switch them off.

use crate::store::Contributions;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Visible entries.
    Written,
    /// Chosen entries, as accepted answers are.
    Chosen,
    /// How often others found entries helpful.
    Helpful,
    /// Entries of others about the person, as thanks are.
    Named,
}

/// One badge: `badge-ID` is its text, `badge-ID-why` its criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badge {
    /// The id.
    pub id: &'static str,
    /// What is counted.
    pub measure: Measure,
    /// How much of it is needed.
    pub at_least: u32,
}

/// All badges; of those with one measure the greatest comes last.
pub const BADGES: [Badge; 8] = [
    Badge { id: "voice", measure: Measure::Written, at_least: 1 },
    Badge { id: "regular", measure: Measure::Written, at_least: 50 },
    Badge { id: "solver", measure: Measure::Chosen, at_least: 1 },
    Badge { id: "guide", measure: Measure::Chosen, at_least: 10 },
    Badge { id: "helpful", measure: Measure::Helpful, at_least: 10 },
    Badge { id: "invaluable", measure: Measure::Helpful, at_least: 100 },
    Badge { id: "appreciated", measure: Measure::Named, at_least: 3 },
    Badge { id: "treasured", measure: Measure::Named, at_least: 25 },
];

/// What somebody has earned: the greatest badge of each measure.
#[must_use]
pub fn earned(of: &Contributions) -> Vec<Badge> {
    let count = |measure| match measure {
        Measure::Written => of.written,
        Measure::Chosen => of.chosen,
        Measure::Helpful => of.helpful,
        Measure::Named => of.named,
    };
    let mut earned: Vec<Badge> = Vec::new();
    for badge in BADGES.into_iter().filter(|badge| count(badge.measure) >= badge.at_least) {
        earned.retain(|other| other.measure != badge.measure);
        earned.push(badge);
    }
    earned
}

#[cfg(test)]
mod tests {
    use super::{BADGES, earned};
    use crate::services::texts::Texts;
    use crate::store::Contributions;

    #[test]
    fn badges_follow_from_what_counts_now() {
        let check = |written, chosen, helpful, named, expected: &str| {
            let of = Contributions { written, chosen, helpful, named, ..Contributions::default() };
            let found: Vec<&str> = earned(&of).iter().map(|badge| badge.id).collect();
            assert_eq!(found.join(" "), expected);
        };
        check(0, 0, 0, 0, "");
        check(1, 0, 9, 2, "voice");
        check(49, 1, 10, 3, "voice solver helpful appreciated");
        check(50, 10, 100, 25, "regular guide invaluable treasured");
    }

    #[test]
    fn each_badge_has_a_name_and_its_criterion_in_every_language() {
        let texts = Texts::load().unwrap();
        for language in ["en", "de"] {
            let of_host = texts.of_host(language);
            for badge in BADGES {
                for id in [format!("badge-{}", badge.id), format!("badge-{}-why", badge.id)] {
                    let said = of_host.message(&id, &[("count", crate::services::texts::Value::Number(9))]);
                    assert_ne!(said, id, "{language}");
                }
            }
        }
    }
}
