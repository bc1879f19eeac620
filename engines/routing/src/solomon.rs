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

/// Best known total distances with distances truncated to one decimal, for the files that the project measures
/// itself on (DIMACS implementation challenge 2022).
pub fn best_known(name: &str) -> Option<f64> {
    const TABLE: [(&str, f64); 56] = [
        ("C101", 827.3),
        ("C102", 827.3),
        ("C103", 826.3),
        ("C104", 822.9),
        ("C105", 827.3),
        ("C106", 827.3),
        ("C107", 827.3),
        ("C108", 827.3),
        ("C109", 827.3),
        ("C201", 589.1),
        ("C202", 589.1),
        ("C203", 588.7),
        ("C204", 588.1),
        ("C205", 586.4),
        ("C206", 586.0),
        ("C207", 585.8),
        ("C208", 585.8),
        ("R101", 1637.7),
        ("R102", 1466.6),
        ("R103", 1208.7),
        ("R104", 971.5),
        ("R105", 1355.3),
        ("R106", 1234.6),
        ("R107", 1064.6),
        ("R108", 932.1),
        ("R109", 1146.9),
        ("R110", 1068.0),
        ("R111", 1048.7),
        ("R112", 948.6),
        ("R201", 1143.2),
        ("R202", 1029.6),
        ("R203", 870.8),
        ("R204", 731.3),
        ("R205", 949.8),
        ("R206", 875.9),
        ("R207", 794.0),
        ("R208", 701.0),
        ("R209", 854.8),
        ("R210", 900.5),
        ("R211", 746.7),
        ("RC101", 1619.8),
        ("RC102", 1457.4),
        ("RC103", 1258.0),
        ("RC104", 1132.3),
        ("RC105", 1513.7),
        ("RC106", 1372.7),
        ("RC107", 1207.8),
        ("RC108", 1114.2),
        ("RC201", 1261.8),
        ("RC202", 1092.3),
        ("RC203", 923.7),
        ("RC204", 783.5),
        ("RC205", 1154.0),
        ("RC206", 1051.1),
        ("RC207", 962.9),
        ("RC208", 776.1),
    ];
    TABLE.iter().find(|t| t.0 == name).map(|t| t.1)
}
