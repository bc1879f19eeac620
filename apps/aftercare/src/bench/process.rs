//! The server under measurement: a process of its own, and what the operating system says of it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use aftercare::StartError;

/// Linux counts processor time in hundredths of a second for every configuration in use today.
const TICKS_PER_SECOND: f64 = 100.0;

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:port`
    pub base: String,
    /// From spawning the process to its first answer on `/healthz`.
    pub started_in: Duration,
}

impl Server {
    /// Starts this very binary on a data directory and, if given, a database that lies elsewhere.
    pub async fn start(data: &Path, database: Option<&str>) -> Result<Self, StartError> {
        let began = Instant::now();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--data").arg(data);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().ok_or("no output")?;
        BufReader::new(out).read_line(&mut line)?;
        let base = line.split_whitespace().last().unwrap_or_default().to_string();
        if !base.starts_with("http://") {
            return Err(format!("the server did not start: {line}").into());
        }
        reqwest::get(format!("{base}/healthz")).await?.error_for_status()?;
        Ok(Self { child, base, started_in: began.elapsed() })
    }

    /// Processor milliseconds so far, user and system.
    pub fn cpu_ms(&self) -> f64 {
        cpu_ms_of(self.child.id())
    }

    /// Resident memory in MiB.
    pub fn memory_mib(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cpu_ms_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name in parentheses may hold blanks: fields are counted behind it. utime and stime are 14 and 15.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / TICKS_PER_SECOND * 1000.0
}

/// A number of `/proc/PID/stat`, counted behind the name; 0 when the process is gone.
fn stat_of(pid: u32, index: usize) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.nth(index).and_then(|field| field.parse().ok()).unwrap_or(0)
}

/// The parent of a process: of a backend, the PostgreSQL server that it belongs to.
pub fn parent_of(pid: u32) -> u32 {
    u32::try_from(stat_of(pid, 1)).unwrap_or(0)
}

/// Processor milliseconds of a PostgreSQL server on this machine: its main process, its children, and those that ended
/// meanwhile (their parent inherits the time).
pub fn postgres_cpu_ms(server: u32) -> f64 {
    let Ok(entries) = std::fs::read_dir("/proc") else { return 0.0 };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children: u64 =
        pids.filter(|pid| parent_of(*pid) == server).map(|pid| stat_of(pid, 11) + stat_of(pid, 12)).sum();
    let main: u64 = (11..15).map(|index| stat_of(server, index)).sum();
    (children + main) as f64 / TICKS_PER_SECOND * 1000.0
}
