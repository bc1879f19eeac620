//! `kill -9` during a storm of writes (customers, orders with stock and completion, imports): whatever was acknowledged
//! is there, nothing is half done. And the script of the whole life cycle, against the real binary.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_aftercare");

/// How often the server is killed (issue: fifty times).
const KILLS: usize = 50;

/// Clients writing at once.
const CLIENTS: usize = 8;

/// One pixel.
const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

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

/// Something that was acknowledged, and how to see that it is there.
struct Acked {
    /// What is read again.
    path: String,
    /// Where in the answer, as a JSON pointer.
    at: &'static str,
    /// What may stand there: what was acknowledged, or what the next command, whose answer was lost, made of it.
    either: Vec<Value>,
}

/// Everything acknowledged so far, and how much of it was looked at.
type Log = Arc<Mutex<Vec<Acked>>>;

/// What orders are made of; made once.
#[derive(Clone)]
struct World {
    customer: String,
    unit: String,
    engineer: String,
    depot: String,
    part: String,
}

/// Whoever asks over TLS must choose who does the cryptography, also who never does.
fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// One caller. Every write has an idempotency key; none of the answers may be a refusal.
struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
    name: String,
    calls: AtomicUsize,
}

impl Client {
    fn new(base: &str, token: &str, name: String) -> Self {
        let (base, token) = (base.to_string(), token.to_string());
        Self { http: client(), base, token, name, calls: AtomicUsize::new(0) }
    }

    /// A broken connection (none) means: not acknowledged. It may or may not be there; both are right.
    async fn send(&self, method: reqwest::Method, path: &str, kind: &str, body: String) -> Option<Value> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let sent = self
            .http
            .request(method, format!("{}/api/v1{path}", self.base))
            .bearer_auth(&self.token)
            .header("idempotency-key", format!("{} {call}", self.name))
            .header("content-type", kind)
            .body(body)
            .send()
            .await;
        let answer = sent.ok()?;
        let status = answer.status();
        let body = answer.json::<Value>().await.ok()?;
        assert!(status.is_success(), "{path}: {status}: {body}");
        Some(body)
    }

    async fn post(&self, path: &str, body: Value) -> Option<Value> {
        self.send(reqwest::Method::POST, path, "application/json", body.to_string()).await
    }

    async fn made(&self, path: &str, body: Value) -> String {
        let made = self.post(path, body).await.expect("the server runs");
        text(&made, &["/id", "/model/id"])
    }
}

fn text(answer: &Value, at: &[&str]) -> String {
    let found = at.iter().find_map(|at| answer.pointer(at).and_then(Value::as_str));
    found.unwrap_or_else(|| panic!("none of {at:?} in {answer}")).to_string()
}

async fn world(client: &Client) -> World {
    let me = client
        .send(reqwest::Method::GET, "/me", "application/json", String::new())
        .await
        .expect("the server runs");
    let org = text(&me, &["/org_id"]);
    let engineer = json!({ "no": "E1", "name": "周启航", "org_id": org, "grade": 3, "engineer": true });
    let engineer = client.made("/staff", engineer).await;
    let depot =
        client.made("/depots", json!({ "code": "D1", "name": "库", "kind": "parts", "org_id": org })).await;
    let part = json!({ "code": "P1", "name": "传感器", "unit": "只", "price": 38000, "cost": 21000 });
    let part = client.made("/parts", part).await;
    let lines = json!([{ "part": part, "quantity": 9_000_000, "unit_cost": 21000 }]);
    client.made("/receipts", json!({ "kind": "ordered", "depot_id": depot, "lines": lines })).await;
    let customer = client.made("/customers", json!({ "name": "湖滨万象城", "phone": "13800136027" })).await;
    let model = client.made("/models", json!({ "code": "M1", "name": "冷水机组" })).await;
    let unit = json!({ "customer_id": customer, "model_id": model, "serial": "SN1" });
    let unit = client.made("/units", unit).await;
    World { customer, unit, engineer, depot, part }
}

/// One customer, in one row.
async fn customer(client: &Client, n: usize, log: &Log) -> Option<()> {
    let name = format!("{} {n}", client.name);
    let body = client.post("/customers", json!({ "name": name })).await?;
    note(log, format!("/customers/{}", text(&body, &["/id"])), "/name", &[&name]);
    Some(())
}

