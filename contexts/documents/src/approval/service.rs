//! Opening, signing and reminding (DOC-05…08, DOC-21, ORG-14, ORG-15).

use db::Conn;
use kernel::{Id, RuleError, T, Ts};
use kit::{
    Cx, DocRef, Error, Result, Tx, begin,
    notify::{Notice, tell_in},
    timers::{self, NewTimer},
};

use super::{model::*, rules, store, words};
use crate::{
    document::{self, model::DocumentRow},
    perms::{APPROVAL_READ, DOCUMENT_INSTEAD, TEMPLATE_READ, TEMPLATE_WRITE},
    settings::{CLIMB_AFTER, ONE_SEAT, REMIND_AFTER},
};

/// Clock of an open approval.
pub const REMINDER: &str = "documents.approval";
/// Reminders sent at most.
const MOST_REMINDERS: i64 = 20;
/// Approvals shown in an inbox.
const MOST_SHOWN: i64 = 200;

fn doc(row: &ApprovalRow) -> DocRef {
    DocRef::new("approval", row.id, &row.doc_no)
}

fn bands(row: &SchemeRow) -> Result<Vec<Band>> {
    Ok(serde_json::from_str(&row.bands)?)
}

/// Opens an approval for a document under the matrix that counts now. The band and its posts are kept from then on;
/// who holds a post is asked anew at every signature.
///
/// Errors: `approval.no_scheme`.
pub async fn open_in(tx: &mut Tx, code: &str, row: &DocumentRow, amount: i64) -> Result<()> {
    let now = tx.now();
    let scheme = store::find_scheme(tx, code, now).await?.ok_or_else(|| {
        RuleError::new(
            "approval.no_scheme",
            T("没有审批方案“{code}”", "There is no approval matrix \"{code}\""),
        )
        .arg("code", code)
    })?;
    let bands = bands(&scheme)?;
    let index =
        rules::band(&bands, amount).ok_or_else(|| Error::Internal(format!("{code} has no open band")))?;
    let approval = ApprovalRow {
        id: tx.id(),
        version: 1,
        scheme_id: scheme.id,
        doc_kind: "document".into(),
        doc_id: row.id,
        doc_no: row.no.clone(),
        title: row.title.clone(),
        title_en: row.title_en.clone(),
        org_id: row.org_id,
        owner_id: row.owner_id,
        amount,
        state: ApprovalState::Open,
        band: rules::band_words(&bands, index),
        asked_by: rules::asker(&bands[index], tx.cx().actor()?.user),
        created_by: tx.cx().actor()?.name.clone(),
        created_at: now,
        updated_at: now,
        ended_at: None,
    };
    let seats = seats_of(tx, &approval, &bands[index], now).await?;
    store::insert_approval(tx, &approval).await?;
    store::insert_seats(tx, &seats).await?;
    tx.created(doc(&approval), &approval)?;
    remind_later(tx, &approval).await?;
    tell_open(tx, &approval, &seats, T("待您审批", "To be signed by you")).await
}

async fn seats_of(tx: &mut Tx, approval: &ApprovalRow, band: &Band, now: Ts) -> Result<Vec<SeatRow>> {
    let mut seats = Vec::new();
    for (stage, part) in (0_i64..).zip(&band.stages) {
        let signers = if part.committee.is_empty() {
            part.signers.clone()
        } else {
            let committee = store::find_committee(tx, &part.committee).await?.ok_or(Error::NotFound)?;
            serde_json::from_str(&committee.posts)?
        };
        for signer in signers {
            seats.push(SeatRow {
                id: tx.id(),
                approval_id: approval.id,
                stage,
                post: signer.post,
                role: signer.role,
                state: if stage == 0 { SeatState::Open } else { SeatState::Waiting },
                user_id: None,
                user_name: String::new(),
                instead_of: String::new(),
                opinion: String::new(),
                opened_at: (stage == 0).then_some(now),
                signed_at: None,
                reminded: 0,
            });
        }
    }
    Ok(seats)
}

