//! The front door: every request passes here, whatever it wants (DESIGN §4, §10).
//!
//! Outside in: panics, compression, then [`front`], which finds out who calls, runs the handler in a
//! task of its own (a client that hangs up must not cancel a transaction half-way), repeats it when the
//! database was busy, answers repeated requests from the stored answer, and renders errors for the door they
//! came through. Then the guard of the route.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, atomic::Ordering},
    time::Instant,
};

use axum::{
    Router,
    body::{Body as HttpBody, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use db::args;
use kernel::{Lang, T};
use sha2::{Digest, Sha256};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use ui::Btn;

use crate::{
    App, Cx, Error, Result, audit,
    cx::{Req, Stored},
    etag,
    module::{Access, Endpoint},
    net::Network,
};

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "aftercare";

/// No inline script, nothing from other hosts. Positions and percentages are inline custom properties, so
/// style attributes stay allowed.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// What every answer tells the browser, unless a handler told it something else.
const PROTECTION: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=()"),
];

/// SHA-256 of a session or token secret, as stored.
pub fn secret_hash(secret: &str) -> String {
    kernel::hex(&Sha256::digest(secret.as_bytes()))
}

/// The whole application.
pub fn router(app: &App, endpoints: Vec<Endpoint>) -> Router {
    let mut router: Router<App> = Router::new();
    for endpoint in endpoints {
        let access = endpoint.access;
        let guarded = endpoint.handler.layer(middleware::from_fn(
            move |cx: Cx, request: Request, next: Next| async move {
                match guard(&cx, access) {
                    Ok(()) => next.run(request).await,
                    Err(error) => error.into_response(),
                }
            },
        ));
        router = router.route(&endpoint.path, guarded);
    }
    // One layer around all routes: every further one would cost each request an allocation.
    let around = tower::ServiceBuilder::new()
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(app), front));
    router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::Method })
        // `front` has read the body and set the limit by what it is.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(around)
        .with_state(Arc::clone(app))
}

