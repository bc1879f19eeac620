//! Server time of the main pages, cold caches apart: each address is asked for once before it counts, which `first_calls` shows.

use aftercare::StartError;
use serde_json::{Value, json};

use super::{
    calls::{Caller, Times},
    process::Server,
};
use crate::cli::Place;

/// Pages followed to reach the hundredth.
const DEEP: usize = 99;

/// Lists measured: name, address, name of its hundredth page.
const LISTS: &[(&str, &str, &str)] = &[
    ("orders_page_1", "/api/v1/orders", "orders_page_100"),
    ("orders_open_page_1", "/api/v1/orders?filter=open~eq~true", "orders_open_page_100"),
    ("orders_state_page_1", "/api/v1/orders?filter=state~in~scheduled", "orders_state_page_100"),
    ("customers_page_1", "/api/v1/customers", "customers_page_100"),
    ("units_page_1", "/api/v1/units", "units_page_100"),
    ("parts_page_1", "/api/v1/parts", "parts_page_100"),
    ("stock_page_1", "/api/v1/stock", "stock_page_100"),
];

/// HTML pages measured.
const PAGES: &[(&str, &str)] = &[
    ("html_orders", "/orders"),
    ("html_customers", "/customers"),
    ("html_intake", "/intake"),
    ("html_dispatch", "/dispatch"),
    ("html_dashboard", "/reports"),
    ("dashboard", "/api/v1/reports/board"),
    ("html_supervision", "/supervision"),
    // A search within a list: the word that every order has.
    ("orders_search_common", "/api/v1/orders?q=维修"),
    ("orders_search_rare", "/api/v1/orders?q=13900000017"),
];

/// Words searched for: a rare one, a common one, two characters, digits.
const WORDS: &[(&str, &str)] = &[
    ("search_rare", "13900000017"),
    ("search_common", "维修"),
    ("search_name", "苏州"),
    ("search_number", "YK1200"),
];

/// The same asked by somebody of one outlet, who sees the orders of that outlet alone.
const OF_OUTLET: &[(&str, &str)] = &[
    ("outlet_orders_page_1", "/api/v1/orders"),
    ("outlet_html_orders", "/orders"),
    ("outlet_orders_search_common", "/api/v1/orders?q=维修"),
    ("outlet_orders_search_rare", "/api/v1/orders?q=13900000017"),
    ("outlet_search_common", "/api/v1/search?q=维修"),
];

/// Login name of somebody of an outlet.
const OUTLET_LOGIN: &str = "bench-outlet";

/// A token of somebody of an outlet; the account is made on the first run. None where there is no outlet.
async fn of_outlet(place: &Place, admin: &Caller) -> Result<Option<String>, StartError> {
    let orgs = admin.get("warm", "/api/v1/orgs?filter=kind~eq~outlet&limit=1").await?;
    let Some(org) = orgs["items"][0]["id"].as_str() else { return Ok(None) };
    let account = json!({ "login": OUTLET_LOGIN, "name": OUTLET_LOGIN, "org_id": org, "roles": ["outlet"] });
    admin.call("warm", reqwest::Method::POST, "/api/v1/users", Some(account)).await?;
    let (app, _, _) = place.app().await?;
    let token = org::cli::new_token(&app, OUTLET_LOGIN).await?;
    app.db.close().await;
    Ok(Some(token))
}

/// Measures with the administrator, who sees everything, and lists and search also with somebody of an outlet.
pub async fn run(place: &Place, requests: usize) -> Result<Value, StartError> {
    let (app, _, _) = place.app().await?;
    let token = org::cli::new_token(&app, "admin").await?;
    app.db.close().await;
    drop(app);
    let postgres = place.url.starts_with("postgres");
    let server = Server::start(&place.data, Some(&place.url)).await?;
    let times = Times::default();
    let first = Times::default();
    let warm = Caller::new(&server.base, &token, "warm", first.clone());
    let caller = Caller::new(&server.base, &token, "pages", times.clone());
    let mut skipped = Vec::new();
    for (name, path, deep_name) in LISTS.iter().copied() {
        if !measure(&warm, &caller, name, path, requests).await? {
            skipped.push(name);
            continue;
        }
        match deep(&warm, path).await? {
            Some(path) => drop(measure(&warm, &caller, deep_name, &path, requests).await?),
            None => skipped.push(deep_name),
        }
    }
    for (name, path) in PAGES.iter().copied() {
        if !measure(&warm, &caller, name, path, requests).await? {
            skipped.push(name);
        }
    }
    if let Some(order) = warm.get("warm", "/api/v1/orders").await?["items"][0]["id"].as_str() {
        measure(&warm, &caller, "order", &format!("/api/v1/orders/{order}"), requests).await?;
        measure(&warm, &caller, "html_order", &format!("/orders/{order}"), requests).await?;
    }
    for (name, word) in WORDS.iter().copied() {
        measure(&warm, &caller, name, &format!("/api/v1/search?q={word}"), requests).await?;
    }
    match of_outlet(place, &warm).await? {
        Some(token) => {
            let warm = Caller::new(&server.base, &token, "outlet-warm", first.clone());
            let caller = Caller::new(&server.base, &token, "outlet", times.clone());
            for (name, path) in OF_OUTLET.iter().copied() {
                if !measure(&warm, &caller, name, path, requests).await? {
                    skipped.push(name);
                }
            }
        }
        None => skipped.extend(OF_OUTLET.iter().map(|(name, _)| *name)),
    }
    Ok(json!({
        "bench": "pages",
        "database": if postgres { "postgres" } else { "sqlite" },
        "requests_each": requests,
        "memory_mib": server.memory_mib().round(),
        "not_measured": skipped,
        "calls": times.report(),
        "first_calls": first.report(),
    }))
}

/// False when the address does not answer with success.
async fn measure(
    warm: &Caller,
    caller: &Caller,
    name: &'static str,
    path: &str,
    requests: usize,
) -> Result<bool, StartError> {
    let (status, _) = warm.call(name, reqwest::Method::GET, path, None).await?;
    if !status.is_success() {
        return Ok(false);
    }
    for _ in 0..requests {
        caller.call(name, reqwest::Method::GET, path, None).await?;
    }
    Ok(true)
}

/// Address of the hundredth page, if the list is that long.
async fn deep(caller: &Caller, path: &str) -> Result<Option<String>, StartError> {
    let join = if path.contains('?') { '&' } else { '?' };
    let mut at = path.to_string();
    for _ in 0..DEEP {
        let page = caller.get("warm", &at).await?;
        match page["next"].as_str() {
            Some(next) => at = format!("{path}{join}after={next}"),
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}
