//! Contradictions in a problem, each with the path of the field.

use std::collections::HashMap;

use crate::input::{Engineer, InputError, Job, Objective, Problem, Shift, Travel, Weights};

/// Priorities up to this can be added without loss.
const MAX_PRIORITY: i64 = 1_000_000_000_000;
/// Longest single service, break or journey, in seconds (about three years).
const MAX_SPAN: i64 = 100_000_000;
/// Numbers that are added up (demand, capacity) stay below this.
const MAX_AMOUNT: i64 = 1_000_000_000_000;
/// More people than this at one job are an error of the input.
const MAX_PEOPLE: i64 = 50;

type Checked = Result<(), InputError>;

fn refuse<T>(path: String, message: impl Into<String>) -> Result<T, InputError> {
    Err(InputError::new(path, message))
}

/// Checks references, ranges and uniqueness of a whole problem.
pub fn problem(p: &Problem) -> Checked {
    let places = unique(p.places.iter().map(|x| x.id.as_str()), "places")?;
    let engineers = unique(p.engineers.iter().map(|x| x.id.as_str()), "engineers")?;
    unique(p.jobs.iter().map(|x| x.id.as_str()), "jobs")?;
    unique(p.depots.iter().map(|x| x.id.as_str()), "depots")?;
    unique(p.areas.iter().map(|x| x.id.as_str()), "areas")?;
    travel(p)?;
    objective(&p.objective)?;
    for (i, engineer) in p.engineers.iter().enumerate() {
        check_engineer(engineer, &format!("engineers[{i}]"), &places)?;
    }
    let known = Known { places: &places, engineers: &engineers };
    for (i, job) in p.jobs.iter().enumerate() {
        check_job(job, &format!("jobs[{i}]"), &known)?;
    }
    for (i, depot) in p.depots.iter().enumerate() {
        let path = format!("depots[{i}]");
        place(&depot.place, format!("{path}.place"), &places)?;
        span(depot.duration, format!("{path}.duration"))?;
        windows(&depot.windows, &format!("{path}.windows"))?;
    }
    for (i, area) in p.areas.iter().enumerate() {
        for (k, corner) in area.polygon.iter().enumerate() {
            if !corner.0.is_finite() || !corner.1.is_finite() {
                return refuse(format!("areas[{i}].polygon[{k}]"), "must be finite numbers");
            }
        }
    }
    if let Some(now) = p.now {
        time(now, "now".into())?;
    }
    Ok(())
}

struct Known<'a> {
    places: &'a HashMap<&'a str, usize>,
    engineers: &'a HashMap<&'a str, usize>,
}

fn unique<'a>(ids: impl Iterator<Item = &'a str>, list: &str) -> Result<HashMap<&'a str, usize>, InputError> {
    let mut seen = HashMap::new();
    for (i, id) in ids.enumerate() {
        if let Some(first) = seen.insert(id, i) {
            return refuse(format!("{list}[{i}].id"), format!("{id:?} is also the id of {list}[{first}]"));
        }
    }
    Ok(seen)
}

fn travel(p: &Problem) -> Checked {
    match &p.travel {
        Travel::Haversine { profile, factor, .. } => {
            positive(*factor, "travel.factor")?;
            if profile.is_empty() {
                return refuse("travel.profile".into(), "needs at least one band");
            }
            let mut reached = 0.0;
            for (i, band) in profile.iter().enumerate() {
                positive(band.kmh, &format!("travel.profile[{i}].kmh"))?;
                let last = i + 1 == profile.len();
                match band.up_to_km {
                    Some(km) if km.is_finite() && km > reached => reached = km,
                    Some(_) => {
                        return refuse(
                            format!("travel.profile[{i}].up_to_km"),
                            "must grow from band to band",
                        );
                    }
                    None if last => {}
                    None => {
                        return refuse(
                            format!("travel.profile[{i}]"),
                            "only the last band may leave out up_to_km",
                        );
                    }
                }
            }
            each_place(p, |place, path| {
                coordinate(place.lat, 90.0, path, "lat")?;
                coordinate(place.lon, 180.0, path, "lon")
            })
        }
        Travel::Euclidean { scale, .. } => {
            positive(*scale, "travel.scale")?;
            each_place(p, |place, path| {
                coordinate(place.x, 1e12, path, "x")?;
                coordinate(place.y, 1e12, path, "y")
            })
        }
        Travel::Matrix { seconds } => matrix(seconds, p.places.len()),
    }
}

