//! Scheduled mails to a mail host of the test (WO-35, REP-07): once per reader and day, with the reader's own rights.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use testkit::Engine;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::*;

type Letters = Arc<Mutex<Vec<String>>>;

/// A mail host that takes every letter and keeps it.
async fn host() -> (u16, Letters) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let letters = Letters::default();
    let kept = Arc::clone(&letters);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, Arc::clone(&kept)));
        }
    });
    (port, letters)
}

async fn talk(stream: TcpStream, letters: Letters) {
    let mut stream = BufReader::new(stream);
    let (mut line, mut letter) = (String::new(), None::<String>);
    stream.write_all(b"220 test\r\n").await.expect("writes");
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(text) = &mut letter {
            if line.trim_end() == "." {
                letters.lock().expect("letters").push(std::mem::take(text));
                letter = None;
                stream.write_all(b"250 taken\r\n").await.expect("writes");
            } else {
                text.push_str(&line);
            }
            continue;
        }
        let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match word.as_str() {
            "DATA" => {
                letter = Some(String::new());
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        stream.write_all(answer).await.expect("writes");
    }
}

/// Runs what the clock sets off, and the work behind it.
async fn pass(app: &TestApp, seconds: i64) {
    app.advance(seconds).await;
    let schedule =
        app.app.registry.schedules.iter().find(|s| s.name == "reports.mails").expect("it is there");
    (schedule.run)(app.system()).await.expect("runs");
    (schedule.run)(app.system()).await.expect("runs again");
    app.drain().await;
}

/// Letters with a workbook, decoded; notices of the product go to the same host.
fn taken(letters: &Letters) -> Vec<String> {
    let all = letters.lock().expect("letters");
    all.iter().filter(|letter| letter.contains("spreadsheetml")).map(|letter| plain(letter)).collect()
}

/// The texts of a letter's parts, decoded.
fn plain(letter: &str) -> String {
    let decode = |block: &str| {
        let joined: String = block.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(joined).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    // A part ends at the next boundary.
    let text = letter.replace("\r\n", "\n").replace("\n--", "\n\n--");
    text.split("\n\n").map(|block| decode(block).unwrap_or_else(|| printable(block)) + "\n\n").collect()
}

/// Quoted-printable as text.
fn printable(block: &str) -> String {
    let joined = block.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'=') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn login(app: &TestApp, who: &Client) -> String {
    let mut conn = app.app.db.read().await.expect("a reader");
    conn.scalar("select login from app_user where id = $1", db::args![who.user.expect("an account")])
        .await
        .expect("a login")
}

/// Gives somebody a mail address.
async fn address(admin: &Client, who: &Client, address: &str) {
    admin.put(&format!("/staff/{}", who.staff.expect("a person")), json!({ "email": address })).await.ok();
}

async fn run(app: &TestApp, letters: &Letters) {
    let admin = app.admin().await;
    crate::supervision::errands(app, &admin).await;
    history(app, &admin).await;
    let outlet = admin.get("/orgs").await.ok()["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|o| o["name"] == "园区网点")
        .map(id)
        .expect("the outlet");
    let chief = app.user(Role::Manager).await;
    let small = app.user_in(Role::Manager, outlet.parse().expect("an id")).await;
    let engineer = app.user(Role::Engineer).await;
    let mute = app.user(Role::Auditor).await;
    for (who, at) in
        [(&chief, "chief@example.com"), (&small, "small@example.com"), (&engineer, "engineer@example.com")]
    {
        address(&admin, who, at).await;
    }
    let mut readers = Vec::new();
    for who in [&chief, &small, &engineer, &mute] {
        readers.push(login(app, who).await);
    }
    let list = json!({ "name": "全部工单", "content": "list", "list": "orders", "query": "/orders?columns=no,customer", "every": "daily", "at": "08:30", "recipients": [readers.join("\n")] });
    let mail = admin.post("/report-mails", list.clone()).await.ok();
    assert_eq!(mail["recipients"].as_array().map(Vec::len), Some(4), "{mail}");
    assert_eq!(taken(letters).len(), 0, "its time has not come");
    pass(app, 86_400).await;
    pass(app, 60).await;
    let all = taken(letters);
    assert_eq!(all.len(), 2, "two may export orders and have an address: {all:?}");
    let to = |address: &str| {
        all.iter().find(|l| l.contains(address)).unwrap_or_else(|| panic!("a letter to {address}")).clone()
    };
    assert!(to("chief@example.com").contains("附件共 11 行"), "{}", to("chief@example.com"));
    assert!(
        to("small@example.com").contains("附件共 3 行"),
        "the own outlet only: {}",
        to("small@example.com")
    );
    assert!(
        to("chief@example.com").contains("spreadsheetml") && to("chief@example.com").contains("Message-ID")
    );
    let log = admin.get(&format!("/report-mails/{}", id(&mail))).await.ok();
    let mut states: Vec<String> = log["log"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|l| format!("{} {}", l["state"].as_str().unwrap_or(""), l["note"].as_str().unwrap_or("")))
        .collect();
    states.sort();
    assert_eq!(states, ["sent ", "sent ", "skipped 收件人无权查看或导出", "skipped 收件人没有邮箱"], "{log}");
    // By hand, before its time on that day; then not again, neither by hand nor by the clock.
    let send = format!("/report-mails/{}/send", id(&mail));
    admin.post(&send, json!({})).await.ok();
    app.drain().await;
    assert_eq!(taken(letters).len(), 4);
    assert_eq!(admin.post(&send, json!({})).await.refused(409), "mail.sent_today");
    pass(app, 86_400).await;
    assert_eq!(taken(letters).len(), 4, "once a day");
    let change = json!({ "name": "全部工单", "content": "list", "list": "orders", "every": "daily", "at": "08:30", "recipients": readers, "paused": true, "version": log["version"] });
    admin.put(&format!("/report-mails/{}", id(&mail)), change).await.ok();
    let summary = json!({ "name": "服务与维修记录汇总", "content": "summary", "every": "monthly", "day": 5, "at": "07:00", "recipients": [readers[0]] });
    let summary = chief.post("/report-mails", summary).await.ok();
    assert_eq!(summary["next_at"], "2026-12-04T23:00:00Z", "the fifth (N-44): {summary}");
    pass(app, 20 * 86_400).await;
    let all = taken(letters);
    assert_eq!(all.len(), 5, "the other one is paused");
    let last = all.last().expect("a letter");
    assert!(
        last.contains("2026-11-01 — 2026-11-30")
            && last.contains("受理：11")
            && last.contains("机型故障")
            && last.contains("投诉：")
            && last.contains("用得最多的备件："),
        "{last}"
    );
    assert!(
        last.contains("流程单据：外勤 办结 1，进行中 2") && last.contains("另附办结的流程单据 1 行"),
        "what is not orders is in it too: {last}"
    );
    assert_eq!(last.matches("spreadsheetml").count(), 2, "a workbook each: {last}");
    let page = chief.page(&format!("/report-mails/{}", id(&summary))).await;
    assert!(page.text().contains("已发送"), "{}", page.text());
    views(&admin, &readers[0]).await;
    refusals(app, &admin, &small, &list).await;
}

/// A view that somebody saved is what its readers get, whether they see the view or not.
async fn views(admin: &Client, login: &str) {
    let view = json!({ "name": "我的", "filter": "state~in~closed", "shared": false });
    let view = admin.post("/orders/views", view).await.ok();
    let body = json!({ "name": "视图", "content": "list", "list": "orders", "query": format!("view={}", id(&view)), "every": "daily", "at": "07:00", "recipients": [login], "paused": true });
    let mail = admin.post("/report-mails", body).await.ok();
    assert!(
        mail["query"].as_str().is_some_and(|q| q.starts_with("filter=state") && !q.contains("view")),
        "{mail}"
    );
}

async fn refusals(app: &TestApp, admin: &Client, small: &Client, list: &Value) {
    let code = async |who: &Client, change: Value| {
        let mut body = list.clone();
        for (key, value) in change.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        who.post("/report-mails", body).await.refused(422)
    };
    assert_eq!(code(admin, json!({ "list": "nothing" })).await, "mail.list");
    assert_eq!(code(admin, json!({ "query": "filter=nothing~eq~1" })).await, "filter.column");
    assert_eq!(code(admin, json!({ "at": "25:00" })).await, "mail.at");
    assert_eq!(code(admin, json!({ "every": "weekly" })).await, "mail.day");
    assert_eq!(code(admin, json!({ "recipients": ["ghost"] })).await, "mail.reader");
    assert_eq!(code(small, json!({})).await, "mail.reader", "people of other organisations can't be named");
    app.user(Role::Engineer).await.post("/report-mails", list.clone()).await.refused(403);
    let form = admin.form("/report-mails/new", "name=&content=list&every=daily&at=&recipients=").await;
    assert_eq!(form.status, 422);
    assert!(form.text().contains("请填写主题"), "{}", form.text());
}

async fn on(engine: Engine) {
    let (port, letters) = host().await;
    let app = TestApp::with(engine, |config| {
        config.smtp = format!("smtp://127.0.0.1:{port}");
        config.mail_from = "售后 <aftercare@example.com>".into();
    })
    .await;
    run(&app, &letters).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_go_out_once_with_the_readers_rights_sqlite() {
    on(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_go_out_once_with_the_readers_rights_postgres() {
    if !Engine::skip_postgres() {
        on(Engine::Postgres).await;
    }
}
