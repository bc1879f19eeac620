//! How the figures of the dashboard are computed, in words.

use kernel::T;
use kit::Cx;
use maud::Markup;
use ui::Def;

pub fn formulas(cx: &Cx) -> Markup {
    let line = |name: T, text: T| Def::new(cx.t(name), cx.t(text)).full();
    ui::dl(&[
        line(T("受理", "Opened"), T("受理时间在区间内的工单数", "orders opened in the period")),
        line(T("完工", "Done"), T("完工时间在区间内的工单数", "orders done in the period")),
        line(
            T("按时率", "On time"),
            T("完工工单中没有任何时限超时的占比", "done orders of which no deadline passed, of all done"),
        ),
        line(
            T("一次修复率", "Fixed first time"),
            T(
                "已评定的完工工单中“一次修复”的占比",
                "done orders that held at the first attempt, of those judged",
            ),
        ),
        line(
            T("重复维修率", "Repeat repairs"),
            T(
                "受理工单中属于同一设备重复维修的占比",
                "opened orders that repeat a repair of the unit, of all opened",
            ),
        ),
        line(
            T("满意率", "Satisfied"),
            T("已回访的完工工单中结果为满意的占比", "done and called orders whose customer is satisfied"),
        ),
        line(
            T("投诉", "Complaints"),
            T(
                "区间内登记的主题为投诉的服务请求数，登记中与已放弃的不计；每百单为其与受理工单之比",
                "service requests about a complaint in the period, without drafts and what was dropped; to a hundred orders opened",
            ),
        ),
        line(
            T("故障率", "Fault rate"),
            T(
                "只计维修工种且未取消的工单（安装、送货、清洗等不算故障）。机型、区域：受理的故障单与在册设备台数（区域按设备所属客户的区域）之比；备件：用到它的完工维修单与全部完工维修单之比；上期为之前同样天数；各月：截至区间末月的十二个整月里受理的故障单与现在在册设备台数之比",
                "repairs that were not called off; installations, deliveries and cleaning are no faults. Of a model or an area: faults opened to units recorded, of an area those of its customers; of a part: done repairs that used it to all done repairs. Before: as many days before. By month: faults opened in the twelve whole months up to the last of the period, to the units recorded now",
            ),
        ),
        line(
            T("在手工单", "Open orders"),
            T(
                "现在未结束的工单，按状态和受理至今的自然日分列，与区间无关",
                "orders not over now, by state and by days of the calendar since they were opened, whatever the period",
            ),
        ),
        line(
            T("回访结果", "Callback results"),
            T("完工工单最近一次回访的结果", "results of the last callback of done orders"),
        ),
        line(
            T("工程师、网点", "Engineers, outlets"),
            T(
                "按负责工程师或所属网点统计的完工工单，各率口径同上",
                "done orders by leading engineer or organisation, shares as above",
            ),
        ),
        line(
            T("备件数量与金额", "Parts: quantity and value"),
            T(
                "完工工单上实际用掉的数量与保修前金额，各工种都计",
                "what done orders used and its value before warranty, of every kind of work",
            ),
        ),
        line(
            T("流程单据", "Process documents"),
            T(
                "独立办理的单据（按工单办理的计入工单；保密类型不计）：现在进行中的、其中正在与客户接触的步骤和企业内部步骤的、有时限超时过的；区间内办结的及其从开单到办结的平均小时数，取消、终止、退回的不算办结",
                "documents that stand for themselves (runs of orders count as orders, confidential kinds nowhere): running now, of those at steps with the customer and inside, and with a clock that ran out; brought to their end in the period, with the mean hours from opening; what was called off, broken off or given back is not",
            ),
        ),
        line(
            T("区域设备台数", "Units of an area"),
            T(
                "超过两万台时每小时统计一次，其余打开看板时统计",
                "counted every hour where there are more than 20,000, otherwise when somebody looks",
            ),
        ),
        line(
            T("平均完工用时", "Time to done"),
            T("从受理到完工的平均小时数", "mean hours from opened to done"),
        ),
        line(
            T("完工金额", "Value done"),
            T("完工工单保修前总额之和", "totals of done orders before warranty"),
        ),
    ])
}
