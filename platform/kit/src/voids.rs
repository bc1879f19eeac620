//! Taking back a wrong file or comment (PLAT-16): it leaves the document's page, stays on record, and the log says who
//! took it back and why.

use axum::{Json, response::Response};
use db::Conn;
use kernel::{Id, RuleError, T, Ts};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use crate::extract::Path;
use crate::{
    Access::SignedIn, Body, Cx, Error, FormErrors, Perm, Reach, Result, Role, Routes, attachments, begin,
    comments, panels,
};

/// Take back what others added.
pub static VOID: Perm = Perm {
    key: "kit.note.void",
    label: T("撤回他人的附件和备注", "Take back others' files and comments"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::Below)],
};

/// How long one may take back one's own.
const OWN: i64 = 24 * 3_600_000_000;

/// Why something is taken back.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct VoidNote {
    /// Reason for the log; up to 200 characters.
    pub reason: String,
}

/// What can be taken back.
pub(crate) struct Kind {
    path: &'static str,
    action: &'static str,
    pub title: T,
    /// Author, when, and what others must not lose; `$1`: id, `$2` kind and `$3` id of the document.
    find: &'static str,
    void: &'static str,
}

pub(crate) const FILE: Kind = Kind {
    path: "files",
    action: "file_voided",
    title: T("撤回附件", "Take back a file"),
    find: "select created_by, created_at, name, label from attachment
            where id = $1 and doc_kind = $2 and doc_id = $3 and voided_at is null",
    void: "update attachment set voided_at = $2 where id = $1 and voided_at is null",
};

pub(crate) const COMMENT: Kind = Kind {
    path: "comments",
    action: "comment_voided",
    title: T("撤回备注", "Take back a comment"),
    find: "select user_id, at, '', '' from comment
            where id = $1 and doc_kind = $2 and doc_id = $3 and voided_at is null",
    void: "update comment set voided_at = $2 where id = $1 and voided_at is null",
};

/// True when the caller may take back what `author` added at `at` to a document of `org`.
pub(crate) fn may(cx: &Cx, author: Option<Id>, at: Ts, org: Id) -> bool {
    let mine = author.is_some() && author == cx.actor.as_ref().map(|actor| actor.user);
    (mine && cx.now().0 - at.0 <= OWN) || cx.scope(&VOID).is_ok_and(|scope| scope.covers(org, &[]))
}

/// The same for a file; signatures are evidence and stay.
pub(crate) fn may_file(cx: &Cx, file: &attachments::Attachment, signatures: &[String]) -> bool {
    !signatures.contains(&file.label) && may(cx, file.created_by, file.created_at, file.org_id)
}

/// Errors: 404 out of reach; 403; `void.reason`; `file.signature`.
async fn void(cx: &Cx, what: &Kind, (kind, doc, id): (&str, Id, Id), input: &VoidNote) -> Result<()> {
    let found = cx.app.registry.docs.get(kind).ok_or(Error::NotFound)?;
    let mut conn = cx.read().await?;
    let brief = (found.find)(cx, &mut conn, doc, false).await?;
    let signatures = attachments::signatures(cx, &mut conn, kind, doc).await?;
    drop(conn);
    let mut tx = begin!(cx, "docs.void", &(what.path, kind, doc, id, input));
    let (author, at, name, label): (Option<Id>, Ts, String, String) =
        tx.one(what.find, db::args![id, kind, doc]).await?;
    if !may(cx, author, at, brief.org) {
        return Err(Error::Forbidden(VOID.key));
    }
    if signatures.contains(&label) {
        let text = T("签名是凭证，不能撤回", "A signature is evidence and can't be taken back");
        return Err(Error::Conflict(RuleError::new("file.signature", text)));
    }
    let reason = input.reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        let text = T("请写明原因，最多 200 个字", "Say why, in at most 200 characters");
        return Err(RuleError::new("void.reason", text).field("reason").into());
    }
    let now = tx.now();
    if tx.exec(what.void, db::args![id, now]).await? == 0 {
        return Err(Error::NotFound);
    }
    let detail = serde_json::json!({ "id": id, "name": name, "reason": reason });
    tx.log(brief.doc, what.action, detail);
    tx.commit(()).await
}

type Place = Path<(String, Id, Id)>;

/// What is about to go: of several photos with one name nobody could tell which.
async fn shown(cx: &Cx, conn: &mut Conn, what: &Kind, (kind, doc, id): (&str, Id, Id)) -> Result<Markup> {
    if what.path == FILE.path {
        let files = attachments::of_doc(conn, kind, doc).await?;
        let file = files.into_iter().find(|file| file.id == id).ok_or(Error::NotFound)?;
        return Ok(panels::shown(cx, &[file]));
    }
    let comments = comments::of_doc(conn, kind, doc).await?;
    let comment = comments.into_iter().find(|comment| comment.id == id).ok_or(Error::NotFound)?;
    let when = crate::format::time(cx, comment.at);
    Ok(html! { (ui::small(format!("{} · {when}", comment.user_name))) (ui::prose(&comment.text)) })
}

