//! A notice to a customer.

use kernel::{Id, Ts};
use kit::settings::Setting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settings;

db::codes! {
    /// What is told (SHOP-24).
    pub enum NoticeKind {
        /// come and take it
        Repaired = "repaired" ("已修好", "Repaired"),
        /// the repair goes on
        Arrived = "arrived" ("配件到货", "Goods arrived"),
        /// with reason and apology, by the promised time at the latest (SHOP-19)
        Extended = "extended" ("延长修理时间", "Repair takes longer"),
        /// a part is missing (SHOP-20)
        Waiting = "waiting" ("等待配件", "Waiting for parts"),
        /// come and take the part
        Ordered = "ordered" ("预订件待取", "Ordered part waits"),
    }
}

impl NoticeKind {
    /// The text's settings: Chinese, English.
    pub fn texts(self) -> (&'static Setting, &'static Setting) {
        match self {
            Self::Repaired => (&settings::SAY_REPAIRED, &settings::SAY_REPAIRED_EN),
            Self::Arrived => (&settings::SAY_ARRIVED, &settings::SAY_ARRIVED_EN),
            Self::Extended => (&settings::SAY_EXTENDED, &settings::SAY_EXTENDED_EN),
            Self::Waiting => (&settings::SAY_WAITING, &settings::SAY_WAITING_EN),
            Self::Ordered => (&settings::SAY_ORDERED, &settings::SAY_ORDERED_EN),
        }
    }
}

db::codes! {
    /// How it is told.
    pub enum Channel {
        /// somebody calls
        Phone = "phone" ("电话", "Phone"),
        /// text message
        Sms = "sms" ("短信", "SMS"),
        /// WeChat
        Wechat = "wechat" ("微信", "WeChat"),
        /// in the shop
        InPerson = "in_person" ("当面", "In person"),
    }
}

db::record! {
    /// A notice as stored and as callers see it.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct ShopNotice {
        /// Which.
        pub id: Id,
        /// Owning organisation.
        pub org_id: Id,
        /// About which unit.
        pub shop_unit_id: Id,
        /// What was told.
        pub kind: NoticeKind,
        /// How many times this kind was told, this time included.
        pub nth: i64,
        /// How.
        pub channel: Channel,
        /// Somebody was reached.
        pub reached: bool,
        /// In which words.
        pub text: String,
        /// What the customer said.
        pub answer: String,
        /// When.
        pub at: Ts,
        /// By whom.
        pub staff_id: Id,
        /// Their name.
        pub staff_name: String,
    }
}

/// A notice to be recorded.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewNotice {
    /// What is told.
    pub kind: NoticeKind,
    /// How; by phone unless given.
    #[serde(default = "phone")]
    pub channel: Channel,
    /// Nobody was reached.
    #[serde(default)]
    pub missed: bool,
    /// In which words; from the template unless given.
    #[serde(default)]
    pub text: Option<String>,
    /// What the customer said.
    #[serde(default)]
    pub answer: String,
}

const fn phone() -> Channel {
    Channel::Phone
}

/// Words of a kind for a unit, in both languages, and how often it was told.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NoticeText {
    /// What.
    pub kind: NoticeKind,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Times told.
    pub told: i64,
}

/// What of a unit can be told.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Notices {
    /// What was told, newest first.
    pub told: Vec<ShopNotice>,
    /// Words of every kind.
    pub texts: Vec<NoticeText>,
}
