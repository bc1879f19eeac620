//! Who is below whom, and sums.

use std::collections::{HashMap, HashSet};

use kernel::Id;

use super::model::{Post, Posted, Seats, Source, SourceWork, Staff, Stand, Tally, Work};

/// Posts below some posts, those included, each behind its superior, with its depth; siblings by name (ORG-05).
pub fn below(posts: &[Post], roots: &[Id]) -> Vec<(Id, i64)> {
    let mut children: HashMap<Id, Vec<&Post>> = HashMap::new();
    for post in posts {
        if let Some(superior) = post.superior_id {
            children.entry(superior).or_default().push(post);
        }
    }
    for list in children.values_mut() {
        list.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    }
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    // A root below another one comes in its place.
    let inner: HashSet<Id> =
        roots.iter().flat_map(|root| walk(&children, *root).into_iter().skip(1).map(|(id, _)| id)).collect();
    let outer = roots.iter().filter(|root| !inner.contains(root));
    for (id, depth) in outer.flat_map(|root| walk(&children, *root)) {
        if seen.insert(id) {
            found.push((id, depth));
        }
    }
    found
}

/// Depth first; a circle can't be stored, and would end here.
fn walk(children: &HashMap<Id, Vec<&Post>>, root: Id) -> Vec<(Id, i64)> {
    let (mut found, mut stack, mut seen) = (Vec::new(), vec![(root, 0)], HashSet::new());
    while let Some((id, depth)) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        found.push((id, depth));
        stack.extend(children.get(&id).into_iter().flatten().rev().map(|post| (post.id, depth + 1)));
    }
    found
}

/// Adds counts of one kind.
pub fn add(work: &mut Work, stand: Stand, n: i64, late: i64) {
    match stand {
        Stand::Today => {
            work.done_today += n;
            work.done_week += n;
        }
        Stand::Week => work.done_week += n,
        Stand::Doing => work.doing += n,
        Stand::Planned => work.planned += n,
        Stand::Undone => work.undone += n,
    }
    work.overdue += late;
}

/// Sum of two.
pub fn plus(a: Work, b: Work) -> Work {
    Work {
        done_today: a.done_today + b.done_today,
        done_week: a.done_week + b.done_week,
        doing: a.doing + b.doing,
        planned: a.planned + b.planned,
        undone: a.undone + b.undone,
        overdue: a.overdue + b.overdue,
    }
}

/// Counts by person and source.
#[derive(Default)]
pub struct Counts(HashMap<Id, Vec<SourceWork>>);

impl Counts {
    /// Adds the counts of a source.
    pub fn put(&mut self, source: Source, tallies: Vec<Tally>) {
        for tally in tallies {
            self.add(tally.staff_id, source, tally.stand, tally.n, tally.late);
        }
    }

    fn add(&mut self, staff: Id, source: Source, stand: Stand, n: i64, late: i64) {
        let by = self.0.entry(staff).or_default();
        let place = by.iter().position(|part| part.source == source).unwrap_or_else(|| {
            by.push(SourceWork { source, work: Work::default() });
            by.len() - 1
        });
        add(&mut by[place].work, stand, n, late);
    }

    /// Adds open signatures to those for whom they wait; one of which somebody had to be reminded is not carried out.
    pub fn put_seats(&mut self, seats: &[Seats], staff: &[Staff], signers: &Signers<'_>) {
        for seat in seats {
            for person in staff.iter().filter(|p| signers.waits_for(p, &seat.post, &seat.role, seat.org_id)) {
                self.add(person.id, Source::Approval, Stand::Undone, seat.reminded, 0);
                self.add(person.id, Source::Approval, Stand::Planned, seat.n - seat.reminded, 0);
            }
        }
    }

    /// Adds open documents or tasks to those who hold the post that they wait for.
    pub fn put_posted(&mut self, source: Source, posted: &[Posted], staff: &[Staff], signers: &Signers<'_>) {
        for work in posted {
            for person in staff.iter().filter(|p| signers.waits_for(p, &work.post, &work.role, work.org_id)) {
                self.add(person.id, source, work.stand, work.n, work.late);
            }
        }
    }

    /// What a person has, and the sum.
    pub fn take(&mut self, staff: Id) -> (Work, Vec<SourceWork>) {
        let by = self.0.remove(&staff).unwrap_or_default();
        (by.iter().fold(Work::default(), |sum, part| plus(sum, part.work)), by)
    }
}

