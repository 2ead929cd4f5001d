//! Delays that differ a little from delivery to delivery, so that they do not all come at once.

use std::time::Duration;

/// A delay moved by at most `percent` of itself, 0 to 100, to the nearest millisecond.
///
/// `unit` is the caller's random number, 0 to 1: 0 takes the shortest delay, 1 the longest, 0.5 the
/// delay itself, and uniform numbers make uniform delays. 0 percent leaves the delay as it is.
///
/// ```
/// use std::time::Duration;
/// use wh::retry::jittered;
/// let minute = Duration::from_secs(60);
/// assert_eq!(jittered(minute, 10, 0.0), Duration::from_secs(54));
/// assert_eq!(jittered(minute, 10, 0.75), Duration::from_secs(63));
/// assert_eq!(jittered(minute, 0, 0.75), minute);
/// ```
#[must_use]
pub fn jittered(delay: Duration, percent: u32, unit: f64) -> Duration {
    const HALF_STEP: Duration = Duration::from_micros(500);
    if percent == 0 {
        return delay;
    }
    let reach = delay / 100 * percent.min(100);
    // A number that is none leaves the delay as it is.
    let width = reach.as_secs_f64() * 2.0 * unit.clamp(0.0, 1.0);
    let above = Duration::try_from_secs_f64(width).unwrap_or(reach);
    let moved = delay
        .saturating_sub(reach)
        .saturating_add(above)
        .saturating_add(HALF_STEP);
    Duration::from_millis(u64::try_from(moved.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::jittered;

    #[test]
    fn the_ends_are_as_far_as_the_percent_say() {
        for (percent, shortest, longest) in [
            (1, 9_900, 10_100),
            (25, 7_500, 12_500),
            (100, 0, 20_000),
            (400, 0, 20_000),
        ] {
            let at = |unit| jittered(Duration::from_secs(10), percent, unit).as_millis();
            assert_eq!((at(0.0), at(1.0)), (shortest, longest), "{percent}");
            assert_eq!(at(0.5), 10_000, "{percent}");
            assert_eq!(at(f64::NAN), 10_000, "{percent}");
            assert_eq!((at(-7.0), at(7.0)), (shortest, longest), "{percent}");
        }
    }

    #[test]
    fn even_steps_make_even_delays() {
        let delays =
            (0..=10).map(|step| jittered(Duration::from_secs(1), 50, f64::from(step) / 10.0));
        let millis: Vec<u128> = delays.map(|delay| delay.as_millis()).collect();
        let even: Vec<u128> = (500..=1500).step_by(100).collect();
        assert_eq!(millis, even);
    }

    proptest! {
        #[test]
        fn no_delay_leaves_its_range(
            millis in 0..=10_u64 * 365 * 24 * 60 * 60 * 1000,
            percent in 0..=100_u32,
            unit in 0.0..1.0_f64,
        ) {
            let delay = Duration::from_millis(millis);
            let moved = jittered(delay, percent, unit);
            let by = u128::from(millis) * u128::from(percent);
            let away = moved.as_millis().abs_diff(u128::from(millis));
            // Half a millisecond for the rounding.
            prop_assert!(away * 100 <= by + 50, "{delay:?} {moved:?}");
            prop_assert_eq!(moved.subsec_nanos() % 1_000_000, 0);
        }

        #[test]
        fn a_larger_number_never_makes_a_shorter_delay(
            delay in any::<Duration>(),
            percent in any::<u32>(),
            one in 0.0..=1.0_f64,
            other in 0.0..=1.0_f64,
        ) {
            let [shorter, longer] = [one.min(other), one.max(other)]
                .map(|unit| jittered(delay, percent, unit));
            prop_assert!(shorter <= longer);
        }
    }
}
