//! `kill -9` during a storm of writes: whatever was acknowledged is there, nothing is half done.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_aftercare");

/// How often the server is killed (issue: fifty times).
const KILLS: usize = 50;

/// Clients writing at once.
const CLIENTS: usize = 8;

struct Server {
    child: Child,
    base: String,
}

fn start(place: &[String]) -> Server {
    let mut child = Command::new(BINARY)
        .args(place)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    out.read_line(&mut line).expect("it says where it is");
    let base = line.split_whitespace().last().expect("an address").to_string();
    assert!(base.starts_with("http://"), "unexpected first line: {line}");
    Server { child, base }
}

fn run(place: &[String], args: &[&str]) -> (bool, String) {
    let output = Command::new(BINARY).args(place).args(args).output().expect("the command runs");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

/// Writes until told to stop; returns what was acknowledged: name → id.
async fn storm(
    base: String,
    token: String,
    round: usize,
    client: usize,
    stop: Arc<AtomicBool>,
    acked: Arc<Mutex<Vec<(String, String)>>>,
) {
    let http = reqwest::Client::new();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let name = format!("storm {round} {client} {number}");
        let sent = http
            .post(format!("{base}/api/v1/customers"))
            .bearer_auth(&token)
            .header("idempotency-key", &name)
            .json(&json!({ "name": name, "phone": format!("139{:08}", round * 1_000_000 + client * 100_000 + number) }))
            .send()
            .await;
        // A broken connection means: not acknowledged. It may or may not be there; both are right.
        let Ok(answer) = sent else { return };
        let status = answer.status();
        let Ok(body) = answer.json::<Value>().await else { return };
        assert!(status.is_success(), "{status}: {body}");
        let id = body["id"].as_str().expect("an id").to_string();
        acked.lock().expect("not poisoned").push((name, id));
    }
}

async fn survives(place: Vec<String>, kills: usize) {
    let (ok, token) = run(&place, &["user", "token", "admin"]);
    assert!(ok, "{token}");
    let token = token.trim().to_string();
    let acked: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let mut checked = 0;
    for round in 0..kills {
        let mut server = start(&place);
        verify_new(&server.base, &token, &acked, &mut checked).await;
        let stop = Arc::new(AtomicBool::new(false));
        let tasks: Vec<_> = (0..CLIENTS)
            .map(|client| {
                tokio::spawn(storm(
                    server.base.clone(),
                    token.clone(),
                    round,
                    client,
                    Arc::clone(&stop),
                    Arc::clone(&acked),
                ))
            })
            .collect();
        // Different moments of the life of a process: in its first writes, in the middle of a burst.
        tokio::time::sleep(Duration::from_millis(40 + (round as u64 * 37) % 260)).await;
        server.child.kill().expect("kill -9");
        server.child.wait().expect("dead");
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.expect("no client saw a wrong answer");
        }
    }
    let mut server = start(&place);
    verify_new(&server.base, &token, &acked, &mut checked).await;
    server.child.kill().expect("stopped");
    server.child.wait().expect("stopped");
    let (ok, report) = run(&place, &["check"]);
    assert!(ok, "aftercare check found:\n{report}");
    let total = acked.lock().expect("not poisoned").len();
    assert!(total > kills, "the storm wrote next to nothing ({total})");
}

/// Everything acknowledged since the last look is there, under the id that was promised.
async fn verify_new(base: &str, token: &str, acked: &Mutex<Vec<(String, String)>>, checked: &mut usize) {
    let fresh: Vec<(String, String)> = acked.lock().expect("not poisoned")[*checked..].to_vec();
    let http = reqwest::Client::new();
    for (name, id) in &fresh {
        let answer = http
            .get(format!("{base}/api/v1/customers/{id}"))
            .bearer_auth(token)
            .send()
            .await
            .expect("an answer");
        assert!(answer.status().is_success(), "lost: {name} {id}: {}", answer.status());
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["name"], json!(name));
    }
    *checked += fresh.len();
}

fn data(dir: &Path) -> Vec<String> {
    vec!["--data".into(), dir.display().to_string()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_killed_fifty_times_on_sqlite() {
    let dir = tempfile::TempDir::new().expect("a directory");
    survives(data(dir.path()), KILLS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_killed_fifty_times_on_postgres() {
    if testkit::Engine::skip_postgres() {
        return;
    }
    let dir = tempfile::TempDir::new().expect("a directory");
    let url = testkit::new_postgres_database("crash").await;
    let mut place = data(dir.path());
    place.extend(["--database".into(), url]);
    survives(place, KILLS).await;
}