fn matrix(seconds: &[Vec<f64>], size: usize) -> Checked {
    if seconds.len() != size {
        return refuse("travel.seconds".into(), format!("{} rows for {size} places", seconds.len()));
    }
    for (i, row) in seconds.iter().enumerate() {
        if row.len() != size {
            return refuse(
                format!("travel.seconds[{i}]"),
                format!("{} columns for {size} places", row.len()),
            );
        }
        if let Some(k) = row.iter().position(|s| !s.is_finite() || *s < 0.0) {
            return refuse(format!("travel.seconds[{i}][{k}]"), "must be a number of seconds, 0 or more");
        }
    }
    Ok(())
}

fn each_place(p: &Problem, check: impl Fn(&crate::input::Place, &str) -> Checked) -> Checked {
    p.places.iter().enumerate().try_for_each(|(i, place)| check(place, &format!("places[{i}]")))
}

fn coordinate(value: Option<f64>, limit: f64, path: &str, name: &str) -> Checked {
    match value {
        None => refuse(path.to_string(), format!("missing field `{name}`, which this kind of travel needs")),
        Some(v) if v.is_finite() && v.abs() <= limit => Ok(()),
        Some(v) => refuse(format!("{path}.{name}"), format!("{v} is not between -{limit} and {limit}")),
    }
}

fn positive(value: f64, path: &str) -> Checked {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        refuse(path.to_string(), format!("{value} is not greater than 0"))
    }
}

fn objective(objective: &Objective) -> Checked {
    let Objective::Weighted(w) = objective else { return Ok(()) };
    let weights = [
        ("unassigned", w.unassigned.unwrap_or(0.0)),
        ("travel", w.travel),
        ("lateness", w.lateness),
        ("overtime", w.overtime),
        ("fairness", w.fairness),
        ("stability", w.stability),
        ("moved", w.moved),
        ("preferred", w.preferred),
    ];
    for (name, value) in weights {
        if !value.is_finite() || !(0.0..=Weights::LIMIT).contains(&value) {
            return refuse(
                format!("objective.{name}"),
                format!("{value} is not between 0 and {}", Weights::LIMIT),
            );
        }
    }
    Ok(())
}

fn check_engineer(e: &Engineer, path: &str, places: &HashMap<&str, usize>) -> Checked {
    for (name, at) in [("start", &e.start), ("end", &e.end)] {
        if let Some(at) = at {
            place(at, format!("{path}.{name}"), places)?;
        }
    }
    if let Some(capacity) = e.capacity {
        amount(capacity, format!("{path}.capacity"))?;
    }
    windows(&e.leave, &format!("{path}.leave"))?;
    for (k, shift) in e.shifts.iter().enumerate() {
        check_shift(shift, &format!("{path}.shifts[{k}]"), places)?;
    }
    let mut order: Vec<usize> = (0..e.shifts.len()).collect();
    order.sort_by_key(|&k| (e.shifts[k].from, e.shifts[k].to));
    for pair in order.windows(2) {
        if e.shifts[pair[1]].from < e.shifts[pair[0]].to {
            return refuse(
                format!("{path}.shifts[{}]", pair[1]),
                format!("overlaps with shifts[{}]", pair[0]),
            );
        }
    }
    Ok(())
}

