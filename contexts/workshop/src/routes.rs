//! All routes of this context. A page's form has the address of the API command it calls.

use kernel::T;
use kit::{Access, Perm, Routes};
use orders::api::{Note, ORDER_ASSIGN, ORDER_COMPLETE, Wait};

use crate::{
    check::{
        model::{CheckRule, SaveTemplate, SetRules, SheetOut, SignCheck, StageOut, TemplateOut},
        pages as check_pages,
    },
    extra::model::{AnswerExtra, ExtraItem, NewExtra},
    maker::model::{AskMaker, BackFromMaker, MakerReturn, SendToMaker},
    notice::model::{NewNotice, Notices, ShopNotice},
    perms::{CHECK_SETUP, MAKER_WRITE, SHOP_HAND_OVER, SHOP_NOTIFY, SHOP_READ, SHOP_RECEIVE, SHOP_WORK},
    unit::{
        model::{AssignUnit, GiveBack, Load, PickUp, PlaceUnit, ReceiveUnit, Repaired, Settle, UnitOut},
        pages, prints, rest,
    },
};

const fn by(perm: &'static Perm) -> Access {
    Access::Perm(perm)
}

/// Everything.
pub fn all() -> Routes {
    setup(checks(maker(talk(bench(reception(Routes::new()))))))
}

fn reception(routes: Routes) -> Routes {
    let (read, receive, hand) = (by(&SHOP_READ), by(&SHOP_RECEIVE), by(&SHOP_HAND_OVER));
    routes
        .page("/workshop/receive", receive, pages::to_receive)
        .page("/orders/{id}/shop", read, pages::of_order)
        .page("/orders/{id}/receive", receive, pages::receive_form)
        .form("/orders/{id}/receive", receive, pages::receive)
        .page("/workshop/units/{id}", read, pages::unit)
        .page("/workshop/units/{id}/slip", read, prints::slip)
        .page("/workshop/units/{id}/label", read, prints::label)
        .page("/workshop/units/{id}/pick-up", hand, pages::pick_up_form)
        .form("/workshop/units/{id}/pick-up", hand, pages::pick_up)
        .page("/workshop/units/{id}/pick-up-slip", read, prints::pick_up_slip)
        .form("/workshop/units/{id}/settle", hand, pages::settle)
        .api_get::<Vec<UnitOut>, _, _>(
            "/orders/{id}/shop-units",
            read,
            T("工单的在修机器", "Stays of an order's unit in the workshop"),
            rest::of_order,
        )
        .api_get::<Load, _, _>(
            "/orders/{id}/shop-load",
            read,
            T("车间负荷与最早可交日期", "Load of the workshop and the earliest day"),
            rest::load,
        )
        .api_post::<ReceiveUnit, UnitOut, _, _>(
            "/orders/{id}/receive",
            receive,
            T("收机登记", "Receive the unit"),
            rest::receive,
        )
        .api_get::<UnitOut, _, _>(
            "/workshop/units/{id}",
            read,
            T("一台在修机器", "A unit in the workshop"),
            rest::get,
        )
        .api_post::<PickUp, UnitOut, _, _>(
            "/workshop/units/{id}/pick-up",
            hand,
            T("取机", "Hand it over"),
            rest::pick_up,
        )
        .api_post::<Settle, UnitOut, _, _>(
            "/workshop/units/{id}/settle",
            hand,
            T("补收欠款", "Receive what was owed"),
            rest::settle,
        )
}

fn bench(routes: Routes) -> Routes {
    let (read, work) = (by(&SHOP_READ), by(&SHOP_WORK));
    let (assign, complete) = (by(&ORDER_ASSIGN), by(&ORDER_COMPLETE));
    routes
        .page("/workshop/units/{id}/ask/{action}", read, pages::dialog)
        .form("/workshop/units/{id}/place", work, pages::place)
        .form("/workshop/units/{id}/assign", assign, pages::assign)
        .form("/workshop/units/{id}/begin", work, pages::begin)
        .form("/workshop/units/{id}/wait", work, pages::wait)
        .form("/workshop/units/{id}/repaired", complete, pages::repaired)
        .form("/workshop/units/{id}/give-back", work, pages::give_back)
        .api_post::<PlaceUnit, UnitOut, _, _>(
            "/workshop/units/{id}/place",
            work,
            T("登记位置", "Put it somewhere"),
            rest::place,
        )
        .api_post::<AssignUnit, UnitOut, _, _>(
            "/workshop/units/{id}/assign",
            assign,
            T("分配维修人员", "Assign a repair person"),
            rest::assign,
        )
        .api_post::<Note, UnitOut, _, _>(
            "/workshop/units/{id}/begin",
            work,
            T("开始或继续修理", "Begin or go on"),
            rest::begin,
        )
        .api_post::<Wait, UnitOut, _, _>(
            "/workshop/units/{id}/wait",
            work,
            T("待件、难修等", "Wait: parts, hard repair …"),
            rest::wait,
        )
        .api_post::<Repaired, UnitOut, _, _>(
            "/workshop/units/{id}/repaired",
            complete,
            T("修好；须先通过检验", "Repaired; the checks come first"),
            rest::repaired,
        )
        .api_post::<GiveBack, UnitOut, _, _>(
            "/workshop/units/{id}/give-back",
            work,
            T("未修退回或修前终止", "Give back unrepaired, or terminate"),
            rest::give_back,
        )
}

