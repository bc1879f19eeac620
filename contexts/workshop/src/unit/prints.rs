//! Sheets of the workshop: receiving slip in two copies, box label, pick-up slip, slip of a return to the maker.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Cx, Error, Result, attachments, format};
use maud::{Markup, html};
use orders::api::Stock;

use super::{
    model::{ArticleKind, HandOverCheck, Held, Identity},
    service,
};
use crate::maker;

fn text(value: &str) -> Markup {
    ui::or_none(Some(value).filter(|v| !v.is_empty()))
}

fn head(cx: &Cx, title: &str, copy: &str, no: &str) -> Markup {
    let note = format!("{copy} {} {}", cx.t(T("打印", "Printed")), format::full_time(cx, cx.now()));
    ui::print_head(&cx.app.config.company, title, no, note.trim(), None)
}

async fn signature(cx: &Cx, kind: &str, id: Id) -> Result<Option<String>> {
    let mut conn = cx.read().await?;
    let files = attachments::of_doc(&mut conn, kind, id).await?;
    Ok(files.iter().rev().find(|file| file.label == "signature").map(|file| format!("/files/{}", file.id)))
}

async fn load(cx: &Cx, id: Id) -> Result<Held> {
    let mut conn = cx.read().await?;
    service::visible(cx, &mut conn, id).await
}

fn facts(cx: &Cx, held: &Held) -> Markup {
    let (u, o) = (&held.unit, &held.order);
    let promised = o.pickup_on.map(|day| day.to_string()).unwrap_or_default();
    ui::print_facts(&[
        (cx.t(T("客户", "Customer")), text(&cx.mask(kit::Sens::Name, &o.customer_name)), 1),
        (cx.t(T("联系人", "Contact")), text(&cx.mask(kit::Sens::Name, &o.contact)), 1),
        (cx.t(T("电话", "Phone")), text(&cx.show(&o.phone)), 1),
        (cx.t(T("机型", "Model")), text(&o.model_name), 1),
        (cx.t(T("序列号", "Serial")), text(&cx.mask(kit::Sens::Serial, &o.serial)), 1),
        (cx.t(T("工单", "Order")), text(&o.no), 1),
        (cx.t(T("收机时间", "Received")), html! { (format::full_time(cx, u.received_at)) }, 1),
        (cx.t(T("保修", "Warranty")), html! { (cx.t(o.warranty.label())) }, 1),
        (cx.t(T("约定取机", "Promised")), text(&promised), 1),
        (cx.t(T("故障现象", "Fault")), text(&o.symptom), 3),
    ])
}

fn articles(cx: &Cx, held: &Held) -> Markup {
    let head = [
        T("随机附件、工具、物品", "Accessories, tools, articles"),
        T("数量", "Pieces"),
        T("备注", "Remark"),
        T("取机清点", "Counted"),
    ]
    .map(|t| cx.t(t));
    let rows: Vec<Vec<Markup>> = held
        .unit
        .articles()
        .iter()
        .map(|a| {
            let kind = if a.kind == ArticleKind::Accessory { "" } else { cx.t(a.kind.label()) };
            vec![html! { (a.name) " " (kind) }, html! { (a.pieces) }, html! { (a.note) }, html! { "☐" }]
        })
        .collect();
    let title = format!("{} {}", cx.t(T("存物箱", "Box")), held.unit.box_no);
    html! { @if !rows.is_empty() { (ui::print_table(&title, &head, &[1], &rows, &[])) } }
}

