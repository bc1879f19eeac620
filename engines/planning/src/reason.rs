//! Reasons in words, in both languages, for the numbers of a plan.

use crate::{
    classify::{Class, Kind, Stage},
    levels::ThreePoint,
    models::Model,
    protect::Protected,
};

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

fn class_words(class: &Class) -> Words {
    let (en, zh) = match class.kind {
        Kind::None => ("no demand so far", "至今没有需求"),
        Kind::Smooth => ("regular demand of similar size", "需求连续且数量稳定"),
        Kind::Erratic => ("regular demand of varying size", "需求连续但数量波动"),
        Kind::Intermittent => ("rare demand of similar size", "需求间断但数量稳定"),
        Kind::Lumpy => ("rare demand of varying size", "需求间断且数量波动"),
    };
    let (stage_en, stage_zh) = match class.stage {
        Stage::New => (", a new part", ",新配件"),
        Stage::Growing => (", rising", ",呈上升趋势"),
        Stage::Steady => ("", ""),
        Stage::Declining => (", falling", ",呈下降趋势"),
        Stage::Dying => (", none for long", ",已长期无需求"),
    };
    Words { en: format!("{en}{stage_en}"), zh: format!("{zh}{stage_zh}") }
}

/// Why a forecast is what it is.
#[must_use]
pub fn forecast_reason(class: &Class, model: (Model, f64), lines: usize, common: bool) -> Words {
    let words = class_words(class);
    let (name, share) = (model.0.name(), model.1 * 100.0);
    let mut en = format!("{}; {lines} months with demand", words.en);
    let mut zh = format!("{};有需求的月份 {lines} 个", words.zh);
    if class.kind != Kind::None {
        en += &format!("; models weighted by their past errors, first {name} ({share:.0} %)");
        zh += &format!(";各模型按历史误差加权,首位 {name}({share:.0} %)");
    }
    if common {
        en += "; spread learned from all parts with a comparable history";
        zh += ";分布由所有历史相似的配件共同得出";
    }
    Words { en, zh }
}

/// Why levels are what they are.
#[must_use]
pub fn level_reason(class: &Class, demand: &Protected, p: &ThreePoint, months: f64, service: f64) -> Words {
    let words = class_words(class);
    let percent = service * 100.0;
    Words {
        en: format!(
            "{}; {:.1} expected in {months:.1} months from order to arrival; {} last with {percent:.1} %, {} of them \
             safety; lot {}",
            words.en, demand.mean, p.order_point, p.minimum, p.lot
        ),
        zh: format!(
            "{};订货到到货 {months:.1} 个月预计需求 {:.1};库存 {} 可满足概率 {percent:.1} %,其中安全库存 {};批量 {}",
            words.zh, demand.mean, p.order_point, p.minimum, p.lot
        ),
    }
}
