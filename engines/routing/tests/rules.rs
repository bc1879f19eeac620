//! No rule is ever broken: random problems, judged by the independent checker.

mod common;

use common::{Odd, make, solved};
use proptest::prelude::*;
use routing::check::violations;

fn odd() -> impl Strategy<Value = Odd> {
    (0usize..30, 0usize..8, any::<[bool; 5]>(), 1usize..4, 0usize..3).prop_map(
        |(jobs, engineers, flags, days, travel)| Odd {
            jobs,
            engineers,
            breaks: flags[0],
            parts: flags[1],
            crews: flags[2],
            pins: flags[3],
            weights: flags[4],
            days,
            travel,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_plan_breaks_a_rule(seed in any::<u64>(), odd in odd()) {
        let problem = make(seed, odd);
        let text = serde_json::to_string(&problem).unwrap();
        let problem = routing::input::parse(&text).unwrap();
        let answer = solved(&problem, 300, seed, 1);
        prop_assert_eq!(violations(&problem, &answer), Vec::<String>::new());
    }
}