/// An order from its opening to its completion: many rows, stock, clocks, events and jobs per command.
async fn order(client: &Client, world: &World, log: &Log) -> Option<()> {
    let open = json!({ "customer_id": world.customer, "unit_id": world.unit, "kind": "repair_minor", "mode": "on_site", "symptom": "高压报警" });
    let order = text(&client.post("/orders", open).await?, &["/id", "/order/id"]);
    let path = format!("/orders/{order}");
    let at = |states: &[&str]| note(log, path.clone(), "/state", states);
    at(&["new", "accepted"]);
    client.post(&format!("{path}/accept"), json!({})).await?;
    for with in ["dispatcher", "customer"] {
        client.post(&format!("{path}/verify"), json!({ "with": with })).await?;
    }
    at(&["accepted", "scheduled"]);
    let assign = json!({ "engineer_id": world.engineer });
    client.post(&format!("{path}/assign"), assign).await?;
    at(&["scheduled", "in_progress"]);
    let line =
        json!({ "part_id": world.part, "depot_id": world.depot, "quantity": 2000, "stock": "reserve" });
    let line = text(&client.post(&format!("{path}/lines"), line).await?, &["/lines/0/id"]);
    client.post(&format!("{path}/arrive"), json!({})).await?;
    at(&["in_progress", "done"]);
    let issue = json!({ "stock": "issue" }).to_string();
    client.send(reqwest::Method::PUT, &format!("{path}/lines/{line}"), "application/json", issue).await?;
    let used = json!([{ "id": line, "quantity": 1000, "old_part_taken": true }]);
    let done = json!({ "cause": "product", "root_cause": "漂移", "result": "更换", "used": used, "signature": SIGNATURE });
    client.post(&format!("{path}/complete"), done).await?;
    at(&["done", "confirmed"]);
    client.post(&format!("{path}/confirm"), json!({ "by": "李建平", "score": 90 })).await?;
    at(&["confirmed"]);
    Some(())
}

/// A file of customers: taken in background work, which a crash interrupts and a start takes up again.
async fn import(client: &Client, n: usize, log: &Log) -> Option<()> {
    let rows: String = (0..10).map(|row| format!("{} {n} {row}\n", client.name)).collect();
    let path = "/imports/customers?name=t.csv";
    let file = format!("名称\n{rows}");
    let batch = client.send(reqwest::Method::POST, path, "text/csv", file).await?;
    note(log, format!("/imports/{}", text(&batch, &["/id"])), "/kind", &["customers"]);
    tokio::time::sleep(Duration::from_millis(150)).await;
    Some(())
}

fn note(log: &Log, path: String, at: &'static str, either: &[&str]) {
    let either = either.iter().map(|text| json!(text)).collect();
    log.lock().expect("not poisoned").push(Acked { path, at, either });
}

/// Writes until told to stop or the server is gone.
async fn storm(client: Client, number: usize, world: World, stop: Arc<AtomicBool>, log: Log) {
    for n in 0.. {
        let alive = match number {
            _ if stop.load(Ordering::Relaxed) => None,
            0 => import(&client, n, &log).await,
            1 | 2 => customer(&client, n, &log).await,
            _ => order(&client, &world, &log).await,
        };
        if alive.is_none() {
            return;
        }
    }
}

async fn survives(place: Vec<String>, kills: usize, alone: bool) {
    let (ok, token) = run(&place, &["user", "token", "admin"]);
    assert!(ok, "{token}");
    let token = token.trim().to_string();
    let log: Log = Arc::default();
    let mut made = None;
    let mut orders = Vec::new();
    for round in 0..kills {
        let mut server = start(&place);
        verify_new(&server.base, &token, &log, &mut orders).await;
        let client = |n: usize| Client::new(&server.base, &token, format!("storm {round} {n}"));
        let world = match &made {
            Some(world) => World::clone(world),
            None => made.insert(world(&client(99)).await).clone(),
        };
        let stop = Arc::new(AtomicBool::new(false));
        let tasks: Vec<_> = (0..CLIENTS)
            .map(|n| tokio::spawn(storm(client(n), n, world.clone(), Arc::clone(&stop), Arc::clone(&log))))
            .collect();
        // Different moments of the life of a process: in its first writes, in the middle of a burst.
        tokio::time::sleep(Duration::from_millis(60 + (round as u64 * 37) % 340)).await;
        server.child.kill().expect("kill -9");
        server.child.wait().expect("dead");
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.expect("no client saw a wrong answer");
        }
    }
    let mut server = start(&place);
    verify_new(&server.base, &token, &log, &mut orders).await;
    // With PostgreSQL other nodes may be at work: what a dead one did is only taken up after ten minutes of silence.
    if alone {
        finish_imports(&server.base, &token).await;
    }
    server.child.kill().expect("stopped");
    server.child.wait().expect("stopped");
    // Stock against its ledger, reservations, references, the audit chain: nothing is half done.
    let (ok, report) = run(&place, &["check"]);
    assert!(ok, "aftercare check found:\n{report}");
    assert!(orders.len() > kills / 2, "the storm wrote next to no orders ({})", orders.len());
}

