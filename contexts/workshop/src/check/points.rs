//! Check lists as shipped: revision 1 of each. A company that saves its own gets revision 2 and so on (QC-06, QC-07).
//!
//! The 39 points (机器检测39条, N-28) follow the order of work at the bench: outside, power off, power on, functions,
//! power off and on again, hand-over. Limits are those of GB 4706.1 for portable appliances of class I where that
//! standard has any: earth path ≤ 0.1 Ω, insulation ≥ 2 MΩ, leakage ≤ 0.75 mA; mains 220 V +7 % −10 %.

use kernel::{Id, Quantity, Ts};

use super::model::{CheckTemplate, Point};

/// In Chinese and in English.
type Section = (&'static str, &'static str);

type Row = (Section, &'static str, &'static str, &'static str, Option<i64>, Option<i64>);

const OUTSIDE: Section = ("外观", "Outside");
const OFF: Section = ("断电检查", "Power off");
const ON: Section = ("通电检查", "Power on");
const WORK: Section = ("功能测试", "Functions");
const AGAIN: Section = ("断电重启", "Off and on again");
const OUT: Section = ("交付准备", "Hand-over");
const NONE: Section = ("", "");

/// Group, name, English, unit, least and most in thousandths.
const MACHINE39: [Row; 39] = [
    (OUTSIDE, "序列号与接修单一致", "Serial number matches the slip", "", None, None),
    (OUTSIDE, "外壳无新增划伤、磕碰", "No new scratches or dents", "", None, None),
    (OUTSIDE, "外壳、门板、卡扣闭合到位", "Covers, doors and clips close", "", None, None),
    (OUTSIDE, "螺钉齐全并紧固", "All screws present and tight", "", None, None),
    (OUTSIDE, "标签、铭牌、防拆贴完好", "Labels and seals intact", "", None, None),
    (OUTSIDE, "脚垫、把手、支架牢固", "Feet, handles and brackets firm", "", None, None),
    (OFF, "已断电并放电", "Switched off, unplugged and discharged", "", None, None),
    (OFF, "电源线与插头无破损", "Mains cord and plug undamaged", "", None, None),
    (OFF, "保险丝规格正确", "Fuse of the right rating", "", None, None),
    (OFF, "接地电阻", "Resistance of the earth path", "Ω", None, Some(100)),
    (OFF, "绝缘电阻", "Insulation resistance", "MΩ", Some(2_000), None),
    (OFF, "内部清洁，无积灰、水渍、异物", "Inside clean, dry, no foreign matter", "", None, None),
    (OFF, "线束插接到位、走线固定", "Connectors seated, wires fastened", "", None, None),
    (OFF, "焊点与电容无虚焊、鼓包", "Joints and capacitors sound", "", None, None),
    (OFF, "更换件型号与领料单一致", "Replaced parts match the issue slip", "", None, None),
    (OFF, "旧件已回收并标记", "Old parts kept and labelled", "", None, None),
    (OFF, "运动部件转动灵活、无异响", "Moving parts turn freely", "", None, None),
    (ON, "输入电压", "Supply voltage", "V", Some(198_000), Some(236_000)),
    (ON, "开机自检通过，无报错", "Self-test passes without errors", "", None, None),
    (ON, "待机与运行指示正常", "Stand-by and run indicators right", "", None, None),
    (ON, "泄漏电流", "Leakage current", "mA", None, Some(750)),
    (ON, "无异味、冒烟、打火", "No smell, smoke or sparks", "", None, None),
    (ON, "风扇与散热正常", "Fans and cooling work", "", None, None),
    (ON, "运行噪声与振动正常", "Noise and vibration normal", "", None, None),
    (WORK, "报修故障已排除", "The reported fault is gone", "", None, None),
    (WORK, "按键、旋钮、触摸有效", "Buttons, knobs and touch respond", "", None, None),
    (WORK, "显示、指示完整清晰", "Display complete and clear", "", None, None),
    (WORK, "各接口与连接功能正常", "Ports and connections work", "", None, None),
    (WORK, "主要功能逐项试用正常", "Main functions tried one by one", "", None, None),
    (WORK, "安全联锁与保护有效", "Interlocks and protections act", "", None, None),
    (WORK, "参数已恢复、校准有效", "Settings restored, calibration valid", "", None, None),
    (WORK, "连续运行 30 分钟无异常", "30 minutes of operation without trouble", "", None, None),
    (WORK, "满载运行温升正常", "Temperature under load normal", "", None, None),
    (AGAIN, "关机断电 1 分钟", "Switched off and unplugged for one minute", "", None, None),
    (AGAIN, "重新通电，开机正常", "Starts normally when powered again", "", None, None),
    (AGAIN, "设置与数据保持", "Settings and data kept", "", None, None),
    (OUT, "整机清洁", "Machine cleaned", "", None, None),
    (OUT, "附件、随机物品与存物箱一致", "Accessories and box complete", "", None, None),
    (OUT, "机内无遗留工具、抹布", "No tools or rags left inside", "", None, None),
];

/// Short list for the self-check and the team leader.
const REPAIR: [Row; 8] = [
    (NONE, "报修故障已排除", "The reported fault is gone", "", None, None),
    (NONE, "按工单完成全部项目", "Everything on the order is done", "", None, None),
    (NONE, "更换件与领料一致，旧件已回收", "Parts match the issue slip, old ones kept", "", None, None),
    (NONE, "螺钉、线束、盖板复原", "Screws, wires and covers back in place", "", None, None),
    (NONE, "通电试机正常", "Runs when powered", "", None, None),
    (NONE, "断电重启正常", "Starts again after power off", "", None, None),
    (NONE, "整机清洁，无遗留工具", "Clean, no tools left inside", "", None, None),
    (NONE, "发现的其他问题已写明", "Other problems found are written down", "", None, None),
];

fn shipped(code: &str, name: &str, name_en: &str, rows: &[Row]) -> CheckTemplate {
    let points: Vec<Point> = rows
        .iter()
        .map(|(group, name, name_en, unit, least, most)| Point {
            group: group.0.into(),
            group_en: group.1.into(),
            name: (*name).into(),
            name_en: (*name_en).into(),
            unit: (*unit).into(),
            least: least.map(Quantity),
            most: most.map(Quantity),
            photo: false,
        })
        .collect();
    CheckTemplate {
        id: Id::NIL,
        code: code.into(),
        revision: 1,
        name: name.into(),
        name_en: name_en.into(),
        points: serde_json::to_string(&points).unwrap_or_default(),
        active: true,
        created_name: String::new(),
        created_at: Ts(0),
    }
}

/// Every list as shipped.
pub fn all() -> Vec<CheckTemplate> {
    vec![
        shipped("machine39", "机器检测 39 条", "39-point machine check", &MACHINE39),
        shipped("repair", "维修检验", "Check after repair", &REPAIR),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{model::SaveTemplate, rules};

    #[test]
    fn the_shipped_lists_are_good_ones_and_have_39_points() {
        for list in all() {
            let points = list.points();
            let input =
                SaveTemplate { code: list.code.clone(), name: list.name.clone(), ..SaveTemplate::default() };
            rules::check_template(&input, &points).expect("a good list");
            assert!(points.iter().all(|p| !p.name_en.is_empty() && p.section(kernel::Lang::En).is_ascii()));
            let again = rules::parse_points(&rules::points_text(&points)).expect("readable");
            assert_eq!(again, points, "{}", list.code);
        }
        assert_eq!(all()[0].points().len(), 39);
        let mut names: Vec<_> = MACHINE39.iter().map(|row| row.1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 39, "no point stands twice");
    }
}
