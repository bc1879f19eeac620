//! Draws a plan as one HTML page: figures, timeline, map, what is left out. No script, no outside file; light
//! and dark follow the reader's system.

use std::{collections::HashMap, fmt::Write, path::PathBuf};

use clap::{Args, ValueEnum};
use routing::{
    answer::{Answer, RouteOut, StopOut},
    input::{Problem, Shift},
    words::{clock, span_en, span_zh},
};

use crate::{
    files::{self, Failure},
    plan::answer,
};

/// Language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Draw a plan.
#[derive(Debug, Args)]
pub struct Report {
    /// The problem (JSON).
    #[arg(long, value_name = "FILE")]
    problem: PathBuf,
    /// Its plan, as `solve` wrote it.
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    /// Where to write the page.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Language of the page.
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
}

impl Report {
    /// Reads, draws, writes.
    pub fn run(&self) -> Result<(), Failure> {
        let problem = files::problem(&self.problem)?;
        let plan = answer(&self.plan)?;
        files::write(Some(&self.out), &html(&problem, &plan, self.lang))
    }
}

/// Pixels: height of a row, width of the names, width of the time axis.
const ROW: f64 = 38.0;
const NAMES: f64 = 132.0;
const AXIS: f64 = 1080.0;
const DAY: i64 = 86_400;
/// Routes up to which the map names their colours.
const MOST_NAMES: usize = 40;
/// Of latitude; of longitude, too, once it is shrunk.
const KM_PER_DEGREE: f64 = 111.2;

const STYLE: &str = include_str!("report.css");

struct Page<'a> {
    problem: &'a Problem,
    plan: &'a Answer,
    lang: Language,
    places: HashMap<&'a str, usize>,
    jobs: HashMap<&'a str, usize>,
    engineers: HashMap<&'a str, usize>,
    /// A degree of longitude in degrees of latitude: the same all over the map, or it would be sheared.
    shrink: f64,
    out: String,
}