async fn remind_later(tx: &mut Tx, approval: &ApprovalRow) -> Result<()> {
    let span: String = tx.cx().clone().setting(&REMIND_AFTER, approval.org_id).await?;
    let timer = NewTimer {
        doc: &doc(approval),
        org: approval.org_id,
        kind: REMINDER,
        span: timers::parse_span(&span)?,
        start: tx.now(),
        warn_percent: 0,
    };
    timers::start_in(tx, &[timer]).await
}

/// Who may not sign an approval (any more): whoever opened the document or applied for this never approves his own
/// request, and who has signed one seat leaves the others to others, unless the company says otherwise.
async fn barred(cx: &Cx, conn: &mut Conn, approval: &ApprovalRow, seats: &[SeatRow]) -> Result<Vec<Id>> {
    let document = document::store::find_document(conn, approval.doc_id).await?;
    let mut barred: Vec<Id> = document.map(|d| d.creator_id).into_iter().chain(approval.asked_by).collect();
    if cx.setting::<bool>(&ONE_SEAT, approval.org_id).await? {
        barred.extend(seats.iter().filter_map(|seat| seat.user_id));
    }
    Ok(barred)
}

/// Accounts that may sign a seat now: holders of the post and their deputies; its role where nobody holds the post, or
/// only people who may not sign this one.
async fn users_of(conn: &mut Conn, seat: &SeatRow, org: Id, barred: &[Id], now: Ts) -> Result<Vec<Id>> {
    let chain = org::api::above(conn, org).await?;
    let holders = org::api::post_holders(conn, &seat.post, &chain).await?;
    let people: Vec<Id> = holders.into_iter().map(|(person, _)| person).collect();
    let mut users =
        if people.is_empty() { Vec::new() } else { org::api::users_of(conn, &people, now).await? };
    users.retain(|user| !barred.contains(user));
    if users.is_empty() {
        users = org::api::users_with_role(conn, &seat.role, &chain, now).await?;
        users.retain(|user| !barred.contains(user));
    }
    Ok(users)
}

async fn tell_open(tx: &mut Tx, approval: &ApprovalRow, seats: &[SeatRow], title: T) -> Result<()> {
    let now = tx.now();
    let cx = tx.cx().clone();
    let barred = barred(&cx, tx, approval, seats).await?;
    let mut users = Vec::new();
    for seat in seats.iter().filter(|s| s.state == SeatState::Open) {
        users.extend(users_of(tx, seat, approval.org_id, &barred, now).await?);
    }
    users.sort();
    users.dedup();
    let href = format!("/approvals/{}", approval.id);
    let detail = format!("{} {}", approval.doc_no, approval.title);
    let title = T::both(title.0, title.1);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: true }).await
}

/// Whoever applied, and whoever opened the document, hears how it was decided.
async fn tell_asker(tx: &mut Tx, approval: &ApprovalRow) -> Result<()> {
    let document = document::store::find_document(tx, approval.doc_id).await?;
    let mut users: Vec<Id> = document.map(|d| d.creator_id).into_iter().chain(approval.asked_by).collect();
    users.sort();
    users.dedup();
    let title = match approval.state {
        ApprovalState::Approved => T("审批已同意", "Approved"),
        _ => T("审批被驳回", "Refused"),
    };
    let href = format!("/documents/{}", approval.doc_id);
    let detail = format!("{} {}", approval.doc_no, approval.title);
    let title = T::both(title.0, title.1);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false }).await
}