/// Receiving slip (机器接收单): one copy for the shop, one for the customer (SHOP-02).
pub async fn slip(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let held = load(&cx, id).await?;
    let cx = cx.clock_of(held.order.org_id);
    let sign = signature(&cx, "shop_unit", id).await?;
    let title = cx.t(T("机器接收单", "Receiving slip"));
    let copies = [T("存根联", "Shop's copy"), T("客户联", "Customer's copy")];
    let (u, day) = (&held.unit, format::date(&cx, held.unit.received_at));
    let limit = held.order.quote_limit.map(format::money).unwrap_or_default();
    let main = html! {
        @for (index, copy) in copies.into_iter().enumerate() {
            @if index > 0 { hr; }
            (head(&cx, title, cx.t(copy), &u.no))
            (facts(&cx, &held))
            (ui::print_facts(&[
                (cx.t(T("外表面", "Outer surface")), text(&u.outer_look), 1),
                (cx.t(T("内表面", "Inner surface")), text(&u.inner_look), 1),
                (cx.t(T("外部件", "External parts")), text(&u.parts_look), 1),
                (cx.t(T("划伤磕碰", "Scratches")), text(&u.scratches), 2),
                (cx.t(T("超额通知限额", "Over-quote limit")), text(&limit), 1),
                (cx.t(T("证件", "Papers")), papers(&cx, &held), 2),
                (cx.t(T("异常与差异", "Anything unusual")), text(&u.anomalies), 1),
            ]))
            (articles(&cx, &held))
            (ui::sign_boxes(&[
                (cx.t(T("客户签字", "Customer")), sign.clone(), day.clone()),
                (cx.t(T("接修员", "Received by")), None, u.received_name.clone()),
            ]))
            (ui::print_note(cx.t(T("请凭本单取机；取机时当面试机、清点附件物品。修好通知后长期不取的，按约定处理。", "Please bring this slip. The unit is tested and its articles are counted in front of you. Units not picked up are dealt with as agreed."))))
        }
    };
    Ok(cx.sheet(&format!("{title} {}", u.no), &format!("/workshop/units/{id}"), main))
}

fn papers(cx: &Cx, held: &Held) -> Markup {
    let papers = held.unit.papers();
    if papers.is_empty() {
        return ui::none();
    }
    html! { @for p in &papers {
        (cx.t(p.kind.label())) "（" (cx.t(if p.valid { T("有效", "valid") } else { T("无效", "not valid") })) "、" (cx.t(if p.complete { T("完整", "complete") } else { T("不全", "incomplete") })) "） " (p.note) " "
    } }
}

/// Label of the storage box (SHOP-03).
pub async fn label(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let held = load(&cx, id).await?;
    let cx = cx.clock_of(held.order.org_id);
    let title = cx.t(T("存物箱标签", "Box label"));
    let no = if held.unit.box_no.is_empty() { &held.unit.no } else { &held.unit.box_no };
    let main = html! {
        (head(&cx, title, "", no))
        (ui::print_facts(&[
            (cx.t(T("接修单", "Slip")), text(&held.unit.no), 1),
            (cx.t(T("客户", "Customer")), text(&cx.mask(kit::Sens::Name, &held.order.customer_name)), 1),
            (cx.t(T("收机", "Received")), html! { (format::date(&cx, held.unit.received_at)) }, 1),
            (cx.t(T("设备", "Unit")), text(&held.name()), 3),
        ]))
        (articles(&cx, &held))
    };
    Ok(cx.sheet(&format!("{title} {no}"), &format!("/workshop/units/{id}"), main))
}

