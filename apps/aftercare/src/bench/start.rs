//! Cold start and idle memory.

use std::time::Duration;

use aftercare::StartError;
use serde_json::{Value, json};

use super::{Scratch, process::Server};

/// Idle this long before memory is read: background work has looked around by then.
const IDLE: Duration = Duration::from_secs(4);

/// Starts the server several times on a migrated embedded database.
pub async fn run(times: usize) -> Result<Value, StartError> {
    let scratch = Scratch::new("start")?;
    let first = Server::start(&scratch.0, None).await?;
    let first_start = first.started_in.as_secs_f64() * 1000.0;
    drop(first);
    let mut starts = Vec::new();
    let mut memory = 0.0_f64;
    for round in 0..times.max(1) {
        let server = Server::start(&scratch.0, None).await?;
        starts.push(server.started_in.as_secs_f64() * 1000.0);
        if round + 1 == times.max(1) {
            reqwest::get(format!("{}/login", server.base)).await?.error_for_status()?;
            tokio::time::sleep(IDLE).await;
            memory = server.memory_mib();
        }
    }
    starts.sort_by(f64::total_cmp);
    let round = |ms: f64| (ms * 10.0).round() / 10.0;
    Ok(json!({
        "bench": "start",
        "first_start_with_migrations_ms": round(first_start),
        "cold_start_ms_median": round(starts[starts.len() / 2]),
        "cold_start_ms_max": round(starts[starts.len() - 1]),
        "idle_memory_mib": round(memory),
        "starts": starts.len(),
    }))
}
