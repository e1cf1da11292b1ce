//! One-time tokens: each leads once, for a while, to the session that made it.
//! `Source: API/SessionClass (.createOTP(), .restore())`

use super::session::Moment;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use uuid::Uuid;

/// All tokens that were neither used nor swept.
#[derive(Default)]
pub struct Tokens {
    made: Mutex<FxHashMap<Uuid, (Uuid, Moment)>>,
}

impl Tokens {
    /// A new token for a session, good until `end`.
    pub fn make(&self, session: Uuid, now: Moment, end: Moment) -> Uuid {
        let token = Uuid::new_v4();
        let mut made = self.made.lock();
        made.retain(|_, (_, end)| *end > now);
        made.insert(token, (session, end));
        token
    }

    /// Brings a token of an earlier run back.
    pub fn restore(&self, token: Uuid, session: Uuid, end: Moment) {
        self.made.lock().insert(token, (session, end));
    }

    /// Forgets the tokens of sessions that are gone.
    pub fn forget_sessions(&self, gone: &[Uuid]) {
        self.made.lock().retain(|_, (session, _)| !gone.contains(session));
    }

    /// The session of a token, which is used up by that.
    pub fn redeem(&self, token: Uuid, now: Moment) -> Option<Uuid> {
        let (session, end) = self.made.lock().remove(&token)?;
        (end > now).then_some(session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_good_once_and_for_a_while() {
        let tokens = Tokens::default();
        let session = Uuid::new_v4();
        let (now, later) = (Moment::from_secs(1), Moment::from_secs(11));
        let token = tokens.make(session, now, later);
        assert_eq!(tokens.redeem(token, now), Some(session));
        assert_eq!(tokens.redeem(token, now), None);
        let token = tokens.make(session, now, later);
        assert_eq!(tokens.redeem(token, later), None);
    }
}
