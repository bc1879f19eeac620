//! What callers say and get: one struct per command, the same for pages and API.

use kernel::{Date, Id, Money, Quantity, Ts};
use orders::api::Mode;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::model::{Advice, Channel, Class, Said, State};

db::codes! {
    /// What happens with a request as soon as it is taken down.
    pub enum Then {
        /// an answer is owed
        Save = "save" ("保存请求", "Save"),
        /// it was answered at once
        Answer = "answer" ("保存答复", "Save the answer"),
        /// advice on the phone was enough
        Solve = "solve" ("电话解决", "Solved by phone"),
        /// a service order is made of it, or it joins one
        Order = "order" ("建服务工单", "Open an order"),
    }
}

/// A new request. Only `channel` and `topic` are always needed; who and what may be typed in words, and become
/// files of their own (CALL-30).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NewRequest {
    /// Owning organisation; the customer's unless given.
    pub org_id: Option<Id>,
    /// How it came; phone unless given.
    pub channel: Option<Channel>,
    /// Code of the topic.
    pub topic: String,
    /// Code of the content within the topic.
    pub content: Option<String>,
    /// Who calls; the customer's name unless given.
    pub caller_name: Option<String>,
    /// From which number.
    #[serde(alias = "phone")]
    pub caller_phone: Option<String>,
    /// The customer.
    pub customer_id: Option<Id>,
    /// Name of the customer when the file is not known: found by phone and name, else opened.
    #[serde(alias = "customer_id_text")]
    pub customer_name: Option<String>,
    /// Province or city of a new customer, for example `江苏省苏州市`.
    pub region: Option<String>,
    /// District of a new customer.
    pub district: Option<String>,
    /// Address; the customer's unless given.
    pub address: Option<String>,
    /// The unit.
    pub unit_id: Option<Id>,
    /// Serial number when the unit is not known: found, else opened together with `model`.
    #[serde(alias = "unit_id_text")]
    pub serial: Option<String>,
    /// The model, when the unit is not known.
    pub model_id: Option<Id>,
    /// Code or name of the model: found, else opened.
    #[serde(alias = "model_id_text")]
    pub model: Option<String>,
    /// Bought on.
    pub purchase_date: Option<Date>,
    /// Proof of purchase: invoice number, dealer.
    pub proof: Option<String>,
    /// What is wrong or asked, in the customer's words.
    pub text: Option<String>,
    /// What the customer wants.
    pub demand: Option<String>,
    /// The part asked for.
    pub part_id: Option<Id>,
    /// Code or name of the part: found, else opened.
    #[serde(alias = "part_id_text")]
    pub part: Option<String>,
    /// How many parts, thousandths; one unless given.
    #[serde(deserialize_with = "quantity")]
    pub part_quantity: Option<Quantity>,
    /// General unless given.
    pub class: Option<Class>,
    /// Why it is special.
    pub class_reason: Option<String>,
    /// Urgent service.
    pub urgent: bool,
    /// Brought in, on site …; on site unless given.
    pub mode: Option<Mode>,
    /// What the customer says about warranty.
    pub warranty_said: Option<Said>,
    /// Ask the customer before it costs more, minor units (CALL-14). Text is read as yuan.
    #[serde(deserialize_with = "money")]
    pub quote_limit: Option<Money>,
    /// Lowest price told (CALL-33), minor units. Text is read as yuan.
    #[serde(deserialize_with = "money")]
    pub estimate_low: Option<Money>,
    /// Highest price told.
    #[serde(deserialize_with = "money")]
    pub estimate_high: Option<Money>,
    /// First diagnosis told.
    pub diagnosis: Option<String>,
    /// What was answered.
    pub answer: Option<String>,
    /// The customer accepts the advice given on the phone: wanted with `then: solve`; when not, an order is opened
    /// instead (CALL-09).
    pub advice_accepted: Option<bool>,
    /// Answer promised until (CALL-21); the company's limit unless given.
    #[serde(deserialize_with = "time")]
    pub promised_at: Option<Ts>,
    /// What happens now.
    pub then: Option<Then>,
    /// Kind of work of the order; the content's unless given.
    pub kind: Option<String>,
    /// Visit promised from.
    #[serde(deserialize_with = "time")]
    pub appointment_from: Option<Ts>,
    /// Visit promised until.
    #[serde(deserialize_with = "time")]
    pub appointment_to: Option<Ts>,
    /// Open order to which the request is put instead of a new one (CALL-19).
    pub join_order_id: Option<Id>,
    /// The registered call it came with (`POST /calls`); a call from outside is registered by itself.
    pub call_id: Option<Id>,
    /// The draft that this completes (`POST /requests/drafts`); it keeps its number and its time. A new id is taken for
    /// the request, so that whoever sends both in any order makes one.
    pub draft_id: Option<Id>,
}