fn guard(cx: &Cx, access: Access) -> Result<()> {
    match access {
        Access::Public => Ok(()),
        Access::SignedIn => cx.actor().map(drop),
        Access::Perm(perm) => cx.require(perm),
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Longest idempotency key taken.
const LONGEST_KEY: usize = 200;

async fn context(app: &App, parts: &Parts, ip: String, idem: Option<String>) -> Result<Cx> {
    let headers = &parts.headers;
    let (secret, token) = match text(headers, "authorization").strip_prefix("Bearer ") {
        Some(bearer) => (Some(bearer.trim()), true),
        None => (cookie(headers, SESSION_COOKIE), false),
    };
    crate::zones::refresh(app).await?;
    let mut actor = None;
    if let Some(secret) = secret.filter(|s| !s.is_empty()) {
        actor = app.directory.by_secret(&app.db, &secret_hash(secret), app.now()).await?;
        // A cookie must not work as a token nor a token as a cookie: the Origin check rests on the difference.
        actor = actor.filter(|actor| actor.token == token);
    }
    let lang = match cookie(headers, "lang") {
        Some(lang) => Lang::parse(lang),
        None => Lang::parse(text(headers, "accept-language")),
    };
    let req = Req {
        id: app.id().to_string(),
        ip,
        uri: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        page: page_of(parts),
        idem: idem.filter(|key| !key.is_empty()),
        partial: text(headers, "hx-request") == "true" && text(headers, "hx-request-type") != "full",
        api: parts.uri.path().starts_with("/api/"),
        hidden: cookie(headers, "hide") == Some("1"),
        veils: crate::veil::Veils::load(app).await,
        theme: cookie(headers, "theme")
            .filter(|theme| matches!(*theme, "light" | "dark"))
            .map(str::to_string),
        host: text(headers, "host").to_string(),
        ..Req::default()
    };
    Ok(Cx { app: Arc::clone(app), actor, lang: lang.unwrap_or(Lang::Zh), req: Arc::new(req), shown_in: None })
}

/// The page somebody is on: for a fragment the address in their browser, after a form post none.
fn page_of(parts: &Parts) -> String {
    let current = text(&parts.headers, "hx-current-url");
    if let Some((_, rest)) = current.split_once("://") {
        return rest.find('/').map_or_else(|| "/".into(), |at| rest[at..].to_string());
    }
    if is_write(&parts.method) {
        return "/".into();
    }
    parts.uri.path_and_query().map_or_else(|| "/".into(), ToString::to_string)
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Writes by cookie must come from our own pages: browsers always say where a form or fetch comes from.
fn check_origin(parts: &Parts, cx: &Cx) -> Result<()> {
    if is_write(&parts.method) && cx.actor.as_ref().is_some_and(|actor| actor.read_only) {
        return Err(Error::Forbidden(crate::READ_ONLY));
    }
    if !is_write(&parts.method) || cx.actor.as_ref().is_some_and(|actor| actor.token) {
        return Ok(());
    }
    if matches!(text(&parts.headers, "sec-fetch-site"), "same-origin" | "none") {
        return Ok(());
    }
    let origin = text(&parts.headers, "origin");
    let same = origin.split_once("://").is_some_and(|(_, host)| host == cx.req.host);
    if same || (origin.is_empty() && cx.actor.is_none()) { Ok(()) } else { Err(Error::Forbidden("origin")) }
}

/// The idempotency key: the header, or the hidden field of a plain form.
fn idem_key(parts: &Parts, body: &Bytes) -> Option<String> {
    let given = text(&parts.headers, "idempotency-key");
    if !given.is_empty() {
        return Some(given.chars().take(LONGEST_KEY).collect());
    }
    if !text(&parts.headers, "content-type").starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    form_urlencoded::parse(body)
        .find(|(name, _)| name == "idem")
        .map(|(_, key)| key.chars().take(LONGEST_KEY).collect())
}

/// Where a request came from: the peer, or, when that is a proxy of ours, the last address in its list that is none.
/// What stands before that one anybody may have written.
fn caller(peer: IpAddr, trusted: &[Network], headers: &HeaderMap) -> IpAddr {
    let ours = |ip: IpAddr| trusted.iter().any(|known| known.holds(ip));
    let mut from = peer;
    let said = headers.get_all("x-forwarded-for").iter().rev().filter_map(|value| value.to_str().ok());
    for text in said.flat_map(|list| list.rsplit(',')) {
        if !ours(from) {
            break;
        }
        // Some proxies add the port.
        let text = text.trim();
        match text.parse().or_else(|_| text.parse().map(|at: SocketAddr| at.ip())) {
            Ok(before) => from = before,
            Err(_) => break,
        }
    }
    from
}

async fn front(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let method = parts.method.clone();
    let ip = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| caller(info.0.ip(), &app.config.trusted_proxies, &parts.headers).to_string())
        .unwrap_or_default();
    let (cx, mut response) = answer(&app, parts, body, ip, next).await;
    for (name, value) in PROTECTION {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    metrics::counter!("http_requests_total", "method" => method.to_string(), "status" => response.status().as_u16().to_string())
        .increment(1);
    metrics::histogram!("http_request_seconds").record(started.elapsed().as_secs_f64());
    let Some(cx) = cx else { return response };
    tracing::debug!(id = %cx.req.id, %method, uri = %cx.req.uri, status = response.status().as_u16(), micros = started.elapsed().as_micros() as u64);
    if cx.req.replayed.load(Ordering::Relaxed) {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

async fn answer(app: &App, parts: Parts, body: HttpBody, ip: String, next: Next) -> (Option<Cx>, Response) {
    let write = is_write(&parts.method);
    let limit = if is_upload(&parts) { app.config.upload_limit } else { app.config.body_limit };
    let bytes = match read_body(body, write, limit).await {
        Ok(bytes) => bytes,
        Err(error) => {
            let cx = context(app, &parts, ip, None).await.ok();
            let response = match &cx {
                Some(cx) => render(cx, &error).await,
                None => error.status().into_response(),
            };
            return (cx, response);
        }
    };
    let idem = if write { idem_key(&parts, &bytes) } else { None };
    let cx = match context(app, &parts, ip, idem).await {
        Ok(cx) => cx,
        Err(error) => {
            tracing::error!(%error, "no context");
            return (None, error.status().into_response());
        }
    };
    let checked =
        app.limits.hit(&cx.req.ip, app.config.rate_limit, app.now()).and_then(|()| check_origin(&parts, &cx));
    let checked = checked.and_then(|()| check_hidden(&cx, &parts, &bytes));
    let response = match checked {
        Err(error) => error.into_response(),
        Ok(()) if write => match etag::demand(&cx, &parts, bytes) {
            Ok(bytes) => {
                let response = run_write(&cx, parts.clone(), bytes, next).await;
                let failed = error_of(&response).and_then(|error| etag::failed(&parts, &error));
                failed.map_or(response, IntoResponse::into_response)
            }
            Err(error) => error.into_response(),
        },
        Ok(()) => run_once(&cx, parts, bytes, &next).await,
    };
    let response = finish(&cx, response).await;
    let response =
        if cx.req.api { etag::mark(crate::veil::answer(&cx, response).await).await } else { response };
    (Some(cx), response)
}

/// Nobody stores the shape of what is hidden from them; files are no forms that were filled in from a page.
fn check_hidden(cx: &Cx, parts: &Parts, bytes: &Bytes) -> Result<()> {
    if bytes.is_empty() || is_upload(parts) {
        return Ok(());
    }
    let form = text(&parts.headers, "content-type").starts_with("application/x-www-form-urlencoded");
    crate::veil::check(cx, form, bytes)
}

/// Files come as forms or as bare bodies; JSON and ordinary forms are never large.
fn is_upload(parts: &Parts) -> bool {
    let kind = text(&parts.headers, "content-type");
    !["", "application/json", "application/x-www-form-urlencoded"]
        .contains(&kind.split(';').next().unwrap_or_default().trim())
}

async fn read_body(body: HttpBody, write: bool, limit: usize) -> Result<Bytes> {
    if !write {
        return Ok(Bytes::new());
    }
    axum::body::to_bytes(body, limit).await.map_err(|_| Error::TooLarge)
}

async fn run_once(cx: &Cx, mut parts: Parts, body: Bytes, next: &Next) -> Response {
    parts.extensions.insert(cx.clone());
    next.clone().run(Request::from_parts(parts, HttpBody::from(body))).await
}

/// Times a busy command is run before the caller hears of it.
const TRIES: u32 = 5;

/// Runs a write in a task of its own; again when the database was busy; from the stored answer when the same
/// key was used before.
async fn run_write(cx: &Cx, parts: Parts, body: Bytes, next: Next) -> Response {
    let cx = cx.clone();
    let task = tokio::spawn(async move {
        let mut tried = 0;
        loop {
            let response = run_once(&cx, parts.clone(), body.clone(), &next).await;
            let Some(error) = error_of(&response) else { return response };
            tried += 1;
            match &*error {
                Error::Busy(_) if tried < TRIES => {
                    tokio::time::sleep(std::time::Duration::from_millis(5 << tried)).await;
                }
                // The first one with this key is about to be committed: its answer is there in a moment.
                Error::Duplicate if tried < TRIES => {
                    if !load_stored(&cx).await {
                        tokio::time::sleep(std::time::Duration::from_millis(10 << tried)).await;
                    }
                }
                Error::Busy(_) | Error::SignIn | Error::Forbidden(_) => return response,
                _ if cx.req.idem.is_some() && tried < TRIES && load_stored(&cx).await => {}
                _ => return response,
            }
        }
    });
    task.await.unwrap_or_else(|panic| Error::Internal(format!("handler panicked: {panic}")).into_response())
}

fn error_of(response: &Response) -> Option<Arc<Error>> {
    response.extensions().get::<Arc<Error>>().cloned()
}

/// Looks for an answer stored under the request's key; once per request.
async fn load_stored(cx: &Cx) -> bool {
    let (Some(key), Some(actor)) = (&cx.req.idem, &cx.actor) else { return false };
    if cx.req.replayed.load(Ordering::Relaxed) {
        return false;
    }
    let Ok(mut conn) = cx.app.db.read().await else { return false };
    let found: Option<(String, String)> = conn
        .opt(
            "select hash, output from idempotency where user_id = $1 and idem_key = $2",
            args![actor.user, key],
        )
        .await
        .unwrap_or_default();
    let Some((hash, output)) = found else { return false };
    let slot: &Mutex<Option<Stored>> = &cx.req.stored;
    match slot.lock() {
        Ok(mut slot) => {
            *slot = Some(Stored { hash, output });
            // From here on the answer counts as a replay, also when the key was used for something else: one look is enough.
            !cx.req.replayed.swap(true, Ordering::Relaxed)
        }
        Err(_) => false,
    }
}

/// Renders an error for the door it came through, and audits refusals.
async fn finish(cx: &Cx, response: Response) -> Response {
    let Some(error) = error_of(&response) else {
        if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
            return render(cx, &Error::Internal("unknown".into())).await;
        }
        return response;
    };
    match &*error {
        Error::Internal(text) => {
            tracing::error!(id = %cx.req.id, uri = %cx.req.uri, error = %text, "request failed");
        }
        Error::Forbidden(what) if cx.actor.is_some() => {
            if let Err(error) = audit::denied(cx, what).await {
                tracing::error!(%error, "could not record a refusal");
            }
        }
        _ => {}
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut response = render(cx, &error).await;
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// What a customer reads whose link leads nowhere any more.
async fn lost(cx: &Cx, error: &Error) -> Option<maud::Markup> {
    match (error, cx.app.registry.lost) {
        (Error::NotFound, Some(lost)) => lost(cx).await,
        _ => None,
    }
}

async fn render(cx: &Cx, error: &Error) -> Response {
    let problem = error.problem(cx.lang);
    let mut response = if cx.req.api {
        let mut response = (error.status(), axum::Json(problem)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    } else if matches!(error, Error::SignIn) && !cx.req.partial {
        // A part of a page is answered 401: its script asks to sign in beside what was typed, which a redirect would
        // throw away.
        let next: String = form_urlencoded::byte_serialize(cx.req.page.as_bytes()).collect();
        cx.redirect(&format!("/login?next={next}"))
    } else if cx.req.partial {
        let toast = ui::toast(cx.lang, ui::Tone::Red, &problem.title, "", None);
        let fields: Vec<_> = problem
            .errors
            .iter()
            .filter_map(|e| Some((e.field.as_deref()?, e.code, e.message.as_str())))
            .collect();
        let mut response = cx.fragment(maud::html! { (toast) (ui::field_errors(&fields)) });
        *response.status_mut() = error.status();
        response.headers_mut().insert("hx-reswap", HeaderValue::from_static("none"));
        response
    } else if let Some(view) = lost(cx, error).await {
        cx.bare(&problem.title, view, error.status())
    } else {
        let code = error.status().as_u16();
        let home = Btn::link(T("回到首页", "Back to start").get(cx.lang), "/").primary();
        let title = error.status().canonical_reason().unwrap_or("Error");
        // A browser without scripts has left the form; what was typed is one step back.
        let back = T(
            "用浏览器的后退键回到上一页，已填的内容还在。",
            "The browser's Back leads to the page before, with all that was typed.",
        );
        let reason = if problem.errors.is_empty() { "" } else { back.get(cx.lang) };
        let view = ui::error_view(code, &problem.title, reason, &[home]);
        // Whoever works in the office keeps the menu: a mistyped address must not throw anybody out of it.
        let office =
            cx.actor.is_some() && !cx.req.page.starts_with("/m") && !matches!(error, Error::Internal(_));
        let framed = if office {
            cx.page_with(title, view.clone(), error.status(), &[], false).await.ok()
        } else {
            None
        };
        framed.unwrap_or_else(|| cx.bare(title, view, error.status()))
    };
    if let Error::TooMany(wait) = error
        && let Ok(value) = HeaderValue::from_str(&wait.to_string())
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response.extensions_mut().insert(cx.req.id.clone());
    response
}

static METRICS: std::sync::OnceLock<metrics_exporter_prometheus::PrometheusHandle> =
    std::sync::OnceLock::new();

/// Installs the recorder once per process.
pub fn install_metrics() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    if METRICS.set(handle).is_ok() {
        // A second recorder in one process (tests) is harmless: the first one stays.
        let _ = metrics::set_global_recorder(recorder);
    }
}

/// Folds what was recorded into the figures: otherwise it piles up until somebody asks for them.
pub(crate) fn upkeep_metrics() {
    if let Some(handle) = METRICS.get() {
        handle.run_upkeep();
    }
}

/// Figures in Prometheus' text form.
pub fn metrics_text() -> String {
    METRICS.get().map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed_where_a_request_came_from() {
        let at = |text: &str| text.parse::<IpAddr>().expect("an address");
        let from = |peer: &str, trusted: &[&str], said: &[&str]| {
            let mut headers = HeaderMap::new();
            for text in said {
                headers.append("x-forwarded-for", HeaderValue::from_str(text).expect("a value"));
            }
            let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().expect("a network")).collect();
            caller(at(peer), &trusted, &headers).to_string()
        };
        assert_eq!(from("10.0.0.9", &[], &["1.2.3.4"]), "10.0.0.9", "nobody is believed unasked");
        assert_eq!(from("127.0.0.1", &["127.0.0.1"], &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(from("::ffff:127.0.0.1", &["127.0.0.1"], &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(
            from("127.0.0.1", &["127.0.0.1"], &["6.6.6.6, 1.2.3.4"]),
            "1.2.3.4",
            "the client wrote the first"
        );
        assert_eq!(
            from("127.0.0.1", &["127.0.0.1", "10.0.0.1"], &["6.6.6.6, 1.2.3.4", "10.0.0.1"]),
            "1.2.3.4"
        );
        assert_eq!(from("127.0.0.1", &["127.0.0.1"], &["1.2.3.4, nonsense"]), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &["127.0.0.1"], &["1.2.3.4:5678"]), "1.2.3.4", "with a port");
        assert_eq!(from("127.0.0.1", &["127.0.0.1"], &["[2001:db8::1]:80"]), "2001:db8::1");
        assert_eq!(from("127.0.0.1", &["127.0.0.1"], &[]), "127.0.0.1");
        let inside = &["10.0.0.0/8"];
        assert_eq!(
            from("10.4.5.6", inside, &["6.6.6.6, 1.2.3.4, 10.9.9.9"]),
            "1.2.3.4",
            "a network of proxies"
        );
        assert_eq!(from("11.4.5.6", inside, &["1.2.3.4"]), "11.4.5.6");
    }
}