/// Pick-up slip: what was done, what was paid, signed (SHOP-26).
pub async fn pick_up_slip(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let held = load(&cx, id).await?;
    let cx = cx.clock_of(held.order.org_id);
    let Some(left_at) = held.unit.left_at else { return Err(Error::NotFound) };
    let mut conn = cx.read().await?;
    let lines = orders::api::lines(&mut conn, held.order.id).await?;
    let told = orders::api::hand_over(&mut conn, held.order.id).await?;
    drop(conn);
    let own = signature(&cx, "shop_unit", id).await?;
    let sign = if held.order.done_at.is_some() { signature(&cx, "order", held.order.id).await? } else { own };
    let (u, title) = (&held.unit, cx.t(T("取机单", "Pick-up slip")));
    let table: Vec<Vec<Markup>> = lines
        .iter()
        .filter(|line| line.stock != Stock::Returned)
        .map(|l| {
            vec![
                html! { (l.name) },
                html! { (l.quantity.to_string()) },
                html! { (l.price.to_string()) },
                html! { (l.amount.to_string()) },
            ]
        })
        .collect();
    let heads =
        [T("项目", "Item"), T("数量", "Qty"), T("单价", "Price"), T("应收", "Payable")].map(|t| cx.t(t));
    let foot = [
        (cx.t(T("应收", "Receivable")), format::price(&cx, u.due)),
        (cx.t(T("实收", "Received")), format::price(&cx, u.received)),
    ];
    let done: Vec<String> = serde_json::from_str(&u.checks).unwrap_or_default();
    let ticks = done
        .iter()
        .filter_map(|code| HandOverCheck::parse(code))
        .map(|c| format!("☑ {}", cx.t(c.label())))
        .collect::<Vec<_>>()
        .join("  ");
    let main = html! {
        (head(&cx, title, "", &u.no))
        (facts(&cx, &held))
        (ui::print_text(cx.t(T("处理结果", "What was done")), &held.order.result))
        (ui::print_table("", &heads, &[1, 2, 3], &table, &foot))
        (articles(&cx, &held))
        (ui::print_text(cx.t(T("当面检查", "Checked in front of the customer")), ticks))
        (told.print(&cx))
        (ui::print_facts(&[
            (cx.t(T("取机人", "Picked up by")), text(&u.taker), 1),
            (cx.t(T("核对方式", "Recognised by")), text(Identity::parse(&u.identity).map_or("", |i| cx.t(i.label()))), 1),
            (cx.t(T("取机时间", "Time")), html! { (format::full_time(&cx, left_at)) }, 1),
            (cx.t(T("清点差异", "Missing")), text(&u.difference), 3),
        ]))
        (ui::sign_boxes(&[
            (cx.t(T("客户签字", "Customer")), sign, format::date(&cx, left_at)),
            (cx.t(T("交付人", "Handed over by")), None, u.handed_name.clone()),
        ]))
    };
    Ok(cx.sheet(&format!("{title} {}", u.no), &format!("/workshop/units/{id}"), main))
}

/// Slip that is pasted on a unit returned to its maker (SHOP-21).
pub async fn maker_slip(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = maker::store::get_return(&mut conn, id).await?;
    let held = service::visible(&cx, &mut conn, row.shop_unit_id).await?;
    drop(conn);
    let cx = cx.clock_of(held.order.org_id);
    let title = cx.t(T("返厂维修单", "Return to the maker"));
    let time = |at: Option<kernel::Ts>| html! { @match at { Some(at) => { (format::full_time(&cx, at)) } None => { (ui::none()) } } };
    let main = html! {
        (head(&cx, title, "", &row.no))
        (ui::print_facts(&[
            (cx.t(T("厂家", "Maker")), text(&row.maker), 2),
            (cx.t(T("接修单", "Slip")), text(&held.unit.no), 1),
            (cx.t(T("机型", "Model")), text(&held.order.model_name), 1),
            (cx.t(T("序列号", "Serial")), text(&cx.mask(kit::Sens::Serial, &held.order.serial)), 1),
            (cx.t(T("保修", "Warranty")), html! { (cx.t(held.order.warranty.label())) }, 1),
            (cx.t(T("故障", "Fault")), text(&row.fault), 3),
            (cx.t(T("按单核对", "Checked against the slip")), text(&row.looks), 3),
            (cx.t(T("承运", "Carrier")), text(&row.carrier), 1),
            (cx.t(T("运单号", "Waybill")), text(&row.waybill), 1),
            (cx.t(T("用车", "Vehicle")), text(&row.vehicle), 1),
            (cx.t(T("送出", "Sent")), time(Some(row.sent_at)), 1),
            (cx.t(T("承诺返回", "Promised")), time(row.promised_at), 1),
            (cx.t(T("返回", "Back")), time(row.back_at), 1),
        ]))
        (ui::sign_boxes(&[
            (cx.t(T("返货主管", "Return supervisor")), None, row.checked_name.clone()),
            (cx.t(T("承运人", "Carrier")), None, String::new()),
            (cx.t(T("厂家签收", "Maker")), None, String::new()),
        ]))
    };
    Ok(cx.sheet(&format!("{title} {}", row.no), &format!("/workshop/units/{}", row.shop_unit_id), main))
}
