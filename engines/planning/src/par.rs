//! Work on many series at once, with the same result for any number of threads: the work is cut into the same
//! pieces whatever the machine, and the pieces' results come back in order.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// Threads, cancellation and progress of a run.
///
/// `progress` is told a stage and a fraction from 0 to 1; it may be called from any thread.
pub struct Control<'a> {
    /// Threads to use, at least 1.
    pub threads: usize,
    /// Set it to true to stop: the run returns [`crate::PlanError::Cancelled`].
    pub cancel: Option<&'a AtomicBool>,
    /// Hears of the stages and how far they are (0 to 1).
    pub progress: Option<&'a (dyn Fn(&str, f64) + Sync)>,
}

impl Default for Control<'_> {
    fn default() -> Self {
        Self { threads: 1, cancel: None, progress: None }
    }
}

impl Control<'_> {
    /// A control with that many threads, no cancellation, no progress.
    #[must_use]
    pub fn threads(threads: usize) -> Self {
        Self { threads: threads.max(1), ..Self::default() }
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Tells the listener, if there is one.
    pub fn tell(&self, stage: &str, fraction: f64) {
        if let Some(progress) = self.progress {
            progress(stage, fraction);
        }
    }

    /// Runs `work` on the ranges `[0, piece)`, `[piece, 2 piece)` … of `0..n`; results in the order of the ranges.
    /// Pieces not begun when the run is cancelled are left out.
    pub fn pieces<R: Send>(
        &self,
        n: usize,
        piece: usize,
        stage: &str,
        work: impl Fn(std::ops::Range<usize>) -> R + Sync,
    ) -> Vec<R> {
        let piece = piece.max(1);
        let count = n.div_ceil(piece);
        let range = |k: usize| k * piece..((k + 1) * piece).min(n);
        if self.threads <= 1 || count <= 1 {
            let mut results = Vec::with_capacity(count);
            for k in 0..count {
                if self.cancelled() {
                    break;
                }
                results.push(work(range(k)));
                self.tell_often(stage, k + 1, count);
            }
            return results;
        }
        let next = AtomicUsize::new(0);
        let slots: Vec<Mutex<Option<R>>> = (0..count).map(|_| Mutex::new(None)).collect();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.min(count) {
                scope.spawn(|| {
                    loop {
                        let k = next.fetch_add(1, Ordering::Relaxed);
                        if k >= count || self.cancelled() {
                            break;
                        }
                        let result = work(range(k));
                        if let Ok(mut slot) = slots[k].lock() {
                            *slot = Some(result);
                        }
                        self.tell_often(stage, k + 1, count);
                    }
                });
            }
        });
        slots.into_iter().filter_map(|slot| slot.into_inner().ok().flatten()).collect()
    }

    /// Hands each item to `work` with its number; results in the order of the items. Not cancelled half-way.
    pub fn each<T: Send, R: Send>(&self, items: Vec<T>, work: impl Fn(usize, T) -> R + Sync) -> Vec<R> {
        if self.threads <= 1 || items.len() <= 1 {
            return items.into_iter().enumerate().map(|(k, item)| work(k, item)).collect();
        }
        let slots: Vec<Mutex<Option<T>>> = items.into_iter().map(|item| Mutex::new(Some(item))).collect();
        let whole = Control { threads: self.threads, cancel: None, progress: None };
        let results = whole.pieces(slots.len(), 1, "", |range| {
            let item = slots[range.start].lock().ok().and_then(|mut slot| slot.take());
            item.map(|item| work(range.start, item))
        });
        results.into_iter().flatten().collect()
    }

    fn tell_often(&self, stage: &str, done: usize, count: usize) {
        if !stage.is_empty() && (count < 200 || done.is_multiple_of(count / 100) || done == count) {
            self.tell(stage, done as f64 / count as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_in_order_for_any_number_of_threads() {
        for threads in [1, 2, 5] {
            let sums = Control::threads(threads).pieces(103, 10, "", Iterator::sum::<usize>);
            assert_eq!(sums.len(), 11);
            assert_eq!(sums[0], 45);
            assert_eq!(sums[10], 100 + 101 + 102);
        }
    }

    #[test]
    fn a_cancelled_run_starts_no_piece() {
        let flag = AtomicBool::new(true);
        let control = Control { threads: 2, cancel: Some(&flag), progress: None };
        assert!(control.pieces(100, 1, "", |_| ()).is_empty());
    }
}
