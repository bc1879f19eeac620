//! Orders over the API: one handler per command.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use crate::level::service as level;

use super::{
    finish,
    input::{
        Arrive, Audit, Complete, Confirm, Consent, EditOrder, Limit, Loaner, NewOrder, Note, Place, Quote,
        Reason, Verify, Wait,
    },
    out::{OrderFull, OrderOut, Revealable, Revealed},
    service,
};

type Answer = Result<Json<OrderOut>>;

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<OrderFull>> {
    service::get(&cx, id).await.map(Json)
}

pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, Revealable)>) -> Result<Json<Revealed>> {
    service::reveal(&cx, id, field).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewOrder>) -> Answer {
    service::create(&cx, input).await.map(Json)
}

macro_rules! commands {
    ($($name:ident: $input:ty => $module:ident;)*) => {$(
        pub async fn $name(cx: Cx, Path(id): Path<Id>, Body(input): Body<$input>) -> Answer {
            $module::$name(&cx, id, input).await.map(Json)
        }
    )*};
}

commands! {
    accept: Note => service;
    verify: Verify => service;
    depart: Place => service;
    arrive: Arrive => service;
    start: Place => service;
    wait: Wait => service;
    resume: Note => service;
    quote: Quote => service;
    consent: Consent => service;
    edit: EditOrder => service;
    escalate: Reason => level;
    limit: Limit => service;
    loaner: Loaner => service;
    complete: Complete => finish;
    confirm: Confirm => finish;
    audit: Audit => finish;
    close: Note => finish;
    reopen: Reason => finish;
    cancel: Reason => service;
    terminate: Reason => service;
    give_back: Reason => service;
}