/// Topic and content were clicked: saved at once with the time, to be completed or dropped (CALL-03).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DraftRequest {
    /// The draft to change, or the id of a new one; given by the server unless said.
    pub draft_id: Option<Id>,
    /// How it came; phone unless given.
    pub channel: Option<Channel>,
    /// Code of the topic.
    pub topic: String,
    /// Code of the content within the topic.
    pub content: String,
    /// From which number.
    pub caller_phone: Option<String>,
    /// The customer, when known already.
    pub customer_id: Option<Id>,
    /// The unit, when known already.
    pub unit_id: Option<Id>,
}

impl DraftRequest {
    /// As much of a request as is known.
    pub fn request(&self) -> NewRequest {
        NewRequest {
            draft_id: self.draft_id,
            channel: self.channel,
            topic: self.topic.clone(),
            content: Some(self.content.clone()),
            caller_phone: self.caller_phone.clone(),
            customer_id: self.customer_id,
            unit_id: self.unit_id,
            ..NewRequest::default()
        }
    }
}

impl RequestOut {
    /// It is still being taken down.
    pub fn draft(&self) -> bool {
        self.state == State::Draft
    }
}

/// A draft that nobody goes on with.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DropRequest {
    /// Version seen; 409 when somebody was faster.
    pub version: Option<i64>,
    /// Why: hung up, wrong number …
    pub note: Option<String>,
}

impl NewRequest {
    /// The name that was typed for a customer nobody chose, when it isn't `known`, the name of whom a number or unit
    /// belongs to.
    pub fn other_name(&self, known: &str) -> Option<&str> {
        let plain = |text: &str| kernel::fold(text).split_whitespace().collect::<String>();
        let typed = self.customer_name.as_deref().filter(|_| self.customer_id.is_none())?.trim();
        (!typed.is_empty() && plain(typed) != plain(known)).then_some(typed)
    }

    /// What happens now.
    pub fn then(&self) -> Then {
        // Who does not accept advice on the phone gets a visit (CALL-09).
        if self.then == Some(Then::Solve) && self.advice_accepted == Some(false) {
            return Then::Order;
        }
        self.then.unwrap_or(if self.answer.as_deref().is_some_and(|a| !a.trim().is_empty()) {
            Then::Answer
        } else {
            Then::Save
        })
    }
}

/// An amount: minor units, or text in yuan as forms send it.
fn money<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Money>, D::Error> {
    match Option::<NumberOrText>::deserialize(d)? {
        None => Ok(None),
        Some(NumberOrText::Number(n)) => Ok(Some(Money(n))),
        Some(NumberOrText::Text(text)) => Money::parse(&text).map(Some).map_err(serde::de::Error::custom),
    }
}

/// A quantity: thousandths, or text in units as forms send it.
fn quantity<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Quantity>, D::Error> {
    match Option::<NumberOrText>::deserialize(d)? {
        None => Ok(None),
        Some(NumberOrText::Number(n)) => Ok(Some(Quantity(n))),
        Some(NumberOrText::Text(text)) => Quantity::parse(&text).map(Some).map_err(serde::de::Error::custom),
    }
}

/// An instant: RFC 3339, or the local time of a form's field.
fn time<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Ts>, D::Error> {
    let Some(text) = Option::<String>::deserialize(d)? else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(None);
    }
    kit::format::typed_time(&text).map(Some).ok_or_else(|| serde::de::Error::custom("not a date and time"))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(i64),
    Text(String),
}

