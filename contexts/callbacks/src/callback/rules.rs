//! Rules of callbacks: pure.

use kernel::{Problems, RuleError, T, Ts};
use orders::api::State;

use super::model::{Answer, CallbackRow, CallbackState, Rating, RecordAttempt, RecordResult, ResultClass};
use crate::settings::{AnswerKind, Question};

/// Longest free text.
const LONGEST: usize = 2000;

/// Tries in vain after which the head decides what happens next.
pub const MOST_ATTEMPTS: i64 = 10;

/// Applies a result. Errors: `callbacks.not_planned` when it was recorded before, field errors for marks
/// outside 1…5 and overlong texts, `callbacks.say_why` when an unhappy customer's words are missing.
pub fn record_result(
    row: &CallbackRow,
    input: &RecordResult,
    questions: &[Question],
    now: Ts,
) -> Result<CallbackRow, Problems> {
    let mut problems = Problems::new();
    problems.check(row.state == CallbackState::Planned, not_planned);
    for (field, mark) in [("quality", input.quality), ("attitude", input.attitude)] {
        problems.check(mark.is_none_or(|mark| (1..=5).contains(&mark)), || {
            RuleError::new("callbacks.mark", T("评分应为 1 到 5", "A mark is 1 to 5")).field(field)
        });
    }
    let texts = [
        ("suggestion", &input.suggestion),
        ("demand", &input.demand),
        ("new_need", &input.new_need),
        ("proposal", &input.proposal),
        ("note", &input.note),
    ];
    for (field, text) in texts {
        problems.check(text.chars().count() <= LONGEST, || {
            RuleError::new(
                "text.too_long",
                T("内容太长（最多 {most} 字）", "Too long ({most} characters at most)"),
            )
            .arg("most", LONGEST)
            .field(field)
        });
    }
    let answers = match answers(&input.answers, questions) {
        Ok(answers) => answers,
        Err(more) => {
            problems.extend(more);
            Vec::new()
        }
    };
    let unhappy = input.class != ResultClass::Satisfied;
    let said = [&input.demand, &input.suggestion, &input.note].iter().any(|text| !text.trim().is_empty());
    problems.check(!unhappy || said, || {
        RuleError::new(
            "callbacks.say_why",
            T("不满意时请记下客户的原话", "Write down what the unhappy customer said"),
        )
        .field("demand")
    });
    problems.finish()?;
    Ok(CallbackRow {
        state: CallbackState::Done,
        class: Some(input.class),
        quality: input.quality,
        attitude: input.attitude,
        answers: serde_json::to_string(&answers).unwrap_or_else(|_| "[]".into()),
        suggestion: input.suggestion.trim().to_string(),
        demand: input.demand.trim().to_string(),
        new_need: input.new_need.trim().to_string(),
        proposal: input.proposal.trim().to_string(),
        note: input.note.trim().to_string(),
        called_at: Some(now),
        updated_at: now,
        version: row.version + 1,
        ..row.clone()
    })
}

/// What the customer said when the process called him: its marks and answers, and in the process's words what came of it.
pub fn called(
    row: &CallbackRow,
    class: ResultClass,
    said: &[contracts::Said],
    words: &str,
    now: Ts,
) -> CallbackRow {
    let find =
        |key: &str| said.iter().find(|answer| answer.question == key).map(|answer| answer.value.as_str());
    let mark = |key: &str| find(key)?.parse().ok().filter(|mark| (1..=5).contains(mark));
    let own = |answer: &&contracts::Said| {
        !matches!(answer.question.as_str(), "quality" | "attitude" | "suggestion")
    };
    let answers = said.iter().filter(own).map(|answer| Answer {
        question: answer.question.clone(),
        text: answer.text.clone(),
        asked: true,
        value: short(&answer.value),
        note: String::new(),
    });
    let answers: Vec<Answer> = answers.collect();
    CallbackRow {
        state: CallbackState::Done,
        class: Some(class),
        quality: mark("quality"),
        attitude: mark("attitude"),
        answers: serde_json::to_string(&answers).unwrap_or_else(|_| "[]".into()),
        suggestion: short(find("suggestion").unwrap_or_default()),
        note: short(words),
        called_at: Some(now),
        updated_at: now,
        version: row.version + 1,
        ..row.clone()
    }
}