/// The first open seat the caller may sign, and for whom if as a deputy.
async fn my_seat(
    cx: &Cx,
    conn: &mut Conn,
    approval: &ApprovalRow,
    seats: &[SeatRow],
) -> Result<Option<(usize, String)>> {
    let me = cx.actor()?;
    let now = cx.now();
    let barred = barred(cx, conn, approval, seats).await?;
    if barred.contains(&me.user) {
        return Ok(None);
    }
    for (index, seat) in seats.iter().enumerate().filter(|(_, s)| s.state == SeatState::Open) {
        if !users_of(conn, seat, approval.org_id, &barred, now).await?.contains(&me.user) {
            continue;
        }
        let chain = org::api::above(conn, approval.org_id).await?;
        let mut holders: Vec<Id> =
            org::api::post_holders(conn, &seat.post, &chain).await?.into_iter().map(|(p, _)| p).collect();
        // Where the role signs in place of the post, its holders are who a deputy stands in for.
        holders.extend(org::api::role_holders(conn, &seat.role, &chain).await?);
        let own = me.staff.is_some_and(|person| holders.contains(&person));
        let absent: Vec<Id> = me.acting_for.iter().copied().filter(|p| holders.contains(p)).collect();
        let instead = if own || absent.is_empty() {
            String::new()
        } else {
            let names = org::api::staff_names(conn, &absent).await?;
            names.into_values().next().unwrap_or_default()
        };
        return Ok(Some((index, instead)));
    }
    // Who may act for anybody may sign for anybody; the history says so.
    let open = seats.iter().position(|s| s.state == SeatState::Open);
    Ok(open.filter(|_| cx.can(&DOCUMENT_INSTEAD)).map(|index| (index, seats[index].post.clone())))
}

async fn any_of(conn: &mut Conn, approval: &ApprovalRow) -> Result<Vec<bool>> {
    let scheme = store::get_scheme(conn, approval.scheme_id).await?;
    let bands = bands(&scheme)?;
    let index = rules::band(&bands, approval.amount).unwrap_or(0);
    Ok(bands.get(index).map(|band| band.stages.iter().map(|s| s.any).collect()).unwrap_or_default())
}

/// Signs the caller's seat. The last signature, or a refusal, moves the document on in the same transaction.
///
/// Errors: 404 for those who have no seat and may not see it, `approval.not_open`, `approval.opinion`.
pub async fn sign(cx: &Cx, id: Id, input: Sign) -> Result<ApprovalOut> {
    let mut tx = begin!(cx, "documents.sign", &(id, &input));
    let old = store::lock_approval(&mut tx, id).await?;
    let mut seats = store::select_seats(&mut tx, id).await?;
    let found = my_seat(cx, &mut tx, &old, &seats).await?;
    let Some((seat, instead)) = found else {
        let barred = barred(cx, &mut tx, &old, &seats).await?;
        rules::check_signer(cx.actor()?.user, &barred, &seats)?;
        authorize(cx, &mut tx, &old).await.map_err(|_| Error::NotFound)?;
        return Err(
            RuleError::new("approval.not_open", T("现在不由您签", "It is not your turn to sign")).into()
        );
    };
    let now = tx.now();
    let any = any_of(&mut tx, &old).await?;
    let before = seats.clone();
    let after = rules::sign(&mut seats, seat, input.approve, &input.opinion, &any, now)?;
    let me = cx.actor()?;
    seats[seat].user_id = Some(me.user);
    seats[seat].user_name = me.name.clone();
    seats[seat].instead_of = instead;
    for (new, _) in seats.iter().zip(&before).filter(|(new, old)| new != old) {
        store::update_seat(&mut tx, new).await?;
    }
    let mut new = ApprovalRow { version: old.version + 1, updated_at: now, ..old.clone() };
    new.state = match after {
        rules::After::Approved => ApprovalState::Approved,
        rules::After::Rejected => ApprovalState::Rejected,
        rules::After::Same | rules::After::Next => ApprovalState::Open,
    };
    new.ended_at = (new.state != ApprovalState::Open).then_some(now);
    store::update_approval(&mut tx, &new).await?;
    tx.changed(doc(&new), &old, &new)?;
    tx.log(doc(&new), "signed", serde_json::json!(seats[seat]));
    let kind = if input.approve { "signed" } else { "refused" };
    document::apply::signature_in(&mut tx, new.doc_id, kind, &words::said(&seats[seat])).await?;
    match after {
        rules::After::Next => tell_open(&mut tx, &new, &seats, T("待您审批", "To be signed by you")).await?,
        rules::After::Approved | rules::After::Rejected => decided(&mut tx, &new).await?,
        rules::After::Same => {}
    }
    let out = out_of(cx, &mut tx, new).await?;
    tx.commit(out).await
}

