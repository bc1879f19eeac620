//! Fields of the phone's forms as browsers send them, and how they become commands of orders.

use kernel::{Id, Money, Problems, Quantity, RuleError, T};
use kit::{Cx, Error, FormErrors, Result};
use orders::api::{Complete, Finding, NewLine, OrderOut, UsedLine};
use serde::{Deserialize, Serialize};

use crate::report::model::{NewClosing, TestRun};

/// Splits a result into success and what a form can show. A conflict without a field passes on: the front door then
/// looks for the stored answer of a form that was sent twice, and otherwise says what happened.
pub fn outcome<V>(cx: &Cx, result: Result<V>) -> Result<Result<V, FormErrors>> {
    match result {
        Err(Error::Conflict(rule)) if rule.field.is_none() && rule.code != "orders.over_quote" => {
            Err(Error::Conflict(rule))
        }
        other => cx.form(other),
    }
}

/// Departure with its check.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DepartForm {
    /// Items ticked.
    pub ticked: Vec<String>,
    /// Set out although something is missing.
    pub anyway: bool,
    /// Degrees.
    pub lat: Option<f64>,
    /// Degrees.
    pub lng: Option<f64>,
}

/// A part taken from the van.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PartForm {
    /// Chosen from the list.
    pub part_id: Option<Id>,
    /// Typed or scanned.
    pub part_id_text: String,
    /// How many, decimal.
    pub quantity: String,
    /// The old part was taken along.
    pub old_part_taken: bool,
    /// Serial numbers.
    pub serials: String,
}

fn quantity(text: &str, field: &str) -> Result<Quantity, RuleError> {
    if text.trim().is_empty() {
        return Ok(Quantity::ONE);
    }
    Quantity::parse(text).map_err(|error| error.field(field))
}

impl PartForm {
    /// The line to add: from the engineer's own van.
    pub fn line(&self) -> Result<NewLine> {
        let code = self.part_id_text.split_whitespace().next().unwrap_or_default().to_string();
        if self.part_id.is_none() && code.is_empty() {
            return Err(RuleError::new("field.part", T("请扫码或输入备件编码", "Scan or type a part"))
                .field("part_id")
                .into());
        }
        Ok(NewLine {
            part_id: self.part_id,
            part_code: Some(code).filter(|_| self.part_id.is_none()),
            quantity: Some(quantity(&self.quantity, "quantity")?),
            old_part_taken: self.old_part_taken,
            serials: Some(self.serials.clone()).filter(|s| !s.trim().is_empty()),
            ..NewLine::default()
        })
    }
}

/// Another quantity for a part line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LineForm {
    /// How many, decimal.
    pub quantity: String,
    /// The old part was taken along.
    pub old_part_taken: bool,
}

impl LineForm {
    /// The quantity typed.
    pub fn quantity(&self) -> Result<Quantity> {
        Ok(Quantity::parse(&self.quantity).map_err(|error| error.field("quantity"))?)
    }
}

/// Quote and consent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QuoteForm {
    /// Version seen.
    pub version: Option<i64>,
    /// Yuan; what is payable unless given.
    pub total: String,
    /// Who agreed.
    pub by: String,
    /// How, or a remark.
    pub note: Option<String>,
}

impl QuoteForm {
    /// The amount typed.
    pub fn total(&self) -> Result<Option<Money>> {
        if self.total.trim().is_empty() {
            return Ok(None);
        }
        Ok(Some(Money::parse(&self.total).map_err(|error| error.field("total"))?))
    }
}

/// A part line on the completion form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UsedForm {
    /// The line.
    pub id: Id,
    /// Really used, decimal.
    pub quantity: String,
    /// The old part was taken along.
    pub old_part_taken: bool,
}

/// A problem found beside the fault.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingForm {
    /// What.
    pub text: String,
    /// The customer did not want it fixed.
    pub refused: bool,
}

/// The completion form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CompleteForm {
    /// Version seen.
    pub version: Option<i64>,
    /// Attribution.
    pub cause: String,
    /// What really caused it.
    pub root_cause: Option<String>,
    /// What was done.
    pub result: Option<String>,
    /// Explanation and help for what the customer caused.
    pub assistance: Option<String>,
    /// Code of the size of the repair.
    pub job_size: String,
    /// Hours worked, as typed.
    pub hours: String,
    /// Kilometres driven, as typed.
    pub distance_km: String,
    /// Only the cost price is charged.
    pub cost_price: bool,
    /// Code of the test run.
    pub test_run: String,
    /// Not sure that it holds.
    pub uncertain: bool,
    /// Parts.
    pub used: Vec<UsedForm>,
    /// Findings.
    pub findings: Vec<FindingForm>,
    /// Wear parts (PROD-17).
    pub wear: Vec<orders::api::WornPart>,
    /// Convenient time for the callback (CUST-13).
    pub call_time: Option<String>,
    /// Picture of the signature.
    pub signature_png: Option<String>,
    /// The signature of a form that was refused: nobody signs twice because of a missing field.
    pub signature_kept: Option<String>,
    /// The customer's code instead of a signature.
    pub acceptance_code: Option<String>,
    /// Why there is none.
    pub unsigned_reason: Option<String>,
}

