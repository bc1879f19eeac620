//! The search index on both engines.

use kernel::Id;

use crate::{
    Cx, Error, Result, Scope, Sens,
    lists::{ListQuery, count},
    search::{self, SearchDoc},
    testing::{Shop, found, on_both},
};

/// Puts things into the index, all with the same words and the first one with what is secret.
pub async fn indexed(shop: &Shop, words: &str, secret: &[(Sens, &str)]) {
    let crate::Begun::New(mut tx) = shop.admin.begin("test", &()).await.expect("a transaction") else {
        panic!("new")
    };
    let rows: Vec<(Id, Id, Option<Id>, String)> = tx
        .all(
            "select t.id, m.org_id, t.owner_id, t.no from thing t join maker m on m.id = t.maker_id order by t.no",
            vec![],
        )
        .await
        .expect("rows");
    for (index, (id, org, owner, no)) in rows.iter().enumerate() {
        let doc = SearchDoc {
            kind: "thing",
            id: *id,
            org: *org,
            owner: *owner,
            title: no,
            sub: "",
            text: words,
            secret: if index == 0 { secret } else { &[] },
        };
        search::put_in(&mut tx, &doc).await.expect("indexed");
    }
    tx.commit(()).await.expect("committed");
}

async fn listed(cx: &Cx, q: &str) -> Result<i64> {
    let mut conn = cx.read().await.expect("a reader");
    let asked = ListQuery { q: Some(q.into()), ..ListQuery::default() };
    count(cx, &mut conn, &found(), &asked).await.map(|count| count.count)
}

async fn hits(cx: &Cx, q: &str) -> i64 {
    let listed = listed(cx, q).await.expect("a count");
    let mut conn = cx.read().await.expect("a reader");
    let scope = cx.scope(found().perm).expect("a scope");
    let quick = search::find(cx, &mut conn, "thing", &scope, q, 100).await.expect("hits");
    assert_eq!(quick.len() as i64, listed, "{q}: the quick search says the same");
    listed
}

fn refused(answer: &Result<i64>) -> bool {
    matches!(answer, Err(Error::TooMany(_)))
}

