//! Reasons as codes with data, and their texts in Chinese and English.

use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both at once.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// Why somebody cannot take a job, or why nobody can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// The problem has no engineer with a usable shift.
    NoEngineers,
    /// Has no such skill at all.
    SkillMissing { skill: String, needed: i64 },
    /// Has the skill, not the grade.
    GradeTooLow { skill: String, needed: i64, has: i64 },
    /// The certificate ends before the shift does.
    CertificateExpired { skill: String, until: i64 },
    /// Nobody has this skill in this grade.
    NoEngineerWithSkill { skill: String, needed: i64 },
    /// Each skill exists, nobody has all of them.
    NoEngineerWithAllSkills { skills: Vec<(String, i64)> },
    /// Serves other areas.
    OtherArea { area: String },
    /// Must not be sent to this customer.
    Excluded,
    /// The job is promised to somebody else.
    PinnedToOther { engineer: String },
    /// The part is neither on the van nor at a depot.
    PartMissing { part: String },
    /// The job is larger than the van.
    CapacityTooSmall { needed: i64, has: i64 },
    /// The van is full with the other visits.
    CapacityFull { needed: i64, free: i64 },
    /// No window meets the shift (or all windows have passed).
    NotWorking,
    /// Even with an empty day: the way there and back does not fit window and shift.
    TooFar { late_by: i64 },
    /// The day is full; without one of these visits the job would fit.
    DisplacedBy { jobs: Vec<String>, late_by: i64 },
    /// The day is full; no single visit is to blame.
    DayFull { late_by: i64 },
    /// No window is left: all are in the past, or the promised start is outside of them.
    NoWindow,
    /// The promised engineer cannot do it at the promised time.
    PinImpossible { engineer: String },
    /// Not enough able people are free at one time.
    NotEnoughPeople { needed: i64, able: i64 },
    /// Everybody able is busy with work of more weight or in the way of it.
    AllBusy { able: i64 },
    /// It fits, but would cost more than leaving it out.
    NotWorthIt { cost: i64 },
    /// It fits: the search has not come to it.
    Fits,
}

