//! API of the workshop.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};
use orders::api::{Note, Wait};

use super::{
    handover,
    model::{AssignUnit, GiveBack, Load, PickUp, PlaceUnit, ReceiveUnit, Repaired, Settle, UnitOut},
    service,
};
use crate::{
    extra::{
        self,
        model::{AnswerExtra, ExtraItem, NewExtra},
    },
    maker::{
        self,
        model::{AskMaker, BackFromMaker, MakerReturn, SendToMaker},
    },
    notice::{
        self,
        model::{NewNotice, Notices, ShopNotice},
    },
};

macro_rules! reads {
    ($($name:ident: $output:ty => $call:expr;)*) => {$(
        pub async fn $name(cx: Cx, Path(id): Path<Id>) -> Result<Json<$output>> {
            let call = $call;
            call(&cx, id).await.map(Json)
        }
    )*};
}

macro_rules! writes {
    ($($name:ident: $input:ty, $output:ty => $call:expr;)*) => {$(
        pub async fn $name(cx: Cx, Path(id): Path<Id>, Body(input): Body<$input>) -> Result<Json<$output>> {
            let call = $call;
            call(&cx, id, input).await.map(Json)
        }
    )*};
}

reads! {
    get: UnitOut => service::get;
    of_order: Vec<UnitOut> => service::of_order;
    load: Load => service::load_for;
    notices: Notices => notice::service::notices;
    extras: Vec<ExtraItem> => extra::service::of_unit;
    returns: Vec<MakerReturn> => maker::service::of_unit;
}

writes! {
    receive: ReceiveUnit, UnitOut => service::receive;
    place: PlaceUnit, UnitOut => service::place;
    assign: AssignUnit, UnitOut => service::assign;
    begin: Note, UnitOut => service::begin;
    wait: Wait, UnitOut => service::wait;
    repaired: Repaired, UnitOut => service::repaired;
    give_back: GiveBack, UnitOut => service::give_back;
    pick_up: PickUp, UnitOut => handover::pick_up;
    settle: Settle, UnitOut => handover::settle;
    tell: NewNotice, ShopNotice => notice::service::tell;
    ask_extra: NewExtra, ExtraItem => extra::service::ask;
    send: SendToMaker, MakerReturn => maker::service::send;
    ask_maker: AskMaker, MakerReturn => maker::service::ask;
    back: BackFromMaker, MakerReturn => maker::service::back;
}

pub async fn answer_extra(
    cx: Cx,
    Path((id, item)): Path<(Id, Id)>,
    Body(input): Body<AnswerExtra>,
) -> Result<Json<ExtraItem>> {
    extra::service::answer(&cx, id, item, input).await.map(Json)
}
