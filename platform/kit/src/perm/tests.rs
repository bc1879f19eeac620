use std::sync::Arc;

use db::Sql;
use kernel::{Id, T};

use super::*;

#[test]
fn a_masked_phone_keeps_head_and_tail() {
    assert_eq!(mask(Sens::Phone, "13800136027"), "138****6027");
    assert_eq!(mask(Sens::Phone, "0512-6601110"), "051****1110");
    assert_eq!(mask(Sens::Phone, "110"), "****");
    assert_eq!(mask(Sens::Phone, ""), "");
}

#[test]
fn a_masked_address_keeps_city_and_district_only() {
    assert_eq!(mask(Sens::Address, "苏州市吴中区太湖东路9号"), "苏州市吴中区***");
    assert_eq!(mask(Sens::Cost, "12.50"), "****");
}

#[test]
fn own_reach_over_a_table_without_owners_sees_nothing() {
    let mut sql = Sql::new("select 1 where true");
    Scope::Owners(Arc::from([Id::NIL])).push(&mut sql, "org_id", None);
    assert!(sql.text().ends_with(" and 1 = 0"));
}

const SEE: Perm = Perm { key: "x.see", label: T("", ""), grants: &[] };

fn id(n: u8) -> Id {
    format!("018f0000-0000-7000-8000-0000000000{n:02x}").parse().expect("an id")
}

fn substitute(own: Option<Reach>, theirs: Option<Reach>) -> Actor {
    let grants = |reach: Option<Reach>| reach.map(|r| (SEE.key.to_string(), r)).into_iter().collect();
    Actor {
        staff: Some(id(1)),
        name: "甲".into(),
        org: id(10),
        below: Arc::from([id(10), id(11)]),
        team: Arc::from([id(1)]),
        posts: Arc::from([id(1), id(4)]),
        post: Some(id(6)),
        acting_for: Arc::from([id(2)]),
        instead: Arc::from([Instead {
            staff: id(2),
            name: "乙".into(),
            org: id(20),
            below: Arc::from([id(20)]),
            team: Arc::from([id(2), id(3)]),
            posts: Arc::from([id(2), id(5)]),
            post: Some(id(7)),
            grants: grants(theirs),
        }]),
        grants: Arc::new(grants(own)),
        system: false,
        ..Actor::system()
    }
}

#[test]
fn a_substitute_has_the_absent_persons_rights_in_that_persons_place_only() {
    let (mine, theirs) = (Some(None), Some(Some(id(2))));
    let cases: &[(Option<Reach>, Option<Reach>, u8, u8, Option<Option<Id>>)] = &[
        // own reach, the absent one's, organisation, owner → by whose right
        (None, Some(Reach::Outlet), 20, 9, theirs),
        (None, Some(Reach::Outlet), 10, 9, None),
        (Some(Reach::Outlet), Some(Reach::Outlet), 10, 9, mine),
        (Some(Reach::Outlet), Some(Reach::Outlet), 20, 9, theirs),
        (Some(Reach::Below), Some(Reach::Own), 30, 2, theirs),
        (Some(Reach::Below), Some(Reach::Own), 11, 2, mine),
        (Some(Reach::Own), Some(Reach::Below), 10, 1, mine),
        (Some(Reach::Own), Some(Reach::Below), 10, 9, None),
        (Some(Reach::Own), Some(Reach::Team), 30, 3, theirs),
        (Some(Reach::Posts), None, 30, 4, mine),
        (Some(Reach::Posts), None, 10, 9, None),
        (Some(Reach::Posts), Some(Reach::Posts), 30, 5, theirs),
        (Some(Reach::Posts), Some(Reach::Own), 30, 5, None),
        (Some(Reach::All), Some(Reach::All), 30, 9, mine),
        (None, None, 20, 2, None),
    ];
    for (own, absent, org, owner, expected) in cases {
        let actor = substitute(*own, *absent);
        let owners = [id(*owner)];
        let found = actor.by_right(&SEE, Some((id(*org), &owners)));
        assert_eq!(found, *expected, "{own:?} {absent:?} {org} {owner}");
        // What may be touched is what is seen in lists.
        let seen = actor.scope(&SEE).is_some_and(|scope| scope.covers(id(*org), &owners));
        assert_eq!(seen, expected.is_some(), "{own:?} {absent:?} {org} {owner}");
    }
    let actor = substitute(None, Some(Reach::Own));
    assert_eq!((actor.signature(None), actor.signature(Some(id(2)))), ("甲".into(), "甲（代 乙）".into()));
}

