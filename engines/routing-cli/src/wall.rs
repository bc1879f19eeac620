//! The real clock and Ctrl-C, which the engine does not know.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use routing::solve::Clock;

/// Seconds since it was made.
pub struct Wall {
    start: Instant,
    /// Processor time at the start, and the threads that share it.
    cpu: Option<(f64, f64)>,
}

impl Wall {
    /// Starts at 0.
    pub fn start() -> Self {
        Self { start: Instant::now(), cpu: None }
    }

    /// Starts at 0 and counts the processor time of this process, shared by `threads` that work all the time: on a
    /// machine with other work this is what an undisturbed run would have had.
    pub fn processor(threads: usize) -> Self {
        Self { start: Instant::now(), cpu: Some((processor_seconds(), threads.max(1) as f64)) }
    }

    /// One of the two.
    pub fn of(processor: bool, threads: usize) -> Self {
        if processor { Self::processor(threads) } else { Self::start() }
    }
}

impl Clock for Wall {
    fn seconds(&self) -> f64 {
        match self.cpu {
            Some((start, threads)) => (processor_seconds() - start) / threads,
            None => self.start.elapsed().as_secs_f64(),
        }
    }
}

/// Processor time of this process so far.
#[cfg(unix)]
fn processor_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Wall time where the system does not tell.
#[cfg(not(unix))]
fn processor_seconds() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// A flag that Ctrl-C (or a request to terminate) sets.
pub fn interrupt() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&flag);
    // Without it, an interruption ends the program at once: nothing worse.
    let _ = std::thread::Builder::new().name("interrupt".into()).spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            wait_for_signal().await;
            seen.store(true, Ordering::Relaxed);
        });
    });
    flag
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    let _ = tokio::signal::ctrl_c().await;
}
