//! When to try again, and how long ago something was.

/// The longest wait between two tries, in milliseconds.
const WAIT_MAX_MS: u32 = 30_000;

/// How long to wait before try number `tries` (from 0), in milliseconds: "full jitter", so that many browsers
/// do not come back at the same instant after a restart. `random` is 0 to 1.
pub(crate) fn wait_ms(tries: u32, random: f64) -> u32 {
    let ceiling = 1000u32.checked_shl(tries.min(5)).unwrap_or(WAIT_MAX_MS).min(WAIT_MAX_MS);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and WAIT_MAX_MS")]
    let wait = (f64::from(ceiling) * random.clamp(0.0, 1.0)) as u32;
    wait.max(200)
}

/// The count and unit for `Intl.RelativeTimeFormat` of something `seconds` ago; none when it is so long ago that
/// the text cannot have changed since the host wrote it. A unit of "" stands for "just now".
pub(crate) fn ago(seconds: i32) -> Option<(i32, &'static str)> {
    Some(match seconds {
        ..60 => (0, ""),
        60..3600 => (-(seconds / 60), "minute"),
        3600..86_400 => (-(seconds / 3600), "hour"),
        86_400..604_800 => (-(seconds / 86_400), "day"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ago, wait_ms};

    #[test]
    fn waits_grow_to_half_a_minute_and_are_spread() {
        assert_eq!(wait_ms(0, 1.0), 1000);
        assert_eq!(wait_ms(3, 1.0), 8000);
        assert_eq!(wait_ms(3, 0.5), 4000);
        assert_eq!(wait_ms(60, 1.0), 30_000);
        assert_eq!(wait_ms(60, 0.0), 200);
    }

    #[test]
    fn times_use_the_largest_whole_unit() {
        assert_eq!(ago(-5), Some((0, "")));
        assert_eq!(ago(59), Some((0, "")));
        assert_eq!(ago(60), Some((-1, "minute")));
        assert_eq!(ago(3599), Some((-59, "minute")));
        assert_eq!(ago(7200), Some((-2, "hour")));
        assert_eq!(ago(90_000), Some((-1, "day")));
        assert_eq!(ago(604_800), None);
    }
}