async fn ask(
    cx: &Cx,
    what: &Kind,
    (kind, doc, id): (&str, Id, Id),
    input: &VoidNote,
    errors: &FormErrors,
) -> Result<Markup> {
    let shown = shown(cx, &mut cx.read().await?, what, (kind, doc, id)).await?;
    let form = ui::Form::post(format!("/docs/{kind}/{doc}/{}/{id}/void", what.path), cx.form_key());
    let body = html! {
        (shown)
        (errors.summary(cx.lang))
        (ui::Field::text("reason", cx.t(T("原因", "Reason"))).value(&input.reason).required().autofocus().full().error(errors.of("reason")))
    };
    Ok(ui::modal_form(cx.lang, cx.t(what.title), form, cx.t(T("撤回", "Take back")), body))
}

async fn post(cx: &Cx, what: &Kind, (kind, doc, id): (&str, Id, Id), input: VoidNote) -> Result<Response> {
    match cx.form(void(cx, what, (kind, doc, id), &input).await)? {
        // Back to where it was asked for: the engineer's phone, the tab of an order.
        Ok(()) if cx.req.page.len() > 1 && !cx.req.page.starts_with("//") => Ok(cx.redirect(&cx.req.page)),
        Ok(()) => Ok(crate::platform::back_to(cx, kind, doc)),
        Err(errors) => Ok(cx.refused(ask(cx, what, (kind, doc, id), &input, &errors).await?)),
    }
}

/// The dialog that asks why.
async fn dialog(cx: &Cx, what: &Kind, (kind, doc, id): (&str, Id, Id)) -> Result<Response> {
    crate::platform::find_doc(cx, kind, doc).await?;
    let form = ask(cx, what, (kind, doc, id), &VoidNote::default(), &FormErrors::default()).await?;
    Ok(cx.fragment(form))
}

async fn file_dialog(cx: Cx, Path((kind, doc, id)): Place) -> Result<Response> {
    dialog(&cx, &FILE, (&kind, doc, id)).await
}

async fn comment_dialog(cx: Cx, Path((kind, doc, id)): Place) -> Result<Response> {
    dialog(&cx, &COMMENT, (&kind, doc, id)).await
}

async fn file_form(cx: Cx, Path((kind, doc, id)): Place, Body(input): Body<VoidNote>) -> Result<Response> {
    post(&cx, &FILE, (&kind, doc, id), input).await
}

async fn comment_form(cx: Cx, Path((kind, doc, id)): Place, Body(input): Body<VoidNote>) -> Result<Response> {
    post(&cx, &COMMENT, (&kind, doc, id), input).await
}

async fn file_api(cx: Cx, Path((kind, doc, id)): Place, Body(input): Body<VoidNote>) -> Result<Json<()>> {
    void(&cx, &FILE, (&kind, doc, id), &input).await.map(Json)
}

async fn comment_api(cx: Cx, Path((kind, doc, id)): Place, Body(input): Body<VoidNote>) -> Result<Json<()>> {
    void(&cx, &COMMENT, (&kind, doc, id), &input).await.map(Json)
}

pub(crate) fn add_routes(routes: Routes) -> Routes {
    routes
        .page("/docs/{kind}/{id}/files/{file}/void", SignedIn, file_dialog)
        .form("/docs/{kind}/{id}/files/{file}/void", SignedIn, file_form)
        .page("/docs/{kind}/{id}/comments/{comment}/void", SignedIn, comment_dialog)
        .form("/docs/{kind}/{id}/comments/{comment}/void", SignedIn, comment_form)
        .api_post::<VoidNote, (), _, _>(
            "/docs/{kind}/{id}/files/{file}/void",
            SignedIn,
            T(
                "撤回附件：本人一天之内，或有权撤回他人附件者",
                "Take back a file: one's own within a day, or with the permission for others'",
            ),
            file_api,
        )
        .api_post::<VoidNote, (), _, _>(
            "/docs/{kind}/{id}/comments/{comment}/void",
            SignedIn,
            T(
                "撤回备注：本人一天之内，或有权撤回他人备注者",
                "Take back a comment: one's own within a day, or with the permission for others'",
            ),
            comment_api,
        )
}

#[cfg(test)]
mod tests {
    use kernel::Id;
    use serde_json::{Value, json};

    use crate::testing::{Shop, on_both};