impl Reason {
    /// The code, as it stands in the JSON.
    pub fn code(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(map)) => {
                map.get("code").and_then(|c| c.as_str()).unwrap_or_default().to_string()
            }
            _ => String::new(),
        }
    }

    /// The figures, short, without language.
    pub fn detail(&self) -> String {
        match self {
            Self::SkillMissing { skill, needed } | Self::NoEngineerWithSkill { skill, needed } => {
                format!("{skill} ≥ {needed}")
            }
            Self::GradeTooLow { skill, needed, has } => format!("{skill} {has} < {needed}"),
            Self::CertificateExpired { skill, until } => format!("{skill} until {until}"),
            Self::NoEngineerWithAllSkills { skills } => {
                let list: Vec<String> = skills.iter().map(|(s, g)| format!("{s} ≥ {g}")).collect();
                list.join(", ")
            }
            Self::OtherArea { area } => area.clone(),
            Self::PinnedToOther { engineer } | Self::PinImpossible { engineer } => engineer.clone(),
            Self::PartMissing { part } => part.clone(),
            Self::CapacityTooSmall { needed, has } => format!("{needed} > {has}"),
            Self::CapacityFull { needed, free } => format!("{needed} > {free}"),
            Self::TooFar { late_by } | Self::DayFull { late_by } => format!("{late_by} s"),
            Self::DisplacedBy { jobs, .. } => jobs.join(", "),
            Self::NotEnoughPeople { needed, able } => format!("{able} < {needed}"),
            Self::AllBusy { able } => able.to_string(),
            Self::NotWorthIt { cost } => cost.to_string(),
            Self::NoEngineers | Self::Excluded | Self::NotWorking | Self::NoWindow | Self::Fits => {
                String::new()
            }
        }
    }

    /// The reason in words.
    pub fn text(&self) -> Text {
        match self {
            Self::NoEngineers => Text::new("没有可上班的工程师", "No engineer has a shift"),
            Self::SkillMissing { skill, needed } => Text::new(
                format!("没有技能“{skill}”（需要 {needed} 级）"),
                format!("Does not have the skill {skill} (grade {needed} needed)"),
            ),
            Self::GradeTooLow { skill, needed, has } => Text::new(
                format!("技能“{skill}”只有 {has} 级，需要 {needed} 级"),
                format!("Has grade {has} in {skill}, {needed} is needed"),
            ),
            Self::CertificateExpired { skill, until } => Text::new(
                format!("证书“{skill}”在班次结束前到期（{}）", clock(*until)),
                format!("The certificate {skill} expires at {}, before the shift ends", clock(*until)),
            ),
            Self::NoEngineerWithSkill { skill, needed } => Text::new(
                format!("没有人具备 {needed} 级及以上的“{skill}”"),
                format!("Nobody has {skill} at grade {needed} or higher"),
            ),
            Self::NoEngineerWithAllSkills { .. } => Text::new(
                format!("没有人同时具备全部技能：{}", self.detail()),
                format!("Nobody has all of these together: {}", self.detail()),
            ),
            Self::OtherArea { area } => {
                Text::new(format!("不负责区域“{area}”"), format!("Does not serve the area {area}"))
            }
            Self::Excluded => Text::new("该客户不派此工程师", "Must not be sent to this customer"),
            Self::PinnedToOther { engineer } => Text::new(
                format!("此单已约定由 {engineer} 负责"),
                format!("The job is promised to {engineer}"),
            ),
            Self::PartMissing { part } => Text::new(
                format!("车上没有备件“{part}”，沿途仓库也没有"),
                format!("The part {part} is neither on the van nor at a depot"),
            ),
            Self::CapacityTooSmall { needed, has } => Text::new(
                format!("需要载量 {needed}，车辆只有 {has}"),
                format!("Needs {needed} of capacity, the van has {has}"),
            ),
            Self::CapacityFull { needed, free } => Text::new(
                format!("需要载量 {needed}，当天只剩 {free}"),
                format!("Needs {needed} of capacity, {free} is left that day"),
            ),
            _ => self.text_of_time(),
        }
    }

    fn text_of_time(&self) -> Text {
        match self {
            Self::NotWorking => {
                Text::new("预约时段内不上班", "Does not work in any of the appointment windows")
            }
            Self::TooFar { late_by } => Text::new(
                format!("太远：即使当天没有其他任务，也会晚 {}", span_zh(*late_by)),
                format!("Too far: late by {} even on an empty day", span_en(*late_by)),
            ),
            Self::DisplacedBy { jobs, late_by } => Text::new(
                format!("时间被 {} 占用（差 {}）", jobs.join("、"), span_zh(*late_by)),
                format!("The time is taken by {} ({} short)", jobs.join(" or "), span_en(*late_by)),
            ),
            Self::DayFull { late_by } => Text::new(
                format!("当天已排满（差 {}）", span_zh(*late_by)),
                format!("The day is full ({} short)", span_en(*late_by)),
            ),
            Self::NoWindow => Text::new(
                "没有可用的预约时段：都已过去，或约定时间不在其中",
                "No appointment window is left: all have passed, or the promised start is outside of them",
            ),
            Self::PinImpossible { engineer } => Text::new(
                format!("{engineer} 无法按约定完成"),
                format!("{engineer} cannot do it as promised"),
            ),
            Self::NotEnoughPeople { needed, able } => Text::new(
                format!("需要 {needed} 人同时到场，合适且有空的只有 {able} 人"),
                format!("Needs {needed} people at one time, {able} are able"),
            ),
            Self::AllBusy { able } => Text::new(
                format!("合适的 {able} 名工程师都已排满"),
                match able {
                    1 => "The only able engineer is busy with other work".to_string(),
                    2 => "Both able engineers are busy with other work".to_string(),
                    _ => format!("All {able} able engineers are busy with other work"),
                },
            ),
            Self::NotWorthIt { cost } => Text::new(
                format!("排入的代价（{cost}）高于不排"),
                format!("Doing it would cost more ({cost}) than leaving it out"),
            ),
            _ => Text::new("可以排入", "It fits"),
        }
    }
}

/// `09:05`, with the day in front when it is not the first.
pub fn clock(seconds: i64) -> String {
    let (day, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let time = format!("{:02}:{:02}", rest / 3600, rest % 3600 / 60);
    if day == 0 { time } else { format!("d{} {time}", day + 1) }
}

/// `1 h 5 min`.
pub fn span_en(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    if minutes < 60 { format!("{minutes} min") } else { format!("{} h {} min", minutes / 60, minutes % 60) }
}

/// `1 小时 5 分钟`.
pub fn span_zh(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    if minutes < 60 {
        format!("{minutes} 分钟")
    } else {
        format!("{} 小时 {} 分钟", minutes / 60, minutes % 60)
    }
}
