//! Looking things up in a template.

use kernel::{Lang, T};

use crate::template::*;

/// Something with a name in both languages.
pub trait Named {
    /// Its key.
    fn key(&self) -> &str;
    /// Chinese and English name; the latter may be empty.
    fn names(&self) -> (&str, &str);
    /// The name in a language; Chinese where there is no other.
    fn label(&self, lang: Lang) -> &str {
        match (lang, self.names()) {
            (Lang::En, (_, en)) if !en.is_empty() => en,
            (_, (zh, _)) => zh,
        }
    }
    /// Both names, as an argument of an error.
    fn both(&self) -> String {
        T::both(self.label(Lang::Zh), self.label(Lang::En))
    }
}

macro_rules! named {
    ($($name:ident.$key:ident),*) => {$(
        impl Named for $name {
            fn key(&self) -> &str {
                &self.$key
            }
            fn names(&self) -> (&str, &str) {
                (&self.name, &self.name_en)
            }
        }
    )*};
}

named!(
    Template.code,
    Post.key,
    Field.key,
    Checklist.key,
    Evidence.key,
    Message.key,
    Survey.key,
    Question.key,
    Step.key,
    Move.act,
    Timer.key,
    Print.key
);

/// The one with a key.
pub fn find<'a, N: Named>(list: &'a [N], key: &str) -> Option<&'a N> {
    list.iter().find(|item| item.key() == key)
}

/// A field that is asked, and whether it may stay empty: `phone?`.
pub fn asked(text: &str) -> (&str, bool) {
    text.strip_suffix('?').map_or((text, false), |key| (key, true))
}

/// An option of a choice: code and both names.
pub fn option(text: &str) -> (&str, &str, &str) {
    let (code, names) = text.split_once('=').unwrap_or((text, text));
    let (zh, en) = names.split_once('|').unwrap_or((names, names));
    (code.trim(), zh.trim(), en.trim())
}

/// The name of an option in a language.
pub fn option_label(text: &str, lang: Lang) -> &str {
    let (_, zh, en) = option(text);
    if lang == Lang::En { en } else { zh }
}

/// Both languages of a text that people read: `中文|English`, or one text for all readers.
pub fn halves(text: &str) -> (&str, &str) {
    let (zh, en) = text.split_once('|').unwrap_or((text, text));
    (zh.trim(), en.trim())
}

/// A text of a template in a language.
pub fn said(text: &str, lang: Lang) -> &str {
    let (zh, en) = halves(text);
    if lang == Lang::En { en } else { zh }
}

/// The coded reason that somebody gave, in either language; it is kept, and compared by conditions, in Chinese.
pub fn reason<'a>(made: &'a Move, given: &str) -> Option<&'a str> {
    made.reasons.iter().find_map(|text| {
        let (zh, en) = halves(text);
        [zh, en, text.as_str()].contains(&given.trim()).then_some(zh)
    })
}

/// A reason that was given, for readers of a language.
pub fn reason_said<'a>(made: &'a Move, kept: &'a str, lang: Lang) -> &'a str {
    made.reasons.iter().find(|text| halves(text).0 == kept).map_or(kept, |text| said(text, lang))
}

