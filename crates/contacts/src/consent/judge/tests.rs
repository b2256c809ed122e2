//! The judgement over everything that can be known: what restricts never allows, and order does not matter.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const NOW: i64 = 100;

fn topic() -> impl Strategy<Value = Option<String>> {
    select(vec![None, Some("wine".to_owned()), Some("beer".to_owned())])
}

fn channel() -> impl Strategy<Value = Channel> {
    select(vec![Channel::Email, Channel::Phone, Channel::All])
}

fn grant() -> impl Strategy<Value = Grant> {
    let acts = select(Act::ALL.to_vec());
    let purposes = select(Purpose::ALL.to_vec());
    // Few moments, so that many coincide; some lie ahead.
    let ends = proptest::option::of(90_i64..110);
    (any::<u128>(), acts, channel(), purposes, topic(), 95_i64..103, ends, any::<bool>()).prop_map(
        |(id, act, channel, purpose, topic, at, valid_until, is_imported)| Grant {
            id: Uuid::from_u128(id),
            act,
            channel,
            purpose,
            topic,
            at,
            valid_until,
            is_imported,
        },
    )
}

fn stop() -> impl Strategy<Value = Stop> {
    let channels = select(vec![None, Some(Channel::Email), Some(Channel::Phone)]);
    let (scopes, whys) = (select(Scope::ALL.to_vec()), select(Why::ALL.to_vec()));
    let lifted = proptest::option::weighted(0.3, 95_i64..105);
    (any::<u128>(), scopes, whys, channels, topic(), 95_i64..103, lifted).prop_map(
        |(id, scope, why, channel, topic, at, lifted_at)| Stop {
            id: Uuid::from_u128(id),
            scope,
            why,
            channel,
            topic,
            at,
            lifted_at,
        },
    )
}

fn known() -> impl Strategy<Value = Known> {
    let people = || proptest::collection::vec(any::<u128>().prop_map(Uuid::from_u128), 0..2);
    let flags = (people(), people()).prop_map(|(call, track)| Flags { do_not_call: call, do_not_track: track });
    let flags = prop_oneof![4 => Just(Flags::default()), 1 => flags];
    (proptest::collection::vec(grant(), 0..6), proptest::collection::vec(stop(), 0..3), flags)
        .prop_map(|(grants, stops, flags)| Known { grants, stops, flags })
}

fn question() -> impl Strategy<Value = Question> {
    let channels = select(vec![Channel::Email, Channel::Phone]);
    // Marketing is asked most: it is what most rules are about.
    let mut purposes = Purpose::ALL.to_vec();
    purposes.extend([Purpose::Marketing; 4]);
    (channels, select(purposes), topic()).prop_map(|(channel, purpose, topic)| Question {
        address: "ann@example.com".to_owned(),
        channel,
        purpose,
        topic,
        at: NOW,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_withdrawal_never_turns_a_no_into_a_yes(question in question(), known in known(), more in grant()) {
        let before = judge(&question, &known).allowed;
        let mut after = known;
        after.grants.push(Grant { act: Act::Withdrawn, ..more });
        prop_assert!(before || !judge(&question, &after).allowed);
    }

    #[test]
    fn a_suppression_never_turns_a_no_into_a_yes(question in question(), known in known(), more in stop()) {
        let before = judge(&question, &known).allowed;
        let mut after = known;
        after.stops.push(more);
        prop_assert!(before || !judge(&question, &after).allowed);
    }

    #[test]
    fn a_wider_suppression_never_turns_a_no_into_a_yes(question in question(), known in known(), stop in stop()) {
        for wider in Scope::ALL.iter().filter(|scope| **scope > stop.scope) {
            let mut narrow = known.clone();
            narrow.stops.push(stop.clone());
            let mut wide = known.clone();
            wide.stops.push(Stop { scope: *wider, ..stop.clone() });
            prop_assert!(judge(&question, &narrow).allowed || !judge(&question, &wide).allowed);
        }
    }

    #[test]
    fn taking_a_lift_back_never_turns_a_no_into_a_yes(question in question(), known in known()) {
        let mut again = known.clone();
        again.stops.iter_mut().for_each(|stop| stop.lifted_at = None);
        prop_assert!(judge(&question, &known).allowed || !judge(&question, &again).allowed);
    }

    #[test]
    fn order_does_not_matter(question in question(), known in known(), seed in any::<u64>()) {
        let mut shuffled = known.clone();
        shuffled.grants.sort_by_key(|grant| grant.id.as_u128() as u64 ^ seed);
        shuffled.stops.sort_by_key(|stop| stop.id.as_u128() as u64 ^ seed);
        prop_assert_eq!(judge(&question, &known), judge(&question, &shuffled));
    }

    #[test]
    fn what_is_not_asked_about_changes_nothing(question in question(), known in known(), more in grant()) {
        // Service messages profit from any confirmed opt-in over their channel, so all purposes are theirs.
        let elsewhere = !question.is_covered(&more) && question.purpose.needs_consent();
        if !elsewhere {
            return Ok(());
        }
        let mut after = known.clone();
        after.grants.push(more);
        prop_assert_eq!(judge(&question, &known), judge(&question, &after));
    }

    #[test]
    fn a_yes_has_a_proof_and_a_no_has_a_reason(question in question(), known in known()) {
        let verdict = judge(&question, &known);
        if verdict.allowed && question.purpose.needs_consent() {
            let proof = verdict.why.iter().find(|reason| reason.code.starts_with("consent_"));
            prop_assert!(proof.and_then(|proof| proof.record).is_some());
        }
        prop_assert_eq!(verdict.allowed, verdict.why.iter().all(|reason| reason.allows));
        prop_assert!(!verdict.why.is_empty());
    }
}