/// A number that may be left out.
fn typed_quantity(field: &'static str, text: &str) -> Result<Option<Quantity>, RuleError> {
    match text.trim() {
        "" => Ok(None),
        text => Quantity::parse(text).map(Some).map_err(|error| error.field(field)),
    }
}

impl CompleteForm {
    /// As an earlier round left it.
    pub fn of(order: &OrderOut) -> Self {
        let number = |n: Quantity| if n.is_zero() { String::new() } else { n.to_string() };
        Self {
            job_size: order.job_size.clone(),
            hours: number(order.hours),
            distance_km: number(order.distance_km),
            cost_price: order.cost_price,
            ..Self::default()
        }
    }

    /// The command, and how sure the engineer is; what is wrong in the form itself does not keep the command from being
    /// tried, so that all errors can be told at once.
    pub fn parts(&self) -> (Complete, Result<NewClosing, Problems>) {
        let mut problems = Problems::new();
        let test_run = TestRun::parse(&self.test_run);
        problems.check(test_run.is_some(), || {
            RuleError::new("field.test_run", T("请选择试机结果", "Say how the test run went"))
                .field("test_run")
        });
        let mut used = Vec::new();
        for (index, line) in self.used.iter().enumerate() {
            let text = if line.quantity.trim().is_empty() { "0" } else { line.quantity.as_str() };
            let field = format!("used.{index}.quantity");
            if let Some(quantity) = problems.take(Quantity::parse(text).map_err(|error| error.field(field))) {
                used.push(UsedLine {
                    id: line.id,
                    quantity,
                    old_part_taken: line.old_part_taken,
                    serials: None,
                });
            }
        }
        let hours = problems.take(typed_quantity("hours", &self.hours)).flatten();
        let distance_km = problems.take(typed_quantity("distance_km", &self.distance_km)).flatten();
        let findings = self.findings.iter().filter(|f| !f.text.trim().is_empty());
        let command = Complete {
            version: self.version,
            cause: self.cause.clone(),
            root_cause: self.root_cause.clone(),
            result: self.result.clone(),
            assistance: self.assistance.clone(),
            job_size: pricing::api::Grade::parse(&self.job_size),
            hours,
            distance_km,
            cost_price: Some(self.cost_price),
            used,
            signature: self.signature_png.clone().or_else(|| self.signature_kept.clone()),
            acceptance_code: self.acceptance_code.clone(),
            unsigned_reason: self.unsigned_reason.clone(),
            findings: findings
                .map(|f| Finding { text: f.text.clone(), refused: f.refused, unit_id: None })
                .collect(),
            wear: self.wear.clone(),
            call_time: self.call_time.clone(),
            ..Complete::default()
        };
        let closing = NewClosing { test_run: test_run.unwrap_or(TestRun::None), uncertain: self.uncertain };
        (command, problems.finish().map(|()| closing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanned_code_and_a_chosen_part_become_a_line() {
        let typed = PartForm { part_id_text: " P1 ".into(), quantity: "1.5".into(), ..PartForm::default() };
        let line = typed.line().expect("a line");
        assert_eq!((line.part_code.as_deref(), line.quantity), (Some("P1"), Some(Quantity(1500))));
        let chosen =
            PartForm { part_id: Some(Id::NIL), part_id_text: "P1 传感器".into(), ..PartForm::default() };
        let line = chosen.line().expect("a line");
        assert_eq!((line.part_id, line.part_code, line.quantity), (Some(Id::NIL), None, Some(Quantity::ONE)));
        assert!(PartForm::default().line().is_err());
        assert!(
            PartForm { part_id_text: "P1".into(), quantity: "x".into(), ..PartForm::default() }
                .line()
                .is_err()
        );
    }

    #[test]
    fn completion_reports_every_wrong_field() {
        let used = UsedForm { quantity: "many".into(), ..UsedForm::default() };
        let form = CompleteForm { used: vec![used], ..CompleteForm::default() };
        let problems = form.parts().1.expect_err("wrong");
        let fields: Vec<_> = problems.0.iter().filter_map(|p| p.field.clone()).collect();
        assert_eq!(fields, ["test_run", "used.0.quantity"]);
    }
}
