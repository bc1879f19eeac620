//! Columns of past orders, with the names other systems give them.

use kernel::T;
use kit::tabular::{CellKind, ColumnSpec};

const fn text(key: &'static str, label: T, max: usize) -> ColumnSpec {
    ColumnSpec::new(key, label, CellKind::Text { max })
}

/// Dates are read here as texts: ISO and Chinese, else day first, and the zero date of spreadsheets is none.
pub fn columns() -> Vec<ColumnSpec> {
    vec![
        // An export of the list names its orders by this: they are there already and are skipped.
        text("no", T("工单号", "Number"), 40),
        text("external_no", T("外部单号", "External no."), 80)
            .aliases(&["PONumber", "Work Order", "WO", "工单编号", "单号"])
            .example("WO-2374"),
        text("opened_on", T("开单日期", "Opened on"), 30)
            .aliases(&[
                "Work_Order_Basic_Start_Date",
                "Basic Start Date",
                "Created",
                "报修日期",
                "受理日期",
                "受理时间",
                "Opened",
            ])
            .example("2025-11-22"),
        text("started_on", T("开工日期", "Started on"), 30)
            .aliases(&["ACtStartDate", "Actual Start Date", "维修日期"])
            .example("2025-11-23"),
        text("done_on", T("完工日期", "Done on"), 30)
            .aliases(&["ActFinishDate", "Finish Date", "关闭日期", "完工时间", "Done"])
            .example("2025-11-24"),
        text("symptom", T("故障描述", "Short text"), 4000)
            .required()
            .aliases(&["ShortText", "Description", "故障现象", "内容"])
            .example("不制冷"),
        text("serial", T("设备编号或序列号", "Asset or serial no."), 60)
            .aliases(&["AssetID", "Asset", "Equipment", "序列号", "设备编号", "机身号"])
            .example("AC35-2024-00017"),
        text("model", T("机型", "Model"), 100).aliases(&["Model", "型号", "产品型号"]).example("KFR-35GW"),
        text("customer", T("客户", "Customer"), 100)
            .aliases(&["SiteID", "Customer", "Site", "客户名称", "单位"])
            .example("湖滨万象城"),
        text("component", T("部位", "Component"), 200)
            .aliases(&["Functional_Location_Description", "Component", "故障部位"])
            .example("压缩机"),
        text("place", T("位置", "Place"), 200).aliases(&[
            "Work_Order_Functional_Location",
            "Functional Location",
            "安装位置",
        ]),
        text("team", T("班组", "Team"), 100).aliases(&[
            "WorkCentre",
            "Work Centre",
            "Work Center",
            "班组名称",
        ]),
        text("type", T("单据类型", "Type"), 60).aliases(&["Work_Order_Type", "WO_Type"]),
        text("kind", T("工种代码", "Kind code"), 40).example("repair_minor"),
        text("priority", T("优先级", "Priority"), 20).aliases(&["Priority", "紧急程度"]).example("2"),
        ColumnSpec::new("cost", T("费用", "Cost"), CellKind::Price)
            .aliases(&[
                "Work_Order_Total_Actual_Cost",
                "TotalCost",
                "Total Cost",
                "总费用",
                "金额",
                "总额",
                "Gross",
            ])
            .example("380.00"),
        text("result", T("处理结果", "Result"), 4000)
            .aliases(&["Result", "维修结果"])
            .example("更换启动电容"),
    ]
}
