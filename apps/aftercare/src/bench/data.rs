//! A large company for the other benchmarks, written straight into the tables: 1 M orders through the API
//! would take hours. Closed history with a few per cent of open orders, spread over outlets and three years.

use std::time::Instant;

use aftercare::StartError;
use db::{Db, Options, Sql, Tx, Val, args, dialect::SearchRow};
use kernel::{Id, IdGen, Ts};
use serde_json::{Value, json};

use crate::cli::Place;

/// Most bound values in one statement: SQLite takes 32,766.
const MOST_VALUES: usize = 30_000;
/// Rows in one transaction.
const BATCH: usize = 20_000;
/// Outlets.
const OUTLETS: usize = 60;
/// Open orders that an engineer has in hand.
const ORDERS_IN_HAND: usize = 8;
/// Models.
const MODELS: usize = 300;
/// Three years in microseconds.
const SPAN: i64 = 3 * 365 * 86_400_000_000;
/// No deadline.
const NEVER: i64 = orders::api::NO_DUE.0;

const FAULTS: &[&str] = &[
    "高压报警停机",
    "不制冷",
    "漏水维修",
    "异响振动大",
    "通信故障",
    "点火失败",
    "更换滤芯",
    "年度保养",
    "显示异常",
    "电机过热",
];
const CITIES: &[&str] = &["苏州", "无锡", "常州", "南京", "天津", "济南", "合肥", "杭州", "宁波", "武汉"];

/// Rows of one table on their way into it.
struct Bulk<'a> {
    table: &'static str,
    columns: &'a [&'static str],
    pending: Vec<Val>,
}

impl<'a> Bulk<'a> {
    fn new(table: &'static str, columns: &'a [&'static str]) -> Self {
        Self { table, columns, pending: Vec::new() }
    }

    async fn add(&mut self, tx: &mut Tx, row: Vec<Val>) -> Result<(), StartError> {
        debug_assert_eq!(row.len(), self.columns.len());
        self.pending.extend(row);
        if self.pending.len() + self.columns.len() > MOST_VALUES {
            self.flush(tx).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, tx: &mut Tx) -> Result<(), StartError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut sql = Sql::new(format!("insert into {} ({}) values ", self.table, self.columns.join(", ")));
        let values = std::mem::take(&mut self.pending);
        for (index, row) in values.chunks(self.columns.len()).enumerate() {
            sql.push(if index == 0 { "" } else { ", " });
            sql.list(row.to_vec());
        }
        tx.exec_sql(sql).await?;
        Ok(())
    }
}

/// What everything else refers to.
struct Ground {
    ids: IdGen,
    start: Ts,
    root: Id,
    outlets: Vec<Id>,
    /// By outlet.
    engineers: Vec<Vec<(Id, String)>>,
    models: Vec<(Id, String)>,
}

impl Ground {
    /// An id of the given moment, so that tables are filled in the order of time like real ones.
    fn id(&self, at: Ts) -> Id {
        self.ids.next(at)
    }

