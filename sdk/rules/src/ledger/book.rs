//! The arithmetic of one transfer, for the store and the test host.

/// The account of a person in which points wait that were given with an entry which is held. Nobody can declare it.
pub const HELD: &str = ":held";

/// The reason of the host's own transfer by which they arrive once the entry is published.
pub const RELEASED: &str = "released";

/// An account as it is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// How much there is.
    pub amount: i64,
    /// What the last budget was.
    pub granted: i64,
    /// When the period of the last budget began, in microseconds since 1970; 0 before the first one.
    pub began_at: i64,
}

/// A budget that is due: two transfers between the site and the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// What is left of the last period, and goes back to the site.
    pub takes_back: i64,
    /// What comes from the site for this one.
    pub gives: i64,
    /// When this period began.
    pub began_at: i64,
}

impl Kept {
    /// The account after a renewal.
    #[must_use]
    pub const fn renewed(self, renewal: Renewal) -> Self {
        let amount = self.amount - renewal.takes_back + renewal.gives;
        Self { amount, granted: renewal.gives, began_at: renewal.began_at }
    }

    /// Whether points that come back to the account, and had left it then, were of a budget that is over: they go on to
    /// the site.
    #[must_use]
    pub const fn is_over(self, paid_at: i64) -> bool {
        paid_at < self.began_at
    }
}

/// How much of a transfer is given where the account has taken `so_far` of at most `max`.
#[must_use]
pub fn clip(amount: i64, so_far: i64, max: i64) -> i64 {
    amount.min((max - so_far).max(0))
}

#[cfg(test)]
mod tests {
    use super::{Kept, Renewal, clip};

    #[test]
    fn a_cap_gives_what_fits() {
        for (amount, so_far, given) in
            [(10, 0, 10), (10, 190, 10), (10, 195, 5), (10, 200, 0), (10, 260, 0), (0, 0, 0)]
        {
            assert_eq!(clip(amount, so_far, 200), given, "{amount} after {so_far}");
        }
    }

    #[test]
    fn a_renewed_account_has_the_new_budget_and_nothing_of_the_old() {
        let kept = Kept { amount: 30, granted: 100, began_at: 1 };
        let renewed = kept.renewed(Renewal { takes_back: 30, gives: 80, began_at: 5 });
        assert_eq!(renewed, Kept { amount: 80, granted: 80, began_at: 5 });
        assert!(renewed.is_over(4) && !renewed.is_over(5));
    }
}
