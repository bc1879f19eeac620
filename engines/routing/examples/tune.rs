//! Development: runs Solomon files with given parameters.
use std::sync::atomic::AtomicBool;
struct Wall(std::time::Instant);
impl routing::solve::Clock for Wall {
    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let get = |name: &str, default: f64| {
        args.iter().position(|a| a == name).map_or(default, |i| args[i + 1].parse().unwrap())
    };
    let d = routing::solve::Tuning::default();
    let tuning = routing::solve::Tuning {
        hot: get("--hot", d.hot),
        cold: get("--cold", d.cold),
        price: get("--price", d.price),
        mean: get("--mean", d.mean),
        longest: get("--longest", d.longest),
        whole: get("--whole", d.whole as f64) as usize,
        part: get("--part", d.part as f64) as usize,
        rounds: get("--rounds", d.rounds as f64) as usize,
    };
    let seconds = get("--seconds", 0.0);
    let iterations = get("--iterations", 0.0);
    let mut total = 0.0;
    let mut count = 0.0;
    for file in args.iter().filter(|a| a.ends_with(".txt")) {
        let problem = routing::solomon::read(&std::fs::read_to_string(file).unwrap()).unwrap();
        let name = std::path::Path::new(file).file_stem().unwrap().to_str().unwrap();
        let best = [
            ("C101", 827.3),
            ("C104", 822.9),
            ("R101", 1637.7),
            ("R104", 971.5),
            ("R112", 948.6),
            ("RC101", 1619.8),
            ("RC108", 1114.2),
            ("C203", 588.7),
            ("R201", 1143.2),
            ("R208", 701.0),
            ("RC204", 783.5),
        ]
        .iter()
        .find(|b| b.0 == name)
        .map_or(1.0, |b| b.1);
        let mut gaps = Vec::new();
        let mut its = 0;
        let clock = Wall(std::time::Instant::now());
        for seed in 0..get("--seeds", 1.0) as u64 {
            let budget = routing::solve::Budget {
                seconds: (seconds > 0.0).then_some(seconds),
                iterations: (iterations > 0.0).then_some(iterations as u64),
                seed: seed + get("--seed", 1.0) as u64,
                threads: get("--threads", 1.0) as usize,
                tuning,
            };
            let model = routing::model::Model::new(&problem);
            let cancel = AtomicBool::new(false);
            let outside = routing::solve::Outside { clock: &clock, cancel: &cancel, progress: &|_| {} };
            let routing::solve::Solved { plan, iterations: done } =
                routing::solve::plan(&model, &budget, &outside);
            its += done;
            gaps.push((plan.value.cost as f64 / 10.0 / best - 1.0) * 100.0);
            if plan.value.priority > 0 {
                println!("left {}", plan.value.priority);
            }
        }
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        total += mean;
        count += 1.0;
        println!(
            "{name:8} mean {mean:6.3} its/s {:7.0} {}",
            its as f64 / clock.0.elapsed().as_secs_f64(),
            gaps.iter().map(|g| format!("{g:.2} ")).collect::<String>()
        );
    }
    println!("ALL {:.4}", total / count);
}