async fn decided(tx: &mut Tx, approval: &ApprovalRow) -> Result<()> {
    timers::stop_in(tx, approval.id, &[REMINDER]).await?;
    tell_asker(tx, approval).await?;
    document::service::signed_in(tx, approval.doc_id, approval.state == ApprovalState::Approved).await
}

/// What is open on a document is no longer needed: it ended or moved on otherwise.
pub async fn cancel_in(tx: &mut Tx, document: Id) -> Result<()> {
    for old in store::select_of_doc(tx, document).await? {
        if old.state != ApprovalState::Open {
            continue;
        }
        let mut seats = store::select_seats(tx, old.id).await?;
        rules::cancel(&mut seats);
        for seat in &seats {
            store::update_seat(tx, seat).await?;
        }
        let now = tx.now();
        let new = ApprovalRow {
            version: old.version + 1,
            state: ApprovalState::Cancelled,
            updated_at: now,
            ended_at: Some(now),
            ..old.clone()
        };
        store::update_approval(tx, &new).await?;
        tx.changed(doc(&new), &old, &new)?;
        timers::stop_in(tx, old.id, &[REMINDER]).await?;
        let amount = kit::format::money(kernel::Money(old.amount));
        document::apply::signature_in(tx, document, "withdrawn", &amount).await?;
    }
    Ok(())
}

async fn out_of(cx: &Cx, conn: &mut Conn, row: ApprovalRow) -> Result<ApprovalOut> {
    let seats = store::select_seats(conn, row.id).await?;
    let mine = row.state == ApprovalState::Open && my_seat(cx, conn, &row, &seats).await?.is_some();
    let title = row.label(cx.lang).to_string();
    Ok(ApprovalOut {
        id: row.id,
        version: row.version,
        doc_kind: row.doc_kind,
        doc_id: row.doc_id,
        doc_no: row.doc_no,
        title,
        amount: row.amount,
        state: row.state,
        asked_by: row.created_by,
        asked_at: row.created_at,
        band: row.band,
        seats,
        mine,
    })
}

/// One approval: for those who may see approvals of its organisation, who are to sign it, or who have signed it.
pub async fn get(cx: &Cx, id: Id) -> Result<ApprovalOut> {
    let mut conn = cx.read().await?;
    let row = store::get_approval(&mut conn, id).await?;
    let me = cx.actor()?.user;
    let out = out_of(cx, &mut conn, row.clone()).await?;
    let own = out.mine || out.seats.iter().any(|s| s.user_id == Some(me));
    let may = own || authorize(cx, &mut conn, &row).await.is_ok();
    cx.count(&conn);
    if may { Ok(out) } else { Err(Error::NotFound) }
}