fn check_shift(shift: &Shift, path: &str, places: &HashMap<&str, usize>) -> Checked {
    interval(shift.from, shift.to, path)?;
    span(shift.overtime, format!("{path}.overtime"))?;
    for (name, at) in [("start", &shift.start), ("end", &shift.end)] {
        if let Some(at) = at {
            place(at, format!("{path}.{name}"), places)?;
        }
    }
    for (k, pause) in shift.breaks.iter().enumerate() {
        interval(pause.from, pause.to, &format!("{path}.breaks[{k}]"))?;
        span(pause.duration, format!("{path}.breaks[{k}].duration"))?;
    }
    Ok(())
}

fn check_job(job: &Job, path: &str, known: &Known) -> Checked {
    place(&job.place, format!("{path}.place"), known.places)?;
    span(job.duration, format!("{path}.duration"))?;
    windows(&job.windows, &format!("{path}.windows"))?;
    amount(job.demand, format!("{path}.demand"))?;
    if !(0..=MAX_PRIORITY).contains(&job.priority) {
        return refuse(
            format!("{path}.priority"),
            format!("{} is not between 0 and {MAX_PRIORITY}", job.priority),
        );
    }
    for (list, name) in [(&job.prefer, "prefer"), (&job.exclude, "exclude")] {
        for (k, id) in list.iter().enumerate() {
            engineer(id, format!("{path}.{name}[{k}]"), known.engineers)?;
        }
    }
    if let Some(deadline) = job.deadline {
        time(deadline, format!("{path}.deadline"))?;
    }
    let people = job.people.unwrap_or(if job.crew.is_empty() { 1 } else { job.crew.len() as i64 });
    if !(1..=MAX_PEOPLE).contains(&people) || job.crew.len() as i64 > MAX_PEOPLE {
        return refuse(format!("{path}.people"), format!("{people} is not between 1 and {MAX_PEOPLE}"));
    }
    if !job.crew.is_empty() && people != job.crew.len() as i64 {
        return refuse(
            format!("{path}.people"),
            format!("{people}, but crew has {} entries", job.crew.len()),
        );
    }
    let Some(pin) = &job.pinned else { return Ok(()) };
    engineer(&pin.engineer, format!("{path}.pinned.engineer"), known.engineers)?;
    match pin.start {
        Some(start) => time(start, format!("{path}.pinned.start")),
        None if pin.started => refuse(format!("{path}.pinned.start"), "a started job needs its start"),
        None => Ok(()),
    }
}

fn place(id: &str, path: String, places: &HashMap<&str, usize>) -> Checked {
    if places.contains_key(id) { Ok(()) } else { refuse(path, format!("there is no place {id:?}")) }
}

fn engineer(id: &str, path: String, engineers: &HashMap<&str, usize>) -> Checked {
    if engineers.contains_key(id) { Ok(()) } else { refuse(path, format!("there is no engineer {id:?}")) }
}

fn windows(list: &[(i64, i64)], path: &str) -> Checked {
    list.iter().enumerate().try_for_each(|(k, w)| interval(w.0, w.1, &format!("{path}[{k}]")))
}

fn interval(from: i64, to: i64, path: &str) -> Checked {
    if from > to {
        return refuse(path.to_string(), format!("ends ({to}) before it begins ({from})"));
    }
    if from < 0 {
        return refuse(path.to_string(), format!("{from} is before the start of the horizon (0)"));
    }
    Ok(())
}

fn time(value: i64, path: String) -> Checked {
    if value < 0 { refuse(path, format!("{value} is before the start of the horizon (0)")) } else { Ok(()) }
}

fn span(value: i64, path: String) -> Checked {
    if (0..=MAX_SPAN).contains(&value) {
        Ok(())
    } else {
        refuse(path, format!("{value} seconds are not between 0 and {MAX_SPAN}"))
    }
}

fn amount(value: i64, path: String) -> Checked {
    if (0..=MAX_AMOUNT).contains(&value) {
        Ok(())
    } else {
        refuse(path, format!("{value} is not between 0 and {MAX_AMOUNT}"))
    }
}