#[tokio::test]
async fn masked_numbers_and_addresses_cannot_be_guessed_through_the_search() {
    on_both(async |shop| {
        shop.stock(3).await;
        let secret = [(Sens::Phone, "138 1030 8841"), (Sens::Address, "苏州市人民路 88号 12幢")];
        indexed(&shop, "空调", &secret).await;
        let full =
            ["13810308841", "+86 138-1030-8841", "8841", "08841", "1381", "138103", "人民路", "88号 空调"];
        for q in full {
            assert_eq!(hits(&shop.admin, q).await, 1, "{q}");
        }
        // Seen masked as 138****8841 and by its first six characters.
        for (q, expected) in [
            ("13810308841", 1),
            ("+86 138-1030-8841", 1),
            ("8841", 1),
            ("08841", 0),
            ("308841", 0),
            ("1381", 0),
            ("1381030", 0),
            ("人民路", 0),
            ("12幢", 0),
            ("空调", 1),
        ] {
            assert_eq!(hits(&shop.clerk, q).await, expected, "{q}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_number_beyond_the_limit_stays_refused_when_asked_again_and_the_log_knows() {
    on_both(async |shop| {
        shop.stock(3).await;
        indexed(&shop, "空调 13900000099", &[(Sens::Phone, "13810308841")]).await;
        for n in 0..20 {
            assert_eq!(listed(&shop.clerk, &format!("138000{n:05}")).await.expect("an answer"), 0);
        }
        for _ in 0..3 {
            assert!(refused(&listed(&shop.clerk, "13810308841").await));
            assert_eq!(shop.get("clerk", "/found?q=13810308841").await.0, 429);
            assert_eq!(shop.get("clerk", "/api/v1/search?q=13810308841").await.0, 429);
        }
        assert_eq!(shop.scalar("select count(*) from audit where action = 'denied'").await, 1);
        assert_eq!(hits(&shop.clerk, "13800000007").await, 0, "what was asked before is asked again");
        assert_eq!(hits(&shop.clerk, "13900000099").await, 1, "a serial of digits is found all the same");
        assert_eq!(hits(&shop.admin, "13810308841").await, 1, "who sees numbers is not limited");
        shop.advance(61);
        assert_eq!(hits(&shop.clerk, "13810308841").await, 1, "the next minute has room");
        // By whatever way a number is asked for: they are counted together.
        for n in 0..19 {
            assert!(search::try_number(&shop.clerk, &format!("1380001{n:04}")).await.is_ok());
        }
        assert!(search::try_number(&shop.clerk, "138 0002 0000").await.is_err());
        assert!(refused(&listed(&shop.clerk, "13800020000").await));
        assert!(search::try_number(&shop.admin, "13800020000").await.is_ok(), "not limited");
        // The day has an end of its own.
        for n in 0..50 {
            shop.advance(60);
            for k in 0..20 {
                search::may_try(&shop.clerk, &format!("137{n:04}{k:04}")).await;
            }
        }
        shop.advance(60);
        assert!(refused(&listed(&shop.clerk, "13810308842").await));
        shop.advance(86_400);
        assert_eq!(listed(&shop.clerk, "13810308842").await.expect("another day"), 0);
    })
    .await;
}

#[tokio::test]
async fn who_types_a_number_digit_by_digit_tries_one_number() {
    on_both(async |shop| {
        shop.stock(3).await;
        indexed(&shop, "空调", &[(Sens::Phone, "13810308841")]).await;
        for n in 0..19 {
            let number = format!("138000{n:05}");
            for typed in 1..=number.len() {
                assert_eq!(listed(&shop.clerk, &number[..typed]).await.expect("an answer"), 0);
            }
        }
        assert_eq!(hits(&shop.clerk, "13810308841").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_landline_is_found_by_its_local_number_where_numbers_are_masked() {
    on_both(async |shop| {
        shop.stock(3).await;
        indexed(&shop, "空调", &[(Sens::Phone, "0512-65123456"), (Sens::Phone, "0551-6601110")]).await;
        for (q, expected) in [
            ("65123456", 1),
            ("051265123456", 1),
            ("0512-6512 3456", 1),
            ("6601110", 1),
            ("5123456", 0),
            ("16601110", 0),
        ] {
            assert_eq!(hits(&shop.clerk, q).await, expected, "{q}");
        }
    })
    .await;
}

#[tokio::test]
async fn characters_that_mark_tokens_are_letters_like_others_when_typed() {
    on_both(async |shop| {
        shop.stock(3).await;
        indexed(&shop, "空调 㐂屋", &[(Sens::Phone, "13810308841"), (Sens::Address, "星湖街 7")]).await;
        let org = shop.clerk.actor().expect("a person").org;
        let whose = search::org_token(org);
        for q in ["㐂星湖", "㐂星", "㐁8841", "㐀1381", whose.as_str()] {
            assert_eq!(hits(&shop.clerk, q).await, 0, "{q}");
        }
        assert_eq!(hits(&shop.clerk, "㐂屋").await, 1);
        assert_eq!(hits(&shop.admin, "㐂屋").await, 3);
    })
    .await;
}

#[tokio::test]
async fn only_what_is_within_the_scope_counts_as_a_hit_of_a_broad_word() {
    on_both(async |shop| {
        shop.stock(12).await;
        indexed(&shop, "空调", &[]).await;
        let (cx, staff) = (&shop.admin, shop.admin.staff().expect("a person"));
        let orgs = [&shop.admin, &shop.clerk].map(|cx| cx.actor().expect("a person").org);
        let many = (0..40).map(|_| shop.app.id()).chain([orgs[1]]);
        for (scope, expected) in [
            (Scope::All, 12),
            (Scope::Orgs([orgs[1]].into()), 4),
            (Scope::Orgs(orgs.into()), 12),
            (Scope::Orgs(many.collect()), 4),
            (Scope::Orgs([].into()), 0),
            (Scope::Owners([staff].into()), 6),
            (Scope::Owners([shop.app.id()].into()), 0),
            (Scope::Either { orgs: [orgs[1]].into(), owners: [staff].into() }, 8),
        ] {
            let mut conn = cx.read().await.expect("a reader");
            let within = ("thing", &scope);
            let found = search::all(cx, &mut conn, within, "空调").await.expect("hits").len();
            assert_eq!(found, expected, "{scope:?}");
            for (most, broad) in [(expected, true), (expected + 1, false)] {
                let is =
                    search::is_broad(cx, &mut conn, within, "空调", most as i64).await.expect("an answer");
                assert_eq!(is, broad, "{scope:?} {most}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_document_that_goes_to_another_organisation_is_found_there() {
    on_both(async |shop| {
        shop.stock(3).await;
        indexed(&shop, "空调", &[]).await;
        assert_eq!(hits(&shop.clerk, "空调").await, 1);
        let mut tx = shop.app.db.begin().await.expect("a transaction");
        let org = shop.clerk.actor().expect("a person").org;
        tx.exec("update thing set maker_id = (select m.id from maker m where m.org_id = $1)", db::args![org])
            .await
            .expect("moved");
        tx.commit().await.expect("committed");
        indexed(&shop, "空调", &[]).await;
        assert_eq!(hits(&shop.clerk, "空调").await, 3);
    })
    .await;
}
