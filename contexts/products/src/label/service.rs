//! Labels.

use kernel::{Id, T};
use kit::{
    Cx, Result, begin,
    settings::{Setting, SettingKind},
};

use super::rules;
use crate::{
    perms::{UNIT_READ, UNIT_WRITE},
    product::{self, model::ModelRow},
    unit::{
        self,
        model::{UnitOut, UnitRow},
        service::{doc, out},
    },
};

/// The number printed on labels and shown on public pages.
pub static HOTLINE: Setting = Setting {
    key: "products.hotline",
    label: T("服务热线", "Service hotline"),
    unit: T("", ""),
    kind: SettingKind::Text { max: 40 },
    default: "\"\"",
    per_org: true,
};

/// What a label and a public page show: nothing of the customer.
pub struct Label {
    /// The unit.
    pub unit: UnitRow,
    /// Its model.
    pub model: ModelRow,
    /// Number to call; empty: none set.
    pub hotline: String,
}

async fn label(cx: &Cx, unit: UnitRow) -> Result<Label> {
    let mut conn = cx.read().await?;
    let model = product::store::get_model(&mut conn, unit.model_id).await?;
    cx.count(&conn);
    drop(conn);
    let hotline = cx.setting(&HOTLINE, unit.org_id).await?;
    Ok(Label { unit, model, hotline })
}

/// The label of a unit that is the caller's business.
pub async fn load_label(cx: &Cx, id: Id) -> Result<Label> {
    let mut conn = cx.read().await?;
    let unit = unit::store::get_unit(&mut conn, id).await?;
    drop(conn);
    cx.authorize(&UNIT_READ, &unit)?;
    label(cx, unit).await
}

/// The address a label leads to.
pub fn public_url(cx: &Cx, unit: &UnitRow) -> String {
    let base = cx.app.config.public_url.trim_end_matches('/');
    if !base.is_empty() {
        return format!("{base}/u/{}", unit.token);
    }
    let scheme = if cx.app.config.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{}/u/{}", cx.req.host, unit.token)
}

/// Makes labels printed so far worthless, for example when one was lost, and gives the unit a new one.
pub async fn renew_token(cx: &Cx, id: Id) -> Result<UnitOut> {
    cx.require(&UNIT_WRITE)?;
    let mut tx = begin!(cx, "products.renew_token", &id);
    let old = unit::store::lock_unit(&mut tx, id).await?;
    tx.authorize(&UNIT_WRITE, &old)?;
    let row = UnitRow {
        token: rules::token(rand::random()),
        version: old.version + 1,
        updated_at: tx.now(),
        ..old.clone()
    };
    unit::store::update_unit(&mut tx, &old, &row).await?;
    tx.log(doc(&row), "token_renewed", serde_json::json!({}));
    let out = out(cx, &row);
    tx.commit(out).await
}