fn short(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

/// What was not repaired for the second time was not repaired repeatedly (OUTLET-05).
pub fn class_after(class: ResultClass, earlier: &[CallbackRow]) -> ResultClass {
    let not_fixed = [Some(ResultClass::NotOnce), Some(ResultClass::NotRepeatedly)];
    let again = class == ResultClass::NotOnce && earlier.iter().any(|row| not_fixed.contains(&row.class));
    if again { ResultClass::NotRepeatedly } else { class }
}

/// There is work to ask about: it was done, and not sent back since.
pub const fn callable(order: State) -> bool {
    matches!(order, State::Done | State::Confirmed | State::Audited | State::Closed)
}

/// Nobody is called about work that is not done.
pub fn not_done() -> RuleError {
    let text = T("完工后才能安排回访", "A callback is planned once the work is done");
    RuleError::new("callbacks.not_done", text)
}

/// The call is no longer needed, for this reason.
pub fn dropped(row: &CallbackRow, reason: &str, now: Ts) -> CallbackRow {
    let note: Vec<&str> = [row.note.as_str(), reason].into_iter().filter(|t| !t.is_empty()).collect();
    CallbackRow {
        state: CallbackState::Cancelled,
        note: note.join("\n").chars().take(LONGEST).collect(),
        updated_at: now,
        version: row.version + 1,
        ..row.clone()
    }
}

fn not_planned() -> RuleError {
    RuleError::new(
        "callbacks.not_planned",
        T("这次回访已经登记过", "This callback has been recorded already"),
    )
}

/// Marks from which a rating counts as content.
const CONTENT: i64 = 4;

/// Applies what the customer said on the order's own page. Content (solved, and good marks) ends the callback when
/// `counts`; anything else is planned at once, with the words at hand: a person calls and decides what follows.
///
/// Errors: `callbacks.mark` for missing marks or marks outside 1…5, `text.too_long`, `callbacks.not_planned`.
pub fn rate(row: &CallbackRow, input: &Rating, counts: bool, now: Ts) -> Result<CallbackRow, Problems> {
    let mut problems = Problems::new();
    problems.check(row.state == CallbackState::Planned, not_planned);
    for (field, mark) in [("quality", input.quality), ("attitude", input.attitude)] {
        problems.check(mark.is_some_and(|mark| (1..=5).contains(&mark)), || {
            RuleError::new("callbacks.mark", T("请评 1 到 5 分", "A mark of 1 to 5, please")).field(field)
        });
    }
    problems.check(input.text.chars().count() <= LONGEST, || {
        RuleError::new(
            "text.too_long",
            T("内容太长（最多 {most} 字）", "Too long ({most} characters at most)"),
        )
        .arg("most", LONGEST)
        .field("text")
    });
    problems.finish()?;
    let content = is_content(input);
    let text = input.text.trim().to_string();
    let rated = CallbackRow {
        quality: input.quality,
        attitude: input.attitude,
        self_rated_at: Some(now),
        updated_at: now,
        version: row.version + 1,
        ..row.clone()
    };
    Ok(match (content, counts) {
        (true, true) => CallbackRow {
            state: CallbackState::Done,
            class: Some(ResultClass::Satisfied),
            suggestion: text,
            called_at: Some(now),
            ..rated
        },
        (true, false) => CallbackRow { suggestion: text, ..rated },
        (false, _) => CallbackRow { demand: text, planned_at: row.planned_at.min(now), ..rated },
    })
}

/// Answers as their questions want them, with the question's words as it was asked: a later change of the questions
/// changes no old call. Questions without an answer are left out.
fn answers(given: &[Answer], questions: &[Question]) -> Result<Vec<Answer>, Problems> {
    let mut problems = Problems::new();
    let mut kept = Vec::new();
    for (index, answer) in given.iter().enumerate().take(200) {
        let value = answer.value.trim();
        let Some(question) = questions.iter().find(|question| question.code == answer.question) else {
            problems.check(value.is_empty() && !answer.asked, || {
                RuleError::new("callbacks.question", T("没有这个问题", "There is no such question"))
                    .field(format!("answers.{index}.question"))
            });
            continue;
        };
        let fits = match question.answer {
            _ if value.is_empty() => true,
            AnswerKind::Tick => false,
            AnswerKind::YesNo => matches!(value, "yes" | "no"),
            AnswerKind::Score => matches!(value, "1" | "2" | "3" | "4" | "5"),
            AnswerKind::Text => value.chars().count() <= LONGEST,
        };
        problems.check(fits && answer.note.chars().count() <= LONGEST, || {
            RuleError::new("callbacks.answer", T("回答与问题不符", "The answer does not fit the question"))
                .field(format!("answers.{index}.value"))
        });
        if answer.asked || !value.is_empty() {
            kept.push(Answer {
                question: question.code.clone(),
                text: question.zh.clone(),
                asked: true,
                value: value.to_string(),
                note: answer.note.trim().to_string(),
            });
        }
    }
    problems.finish().map(|()| kept)
}

/// What the customer said, one line each: what the desk and the engineer go by.
pub fn words(row: &CallbackRow) -> String {
    let said = [&row.demand, &row.proposal, &row.suggestion, &row.note];
    said.into_iter().filter(|text| !text.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// The fault is gone and both marks are good.
pub fn is_content(input: &Rating) -> bool {
    input.solved
        && [input.quality, input.attitude].iter().all(|mark| mark.is_some_and(|mark| mark >= CONTENT))
}

/// Applies a call that reached nobody: planned again an hour later unless a time is given (CB-06).
pub fn record_attempt(row: &CallbackRow, input: &RecordAttempt, now: Ts) -> Result<CallbackRow, Problems> {
    let mut problems = Problems::new();
    problems.check(row.state == CallbackState::Planned, not_planned);
    let again = input.again_at.unwrap_or(Ts(now.0 + 3_600_000_000));
    problems.check(again > now, || {
        RuleError::new("callbacks.again", T("下次拨打时间要晚于现在", "The next try must be later than now"))
            .field("again_at")
    });
    problems.check(row.attempts < MOST_ATTEMPTS, || {
        RuleError::new(
            "callbacks.too_many",
            T("已多次联系不上，请交主管处理", "Tried too often; hand it to the head"),
        )
    });
    problems.finish()?;
    let note = [row.note.as_str(), input.note.trim()]
        .iter()
        .filter(|t| !t.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join("\n");
    Ok(CallbackRow {
        attempts: row.attempts + 1,
        last_attempt_at: Some(now),
        planned_at: again,
        note: note.chars().take(LONGEST).collect(),
        updated_at: now,
        version: row.version + 1,
        ..row.clone()
    })
}

/// Whether the n-th candidate of a period is called, so that `percent` of all are, evenly spread (CB-02).
/// `number` counts from 0; `percent` is 0…100.
pub fn sampled(number: i64, percent: i64) -> bool {
    let percent = percent.clamp(0, 100);
    (number + 1) * percent / 100 > number * percent / 100
}

/// Moves a time into the customer's convenient hours (CUST-13): `"18:00-20:00"` in local minutes of the day.
/// A time already inside stays; one before waits for the beginning; one after goes to the next day.
pub fn convenient(planned: Ts, window: &str, zone: &kernel::Tz) -> Ts {
    let Some((from, to)) = parse_window(window) else { return planned };
    let local = planned.to_zoned(zone);
    let minute = u16::try_from(i64::from(local.hour()) * 60 + i64::from(local.minute())).unwrap_or(0);
    if (from..to).contains(&minute) {
        return planned;
    }
    let today = planned.date_in(zone);
    let date = if minute < from { today } else { today.plus_days(1) };
    Ts::at_local(date, from, zone)
}

/// `"18:00-20:00"` as minutes of the day; none when it is not of that form.
pub fn parse_window(text: &str) -> Option<(u16, u16)> {
    let clock = |part: &str| {
        let (hour, minute) = part.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let (from, to) = text.split_once(['-', '–', '~'])?;
    let (from, to) = (clock(from)?, clock(to)?);
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::model::{CallbackKind, ResultClass};
    use kernel::Id;

    fn planned() -> CallbackRow {
        CallbackRow {
            id: Id::NIL,
            no: "CB-1".into(),
            version: 1,
            kind: CallbackKind::First,
            org_id: Id::NIL,
            customer_id: Id::NIL,
            order_id: None,
            order_no: String::new(),
            request_id: None,
            state: CallbackState::Planned,
            planned_at: Ts(0),
            clerk_id: None,
            attempts: 0,
            last_attempt_at: None,
            called_at: None,
            class: None,
            quality: None,
            attitude: None,
            answers: "[]".into(),
            suggestion: String::new(),
            demand: String::new(),
            new_need: String::new(),
            proposal: String::new(),
            note: String::new(),
            self_rated_at: None,
            created_at: Ts(0),
            updated_at: Ts(0),
        }
    }

    fn result(class: ResultClass) -> RecordResult {
        RecordResult {
            class,
            quality: Some(5),
            attitude: None,
            answers: vec![],
            suggestion: String::new(),
            demand: String::new(),
            new_need: String::new(),
            proposal: String::new(),
            note: String::new(),
        }
    }

    #[test]
    fn a_good_rating_ends_the_callback_and_a_bad_one_makes_it_due() {
        let rating = |solved, quality, attitude| Rating {
            solved,
            quality: Some(quality),
            attitude: Some(attitude),
            text: " 很快 ".into(),
        };
        let row = CallbackRow { planned_at: Ts(900), ..planned() };
        let cases = [
            (rating(true, 5, 4), true, CallbackState::Done, Some(ResultClass::Satisfied), Ts(900)),
            (rating(true, 5, 4), false, CallbackState::Planned, None, Ts(900)),
            (rating(false, 5, 5), true, CallbackState::Planned, None, Ts(9)),
            (rating(true, 3, 5), true, CallbackState::Planned, None, Ts(9)),
        ];
        for (input, counts, state, class, due) in cases {
            let got = rate(&row, &input, counts, Ts(9)).expect("planned");
            assert_eq!((got.state, got.class, got.planned_at), (state, class, due), "{input:?}");
            assert_eq!((got.self_rated_at, got.version), (Some(Ts(9)), 2));
            assert!([&got.suggestion, &got.demand].contains(&&"很快".to_string()));
        }
        assert!(rate(&row, &Rating { quality: None, ..rating(true, 5, 5) }, true, Ts(9)).is_err());
        assert!(rate(&row, &rating(true, 6, 5), true, Ts(9)).is_err());
        let done = CallbackRow { state: CallbackState::Done, ..planned() };
        assert!(rate(&done, &rating(true, 5, 5), true, Ts(9)).is_err());
    }

    #[test]
    fn a_result_is_recorded_once() {
        let done = record_result(&planned(), &result(ResultClass::Satisfied), &[], Ts(9)).expect("planned");
        assert_eq!((done.state, done.called_at, done.version), (CallbackState::Done, Some(Ts(9)), 2));
        assert!(record_result(&done, &result(ResultClass::Satisfied), &[], Ts(10)).is_err());
    }

    #[test]
    fn an_unhappy_customers_words_are_wanted() {
        assert!(record_result(&planned(), &result(ResultClass::Attitude), &[], Ts(9)).is_err());
        let with_words = RecordResult { demand: "师傅迟到".into(), ..result(ResultClass::Attitude) };
        assert!(record_result(&planned(), &with_words, &[], Ts(9)).is_ok());
    }

    #[test]
    fn answers_fit_their_questions_and_keep_their_words() {
        let question = |code: &str, answer, kinds: &str, calls: &str| Question {
            code: code.into(),
            zh: format!("{code}？"),
            en: String::new(),
            answer,
            kinds: kinds.into(),
            calls: calls.into(),
        };
        let asked = [
            question("use", AnswerKind::Text, "", ""),
            question("score", AnswerKind::Score, "", ""),
            question("needs", AnswerKind::YesNo, "", ""),
            question("hints", AnswerKind::Tick, "", ""),
        ];
        let answer = |question: &str, value: &str| Answer {
            question: question.into(),
            text: String::new(),
            asked: value.is_empty(),
            value: value.into(),
            note: String::new(),
        };
        let with = |answers: Vec<Answer>| RecordResult { answers, ..result(ResultClass::Satisfied) };
        let good = with(vec![
            answer("use", " 很好 "),
            answer("score", "5"),
            answer("needs", "no"),
            answer("hints", ""),
        ]);
        let done = record_result(&planned(), &good, &asked, Ts(9)).expect("they fit");
        let kept: Vec<_> = done.answers().into_iter().map(|a| (a.text, a.value)).collect();
        let want = [("use？", "很好"), ("score？", "5"), ("needs？", "no"), ("hints？", "")];
        assert_eq!(kept, want.map(|(q, a)| (q.to_string(), a.to_string())));
        for bad in
            [answer("score", "6"), answer("needs", "maybe"), answer("hints", "x"), answer("nothing", "x")]
        {
            let refused =
                record_result(&planned(), &with(vec![bad.clone()]), &asked, Ts(9)).expect_err("it does not");
            assert!(refused.0[0].field.as_deref().is_some_and(|f| f.starts_with("answers.0.")), "{bad:?}");
        }
        let only = question("x", AnswerKind::Tick, "install，repair_minor", "second");
        assert!(
            only.fits("second", "install")
                && !only.fits("first", "install")
                && !only.fits("second", "delivery")
        );
    }

    #[test]
    fn marks_are_one_to_five() {
        for (mark, ok) in [(0, false), (1, true), (5, true), (6, false)] {
            let input = RecordResult { quality: Some(mark), ..result(ResultClass::Satisfied) };
            assert_eq!(record_result(&planned(), &input, &[], Ts(9)).is_ok(), ok, "{mark}");
        }
    }

    #[test]
    fn sampling_takes_the_share_evenly() {
        for percent in [0, 1, 33, 50, 99, 100] {
            let taken = (0..1000).filter(|n| sampled(*n, percent)).count() as i64;
            assert_eq!(taken, percent * 10, "{percent} %");
        }
    }

    #[test]
    fn calls_wait_for_the_convenient_hours() {
        let zone = kernel::zone("Asia/Shanghai").expect("a zone");
        let at = |text: &str| Ts::parse(text).expect("an instant");
        let cases = [
            ("2026-11-18T02:00:00Z", "2026-11-18T10:00:00Z"), // 10:00 waits for 18:00
            ("2026-11-18T11:30:00Z", "2026-11-18T11:30:00Z"), // 19:30 is inside
            ("2026-11-18T13:00:00Z", "2026-11-19T10:00:00Z"), // 21:00 goes to tomorrow
        ];
        for (planned, called) in cases {
            assert_eq!(convenient(at(planned), "18:00-20:00", &zone), at(called), "{planned}");
        }
        assert_eq!(convenient(at(cases[0].0), "随时", &zone), at(cases[0].0));
    }
}