    /// Moment of the n-th of `total`.
    fn at(&self, n: usize, total: usize) -> Ts {
        Ts(self.start.0 + SPAN / total.max(1) as i64 * n as i64)
    }
}

/// Fills the database at a scale, if one is wished and there is no order in it yet.
pub async fn fill_empty(place: &Place, scale: Option<f64>) -> Result<(), StartError> {
    let Some(scale) = scale else { return Ok(()) };
    let (app, _, _) = place.app().await?;
    let mut conn = app.db.read().await?;
    let found: Option<Id> = conn.scalar_opt("select id from pub_order limit 1", vec![]).await?;
    drop(conn);
    app.db.close().await;
    if found.is_none() {
        run(place, scale).await?;
    }
    Ok(())
}

/// Fills an empty database at a scale.
pub async fn run(place: &Place, scale: f64) -> Result<Value, StartError> {
    let (app, _, _) = place.app().await?;
    app.db.close().await;
    let now = app.now();
    drop(app);
    let db = Db::open(&place.url, &Options { durable: false, ..Options::default() }).await?;
    let began = Instant::now();
    let sized = |full: f64| ((full * scale).round() as usize).max(1);
    let (customers, units, orders, parts) =
        (sized(200_000.0), sized(1_000_000.0), sized(1_000_000.0), sized(50_000.0));
    let engineers = (orders * OPEN_PERCENT / 100 / ORDERS_IN_HAND / OUTLETS).max(1);
    let ground = ground(&db, Ts(now.0 - SPAN - 86_400_000_000), engineers).await?;
    let customer_ids = fill_customers(&db, &ground, customers).await?;
    let unit_ids = fill_units(&db, &ground, &customer_ids, units).await?;
    fill_orders(&db, &ground, &customer_ids, &unit_ids, orders).await?;
    fill_parts(&db, &ground, parts).await?;
    let mut tx = db.begin().await?;
    db::dialect::analyze(&mut tx).await?;
    tx.commit().await?;
    db.close().await;
    Ok(json!({
        "bench": "data",
        "database": if place.url.starts_with("postgres") { "postgres" } else { "sqlite" },
        "customers": customers, "units": units, "orders": orders, "parts": parts,
        "seconds": (began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
    }))
}

/// A number that looks like any other, the same for the same `n`: what is chosen by it falls evenly everywhere.
const fn scattered(n: usize) -> usize {
    let x = (n as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((x ^ (x >> 27)) >> 8) as usize
}

async fn ground(db: &Db, start: Ts, engineers: usize) -> Result<Ground, StartError> {
    let mut tx = db.begin().await?;
    let root: Id =
        tx.scalar("select id from org_unit where parent_id is null order by id limit 1", vec![]).await?;
    let mut ground = Ground {
        ids: IdGen::seeded(20_261_122),
        start,
        root,
        outlets: vec![],
        engineers: vec![vec![]; OUTLETS],
        models: vec![],
    };
    for n in 0..OUTLETS {
        let id = ground.id(start);
        tx.exec(
            "insert into org_unit (id, version, code, name, kind, parent_id, region, time_zone, phone, address, active, created_at, updated_at)
             values ($1, 1, $2, $3, 'outlet', $4, $5, 'Asia/Shanghai', '', '', true, $6, $6)",
            args![id, format!("B{n:03}"), format!("{}{n}号网点", CITIES[n % CITIES.len()]), root, CITIES[n % CITIES.len()], start],
        )
        .await?;
        ground.outlets.push(id);
    }
    for n in 0..OUTLETS * engineers {
        let (id, name) = (ground.id(start), format!("工程师{n:04}"));
        tx.exec(
            "insert into staff (id, version, no, name, org_id, post_id, team, grade, skills, engineer, phone, email, hired_on, active, created_at, updated_at, gender, id_no, education)
             values ($1, 1, $2, $3, $4, null, '', 3, '[]', true, '', '', null, true, $5, $5, '', '', '')",
            args![id, format!("BE{n:04}"), &name, ground.outlets[n % OUTLETS], start],
        )
        .await?;
        ground.engineers[n % OUTLETS].push((id, name));
    }
    for n in 0..MODELS {
        let (id, name) = (ground.id(start), format!("机组型号 MX-{n:03}"));
        tx.exec(
            "insert into model (id, version, code, code_key, name, name_key, category_id, spec, notes, active, created_at, updated_at)
             values ($1, 1, $2, $3, $4, $5, null, '', '', true, $6, $6)",
            args![id, format!("MX{n:03}"), format!("mx{n:03}"), &name, kernel::fold(&name), start],
        )
        .await?;
        ground.models.push((id, name));
    }
    tx.commit().await?;
    Ok(ground)
}

/// Puts a document into the search index as the product does.
#[expect(clippy::too_many_arguments, reason = "the fields of a row, in their order")]
async fn searchable(
    tx: &mut Tx,
    kind: &str,
    ref_id: Id,
    org: Id,
    title: &str,
    sub: &str,
    text: &str,
    phone: &str,
    at: Ts,
) -> Result<(), StartError> {
    let tokens = || kit::search::words(org, &format!("{title} {sub} {text}"), &[(kit::Sens::Phone, phone)]);
    let row = SearchRow { kind, ref_id, org, owner: None, title, sub, tokens: &tokens, hash: "bench", at };
    Ok(db::dialect::search_put_all(tx, &[row]).await?)
}

const CUSTOMER: &[&str] = &[
    "id",
    "version",
    "no",
    "org_id",
    "name",
    "name_key",
    "class",
    "grade",
    "standing",
    "member",
    "phone",
    "phone_key",
    "email",
    "region",
    "district",
    "address",
    "address_key",
    "call_from",
    "call_to",
    "notes",
    "complete",
    "state",
    "created_at",
    "updated_at",
];

async fn fill_customers(db: &Db, ground: &Ground, count: usize) -> Result<Vec<Id>, StartError> {
    let mut made = Vec::with_capacity(count);
    let mut bulk = Bulk::new("customer", CUSTOMER);
    for first in (0..count).step_by(BATCH) {
        let mut tx = db.begin().await?;
        for n in first..(first + BATCH).min(count) {
            let at = ground.at(n, count);
            let (id, org) = (ground.id(at), ground.outlets[n % OUTLETS]);
            let city = CITIES[n % CITIES.len()];
            let (name, phone) = (format!("{city}第{n}号客户"), format!("139{n:08}"));
            let (no, address) = (format!("CB-{n:07}"), format!("人民路 {} 号", n % 999));
            searchable(&mut tx, "customer", id, org, &name, &no, "", &phone, at).await?;
            bulk.add(
                &mut tx,
                args![
                    id,
                    1,
                    &no,
                    org,
                    &name,
                    kernel::fold(&name),
                    "direct",
                    "c",
                    "existing",
                    false,
                    &phone,
                    &phone,
                    "",
                    city,
                    "",
                    &address,
                    kernel::fold(&address),
                    "",
                    "",
                    "",
                    true,
                    "active",
                    at,
                    at
                ],
            )
            .await?;
            made.push(id);
        }
        bulk.flush(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(made)
}

const UNIT: &[&str] = &[
    "id",
    "version",
    "no",
    "org_id",
    "serial",
    "serial_key",
    "model_id",
    "customer_id",
    "purchase_date",
    "invoice_no",
    "dealer",
    "install_date",
    "place",
    "meter_unit",
    "state",
    "notes",
    "token",
    "open_notes",
    "created_at",
    "updated_at",
];

async fn fill_units(db: &Db, ground: &Ground, customers: &[Id], count: usize) -> Result<Vec<Id>, StartError> {
    let mut made = Vec::with_capacity(count);
    let mut bulk = Bulk::new("unit", UNIT);
    for first in (0..count).step_by(BATCH) {
        let mut tx = db.begin().await?;
        for n in first..(first + BATCH).min(count) {
            let at = ground.at(n, count);
            let owner = n % customers.len();
            let (id, org) = (ground.id(at), ground.outlets[owner % OUTLETS]);
            let (model, model_name) = &ground.models[n % MODELS];
            let serial = format!("SX{n:08}");
            searchable(&mut tx, "unit", id, org, model_name, &serial, "", "", at).await?;
            bulk.add(
                &mut tx,
                args![
                    id,
                    1,
                    format!("UB-{n:08}"),
                    org,
                    &serial,
                    kernel::fold(&serial),
                    *model,
                    customers[owner],
                    "2024-05-01",
                    "",
                    "",
                    "2024-05-02",
                    "",
                    "",
                    "in_use",
                    "",
                    format!("bench{n:010}"),
                    0,
                    at,
                    at
                ],
            )
            .await?;
            made.push(id);
        }
        bulk.flush(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(made)
}

const ORDER: &[&str] = &[
    "id",
    "version",
    "no",
    "org_id",
    "customer_id",
    "customer_name",
    "contact",
    "phone",
    "address",
    "region",
    "kind",
    "mode",
    "warranty",
    "warranty_set",
    "priority",
    "urgent",
    "source",
    "external_no",
    "symptom",
    "demand",
    "remark",
    "missing",
    "unit_id",
    "model_id",
    "model_name",
    "serial",
    "engineer_id",
    "engineer_name",
    "helpers",
    "state",
    "open",
    "waiting",
    "continuous",
    "level",
    "repeat_round",
    "failed_fixes",
    "reworks",
    "fix_class",
    "cause",
    "root_cause",
    "result",
    "assistance",
    "appraisal",
    "consent_by",
    "gross",
    "payable",
    "fee_key",
    "signed",
    "done_at",
    "confirmed_by",
    "callback_class",
    "audit_note",
    "deduction",
    "closed_at",
    "sla",
    "late",
    "next_due_at",
    "next_due_total",
    "loaner",
    "progress_at",
    "stale",
    "created_by",
    "created_at",
    "updated_at",
];

/// Of a hundred orders, this many are still open.
const OPEN_PERCENT: usize = 3;

async fn fill_orders(
    db: &Db,
    ground: &Ground,
    customers: &[Id],
    units: &[Id],
    count: usize,
) -> Result<(), StartError> {
    let mut bulk = Bulk::new("service_order", ORDER);
    let states = ["new", "accepted", "scheduled", "in_progress", "waiting", "done", "confirmed"];
    for first in (0..count).step_by(BATCH) {
        let mut tx = db.begin().await?;
        for n in first..(first + BATCH).min(count) {
            let at = ground.at(n, count);
            let owner = n % customers.len();
            let (id, outlet, chance) = (ground.id(at), owner % OUTLETS, scattered(n));
            let org = ground.outlets[outlet];
            let unit = n % units.len();
            let (model, model_name) = &ground.models[unit % MODELS];
            let mates = &ground.engineers[outlet];
            let (engineer, engineer_name) = &mates[chance / 700 % mates.len()];
            let open = chance % 100 < OPEN_PERCENT;
            let state = if open { states[chance / 100 % states.len()] } else { "closed" };
            let city = CITIES[owner % CITIES.len()];
            let (no, customer_name) = (format!("SB-{n:08}"), format!("{city}第{owner}号客户"));
            let (symptom, serial, phone) =
                (FAULTS[n % FAULTS.len()], format!("SX{unit:08}"), format!("139{owner:08}"));
            let due = if open { at.0 + 86_400_000_000 } else { NEVER };
            let done = (!open).then_some(Ts(at.0 + 7_200_000_000));
            let text = format!("{symptom} {serial}");
            searchable(&mut tx, "order", id, org, &no, &customer_name, &text, &phone, at).await?;
            bulk.add(
                &mut tx,
                args![
                    id,
                    9,
                    &no,
                    org,
                    customers[owner],
                    &customer_name,
                    &customer_name,
                    &phone,
                    "人民路",
                    city,
                    "repair_minor",
                    "on_site",
                    if n % 3 == 0 { "out" } else { "in" },
                    true,
                    (n % 4 + 1) as i64,
                    false,
                    "phone",
                    "",
                    symptom,
                    "",
                    "",
                    "",
                    units[unit],
                    *model,
                    model_name,
                    &serial,
                    *engineer,
                    engineer_name,
                    "[]",
                    state,
                    open,
                    "",
                    false,
                    1,
                    0,
                    0,
                    0,
                    if open { "unknown" } else { "first" },
                    if open { "" } else { "product" },
                    "",
                    "",
                    "",
                    "",
                    "",
                    // Sums equal those of the lines, and these orders have none.
                    0,
                    0,
                    "",
                    !open,
                    done,
                    "",
                    if open { "" } else { "satisfied" },
                    "",
                    0,
                    done,
                    "ok",
                    "",
                    due,
                    86_400_i64,
                    "",
                    at,
                    false,
                    ground.root,
                    at,
                    at
                ],
            )
            .await?;
        }
        bulk.flush(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

const PART: &[&str] = &[
    "id",
    "code",
    "name",
    "spec",
    "category",
    "class",
    "form",
    "criticality",
    "unit",
    "price",
    "cost",
    "version",
    "created_at",
    "updated_at",
];

async fn fill_parts(db: &Db, ground: &Ground, count: usize) -> Result<(), StartError> {
    let mut bulk = Bulk::new("part", PART);
    for first in (0..count).step_by(BATCH) {
        let mut tx = db.begin().await?;
        for n in first..(first + BATCH).min(count) {
            let at = ground.at(n, count);
            let id = ground.id(at);
            let (code, name) = (format!("PB-{n:06}"), format!("{}备件{n}", FAULTS[n % FAULTS.len()]));
            searchable(&mut tx, "part", id, ground.root, &name, &code, "", "", at).await?;
            bulk.add(
                &mut tx,
                args![
                    id,
                    &code,
                    &name,
                    "",
                    "基准",
                    "component",
                    "finished",
                    "normal",
                    "只",
                    (n % 5000) as i64 * 100 + 100,
                    (n % 5000) as i64 * 60 + 60,
                    1,
                    at,
                    at
                ],
            )
            .await?;
        }
        bulk.flush(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}
