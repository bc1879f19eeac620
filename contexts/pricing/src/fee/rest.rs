//! REST of prices.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{
        CertificateRow, ChangeList, EndRule, FeesOut, ListOut, NewCertificate, NewList, NewPartPrice,
        NewRule, PartPriceRow, TryFees,
    },
    service,
};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<ListOut>> {
    service::list(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewList>) -> Result<Json<ListOut>> {
    service::create_list(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeList>) -> Result<Json<ListOut>> {
    service::change_list(&cx, id, input).await.map(Json)
}

pub async fn add_rule(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewRule>) -> Result<Json<ListOut>> {
    service::add_rule(&cx, id, input).await.map(Json)
}

pub async fn end_rule(cx: Cx, Path(id): Path<Id>, Body(input): Body<EndRule>) -> Result<Json<ListOut>> {
    service::end_rule(&cx, id, input).await.map(Json)
}

pub async fn set_part_price(cx: Cx, Body(input): Body<NewPartPrice>) -> Result<Json<PartPriceRow>> {
    service::set_part_price(&cx, input).await.map(Json)
}

pub async fn try_fees(cx: Cx, Body(input): Body<TryFees>) -> Result<Json<FeesOut>> {
    service::try_fees(&cx, &input).await.map(Json)
}

pub async fn certificate(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<CertificateRow>>> {
    service::certificate(&cx, id).await.map(Json)
}

pub async fn put_certificate(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<NewCertificate>,
) -> Result<Json<Vec<CertificateRow>>> {
    service::put_certificate(&cx, id, input).await.map(Json)
}