/// The whole page.
pub fn html(problem: &Problem, plan: &Answer, lang: Language) -> String {
    let mut page = Page {
        problem,
        plan,
        lang,
        places: problem.places.iter().enumerate().map(|(i, p)| (p.id.as_str(), i)).collect(),
        jobs: problem.jobs.iter().enumerate().map(|(i, j)| (j.id.as_str(), i)).collect(),
        engineers: problem.engineers.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect(),
        shrink: routing::parts::mean_latitude(&problem.places).to_radians().cos(),
        out: String::with_capacity(64 * 1024),
    };
    page.head();
    page.figures();
    page.timeline();
    page.map();
    page.left_out();
    page.out.push_str("</main></body></html>\n");
    page.out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Hues that stay apart however many there are.
fn hue(number: usize) -> f64 {
    (number as f64 * 137.508 + 250.0) % 360.0
}

impl Page<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.lang == Language::Zh { zh } else { en }
    }

    fn span(&self, seconds: i64) -> String {
        if self.lang == Language::Zh { span_zh(seconds) } else { span_en(seconds) }
    }

    fn write(&mut self, text: std::fmt::Arguments) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(text);
    }

    fn head(&mut self) {
        let lang = self.say("zh-CN", "en");
        let title = self.say("派工计划", "Service plan");
        self.write(format_args!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head>\
             <body><main><h1>{title}</h1>"
        ));
    }

    fn visits(&self) -> usize {
        let visits = |r: &RouteOut| r.stops.iter().filter(|s| matches!(s, StopOut::Visit { .. })).count();
        self.plan.routes.iter().map(visits).sum()
    }

    fn figures(&mut self) {
        let visits = self.visits();
        let engineers: std::collections::BTreeSet<&str> =
            self.plan.routes.iter().map(|r| r.engineer.as_str()).collect();
        let engineers = engineers.len();
        let each = self.plan.travel_seconds / (visits.max(1) as i64);
        let cards = [
            (self.say("已排任务", "Visits planned"), visits.to_string(), String::new()),
            (
                self.say("未排任务", "Left out"),
                self.plan.unassigned.len().to_string(),
                format!("{} {}", self.say("优先级合计", "priority"), self.plan.unassigned_priority),
            ),
            (
                self.say("出勤工程师", "Engineers on the road"),
                engineers.to_string(),
                format!("{} {}", self.say("共", "of"), self.problem.engineers.len()),
            ),
            (
                self.say("总路程时间", "Travel in all"),
                self.span(self.plan.travel_seconds),
                format!("{} {}", self.span(each), self.say("每单", "per visit")),
            ),
        ];
        self.out.push_str("<section class=\"cards\">");
        for (name, value, more) in cards {
            self.write(format_args!(
                "<div class=\"card\"><span>{name}</span><strong>{value}</strong><small>{more}</small></div>"
            ));
        }
        self.out.push_str("</section>");
    }

    fn shift(&self, route: &RouteOut) -> Option<&Shift> {
        let engineer = self.engineers.get(route.engineer.as_str())?;
        self.problem.engineers[*engineer].shifts.get(route.shift as usize)
    }

    fn timeline(&mut self) {
        let mut days: std::collections::BTreeMap<i64, Vec<usize>> = std::collections::BTreeMap::new();
        for (number, route) in self.plan.routes.iter().enumerate() {
            let from = self.shift(route).map_or(0, |s| s.from);
            days.entry(from.div_euclid(DAY)).or_default().push(number);
        }
        let several = days.len() > 1;
        for (day, routes) in days {
            let title = self.say("时间表", "Timetable");
            let suffix = if several {
                format!(" · {} {}", self.say("第", "day"), day + 1) + self.say(" 天", "")
            } else {
                String::new()
            };
            self.write(format_args!("<section class=\"panel\"><h2>{title}{suffix}</h2>"));
            self.legend();
            self.day(&routes);
            self.out.push_str("</section>");
        }
    }

    fn legend(&mut self) {
        let (visit, travel, pause, free) = (
            self.say("上门", "visit"),
            self.say("路程", "travel"),
            self.say("休息", "break"),
            self.say("在岗", "on shift"),
        );
        self.write(format_args!(
            "<p class=\"legend\"><i class=\"k visit\"></i>{visit}<i class=\"k travel\"></i>{travel}\
             <i class=\"k pause\"></i>{pause}<i class=\"k free\"></i>{free}</p>"
        ));
    }

    /// One day's rows as a drawing.
    fn day(&mut self, routes: &[usize]) {
        let ends = |r: &usize| {
            let route = &self.plan.routes[*r];
            let shift = self.shift(route);
            (shift.map_or(0, |s| s.from), route.end.max(shift.map_or(0, |s| s.to.min(s.from + 2 * DAY))))
        };
        let from = routes.iter().map(|r| ends(r).0).min().unwrap_or(0).div_euclid(3600) * 3600;
        let last = routes.iter().map(|r| ends(r).1).max().unwrap_or(from + 3600);
        let to = (last + 3599).div_euclid(3600) * 3600;
        let scale = AXIS / (to - from).max(1) as f64;
        let x = |t: i64| NAMES + (t - from) as f64 * scale;
        let height = 28.0 + routes.len() as f64 * ROW;
        let width = NAMES + AXIS + 30.0;
        self.write(format_args!(
            "<div class=\"scroll\"><svg class=\"time\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\">"
        ));
        let hours = (to - from) / 3600;
        let step = [1, 2, 3, 6, 12, 24, 168].into_iter().find(|s| hours / s <= 14).unwrap_or(720);
        for h in (0..=hours).step_by(step as usize) {
            let t = from + h * 3600;
            let at = x(t);
            let label = clock(t.rem_euclid(DAY));
            self.write(format_args!(
                "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"22\" y2=\"{height}\"/>\
                 <text class=\"hour\" x=\"{at:.1}\" y=\"15\">{label}</text>"
            ));
        }
        for (row, &number) in routes.iter().enumerate() {
            self.row(number, 26.0 + row as f64 * ROW, &x);
        }
        self.out.push_str("</svg></div>");
    }

    fn row(&mut self, number: usize, y: f64, x: &dyn Fn(i64) -> f64) {
        let plan = self.plan;
        let route = &plan.routes[number];
        let hue = hue(number);
        let name = self
            .engineers
            .get(route.engineer.as_str())
            .and_then(|&e| self.problem.engineers[e].name.clone())
            .unwrap_or_else(|| route.engineer.clone());
        let (mid, name) = (y + ROW / 2.0, escape(&name));
        self.write(format_args!("<text class=\"name\" x=\"6\" y=\"{:.1}\">{name}</text>", mid + 4.5));
        if let Some(shift) = self.shift(route) {
            let (a, b) = (x(shift.from), x(shift.to.min(shift.from + 2 * DAY)));
            let (top, tall, wide) = (y + 3.0, ROW - 6.0, b - a);
            self.write(format_args!(
                "<rect class=\"shift\" x=\"{a:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\" rx=\"6\"/>"
            ));
        }
        let first = self.shift(route).map_or(0, |s| s.from);
        let mut free: Option<i64> = None;
        for stop in &route.stops {
            match stop {
                StopOut::Visit { job, arrive, start, depart } => {
                    self.leg(free.unwrap_or(first), *arrive, mid, hue, x, free.is_none());
                    self.visit(job, *start, *depart, y, hue, x);
                    free = Some(*depart);
                }
                StopOut::Pickup { pickup, arrive, start, depart } => {
                    self.leg(free.unwrap_or(first), *arrive, mid, hue, x, free.is_none());
                    let (a, b) = (x(*start), x(*depart));
                    let (wide, top, id) = ((b - a).max(5.0), y + 9.0, escape(pickup));
                    self.write(format_args!(
                        "<rect class=\"pickup\" x=\"{a:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{:.1}\">\
                         <title>{id}</title></rect>",
                        ROW - 18.0
                    ));
                    free = Some(*depart);
                }
                StopOut::Break { start, depart, .. } => {
                    let (a, b) = (x(*start), x(*depart));
                    let (top, wide) = (y + 7.0, (b - a).max(2.0));
                    let text = format!("{}–{}", clock(*start), clock(*depart));
                    self.write(format_args!(
                        "<rect class=\"pause\" x=\"{a:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{:.1}\" \
                         rx=\"4\"><title>{text}</title></rect>",
                        ROW - 14.0
                    ));
                }
            }
        }
        if let Some(free) = free
            && route.end > free
        {
            self.leg(free, route.end, mid, hue, x, false);
        }
    }

    fn leg(&mut self, from: i64, to: i64, y: f64, hue: f64, x: &dyn Fn(i64) -> f64, first: bool) {
        if to <= from {
            return;
        }
        // The way to the first visit is drawn where it has to be driven at the latest.
        let a = if first { x(from.max(to - 7200)) } else { x(from) };
        let b = x(to);
        self.write(format_args!(
            "<line class=\"leg\" x1=\"{a:.1}\" x2=\"{b:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" style=\"--h:{hue:.0}\"/>"
        ));
    }

    fn visit(&mut self, job: &str, start: i64, depart: i64, y: f64, hue: f64, x: &dyn Fn(i64) -> f64) {
        let (a, b) = (x(start), x(depart));
        let wide = (b - a).max(3.0);
        let facts = self.jobs.get(job).map(|&j| &self.problem.jobs[j]);
        let pinned = facts.is_some_and(|j| j.pinned.is_some());
        let windows = facts.map(|j| {
            let list: Vec<String> =
                j.windows.iter().map(|w| format!("{}–{}", clock(w.0), clock(w.1))).collect();
            list.join(", ")
        });
        let id = escape(job);
        let label = if wide > 8.0 * id.chars().count() as f64 + 6.0 { id.as_str() } else { "" };
        let (top, tall, tip) = (y + 5.0, ROW - 10.0, windows.unwrap_or_default());
        let class = if pinned { "visit pinned" } else { "visit" };
        self.write(format_args!(
            "<g class=\"{class}\" style=\"--h:{hue:.0}\"><rect x=\"{a:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" \
             height=\"{tall:.1}\" rx=\"5\"><title>{id} {}–{} [{tip}]</title></rect>\
             <text x=\"{:.1}\" y=\"{:.1}\">{label}</text></g>",
            clock(start),
            clock(depart),
            a + wide / 2.0,
            y + ROW / 2.0 + 4.0
        ));
    }

    fn point(&self, place: &str) -> Option<(f64, f64)> {
        let place = &self.problem.places[*self.places.get(place)?];
        match (place.lat, place.lon, place.x, place.y) {
            (Some(lat), Some(lon), _, _) => Some((lon * self.shrink, lat)),
            (_, _, Some(x), Some(y)) => Some((x, y)),
            _ => None,
        }
    }

    fn map(&mut self) {
        let points: Vec<(f64, f64)> = self.problem.places.iter().filter_map(|p| self.point(&p.id)).collect();
        if points.is_empty() {
            return;
        }
        let low = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).fold(f64::INFINITY, f64::min);
        let high = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
        let (x0, x1, y0, y1) = (low(|p| p.0), high(|p| p.0), low(|p| p.1), high(|p| p.1));
        let (width, pad) = (1000.0, 28.0);
        let scale = ((width - 2.0 * pad) / (x1 - x0).max(1e-9)).min(640.0 / (y1 - y0).max(1e-9));
        // Room for the scale below.
        let height = (y1 - y0) * scale + 3.0 * pad;
        let left = (width - (x1 - x0) * scale) / 2.0;
        let at = |p: (f64, f64)| (left + (p.0 - x0) * scale, height - 2.0 * pad - (p.1 - y0) * scale);
        let title = self.say("地图", "Map");
        let (home, visit, missing) =
            (self.say("出发地", "start"), self.say("上门", "visit"), self.say("未排任务", "left out"));
        self.write(format_args!(
            "<section class=\"panel\"><h2>{title}</h2><p class=\"legend\"><i class=\"k home\"></i>{home}\
             <i class=\"k dot\"></i>{visit}<i class=\"k ring\"></i>{missing}</p>"
        ));
        self.names();
        self.write(format_args!(
            "<svg class=\"map\" viewBox=\"0 0 {width} {height:.0}\" role=\"img\" aria-label=\"{title}\">"
        ));
        if self.problem.places.iter().all(|p| p.lat.is_some()) {
            self.scale_bar(scale / KM_PER_DEGREE, height);
        }
        let plan = self.plan;
        for (number, route) in plan.routes.iter().enumerate() {
            self.path(number, route, &at);
        }
        for left_out in &plan.unassigned {
            let Some(&j) = self.jobs.get(left_out.job.as_str()) else { continue };
            if let Some(p) = self.point(&self.problem.jobs[j].place) {
                let ((x, y), id) = (at(p), escape(&left_out.job));
                self.write(format_args!(
                    "<circle class=\"missing\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"><title>{id}</title></circle>"
                ));
            }
        }
        self.out.push_str("</svg></section>");
    }

    /// Whose colour is which; with very many engineers colours repeat and say nothing.
    fn names(&mut self) {
        let plan = self.plan;
        if plan.routes.len() > MOST_NAMES {
            return;
        }
        self.out.push_str("<p class=\"legend names\">");
        let mut seen: Vec<&str> = Vec::new();
        for (number, route) in plan.routes.iter().enumerate() {
            let (hue, mut name) = (hue(number), escape(&route.engineer));
            // Several shifts of one engineer are several routes.
            if seen.contains(&route.engineer.as_str()) {
                name = format!("{name} · {}", route.shift + 1);
            }
            seen.push(&route.engineer);
            self.write(format_args!("<span style=\"--h:{hue:.0}\"><i class=\"k chip\"></i>{name}</span>"));
        }
        self.out.push_str("</p>");
    }

    /// A bar of a round number of kilometres, given how many units of the drawing one has.
    fn scale_bar(&mut self, per_km: f64, height: f64) {
        let most = 180.0 / per_km;
        let power = 10f64.powf(most.log10().floor());
        let km = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|&n| n <= most).unwrap_or(power);
        let (x, y, length) = (28.0, height - 16.0, km * per_km);
        let (tick, right, word) = (y - 5.0, x + length, if km < 1.0 { km * 1000.0 } else { km });
        let unit = match (km < 1.0, self.lang) {
            (true, Language::Zh) => "米",
            (true, Language::En) => "m",
            (false, Language::Zh) => "公里",
            (false, Language::En) => "km",
        };
        let after = right + 8.0;
        self.write(format_args!(
            "<g class=\"scale\"><path d=\"M{x} {tick:.1}V{y:.1}H{right:.1}V{tick:.1}\"/>\
             <text x=\"{after:.1}\" y=\"{y:.1}\">{word:.0} {unit}</text></g>"
        ));
    }

    fn path(&mut self, number: usize, route: &RouteOut, at: &dyn Fn((f64, f64)) -> (f64, f64)) {
        let problem = self.problem;
        let Some(&e) = self.engineers.get(route.engineer.as_str()) else { return };
        let engineer = &problem.engineers[e];
        let shift = engineer.shifts.get(route.shift as usize);
        let home = |own: Option<&String>, general: Option<&String>| {
            own.or(general).and_then(|id| self.point(id)).map(at)
        };
        let start = home(shift.and_then(|s| s.start.as_ref()), engineer.start.as_ref());
        let end = home(shift.and_then(|s| s.end.as_ref()), engineer.end.as_ref());
        let mut line: Vec<(f64, f64)> = start.into_iter().collect();
        let mut dots = Vec::new();
        for stop in &route.stops {
            let place = match stop {
                StopOut::Visit { job, .. } => {
                    self.jobs.get(job.as_str()).map(|&j| (problem.jobs[j].place.as_str(), job.as_str()))
                }
                StopOut::Pickup { pickup, .. } => problem
                    .depots
                    .iter()
                    .find(|d| d.id == *pickup)
                    .map(|d| (d.place.as_str(), pickup.as_str())),
                StopOut::Break { .. } => None,
            };
            if let Some((place, id)) = place
                && let Some(p) = self.point(place)
            {
                line.push(at(p));
                dots.push((at(p), escape(id)));
            }
        }
        line.extend(end);
        let hue = hue(number);
        let path: Vec<String> = line.iter().map(|p| format!("{:.1},{:.1}", p.0, p.1)).collect();
        let (path, name) = (path.join(" "), escape(&route.engineer));
        self.write(format_args!(
            "<g class=\"route\" style=\"--h:{hue:.0}\"><polyline points=\"{path}\"><title>{name}</title></polyline>"
        ));
        for (nth, ((x, y), id)) in dots.into_iter().enumerate() {
            let nth = nth + 1;
            self.write(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{name} · {nth} · {id}</title></circle>"
            ));
        }
        if let Some((x, y)) = start {
            let (a, b) = (x - 4.5, y - 4.5);
            self.write(format_args!(
                "<rect class=\"home\" x=\"{a:.1}\" y=\"{b:.1}\" width=\"9\" height=\"9\" rx=\"2\"><title>{name}</title></rect>"
            ));
        }
        self.out.push_str("</g>");
    }

    fn left_out(&mut self) {
        let plan = self.plan;
        if plan.unassigned.is_empty() {
            return;
        }
        let (title, job, priority, why, what) = (
            self.say("未排任务", "Left out"),
            self.say("任务", "Job"),
            self.say("优先级", "Priority"),
            self.say("原因", "Reason"),
            self.say("怎样可以排入", "What would help"),
        );
        self.write(format_args!(
            "<section class=\"panel\"><h2>{title}</h2><div class=\"scroll\"><table><thead><tr><th>{job}</th>\
             <th class=\"n\">{priority}</th><th>{why}</th><th>{what}</th></tr></thead><tbody>"
        ));
        for u in plan.unassigned.iter().take(500) {
            let weight = self.jobs.get(u.job.as_str()).map_or(0, |&j| self.problem.jobs[j].priority);
            let pick =
                |t: &routing::words::Text| escape(if self.lang == Language::Zh { &t.zh } else { &t.en });
            let reason = u.text.as_ref().map_or_else(|| escape(&u.reason), pick);
            let help: Vec<String> = u.counterfactuals.iter().map(|c| pick(&c.text)).collect();
            let (id, help) = (escape(&u.job), help.join("<br>"));
            self.write(format_args!(
                "<tr><td>{id}</td><td class=\"n\">{weight}</td><td>{reason}</td><td>{help}</td></tr>"
            ));
        }
        self.out.push_str("</tbody></table></div></section>");
    }
}
