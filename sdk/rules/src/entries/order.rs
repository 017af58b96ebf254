//! The formulas behind the orders `top` and `controversial`. Scores are whole numbers, so that order and cursors
//! are exact.

/// The fraction that scores are counted in.
const SCORE_UNIT: f64 = 1_000_000_000.0;

/// The lower bound of the Wilson interval at 95 % of the share of up-votes, in billionths. Without an up-vote it
/// is minus the number of down-votes, so that more of them come later.
///
/// Source: E. B. Wilson, "Probable Inference" (1927), as used by Reddit and Remark42.
#[must_use]
pub fn score_top(up: u32, down: u32) -> i64 {
    let count = f64::from(up) + f64::from(down);
    if up == 0 {
        return -i64::from(down);
    }
    let z = 1.96_f64;
    let share = f64::from(up) / count;
    let spread = z * ((share * (1.0 - share) + z * z / (4.0 * count)) / count).sqrt();
    whole((share + z * z / (2.0 * count) - spread) / (1.0 + z * z / count))
}

/// How disputed an entry is: `(up + down) ^ (min / max)`, in billionths; 0 unless both kinds of votes are there.
///
/// Source: Reddit's formula, as in Remark42.
#[must_use]
pub fn score_controversial(up: u32, down: u32) -> i64 {
    let (low, high) = (up.min(down), up.max(down));
    if low == 0 {
        return 0;
    }
    whole((f64::from(up) + f64::from(down)).powf(f64::from(low) / f64::from(high)))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float cast saturates; scores are below 2^33 billionths"
)]
fn whole(score: f64) -> i64 {
    (score * SCORE_UNIT).round() as i64
}

#[cfg(test)]
mod tests {
    use super::{score_controversial, score_top};

    #[test]
    fn more_and_clearer_approval_comes_first() {
        let ranked = [(100, 1), (10, 0), (3, 0), (5, 5), (1, 0), (1, 1), (0, 0), (0, 1), (0, 7)];
        let scores = ranked.map(|(up, down)| score_top(up, down));
        assert!(scores.windows(2).all(|pair| pair[0] > pair[1]), "{scores:?}");
    }

    #[test]
    fn scores_are_those_of_the_formulas() {
        for (up, down, top, controversial) in [
            (0, 0, 0, 0),
            (1, 0, 206_543_291, 0),
            (0, 4, -4, 0),
            (1, 1, 94_528_655, 2_000_000_000),
            (9, 1, 595_843_615, 1_291_549_665),
        ] {
            assert_eq!(
                (score_top(up, down), score_controversial(up, down)),
                (top, controversial),
                "{up} {down}"
            );
        }
    }
}
