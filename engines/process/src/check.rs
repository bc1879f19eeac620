//! Whether a template can run at all: everything it names exists, every step can be reached and left, nothing loops
//! by itself, every expression compiles and has a bounded cost.

use std::collections::BTreeSet;

use kernel::{RuleError, Span, T};

use crate::{
    access::{Named, Who, asked, find, option, who},
    actor::{Actor, SYSTEM},
    expr::{Expr, Names},
    names,
    read::{At, Known},
    state::State,
    template::*,
};

/// Most steps, fields, moves … of one template.
const MOST_ITEMS: usize = 120;

pub(crate) type Found = Vec<(At, RuleError)>;

pub(crate) struct Checker<'a> {
    pub t: &'a Template,
    pub known: &'a Known,
    names: Names,
    pub found: Found,
}

pub(crate) fn at(list: &'static str, index: usize, key: &str, field: &'static str) -> At {
    At { list, index, inner: None, key: key.to_string(), field }
}

pub(crate) fn fault(code: &'static str, text: T) -> RuleError {
    RuleError::new(code, text)
}

/// All problems of a template.
pub(crate) fn check(template: &Template, known: &Known) -> Found {
    let mut c = Checker { t: template, known, names: names::names(template), found: Vec::new() };
    c.keys();
    c.head();
    c.fields();
    c.steps();
    c.moves();
    c.timers();
    c.triggers();
    c.rest();
    crate::limits::check(&mut c);
    if c.found.is_empty() {
        crate::graph::check(&mut c);
    }
    c.found
}

