//! Reads vehicle routing instances in the format of Solomon (1987) and Gehring & Homberger (1999).

use crate::input::{Engineer, InputError, Job, Objective, Place, Problem, Rounding, Shift, Travel};

/// Times and distances are multiplied by this, so that truncation to one decimal is truncation to integers.
pub const SCALE: i64 = 10;

/// Turns a file into a problem: every vehicle an engineer, every customer a job; total distance (times
/// [`SCALE`], truncated, as in the DIMACS challenge) is travel time.
pub fn read(text: &str) -> Result<Problem, InputError> {
    let wrong = |line: usize, message: &str| InputError::new(format!("line {}", line + 1), message);
    let mut fleet: Option<(i64, i64)> = None;
    let mut rows: Vec<[i64; 7]> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        if fields.is_empty() || !fields[0].starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            continue;
        }
        let mut values = Vec::with_capacity(fields.len());
        for field in &fields {
            let value: f64 =
                field.parse().map_err(|_| wrong(number, &format!("{field:?} is not a number")))?;
            values.push(value as i64);
        }
        match (values.len(), fleet) {
            (2, None) => fleet = Some((values[0], values[1])),
            (7, Some(_)) => rows.push(values.try_into().unwrap_or_default()),
            _ => return Err(wrong(number, "expected 2 numbers (vehicles, capacity) or 7 (customer)")),
        }
    }
    let (vehicles, capacity) = fleet.ok_or_else(|| wrong(0, "no line with vehicles and capacity"))?;
    let depot = *rows.first().ok_or_else(|| wrong(0, "no customers"))?;
    let place = |row: &[i64; 7]| Place {
        id: row[0].to_string(),
        lat: None,
        lon: None,
        x: Some(row[1] as f64),
        y: Some(row[2] as f64),
    };
    let shift = Shift {
        from: depot[4] * SCALE,
        to: depot[5] * SCALE,
        breaks: Vec::new(),
        overtime: 0,
        start: None,
        end: None,
    };
    let id = depot[0].to_string();
    let engineers = (0..vehicles).map(|v| Engineer {
        id: format!("v{v}"),
        start: Some(id.clone()),
        end: Some(id.clone()),
        shifts: vec![shift.clone()],
        capacity: Some(capacity),
        ..Engineer::default()
    });
    let jobs = rows[1..].iter().map(|row| Job {
        id: format!("c{}", row[0]),
        place: row[0].to_string(),
        duration: row[6] * SCALE,
        windows: vec![(row[4] * SCALE, row[5] * SCALE)],
        demand: row[3],
        ..Job::default()
    });
    Ok(Problem {
        places: rows.iter().map(place).collect(),
        travel: Travel::Euclidean { scale: SCALE as f64, rounding: Rounding::Floor },
        engineers: engineers.collect(),
        jobs: jobs.collect(),
        objective: Objective::Lexicographic,
        depots: Vec::new(),
        areas: Vec::new(),
        previous: None,
        now: None,
    })
}
