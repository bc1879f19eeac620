//! Reading what a label leads to.

use db::Conn;
use kernel::Id;
use kit::{Cx, Error, Result, attachments::Attachment, format};
use products::api::{HOTLINE, UnitBrief};
use warranty::api::{Cause, Question, Verdict};

use super::model::{Cover, PaperLink, UnitPage};
use crate::{guest, paper};

/// The unit behind a code; 404 for unknown codes, 429 for whoever tries many.
pub async fn by_token(cx: &Cx, conn: &mut Conn, token: &str) -> Result<UnitBrief> {
    guest::look(cx)?;
    guest::plausible(token)?;
    products::api::unit_by_token(conn, token).await?.ok_or(Error::NotFound)
}

/// How the warranty of a unit stands today, if the product is at fault.
pub async fn cover(cx: &Cx, conn: &mut Conn, unit: &UnitBrief) -> Result<(Cover, Option<kernel::Date>)> {
    if unit.purchase_date.is_none() && unit.install_date.is_none() {
        return Ok((Cover::Ask, None));
    }
    let question = Question {
        unit_id: Some(unit.id),
        model_id: Some(unit.model_id),
        group_code: None,
        org_id: unit.org_id,
        purchase_date: unit.purchase_date,
        install_date: unit.install_date,
        at: format::date_of(cx, cx.now()),
        cause: Cause::Product,
    };
    let decision = warranty::api::decide(cx.lang, conn, &question).await?;
    Ok(match decision.verdict {
        Verdict::Covered => (Cover::In, decision.until),
        Verdict::NotCovered if decision.until.is_some() => (Cover::Out, decision.until),
        Verdict::NotCovered | Verdict::Refer => (Cover::Ask, None),
    })
}

/// Everything the page shows.
pub async fn load(cx: &Cx, token: &str) -> Result<UnitPage> {
    let mut conn = cx.read().await?;
    let unit = by_token(cx, &mut conn, token).await?;
    let (warranty, warranty_until) = cover(cx, &mut conn, &unit).await?;
    let papers = paper::service::published(&mut conn, unit.model_id).await?;
    cx.count(&conn);
    drop(conn);
    Ok(UnitPage {
        hotline: cx.setting(&HOTLINE, unit.org_id).await?,
        papers: papers
            .into_iter()
            .map(|paper| PaperLink {
                path: format!("/u/{token}/papers/{}", paper.file_id),
                file_id: paper.file_id,
                title: paper.title,
            })
            .collect(),
        model_name: unit.model_name,
        serial: unit.serial,
        no: unit.no,
        warranty,
        warranty_until,
        report_path: format!("/u/{token}/report"),
    })
}

/// A paper of the unit's model.
pub async fn paper(cx: &Cx, token: &str, file: Id) -> Result<(Attachment, Vec<u8>)> {
    let mut conn = cx.read().await?;
    let unit = by_token(cx, &mut conn, token).await?;
    drop(conn);
    paper::service::read(cx, unit.model_id, file).await
}