/// Somebody named by a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// anybody with this role
    Role(&'a str),
    /// anybody with this role in the organisation in this field; while it is empty, anybody with the role
    RoleAt(&'a str, &'a str),
    /// the holder of this post
    Post(&'a str),
    /// the person in this field
    Person(&'a str),
    /// a party of the process: `manages`, `executes`, `supports`
    Party(&'a str),
    /// who opened the document
    Creator,
}

/// Reads `role:CODE`, `role:CODE@FIELD`, `post:KEY`, `person:FIELD` or `creator`.
pub fn who(text: &str) -> Option<Who<'_>> {
    match text.split_once(':') {
        Some(("role", code)) => Some(match code.split_once('@') {
            Some((code, field)) => Who::RoleAt(code, field),
            None => Who::Role(code),
        }),
        Some(("post", key)) => Some(Who::Post(key)),
        Some(("person", field)) => Some(Who::Person(field)),
        None if text == "creator" => Some(Who::Creator),
        Some(("party", key)) => Some(Who::Party(key)),
        _ => None,
    }
}

impl Template {
    /// The people of a party of the process (ORG-16).
    pub fn party(&self, key: &str) -> Option<&[String]> {
        match key {
            "manages" => Some(&self.manages),
            "executes" => Some(&self.executes),
            "supports" => Some(&self.supports),
            _ => None,
        }
    }

    /// The template as it runs: steps that name nobody are the executing party's, tasks and notices without anybody the
    /// managing party's, and parties are written out as their people (ORG-16).
    #[must_use]
    pub fn routed(&self) -> Self {
        let mut t = self.clone();
        for step in &mut t.steps {
            if step.who.is_empty() && !step.auto && !step.end && step.approval.is_none() {
                step.who.clone_from(&self.executes);
            }
        }
        for trigger in &mut t.triggers {
            if trigger.who.is_empty() && matches!(trigger.make, crate::Make::Task | crate::Make::Notice) {
                trigger.who.clone_from(&self.manages);
            }
        }
        let lists = [&mut t.open, &mut t.reads]
            .into_iter()
            .chain(t.steps.iter_mut().map(|s| &mut s.who))
            .chain(t.moves.iter_mut().map(|m| &mut m.who))
            .chain(t.timers.iter_mut().flat_map(|timer| timer.ladder.iter_mut().map(|r| &mut r.who)))
            .chain(t.triggers.iter_mut().map(|trigger| &mut trigger.who))
            .chain(t.messages.iter_mut().map(|m| &mut m.who));
        for list in lists {
            if list.iter().any(|text| text.starts_with("party:")) {
                *list = list
                    .iter()
                    .flat_map(|text| match who(text) {
                        Some(Who::Party(key)) => self.party(key).unwrap_or_default().to_vec(),
                        _ => vec![text.clone()],
                    })
                    .collect();
            }
        }
        t
    }

    /// Who sees documents of a confidential kind: those under `reads`, and everybody whom the template lets or asks to do
    /// something, or tells. Who opened one sees it in any case. None: the kind is not confidential.
    pub fn readers(&self) -> Option<Vec<String>> {
        if self.reads.is_empty() {
            return None;
        }
        let routed = self.routed();
        let lists = std::iter::once(&routed.reads)
            .chain(routed.steps.iter().map(|s| &s.who))
            .chain(routed.moves.iter().map(|m| &m.who))
            .chain(routed.timers.iter().flat_map(|timer| timer.ladder.iter().map(|r| &r.who)))
            .chain(routed.triggers.iter().map(|trigger| &trigger.who))
            .chain(routed.messages.iter().map(|m| &m.who));
        let mut readers: Vec<String> = lists.flatten().cloned().chain(["creator".to_string()]).collect();
        readers.sort();
        readers.dedup();
        Some(readers)
    }

    /// The step with a key.
    pub fn step(&self, key: &str) -> Option<&Step> {
        find(&self.steps, key)
    }

    /// The field with a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        find(&self.fields, key)
    }

    /// Fields asked at a step. What was to be asked at opening and is still empty, as happens to runs that a document
    /// started by itself, is asked at the first step.
    pub fn asks_at<'a>(&'a self, step: &'a Step, state: &crate::State) -> Vec<&'a String> {
        let open = |ask: &&String| {
            let (key, _) = asked(ask);
            !state.fields.get(key).is_some_and(crate::names::is_filled)
                && !step.asks.iter().any(|other| asked(other).0 == key)
        };
        let late = self.asks.iter().filter(|_| step.key == self.start).filter(open);
        late.chain(&step.asks).collect()
    }

    /// Moves out of a step, in order.
    pub fn moves_from<'a>(&'a self, step: &'a str) -> impl Iterator<Item = &'a Move> + 'a {
        self.moves.iter().filter(move |m| m.from.iter().any(|from| from == step))
    }

    /// People who may make a move out of a step.
    pub fn who_of<'a>(&'a self, made: &'a Move, step: &str) -> &'a [String] {
        if made.who.is_empty() { self.step(step).map_or(&[], |s| &s.who) } else { &made.who }
    }
}

