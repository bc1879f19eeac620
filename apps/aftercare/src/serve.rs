//! The server process.

use std::{io::Write, net::SocketAddr, sync::Arc};

use aftercare::StartError;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::cli::Place;

/// Logs to standard error; `RUST_LOG` chooses what.
pub fn init_logs(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { logs.json().init() } else { logs.init() }
}

/// Serves until the process is told to stop; requests under way are finished.
pub async fn serve(place: &Place, listen: &str) -> Result<(), StartError> {
    kit::http::install_metrics();
    let (app, router, start) = place.app().await?;
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| format!("{listen}: {error}"))?;
    let address = listener.local_addr()?;
    let base = if app.config.public_url.is_empty() {
        format!("http://{address}")
    } else {
        app.config.public_url.clone()
    };
    say(&format!("aftercare is at {base}"));
    if let Some(path) = start {
        say(&format!("first start: open {base}{path} to set the administrator's password (valid once)"));
    }
    if app.db.engine() == db::Engine::Sqlite {
        kit::jobs::recover_all(&app).await?;
    }
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(kit::jobs::run(Arc::clone(&app), stopped));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    // Open streams would keep the server from ending: they are closed first.
    let open = Arc::clone(&app);
    let asked = async move {
        asked_to_stop().await;
        open.live.close();
    };
    axum::serve(listener, service).with_graceful_shutdown(asked).await?;
    let _ = stop.send(true);
    let _ = work.await;
    app.db.close().await;
    Ok(())
}

/// One line for whoever started us; a closed pipe must not stop a server.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Background work alone.
pub async fn worker(place: &Place) -> Result<(), StartError> {
    let (app, _, _) = place.app().await?;
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(kit::jobs::run(Arc::clone(&app), stopped));
    asked_to_stop().await;
    let _ = stop.send(true);
    let _ = work.await;
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}
