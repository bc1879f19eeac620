//! The port for travel times from a road network.

use crate::input::{InputError, Place, Problem, Travel};

/// A service that knows travel times, such as an OSRM table service.
pub trait TableService {
    /// Seconds from each of `from` to each of `to`; an error in words.
    fn table(&self, from: &[&Place], to: &[&Place]) -> Result<Vec<Vec<f64>>, String>;
}

/// Replaces a problem's travel by a table that `service` fills in blocks of `block` × `block` places.
/// Errors: places without latitude and longitude, the service's own, tables of a wrong shape.
pub fn by_table(problem: &mut Problem, service: &dyn TableService, block: usize) -> Result<(), InputError> {
    if let Some(i) = problem.places.iter().position(|p| p.lat.is_none() || p.lon.is_none()) {
        return Err(InputError::new(format!("places[{i}]"), "needs lat and lon for a table service"));
    }
    let n = problem.places.len();
    let block = block.max(1);
    let mut seconds = vec![vec![0.0; n]; n];
    for a in (0..n).step_by(block) {
        let from: Vec<&Place> = problem.places[a..n.min(a + block)].iter().collect();
        for b in (0..n).step_by(block) {
            let to: Vec<&Place> = problem.places[b..n.min(b + block)].iter().collect();
            let table = service.table(&from, &to).map_err(|e| InputError::new("travel", e))?;
            if table.len() != from.len() || table.iter().any(|row| row.len() != to.len()) {
                return Err(InputError::new(
                    "travel",
                    "the table service answered with a table of another size",
                ));
            }
            for (i, row) in table.into_iter().enumerate() {
                seconds[a + i][b..b + to.len()].copy_from_slice(&row);
            }
        }
    }
    problem.travel = Travel::Matrix { seconds };
    crate::input::check(problem)
}
