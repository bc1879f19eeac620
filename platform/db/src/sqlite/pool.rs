//! The reading connections.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{SqliteConn, conn::Settings};
use crate::{Error, Result};

/// How long a reader waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that can only read, opened when first needed.
pub(crate) struct Readers {
    path: PathBuf,
    settings: Settings,
    free: Mutex<Vec<SqliteConn>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf, settings: Settings, size: u32) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(size as usize));
        Arc::new(Self { path, settings, free: Mutex::default(), permits })
    }

    /// A connection. Errors: busy, when none becomes free in time.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Result<Reader> {
        let permit = if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            permit
        } else {
            tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned())
                .await
                .map_err(|_| Error::Busy("no connection became free in time".into()))?
                .map_err(|_| Error::Other("the database is closed".into()))?
        };
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match free {
            Some(conn) => conn,
            None => SqliteConn::open(&self.path, self.settings)?,
        };
        Ok(Reader { conn: Some(conn), pool: Arc::clone(self), _permit: permit })
    }

    /// Closes the connections; those in use close when they come back.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A reading connection; goes back when dropped.
pub(crate) struct Reader {
    conn: Option<SqliteConn>,
    pool: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    pub(crate) fn conn(&mut self) -> &mut SqliteConn {
        self.conn.as_mut().expect("the connection is there until the reader is dropped")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take()
            && !self.pool.permits.is_closed()
        {
            self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
    }
}
