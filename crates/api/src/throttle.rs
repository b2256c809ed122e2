//! How often one may try a password. Pure: counters in, verdict out; they are kept in the database and survive
//! restarts. An attempt is counted before it is checked, so that many at once count as many.

/// Failures of one account inside a window before it has to wait for the window's end.
const ACCOUNT_MAX: i64 = 10;
/// Length of an account's window.
const ACCOUNT_WINDOW_S: i64 = 15 * 60;
/// Failures in a row after which only an administrator's new invitation helps.
const IN_A_ROW_MAX: i64 = 100;
/// Failures of one address inside an hour.
const ADDRESS_MAX: i64 = 100;
/// Length of an address's window.
const ADDRESS_WINDOW_S: i64 = 3600;
/// Failures that cost no waiting.
const FREE: i64 = 4;

/// What is kept of an account's or an address's attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// Begin of the window, seconds since the epoch.
    pub since_s: i64,
    /// Attempts in the window that did not succeed (so far).
    pub count: i64,
    /// Attempts in a row that did not succeed.
    pub in_a_row: i64,
    /// The last attempt, seconds since the epoch.
    pub last_s: i64,
}

/// Whose attempts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those on one account.
    Account,
    /// Those from one address.
    Address,
}

/// Whether one may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes; the counters are as if it had failed.
    Try(Tries),
    /// Not before so many seconds.
    Wait(i64),
    /// Not at all.
    Stop,
}

/// Judges one more attempt.
pub fn judge(whose: Whose, tries: Tries, now_s: i64) -> Verdict {
    let (window_s, max) = match whose {
        Whose::Account => (ACCOUNT_WINDOW_S, ACCOUNT_MAX),
        Whose::Address => (ADDRESS_WINDOW_S, ADDRESS_MAX),
    };
    let over = now_s - tries.since_s >= window_s || now_s < tries.since_s;
    let (since_s, count) = if over { (now_s, 0) } else { (tries.since_s, tries.count) };
    if whose == Whose::Account && tries.in_a_row >= IN_A_ROW_MAX {
        return Verdict::Stop;
    }
    if count >= max {
        return Verdict::Wait((since_s + window_s - now_s).max(1));
    }
    if whose == Whose::Account && count > FREE {
        let ready_s = tries.last_s + (1 << (count - FREE - 1).min(8));
        if now_s < ready_s {
            return Verdict::Wait(ready_s - now_s);
        }
    }
    Verdict::Try(Tries { since_s, count: count + 1, in_a_row: tries.in_a_row + 1, last_s: now_s })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries as fast as allowed for a time; how often it got through.
    fn attack(seconds: i64) -> (i64, Verdict) {
        let (mut tries, mut through, mut last) = (Tries::default(), 0, Verdict::Stop);
        for now in 1_000_000..1_000_000 + seconds {
            last = judge(Whose::Account, tries, now);
            if let Verdict::Try(next) = last {
                tries = next;
                through += 1;
            }
        }
        (through, last)
    }

    #[test]
    fn ten_in_a_quarter_of_an_hour_and_a_hundred_in_all() {
        assert_eq!(attack(4).0, 4);
        assert_eq!(attack(15 * 60).0, 10);
        assert_eq!(attack(15 * 60 * 30), (100, Verdict::Stop));
    }

    #[test]
    fn waiting_grows() {
        let tries = |count| Tries { since_s: 1000, count, in_a_row: count, last_s: 1100 };
        assert!(matches!(judge(Whose::Account, tries(4), 1100), Verdict::Try(_)));
        assert_eq!(judge(Whose::Account, tries(5), 1100), Verdict::Wait(1));
        assert_eq!(judge(Whose::Account, tries(9), 1100), Verdict::Wait(16));
        assert_eq!(judge(Whose::Account, tries(10), 1100), Verdict::Wait(800));
    }

    #[test]
    fn an_address_may_fail_a_hundred_times_an_hour() {
        let tries = Tries { since_s: 0, count: 100, in_a_row: 500, last_s: 10 };
        assert_eq!(judge(Whose::Address, tries, 20), Verdict::Wait(3580));
        assert!(matches!(judge(Whose::Address, tries, 3600), Verdict::Try(_)));
    }
}
