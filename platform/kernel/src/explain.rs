//! "Explain this due time": what was counted, what was skipped, and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Lang, T, Ts};

/// An explanation is for reading: longer ones are shortened in the middle.
pub const MAX_STEPS: usize = 60;
const HEAD: usize = 40;

/// What happened to a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Counted towards the limit.
    Counted,
    /// Counted, on a weekend day made a working day.
    CountedMakeup,
    /// Skipped: a weekday without working hours.
    Weekend,
    /// Skipped: a public holiday.
    Holiday,
    /// Skipped: before, between or after the working hours of a working day.
    OutsideHours,
    /// Skipped: the clock was stopped; `note` says why.
    Pause,
    /// A fixed calendar date.
    FixedDate,
    /// Several steps, left out to keep the explanation short.
    Summary,
}

/// One stretch `from..to`; `counted_minutes` of it were counted (rounded down).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainStep {
    pub from: Ts,
    pub to: Ts,
    pub kind: StepKind,
    pub counted_minutes: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl ExplainStep {
    /// The step in words; the times stand beside it in the page's own zone.
    pub fn text(&self, lang: Lang) -> String {
        let text = match self.kind {
            StepKind::Counted => T("计时 {n} 分钟", "{n} minutes counted"),
            StepKind::CountedMakeup => {
                T("调休上班，计时 {n} 分钟", "Make-up working day, {n} minutes counted")
            }
            StepKind::Weekend => T("休息日，不计时", "Day off, not counted"),
            StepKind::Holiday => T("法定节假日，不计时", "Public holiday, not counted"),
            StepKind::OutsideHours => T("非工作时间，不计时", "Outside working hours, not counted"),
            StepKind::Pause => T("暂停计时：{note}", "Clock paused: {note}"),
            StepKind::FixedDate => T("固定日期截止", "Fixed calendar date"),
            StepKind::Summary => {
                T("中间各段从略，共计时 {n} 分钟", "Steps left out, {n} minutes counted in all")
            }
        };
        text.fill(lang, &[("n", self.counted_minutes.to_string()), ("note", self.note.clone())])
    }
}

/// A due time and how it came about. `due` is `None` while the clock is paused without an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DueExplained {
    pub due: Option<Ts>,
    pub steps: Vec<ExplainStep>,
}

/// Collects steps: joins neighbours of the same kind that were skipped, and shortens at the end.
#[derive(Default)]
pub(crate) struct Steps(Vec<ExplainStep>);

impl Steps {
    pub(crate) fn push(&mut self, from: Ts, to: Ts, kind: StepKind, note: &str) {
        if to <= from && kind != StepKind::FixedDate {
            return;
        }
        let counts = matches!(kind, StepKind::Counted | StepKind::CountedMakeup);
        if let Some(last) = self.0.last_mut()
            && last.kind == kind
            && last.to == from
            && last.note == note
        {
            last.to = to;
            if counts {
                last.counted_minutes = to.mins_since(last.from);
            }
            return;
        }
        let counted_minutes = if counts { to.mins_since(from) } else { 0 };
        self.0.push(ExplainStep { from, to, kind, counted_minutes, note: note.to_owned() });
    }

    pub(crate) fn finish(mut self) -> Vec<ExplainStep> {
        if self.0.len() > MAX_STEPS {
            let tail = self.0.split_off(self.0.len() - (MAX_STEPS - HEAD - 1));
            let middle = self.0.split_off(HEAD);
            if let (Some(first), Some(last)) = (middle.first(), middle.last()) {
                let counted_minutes = middle.iter().map(|s| s.counted_minutes).sum();
                let (from, to) = (first.from, last.to);
                self.0.push(ExplainStep {
                    from,
                    to,
                    kind: StepKind::Summary,
                    counted_minutes,
                    note: String::new(),
                });
            }
            self.0.extend(tail);
        }
        self.0
    }
}