impl Checker<'_> {
    pub(crate) fn add(&mut self, at: At, error: RuleError) {
        self.found.push((at, error));
    }

    pub(crate) fn ensure(&mut self, ok: bool, at: impl FnOnce() -> At, error: impl FnOnce() -> RuleError) {
        if !ok {
            self.found.push((at(), error()));
        }
    }

    /// Keys are there, well formed and used once; lists are not endless.
    fn keys(&mut self) {
        let t = self.t;
        fn keys<N: Named>(list: &[N]) -> Vec<String> {
            list.iter().map(|item| item.key().to_string()).collect()
        }
        let lists: [(&'static str, Vec<String>); 10] = [
            ("posts", keys(&t.posts)),
            ("fields", keys(&t.fields)),
            ("checklists", keys(&t.checklists)),
            ("evidence", keys(&t.evidence)),
            ("messages", keys(&t.messages)),
            ("surveys", keys(&t.surveys)),
            ("steps", keys(&t.steps)),
            ("timers", keys(&t.timers)),
            ("triggers", t.triggers.iter().map(|x| x.key.clone()).collect()),
            ("prints", keys(&t.prints)),
        ];
        for (list, keys) in lists {
            let mut seen = BTreeSet::new();
            for (index, key) in keys.iter().enumerate() {
                let place = || at(list, index, key, "key");
                self.ensure(is_key(key), place, || bad_key(key));
                self.ensure(seen.insert(key.clone()), place, || twice(key));
            }
            self.ensure(
                keys.len() <= MOST_ITEMS,
                || at("", 0, "", list),
                || fault("process.many", T("最多 {most} 项", "At most {most} items")).arg("most", MOST_ITEMS),
            );
        }
        self.ensure(
            t.moves.len() <= MOST_ITEMS * 2,
            || at("", 0, "", "moves"),
            || fault("process.many", T("最多 {most} 项", "At most {most} items")).arg("most", MOST_ITEMS * 2),
        );
    }

    fn head(&mut self) {
        let t = self.t;
        let here = |field| move || at("", 0, "", field);
        let code_ok = is_key(&t.code.replace('-', "_"));
        self.ensure(code_ok, here("code"), || bad_key(&t.code));
        self.ensure(!t.name.trim().is_empty(), here("name"), missing);
        self.ensure((1..=30).contains(&t.number.chars().count()), here("number"), missing);
        self.ensure(!t.open.is_empty(), here("open"), nobody);
        self.people(&t.open, here("open"));
        self.people(&t.reads, here("reads"));
        for (list, field) in [(&t.manages, "manages"), (&t.executes, "executes"), (&t.supports, "supports")] {
            self.people(list, here(field));
            let circle = list.iter().any(|text| matches!(who(text), Some(Who::Party(_))));
            self.ensure(!circle, here(field), || {
                fault("process.party", T("参与方不能再引用参与方", "A party can't name a party"))
            });
        }
        self.places(&t.title, here("title"));
        self.both(&t.purpose, here("purpose"));
        self.asks(&t.asks, here("asks"));
        self.ensure(t.step(&t.start).is_some(), here("start"), || no_step(&t.start));
        for (index, post) in t.posts.iter().enumerate() {
            let role = self.known.roles.contains(&post.role);
            self.ensure(role, || at("posts", index, &post.key, "role"), || no_role(&post.role));
        }
    }

    fn fields(&mut self) {
        let t = self.t;
        for (index, field) in t.fields.iter().enumerate() {
            let here = |name| move || at("fields", index, &field.key, name);
            let choice = field.kind == FieldType::Choice;
            self.ensure(choice != field.options.is_empty(), here("options"), || {
                fault(
                    "process.options",
                    T("选择字段需要选项，其他字段没有选项", "A choice needs options; other fields have none"),
                )
            });
            let codes: BTreeSet<&str> = field.options.iter().map(|o| option(o).0).collect();
            self.ensure(codes.len() == field.options.len() && !codes.contains(""), here("options"), || {
                fault("process.twice", T("选项重复或为空", "An option is empty or there twice"))
            });
            self.truth(&field.required_when, here("required_when"));
            self.truth(&field.keeps_when, here("keeps_when"));
            let kept = t.field(&field.keeps).filter(|other| other.kind == field.kind);
            self.ensure(field.keeps.is_empty() || kept.is_some(), here("keeps"), || no_field(&field.keeps));
            self.both(&field.hint, here("hint"));
            self.both(&field.unit, here("unit"));
            let bound = field.bind.is_empty() || crate::facts::fits(&field.bind, field.kind);
            self.ensure(bound, here("bind"), || {
                let text = T(
                    "没有“{fact}”这项数据，或者它不能放进这种字段",
                    "There is no fact \"{fact}\", or this kind of field can't hold it",
                );
                fault("process.fact", text).arg("fact", &field.bind)
            });
            let again =
                t.fields.iter().filter(|f| !field.bind.is_empty() && f.bind == field.bind).count() > 1;
            // One engineer may follow another, each in a field of his own; of what else would be the one that counts?
            self.ensure(!again || field.bind == "engineer", here("bind"), || twice(&field.bind));
        }
    }

    fn steps(&mut self) {
        let t = self.t;
        for (index, step) in t.steps.iter().enumerate() {
            let here = |name| move || at("steps", index, &step.key, name);
            self.people(&step.who, here("who"));
            self.both(&step.help, here("help"));
            self.both(&step.enter_text, here("enter_text"));
            self.both(&step.leave_text, here("leave_text"));
            self.ensure(
                step.auto
                    || step.end
                    || step.approval.is_some()
                    || !step.who.is_empty()
                    || !t.executes.is_empty(),
                here("who"),
                nobody,
            );
            self.asks(&step.asks, here("asks"));
            self.refs(&t.checklists, &step.checklists, here("checklists"));
            self.refs(&t.evidence, &step.evidence, here("evidence"));
            self.refs(&t.surveys, &step.surveys, here("surveys"));
            let waits = step.waits.is_empty() || crate::facts::WAITS.contains(&step.waits.as_str());
            self.ensure(waits, here("waits"), || {
                let text =
                    T("没有这个等待原因；有：{codes}", "There is no such reason to wait; there are: {codes}");
                fault("process.waits", text).arg("codes", crate::facts::WAITS.join(", "))
            });
            self.truth(&step.enter, here("enter"));
            self.truth(&step.leave, here("leave"));
            if let Some(approval) = &step.approval {
                self.approval(approval, &step.key, here("approval"));
            }
        }
    }

    fn approval(&mut self, approval: &Approval, step: &str, here: impl Fn() -> At) {
        let known = self.known.schemes.as_ref().is_none_or(|s| s.contains(&approval.scheme));
        self.ensure(known, &here, || {
            fault("process.scheme", T("没有审批方案“{code}”", "There is no approval matrix \"{code}\""))
                .arg("code", &approval.scheme)
        });
        self.number(&approval.amount, &here);
        for act in [&approval.approved, &approval.rejected] {
            let there = self.t.moves_from(step).any(|m| m.act == *act);
            self.ensure(there, &here, || no_move(act));
        }
    }

    fn moves(&mut self) {
        let t = self.t;
        let mut seen = BTreeSet::new();
        for (index, made) in t.moves.iter().enumerate() {
            let here = |name| move || at("moves", index, &made.act, name);
            self.ensure(is_key(&made.act), here("act"), || bad_key(&made.act));
            self.ensure(!made.from.is_empty(), here("from"), missing);
            for from in &made.from {
                self.ensure(t.step(from).is_some(), here("from"), || no_step(from));
                self.ensure(!t.step(from).is_some_and(|s| s.end), here("from"), || {
                    fault(
                        "process.after_end",
                        T("“{step}”是终点，不能再往下走", "\"{step}\" is an end: nothing leads on"),
                    )
                    .arg("step", from)
                });
                self.ensure(seen.insert((made.act.clone(), from.clone())), here("act"), || twice(&made.act));
            }
            self.ensure(t.step(&made.to).is_some(), here("to"), || no_step(&made.to));
            self.people(&made.who, here("who"));
            self.truth(&made.when, here("when"));
            self.both(&made.when_text, here("when_text"));
            for reason in &made.reasons {
                self.both(reason, here("reasons"));
            }
            self.asks(&made.asks, here("asks"));
        }
    }

    fn timers(&mut self) {
        let t = self.t;
        for (index, timer) in t.timers.iter().enumerate() {
            let here = |name| move || at("timers", index, &timer.key, name);
            self.event(&timer.from, &["create", "enter", "leave", "act", "message"], here("from"));
            for until in &timer.until {
                self.event(until, &["enter", "leave", "act", "message"], here("until"));
            }
            self.truth(&timer.when, here("when"));
            self.ensure(timer.span.is_empty() != timer.at.is_empty(), here("span"), || {
                fault("process.span", T("写 span 或 at，二者之一", "Give either span or at"))
            });
            if timer.at.is_empty() {
                self.span(&timer.span, here("span"));
            } else {
                let kind = t.field(&timer.at).map(|f| f.kind);
                self.ensure(matches!(kind, Some(FieldType::Time | FieldType::Date)), here("at"), || {
                    no_field(&timer.at)
                });
            }
            if !timer.warn.is_empty() {
                self.clock_span(&timer.warn, here("warn"));
            }
            // So much earlier, by the clock or by working hours.
            if !timer.before.is_empty() && !matches!(Span::parse(&timer.before), Ok(Span::WorkingMinutes(_)))
            {
                self.clock_span(&timer.before, here("before"));
            }
            for step in &timer.pause {
                self.ensure(t.step(step).is_some(), here("pause"), || no_step(step));
            }
            for (rung_index, rung) in timer.ladder.iter().enumerate() {
                let place = |field| At {
                    inner: Some(("ladder", rung_index)),
                    ..at("timers", index, &timer.key, field)
                };
                self.ensure(!rung.who.is_empty(), || place("who"), nobody);
                self.people(&rung.who, || place("who"));
                if !rung.after.is_empty() {
                    self.clock_span(&rung.after, || place("after"));
                }
            }
        }
    }

    fn triggers(&mut self) {
        let t = self.t;
        for (index, trigger) in t.triggers.iter().enumerate() {
            let here = |name| move || at("triggers", index, &trigger.key, name);
            self.event(&trigger.on, &["create", "enter", "leave", "act", "warn", "late"], here("on"));
            self.truth(&trigger.when, here("when"));
            self.people(&trigger.who, here("who"));
            self.places(&trigger.text, here("text"));
            self.both(&trigger.text, here("text"));
            if !trigger.span.is_empty() {
                self.span(&trigger.span, here("span"));
            }
            if !trigger.at.is_empty() {
                let kind = t.field(&trigger.at).map(|f| f.kind);
                let time = matches!(kind, Some(FieldType::Time | FieldType::Date));
                self.ensure(time, here("at"), || no_field(&trigger.at));
                self.ensure(trigger.span.is_empty(), here("at"), || {
                    fault("process.span", T("写 span 或 at，二者之一", "Give either span or at"))
                });
            }
            if !trigger.before.is_empty() {
                self.clock_span(&trigger.before, here("before"));
            }
            let told = matches!(trigger.make, Make::Task | Make::Notice);
            self.ensure(!told || !trigger.who.is_empty() || !t.manages.is_empty(), here("who"), nobody);
            let needs_text = matches!(trigger.make, Make::Task | Make::Notice | Make::Requisition);
            self.ensure(!needs_text || !trigger.text.is_empty(), here("text"), missing);
            match trigger.make {
                Make::Message => {
                    self.ensure(find(&t.messages, &trigger.what).is_some(), here("what"), || {
                        no_message(&trigger.what)
                    });
                }
                Make::Act => {
                    let there = t.moves.iter().any(|m| m.act == trigger.what);
                    self.ensure(there, here("what"), || no_move(&trigger.what));
                }
                Make::Document | Make::Settlement => {
                    self.ensure(!trigger.what.is_empty(), here("what"), missing);
                }
                Make::Requisition => {
                    let known = trigger.what.is_empty() || trigger.what == crate::effects::HANDED_OVER;
                    self.ensure(known, here("what"), || {
                        let text = T(
                            "申领不写 what，已发出的写 issue",
                            "A requisition says nothing here, or issue when the things were handed over",
                        );
                        fault("process.requisition", text)
                    });
                }
                Make::Callback if trigger.what == crate::called::RESULT => {
                    self.ensure(crate::called::field(t).is_some(), here("what"), || {
                        let text = T(
                            "回访结果写在哪个字段？给它加上 bind = \"callback\"",
                            "Which field holds the result of the callback? Give it bind = \"callback\"",
                        );
                        fault("process.callback_result", text)
                    });
                }
                _ => {}
            }
            if trigger.make == Make::Settlement {
                self.number(&trigger.amount, here("amount"));
                self.ensure(crate::facts::PAYEES.contains(&trigger.to.as_str()), here("to"), || {
                    let text =
                        T("结算要写明归谁（to）：{codes}", "Say whose the settlement is (to): {codes}");
                    fault("process.payee", text).arg("codes", crate::facts::PAYEES.join(", "))
                });
            }
            let mine = trigger.to.is_empty() || trigger.make == Make::Settlement;
            self.ensure(mine, here("to"), || {
                fault("process.payee", T("只有结算写 to", "Only a settlement says whose it is"))
            });
            for pair in &trigger.copy {
                let ours = pair.split_once('=').map(|(_, ours)| ours.trim());
                let there = ours.is_some_and(|key| t.field(key).is_some());
                self.ensure(there, here("copy"), || no_field(ours.unwrap_or(pair)));
            }
            for key in &trigger.alone {
                let theirs =
                    |pair: &String| pair.split_once('=').is_some_and(|(theirs, _)| theirs.trim() == key);
                self.ensure(trigger.copy.iter().any(theirs), here("alone"), || {
                    let text = T(
                        "“{key}”没有带入（copy），无从比较",
                        "\"{key}\" is not handed over (copy): there is nothing to compare",
                    );
                    fault("process.alone", text).arg("key", key)
                });
            }
        }
    }

    fn rest(&mut self) {
        let t = self.t;
        for (index, evidence) in t.evidence.iter().enumerate() {
            let here = |name| move || at("evidence", index, &evidence.key, name);
            self.truth(&evidence.when, here("when"));
            self.ensure((1..=50).contains(&evidence.least), here("least"), || {
                fault("process.least", T("应为 1 到 50", "It must be 1 to 50"))
            });
        }
        for (index, list) in t.checklists.iter().enumerate() {
            for item in &list.items {
                self.both(item, || at("checklists", index, &list.key, "items"));
            }
            self.ensure(
                (1..=200).contains(&list.items.len()),
                || at("checklists", index, &list.key, "items"),
                missing,
            );
        }
        for (index, survey) in t.surveys.iter().enumerate() {
            let here = || at("surveys", index, &survey.key, "questions");
            self.ensure(!survey.questions.is_empty(), here, missing);
            let mut keys = BTreeSet::new();
            for question in &survey.questions {
                // One without a code is found by its words.
                let said = if question.key.is_empty() { &question.name } else { &question.key };
                self.ensure(is_key(&question.key), here, || bad_key(said));
                self.ensure(keys.insert(&question.key), here, || twice(said));
            }
        }
        for (index, message) in t.messages.iter().enumerate() {
            let here = |name| move || at("messages", index, &message.key, name);
            let reached =
                message.to.is_empty() || t.field(&message.to).is_some_and(|f| f.kind == FieldType::Phone);
            self.ensure(reached, here("to"), || no_field(&message.to));
            self.places(&message.text, here("text"));
            self.truth(&message.when, here("when"));
            self.both(&message.when_text, here("when_text"));
            self.people(&message.who, here("who"));
            for step in &message.steps {
                self.ensure(t.step(step).is_some(), here("steps"), || no_step(step));
            }
        }
        for (index, print) in t.prints.iter().enumerate() {
            let here = |name| move || at("prints", index, &print.key, name);
            self.refs(&t.fields, &print.fields, here("fields"));
            self.refs(&t.checklists, &print.checklists, here("checklists"));
            self.refs(&t.surveys, &print.surveys, here("surveys"));
            self.places(&print.text, here("text"));
            self.both(&print.text, here("text"));
            for (list, field) in [(&print.copies, "copies"), (&print.sign, "sign")] {
                for text in list {
                    self.both(text, here(field));
                }
            }
        }
    }

    /// A text for people is there once for everybody, or in both languages: `中文|English`.
    fn both(&mut self, text: &str, here: impl Fn() -> At) {
        let parts: Vec<&str> = text.split('|').collect();
        let fine = parts.len() == 1 || (parts.len() == 2 && parts.iter().all(|p| !p.trim().is_empty()));
        self.ensure(fine, &here, || {
            let told = T("应写成 中文|English，两边都要有", "Write it as 中文|English, with both sides");
            fault("process.both", told)
        });
    }

    fn asks(&mut self, asks: &[String], here: impl Fn() -> At) {
        for ask in asks {
            let key = asked(ask).0;
            self.ensure(self.t.field(key).is_some(), &here, || no_field(key));
        }
    }

    fn refs<N: Named>(&mut self, list: &[N], keys: &[String], here: impl Fn() -> At) {
        for key in keys {
            self.ensure(find(list, key).is_some(), &here, || no_field(key));
        }
    }

    /// Places of a text name fields.
    fn places(&mut self, text: &str, here: impl Fn() -> At) {
        for part in text.split('{').skip(1) {
            let key = part.split('}').next().unwrap_or_default();
            let field = self.t.field(key);
            self.ensure(matches!(key, "step" | "reason") || field.is_some(), &here, || no_field(key));
            // Titles, notices and tasks are read by people who may not see these.
            let secret = field.is_some_and(|f| matches!(f.kind, FieldType::Phone | FieldType::Address));
            self.ensure(!secret, &here, || {
                fault(
                    "process.secret",
                    T("“{key}”是敏感字段，不能写进文字", "\"{key}\" is sensitive: it can't stand in a text"),
                )
                .arg("key", key)
            });
        }
    }

    fn event(&mut self, text: &str, allowed: &[&str], here: impl Fn() -> At) {
        let (kind, key) = text.split_once(':').unwrap_or((text, ""));
        if !allowed.contains(&kind) {
            let error = fault(
                "process.event",
                T(
                    "“{event}”不是这里能用的时机：{allowed}",
                    "\"{event}\" is no moment that counts here: {allowed}",
                ),
            )
            .arg("event", text)
            .arg("allowed", allowed.join(", "));
            return self.add(here(), error);
        }
        let t = self.t;
        match kind {
            "enter" | "leave" => self.ensure(t.step(key).is_some(), here, || no_step(key)),
            "act" => self.ensure(t.moves.iter().any(|m| m.act == key), here, || no_move(key)),
            "message" => self.ensure(find(&t.messages, key).is_some(), here, || no_message(key)),
            "warn" | "late" => self.ensure(find(&t.timers, key).is_some(), here, || {
                fault("process.no_timer", T("没有时限“{key}”", "There is no timer \"{key}\"")).arg("key", key)
            }),
            _ => {}
        }
    }

    fn span(&mut self, text: &str, here: impl Fn() -> At) {
        if let Err(error) = Span::parse(text) {
            self.add(here(), error);
        }
    }

    /// A span by the clock: warnings, rungs and times before a point.
    fn clock_span(&mut self, text: &str, here: impl Fn() -> At) {
        self.ensure(matches!(Span::parse(text), Ok(Span::Hours(_))), here, || {
            fault(
                "process.clock_span",
                T("这里只能写 30m、4h、2d 这样的钟表时长", "Only 30m, 4h or 2d by the clock will do here"),
            )
        });
    }

    /// A condition compiles and comes out as true or false over an empty run.
    fn truth(&mut self, source: &str, here: impl Fn() -> At) {
        if source.is_empty() {
            return;
        }
        let values = names::values(self.t, &State::new(kernel::Ts(0)), &SYSTEM, "", kernel::Ts(0));
        if let Err(error) = Expr::compile(source, &self.names).and_then(|e| e.truth(&values)) {
            self.add(here(), error);
        }
    }

    fn number(&mut self, source: &str, here: impl Fn() -> At) {
        let values = names::values(self.t, &State::new(kernel::Ts(0)), &Actor::default(), "", kernel::Ts(0));
        if let Err(error) = Expr::compile(source, &self.names).and_then(|e| e.number(&values)) {
            self.add(here(), error);
        }
    }
}

fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn bad_key(key: &str) -> RuleError {
    fault(
        "process.key",
        T(
            "“{key}”应以小写字母开头，只含小写字母、数字和 _，最多 40 个",
            "\"{key}\" must begin with a small letter and hold only small letters, digits and _, at most 40",
        ),
    )
    .arg("key", key)
}

fn twice(key: &str) -> RuleError {
    fault("process.twice", T("“{key}”出现了两次", "\"{key}\" is there twice")).arg("key", key)
}

fn missing() -> RuleError {
    fault("process.missing", T("请填写", "This is needed"))
}

fn nobody() -> RuleError {
    fault("process.nobody", T("没有人能做：请写上角色或岗位", "Nobody could do it: name a role or a post"))
}

pub(crate) fn no_step(key: &str) -> RuleError {
    fault("process.no_step", T("没有步骤“{key}”", "There is no step \"{key}\"")).arg("key", key)
}

pub(crate) fn no_field(key: &str) -> RuleError {
    fault("process.no_field", T("没有“{key}”这一项", "There is no \"{key}\" of the right kind"))
        .arg("key", key)
}

pub(crate) fn no_role(code: &str) -> RuleError {
    fault("process.no_role", T("没有角色“{code}”", "There is no role \"{code}\"")).arg("code", code)
}

fn no_move(act: &str) -> RuleError {
    fault("process.no_move", T("没有动作“{act}”", "There is no move \"{act}\"")).arg("act", act)
}

fn no_message(key: &str) -> RuleError {
    fault("process.no_message", T("没有通知“{key}”", "There is no message \"{key}\"")).arg("key", key)
}