async fn read(http: &reqwest::Client, base: &str, token: &str, path: &str) -> Value {
    let answer = http.get(format!("{base}/api/v1{path}")).bearer_auth(token).send().await.expect("an answer");
    assert!(answer.status().is_success(), "lost: {path}: {}", answer.status());
    answer.json().await.expect("JSON")
}

/// Everything acknowledged since the last look is there, in the state that was promised.
async fn verify_new(base: &str, token: &str, log: &Log, orders: &mut Vec<String>) {
    let fresh: Vec<Acked> = std::mem::take(&mut *log.lock().expect("not poisoned"));
    let http = client();
    for (n, acked) in fresh.iter().enumerate() {
        // Of an order's states the last one counts.
        if fresh[n + 1..].iter().any(|later| later.path == acked.path) {
            continue;
        }
        let body = read(&http, base, token, &acked.path).await;
        let found = body.pointer(acked.at).unwrap_or(&Value::Null);
        assert!(acked.either.contains(found), "{}: {found} is none of {:?}", acked.path, acked.either);
        if acked.path.starts_with("/orders/") {
            orders.push(acked.path.clone());
        }
    }
}

/// Imports that a crash interrupted are taken up again and end with all their rows, once.
async fn finish_imports(base: &str, token: &str) {
    let http = client();
    for _ in 0..600 {
        let batches = read(&http, base, token, "/imports").await;
        let batches = batches.as_array().expect("a list").clone();
        assert!(!batches.is_empty(), "no import was acknowledged");
        if batches.iter().all(|batch| !matches!(batch["state"].as_str(), Some("checking" | "running"))) {
            for batch in batches {
                // Killed between the upload and its start, which nobody acknowledged: a file that waits for somebody.
                assert!(matches!(batch["state"].as_str(), Some("done" | "new")), "{batch}");
            }
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("imports hang");
}

fn data(dir: &Path) -> Vec<String> {
    vec!["--data".into(), dir.display().to_string()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_killed_fifty_times_on_sqlite() {
    let dir = tempfile::TempDir::new().expect("a directory");
    survives(data(dir.path()), KILLS, true).await;
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
    survives(place, KILLS, false).await;
}

/// `examples/lifecycle.sh` on a fresh server, and nothing broken afterwards.
#[test]
fn the_lifecycle_script_runs_on_a_fresh_server() {
    if Command::new("jq").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "jq is missing");
        eprintln!("skipped: jq is missing");
        return;
    }
    let dir = tempfile::TempDir::new().expect("a directory");
    let place = data(dir.path());
    let (ok, token) = run(&place, &["user", "token", "admin"]);
    assert!(ok, "{token}");
    let mut server = start(&place);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lifecycle.sh");
    let done =
        Command::new("bash").arg(script).args([&server.base, token.trim()]).output().expect("bash runs");
    server.child.kill().expect("stopped");
    server.child.wait().expect("stopped");
    let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && text.ends_with("done\n"), "{text}");
    let (ok, report) = run(&place, &["check"]);
    assert!(ok, "aftercare check found:\n{report}");
}

/// The benchmarks themselves work: a short run of each that needs the product.
#[test]
fn benchmarks_run() {
    let calls: [&[&str]; 5] = [
        &["bench", "data", "--scale", "0.001", "--json"],
        &["bench", "start", "--times", "1", "--json"],
        &["bench", "lifecycle", "--seconds", "1", "--clients", "2", "--json"],
        &["bench", "stock", "--clients", "4", "--pieces", "2", "--json"],
        &["bench", "pages", "--requests", "2", "--json"],
    ];
    for call in calls {
        let dir = tempfile::TempDir::new().expect("a directory");
        let (ok, report) = run(&data(dir.path()), call);
        assert!(ok, "{call:?}: {report}");
        let json: serde_json::Value =
            serde_json::from_str(report.trim()).unwrap_or_else(|e| panic!("{call:?}: {e}: {report}"));
        assert!(json.as_object().is_some_and(|figures| !figures.is_empty()), "{report}");
        if call[1] == "pages" {
            assert!(json["calls"]["html_dashboard"].is_object(), "{report}");
        }
    }
}
