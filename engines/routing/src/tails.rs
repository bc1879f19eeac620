//! Two routes trade what comes after a point of each (2-opt*: Potvin and Rousseau, "An exchange heuristic for
//! routeing problems with time windows", Journal of the Operational Research Society 46, 1995). Ruin and recreate
//! moves short pieces; half a long route changes its engineer only this way.

use crate::{
    core::Core,
    model::NONE,
    route::{DEPOT, Stale, Stop},
    search::Search,
    travel::Metric,
};

/// Whether routes of this problem may trade tails: nothing but travel counts, nothing is tied to a place in the plan,
/// and there are vehicles that cannot be told apart.
pub fn may_trade(core: &Core) -> bool {
    core.plain
        && core.groups.is_empty()
        && core.depots.is_empty()
        && !core.any_locked
        && core.kinds < core.vehicles.len()
}

/// Followers that are looked at.
const REACH: usize = 20;

impl<M: Metric> Search<'_, M> {
    /// Tries one exchange: a random visit is followed by one that goes well after it. Makes it if the cost grows by
    /// less than `most`, and returns whether it did. To be called between iterations.
    pub fn trade_tails(&mut self, most: f64) -> bool {
        let core = self.core;
        let u = self.rng.below(core.len()) as u32;
        let v = self.at[u as usize];
        if v == NONE {
            return false;
        }
        let around = core.next(u);
        if around.is_empty() {
            return false;
        }
        let w = around[self.rng.below(around.len().min(REACH))];
        let to = self.at[w as usize];
        let van = &core.vehicles[v as usize];
        if to == NONE || to == v || core.vehicles[to as usize].kind != van.kind || !van.breaks.is_empty() {
            return false;
        }
        let (a, b) = (&self.routes[v as usize].stops, &self.routes[to as usize].stops);
        let (Some(i), Some(j)) = (a.iter().position(|s| s.node == u), b.iter().position(|s| s.node == w))
        else {
            return false;
        };
        let (head, tail, last, rest) = (&a[i], &b[j], &b[j - 1], &a[i + 1]);
        let join = self.metric.time(head.place, tail.place);
        let back = self.metric.time(last.place, rest.place);
        let more = i64::from(join) + i64::from(back) - i64::from(head.leg) - i64::from(last.leg);
        if (more * core.costs.travel) as f64 >= most
            || head.early + join > tail.late
            || last.early + back > rest.late
        {
            return false;
        }
        let demand = |stops: &[Stop]| -> i64 {
            stops.iter().filter(|s| s.node < DEPOT).map(|s| core.demand[s.node as usize]).sum()
        };
        let shift = demand(&b[j..]) - demand(&a[i + 1..]);
        if shift > self.heads[v as usize].room || -shift > self.heads[to as usize].room {
            return false;
        }
        self.swap_after((v, i + 1), (to, j), most)
    }

    /// Swaps the stops of two routes from these on; takes it back unless both hold and the cost grows by less than
    /// `most` (with several windows the bound that was tested before is not exact).
    fn swap_after(&mut self, (v, i): (u32, usize), (to, j): (u32, usize), most: f64) -> bool {
        let before = self.cost;
        self.begin();
        self.touch(v);
        self.touch(to);
        for k in i..self.routes[v as usize].stops.len() - 1 {
            let node = self.routes[v as usize].stops[k].node;
            self.hand_over(node, to);
        }
        for k in j..self.routes[to as usize].stops.len() - 1 {
            let node = self.routes[to as usize].stops[k].node;
            self.hand_over(node, v);
        }
        let theirs = self.routes[to as usize].stops.split_off(j);
        let ours = self.routes[v as usize].stops.split_off(i);
        for (vehicle, tail) in [(v, theirs), (to, ours)] {
            self.routes[vehicle as usize].stops.extend(tail);
            self.routes[vehicle as usize].stale = Stale::All;
        }
        let ok = self.repair_route(v) & self.repair_route(to);
        if !ok || (self.cost - before) as f64 >= most {
            self.take_back();
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{core::Cut, model::Model, recreate::Inserter, solomon::read};

    /// Sixteen customers in a ring, two of three windows, four vans that hold six of them.
    fn ring() -> String {
        let mut text = String::from("ring\n\n4 60\n\n0 0 0 0 0 1000 0\n");
        for k in 1..=16_i64 {
            let angle = k as f64 * std::f64::consts::TAU / 16.0;
            let (x, y) = ((40.0 * angle.cos()).round() + 50.0, (40.0 * angle.sin()).round() + 50.0);
            let open = 100 * (k % 3);
            text.push_str(&format!("{k} {x} {y} 10 {open} {} 10\n", open + 500));
        }
        text
    }

    #[test]
    fn trades_keep_every_visit_capacity_and_time_and_what_the_search_knows_about_them() {
        let problem = read(&ring()).unwrap();
        let model = Model::new(&problem);
        let (core, table) = Core::with_table(&model, &Cut::whole(&model), 120);
        let mut search = Search::new(&core, &table, 7);
        let mut tools = Inserter::new(&core, &table, 7);
        search.begin();
        search.recreate(&mut tools, 0, true, None);
        assert!(may_trade(&core), "{} kinds", core.kinds);
        assert_eq!(search.absent, Vec::<u32>::new());
        let mut made = 0;
        for _ in 0..3000 {
            made += usize::from(search.trade_tails(400.0));
            let plan = search.snapshot();
            let mut anew = Search::new(&core, &table, 7);
            anew.restore(&plan);
            assert_eq!((anew.value(), anew.used_routes), (search.value(), search.used_routes));
            assert_eq!(anew.at, search.at);
        }
        assert!(made > 100, "{made} trades");
    }
}