fn talk(routes: Routes) -> Routes {
    let (read, tell, work) = (by(&SHOP_READ), by(&SHOP_NOTIFY), by(&SHOP_WORK));
    routes
        .page("/shop-notices/{id}", read, pages::notice)
        .form("/workshop/units/{id}/notices", tell, pages::tell)
        .form("/workshop/units/{id}/extras", work, pages::ask_extra)
        .page("/workshop/units/{id}/extras/{item}/answer", tell, pages::extra_dialog)
        .form("/workshop/units/{id}/extras/{item}/answer", tell, pages::answer_extra)
        .api_get::<Notices, _, _>(
            "/workshop/units/{id}/notices",
            read,
            T("已发通知与各类话术", "What was told, and the words of every kind"),
            rest::notices,
        )
        .api_post::<NewNotice, ShopNotice, _, _>(
            "/workshop/units/{id}/notices",
            tell,
            T("登记一次通知", "Record a notice"),
            rest::tell,
        )
        .api_get::<Vec<ExtraItem>, _, _>(
            "/workshop/units/{id}/extras",
            read,
            T("增项", "Extra items"),
            rest::extras,
        )
        .api_post::<NewExtra, ExtraItem, _, _>(
            "/workshop/units/{id}/extras",
            work,
            T("登记增项，待征询客户", "Ask about an extra item"),
            rest::ask_extra,
        )
        .api_post::<AnswerExtra, ExtraItem, _, _>(
            "/workshop/units/{id}/extras/{item}/answer",
            tell,
            T("登记客户对增项的答复", "The customer's answer"),
            rest::answer_extra,
        )
}

fn maker(routes: Routes) -> Routes {
    let (read, write) = (by(&SHOP_READ), by(&MAKER_WRITE));
    routes
        .page("/maker-returns/{id}", read, prints::maker_slip)
        .form("/workshop/units/{id}/maker-returns", write, pages::send)
        .form("/workshop/units/{id}/ask-maker", write, pages::ask_maker)
        .form("/workshop/units/{id}/maker-back", write, pages::back)
        .api_get::<Vec<MakerReturn>, _, _>(
            "/workshop/units/{id}/maker-returns",
            read,
            T("一台机器的返厂记录", "Returns of a unit to its maker"),
            rest::returns,
        )
        .api_post::<SendToMaker, MakerReturn, _, _>(
            "/workshop/units/{id}/maker-returns",
            write,
            T("返厂送出", "Send it to its maker"),
            rest::send,
        )
        .api_post::<AskMaker, MakerReturn, _, _>(
            "/workshop/units/{id}/ask-maker",
            write,
            T("登记询问厂家的结果", "The maker was asked"),
            rest::ask_maker,
        )
        .api_post::<BackFromMaker, MakerReturn, _, _>(
            "/workshop/units/{id}/maker-back",
            write,
            T("厂家返回", "It is back"),
            rest::back,
        )
}

fn checks(routes: Routes) -> Routes {
    let read = by(&SHOP_READ);
    routes
        .page("/check-sheets/{id}", read, check_pages::sheet)
        .page("/workshop/units/{id}/checks/{stage}", read, check_pages::sign_form)
        .form("/workshop/units/{id}/checks/{stage}", read, check_pages::sign)
        .api_get::<Vec<StageOut>, _, _>(
            "/workshop/units/{id}/checks",
            read,
            T("检验环节、模板与已签记录", "Stages, lists and signed checks"),
            check_pages::stages_json,
        )
        .api_post::<SignCheck, SheetOut, _, _>(
            "/workshop/units/{id}/checks/{stage}",
            read,
            T("签署检验（self、team、final），各环节各有权限", "Sign a check; each stage has its permission"),
            check_pages::sign_json,
        )
}

fn setup(routes: Routes) -> Routes {
    let (read, write) = (by(&SHOP_READ), by(&CHECK_SETUP));
    routes
        .page("/workshop/checks", read, check_pages::setup)
        .page("/workshop/checks/{code}/edit", write, check_pages::template_form)
        .form("/workshop/check-templates", write, check_pages::save_template)
        .page("/workshop/check-rules/{kind}", write, check_pages::rules_dialog)
        .form("/workshop/check-rules", write, check_pages::set_rules)
        .api_get::<Vec<TemplateOut>, _, _>(
            "/workshop/check-templates",
            read,
            T("检验模板", "Check lists in use"),
            check_pages::templates_json,
        )
        .api_post::<SaveTemplate, TemplateOut, _, _>(
            "/workshop/check-templates",
            write,
            T("保存检验模板的新版本", "Save the next revision of a check list"),
            check_pages::save_template_json,
        )
        .api_get::<Vec<CheckRule>, _, _>(
            "/workshop/check-rules",
            read,
            T("各工种需要的检验环节", "Stages by kind of work"),
            check_pages::rules_json,
        )
        .api_post::<SetRules, Vec<CheckRule>, _, _>(
            "/workshop/check-rules",
            write,
            T("设置一个工种的检验环节", "Set the stages of a kind of work"),
            check_pages::set_rules_json,
        )
}