    async fn things(shop: &Shop) -> Vec<Id> {
        let mut conn = shop.app.db.read().await.expect("a reader");
        let rows: Vec<(Id,)> = conn.all("select id from thing order by no", vec![]).await.expect("things");
        rows.into_iter().map(|(id,)| id).collect()
    }

    async fn send(shop: &Shop, who: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (status, text) =
            shop.send(who, method, path, "application/json", body.to_string().as_bytes()).await;
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    async fn files(shop: &Shop, thing: Id) -> usize {
        let (_, list) = shop.get("admin", &format!("/api/v1/docs/thing/{thing}/files")).await;
        serde_json::from_str::<Vec<Value>>(&list).expect("files").len()
    }

    #[tokio::test]
    async fn a_wrong_file_is_taken_back_by_its_author_within_a_day_or_by_a_manager() {
        on_both(async |shop| {
            shop.stock(3).await;
            // The first thing is of the clerk's organisation.
            let thing = things(&shop).await[0];
            let put = async |who: &str, label: &str| {
                let file = shop.app.id();
                let path = format!("/api/v1/docs/thing/{thing}/files/{file}");
                let at = format!("{path}?name=a.txt&label={label}");
                assert_eq!(shop.send(who, "PUT", &at, "text/plain", b"abc").await.0, 200);
                (file, format!("{path}/void"))
            };
            let (file, void) = put("clerk", "").await;
            let (status, dialog) = shop.get("clerk", void.trim_start_matches("/api/v1")).await;
            assert!(status == 200 && dialog.contains("a.txt"), "it says which one goes: {dialog}");
            assert_eq!(send(&shop, "clerk", "POST", &void, &json!({ "reason": " " })).await.0, 422);
            assert_eq!(send(&shop, "clerk", "POST", &void, &json!({ "reason": "wrong house" })).await.0, 200);
            assert_eq!(files(&shop, thing).await, 0);
            assert_eq!(shop.get("admin", &format!("/files/{file}")).await.0, 404);
            assert_eq!(shop.scalar("select count(*) from attachment").await, 1, "it is kept");
            let sql =
                "select count(*) from audit where action = 'file_voided' and detail like '%wrong house%'";
            assert_eq!(shop.scalar(sql).await, 1, "with the reason in the log");
            let again = json!({ "reason": "once more" });
            assert_eq!(send(&shop, "clerk", "POST", &void, &again).await.0, 404);
            let mut conn = shop.app.db.read().await.expect("a reader");
            let side = crate::panels::side(&shop.admin, &mut conn, "thing", thing).await.expect("panels");
            assert!(side.into_string().contains("a.txt · wrong house"), "and in the document's history");
            drop(conn);
            let path = format!("/api/v1/docs/thing/{thing}/files/{file}?name=a.txt");
            let (status, text) = shop.send("clerk", "PUT", &path, "text/plain", b"abc").await;
            assert!(
                status == 409 && text.contains("file.id_used"),
                "sent again it is not lost unseen: {text}"
            );

            let (_, others) = put("admin", "").await;
            assert_eq!(send(&shop, "clerk", "POST", &others, &again).await.0, 403, "somebody else's");
            let (_, late) = put("clerk", "").await;
            shop.advance(25 * 3600);
            assert_eq!(send(&shop, "clerk", "POST", &late, &again).await.0, 403, "too late");
            assert_eq!(send(&shop, "admin", "POST", &late, &again).await.0, 200, "by who may always");
        })
        .await;
    }

    #[tokio::test]
    async fn what_counts_as_a_signature_is_a_picture_and_stays() {
        on_both(async |shop| {
            shop.stock(3).await;
            let thing = things(&shop).await[0];
            // The second is what the company calls it.
            for label in ["signature", "handover"] {
                let path = format!("/api/v1/docs/thing/{thing}/files/{}", shop.app.id());
                let at = format!("{path}?name=a.png&label={label}");
                let (status, text) = shop.send("admin", "PUT", &at, "text/plain", b"abc").await;
                assert!(status == 422 && text.contains("file.signature_kind"), "{label}: {text}");
                assert_eq!(shop.send("admin", "PUT", &at, "image/png", b"\x89PNG\r\n\x1a\nx").await.0, 200);
                let reason = json!({ "reason": "not mine" });
                assert_eq!(send(&shop, "admin", "POST", &format!("{path}/void"), &reason).await.0, 409);
                let mut conn = shop.app.db.read().await.expect("a reader");
                let files = crate::attachments::of_doc(&mut conn, "thing", thing).await.expect("files");
                let menu = crate::panels::voids(&shop.admin, &mut conn, "thing", thing, &files).await;
                assert_eq!(menu.expect("a menu").into_string(), "", "{label} is not offered");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_comment_is_taken_back_and_only_on_its_own_document() {
        on_both(async |shop| {
            shop.stock(3).await;
            let ids = things(&shop).await;
            let comments = |thing: Id| format!("/api/v1/docs/thing/{thing}/comments");
            let said = send(&shop, "admin", "POST", &comments(ids[0]), &json!({ "text": "x" })).await.1;
            let said = said["id"].as_str().expect("an id");
            let reason = json!({ "reason": "not this one" });
            let elsewhere = format!("{}/{said}/void", comments(ids[1]));
            assert_eq!(send(&shop, "admin", "POST", &elsewhere, &reason).await.0, 404);
            let (status, dialog) =
                shop.get("admin", &format!("/docs/thing/{}/comments/{said}/void", ids[0])).await;
            assert!(status == 200 && dialog.contains("name=\"reason\""));
            let form = shop
                .post("admin", &format!("/docs/thing/{}/comments/{said}/void", ids[0]), "reason=slip")
                .await;
            assert_eq!(form.0, 303, "{}", form.1);
            assert_eq!(shop.get("admin", &comments(ids[0])).await.1, "[]");
        })
        .await;
    }

    #[tokio::test]
    async fn a_file_id_stands_for_one_file_on_one_document() {
        on_both(async |shop| {
            shop.stock(3).await;
            let ids = things(&shop).await;
            let file = shop.app.id();
            let put = async |thing: Id, body: &[u8]| {
                let path = format!("/api/v1/docs/thing/{thing}/files/{file}?name=a.txt");
                shop.send("admin", "PUT", &path, "text/plain", body).await.0
            };
            assert_eq!((put(ids[0], b"abc").await, put(ids[0], b"abc").await), (200, 200), "sent again");
            assert_eq!(put(ids[1], b"abc").await, 409, "another document");
            assert_eq!(put(ids[0], b"other").await, 409, "another content");
            assert_eq!((files(&shop, ids[0]).await, files(&shop, ids[1]).await), (1, 0));
            // Two at once: one of them is told, and what is stored is what its row says.
            let other = shop.app.id();
            let path = |thing: Id| format!("/api/v1/docs/thing/{thing}/files/{other}?name=a.txt");
            let (one, two) = (path(ids[0]), path(ids[1]));
            let (one, two) = tokio::join!(
                shop.send("admin", "PUT", &one, "text/plain", b"one"),
                shop.send("admin", "PUT", &two, "text/plain", b"two")
            );
            let mut got = [one.0, two.0];
            got.sort_unstable();
            assert_eq!(got, [200, 409]);
            let stored = shop.get("admin", &format!("/files/{other}")).await.1;
            assert_eq!(stored, if one.0 == 200 { "one" } else { "two" });
        })
        .await;
    }

    #[tokio::test]
    async fn the_log_is_searched_by_person_day_document_action_and_word() {
        on_both(async |shop| {
            shop.stock(3).await;
            let ids = things(&shop).await;
            for who in ["admin", "clerk"] {
                let path = format!("/api/v1/docs/thing/{}/comments", ids[0]);
                assert_eq!(send(&shop, who, "POST", &path, &json!({ "text": "x" })).await.0, 200);
            }
            let found = async |query: &str| {
                let (status, body) = shop.get("admin", &format!("/api/v1/audit?{query}")).await;
                assert_eq!(status, 200, "{query}: {body}");
                serde_json::from_str::<Vec<Value>>(&body).expect("entries").len()
            };
            let today = crate::format::date(&shop.admin, shop.app.now());
            let before = "2026-11-01";
            for (query, expected) in [
                ("who=cler".to_string(), 1),
                ("doc=n00000".into(), 2),
                ("doc=n00001".into(), 0),
                ("action=commented&who=admin".into(), 1),
                (format!("from={today}&until={today}"), 2),
                (format!("until={before}"), 0),
                ("q=comments.add".into(), 2),
                ("q=".into(), 2),
            ] {
                assert_eq!(found(&query).await, expected, "{query}");
            }
            assert_eq!(shop.get("admin", "/api/v1/audit?person=x").await.0, 422, "nothing is ignored");
            let (status, page) = shop.get("admin", "/audit?who=cler&doc=&q=&before=&user_id=&tab=old").await;
            assert!(status == 200 && page.contains("cler") && page.contains(&format!("/things/{}", ids[0])));
            assert_eq!(page.matches("hx-get=\"/audit/").count(), 1, "only what was asked for");
            let seq = shop.scalar("select max(seq) from audit").await;
            assert_eq!(shop.get("admin", &format!("/audit/{seq}")).await.0, 200);
            assert_eq!(shop.get("admin", "/audit/999999").await.0, 404);
        })
        .await;
    }
}