/// Who signs what, and whose turn it is: as approvals and processes themselves find it.
pub struct Signers<'a> {
    /// Active posts.
    pub posts: &'a [Post],
    /// Organisations with the one above each.
    pub parents: &'a [(Id, Option<Id>)],
    /// Roles of people, with the organisation of their account.
    pub roles: &'a [(Id, Id, String)],
}

impl Signers<'_> {
    /// True when a signature or the work of a post waits for a person: a holder of the post in the document's organisation or one
    /// above it, or where nobody holds it, a holder of the role there.
    pub fn waits_for(&self, person: &Staff, post: &str, role: &str, org: Id) -> bool {
        let chain = above(self.parents, org);
        let mut posts = self.posts.iter().filter(|p| p.name == post && chain.contains(&p.org_id));
        if posts.clone().any(|p| p.held) {
            return posts.any(|p| Some(p.id) == person.post_id);
        }
        self.roles.iter().any(|(staff, at, code)| *staff == person.id && code == role && chain.contains(at))
    }
}

/// An organisation and those above it.
pub fn above(parents: &[(Id, Option<Id>)], org: Id) -> Vec<Id> {
    let mut chain = vec![org];
    while let Some(parent) = chain
        .last()
        .and_then(|last| parents.iter().find(|(id, _)| id == last))
        .and_then(|(_, parent)| *parent)
    {
        if chain.contains(&parent) {
            break;
        }
        chain.push(parent);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        format!("00000000-0000-7000-8000-0000000000{n:02}").parse().expect("an id")
    }

    fn post(n: u8, name: &str, superior: Option<u8>) -> Post {
        Post { id: id(n), org_id: id(90), name: name.into(), superior_id: superior.map(id), held: true }
    }

    #[test]
    fn the_tree_is_walked_in_order_and_each_post_once() {
        let posts = [
            post(1, "总监", None),
            post(2, "客服主管", Some(1)),
            post(3, "备件主管", Some(1)),
            post(4, "工程师", Some(2)),
            post(5, "别处", None),
        ];
        let all = below(&posts, &[id(1)]);
        assert_eq!(all, [(id(1), 0), (id(3), 1), (id(2), 1), (id(4), 2)]);
        assert_eq!(below(&posts, &[id(2)]), [(id(2), 0), (id(4), 1)], "nothing above and beside");
        assert_eq!(below(&posts, &[id(4), id(1)]), all, "a root below another one counts once");
        assert_eq!(below(&posts, &[]), []);
        let circle = [post(1, "a", Some(2)), post(2, "b", Some(1))];
        assert!(below(&circle, &[id(1)]).len() <= 2, "a circle ends");
    }

    #[test]
    fn a_signature_waits_for_the_holders_of_its_post_above_the_document() {
        let parents = [(id(91), Some(id(90))), (id(90), None), (id(92), Some(id(90)))];
        let posts = [post(1, "总监", None), Post { org_id: id(92), ..post(2, "总监", None) }];
        let person = |n: u8, post: u8| Staff {
            id: id(n),
            no: String::new(),
            name: String::new(),
            org_id: id(90),
            post_id: Some(id(post)),
        };
        let staff = [person(11, 1), person(12, 2)];
        let seat = |post: &str| Seats {
            post: post.into(),
            role: "auditor".into(),
            org_id: id(91),
            n: 3,
            reminded: 1,
        };
        let mut counts = Counts::default();
        let roles = [(id(12), id(90), "auditor".to_string()), (id(11), id(92), "auditor".to_string())];
        let signers = Signers { posts: &posts, parents: &parents, roles: &roles };
        counts.put_seats(&[seat("总监")], &staff, &signers);
        let (work, _) = counts.take(id(11));
        assert_eq!((work.planned, work.undone), (2, 1));
        assert_eq!(counts.take(id(12)).0, Work::default(), "a post beside the document's line");
        counts.put_seats(&[seat("品管部经理")], &staff, &signers);
        assert_eq!(counts.take(id(12)).0.planned, 2, "nobody holds the post: its role signs");
        assert_eq!(counts.take(id(11)).0, Work::default(), "the role, but beside");
    }

    #[test]
    fn sums_keep_the_kinds_apart() {
        let mut work = Work::default();
        for (stand, n, late) in [
            (Stand::Today, 2, 0),
            (Stand::Week, 3, 0),
            (Stand::Doing, 4, 1),
            (Stand::Planned, 5, 0),
            (Stand::Undone, 6, 6),
        ] {
            add(&mut work, stand, n, late);
        }
        let expected = Work { done_today: 2, done_week: 5, doing: 4, planned: 5, undone: 6, overdue: 7 };
        assert_eq!(work, expected);
        assert_eq!(plus(work, work).done_week, 10);
    }
}
