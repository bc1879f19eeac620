//! The commands on files, as a user calls them.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    process::ExitCode,
};

use clap::Parser;

#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: routing_cli::Routing,
}

fn call(folder: &Path, line: &str) -> bool {
    let words = line.split_whitespace().map(|w| match w.strip_prefix('@') {
        Some(file) => folder.join(file).display().to_string(),
        None => w.to_string(),
    });
    let args = Args::try_parse_from(std::iter::once("routing".to_string()).chain(words)).expect(line);
    format!("{:?}", routing_cli::run(args.command)) == format!("{:?}", ExitCode::SUCCESS)
}

fn read(folder: &Path, name: &str) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).expect(name)).expect(name)
}

#[test]
fn a_day_from_generation_to_repair() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert!(call(at, "generate --engineers 6 --jobs 40 --out @city.json"));
    assert!(call(
        at,
        "solve --problem @city.json --iterations 3000 --quiet --out @plan.json --report @plan.html"
    ));
    assert!(call(at, "check --problem @city.json --plan @plan.json"));
    let page = std::fs::read_to_string(at.join("plan.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("prefers-color-scheme") && !page.contains("<script"));
    assert!(!page.contains("http"), "self-contained");

    let job = r#"{"id":"urgent","place":"J1","duration":600,"windows":[[28800,61200]],"priority":9}"#;
    std::fs::write(at.join("job.json"), job).unwrap();
    assert!(call(
        at,
        "insert --problem @city.json --plan @plan.json --job @job.json --bump --out @best.json --plan-out @new.json"
    ));
    let best = read(at, "best.json");
    assert!(best["best"]["engineer"].is_string() || best["bump"].is_object());
    assert!(call(at, "windows --problem @city.json --plan @plan.json --job @job.json --out @windows.json"));
    assert!(read(at, "windows.json").as_array().is_some_and(|w| w.len() >= 4));
    assert!(call(at, "explain --problem @city.json --plan @plan.json --job j1 --out @why.json"));
    assert!(read(at, "why.json")["text"]["zh-CN"].is_string());
    assert!(call(
        at,
        "repair --problem @city.json --plan @plan.json --now 36000 --drop e1 --delay e2=900 --iterations 500 \
         --seconds 5 --problem-out @now.json --out @repaired.json"
    ));
    assert!(call(at, "check --problem @now.json --plan @repaired.json"));
}

#[test]
fn mistakes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("bad.json"), r#"{"places":[],"travel":{"kind":"walk"},"engineers":[],"jobs":[]}"#)
        .unwrap();
    assert!(!call(at, "solve --problem @bad.json --quiet"));
    assert!(!call(at, "solve --problem @missing.json --quiet"));
    assert!(call(at, "generate --engineers 1 --jobs 2 --out @city.json"));
    assert!(!call(at, "solve --problem @city.json --seconds NaN --quiet"));
    std::fs::write(at.join("plan.json"), r#"{"routes":[{"engineer":"nobody","stops":[]}]}"#).unwrap();
    assert!(!call(at, "explain --problem @city.json --plan @plan.json --job j1"));
}

#[test]
fn travel_comes_from_a_table_service() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let n = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..n]).to_string();
            assert!(request.starts_with("GET /table/v1/driving/"), "{request}");
            let body = r#"{"code":"Ok","durations":[[0,100],[200,0]]}"#;
            let reply = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let problem = r#"{"places":[{"id":"A","lat":31,"lon":121},{"id":"B","lat":31.1,"lon":121}],
        "travel":{"kind":"haversine","kmh":30},
        "engineers":[{"id":"e","start":"A","end":"A","shifts":[{"from":0,"to":9000}]}],
        "jobs":[{"id":"j","place":"B","duration":60}]}"#;
    std::fs::write(at.join("p.json"), problem).unwrap();
    let line =
        format!("solve --problem @p.json --iterations 10 --quiet --osrm http://{address} --out @r.json");
    assert!(call(at, &line));
    assert_eq!(read(at, "r.json")["travel_seconds"], 300);
}
