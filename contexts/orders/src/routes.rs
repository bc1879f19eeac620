//! All routes of this context.

use kernel::T;
use kit::{Access, Routes};

use crate::{
    line::{
        self,
        model::{EditLine, LinesOut, NewLine},
    },
    order::{
        input::{
            Arrive, Audit, Complete, Confirm, Consent, EditOrder, Limit, Loaner, NewOrder, Note, Place,
            Quote, Reason, Verify, Wait,
        },
        out::{OrderFull, OrderOut, Revealed},
        pages, rest,
    },
    perms::{
        ORDER_ACCEPT, ORDER_ASSIGN, ORDER_AUDIT, ORDER_COMPLETE, ORDER_CONFIRM, ORDER_CREATE, ORDER_EDIT,
        ORDER_LINES, ORDER_QUOTE, ORDER_READ, ORDER_REOPEN, ORDER_REVEAL, ORDER_STOP, ORDER_WORK,
    },
};

/// Everything.
pub fn all() -> Routes {
    let own = dialogs(pages(lines(finishing(moves(head(Routes::new()))))));
    let parts = crate::unit::routes(crate::process::routes(crate::history::routes(own)));
    crate::key::routes(crate::sheet::routes(parts))
}

fn head(routes: Routes) -> Routes {
    routes
        .api_post::<NewOrder, OrderOut, _, _>(
            "/orders",
            Access::Perm(&ORDER_CREATE),
            T("新建工单", "Open an order"),
            rest::create,
        )
        .api_get::<OrderFull, _, _>(
            "/orders/{id}",
            Access::Perm(&ORDER_READ),
            T("工单详情", "An order"),
            rest::get,
        )
        .api_put::<EditOrder, OrderOut, _, _>(
            "/orders/{id}",
            Access::Perm(&ORDER_EDIT),
            T("修改工单", "Change the head"),
            rest::edit,
        )
        .api_post::<(), Revealed, _, _>(
            "/orders/{id}/reveal/{field}",
            Access::Perm(&ORDER_REVEAL),
            T("查看完整电话或地址，会被记录", "Phone or address in full; recorded"),
            rest::reveal,
        )
        .api_post::<Note, OrderOut, _, _>(
            "/orders/{id}/accept",
            Access::Perm(&ORDER_ACCEPT),
            T("受理", "Accept"),
            rest::accept,
        )
        .api_post::<Verify, OrderOut, _, _>(
            "/orders/{id}/verify",
            Access::Perm(&ORDER_EDIT),
            T("与调度、再与客户核实信息", "Data verified: with the dispatcher, then the customer"),
            rest::verify,
        )
        .api_post::<Reason, OrderOut, _, _>(
            "/orders/{id}/escalate",
            Access::Perm(&ORDER_WORK),
            T("升级", "Escalate"),
            rest::escalate,
        )
        .api_post::<Limit, OrderOut, _, _>(
            "/orders/{id}/limit",
            Access::Perm(&ORDER_ASSIGN),
            T("另议时限", "Agree another limit"),
            rest::limit,
        )
        .api_post::<Loaner, OrderOut, _, _>(
            "/orders/{id}/loaner",
            Access::Perm(&ORDER_ASSIGN),
            T("周转机登记", "Loaner given or refused"),
            rest::loaner,
        )
}

fn moves(routes: Routes) -> Routes {
    let work = || Access::Perm(&ORDER_WORK);
    routes
        .api_post::<Place, OrderOut, _, _>("/orders/{id}/depart", work(), T("出发", "Depart"), rest::depart)
        .api_post::<Arrive, OrderOut, _, _>("/orders/{id}/arrive", work(), T("到达", "Arrive"), rest::arrive)
        .api_post::<Place, OrderOut, _, _>("/orders/{id}/start", work(), T("开工", "Start work"), rest::start)
        .api_post::<Wait, OrderOut, _, _>("/orders/{id}/wait", work(), T("挂起", "Wait"), rest::wait)
        .api_post::<Note, OrderOut, _, _>("/orders/{id}/resume", work(), T("恢复", "Resume"), rest::resume)
        .api_post::<Quote, OrderOut, _, _>(
            "/orders/{id}/quote",
            Access::Perm(&ORDER_QUOTE),
            T("报价", "Quote"),
            rest::quote,
        )
        .api_post::<Consent, OrderOut, _, _>(
            "/orders/{id}/consent",
            Access::Perm(&ORDER_QUOTE),
            T("登记同意", "Record consent"),
            rest::consent,
        )
        .api_post::<Reason, OrderOut, _, _>(
            "/orders/{id}/cancel",
            Access::Perm(&ORDER_STOP),
            T("取消", "Cancel"),
            rest::cancel,
        )
        .api_post::<Reason, OrderOut, _, _>(
            "/orders/{id}/terminate",
            Access::Perm(&ORDER_STOP),
            T("终止", "Terminate"),
            rest::terminate,
        )
        .api_post::<Reason, OrderOut, _, _>(
            "/orders/{id}/return",
            work(),
            T("未修复返回", "Return unrepaired"),
            rest::give_back,
        )
}