/// 403 without the permission; 404 outside its reach, and where the document is confidential to others.
pub async fn authorize(cx: &Cx, conn: &mut Conn, row: &ApprovalRow) -> Result<()> {
    cx.authorize(&APPROVAL_READ, row)?;
    let document = document::store::find_document(conn, row.doc_id).await?;
    match document {
        Some(document) if !document::guard::knows(cx, conn, &document).await? => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// True when the caller signs for a document, or has signed.
pub async fn signs(cx: &Cx, conn: &mut Conn, document: Id) -> Result<bool> {
    let me = cx.actor()?.user;
    for row in store::select_of_doc(conn, document).await? {
        let seats = store::select_seats(conn, row.id).await?;
        let open = row.state == ApprovalState::Open;
        let signed = seats.iter().any(|seat| seat.user_id == Some(me));
        if signed || (open && my_seat(cx, conn, &row, &seats).await?.is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Approvals of a document, for its page.
pub async fn of_doc(cx: &Cx, conn: &mut Conn, document: Id) -> Result<Vec<ApprovalOut>> {
    let mut list = Vec::new();
    for row in store::select_of_doc(conn, document).await? {
        list.push(out_of(cx, conn, row).await?);
    }
    Ok(list)
}

/// What waits for the caller's signature, oldest first.
pub async fn inbox(cx: &Cx, conn: &mut Conn) -> Result<Vec<ApprovalOut>> {
    let me = cx.actor()?;
    let people = document::people::people_of(me);
    let standing = org::api::standing(conn, me.user, &people).await?;
    let mut posts: Vec<String> = standing.posts.into_iter().map(|(name, _)| name).collect();
    posts.push(String::new());
    let mut roles = standing.roles;
    roles.push(String::new());
    let mut list = Vec::new();
    for row in store::select_waiting(conn, &posts, &roles, MOST_SHOWN).await? {
        let seats = store::select_seats(conn, row.id).await?;
        let barred = barred(cx, conn, &row, &seats).await?;
        let mut mine = false;
        for seat in seats.iter().filter(|s| s.state == SeatState::Open) {
            mine = mine || users_of(conn, seat, row.org_id, &barred, cx.now()).await?.contains(&me.user);
        }
        if mine {
            list.push(out_of(cx, conn, row).await?);
        }
    }
    Ok(list)
}

/// Nobody signed for a while: those whose turn it is hear of it again.
pub async fn remind(tx: &mut Tx, fired: &timers::Fired) -> Result<()> {
    let row = store::lock_approval(tx, fired.timer.doc_id).await?;
    if !fired.over || row.state != ApprovalState::Open {
        return Ok(());
    }
    let mut seats = store::select_seats(tx, row.id).await?;
    let mut most = 0;
    for seat in seats.iter_mut().filter(|s| s.state == SeatState::Open) {
        seat.reminded += 1;
        most = most.max(seat.reminded);
        store::update_seat(tx, seat).await?;
    }
    tell_open(tx, &row, &seats, T("审批催办", "Reminder: to be signed by you")).await?;
    climb(tx, &row, &seats).await?;
    if most < MOST_REMINDERS {
        timers::stop_in(tx, row.id, &[REMINDER]).await?;
        remind_later(tx, &row).await?;
    }
    Ok(())
}

/// Reminded in vain some times, whoever stands above the posts that don't sign hears of it (DOC-21): he can't sign in
/// their place, but he can see to it that they do.
async fn climb(tx: &mut Tx, approval: &ApprovalRow, seats: &[SeatRow]) -> Result<()> {
    let after: i64 = tx.cx().clone().setting(&CLIMB_AFTER, approval.org_id).await?;
    let waiting: Vec<&SeatRow> =
        seats.iter().filter(|s| s.state == SeatState::Open && s.reminded >= after).collect();
    // Of a confidential document only those hear who may know of it.
    let hidden = document::store::find_document(tx, approval.doc_id).await?.is_some_and(|d| d.guarded);
    if after < 1 || waiting.is_empty() || hidden {
        return Ok(());
    }
    let (now, chain) = (tx.now(), org::api::above(tx, approval.org_id).await?);
    let mut users = Vec::new();
    for seat in &waiting {
        let people = org::api::superiors_of(tx, &seat.post, &chain).await?;
        if !people.is_empty() {
            users.extend(org::api::users_of(tx, &people, now).await?);
        }
    }
    users.sort();
    users.dedup();
    if users.is_empty() {
        return Ok(());
    }
    let mut posts: Vec<&str> = waiting.iter().map(|s| s.post.as_str()).collect();
    posts.dedup();
    let title = T("审批久未签：{posts}", "Not signed for long: {posts}").told(&[("posts", posts.join("、"))]);
    let detail = format!("{} {}", approval.doc_no, approval.title);
    let href = format!("/approvals/{}", approval.id);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: true }).await
}

/// All versions of all matrices.
pub async fn schemes(cx: &Cx) -> Result<Vec<SchemeOut>> {
    cx.require(&TEMPLATE_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_schemes(&mut conn).await?;
    cx.count(&conn);
    rows.iter().map(scheme_out).collect()
}

fn scheme_out(row: &SchemeRow) -> Result<SchemeOut> {
    Ok(SchemeOut {
        id: row.id,
        code: row.code.clone(),
        number: row.number,
        name: row.name.clone(),
        name_en: row.name_en.clone(),
        bands: bands(row)?,
        effective_from: row.effective_from,
    })
}

/// A new version of a matrix; what is open keeps the one it was opened under.
pub async fn create_scheme(cx: &Cx, input: NewScheme) -> Result<SchemeOut> {
    cx.require(&TEMPLATE_WRITE)?;
    let mut tx = begin!(cx, "documents.create_scheme", &input);
    let roles: Vec<String> = org::api::roles(&mut tx).await?.into_iter().map(|(code, _)| code).collect();
    let committees: Vec<String> =
        store::select_committees(&mut tx).await?.into_iter().map(|c| c.code).collect();
    rules::check_scheme(&input, &roles, &committees)?;
    rules::check_start(input.effective_from, tx.now())?;
    let row = put_scheme_in(&mut tx, input).await?;
    let out = scheme_out(&row)?;
    tx.commit(out).await
}

async fn put_scheme_in(tx: &mut Tx, input: NewScheme) -> Result<SchemeRow> {
    let now = tx.now();
    let row = SchemeRow {
        id: tx.id(),
        version: 1,
        number: store::last_number(tx, &input.code).await? + 1,
        code: input.code,
        name: input.name,
        name_en: input.name_en,
        bands: serde_json::to_string(&input.bands)?,
        effective_from: input.effective_from.unwrap_or(now),
        created_by: tx.cx().actor()?.name.clone(),
        created_at: now,
    };
    store::insert_scheme(tx, &row).await?;
    tx.created(DocRef::new("approval_scheme", row.id, &row.code), &row)?;
    Ok(row)
}

/// Committees and who sits in them now (ORG-15).
pub async fn committees(cx: &Cx) -> Result<Vec<CommitteeOut>> {
    cx.require(&TEMPLATE_READ)?;
    let mut conn = cx.read().await?;
    let root = org::api::root(&mut conn).await?.id;
    let mut list = Vec::new();
    for row in store::select_committees(&mut conn).await? {
        let posts: Vec<Signer> = serde_json::from_str(&row.posts)?;
        let mut members = Vec::new();
        for signer in &posts {
            let holders = org::api::post_holders(&mut conn, &signer.post, &[root]).await?;
            let ids: Vec<Id> = holders.into_iter().map(|(person, _)| person).collect();
            let names = org::api::staff_names(&mut conn, &ids).await?;
            members.extend(names.into_values().map(|name| (signer.post.clone(), name)));
        }
        list.push(CommitteeOut { code: row.code, name: row.name, name_en: row.name_en, posts, members });
    }
    cx.count(&conn);
    Ok(list)
}

/// Makes or changes a committee.
///
/// Errors: those of [`rules::check_committee`].
pub async fn put_committee(cx: &Cx, input: PutCommittee) -> Result<()> {
    cx.require(&TEMPLATE_WRITE)?;
    let mut tx = begin!(cx, "documents.put_committee", &input);
    let roles: Vec<String> = org::api::roles(&mut tx).await?.into_iter().map(|(code, _)| code).collect();
    rules::check_committee(&input, &roles)?;
    put_committee_in(&mut tx, input).await?;
    tx.commit(()).await
}

async fn put_committee_in(tx: &mut Tx, input: PutCommittee) -> Result<()> {
    let row = CommitteeRow {
        code: input.code,
        version: 1,
        name: input.name,
        name_en: input.name_en,
        posts: serde_json::to_string(&input.posts)?,
        updated_at: tx.now(),
    };
    store::put_committee(tx, &row).await?;
    let id = tx.id();
    tx.created(DocRef::new("committee", id, &row.code), &row)
}

/// The matrices and the committee of the seeds (DOC-05, DOC-06, N-37, N-38, N-39, ORG-15), once.
pub async fn seed_in(tx: &mut Tx) -> Result<()> {
    let known = store::codes(tx).await?;
    for scheme in super::shipped::schemes() {
        if !known.contains(&scheme.code) {
            put_scheme_in(tx, scheme).await?;
        }
    }
    let group = super::shipped::working_group();
    if store::find_committee(tx, &group.code).await?.is_none() {
        put_committee_in(tx, group).await?;
    }
    Ok(())
}