#[test]
fn whoever_is_named_has_it_like_an_own_one_and_nobody_else_by_that() {
    let (mine, theirs) = (Some(None), Some(Some(id(2))));
    let cases: &[(Option<Reach>, Option<Reach>, &[u8], Option<Option<Id>>)] = &[
        // own reach, the absent one's, who is named → by whose right, in a document of another organisation
        (Some(Reach::Outlet), None, &[1], mine),
        (Some(Reach::Outlet), None, &[6], mine),
        (Some(Reach::Outlet), None, &[10], mine),
        (Some(Reach::Outlet), None, &[11, 4, 9], None),
        (Some(Reach::Below), None, &[11], mine),
        (Some(Reach::Own), None, &[10], None),
        (Some(Reach::Posts), None, &[4], mine),
        (Some(Reach::Outlet), Some(Reach::Outlet), &[2], theirs),
        (Some(Reach::Outlet), Some(Reach::Own), &[7], theirs),
        (Some(Reach::Outlet), None, &[2, 20], None),
        (None, None, &[1, 6, 10], None),
        (Some(Reach::Outlet), Some(Reach::Outlet), &[], None),
    ];
    for (own, absent, named, expected) in cases {
        let actor = substitute(*own, *absent);
        let named: Vec<Id> = named.iter().map(|n| id(*n)).collect();
        let found = actor.by_name(&SEE, (id(30), &[id(9)]), &named);
        assert_eq!(found, *expected, "{own:?} {absent:?} {named:?}");
        let scope = actor.scope_named(&SEE);
        let seen = scope.is_some_and(|scope| scope.covers_named(id(30), &[id(9)], &named));
        assert_eq!(seen, expected.is_some(), "{own:?} {absent:?} {named:?}");
    }
    let scope = substitute(Some(Reach::Outlet), None).scope_named(&SEE).expect("held");
    let mut sql = Sql::new("");
    scope.push_named(&mut sql, "d.org_id", "d.owner_id", ("d.id", "select x from y where z"));
    assert_eq!(
        sql.text(),
        " and (1 = 0 or d.org_id in ($1) or d.owner_id in ($2, $3) or d.id in (select x from y where z in ($4, $5, $6)))"
    );
}

#[test]
fn a_narrow_token_holds_no_more_than_its_scope_names() {
    let actor = || substitute(Some(Reach::All), Some(Reach::Own));
    let plain = actor().narrowed("");
    assert!(!plain.narrowed && !plain.read_only && plain.reach(&SEE).is_some());
    let reader = actor().narrowed("read_only");
    assert!(reader.narrowed && reader.read_only && reader.reach(&SEE) == Some(Reach::All));
    let other = actor().narrowed("read_only y.see");
    assert!(other.read_only && other.reach(&SEE).is_none() && other.scope(&SEE).is_none());
    assert_eq!(actor().narrowed("y.see x.see").reach(&SEE), Some(Reach::All));
}

#[test]
fn both_kinds_of_scope_become_one_condition() {
    let scope = substitute(Some(Reach::Outlet), Some(Reach::Own)).scope(&SEE).expect("held");
    let mut sql = Sql::new("");
    scope.push_shared(&mut sql, "o.org_id", Some("o.staff_id"), Some(("o.id", "select x from y where z")));
    assert_eq!(
        sql.text(),
        " and (o.org_id in ($1) or o.staff_id in ($2) or o.id in (select x from y where z in ($3)))"
    );
    let mut sql = Sql::new("");
    scope.push(&mut sql, "org_id", None);
    assert_eq!(sql.text(), " and (org_id in ($1))");
}