fn finishing(routes: Routes) -> Routes {
    let audit = || Access::Perm(&ORDER_AUDIT);
    routes
        .api_post::<Complete, OrderOut, _, _>(
            "/orders/{id}/complete",
            Access::Perm(&ORDER_COMPLETE),
            T("完工回单", "Complete"),
            rest::complete,
        )
        .api_post::<Confirm, OrderOut, _, _>(
            "/orders/{id}/confirm",
            Access::Perm(&ORDER_CONFIRM),
            T("客户确认", "Customer's acknowledgement"),
            rest::confirm,
        )
        .api_post::<Reason, OrderOut, _, _>(
            "/orders/{id}/reopen",
            Access::Perm(&ORDER_REOPEN),
            T("返工", "Reopen"),
            rest::reopen,
        )
        .api_post::<Audit, OrderOut, _, _>("/orders/{id}/audit", audit(), T("审核", "Audit"), rest::audit)
        .api_post::<Note, OrderOut, _, _>("/orders/{id}/close", audit(), T("关闭", "Close"), rest::close)
}

fn lines(routes: Routes) -> Routes {
    let write = || Access::Perm(&ORDER_LINES);
    routes
        .api_get::<LinesOut, _, _>(
            "/orders/{id}/lines",
            Access::Perm(&ORDER_READ),
            T("备件与费用行", "Lines"),
            line::rest::list,
        )
        .api_post::<NewLine, OrderOut, _, _>(
            "/orders/{id}/lines",
            write(),
            T("新增行", "Add a line"),
            line::rest::add,
        )
        .api_put::<EditLine, OrderOut, _, _>(
            "/orders/{id}/lines/{line}",
            write(),
            T("修改行", "Change a line"),
            line::rest::change,
        )
        .api_delete::<OrderOut, _, _>(
            "/orders/{id}/lines/{line}",
            write(),
            T("删除行", "Delete a line"),
            line::rest::remove,
        )
}

fn pages(routes: Routes) -> Routes {
    let (read, create, edit, write) = (
        || Access::Perm(&ORDER_READ),
        || Access::Perm(&ORDER_CREATE),
        || Access::Perm(&ORDER_EDIT),
        || Access::Perm(&ORDER_LINES),
    );
    routes
        .page("/orders/new", create(), pages::new_order)
        .form("/orders/new", create(), pages::create)
        .page("/orders/{id}", read(), pages::order)
        .page("/orders/{id}/edit", edit(), pages::edit_form)
        .form("/orders/{id}/edit", edit(), pages::edit)
        .page("/orders/{id}/lines/new", write(), pages::new_line)
        .form("/orders/{id}/lines", write(), pages::add_line)
        .page("/orders/{id}/lines/{line}/edit", write(), pages::edit_line)
        .form("/orders/{id}/lines/{line}", write(), pages::change_line)
        .form("/orders/{id}/lines/{line}/delete", write(), pages::delete_line)
        .form("/orders/{id}/reveal/{field}", Access::Perm(&ORDER_REVEAL), pages::reveal)
}

fn dialogs(routes: Routes) -> Routes {
    let (work, steer, quote, stop, audit) = (
        || Access::Perm(&ORDER_WORK),
        || Access::Perm(&ORDER_ASSIGN),
        || Access::Perm(&ORDER_QUOTE),
        || Access::Perm(&ORDER_STOP),
        || Access::Perm(&ORDER_AUDIT),
    );
    routes
        .page("/orders/{id}/ask/{action}", Access::Perm(&ORDER_READ), pages::dialog)
        .form("/orders/{id}/do/accept", Access::Perm(&ORDER_ACCEPT), pages::accept)
        .form("/orders/{id}/do/verify", Access::Perm(&ORDER_EDIT), pages::verify)
        .form("/orders/{id}/do/limit", steer(), pages::limit)
        .form("/orders/{id}/do/loaner", steer(), pages::loaner)
        .form("/orders/{id}/do/depart", work(), pages::depart)
        .form("/orders/{id}/do/arrive", work(), pages::arrive)
        .form("/orders/{id}/do/start", work(), pages::start)
        .form("/orders/{id}/do/wait", work(), pages::wait)
        .form("/orders/{id}/do/resume", work(), pages::resume)
        .form("/orders/{id}/do/escalate", work(), pages::escalate)
        .form("/orders/{id}/do/return", work(), pages::give_back)
        .form("/orders/{id}/do/quote", quote(), pages::quote)
        .form("/orders/{id}/do/consent", quote(), pages::consent)
        .form("/orders/{id}/do/complete", Access::Perm(&ORDER_COMPLETE), pages::complete)
        .form("/orders/{id}/do/confirm", Access::Perm(&ORDER_CONFIRM), pages::confirm)
        .form("/orders/{id}/do/reopen", Access::Perm(&ORDER_REOPEN), pages::reopen)
        .form("/orders/{id}/do/cancel", stop(), pages::cancel)
        .form("/orders/{id}/do/terminate", stop(), pages::terminate)
        .form("/orders/{id}/do/audit", audit(), pages::audit)
        .form("/orders/{id}/do/close", audit(), pages::close)
}
