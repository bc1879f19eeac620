//! What other contexts may call.

use db::Conn;
use kernel::{Date, Id, Money};
use kit::Result;

use crate::fee::{
    model::{Job, Rule},
    rules, store,
};
pub use crate::{
    fee::{
        model::{
            Basis, BorneAs, Fee, FeeCode, FeeMore, FeeQuestion, Grade, ListRow, Nature, NewList,
            NewPartPrice, NewRule, RuleRow,
        },
        rules::{cost_price, deviation, exceeds, lower_of, payable},
        service::{add_rule_in, create_list_in, set_part_price_in},
        words,
    },
    inputs::{Amount, Share},
    kind::{
        model::{Grouping, WorkKind},
        store::{
            code_of as work_kind_code, find as find_work_kind, get as work_kind,
            get_active as active_work_kind, select as work_kinds,
        },
    },
    perms::KIND_WRITE,
};

/// The fees of an order by the price lists of its region (WO-39): what the customer pays, before any parts.
pub async fn fees(conn: &mut Conn, question: &FeeQuestion) -> Result<Vec<Fee>> {
    fees_more(conn, question, &FeeMore::default()).await
}

/// Like [`fees`], knowing more of the job: its size, distance and hours, the unit's certificate (BILL-08), cost price
/// only (BILL-19).
pub async fn fees_more(conn: &mut Conn, question: &FeeQuestion, more: &FeeMore) -> Result<Vec<Fee>> {
    let on = question.on;
    let nature = if more.cost_price { Nature::Cost } else { Nature::Standard };
    let found = store::select_rules(conn, nature, &question.kind, &question.mode, on).await?;
    let region = region(conn, &found, question.org_id).await?;
    let categories = categories(conn, &found, question.model_id).await?;
    let certificate = match more.unit_id {
        Some(unit) => store::select_certificate(conn, unit).await?,
        None => Vec::new(),
    };
    let job = Job {
        kind: &question.kind,
        mode: &question.mode,
        grade: more.grade.map_or("", Grade::as_str),
        region: &region,
        model_id: question.model_id,
        categories: &categories,
        covered_labour_bp: question.covered_labour_bp,
        covered_travel_bp: question.covered_travel_bp,
        urgent: question.urgent,
        also: more.also,
        distance_km: more.distance_km,
        hours: more.hours,
        on,
        certificate: &certificate,
    };
    Ok(rules::fees(&found, &job)?)
}

/// The region of an organisation, or of the nearest one above that has one; looked up only if a list asks for it.
async fn region(conn: &mut Conn, rules: &[Rule], org: Id) -> Result<String> {
    let mut next =
        rules.iter().any(|rule| !rule.region.is_empty()).then_some(org).filter(|org| !org.is_nil());
    while let Some(id) = next {
        let brief = org::api::org(conn, id).await?;
        if !brief.region.is_empty() {
            return Ok(brief.region);
        }
        next = brief.parent_id;
    }
    Ok(String::new())
}

/// The category of a model; looked up only if a rule asks for one.
async fn categories(conn: &mut Conn, rules: &[Rule], model: Option<Id>) -> Result<Vec<Id>> {
    match model.filter(|_| rules.iter().any(|rule| rule.row.category_id.is_some())) {
        Some(id) => Ok(products::api::model(conn, id).await?.category_id.into_iter().collect()),
        None => Ok(Vec::new()),
    }
}

/// The price of a part on a day: the company-wide deviation if there is one, else `base`, everywhere the
/// same (BILL-02).
pub async fn part_price(conn: &mut Conn, part_id: Id, base: Money, on: Date) -> Result<Money> {
    Ok(store::find_part_price(conn, part_id, on).await?.unwrap_or(base))
}