/// An answer given to the customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AnswerRequest {
    /// Version seen; 409 when somebody was faster.
    pub version: Option<i64>,
    /// What was answered; 1 to 4000 characters.
    pub answer: String,
}

/// Advice given on the phone.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SolveRequest {
    /// Version seen; 409 when somebody was faster.
    pub version: Option<i64>,
    /// The advice; 1 to 4000 characters.
    pub answer: String,
    /// The customer accepts it. When not, a service order is opened instead (CALL-09).
    pub advice_accepted: Option<bool>,
}

/// The end of a request. An answer may be given with it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CloseRequest {
    /// Version seen.
    pub version: Option<i64>,
    /// What was answered, unless it is on record.
    pub answer: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

/// Another time promised for the answer (CALL-21).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PromiseReply {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// Until when; later than now.
    #[serde(default, deserialize_with = "time")]
    pub promised_at: Option<Ts>,
}

/// A request was checked with the customer (CALL-13).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ConfirmRequest {
    /// Version seen.
    pub version: Option<i64>,
    /// The customer really asked this.
    pub genuine: bool,
    /// It is ours to do.
    pub in_scope: bool,
    /// Remark.
    pub note: Option<String>,
}

/// General or special (CALL-18).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClassifyRequest {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// Which.
    pub class: Class,
    /// Why; needed for special.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The head's decision on a special request.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ClearRequest {
    /// Version seen.
    pub version: Option<i64>,
    /// What was decided.
    pub note: String,
}

/// The request is put to an order that exists already (CALL-19).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct JoinOrder {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// Which order.
    pub order_id: Id,
}

/// An order that came out of a request.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OrderLink {
    /// Which.
    pub id: Id,
    /// Its number.
    pub no: String,
    /// It existed before the request.
    pub joined: bool,
}

/// A request as callers see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RequestOut {
    /// Which.
    pub id: Id,
    /// For optimistic locking.
    pub version: i64,
    /// Its number.
    pub no: String,
    /// Owning organisation.
    pub org_id: Id,
    /// How it came.
    pub channel: Channel,
    /// Topic.
    pub topic: String,
    /// In words.
    pub topic_name: String,
    /// Content; empty: none.
    pub content: String,
    /// In words.
    pub content_name: String,
    /// Who called.
    pub caller_name: String,
    /// From where; masked unless the caller of the API may see it.
    pub caller_phone: String,
    /// The customer.
    pub customer_id: Option<Id>,
    /// Name.
    pub customer_name: String,
    /// The unit.
    pub unit_id: Option<Id>,
    /// Its model.
    pub model_name: String,
    /// Its serial number.
    pub serial: String,
    /// Address; masked likewise.
    pub address: String,
    /// In the customer's words.
    pub text: String,
    /// What the customer wants.
    pub demand: String,
    /// The part asked for.
    pub part_id: Option<Id>,
    /// Its name.
    pub part_name: String,
    /// General or special.
    pub class: Class,
    /// The head decided at.
    pub cleared_at: Option<Ts>,
    /// Urgent.
    pub urgent: bool,
    /// What the customer says about warranty.
    pub warranty_said: Said,
    /// Ask before it costs more.
    pub quote_limit: Option<Money>,
    /// Lowest price told.
    pub estimate_low: Option<Money>,
    /// Highest price told.
    pub estimate_high: Option<Money>,
    /// First contact of this customer (CALL-34).
    pub first_time: bool,
    /// What CALL-07 wants and nobody said.
    pub missing: Vec<String>,
    /// Where it stands.
    pub state: State,
    /// Checked with the customer at.
    pub confirmed_at: Option<Ts>,
    /// An answer is owed until.
    pub promised_at: Option<Ts>,
    /// A promise was broken.
    pub overdue: bool,
    /// What was answered.
    pub answer: String,
    /// When.
    pub answered_at: Option<Ts>,
    /// What became of advice on the phone.
    pub advice: Advice,
    /// Orders that came out of it.
    pub orders: Vec<OrderLink>,
    /// Open order of the same unit when the request came.
    pub related_order_id: Option<Id>,
    /// Page that tells the customer how it stands, without personal data.
    pub status_path: String,
    /// Taken down at.
    pub created_at: Ts,
    /// Last change.
    pub updated_at: Ts,
}
