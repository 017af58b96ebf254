//! When to try again.

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

#[cfg(test)]
mod tests {
    use super::wait_ms;

    #[test]
    fn waits_grow_to_half_a_minute_and_are_spread() {
        assert_eq!(wait_ms(0, 1.0), 1000);
        assert_eq!(wait_ms(3, 1.0), 8000);
        assert_eq!(wait_ms(3, 0.5), 4000);
        assert_eq!(wait_ms(60, 1.0), 30_000);
        assert_eq!(wait_ms(60, 0.0), 200);
    }
}