/// A document number by a pattern: `{yyyy}`, `{mm}`, `{dd}`, and `{n}` … `{nnnnnn}` for the count; a pattern without
/// places is a prefix and gives `PREFIX-yyyymmdd-nnnn` (DOC-10).
pub fn number(pattern: &str, day: kernel::Date, count: i64) -> String {
    let text = day.to_string();
    let (year, month, day) = (
        text.get(0..4).unwrap_or_default(),
        text.get(5..7).unwrap_or_default(),
        text.get(8..10).unwrap_or_default(),
    );
    if !pattern.contains('{') {
        return format!("{pattern}-{year}{month}{day}-{count:04}");
    }
    let mut out = pattern.replace("{yyyy}", year).replace("{mm}", month).replace("{dd}", day);
    for width in 1..=6 {
        out = out.replace(&format!("{{{}}}", "n".repeat(width)), &format!("{count:0width$}"));
    }
    out
}

/// True when the count of a number pattern begins anew every day.
pub fn counts_daily(pattern: &str) -> bool {
    !pattern.contains('{') || pattern.contains("{dd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_their_pattern() {
        let at = kernel::Date::parse_iso("2026-11-22").expect("a day");
        assert_eq!(number("JX", at, 7), "JX-20261122-0007");
        assert_eq!(number("MC·JL-{nn}-XS", at, 7), "MC·JL-07-XS");
        assert_eq!(number("{yyyy}{mm}-{nnnn}", at, 12), "202611-0012");
        assert!(counts_daily("JX") && !counts_daily("MC·JL-{nn}-XS"));
    }

    #[test]
    fn short_forms_are_read() {
        assert_eq!(asked("phone?"), ("phone", true));
        assert_eq!(option("in=保内|in warranty"), ("in", "保内", "in warranty"));
        assert_eq!(option("等配件"), ("等配件", "等配件", "等配件"));
        assert_eq!((said("漏项|Missed", Lang::En), said("漏项|Missed", Lang::Zh)), ("Missed", "漏项"));
        assert_eq!(said("价格", Lang::En), "价格");
        let made = Move { reasons: vec!["漏项|Missed".into(), "价格".into()], ..Move::default() };
        for given in ["漏项", "Missed", "漏项|Missed", " Missed "] {
            assert_eq!(reason(&made, given), Some("漏项"), "{given}");
        }
        assert_eq!((reason(&made, "价格"), reason(&made, "别的")), (Some("价格"), None));
        assert_eq!(reason_said(&made, "漏项", Lang::En), "Missed");
        assert_eq!(reason_said(&made, "自己写的", Lang::En), "自己写的");
        assert_eq!(who("post:head"), Some(Who::Post("head")));
        assert_eq!(who("role:outlet@branch"), Some(Who::RoleAt("outlet", "branch")));
        assert_eq!(who("manager"), None);
        assert_eq!(who("party:supports"), Some(Who::Party("supports")));
    }

    #[test]
    fn tasks_go_to_the_parties_of_the_process() {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_string()).collect::<Vec<_>>();
        let step = |key: &str, who: &[&str], end: bool| Step {
            key: key.into(),
            who: words(who),
            end,
            ..Step::default()
        };
        let t = Template {
            manages: words(&["post:branch"]),
            executes: words(&["role:outlet", "role:engineer"]),
            supports: words(&["post:rd"]),
            steps: vec![
                step("work", &[], false),
                step("appraise", &["party:supports", "creator"], false),
                step("end", &[], true),
            ],
            triggers: vec![crate::Trigger { make: crate::Make::Notice, ..crate::Trigger::default() }],
            ..Template::default()
        };
        let routed = t.routed();
        assert_eq!(routed.steps[0].who, t.executes);
        assert_eq!(routed.steps[1].who, words(&["post:rd", "creator"]));
        assert!(routed.steps[2].who.is_empty());
        assert_eq!(routed.triggers[0].who, t.manages);
        assert_eq!(routed.routed(), routed, "written out once and for all");
    }
}
